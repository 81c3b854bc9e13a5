"""Where in a space of assumptions something happens: a box found by PRIM. Needs the extra `analysis`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any
from warnings import catch_warnings, filterwarnings

import numpy as np
import pandas as pd
from scipy.stats import binom

from dgsim.analysis.problem import library
from dgsim.errors import StudyError

LEAST = 1e-6  # below 1, and above 0, so that a box is always returned
CERTAIN = 0.05  # a limit is kept if chance would narrow as well less often than this


@dataclass(frozen=True)
class Box:
    """A box of assumptions in which most points are of interest.

    limits    `parameter, low, high, lowest, highest, chance`: what the box allows of what was tried, the surest first;
              `chance` is how often a limit that means nothing would leave as many points of interest
    coverage  share of the points of interest that are in the box
    density   share of the points in the box that are of interest
    mass      share of all points that are in the box
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float


def find_box(points: pd.DataFrame, interesting: np.ndarray, *, coverage: float = 0.5) -> Box:
    """The densest box of PRIM (Friedman and Fisher 1999) that holds at least a share of the points of interest.

    `points` has a column a parameter and a row a point, `interesting` a truth value a point. Limits that chance
    explains are dropped from every box on the way (quasi-p values as Bryant and Lempert 2010), so that there may be
    none left. Raises StudyError if all points are of interest, or none, and where a column is no number everywhere.
    """
    interesting = np.asarray(interesting, dtype=bool)
    _check_points(points, interesting)
    if interesting.all() or not interesting.any():
        count = "all" if interesting.all() else "none"
        raise StudyError(f"{count} of the points are of interest: ask another question")
    boxes = [_measured(points, interesting, limits) for limits in _on_the_way(points, interesting)]
    return max((box for box in boxes if box.coverage >= coverage), key=lambda box: box.density)


def _check_points(points: pd.DataFrame, interesting: np.ndarray) -> None:
    """Raise StudyError where PRIM cannot work with the points."""
    if points.empty or interesting.shape != (len(points),):
        raise StudyError(f"{len(interesting)} answers for {len(points)} points: give one a point, and a point at least")
    for name in points:
        if not pd.api.types.is_numeric_dtype(points[name]):
            raise StudyError(f"{name} is no number in every point: a choice needs a column a value")
        if not np.isfinite(points[name].to_numpy(dtype=float)).all():
            raise StudyError(f"{name} lacks a value in some points, or is not finite: leave those points out")


def _measured(points: pd.DataFrame, interesting: np.ndarray, limits: pd.DataFrame) -> Box:
    """A box of the limits that are sure."""
    outside = _outside(points, limits)
    kept = list(range(len(limits)))
    chances = _chances(outside, interesting)
    while kept and max(chances) > CERTAIN:
        kept.pop(int(np.argmax(chances)))
        chances = _chances(outside[:, kept], interesting)
    inside = ~outside[:, kept].any(axis=1)
    return Box(
        limits=limits.iloc[kept].assign(chance=chances).sort_values("chance", ignore_index=True),
        coverage=float((inside & interesting).sum() / interesting.sum()),
        density=float(interesting[inside].mean()),
        mass=float(inside.mean()),
    )


def _on_the_way(points: pd.DataFrame, interesting: np.ndarray) -> Iterator[pd.DataFrame]:
    """The limits of every box from all points down to the last: `parameter, low, high, lowest, highest`."""
    for limits in _prim(points, interesting).find_box().box_lims:
        rows = [
            (name, limits[name].iloc[0], limits[name].iloc[1], points[name].min(), points[name].max())
            for name in points
        ]
        table = pd.DataFrame(rows, columns=["parameter", "low", "high", "lowest", "highest"])
        yield table[(table["low"] > table["lowest"]) | (table["high"] < table["highest"])]


def _prim(points: pd.DataFrame, interesting: np.ndarray) -> Any:
    """PRIM on these points; versions of the workbench before 3 also ask from which value on a point is of interest."""
    prim = library("ema_workbench.analysis.prim").Prim
    more = {"threshold": LEAST} if "threshold" in signature(prim).parameters else {}
    with catch_warnings():
        filterwarnings("ignore", message="The inplace keyword", category=DeprecationWarning)
        return prim(points.copy(), interesting, **more)


def _outside(points: pd.DataFrame, limits: pd.DataFrame) -> np.ndarray:
    """Which limits each point lies outside of [point, limit]."""
    values = points[limits["parameter"]].to_numpy()
    return (values < limits["low"].to_numpy()) | (values > limits["high"].to_numpy())


def _chances(outside: np.ndarray, interesting: np.ndarray) -> np.ndarray:
    """For each limit, how often one that means nothing would leave as many points of interest in the box."""
    broken = outside.sum(axis=1)
    inside = broken == 0
    without = (broken[:, np.newaxis] - outside) == 0
    density = (without & interesting[:, np.newaxis]).sum(axis=0) / without.sum(axis=0)
    chances: np.ndarray = binom.sf(interesting[inside].sum() - 1, inside.sum(), density)
    return chances
