"""What order is worth, on toys whose answers are known and on the model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pytest

import dgsim
from dgsim.decide.order import _searched, _value, order_runs
from dgsim.decide.orders import Orders
from dgsim.decide.swaps import precedences, swaps_of
from dgsim.scenario import load_scenario

KINDS = ("payments", "security", "training", "standards", "digital_id")
FEW = {"replications": 3, "quarters": 8, "parameters": "central"}


def plan(waits=None):
    """Five items that start a quarter apart."""
    roadmap = [
        {"name": name, "item": kind, "start": f"202{at // 4}Q{at % 4 + 1}", "quarters": 2, "cost_bvnd": 10}
        | {"after": (waits or {}).get(name, [])}
        for at, (name, kind) in enumerate(zip("abcde", KINDS, strict=True))
    ]
    return load_scenario({"name": "toy", "horizon": {"quarters": 10}, "roadmap": roadmap})


@dataclass
class Toy:
    """An evaluator that knows the worth of an order; `luck` is added run by run, the same to all orders or not."""

    worth: object
    outcome: str = "use"
    direction: int = 1
    common: float = 5.0
    own: float = 0.0

    def values(self, scenario, replications=range(30)):
        starts = {item.name: item.start for item in scenario.roadmap}
        order = [start for _, start in sorted(starts.items())]
        common, own = (
            np.array([np.random.default_rng([run, *key]).normal() for run in replications]) for key in ([], order)
        )
        return self.worth(starts) + self.common * common + self.own * own


def reform_first(starts):
    return float(starts["b"] < starts["d"])


def test_an_exchange_moves_two_items_and_leaves_all_else():
    ways = Orders(plan({"c": ["a"]}))
    tried = swaps_of(ways, ways.sampled(20, seed=1), most=4)
    assert len(tried) == 9, "a and c cannot change places"
    for exchange in tried:
        for one, other in exchange.pairs:
            moved = [at for at in range(5) if one[at] != other[at]]
            assert moved == [exchange.first, exchange.second]
            assert one[exchange.first] == other[exchange.second] < one[exchange.second] == other[exchange.first]
            assert one[0] < one[2]
            assert other[0] < other[2]


def test_a_planted_precedence_has_its_worth_and_the_others_have_what_they_move_of_it():
    """Only b before d counts. Of the other exchanges those that carry b past d, or d past b, count as often."""
    ways = Orders(plan())
    every = ways.every(200)
    table = precedences(Toy(reform_first), ways, swaps_of(ways, every, None), True).set_index(["first", "second"])
    known = table.loc[("b", "d")]
    assert [known["effect"], known["low"], known["high"]] == pytest.approx([1.0, 1.0, 1.0])
    assert known["clear"]
    assert known["orders"] == 60
    assert table["effect"].drop(("b", "d")).to_numpy() == pytest.approx([1 / 3] * 6 + [0.0] * 3)
    assert not table["clear"].iloc[-3:].any()


def test_sampled_orders_agree_with_all_within_their_interval():
    ways = Orders(plan())
    worth = lambda starts: 3.0 * starts["a"] - starts["e"] + 2.0 * reform_first(starts)  # noqa: E731
    whole = precedences(Toy(worth, own=0.5), ways, swaps_of(ways, ways.every(200), None), True)
    some = precedences(Toy(worth, own=0.5), ways, swaps_of(ways, ways.sampled(60, seed=4), 12), False)
    known = whole.set_index(["first", "second"])["effect"]
    both = some[[(row.first, row.second) in known.index for row in some.itertuples()]]
    inside = [row.low <= known.loc[(row.first, row.second)] <= row.high for row in both.itertuples()]
    assert len(inside) >= 8
    assert np.mean(inside) >= 0.8


def test_an_order_that_cannot_matter_has_hardly_a_clear_precedence():
    """Every order has luck of its own and no worth."""
    ways = Orders(plan())
    drawn = ways.sampled(60, seed=2)
    table = precedences(Toy(lambda _: 0.0, own=1.0), ways, swaps_of(ways, drawn, 12), False)
    assert table["clear"].sum() == 0
    assert np.abs(table["effect"]).max() < 1.0


@pytest.mark.parametrize("direction", [1, -1])
def test_the_search_finds_the_best_and_the_worst_of_a_known_worth(direction):
    """Weights by item: sorted starts are best, which exchanges reach from anywhere."""
    ways = Orders(plan())
    weights = dict(zip("abcde", (5, 1, 4, 2, 3), strict=True))
    toy = Toy(lambda starts: sum(weights[name] * start for name, start in starts.items()), direction=direction)
    kinds = {ways.own: "own"}
    found = _searched(toy, ways, kinds)
    by_start = [[item.name for item in sorted(found[end].roadmap, key=lambda one: one.start)] for end in found]
    lightest_first = sorted(weights, key=weights.get)
    assert by_start == [lightest_first, lightest_first[::-1]][::direction]
    assert 1 < len(kinds) < 120


def test_winners_by_luck_are_told_by_fresh_runs():
    """Orders without worth, each with luck of its own: best and worst seem apart until they are run anew."""
    ways, toy = Orders(plan()), Toy(lambda _: 0.0, own=1.0)
    plans = {"own": ways.scenario} | _searched(toy, ways, dict.fromkeys(ways.sampled(40, seed=3), "drawn"))
    whole = _value(toy, plans, range(30, 230)).set_index("measure").loc["best minus worst"]
    assert whole["first_seen"] > 0.5
    assert whole["low"] < 0.0 < whole["high"] < whole["first_seen"]


def test_several_outcomes_are_read_from_the_same_runs_as_each_alone():
    names, few = ["use", "net_benefit"], {"orders": 4, "exchanged": 1, "fresh": 3, **FEW}
    both = dgsim.order("staged", outcome=names, **few)
    for name in names:
        alone, part = dgsim.order("staged", outcome=name, **few), both.only(name)
        for table in ("value", "precedences", "orders"):
            assert getattr(alone, table).equals(getattr(part, table)), table
        assert alone.luck_share == part.luck_share
    assert {f"best for {names[1]}", f"worst for {names[1]}", "best", "worst", "own"} == set(both.plans)


def test_every_pair_that_can_change_places_has_a_precedence():
    found = dgsim.order("staged", orders=6, exchanged=1, fresh=2, outcome="use", **FEW)
    names = list(found.labels)
    pairs = {frozenset(pair) for pair in combinations(names, 2)} - {frozenset(("shared_platform", "service_wave"))}
    assert {frozenset((row.first, row.second)) for row in found.precedences.itertuples()} <= pairs
    assert len(found.precedences) > 30


def test_how_many_runs_are_expected_is_known_before_the_first():
    few = {"orders": 3, "exchanged": 1, "replications": 2, "fresh": 3}
    told = []
    dgsim.order("staged", outcome=["use", "trust"], quarters=4, progress=lambda *counts: told.append(counts), **few)
    plan = dgsim.load_scenario("staged").with_changes(quarters=4)
    assert told[0][1] == order_runs(plan, outcome=["use", "trust"], **few)
