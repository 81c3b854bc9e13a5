"""The search for robust scenarios: known trade-offs are found, luck is seen through, nothing is lost when it dies."""

from __future__ import annotations

import json
import shutil
import signal
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import dgsim
from dgsim.cli import main as cli
from dgsim.country import write_country
from dgsim.decide import optimise as module
from dgsim.decide.objectives import TOTAL_MONEY, Constraint, Objective
from dgsim.decide.optimise import optimise, unbeaten
from dgsim.decide.search_design import load_search
from dgsim.errors import DesignError, StudyError
from dgsim.scenario import load_scenario
from dgsim.world.tables import OUTCOME_NAMES
from small_sweep import child, files, land

pytest.importorskip("pymoo")

START = """
name = "begin"
[horizon]
quarters = 8
[incentives]
matching_rate = 0.2
[[roadmap]]
name = "identity"
item = "digital_id"
start = "2020Q2"
quarters = 2
cost_bvnd = 100
[[roadmap]]
name = "till"
item = "payments"
start = "2020Q3"
quarters = 2
cost_bvnd = 60
after = ["identity"]
"""
SEARCH = """
name = "small"
start = "begin"
parameters = "central"
replications = 4
seed = 5

[roadmap]
latest = "2021Q2"
cost = { low = 0.5, high = 2 }

[levers]
matching_rate = { low = 0, high = 1 }
awards_metric = ["supply", "use"]

[[objective]]
outcome = "use"

[[objective]]
outcome = "total_money"

[[constraint]]
outcome = "total_money"
at_most = 200

[search]
population = 6
generations = 3
fresh = 8
keep = 4
"""


@pytest.fixture(scope="module")
def design(tmp_path_factory) -> Path:
    """A search of a few seconds, beside the scenario it begins with."""
    folder = tmp_path_factory.mktemp("designs")
    (folder / "begin.toml").write_text(START, encoding="utf-8")
    (folder / "search.toml").write_text(SEARCH, encoding="utf-8")
    return folder / "search.toml"


@pytest.fixture(scope="module")
def found(design, tmp_path_factory):
    """The search, gone through, and its folder."""
    folder = tmp_path_factory.mktemp("search")
    return optimise(design, folder, country=land()), folder


# What is unbeaten


@given(arrays(int, st.tuples(st.integers(1, 8), st.integers(2, 3)), elements=st.integers(0, 4)))
def test_a_point_is_unbeaten_where_none_is_as_good_in_all_and_better_in_one(goals):
    for one, stays in zip(goals, unbeaten(goals), strict=True):
        assert stays == (not any((other <= one).all() and (other < one).any() for other in goals))


def test_an_unlucky_run_is_the_tenth_that_is_worst_for_whom_it_is_measured():
    values = np.arange(101.0)
    assert Objective("use", 3, "unlucky").of(values) == pytest.approx(10.0)
    assert Objective("gap_p90_p10", 3, "unlucky").of(values) == pytest.approx(90.0)


def test_a_limit_is_broken_in_proportion_to_its_size():
    most, least = Constraint(Objective(TOTAL_MONEY, 0), 200.0, True), Constraint(Objective("use", 3), 0.4, False)
    assert [most.excess(300.0), most.excess(100.0)] == pytest.approx([0.5, -0.5])
    assert [least.excess(0.2), least.excess(0.5)] == pytest.approx([0.5, -0.25])


# A search whose answer is known


def toy(replace: Any, monkeypatch) -> None:
    """Runs cost nothing: a scenario and a seed are measured by a function [measure, run]."""

    def run(self, candidates, subfolder, seed, replications, progress):
        measured = {plan.digest(): replace(plan, seed, replications) for plan in candidates}
        names = self.design.measured
        return {key: dict(zip(names, values, strict=True)) for key, values in measured.items()}

    monkeypatch.setattr(module._Archive, "run", run)


def toy_design(**search: Any) -> dict[str, Any]:
    return {
        "name": "toy",
        "start": "staged",
        "parameters": "central",
        "levers": {"matching_rate": {"low": 0, "high": 1}, "audit_share": {"low": 0, "high": 1}},
        "objective": [{"outcome": "use"}, {"outcome": "gap_p90_p10"}],
        "search": {"population": 24, "generations": 30, "keep": 12, **search},
    }


