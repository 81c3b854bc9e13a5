"""Runs weighed by what was observed, province by province: a particle filter with a discrepancy.

A score, as a deviation from the mean of its year, is what a run says of the province, plus a discrepancy that lasts,
plus an error of the year. The discrepancy is what the model lacks: it follows what a regression knows, and has a
spread. Given a run, discrepancy and errors are normal: scores are integrated exactly (a Rao-Blackwellised particle
filter), ranks without a score by quadrature; the run is then as likely as its remainder. As each province has luck of
its own, runs are weighed for each province by itself.

Who was not told is known too: the scores of 2020 and 2021 that are known are those of leaders, and who does not stand
among the first ten lies below them. Spreads that are fitted to the leaders alone are too wide (a censored sample, Tobin
1958).

The common level of a year is a unit of its own: what the runs miss of the published mean is what has added up of
changes of method, which last, and an error of the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr

from dgsim.country import Country
from dgsim.country.covariates import GOVERNANCE, income, observed, standardised
from dgsim.evidence.regression import FEWEST_SCORES, Traits, regressed

DTI_SCORE, DTI_RANK = "dti_score", "dti_rank"
LEAST_SPREAD, MOST_SPREAD = 0.002, 0.3  # points of the index between which spreads are sought
FIRST_SPREAD = 0.03  # where the search begins
NODES = 9  # of the quadrature over the discrepancy
RAREST = 1e-200  # probability that is told from none
Floats = np.ndarray


@dataclass(frozen=True)
class Known:
    """Scores up to a year, as deviations from the mean of their year.

    deviations  float64 [year, province], NaN where no score is known
    means       published mean of all provinces, by year
    low, high   float64 [year, province]: between which a score lies that is not known itself; infinite where nothing
                is known
    """

    years: tuple[int, ...]
    deviations: Floats
    means: Mapping[int, float]
    low: Floats = field(default_factory=lambda: np.array(-np.inf))
    high: Floats = field(default_factory=lambda: np.array(np.inf))

    def without(self, hidden: np.ndarray) -> Known:
        """The same as if nothing was known of some provinces: `hidden` is a mask [province]."""
        blank, low, high = (
            np.where(hidden, value, part)
            for value, part in ((np.nan, self.deviations), (-np.inf, self.low), (np.inf, self.high))
        )
        return Known(self.years, blank, self.means, low, high)

    def full_year(self) -> int | None:
        """The row of the last year of which thirty scores or more are known; None where there is none."""
        full = np.flatnonzero(np.isfinite(self.deviations).sum(axis=1) >= FEWEST_SCORES)
        return int(full[-1]) if len(full) else None


@dataclass(frozen=True)
class Spreads:
    """Standard deviations, in points of the index: of the discrepancy that lasts, of the error of a year."""

    discrepancy: float
    error: float


@dataclass(frozen=True)
class Weighed:
    """What is known of every run and province: log-likelihood, mean and variance of the discrepancy [run, province]."""

    logs: Floats
    discrepancy: Floats
    variance: Floats


def known_scores(country: Country, until: int) -> Known:
    """What was published on the provinces' scores up to a year."""
    means = {
        int(row[1]): float(row[2]) for row in country.nation if row[0] == "dti_provincial_mean" and int(row[1]) <= until
    }
    years = tuple(sorted(means))
    parts = np.array([_score_and_bounds(country, year) for year in years]).reshape(len(years), 3, len(country))
    level = np.array([means[year] for year in years])[:, np.newaxis]
    deviations, low, high = (parts[:, part] - level for part in range(3))
    return Known(years, deviations, means, low, high)


def _score_and_bounds(country: Country, year: int) -> tuple[Floats, Floats, Floats]:
    """Scores of a year, and between which scores those lie that are not known [province].

    A province with a rank lies between the nearest scores that are ranked better and worse; one without below the
    scores that are ranked better than the first rank that was not told.
    """
    score, rank = observed(country, DTI_SCORE, (year,)), observed(country, DTI_RANK, (year,))
    told = set(rank[np.isfinite(rank)].tolist())
    untold = next(first for first in range(1, len(country) + 1) if first not in told)
    scored = np.isfinite(score) & np.isfinite(rank)
    low, high = np.full(len(country), -np.inf), np.full(len(country), np.inf)
    if told:
        for row in np.flatnonzero(np.isnan(score)):
            best = rank[row] if np.isfinite(rank[row]) else untold
            high[row] = score[scored & (rank < best)].min(initial=np.inf)
            low[row] = score[scored & (rank > rank[row])].max(initial=-np.inf)  # nothing is above an unknown rank
    return score, low, high


def traits_of(country: Country, until: int) -> Traits:
    """What the discrepancy may follow, known by the year."""
    people = country.column("population_2019")
    known = np.column_stack(
        [
            standardised(np.log(country.column("revenue_retained_2020_bvnd") / people)),
            standardised(np.log(country.column("poverty_multidim_2019_pct") + 0.5)),
            standardised(country.column("trained_labour_2019_pct")),
            standardised(observed(country, GOVERNANCE, range(until - 3, until + 1))),
            income(country),
        ]
    )
    return Traits((known,), country.region_index)


