"""What is expected of a number once another is known, by regression over runs; and what such knowledge is worth.

The expected value of partial perfect information is what a choice gains if one assumption were known before it is
made: E[max over plans of E(net benefit | assumption)] - max over plans of E(net benefit). The inner expectation is a
regression of net benefit on the assumption (Strong, Oakley and Brennan 2014): a restricted cubic spline, or the mean of
each value where there are few of them, as large as the extended Bayesian information criterion (Chen and Chen 2008)
asks for: where many numbers are looked at, each must tell more to count, so that one that moves nothing is worth
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

FEW_VALUES = 5  # up to so many each has a mean of its own
MOST_BENDS = 4  # degrees of freedom of the largest spline
LEAST_A_TERM = 5  # points for each term of a regression


def expected(given: np.ndarray, values: np.ndarray, candidates: int = 1) -> np.ndarray:
    """What is expected of values [point, ...] at what is given [point], one of so many candidates that are looked at.

    >>> coin = np.array([0.0, 1.0] * 10)
    >>> expected(coin, 3.0 * coin)[:2].round(9).tolist()
    [0.0, 3.0]
    """
    flat = values.reshape(len(values), -1)
    fitted = [_fitted(given, column, candidates) for column in flat.T]
    return np.stack(fitted, axis=1).reshape(values.shape)


def _fitted(given: np.ndarray, values: np.ndarray, candidates: int) -> np.ndarray:
    """The fit of least extended Bayesian information criterion; the mean of all is one of them."""
    best, least = np.full(len(values), values.mean()), np.inf
    for terms in _designs(given):
        found = terms @ np.linalg.lstsq(terms, values, rcond=None)[0]
        criterion = _criterion(values - found, terms.shape[1], candidates)
        if criterion < least:
            best, least = found, criterion
    return best


def _criterion(missed: np.ndarray, terms: int, candidates: int) -> float:
    """The extended Bayesian information criterion of a fit that missed by so much; nothing missed is best of all."""
    count, squared = len(missed), float(missed @ missed)
    tiny = np.finfo(float).tiny
    return float(count * np.log(max(squared / count, tiny)) + terms * (np.log(count) + 2 * np.log(candidates)))


def _designs(given: np.ndarray) -> Iterator[np.ndarray]:
    """The regressions that are tried [point, term], from the mean alone on."""
    count = len(given)
    alone = np.ones((count, 1))
    yield alone
    kinds, which = np.unique(given, return_inverse=True)
    if len(kinds) <= FEW_VALUES:
        if len(kinds) > 1:
            yield np.eye(len(kinds))[which]
        return
    scaled = (given - given.mean()) / given.std()
    for bends in range(1, MOST_BENDS + 1):
        if (bends + 1) * LEAST_A_TERM <= count:
            yield np.concatenate([alone, spline(scaled, bends)], axis=1)


def spline(given: np.ndarray, bends: int) -> np.ndarray:
    """The terms of a restricted cubic spline [point, bends], straight beyond its outer knots (Harrell 2015).

    >>> spline(np.array([0.0, 1.0, 2.0, 3.0]), 1).ravel().tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    terms = [given]
    knots = np.quantile(given, np.linspace(0.05, 0.95, bends + 1))
    last, before = knots[-1], knots[-2]
    for knot in knots[:-2]:
        above = np.maximum(given - knot, 0.0) ** 3
        end = np.maximum(given - before, 0.0) ** 3 * (last - knot) / (last - before)
        beyond = np.maximum(given - last, 0.0) ** 3 * (before - knot) / (last - before)
        terms.append((above - end + beyond) / (last - knots[0]) ** 2)
    return np.stack(terms, axis=1)


def worth_of_knowing(given: np.ndarray, net: np.ndarray, candidates: int = 1) -> float:
    """What knowing a number beforehand is worth to a choice, from its value [point] and the net benefit [point, plan].

    Looked at is how far each plan is from the one that is best on the whole: what moves all alike decides nothing.
    A coin that decides which of two plans gains 4 and which loses 4 is worth half of what is at stake:

    >>> coin = np.array([0.0, 1.0] * 50)
    >>> worth_of_knowing(coin, np.stack([8 * coin - 4, 0 * coin], axis=1))
    2.0
    """
    ahead = net - net[:, [net.mean(axis=0).argmax()]]
    return float(expected(given, ahead, candidates).max(axis=1).mean())


def worth_of_all(net: np.ndarray) -> float:
    """What knowing everything beforehand is worth to a choice, from the net benefit [point, plan]."""
    return float(net.max(axis=1).mean() - net.mean(axis=0).max())
