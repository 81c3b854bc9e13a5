"""What becomes of a view's roadmap when an item is moved, added or removed."""

from __future__ import annotations

from typing import Any

from dgsim.app.state.entered import number_entered, whole_entered
from dgsim.app.state.refusal import Refusal
from dgsim.app.state.view import History, View
from dgsim.errors import ScenarioError
from dgsim.scenario import RoadmapItem, Scenario
from dgsim.scenario.calendar import LONGEST_HORIZON, quarter_text
from dgsim.scenario.plan import circles, roadmap_faults
from dgsim.scenario.schema import LARGEST_COST
from dgsim.texts.clauses import Item, Key, Listed, clause
from dgsim.world.tables import ITEMS

MOST_ON_THE_TIMELINE = 20


def moved(view: View, data: dict[str, Any]) -> View:
    """One item given another start, length, cost or waits; raises ScenarioError in the validator's words."""
    kept = []
    for item in view.policy.roadmap:
        if item.name == data.get("name"):
            item = _changed(item, data, view.language)
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
    if kind not in ITEMS.names:
        raise ScenarioError(f"{kind[:40]} is no item")
    if len(view.policy.roadmap) >= MOST_ON_THE_TIMELINE:
        raise Refusal(clause("sequence.most", count=MOST_ON_THE_TIMELINE))
    about = ITEMS[kind]
    names = {item.name for item in view.policy.roadmap}
    name = next(n for n in (kind, *(f"{kind}_{k}" for k in range(2, MOST_ON_THE_TIMELINE + 2))) if n not in names)
    item = RoadmapItem(
        name=name, item=kind, start=0, quarters=int(about.shortest_quarters), cost_bvnd=about.full_cost_bvnd
    )
    return _with_roadmap(view, [*view.policy.roadmap, item])


def _changed(item: RoadmapItem, data: dict[str, Any], language: str) -> RoadmapItem:
    start = int(data.get("start", item.start))
    quarters = whole_entered(data.get("quarters", item.quarters), Key("sequence.length"), language)
    cost = float(number_entered(data.get("cost", item.cost_bvnd), Key("sequence.cost"), language))
    if start < 0 or not 1 <= quarters <= LONGEST_HORIZON or not 0 <= cost <= LARGEST_COST:
        raise Refusal(clause("sequence.range", item=said(item), longest=LONGEST_HORIZON, dearest=int(LARGEST_COST)))
    after = tuple(sorted(str(name) for name in data.get("after", item.after)))
    return item.model_copy(update={"start": start, "quarters": quarters, "cost_bvnd": cost, "after": after})


def _with_roadmap(view: View, items: list[RoadmapItem]) -> View:
    for item in items:
        if item.start >= view.policy.plan_quarters:
            last = quarter_text(view.policy.plan_quarters - 1)
            raise Refusal(clause("sequence.outside", item=said(item), last=last))
    by_name = {item.name: item for item in items}
    waits = {item.name: [name for name in item.after if name in by_name] for item in items}
    for circle in circles(waits):
        chain = Listed(tuple(said(by_name[name]) for name in circle), "list.waits")
        raise Refusal(clause("sequence.circle", chain=chain))
    faults = [text for _, _, text in roadmap_faults(items, view.policy.plan_quarters)]
    if faults:
        raise ScenarioError("\n".join(faults))
    roadmap = tuple(sorted(items, key=RoadmapItem.order))
    return view.with_policy(view.policy.model_copy(update={"roadmap": roadmap}))


def said(item: RoadmapItem) -> Item:
    """An item as a fact that any language tells."""
    return Item(item.item, item.name)


def previous_plan(history: History) -> Scenario:
    """The plan before the last change of the roadmap; what the policy started from if it was never changed."""
    now = history.now.policy.roadmap
    return next((view.policy for view in reversed(history.past) if view.policy.roadmap != now), history.now.origin)
