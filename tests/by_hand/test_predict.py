"""A prediction from two runs, by hand: level, deviations, discrepancy, and how the interval grows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.errors import StudyError
from dgsim.evidence import assimilation, predict
from dgsim.evidence.assimilation import Known, Spreads

KNOWN = Known((2020, 2021), np.array([[0.02, -0.02], [0.03, -0.03]]), {2020: 0.40, 2021: 0.50})
# [run, year from 2020, province]: means 0.40, 0.52, 0.60 and 0.44, 0.56, 0.70
INDEX = np.array([[[0.41, 0.39], [0.55, 0.49], [0.62, 0.58]], [[0.40, 0.48], [0.56, 0.56], [0.75, 0.65]]])


def conditioned():
    return predict.condition(INDEX, KNOWN, np.zeros((2, 1)))


def test_runs_are_a_mean_and_deviations_from_it():
    seen = conditioned()
    assert seen.means.tolist() == [approx([0.40, 0.52, 0.60]), approx([0.44, 0.56, 0.70])]
    assert seen.runs[1].tolist() == [approx([-0.04, 0.04]), approx([0.0, 0.0]), approx([0.05, -0.05])]


def test_runs_are_weighed_by_what_is_known_of_each_province():
    seen, past = conditioned(), conditioned().runs[:, :2]
    assert seen.spreads == assimilation.fitted_spreads(KNOWN, past, np.zeros(2))
    logs = assimilation.log_weights(KNOWN, past, np.zeros(2), seen.spreads)
    assert seen.weights.sum(axis=0).tolist() == approx([1.0, 1.0])
    assert (seen.weights[0] / seen.weights[1]).tolist() == approx(np.exp(logs[0] - logs[1]).tolist())
    carried, variance = assimilation.carried(KNOWN, past, np.zeros(2), seen.spreads)
    assert seen.carried.tolist() == carried.tolist()
    assert seen.variance.tolist() == variance.tolist()


def test_the_level_error_is_how_far_the_mean_run_missed_the_published_means():
    # 0.42 against 0.40 and 0.54 against 0.50
    assert conditioned().level_error == approx(np.sqrt((0.02**2 + 0.04**2) / 2))


def test_the_centre_is_the_last_level_its_growth_the_runs_deviation_and_the_discrepancy():
    seen = conditioned()
    centre, _ = seen.mixture(2022)
    assert centre[0].tolist() == approx((0.50 + 0.08 + seen.runs[0, 2] + seen.carried[0]).tolist())
    assert centre[1].tolist() == approx((0.50 + 0.14 + seen.runs[1, 2] + seen.carried[1]).tolist())


def test_the_last_year_that_is_known_is_where_growth_begins():
    one = Known((2020,), KNOWN.deviations[:1], {2020: 0.40})
    seen = predict.condition(INDEX, one, np.zeros((2, 1)))
    assert seen.mixture(2021)[0][0].tolist() == approx((0.40 + 0.12 + seen.runs[0, 1] + seen.carried[0]).tolist())
    three = Known((2020, 2021, 2022), np.zeros((3, 2)), {2020: 0.40, 2021: 0.50, 2022: 0.60})
    longer = np.concatenate([INDEX, INDEX[:, -1:] + 0.1], axis=1)
    seen = predict.condition(longer, three, np.zeros((2, 1)))
    assert seen.mixture(2023)[0][1].tolist() == approx((0.60 + 0.1 + seen.runs[1, 3] + seen.carried[1]).tolist())


def test_the_level_error_grows_with_the_horizon():
    """One year ahead it counts once, two years ahead twice, in variance."""
    index = np.concatenate([INDEX, INDEX[:, -1:]], axis=1)
    seen = predict.condition(index, KNOWN, np.zeros((2, 1)))
    open_, error = seen.variance, seen.spreads.error**2
    for year, ahead in ((2022, 1), (2023, 2)):
        _, spread = seen.mixture(year)
        assert spread.tolist() == approx(np.sqrt(open_ + error + seen.level_error**2 * ahead).tolist())


LAND = with_figures({2020: 0.4 + 0.05 * GRADIENT, 2021: 0.5 + 0.05 * GRADIENT}, {2020: 0.4, 2021: 0.5})


def predicted(monkeypatch, *, level=0.6, slope=0.05, years=2022):
    """A prediction from four runs that say the same."""
    means, slopes = np.array([0.4, 0.5, level, level]), np.array([0.02, 0.03, slope, slope])
    index = np.repeat((means[:, np.newaxis] + slopes[:, np.newaxis] * GRADIENT)[np.newaxis], 4, axis=0)
    monkeypatch.setattr(predict, "yearly_index", lambda *_, **__: index)
    return predict.predict(years, known_until=2021, country=LAND, replications=4, parameters="central")


def test_a_prediction_of_runs_that_agree_is_one_normal_number(monkeypatch):
    found = predicted(monkeypatch)
    assert found.level_error == approx(0.0, abs=1e-12)
    assert found.known_until == 2021
    means, slopes = np.array([0.4, 0.5, 0.6])[:, np.newaxis], np.array([0.02, 0.03, 0.05])[:, np.newaxis]
    index = np.repeat((means + slopes * GRADIENT)[np.newaxis], 4, axis=0)
    known, traits = assimilation.known_scores(LAND, 2021), assimilation.traits_of(LAND, 2021)
    seen = predict.condition(index, known, traits)
    missed = assimilation.expected_discrepancy(known, slopes[:2] * GRADIENT, traits)
    assert np.abs(missed).max() > 0.001
    carried, _ = assimilation.carried(known, seen.runs[:, :2], missed, seen.spreads)
    assert seen.carried[0].tolist() == approx(carried[0].tolist()), "what all runs miss in 2021 goes with the traits"
    centre, spread = seen.mixture(2022)
    table = found.table
    assert table["score"].tolist() == approx(centre[0].tolist())
    assert table["low"].tolist() == approx((centre[0] - norm.ppf(0.95) * spread).tolist())
    assert table["high"].tolist() == approx((centre[0] + norm.ppf(0.95) * spread).tolist())
    assert table["rank"].tolist() == (63 - np.argsort(np.argsort(centre[0]))).tolist()
    assert list(table["province_code"]) == list(COUNTRY.codes)
    assert list(table["province"]) == list(COUNTRY.names)
    assert set(table["year"]) == {2022}
    assert repr(found) == "<Prediction of 2022, 63 provinces, known until 2021>"


def test_scores_and_intervals_stay_between_nothing_and_all(monkeypatch):
    high = predicted(monkeypatch, level=1.2, slope=0.5).table
    low = predicted(monkeypatch, level=-0.2, slope=0.5).table
    assert high[["score", "high"]].max().tolist() == [1.0, 1.0]
    assert low[["score", "low"]].min().tolist() == [0.0, 0.0]


def test_years_are_told_in_order_each_once(monkeypatch):
    table = predicted(monkeypatch, years=(2023, 2022, 2023)).table
    assert table["year"].unique().tolist() == [2022, 2023]
    assert table.index.tolist() == list(range(2 * 63))


@pytest.mark.parametrize(
    ("years", "until", "said"),
    [
        (2021, 2021, "year = 2021 is outside 2022..2030"),
        (2031, 2021, "year = 2031 is outside 2022..2030"),
        ((), 2021, "no year to predict"),
        (2022, 2019, "known until = 2019 is outside 2020..2029"),
        (2030, 2030, "known until = 2030 is outside 2020..2029"),
        ((2022, 2021), 2021, "year = 2021"),
    ],
)
def test_years_that_are_known_or_too_far_are_refused(years, until, said):
    with pytest.raises(StudyError, match=said):
        predict.predict(years, known_until=until, replications=2, parameters="central")


def test_the_last_year_that_can_be_known_and_predicted(monkeypatch):
    monkeypatch.setattr(predict, "yearly_index", lambda *_, **__: (_ for _ in ()).throw(KeyError("run")))
    for years, until in ((2030, 2029), (2021, 2020)):
        with pytest.raises(KeyError, match="run"):
            predict.predict(years, known_until=until, replications=2, country=LAND)


def test_without_scores_nothing_is_predicted():
    with pytest.raises(StudyError, match="no score"):
        predict.predict(2023, country=with_figures({}, {2020: 0.4}), replications=2)


def test_fewer_than_two_runs_are_refused():
    with pytest.raises(StudyError, match="replications"):
        predict.predict(2023, replications=1)


def test_the_index_is_read_at_the_end_of_every_year(monkeypatch):
    asked = {}

    def batches(scenario, country, count, **arguments):
        asked.update(arguments, scenario=scenario, country=country, count=count)
        panel = np.zeros((2, 12, 63), dtype=[("published_index", "f8")])
        panel["published_index"] = np.arange(12)[:, np.newaxis]
        for start in (0, 2):
            yield range(start, start + 2), SimpleNamespace(provinces=panel)

    monkeypatch.setattr(predict, "batches", batches)
    index = predict.yearly_index(LAND, 2022, 4, seed=5, parameters=[{"hours_factor": 0.8}], changes={"headcount": 50.0})
    assert index.shape == (4, 3, 63)
    assert index[0, :, 0].tolist() == [3, 7, 11], "the fourth quarters of 2020, 2021 and 2022"
    assert asked["scenario"].quarters == 12
    assert asked["scenario"].lever("headcount", 0) == 50.0
    assert (asked["count"], asked["seed"], asked["keep"]) == (4, 5, {"provinces"})
    assert asked["parameters"].sets == ({"hours_factor": 0.8},)


def test_defaults(monkeypatch):
    with pytest.raises(StudyError, match="seed"):
        predict.predict(2023, seed=-1, replications=2)
    asked = []

    def yearly_index(land, last, count, *, seed, **_):
        asked.append((last, count, seed))
        return np.linspace(0.4, 0.6, 5)[np.newaxis, :, np.newaxis] + np.zeros((2, 5, 63))

    monkeypatch.setattr(predict, "yearly_index", yearly_index)
    assert predict.predict().table["year"].unique().tolist() == [2023, 2024]
    assert asked == [(2024, 1280, 0)]
    assert (predict.KNOWN_UNTIL, predict.FIRST_YEAR, predict.LAST_YEAR, predict.COVERAGE) == (2022, 2020, 2030, 0.9)
    assert Spreads(0.1, 0.2).error == 0.2
