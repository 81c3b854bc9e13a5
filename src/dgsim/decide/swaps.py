"""Which precedences matter: each is tried by exchange, two items changing places while all else stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from dgsim.decide.evaluator import Bench
from dgsim.decide.orders import Orders, Starts
from dgsim.study.compare import CONFIDENCE

COLUMNS = ["precedence", "first", "second", "outcome", "effect", "low", "high", "clear", "orders"]


@dataclass(frozen=True)
class Exchange:
    """Two items, by their places, and pairs of orders that differ in nothing but which of the two starts first.

    pairs    the order in which the first item starts first, then the one in which the second does
    """

    first: int
    second: int
    pairs: tuple[tuple[Starts, Starts], ...]


def exchanges(ways: Orders, orders: Sequence[Starts], most: int | None) -> list[Exchange]:
    """Every two items that can change places, each in the first `most` of the orders that allow it, or in all.

    Pairs of orders that are mirror images count once.
    """
    found = []
    for first, second in combinations(range(len(ways.names)), 2):
        made = _pairs(ways, orders, first, second)
        pairs = tuple(islice(dict.fromkeys(made), most))
        if pairs:
            found.append(Exchange(first, second, pairs))
    return found


def _pairs(ways: Orders, orders: Sequence[Starts], first: int, second: int) -> Iterator[tuple[Starts, Starts]]:
    for starts in orders:
        other = ways.exchanged(starts, first, second)
        if other is not None:
            yield (starts, other) if starts[first] < starts[second] else (other, starts)


def precedences(bench: Bench, ways: Orders, tried: Sequence[Exchange], complete: bool) -> pd.DataFrame:
    """What each precedence does to the outcome: the mean paired difference over its orders, with its 95% interval.

    Each is told the way round that helps. The interval carries luck and, unless the orders are `complete`, the choice
    of orders. `clear` holds the share of false findings among all precedences to 5% (Benjamini and Hochberg 1995).
    """
    if not tried:
        return pd.DataFrame(columns=COLUMNS)
    gains = [
        np.stack([bench.values(ways.plan(one)) - bench.values(ways.plan(other)) for one, other in exchange.pairs])
        for exchange in tried
    ]
    estimates = np.array([_estimate(gained, complete) for gained in gains])
    chances = false_discovery_control(estimates[:, 3], method="bh")
    rows = [
        _row(bench, ways, exchange, estimate, bool(chance <= 1 - CONFIDENCE))
        for exchange, estimate, chance in zip(tried, estimates, chances, strict=True)
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


def _row(bench: Bench, ways: Orders, exchange: Exchange, estimate: np.ndarray, clear: bool) -> tuple[object, ...]:
    """A line of the table, from mean, low and high of the first item before the second."""
    first, second = exchange.first, exchange.second
    effect, low, high = estimate[:3].tolist()
    if effect * bench.direction < 0:
        first, second, effect, low, high = second, first, -effect, -high, -low
    then = ways.label(second)
    text = f"{ways.label(first)} before {then[0].lower()}{then[1:]}"
    names = ways.names[first], ways.names[second]
    return (text, *names, bench.outcome, effect, low, high, clear, len(exchange.pairs))
