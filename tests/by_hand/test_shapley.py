"""Shapley values against their definition."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import approx
from dgsim.study import shapley as module
from dgsim.study.shapley import shapley

RNG = np.random.default_rng(3)
PLAYERS = 4
WORTH = {coalition: RNG.normal(size=3) for coalition in range(1 << PLAYERS)}


def game(coalition):
    return WORTH[coalition]


def mask(players):
    return sum(1 << p for p in players)


def test_parts_are_the_mean_over_all_orders():
    found = shapley(game, PLAYERS)
    expected = np.zeros((PLAYERS, 3))
    for order in permutations(range(PLAYERS)):
        for step, p in enumerate(order):
            before = mask(order[:step])
            expected[p] += (WORTH[before | 1 << p] - WORTH[before]) / factorial(PLAYERS)
    for part, mean in zip(found.parts, expected, strict=True):
        assert part.tolist() == approx(mean.tolist())
    assert found.parts.sum(axis=0).tolist() == approx(found.total.tolist())
    assert found.coalitions == 16
    assert found.sampling.tolist() == [0.0] * PLAYERS


def test_alone_and_last():
    found = shapley(game, PLAYERS)
    for p in range(PLAYERS):
        assert found.alone[p].tolist() == approx((WORTH[1 << p] - WORTH[0]).tolist())
        assert found.last[p].tolist() == approx((WORTH[15] - WORTH[15 - (1 << p)]).tolist())
    assert found.total.tolist() == approx((WORTH[15] - WORTH[0]).tolist())


def test_pairs_are_the_interaction_index():
    """The mean of what two bring together beyond each, over the orders in which they come as one (Grabisch 1999)."""
    found = shapley(game, PLAYERS)
    for p, q in permutations(range(PLAYERS), 2):
        others = [r for r in range(PLAYERS) if r not in (p, q)]
        expected = np.zeros(3)
        for size in range(3):
            for chosen in combinations(others, size):
                s, i, j = mask(chosen), 1 << p, 1 << q
                weight = factorial(size) * factorial(PLAYERS - size - 2) / factorial(PLAYERS - 1)
                expected += weight * (WORTH[s | i | j] - WORTH[s | j] - WORTH[s | i] + WORTH[s])
        assert found.pairs[p, q].tolist() == approx(expected.tolist())
    assert found.pairs[0, 0].tolist() == [0.0] * 3


def test_sampled_orders_are_taken_forwards_and_backwards():
    found = shapley(game, PLAYERS, exact=3, orders=6, seed=5)
    luck, means = np.random.default_rng(5), []
    for _ in range(3):
        order = luck.permutation(PLAYERS).tolist()
        added = np.zeros((PLAYERS, 3))
        for way in (order, order[::-1]):
            for step, p in enumerate(way):
                before = mask(way[:step])
                added[p] += (WORTH[before | 1 << p] - WORTH[before]) / 2
        means.append(added)
    for p in range(PLAYERS):
        assert found.parts[p].tolist() == approx(np.mean(means, axis=0)[p].tolist())
    spread = np.array([mean.mean(axis=1) for mean in means]).std(axis=0, ddof=1)
    assert found.sampling.tolist() == approx((student.ppf(0.975, 2) * spread / np.sqrt(3)).tolist())
    assert found.pairs is None


@pytest.mark.parametrize("orders", [1, 2, 5])
def test_at_least_two_orders_are_sampled(orders):
    asked = []
    walk = module._walk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_walk", lambda value, order: asked.append(order) or walk(value, order))
        shapley(game, PLAYERS, exact=3, orders=orders)
    assert len(asked) == 4, "each also backwards"


def test_by_default_32_orders_are_drawn_with_the_seed_0(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "_sampled", lambda *given: asked.append(given[1:]) or (np.zeros((9, 1)), np.zeros(9)))
    shapley(lambda coalition: np.zeros(1), 9)
    assert asked == [(9, 32, 0)]


def test_eight_players_are_still_exact_and_every_coalition_is_tried_once():
    asked = []
    found = shapley(lambda coalition: asked.append(coalition) or np.array([float(coalition)]), 8)
    assert found.parts[:, 0].tolist() == approx([2.0**p for p in range(8)])
    assert sorted(asked) == list(range(256))
    assert shapley(lambda coalition: np.array([float(coalition)]), 9).pairs is None
    assert shapley(lambda coalition: np.array([float(coalition)]), 9, orders=8).parts.sum() == approx(511.0)
