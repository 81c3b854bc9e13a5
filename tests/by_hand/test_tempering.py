"""Sequential Monte Carlo from an emulated to a real likelihood, held to posteriors that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from dgsim.evidence import tempering
from dgsim.evidence.history_matching import effective, prior_quantile, prior_sample, weights_of
from dgsim.world.tables import PARAMETERS

CHOSEN = [p for p in PARAMETERS.uncertain if p.low != p.high][:3]


def on_the_unit(points):
    """Sets as shares of the way through each range."""
    low, high = (np.array([getattr(p, end) for p in CHOSEN]) for end in ("low", "high"))
    return (points - low) / (high - low)


def test_normal_scores_are_standard_normal_under_the_prior_and_lead_back():
    points = prior_sample(CHOSEN, 4_000, 1)
    scores = tempering.normal_scores(CHOSEN, points)
    assert scores.mean(axis=0) == pytest.approx(np.zeros(3), abs=0.01)
    assert scores.std(axis=0) == pytest.approx(np.ones(3), abs=0.01)
    assert tempering.of_normal_scores(CHOSEN, scores) == pytest.approx(points, rel=1e-9)
    median = np.array([[prior_quantile(p, np.array(0.5)) for p in CHOSEN]])
    assert tempering.normal_scores(CHOSEN, median) == pytest.approx(np.zeros((1, 3)), abs=1e-9)


def test_the_likelihood_is_turned_until_half_of_the_sets_count():
    gain = np.random.default_rng(3).normal(0.0, 5.0, 1_000)
    to = tempering.further(gain, 0.2)
    assert 0.2 < to < 1.0
    assert effective(weights_of((to - 0.2) * gain)) == pytest.approx(500.0, rel=1e-6)


def test_the_likelihood_is_turned_to_the_end_where_few_sets_are_lost():
    assert tempering.further(np.linspace(0.0, 0.1, 50), 0.7) == 1.0


def test_each_row_is_drawn_as_often_as_its_weight_says_to_within_one():
    weights = np.array([0.05, 0.25, 0.0, 0.7])
    counts = np.bincount(tempering.systematic(weights, np.random.default_rng(1), 10), minlength=4)
    assert counts[1] in (2, 3)
    assert counts[2] == 0
    assert counts[3] == 7
    assert counts.sum() == 10


def test_the_last_row_is_drawn_where_weights_sum_to_less_than_one():
    class Luck:
        def random(self):
            return np.nextafter(1.0, 0.0)

    assert tempering.systematic(np.full(10, 0.1) * (1.0 - 1e-12), Luck(), 10).tolist() == [*range(1, 10), 9]


def test_drawing_alone_leads_to_the_posterior_too():
    """The weights of all steps multiply to the ratio of the likelihoods."""

    def real(points):
        return -8.0 * on_the_unit(points)[:, 0]

    def emulated(points):
        return 4.0 * on_the_unit(points)[:, 0]

    drawn = prior_sample(CHOSEN, 200_000, 2)
    start = drawn[tempering.systematic(weights_of(emulated(drawn)), np.random.default_rng(5), len(drawn))]
    found = on_the_unit(tempering.tempered(CHOSEN, start, emulated, real, seed=4, moves=0))[:, 0]
    wanted = weights_of(real(drawn)) @ on_the_unit(drawn)[:, 0]
    assert found.mean() == pytest.approx(wanted, abs=0.004)


@pytest.mark.parametrize("turned", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("step", [0.3, 0.8])
def test_a_move_leaves_the_posterior_under_the_turned_likelihood_as_it_is(turned, step):
    def emulated(points):
        return stats.norm.logpdf(on_the_unit(points)[:, 0], 0.35, 0.1)

    def real(points):
        return stats.norm.logpdf(on_the_unit(points)[:, 0], 0.65, 0.2)

    drawn = prior_sample(CHOSEN, 200_000, 2)
    rng = np.random.default_rng(7)
    likelihood = (1.0 - turned) * emulated(drawn) + turned * real(drawn)
    before = drawn[tempering.systematic(weights_of(likelihood), rng, 40_000)]
    cloud = tempering.Cloud(tempering.normal_scores(CHOSEN, before), emulated(before), real(before))
    for _ in range(12):
        cloud, taken = tempering.moved(CHOSEN, cloud, emulated, real, turned=turned, step=step, rng=rng)
        assert 0.1 < taken < 1.0
    after = tempering.of_normal_scores(CHOSEN, cloud.scores)
    assert cloud.real == pytest.approx(real(after)), "likelihoods are those of the sets they stand with"
    assert cloud.emulated == pytest.approx(emulated(after))
    for column in range(3):
        old, new = on_the_unit(before)[:, column], on_the_unit(after)[:, column]
        assert new.mean() == pytest.approx(old.mean(), abs=0.006)
        assert new.std() == pytest.approx(old.std(), rel=0.03)
    assert (before == after).all(axis=1).mean() < 0.2


def test_the_posterior_is_that_of_the_real_likelihood_and_not_of_the_emulated_one():
    """Three parameters, one seen at .75 of its range with an error of .1; the emulator sees it at .55, and another."""

    def real(points):
        return stats.norm.logpdf(on_the_unit(points)[:, 0], 0.75, 0.1)

    def emulated(points):
        unit = on_the_unit(points)
        return stats.norm.logpdf(unit[:, 0], 0.55, 0.1) + stats.norm.logpdf(unit[:, 1], 0.5, 0.2)

    drawn = prior_sample(CHOSEN, 50_000, 2)
    start = drawn[tempering.systematic(weights_of(emulated(drawn)), np.random.default_rng(5), 2_000)]
    steps = []
    found = on_the_unit(tempering.tempered(CHOSEN, start, emulated, real, seed=4, moves=8, tell=steps.append))

    first = CHOSEN[0]
    mode = (first.prior - first.low) / (first.high - first.low)
    prior = stats.beta(1.0 + 4.0 * mode, 5.0 - 4.0 * mode)

    def moment(power):
        return integrate.quad(lambda x: x**power * prior.pdf(x) * stats.norm.pdf(x, 0.75, 0.1), 0.0, 1.0)[0]

    mean = moment(1) / moment(0)
    spread = np.sqrt(moment(2) / moment(0) - mean**2)
    assert found[:, 0].mean() == pytest.approx(mean, abs=0.012)
    assert found[:, 0].std() == pytest.approx(spread, rel=0.1)
    unmoved = on_the_unit(drawn)
    assert found[:, 1].mean() == pytest.approx(unmoved[:, 1].mean(), abs=0.02), "nothing real was seen of it"
    assert found[:, 2].std() == pytest.approx(unmoved[:, 2].std(), rel=0.08)
    assert len(np.unique(found[:, 0])) > 1_900, "sets that were drawn twice were moved apart"
    assert steps[-1].real == 1.0
    assert [s.real for s in steps] == sorted(s.real for s in steps)


def test_moves_come_again_under_the_same_seed():
    def flat(points):
        return np.zeros(len(points))

    start = prior_sample(CHOSEN, 20, 2)
    once, again, other = (tempering.tempered(CHOSEN, start, flat, flat, seed=s, moves=2) for s in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
