"""The continuous ranked probability score against its definition, and the percentiles of mixtures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import foldnorm, norm

from country_by_hand import approx
from dgsim.evidence import mixture
from dgsim.evidence.mixture import BLOCK, Mixture, mean_distance


def score_of(truth, centre, spread, weights):
    """One unit's mixture, scored."""
    parts = (np.array(part, dtype=float)[:, np.newaxis] for part in (centre, spread, weights))
    return float(Mixture(*parts).crps(np.array([truth]))[0])


def by_definition(truth, centre, spread, weights):
    """The integral of the squared difference between the distribution and the step at what came."""
    below = lambda x: float(np.dot(weights, norm.cdf(x, centre, spread)))  # noqa: E731
    left, _ = quad(lambda x: below(x) ** 2, -20.0, truth, limit=400, epsabs=1e-11)
    right, _ = quad(lambda x: (1.0 - below(x)) ** 2, truth, 20.0, limit=400, epsabs=1e-11)
    return left + right


def test_of_a_standard_normal_number_at_its_mean():
    """2 phi(0) - 1 / sqrt(pi): (sqrt(2) - 1) / sqrt(pi) = 0.2337."""
    assert score_of(0.0, [0.0], [1.0], [1.0]) == approx((np.sqrt(2.0) - 1.0) / np.sqrt(np.pi))
    assert score_of(0.0, [0.0], [1.0], [1.0]) == approx(0.2337, abs=5e-5)


@pytest.mark.parametrize("truth", [-1.3, 0.2, 0.7, 2.0])
def test_of_a_normal_number_it_is_gneitings_formula(truth):
    centre, spread = 0.4, 0.3
    z = (truth - centre) / spread
    expected = spread * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
    assert score_of(truth, [centre], [spread], [1.0]) == approx(expected)


@pytest.mark.parametrize("truth", [-2.0, 0.0, 0.35, 1.5])
def test_of_a_mixture_it_is_the_integral_that_defines_it(truth):
    parts = [-0.5, 0.1, 0.9], [0.2, 0.05, 0.6], [0.5, 0.2, 0.3]
    assert score_of(truth, *parts) == approx(by_definition(truth, *parts), abs=1e-8)


def test_components_that_are_paired_in_several_blocks_count_once_each():
    many = 2 * BLOCK + 7
    rng = np.random.default_rng(3)
    centre, spread, weights = rng.normal(0.5, 0.2, many), rng.uniform(0.05, 0.3, many), rng.dirichlet(np.ones(many))
    assert score_of(0.3, centre, spread, weights) == approx(by_definition(0.3, centre, spread, weights), abs=1e-7)


def test_a_component_that_stands_twice_is_the_same_as_once_with_both_weights():
    assert score_of(0.4, [0.1, 0.1, 0.6], [0.2, 0.2, 0.1], [0.3, 0.3, 0.4]) == approx(
        score_of(0.4, [0.1, 0.6], [0.2, 0.1], [0.6, 0.4])
    )


def test_without_spread_it_is_the_absolute_error():
    assert score_of(0.7, [0.4], [0.0], [1.0]) == approx(0.3)
    assert score_of(0.5, [0.4, 0.6], [0.0, 0.0], [0.5, 0.5]) == approx(0.05), "0.1 away, less half of 0.1"


def test_an_honest_spread_scores_best_on_average():
    truth = np.random.default_rng(5).normal(0.0, 1.0, 4_000)
    found = {
        spread: Mixture.of_normals(np.zeros(1), np.array([spread])).crps(truth[:, np.newaxis]).mean()
        for spread in (0.5, 1.0, 2.0)
    }
    assert min(found, key=found.get) == 1.0
    assert found[1.0] == approx(1.0 / np.sqrt(np.pi), rel=0.03), "half the mean distance of two draws"


def test_several_truths_of_one_unit_are_scored_by_themselves():
    two = Mixture(np.array([[0.0, 1.0], [0.5, 2.0]]), np.full((2, 2), 0.3), np.array([[0.5, 0.2], [0.5, 0.8]]))
    truths = np.array([[0.1, 1.5], [0.7, 2.5], [-1.0, 0.0]])
    found = two.crps(truths)
    assert found.shape == (3, 2)
    for row, truth in zip(found, truths, strict=True):
        assert row.tolist() == approx(two.crps(truth).tolist())


def test_what_is_not_known_has_no_score():
    two = Mixture.of_normals(np.array([0.5, 0.5]), np.array([0.1, 0.1]))
    assert np.isnan(two.crps(np.array([0.5, np.nan]))).tolist() == [False, True]


@pytest.mark.parametrize(("centre", "spread"), [(0.0, 1.0), (-0.7, 0.4), (2.0, 0.1)])
def test_the_mean_distance_is_that_of_a_folded_normal_number(centre, spread):
    expected = foldnorm.mean(abs(centre) / spread, scale=spread)
    assert mean_distance(np.array(centre), np.array(spread**2)) == approx(expected)


def test_percentiles_are_where_so_much_lies_below():
    centre, spread, weights = np.array([[0.2], [0.8]]), np.array([[0.1], [0.2]]), np.array([[0.25], [0.75]])
    for share in (0.05, 0.5, 0.95):
        at = Mixture(centre, spread, weights).percentile(share)[0]
        assert 0.25 * norm.cdf(at, 0.2, 0.1) + 0.75 * norm.cdf(at, 0.8, 0.2) == approx(share)
    one = Mixture.of_normals(np.array([0.5]), np.array([0.1]))
    assert [end[0] for end in one.interval()] == approx([0.5 - 0.1 * norm.ppf(0.95), 0.5 + 0.1 * norm.ppf(0.95)])


def test_both_ends_of_an_interval_are_inside():
    three = Mixture.of_normals(np.full(4, 0.5), np.full(4, 0.1))
    low, high = three.interval()
    truth = np.array([low[0], high[1], low[2] - 1e-9, high[3] + 1e-9])
    assert three.inside(truth).tolist() == [True, True, False, False]
    assert mixture.COVERAGE == 0.9


def test_some_units_are_the_same_by_themselves():
    two = Mixture(np.array([[0.0, 1.0], [0.5, 2.0]]), np.full((2, 2), 0.3), np.array([[0.5, 0.2], [0.5, 0.8]]))
    second = two.of(np.array([False, True]))
    assert second.mean().tolist() == approx([0.2 * 1.0 + 0.8 * 2.0])
    assert second.crps(np.array([1.7])).tolist() == approx(two.crps(np.array([0.3, 1.7]))[1:].tolist())
