"""Paired differences, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from country_by_hand import COUNTRY, approx
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study import compare as module
from dgsim.study.compare import Comparison, chosen, compare, paired_band, paired_interval
from dgsim.study.simulate import Simulation
from dgsim.world.tables import FLOWS, OUTCOME_NAMES

USE = OUTCOME_NAMES.index("use")


def test_the_interval_is_students():
    """Mean 2, standard deviation 2; t of 3 degrees of freedom at 97.5% is 3.1824."""
    found = paired_interval(np.array([[0.0], [2.0], [2.0], [4.0]]))
    half = 3.182446 * np.sqrt(8 / 3) / 2
    assert [float(found[name][0]) for name in ("difference", "low", "high")] == approx([2, 2 - half, 2 + half])
    two = paired_interval(np.array([1.0, 3.0]))
    assert float(two["high"]) == approx(2 + 12.706205)


def test_one_replication_has_no_interval():
    found = paired_interval(np.array([[2.0, 3.0]]))
    assert found["difference"].tolist() == [2.0, 3.0]
    assert np.isnan(found["low"]).all()
    assert np.isnan(found["high"]).all()


def test_the_band_is_the_fifth_to_the_ninety_fifth_percentile_and_the_share_above_nothing():
    found = paired_band(np.linspace(-1.0, 1.0, 41))
    assert (found["band_low"], found["band_high"]) == approx((-0.9, 0.9))
    assert found["above"] == approx(20 / 41), "zero is not above zero"


def names(*given, baseline=None):
    return [plan.name for plan in chosen(given or None, baseline)]


def test_the_baseline_comes_first_and_nothing_twice():
    assert names() == ["history", "services-first", "foundations-first", "staged"]
    assert names("staged", "history") == ["staged", "history"]
    assert names("staged", baseline="history") == ["history", "staged"]
    assert names("staged", "history", baseline="history") == ["history", "staged"]
    assert [plan.name for plan in chosen("staged", "history")] == ["history", "staged"]


def test_a_comparison_needs_two_scenarios_of_different_names():
    with pytest.raises(StudyError, match="needs two"):
        chosen("staged", None)
    with pytest.raises(StudyError, match="given none"):
        chosen([], None)
    with pytest.raises(StudyError, match="called staged"):
        chosen([load_scenario("staged"), load_scenario("staged").with_changes(headcount=50.0)], None)


PLANS = [load_scenario("staged").with_changes(name=name, quarters=2) for name in ("base", "other", "third")]


def made_up(*levels):
    """Comparisons of runs whose use in the last quarter is given, replication by replication."""
    runs = []
    for plan, level in zip(PLANS, levels, strict=False):
        array = np.zeros((len(level), 2, len(OUTCOME_NAMES)))
        array[:, -1, USE] = level
        runs.append(Simulation(plan, COUNTRY, 3, len(level), array, parameters=load_parameters("central")))
    return Comparison(tuple(runs))


def test_differences_are_those_of_each_scenario_from_the_baseline():
    table = made_up([0.1, 0.2], [0.4, 0.3], [0.1, 0.1]).differences
    last = table[(table["outcome"] == "use") & (table["quarter"] == "2020Q2")].set_index("scenario")
    assert last["difference"].tolist() == approx([0.2, -0.05])
    assert last["above"].tolist() == [1.0, 0.0]
    assert list(last.index) == ["other", "third"]
    assert list(table["scenario"].cat.categories) == ["other", "third"]
    assert set(last["baseline"]) == {"base"}
    assert set(last["replications"]) == {2}
    assert last.loc["other", "high"] == approx(0.2 + 12.706205 * 0.1)


def test_a_comparison_says_what_it_is():
    found = made_up([0.1, 0.2], [0.4, 0.3])
    assert (found.baseline, found.scenarios, found.replications, found.seed) == ("base", ("base", "other"), 2, 3)
    assert repr(found) == "Comparison(other against base, 2 replications, seed 3)"
    assert found.country is COUNTRY
    assert found.parameters.name == "central"
    assert list(found.outcomes["scenario"].cat.categories) == ["base", "other"]
    assert found.outcomes.index.tolist() == list(range(2 * 2 * 2 * len(OUTCOME_NAMES)))
    assert made_up([0.1, 0.2], [0.4, 0.3], [0.1, 0.1]).differences.index.is_unique
    assert len(found.levels) == 2 * 2 * len(OUTCOME_NAMES)


def simulated(monkeypatch, **arguments):
    asked = []

    def simulate(policy, replications, seed, **given):
        asked.append((policy.name, replications, seed, given | {"assumed": policy.assumptions}))
        given["progress"](1, replications)
        return made_up([0.1] * replications).simulations[0]

    told = []
    monkeypatch.setattr(module, "simulate", simulate)
    progress = lambda done, of: told.append((done, of))  # noqa: E731
    found = compare(PLANS[:2], seed=5, country=COUNTRY, parameters="central", progress=progress, **arguments)
    return found, asked, told


def test_every_scenario_meets_the_same_luck_and_parameters(monkeypatch):
    found, asked, told = simulated(monkeypatch, replications=4, assumptions={"hours_factor": 1.0})
    assert [(name, count, seed) for name, count, seed, _ in asked] == [("base", 4, 5), ("other", 4, 5)]
    assert asked[0][3]["parameters"] is asked[1][3]["parameters"]
    assert asked[1][3]["assumed"] == {"hours_factor": 1.0}
    assert asked[1][3]["aggregates"] is False
    assert told == [(1, 8), (5, 8)], "progress of the whole"
    assert found.verdicts is None


def test_defaults_and_refusals(monkeypatch):
    assert simulated(monkeypatch)[1][0][1] == 200
    monkeypatch.setattr(module, "_simulated", lambda policies, count, seed, *_: (count, seed))
    assert compare(PLANS[:2], country=COUNTRY, parameters="central").simulations == (200, 0)
    monkeypatch.undo()
    with pytest.raises(StudyError, match="replications"):
        simulated(monkeypatch, replications=0)
    assert simulated(monkeypatch, replications=1)[1][0][1] == 1
    with pytest.raises(StudyError, match="run them over quarters = 2"):
        compare([PLANS[0], PLANS[1].with_changes(quarters=3)], replications=1)


def clear(monkeypatch, **arguments):
    asked = {}

    def run_until_clear(policies, land, sets, **rule):
        asked.update(rule, policies=policies)
        return [np.zeros((7, 2, len(OUTCOME_NAMES))) for _ in policies], "verdicts"

    monkeypatch.setattr(module, "run_until_clear", run_until_clear)
    return compare(PLANS[:2], until_clear="1pp", country=COUNTRY, parameters="central", **arguments), asked


def test_until_clear_the_runs_are_those_of_the_rule(monkeypatch):
    found, asked = clear(monkeypatch, seed=4, max_runs=60, assumptions={"hours_factor": 0.9})
    assert found.verdicts == "verdicts"
    assert (found.replications, found.seed) == (7, 4)
    assert (asked["outcome"], asked["smallest"], asked["most"], asked["seed"]) == ("use", approx(0.01), 60, 4)
    assert asked["policies"][1].assumptions["hours_factor"] == 0.9
    assert clear(monkeypatch)[1]["most"] == 2_000
    with pytest.raises(StudyError, match="seed"):
        clear(monkeypatch, seed=-1)


def test_with_aggregates_the_runs_are_made_again_as_many_as_it_took(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "simulate", lambda *given, **_: asked.append(given[1]) or made_up([0.1]).simulations[0])
    found, _ = clear(monkeypatch, aggregates=True)
    assert asked == [7, 7]
    assert found.verdicts == "verdicts"
    assert module.CONFIDENCE == 0.95


def test_tables_of_a_folder():
    with pytest.raises(StudyError):
        made_up([0.1], [0.2]).tables()
    kept = {"province_means": pd.DataFrame({"scenario": ["base"], "mean": [1.0]})}
    kept["accounts"] = pd.DataFrame({"scenario": "base", "flow": FLOWS.names, "mean": 1.0})
    found = made_up([0.1], [0.2])
    for run in found.simulations:
        run.parts.update(kept)
    assert list(found.tables()) == ["outcomes", "summary", "differences", "provinces", "accounts", "money"]
    assert [len(found.tables()[name]) for name in ("provinces", "accounts")] == [2, 2 * len(FLOWS)]
    assert set(found.money["scenario"]) == {"base", "other"}
    verdicts = pd.DataFrame({"verdict": ["win"]})
    assert Comparison(found.simulations, verdicts).tables()["verdicts"] is verdicts
