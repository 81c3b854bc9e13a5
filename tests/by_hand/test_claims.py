"""The rows of a validation, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import ministry_score
from dgsim.evidence import claims
from dgsim.evidence.pattern_claims import EMERGES, INPUT, OPEN, Pattern

RUNS = np.linspace(0.0, 1.0, 101)


def test_means_are_those_of_the_index():
    country = replace(COUNTRY, nation=(("dti_provincial_mean", "2021", "0.5"), ("another", "2021", "0.7")))
    assert list(claims.national_means(country)) == [(2021, 0.5)]


@pytest.mark.parametrize(("seen", "holds"), [(0.05, "yes"), (0.95, "yes"), (0.049, "no"), (0.951, "no")])
def test_a_figure_holds_within_the_fifth_to_the_ninety_fifth_percentile(seen, holds):
    row = claims.figure_row("g", "c", "u", seen, RUNS, "n")
    assert (row["low"], row["high"], row["model"]) == approx((0.05, 0.95, 0.5))
    assert row["holds"] == holds
    assert (row["group"], row["claim"], row["who"], row["unit"], row["note"]) == ("g", "c", "dgsim", "u", "n")
    assert row["observed"] == seen
    assert np.isnan(row["share"])
    assert claims.figure_row("g", "c", "u", 0.5, np.full(9, 0.5), "n")["holds"] == "yes", "both ends are within"


@pytest.mark.parametrize(
    ("least", "role", "share", "holds"),
    [(0.1, EMERGES, 90 / 101, "no"), (0.095, INPUT, 91 / 101, "yes"), (0.1, OPEN, 90 / 101, ""), (2.0, OPEN, 0.0, "")],
)
def test_a_direction_that_is_claimed_holds_if_it_comes_out_often_enough(least, role, share, holds):
    """Of 101 values from 0 to 1, 90 lie above .1 and 91 above .095."""
    row = claims.direction_row("g", Pattern("P0", "text", "u", lambda _: RUNS, least, role=role), RUNS, 0.9)
    assert (row["holds"], row["share"], row["model"]) == (holds, approx(share), approx(0.5))
    assert (row["claim"], row["role"], row["unit"]) == ("P0: text", role, "u")
    assert (row["low"], row["high"]) == approx((0.05, 0.95))
    assert np.isnan(row["observed"])


SCORED = ministry_score(COUNTRY).spread == 0.0
BEFORE = np.argsort(np.argsort(-ministry_score(COUNTRY).standing[SCORED])) + 1.0


def test_mobility_counts_places_up_and_down_and_where_the_leader_went():
    last = GRADIENT.copy()
    index = np.stack([[GRADIENT[::-1], GRADIENT], [-last, -last], [last, last]])
    use = np.stack([GRADIENT, -GRADIENT])
    found = claims.mobility(index, use, COUNTRY)
    assert found["leader"].tolist() == [63.0, 1.0], "the leader of the first year is last in the first run"
    after = np.argsort(np.argsort(-last[SCORED])) + 1.0
    assert found["climb"].tolist() == [(BEFORE - after).max()] * 2
    assert found["fall"].tolist() == [(after - BEFORE).max()] * 2
    assert found["climb"][0] != found["fall"][0]


def test_observed_mobility_is_the_same_of_what_was_seen():
    moved = 0.5 + 0.1 * np.roll(GRADIENT, -1)
    country = with_figures({2020: 0.4 + 0.1 * GRADIENT, 2022: moved})
    rows = [(code, claims.PORTAL, 2022, float(-value)) for code, value in zip(COUNTRY.codes, moved, strict=True)]
    score = [row for row in COUNTRY.observations if row[1] == "mic_it_application_score"]
    country = replace(country, observations=(*country.observations, *rows, *score))
    found = claims.observed_mobility(country)
    after = np.argsort(np.argsort(-moved[SCORED])) + 1.0
    assert found["leader"] == 63.0, "who led in 2020 is last"
    assert found["climb"] == (BEFORE - after).max()
    assert found["fall"] == (after - BEFORE).max()
    assert found["portal"] == approx(-1.0)
    model = claims.mobility(np.stack([[GRADIENT], [moved]]), moved[np.newaxis], country)
    assert {name: value[0] for name, value in model.items()} == approx(found)
    assert spearmanr(moved, -moved).statistic == approx(-1.0)


def test_batches_of_values_are_joined_in_their_order():
    found = claims.joined([{"a": np.array([1.0])}, {"a": np.array([2.0, 3.0])}])
    assert found["a"].tolist() == [1.0, 2.0, 3.0]
