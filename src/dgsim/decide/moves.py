"""Moves of a plan's real levers, each by the same money a year where it costs any: the table `moves.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dgsim.scenario import Scenario
from dgsim.scenario.plan import LeverChange, RoadmapItem, effective_changes
from dgsim.scenario.rules import Value
from dgsim.world.tables import ITEMS, PARAMETERS, QUARTERS_PER_YEAR

TABLE = Path(__file__).with_name("moves.csv")
FOUNDATION = "foundation"


class Step(NamedTuple):
    """One thing that a move changes.

    part    lever, item (of the roadmap, by its kind) or foundations (all that the roadmap builds)
    how     more (by the money a year), at_least (so much), earlier (by so many quarters)
    """

    move: str
    part: str
    name: str
    how: str
    amount: float


@cache
def steps() -> tuple[Step, ...]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Step(row["move"], row["part"], row["name"], row["how"], float(row["amount"] or 0.0)) for row in rows)


def moves() -> tuple[str, ...]:
    """The names of all moves.

    >>> moves()[:3]
    ('equalisation', 'lump_sum', 'matching')
    """
    return tuple(dict.fromkeys(step.move for step in steps()))


def moved(plan: Scenario, move: str, money: float) -> Scenario:
    """The plan with one of its levers moved, by so much money a year (bvnd) where the move is one of money.

    What would leave the range of a lever stops at its end.

    >>> from dgsim.scenario import load_scenario
    >>> moved(load_scenario("staged"), "equalisation", 200.0).lever("equalisation")
    200.0
    """
    for step in (step for step in steps() if step.move == move):
        if step.part == "lever":
            plan = _lever_moved(plan, step, money)
        elif step.part == "item":
            plan = _with_roadmap(plan, _item_with_more(plan, step.name, money))
        else:
            plan = _with_roadmap(plan, _foundations_earlier(plan, int(step.amount)))
    return plan.model_copy(update={"name": f"{plan.name}-{move}"})


def _lever_moved(plan: Scenario, step: Step, money: float) -> Scenario:
    """The lever's whole path moved: its value at the start, and each that follows."""
    highest = PARAMETERS[step.name].high
    assert highest is not None

    def new(value: Value) -> Value:
        number = float(value) + money if step.how == "more" else max(float(value), step.amount)
        return min(number, highest)

    levers = tuple((name, new(value) if name == step.name else value) for name, value in plan.levers)
    changes = tuple(
        LeverChange(quarter=one.quarter, name=one.name, value=new(one.value)) if one.name == step.name else one
        for one in plan.changes
    )
    return plan.model_copy(update={"levers": levers, "changes": effective_changes(dict(levers), changes)})


def _item_with_more(plan: Scenario, kind: str, money: float) -> Iterator[RoadmapItem]:
    """The roadmap with more money in the first item of a kind, or with one of that kind over the whole plan."""
    more = money * plan.plan_quarters / QUARTERS_PER_YEAR
    first = next((item.name for item in plan.roadmap if item.item == kind), None)
    for item in plan.roadmap:
        costs = item.cost_bvnd + more if item.name == first else item.cost_bvnd
        yield item.model_copy(update={"cost_bvnd": costs})
    if first is None:
        yield RoadmapItem(name=kind, item=kind, start=0, quarters=plan.plan_quarters, cost_bvnd=more)


def _foundations_earlier(plan: Scenario, quarters: int) -> Iterator[RoadmapItem]:
    for item in plan.roadmap:
        early = quarters if ITEMS[item.item].kind == FOUNDATION else 0
        yield item.model_copy(update={"start": max(0, item.start - early)})


def _with_roadmap(plan: Scenario, items: Iterator[RoadmapItem]) -> Scenario:
    return plan.model_copy(update={"roadmap": tuple(sorted(items, key=RoadmapItem.order))})
