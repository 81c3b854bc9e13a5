"""One thing a design varies: a parameter, and the values or the range it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dgsim.scenario.rules import Value, written
from dgsim.world.tables import Parameter


@dataclass(frozen=True)
class Axis:
    """A parameter and either a list of `values`, or a range from `low` to `high`, in `steps` if it is to be a list.

    A quarter is its index, as scenarios hold it.

    >>> from dgsim.world.tables import PARAMETERS
    >>> Axis(PARAMETERS["matching_rate"], low=0.0, high=1.0, steps=3).levels()
    (0.0, 0.5, 1.0)
    """

    parameter: Parameter
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    steps: int = 0

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name

    def levels(self) -> tuple[Value, ...]:
        """The values a grid takes, evenly spaced over a range; none where a range has no steps."""
        if self.values or not self.steps:
            return self.values
        spaced = np.linspace(self.low, self.high, self.steps)
        return tuple(spaced.round().astype(int).tolist() if self.parameter.type == "int" else spaced.tolist())

    def scaled(self, unit: np.ndarray) -> np.ndarray:
        """Numbers 0..1 [point] as values: a range evenly, of a list each value as often as the others."""
        levels = self.levels()
        if levels:
            chosen: np.ndarray = np.array(levels)[np.minimum((unit * len(levels)).astype(int), len(levels) - 1)]
            return chosen
        if self.parameter.type == "int":
            whole: np.ndarray = np.minimum(self.low + np.floor(unit * (self.high - self.low + 1)), self.high)
            return whole.astype(int)
        spread: np.ndarray = self.low + unit * (self.high - self.low)
        return spread

    def record(self) -> list[Value] | dict[str, Any]:
        """The axis as a design file writes it."""
        if self.values:
            return [written(self.parameter, value) for value in self.values]
        return {"low": self.low, "high": self.high} | ({"steps": self.steps} if self.steps else {})
