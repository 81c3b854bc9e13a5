"""The start of a province from what was measured before 2020: what is known, and how far."""

from __future__ import annotations

import numpy as np

from dgsim.country import load_country, synthetic_country
from dgsim.country.covariates import MINISTRY_SCORE, censored_regression, ministry_score, observed
from dgsim.engine.run import run_replications
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import load_scenario

COUNTRY = load_country()


def test_provinces_without_a_score_get_one_from_the_regression_with_its_spread():
    """Only the leading ones were published: the others lie below all of them, not at the mean, and differ."""
    score = ministry_score(COUNTRY)
    missing = np.isnan(observed(COUNTRY, MINISTRY_SCORE, (2017,)))
    assert missing.sum() == 10
    assert score.standing[missing].max() < score.standing[~missing].min()
    assert np.ptp(score.standing[missing]) > 0.1
    assert (score.spread[missing] > 0.1).all()
    assert (score.spread[~missing] == 0.0).all()
    assert 0.05 < score.explained < 0.6


def test_the_censored_regression_finds_a_known_line():
    """The lowest third of made-up values is hidden: means and spreads of what is hidden come back."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(3000)
    truth = 1.0 + 2.0 * x + rng.standard_normal(3000)
    hidden = truth < np.quantile(truth, 1 / 3)
    filled, spread, explained = censored_regression(
        np.column_stack([np.ones(3000), x]), np.where(hidden, np.nan, truth)
    )
    assert abs(filled[hidden].mean() - truth[hidden].mean()) < 0.1
    assert abs(np.corrcoef(filled[hidden], truth[hidden])[0, 1]) > 0.7
    assert abs((filled - truth)[hidden].std() / np.sqrt((spread[hidden] ** 2).mean()) - 1.0) < 0.15
    assert 0.4 < explained < 0.9


def test_what_is_not_known_of_a_score_differs_between_replications_and_what_is_known_does_not():
    scenario = load_scenario("history").with_changes(
        capability_spread=0.4, income_weight=0.0, governance_weight=0.0, score_weight=0.6
    )
    setup = make_setup(scenario, COUNTRY)
    worlds = np.array([fresh_world(setup, 1, r).provinces["capability"] for r in range(200)])
    spread = ministry_score(COUNTRY).spread
    widths = worlds.std(axis=0)
    assert widths[spread > 0].mean() > widths[spread == 0].mean()
    assert np.allclose(widths[spread == 0].mean(), 0.4, atol=0.03)


def test_a_country_without_these_figures_starts_from_income():
    country = synthetic_country(6, seed=2)
    assert (ministry_score(country).standing == 0.0).all()
    runs = run_replications(load_scenario("history").with_changes(quarters=4), country, replications=[0])
    assert np.isfinite(runs.outcomes).all()


def test_money_that_is_never_asked_for_does_not_lapse():
    """Provinces do not lapse more than the margin allows of what they set aside; before, half of it lapsed."""
    runs = run_replications(load_scenario("history"), COUNTRY, seed=4, replications=range(4), keep={"provinces"})
    last = runs.provinces[:, -1]
    share = last["lapsed"].sum() / last["received"].sum()
    assert 0.02 < share < 0.35, share
