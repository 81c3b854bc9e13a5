"""Which uncertain parameters move an outcome: SALib's methods on the table of parameters.

Needs the extra `analysis`. :func:`salib_problem` itself does not, and what it returns is what every method of SALib
takes, also those that are not called here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dgsim.analysis.problem import Trial, library
from dgsim.engine.run import Progress
from dgsim.errors import StudyError, whole_number
from dgsim.study.catalogue import outcome_named
from dgsim.study.sequential import CONFIDENCE
from dgsim.world.tables import OUTCOME_NAMES, Parameter

LEVELS = 4  # of the grid of Morris's trajectories
# What a table's column is called by SALib.
MORRIS_COLUMNS = {"mu_star": "mu_star", "mu_star_half": "mu_star_conf", "mu": "mu", "sigma": "sigma"}
SOBOL_COLUMNS = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}


def salib_problem(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """SALib's description of a space: names and ranges as they stand in the table; raises StudyError without a range.

    >>> from dgsim.analysis.problem import parameters_of
    >>> salib_problem(parameters_of("uncertain", ["leakage"]))
    {'num_vars': 1, 'names': ['leakage'], 'bounds': [[0.05, 0.25]]}
    """
    without = [p.name for p in parameters if p.type != "float" or p.low is None or p.high is None]
    if without:
        raise StudyError(f"{without[0]} has no range of numbers in the table of parameters")
    return {
        "num_vars": len(parameters),
        "names": [p.name for p in parameters],
        "bounds": [[p.low, p.high] for p in parameters],
    }


def outcomes_of(
    trial: Trial, problem: Mapping[str, Any], points: np.ndarray, progress: Progress | None = None
) -> np.ndarray:
    """Every outcome [point, outcome] at points [point, parameter]; a point a rounding error outside is set inside."""
    values = np.empty((len(points), len(OUTCOME_NAMES)))
    low, high = np.array(problem["bounds"]).T
    for row, point in enumerate(np.clip(points, low, high).tolist()):
        values[row] = list(trial.outcomes_at(dict(zip(problem["names"], point, strict=True))).values())
        if progress is not None:
            progress(row + 1, len(points))
    return values


def morris(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcome: str,
    *,
    trajectories: int = 10,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Screening by elementary effects (Morris 1991; Campolongo et al. 2007), the strongest parameter first.

    Runs the trial at trajectories x (parameters + 1) points. Columns: `parameter, theme, label, mu_star, mu_star_half,
    mu, sigma` in the outcome's unit over the whole range of the parameter; `mu_star_half` is half the 95% interval.
    """
    return screened(trial, parameters, [outcome], trajectories=trajectories, progress=progress)[outcome]


def screened(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcomes: Sequence[str],
    *,
    trajectories: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Elementary effects on several outcomes from the same runs; each table as that of :func:`morris`."""
    problem = salib_problem(parameters)
    count = whole_number(trajectories, "trajectories", 2)
    columns = _columns(outcomes)
    points = library("SALib.sample.morris").sample(problem, count, num_levels=LEVELS, seed=trial.seed)
    values = outcomes_of(trial, problem, points, progress)
    settings = {"conf_level": CONFIDENCE, "num_levels": LEVELS, "seed": trial.seed}
    analyse = partial(library("SALib.analyze.morris").analyze, problem, points, **settings)
    found = {name: analyse(values[:, column]) for name, column in columns.items()}
    return {name: _ranked(parameters, result, MORRIS_COLUMNS, "mu_star") for name, result in found.items()}


def sobol(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcome: str,
    *,
    points: int = 64,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Shares of the variance of an outcome (Sobol 1993; Saltelli et al. 2010), the largest total share first.

    Runs the trial at points x (parameters + 2) points; `points` is a power of two. Columns: `parameter, theme, label,
    first, first_half, total, total_half`: the share a parameter explains alone, the share it takes part in, and half
    their 95% intervals.
    """
    return variance_shares(trial, parameters, [outcome], points=points, progress=progress)[outcome]


def variance_shares(
    trial: Trial,
    parameters: Sequence[Parameter],
    outcomes: Sequence[str],
    *,
    points: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """First-order and total shares of the variance of several outcomes, each table as that of :func:`sobol`."""
    problem = salib_problem(parameters)
    count = whole_number(points, "points", 2)
    if count & (count - 1):
        raise StudyError(f"points = {count} is not a power of two, such as {1 << count.bit_length()}")
    columns = _columns(outcomes)
    sample = library("SALib.sample.sobol").sample(problem, count, calc_second_order=False, seed=trial.seed)
    values = outcomes_of(trial, problem, sample, progress)
    for name, column in columns.items():
        if np.ptp(values[:, column]) == 0:
            raise StudyError(f"{name} does not move with these parameters, so that it has no variance to share")
    settings = {"calc_second_order": False, "conf_level": CONFIDENCE, "seed": trial.seed}
    analyse = partial(library("SALib.analyze.sobol").analyze, problem, **settings)
    found = {name: analyse(values[:, column]) for name, column in columns.items()}
    return {name: _ranked(parameters, result, SOBOL_COLUMNS, "total") for name, result in found.items()}


def _columns(outcomes: Sequence[str]) -> dict[str, int]:
    """Where outcomes stand among all; raises StudyError where one is none."""
    return {name: OUTCOME_NAMES.index(outcome_named(name)) for name in outcomes}


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
