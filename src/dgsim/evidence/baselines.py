"""What the model says on each split of a contest, whole and without each mechanism, and its naive rivals.

Three splits: the scores of 2022 of a region, from those of all others; all scores of 2022, from what was known in 2021;
and use in 2024, from that of 2019. The rivals are no change, a covariate regression and a Bass curve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dgsim.country import Country
from dgsim.country.covariates import ministry_score
from dgsim.engine.run import batches
from dgsim.evidence import assimilation
from dgsim.evidence.mixture import Forecast
from dgsim.evidence.predict import condition
from dgsim.evidence.regression import regressed
from dgsim.evidence.targets import SCORED_YEAR, Target, figures
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import FIRST_YEAR, quarter_index

MODEL = "dgsim"
VARIANTS: dict[str, dict[str, Any]] = {
    MODEL: {},
    "dgsim without incentives": {"league_table": False, "mandate_strength": 0.0, "lump_sum": 0.0},
    "dgsim without peers": {"border": 0.0, "similarity": 0.0},
    "dgsim without skills": {"headcount": 200.0, "drive": 0.0, "trained_productivity": 1.0},
}
NO_CHANGE, REGRESSION, BASS = NAIVE = "no change", "covariate regression", "Bass curve"
INNOVATION, IMITATION = 0.03, 0.38  # a year; means of published curves (Sultan, Farley and Lehmann 1990)
STEP = 0.25  # years
# Names of targets: what use starts from and is forecast, and the level of the index that is forecast.
USE_START, USE_FIGURES, LEVEL = "full_2019", ("any_2024", "full_2024"), f"index_{SCORED_YEAR}"


def held_out_regions(country: Country, index: np.ndarray) -> np.ndarray:
    """Scores of 2022 of every province from those of the other regions, float64 [province], as deviations.

    `index` is [run, year from 2020, province]. What traits and the model say together, by regression on the others.
    """
    known = assimilation.known_scores(country, SCORED_YEAR)
    traits = assimilation.traits_of(country, SCORED_YEAR)
    model = (index - index.mean(axis=2, keepdims=True)).mean(axis=0)[[year - FIRST_YEAR for year in known.years]]
    return _from_other_regions(
        country,
        lambda inside: model[-1] + assimilation.expected_discrepancy(known.without(inside), model, traits),
    )


def regression_of_regions(country: Country) -> np.ndarray:
    """The same by regression on the traits, without the model."""
    latest = assimilation.known_scores(country, SCORED_YEAR).deviations[-1]
    traits = assimilation.traits_of(country, SCORED_YEAR)
    return _from_other_regions(country, lambda inside: regressed(np.where(inside, np.nan, latest), traits))


def _from_other_regions(country: Country, said: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Of every province what is said of it when its region is hidden."""
    found = np.zeros(len(country))
    for region in range(len(country.region_names)):
        inside = country.region_index == region
        found[inside] = said(inside)[inside]
    return found


def last_standing(country: Country) -> np.ndarray:
    """No change: how provinces stood by the last score that nearly all have, the ministry's of 2017."""
    return ministry_score(country).standing


def next_year(country: Country, index: np.ndarray) -> Forecast:
    """Scores of 2022 from all that was known in 2021; `index` as above."""
    known = assimilation.known_scores(country, SCORED_YEAR - 1)
    seen = condition(index, known, assimilation.traits_of(country, SCORED_YEAR - 1))
    return Forecast(seen.scores(SCORED_YEAR), seen.deviations(SCORED_YEAR))


def bass(start: float, years: float) -> float:
    """Bass's curve with a ceiling of 1, so many years after it stood at `start`.

    >>> 0.4 < bass(0.3, 1.0) < 0.42
    True
    """
    share = start
    for _ in range(round(years / STEP)):
        share += STEP * (INNOVATION + IMITATION * share) * (1.0 - share)
    return share


def years_from_start(target: Target) -> float:
    """Years from the end of 2019 to the quarter of a figure."""
    return STEP * (quarter_index(target.quarter) + 1)


def use_of_runs(
    country: Country,
    sets: Sequence[Mapping[str, float]],
    count: int,
    seed: int,
    targets: Mapping[str, Target],
    changes: Mapping[str, Any],
) -> dict[str, np.ndarray]:
    """Figures of use under `history`, some levers or assumptions changed: by name of the target, [run]."""
    last = max(quarter_index(target.quarter) for target in targets.values())
    history = load_scenario("history").with_changes(quarters=last + 1, **changes)
    arguments: dict[str, Any] = {"seed": seed, "keep": {"provinces"}, "parameters": sets}
    parts = []
    for _, runs in batches(history, country, count, **arguments):
        assert runs.provinces is not None
        parts.append(figures(runs.provinces, country, targets))
    return dict(zip(targets, np.concatenate(parts).T, strict=True))
