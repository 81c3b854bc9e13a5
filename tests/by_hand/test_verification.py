"""A prediction against what came, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, spearmanr

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.errors import StudyError
from dgsim.evidence import verification
from dgsim.evidence.assimilation import Spreads
from dgsim.evidence.mixture import Forecast, Mixture
from dgsim.evidence.predict import Prediction
from dgsim.evidence.rivals import covariate_regression

LAND = with_figures({2020: 0.40 + 0.1 * GRADIENT, 2021: 0.46 + 0.1 * GRADIENT}, {2020: 0.4, 2021: 0.46})


SPREAD = 0.03


def prediction(scores, spread=SPREAD, country=LAND, year=2022):
    apart = scores - scores.mean()
    both = Forecast(*(Mixture.of_normals(part, np.full(63, spread)) for part in (scores, apart)))
    return Prediction(pd.DataFrame(), country, 2021, 0.0, Spreads(0.03, 0.03), {year: both})


def came(scores, year=2022, provinces=63):
    table = pd.DataFrame({"province_code": COUNTRY.codes, "year": year, "score": scores})
    return table.head(provinces)


TRUTH = 0.5 + 0.1 * GRADIENT


def scored(predicted, truth=TRUTH, **given):
    (row,) = verification.score_prediction(prediction(predicted, **given), came(truth)).to_dict("records")
    return row


def test_a_prediction_one_point_too_high_has_a_mean_error_of_plus_one_point():
    assert scored(TRUTH + 0.01)["mean_error"] == approx(0.01), "the error is what was predicted less what came"
    assert scored(TRUTH - 0.03)["mean_error"] == approx(-0.03)


def test_no_change_is_scored_beside_it():
    row = scored(TRUTH)
    assert row["persistence_mean_error"] == approx(0.46 - 0.5)
    assert row["persistence_rank_correlation"] == approx(1.0)
    assert row["persistence_inside"] == 1.0, "scores rose by 4 points; the usual change is 6, and 1.64 of it is allowed"
    assert scored(TRUTH, 0.46 + 0.0999 + 0.1 * GRADIENT)["persistence_inside"] == 0.0
    assert scored(TRUTH, 0.46 + 0.0986 + 0.1 * GRADIENT)["persistence_inside"] == 1.0
    assert norm.ppf(0.95) * 0.06 == approx(0.0987, abs=5e-5)


def test_each_has_its_score_in_points_of_the_index():
    """A normal number at its mean: .2337 of its spread; no change lies two thirds of its own spread off."""
    row = scored(TRUTH)
    at_the_mean = (np.sqrt(2.0) - 1.0) / np.sqrt(np.pi)
    assert row["crps"] == approx(100.0 * SPREAD * at_the_mean)
    z = 0.04 / 0.06
    off = 0.06 * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
    assert row["persistence_crps"] == approx(100.0 * off)
    regression = covariate_regression(LAND, 2021, 2022)
    assert row["regression_crps"] == approx(100.0 * regression.scores.crps(TRUTH).mean())
    assert row["regression_rank_correlation"] == approx(spearmanr(regression.scores.mean(), TRUTH).statistic)


def test_from_the_mean_the_common_level_does_not_count():
    row = scored(TRUTH + 0.2)
    assert (row["inside"], row["deviation_inside"]) == (0.0, 1.0)
    assert row["deviation_crps"] == approx(100.0 * SPREAD * (np.sqrt(2.0) - 1.0) / np.sqrt(np.pi))
    assert row["crps"] > 5.0 * row["deviation_crps"]


def test_of_some_provinces_nothing_is_told_from_the_mean_of_all():
    row = verification.score_prediction(prediction(TRUTH), came(TRUTH, provinces=40)).iloc[0]
    assert row["crps"] == approx(100.0 * SPREAD * (np.sqrt(2.0) - 1.0) / np.sqrt(np.pi))
    assert np.isnan(
        [row[f"{who}deviation_{name}"] for who in ("", "persistence_") for name in ("inside", "crps")]
    ).all()


def test_the_share_inside_counts_those_within_their_interval():
    off = np.where(np.arange(63) < 10, 0.2, np.where(np.arange(63) < 30, -0.2, 0.0))
    assert scored(TRUTH + off)["inside"] == approx(33 / 63), "10 lie below their interval, 20 above"


def test_ranks_are_compared_by_spearman():
    assert scored(TRUTH**3)["rank_correlation"] == approx(1.0)
    assert scored(-TRUTH)["rank_correlation"] == approx(-1.0)


def test_a_year_is_scored_if_it_was_predicted_and_three_provinces_are_known():
    table = verification.score_prediction(prediction(TRUTH), came(TRUTH, provinces=3))
    assert table[["year", "provinces"]].to_numpy().tolist() == [[2022, 3]]
    assert table["rank_correlation"].tolist() == approx([1.0])
    with pytest.raises(StudyError, match="nothing to score"):
        verification.score_prediction(prediction(TRUTH), came(TRUTH, provinces=2))
    with pytest.raises(StudyError, match="2023"):
        verification.score_prediction(prediction(TRUTH), came(TRUTH, year=2023))


def test_a_year_of_too_few_provinces_does_not_hide_the_others():
    one, other = (prediction(TRUTH, year=year) for year in (2022, 2023))
    two_years = replace(one, forecasts={**one.forecasts, **other.forecasts})
    seen = pd.concat([came(TRUTH, provinces=2), came(TRUTH, 2023)])
    assert verification.score_prediction(two_years, seen)["year"].tolist() == [2023]


def test_where_nothing_was_known_no_change_has_no_score():
    row = scored(TRUTH, country=with_figures({}, {2020: 0.4}))
    told = ("inside", "mean_error", "rank_correlation", "crps")
    assert np.isnan([row[f"persistence_{name}"] for name in told]).all()
    assert np.isnan([row["regression_inside"], row["regression_crps"]]).all()


def test_what_came_is_found_by_its_province_in_any_order():
    shuffled = came(TRUTH).sample(frac=1.0, random_state=1)
    assert verification.score_prediction(prediction(TRUTH), shuffled)["mean_error"].tolist() == approx([0.0])


def written(tmp_path, *lines, header="province_code,year,score"):
    file = tmp_path / "came.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return verification.read_scores(file, COUNTRY)


def test_scores_are_read_by_code_iso_code_or_name(tmp_path):
    table = written(tmp_path, "01,2022,0.5", "Da Nang,2022,1", "02,2022,0")
    assert table["province_code"].tolist() == ["01", "48", "02"]
    assert table["score"].tolist() == [0.5, 1.0, 0.0]
    assert table["year"].tolist() == [2022] * 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("01,2022,1.1", r"outside 0..1 .* \[line 3\]"),
        ("01,2022,-0.1", r"outside 0..1"),
        ("01,2022,x", r"must be numbers \[line 3\]"),
        ("01,,0.5", "must be numbers"),
        ("nowhere,2022,0.5", r"\[line 3\]"),
        ("48,2022,0.5", "stands twice"),
    ],
)
def test_what_is_no_score_is_told_with_its_line(tmp_path, line, said):
    with pytest.raises(StudyError, match=said):
        written(tmp_path, "48,2022,0.5", line)


def test_of_several_that_stand_twice_the_first_is_told(tmp_path):
    with pytest.raises(StudyError, match="province_code = 48 stands twice for one year"):
        written(tmp_path, "48,2022,0.5", "01,2022,0.5", "48,2022,0.4", "01,2022,0.4")


def test_a_file_without_rows_or_columns_is_told(tmp_path):
    with pytest.raises(StudyError, match="no column province_code"):
        written(tmp_path)
    with pytest.raises(StudyError, match="no column score"):
        written(tmp_path, "01,2022,3", header="province_code,year,points")
    with pytest.raises(StudyError, match="cannot be read"):
        verification.read_scores(tmp_path / "none.csv", COUNTRY)
