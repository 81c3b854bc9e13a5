"""What knowing an assumption is worth, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from dgsim.appraisals.expected import expected, spline, worth_of_all, worth_of_knowing

RNG = np.random.default_rng(11)
MANY = 160  # candidates that are looked at, as in the plausible sets


@pytest.mark.parametrize("odds", [0.5, 0.25])
def test_a_coin_that_decides_is_worth_what_it_saves(odds):
    """One plan gains 6 with heads and loses 2 without; the other is nothing: E[max] - max E, by hand."""
    coin = (np.arange(400) < 400 * odds).astype(float)
    net = np.stack([8 * coin - 2, np.zeros(400)], axis=1)
    by_hand = odds * 6 - max(6 * odds - 2 * (1 - odds), 0)
    assert worth_of_knowing(coin, net, MANY) == pytest.approx(by_hand)
    assert worth_of_all(net) == pytest.approx(by_hand)


def test_a_coin_that_decides_is_found_below_luck():
    coin = np.arange(400) % 2 * 1.0
    luck = RNG.normal(0, 3, 400)
    net = np.stack([8 * coin - 4 + luck, np.zeros(400)], axis=1)
    heads = net[coin == 1, 0].mean()
    by_hand = heads / 2 - max(net[:, 0].mean(), 0)
    assert worth_of_knowing(coin, net, MANY) == pytest.approx(by_hand)
    assert worth_of_all(net) > worth_of_knowing(coin, net, MANY), "luck too would be known"


def test_numbers_that_move_nothing_are_worth_nothing():
    net = np.stack([RNG.normal(1, 3, 128), RNG.normal(0, 3, 128)], axis=1)
    found = [worth_of_knowing(RNG.uniform(size=128), net, MANY) for _ in range(MANY)]
    assert np.count_nonzero(found) <= 1
    assert worth_of_knowing(np.ones(128), net, MANY) == 0.0


def test_a_number_on_a_normal_scale_has_the_closed_form_of_the_unit_normal_loss():
    """Net benefit is mean + spread x z: knowing z is worth spread x (phi(d) - d Phi(-d)), where d = mean / spread."""
    mean, spread = 1.0, 2.0
    z = norm.ppf((np.arange(2000) + 0.5) / 2000)
    net = np.stack([mean + spread * z, np.zeros(2000)], axis=1)
    d = mean / spread
    assert worth_of_knowing(z, net) == pytest.approx(spread * (norm.pdf(d) - d * norm.sf(d)), rel=2e-3)


def test_what_moves_all_plans_alike_decides_nothing():
    common = RNG.normal(0, 100, 200)
    net = np.stack([common + 1, common], axis=1)
    assert worth_of_knowing(common, net) == pytest.approx(0, abs=1e-9)


def test_a_bent_line_is_followed():
    given = np.linspace(-2, 2, 300)
    wanted = np.tanh(2 * given)
    found = expected(given, wanted + RNG.normal(0, 0.1, 300))
    assert np.abs(found - wanted).max() < 0.15
    assert np.abs(np.polyval(np.polyfit(given, wanted, 1), given) - wanted).max() > 0.3, "a straight line would not do"


def test_a_spline_is_straight_beyond_its_outer_knots():
    terms = spline(np.linspace(-10, 10, 201), 3)
    assert_allclose(np.diff(terms[-8:], n=2, axis=0), 0, atol=1e-9)
    assert_allclose(np.diff(terms[:8], n=2, axis=0), 0, atol=1e-9)
    assert np.abs(np.diff(terms[60:140], n=2, axis=0)).max() > 1e-4
