"""What is forecast without the model, each with a spread of its own: no change, and a covariate regression.

They know what the model knows: scores, and of those without a score what their rank says. Both keep the level of the
last known year, and allow for it the change that was published from year to year.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr
from scipy.stats import truncnorm

from dgsim.country import Country
from dgsim.evidence.assimilation import LEAST_SPREAD, MOST_SPREAD, RAREST, Known, known_scores, traits_of
from dgsim.evidence.mixture import Forecast, Mixture
from dgsim.evidence.regression import left_out, regressed

Floats = np.ndarray


def no_change(country: Country, until: int, year: int) -> Forecast:
    """Every province where it was last seen, in `year` as in the last year that is known."""
    known = known_scores(country, until)
    last, variance = last_known(known)
    return _forecast(known, last, variance + _usual_change(known.deviations) ** 2 * (year - known.years[-1]), year)


def covariate_regression(country: Country, until: int, year: int) -> Forecast:
    """Where it was last seen, by ridge regression on traits and income, with the residuals of left-out regions."""
    known, traits = known_scores(country, until), traits_of(country, until)
    last, variance = last_known(known)
    missed = np.square(last - left_out(last, traits)) + variance
    return _forecast(known, regressed(last, traits), np.full(len(country), missed.mean()), year)


def _forecast(known: Known, deviations: Floats, variance: Floats, year: int) -> Forecast:
    means = np.array([known.means[earlier] for earlier in known.years])
    level = _usual_change(means[:, np.newaxis]) ** 2 * (year - known.years[-1])
    return Forecast(
        Mixture.of_normals(means[-1] + deviations, np.sqrt(variance + level)),
        Mixture.of_normals(deviations, np.sqrt(variance)),
    )


def _usual_change(values: Floats) -> float:
    """How much [year, unit] changed from one year to the next, root mean square of what is known; NaN: nothing."""
    changes = np.diff(values, axis=0)
    known = changes[np.isfinite(changes)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else np.nan


def last_known(known: Known) -> tuple[Floats, Floats]:
    """Where every province was last seen [province], as a deviation from its year's mean, and the variance of that.

    A score counts until another is told, within what later ranks leave. A province that never had one is as likely as a
    normal number within what its last rank leaves; nothing is known of any before the first score.
    """
    found, variance = np.full(known.deviations.shape[1], np.nan), np.full(known.deviations.shape[1], np.nan)
    low, high = (np.broadcast_to(bound, known.deviations.shape) for bound in (known.low, known.high))
    for row, score in enumerate(known.deviations):
        if not np.isfinite(score).any():
            continue
        spread = _spread_of(score, low[row], high[row])
        within = truncnorm(low[row] / spread, high[row] / spread, scale=spread)
        scored = variance == 0.0
        found = np.where(scored, np.clip(found, low[row], high[row]), within.mean())
        variance = np.where(scored, 0.0, within.var())
        seen = np.isfinite(score)
        found, variance = np.where(seen, score, found), np.where(seen, 0.0, variance)
    return found, variance


def _spread_of(score: Floats, low: Floats, high: Floats) -> float:
    """The spread under which the scores of one year, known or within bounds, are likeliest."""
    seen = np.isfinite(score)

    def unlikely(spread: float) -> float:
        within = np.maximum(ndtr(high[~seen] / spread) - ndtr(low[~seen] / spread), RAREST)
        return float(np.sum(0.5 * (score[seen] / spread) ** 2 + np.log(spread)) - np.sum(np.log(within)))

    return float(minimize_scalar(unlikely, bounds=(LEAST_SPREAD, MOST_SPREAD), method="bounded").x)
