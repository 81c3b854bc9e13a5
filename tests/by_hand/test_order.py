"""What an order is worth, by hand, where the worth of every order is known."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import approx
from dgsim.decide import order as module
from dgsim.decide.evaluator import Evaluator, RunProgress
from dgsim.decide.order import luck_share, order
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario

KINDS = ("payments", "security", "training", "standards")
LABELS = ("Payments (a)", "Security (b)", "Training of specialists (c)", "Standards (d)")
WEIGHTS = {"a": 1.0, "b": 3.0, "c": -2.0, "d": 0.5}


def plan(items=4):
    """Items a, b, c, d that start a quarter apart."""
    roadmap = [
        {"name": name, "item": kind, "start": f"2020Q{at + 1}", "quarters": 2, "cost_bvnd": 10}
        for at, (name, kind) in enumerate(zip("abcd"[:items], KINDS, strict=False))
    ]
    return load_scenario({"name": "toy", "horizon": {"quarters": 10}, "roadmap": roadmap})


def worth(starts):
    """The sum of each item's start times its weight, and a little more if all runs backwards."""
    return sum(WEIGHTS[name] * start for name, start in starts.items())


@pytest.fixture
def known(monkeypatch):
    """No runs: an order is worth what is said, and each run adds its number; others' outcomes are the negative."""
    told = []

    def values(self, scenario, replications=None):
        wanted = self.replications if replications is None else replications
        told.append(wanted)
        starts = {item.name: item.start for item in scenario.roadmap}
        luck = np.array([10.0 * r + (r % 2) * starts["a"] * 0.1 for r in wanted])
        sign = 1.0 if self.outcome == "use" else -1.0
        return sign * (worth(starts) + luck)

    monkeypatch.setattr(Evaluator, "values", values)
    return told


ALL = {starts: worth(dict(zip("abcd", starts, strict=True))) for starts in permutations(range(4))}
BEST, WORST = max(ALL, key=ALL.get), min(ALL, key=ALL.get)


def tried(known, **given):
    given = {"orders": 24, "replications": 4, "fresh": 6, "country": None, "parameters": "central", **given}
    return order(plan(), **given)


def starts_of(scenario):
    return tuple(item.start for item in sorted(scenario.roadmap, key=lambda item: item.name))


def test_the_best_and_the_worst_of_all_orders_are_found(known):
    found = tried(known)
    assert found.complete
    assert found.drawn == 24
    assert starts_of(found.plans["best"]) == BEST
    assert starts_of(found.plans["worst"]) == WORST
    assert starts_of(found.plans["own"]) == (0, 1, 2, 3)
    assert found.plans["best"].name == "toy-best-for-use"
    assert found.plans["worst"].name == "toy-worst-for-use"
    assert (found.scenario, found.quarter, found.fresh, found.outcome) == ("toy", "2022Q2", 6, "use")
    assert found.unit == "share of dossiers"
    assert found.labels == dict(zip("abcd", LABELS, strict=True))
    assert repr(found) == "OrderValue(toy: use in 2022Q2, 24 orders)"


def test_the_value_is_measured_on_replications_that_chose_nothing(known):
    found = tried(known)
    value = found.value.set_index("measure")
    assert value.index.tolist() == ["best minus worst", "best minus own", "own minus worst"]
    own = (0, 1, 2, 3)
    for measure, (more, less) in zip(value.index, ((BEST, WORST), (BEST, own), (own, WORST)), strict=True):
        odd = 0.1 * (more[0] - less[0])
        fresh = np.array([ALL[more] - ALL[less] + (r % 2) * odd for r in range(4, 10)])
        half = student.ppf(0.975, 5) * fresh.std(ddof=1) / np.sqrt(6)
        row = value.loc[measure]
        assert row["value"] == approx(fresh.mean())
        assert (row["low"], row["high"]) == approx((fresh.mean() - half, fresh.mean() + half))
        assert row["first_seen"] == approx(ALL[more] - ALL[less] + odd / 2)
    assert range(4, 10) in known


def test_every_order_that_was_run_is_told_with_its_kind(known):
    table = tried(known).orders
    assert table["kind"].value_counts().to_dict() == {"drawn": 23, "own": 1}
    own = table[table["kind"] == "own"].iloc[0]
    assert own["order"] == "2020Q1 a | 2020Q2 b | 2020Q3 c | 2020Q4 d"
    assert own["mean"] == approx(ALL[0, 1, 2, 3] + 15.0), "the mean of 0, 10, 20 and 30"


def test_some_orders_are_drawn_exchanged_and_searched_from(known):
    found = tried(known, orders=3, exchanged=1, seed=1)
    kinds = found.orders["kind"].value_counts()
    assert not found.complete
    assert found.drawn == kinds["own"] + kinds["drawn"]
    assert 3 <= found.drawn <= 4
    assert kinds["exchanged"] >= 3
    assert starts_of(found.plans["best"]) == BEST, "exchanges lead there from the best that was drawn"
    assert starts_of(found.plans["worst"]) == WORST
    assert set(found.precedences["orders"]) == {1}
    assert set(tried(known, orders=3, exchanged=2, seed=1).precedences["orders"]) == {2}


