"""Orders of a roadmap, by hand: which are legal, how many there are, and what an exchange does."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from country_by_hand import approx
from dgsim.decide.orders import Orders
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario

KINDS = ("payments", "security", "training", "standards", "digital_id")


def ways(starts, after=None, quarters=40, length=2, costs=10):
    """Items a, b, c ... that start in these quarters; `after` says which wait for which."""
    roadmap = [
        {
            "name": name,
            "item": kind,
            "start": f"{2020 + start // 4}Q{start % 4 + 1}",
            "quarters": length,
            "cost_bvnd": costs[at] if isinstance(costs, tuple) else costs,
            "after": list((after or {}).get(name, "")),
        }
        for at, (name, kind, start) in enumerate(zip("abcde", KINDS, starts, strict=False))
    ]
    return Orders(load_scenario({"name": "toy", "horizon": {"quarters": quarters}, "roadmap": roadmap}))


def test_every_order_deals_the_same_dates_out_to_the_items():
    found = ways((0, 2, 3))
    assert found.own == found.dates == (0, 2, 3)
    assert found.names == ("a", "b", "c")
    assert sorted(found.every(6)) == sorted(permutations((0, 2, 3)))
    assert found.every(5) is None, "more than five"


@pytest.mark.parametrize(
    ("after", "legal"),
    [
        ({"b": "a"}, lambda a, b, c, d: a < b),
        ({"c": "a", "b": "a"}, lambda a, b, c, d: a < b and a < c),
        ({"b": "a", "c": "b", "d": "c"}, lambda a, b, c, d: a < b < c < d),
    ],
)
def test_an_order_is_legal_if_none_comes_before_what_it_waits_for(after, legal):
    found = ways((0, 1, 2, 3), after)
    expected = [starts for starts in permutations(range(4)) if legal(*starts)]
    assert sorted(found.every(24)) == sorted(expected)
    assert set(found.sampled(len(expected), seed=1)) == set(expected), "drawn until all are found"


def test_what_waits_for_others_waits_for_what_they_wait_for():
    found = ways((0, 1, 2, 3, 4), {"b": "a", "c": "b", "d": "c", "e": "d"})
    assert found.waits == [set(), {0}, {0, 1}, {0, 1, 2}, {0, 1, 2, 3}]


@pytest.mark.parametrize("starts", [(0, 0, 0, 4, 4), (0, 0, 1, 1, 1), (3, 3, 3, 3, 3)])
def test_items_of_one_date_are_not_told_apart(starts):
    same = [starts.count(date) for date in set(starts)]
    found = ways(starts).every(200)
    assert len(found) == len(set(found)) == factorial(5) // np.prod([factorial(count) for count in same])


def test_an_item_may_start_with_what_it_waits_for():
    found = ways((0, 0, 1), {"b": "a"})
    assert sorted(found.every(9)) == [(0, 0, 1), (0, 1, 0)], "not b with c, before a"
    assert sorted(set(found.sampled(2, seed=0))) == [(0, 0, 1), (0, 1, 0)]


def test_an_order_that_commits_less_within_the_horizon_is_not_legal():
    """Eight quarters; an item of four quarters that starts in the seventh pays half of its cost: only equals change."""
    found = ways((0, 6, 2), quarters=8, length=4, costs=(10, 20, 20))
    assert found.same_money((0, 6, 2))
    assert found.same_money((0, 2, 6))
    assert not found.same_money((6, 0, 2))
    assert not found.same_money((0, 8, 2)), "beyond the horizon"
    assert not ways((0, 6, 2), quarters=8, costs=0).same_money((0, 8, 2)), "even if it costs nothing"
    assert not ways((0, 6), quarters=8, length=4, costs=(10, 11)).same_money((6, 0)), "half a billion more"
    assert found.same_money((0, 7, 2)) is False
    assert sorted(found.every(9)) == [(0, 2, 6), (0, 6, 2), (2, 0, 6), (2, 6, 0)]
    assert set(found.sampled(9, seed=3)) == set(found.every(9)), "as many as there are"
    assert found.exchanged((0, 6, 2), 1, 2) == (0, 2, 6)
    assert found.exchanged((0, 6, 2), 0, 1) is None


def test_orders_are_drawn_at_random_and_none_twice():
    found = ways((0, 1, 2, 3))
    drawn = found.sampled(10, seed=5)
    assert len(drawn) == len(set(drawn)) == 10
    assert set(drawn) <= set(permutations(range(4)))
    assert drawn == found.sampled(10, seed=5)
    assert drawn != found.sampled(10, seed=6)
    assert [found.sampled(count, seed=5) for count in (1, 3)] == [drawn[:1], drawn[:3]], "no more than are asked for"


def test_every_order_is_drawn_as_often():
    """The first of each of 600 seeds is one of six orders with the chance of a sixth."""
    found = ways((0, 1, 2))
    firsts = [found.sampled(1, seed)[0] for seed in range(600)]
    for starts in permutations(range(3)):
        assert abs(firsts.count(starts) - 100) < 4 * np.sqrt(600 / 6 * 5 / 6), starts


def test_drawing_gives_up_where_there_are_no_more(monkeypatch):
    tried = []
    monkeypatch.setattr(Orders, "_drawn", lambda self, luck: tried.append(luck) or (0, 1, 2))
    assert ways((0, 1, 2)).sampled(2, seed=0) == [(0, 1, 2)]
    assert len(tried) == 100, "fifty times for each that is asked for"


def test_an_exchange_gives_two_items_each_others_date():
    found = ways((0, 1, 2, 2), {"c": "a"})
    assert found.exchanged((0, 1, 2, 2), 0, 1) == (1, 0, 2, 2)
    assert found.exchanged((0, 1, 2, 2), 1, 3) == (0, 2, 2, 1)
    assert found.exchanged((0, 1, 2, 2), 0, 2) is None, "c waits for a"
    assert found.exchanged((0, 1, 2, 2), 2, 3) is None, "they start together"
    assert list(found.neighbours((0, 1, 2, 2))) == [(1, 0, 2, 2), (2, 1, 2, 0), (0, 2, 1, 2), (0, 2, 2, 1)]


def test_length_and_cost_go_with_the_item():
    found = ways((0, 1, 2), costs=(10, 20, 30), quarters=12)
    plan = found.plan((2, 0, 1))
    assert [(item.name, item.start, item.cost_bvnd) for item in plan.roadmap] == [
        ("b", 0, 20),
        ("c", 1, 30),
        ("a", 2, 10),
    ]
    assert plan.planned_money() == approx(60.0)
    assert plan.name == "toy"


def test_an_order_needs_two_items():
    assert len(ways((0, 1)).every(2)) == 2
    with pytest.raises(StudyError, match="toy has 1 roadmap items: an order needs two or more"):
        ways((0,))
