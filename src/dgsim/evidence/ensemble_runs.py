"""Runs of scenarios over an ensemble, on the same luck: what is left of them is a mean for every set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dgsim.country import Country
from dgsim.engine.run import batches
from dgsim.engine.sets import Ensemble, set_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.calendar import END, quarter_index
from dgsim.world.tables import OUTCOME_NAMES

Floats = NDArray[np.float64]
KEPT_STOCKS = (
    *("use", "use_full_process", "granted", "own_platforms", "finished_multi_year"),
    *("trained", "trained_made", "trained_to_private", "trained_to_provinces", "trained_arrived"),
)


@dataclass(frozen=True)
class SetMeans:
    """One scenario: outcomes float64 [set, quarter, outcome], stocks float32 [set, quarter, province], by name."""

    outcomes: Floats
    stocks: dict[str, NDArray[np.float32]]

    def outcome(self, name: str, quarter: str = END) -> Floats:
        """An outcome in a quarter, one value a set."""
        values: Floats = self.outcomes[:, quarter_index(quarter), OUTCOME_NAMES.index(name)]
        return values

    def stock(self, name: str, quarter: str = END) -> Floats:
        """A stock of every province in a quarter [set, province]."""
        values: Floats = self.stocks[name][:, quarter_index(quarter)].astype(float)
        return values


@dataclass
class SetRuns:
    """Scenarios over an ensemble; each is run once, `each` times for every set, when first asked for."""

    country: Country
    ensemble: Ensemble
    each: int
    seed: int
    told: Callable[[int], None] | None = None
    made: dict[tuple[Any, ...], SetMeans] = field(default_factory=dict)

    def of(self, name: str, items: tuple[str, ...] | None = None, **changes: Any) -> SetMeans:
        """A shipped scenario, with levers or assumptions changed; with a roadmap of some items only, if named."""
        key = (name, items, *sorted(changes.items()))
        if key not in self.made:
            scenario = load_scenario(name)
            if items is not None:
                kept = [item.model_copy(update={"after": ()}) for item in scenario.roadmap if item.item in items]
                scenario = scenario.model_copy(update={"roadmap": tuple(kept)})
            self.made[key] = self._run(scenario.with_changes(**changes) if changes else scenario)
        return self.made[key]

    def difference(self, one: SetMeans, other: SetMeans, outcome: str, quarter: str = END) -> Floats:
        """Paired difference of an outcome, one value a set."""
        found: Floats = one.outcome(outcome, quarter) - other.outcome(outcome, quarter)
        return found

    def _run(self, scenario: Scenario) -> SetMeans:
        sets, count = len(self.ensemble), len(self.ensemble) * self.each
        outcomes = np.zeros((sets, scenario.quarters, len(OUTCOME_NAMES)))
        stocks = {name: np.zeros((sets, scenario.quarters, len(self.country)), np.float32) for name in KEPT_STOCKS}
        arguments: dict[str, Any] = {"seed": self.seed, "keep": {"provinces"}, "parameters": self.ensemble}
        for numbers, runs in batches(scenario, self.country, count, **arguments):
            assert runs.provinces is not None
            used = [set_number(number, sets) for number in numbers]
            np.add.at(outcomes, used, runs.outcomes / self.each)
            for name, total in stocks.items():
                np.add.at(total, used, runs.provinces[name].astype(np.float32) / self.each)
            if self.told is not None:
                self.told(len(numbers))
        return SetMeans(outcomes, stocks)