def test_the_search_stops_where_no_exchange_helps():
    class Ways:
        def neighbours(self, starts):
            (x,) = starts
            yield (x + 1,)
            yield (x - 1,)

    kinds = {}
    found = module._climbed(Ways(), (0,), lambda starts: -((starts[0] - 3) ** 2), kinds)
    assert found == (3,)
    assert set(kinds) == {(1,), (2,), (3,), (4,)}
    assert set(kinds.values()) == {"searched"}


def test_several_outcomes_are_told_apart(known):
    found = tried(known, outcome=["use", "trust"])
    assert starts_of(found.plans["best for trust"]) == WORST, "its values are the negative"
    assert found.plans["best for trust"].name == "toy-best-for-trust"
    assert list(found.luck_shares) == ["use", "trust"]
    only = found.only("trust")
    assert set(only.value["outcome"]) == set(only.orders["outcome"]) == set(only.precedences["outcome"]) == {"trust"}
    assert len(only.orders) == 24
    assert all(table.index.is_unique for table in (found.value, found.orders, found.precedences))
    assert only.outcome == "trust"
    assert only.luck_share == found.luck_shares["trust"]


def test_where_less_is_better_the_least_is_best(known):
    found = tried(known, outcome="gap_p90_p10")
    assert starts_of(found.plans["best"]) == BEST, "its values are the negative, and less of it is better"
    assert found.plans["best"].name == "toy-best-for-gap-p90-p10"


def test_progress_expects_every_order_and_the_fresh_runs(known, monkeypatch):
    """24 orders of 4 runs; then 6 fresh ones of the own order, and at either end as many and a search over 4 items."""
    expected = []
    monkeypatch.setattr(RunProgress, "expect", lambda self, runs: expected.append(runs))
    tried(known)
    assert expected == [24 * 4 + 6 + 2 * (6 + 4 * 4)]
    expected.clear()
    tried(known, outcome=["use", "trust"])
    assert expected == [24 * 4 + 6 + 2 * 2 * (6 + 4 * 4)]


def test_defaults_of_luck_and_runs(known):
    found = order(plan(), country=None, parameters="central", orders=2, exchanged=1)
    assert found.basis.seed == 0
    assert found.basis.replications == 50
    assert found.fresh == 200
    assert range(50, 250) in known
    assert tried(known, fresh=2).fresh == 2


def test_what_cannot_be_done_is_told(known):
    with pytest.raises(StudyError, match="orders"):
        tried(known, orders=1)
    with pytest.raises(StudyError, match="fresh"):
        tried(known, fresh=1)
    with pytest.raises(StudyError, match="exchanged"):
        tried(known, exchanged=0)
    with pytest.raises(StudyError, match="items"):
        order(plan(1))


def test_the_share_of_luck_by_hand():
    """Two orders of means 1 and 3; what is left of their three runs, over its degrees of freedom, is luck."""
    values = np.array([[0.0, 2.0, 1.0], [4.0, 2.0, 3.0]])
    means = values.mean(axis=1)
    rest = values - means[:, None] - values.mean(axis=0) + values.mean()
    noise = (rest**2).sum() / 2 / 3  # of two orders and three runs: 1 x 2 degrees of freedom
    assert means.tolist() == [1.0, 3.0]
    assert (rest**2).sum() == approx(4.0)
    assert luck_share(values) == approx(noise / 2.0)
    assert luck_share(values) == approx(1 / 3)


def test_the_share_of_luck_at_its_ends():
    assert luck_share(np.array([[1.0, 2.0], [1.0, 2.0]])) == 0.0, "no spread, no share"
    assert luck_share(np.array([[1.0, 2.0]])) == 0.0
    assert luck_share(np.array([[0.0, 2.0], [2.1, 0.0]])) == 1.0, "no more than all"
    three = np.array([[0.0, 1.0, 2.0], [5.0, 6.5, 7.0], [9.0, 10.0, 11.0]])
    rest = three - three.mean(axis=1)[:, None] - three.mean(axis=0) + three.mean()
    assert luck_share(three) == approx((rest**2).sum() / 4 / 3 / three.mean(axis=1).var(ddof=1))


def test_defaults(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "_tried", lambda *given: asked.append(given[1:]) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        order(plan(), parameters="central")
    assert asked == [(120, 8, 0)]


def test_no_exchange_is_followed_that_is_only_as_good():
    class Ways:
        def neighbours(self, starts):
            yield (starts[0] + 1,)

    assert module._climbed(Ways(), (0,), lambda starts: 0.0, {}) == (0,)