def expected_discrepancy(known: Known, model: Floats, traits: Traits) -> Floats:
    """What the traits and the model say together, less the model, float64 [province]; 0 where too little is known.

    `model` is the mean of the runs [year, province], as deviations, in the known years.
    """
    row = known.full_year()
    if row is None:
        return np.zeros(known.deviations.shape[1])
    fitted: Floats = regressed(known.deviations[row], traits.joined_by(model[row])) - model[row]
    return fitted


def weighed(known: Known, runs: Floats, expected: Floats, spreads: Spreads) -> Weighed:
    """How likely every run is for every province, and the discrepancy given it; `runs` is [run, year, province]."""
    there = np.isfinite(known.deviations)
    rest = np.where(there, known.deviations - runs - expected, 0.0)
    count = there.sum(axis=0)
    error, lasting = spreads.error**2, spreads.discrepancy**2
    total, squares = rest.sum(axis=1), (rest**2).sum(axis=1)
    distance = squares / error - lasting * total**2 / (error * (error + count * lasting))
    volume = count * np.log(2.0 * np.pi * error) + np.log(1.0 + count * lasting / error)
    centre = expected + lasting / (error + count * lasting) * total
    variance = np.broadcast_to(lasting * error / (error + count * lasting), centre.shape)
    return _bounded(known, runs, spreads.error, Weighed(-0.5 * (distance + volume), centre, variance))


def _bounded(known: Known, runs: Floats, error: float, by_scores: Weighed) -> Weighed:
    """What is known of scores, and that others lie between bounds: by quadrature over the discrepancy."""
    low, high = (np.broadcast_to(bound, known.deviations.shape) for bound in (known.low, known.high))
    bounded = np.isnan(known.deviations) & (np.isfinite(low) | np.isfinite(high))
    if not bounded.any():
        return by_scores
    nodes, shares = np.polynomial.hermite_e.hermegauss(NODES)
    tried = by_scores.discrepancy[:, np.newaxis] + np.sqrt(by_scores.variance)[:, np.newaxis] * nodes[:, np.newaxis]
    chance = np.zeros(tried.shape) + (shares / shares.sum())[:, np.newaxis]
    for row, columns in enumerate(bounded):
        said = runs[:, np.newaxis, row, columns] + tried[:, :, columns]
        chance[:, :, columns] *= ndtr((high[row, columns] - said) / error) - ndtr((low[row, columns] - said) / error)
    total = np.maximum(chance.sum(axis=1), RAREST)
    centre = (chance * tried).sum(axis=1) / total
    variance = (chance * (tried - centre[:, np.newaxis]) ** 2).sum(axis=1) / total
    return Weighed(by_scores.logs + np.log(total), centre, variance)


def fitted_spreads(known: Known, runs: Floats, expected: Floats) -> Spreads:
    """The spreads under which all that is known is likeliest, each province averaged over the runs."""

    def unlikely(logarithms: Floats) -> float:
        logs = weighed(known, runs, expected, Spreads(*np.exp(logarithms).tolist())).logs
        top = logs.max(axis=0)
        return -float((top + np.log(np.exp(logs - top).mean(axis=0))).sum())

    ends = (np.log(LEAST_SPREAD), np.log(MOST_SPREAD))
    found = minimize(
        unlikely,
        np.full(2, np.log(FIRST_SPREAD)),
        method="Nelder-Mead",
        bounds=(ends, ends),
        options={"xatol": 0.01, "fatol": 0.01},
    )
    return Spreads(*np.exp(found.x).tolist())


def normalised(logs: Floats) -> Floats:
    """Weights of the runs that sum to 1 for every province."""
    weights = np.exp(logs - logs.max(axis=0))
    scaled: Floats = weights / weights.sum(axis=0)
    return scaled


@dataclass(frozen=True)
class Level:
    """The common level that runs miss.

    carried    what lasts of it, by run [run]
    step       standard deviation of a change of method from one year to the next, and of the error of a year
    open       variance of what lasts, in squares of the step
    """

    carried: Floats
    step: float
    open: float

    def error(self, ahead: int) -> float:
        """Standard deviation of the level so many years after the last known one."""
        return self.step * float(np.sqrt(self.open + ahead + 1.0))


def level_of(known: Known, means: Floats) -> Level:
    """What lasts of the published means that runs miss; `means` is [run, year] in the known years.

    A local level model (Harvey 1989) with changes of method as large as errors of a year, for so few years cannot tell
    them apart; their size is the one under which the misses of the mean run are likeliest.
    """
    missed = np.array([known.means[year] for year in known.years]) - means
    carried, open_, squares = np.zeros(len(means)), 0.0, []
    for column, years in enumerate(np.diff(known.years, prepend=known.years[0] - 1).tolist()):
        open_ += years
        surprise = missed[:, column] - carried
        squares.append(surprise.mean() ** 2 / (open_ + 1.0))
        share = open_ / (open_ + 1.0)
        carried, open_ = carried + share * surprise, open_ * (1.0 - share)
    return Level(carried, float(np.sqrt(np.mean(squares))), open_)
