"""Regret over plausible worlds: tables by hand, a flip that was planted is found, and none where there is none."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.cli import main as cli
from dgsim.decide import regret as module
from dgsim.decide.discovery import flips_of
from dgsim.decide.evaluator import Evaluator
from dgsim.decide.regret import drawn, regret
from dgsim.engine.sets import Ensemble, load_parameters
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario

pytest.importorskip("ema_workbench")

SETS = 20
FEW = {"replications": 1, "quarters": 4}


def few():
    """So many of the plausible sets."""
    return Ensemble("few", load_parameters("plausible").sets[:SETS])


def plan(name, **levers):
    return load_scenario("staged").with_changes(name=name, **levers)


@pytest.fixture
def toy(monkeypatch):
    """No runs: an outcome is a function of the scenario and of the parameters of the world."""

    def put(value):
        def values(self, scenarios, replications=None):
            worlds = [self.parameters.values(r) for r in self.replications]
            return np.array([[value(scenario, world) for world in worlds] for scenario in scenarios])

        monkeypatch.setattr(Evaluator, "all_values", values)

    return put


# The table


def test_the_table_is_what_it_is_by_hand(toy):
    """In half of twenty worlds `one` is 3 ahead, in the other half 1 behind; `two` is always at 10."""
    worlds = [{"leakage": 0.06 if number < SETS / 2 else 0.2} for number in range(SETS)]
    toy(lambda plan, world: 10.0 if plan.name == "two" else 13.0 if world["leakage"] < 0.1 else 9.0)
    found = regret([plan("one"), plan("two")], outcome="hours_saved", parameters=worlds, threshold=10.0, **FEW)
    table = found.regrets.set_index("scenario")
    assert found.leader == "one"
    assert table.loc["one", ["mean", "regret", "worst", "best", "satisfied"]].tolist() == [11.0, 0.5, 1.0, 0.5, 0.5]
    assert table.loc["two", ["mean", "regret", "worst", "best", "satisfied"]].tolist() == [10.0, 1.5, 3.0, 0.5, 1.0]
    assert table.loc["two", "regret_p90"] == 3.0
    half = 2.093024 * np.std([0.0, 3.0] * 10, ddof=1) / np.sqrt(SETS)
    assert table.loc["two", ["low", "high"]].tolist() == pytest.approx([1.5 - half, 1.5 + half], rel=1e-6)
    assert table.loc["two", ["satisfied_low", "satisfied_high"]].tolist() == pytest.approx([0.8389, 1.0], abs=1e-4)
    assert found.behind().tolist() == [[0.0] * 10 + [1.0] * 10, [3.0] * 10 + [0.0] * 10]


def test_where_less_is_better_the_least_is_best_and_the_threshold_a_ceiling(toy):
    toy(lambda plan, world: 0.2 if plan.name == "even" else 0.5)
    found = regret(
        [plan("uneven"), plan("even")], outcome="gap_p90_p10", parameters=[{}] * SETS, threshold="30%", **FEW
    )
    assert found.regrets["scenario"].tolist() == ["even", "uneven"]
    assert found.regrets["regret"].tolist() == pytest.approx([0.0, 0.3])
    assert found.regrets["satisfied"].tolist() == [1.0, 0.0]


def test_regret_of_a_run_is_the_comparison_world_by_world():
    sets = few()
    found = regret(["reward-use", "reward-supply"], outcome="use", parameters=sets, **FEW)
    runs = dgsim.compare(["reward-use", "reward-supply"], replications=SETS, quarters=4, parameters=sets).outcomes
    last = runs.query("quarter == '2020Q4' and outcome == 'use'").pivot_table(
        index="replication", columns="scenario", values="value"
    )
    names = ["reward-use", "reward-supply"]
    assert found.worlds[names].to_numpy() == pytest.approx(last[names].to_numpy(), abs=1e-15)
    behind = last.max(axis=1).to_numpy()[:, None] - last[names].to_numpy()
    assert found.regrets.set_index("scenario").loc[names, "regret"].tolist() == pytest.approx(behind.mean(axis=0))


def test_two_scenarios_that_are_the_same_have_no_regret_and_flip_nowhere():
    sets = few()
    found = regret([plan("one"), plan("two")], outcome="use", parameters=sets, **FEW)
    assert found.regrets[["regret", "high", "worst"]].to_numpy().tolist() == [[0.0] * 3] * 2
    assert found.flips == ()
    assert found.sentences == ("In no world does another scenario end ahead of one.",)


# Where the ranking flips


def worlds_at_random(count=160, columns=40, seed=2):
    names = load_parameters("plausible").names[:columns]
    return pd.DataFrame(np.random.default_rng(seed).random((count, columns)), columns=list(names))


def test_a_flip_that_was_planted_is_found_and_said_in_words():
    points = worlds_at_random()
    points["leakage"] *= 0.1
    better = np.where(points["leakage"] > 0.06, 1.0, -1.0) + np.random.default_rng(3).normal(0, 0.3, len(points))
    (flip,) = flips_of(points, np.stack([np.zeros(len(points)), better]), ["first", "second"], "first")
    assert flip.box.limits["parameter"].tolist() == ["leakage"]
    assert flip.box.limits["low"][0] == pytest.approx(0.06, abs=0.012)
    assert flip.inside > 0.9
    assert flip.elsewhere < 0.2
    assert flip.sentence.startswith("If leakage in procurement is above 0.0")
    assert "do second rather than first: it ends ahead in" in flip.sentence
    (row,) = flip.rows()
    assert {"rival", "leader", "ahead", "inside", "elsewhere", "parameter", "low", "high", "sentence"} <= set(row)


def test_a_rival_that_comes_closer_but_stays_behind_is_not_recommended():
    points = worlds_at_random()
    coin = np.random.default_rng(5).random(len(points))
    better = np.where((points["leakage"] > 0.5) & (coin < 0.4), 1.0, -1.0 - coin * (points["leakage"] < 0.5))
    (flip,) = flips_of(points, np.stack([np.zeros(len(points)), better]), ["first", "second"], "first")
    assert flip.inside < 0.5
    assert flip.sentence.startswith("second comes closest to first where leakage in procurement is above 0.")
    assert "do second" not in flip.sentence


def test_where_chance_decides_no_assumption_is_named():
    """Six coins are tossed: at the level of 5% a box may be found for one of them."""
    points = worlds_at_random(count=100, columns=10)
    boxes = []
    for seed in range(6):
        coin = np.random.default_rng(seed).normal(0, 1, len(points))
        (flip,) = flips_of(points, np.stack([np.zeros(len(points)), coin]), ["first", "second"], "first")
        boxes.append(flip.box)
        if flip.box is None:
            assert flip.sentence.endswith("no assumption tells where.")
            assert [row["inside"] for row in flip.rows()] == [pytest.approx(float("nan"), nan_ok=True)]
    assert sum(box is not None for box in boxes) <= 1


def test_a_rival_ahead_in_a_handful_of_worlds_gets_no_box():
    points = worlds_at_random()
    ahead = np.where(points["leakage"] > np.sort(points["leakage"])[-6], 1.0, -1.0)
    (flip,) = flips_of(points, np.stack([np.zeros(len(points)), ahead]), ["first", "second"], "first")
    assert flip.box is None


# Worlds that are drawn


def test_worlds_are_drawn_within_the_sets_and_evenly():
    base = load_parameters("plausible")
    sets = drawn(base, 50, seed=1)
    assert len(sets) == 50
    table, told = pd.DataFrame([dict(one) for one in sets]), pd.DataFrame([dict(one) for one in base])
    for name in table:
        low, high = told[name].min(), told[name].max()
        assert sorted((50 * (table[name] - low) / (high - low)).astype(int).clip(upper=49)) == list(range(50)), name
    assert drawn(base, 50, seed=1) == sets
    assert drawn(base, 50, seed=2) != sets


# What is refused


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        ({"name": "mine"}, {}, "regret needs two scenarios or more and was given mine"),
        (["staged"], {}, "regret needs two scenarios or more and was given staged"),
        (["staged", "staged"], {}, "two scenarios are called staged"),
        (
            ["staged", "history"],
            {"parameters": "central"},
            "regret needs 20 worlds or more, and central holds 1: name more, or draw",
        ),
        (["staged", "history"], {"worlds": 3}, "worlds = 3 "),
        (["staged", "history"], {"parameters": "central", "worlds": 30}, "central does not vary any parameter"),
        (["staged", "history"], {"outcome": "usage"}, "did you mean use"),
        (["staged", "history"], {"quarter": "2040Q1"}, "is beyond the horizon"),
        (["staged", "history"], {"worlds": -1}, "worlds = -1"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(given, options, sentence):
    with pytest.raises(StudyError) as told:
        regret(given, **options)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_without_scenarios_is_a_sentence(tmp_path):
    with pytest.raises(StudyError, match="holds no scenario files"):
        regret([tmp_path, "staged"])


# The command


def test_the_command_reads_a_folder_of_scenarios_and_writes_what_it_says(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(module, "load_parameters", lambda which: few())
    kept = tmp_path / "plans"
    kept.mkdir()
    for name, rate in (("little", 0.1), ("much", 0.6)):
        (kept / f"{name}.toml").write_text(plan(name, matching_rate=rate).to_toml(), encoding="utf-8")
    command = ["regret", str(kept), "staged", "--outcome", "use", "--threshold", "0.01", "--quarters", "4"]
    out = tmp_path / "out"
    assert cli.main([*command, "--replications", "1", "--out", str(out), "--format", "json", "--quiet"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert {row["scenario"] for row in records} == {"little", "much", "staged"}
    assert {"regret", "low", "high", "best", "satisfied"} <= set(records[0])
    written = {path.name for path in out.iterdir()}
    assert {"regrets.csv", "worlds.csv", "flips.csv", "run.json", "figure-regret.png", "figure-regret.svg"} <= written
    assert pd.read_csv(out / "regrets.csv")["scenario"].tolist() == [row["scenario"] for row in records]
    assert len(pd.read_csv(out / "worlds.csv")) == SETS
    assert cli.main([*command, "--worlds", "3"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_command_draws_the_box_of_a_planted_flip_and_says_it(toy, tmp_path, capsys):
    toy(lambda plan, world: 0.4 if plan.name == "staged" else 0.3 if world["leakage"] < 0.11 else 0.45)
    out = tmp_path / "out"
    assert cli.main(["regret", "history", "staged", "--outcome", "use", "--quarters", "4", "--out", str(out)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "If leakage in procurement is above 0.1" in told
    assert "do history rather than staged: it ends ahead in 100% of such worlds" in told
    (limit,) = pd.read_csv(out / "flips.csv").to_dict("records")
    assert limit["parameter"] == "leakage"
    assert limit["low"] == pytest.approx(0.11, abs=0.005)
    svg = (out / "figure-flip-history.svg").read_text(encoding="utf-8")
    assert "history ahead" in svg
    assert "staged ahead" in svg