def test_a_known_trade_off_is_found(monkeypatch, tmp_path):
    """Use is the matching rate less the audit share, the gap the rate: all good scenarios have no audits."""

    def measured(plan, seed, runs):
        rate, waste = plan.lever("matching_rate"), plan.lever("audit_share")
        return np.full((2, runs), [[rate - waste], [rate]])

    toy(measured, monkeypatch)
    front = optimise(toy_design(), tmp_path)
    levers = np.array([[plan.lever("matching_rate"), plan.lever("audit_share")] for plan in front.scenarios])
    assert len(levers) >= 6
    assert levers[:, 1].max() < 0.05
    assert np.ptp(levers[:, 0]) > 0.6
    assert unbeaten(np.stack([levers[:, 1] - levers[:, 0], levers[:, 0]], axis=1)).all()


def lucky_beyond(bound: float) -> Any:
    """On the runs that choose, an audit share beyond a bound looks good in both; on fresh runs it is bad in both."""

    def measured(plan, seed, runs):
        rate, audits = plan.lever("matching_rate"), plan.lever("audit_share")
        gift = (0.01 if seed == 0 else -0.8) * (audits > bound)
        return np.full((2, runs), [[rate / 2 + gift], [rate / 2 - gift]])

    return measured


def test_winners_by_luck_are_dropped(monkeypatch, tmp_path):
    toy(lucky_beyond(0.9), monkeypatch)
    front = optimise(toy_design(generations=2, keep=40), tmp_path)
    assert front.dropped
    assert all(plan.lever("audit_share") <= 0.9 for plan in front.scenarios)
    assert not set(front.dropped) & {plan.name for plan in front.scenarios}


def test_where_the_start_beats_all_winners_by_luck_a_sentence_says_so(monkeypatch, tmp_path):
    toy(lucky_beyond(0.5), monkeypatch)
    with pytest.raises(StudyError, match="on fresh runs staged beats all that looked better: search longer"):
        optimise(toy_design(generations=20), tmp_path)


def test_more_than_three_objectives_are_searched_by_reference_directions(monkeypatch, tmp_path):
    def measured(plan, seed, runs):
        rate, share = plan.lever("matching_rate"), plan.lever("audit_share")
        return np.full((4, runs), [[rate], [rate], [share], [share]])

    toy(measured, monkeypatch)
    design = toy_design(generations=5, population=8)
    design["objective"] = [*design["objective"], {"outcome": "net_benefit"}, {"outcome": "duplication_spend"}]
    front = optimise(design, tmp_path)
    assert set(front.table["objective"].str.split().str[0]) == {
        *("use", "gap_p90_p10", "net_benefit", "duplication_spend")
    }


@pytest.mark.parametrize("bound", [-1.0, 0.5])
def test_where_nothing_keeps_the_constraints_a_sentence_says_so(bound, monkeypatch, tmp_path):
    """Use is nowhere, or only on the runs that choose, as high as is asked for."""
    toy(lambda plan, seed, runs: np.full((2, runs), [[1.0 if seed == 0 and bound > 0 else 0.0], [0.0]]), monkeypatch)
    limit = {"outcome": "use", "at_least": abs(bound)}
    where = " on fresh runs" if bound > 0 else ""
    with pytest.raises(StudyError, match=f"no scenario that was tried keeps all constraints{where}: loosen them"):
        optimise({**toy_design(generations=1), "constraint": [limit]}, tmp_path)


# A search that runs


def test_what_is_found_keeps_the_constraints_and_is_unbeaten_on_fresh_runs(found):
    front, _ = found
    assert 1 <= len(front.scenarios) <= 4
    assert all(plan.planned_money() <= 200 for plan in front.scenarios)
    wide = front.table.pivot_table(index="scenario", columns="objective", values="fresh")
    assert unbeaten(np.stack([-wide["use 2021Q4"], wide["total_money"]], axis=1)).all()


