"""Ridge regression with a penalty a kind of trait, and penalties from regions that are left out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from country_by_hand import GRADIENT, approx
from dgsim.country.covariates import standardised
from dgsim.evidence import regression
from dgsim.evidence.regression import PENALTIES, Traits, regressed

REGIONS = np.arange(63) % 5
HALF, ODD = np.repeat([1.0, -1.0, 0.0], [30, 30, 3]), np.r_[np.tile([1.0, -1.0], 30), np.zeros(3)]
RNG = np.random.default_rng(2)
NOISE = RNG.standard_normal(63)


def one(*columns, regions=REGIONS):
    return Traits((np.column_stack(columns),), regions)


def fixed(monkeypatch, *penalties):
    monkeypatch.setattr(regression, "PENALTIES", penalties)


def test_slopes_are_held_back_by_the_penalty_in_provinces(monkeypatch):
    """Of traits that have nothing to do with each other each slope is that of its own, with 60 added to its squares."""
    fixed(monkeypatch, 60.0)
    assert (HALF @ ODD, HALF.sum(), ODD.sum()) == (0.0, 0.0, 0.0)
    found = regressed(0.3 * HALF - 0.1 * ODD, one(HALF, ODD))
    assert found.tolist() == approx((60 / (60 + 60) * (0.3 * HALF - 0.1 * ODD)).tolist())


def test_only_provinces_that_are_known_count_and_their_mean_is_taken_off(monkeypatch):
    fixed(monkeypatch, 15.0)
    values = np.where(np.arange(63) < 40, 0.3 * GRADIENT + 0.1, np.nan)
    x, y = GRADIENT[:40], values[:40]
    slope = x @ (y - y.mean()) / (x @ x + 15.0)
    assert regressed(values, one(GRADIENT)).tolist() == approx((slope * GRADIENT).tolist())


def test_without_thirty_scores_there_is_no_regression():
    some = lambda count: np.where(np.arange(63) < count, GRADIENT, np.nan)  # noqa: E731
    assert regressed(some(29), one(GRADIENT)).tolist() == [0.0] * 63
    assert np.abs(regressed(some(30), one(GRADIENT))).max() > 0.0


def test_each_kind_has_a_penalty_of_its_own(monkeypatch):
    monkeypatch.setattr(regression, "chosen_penalties", lambda *_: (30.0, 240.0))
    found = regressed(0.3 * HALF + 0.1 * ODD, Traits((HALF[:, np.newaxis], ODD[:, np.newaxis]), REGIONS))
    assert found.tolist() == approx((60 / 90 * 0.3 * HALF + 60 / 300 * 0.1 * ODD).tolist())


def missed_by(values, traits, penalties):
    """Squares of what regions miss, each said by the others, by another way of reckoning."""
    x, total = np.column_stack(traits.kinds), 0.0
    weights = np.repeat(penalties, [kind.shape[1] for kind in traits.kinds])
    for region in np.unique(traits.regions):
        inside = traits.regions == region
        others = ~inside & np.isfinite(values)
        stacked = np.vstack([x[others], np.diag(np.sqrt(weights))])
        aimed = np.r_[values[others] - values[others].mean(), np.zeros(len(weights))]
        slopes = np.linalg.lstsq(stacked, aimed, rcond=None)[0]
        total += np.nansum(np.square(values - x @ slopes)[inside])
    return total


def test_penalties_are_those_that_say_left_out_regions_best():
    values = 0.05 * HALF + 0.02 * ODD + 0.1 * NOISE
    values[7] = np.nan
    traits = Traits((np.column_stack([HALF, GRADIENT]), ODD[:, np.newaxis]), REGIONS)
    tried = {pair: missed_by(values, traits, pair) for pair in itertools.product(PENALTIES, repeat=2)}
    assert regression.chosen_penalties(values, traits) == min(tried, key=tried.get)


def test_what_is_noise_is_held_back_and_what_is_not_is_let_be():
    other = RNG.permutation(NOISE)
    clear, noise = 0.5 * HALF + 0.01 * NOISE, 0.1 * NOISE
    assert regression.chosen_penalties(clear, one(HALF)) == (PENALTIES[0],)
    assert regression.chosen_penalties(noise - noise.mean(), one(standardised(other)))[0] >= 128.0


@pytest.mark.parametrize("known", [True, False])
def test_a_region_is_said_by_the_others_alone(known):
    values = 0.2 * HALF + 0.1 * NOISE
    if not known:
        values[REGIONS == 2] = np.nan
    moved = np.where(REGIONS == 2, values + 0.7 * HALF, values)
    fitted = regression._from_others(values, one(HALF), np.isfinite(values), (8.0,))
    again = regression._from_others(moved, one(HALF), np.isfinite(values), (8.0,))
    assert fitted[REGIONS == 2].tolist() == approx(again[REGIONS == 2].tolist())
    if known:
        assert np.abs(fitted - again)[REGIONS != 2].max() > 0.01


def test_one_more_kind_is_a_figure_in_standard_deviations():
    more = one(HALF, ODD).joined_by(3.0 + 0.2 * GRADIENT)
    assert [kind.shape for kind in more.kinds] == [(63, 2), (63, 1)]
    assert more.kinds[1][:, 0].tolist() == approx(standardised(GRADIENT).tolist())
    assert more.regions.tolist() == REGIONS.tolist()
    assert one(HALF).joined_by(np.full(63, 0.5)).kinds[1].tolist() == [[0.0]] * 63, "what does not vary says nothing"


def test_penalties_go_from_one_province_to_a_thousand():
    assert (PENALTIES[0], PENALTIES[-1]) == (1.0, 1024.0)
    assert all(later == 2.0 * earlier for earlier, later in itertools.pairwise(PENALTIES))
