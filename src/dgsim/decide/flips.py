"""Where a ranking flips: the box of assumptions in which another scenario overtakes the one that leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dgsim.scenario.difference import number_text
from dgsim.study.boxes import Box, find_box
from dgsim.world.tables import PARAMETERS

FEWEST = 8  # worlds in which a rival must be ahead, and behind, for a box to mean anything
DIGITS = 3
TOLD = 3  # limits that a sentence names
UNCERTAIN = {parameter.name: parameter for parameter in PARAMETERS if parameter.role == "uncertain"}


@dataclass(frozen=True, repr=False)
class Flip:
    """Where a rival is ahead of the leader.

    ahead       in which worlds [world]
    points      the worlds: a column a parameter
    box         the limits that hold most of those worlds; None where there are too few, or none is surer than chance
    inside      share of the worlds in the box in which the rival is ahead
    elsewhere   share of the others
    """

    leader: str
    rival: str
    ahead: np.ndarray
    points: pd.DataFrame
    box: Box | None
    inside: float
    elsewhere: float

    def __repr__(self) -> str:
        return f"Flip({self.sentence})"

    @property
    def sentence(self) -> str:
        """Where the ranking flips, in words."""
        share = f"{self.ahead.mean():.0%} of {len(self.ahead)} worlds"
        if self.box is None:
            return f"{self.rival} ends ahead of {self.leader} in {share}; no assumption tells where."
        limits = [_limit_text(row) for row in self.box.limits.head(TOLD).to_dict("records")]
        text = f"If {' and '.join(limits)}, do {self.rival} rather than {self.leader}: it ends ahead in "
        return text + f"{self.inside:.0%} of such worlds, and in {self.elsewhere:.0%} of the others ({share} in all)."

    @property
    def labels(self) -> dict[str, str]:
        """What each parameter is, by name."""
        return {name: UNCERTAIN[name].label for name in map(str, self.points)}

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
    rivals = {name: goodness[place] > best for place, name in enumerate(names) if name != leader}
    ordered = sorted(rivals, key=lambda name: -rivals[name].sum())
    return tuple(_flip(points, leader, name, rivals[name]) for name in ordered if rivals[name].any())


def _flip(points: pd.DataFrame, leader: str, rival: str, ahead: np.ndarray) -> Flip:
    box = None
    if min(ahead.sum(), (~ahead).sum()) >= FEWEST:
        found = find_box(points, ahead)
        box = found if len(found.limits) else None
    inside = np.ones(len(ahead), bool)
    for row in [] if box is None else box.limits.to_dict("records"):
        inside &= points[row["parameter"]].between(row["low"], row["high"]).to_numpy()
    elsewhere = float(ahead[~inside].mean()) if (~inside).any() else float("nan")
    return Flip(leader, rival, ahead, points, box, float(ahead[inside].mean()), elsewhere)


def _limit_text(row: dict[Any, Any]) -> str:
    """A limit in words, with its unit."""
    parameter = UNCERTAIN[row["parameter"]]
    label = parameter.label[0].lower() + parameter.label[1:]
    low, high = (number_text(float(f"{row[end]:.{DIGITS}g}")) for end in ("low", "high"))
    below, above = row["low"] > row["lowest"], row["high"] < row["highest"]
    span = f"between {low} and {high}" if below and above else f"above {low}" if below else f"below {high}"
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return f"{label} is {span}{unit}"