def test_what_is_found_meets_a_target_at_its_chance_on_fresh_runs(design, tmp_path):
    """The constraint binds: of what is tried some misses it, and nothing of the front does."""
    values = dgsim.simulate(load_scenario(design.parent / "begin.toml"), 8, 5, country=land()).array[:, -1]
    spent = float(np.median(values[:, OUTCOME_NAMES.index("central_spend")]))
    cheap = {"name": "cheap", "indicator": "central_spend", "at_most": spent, "by": "2021Q4"}
    limit = {"target": {"name": "mine", "target": [cheap]}, "chance": 0.5}
    text = tomllib.loads(SEARCH) | {"start": load_scenario(design.parent / "begin.toml"), "constraint": [limit]}
    front = optimise(text, tmp_path / "found", country=land())
    assert not front.tried["kept"].all()
    for plan in front.scenarios:
        fresh = dgsim.targets(
            plan, limit["target"], to="2021Q4", seed=6, replications=8, country=land(), parameters="central"
        )
        assert fresh["chance"].iloc[0] >= 0.5


def test_fresh_runs_are_those_of_a_comparison_with_their_seed(found):
    front, _ = found
    plans = [load_scenario(plan.to_toml_data()) if hasattr(plan, "to_toml_data") else plan for plan in front.scenarios]
    compared = dgsim.compare([front.design.start, *plans], seed=6, replications=8, country=land(), parameters="central")
    means = compared.differences.query("outcome == 'use' and quarter == '2021Q4'").set_index("scenario")
    for row in front.table.query("outcome == 'use'").to_dict("records"):
        told = means.loc[row["scenario"]]
        assert [row["difference"], row["difference_low"], row["difference_high"]] == pytest.approx(
            [told["difference"], told["low"], told["high"]], abs=1e-12
        )


def test_the_scenario_it_began_with_is_among_those_tried(found):
    front, _ = found
    assert front.tried["scenario"].iloc[0] == "begin"
    assert front.tried[["use 2021Q4", "total_money"]].iloc[0].tolist() == [0.0, 0.0]
    assert len(front.tried) > 6
    assert front.tried["kept"].any()


def test_the_same_design_finds_the_same_to_the_byte(found, design, tmp_path):
    front, folder = found
    again = optimise(design, tmp_path, country=land())
    assert files(tmp_path) == files(folder)
    assert [plan.to_toml() for plan in again.scenarios] == [plan.to_toml() for plan in front.scenarios]
    pd.testing.assert_frame_equal(again.table, front.table)


def test_a_search_goes_on_with_more_generations_where_a_shorter_one_ended(found, design, tmp_path):
    longer = design.with_name("longer.toml")
    longer.write_text(SEARCH.replace("generations = 3", "generations = 4"), encoding="utf-8")
    straight = optimise(longer, tmp_path / "straight", country=land())
    optimise(design, tmp_path / "again", country=land())
    went_on = optimise(longer, tmp_path / "again", resume=True, country=land())
    pd.testing.assert_frame_equal(went_on.table, straight.table)
    pd.testing.assert_frame_equal(went_on.tried, straight.tried)


def test_killed_twice_and_resumed_it_finds_the_same_to_the_byte(found, design, tmp_path):
    front, whole = found
    folder = tmp_path / "search"
    call = f"from dgsim.decide.optimise import optimise; optimise({str(design)!r}, {str(folder)!r}, "
    for reached in ("generations/0001", "fresh"):
        with child(call + "resume=True, country=land())") as process:
            while not (folder / reached).exists():
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    again = optimise(design, folder, resume=True, country=land())
    assert files(folder) == files(whole)
    pd.testing.assert_frame_equal(again.table, front.table)


def test_control_c_says_how_to_go_on(design, tmp_path):
    write_country(land(), tmp_path / "land")
    out = tmp_path / "out"
    arguments = ["optimise", str(design), "--out", str(out), "--country", str(tmp_path / "land"), "--quiet"]
    with child(f"from dgsim.cli.main import main\nraise SystemExit(main({arguments}))") as process:
        while not (out / "generations/0001").exists():
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        told = process.communicate()
    assert process.returncode == 130
    assert told[0] == ""
    assert told[1].splitlines()[-1] == (
        f"Interrupted: what was run is kept in {out}; the same command with --resume goes on."
    )


