"""Predictions: form, what they are conditioned on, calibration on a year that is known, and how they are scored."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from dgsim.cli.main import main
from dgsim.country import load_country
from dgsim.country.covariates import observed
from dgsim.errors import StudyError
from dgsim.evidence import assimilation
from dgsim.evidence.predict import predict
from dgsim.evidence.verification import read_scores, score_prediction

COUNTRY = load_country()
TRUTH = observed(COUNTRY, "dti_score", (2022,))


def file_of(tmp_path, year=2022, scores=TRUTH):
    lines = [f"{code},{year},{score:.4f}" for code, score in zip(COUNTRY.codes, scores, strict=True)]
    file = tmp_path / "came.csv"
    file.write_text("province_code,year,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hidden_2022():
    return predict(2022, known_until=2021, replications=128)


@pytest.fixture(scope="module")
def ahead():
    return predict((2023, 2024), replications=128)


def test_every_province_has_a_score_a_rank_and_an_interval(ahead):
    for _, table in ahead.table.groupby("year"):
        assert list(table["province_code"]) == list(COUNTRY.codes)
        assert sorted(table["rank"]) == list(range(1, 64))
        assert (table.sort_values("rank")["score"].diff().dropna() <= 0).all()
        assert ((table["low"] < table["score"]) & (table["score"] < table["high"])).all()
        assert table[["low", "high"]].stack().between(0, 1).all()
        assert ((table["deviation_low"] < table["deviation"]) & (table["deviation"] < table["deviation_high"])).all()


def test_the_interval_widens_with_time(ahead):
    table = ahead.table.assign(width=ahead.table["high"] - ahead.table["low"])
    width = table.groupby("year")["width"].mean()
    assert width[2024] > width[2023]


def test_it_follows_what_was_observed_and_shrinks_it(ahead):
    """Da Nang stays first; deviations keep their order nearly, and are smaller than they were."""
    table = ahead.table[ahead.table["year"] == 2023]
    score, before = table["score"] - table["score"].mean(), TRUTH - TRUTH.mean()
    assert np.corrcoef(score, before)[0, 1] > 0.9
    assert 0.5 < (score * before).sum() / (before**2).sum() < 0.95
    assert table.set_index("province_code").loc["48", "rank"] == 1


def test_a_year_that_is_known_is_predicted_as_if_it_were_not(hidden_2022, tmp_path):
    """Scores of 2022 from what was told before: ranks well above chance, intervals neither too narrow nor too wide."""
    row = score_prediction(hidden_2022, read_scores(file_of(tmp_path), COUNTRY)).iloc[0]
    assert row["provinces"] == 63
    assert row["rank_correlation"] > 0.55
    assert 0.8 <= row["inside"] <= 0.99
    assert 0.85 <= row["deviation_inside"] <= 0.99
    table = hidden_2022.table
    for low, high, most in (("low", "high", 4.0), ("deviation_low", "deviation_high", 3.0)):
        width = (table[high] - table[low]).mean()
        assert width < most * TRUTH.std(), "an interval that holds everything says nothing"


def test_it_says_more_than_no_change_and_a_regression(hidden_2022, tmp_path):
    """Of the year 2022 from what was told before, with and without the common level."""
    row = score_prediction(hidden_2022, read_scores(file_of(tmp_path), COUNTRY)).iloc[0]
    for name in ("crps", "deviation_crps"):
        assert row[name] < min(row[f"persistence_{name}"], row[f"regression_{name}"]), name


def test_only_what_was_known_by_then_is_used():
    known = assimilation.known_scores(COUNTRY, 2021)
    assert known.years == (2020, 2021)
    assert np.isfinite(known.deviations).sum() == 14


def test_who_is_not_among_the_leaders_is_known_to_lie_below_them():
    """Kien Giang was ninth in 2020, with .3631; who had no score then was ranked below."""
    known = assimilation.known_scores(COUNTRY, 2021)
    untold = np.isnan(known.deviations[0])
    assert untold.sum() == 54
    assert known.high[0, untold].tolist() == pytest.approx([0.3631 - 0.3025] * 54)
    third = COUNTRY.index("79")
    assert (known.low[1, third], known.high[1, third]) == pytest.approx((0.5064 - 0.4014, 0.5872 - 0.4014))


def test_ranks_narrow_the_intervals_and_say_who_leads(hidden_2022):
    """The same without ranks: wider, for the leaders alone make the discrepancy seem larger than it is."""
    rows = tuple(row for row in COUNTRY.observations if row[1] != assimilation.DTI_RANK)
    blind = predict(2022, known_until=2021, replications=128, country=dataclasses.replace(COUNTRY, observations=rows))
    width = lambda made: (made.table["deviation_high"] - made.table["deviation_low"]).mean()  # noqa: E731
    assert width(hidden_2022) < 0.9 * width(blind)
    lang_son = COUNTRY.index("20")  # fourth to sixth in 2021
    assert hidden_2022.table["rank"][lang_son] < blind.table["rank"][lang_son]


def test_a_perfect_prediction_and_no_change_are_scored_as_such(ahead, tmp_path):
    table = ahead.table[ahead.table["year"] == 2023]
    came = read_scores(file_of(tmp_path, 2023, table["score"].to_numpy()), COUNTRY)
    row = score_prediction(ahead, came).iloc[0]
    assert row["rank_correlation"] > 0.999
    assert row["inside"] == 1.0
    unchanged = score_prediction(ahead, read_scores(file_of(tmp_path, 2023), COUNTRY)).iloc[0]
    assert unchanged["persistence_rank_correlation"] == pytest.approx(1.0)


def test_the_command_prints_records_and_scores(tmp_path, capsys):
    assert main(["predict", "--year", "2023", "--replications", "4", "--format", "json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"province_code", "year", "score", "rank", "low", "high", "deviation"} <= set(rows[0])
    assert len(rows) == 63
    given = ["predict", "--score", str(file_of(tmp_path)), "--known-until", "2021", "--replications", "4"]
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert "no change" in printed
    assert "covariate regression" in printed
    assert {"correlation", "Inside", "CRPS,"} <= set(printed.split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,year,score\n01,2023,0.5\n", "has no column province_code"),
        ("province_code,year,score\n", "has no column province_code"),
        ("province_code,year,score\n99,2023,0.5\n", "[line 2]"),
        ("province_code,year,score\n01,2023,71\n", "score = 71 is outside 0..1 (share of the maximum) [line 2]"),
        ("province_code,year,score\n01,soon,0.7\n", "year and score must be numbers [line 2]"),
        ("province_code,year,score\n01,2023,0.7\n01,2023,0.6\n", "province_code = 01 stands twice for one year"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(tmp_path, capsys, text, sentence):
    file = tmp_path / "came.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["predict", "--score", str(file), "--quiet"]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize(("years", "until"), [(2022, 2022), (2031, 2022), (2023, 2035), ((), 2022)])
def test_years_that_cannot_be_predicted_are_told(years, until):
    with pytest.raises(StudyError):
        predict(years, known_until=until, replications=2)
