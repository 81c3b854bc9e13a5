"""What differs between two policies, a line a difference, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dgsim.app.content.story import item_label
from dgsim.app.content.texts import Words
from dgsim.numbers import digits_text
from dgsim.scenario import Change, RoadmapItem
from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.difference import value_text
from dgsim.world.tables import PARAMETERS


def change_lines(changes: Iterable[Change], words: Words) -> list[str]:
    """Differences, each in a line: of levers, roadmap, horizon, assumptions and the planned money.

    >>> from dgsim.app.content.texts import words
    >>> from dgsim.scenario import difference, load_scenario
    >>> plan = load_scenario("staged")
    >>> change_lines(difference(plan, plan.with_changes(credibility=0.2)), words("en"))
    ['Credibility of the announced plan at the start: 0.7 → 0.2']
    """
    return [change_line(change, words) for change in changes]


def change_line(change: Change, words: Words) -> str:
    """One difference in words."""
    return _line(change, words).strip()


def _line(change: Change, words: Words) -> str:
    if change.theme == "roadmap":
        return _item_line(change, words)
    if change.theme in ("money", "horizon"):
        ends = {"before": digits_text(round(change.before)), "after": digits_text(round(change.after))}
        return words(f"change.{change.theme}", **ends)
    parameter = PARAMETERS[change.name]
    since = words("change.since", quarter=quarter_text(change.quarter)) if change.quarter else ""
    key = "change.both" if change.before == change.after else "change.lever"
    return words(
        key,
        since=since,
        label=words.of(parameter.label),
        before=words.of(value_text(parameter, change.before)),
        after=words.of(value_text(parameter, change.after)),
        unit=words.of(parameter.unit) if parameter.unit != "0..1" else "",
    )


def _item_line(change: Change, words: Words) -> str:
    old: RoadmapItem | None = change.before
    new: RoadmapItem | None = change.after
    if new is None:
        return words("change.gone", label=item_label(old.item if old else change.name, words))
    label = item_label(new.item, words)
    if old is None:
        cost = digits_text(new.cost_bvnd)
        return words("change.new", label=label, start=quarter_text(new.start), quarters=new.quarters, cost=cost)
    return f"{label}: {'; '.join(_parts(old, new, words))}"


def _parts(old: RoadmapItem, new: RoadmapItem, words: Words) -> Iterator[str]:
    ends: dict[str, tuple[Any, Any]] = {
        "item": (item_label(old.item, words), item_label(new.item, words)),
        "start": (quarter_text(old.start), quarter_text(new.start)),
        "quarters": (old.quarters, new.quarters),
        "cost": (digits_text(old.cost_bvnd), digits_text(new.cost_bvnd)),
        "after": (_names(old.after, words), _names(new.after, words)),
    }
    return (words(f"change.{key}", before=a, after=b) for key, (a, b) in ends.items() if a != b)


def _names(names: tuple[str, ...], words: Words) -> str:
    return ", ".join(item_label(name, words) for name in names) or words("change.nothing")
