"""Forecasts that are mixtures of normal numbers: mean, percentiles, and the continuous ranked probability score.

The score is how far a forecast's distribution lies from what came, in the unit of what is forecast; of a forecast
without spread it is the absolute error. Less is better, and only an honest distribution makes it least (Gneiting and
Raftery 2007, JASA 102). Of normal mixtures it has a closed form (Grimit, Gneiting, Berrocal and Johnson 2006, Quarterly
Journal of the Royal Meteorological Society 132).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import erf, ndtr

COVERAGE = 0.9
ROOT_TWO, ROOT_TWO_OVER_PI = np.sqrt(2.0), np.sqrt(2.0 / np.pi)
BLOCK = 64  # components that are paired with the others at a time
HALVINGS = 60  # halvings of an interval in which a percentile is sought
REACH = 8.0  # standard deviations beyond which a normal number is not sought
Floats = np.ndarray


@dataclass(frozen=True)
class Mixture:
    """A mixture of normal numbers for every unit; the three arrays are float64 [component, unit].

    centre, spread   mean and standard deviation of each component
    weights          of the components, which sum to 1 for every unit

    >>> one = Mixture.of_normals(np.array([0.5]), np.array([0.1]))
    >>> one.mean().tolist(), one.percentile(0.5).round(6).tolist(), one.crps(np.array([0.5])).round(5).tolist()
    ([0.5], [0.5], [0.02337])
    """

    centre: Floats
    spread: Floats
    weights: Floats

    @classmethod
    def of_normals(cls, centre: Floats, spread: Floats) -> Mixture:
        """One normal number a unit."""
        return cls(centre[np.newaxis], spread[np.newaxis], np.ones((1, len(centre))))

    def mean(self) -> Floats:
        """The mean [unit]."""
        found: Floats = (self.weights * self.centre).sum(axis=0)
        return found

    def percentile(self, share: float) -> Floats:
        """The percentile [unit], by halving."""
        low = (self.centre - REACH * self.spread).min(axis=0)
        high = (self.centre + REACH * self.spread).max(axis=0)
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            below = (self.weights * ndtr((middle - self.centre) / self.spread)).sum(axis=0) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        found: Floats = 0.5 * (low + high)
        return found

    def interval(self) -> tuple[Floats, Floats]:
        """The 90% interval [unit]."""
        return self.percentile((1.0 - COVERAGE) / 2.0), self.percentile((1.0 + COVERAGE) / 2.0)

    def inside(self, truth: Floats) -> np.ndarray:
        """Whether what came lies within the 90% interval [unit], both ends counted."""
        low, high = self.interval()
        return (low <= truth) & (truth <= high)

    def of(self, units: np.ndarray) -> Mixture:
        """Some of the units, by a mask or their numbers."""
        return Mixture(self.centre[:, units], self.spread[:, units], self.weights[:, units])

    def crps(self, truth: Floats) -> Floats:
        """The continuous ranked probability score of what came [..., unit], in its unit; NaN where nothing is known.

        Mean distance of the forecast from what came, less half the mean distance of two of its own draws.
        """
        missed = [self._distance(unit, truth[..., unit]) for unit in range(truth.shape[-1])]
        apart = np.array([self._apart(unit) for unit in range(truth.shape[-1])])
        found: Floats = np.stack(missed, axis=-1) - 0.5 * apart
        return found

    def _distance(self, unit: int, truth: Floats) -> Floats:
        away = mean_distance(truth[..., np.newaxis] - self.centre[:, unit], self.spread[:, unit] ** 2)
        found: Floats = away @ self.weights[:, unit]
        return found

    def _apart(self, unit: int) -> float:
        """Mean distance of two draws, pairs of components counted once, as many at a time as fit a cache."""
        centre, variance, weights = self.centre[:, unit], self.spread[:, unit] ** 2, self.weights[:, unit]
        total = 0.0
        for start in range(0, len(centre), BLOCK):
            own, rest = slice(start, start + BLOCK), slice(start, None)
            apart = mean_distance(centre[own, np.newaxis] - centre[rest], variance[own, np.newaxis] + variance[rest])
            both = np.where(np.arange(len(centre))[rest] < start + BLOCK, 1.0, 2.0)  # later pairs stand for two
            total += float(weights[own] @ apart @ (both * weights[rest]))
        return total


@dataclass(frozen=True)
class Forecast:
    """The distributions of one year: of scores, and of how far they lie from the mean of all provinces."""

    scores: Mixture
    deviations: Mixture


def mean_distance(centre: Floats, variance: Floats) -> Floats:
    """The mean absolute value of normal numbers.

    >>> mean_distance(np.array([0.0, -2.0]), np.array([1.0, 0.0])).round(4).tolist()
    [0.7979, 2.0]
    """
    spread = np.sqrt(variance)
    scaled = centre / np.where(spread == 0.0, 1.0, spread)
    found: Floats = spread * ROOT_TWO_OVER_PI * np.exp(-0.5 * scaled**2) + centre * erf(scaled / ROOT_TWO)
    return np.where(spread == 0.0, np.abs(centre), found)
