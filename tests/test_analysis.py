"""Sensitivity and box-finding with SALib and the EMA Workbench: the tables make the spaces, closed forms hold."""

from __future__ import annotations

import math
import pickle
import runpy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dgsim.analysis.problem import library, parameters_of, trial
from dgsim.analysis.salib_problem import morris, outcomes_of, salib_problem, sobol
from dgsim.errors import ScenarioError, StudyError
from dgsim.study.catalogue import outcome_named
from dgsim.study.compare import compare
from dgsim.study.simulate import simulate
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES, PARAMETERS

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
EXTRA = 'needs the extra "analysis": pip install -e ".[analysis]"'
LAST = "2020Q4"


class Linear:
    """A trial whose every outcome is a sum of parameters with known weights."""

    seed = 1

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights

    def outcomes_at(self, values):
        return dict.fromkeys(OUTCOME_NAMES, sum(self.weights[name] * value for name, value in values.items()))


@pytest.fixture(scope="module")
def short():
    return trial("staged", replications=2, quarters=4, seed=5)


def test_a_trial_is_the_mean_of_a_simulation(short):
    asked = simulate("staged", 2, 5, quarters=4, assumptions={"trust_base": 0.7})
    mean = asked.array[:, -1].mean(axis=0)
    assert list(short.outcomes_at({"trust_base": 0.7}).values()) == mean.tolist()


def test_a_trial_with_a_baseline_is_the_paired_difference():
    tried = trial("staged", baseline="history", replications=3, quarters=4).outcomes_at({})
    compared = compare(["staged"], baseline="history", replications=3, quarters=4, parameters="central").differences
    rows = compared[compared["quarter"] == LAST].set_index("outcome")["difference"]
    assert tried == pytest.approx(rows.to_dict(), abs=1e-12)


def test_a_value_out_of_range_is_refused_with_its_range(short):
    with pytest.raises(ScenarioError, match=r"trust_base = 2.0 is outside 0\.65\.\.0\.85"):
        short.outcomes_at({"trust_base": 2.0})


def test_the_problem_is_the_table():
    uncertain = PARAMETERS.uncertain
    problem = salib_problem(parameters_of("uncertain"))
    assert problem["names"] == [p.name for p in uncertain]
    assert problem["bounds"] == [[p.low, p.high] for p in uncertain]
    assert problem["num_vars"] == len(uncertain)


def test_parameters_are_named_by_name_or_theme():
    names = [p.name for p in parameters_of("uncertain", ["leakage", "services"])]
    assert names[0] == "leakage"
    assert set(names[1:]) == {p.name for p in PARAMETERS.uncertain if p.theme == "services"}
    with pytest.raises(StudyError, match="leakge is no parameter or theme of the role uncertain; did you mean leakage"):
        parameters_of("uncertain", ["leakge"])
    with pytest.raises(StudyError, match="budget_rule has no range of numbers"):
        salib_problem(parameters_of("lever", ["budget_rule"]))


def test_an_unknown_outcome_is_named():
    with pytest.raises(StudyError, match="usee is not an outcome; did you mean use"):
        outcome_named("usee")


def test_a_missing_library_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(StudyError, match=r'^SALib is not installed: pip install "dgsim\[analysis\]"$'):
        library("SALib")


def test_points_a_rounding_error_outside_are_tried_at_the_bound():
    parameters = parameters_of("uncertain", ["leakage"])
    highest = parameters[0].high
    beyond = np.nextafter(highest, math.inf)
    values = outcomes_of(Linear({"leakage": 1.0}), salib_problem(parameters), np.array([[beyond]]))
    assert (values == highest).all()


