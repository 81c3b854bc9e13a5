"""What the model is worth against naive rivals on the same split, and what each of its mechanisms adds.

Two splits: the scores of 2022 of a region, from those of all others; and all scores of 2022, from what was known in
2021. The rivals are no change, a covariate regression and a Bass curve; the mechanisms are switched off one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from dgsim.country import Country
from dgsim.country.covariates import income, ministry_score, observed
from dgsim.engine.run import run_replications
from dgsim.evidence import assimilation
from dgsim.evidence.predict import condition
from dgsim.evidence.targets import SCORED_YEAR
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import FIRST_YEAR, quarter_index
from dgsim.world.tables import OUTCOME_NAMES

VARIANTS: dict[str, dict[str, Any]] = {
    "dgsim": {},
    "dgsim without incentives": {"league_table": False, "mandate_strength": 0.0, "lump_sum": 0.0},
    "dgsim without peers": {"border": 0.0, "similarity": 0.0},
    "dgsim without skills": {"headcount": 200.0, "drive": 0.0, "trained_productivity": 1.0},
}
NO_CHANGE, REGRESSION, BASS = "no change", "covariate regression", "Bass curve"
INNOVATION, IMITATION = 0.03, 0.38  # a year; means of published curves (Sultan, Farley and Lehmann 1990)
STEP = 0.25  # years
USE_QUARTER, USE_YEARS = "2024Q2", 4.5  # years after the figure of December 2019


def held_out_regions(country: Country, index: np.ndarray) -> np.ndarray:
    """Scores of 2022 of every province from those of the other regions, float64 [province], as deviations.

    `index` is [run, year from 2020, province]. The mean of the runs, and the discrepancy by regression on the others.
    """
    known = assimilation.known_scores(country, SCORED_YEAR)
    traits = assimilation.traits_of(country, SCORED_YEAR)
    model = (index - index.mean(axis=2, keepdims=True)).mean(axis=0)[[year - FIRST_YEAR for year in known.years]]
    found = np.zeros(len(country))
    for region in range(len(country.region_names)):
        inside = country.region_index == region
        others = replace(known, deviations=np.where(inside, np.nan, known.deviations))
        found[inside] = (model[-1] + assimilation.expected_discrepancy(others, model, traits))[inside]
    return found


def regression_of_regions(country: Country) -> np.ndarray:
    """The same by ridge regression on income and the traits of the discrepancy, without the model."""
    known = assimilation.known_scores(country, SCORED_YEAR)
    traits = np.column_stack([assimilation.traits_of(country, SCORED_YEAR), income(country)])
    nothing = np.zeros((len(known.years), len(country)))
    found = np.zeros(len(country))
    for region in range(len(country.region_names)):
        inside = country.region_index == region
        others = replace(known, deviations=np.where(inside, np.nan, known.deviations))
        found[inside] = assimilation.expected_discrepancy(others, nothing, traits)[inside]
    return found


def last_standing(country: Country) -> np.ndarray:
    """No change: how provinces stood by the last score that nearly all have, the ministry's of 2017."""
    return ministry_score(country).standing


def next_year(country: Country, index: np.ndarray) -> np.ndarray:
    """Scores of 2022 from all that was known in 2021, float64 [province]; `index` as above."""
    known = assimilation.known_scores(country, SCORED_YEAR - 1)
    seen = condition(index, known, assimilation.traits_of(country, SCORED_YEAR - 1))
    scores: np.ndarray = (seen.weights * seen.mixture(SCORED_YEAR)[0]).sum(axis=0)
    return scores


def regression_next_year(country: Country) -> np.ndarray:
    """The same by ridge regression of the deviations known in 2021 on income and traits, at the level of 2021."""
    known = assimilation.known_scores(country, SCORED_YEAR - 1)
    traits = np.column_stack([assimilation.traits_of(country, SCORED_YEAR - 1), income(country)])
    latest = _latest(known)
    there = np.isfinite(latest)
    x, y = traits[there], latest[there]
    slopes = np.linalg.solve(x.T @ x + assimilation.RIDGE / 4 * np.eye(x.shape[1]), x.T @ (y - y.mean()))
    scores: np.ndarray = known.means[SCORED_YEAR - 1] + traits @ slopes
    return scores


def no_change_next_year(country: Country) -> np.ndarray:
    """The last score of every province; where there is none, the mean of 2021."""
    known = assimilation.known_scores(country, SCORED_YEAR - 1)
    scores: np.ndarray = known.means[SCORED_YEAR - 1] + np.nan_to_num(_latest(known), nan=0.0)
    return scores


def _latest(known: assimilation.Known) -> np.ndarray:
    """The last known deviation of every province."""
    found = np.full(known.deviations.shape[1], np.nan)
    for row in known.deviations:
        found = np.where(np.isfinite(row), row, found)
    return found


def bass(start: float, years: float) -> float:
    """Bass's curve with a ceiling of 1, so many years after it stood at `start`.

    >>> 0.4 < bass(0.3, 1.0) < 0.42
    True
    """
    share = start
    for _ in range(round(years / STEP)):
        share += STEP * (INNOVATION + IMITATION * share) * (1.0 - share)
    return share


def use_in_2024(
    country: Country, sets: Sequence[Mapping[str, float]], count: int, seed: int, changes: Mapping[str, Any]
) -> float:
    """Dossiers that end online under `history` in mid-2024, some levers or assumptions changed: mean of runs."""
    history = load_scenario("history").with_changes(quarters=quarter_index(USE_QUARTER) + 1, **changes)
    runs = run_replications(history, country, seed=seed, replications=range(count), parameters=sets)
    return float(runs.outcomes[:, -1, OUTCOME_NAMES.index("use_full_process")].mean())


def rank_agreement(predicted: np.ndarray, country: Country) -> float:
    """Spearman's rank correlation with the scores of 2022; NaN where all predictions are the same."""
    truth = observed(country, assimilation.DTI_SCORE, (SCORED_YEAR,))
    there = np.isfinite(truth)
    if np.ptp(predicted[there]) == 0.0:
        return float("nan")
    return float(spearmanr(predicted[there], truth[there]).statistic)


def mean_miss(predicted: np.ndarray, country: Country) -> float:
    """Mean absolute error of the scores of 2022."""
    return float(np.nanmean(np.abs(predicted - observed(country, assimilation.DTI_SCORE, (SCORED_YEAR,)))))
