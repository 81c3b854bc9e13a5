"""What is said on each split of a contest, by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import GOVERNANCE, ministry_score
from dgsim.evidence import assimilation, baselines
from dgsim.evidence.predict import condition
from dgsim.evidence.regression import regressed
from dgsim.evidence.targets import Target

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


def test_no_change_across_regions_is_how_provinces_stood_in_2017():
    assert baselines.last_standing(COUNTRY).tolist() == ministry_score(COUNTRY).standing.tolist()


def test_next_year_is_what_was_known_the_year_before():
    known = assimilation.known_scores(LAND, 2021)
    seen = condition(INDEX, known, assimilation.traits_of(LAND, 2021))
    found = baselines.next_year(LAND, INDEX)
    assert found.scores.mean().tolist() == approx(seen.scores(2022).mean().tolist())
    assert found.deviations.mean().tolist() == approx(seen.deviations(2022).mean().tolist())


def test_a_region_is_predicted_from_the_others():
    known = assimilation.known_scores(LAND, 2022)
    model = 0.15 * np.stack([slope * GRADIENT for slope in YEARS[1].ravel()])
    traits = assimilation.traits_of(LAND, 2022)
    found, alone = baselines.held_out_regions(LAND, INDEX), baselines.regression_of_regions(LAND)
    for region in range(len(LAND.region_names)):
        inside = LAND.region_index == region
        hidden = np.where(inside, np.nan, known.deviations[-1])
        together = regressed(hidden, traits.joined_by(model[-1]))
        assert found[inside].tolist() == approx(together[inside].tolist())
        assert alone[inside].tolist() == approx(regressed(hidden, traits)[inside].tolist())


def test_a_model_that_says_the_same_of_all_is_the_regression():
    flat = np.broadcast_to(np.array([0.25, 0.5, 0.75])[:, np.newaxis], (2, 3, 63))
    assert baselines.held_out_regions(LAND, flat).tolist() == approx(baselines.regression_of_regions(LAND).tolist())


def test_basss_curve_goes_in_quarters_of_a_year():
    share = 0.2
    share += 0.25 * (0.03 + 0.38 * share) * (1 - share)
    assert baselines.bass(0.2, 0.25) == approx(share)
    share += 0.25 * (0.03 + 0.38 * share) * (1 - share)
    assert baselines.bass(0.2, 0.5) == approx(share)
    assert baselines.bass(0.2, 0.0) == 0.2
    assert baselines.bass(0.2, 200.0) == approx(1.0)


def test_use_is_a_figure_of_every_run_in_its_quarter(monkeypatch):
    """Six quarters in two batches of runs; figures in the fifth and in the sixth."""
    asked = {}

    def batches(scenario, country, count, **arguments):
        asked.update(arguments, scenario=scenario, country=country, count=count)
        for start in (0, 2):
            panel = np.zeros((2, 6, 63), dtype=[("use_any_step", "f8"), ("use_full_process", "f8")])
            panel["use_any_step"][:, 5] = 0.1 * (start + 1.0 + np.arange(2.0))[:, np.newaxis]
            panel["use_full_process"][:, 4] = 0.01 * (start + 1.0 + np.arange(2.0))[:, np.newaxis]
            yield range(start, start + 2), SimpleNamespace(provinces=panel)

    monkeypatch.setattr(baselines, "batches", batches)
    two = {name: use_target(name, quarter) for name, quarter in (("any_step", "2021Q2"), ("full_process", "2021Q1"))}
    found = baselines.use_of_runs(COUNTRY, [{}], 4, 7, two, {"headcount": 200.0})
    assert {name: values.tolist() for name, values in found.items()} == {
        "any_step": approx([0.1, 0.2, 0.3, 0.4]),
        "full_process": approx([0.01, 0.02, 0.03, 0.04]),
    }
    assert asked["scenario"].quarters == 6
    assert asked["scenario"].lever("headcount", 0) == 200.0
    assert (asked["count"], asked["seed"], asked["keep"], asked["parameters"]) == (4, 7, {"provinces"}, [{}])


def use_target(figure, quarter):
    return Target(figure, figure, "real", figure, "share of dossiers", "", quarter, 0.2, 0.05, "why", "test")


def test_years_go_from_the_end_of_2019_to_the_end_of_the_quarter():
    assert baselines.years_from_start(use_target("full_process", "2024Q2")) == 4.5
    assert baselines.years_from_start(use_target("any_step", "2020Q1")) == 0.25


def test_mechanisms_are_switched_off_one_by_one():
    assert baselines.VARIANTS["dgsim"] == {}
    assert baselines.VARIANTS["dgsim without peers"] == {"border": 0.0, "similarity": 0.0}
    assert baselines.VARIANTS["dgsim without incentives"] == {
        "league_table": False,
        "mandate_strength": 0.0,
        "lump_sum": 0.0,
    }
    assert baselines.VARIANTS["dgsim without skills"] == {"headcount": 200.0, "drive": 0.0, "trained_productivity": 1.0}
    assert next(iter(baselines.VARIANTS)) == baselines.MODEL
    assert baselines.NAIVE == (baselines.NO_CHANGE, baselines.REGRESSION, baselines.BASS)
