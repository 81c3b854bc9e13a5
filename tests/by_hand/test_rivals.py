"""No change and the covariate regression, each with its own spread, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.stats import norm, truncnorm

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.evidence import assimilation, rivals
from dgsim.evidence.assimilation import Known
from dgsim.evidence.regression import left_out, regressed

NONE = np.full((2, 63), -np.inf)
SCORES = {2020: 0.40 + 0.10 * GRADIENT, 2021: 0.46 + 0.12 * GRADIENT}
LAND = with_figures(SCORES, {2020: 0.40, 2021: 0.46})


def test_no_change_is_the_last_score_at_the_last_level():
    found = rivals.no_change(LAND, 2021, 2022)
    assert found.scores.mean().tolist() == approx(SCORES[2021].tolist())
    assert found.deviations.mean().tolist() == approx((0.12 * GRADIENT).tolist())


def test_its_spread_is_what_changed_from_year_to_year_of_the_level_and_of_provinces():
    moved = np.sqrt(np.mean((0.02 * GRADIENT) ** 2))
    for year, ahead in ((2022, 1), (2024, 3)):
        found = rivals.no_change(LAND, 2021, year)
        assert found.deviations.spread[0].tolist() == approx([moved * np.sqrt(ahead)] * 63)
        assert found.scores.spread[0].tolist() == approx([np.hypot(moved, 0.06) * np.sqrt(ahead)] * 63)


def test_where_nothing_changed_yet_there_is_no_spread_and_no_score():
    found = rivals.no_change(with_figures({2021: SCORES[2021]}, {2021: 0.46}), 2021, 2022)
    assert found.scores.mean().tolist() == approx(SCORES[2021].tolist())
    assert np.isnan(found.scores.crps(SCORES[2021])).all()
    nothing = rivals.no_change(with_figures({}, {2020: 0.4}), 2021, 2022)
    assert np.isnan(nothing.scores.mean()).all()


def known_of(scores, high=None, low=None):
    """Two years of deviations, and bounds of the second."""
    low, high = (
        np.array([np.full(63, end), np.full(63, end) if given is None else given])
        for end, given in ((-np.inf, low), (np.inf, high))
    )
    return Known((2020, 2021), scores, {2020: 0.4, 2021: 0.5}, low, high)


def test_a_score_counts_until_another_is_told():
    first = np.where(GRADIENT < 0.5, 0.1 * GRADIENT, np.nan)
    second = np.where(GRADIENT > 0.0, 0.2 * GRADIENT, np.nan)
    found, variance = rivals.last_known(known_of(np.stack([first, second])))
    assert found.tolist() == approx(np.where(GRADIENT > 0.0, 0.2 * GRADIENT, 0.1 * GRADIENT).tolist())
    assert variance.tolist() == [0.0] * 63


def test_an_earlier_score_stays_within_what_a_later_rank_leaves():
    scores = np.full((2, 63), np.nan)
    scores[0, :3], scores[1, 3:] = (0.10, 0.02, -0.10), 0.05
    low, high = np.full(63, -np.inf), np.full(63, np.inf)
    high[0], low[2], high[2] = 0.04, -0.06, 0.03
    found, variance = rivals.last_known(known_of(scores, high, low))
    assert found[:3].tolist() == approx([0.04, 0.02, -0.06])
    assert variance[:3].tolist() == [0.0] * 3


def test_a_province_without_a_score_is_as_likely_as_a_normal_number_within_its_bounds():
    """Half the provinces are told in one year, all above 0; the others lie below: the spread is that of all."""
    rng = np.random.default_rng(6)
    scores = np.sort(rng.normal(0.0, 0.08, 63))
    told = np.where(scores > 0.0, scores, np.nan)
    bounds = np.zeros(63)
    found, variance = rivals.last_known(known_of(np.stack([np.full(63, np.nan), told]), bounds))
    below = np.isnan(told)
    spread = rivals._spread_of(told, np.full(63, -np.inf), bounds)

    def likely(spread):
        return norm.logpdf(told[~below], 0.0, spread).sum() + below.sum() * norm.logcdf(0.0, 0.0, spread)

    assert likely(spread) > max(likely(spread * 1.02), likely(spread / 1.02))
    expected = truncnorm(-np.inf, 0.0, scale=spread)
    assert found[below].tolist() == approx([expected.mean()] * below.sum())
    assert variance[below].tolist() == approx([expected.var()] * below.sum())
    assert found[~below].tolist() == approx(told[~below].tolist())


def test_the_regression_says_where_provinces_were_last_seen_by_traits():
    found, traits = rivals.covariate_regression(LAND, 2021, 2022), assimilation.traits_of(LAND, 2021)
    last = 0.12 * GRADIENT
    assert found.deviations.mean().tolist() == approx(regressed(last, traits).tolist())
    assert found.scores.mean().tolist() == approx((0.46 + regressed(last, traits)).tolist())
    residual = np.sqrt(np.mean((last - left_out(last, traits)) ** 2))
    assert found.deviations.spread[0].tolist() == approx([residual] * 63)
    assert found.scores.spread[0].tolist() == approx([np.hypot(residual, 0.06)] * 63)
    assert residual > np.sqrt(np.mean((last - regressed(last, traits)) ** 2)), "others say a region less well"


def test_what_is_not_known_of_a_province_widens_the_regression():
    some = np.where(GRADIENT > -0.5, SCORES[2021], np.nan)
    leaders = with_figures({2020: SCORES[2020], 2021: some}, {2020: 0.40, 2021: 0.46})
    assert np.isfinite(rivals.covariate_regression(leaders, 2021, 2022).scores.spread).all()
    without = with_figures({2021: some}, {2020: 0.40, 2021: 0.46})
    last, variance = rivals.last_known(assimilation.known_scores(without, 2021))
    traits = assimilation.traits_of(without, 2021)
    found = rivals.covariate_regression(without, 2021, 2022).deviations.spread[0, 0]
    assert variance[GRADIENT < -0.6].min() > 0.0
    assert found**2 == approx(np.mean((last - left_out(last, traits)) ** 2 + variance))


def test_the_rivals_know_no_score_of_the_year_they_say():
    moved = tuple(
        (*row[:3], 0.99, *row[4:]) if row[1] == "dti_score" and int(row[2]) == 2022 else row
        for row in COUNTRY.observations
    )
    other = replace(COUNTRY, observations=moved)
    for rival in (rivals.no_change, rivals.covariate_regression):
        one, two = (rival(country, 2021, 2022).scores for country in (COUNTRY, other))
        assert one.mean().tolist() == two.mean().tolist()
        assert one.spread.tolist() == two.spread.tolist()
