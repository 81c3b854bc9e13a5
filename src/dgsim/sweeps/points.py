"""The points of a design by number: which scenario, and the value of everything that is varied."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from scipy.stats import qmc

from dgsim.scenario.rules import Value, written
from dgsim.sweeps.axes import Axis
from dgsim.sweeps.designs import Design

ARROW_TYPES = {"float": pa.float64(), "int": pa.int64(), "flag": pa.bool_()}  # any other is text


class Point(NamedTuple):
    """One point: its number, the number of its scenario, and its values by name."""

    number: int
    scenario: int
    values: dict[str, Value]


class Points:
    """All points of a design; the sample is drawn once from the design's seed, nothing else is held.

    >>> from dgsim.sweeps.design_file import load_design
    >>> points = Points(load_design({"scenarios": ["staged"], "levers": {"matching_rate": [0.0, 0.5]}}))
    >>> points.at(1)
    Point(number=1, scenario=0, values={'matching_rate': 0.5})
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.axes = (*design.axes("lever"), *design.axes("uncertain"))
        self._levels = [np.array(axis.levels()) for axis in design.grid]

    @cached_property
    def sample(self) -> dict[str, np.ndarray]:
        """The values of every sampled axis [point of the sample], by name."""
        design = self.design
        if not design.sampled:
            return {}
        sampler = {"sobol": qmc.Sobol, "latin_hypercube": qmc.LatinHypercube}[design.method]
        unit = sampler(len(design.sampled), rng=design.seed).random(design.sample_points)
        return {axis.name: axis.scaled(unit[:, column]) for column, axis in enumerate(design.sampled)}

    def at(self, number: int) -> Point:
        """The point of a number."""
        scenario, *grid, sample = np.unravel_index(number, self.design.shape)
        values = {axis.name: self._levels[a][grid[a]].item() for a, axis in enumerate(self.design.grid)}
        values |= {name: column[sample].item() for name, column in self.sample.items()}
        return Point(number, int(scenario), values)

    def table(self, first: int, last: int) -> pa.Table:
        """The points from `first` up to `last`, not included: `point, scenario` and a column for each axis."""
        numbers = np.arange(first, last)
        scenario, *grid, sample = np.unravel_index(numbers, self.design.shape)
        names = pa.array([plan.name for plan in self.design.scenarios])
        values = {axis.name: self._levels[a][grid[a]] for a, axis in enumerate(self.design.grid)}
        values |= {name: column[sample] for name, column in self.sample.items()}
        columns = {axis.name: _column(axis, values[axis.name]) for axis in self.axes}
        return pa.table({"point": pa.array(numbers, pa.int32()), "scenario": names.take(pa.array(scenario)), **columns})


def _column(axis: Axis, values: np.ndarray) -> pa.Array:
    cells = [written(axis.parameter, value) for value in values.tolist()]
    return pa.array(cells, ARROW_TYPES.get(axis.parameter.type, pa.string()))
