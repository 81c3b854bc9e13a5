"""The roadmap as the timeline shows it, and what becomes of it when an item is moved, added or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dgsim.app.content.story import item_label
from dgsim.app.content.tables import Twin
from dgsim.app.content.texts import Words
from dgsim.app.state.view import History, View
from dgsim.errors import ScenarioError
from dgsim.numbers import digits_text
from dgsim.scenario import RoadmapItem, Scenario
from dgsim.scenario.calendar import FIRST_YEAR, QUARTERS_PER_YEAR, quarter_text
from dgsim.scenario.plan import ITEM_ORDER, roadmap_faults
from dgsim.scenario.schema import LARGEST_COST
from dgsim.world.tables import ITEMS

MOST_ITEMS = 20
SMALLEST = 0.5  # bvnd; less is no overspending


def moved(view: View, data: dict[str, Any]) -> View:
    """One item given another start, length, cost or waits; raises ScenarioError in the validator's words."""
    kept = []
    for item in view.policy.roadmap:
        if item.name == data.get("name"):
            item = _changed(item, data)
        kept.append(item)
    return _with_roadmap(view, kept)


def removed(view: View, name: str) -> View:
    """The roadmap without an item; nobody waits for it any more."""
    kept = [item for item in view.policy.roadmap if item.name != name]
    return _with_roadmap(
        view, [item.model_copy(update={"after": tuple(n for n in item.after if n != name)}) for item in kept]
    )


def added(view: View, kind: str) -> View:
    """The roadmap with one more item of a kind, at its full cost and in its shortest time."""
    if kind not in ITEMS:
        raise ScenarioError(f"{kind[:40]} is no item")
    if len(view.policy.roadmap) >= MOST_ITEMS:
        raise ScenarioError(f"a roadmap holds at most {MOST_ITEMS} items")
    about = ITEMS[kind]
    names = {item.name for item in view.policy.roadmap}
    name = next(n for n in (kind, *(f"{kind}_{k}" for k in range(2, MOST_ITEMS + 2))) if n not in names)
    item = RoadmapItem(
        name=name, item=kind, start=0, quarters=int(about.shortest_quarters), cost_bvnd=about.full_cost_bvnd
    )
    return _with_roadmap(view, [*view.policy.roadmap, item])


def _changed(item: RoadmapItem, data: dict[str, Any]) -> RoadmapItem:
    start, quarters = int(data.get("start", item.start)), int(data.get("quarters", item.quarters))
    cost = float(data.get("cost", item.cost_bvnd))
    if start < 0 or not 1 <= quarters <= 400 or not 0 <= cost <= LARGEST_COST:
        raise ScenarioError(f"roadmap.{item.name}: start, length or cost is out of range")
    after = tuple(sorted(str(name) for name in data.get("after", item.after)))
    return item.model_copy(update={"start": start, "quarters": quarters, "cost_bvnd": cost, "after": after})


def _with_roadmap(view: View, items: list[RoadmapItem]) -> View:
    faults = [text for _, _, text in roadmap_faults(items, view.policy.plan_quarters)]
    if faults:
        raise ScenarioError("\n".join(faults))
    roadmap = tuple(sorted(items, key=RoadmapItem.place))
    return view.with_policy(view.policy.model_copy(update={"roadmap": roadmap}))


def previous_plan(history: History) -> Scenario:
    """The plan before the last change of the roadmap; what the policy started from if it was never changed."""
    now = history.now.policy.roadmap
    return next((view.policy for view in reversed(history.past) if view.policy.roadmap != now), history.now.origin)


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
    cost = digits_text(round(item.cost_bvnd, 1))
    values = {"label": label, "start": quarter_text(item.start), "quarters": item.quarters, "cost": cost}
    moved_from = ghost if ghost and (ghost.start, ghost.quarters) != (item.start, item.quarters) else None
    return {
        "name": item.name,
        "label": label,
        "start": item.start,
        "quarters": item.quarters,
        "bvnd": item.cost_bvnd,
        "cost": cost,
        "after": list(item.after),
        "late": late,
        "ghost": {"start": moved_from.start, "quarters": moved_from.quarters} if moved_from else None,
        "spoken": words("sequence.spoken_late" if late else "sequence.spoken", **values),
    }


def item_name(item: RoadmapItem, words: Words) -> str:
    """An item in words, told apart from others of its kind."""
    label = item_label(item.item, words)
    return label if item.name == item.item else f"{label} ({item.name})"


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
            "text": f"{cost:,.0f}",
        }
        for y, cost in enumerate(now)
    ]
    total, start = sum(now), sum(limit)
    values = {"now": f"{total:,.0f}", "before": f"{start:,.0f}", "more": f"{total - start:,.0f}"}
    too_much = total > start + SMALLEST
    sentences = [words("sequence.over_total" if too_much else "sequence.within", **values)]
    if any(over):
        years = ", ".join(str(FIRST_YEAR + year) for year, bad in enumerate(over) if bad)
        sentences.append(words("sequence.over_year", years=years, most=f"{most:,.0f}"))
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
