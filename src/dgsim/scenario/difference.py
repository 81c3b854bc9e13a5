"""What differs between two scenarios, in the policy's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dgsim.numbers import digits_text
from dgsim.scenario.calendar import NEVER, QUARTERS_PER_YEAR, horizon_text, quarter_text
from dgsim.scenario.loading import parent_of
from dgsim.scenario.model import Scenario
from dgsim.scenario.plan import ITEM_ORDER, RoadmapItem
from dgsim.scenario.rules import NEVER_TEXT
from dgsim.scenario.schema import default_value
from dgsim.world.tables import ITEMS, PARAMETERS, Parameter

SCALE = "0..1"
SMALLEST_MONEY = 0.05


@dataclass(frozen=True)
class Change:
    """One difference, and its sentence.

    ``theme`` is a lever's theme, or one of roadmap, horizon, assumptions and money; ``quarter`` is the index
    from which the two differ in this way; ``before`` and ``after`` are the values in the first and the second
    scenario (None where a roadmap has no such item).
    """

    theme: str
    name: str
    quarter: int
    before: Any
    after: Any
    sentence: str


def difference(first: Scenario, second: Scenario) -> tuple[Change, ...]:
    """What makes the second scenario another policy than the first.

    Levers come in the order of the parameter table, then the roadmap, the horizon, assumptions and the
    planned money. Name and question are no part of the policy.
    """
    return (
        *(change for lever in PARAMETERS.levers for change in _lever(lever, first, second)),
        *_roadmap(first, second),
        *_horizon(first, second),
        *_assumptions(first, second),
        *_money(first, second),
    )


def describe_difference(first: Scenario, second: Scenario) -> list[str]:
    """The sentences of the difference; none where the policies are the same."""
    return [change.sentence for change in difference(first, second)]


def describe_parent(scenario: Scenario, most: int = 3) -> str:
    """One line: the names a scenario extends, and what it changes (``most`` sentences, and how many more)."""
    if not scenario.extends:
        return "stands alone"
    names = " + ".join(scenario.extends)
    parent = parent_of(scenario)
    if parent is None:
        return f"{names}: settles what they disagree on"
    sentences = describe_difference(parent, scenario)
    more = [f"and {len(sentences) - most} more"] if len(sentences) > most else []
    return f"{names}: {'; '.join(sentences[:most] + more) or 'the same policy'}"


def value_text(parameter: Parameter, value: Any) -> str:
    """A parameter's value in words, without its unit."""
    if parameter.type == "quarter":
        return NEVER_TEXT if value == NEVER else quarter_text(value)
    if parameter.type == "flag":
        return "yes" if value else "no"
    return digits_text(value) if parameter.type in ("float", "int") else str(value).replace("_", " ")


def _unit(parameter: Parameter) -> str:
    return f" {parameter.unit}" if parameter.unit not in ("", SCALE) else ""


def _lever(parameter: Parameter, first: Scenario, second: Scenario) -> Iterator[Change]:
    """A sentence for every quarter from which the two differ in another way than before, or no longer."""
    name = parameter.name
    quarters = {quarter for scenario in (first, second) for quarter, _ in scenario.lever_path(name)}
    known: tuple[Any, Any] = (None, None)
    for quarter in sorted(quarters):
        before, after = first.lever(name, quarter), second.lever(name, quarter)
        since = f"from {quarter_text(quarter)}: " if quarter else ""
        old, new = value_text(parameter, before), value_text(parameter, after)
        values = f"{new}{_unit(parameter)} in both"
        if before != after:
            values = f"{old} -> {new}{_unit(parameter)}"
        if before != after or known[0] != known[1]:
            yield Change(parameter.theme, name, quarter, before, after, f"{since}{parameter.label}: {values}")
        known = (before, after)


def _roadmap(first: Scenario, second: Scenario) -> Iterator[Change]:
    old, new = ({item.name: item for item in scenario.roadmap} for scenario in (first, second))
    words = ItemWords(old | new)
    for item in sorted((old | new).values(), key=lambda item: (ITEM_ORDER[item.item], item.name)):
        before, after = old.get(item.name), new.get(item.name)
        if before != after:
            if before and after:
                sentence = words.changed(before, after)
            else:
                sentence = f"{'new' if after else 'dropped'} item: {words.whole(item)}"
            start = min(one.start for one in (before, after) if one)
            yield Change("roadmap", item.name, start, before, after, sentence)


