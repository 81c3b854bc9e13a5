"""What is known of the provinces before the first quarter, and how far: standings in standard deviations.

A province without a score of the ministry gets one from a regression: only the leading provinces were published, so
what is missing lies below the lowest that is there (a censored regression, Tobit 1958).

>>> from dgsim.country import load_country
>>> from dgsim.country.covariates import ministry_score
>>> score = ministry_score(load_country())
>>> int((score.spread > 0).sum()), bool(score.standing.std() > 0.99)
(10, True)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dgsim.country.country import Country
from dgsim.country.structure import STRUCTURE

MINISTRY_SCORE, GOVERNANCE, INTERNET = "mic_it_application_score", "pci_score", "papi_8_2_internet_access"
SCORE_YEAR, BEFORE, INTERNET_YEARS = (2017,), (2019,), (2019, 2020)
FEWEST_SCORES = int(STRUCTURE["fewest_scores"].value)
COUNTRIES_KEPT = 16  # whose standings are not computed again
RAREST = 1e-12  # probability that is told from none
MILLION = 1e6
USUAL_COMMUNES_A_HEAD = STRUCTURE["communes_a_million"].value / MILLION
DIGITS = 12  # of a standing: those behind them depend on the library of linear algebra, and results would with them
ROUNDS = 200  # of the expectation-maximisation; the estimates have settled long before
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """How provinces stand, and how far that is known.

    standing    float64 [province]: standard deviations from the mean of the provinces
    spread      float64 [province]: standard deviation of what is not known; 0 where it was observed; both read-only
    explained   share of the variance of the observed scores that the regression explains; NaN without one
    """

    standing: Floats
    spread: Floats
    explained: float = math.nan

    def __post_init__(self) -> None:
        self.standing.setflags(write=False)
        self.spread.setflags(write=False)


def observed(country: Country, indicator: str, years: Sequence[int]) -> Floats:
    """The mean of an indicator over some years, float64 [province], in its unit; NaN: observed in none."""
    values = np.full((len(years), len(country)), np.nan)
    row_of = {code: row for row, code in enumerate(country.codes)}
    for code, name, year, value, *_ in country.observations:
        if name == indicator and int(year) in years:
            values[list(years).index(int(year)), row_of[code]] = value
    known = (~np.isnan(values)).sum(axis=0)
    return np.where(known > 0, np.nansum(values, axis=0) / np.maximum(known, 1), np.nan)


def standardised(values: Floats) -> Floats:
    """Values in standard deviations from their mean; blanks, and values that do not vary, count as the mean."""
    known = values[~np.isnan(values)]
    if len(known) < 2 or known.std() == 0:
        return np.zeros_like(values)
    scaled: Floats = np.nan_to_num((values - known.mean()) / known.std(), nan=0.0)
    return scaled


def income(country: Country) -> Floats:
    """Standing by the logarithm of product per head."""
    return standardised(np.log(country.column("grdp_per_capita_2019_mvnd")))


def governance(country: Country) -> Floats:
    """Standing by the competitiveness index of 2019: how businesses judge the province's administration."""
    return standardised(observed(country, GOVERNANCE, BEFORE))


def internet(country: Country) -> Floats:
    """Internet access as citizens report it in 2019 and 2020, ratio to the mean; else users of a later year."""
    reported = observed(country, INTERNET, INTERNET_YEARS)
    later = country.column("internet_users_2024_pct")
    values = later if np.isnan(reported).all() else reported
    return np.nan_to_num(values / np.nanmean(values), nan=1.0)


def communes(country: Country) -> Floats:
    """Commune-level administrations [province]; where unknown, as many for its people as in the others on average."""
    people, known = country.column("population_2019"), country.column("communes_2022")
    there = np.isfinite(known)
    a_head = known[there].sum() / people[there].sum() if there.any() else USUAL_COMMUNES_A_HEAD
    found: Floats = np.where(there, known, a_head * people)
    return found


@lru_cache(maxsize=COUNTRIES_KEPT)
def ministry_score(country: Country) -> Standing:
    """Standing by the ministry's score of 2017; those without one by regression on income, governance and people."""
    score = observed(country, MINISTRY_SCORE, SCORE_YEAR)
    known = ~np.isnan(score)
    if known.sum() < FEWEST_SCORES or known.all():
        return Standing(standardised(score), np.zeros(len(country)))
    people = standardised(np.log(country.column("population_2019")))
    traits = np.column_stack([np.ones(len(country)), income(country), governance(country), people])
    expected, spread, explained = censored_regression(traits, score)
    scale = expected.std()
    standing = np.round((expected - expected.mean()) / scale, DIGITS)
    return Standing(standing, np.round(spread / scale, DIGITS), explained)


def censored_regression(traits: Floats, values: Floats) -> tuple[Floats, Floats, float]:
    """Least squares where blanks are known to lie below the lowest value, by expectation-maximisation.

    `traits` is [province, trait], its first column ones. Returns the values, with their expectation where there is
    none; the standard deviation of what is not known; and the share of the observed variance that is explained.
    """
    known = ~np.isnan(values)
    bound = values[known].min()
    filled, spread = np.where(known, values, bound), np.zeros(len(values))
    for _ in range(ROUNDS):
        slopes = np.linalg.lstsq(traits, filled, rcond=None)[0]
        fitted = traits @ slopes
        sigma = math.sqrt(float((((filled - fitted) ** 2) + spread**2).mean()))
        mean, deviation = _below(bound, fitted[~known], sigma)
        filled[~known], spread[~known] = mean, deviation
    residual = values[known] - fitted[known]
    return filled, spread, float(1.0 - residual.var() / values[known].var())


def _below(bound: float, mean: Floats, sigma: float) -> tuple[Floats, Floats]:
    """Mean and standard deviation of normal numbers that are known to lie below a bound."""
    z = (bound - mean) / sigma
    density = np.exp(-(z**2) / 2.0) / math.sqrt(2.0 * math.pi)
    below = np.array([math.erfc(-value / math.sqrt(2.0)) / 2.0 for value in z.tolist()])
    ratio = density / np.maximum(below, RAREST)
    return mean - sigma * ratio, sigma * np.sqrt(np.maximum(1.0 - z * ratio - ratio**2, 0.0))
