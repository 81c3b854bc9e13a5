"""A search by hand: sweeps cost nothing, and what every scenario comes to is known."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from country_by_hand import COUNTRY, approx
from dgsim.decide import optimise as module
from dgsim.decide.objectives import TOTAL_MONEY
from dgsim.decide.optimise import _Archive, _best, _claim, _front, _search, _still_best, optimise, unbeaten
from dgsim.decide.search_design import load_search
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.sweeps.sweep import SweepInterrupted

START = load_scenario({"name": "begin", "horizon": {"quarters": 6}, "incentives": {"matching_rate": 0.2}})
USE, GAP = {"outcome": "use"}, {"outcome": "gap_p90_p10", "quarter": "2020Q3"}


def design(objectives=(USE, GAP), constraints=(), seed=3, least=0.0, **search):
    return load_search(
        {
            "name": "toy",
            "start": START,
            "parameters": "central",
            "seed": seed,
            "replications": 4,
            "levers": {"matching_rate": {"low": least, "high": 1}, "audit_share": {"low": 0, "high": 1}},
            "objective": list(objectives),
            "constraint": list(constraints),
            "search": {"population": 8, "generations": 3, "fresh": 5, "keep": 3} | search,
        }
    )


def plan(rate, audits=0.1):
    return START.with_changes(name="tried", matching_rate=rate, audit_share=audits)


class Sweeps:
    """Use is the matching rate, at the end; the gap its square, in the third quarter; luck adds the run's number / 100.

    What `luck` says of a scenario and a seed is added to its use.
    """

    def __init__(self, luck=lambda plan, seed: 0.0):
        self.asked, self.luck, self.failed = [], luck, []

    def __call__(self, asked, folder, resume, country, any_size, progress):
        assert any_size, "how long a search takes is looked at before it begins"
        self.asked.append({**asked, "folder": folder, "resume": resume, "country": country})
        plans, rows = asked["scenarios"], []
        for point, one in reversed(list(enumerate(plans))):
            for replication in reversed(range(asked["replications"])):
                for quarter in asked["quarters"]:
                    rate = one.lever("matching_rate")
                    use = (rate + self.luck(one, asked["seed"])) if quarter == "2021Q2" else 9.0
                    gap = rate**2 if quarter == "2020Q3" else 9.0
                    row = {"point": point, "replication": replication, "quarter": quarter}
                    rows.append(row | {"use": use + 0.01 * replication * (1 + rate), "gap_p90_p10": gap})
        points = pd.DataFrame({"scenario": [one.name for one in plans]})
        return SimpleNamespace(wide=pd.DataFrame(rows), points=points, failed=self.failed)


@pytest.fixture
def sweeps(monkeypatch):
    made = Sweeps()
    monkeypatch.setattr(module, "sweep", made)
    return made


def tried(search, plans, tmp_path, progress=None, generation=0):
    archive = _Archive(search, tmp_path, COUNTRY, progress)
    archive.evaluate([search.start, *plans], generation)
    return archive


# Who is unbeaten


def test_a_point_is_beaten_by_one_that_is_as_good_in_all_and_better_in_one():
    goals = np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0], [1.0, 3.0], [1.0, 2.0]])
    assert unbeaten(goals).tolist() == [True, True, False, False, True], "equals do not beat each other"
    assert unbeaten(np.array([[0.0, 0.0, 5.0], [1.0, 1.0, 4.0], [1.0, 1.0, 5.0]])).tolist() == [True, True, False]


def rates(search, archive, digests):
    return [archive.scenarios[digest].lever("matching_rate") for digest in digests]


def test_the_ends_are_kept_first_and_then_the_widest_apart(sweeps, tmp_path):
    """All are unbeaten: more use, a larger gap. Kept are the least gap and the most use, then what is far from both."""
    plans = [plan(rate) for rate in (0.0, 0.3, 0.6, 0.8, 1.0)]
    for keep, expected in ((1, [1.0]), (2, [1.0, 0.0]), (3, [1.0, 0.6, 0.0]), (9, [1.0, 0.8, 0.6, 0.3, 0.2, 0.0])):
        search = design(keep=keep)
        archive = tried(search, plans, tmp_path)
        assert rates(search, archive, _best(search, archive)) == expected, keep


@pytest.mark.parametrize("factor", [0.01, 1.0, 100.0])
def test_distances_are_in_shares_of_the_span_of_each_goal(sweeps, tmp_path, factor):
    """By use alone a rate of 0.5 is the farthest from 0 and 1, by the gap alone 0.75, by both in their spans 0.6."""
    search = design(keep=3)
    archive = tried(search, [plan(rate) for rate in (0.0, 0.5, 0.6, 0.75, 1.0)], tmp_path)
    for samples in archive.samples.values():
        samples[search.objectives[1]] = samples[search.objectives[1]] * factor
    assert rates(search, archive, _best(search, archive)) == [1.0, 0.6, 0.0]


def test_scenarios_that_come_to_the_same_are_all_kept_and_none_twice(sweeps, tmp_path):
    search = design(keep=4)
    best = _best(search, archive := tried(search, [plan(0.5, 0.3), plan(0.5, 0.6), plan(0.2, 0.9)], tmp_path))
    assert len(best) == len(set(best)) == 4
    assert rates(search, archive, best) == [0.5, 0.5, 0.2, 0.2]


def test_where_a_goal_does_not_vary_the_others_decide(sweeps, tmp_path):
    search = design(keep=4)
    archive = tried(search, [plan(0.9), plan(0.5)], tmp_path)
    for samples in archive.samples.values():
        samples[search.objectives[1]] = np.zeros(4)
    assert rates(search, archive, _best(search, archive)) == [0.9]


def test_only_what_keeps_the_constraints_is_the_best(sweeps, tmp_path):
    search = design(constraints=[{**USE, "at_most": 0.8}], keep=9)
    archive = tried(search, [plan(0.7), plan(0.9)], tmp_path)
    assert rates(search, archive, _best(search, archive)) == [0.7, 0.2]
    search = design(constraints=[{**USE, "at_least": "100%"}])
    with pytest.raises(StudyError, match="no scenario that was tried keeps all constraints: loosen them"):
        _best(search, tried(search, [], tmp_path))
    level = float(archive.samples[plan(0.7).digest()][search.objectives[0]].mean())
    search = design(constraints=[{**USE, "at_most": level}], keep=9)
    archive = tried(search, [plan(0.7)], tmp_path)
    assert rates(search, archive, _best(search, archive)) == [0.7, 0.2], "what is just kept is kept"


def samples(search, **values):
    """What scenarios come to, in each measure."""
    return {name: dict(zip(search.measured, map(np.array, rows), strict=True)) for name, rows in values.items()}


def test_what_fresh_runs_beat_is_dropped_and_the_start_may_beat_it():
    search = design()
    again = samples(search, own=([0.4], [0.3]), a=([0.5], [0.2]), b=([0.3], [0.1]), c=([0.4], [0.2]))
    assert _still_best(search, ["c", "b", "a"], again) == ["b", "a"], "a beats c, in the order in which they were"
    again = samples(search, own=([0.4], [0.1]), a=([0.5], [0.2]), b=([0.3], [0.1]))
    assert _still_best(search, ["a", "b"], again) == ["a"]
    again = samples(search, own=([0.9], [0.1]), a=([0.5], [0.2]))
    with pytest.raises(StudyError, match="on fresh runs begin beats all that looked better"):
        _still_best(search, ["a"], again)


def test_what_breaks_a_constraint_on_fresh_runs_is_dropped_and_beats_nobody():
    search = design(constraints=[{**USE, "at_most": 0.5}])
    again = samples(search, own=([0.2], [0.2]), a=([0.6], [0.1]), b=([0.5], [0.2]))
    assert _still_best(search, ["a", "b"], again) == ["b"]
    with pytest.raises(StudyError, match="keeps all constraints on fresh runs"):
        _still_best(search, ["a"], {name: again[name] for name in ("own", "a")})


# What is run and kept


def test_a_sweep_measures_what_is_asked_for_when_it_is_asked_for(sweeps, tmp_path):
    search = design(objectives=(USE, GAP, {"outcome": TOTAL_MONEY}), constraints=[{**USE, "at_least": 0.0}])
    found = tried(search, [plan(0.5)], tmp_path, generation=12).samples[plan(0.5).digest()]
    use, gap, money = (found[objective] for objective in search.measured)
    assert use.tolist() == approx([0.5, 0.515, 0.53, 0.545]), "in the order of the replications"
    assert gap.tolist() == [0.25] * 4
    assert money.tolist() == [plan(0.5).planned_money()] * 4
    (asked,) = sweeps.asked
    assert (asked["replications"], asked["seed"], asked["resume"]) == (4, 3, True)
    assert asked["folder"] == tmp_path / "generations" / "0012"
    assert (asked["outcomes"], asked["quarters"]) == (["use", "gap_p90_p10"], ["2021Q2", "2020Q3"])
    assert {one.name for one in asked["scenarios"]} == {f"plan-{p.digest()[:12]}" for p in (START, plan(0.5))}


def test_what_needs_no_runs_is_swept_for_something_all_the_same(sweeps, tmp_path):
    search = design(objectives=({"outcome": TOTAL_MONEY}, {"outcome": TOTAL_MONEY, "statistic": "unlucky"}))
    tried(search, [], tmp_path)
    assert (sweeps.asked[0]["outcomes"], sweeps.asked[0]["quarters"]) == (["use"], ["2020Q1"])


def test_what_is_known_is_not_run_again_and_a_generation_counts_in_full(sweeps, tmp_path):
    told = []
    search = design()
    archive = tried(search, [plan(0.5)], tmp_path, progress=lambda done, of: told.append((done, of)))
    archive.evaluate([plan(0.5)], 1)
    archive.evaluate([plan(0.5), plan(0.6)], 2)
    assert [len(one["scenarios"]) for one in sweeps.asked] == [2, 1]
    assert told == [(32, 116), (64, 116), (96, 116)], "8 scenarios of 4 runs a generation, 3 + 1 of 5 fresh ones"


def test_runs_without_a_number_are_told(sweeps, tmp_path):
    sweeps.failed = [1, 2]
    with pytest.raises(StudyError, match=r"2 runs in .*0000 yield what is no number"):
        tried(design(), [], tmp_path)


def test_goals_are_to_be_made_small(sweeps, tmp_path):
    search = design(constraints=[{**USE, "at_most": 0.4}])
    goals, broken = tried(search, [plan(0.5)], tmp_path).goals(plan(0.5).digest())
    assert goals == approx([-0.5225, 0.25])
    assert broken == approx([0.1225 / 0.4])


# The front


def fronted(sweeps, tmp_path, luck=lambda plan, seed: 0.0, **search):
    sweeps.luck = luck
    told = []
    search = design(**search)
    archive = tried(search, [plan(0.5), plan(0.9)], tmp_path, progress=lambda done, of: told.append((done, of)))
    return _front(search, archive, COUNTRY), sweeps.asked[-1], told


def test_the_front_is_measured_on_fresh_runs_and_paired_with_the_start(sweeps, tmp_path):
    front, asked, told = fronted(sweeps, tmp_path)
    assert (asked["seed"], asked["replications"]) == (4, 5)
    assert asked["folder"].parent == tmp_path / "fresh"
    assert len(asked["folder"].name) == 12
    assert [one.lever("matching_rate") for one in front.scenarios] == [0.9, 0.5, 0.2]
    assert [one.name for one in front.scenarios] == ["toy-01", "toy-02", "toy-03"]
    assert front.scenarios[0].question == "Found by toy: use 2021Q2, gap_p90_p10 2020Q3"
    row = front.table.set_index(["scenario", "outcome"]).loc[("toy-01", "use")]
    luck = 0.01 * np.arange(5)
    half = student.ppf(0.975, 4) * luck.std(ddof=1) / np.sqrt(5)
    assert (row["fresh"], row["start"], row["difference"]) == approx((0.9 + 0.038, 0.2 + 0.024, 0.714))
    assert (row["low"], row["high"]) == approx((0.938 - 1.9 * half, 0.938 + 1.9 * half))
    assert (row["difference_low"], row["difference_high"]) == approx((0.714 - 0.7 * half, 0.714 + 0.7 * half))
    assert row["seen_difference"] == approx(0.7 + 0.7 * 0.015), "on the four runs that chose"
    assert (row["objective"], row["quarter"], row["unit"]) == ("use 2021Q2", "2021Q2", "share of dossiers")
    assert told[-1] == (116, 116)
    assert front.dropped == ()
    assert front.basis.seed == 4
    assert front.basis.replications == 5
    assert [one.name for one in front.basis.scenarios] == ["begin", "toy-01", "toy-02", "toy-03"]
    assert repr(front) == "Front(toy: 3 of 3 scenarios)"


def test_what_looked_good_by_luck_is_dropped_by_name(sweeps, tmp_path):
    lucky = lambda plan, seed: -1.0 if seed == 4 and plan.lever("matching_rate") == 0.9 else 0.0  # noqa: E731
    front, *_ = fronted(sweeps, tmp_path, lucky)
    assert front.dropped == ("toy-01",)
    assert [one.name for one in front.scenarios] == ["toy-02", "toy-03"]
    assert set(front.table["scenario"]) == {"toy-02", "toy-03"}
    assert front.tried["scenario"].tolist() == ["begin", "toy-02", ""]


def test_every_scenario_that_was_tried_is_told_with_its_difference_from_the_start(sweeps, tmp_path):
    front, *_ = fronted(sweeps, tmp_path, constraints=[{**USE, "at_most": 0.6}])
    assert front.tried["scenario"].tolist() == ["begin", "toy-01", ""]
    assert front.tried["use 2021Q2"].tolist() == approx([0.0, 0.3045, 0.7105])
    assert front.tried["gap_p90_p10 2020Q3"].tolist() == approx([0.0, 0.21, 0.77])
    assert front.tried["kept"].tolist() == [True, True, False]
    front, *_ = fronted(sweeps, tmp_path, constraints=[{**GAP, "at_most": 0.25}])
    assert front.tried["kept"].tolist() == [True, True, False], "a gap of 0.25 is just kept"


def test_of_an_unlucky_run_no_interval_is_told(sweeps, tmp_path):
    front, *_ = fronted(sweeps, tmp_path, objectives=({**USE, "statistic": "unlucky"}, GAP))
    unlucky = front.table[front.table["outcome"] == "use"]
    assert unlucky[["low", "high", "difference_low", "difference_high"]].isna().all(axis=None)
    assert unlucky["fresh"].iloc[0] == approx(0.9 + 0.4 * 0.019), "the tenth of five: 0.4 of the way to the second"


# The search


def test_it_begins_with_the_start_and_goes_on_for_the_generations_asked_for(sweeps, tmp_path):
    pytest.importorskip("pymoo")
    archive = _Archive(search := design(generations=3), tmp_path, COUNTRY, None)
    _search(search, archive)
    assert [one["folder"].name for one in sweeps.asked] == ["0000", "0001", "0002"]
    assert {one["seed"] for one in sweeps.asked} == {3}
    first = [one.lever("matching_rate") for one in sweeps.asked[0]["scenarios"]]
    assert first[0] == 0.2
    assert START.digest() in archive.scenarios
    luck = np.random.default_rng(3).random((8, 2))
    assert first[-7:] == [float(f"{value:.3g}") for value in luck[1:, 0]]
    assert max(one.lever("matching_rate") for one in archive.scenarios.values()) >= max(first)


def test_a_start_that_is_no_point_of_the_space_is_run_too_and_first(sweeps, tmp_path):
    pytest.importorskip("pymoo")
    _search(search := design(least=0.3), _Archive(search, tmp_path, COUNTRY, None))
    first, later = sweeps.asked[0]["scenarios"], [one for asked in sweeps.asked[1:] for one in asked["scenarios"]]
    assert first[0].lever("matching_rate") == 0.2
    assert min(one.lever("matching_rate") for one in [*first[1:], *later]) >= 0.3


@pytest.mark.parametrize("constraints", [(), ({**USE, "at_most": 0.6},)])
def test_the_method_is_told_goals_and_by_how_much_constraints_are_broken(sweeps, tmp_path, monkeypatch, constraints):
    """A method that asks for two points, once."""
    told = {}

    class Method:
        evaluator = SimpleNamespace(eval=lambda known, asked: told.update(known=known))

        def setup(self, space, **how):
            told.update(space=space, how=how, left=1)

        def has_next(self):
            told["left"] -= 1
            return told["left"] >= 0

        def ask(self):
            return {"X": np.array([[0.5, 0.1], [0.9, 0.1]])}

        def tell(self, infills):
            told["tell"] = infills

    monkeypatch.setattr(
        module, "library", lambda _: SimpleNamespace(Problem=dict, StaticProblem=lambda _, **known: known)
    )
    monkeypatch.setattr(module, "_algorithm", lambda search: Method())
    search = design(constraints=constraints, seed=2**31 + 2**30 + 3)
    _search(search, _Archive(search, tmp_path, COUNTRY, None))
    assert told["space"] == {"n_var": 2, "n_obj": 2, "n_ieq_constr": len(constraints), "xl": 0.0, "xu": 1.0}
    assert told["how"] == {"termination": ("n_gen", 3), "seed": 2**30 + 3, "verbose": False}
    assert told["known"]["F"][:, 1].tolist() == approx([0.25, 0.81])
    assert set(told["known"]) == ({"F", "G"} if constraints else {"F"})
    if constraints:
        assert (told["known"]["G"] > 0.0).tolist() == [[False], [True]]


def test_the_luck_of_a_search_is_its_seed(sweeps, tmp_path):
    pytest.importorskip("pymoo")
    found = []
    for _ in range(2):
        archive = _Archive(search := design(constraints=[{**USE, "at_most": 0.6}]), tmp_path, COUNTRY, None)
        _search(search, archive)
        found.append(list(archive.scenarios))
    assert found[0] == found[1]


@pytest.mark.parametrize(("count", "method"), [(3, "NSGA2"), (4, "NSGA3")])
def test_more_than_three_goals_are_searched_by_directions(monkeypatch, count, method):
    asked = {}

    def library(name):
        made = lambda *given, **how: asked.setdefault(name.rpartition(".")[2], (given, how))  # noqa: E731
        return SimpleNamespace(NSGA2=made, NSGA3=made, get_reference_directions=made, TournamentSelection=made)

    monkeypatch.setattr(module, "library", library)
    goals = (USE, GAP, {"outcome": "net_benefit"}, {"outcome": "trust"})[:count]
    (_, how) = module._algorithm(design(objectives=goals))
    assert set(asked) == {method.lower(), *(["ref_dirs", "tournament"] if count > 3 else [])}
    luck = np.random.default_rng(3).random((8, 2))
    assert how["sampling"][1:].tolist() == luck[1:].tolist()
    assert how["sampling"][0].tolist() == approx([0.2, 0.1])
    if count > 3:
        assert asked["ref_dirs"] == (("energy", 4, 8), {"seed": 1})
        assert asked["tournament"] == ((), {"func_comp": module._less_broken})


def test_who_breaks_constraints_less_wins_and_luck_decides_between_equals():
    population = [SimpleNamespace(CV=np.array([broken])) for broken in (0.0, 2.0, 2.0, 0.0)]
    pairs = np.array([[0, 1], [1, 0], [2, 3]] + [[1, 2]] * 200 + [[0, 3]] * 200)
    won, again = (module._less_broken(population, pairs, np.random.default_rng(5))[:, 0] for _ in range(2))
    assert won[:3].tolist() == [0, 0, 3]
    assert won.tolist() == again.tolist()
    for both in (won[3:203] == 1, won[203:] == 0):
        assert 70 < both.sum() < 130


# The folder


def test_a_folder_holds_one_search(tmp_path):
    search, folder = design(), tmp_path / "made" / "here"
    _claim(folder, search, COUNTRY, False)
    record = json.loads((folder / "search.json").read_text(encoding="utf-8"))
    assert record["made_by"] == "dgsim optimise"
    assert record["design"]["seed"] == 3
    _claim(folder, search, COUNTRY, True)
    with pytest.raises(StudyError, match="continue it with resume=True"):
        _claim(folder, search, COUNTRY, False)
    with pytest.raises(StudyError, match="holds another search"):
        _claim(folder, design(fresh=6), COUNTRY, True)
    _claim(folder, design(generations=9), COUNTRY, True)
    (folder / "search.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be used"):
        _claim(folder, search, COUNTRY, True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / f"{module.PARTIAL}x").write_text("")
    _claim(tmp_path / "other", search, COUNTRY, True)
    with pytest.raises(StudyError, match="is not empty and holds no search"):
        _claim(tmp_path, search, COUNTRY, False)


def test_a_search_goes_on_only_where_it_is_asked_to(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_search", lambda *_: None)
    monkeypatch.setattr(module, "_front", lambda *_: "front")
    assert optimise(design(), tmp_path, country=COUNTRY) == "front"
    assert optimise(design(), tmp_path, country=COUNTRY, resume=True) == "front"
    with pytest.raises(StudyError, match="resume=True"):
        optimise(design(), tmp_path, country=COUNTRY)


def test_a_search_that_is_left_says_how_to_go_on(sweeps, monkeypatch, tmp_path):
    def left(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_search", left)
    with pytest.raises(SweepInterrupted, match="the same call with resume=True goes on"):
        optimise(design(), tmp_path / "new", country=COUNTRY)
