"""Where a ranking flips: the box of assumptions in which another scenario overtakes the one that leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dgsim.analysis.boxes import Box, find_box
from dgsim.analysis.sensitivity import by_chance
from dgsim.texts import words
from dgsim.texts.clauses import Clause, Fill, Label, Listed, Number, Percent, Within, clause
from dgsim.world.tables import PARAMETERS

FEWEST_ON_A_SIDE = 8  # in which a rival must be ahead, and behind, for a box to mean anything
TOLD_DIGITS = 3
MOST_LIMITS = 3  # that a sentence names
COVERAGES = (0.5, 0.25)  # share of the worlds of interest a box holds; less only where it makes the rival the better


@dataclass(frozen=True, repr=False)
class Flip:
    """Where a rival is ahead of the leader.

    margin      how far it is ahead, behind where below 0 [world]
    points      the worlds: a column a parameter
    box         the limits that hold most of those worlds; None where there are too few, or none is surer than chance
    inside      share of the worlds in the box in which the rival is ahead
    elsewhere   share of the others; as that inside, of the very worlds in which the box was found
    """

    leader: str
    rival: str
    margin: np.ndarray
    points: pd.DataFrame
    box: Box | None
    inside: float
    elsewhere: float

    def __repr__(self) -> str:
        return f"Flip({self.sentence})"

    @property
    def sentence(self) -> str:
        """Where the ranking flips, in words."""
        return self.clause.text(words())

    @property
    def clause(self) -> Clause:
        """Where the ranking flips, as a sentence in any language."""
        names: dict[str, Fill] = {"rival": self.rival, "leader": self.leader}
        shares: dict[str, Fill] = {"share": Percent(float(self.ahead.mean())), "worlds": len(self.ahead)}
        if self.box is None:
            return clause("flip.nowhere_sure", **names, **shares)
        where = tuple(_limit(row) for row in self.box.limits.head(MOST_LIMITS).to_dict("records"))
        shares |= {"inside": Percent(self.inside), "elsewhere": Percent(self.elsewhere)}
        key = "flip.do" if self.inside > 0.5 else "flip.closest"
        return clause(key, where=Listed(where, "list.and"), **names, **shares)

    @property
    def ahead(self) -> np.ndarray:
        """In which worlds the rival is ahead [world]."""
        return self.margin > 0

    @property
    def labels(self) -> dict[str, str]:
        """What each parameter is, by name."""
        return {name: PARAMETERS[name].label for name in map(str, self.points)}

    def heights(self, unit: str) -> pd.Series:
        """How far the rival is ahead in each world, under a name that says so."""
        return pd.Series(self.margin, name=f"{self.rival} ahead, {unit}")

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row a limit; one without a limit where there is no box."""
        about = {"rival": self.rival, "leader": self.leader, "ahead": float(self.ahead.mean())}
        if self.box is None:
            yield (
                about
                | dict.fromkeys(("inside", "elsewhere", "coverage", "mass"), float("nan"))
                | {"sentence": self.sentence}
            )
            return
        about |= {"inside": self.inside, "elsewhere": self.elsewhere}
        about |= {"coverage": self.box.coverage, "mass": self.box.mass, "sentence": self.sentence}
        for row in self.box.limits.to_dict("records"):
            yield about | {str(key): value for key, value in row.items()}


def flips_of(points: pd.DataFrame, goodness: np.ndarray, names: list[str], leader: str) -> tuple[Flip, ...]:
    """Where each rival is ahead of the leader, from goodness [scenario, world]; the most frequent first."""
    best = goodness[names.index(leader)]
    margins = {name: goodness[row] - best for row, name in enumerate(names) if name != leader}
    ordered = sorted(margins, key=lambda name: -(margins[name] > 0).sum())
    return tuple(_flip(points, leader, name, margins[name]) for name in ordered if (margins[name] > 0).any())


def _flip(points: pd.DataFrame, leader: str, rival: str, margin: np.ndarray) -> Flip:
    ahead = margin > 0
    told = _telling(points, margin)
    box = None
    if told and min(ahead.sum(), (~ahead).sum()) >= FEWEST_ON_A_SIDE:
        found = (find_box(points[told], ahead, coverage=share) for share in COVERAGES)
        sure = [one for one in found if len(one.limits)]
        box = next((one for one in sure if one.density > 0.5), sure[0] if sure else None)
    inside = np.ones(len(ahead), bool)
    for row in [] if box is None else box.limits.to_dict("records"):
        inside &= points[row["parameter"]].between(row["low"], row["high"]).to_numpy()
    elsewhere = float(ahead[~inside].mean()) if (~inside).any() else float("nan")
    return Flip(leader, rival, margin, points, box, float(ahead[inside].mean()), elsewhere)


def _telling(points: pd.DataFrame, margin: np.ndarray) -> list[str]:
    """The parameters with which the margin goes, by rank correlation, surer than chance: others make a box of noise."""
    varied = points.loc[:, points.max() > points.min()]
    strength = varied.rank().corrwith(pd.Series(margin, index=points.index).rank()).abs()
    return list(strength.index[strength > by_chance(len(points), varied.shape[1])])


def _limit(row: dict[Any, Any]) -> Clause:
    """A limit of a box, with its unit."""
    parameter = PARAMETERS[row["parameter"]]
    from_below, from_above = row["low"] > row["lowest"], row["high"] < row["highest"]
    key = "flip.between" if from_below and from_above else "flip.above" if from_below else "flip.below"
    return clause(
        key,
        label=Within(Label(parameter.label)),
        low=Number(row["low"], TOLD_DIGITS),
        high=Number(row["high"], TOLD_DIGITS),
        unit=clause("flip.unit", unit=Label(parameter.unit)) if parameter.unit else "",
    )
