"""Targets of the fit, by hand: observed figures, and the same in the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.evidence import targets


def test_a_country_without_figures_has_no_targets():
    assert targets.targets_of(with_figures({})) == {}


def test_national_figures_are_looked_up_by_indicator_and_date():
    nation = (("use_dossiers_online", "2019-12", "0.06"), ("use_dossiers_online", "2018-12", "0.01"))
    (found,) = targets.targets_of(replace(with_figures({}), nation=nation)).values()
    assert found.name == "full_2019"
    assert (found.kind, found.unit, found.quarter) == ("real", "share of dossiers", "2020Q1")
    assert (found.observed, found.error, found.role) == (0.06, 0.03, "fit")
    assert found.label == "Online from start to end at the start"
    assert found.why


def test_what_the_model_is_tested_on_is_not_what_it_is_fitted_to():
    nation = (
        ("use_dossiers_online", "2019-12", "0.06"),
        ("use_full_process_provinces", "2024-07", "0.17"),
        ("dossiers_online_full_process", "2025-10", "0.4"),
    )
    country = replace(with_figures({}), nation=nation)
    assert list(targets.targets_of(country)) == ["full_2019"]
    tested = targets.targets_of(country, targets.TEST)
    assert {name: found.quarter for name, found in tested.items()} == {"full_2024": "2024Q2", "national_2025": "2025Q4"}
    assert {found.role for found in tested.values()} == {"test"}
    fitted, later = targets.targets_of(COUNTRY), targets.targets_of(COUNTRY, targets.TEST)
    assert max(found.quarter for found in fitted.values()) == "2023Q4"
    assert min(found.quarter for found in later.values()) == "2024Q2"
    assert not set(fitted) & set(later)


def test_accounts_are_a_share_of_69_million_adults():
    nation = (("eid_accounts_activated", "2022-11-07", "13.8"),)
    (found,) = targets.targets_of(replace(with_figures({}), nation=nation)).values()
    assert (found.name, found.observed, found.unit) == ("accounts_2022", approx(0.2), "share of adults")


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
    found = np.zeros((2, 3, 63), dtype=[(name, "f8") for name in targets.USED])
    found["supply"][0, 2], found["supply"][1, 2] = np.where(np.arange(63) < 7, 0.05, 0.1), 0.4
    for name, value in WEIGHTED.items():
        found[name][0, 2, 0], found[name][1, 2] = value, 0.5 * value
    found["accounts"][:, 2], found["executed"][:, 2] = np.linspace(0.0, 0.4, 63), np.linspace(0.7, 0.9, 63)
    found["reported_index"][1, 2] = GRADIENT + 0.5
    found["published_index"][:, 2] = GRADIENT, -GRADIENT
    return found


# What the first province has in the first run, where the others have nothing; in the second run all have half of it.
WEIGHTED = {
    "use_any_step": 0.6,
    "assisted_share": 0.2,
    "use_full_process": 0.3,
    "any_step_of_ministries": 0.7,
    "full_process_of_ministries": 0.8,
    "access": 0.9,
}


def asked_of(name):
    """A target, looked at in the third quarter."""
    known = targets.targets_of(COUNTRY) | targets.targets_of(COUNTRY, targets.TEST)
    return {name: replace(known[name], quarter="2020Q3")}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("supply_below_10", [7.0, 0.0]),
        ("supply_2021", [(7 * 0.05 + 56 * 0.1) / 63, 0.4]),
        ("accounts_2022", [0.2, 0.2]),
        ("executed_2023", [0.8, 0.8]),
        ("index_2021", [0.0, 0.5]),
        ("spread_2022", [GRADIENT.std()] * 2),
    ],
)
def test_the_models_figures(name, values):
    looked_at = asked_of(name)
    found = targets.figures(panel(), COUNTRY, looked_at)
    assert found.shape == (2, 1)
    assert found[:, 0].tolist() == approx(values)


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("any_2024", 0.6),
        ("any_2022", (0.43 * 0.6 + 0.68 * 0.7) / 1.11),
        ("ministries_2023", 0.7),
        ("portal_2023", 0.6 - 0.2),  # what officials file is no use of the portal by citizens
        ("full_2024", 0.3),
        ("access_2021", 0.9),
        ("national_2024", (0.43 * 0.3 + 0.68 * 0.8) / 1.11),
    ],
)
def test_use_and_access_in_the_model_are_weighted_by_people(name, share):
    """Dossiers a head and year: .12 + .09 + .01 + .04 + .06 + .11 of provinces, .45 + .05 + .18 of ministries."""
    people = COUNTRY.column("population_2019")
    found = targets.figures(panel(), COUNTRY, asked_of(name))
    assert found[:, 0].tolist() == approx([share * people[0] / people.sum(), 0.5 * share])


def test_the_figures_are_made_of_the_stocks_that_are_said_to_be_used():
    known = targets.targets_of(COUNTRY) | targets.targets_of(COUNTRY, targets.TEST)
    assert {target.figure for target in known.values()} == {*targets.FIGURES, targets.RANK_CORRELATION}
    assert set(targets.USED) == set(panel().dtype.names)
    assert targets.figures(np.repeat(panel()[:, 2:], 24, axis=1), COUNTRY, known).shape == (2, len(known))


def test_correlations_in_the_model_are_of_the_published_index():
    asked = asked_of("rho_income")
    income = COUNTRY.column("grdp_per_capita_2019_mvnd")
    expected = spearmanr(GRADIENT, income).statistic
    assert targets.figures(panel(), COUNTRY, asked)[:, 0].tolist() == approx([expected, -expected])
