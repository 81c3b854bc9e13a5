"""Targets of the fit, by hand: observed figures, and the same in the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.evidence import targets

FIELDS = ("supply", "use", "reported_index", "published_index")


def test_a_country_without_figures_has_no_targets():
    assert targets.targets_of(with_figures({})) == {}


def test_national_figures_are_looked_up_by_indicator_and_date():
    nation = (("use_dossiers_online", "2019-12", "0.06"), ("use_dossiers_online", "2018-12", "0.01"))
    (found,) = targets.targets_of(replace(with_figures({}), nation=nation)).values()
    assert found.name == "use_2020"
    assert (found.kind, found.unit, found.quarter) == ("real", "share of transactions", "2020Q1")
    assert (found.observed, found.error) == (0.06, 0.03)
    assert found.label == "Use at the start"
    assert found.why


def test_scores_give_their_spread_and_their_rank_correlations():
    score = 0.5 + 0.1 * np.argsort(np.argsort(COUNTRY.column("grdp_per_capita_2019_mvnd"))) / 62
    found = targets.targets_of(with_figures({2022: score}))
    assert found["spread_2022"].observed == approx(score.std())
    assert found["rho_income"].observed == approx(1.0)
    poverty = COUNTRY.column("poverty_multidim_2019_pct")
    assert found["rho_poverty"].observed == approx(spearmanr(score, poverty).statistic)
    assert "rho_governance" not in found, "nothing was observed of it"


def test_traits_are_columns_or_what_was_observed():
    assert (
        targets.trait_of("trained_labour_2019_pct", COUNTRY).tolist()
        == COUNTRY.column("trained_labour_2019_pct").tolist()
    )
    country = with_figures({2017: GRADIENT, 2018: -GRADIENT}, indicator="mic_it_application_score")
    assert targets.trait_of("mic_it_application_score", country).tolist() == GRADIENT.tolist()


def test_rank_correlation_is_spearmans_over_those_that_are_known():
    values = np.array([[1.0, 2.0, 4.0, 3.0, 3.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
    trait = np.array([1.0, 2.0, 3.0, np.nan, 9.0])
    found = targets.rank_correlation(values, trait)
    assert found.tolist() == approx([spearmanr(row[[0, 1, 2, 4]], [1, 2, 3, 9]).statistic for row in values])
    two = targets.rank_correlation(values, np.array([1.0, 2.0, np.nan, np.nan, np.nan]))
    assert (two.shape, np.isnan(two).all()) == ((2,), True), "two are too few"
    three = targets.rank_correlation(values, np.array([1.0, 2.0, 3.0, np.nan, np.nan]))
    assert three.tolist() == approx([1.0, -1.0])
    blank = targets.rank_correlation(np.array([[1.0, np.nan, 4.0, 3.0, 3.0]]), np.arange(5.0))
    assert blank.tolist() == approx([spearmanr([1, 4, 3, 3], [0, 2, 3, 4]).statistic])


def test_where_all_are_equal_there_is_no_correlation():
    assert targets.rank_correlation(np.ones((1, 4)), np.arange(4.0)).tolist() == [0.0]
    assert targets.rank_correlation(np.arange(4.0), np.ones(4)) == 0.0


def panel():
    """Two runs of three quarters; the last is looked at."""
    found = np.zeros((2, 3, 63), dtype=[(name, "f8") for name in FIELDS])
    found["supply"][0, 2], found["supply"][1, 2] = np.where(np.arange(63) < 7, 0.05, 0.1), 0.4
    found["use"][0, 2, 0], found["use"][1, 2] = 0.63, 0.25
    found["reported_index"][1, 2] = GRADIENT + 0.5
    found["published_index"][:, 2] = GRADIENT, -GRADIENT
    return found


def asked_of(name):
    """A target, looked at in the third quarter."""
    return {name: replace(targets.targets_of(COUNTRY)[name], quarter="2020Q3")}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("supply_below_10", [7.0, 0.0]),
        ("supply_2021", [(7 * 0.05 + 56 * 0.1) / 63, 0.4]),
        ("index_2021", [0.0, 0.5]),
        ("spread_2022", [GRADIENT.std()] * 2),
    ],
)
def test_the_models_figures(name, values):
    looked_at = asked_of(name)
    found = targets.figures(panel(), COUNTRY, looked_at)
    assert found.shape == (2, 1)
    assert found[:, 0].tolist() == approx(values)


def test_use_in_the_model_is_weighted_by_people():
    people = COUNTRY.column("population_2019")
    found = targets.figures(panel(), COUNTRY, asked_of("use_2024"))
    assert found[:, 0].tolist() == approx([0.63 * people[0] / people.sum(), 0.25])


def test_correlations_in_the_model_are_of_the_published_index():
    asked = asked_of("rho_income")
    income = COUNTRY.column("grdp_per_capita_2019_mvnd")
    expected = spearmanr(GRADIENT, income).statistic
    assert targets.figures(panel(), COUNTRY, asked)[:, 0].tolist() == approx([expected, -expected])
