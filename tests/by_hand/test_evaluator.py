"""The evaluator, by hand: what is run, once each, and which numbers of it are told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from country_by_hand import COUNTRY, approx
from dgsim.decide import evaluator as module
from dgsim.decide.evaluator import RunProgress, interval, make_evaluator, outcomes_named
from dgsim.decide.finding import about
from dgsim.errors import ScenarioError, StudyError
from dgsim.scenario import load_scenario
from dgsim.study.catalogue import stock_named
from dgsim.world.state import PANEL
from dgsim.world.tables import OUTCOME_NAMES

PLAN = load_scenario("staged").with_changes(quarters=6)
USE, TRUST = OUTCOME_NAMES.index("use"), OUTCOME_NAMES.index("trust")


@pytest.fixture
def runs(monkeypatch):
    """Runs that are made up: use is 100 q + r in quarter q of replication r, trust its negative; province p adds p."""
    asked = []

    def run_replications(scenario, country, *, seed, replications, parameters, keep, change):
        asked.append(SimpleNamespace(quarters=scenario.quarters, replications=replications, keep=set(keep), seed=seed))
        level = 100.0 * np.arange(scenario.quarters) + np.array(list(replications))[:, None]
        outcomes = np.zeros((*level.shape, len(OUTCOME_NAMES)))
        outcomes[..., USE], outcomes[..., TRUST] = level, -level
        panel = np.zeros((*level.shape, len(country)), PANEL)
        panel["use"] = level[..., None] + np.arange(len(country)) + (change("setup") if change else 0)
        return SimpleNamespace(outcomes=outcomes, provinces=panel)

    monkeypatch.setattr(module, "run_replications", run_replications)
    return asked


def made(**given):
    return make_evaluator(PLAN, country=COUNTRY, parameters="central", **given)


def test_an_outcome_is_read_at_the_end_of_the_quarter_and_no_quarter_later_is_run(runs):
    assert made(replications=3).values(PLAN).tolist() == [500.0, 501.0, 502.0], "the last quarter by default"
    assert made(replications=3, quarter="2020Q3").values(PLAN).tolist() == [200.0, 201.0, 202.0]
    assert [one.quarters for one in runs] == [6, 3]
    assert runs[0].keep == set()


def test_a_scenario_is_run_once_for_all_outcomes_and_once_for_each_range_of_replications(runs):
    evaluator = made(replications=2, seed=7)
    assert evaluator.values(PLAN).tolist() == [500.0, 501.0]
    assert evaluator.about("trust").values(PLAN).tolist() == [-500.0, -501.0]
    assert evaluator.all_values([PLAN, PLAN], range(2, 4)).tolist() == [[502.0, 503.0]] * 2
    assert [one.replications for one in runs] == [range(2), range(2, 4)]
    assert {one.seed for one in runs} == {7}


def test_a_stock_is_told_of_every_province_at_the_end(runs):
    evaluator = made(replications=2)
    assert evaluator.stock(PLAN, "use")[:, [0, 5]].tolist() == [[500.0, 505.0], [501.0, 506.0]]
    assert evaluator.stock(PLAN, "use", lambda setup: 0.5)[0, 0] == 500.5
    assert runs[0].keep == {"provinces"}


def test_the_sign_of_an_outcome_and_its_unit():
    assert [made(outcome=name).direction for name in ("use", "incidents")] == [1, -1]
    assert made(outcome="use").unit == "share of dossiers"


def test_what_a_study_rests_on():
    basis = made(replications=4, seed=2).basis(PLAN)
    assert (basis.scenarios, basis.seed, basis.replications, basis.parameters.name) == ((PLAN,), 2, 4, "central")


def test_progress_counts_runs_and_never_more_than_are_expected(runs):
    told = []
    evaluator = made(replications=2, progress=lambda done, of: told.append((done, of)))
    evaluator.expect(2)
    evaluator.values(PLAN)
    evaluator.values(PLAN)
    evaluator.values(PLAN, range(2, 5))
    assert told == [(2, 4), (5, 5)], "two scenarios of two runs are expected; what is known is not run again"
    alone = RunProgress()
    alone.made(3)
    assert (alone.done, alone.expected) == (3, 0)


def test_defaults_and_what_is_refused():
    evaluator = made()
    assert (evaluator.replications, evaluator.seed, evaluator.quarter) == (range(100), 0, 5)
    assert made(replications=2).replications == range(2)
    assert made(quarter="2021Q2").quarter == 5, "the last quarter of the horizon"
    with pytest.raises(StudyError, match="quarter = 2021Q3 is beyond the horizon of staged, which ends in 2021Q2"):
        made(quarter="2021Q3")
    for wrong in ({"replications": 1}, {"seed": -1}):
        with pytest.raises(StudyError, match=next(iter(wrong))):
            made(**wrong)
    with pytest.raises(ScenarioError, match="soon"):
        made(quarter="soon")


def test_outcomes_are_named_once_each():
    assert outcomes_named("use") == ("use",)
    assert outcomes_named(["trust", "use", "trust"]) == ("trust", "use")
    with pytest.raises(StudyError, match="name one or more"):
        outcomes_named([])
    with pytest.raises(StudyError, match="did you mean use"):
        outcomes_named("usee")


def test_stocks_are_told_from_outcomes_of_the_nation():
    assert stock_named("specialists") == "specialists"
    assert stock_named("use") == "use", "both an outcome and a stock"
    with pytest.raises(StudyError, match=r"net_benefit is not known by province; of the outcomes, .*use.* are") as told:
        stock_named("net_benefit")
    assert "gap_p90_p10" not in str(told.value)
    with pytest.raises(StudyError, match="is not a stock of provinces; did you mean specialists"):
        stock_named("specialist")


def test_the_rows_about_an_outcome_are_numbered_anew():
    table = pd.DataFrame({"outcome": ["use", "trust", "use"], "value": [1.0, 2.0, 3.0]})
    assert about(table, "use").to_dict("list") == {"outcome": ["use", "use"], "value": [1.0, 3.0]}
    assert about(table, "trust").index.tolist() == [0]


def test_the_interval_is_students():
    """Mean 2 and standard deviation 2 of four values; t of 3 degrees of freedom at 97.5% is 3.1824."""
    mean, low, high = interval(np.array([0.0, 2.0, 2.0, 4.0]))
    half = 3.182446 * np.sqrt(8 / 3) / 2
    assert [float(mean), float(low), float(high)] == approx([2.0, 2.0 - half, 2.0 + half])
