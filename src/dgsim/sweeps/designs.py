"""A design: which scenarios, levers and uncertainties are crossed or sampled, how often, and what of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from dgsim.engine.sets import CENTRAL_NAME, PLAUSIBLE_NAME, Ensemble, load_parameters
from dgsim.scenario import Scenario, quarter_text
from dgsim.sweeps.axes import Axis
from dgsim.sweeps.manifest_form import MOST as MOST
from dgsim.sweeps.manifest_form import RECORDS as RECORDS
from dgsim.texts import words
from dgsim.texts.clauses import Fact, Listed, clause

METHODS = ("sobol", "latin_hypercube", "factorial")
CENTRAL = Ensemble(CENTRAL_NAME, ({},))


@dataclass(frozen=True, repr=False)
class Design:
    """What a sweep runs. A point is one scenario with one value of every axis; all points meet the same luck.

    grid          axes whose levels are all crossed with each other and with the sample
    sampled       axes that `method` samples together, at `sample_points` points (1 where there are none)
    quarters      the quarters of which outcomes and provinces are kept, as indices
    keep          what is kept besides outcomes: of "provinces", "ledger"
    parameters    sets of uncertain parameters: replication r uses set r modulo their number; axes and scenarios win
    """

    name: str
    question: str
    scenarios: tuple[Scenario, ...]
    grid: tuple[Axis, ...]
    sampled: tuple[Axis, ...]
    method: str
    sample_points: int
    replications: int
    seed: int
    outcomes: tuple[str, ...]
    quarters: tuple[int, ...]
    keep: tuple[str, ...]
    parameters: Ensemble = CENTRAL

    def __repr__(self) -> str:
        return f"<Design {self.name!r}: {self.points:,} points, {self.runs:,} runs>"

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Scenarios, levels of each axis of the grid, points of the sample: a point's number counts through them."""
        return (len(self.scenarios), *(len(axis.levels()) for axis in self.grid), self.sample_points)

    @property
    def points(self) -> int:
        """The number of points."""
        return prod(self.shape)

    @property
    def runs(self) -> int:
        """The number of runs: points times replications."""
        return self.points * self.replications

    @property
    def horizon(self) -> int:
        """The quarters every run takes."""
        return self.scenarios[0].quarters

    def shape_text(self) -> str:
        """How the points come about.

        >>> from dgsim.sweeps.design_file import load_design
        >>> load_design({"scenarios": ["history"], "levers": {"fee_cut": [0.0, 0.6]}}).shape_text()
        '1 scenario x 2 of fee_cut'
        """
        return self.shape_said.text(words())

    @property
    def shape_said(self) -> Fact:
        """How the points come about, in any language."""
        count = len(self.scenarios)
        factors = [clause("caption.scenarios" if count > 1 else "caption.scenario", count=str(count))]
        factors += [clause("shape.levels", count=str(len(axis.levels())), name=axis.name) for axis in self.grid]
        if self.sampled:
            sample = {"points": str(self.sample_points), "count": str(len(self.sampled)), "method": self.method}
            factors.append(clause("shape.sample", **sample))
        return Listed(tuple(factors), "list.times")

    def axes(self, role: str) -> tuple[Axis, ...]:
        """The axes of a role, "lever" or "uncertain", in the order of the design."""
        return tuple(axis for axis in (*self.grid, *self.sampled) if axis.parameter.role == role)

    def record(self) -> dict[str, Any]:
        """The design in the form of a file, with everything said that the file left to defaults."""
        levers, uncertain = self.axes("lever"), self.axes("uncertain")
        return {
            "name": self.name,
            "question": self.question,
            "scenarios": [scenario.name for scenario in self.scenarios],
            "uncertain": [axis.name for axis in uncertain],
            "replications": self.replications,
            "seed": self.seed,
            "outcomes": list(self.outcomes),
            "quarters": [quarter_text(quarter) for quarter in self.quarters],
            "keep": list(self.keep),
            "horizon": {"stop_after": self.horizon},
            "levers": {axis.name: axis.record() for axis in levers},
            "ranges": {axis.name: axis.record() for axis in uncertain},
            "sample": {"method": self.method} | self._sample_record(),
            **self._parameters_record(),
        }

    def _parameters_record(self) -> dict[str, Any]:
        """Nothing for central values, so that a design without sets is recorded as ever."""
        if self.parameters == CENTRAL:
            return {}
        packaged = self.parameters == load_parameters(PLAUSIBLE_NAME)
        sets = PLAUSIBLE_NAME if packaged else [dict(values) for values in self.parameters]
        return {"parameters": sets}

    def _sample_record(self) -> dict[str, Any]:
        if not self.sampled:
            return {}
        joint = any(axis.parameter.role == "lever" for axis in self.sampled)
        return {"points": self.sample_points, "levers": "joint" if joint else "crossed"}
