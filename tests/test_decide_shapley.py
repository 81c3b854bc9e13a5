"""Shapley values of games whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from dgsim.study.shapley import shapley

WORTH = np.array([3.0, -1.0, 0.5, 0.0])


def additive(coalition: int) -> np.ndarray:
    return np.full(2, sum(worth for p, worth in enumerate(WORTH) if coalition >> p & 1))


def gloves(coalition: int) -> np.ndarray:
    """One left glove (player 0) and two right ones: a pair is worth 1; known values 2/3, 1/6, 1/6."""
    return np.full(2, float(bool(coalition & 1 and coalition & 6)))


@pytest.mark.parametrize("exact", [8, 2])
def test_an_additive_game_gives_everyone_their_own_worth(exact):
    shares = shapley(additive, 4, exact=exact)
    assert shares.parts.mean(axis=1) == pytest.approx(WORTH)
    assert shares.sampling == pytest.approx(0.0)


def test_an_additive_game_has_no_interaction():
    assert shapley(additive, 4).pairs == pytest.approx(0.0)


def test_the_glove_game_has_its_known_values():
    shares = shapley(gloves, 3)
    assert shares.parts[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert shares.parts.sum(axis=0) == pytest.approx(shares.total)


def test_sampled_orders_add_up_and_are_within_their_stated_error():
    shares = shapley(gloves, 3, exact=1, orders=400)
    assert shares.parts.sum(axis=0) == pytest.approx(shares.total)
    assert np.all(shares.sampling > 0)
    assert np.all(np.abs(shares.parts[:, 0] - [2 / 3, 1 / 6, 1 / 6]) < 2 * shares.sampling)
