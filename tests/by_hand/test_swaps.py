"""Precedences by exchange, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import approx
from dgsim.decide.swaps import COLUMNS, Swap, precedences, swaps_of
from dgsim.texts.clauses import Item


class Ways:
    """Orders of three items; any two can change places unless they start together."""

    names = ("a", "b", "c")
    items = (Item("training", "a"), Item("training", "b"), Item("training", "c"))

    def plan(self, starts):
        return starts

    def exchanged(self, starts, first, second):
        moved = list(starts)
        moved[first], moved[second] = starts[second], starts[first]
        return None if starts[first] == starts[second] else tuple(moved)


def bench(worth, direction=1, runs=6, noise=0.0):
    luck = np.linspace(-1.0, 1.0, runs)
    values = lambda starts: worth(starts) + noise * luck * (1 + starts[0])  # noqa: E731
    return SimpleNamespace(values=values, direction=direction, outcome="use")


OWN = (0, 1, 2)


def test_every_two_items_change_places_in_the_first_orders_that_allow_it():
    found = swaps_of(Ways(), [OWN, (2, 1, 0), (1, 0, 2)], None)
    assert [(one.first, one.second) for one in found] == [(0, 1), (0, 2), (1, 2)]
    assert found[0].pairs == (((0, 1, 2), (1, 0, 2)), ((1, 2, 0), (2, 1, 0))), "the first first; mirror images once"
    assert [len(one.pairs) for one in swaps_of(Ways(), [OWN, (2, 1, 0), (1, 0, 2)], 1)] == [1, 1, 1]
    assert [(one.first, one.second) for one in swaps_of(Ways(), [(0, 0, 1)], None)] == [(0, 2), (1, 2)]


def early_b(starts):
    return 1.0 if starts[1] < starts[2] else 0.0


def test_a_precedence_is_told_the_way_round_that_helps():
    tried = swaps_of(Ways(), [OWN], None)
    table = precedences(bench(early_b), Ways(), tried, True).set_index("precedence")
    assert list(table.columns) == [name for name in COLUMNS if name != "precedence"]
    helped = table.loc["Training of specialists (b) before training of specialists (c)"]
    assert (helped["first"], helped["second"], helped["effect"]) == ("b", "c", 1.0)
    assert bool(helped["clear"])
    worse = precedences(bench(early_b, direction=-1), Ways(), tried, True).set_index("precedence")
    turned = worse.loc["Training of specialists (c) before training of specialists (b)"]
    assert (turned["first"], turned["second"], turned["effect"]) == ("c", "b", -1.0)
    assert (turned["low"], turned["high"]) == (-1.0, -1.0)
    assert set(table["orders"]) == {1}


def test_nothing_tried_is_an_empty_table():
    assert list(precedences(bench(early_b), Ways(), [], True).columns) == COLUMNS


def noisy(complete, orders=((0, 1, 2), (1, 2, 0), (0, 2, 1))):
    pairs = tuple((one, Ways().exchanged(one, 0, 1)) for one in orders)
    worth = lambda starts: 3.0 * (starts[0] < starts[1]) + starts[0] * starts[2]  # noqa: E731
    made = bench(worth, noise=0.5)
    (row,) = precedences(made, Ways(), [Swap(0, 1, pairs)], complete).to_dict("records")
    return row, np.stack([made.values(one) - made.values(other) for one, other in pairs])


def test_the_interval_of_all_orders_carries_luck_only():
    row, gained = noisy(True)
    by_luck = gained.mean(axis=0)
    half = student.ppf(0.975, 5) * by_luck.std(ddof=1) / np.sqrt(6)
    assert (row["effect"], row["low"], row["high"]) == approx(
        (by_luck.mean(), by_luck.mean() - half, by_luck.mean() + half)
    )
    assert row["orders"] == 3


def test_the_interval_of_sampled_orders_carries_their_choice_too():
    row, gained = noisy(False)
    variance = gained.mean(axis=0).var(ddof=1) / 6 + gained.mean(axis=1).var(ddof=1) / 3
    half = student.ppf(0.975, 2) * np.sqrt(variance)
    assert (row["low"], row["high"]) == approx((gained.mean() - half, gained.mean() + half))
    many, gained = noisy(False, orders=[(0, 1, 2)] * 4 + [(1, 2, 0)] * 5)
    variance = gained.mean(axis=0).var(ddof=1) / 6 + gained.mean(axis=1).var(ddof=1) / 9
    half = student.ppf(0.975, 5) * np.sqrt(variance)
    assert many["high"] == approx(gained.mean() + half), "no more degrees of freedom than either has"


def test_one_sampled_order_tells_no_interval():
    row, _ = noisy(False, orders=[(0, 1, 2)])
    assert np.isnan([row["low"], row["high"]]).all()
    assert not row["clear"]
    assert noisy(True, orders=[(0, 1, 2)])[0]["orders"] == 1


@pytest.mark.parametrize(("worth", "clear"), [(lambda _: 0.0, False), (early_b, True)])
def test_without_any_noise_a_difference_is_clear_and_none_is_not(worth, clear):
    table = precedences(bench(worth), Ways(), swaps_of(Ways(), [OWN], None), True)
    assert bool(table["clear"].any()) == clear


def test_where_neither_helps_the_order_of_the_plan_is_told():
    table = precedences(bench(lambda _: 0.0), Ways(), swaps_of(Ways(), [OWN], None), True)
    assert table[["first", "second"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]


def test_false_findings_are_held_to_one_in_twenty_among_all():
    """Of p-values .012, .04 and .2 the first passes alone: 3 x .012 = .036, 3 / 2 x .04 = .06 (Benjamini, Hochberg)."""

    def exact(p):
        """Six differences whose t test has this p-value."""
        shape = np.array([-1.0, -0.5, 0.0, 0.0, 0.5, 1.0])
        return shape + student.isf(p / 2, 5) * shape.std(ddof=1) / np.sqrt(6)

    gains = {(0, 1, 2): exact(0.012), (0, 2, 1): exact(0.04), (1, 0, 2): exact(0.2)}
    made = SimpleNamespace(values=lambda starts: gains.get(starts, np.zeros(6)), direction=1, outcome="use")
    tried = [Swap(0, later, ((one, (9, 9, 9)),)) for later, one in zip((1, 2, 1), gains, strict=True)]
    table = precedences(made, Ways(), tried[::-1], True)
    assert table["clear"].tolist() == [True, False, False]
    assert table["effect"].is_monotonic_decreasing
    assert table.index.tolist() == [0, 1, 2]
