"""Which assumptions a finding hangs on, and where the order of scenarios flips.

One set of runs answers for several outcomes: screening by elementary effects (Morris) over all uncertain parameters,
then shares of variance (Sobol) of the strongest. A trial with a baseline asks it of the difference between scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from dgsim.study.compare import Comparison
from dgsim.study.ensemble import Ensemble
from dgsim.study.salib_problem import (
    CONFIDENCE,
    LEVELS,
    Progress,
    outcomes_of,
    salib_problem,
)
from dgsim.study.trial import Trial, library
from dgsim.world.tables import OUTCOME_NAMES, Parameter

MORRIS_COLUMNS = {"mu_star": "mu_star", "mu_star_half": "mu_star_conf", "mu": "mu", "sigma": "sigma"}
SOBOL_COLUMNS = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}


def screened(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcomes: Sequence[str],
    *,
    trajectories: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Elementary effects on several outcomes from the same runs; each table as that of `salib_problem.morris`."""
    problem = salib_problem(parameters)
    points = library("SALib.sample.morris").sample(problem, trajectories, num_levels=LEVELS, seed=trial.seed)
    values = outcomes_of(trial, problem, points, progress)
    analyse = library("SALib.analyze.morris").analyze
    found = {}
    for name in outcomes:
        column = values[:, OUTCOME_NAMES.index(name)]
        result = analyse(problem, points, column, conf_level=CONFIDENCE, num_levels=LEVELS, seed=trial.seed)
        found[name] = _ranked(parameters, result, MORRIS_COLUMNS, "mu_star")
    return found


def variance_shares(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcomes: Sequence[str],
    *,
    points: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """First-order and total shares of the variance of several outcomes, as in `salib_problem.sobol`."""
    problem = salib_problem(parameters)
    sample = library("SALib.sample.sobol").sample(problem, points, calc_second_order=False, seed=trial.seed)
    values = outcomes_of(trial, problem, sample, progress)
    analyse = library("SALib.analyze.sobol").analyze
    found = {}
    for name in outcomes:
        column = values[:, OUTCOME_NAMES.index(name)]
        result = analyse(problem, column, calc_second_order=False, conf_level=CONFIDENCE, seed=trial.seed)
        found[name] = _ranked(parameters, result, SOBOL_COLUMNS, "total")
    return found


def _ranked(
    parameters: Sequence[Parameter], result: Mapping[str, np.ndarray], columns: Mapping[str, str], by: str
) -> pd.DataFrame:
    names = {
        "parameter": [p.name for p in parameters],
        "theme": [p.theme for p in parameters],
        "label": [p.label for p in parameters],
    }
    numbers = {name: np.asarray(result[key], dtype=float) for name, key in columns.items()}
    return pd.DataFrame(names | numbers).sort_values(by, ascending=False, ignore_index=True)


def strongest(tables: Mapping[str, pd.DataFrame], most: int) -> list[str]:
    """The parameters that matter most to any of the outcomes, so many of them: the best ranks first."""
    ranks: dict[str, int] = {}
    for table in tables.values():
        for place, name in enumerate(table["parameter"]):
            ranks[name] = min(ranks.get(name, place), place)
    return sorted(ranks, key=lambda name: (ranks[name], name))[:most]


def set_means(comparison: Comparison, outcome: str) -> pd.DataFrame:
    """The outcome in the last quarter, a row a set of parameters, a column a scenario: mean over replications."""
    sets, place = len(comparison.parameters), OUTCOME_NAMES.index(outcome)
    found = {}
    for run in comparison.simulations:
        values = run.array[:, -1, place]
        found[run.scenario.name] = [values[number::sets].mean() for number in range(min(sets, len(values)))]
    return pd.DataFrame(found)


def shares_best(means: pd.DataFrame, direction: str) -> pd.Series:
    """In which share of the sets each scenario is the best."""
    best = means.idxmax(axis=1) if direction == "higher" else means.idxmin(axis=1)
    return best.value_counts(normalize=True).reindex(means.columns, fill_value=0.0)


def where_it_flips(means: pd.DataFrame, one: str, other: str, ensemble: Ensemble, most: int = 5) -> pd.DataFrame:
    """What separates the sets in which one scenario has more of an outcome than another from those where it has less.

    Columns: `parameter, rank_correlation` of the difference with the parameter; `low_third, high_third`, the share of
    the sets in the lowest and highest third of the parameter in which `one` has more.
    """
    difference = (means[one] - means[other]).to_numpy()
    more = difference > 0
    rows = []
    for name in ensemble.names:
        values = np.array([chosen[name] for chosen in ensemble[: len(difference)]])
        low, high = np.quantile(values, (1 / 3, 2 / 3))
        correlation = float(spearmanr(values, difference).statistic)
        rows.append((name, correlation, more[values <= low].mean(), more[values >= high].mean()))
    table = pd.DataFrame(rows, columns=["parameter", "rank_correlation", "low_third", "high_third"])
    return table.sort_values("rank_correlation", key=np.abs, ascending=False, ignore_index=True).head(most)
