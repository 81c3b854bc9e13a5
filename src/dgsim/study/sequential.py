"""When is a comparison clear? A sequential rule that keeps its error rate however often one looks.

For the mean of paired differences of unknown spread: the mixture sequential t test (Robbins 1970; Lai 1976; Johari,
Koomen, Pekelis and Walsh 2022). The mean in units of the standard deviation is mixed over a normal; the ratio of the
likelihoods of the t statistics is a martingale, so by Ville's inequality it exceeds 1 / error at any time with at most
that chance. All means it does not reject form an interval that holds at all times together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

ERROR = 0.05
CONFIDENCE = 1.0 - ERROR  # of every interval of a mean that is told
TUNED = 200  # replications at which the interval is about as narrow as it can be
FIRST = 20  # replications before the first look: the fewer, the less normal a mean is
WIN, LOSE, SAME, OPEN = "win", "lose", "no material difference", "not clear"


@dataclass(frozen=True)
class Look:
    """What was seen after so many replications: the mean difference, an interval that holds at all times, a verdict."""

    runs: int
    difference: float
    low: float
    high: float
    verdict: str


def half_width(count: int, spread: float, error: float = ERROR) -> float:
    """Half the always-valid interval of a mean of `count` values of standard deviation `spread`; infinite for few.

    >>> half_width(100, 1.0) < half_width(50, 1.0), half_width(1, 1.0)
    (True, inf)
    """
    factor = 1.0 + count * _mixing(error)
    ratio = math.exp((math.log(factor) + 2.0 * math.log(1.0 / error)) / count)
    if ratio >= factor:
        return math.inf
    squared = (ratio - 1.0) / (1.0 - ratio / factor)  # of the t statistic, over its degrees of freedom
    return spread * math.sqrt((count - 1) * squared / count)


def _mixing(error: float) -> float:
    """Variance of the mixing normal, in squared standard deviations (Howard and others 2021, section 3.5)."""
    twice = -2.0 * math.log(error)
    return (twice + math.log(twice) + 1.0) / TUNED


def look(differences: np.ndarray, smallest: float, direction: int = 1, error: float = ERROR) -> Look:
    """The verdict on paired differences [replication] at the smallest difference of interest.

    Win or lose: the interval excludes zero. No material difference: it lies within plus and minus `smallest`, which is
    then said whatever its sign. A difference between nothing and `smallest` may get either verdict, and both are right
    of it. `direction` is -1 where less is better.
    """
    count = len(differences)
    mean = float(differences.mean())
    half = half_width(count, float(differences.std(ddof=1)), error)
    low, high = mean - half, mean + half
    if -smallest < low and high < smallest:
        verdict = SAME
    elif low > 0.0 or high < 0.0:
        verdict = WIN if (mean > 0.0) == (direction > 0) else LOSE
    else:
        verdict = OPEN
    return Look(count, mean, low, high, verdict)
