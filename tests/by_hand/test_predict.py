"""A prediction from two runs, by hand: level, deviations, discrepancy, and how the interval grows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.errors import StudyError
from dgsim.evidence import assimilation, predict
from dgsim.evidence.assimilation import Known
from dgsim.evidence.regression import Traits

KNOWN = Known((2020, 2021), np.array([[0.02, -0.02], [0.03, -0.03]]), {2020: 0.40, 2021: 0.50})
# [run, year from 2020, province]: means 0.40, 0.52, 0.60 and 0.44, 0.56, 0.70
INDEX = np.array([[[0.41, 0.39], [0.55, 0.49], [0.62, 0.58]], [[0.40, 0.48], [0.56, 0.56], [0.75, 0.65]]])
TRAITS = Traits((np.zeros((2, 1)),), np.array([0, 1]))


def conditioned(index=INDEX, known=KNOWN):
    return predict.condition(index, known, TRAITS)


def test_runs_are_a_mean_and_deviations_from_it():
    seen = conditioned()
    assert seen.means.tolist() == [approx([0.40, 0.52, 0.60]), approx([0.44, 0.56, 0.70])]
    assert seen.runs[1].tolist() == [approx([-0.04, 0.04]), approx([0.0, 0.0]), approx([0.05, -0.05])]


def test_runs_are_weighed_by_what_is_known_of_each_province():
    seen, past = conditioned(), conditioned().runs[:, :2]
    assert seen.spreads == assimilation.fitted_spreads(KNOWN, past, np.zeros(2))
    weighed = assimilation.weighed(KNOWN, past, np.zeros(2), seen.spreads)
    assert seen.weights.sum(axis=0).tolist() == approx([1.0, 1.0])
    assert (seen.weights[0] / seen.weights[1]).tolist() == approx(np.exp(weighed.logs[0] - weighed.logs[1]).tolist())
    assert seen.seen.discrepancy.tolist() == weighed.discrepancy.tolist()
    assert seen.seen.variance.tolist() == weighed.variance.tolist()


def test_a_deviation_is_the_runs_and_the_discrepancy_given_it():
    seen = conditioned()
    found = seen.deviations(2022)
    assert found.centre[1].tolist() == approx((np.array([0.05, -0.05]) + seen.seen.discrepancy[1]).tolist())
    assert found.spread.tolist() == [
        approx(np.sqrt(row + seen.spreads.error**2).tolist()) for row in np.asarray(seen.seen.variance)
    ]
    assert found.weights is seen.weights


def test_a_level_is_the_runs_mean_and_what_lasts_of_its_misses():
    seen = conditioned()
    level = assimilation.level_of(KNOWN, np.array([[0.40, 0.52], [0.44, 0.56]]))
    found = seen.levels(2022)
    assert found.centre[:, 0].tolist() == approx((np.array([0.60, 0.70]) + level.carried).tolist())
    assert found.spread[:, 0].tolist() == approx([level.error(1)] * 2)
    assert found.weights.tolist() == [[0.5], [0.5]]


def test_a_score_is_level_and_deviation_of_the_same_run():
    seen = conditioned()
    found, level, apart = seen.scores(2022), seen.levels(2022), seen.deviations(2022)
    for run in range(2):
        assert found.centre[run].tolist() == approx((level.centre[run, 0] + apart.centre[run]).tolist())
        assert (found.spread[run] ** 2).tolist() == approx(
            (level.spread[run, 0] ** 2 + apart.spread[run] ** 2).tolist()
        )
    assert found.weights is seen.weights


def test_the_level_error_grows_with_the_horizon():
    """One change of method more in variance for every year ahead; the deviation's does not grow."""
    seen = conditioned(np.concatenate([INDEX, INDEX[:, -1:]], axis=1))
    near, far = (seen.levels(year).spread[0, 0] ** 2 for year in (2022, 2023))
    assert far - near == approx(seen.level.step**2)
    assert near == approx(seen.level.step**2 * (seen.level.open + 2.0))
    assert seen.deviations(2023).spread.tolist() == seen.deviations(2022).spread.tolist()


def test_what_lasts_is_counted_from_the_last_year_that_is_known():
    three = Known((2020, 2021, 2022), np.zeros((3, 2)), {2020: 0.40, 2021: 0.50, 2022: 0.60})
    longer = np.concatenate([INDEX, INDEX[:, -1:] + 0.1], axis=1)
    seen = conditioned(longer, three)
    level = assimilation.level_of(three, np.array([[0.40, 0.52, 0.60], [0.44, 0.56, 0.70]]))
    assert seen.levels(2023).centre[:, 0].tolist() == approx((np.array([0.70, 0.80]) + level.carried).tolist())
    assert seen.levels(2023).spread[0, 0] == approx(level.error(1))


LAND = with_figures({2020: 0.4 + 0.05 * GRADIENT, 2021: 0.5 + 0.05 * GRADIENT}, {2020: 0.4, 2021: 0.5})


def predicted(monkeypatch, *, level=0.6, slope=0.05, years=2022):
    """A prediction from four runs that say the same."""
    means, slopes = np.array([0.4, 0.5, level, level]), np.array([0.02, 0.03, slope, slope])
    index = np.repeat((means[:, np.newaxis] + slopes[:, np.newaxis] * GRADIENT)[np.newaxis], 4, axis=0)
    monkeypatch.setattr(predict, "yearly_index", lambda *_, **__: index)
    return predict.predict(years, known_until=2021, country=LAND, replications=4, parameters="central")


def test_a_prediction_of_runs_that_agree_is_one_normal_number(monkeypatch):
    found = predicted(monkeypatch)
    assert found.level_error == approx(0.0, abs=1e-9)
    assert found.known_until == 2021
    means, slopes = np.array([0.4, 0.5, 0.6])[:, np.newaxis], np.array([0.02, 0.03, 0.05])[:, np.newaxis]
    index = np.repeat((means + slopes * GRADIENT)[np.newaxis], 4, axis=0)
    known, traits = assimilation.known_scores(LAND, 2021), assimilation.traits_of(LAND, 2021)
    seen = predict.condition(index, known, traits)
    missed = assimilation.expected_discrepancy(known, slopes[:2] * GRADIENT, traits)
    assert np.abs(missed).max() > 0.001
    weighed = assimilation.weighed(known, seen.runs[:, :2], missed, seen.spreads)
    expected = 0.05 * GRADIENT + weighed.discrepancy[0]
    spread = np.sqrt(weighed.variance[0] + seen.spreads.error**2)
    assert found.table["deviation"].tolist() == approx(expected.tolist())
    for column, sign in (("deviation_low", -1.0), ("deviation_high", 1.0)):
        assert found.table[column].tolist() == approx((expected + sign * norm.ppf(0.95) * spread).tolist())
    assert list(found.forecasts) == [2022]
    assert found.forecasts[2022].scores.mean().tolist() == approx((0.6 + expected).tolist())
    table, centre = found.table, 0.6 + expected
    assert table["score"].tolist() == approx(centre.tolist())
    assert table["low"].tolist() == approx((centre - norm.ppf(0.95) * spread).tolist())
    assert table["high"].tolist() == approx((centre + norm.ppf(0.95) * spread).tolist())
    assert table["rank"].tolist() == (63 - np.argsort(np.argsort(centre))).tolist()
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
    assert (predict.KNOWN_UNTIL, predict.FIRST_YEAR, predict.LAST_YEAR) == (2022, 2020, 2030)
