"""Where in a space of assumptions something happens: a box found by PRIM. Needs the extra `analysis`."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import Any
from warnings import catch_warnings, filterwarnings

import numpy as np
import pandas as pd

from dgsim.study.errors import StudyError
from dgsim.study.trial import library

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

    `points` has a column a parameter and a row a point, `interesting` a truth value a point. Limits that chance explains
    are dropped (quasi-p values as Bryant and Lempert 2010). Raises StudyError if all points are of interest, or none.
    """
    if interesting.all() or not interesting.any():
        raise StudyError(f"{'all' if interesting.all() else 'none'} of the points are of interest: ask another question")
    narrowed = _peeled(points, interesting, coverage)
    while len(narrowed):
        weakest = narrowed.index[-1]
        if narrowed["chance"].iloc[-1] <= CERTAIN:
            break
        narrowed = _with_chances(points, interesting, narrowed.drop(index=weakest))
    inside = _inside(points, narrowed)
    return Box(
        limits=narrowed.reset_index(drop=True),
        coverage=float((inside & interesting).sum() / interesting.sum()),
        density=float(interesting[inside].mean()),
        mass=float(inside.mean()),
    )


def _peeled(points: pd.DataFrame, interesting: np.ndarray, coverage: float) -> pd.DataFrame:
    """The limits of the densest box on the peeling trajectory that covers enough."""
    box = _prim(points, interesting).find_box()
    trajectory = box.peeling_trajectory
    enough = trajectory[trajectory["coverage"] >= coverage]
    limits: pd.DataFrame = box.box_lims[int(enough["density"].astype(float).idxmax())]
    rows = [
        (name, limits[name].iloc[0], limits[name].iloc[1], points[name].min(), points[name].max()) for name in points
    ]
    table = pd.DataFrame(rows, columns=["parameter", "low", "high", "lowest", "highest"])
    narrowed = table[(table["low"] > table["lowest"]) | (table["high"] < table["highest"])]
    return _with_chances(points, interesting, narrowed)


def _prim(points: pd.DataFrame, interesting: np.ndarray) -> Any:
    """PRIM on these points; versions of the workbench before 3 also ask from which value on a point is of interest."""
    prim = library("ema_workbench.analysis.prim").Prim
    more = {"threshold": LEAST} if "threshold" in signature(prim).parameters else {}
    with catch_warnings():
        filterwarnings("ignore", message="The inplace keyword", category=DeprecationWarning)
        return prim(points.copy(), interesting, **more)


def _inside(points: pd.DataFrame, limits: pd.DataFrame) -> np.ndarray:
    inside = np.ones(len(points), dtype=bool)
    for row in limits.itertuples():
        inside &= points[row.parameter].between(row.low, row.high).to_numpy()
    return inside


def _with_chances(points: pd.DataFrame, interesting: np.ndarray, limits: pd.DataFrame) -> pd.DataFrame:
    """The limits with their chances, the surest first."""
    from scipy.stats import binom

    inside = _inside(points, limits)
    chances = []
    for place in limits.index:
        without = _inside(points, limits.drop(index=place))
        chances.append(float(binom.sf(interesting[inside].sum() - 1, inside.sum(), interesting[without].mean())))
    return limits.assign(chance=chances).sort_values("chance")
