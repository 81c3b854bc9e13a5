"""The fit, by hand: prior, emulator, likelihood, weights."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import beta, norm

from country_by_hand import COUNTRY, approx
from dgsim.evidence import history_matching
from dgsim.evidence.history_matching import Emulator
from dgsim.evidence.targets import Target
from dgsim.scenario import load_scenario
from dgsim.world.tables import PARAMETERS


def target(observed, error):
    return Target("full_2023", "full_process", "real", "", "", "", "2020Q1", observed, error, "", "fit")


TARGETS = {"a": target(0.3, 0.1), "b": target(5.0, 2.0)}


def test_the_prior_is_pert_with_four_times_the_weight_on_what_evidence_says():
    parameter = PARAMETERS["redesign_effort"]  # 8 to 24, evidence says 16: a symmetric beta(3, 3)
    unit = np.array([0.0, 0.1, 0.5, 1.0])
    assert history_matching.prior_quantile(parameter, unit).tolist() == approx(
        (8.0 + 16.0 * beta.ppf(unit, 3.0, 3.0)).tolist()
    )
    skewed = replace(PARAMETERS["mandate_quarters"], prior=1.5)  # 1 to 8: a mode at a fourteenth
    assert history_matching.prior_quantile(skewed, unit).tolist() == approx(
        (1.0 + 7.0 * beta.ppf(unit, 1 + 4 / 14, 1 + 4 * 13 / 14)).tolist()
    )


def test_the_default_is_the_fits_and_says_nothing_of_the_prior():
    moved = replace(PARAMETERS["redesign_effort"], default=20.0)
    assert history_matching.prior_quantile(moved, np.array([0.5])).tolist() == approx([16.0])


def test_what_lies_below_a_value_goes_back_to_the_value():
    for parameter in (PARAMETERS["redesign_effort"], PARAMETERS["mandate_quarters"]):
        unit = np.array([0.0, 0.2, 0.5, 0.9, 1.0])
        values = history_matching.prior_quantile(parameter, unit)
        assert history_matching.prior_share(parameter, values).tolist() == approx(unit.tolist())
    parameter = PARAMETERS["redesign_effort"]  # beta(3, 3) has 10 u^3 - 15 u^4 + 6 u^5 below u
    below = 10 / 4**3 - 15 / 4**4 + 6 / 4**5
    assert history_matching.prior_share(parameter, np.array([12.0])).tolist() == approx([below])


def test_a_range_from_nothing_has_its_prior_too():
    assert history_matching.prior_quantile(PARAMETERS["fee_effect"], np.array([0.0])).tolist() == [0.0]


def test_a_sample_fills_every_stratum_of_each_parameter():
    chosen = [PARAMETERS["inertia"], PARAMETERS["hours_factor"]]
    sample = history_matching.prior_sample(chosen, 50, seed=3)
    assert sample.shape == (50, 2)
    for column, parameter in zip(sample.T, chosen, strict=True):
        strata = history_matching.prior_quantile(parameter, np.linspace(0.0, 1.0, 51))
        assert np.histogram(column, strata)[0].tolist() == [1] * 50
    assert not np.array_equal(sample, history_matching.prior_sample(chosen, 50, seed=4))


def test_figures_of_a_set_are_those_of_its_own_replications(monkeypatch):
    def batches(scenario, country, count, **arguments):
        assert (count, arguments["seed"], arguments["keep"]) == (6, 9, {"provinces"})
        for numbers in (range(4), range(4, 6)):
            yield numbers, SimpleNamespace(provinces=np.array(numbers))

    monkeypatch.setattr(history_matching, "batches", batches)
    monkeypatch.setattr(history_matching, "figures", lambda panel, *_: np.column_stack([panel, 10 * panel]))
    found = history_matching.run_sets(
        load_scenario("history"), COUNTRY, [{"hours_factor": 1.0}] * 3, TARGETS, replications=2, seed=9
    )
    assert found.shape == (3, 2, 2)
    assert found[:, :, 0].tolist() == [[0, 3], [1, 4], [2, 5]], "replication r belongs to set r modulo their number"
    assert found[1, 1].tolist() == [4, 40]


def emulator(points=200, parameters=2, noise=0.0):
    """A known quadratic of parameters between 2 and 12: 3 + 2x - y + x y of what lies between -1 and 1."""
    rng = np.random.default_rng(1)
    drawn = rng.uniform(2.0, 12.0, (points, parameters))
    x, y = ((drawn[:, column] - 7.0) / 5.0 for column in (0, 1))
    values = np.column_stack([3 + 2 * x - y + x * y + noise * rng.standard_normal(points), x**2])
    bounds = np.array([[2.0] * parameters, [12.0] * parameters])
    return Emulator(drawn, values, bounds), (x, y)


def test_the_emulator_finds_the_coefficients_of_a_quadratic():
    """Terms: 1, x, y, x x, x y, y y; shrunk by a thousandth of the points."""
    found, (x, y) = emulator()
    terms = np.column_stack([np.ones(200), x, y, x * x, x * y, y * y])
    shrunk = np.linalg.inv(terms.T @ terms + 200 * 1e-3 * np.eye(6)) @ terms.T @ found.values
    assert found.coefficients.tolist() == [approx(row) for row in shrunk.tolist()]
    assert found.coefficients[:, 0].tolist() == approx([3, 2, -1, 0, 1, 0], abs=0.03)
    assert found(np.array([[7.0, 7.0], [12.0, 7.0]]))[:, 0].tolist() == approx([3.0, 5.0], abs=0.03)


def test_what_the_emulator_misses_is_its_error():
    found, (x, y) = emulator(noise=0.5)
    terms = np.column_stack([np.ones(200), x, y, x * x, x * y, y * y])
    missed = found.values - terms @ found.coefficients
    assert found.error.tolist() == approx(np.sqrt((missed**2).sum(axis=0) / (200 - 6)).tolist())
    assert found.error[0] == approx(0.5, rel=0.15)
    assert found.explained().tolist() == approx((1 - found.error**2 / found.values.var(axis=0)).tolist())
    few, _ = emulator(points=4)
    missed = few.values - few(few.points)
    assert few.error.tolist() == approx(np.sqrt((missed**2).sum(axis=0)).tolist()), "at least one degree of freedom"


def test_the_strongest_parameters_are_those_with_the_largest_effect_on_any_target():
    rng = np.random.default_rng(2)
    points = rng.uniform(0.0, 1.0, (400, 23))
    values = np.column_stack([points[:, :21] @ np.arange(1.0, 22.0), 1000.0 * points[:, 22]])
    found = Emulator(points, values, np.array([[0.0] * 23, [1.0] * 23]))
    assert found.strongest.tolist() == [*range(2, 21), 22], "twenty of them, in the order of the table"
    assert found.coefficients.shape == (1 + 23 + 20 * 21 // 2, 2)


def test_effects_are_in_units_of_the_spread_of_their_target():
    """Ten move the first target alike; twelve the second, a thousand times as large, of which the first two hardly."""
    points = np.random.default_rng(2).uniform(0.0, 1.0, (400, 22))
    values = np.column_stack([points[:, :10].sum(axis=1), 1000.0 * points[:, 10:] @ np.arange(1.0, 13.0)])
    found = Emulator(points, values, np.array([[0.0] * 22, [1.0] * 22]))
    assert found.strongest.tolist() == [*range(10), *range(12, 22)]


def test_the_likelihood_is_that_of_normal_errors():
    values = np.array([[0.4, 4.0], [0.3, 5.0]])
    logs = history_matching.log_likelihood(values, TARGETS)
    by_hand = norm.logpdf(values, [0.3, 5.0], [0.1, 2.0]).sum(axis=1)
    assert (logs - logs[1]).tolist() == approx((by_hand - by_hand[1]).tolist())
    wider = history_matching.log_likelihood(values, TARGETS, np.array([0.1, 1.0]))
    by_hand = norm.logpdf(values, [0.3, 5.0], np.sqrt([0.02, 5.0])).sum(axis=1) + np.log(2 * np.pi)
    assert wider.tolist() == approx(by_hand.tolist()), "a spread of the figures themselves adds to the error"
    by_run = history_matching.log_likelihood(np.stack([values, values + 1.0]), TARGETS)
    assert by_run.shape == (2, 2), "figures [set, replication, target]"
    assert by_run[0].tolist() == logs.tolist()


def test_implausibility_counts_standard_deviations():
    assert history_matching.implausibility(np.array([[0.1, 9.0]]), TARGETS).tolist() == [approx([2.0, 2.0])]
    assert history_matching.implausibility(np.array([[0.1, 9.0]]), TARGETS, 1.5).tolist() == [
        approx([0.2 / np.sqrt(0.01 + 2.25), 4.0 / 2.5])
    ]


def test_weights_and_what_they_are_worth():
    weights = history_matching.weights_of(np.log([1.0, 2.0, 1.0]) - 800.0)
    assert weights.tolist() == approx([0.25, 0.5, 0.25])
    assert history_matching.effective(weights) == approx(1 / 0.375)
    assert history_matching.effective(np.full(8, 0.125)) == approx(8.0)
    assert history_matching.effective(np.full(8, 3.0)) == approx(8.0), "whatever they sum to"


def test_places_are_drawn_by_weight_and_none_twice():
    weights = np.array([0.0, 0.5, 0.3, 0.2])
    assert sorted(history_matching.resampled(weights, 3, seed=1).tolist()) == [1, 2, 3]
    first = [history_matching.resampled(weights, 1, seed)[0] for seed in range(400)]
    assert np.bincount(first, minlength=4)[1] / 400 == approx(0.5, abs=0.1)
    with pytest.raises(ValueError, match="non-zero"):
        history_matching.resampled(weights, 4, seed=1)
