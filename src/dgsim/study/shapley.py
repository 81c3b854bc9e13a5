"""Shapley values: what each player adds, averaged over all orders in which they could have come (Shapley 1953).

A game gives every coalition, a set of players as a bit mask, one value a replication; all results keep the
replications apart, so that intervals are those of paired differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
from scipy.special import stdtrit

from dgsim.errors import StudyError
from dgsim.study.sequential import CONFIDENCE

Game = Callable[[int], np.ndarray]  # a coalition's value [replication, ...]
TOTAL = "total"  # what tables call the whole, the sum of the parts
EXACT = 8  # players up to which every coalition is tried
TOLERANCE = 1e-9  # of the largest part, by which the parts may miss the whole


@dataclass(frozen=True)
class Attribution:
    """A whole and its parts, by replication.

    parts       what each player adds [player, replication, ...]; they sum to `total`
    alone       what each adds by itself, to nothing [player, replication, ...]
    last        what each adds to all the others [player, replication, ...]
    pairs       Shapley interaction index of every two players [player, player, replication, ...]; None where sampled
    total       the value of all players less that of none [replication, ...]
    sampling    half the 95% interval that sampling orders leaves to each part [player, ...]; 0 where it is exact
    coalitions  how many different coalitions were tried
    """

    parts: np.ndarray
    alone: np.ndarray
    last: np.ndarray
    pairs: np.ndarray | None
    total: np.ndarray
    sampling: np.ndarray
    coalitions: int


def shapley(game: Game, players: int, *, exact: int = EXACT, orders: int = 32, seed: int = 0) -> Attribution:
    """Shapley values of a game: exact up to so many players, else over sampled orders, each also taken backwards.

    Two players of whom only the first counts, but doubles when the second is there:

    >>> worth = {0b00: 0.0, 0b01: 1.0, 0b10: 0.0, 0b11: 2.0}
    >>> shapley(lambda coalition: np.array([worth[coalition]]), 2).parts[:, 0].tolist()
    [1.5, 0.5]
    """
    known: dict[int, np.ndarray] = {}

    def value(coalition: int) -> np.ndarray:
        if coalition not in known:
            known[coalition] = game(coalition)
        return known[coalition]

    everyone, none = (1 << players) - 1, 0
    alone = np.stack([value(1 << p) - value(none) for p in range(players)])
    last = np.stack([value(everyone) - value(everyone ^ (1 << p)) for p in range(players)])
    pairs = None
    if players <= exact:
        parts, pairs = _exact(value, players)
        sampling = np.zeros_like(parts.mean(axis=1))
    else:
        parts, sampling = _sampled(value, players, orders, seed)
    return Attribution(parts, alone, last, pairs, value(everyone) - value(none), sampling, len(known))


def _exact(value: Game, players: int) -> tuple[np.ndarray, np.ndarray]:
    """Parts and pairwise interactions from all coalitions."""
    shape = value(0).shape
    parts, pairs = np.zeros((players, *shape)), np.zeros((players, players, *shape))
    for coalition in range(1 << players):
        size = coalition.bit_count()
        absent = [p for p in range(players) if not coalition >> p & 1]
        for p in absent:
            added = value(coalition | 1 << p) - value(coalition)
            parts[p] += added * (factorial(size) * factorial(players - size - 1) / factorial(players))
            for q in absent:
                if q != p:
                    together = value(coalition | 1 << p | 1 << q) - value(coalition | 1 << q) - added
                    weight = factorial(size) * factorial(players - size - 2) / factorial(players - 1)
                    pairs[p, q] += together * weight
    return parts, pairs


def _sampled(value: Game, players: int, orders: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Parts over sampled orders, and half the interval that sampling leaves (Castro, Gomez and Tejada 2009)."""
    luck = np.random.default_rng(seed)
    means = []
    for _ in range(max(2, orders // 2)):
        order = luck.permutation(players)
        means.append((_walk(value, order) + _walk(value, order[::-1])) / 2)
    spread = np.stack([mean.mean(axis=1) for mean in means]).std(axis=0, ddof=1)
    half = stdtrit(len(means) - 1, (1 + CONFIDENCE) / 2) * spread / np.sqrt(len(means))
    return np.mean(means, axis=0), half


def _walk(value: Game, order: np.ndarray) -> np.ndarray:
    """What each player adds when they come in this order [player, replication, ...]."""
    coalition, before = 0, value(0)
    added = np.zeros((len(order), *before.shape))
    for p in order.tolist():
        coalition |= 1 << p
        now = value(coalition)
        added[p] = now - before
        before = now
    return added


def mixtures(groups: int, exact: int, walks: int) -> int:
    """How many mixtures of so many groups are run: all, or those along sampled orders, alone and last."""
    return 1 << groups if groups <= exact else 2 * groups + 2 + walks * (groups - 1)


def check_sum(shares: Attribution) -> None:
    """Raise StudyError unless the parts add up to the whole in every replication."""
    missed = np.abs(shares.parts.sum(axis=0) - shares.total).max()
    if missed > TOLERANCE * max(1.0, np.abs(shares.parts).max()):
        raise StudyError(f"the parts miss the whole by {missed:.3g}: this is a mistake of dgsim, please report it")


def widened(low: np.ndarray, high: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An interval over replications, widened by half the interval that sampled orders leave.

    >>> widened(np.array([-3.0]), np.array([3.0]), np.array([4.0]))
    (array([-5.]), array([5.]))
    """
    middle, wide = (low + high) / 2, np.hypot((high - low) / 2, half)
    return middle - wide, middle + wide
