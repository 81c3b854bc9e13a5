"""The sequential rule against its closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from country_by_hand import approx
from dgsim.study import sequential


def mixing(error):
    """Howard and others 2021, section 3.5: the variance that makes the interval narrowest at 200."""
    twice = -2 * math.log(error)
    return (twice + math.log(twice) + 1) / 200


def martingale(t_squared, count, error):
    """The mixture's likelihood ratio of a t statistic (Lai 1976)."""
    factor = 1 + count * mixing(error)
    freedom = count - 1
    return factor**-0.5 * ((1 + t_squared / freedom) / (1 + t_squared / freedom / factor)) ** (count / 2)


@pytest.mark.parametrize("error", [0.05, 0.01])
@pytest.mark.parametrize("count", [20, 60, 200, 2000])
def test_at_the_end_of_the_interval_the_martingale_is_one_over_the_error(count, error):
    half = sequential.half_width(count, 3.0, error)
    t_squared = (half / 3.0) ** 2 * count
    assert martingale(t_squared, count, error) == approx(1 / error)


def test_few_values_have_no_interval():
    assert math.isinf(sequential.half_width(1, 1.0))
    assert math.isinf(sequential.half_width(2, 1.0))
    first = next(count for count in range(2, 50) if math.isfinite(sequential.half_width(count, 1.0)))
    factor = 1 + first * mixing(0.05)
    assert math.exp((math.log(factor) - 2 * math.log(0.05)) / first) < factor
    factor = 1 + (first - 1) * mixing(0.05)
    assert math.exp((math.log(factor) - 2 * math.log(0.05)) / (first - 1)) >= factor


def values(mean, spread=1.0, count=100):
    """A hundred values of exactly this mean and standard deviation."""
    found = np.linspace(-1.0, 1.0, count)
    return mean + spread * found / found.std(ddof=1)


def test_a_look_tells_mean_interval_and_runs():
    seen = sequential.look(values(0.5), 0.1)
    half = sequential.half_width(100, 1.0)
    assert (seen.runs, seen.difference) == (100, approx(0.5))
    assert (seen.low, seen.high) == (approx(0.5 - half), approx(0.5 + half))


HALF = sequential.half_width(100, 1.0)


@pytest.mark.parametrize(
    ("mean", "smallest", "direction", "verdict"),
    [
        (1.0, 0.1, 1, sequential.WIN),
        (0.5, 0.1, 1, sequential.WIN),
        (-0.5, 0.1, 1, sequential.LOSE),
        (1.0, 0.1, -1, sequential.LOSE),
        (-1.0, 0.1, 1, sequential.LOSE),
        (-1.0, 0.1, -1, sequential.WIN),
        (0.1, 0.1, 1, sequential.OPEN),
        (-0.1, 0.1, 1, sequential.OPEN),
        (0.0, HALF * 1.01, 1, sequential.SAME),
        (0.0, HALF * 0.99, 1, sequential.OPEN),
        (1.0, 2.0, 1, sequential.SAME),
        (-1.0, 2.0, 1, sequential.SAME),
        (2.0 - HALF * 0.99, 2.0, 1, sequential.WIN),
        (-2.0 + HALF * 0.99, 2.0, 1, sequential.LOSE),
    ],
)
def test_the_verdict(mean, smallest, direction, verdict):
    assert sequential.look(values(mean), smallest, direction).verdict == verdict


def test_more_is_better_unless_it_is_said():
    assert sequential.look(values(1.0), 0.1).verdict == sequential.WIN
    assert (sequential.FIRST, sequential.ERROR, sequential.CONFIDENCE) == (20, 0.05, 0.95)


def test_an_interval_that_ends_just_at_a_limit_is_not_within_it_nor_beyond_zero():
    """Differences that do not vary have an interval of no width."""
    for level, verdict in ((0.5, sequential.WIN), (-0.5, sequential.LOSE), (0.0, sequential.OPEN)):
        assert sequential.look(np.full(100, level), abs(level)).verdict == verdict


def test_a_stricter_error_is_a_wider_interval():
    assert sequential.look(values(0.0), 0.1, error=0.01).high == approx(sequential.half_width(100, 1.0, 0.01))
    assert sequential.half_width(100, 1.0, 0.01) > HALF