class ItemWords:
    """Roadmap items in words: their labels, and how one became the other."""

    def __init__(self, items: dict[str, RoadmapItem]) -> None:
        self._items = items

    def whole(self, item: RoadmapItem) -> str:
        """An item with its start, length, cost and what it waits for."""
        waits = f", waits for {self._labels(item.after)}" if item.after else ""
        span = f"starts {quarter_text(item.start)}, runs {_quarters(item.quarters)}"
        return f"{self._label(item)} {span}, costs {digits_text(item.cost_bvnd)} bvnd{waits}"

    def changed(self, before: RoadmapItem, after: RoadmapItem) -> str:
        """How an item that both scenarios have differs."""
        return f"{self._label(before)} {'; '.join(self._changes(before, after))}"

    def _changes(self, before: RoadmapItem, after: RoadmapItem) -> Iterator[str]:
        if before.item != after.item:
            yield f"pays for {ITEMS[after.item].label} instead of {ITEMS[before.item].label}"
        if before.start != after.start:
            starts = f"starts {quarter_text(after.start)} instead of {quarter_text(before.start)}"
            yield f"{starts}, {_shift(after.start - before.start)}"
        if before.cost_bvnd != after.cost_bvnd:
            yield f"costs {digits_text(after.cost_bvnd)} instead of {digits_text(before.cost_bvnd)} bvnd"
        if before.quarters != after.quarters:
            yield f"runs {_quarters(after.quarters)} instead of {before.quarters}"
        if fresh := set(after.after) - set(before.after):
            yield f"waits for {self._labels(sorted(fresh))}"
        if gone := set(before.after) - set(after.after):
            yield f"no longer waits for {self._labels(sorted(gone))}"

    def _label(self, item: RoadmapItem) -> str:
        return ITEMS[item.item].label + (f" ({item.name})" if item.name != item.item else "")

    def _labels(self, names: tuple[str, ...] | list[str]) -> str:
        return ", ".join(self._label(self._items[name]) for name in names)


def _quarters(count: int) -> str:
    return f"{count} quarter{'' if count == 1 else 's'}"


def _shift(quarters: int) -> str:
    years, rest = divmod(abs(quarters), QUARTERS_PER_YEAR)
    span = _quarters(abs(quarters)) if rest else f"{years} year{'' if years == 1 else 's'}"
    return f"{span} {'later' if quarters > 0 else 'earlier'}"


def _horizon(first: Scenario, second: Scenario) -> Iterator[Change]:
    pairs = {
        "quarters": ("Horizon", first.plan_quarters, second.plan_quarters),
        "stop_after": ("Simulated", first.quarters, second.quarters),
    }
    for name, (label, before, after) in pairs.items():
        same_as_plan = name == "stop_after" and (before, after) == (first.plan_quarters, second.plan_quarters)
        if before != after and not same_as_plan:
            sentence = f"{label}: {horizon_text(before)} -> {horizon_text(after)}"
            yield Change("horizon", name, 0, before, after, sentence)


def _assumptions(first: Scenario, second: Scenario) -> Iterator[Change]:
    assumed = (first.assumptions, second.assumptions)
    for parameter in PARAMETERS.uncertain:
        name, default = parameter.name, default_value(parameter)
        before, after = (assumptions.get(name, default) for assumptions in assumed)
        if before != after:
            values = f"{value_text(parameter, before)} -> {value_text(parameter, after)}{_unit(parameter)}"
            yield Change("assumptions", name, 0, before, after, f"Assumption: {parameter.label}: {values}")


def _money(first: Scenario, second: Scenario) -> Iterator[Change]:
    before, after = first.planned_money(), second.planned_money()
    if abs(after - before) > SMALLEST_MONEY:
        values = f"{digits_text(round(before, 1))} -> {digits_text(round(after, 1))} bvnd"
        yield Change("money", "planned_money", 0, before, after, f"Planned money: {values} over the horizon")
