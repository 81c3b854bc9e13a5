"""What a search wants and may not do: objectives and constraints on outcomes and on the money a plan commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dgsim.appraisals.targets.file import Target
from dgsim.appraisals.targets.series import holds
from dgsim.scenario import Scenario, quarter_text
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

TOTAL_MONEY = "total_money"  # bvnd the plan commits over its horizon
MEASURABLE = (*OUTCOME_NAMES, TOTAL_MONEY)
STATISTICS = ("mean", "unlucky")
UNLUCKY = 0.1  # share of runs that are worse


@dataclass(frozen=True)
class Objective:
    """An outcome at the end of a quarter (an index): its mean over runs, or what one run in ten falls short of."""

    outcome: str
    quarter: int
    statistic: str = "mean"

    @property
    def name(self) -> str:
        """It in a word or two.

        >>> Objective("use", 43).name, Objective("total_money", 43).name
        ('use 2030Q4', 'total_money')
        """
        if self.outcome == TOTAL_MONEY:
            return TOTAL_MONEY
        return f"{self.outcome} {quarter_text(self.quarter)}" + ("" if self.statistic == "mean" else ", unlucky")

    @property
    def unit(self) -> str:
        """The outcome's unit."""
        return "bvnd" if self.outcome == TOTAL_MONEY else OUTCOMES[self.outcome].unit

    @property
    def label(self) -> str:
        """The outcome's label."""
        return "Money the plan commits" if self.outcome == TOTAL_MONEY else OUTCOMES[self.outcome].label

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return -1 if self.outcome == TOTAL_MONEY else OUTCOMES[self.outcome].sign

    def of(self, values: np.ndarray) -> float:
        """What it comes to, from an outcome's values [run]."""
        if self.statistic == "mean":
            return float(values.mean())
        return float(np.quantile(values, UNLUCKY if self.sign > 0 else 1.0 - UNLUCKY))


Samples = Mapping[Objective, np.ndarray]


@dataclass(frozen=True)
class Constraint:
    """An objective that must be at most, or at least, so much."""

    objective: Objective
    bound: float
    at_most: bool

    @property
    def measured(self) -> tuple[Objective, ...]:
        """What must be known of a scenario to tell whether it is kept."""
        return (self.objective,)

    def broken(self, samples: Samples) -> float:
        """By how much it is broken, from what was measured [run]; not above 0 where it is kept."""
        return self.excess(self.objective.of(samples[self.objective]))

    def excess(self, value: float) -> float:
        """By how much the constraint is broken, as a ratio to its size; not above 0 where it is kept."""
        over = value - self.bound if self.at_most else self.bound - value
        return over / max(abs(self.bound), 1e-9)

    @property
    def text(self) -> str:
        """The constraint in words."""
        return f"{self.objective.name} {'at most' if self.at_most else 'at least'} {self.bound:g} {self.objective.unit}"


@dataclass(frozen=True)
class ChanceConstraint:
    """Targets that must be met, all in the same run, in a share of the runs.

    name     what they are called together
    """

    name: str
    targets: tuple[Target, ...]
    chance: float

    @property
    def measured(self) -> tuple[Objective, ...]:
        """What must be known of a scenario to tell whether it is kept."""
        return tuple(Objective(name, target.by) for target in self.targets for name in target.figure.names)

    def broken(self, samples: Samples) -> float:
        """By how much the share of runs falls short, from what was measured [run]; not above 0 where it is kept."""
        met = np.logical_and.reduce([self._met(target, samples) for target in self.targets])
        return self.chance - float(met.mean())

    def _met(self, target: Target, samples: Samples) -> np.ndarray:
        first, *rest = (samples[Objective(name, target.by)] for name in target.figure.names)
        return holds(first - rest[0] if rest else first, target.wanted, target.at_most)

    @property
    def text(self) -> str:
        """The constraint in words."""
        wanted = ", ".join(
            f"{' less '.join(target.figure.names)} {quarter_text(target.by)} "
            f"{'at most' if target.at_most else 'at least'} {target.wanted:g}"
            for target in self.targets
        )
        return f"{self.name} with a chance of at least {self.chance:g}: {wanted}"


def planned(scenario: Scenario, runs: int) -> np.ndarray:
    """The money a plan commits, the same in every run [run]."""
    return np.full(runs, scenario.planned_money())
