"""Means over an ensemble, by hand, from runs that a test makes up."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from country_by_hand import COUNTRY, approx
from dgsim.engine.sets import load_parameters
from dgsim.evidence import ensemble_runs
from dgsim.evidence.ensemble_runs import KEPT_STOCKS, SetMeans, SetRuns
from dgsim.world.tables import OUTCOME_NAMES

SETS = load_parameters([{"hours_factor": 0.8}, {"hours_factor": 1.2}, {"hours_factor": 1.0}])
USE = OUTCOME_NAMES.index("use")


def runs(monkeypatch, each=2, told=None):
    """Replication r has the use r in every quarter, and 10 r of every stock; they come in two batches."""
    asked = []

    def batches(scenario, country, count, **arguments):
        asked.append((scenario, count, arguments))
        half = count // 2
        for numbers in (range(half), range(half, count)):
            outcomes = np.zeros((len(numbers), scenario.quarters, len(OUTCOME_NAMES)))
            outcomes[:, :, USE] = np.array(numbers)[:, np.newaxis]
            panel = np.zeros((len(numbers), scenario.quarters, 63), dtype=[(name, "f8") for name in KEPT_STOCKS])
            for name in KEPT_STOCKS:
                panel[name] = 10.0 * np.array(numbers)[:, np.newaxis, np.newaxis]
            yield numbers, SimpleNamespace(outcomes=outcomes, provinces=panel)

    monkeypatch.setattr(ensemble_runs, "batches", batches)
    return SetRuns(COUNTRY, SETS, each, 5, told), asked


def test_every_set_has_the_mean_of_its_own_replications(monkeypatch):
    made, asked = runs(monkeypatch)
    found = made.of("staged")
    assert found.outcome("use").tolist() == approx([(0 + 3) / 2, (1 + 4) / 2, (2 + 5) / 2])
    assert found.stock("granted").shape == (3, 63)
    assert found.stock("granted")[:, 7].tolist() == approx([15.0, 25.0, 35.0])
    (_, count, arguments), *_ = asked
    assert count == 6
    assert arguments == {"seed": 5, "keep": {"provinces"}, "parameters": SETS}


def test_a_scenario_is_run_once_and_its_variants_once_each(monkeypatch):
    counted = []
    made, asked = runs(monkeypatch, told=counted.append)
    assert made.of("staged") is made.of("staged")
    assert made.of("staged", headcount=50.0) is not made.of("staged")
    assert made.of("staged", headcount=50.0, hours_factor=1.0) is made.of("staged", hours_factor=1.0, headcount=50.0)
    assert len(asked) == 3
    assert asked[1][0].lever("headcount", 0) == 50.0
    assert counted == [3, 3] * 3, "told how many runs each batch had"


def test_a_roadmap_can_be_cut_to_some_items_which_then_wait_for_nothing(monkeypatch):
    made, asked = runs(monkeypatch)
    made.of("staged", ("payments", "security"))
    made.of("staged", ())
    assert {item.item for item in asked[0][0].roadmap} == {"payments", "security"}
    assert all(item.after == () for item in asked[0][0].roadmap)
    assert asked[1][0].roadmap == ()


def test_differences_are_paired_by_set_in_a_quarter():
    one, other = (SetMeans(np.zeros((2, 44, len(OUTCOME_NAMES))), {}) for _ in range(2))
    one.outcomes[:, 43, USE], other.outcomes[:, 43, USE] = (0.5, 0.6), (0.1, 0.4)
    one.outcomes[:, 7, USE] = 0.3
    made = SetRuns(COUNTRY, SETS, 1, 0)
    assert made.difference(one, other, "use").tolist() == approx([0.4, 0.2]), "at the end of 2030"
    assert made.difference(one, other, "use", "2021Q4").tolist() == approx([0.3, 0.3])
