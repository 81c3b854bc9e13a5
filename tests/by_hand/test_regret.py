"""Regret, by hand, on values that a test makes up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from scipy.stats import t as student

from country_by_hand import approx
from dgsim.decide import regret as module
from dgsim.decide.evaluator import Evaluator
from dgsim.decide.regret import drawn, regret
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario

WORLDS = [{"leakage": 0.05 + 0.001 * world} for world in range(20)]


def plan(name):
    return load_scenario("staged").with_changes(name=name)


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    """Scenario `a` is worth its world's number, `b` always 12, and replication r adds r // 20."""

    def values(self, scenarios, replications=None):
        return np.array([[(12.0 if s.name == "b" else r % 20) + r // 20 for r in self.replications] for s in scenarios])

    monkeypatch.setattr(Evaluator, "all_values", values)


def found(**given):
    return regret([plan("a"), plan("b")], parameters=WORLDS, outcome="hours_saved", quarters=4, **given)


def test_replications_of_a_world_are_averaged():
    made = found(replications=3)
    assert made.replications == 3
    assert made.worlds["a"].tolist() == [world + 1.0 for world in range(20)]
    assert made.worlds["b"].tolist() == [13.0] * 20
    assert made.worlds["leakage"].tolist() == [world["leakage"] for world in WORLDS]
    assert len(made.basis.scenarios) == 2
    assert found().replications == 4
    assert found().basis.seed == 0
    assert found(replications=1).worlds["a"].tolist() == list(range(20))


def test_the_table_by_hand():
    made = found(replications=1, threshold=12.0)
    table = made.regrets.set_index("scenario")
    behind_a = np.maximum(0, 12.0 - np.arange(20))
    behind_b = np.maximum(0, np.arange(20) - 12.0)
    assert made.leader == "b"
    assert made.regrets["scenario"].to_dict() == {0: "b", 1: "a"}
    for name, behind in (("a", behind_a), ("b", behind_b)):
        row = table.loc[name]
        half = student.ppf(0.975, 19) * behind.std(ddof=1) / np.sqrt(20)
        assert row["regret"] == approx(behind.mean())
        assert (row["low"], row["high"]) == approx((behind.mean() - half, behind.mean() + half))
        assert row["regret_p90"] == approx(np.quantile(behind, 0.9))
        assert row["worst"] == behind.max()
    assert table.loc["a", "best"] == approx(8 / 20), "where they are equal the first named is best"
    assert table.loc["a", "satisfied"] == approx(8 / 20), "what just reaches the threshold satisfies"
    ends = binomtest(8, 20).proportion_ci(method="wilson")
    assert (table.loc["a", "best_low"], table.loc["a", "best_high"]) == approx((ends.low, ends.high))
    assert table["mean"].tolist() == approx([12.0, 9.5])
    assert made.behind().tolist() == [behind_b.tolist(), behind_a.tolist()]
    assert (made.outcome, made.unit, made.quarter) == ("hours_saved", "million hours a quarter", "2020Q4")
    assert made.threshold == 12.0
    assert repr(made) == "Regret(2 scenarios, 20 worlds, hours_saved in 2020Q4)"


def test_without_a_threshold_nothing_satisfies_or_not():
    assert found(replications=1).regrets[["satisfied", "satisfied_low", "satisfied_high"]].isna().all(axis=None)


def test_the_least_interval_is_no_regret(monkeypatch):
    monkeypatch.setattr(
        Evaluator, "all_values", lambda self, plans, _=None: np.array([[0.0] * 19 + [1.0], [0.0] * 19 + [0.5]])
    )
    table = found(replications=1).regrets.set_index("scenario")
    assert table.loc["b", "regret"] == approx(0.025)
    assert table.loc["b", "low"] == 0.0


def test_where_less_is_better_the_least_leads():
    made = regret([plan("a"), plan("b")], parameters=WORLDS, outcome="incidents", quarters=4, threshold=12.0)
    assert made.leader == "a"
    row = made.regrets.set_index("scenario").loc["a"]
    assert row["regret"] == approx(np.maximum(0, np.arange(20) - 12.0).mean())
    assert row["satisfied"] == approx(11 / 20)


def test_worlds_are_drawn_evenly_between_the_ends_of_what_varies():
    base = load_parameters(
        [{"hours_factor": 0.6, "inertia": 2.0, "thrift": 5.0}, {"hours_factor": 1.0, "inertia": 4.0, "thrift": 5.0}]
    )
    sets = drawn(base, 20, seed=1)
    assert len(sets) == 20
    assert sets.names == ("hours_factor", "inertia"), "what does not vary is not drawn"
    for name, low, high in (("hours_factor", 0.6, 1.0), ("inertia", 2.0, 4.0)):
        values = [one[name] for one in sets]
        assert np.histogram(values, np.linspace(low, high, 21))[0].tolist() == [1] * 20
    assert sets.name == "20 worlds drawn within given in Python"
    assert drawn(base, 20, seed=2).sets != sets.sets
    with pytest.raises(StudyError, match="does not vary"):
        drawn(load_parameters([{"hours_factor": 0.6}, {"hours_factor": 0.6}]), 20, seed=1)


def test_drawn_worlds_are_run():
    base = [{"leakage": 0.05}, {"leakage": 0.15}]
    made = regret([plan("a"), plan("b")], parameters=base, worlds=20, outcome="use", quarters=4, replications=1)
    assert len(made.worlds) == 20
    assert made.worlds["leakage"].between(0.05, 0.15).all()


@pytest.mark.parametrize(
    ("scenarios", "given", "said"),
    [
        (["staged"], {}, "two scenarios or more"),
        ([], {}, "given none"),
        (["staged", "staged"], {}, "called staged"),
        (["staged", "history"], {"worlds": 19}, "worlds"),
        (["staged", "history"], {"parameters": WORLDS[:19]}, "20 worlds or more"),
        (["staged", "history"], {"replications": 0}, "replications = 0 is below 1"),
    ],
)
def test_what_cannot_be_done_is_told(scenarios, given, said):
    with pytest.raises(StudyError, match=said):
        regret(scenarios, quarters=4, **given)


def test_a_folder_stands_for_its_scenarios(tmp_path):
    with pytest.raises(StudyError, match="holds no scenario files"):
        regret(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}"\nextends = "staged"\n', encoding="utf-8")
    made = regret(tmp_path, parameters=WORLDS, outcome="use", quarters=4, replications=1)
    assert made.regrets["scenario"].tolist() == ["b", "a"]


def test_where_nobody_overtakes_the_leader_it_is_said(monkeypatch):
    assert found(replications=1).sentences[0].startswith("a ends ahead of b in")
    monkeypatch.setattr(Evaluator, "all_values", lambda self, plans, _=None: np.array([[1.0] * 20, [0.0] * 20]))
    assert found(replications=1).sentences == ("In no world does another scenario end ahead of a.",)


def test_horizons_must_be_the_same():
    with pytest.raises(StudyError, match="a has 44 quarters and b has 2: run them over quarters = 2"):
        regret([plan("a"), plan("b").with_changes(quarters=2)])
    assert (module.FEWEST_WORLDS, module.HIGH_QUANTILE) == (20, 0.9)
