"""Predictions: form, what they are conditioned on, calibration on a year that is known, and how they are scored."""

from __future__ import annotations

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
    """Scores of 2022 from twelve earlier ones: ranks well above chance, and intervals not too narrow."""
    row = score_prediction(hidden_2022, read_scores(file_of(tmp_path), COUNTRY)).iloc[0]
    assert row["provinces"] == 63
    assert row["rank_correlation"] > 0.45
    assert 0.85 <= row["inside"] <= 1.0
    width = hidden_2022.table["high"] - hidden_2022.table["low"]
    assert width.mean() < 4.5 * TRUTH.std(), "an interval that holds everything says nothing"


def test_only_what_was_known_by_then_is_used():
    known = assimilation.known_scores(COUNTRY, 2021)
    assert known.years == (2020, 2021)
    assert np.isfinite(known.deviations).sum() == 14


def test_the_weights_are_those_of_normal_numbers():
    """With a discrepancy that lasts, scores of two years are correlated normals: the closed form against scipy."""
    from scipy.stats import multivariate_normal

    known = assimilation.Known((2020, 2021), np.array([[0.05], [0.02]]), {2020: 0.3, 2021: 0.4})
    runs, spreads = np.array([[[0.01], [0.03]]]), assimilation.Spreads(0.04, 0.02)
    covariance = 0.04**2 + np.diag([0.02**2, 0.02**2])
    expected = multivariate_normal([0.01, 0.03], covariance).logpdf([0.05, 0.02])
    assert assimilation.log_weights(known, runs, np.zeros(1), spreads)[0, 0] == pytest.approx(expected)
    mean, variance = assimilation.carried(known, runs, np.zeros(1), spreads)
    gain = 0.04**2 * np.ones(2) @ np.linalg.inv(covariance)
    assert mean[0, 0] == pytest.approx(gain @ np.array([0.04, -0.01]))
    assert variance[0] == pytest.approx(0.04**2 - gain @ np.ones(2) * 0.04**2)


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
    assert {"province_code", "year", "score", "rank", "low", "high"} <= set(rows[0])
    assert len(rows) == 63
    given = ["predict", "--score", str(file_of(tmp_path)), "--known-until", "2021", "--replications", "4"]
    assert main(given) == 0
    printed = capsys.readouterr().out
    assert "no change" in printed
    assert "Rank correlation" in printed


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
