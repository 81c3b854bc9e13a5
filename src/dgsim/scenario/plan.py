"""The dated parts of a scenario, and what can be wrong between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from dgsim.errors import did_you_mean
from dgsim.scenario.calendar import horizon_text, quarter_text
from dgsim.scenario.errors import shown
from dgsim.scenario.rules import Value
from dgsim.world.tables import ITEMS, MOST_ITEMS

ITEM_ORDER = {name: number for number, name in enumerate(ITEMS.names)}


class RoadmapItem(BaseModel):
    """One thing the centre pays for: from which quarter (an index), for how many, and what it costs."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    item: str
    start: int
    quarters: int
    cost_bvnd: float
    after: tuple[str, ...] = ()

    def order(self) -> tuple[int, int, str]:
        """The order of a roadmap: by start, then as in the table of items, then by name."""
        return self.start, ITEM_ORDER[self.item], self.name

    def cost_within(self, quarters: int) -> float:
        """The part of the cost (bvnd) that falls within a horizon, spent evenly over the item's quarters."""
        inside = min(self.quarters, max(quarters - self.start, 0))
        return self.cost_bvnd * inside / self.quarters


class LeverChange(BaseModel):
    """A lever's new value from a quarter (its index) on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    quarter: int
    name: str
    value: Value


def effective_changes(start: Mapping[str, Value], changes: Iterable[LeverChange]) -> tuple[LeverChange, ...]:
    """The changes by date and the order of the levers, without those that leave a lever as it was."""
    in_force = dict(start)
    order = {name: number for number, name in enumerate(start)}
    kept = []
    for change in sorted(changes, key=lambda change: (change.quarter, order[change.name])):
        if in_force[change.name] != change.value:
            in_force[change.name] = change.value
            kept.append(change)
    return tuple(kept)


def roadmap_faults(roadmap: Iterable[RoadmapItem], quarters: int) -> Iterator[tuple[str, str, str]]:
    """What is wrong between the items of a roadmap: name of the item, its key, and the sentence."""
    items = {item.name: item for item in roadmap}
    if len(items) > MOST_ITEMS:
        last = list(items)[MOST_ITEMS]
        yield last, "", f"roadmap.{last}: the roadmap has {len(items)} items; at most {MOST_ITEMS} are allowed"
    for item in items.values():
        if item.start >= quarters:
            text = f'"{quarter_text(item.start)}" is outside the horizon {horizon_text(quarters)}'
            yield item.name, "start", f"roadmap.{item.name}.start = {text}"
        for name in item.after:
            if name not in items:
                meant = did_you_mean(name, items)
                text = f"{shown(name)} names no item of the roadmap{meant}"
                yield item.name, "after", f"roadmap.{item.name}.after = {text}"
    waits = {item.name: [name for name in item.after if name in items] for item in items.values()}
    for circle in circles(waits):
        yield circle[0], "after", f"roadmap.{circle[0]}.after goes in a circle: {' waits for '.join(circle)}"


def circles(waits: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Every way back to a name along what it waits for, found once.

    >>> list(circles({"a": ["b"], "b": ["a"], "c": ["a"]}))
    [['a', 'b', 'a']]
    """
    done: set[str] = set()
    for first in waits:
        trail, branches = [first], [iter(waits[first])]
        while trail:
            following = next((name for name in branches[-1] if name not in done), None)
            if following is None:
                done.add(trail.pop())
                branches.pop()
            elif following in trail:
                yield [*trail[trail.index(following) :], following]
            else:
                trail.append(following)
                branches.append(iter(waits[following]))
