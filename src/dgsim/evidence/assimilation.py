"""Runs weighed by what was observed, province by province: a particle filter with a discrepancy.

A score, as a deviation from the mean of its year, is what a run says of the province, plus a discrepancy that lasts,
plus an error of the year. The discrepancy is what the model lacks: it follows figures the model does not use, by
ridge regression, and a spread. Given a run, discrepancy and errors are normal and are integrated exactly (a
Rao-Blackwellised particle filter); the run is then as likely as its remainder. As each province has luck of its own,
runs are weighed for each province by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dgsim.country import Country
from dgsim.country.covariates import GOVERNANCE, observed, standardised

DTI_SCORE = "dti_score"
RIDGE = 60.0  # penalty of the regression of the discrepancy, in provinces
FEWEST_A_YEAR = 30  # scores of one year without which there is no regression
GRID = np.arange(0.015, 0.0751, 0.005)  # spreads of discrepancy and error that are tried
Floats = np.ndarray


@dataclass(frozen=True)
class Known:
    """Scores up to a year, as deviations from the mean of their year.

    deviations  float64 [year, province], NaN where no score is known
    means       published mean of all provinces, by year
    """

    years: tuple[int, ...]
    deviations: Floats
    means: Mapping[int, float]


@dataclass(frozen=True)
class Spreads:
    """Standard deviations, in points of the index: of the discrepancy that lasts, of the error of a year."""

    discrepancy: float
    error: float


def known_scores(country: Country, until: int) -> Known:
    """What was published on the provinces' scores up to a year."""
    means = {
        int(row[1]): float(row[2]) for row in country.nation if row[0] == "dti_provincial_mean" and int(row[1]) <= until
    }
    years = tuple(sorted(means))
    rows = [observed(country, DTI_SCORE, (year,)) - means[year] for year in years]
    return Known(years, np.array(rows).reshape(len(years), len(country)), means)


def traits_of(country: Country, until: int) -> Floats:
    """What the discrepancy may follow, float64 [province, trait], standardised: known by the year."""
    people = country.column("population_2019")
    return np.column_stack(
        [
            standardised(np.log(country.column("revenue_retained_2020_bvnd") / people)),
            standardised(np.log(country.column("poverty_multidim_2019_pct") + 0.5)),
            standardised(country.column("trained_labour_2019_pct")),
            standardised(observed(country, GOVERNANCE, range(until - 3, until + 1))),
        ]
    )


def expected_discrepancy(known: Known, model: Floats, traits: Floats) -> Floats:
    """The discrepancy by regression on traits, float64 [province]; 0 where too few scores are known.

    `model` is the mean of the runs [year, province], as deviations, in the known years.
    """
    full = [row for row in range(len(known.years)) if np.isfinite(known.deviations[row]).sum() >= FEWEST_A_YEAR]
    if not full:
        return np.zeros(traits.shape[0])
    rest = known.deviations[full[-1]] - model[full[-1]]
    there = np.isfinite(rest)
    x = traits[there]
    slopes = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (rest[there] - rest[there].mean()))
    fitted: Floats = traits @ slopes
    return fitted


def log_weights(known: Known, runs: Floats, expected: Floats, spreads: Spreads) -> Floats:
    """Log-likelihood of every run for every province, float64 [run, province]; `runs` is [run, year, province]."""
    there = np.isfinite(known.deviations)
    rest = np.where(there, known.deviations - runs - expected, 0.0)
    count = there.sum(axis=0)
    error, discrepancy = spreads.error**2, spreads.discrepancy**2
    total = rest.sum(axis=1)
    squares = (rest**2).sum(axis=1)
    distance = squares / error - discrepancy * total**2 / (error * (error + count * discrepancy))
    volume = count * np.log(2.0 * np.pi * error) + np.log(1.0 + count * discrepancy / error)
    logs: Floats = -0.5 * (distance + volume)
    return logs


def fitted_spreads(known: Known, runs: Floats, expected: Floats) -> Spreads:
    """The spreads under which all known scores are likeliest, each province averaged over the runs."""

    def likelihood(spreads: Spreads) -> float:
        logs = log_weights(known, runs, expected, spreads)
        top = logs.max(axis=0)
        return float((top + np.log(np.exp(logs - top).mean(axis=0))).sum())

    tried = [Spreads(float(discrepancy), float(error)) for discrepancy in GRID for error in GRID]
    return max(tried, key=likelihood)


def normalised(logs: Floats) -> Floats:
    """Weights of the runs that sum to 1 for every province."""
    weights = np.exp(logs - logs.max(axis=0))
    scaled: Floats = weights / weights.sum(axis=0)
    return scaled


def carried(known: Known, runs: Floats, expected: Floats, spreads: Spreads) -> tuple[Floats, Floats]:
    """The discrepancy given each run: its mean [run, province] and its variance [province]."""
    there = np.isfinite(known.deviations)
    rest = np.where(there, known.deviations - runs - expected, 0.0).sum(axis=1)
    count = there.sum(axis=0)
    error, discrepancy = spreads.error**2, spreads.discrepancy**2
    share = discrepancy / (error + count * discrepancy)
    return expected + share * rest, discrepancy * error / (error + count * discrepancy)
