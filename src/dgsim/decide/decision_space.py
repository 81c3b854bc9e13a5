"""The scenarios a search may try: levers in their ranges, roadmap items at other dates and with other money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dgsim.scenario import Scenario, quarter_text
from dgsim.scenario.plan import RoadmapItem
from dgsim.sweeps.axes import Axis

TRIED_DIGITS = 3  # of numbers in the scenarios that are tried


@dataclass(frozen=True)
class DecisionSpace:
    """Points 0..1 in every variable, and the scenario each stands for: levers, then dates, then costs of items."""

    start: Scenario
    levers: tuple[Axis, ...] = ()
    items: tuple[str, ...] = ()
    earliest: int = 0
    latest: int = 0
    cost: tuple[float, float] = (1.0, 1.0)

    @property
    def variables(self) -> int:
        """How many numbers make a point."""
        return len(self.levers) + len(self.items) * (2 if self._costs_vary else 1)

    @property
    def _costs_vary(self) -> bool:
        return self.cost[0] < self.cost[1]

    def scenario(self, point: np.ndarray, name: str) -> Scenario:
        """The scenario of a point [variable]."""
        count = len(self.levers)
        values = {axis.name: _rounded(axis.scaled(point[[at]]).item()) for at, axis in enumerate(self.levers)}
        dates = dict(zip(self.items, point[count : count + len(self.items)], strict=True))
        shares = dict(zip(self.items, point[count + len(self.items) :], strict=False)) if self._costs_vary else {}
        moved = [self._moved(item, dates.get(item.name), shares.get(item.name)) for item in self.start.roadmap]
        changed = self.start.with_changes(name=name, **values)
        fields = {field: getattr(changed, field) for field in type(changed).model_fields}
        return Scenario(**fields | {"roadmap": tuple(sorted(moved, key=RoadmapItem.order))})

    def own(self) -> np.ndarray:
        """The point that stands nearest to the start itself [variable]."""
        levers = [_position(axis, self.start.lever(axis.name)) for axis in self.levers]
        starts = {item.name: item for item in self.start.roadmap}
        span = self.latest - self.earliest + 1
        dates = [(starts[name].start - self.earliest + 0.5) / span for name in self.items]
        low, high = self.cost
        shares = [(1.0 - low) / (high - low) for _ in self.items] if self._costs_vary else []
        return np.clip([*levers, *dates, *shares], 0.0, 1.0)

    def _moved(self, item: RoadmapItem, date: float | None, share: float | None) -> RoadmapItem:
        update: dict[str, Any] = {}
        if date is not None:
            update["start"] = min(self.earliest + int(date * (self.latest - self.earliest + 1)), self.latest)
        if share is not None:
            low, high = self.cost
            update["cost_bvnd"] = _rounded(item.cost_bvnd * (low + share * (high - low)))
        return item.model_copy(update=update)

    def record(self) -> dict[str, Any]:
        """What is varied, as plain data."""
        dates = [quarter_text(self.earliest), quarter_text(self.latest)] if self.items else []
        levers = {axis.name: axis.record() for axis in self.levers}
        return {"levers": levers, "items": list(self.items), "dates": dates, "cost": list(self.cost)}


def _position(axis: Axis, value: Any) -> float:
    """Where 0..1 a lever's value lies on its axis."""
    levels = axis.levels()
    if levels:
        return (levels.index(value) + 0.5) / len(levels) if value in levels else 0.5
    return (float(value) - axis.low) / (axis.high - axis.low)


def _rounded(value: Any) -> Any:
    """A number as people write it; anything else as it is."""
    return float(f"{value:.{TRIED_DIGITS}g}") if isinstance(value, float) else value
