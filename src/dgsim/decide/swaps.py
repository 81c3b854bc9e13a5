"""Which precedences matter: each is tried by a swap, two items changing dates while all else stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from dgsim.decide.evaluator import Evaluator
from dgsim.decide.orders import Orders, Starts
from dgsim.study.sequential import CONFIDENCE
from dgsim.texts import words
from dgsim.texts.clauses import Within, clause

COLUMNS = ["precedence", "first", "second", "outcome", "effect", "low", "high", "clear", "orders"]


@dataclass(frozen=True)
class Swap:
    """Two items, by their indices in the plan, and pairs of orders that differ only in which of the two starts first.

    pairs    the order in which the first item starts first, then the one in which the second does
    """

    first: int
    second: int
    pairs: tuple[tuple[Starts, Starts], ...]


def swaps_of(ways: Orders, orders: Sequence[Starts], most: int | None) -> list[Swap]:
    """Every two items that can change dates, each in the first `most` of the orders that allow it, or in all.

    Pairs of orders that are mirror images count once.
    """
    found = []
    for first, second in combinations(range(len(ways.names)), 2):
        made = _pairs(ways, orders, first, second)
        pairs = tuple(islice(dict.fromkeys(made), most))
        if pairs:
            found.append(Swap(first, second, pairs))
    return found


def _pairs(ways: Orders, orders: Sequence[Starts], first: int, second: int) -> Iterator[tuple[Starts, Starts]]:
    for starts in orders:
        other = ways.exchanged(starts, first, second)
        if other is not None:
            yield (starts, other) if starts[first] < starts[second] else (other, starts)


def precedences(evaluator: Evaluator, ways: Orders, tried: Sequence[Swap], complete: bool) -> pd.DataFrame:
    """What each precedence does to the outcome: the mean paired difference over its orders, with its 95% interval.

    Each is told the way round that helps. The interval carries luck and, unless the orders are `complete`, the choice
    of orders. `clear` holds the share of false findings among all precedences to 5% (Benjamini and Hochberg 1995).
    """
    if not tried:
        return pd.DataFrame(columns=COLUMNS)
    gains = [
        np.stack([evaluator.values(ways.plan(one)) - evaluator.values(ways.plan(other)) for one, other in swap.pairs])
        for swap in tried
    ]
    estimates = np.array([_estimate(gained, complete) for gained in gains])
    chances = false_discovery_control(estimates[:, 3], method="bh")
    rows = [
        _row(evaluator, ways, swap, estimate, bool(chance <= 1 - CONFIDENCE))
        for swap, estimate, chance in zip(tried, estimates, chances, strict=True)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("effect", key=lambda part: -part.abs(), kind="stable", ignore_index=True)


def _estimate(gained: np.ndarray, complete: bool) -> tuple[float, float, float, float]:
    """Mean, both ends of its interval and its p-value, from differences [order, replication]."""
    by_luck, by_order = gained.mean(axis=0), gained.mean(axis=1)
    mean, freedom = float(by_luck.mean()), len(by_luck) - 1
    variance = by_luck.var(ddof=1) / len(by_luck)
    if not complete:
        if len(by_order) == 1:
            return mean, float("nan"), float("nan"), 1.0
        variance += by_order.var(ddof=1) / len(by_order)
        freedom = min(freedom, len(by_order) - 1)
    error = float(np.sqrt(variance))
    half = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    chance = 2 * float(student.sf(abs(mean) / error, freedom)) if error > 0 else float(mean == 0)
    return mean, mean - half, mean + half, chance


def _row(evaluator: Evaluator, ways: Orders, swap: Swap, estimate: np.ndarray, clear: bool) -> tuple[object, ...]:
    """A line of the table, from mean, low and high of the first item before the second."""
    first, second = swap.first, swap.second
    effect, low, high = estimate[:3].tolist()
    if effect * evaluator.direction < 0:
        first, second, effect, low, high = second, first, -effect, -high, -low
    earlier, later = ways.items[first], ways.items[second]
    text = clause("order.before", first=earlier, second=Within(later)).text(words())
    return (text, earlier.name, later.name, evaluator.outcome, effect, low, high, clear, len(swap.pairs))
