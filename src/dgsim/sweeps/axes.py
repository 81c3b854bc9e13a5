"""One thing a design varies: a parameter, and the values or the range it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dgsim.scenario.calendar import NEVER, quarter_text
from dgsim.scenario.rules import NEVER_TEXT, Value
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
            return np.array(levels)[np.minimum((unit * len(levels)).astype(int), len(levels) - 1)]
        if self.parameter.type == "int":
            return np.minimum(self.low + np.floor(unit * (self.high - self.low + 1)), self.high).astype(int)
        return self.low + unit * (self.high - self.low)

    def written(self, value: Value) -> Value:
        """A value as a file writes it: a quarter as its text."""
        if self.parameter.type != "quarter":
            return value
        return NEVER_TEXT if value == NEVER else quarter_text(int(value))

    def record(self) -> list[Value] | dict[str, Any]:
        """The axis as a design file writes it."""
        if self.values:
            return [self.written(value) for value in self.values]
        return {"low": self.low, "high": self.high} | ({"steps": self.steps} if self.steps else {})
