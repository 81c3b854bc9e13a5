"""Points of a search and the scenarios they stand for, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from country_by_hand import approx
from dgsim.decide.decision_space import DecisionSpace
from dgsim.decide.search_design import load_search
from dgsim.scenario import load_scenario

ITEMS = [
    {"name": "a", "item": "payments", "start": "2020Q2", "quarters": 2, "cost_bvnd": 100},
    {"name": "b", "item": "security", "start": "2021Q1", "quarters": 2, "cost_bvnd": 60},
]
START = load_scenario(
    {"name": "begin", "horizon": {"quarters": 8}, "incentives": {"matching_rate": 0.2}, "roadmap": ITEMS}
)
LEVERS = {"matching_rate": {"low": 0.1, "high": 0.6}, "awards_metric": ["supply", "use"]}


def space(start=START, levers=LEVERS, **roadmap):
    """Levers, and items that may start from 2020Q2 to 2021Q1 for half to twice their cost, unless told otherwise."""
    roadmap = {"earliest": "2020Q2", "latest": "2021Q1", "cost": {"low": 0.5, "high": 2.0}} | roadmap
    goals = [{"outcome": "use"}, {"outcome": "trust"}]
    return load_search({"start": start, "levers": levers, "roadmap": roadmap, "objective": goals, "name": "toy"}).space


def starts(plan):
    return {item.name: item.start for item in plan.roadmap}


def costs(plan):
    return {item.name: item.cost_bvnd for item in plan.roadmap}


def test_a_point_has_levers_then_dates_then_costs():
    assert space().variables == 2 + 2 + 2
    assert space(cost={"low": 1.5, "high": 1.5}).variables == 2 + 2
    assert space(items=["b"]).variables == 2 + 1 + 1
    assert DecisionSpace(START).variables == 0
    one = DecisionSpace(START, items=("b",))
    assert (one.variables, one.earliest, one.latest, one.cost) == (1, 0, 0, (1.0, 1.0))
    assert starts(one.scenario(np.array([0.9]), "only")) == {"a": 1, "b": 0}, "no other quarter is allowed"


def test_a_point_lies_between_the_ends_of_each_range():
    low = space().scenario(np.zeros(6), "low")
    assert (low.name, low.lever("matching_rate"), low.lever("awards_metric")) == ("low", 0.1, "supply")
    assert (starts(low), costs(low)) == ({"a": 1, "b": 1}, {"a": 50.0, "b": 30.0})
    high = space().scenario(np.ones(6), "high")
    assert (high.lever("matching_rate"), high.lever("awards_metric")) == (0.6, "use")
    assert (starts(high), costs(high)) == ({"a": 4, "b": 4}, {"a": 200.0, "b": 120.0})
    between = space().scenario(np.array([0.5, 0.49, 0.5, 0.24, 0.5, 0.25]), "between")
    assert (between.lever("matching_rate"), between.lever("awards_metric")) == (0.35, "supply")
    assert starts(between) == {"a": 3, "b": 1}, "each quarter has as much room: the third from a half on"
    assert costs(between) == {"a": 125.0, "b": 52.5}


def test_numbers_of_three_digits_are_tried():
    plan = space().scenario(np.array([0.123456, 0.0, 0.0, 0.0, 0.123456, 0.0]), "digits")
    assert plan.lever("matching_rate") == 0.162
    assert costs(plan)["a"] == 68.5
    assert [type(value) for value in (plan.lever("matching_rate"), plan.lever("awards_metric"))] == [float, str]


def test_what_is_not_varied_stays_and_items_stand_in_the_order_of_their_dates():
    plan = space(items=["b"]).scenario(np.array([0.0, 0.0, 0.0, 0.0]), "some")
    assert (starts(plan), costs(plan)) == ({"a": 1, "b": 1}, {"a": 100.0, "b": 30.0})
    assert [item.name for item in space().scenario(np.array([0, 0, 0.9, 0.1, 0, 0]), "turned").roadmap] == ["b", "a"]
    fixed = space(cost={"low": 1.0, "high": 1.0}).scenario(np.zeros(4), "fixed")
    assert costs(fixed) == {"a": 100.0, "b": 60.0}
    assert plan.lever("digital_share") == START.lever("digital_share")


def test_the_start_is_the_point_it_stands_nearest_to():
    """Of four quarters a starts in the first and b in the last; a cost as it is lies a third from half to twice."""
    own = space().own()
    assert START.lever("awards_metric") == "reported_index", "none of those that are tried: in the middle of them"
    assert own.tolist() == approx([0.2, 0.5, 1 / 8, 7 / 8, 1 / 3, 1 / 3])
    again = space().scenario(own, "again")
    assert (starts(again), costs(again)) == (starts(START), costs(START))
    assert again.lever("matching_rate") == 0.2
    supply = space(START.with_changes(awards_metric="supply")).own()
    assert supply[1] == approx(0.25)
    assert space(START.with_changes(matching_rate=0.9)).own()[0] == 1.0, "at the end of the range it is beyond"
    assert space(START.with_changes(matching_rate=0.0)).own()[0] == 0.0
    assert space(earliest="2020Q3").own()[2] == 0.0
    assert len(space(cost={"low": 1.0, "high": 1.0}).own()) == 4


def test_what_is_varied_as_plain_data():
    record = space().record()
    assert record["items"] == ["a", "b"]
    assert record["dates"] == ["2020Q2", "2021Q1"]
    assert record["cost"] == [0.5, 2.0]
    assert list(record["levers"]) == ["matching_rate", "awards_metric"]
    assert DecisionSpace(START).record()["dates"] == []


def test_a_date_at_the_very_end_of_its_range_is_the_last():
    plan = space().scenario(np.array([0.0, 0.0, 1.0, np.nextafter(1.0, 0.0), 0.0, 0.0]), "end")
    assert starts(plan) == {"a": 4, "b": 4}
    with pytest.raises(ValueError, match="zip"):
        space().scenario(np.zeros(3), "short")
