"""Orders of a roadmap: the same items and money, dealt out anew to the dates the plan already has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

import numpy as np

from dgsim.errors import StudyError
from dgsim.scenario import Scenario
from dgsim.scenario.plan import RoadmapItem
from dgsim.texts.clauses import Item

Starts = tuple[int, ...]  # the quarter in which each item starts, in the order of the plan's own names


@dataclass(frozen=True)
class Orders:
    """All ways to deal the start dates of a roadmap out to its items.

    The k-th item of an order starts at the k-th date of the plan; length and cost go with the item. An order is legal
    if no item comes before one it waits for, and if the plan commits the same money over its horizon.
    """

    scenario: Scenario

    def __post_init__(self) -> None:
        if len(self.names) < 2:
            raise StudyError(f"{self.scenario.name} has {len(self.names)} roadmap items: an order needs two or more")

    @property
    def names(self) -> tuple[str, ...]:
        """The items in the plan's own order."""
        return tuple(item.name for item in self.scenario.roadmap)

    @property
    def dates(self) -> Starts:
        """The start dates, the earliest first."""
        return tuple(sorted(item.start for item in self.scenario.roadmap))

    @property
    def own(self) -> Starts:
        """The scenario's own starts."""
        return tuple(item.start for item in self.scenario.roadmap)

    def plan(self, starts: Starts) -> Scenario:
        """The scenario with its items starting in these quarters."""
        moved = [
            item.model_copy(update={"start": start}) for item, start in zip(self.scenario.roadmap, starts, strict=True)
        ]
        fields = {field: getattr(self.scenario, field) for field in type(self.scenario).model_fields}
        return Scenario(**fields | {"roadmap": tuple(sorted(moved, key=RoadmapItem.order))})

    @property
    def items(self) -> tuple[Item, ...]:
        """What the items are, in the plan's own order."""
        return tuple(Item(item.item, item.name) for item in self.scenario.roadmap)

    @cached_property
    def waits(self) -> list[set[int]]:
        """The indices of the items that each item waits for, directly or through others."""
        index = {name: at for at, name in enumerate(self.names)}
        waits = [{index[name] for name in item.after} for item in self.scenario.roadmap]
        for _ in waits:
            waits = [direct.union(*(waits[other] for other in direct)) for direct in waits]
        return waits

    def same_money(self, starts: Starts) -> bool:
        """Whether the plan commits as much within its horizon as the scenario's own."""
        horizon = self.scenario.plan_quarters
        items = list(zip(self.scenario.roadmap, starts, strict=True))
        if any(start >= horizon for start in starts):
            return False
        spent = [item.model_copy(update={"start": start}).cost_within(horizon) for item, start in items]
        own = [item.cost_within(horizon) for item in self.scenario.roadmap]
        return abs(sum(spent) - sum(own)) < 1e-6

    def every(self, most: int) -> list[Starts] | None:
        """All legal orders that differ in any date, or None where there are more than so many."""
        found = list(islice(self._extensions(), most + 1))
        return None if len(found) > most else found

    def sampled(self, count: int, seed: int) -> list[Starts]:
        """So many legal orders, each drawn by ranking the items at random and keeping what waits behind; none twice."""
        luck = np.random.default_rng(seed)
        found: dict[Starts, None] = {}
        for _ in range(50 * count):
            starts = self._drawn(luck)
            if starts is not None:
                found[starts] = None
            if len(found) == count:
                break
        return list(found)

    def exchanged(self, starts: Starts, first: int, second: int) -> Starts | None:
        """The order in which two items have changed dates, or None where they start together or that is not legal."""
        moved = list(starts)
        moved[first], moved[second] = starts[second], starts[first]
        keeps = all(moved[other] <= moved[at] for at, others in enumerate(self.waits) for other in others)
        legal = starts[first] != starts[second] and keeps and self.same_money(tuple(moved))
        return tuple(moved) if legal else None

    def neighbours(self, starts: Starts) -> Iterator[Starts]:
        """The legal orders in which two items have changed dates."""
        for first, second in combinations(range(len(starts)), 2):
            moved = self.exchanged(starts, first, second)
            if moved is not None:
                yield moved

    def _drawn(self, luck: np.random.Generator) -> Starts | None:
        waits, ranks = self.waits, luck.permutation(len(self.names))
        order: list[int] = []
        while len(order) < len(ranks):
            free = [at for at in range(len(ranks)) if at not in order and waits[at] <= set(order)]
            order.append(min(free, key=lambda at: ranks[at]))
        starts = self._starts(order)
        return starts if self.same_money(starts) else None

    def _starts(self, order: list[int]) -> Starts:
        dates = dict(zip(order, self.dates, strict=True))
        return tuple(dates[at] for at in range(len(order)))

    def _extensions(self) -> Iterator[Starts]:
        """Every way to fill the dates one after the other with items whose prerequisites have theirs."""
        waits, dates, horizon = self.waits, self.dates, len(self.names)

        def fill(order: list[int]) -> Iterator[Starts]:
            if len(order) == horizon:
                starts = self._starts(order)
                if self.same_money(starts):
                    yield starts
                return
            same_date = bool(order) and dates[len(order)] == dates[len(order) - 1]
            for at in range(horizon):
                if at in order or not waits[at] <= set(order):
                    continue
                if same_date and at < order[-1] and order[-1] not in waits[at]:
                    continue
                yield from fill([*order, at])

        seen: set[Starts] = set()
        for starts in fill([]):
            if starts not in seen:
                seen.add(starts)
                yield starts
