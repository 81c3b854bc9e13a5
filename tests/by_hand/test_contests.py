"""Who is ahead of whom, and whether data can see it, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from country_by_hand import GRADIENT, approx
from dgsim.evidence import contests
from dgsim.evidence.baselines import BASS, MODEL, NO_CHANGE, REGRESSION
from dgsim.evidence.contests import ALIKE, BETTER, CONSTANT, WORSE, Contest
from dgsim.evidence.mixture import Forecast, Mixture

TRUTH = 0.5 + 0.1 * GRADIENT
NOISE = np.random.default_rng(8).standard_normal(63)
PEERLESS = "dgsim without peers"


def rows_of(contest, entered, truth=TRUTH, seed=1):
    return {row["who"]: row for row in contest.rows(entered, truth, seed)}


MISS, RANKS = (
    Contest("g", "c", "0..1", contests.mean_miss, False),
    Contest("g", "c", "-1..1", contests.rank_agreement, True),
)


def test_measures_are_what_they_are_called():
    values = np.stack([GRADIENT, -GRADIENT, NOISE])
    assert contests.rank_agreement(values, TRUTH * np.ones((3, 1))).tolist() == approx(
        [1.0, -1.0, spearmanr(NOISE, TRUTH).statistic]
    )
    assert np.isnan(contests.rank_agreement(np.full(63, 0.5), TRUTH)), "the same for all says nothing"
    assert contests.mean_miss(TRUTH + np.where(GRADIENT > 0, 0.02, -0.02), TRUTH) == approx(0.02)
    assert contests.mean_score(np.array([[1.0, 3.0], [2.0, 5.0]]), TRUTH).tolist() == [2.0, 3.5]


def test_a_contest_is_won_against_every_naive_rival():
    entered = {MODEL: TRUTH + 0.02, NO_CHANGE: TRUTH + 0.03, REGRESSION: TRUTH - 0.04, PEERLESS: TRUTH}
    rows = rows_of(MISS, entered)
    assert rows[MODEL]["holds"] == "yes", "a model without a mechanism is no rival"
    assert {row["holds"] for who, row in rows.items() if who != MODEL} == {""}
    assert rows[MODEL]["model"] == approx(0.02)
    assert rows_of(MISS, entered | {MODEL: TRUTH + 0.05})[MODEL]["holds"] == "no"
    assert rows_of(MISS, entered | {MODEL: TRUTH - 0.03})[MODEL]["holds"] == "no", "as far as the best is not nearer"
    ranked = {MODEL: TRUTH + 0.01 * NOISE, NO_CHANGE: TRUTH + 0.1 * NOISE}
    assert rows_of(RANKS, ranked)[MODEL]["holds"] == "yes"
    assert rows_of(RANKS, {MODEL: ranked[NO_CHANGE], NO_CHANGE: ranked[MODEL]})[MODEL]["holds"] == "no"
    assert (rows[MODEL]["group"], rows[MODEL]["claim"], rows[MODEL]["unit"]) == ("g", "c", "0..1")


def test_a_lead_is_positive_where_the_model_is_better_whichever_way_is_better():
    misses = rows_of(MISS, {MODEL: TRUTH, NO_CHANGE: TRUTH + 0.03, PEERLESS: TRUTH + 0.01})
    assert [misses[who]["lead"] for who in (NO_CHANGE, PEERLESS)] == approx([0.03, 0.01])
    assert misses[NO_CHANGE]["note"] == BETTER
    assert (misses[NO_CHANGE]["lead_low"], misses[NO_CHANGE]["lead_high"]) == approx((0.03, 0.03)), "wherever it is"
    ranks = rows_of(RANKS, {MODEL: TRUTH, NO_CHANGE: -TRUTH, PEERLESS: TRUTH + 0.05 * NOISE})
    assert ranks[NO_CHANGE]["lead"] == approx(2.0)
    assert ranks[PEERLESS]["lead"] > 0.0
    worse = rows_of(MISS, {MODEL: TRUTH + 0.03, NO_CHANGE: TRUTH})[NO_CHANGE]
    assert (worse["lead"], worse["note"]) == (approx(-0.03), WORSE)
    assert "lead" not in misses[MODEL]


def test_the_interval_of_a_lead_is_that_of_provinces_drawn_again():
    """Of a difference of means it is near the one of the central limit theorem."""
    lead = 0.01 + 0.05 * np.abs(NOISE)
    row = rows_of(MISS, {MODEL: TRUTH, NO_CHANGE: TRUTH + lead})[NO_CHANGE]
    half = norm.ppf(0.95) * lead.std() / np.sqrt(63)
    assert row["lead"] == approx(lead.mean())
    assert row["lead_low"] == approx(lead.mean() - half, abs=0.15 * half)
    assert row["lead_high"] == approx(lead.mean() + half, abs=0.15 * half)


def test_a_pair_is_drawn_together():
    """Both miss the same provinces alike: far apart in size, and told apart without doubt."""
    off = 0.2 * np.abs(NOISE)
    row = rows_of(MISS, {MODEL: TRUTH + off, NO_CHANGE: TRUTH + off + 0.001})[NO_CHANGE]
    assert (row["lead_low"], row["lead_high"], row["note"]) == (approx(0.001), approx(0.001), BETTER)


def test_what_differs_as_much_one_way_as_the_other_cannot_be_told_apart():
    swing = 0.02 * np.where(np.arange(63) % 2, 1.0, -1.0)
    rows = rows_of(MISS, {MODEL: TRUTH + 0.05, NO_CHANGE: TRUTH + 0.05 + swing, REGRESSION: TRUTH + 0.5})
    assert rows[NO_CHANGE]["note"] == ALIKE
    assert rows[MODEL]["note"] == f"not clearly ahead of: {NO_CHANGE}"
    assert rows_of(MISS, {MODEL: TRUTH, NO_CHANGE: TRUTH + 0.05})[MODEL]["note"] == ""


def test_a_rival_that_says_the_same_of_all_does_not_count_for_ranks():
    rows = rows_of(RANKS, {MODEL: TRUTH, NO_CHANGE: TRUTH - 0.1 * NOISE, BASS: np.full(63, 0.5)})
    assert rows[MODEL]["holds"] == "yes"
    assert (rows[BASS]["note"], np.isnan(rows[BASS]["model"])) == (CONSTANT, True)
    assert "lead" not in rows[BASS]


def test_the_published_level_stands_in_the_middle_and_the_others_are_as_likely():
    """One is 1 point low and the other 2 points high: which is nearer hangs on the level, which is one draw."""
    levels = TRUTH + 0.05 * norm.ppf((np.arange(21)[:, np.newaxis] + 0.5) / 21)
    entered = {MODEL: TRUTH - 0.01, NO_CHANGE: TRUTH + 0.02}
    row = rows_of(MISS, entered, levels)[NO_CHANGE]
    assert row["lead"] == approx(0.01), "as published"
    assert row["note"] == ALIKE
    assert (row["lead_low"], row["lead_high"]) == (approx(-0.03), approx(0.03))
    assert rows_of(MISS, entered)[NO_CHANGE]["note"] == BETTER, "were the level not in doubt"


def told(found, seen=0.5, error=0.0):
    entered = {who: np.atleast_1d(np.array(value, dtype=float)) for who, value in found.items()}
    return {row["who"]: row for row in contests.miss_rows("g", "c", entered, seen, error, 3)}


def test_a_miss_holds_if_it_is_smaller_than_that_of_every_naive_rival():
    rivals = {NO_CHANGE: 0.6, BASS: 0.45, PEERLESS: [0.5, 0.5]}
    rows = told({MODEL: [0.45, 0.47], **rivals})
    assert rows[MODEL]["holds"] == "yes"
    assert rows[MODEL]["model"] == approx(0.46)
    assert {row["holds"] for who, row in rows.items() if who != MODEL} == {""}
    assert told({MODEL: [0.75, 0.75], NO_CHANGE: 0.25, BASS: 0.0})[MODEL]["holds"] == "no", "as far is not nearer"
    assert told({MODEL: [0.56, 0.56], **rivals})[MODEL]["holds"] == "no"
    assert (rows[BASS]["model"], rows[BASS]["observed"], rows[BASS]["unit"]) == (0.45, 0.5, "share of dossiers")
    assert rows[BASS]["lead"] == approx(0.01)


def test_runs_are_paired_with_those_of_the_same_luck():
    runs = np.linspace(0.2, 0.4, 50)
    rows = told({MODEL: runs, PEERLESS: runs - 0.01, NO_CHANGE: 0.1})
    assert (rows[PEERLESS]["lead"], rows[PEERLESS]["note"]) == (approx(0.01), BETTER)
    assert (rows[PEERLESS]["lead_low"], rows[PEERLESS]["lead_high"]) == approx((0.01, 0.01))
    ends = np.quantile(0.4 - (0.5 - runs), (0.05, 0.95))
    assert (rows[NO_CHANGE]["lead_low"], rows[NO_CHANGE]["lead_high"]) == approx(tuple(ends))


def test_the_error_of_what_was_observed_may_hide_who_is_nearer():
    found = {MODEL: np.full(400, 0.49), NO_CHANGE: 0.53}
    assert told(found)[NO_CHANGE]["note"] == BETTER
    assert told(found, error=0.1)[NO_CHANGE]["note"] == ALIKE
    assert told(found, error=0.1)[NO_CHANGE]["lead"] == approx(0.02), "as observed"


def forecast(centre, spread=0.05):
    apart = centre - centre.mean()
    return Forecast(*(Mixture.of_normals(part, np.full(63, spread)) for part in (centre, apart)))


@pytest.fixture(scope="module")
def ahead():
    entered = {MODEL: forecast(TRUTH + 0.01), NO_CHANGE: forecast(TRUTH - 0.3), REGRESSION: forecast(TRUTH + NOISE)}
    rows = contests.forecast_rows("g", "t", entered, {BASS: np.full(63, 0.56)}, TRUTH, 0.02, 5)
    found = {}
    for row in rows:
        found.setdefault(row["claim"], {})[row["who"]] = row
    return found


def test_forecasts_meet_in_ranks_misses_scores_and_coverage(ahead):
    scored = "continuous ranked probability score"
    inside = "inside the 90% interval"
    assert list(ahead) == [
        "rank correlation, t",
        "mean absolute error, t",
        f"{scored}, t",
        f"{scored}, from the mean, t",
        f"{inside}, t",
        f"{inside}, from the mean, t",
    ]
    assert all(set(rows) >= {MODEL, NO_CHANGE, REGRESSION} for rows in ahead.values())
    assert [BASS in rows for rows in ahead.values()] == [True, True, False, False, False, False]
    assert ahead["mean absolute error, t"][BASS]["model"] == approx(np.abs(0.56 - TRUTH).mean())


def test_scores_are_in_points_and_those_from_the_mean_leave_the_level_out(ahead):
    scored, apart = (ahead[f"continuous ranked probability score, {part}t"] for part in ("", "from the mean, "))
    at_the_mean = 100.0 * 0.05 * (np.sqrt(2.0) - 1.0) / np.sqrt(np.pi)
    z = 0.2
    off = 100.0 * 0.05 * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
    assert scored[MODEL]["model"] == approx(off), "of a normal number that is one fifth of a spread off"
    assert apart[MODEL]["model"] == approx(at_the_mean)
    assert apart[NO_CHANGE]["model"] == approx(at_the_mean), "30 points off in level, and right from the mean"
    assert scored[MODEL]["unit"] == "points of the index"
    assert (scored[MODEL]["holds"], apart[MODEL]["holds"]) == ("yes", "no")


def test_nine_in_ten_are_inside_give_or_take_a_twentieth(ahead):
    rows, apart = ahead["inside the 90% interval, t"], ahead["inside the 90% interval, from the mean, t"]
    assert (rows[MODEL]["model"], rows[MODEL]["holds"]) == (1.0, "no"), "all is too many"
    assert (rows[NO_CHANGE]["model"], rows[NO_CHANGE]["holds"]) == (0.0, "")
    assert apart[NO_CHANGE]["model"] == 1.0
    assert rows[MODEL]["unit"] == "share of provinces"
    for share, holds in ((0.84, "no"), (0.85, "yes"), (0.95, "yes"), (0.96, "no")):
        those = np.arange(100) < round(100 * share)
        (row,) = contests._coverage_rows("g", "c", {MODEL: those})
        assert (row["model"], row["holds"]) == (approx(share), holds)
