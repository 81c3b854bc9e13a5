"""Scenarios that take some groups of levers from one scenario and the others from another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dgsim.errors import StudyError
from dgsim.scenario import Change, Scenario, difference, quarter_text
from dgsim.scenario.plan import LeverChange, RoadmapItem, circles
from dgsim.study.together import check_lengths
from dgsim.texts.clauses import Fact, Item, Key, Listed
from dgsim.world.tables import PARAMETERS

ROADMAP_THEME, ASSUMPTIONS_THEME = "roadmap", "assumptions"
NO_GROUP = ("money", "horizon")  # what follows from the rest, and how long the plan was written for


@dataclass(frozen=True)
class Group:
    """What is taken from one scenario or the other as a whole.

    theme     a theme of levers, "roadmap" or "assumptions"
    changes   what differs
    parts     the roadmap items of the group; empty where it is a theme or the whole roadmap
    """

    theme: str
    changes: tuple[Change, ...]
    parts: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The names of the roadmap items."""
        return tuple(item.name for item in self.parts)

    @property
    def name(self) -> str:
        """What tables call it: its theme, and the names of its items."""
        return f"{self.theme}: {' and '.join(self.items)}" if self.parts else self.theme

    @property
    def label(self) -> Fact:
        """What people call it."""
        return Listed(self.parts, "list.and") if self.parts else Key(f"theme.{self.theme}")

    @property
    def says(self) -> tuple[str, ...]:
        """The difference in the policy's own words, a sentence a change."""
        return tuple(change.sentence for change in self.changes)


def what_matters(first: Scenario, second: Scenario) -> list[Change]:
    """What may make scenarios of one length end elsewhere: a lever only from its date on, an item once announced."""
    return [
        change
        for change in difference(first, second)
        if change.theme not in NO_GROUP and (change.theme == ROADMAP_THEME or change.quarter < first.quarters)
    ]


class Hybrids:
    """Two scenarios of one length, and every mixed one: groups of the second, the rest of the first.

    In a mixture an item waits only for items that are in it.
    """

    def __init__(self, first: Scenario, second: Scenario, *, items: bool = False) -> None:
        check_lengths((first, second))
        self.first, self.second = first, second
        self.groups = tuple(self._groups(items))
        if not self.groups:
            cut = first.quarters < first.plan_quarters
            until = f" up to {quarter_text(first.quarters - 1)}" if cut else ""
            raise StudyError(f"{first.name} and {second.name} are the same policy{until}: there is nothing to explain")

    def of(self, coalition: int) -> Scenario:
        """The scenario with the groups whose bits are set from the second, all else from the first."""
        taken = {group.name for at, group in enumerate(self.groups) if coalition >> at & 1}
        parts = [self.second if lever.theme in taken else self.first for lever in PARAMETERS.levers]
        source = dict(zip(PARAMETERS.levers.names, parts, strict=True))
        changes = [
            LeverChange(quarter=quarter, name=name, value=value)
            for name, scenario in source.items()
            for quarter, value in scenario.lever_path(name)[1:]
        ]
        assumed = self.second if ASSUMPTIONS_THEME in taken else self.first
        order = {name: number for number, name in enumerate(source)}
        return Scenario(
            name=f"{self.first.name} with {', '.join(sorted(taken)) or 'nothing'} of {self.second.name}",
            quarters=self.first.quarters,
            plan_quarters=max(self.first.plan_quarters, self.second.plan_quarters),
            levers=tuple((name, scenario.lever(name)) for name, scenario in source.items()),
            changes=tuple(sorted(changes, key=lambda change: (change.quarter, order[change.name]))),
            roadmap=self._roadmap(taken),
            overrides=assumed.overrides,
        )

    def _roadmap(self, taken: set[str]) -> tuple[RoadmapItem, ...]:
        """The items of either scenario, group by group."""
        old, new = ({item.name: item for item in plan.roadmap} for plan in (self.first, self.second))
        if ROADMAP_THEME in taken:
            old = new
        for group in self.groups:
            if group.items and group.name in taken:
                old = {name: item for name, item in old.items() if name not in group.items}
                old |= {name: new[name] for name in group.items if name in new}
        kept = (item.model_copy(update={"after": tuple(n for n in item.after if n in old)}) for item in old.values())
        return tuple(sorted(kept, key=RoadmapItem.order))

    def _groups(self, items: bool) -> Iterable[Group]:
        changes = what_matters(self.first, self.second)
        for theme in dict.fromkeys(change.theme for change in changes):
            here = [change for change in changes if change.theme == theme]
            if theme != ROADMAP_THEME or not items:
                yield Group(theme, tuple(here))
                continue
            kinds = {item.name: item.item for plan in (self.first, self.second) for item in plan.roadmap}
            for names in self._inseparable([change.name for change in here]):
                theirs = tuple(change for change in here if change.name in names)
                yield Group(ROADMAP_THEME, theirs, tuple(Item(kinds[name], name) for name in names))

    def _inseparable(self, names: list[str]) -> list[tuple[str, ...]]:
        """The items, those together that wait for each other once both plans are mixed."""
        waits: dict[str, set[str]] = {}
        for plan in (self.first, self.second):
            for item in plan.roadmap:
                waits.setdefault(item.name, set()).update(item.after)
        sets = [{name} for name in names]
        for circle in circles(waits):
            hit = [group for group in sets if group & set(circle)]
            if hit:
                sets = [group for group in sets if group not in hit] + [set().union(*hit)]
        return [tuple(name for name in names if name in group) for group in sets]