# What is refused


def test_a_folder_is_not_written_over(found, design, tmp_path):
    _, folder = found
    with pytest.raises(StudyError, match="holds a search: continue it with resume=True, or name another folder"):
        optimise(design, folder, country=land())
    other = design.with_name("other.toml")
    other.write_text(SEARCH.replace("seed = 5", "seed = 6"), encoding="utf-8")
    with pytest.raises(StudyError, match="holds another search, or one by another model"):
        optimise(other, folder, resume=True, country=land())
    (tmp_path / "letter.txt").write_text("dear sir", encoding="utf-8")
    with pytest.raises(StudyError, match="is not empty and holds no search"):
        optimise(design, tmp_path, resume=True, country=land())
    (folder.parent / "torn").mkdir()
    (folder.parent / "torn" / "search.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be used"):
        optimise(design, folder.parent / "torn", resume=True, country=land())


BAD: Mapping[str, tuple[str, str, str]] = {
    "no such start": (
        'start = "begin"',
        'start = "begn"',
        'start = "begn" names no scenario; did you mean begin? [line 3]',
    ),
    "no start": ('start = "begin"', "", "start is the name of the scenario to begin with"),
    "unknown outcome": (
        'outcome = "use"',
        'outcome = "usage"',
        'objective.outcome = "usage" is neither an outcome nor total_money; did you mean use? [line 17]',
    ),
    "one objective": (
        '[[objective]]\noutcome = "use"',
        "",
        "objective: a trade-off needs two or more; given: 1",
    ),
    "late quarter": (
        'outcome = "use"',
        'outcome = "use"\nquarter = "2024Q1"',
        "is beyond the horizon, which ends in 2021Q4",
    ),
    "no bound": ("at_most = 200", "", "constraint: say either at_most or at_least [line 22]"),
    "two bounds": ("at_most = 200", "at_most = 200\nat_least = 3", "constraint: say either at_most or at_least"),
    "word for a bound": (
        "at_most = 200",
        'at_most = "little"',
        "constraint.at_most = little is no amount: write a number in bvnd",
    ),
    "unknown targets": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-74"\nchance = 0.8',
        "decision-74: there are no shipped targets of this name; did you mean decision-749? [line 23]",
    ),
    "no chance": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-749"',
        "constraint.chance is missing: say in which share of the runs, such as chance = 0.8 [line 23]",
    ),
    "a chance that is none": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-749"\nchance = 8',
        "constraint.chance = 8 is outside 0% to 100% (share of runs)",
    ),
    "targets after the horizon": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-749"\nchance = 0.8',
        "services-online-2025 is due in 2025Q4, beyond the horizon, which ends in 2021Q4",
    ),
    "targets of provinces": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-942"\nname = "services-redesigned-2025"\nchance = 0.8',
        "services-redesigned-2025 is held against stocks of provinces, which a search does not keep",
    ),
    "unknown target": (
        'outcome = "total_money"\nat_most = 200',
        'target = "decision-942"\nname = "dossiers-online"\nchance = 0.8',
        "target = dossiers-online is no target of decision-942; did you mean dossiers-online-2025?",
    ),
    "unknown lever": ("matching_rate = {", "matching_rat = {", "matching_rat is not a lever; did you mean"),
    "unknown item": ("[roadmap]\n", '[roadmap]\nitems = ["tilt"]\n', "no item of begin; did you mean till"),
    "no span": ('latest = "2021Q2"', 'latest = "2024Q2"', "is no span of the plan of begin, which ends in 2021Q4"),
    "costs the wrong way": ("low = 0.5, high = 2 }", "low = 3, high = 2 }", "roadmap.cost is a range from 3 to 2"),
    "cost no range": ("cost = { low = 0.5, high = 2 }", "cost = 2", "roadmap.cost is not a range"),
    "tiny population": ("population = 6", "population = 1", "search.population = 1"),
    "unknown key": ("keep = 4", "kept = 4", "search.kept is not a known key; did you mean"),
    "no table": ("[search]", "[serch]", "serch is not a known key; did you mean"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_in_a_design_is_a_sentence(case, design, tmp_path, capsys):
    right, wrong, sentence = BAD[case]
    (tmp_path / "begin.toml").write_text(START, encoding="utf-8")
    file = tmp_path / "search.toml"
    assert right in SEARCH
    file.write_text(SEARCH.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(DesignError) as told:
        load_search(file)
    assert sentence in str(told.value)
    assert "search.toml" in str(told.value)
    assert cli.main(["optimise", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_nothing_varied_and_no_such_file_are_sentences(tmp_path):
    bare = {"start": "staged", "objective": [{"outcome": "use"}, {"outcome": "trust"}]}
    with pytest.raises(DesignError, match=r"nothing is varied: write \[levers\] or \[roadmap\]"):
        load_search(bare)
    (tmp_path / "robust.toml").write_text("", encoding="utf-8")
    with pytest.raises(DesignError, match=r"there is no such file; did you mean robust.toml"):
        load_search(tmp_path / "robst.toml")
    with pytest.raises(DesignError, match=r"the design of a search is a .toml file"):
        load_search(tmp_path / "robust")


# The command


def test_the_command_writes_scenarios_that_can_be_run_and_compared(design, tmp_path, capsys):
    write_country(land(), tmp_path / "land")
    where = ["--country", str(tmp_path / "land")]
    command = ["optimise", str(design), "--out", str(tmp_path / "out"), "--format", "json", "--quiet", *where]
    assert cli.main(command) == 0
    records = json.loads(capsys.readouterr().out)
    assert {"scenario", "objective", "outcome", "quarter", "unit", "fresh", "low", "high"} <= set(records[0])
    results = tmp_path / "out" / "results"
    written = {path.name for path in results.iterdir()}
    assert {"front.csv", "tried.csv", "run.json", "figure-front.svg", "figure-front.png"} <= written
    names = {row["scenario"] for row in records}
    assert {f"{name}.toml" for name in names} <= written
    plans = [str(results / f"{name}.toml") for name in sorted(names)]
    assert all(load_scenario(plan).planned_money() <= 200 for plan in plans)
    assert cli.main(["compare", *plans[:2], "--baseline", str(design.with_name("begin.toml")), *where, "--quiet"]) == 0
    assert cli.main(command) == 2
    assert "continue it with --resume" in capsys.readouterr().err
    assert cli.main([*command, "--resume"]) == 0
    assert json.loads(capsys.readouterr().out) == records


@pytest.mark.parametrize("objectives", [2, 4])
def test_a_search_in_which_nothing_keeps_the_constraints_repeats_and_resumes(objectives, tmp_path):
    """Where all break them alike, luck decides; it is that of the search, with any number of objectives."""
    goals = [{"outcome": name} for name in ("net_benefit", "use", "gap_p90_p10", "total_money")]
    levers = {name: {"low": 0, "high": 400} for name in ("lump_sum", "equalisation", "awards")}
    design = {
        "name": "four",
        "start": "staged",
        "parameters": "central",
        "replications": 2,
        "seed": 6,
        "levers": levers | {"audit_share": {"low": 0.05, "high": 0.4}},
        "objective": goals[:objectives],
        "constraint": [{"outcome": "use", "at_least": 0.95}],
        "search": {"population": 8, "generations": 5, "fresh": 2, "keep": 4},
    }
    for folder in ("once", "again"):
        with pytest.raises(StudyError, match="no scenario that was tried keeps all constraints"):
            optimise(design, tmp_path / folder, country=land())
    once = files(tmp_path / "once")
    assert once == files(tmp_path / "again")
    shutil.rmtree(tmp_path / "again" / "generations" / "0003")
    with pytest.raises(StudyError, match="keeps all constraints"):
        optimise(design, tmp_path / "again", resume=True, country=land())
    assert files(tmp_path / "again") == once
