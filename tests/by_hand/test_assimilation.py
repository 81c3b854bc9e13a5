"""The particle filter against the normal distributions it integrates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import GOVERNANCE, observed, standardised
from dgsim.evidence import assimilation
from dgsim.evidence.assimilation import GRID, Known, Spreads

BLANK = np.nan
KNOWN = Known((2020, 2021), np.array([[0.10, 0.05, BLANK], [0.20, BLANK, BLANK]]), {2020: 0.4, 2021: 0.5})
RUNS = np.array([[[0.02, 0.01, 0.0], [0.05, 0.07, 0.0]], [[0.15, -0.2, 0.3], [0.17, 0.0, 0.1]]])
EXPECTED = np.array([0.03, -0.02, 0.01])
SPREADS = Spreads(0.06, 0.04)


def covariance(years: int, spreads: Spreads = SPREADS) -> np.ndarray:
    """A discrepancy that lasts, and an error of each year."""
    return spreads.discrepancy**2 * np.ones((years, years)) + spreads.error**2 * np.eye(years)


def log_density(spreads: Spreads, run: int, province: int) -> float:
    there = np.isfinite(KNOWN.deviations[:, province])
    if not there.any():
        return 0.0
    centre = RUNS[run, there, province] + EXPECTED[province]
    return float(
        multivariate_normal.logpdf(KNOWN.deviations[there, province], centre, covariance(there.sum(), spreads))
    )


def test_a_run_is_as_likely_as_a_normal_number_with_a_lasting_discrepancy():
    logs = assimilation.log_weights(KNOWN, RUNS, EXPECTED, SPREADS)
    for run, province in itertools.product(range(2), range(3)):
        assert logs[run, province] == approx(log_density(SPREADS, run, province)), (run, province)


def test_the_discrepancy_given_a_run_is_the_conditional_normal():
    mean, variance = assimilation.carried(KNOWN, RUNS, EXPECTED, SPREADS)
    for run, province in itertools.product(range(2), range(3)):
        there = np.isfinite(KNOWN.deviations[:, province])
        missed = KNOWN.deviations[there, province] - RUNS[run, there, province] - EXPECTED[province]
        common = np.full(there.sum(), SPREADS.discrepancy**2)
        gain = common @ np.linalg.inv(covariance(there.sum())) if there.any() else common
        assert mean[run, province] == approx(EXPECTED[province] + gain @ missed)
        assert variance[province] == approx(SPREADS.discrepancy**2 - gain @ common)


def test_spreads_are_the_likeliest_of_the_grid():
    def likelihood(spreads):
        return sum(np.log(np.mean([np.exp(log_density(spreads, run, p)) for run in range(2)])) for p in range(3))

    tried = [Spreads(float(d), float(e)) for d in GRID for e in GRID]
    assert assimilation.fitted_spreads(KNOWN, RUNS, EXPECTED) == max(tried, key=likelihood)


def test_the_grid_goes_from_one_and_a_half_points_to_seven_and_a_half():
    assert GRID.tolist() == approx([0.015 + 0.005 * step for step in range(13)])


def test_weights_sum_to_one_for_every_province():
    weights = assimilation.normalised(np.log(np.array([[1.0, 3.0, 2.0], [3.0, 1.0, 2.0]])) - 900.0)
    assert weights.tolist() == [approx([0.25, 0.75, 0.5]), approx([0.75, 0.25, 0.5])]


def regressed(scores: int, earlier: int = 0):
    """The discrepancy by one trait, from so many scores in the last of two years."""
    deviations = np.full((2, 63), BLANK)
    deviations[0, :earlier], deviations[1, :scores] = 9.0 * GRADIENT[:earlier], 0.3 * GRADIENT[:scores] + 0.1
    model = np.zeros((2, 63))
    model[1] = 0.1 * GRADIENT
    return assimilation.expected_discrepancy(Known((2020, 2021), deviations, {}), model, GRADIENT[:, np.newaxis])


def test_the_discrepancy_is_a_ridge_regression_of_what_the_runs_miss():
    there = GRADIENT[:40]
    rest = 0.2 * there
    slope = there @ (rest - rest.mean()) / (there @ there + 60.0)
    assert regressed(40).tolist() == approx((slope * GRADIENT).tolist())


def test_without_thirty_scores_there_is_no_regression():
    assert regressed(29).tolist() == [0.0] * 63
    assert np.abs(regressed(30)).max() > 0.0
    before = regressed(29, earlier=63)
    slope = GRADIENT @ (9.0 * GRADIENT) / (GRADIENT @ GRADIENT + 60.0)
    assert before.tolist() == approx((slope * GRADIENT).tolist()), "the last year with enough scores counts"
    assert regressed(40, earlier=63).tolist() == regressed(40).tolist()


def test_every_trait_has_a_slope_of_its_own_and_all_are_held_back_alike():
    """Of traits that have nothing to do with each other each slope is that of its own, with 60 added to its squares."""
    half, odd = np.repeat([1.0, -1.0, 0.0], [30, 30, 3]), np.r_[np.tile([1.0, -1.0], 30), np.zeros(3)]
    traits = np.column_stack([half, odd])
    assert (half @ odd, half.sum(), odd.sum()) == (0.0, 0.0, 0.0)
    known = Known((2021,), (0.3 * half - 0.1 * odd)[np.newaxis], {})
    found = assimilation.expected_discrepancy(known, np.zeros((1, 63)), traits)
    assert found.tolist() == approx((60 / (60 + 60) * (0.3 * half - 0.1 * odd)).tolist())


def test_scores_are_known_as_deviations_from_the_published_mean_of_their_year():
    scores = dict.fromkeys((2020, 2021, 2022), 0.4 + 0.1 * GRADIENT)
    scores[2021] = np.where(GRADIENT > 0.5, scores[2021], BLANK)
    country = with_figures(scores, {2021: 0.45, 2020: 0.4, 2022: 0.5})
    known = assimilation.known_scores(country, 2021)
    assert known.years == (2020, 2021)
    assert known.means == {2020: 0.4, 2021: 0.45}
    assert known.deviations.shape == (2, 63)
    assert known.deviations[0].tolist() == approx((0.1 * GRADIENT).tolist())
    assert np.nanmax(known.deviations[1]) == approx(0.05)
    assert np.isfinite(known.deviations[1]).sum() == (GRADIENT > 0.5).sum()
    assert assimilation.known_scores(country, 2019).deviations.shape == (0, 63)


def test_traits_are_standings_known_by_the_year():
    years = {year: GRADIENT * (year - 2015) ** 2 + (year % 2) * GRADIENT**2 for year in range(2016, 2023)}
    country = with_figures(years, indicator=GOVERNANCE)
    traits = assimilation.traits_of(country, 2021)
    people = COUNTRY.column("population_2019")
    by_hand = (
        np.log(COUNTRY.column("revenue_retained_2020_bvnd") / people),
        np.log(COUNTRY.column("poverty_multidim_2019_pct") + 0.5),
        COUNTRY.column("trained_labour_2019_pct"),
        np.mean([years[year] for year in (2018, 2019, 2020, 2021)], axis=0),
    )
    assert traits.shape == (63, 4)
    for column, values in zip(traits.T, by_hand, strict=True):
        assert column.tolist() == approx(standardised(values).tolist())
    assert observed(country, GOVERNANCE, (2021,)).tolist() == approx(years[2021].tolist())


@pytest.mark.parametrize("spread", [0.015, 0.075])
def test_more_error_makes_runs_more_alike(spread):
    near, far = (
        np.ptp(assimilation.log_weights(KNOWN, RUNS, EXPECTED, Spreads(0.03, error)), axis=0) for error in (spread, 0.5)
    )
    assert (near[:2] > far[:2]).all()
