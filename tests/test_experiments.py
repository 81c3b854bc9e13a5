"""The experiments with sweeps: each runs at small size and writes its tables and figures; its arithmetic is known."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.sweep import sweep
from dgsim.sweeps.worlds import beats, best_shares, better_by, by_world, flips, worlds

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
SCRIPTS = ("sequencing", "incentives", "uncertainty", "goals")
FIGURES = {
    "sequencing": "sequencing-dates",
    "incentives": "incentives-designs",
    "uncertainty": "uncertainty-wins",
    "goals": "goals-best",
}
SMALL = {
    "scenarios": ["history", "staged"],
    "levers": {"fee_cut": [0.0, 0.5]},
    "uncertain": ["care", "inertia"],
    "sample": {"method": "latin_hypercube", "points": 5},
    "replications": 2,
    "horizon": {"stop_after": 8},
    "outcomes": ["use", "supply"],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return sweep(SMALL, tmp_path_factory.mktemp("small") / "sweep")


OPTIONAL = {"atheris", "cosmic_ray"}  # that no extra of the tests brings


def loaded(name, monkeypatch):
    """What an experiment defines, without doing its work."""
    monkeypatch.syspath_prepend(str(EXPERIMENTS))
    return runpy.run_path(str(EXPERIMENTS / f"{name}.py"), run_name=name)


@pytest.mark.parametrize("name", [path.stem for path in sorted(EXPERIMENTS.glob("*.py"))])
def test_an_experiment_can_be_begun(name, monkeypatch):
    """Each finds what it imports, though months pass between one making of the published results and the next."""
    try:
        loaded(name, monkeypatch)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in OPTIONAL:
            raise
        pytest.skip(f"{error.name} is not installed")


def test_the_page_of_evidence_is_that_of_the_kept_validation(monkeypatch):
    script = loaded("make_evidence", monkeypatch)
    table = pd.read_csv(script["KEPT"])
    table["holds"] = table["holds"].fillna("")
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](table), "run experiments/make_evidence.py"


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_experiment_writes_what_it_prints_and_renews_its_page(name, tmp_path, monkeypatch, capsys):
    page, out, image = tmp_path / "page.md", tmp_path / "out", f"images/{FIGURES[name]}.png"
    (tmp_path / "images").mkdir()
    begin, end = f"<!-- made by experiments/{name}.py -->", f"<!-- end of {name} -->"
    page.write_text(f"Before.\n\n{begin}\nold\n{end}\n\n![It]({image})\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(EXPERIMENTS), *sys.path])
    monkeypatch.setattr(sys, "argv", [name, "--quick", "--out", str(out), "--page", str(page)])
    runpy.run_path(str(EXPERIMENTS / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    written = [part.strip() for part in printed.splitlines()[-1].split(": ", 1)[1].split(",")]
    assert any(part.endswith(".png") for part in written)
    for part in written:
        assert (out / part).stat().st_size > 100
    before, table, after = re.split(f"{begin}|{end}", page.read_text(encoding="utf-8"))
    assert (before, after) == ("Before.\n\n", f"\n\n![It]({image})\n")
    assert table.strip() in printed
    assert table.count("|") > 20
    assert (tmp_path / image).read_bytes() == (out / f"{FIGURES[name]}.png").read_bytes()


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_page_of_findings_has_the_place_of_each_script(name):
    text = (EXPERIMENTS.parent / "docs" / "findings.md").read_text(encoding="utf-8")
    assert text.count(f"<!-- made by experiments/{name}.py -->") == text.count(f"<!-- end of {name} -->") == 1


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_short(name):
    assert len((EXPERIMENTS / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 60


def test_the_designs_of_incentives_cost_the_same_and_share_a_roadmap():
    plans = [load_scenario(file) for file in (EXPERIMENTS / "goals").glob("*.toml")]
    assert len(plans) == 7
    assert len({plan.planned_money() for plan in plans}) == 1
    assert {plan.roadmap for plan in plans} == {load_scenario("staged").roadmap}


def test_the_orders_of_the_experiment_cost_the_same_and_hold_the_same_items():
    design = load_design(EXPERIMENTS / "sequencing.toml")
    plans = [plan for plan in design.scenarios if plan.name != "staged"]
    contents = {
        (plan.planned_money(), tuple(sorted((item.item, item.quarters, item.cost_bvnd) for item in plan.roadmap)))
        for plan in plans
    }
    assert len(plans) == 6
    assert len(contents) == 1
    assert len({tuple(sorted((item.item, item.start) for item in plan.roadmap)) for plan in plans}) == 6


def test_a_plan_of_an_experiment_runs_by_itself():
    assert load_scenario(EXPERIMENTS / "reward-index.toml").name == "reward-index"


def test_worlds_hold_the_means_of_their_runs(small):
    table = by_world(small, "use", policy=("scenario", "fee_cut"))
    assert table.shape == (5, 4)
    rows = small.wide.merge(small.points, on="point")
    chosen = rows[
        (rows["scenario"] == "staged") & (rows["fee_cut"] == 0.5) & (rows["care"] == worlds(small)["care"][3])
    ]
    assert table.loc[3, ("staged", 0.5)] == pytest.approx(chosen["use"].mean(), rel=1e-12)
    assert by_world(small, "use")["staged"].to_numpy() == pytest.approx(table["staged"].mean(axis=1).to_numpy())


def test_what_is_not_in_the_sweep_is_named(small):
    with pytest.raises(StudyError, match="net_benefit is not in"):
        by_world(small, "net_benefit")
    with pytest.raises(StudyError, match="matching_rate is not in"):
        by_world(small, "use", policy=("scenario", "matching_rate"))


def test_shares_of_worlds_are_counted():
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 1.0, 1.0, 1.0], "c": [0.0, 0.0, 0.0, 9.0]})
    assert beats(table).loc["a", "b"] == 0.75
    assert best_shares(table)["share"].to_dict() == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert better_by(table, "gap_p90_p10").loc[0, "a"] == -1.0


def test_only_the_assumption_that_decides_is_clear():
    luck = np.random.default_rng(1)
    values = pd.DataFrame({name: luck.random(300) for name in ("care", "inertia", "thrift")})
    table = flips(values, values["inertia"] > 0.5).set_index("parameter")
    assert table.index[0] == "inertia"
    assert table["clear"].to_dict() == {"inertia": True, "care": False, "thrift": False}
    assert table.loc["inertia", ["low", "high"]].tolist() == [0.0, 1.0]
