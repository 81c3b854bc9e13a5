"""The naive rivals, by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import GOVERNANCE, income, ministry_score
from dgsim.evidence import assimilation, baselines
from dgsim.evidence.predict import condition
from dgsim.world.tables import OUTCOME_NAMES

SCORES = {
    2020: np.where(GRADIENT > -0.98, 0.40 + 0.10 * GRADIENT, np.nan),
    2021: np.where(GRADIENT > -0.9, 0.46 + 0.12 * GRADIENT, np.nan),
    2022: 0.50 + 0.15 * GRADIENT**3,
}
GOVERNED = with_figures({year: GRADIENT ** (year - 2016) for year in range(2017, 2025)}, indicator=GOVERNANCE)
LAND = with_figures(SCORES, {2020: 0.40, 2021: 0.46, 2022: 0.50})
LAND = replace(LAND, observations=(*LAND.observations, *GOVERNED.observations))
YEARS = np.array([0.3, 0.4, 0.5])[:, np.newaxis], np.array([1.0, 1.2, 1.4])[:, np.newaxis]
INDEX = np.stack([YEARS[0] + slope * YEARS[1] * GRADIENT for slope in (0.1, 0.2)])


def test_no_change_is_the_last_score_and_the_mean_where_there_is_none():
    expected = 0.46 + np.select([GRADIENT > -0.9, GRADIENT > -0.98], [0.12 * GRADIENT, 0.10 * GRADIENT], 0.0)
    assert baselines.no_change_next_year(LAND).tolist() == approx(expected.tolist())
    blank = with_figures({2021: SCORES[2021]}, {2021: 0.46})
    assert baselines.no_change_next_year(blank)[0] == 0.46
    assert baselines.last_standing(COUNTRY).tolist() == ministry_score(COUNTRY).standing.tolist()


def test_the_regression_of_next_year_is_a_ridge_on_traits_and_income():
    traits = np.column_stack([assimilation.traits_of(LAND, 2021), income(LAND)])
    there = GRADIENT > -0.98
    latest = np.where(GRADIENT > -0.9, 0.12 * GRADIENT, 0.10 * GRADIENT)[there]
    x = traits[there]
    slopes = np.linalg.inv(x.T @ x + 15.0 * np.eye(5)) @ x.T @ (latest - latest.mean())
    assert baselines.regression_next_year(LAND).tolist() == approx((0.46 + traits @ slopes).tolist())


def test_next_year_is_the_weighted_mean_of_the_mixture():
    known = assimilation.known_scores(LAND, 2021)
    seen = condition(INDEX, known, assimilation.traits_of(LAND, 2021))
    centre, _ = seen.mixture(2022)
    expected = seen.weights[0] * centre[0] + seen.weights[1] * centre[1]
    assert baselines.next_year(LAND, INDEX).tolist() == approx(expected.tolist())


def test_a_region_is_predicted_from_the_others():
    known = assimilation.known_scores(LAND, 2022)
    model = 0.15 * YEARS[1] * GRADIENT
    traits = assimilation.traits_of(LAND, 2022)
    rivals = np.column_stack([traits, income(LAND)])
    found, regressed = baselines.held_out_regions(LAND, INDEX), baselines.regression_of_regions(LAND)
    for region in range(len(LAND.region_names)):
        inside = LAND.region_index == region
        hidden = np.where(inside, np.nan, known.deviations)
        others = assimilation.Known(known.years, hidden, known.means)
        discrepancy = assimilation.expected_discrepancy(others, model, traits)
        assert found[inside].tolist() == approx((0.15 * 1.4 * GRADIENT + discrepancy)[inside].tolist())
        alone = assimilation.expected_discrepancy(others, np.zeros((3, 63)), rivals)
        assert regressed[inside].tolist() == approx(alone[inside].tolist())


def test_basss_curve_goes_in_quarters_of_a_year():
    share = 0.2
    share += 0.25 * (0.03 + 0.38 * share) * (1 - share)
    assert baselines.bass(0.2, 0.25) == approx(share)
    share += 0.25 * (0.03 + 0.38 * share) * (1 - share)
    assert baselines.bass(0.2, 0.5) == approx(share)
    assert baselines.bass(0.2, 0.0) == 0.2
    assert baselines.bass(0.2, 200.0) == approx(1.0)


def test_use_in_2024_is_what_ends_online_in_the_mean_of_the_runs_in_the_last_quarter(monkeypatch):
    def run(scenario, country, **arguments):
        assert scenario.quarters == 18, "to mid-2024"
        assert scenario.lever("headcount", 0) == 200.0
        assert (arguments["seed"], arguments["replications"], arguments["parameters"]) == (4, range(2), [{}])
        values = np.zeros((2, 18, len(OUTCOME_NAMES)))
        values[:, -1, OUTCOME_NAMES.index("use_full_process")] = 0.1, 0.3
        return SimpleNamespace(outcomes=values)

    monkeypatch.setattr(baselines, "run_replications", run)
    assert baselines.use_in_2024(COUNTRY, [{}], 2, 4, {"headcount": 200.0}) == approx(0.2)


def test_agreement_and_miss_are_with_the_scores_of_2022():
    assert baselines.rank_agreement(GRADIENT, LAND) == approx(1.0)
    assert baselines.rank_agreement(-GRADIENT, LAND) == approx(-1.0)
    assert np.isnan(baselines.rank_agreement(np.full(63, 0.5), LAND)), "the same for all says nothing"
    assert baselines.mean_miss(SCORES[2022] + 0.02, LAND) == approx(0.02)
    assert baselines.mean_miss(SCORES[2022] - 0.02, LAND) == approx(0.02)
    part = with_figures({2022: np.where(GRADIENT > 0, SCORES[2022], np.nan)})
    assert baselines.mean_miss(SCORES[2022] + np.where(GRADIENT > 0, 0.01, 9.0), part) == approx(0.01)
    assert baselines.rank_agreement(np.where(GRADIENT > 0, GRADIENT, -9 * GRADIENT), part) == approx(1.0)
    assert np.isnan(baselines.rank_agreement(np.where(GRADIENT > 0, 0.5, GRADIENT), part))


def test_mechanisms_are_switched_off_one_by_one():
    assert baselines.VARIANTS["dgsim"] == {}
    assert baselines.VARIANTS["dgsim without peers"] == {"border": 0.0, "similarity": 0.0}
    assert baselines.VARIANTS["dgsim without incentives"] == {
        "league_table": False,
        "mandate_strength": 0.0,
        "lump_sum": 0.0,
    }
    assert baselines.VARIANTS["dgsim without skills"] == {"headcount": 200.0, "drive": 0.0, "trained_productivity": 1.0}
    assert baselines.USE_YEARS == 4.5, "from the end of 2019 to mid-2024"
