"""Runs until a comparison is clear, on outcomes that a test makes up."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from country_by_hand import COUNTRY, approx
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study import sequential, stopping
from dgsim.study.sequential import look
from dgsim.world.tables import OUTCOME_NAMES

USE = OUTCOME_NAMES.index("use")


@pytest.mark.parametrize(
    ("given", "outcome", "size"),
    [("0.5pp", "use", 0.005), (" 2 pp ", "use", 0.02), (0.01, "use", 0.01), ("250", "net_benefit", 250.0)],
)
def test_the_smallest_effect_is_a_number_or_points(given, outcome, size):
    assert stopping.smallest_effect(given, outcome) == approx(size)


@pytest.mark.parametrize(
    ("given", "outcome"), [("1pp", "net_benefit"), ("0", "use"), (-1.0, "use"), ("much", "use"), ("inf", "use")]
)
def test_what_is_no_size_is_refused(given, outcome):
    with pytest.raises(StudyError):
        stopping.smallest_effect(given, outcome)


PLANS = [load_scenario("staged").with_changes(name=name, quarters=3) for name in ("base", "clear", "open")]


def run(monkeypatch, *, sets=1, most=100, outcome="use", gain=1.0, plans=PLANS):
    """`clear` lies far above the base, `open` varies about it."""
    asked, told = [], []

    def runs(policy, country, *, seed, replications, parameters):
        asked.append((policy.name, replications))
        found = np.zeros((len(replications), 3, len(OUTCOME_NAMES)))
        noise = np.array([np.random.default_rng(replication).normal() for replication in replications])
        level = {"base": 0 * noise, "clear": gain + 0.01 * noise, "open": noise}[policy.name]
        found[:, -1, OUTCOME_NAMES.index(outcome)] = 5.0 + level
        found[:, 1, OUTCOME_NAMES.index(outcome)] = -3.0 * level
        return SimpleNamespace(outcomes=found)

    monkeypatch.setattr(stopping, "run_replications", runs)
    arrays, table = stopping.run_until_clear(
        plans,
        COUNTRY,
        load_parameters([{"hours_factor": 1.0}] * sets),
        outcome=outcome,
        smallest=0.05,
        seed=3,
        most=most,
        progress=lambda done, of: told.append((done, of)),
    )
    return arrays, table.set_index("scenario"), asked, told


def test_runs_are_made_in_rounds_until_all_is_settled_or_the_most_are_made(monkeypatch):
    arrays, table, asked, told = run(monkeypatch, most=50)
    assert asked[:3] == [("base", range(20)), ("clear", range(20)), ("open", range(20))]
    assert [span for name, span in asked if name == "base"] == [range(20), range(20, 40), range(40, 50)]
    assert [len(values) for values in arrays] == [50] * 3
    assert told[0] == (20, 150)
    assert told[2] == (60, 150)
    assert told[3] == (80, 150)
    assert told[-1] == (150, 150)
    assert table.loc["clear", ["verdict", "runs"]].tolist() == ["win", 20], "settled at the first look"
    assert table.loc["open", ["verdict", "runs"]].tolist() == ["not clear", 50]


def test_it_stops_when_all_is_settled(monkeypatch):
    arrays, _, asked, _ = run(monkeypatch, plans=PLANS[:2])
    assert len(asked) == 2
    assert len(arrays[0]) == 20


def test_a_round_goes_once_through_the_sets(monkeypatch):
    assert run(monkeypatch, sets=15, plans=PLANS[:2])[2][0] == ("base", range(30))
    assert run(monkeypatch, sets=30, plans=PLANS[:2])[2][0] == ("base", range(30))
    assert run(monkeypatch, sets=64, most=50, plans=PLANS[:2])[2][0] == ("base", range(50))


def test_the_error_is_shared_out_and_what_was_seen_is_told(monkeypatch):
    arrays, table, *_ = run(monkeypatch, most=20)
    paired = arrays[2][:, -1, USE] - arrays[0][:, -1, USE]
    seen = look(paired, 0.05, 1, 0.025)
    row = table.loc["open"]
    assert (row["difference"], row["low"], row["high"]) == approx((seen.difference, seen.low, seen.high))
    assert (row["baseline"], row["outcome"], row["smallest"]) == ("base", "use", 0.05)
    assert row["unit"] == "share of dossiers"


def test_where_less_is_better_more_loses(monkeypatch):
    _, table, *_ = run(monkeypatch, outcome="incidents", plans=PLANS[:2])
    assert table.loc["clear", "verdict"] == "lose"


def test_defaults():
    assert (stopping.MOST_RUNS, sequential.FIRST, sequential.ERROR, sequential.TUNED) == (2_000, 20, 0.05, 200)


def test_fewer_runs_than_a_first_look_are_refused(monkeypatch):
    with pytest.raises(StudyError, match="max_runs"):
        run(monkeypatch, most=19)