def test_screening_finds_the_effects_of_a_sum():
    pytest.importorskip("SALib", reason=EXTRA)
    parameters = parameters_of("uncertain", ["leakage", "trust_base", "innovation"])
    spans = {p.name: p.high - p.low for p in parameters}
    weights = {"leakage": 3.0 / spans["leakage"], "trust_base": -2.0 / spans["trust_base"], "innovation": 0.0}
    table = morris(Linear(weights), parameters, "use", trajectories=4)
    assert list(table["parameter"]) == ["leakage", "trust_base", "innovation"]
    assert table["mu"].to_numpy() == pytest.approx([3.0, -2.0, 0.0], abs=1e-9)
    assert table["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)


def test_shares_of_variance_of_a_sum_are_the_squares_of_its_weights():
    pytest.importorskip("SALib", reason=EXTRA)
    parameters = parameters_of("uncertain", ["leakage", "trust_base"])
    spans = {p.name: p.high - p.low for p in parameters}
    weights = {"leakage": 1.0 / spans["leakage"], "trust_base": 2.0 / spans["trust_base"]}
    table = sobol(Linear(weights), parameters, "use", points=512)
    assert list(table["parameter"]) == ["trust_base", "leakage"]
    for kind in ("first", "total"):
        assert table[kind].to_numpy() == pytest.approx([0.8, 0.2], abs=0.03)


def test_what_cannot_be_shared_out_is_refused():
    pytest.importorskip("SALib", reason=EXTRA)
    parameters = parameters_of("uncertain", ["leakage"])
    with pytest.raises(StudyError, match="points = 12 is not a power of two, such as 16"):
        sobol(Linear({"leakage": 1.0}), parameters, "use", points=12)
    with pytest.raises(StudyError, match="use does not move with these parameters"):
        sobol(Linear({"leakage": 0.0}), parameters, "use", points=4)


def test_the_workbench_gets_every_lever_uncertainty_and_outcome(short):
    pytest.importorskip("ema_workbench", reason=EXTRA)
    from dgsim.analysis.ema_model import ema_model

    model = ema_model(short, parameters_of("uncertain"), parameters_of("lever"))
    for kept, role in ((model.uncertainties, "uncertain"), (model.levers, "lever")):
        assert {p.name for p in kept} == {p.name for p in PARAMETERS if p.role == role}
    bounds = {p.name: (p.lower_bound, p.upper_bound) for p in model.uncertainties}
    assert bounds == {p.name: (p.low, p.high) for p in PARAMETERS.uncertain}
    kinds = {lever.name: type(lever).__name__ for lever in model.levers}
    assert kinds["matching_rate"] == "RealParameter"
    assert kinds["league_table"] == "BooleanParameter"
    assert kinds["budget_rule"] == kinds["mandate_deadline"] == "CategoricalParameter"
    signs = {"higher": 1, "lower": -1, "none": 0}
    assert {o.name: o.kind for o in model.outcomes} == {o.outcome: signs[o.direction] for o in OUTCOMES}


def test_the_workbench_runs_levers_and_uncertainties_together(short):
    workbench = pytest.importorskip("ema_workbench", reason=EXTRA)
    from dgsim.analysis.ema_model import ema_model

    model = ema_model(short, parameters_of("uncertain", ["services"]), parameters_of("lever"))
    model = pickle.loads(pickle.dumps(model))
    tried, outcomes = workbench.perform_experiments(model, scenarios=2, policies=2, log_progress=True)
    assert len(tried) == 4
    assert set(outcomes) == set(OUTCOME_NAMES)
    assert np.isfinite(outcomes["use"]).all()


def test_points_and_outcomes_of_experiments_belong_together(short):
    pytest.importorskip("ema_workbench", reason=EXTRA)
    from dgsim.analysis.ema_model import experiments

    parameters = parameters_of("uncertain", ["trust_base", "as_is_quality"])
    points, outcomes = experiments(short, parameters, 3)
    for (_, point), (_, found) in zip(points.iterrows(), outcomes.iterrows(), strict=True):
        assert short.outcomes_at(point.to_dict())["trust"] == found["trust"]
    again, _ = experiments(short, parameters, 3)
    assert points.equals(again)


def made_points(count: int) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(3).uniform(size=(count, 4)), columns=list("abcd"))


