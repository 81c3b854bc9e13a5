"""The roadmap as the timeline shows it: its bars, what a year costs, and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dgsim.app.content.tables import Twin
from dgsim.numbers import digits_text, fixed_text
from dgsim.scenario import RoadmapItem, Scenario
from dgsim.scenario.calendar import FIRST_YEAR, quarter_text
from dgsim.scenario.plan import ITEM_ORDER
from dgsim.texts import Words
from dgsim.texts.clauses import Item
from dgsim.world.tables import QUARTERS_PER_YEAR

SMALLEST = 0.5  # bvnd; less is no overspending


def late_items(roadmap: tuple[RoadmapItem, ...]) -> set[str]:
    """The items planned to start before something they wait for is planned to be done."""
    ends = {item.name: item.start + item.quarters for item in roadmap}
    return {item.name for item in roadmap if any(ends[name] > item.start for name in item.after)}


def timeline_items(policy: Scenario, before: Scenario, words: Words) -> list[dict[str, Any]]:
    """The bars, each with the ghost of where it was."""
    ghosts = {item.name: item for item in before.roadmap}
    late = late_items(policy.roadmap)
    rows = sorted(policy.roadmap, key=lambda item: (ITEM_ORDER[item.item], item.name))  # a bar stays in its row
    return [_bar(item, ghosts.get(item.name), item.name in late, words) for item in rows]


def _bar(item: RoadmapItem, ghost: RoadmapItem | None, late: bool, words: Words) -> dict[str, Any]:
    label = item_name(item, words)
    cost = digits_text(round(item.cost_bvnd, 1), language=words.language)
    values = {"label": label, "start": quarter_text(item.start), "quarters": item.quarters, "cost": cost}
    moved_from = ghost if ghost and (ghost.start, ghost.quarters) != (item.start, item.quarters) else None
    return {
        "name": item.name,
        "label": label,
        "start": item.start,
        "quarters": item.quarters,
        "entered": {
            "quarters": digits_text(item.quarters, language=words.language),
            "cost": digits_text(item.cost_bvnd, language=words.language),
        },
        "cost": cost,
        "after": list(item.after),
        "late": late,
        "ghost": {"start": moved_from.start, "quarters": moved_from.quarters} if moved_from else None,
        "spoken": words("sequence.spoken_late" if late else "sequence.spoken", **values),
    }


def item_name(item: RoadmapItem, words: Words) -> str:
    """An item in words, told apart from others of its kind."""
    return Item(item.item, item.name).text(words)


def yearly_cost(scenario: Scenario) -> list[float]:
    """What the roadmap is planned to cost in each year of the horizon, bvnd."""
    years = [0.0] * -(-scenario.plan_quarters // QUARTERS_PER_YEAR)
    for item in scenario.roadmap:
        for quarter in range(item.start, min(item.start + item.quarters, scenario.plan_quarters)):
            years[quarter // QUARTERS_PER_YEAR] += item.cost_bvnd / item.quarters
    return years


@dataclass(frozen=True)
class Budget:
    """Yearly cost now and before, which years are over, and the sentences that warn (or say that all is within)."""

    strip: list[dict[str, Any]]
    sentences: list[str]
    over: bool


def budget(policy: Scenario, before: Scenario, origin: Scenario, words: Words) -> Budget:
    """The strip below the timeline; the limit is what the plan started from costs, in all and in its dearest year."""
    now, was, limit = yearly_cost(policy), yearly_cost(before), yearly_cost(origin)
    most = max(limit, default=0.0)
    over = [most > 0 and cost > most + SMALLEST for cost in now]
    strip = [
        {
            "now": round(cost, 1),
            "before": round(was[y] if y < len(was) else 0.0, 1),
            "over": over[y],
            "text": fixed_text(cost, 0, language=words.language),
        }
        for y, cost in enumerate(now)
    ]
    total, start = sum(now), sum(limit)
    amounts = {"now": total, "before": start, "more": total - start}
    values = {name: fixed_text(amount, 0, language=words.language) for name, amount in amounts.items()}
    too_much = total > start + SMALLEST
    sentences = [words("sequence.over_total" if too_much else "sequence.within", **values)]
    if any(over):
        years = ", ".join(str(FIRST_YEAR + year) for year, bad in enumerate(over) if bad)
        sentences.append(words("sequence.over_year", years=years, most=fixed_text(most, 0, language=words.language)))
    return Budget(strip, sentences, too_much or any(over))


def roadmap_twin(policy: Scenario, words: Words) -> Twin:
    """The roadmap as a table."""
    keys = ("sequence.item", "sequence.start", "sequence.length", "sequence.cost", "sequence.after")
    names = {item.name: item_name(item, words) for item in policy.roadmap}
    rows = tuple(
        (names[i.name], quarter_text(i.start), i.quarters, i.cost_bvnd, ", ".join(names[n] for n in i.after))
        for i in policy.roadmap
    )
    return Twin(words("sequence.table"), tuple(words(key) for key in keys), rows)
