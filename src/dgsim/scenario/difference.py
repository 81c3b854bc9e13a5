"""What differs between two scenarios, in the policy's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dgsim.numbers import SCALE, digits_text
from dgsim.scenario.calendar import START, quarter_text
from dgsim.scenario.loading import parent_of
from dgsim.scenario.model import Scenario
from dgsim.scenario.plan import ITEM_ORDER, RoadmapItem
from dgsim.scenario.rules import written
from dgsim.scenario.schema import default_value
from dgsim.texts import words
from dgsim.texts.clauses import Clause, Fill, Item, Key, Label, Listed, Number, clause
from dgsim.world.tables import PARAMETERS, QUARTERS_PER_YEAR, Parameter

SMALLEST_MONEY = 0.05


@dataclass(frozen=True)
class Change:
    """One difference, and what is said of it.

    ``theme`` is a lever's theme, or one of roadmap, horizon, assumptions and money; ``quarter`` is the index
    from which the two differ in this way; ``before`` and ``after`` are the values in the first and the second
    scenario (None where a roadmap has no such item).
    """

    theme: str
    name: str
    quarter: int
    before: Any
    after: Any
    said: Clause

    @property
    def sentence(self) -> str:
        """It in words, in English."""
        return self.said.text(words())


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
    return parent_said(scenario, most).text(words())


def parent_said(scenario: Scenario, most: int = 3) -> Clause:
    """The same, as a sentence in any language."""
    if not scenario.extends:
        return clause("parent.none")
    names = " + ".join(scenario.extends)
    parent = parent_of(scenario)
    if parent is None:
        return clause("parent.settles", names=names)
    said = [change.said for change in difference(parent, scenario)]
    more = [clause("parent.more", count=len(said) - most)] if len(said) > most else []
    changes = Listed((*said[:most], *more), "list.semicolon") if said else Key("parent.same")
    return clause("parent.changes", names=names, changes=changes)


def value_text(parameter: Parameter, value: Any) -> str:
    """A parameter's value in words, without its unit."""
    if parameter.type == "quarter":
        quarter: str = written(parameter, value)
        return quarter
    if parameter.type == "flag":
        return "yes" if value else "no"
    return digits_text(value) if parameter.type in ("float", "int") else str(value).replace("_", " ")


def _value(parameter: Parameter, value: Any) -> Fill:
    """A parameter's value as a fact, without its unit."""
    return Number(value) if parameter.type in ("float", "int") else Label(value_text(parameter, value))


def _unit(parameter: Parameter) -> Fill:
    return clause("change.unit", unit=Label(parameter.unit)) if parameter.unit not in ("", SCALE) else ""


def _lever(parameter: Parameter, first: Scenario, second: Scenario) -> Iterator[Change]:
    """A change for every quarter from which the two differ in another way than before, or no longer."""
    name = parameter.name
    quarters = {quarter for scenario in (first, second) for quarter, _ in scenario.lever_path(name)}
    known: tuple[Any, Any] = (None, None)
    for quarter in sorted(quarters):
        before, after = first.lever(name, quarter), second.lever(name, quarter)
        if before != after or known[0] != known[1]:
            said = clause(
                "change.lever" if before != after else "change.both",
                since=clause("change.since", quarter=quarter_text(quarter)) if quarter else "",
                label=Label(parameter.label),
                before=_value(parameter, before),
                after=_value(parameter, after),
                unit=_unit(parameter),
            )
            yield Change(parameter.theme, name, quarter, before, after, said)
        known = (before, after)


def _roadmap(first: Scenario, second: Scenario) -> Iterator[Change]:
    old, new = ({item.name: item for item in scenario.roadmap} for scenario in (first, second))
    items = ItemChanges(old | new)
    for item in sorted((old | new).values(), key=lambda item: (ITEM_ORDER[item.item], item.name)):
        before, after = old.get(item.name), new.get(item.name)
        if before != after:
            if before and after:
                said = items.changed(before, after)
            else:
                said = clause("change.new" if after else "change.gone", item=items.whole(item))
            start = min(one.start for one in (before, after) if one)
            yield Change("roadmap", item.name, start, before, after, said)