def test_a_box_that_is_there_is_found():
    pytest.importorskip("ema_workbench", reason=EXTRA)
    from dgsim.analysis.boxes import find_box

    points = made_points(600)
    box = find_box(points, ((points["a"] > 0.6) & (points["c"] < 0.5)).to_numpy())
    limits = box.limits.set_index("parameter")
    assert set(limits.index) == {"a", "c"}
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.05)
    assert limits.loc["c", "high"] == pytest.approx(0.5, abs=0.05)
    assert limits.loc["a", "high"] == limits.loc["a", "highest"]
    assert box.density > 0.9
    assert box.coverage > 0.8
    assert box.mass == pytest.approx(0.2, abs=0.05)


def test_where_nothing_matters_there_is_hardly_a_box():
    pytest.importorskip("ema_workbench", reason=EXTRA)
    from dgsim.analysis.boxes import find_box

    points = made_points(300)
    interesting = np.random.default_rng(4).uniform(size=300) < 0.3
    assert find_box(points, interesting).density < 0.4
    with pytest.raises(StudyError, match="none of the points are of interest"):
        find_box(points, np.zeros(300, dtype=bool))


@pytest.mark.parametrize(
    ("name", "library", "size", "tables"),
    [
        ("salib_morris", "SALib", 3, ["morris.csv"]),
        ("salib_sobol", "SALib", 4, ["sobol.csv"]),
        ("ema_prim", "ema_workbench", 60, ["points.csv", "prim.csv"]),
    ],
)
def test_the_scripts_write_tables_and_figures(name, library, size, tables, tmp_path, monkeypatch, capsys):
    pytest.importorskip(library, reason=EXTRA)
    monkeypatch.syspath_prepend(EXPERIMENTS)
    words = "--parameters inertia drive care --quarters 8 --replications 2 --outcome supply"
    monkeypatch.setattr(sys, "argv", [name, *words.split(), "--size", str(size), "--out", str(tmp_path / "out")])
    runpy.run_path(str(EXPERIMENTS / f"{name}.py"), run_name="__main__")
    figure = tables[-1].removesuffix(".csv")
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == sorted([*tables, f"{figure}.png", f"{figure}.svg"])
    table = pd.read_csv(tmp_path / "out" / tables[-1])
    assert set(table["parameter"]) <= {"inertia", "drive", "care"}
    assert len(table)
    assert f"{figure}.png" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [("--outcome usee", "did you mean use"), ("--scenario stagd", "staged"), ("--parameters leakge", "leakage")],
)
def test_the_scripts_refuse_in_a_sentence(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(EXPERIMENTS)
    monkeypatch.setattr(sys, "argv", ["salib_morris", *words.split(), "--out", str(tmp_path)])
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(EXPERIMENTS / "salib_morris.py"), run_name="__main__")
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda points: points.assign(a=points["a"].astype(str)), "a is no number in every point"),
        (lambda points: points.assign(a=pd.Categorical(["x", "y"] * 50)), "a is no number in every point"),
        (lambda points: points.assign(a=np.nan), "a lacks a value in some points"),
        (lambda points: points.iloc[:0], "100 answers for 0 points"),
        (lambda points: points.iloc[:9], "100 answers for 9 points"),
    ],
)
def test_points_that_prim_cannot_work_with_are_a_sentence(change, sentence):
    from dgsim.analysis.boxes import find_box

    points = pd.DataFrame({"a": np.linspace(0.0, 1.0, 100), "b": np.linspace(1.0, 0.0, 100)})
    with pytest.raises(StudyError, match=sentence):
        find_box(change(points), (points["a"] > 0.5).to_numpy())


def test_a_box_is_the_same_for_answers_in_a_series():
    from dgsim.analysis.boxes import find_box

    points = pd.DataFrame(np.random.default_rng(1).random((300, 2)), columns=["a", "b"])
    interesting = points["a"] > 0.7
    assert find_box(points, interesting).limits.equals(find_box(points, interesting.to_numpy()).limits)
