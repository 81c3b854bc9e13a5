"""The particle filter against the normal distributions it integrates."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import GOVERNANCE, observed, standardised
from dgsim.evidence import assimilation
from dgsim.evidence.assimilation import Known, Spreads
from dgsim.evidence.regression import Traits, regressed

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


def weighed(spreads=SPREADS, known=KNOWN, expected=EXPECTED):
    return assimilation.weighed(known, RUNS, expected, spreads)


def test_a_run_is_as_likely_as_a_normal_number_with_a_lasting_discrepancy():
    logs = weighed().logs
    for run, province in itertools.product(range(2), range(3)):
        assert logs[run, province] == approx(log_density(SPREADS, run, province)), (run, province)


def test_the_discrepancy_given_a_run_is_the_conditional_normal():
    seen = weighed()
    for run, province in itertools.product(range(2), range(3)):
        there = np.isfinite(KNOWN.deviations[:, province])
        missed = KNOWN.deviations[there, province] - RUNS[run, there, province] - EXPECTED[province]
        common = np.full(there.sum(), SPREADS.discrepancy**2)
        gain = common @ np.linalg.inv(covariance(there.sum())) if there.any() else common
        assert seen.discrepancy[run, province] == approx(EXPECTED[province] + gain @ missed)
        assert seen.variance[run, province] == approx(SPREADS.discrepancy**2 - gain @ common)


# One score is known of the first year, nothing of the second; both are told of the last, within bounds.
LOW, HIGH = (np.array([[-np.inf] * 3, bounds]) for bounds in ([-np.inf, -0.05, -np.inf], [-np.inf, 0.12, 0.02]))
HIGH[0] = np.inf
BOUNDED = Known((2020, 2021), np.array([[0.10, 0.05, BLANK], [0.20, BLANK, BLANK]]), {}, LOW, HIGH)


def in_figures(run, province, weight=lambda _: 1.0):
    """The integral over the discrepancy of how likely all that is known is, times a weight."""

    def likely(discrepancy):
        found = norm.pdf(discrepancy, EXPECTED[province], SPREADS.discrepancy) * weight(discrepancy)
        for year in range(2):
            said, score = RUNS[run, year, province] + discrepancy, BOUNDED.deviations[year, province]
            within = np.diff(norm.cdf([LOW[year, province], HIGH[year, province]], said, SPREADS.error))[0]
            found *= norm.pdf(score, said, SPREADS.error) if np.isfinite(score) else within
        return found

    return quad(likely, -0.6, 0.6, limit=400, epsabs=1e-12)[0]


@pytest.mark.parametrize("province", [1, 2])
def test_a_score_within_bounds_is_as_likely_as_what_lies_between_them(province):
    seen = weighed(known=BOUNDED)
    for run in range(2):
        whole = in_figures(run, province)
        mean = in_figures(run, province, lambda d: d) / whole
        assert seen.logs[run, province] == approx(np.log(whole), abs=0.002)
        assert seen.discrepancy[run, province] == approx(mean, abs=5e-4), "a twentieth of a point"
        variance = in_figures(run, province, lambda d, mean=mean: (d - mean) ** 2) / whole
        assert np.sqrt(seen.variance[run, province]) == approx(np.sqrt(variance), rel=0.01)


def test_bounds_of_one_province_say_nothing_of_another():
    assert weighed(known=BOUNDED).logs[:, 0].tolist() == approx(weighed().logs[:, 0].tolist())


def test_who_lies_below_the_leaders_is_pulled_down_in_runs_that_say_more():
    seen = weighed(known=BOUNDED)
    assert (seen.discrepancy[:, 2] < EXPECTED[2]).all(), "of a province that lies below 0.02"
    assert seen.logs[0, 2] > seen.logs[1, 2], "the second run has it at 0.10 in that year"


def test_what_no_run_allows_has_a_likelihood_all_the_same():
    high = np.array([[-9.0]])
    known = Known((2020,), np.array([[BLANK]]), {}, np.array([[-np.inf]]), high)
    seen = assimilation.weighed(known, np.zeros((2, 1, 1)), np.zeros(1), SPREADS)
    assert np.isfinite(seen.logs).all()
    assert assimilation.normalised(seen.logs).tolist() == [[0.5], [0.5]]


def test_spreads_are_those_under_which_all_is_likeliest():
    """The same likelihood, province by province, on a grid around what was found: nothing on it is likelier."""

    def likelihood(spreads):
        logs = [[log_density(spreads, run, province) for run in range(2)] for province in range(3)]
        return sum(np.log(np.mean(np.exp(row))) for row in logs)

    found = assimilation.fitted_spreads(KNOWN, RUNS, EXPECTED)
    steps = np.linspace(-0.5, 0.5, 11)
    around = [
        Spreads(found.discrepancy * np.exp(d), found.error * np.exp(e)) for d, e in itertools.product(steps, steps)
    ]
    inside = [s for s in around if min(s.discrepancy, s.error) >= assimilation.LEAST_SPREAD]
    assert likelihood(found) >= max(map(likelihood, inside)) - 0.02


def test_spreads_come_back_from_a_made_up_sample_and_the_leaders_alone_make_them_too_wide():
    """Of 400 provinces in two years with a discrepancy of 6 points and an error of 3, the first fifty are told."""
    rng, runs = np.random.default_rng(4), np.zeros((1, 2, 400))
    scores = rng.normal(0.0, 0.06, 400) + rng.normal(0.0, 0.03, (2, 400))
    least = np.sort(scores, axis=1)[:, -50, np.newaxis]
    told = np.where(scores >= least, scores, np.nan)
    none, nothing = np.full(scores.shape, -np.inf), np.zeros(400)
    below = np.broadcast_to(least, scores.shape)
    told_all = Known((2020, 2021), scores, {})
    leaders, with_rest = Known((2020, 2021), told, {}), Known((2020, 2021), told, {}, none, below)
    whole, naive, censored = (assimilation.fitted_spreads(one, runs, nothing) for one in (told_all, leaders, with_rest))
    assert (whole.discrepancy, whole.error) == (approx(0.06, rel=0.1), approx(0.03, rel=0.1))
    assert (censored.discrepancy, censored.error) == (approx(0.06, rel=0.2), approx(0.03, rel=0.25))
    assert naive.discrepancy > 1.5 * 0.06, "the leaders lie two spreads above the mean, so the spread seems as wide"


def test_spreads_are_sought_within_bounds():
    runs = np.zeros((2, 1, 3))
    exact = Known((2020,), np.zeros((1, 3)), {})
    found = assimilation.fitted_spreads(exact, runs, np.zeros(3))
    assert min(found.discrepancy, found.error) >= 0.002 - 1e-12
    assert (assimilation.LEAST_SPREAD, assimilation.MOST_SPREAD) == (0.002, 0.3)


def test_a_level_is_what_lasts_of_the_misses():
    """Two years, by hand: steps and errors of the same size, nothing missed before the first year."""
    known = Known((2020, 2021), np.zeros((2, 1)), {2020: 0.40, 2021: 0.50})
    level = assimilation.level_of(known, np.array([[0.42, 0.52], [0.42, 0.60]]))
    # half of the first miss lasts (1 of 2); then 1.5 of 2.5 of what is still missed
    after = -0.01
    assert level.carried.tolist() == approx([after + 0.6 * (-0.02 - after), after + 0.6 * (-0.10 - after)])
    squares = (0.02**2 / 2.0, (-0.06 - after) ** 2 / 2.5)  # of the mean run
    assert level.step == approx(np.sqrt(np.mean(squares)))
    assert level.open == approx(0.6)
    assert level.error(1) == approx(level.step * np.sqrt(0.6 + 1.0 + 1.0))
    assert level.error(3) == approx(level.step * np.sqrt(0.6 + 3.0 + 1.0))


def test_a_level_is_a_local_level_model():
    """What lasts, its variance and the likelihood, against the normal distribution of all misses together."""
    missed, size = np.array([0.03, -0.05, 0.02, 0.04]), 0.02
    known = Known((2020, 2021, 2022, 2023), np.zeros((4, 1)), dict(zip(range(2020, 2024), missed, strict=True)))
    level = assimilation.level_of(known, np.zeros((1, 4)))
    walk = np.minimum.outer(np.arange(1, 5), np.arange(1, 5))
    together = walk + np.eye(4)
    gain = walk[-1] @ np.linalg.inv(together)
    assert level.carried[0] == approx(gain @ missed)
    assert level.open == approx(walk[-1, -1] - gain @ walk[-1])
    likely = lambda step: multivariate_normal.logpdf(missed, np.zeros(4), step**2 * together)  # noqa: E731
    assert likely(level.step) > max(likely(level.step * 1.05), likely(level.step / 1.05))
    assert level.step != size


def test_years_between_which_nothing_was_told_let_the_level_walk_on():
    known = Known((2020, 2023), np.zeros((2, 1)), {2020: 0.1, 2023: 0.1})
    share = (0.5 + 3.0) / (0.5 + 3.0 + 1.0)
    assert assimilation.level_of(known, np.zeros((1, 2))).carried[0] == approx(0.05 + share * 0.05)


def test_a_model_that_misses_nothing_has_a_level_without_error():
    known = Known((2020, 2021), np.zeros((2, 1)), {2020: 0.4, 2021: 0.5})
    level = assimilation.level_of(known, np.array([[0.4, 0.5]]))
    assert (level.carried.tolist(), level.error(4)) == ([0.0], 0.0)


def test_weights_sum_to_one_for_every_province():
    weights = assimilation.normalised(np.log(np.array([[1.0, 3.0, 2.0], [3.0, 1.0, 2.0]])) - 900.0)
    assert weights.tolist() == [approx([0.25, 0.75, 0.5]), approx([0.75, 0.25, 0.5])]


TRAITS = Traits((GRADIENT[:, np.newaxis],), np.arange(63) % 5)


def expected(scores: int, earlier: int = 0):
    """The discrepancy from so many scores in the last of two years."""
    deviations = np.full((2, 63), BLANK)
    deviations[0, :earlier], deviations[1, :scores] = 0.2 * GRADIENT[:earlier] ** 3, 0.3 * GRADIENT[:scores]
    model = np.stack([0.05 * GRADIENT**2, 0.1 * np.sin(9.0 * GRADIENT)])
    return deviations, model, assimilation.expected_discrepancy(Known((2020, 2021), deviations, {}), model, TRAITS)


def test_the_discrepancy_is_what_traits_and_the_model_say_together_less_the_model():
    deviations, model, found = expected(40)
    together = regressed(deviations[1], TRAITS.joined_by(model[1]))
    assert found.tolist() == approx((together - model[1]).tolist())
    assert np.abs(together).max() > 0.01


def test_without_thirty_scores_of_a_year_the_model_stands_by_itself():
    assert expected(29)[2].tolist() == [0.0] * 63
    deviations, model, found = expected(29, earlier=63)
    together = regressed(deviations[0], TRAITS.joined_by(model[0]))
    assert found.tolist() == approx((together - model[0]).tolist()), "the last year with enough scores counts"
    assert expected(40, earlier=63)[2].tolist() == expected(40)[2].tolist()


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


RANKED = {2021: {0: 1, 1: 2, 2: 3, 3: 4, 5: 7}}  # by row of the province; ranks 5 and 6 were not told


def ranked(scores):
    """Provinces some of which have a score of 2021, under the ranks above."""
    values = np.full(63, BLANK)
    values[list(scores)] = list(scores.values())
    country = with_figures({2021: values}, {2021: 0.4})
    rows = [(COUNTRY.codes[row], "dti_rank", 2021, float(rank)) for row, rank in RANKED[2021].items()]
    return assimilation.known_scores(replace(country, observations=(*country.observations, *rows)), 2021)


def test_a_rank_says_between_which_scores_a_province_lies():
    known = ranked({0: 0.8, 2: 0.6, 5: 0.45})
    bounds = {row: (known.low[0, row] + 0.4, known.high[0, row] + 0.4) for row in (1, 3, 4, 62)}
    assert bounds[1] == approx((0.6, 0.8)), "second, between the first and the third"
    assert bounds[3] == approx((0.45, 0.6)), "fourth, between the third and the seventh"
    for row in (4, 62):
        assert bounds[row] == (-np.inf, approx(0.6)), "fifth at best: below the third, for the fourth has no score"
    assert known.deviations[0, [0, 2, 5]].tolist() == approx([0.4, 0.2, 0.05])
    assert np.isinf(known.low[0, [0, 2, 5]]).all(), "a score that is known needs no bounds"


def test_where_no_score_is_ranked_worse_or_better_a_bound_is_open():
    known = ranked({2: 0.6})
    assert (known.low[0, 0], known.high[0, 0]) == (approx(0.2), np.inf)
    assert (known.low[0, 5], known.high[0, 5]) == (-np.inf, approx(0.2))


def test_without_ranks_nothing_is_known_of_who_was_not_told():
    known = assimilation.known_scores(with_figures({2021: np.where(GRADIENT > 0.5, 0.6, BLANK)}, {2021: 0.4}), 2021)
    assert np.isneginf(known.low).all()
    assert np.isposinf(known.high).all()


def test_the_packaged_ranks_are_in_the_order_of_the_packaged_scores():
    known = assimilation.known_scores(COUNTRY, 2021)
    for row, year in enumerate(known.years):
        rank = observed(COUNTRY, "dti_rank", (year,))
        both = np.isfinite(rank) & np.isfinite(known.deviations[row])
        assert both.sum() in (5, 9)
        assert (np.diff(known.deviations[row][both][np.argsort(rank[both])]) < 0.0).all()
        assert (known.low[row] < known.high[row]).all()


def test_hidden_provinces_are_as_if_nothing_was_known():
    hidden = np.arange(63) < 3
    known = ranked({0: 0.8, 2: 0.6, 5: 0.45}).without(hidden)
    assert np.isnan(known.deviations[0, :3]).all()
    assert np.isinf(known.low[0, :3]).all()
    assert np.isinf(known.high[0, :3]).all()
    assert known.deviations[0, 5] == approx(0.05)
    assert (known.years, known.means) == ((2021,), {2021: 0.4})


def test_traits_are_standings_known_by_the_year_with_income():
    years = {year: GRADIENT * (year - 2015) ** 2 + (year % 2) * GRADIENT**2 for year in range(2016, 2023)}
    country = with_figures(years, indicator=GOVERNANCE)
    traits = assimilation.traits_of(country, 2021)
    people = COUNTRY.column("population_2019")
    by_hand = (
        np.log(COUNTRY.column("revenue_retained_2020_bvnd") / people),
        np.log(COUNTRY.column("poverty_multidim_2019_pct") + 0.5),
        COUNTRY.column("trained_labour_2019_pct"),
        np.mean([years[year] for year in (2018, 2019, 2020, 2021)], axis=0),
        np.log(COUNTRY.column("grdp_per_capita_2019_mvnd")),
    )
    assert [kind.shape for kind in traits.kinds] == [(63, 5)]
    for column, values in zip(traits.kinds[0].T, by_hand, strict=True):
        assert column.tolist() == approx(standardised(values).tolist())
    assert observed(country, GOVERNANCE, (2021,)).tolist() == approx(years[2021].tolist())
    assert traits.regions.tolist() == COUNTRY.region_index.tolist()


@pytest.mark.parametrize("spread", [0.015, 0.075])
def test_more_error_makes_runs_more_alike(spread):
    near, far = (np.ptp(weighed(Spreads(0.03, error)).logs, axis=0) for error in (spread, 0.5))
    assert (near[:2] > far[:2]).all()