class ItemChanges:
    """What is said of roadmap items: an item as a whole, and how one became the other."""

    def __init__(self, items: dict[str, RoadmapItem]) -> None:
        self._items = items

    def whole(self, item: RoadmapItem) -> Clause:
        """An item with its start, length, cost and what it waits for."""
        return clause(
            "change.whole",
            label=_item(item),
            start=quarter_text(item.start),
            span=_quarters(item.quarters),
            cost=Number(item.cost_bvnd),
            waits=clause("change.waits", items=self._listed(item.after)) if item.after else "",
        )

    def changed(self, before: RoadmapItem, after: RoadmapItem) -> Clause:
        """How an item that both scenarios have differs."""
        parts = Listed(tuple(self._changes(before, after)), "list.semicolon")
        return clause("change.changed", label=_item(before), parts=parts)

    def _changes(self, before: RoadmapItem, after: RoadmapItem) -> Iterator[Clause]:
        if before.item != after.item:
            yield clause("change.item", before=_kind(before), after=_kind(after))
        if before.start != after.start:
            dates = {"before": quarter_text(before.start), "after": quarter_text(after.start)}
            yield clause("change.start", shift=_shift(after.start - before.start), **dates)
        if before.cost_bvnd != after.cost_bvnd:
            yield clause("change.cost", before=Number(before.cost_bvnd), after=Number(after.cost_bvnd))
        if before.quarters != after.quarters:
            yield clause("change.quarters", before=before.quarters, after=_quarters(after.quarters))
        if fresh := set(after.after) - set(before.after):
            yield clause("change.waits_for", items=self._listed(sorted(fresh)))
        if gone := set(before.after) - set(after.after):
            yield clause("change.waits_no_more", items=self._listed(sorted(gone)))

    def _listed(self, names: Sequence[str]) -> Listed:
        return Listed(tuple(_item(self._items[name]) for name in names))


def _item(item: RoadmapItem) -> Item:
    return Item(item.item, item.name)


def _kind(item: RoadmapItem) -> Item:
    return Item(item.item, item.item)


def _quarters(count: int) -> Clause:
    return clause("span.quarter" if count == 1 else "span.quarters", count=count)


def _shift(quarters: int) -> Clause:
    years, rest = divmod(abs(quarters), QUARTERS_PER_YEAR)
    span = _quarters(abs(quarters)) if rest else clause("span.year" if years == 1 else "span.years", count=years)
    return clause("change.later" if quarters > 0 else "change.earlier", span=span)


def _horizon(first: Scenario, second: Scenario) -> Iterator[Change]:
    pairs = {
        "quarters": ("change.horizon", first.plan_quarters, second.plan_quarters),
        "stop_after": ("change.simulated", first.quarters, second.quarters),
    }
    for name, (key, before, after) in pairs.items():
        same_as_plan = name == "stop_after" and (before, after) == (first.plan_quarters, second.plan_quarters)
        if before != after and not same_as_plan:
            said = clause(key, before=_whole_span(before), after=_whole_span(after))
            yield Change("horizon", name, 0, before, after, said)


def _whole_span(quarters: int) -> Clause:
    return clause("span.horizon", first=START, last=quarter_text(quarters - 1), count=quarters)


def _assumptions(first: Scenario, second: Scenario) -> Iterator[Change]:
    assumed = (first.assumptions, second.assumptions)
    for parameter in PARAMETERS.uncertain:
        name, default = parameter.name, default_value(parameter)
        before, after = (assumptions.get(name, default) for assumptions in assumed)
        if before != after:
            ends = {"before": _value(parameter, before), "after": _value(parameter, after)}
            said = clause("change.assumption", label=Label(parameter.label), unit=_unit(parameter), **ends)
            yield Change("assumptions", name, 0, before, after, said)


def _money(first: Scenario, second: Scenario) -> Iterator[Change]:
    before, after = first.planned_money(), second.planned_money()
    if abs(after - before) > SMALLEST_MONEY:
        said = clause("change.money", before=Number(round(before, 1)), after=Number(round(after, 1)))
        yield Change("money", "planned_money", 0, before, after, said)
