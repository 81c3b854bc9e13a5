"""Through what a province gains, by hand, where what every mixture of two runs comes to is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import COUNTRY, approx
from dgsim.decide import mediation as module
from dgsim.decide.evaluator import make_evaluator
from dgsim.decide.mediation import MIXTURES, PLAYERS, gains_by_channel
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.world.channels import CHANNELS, FIXED
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import PANEL
from dgsim.world.tables import OUTCOME_NAMES

FIRST = load_scenario("staged").with_changes(quarters=6)
SECOND = FIRST.with_changes(name="second", headcount=80.0)
WORTH = {"money": 1.0, "staff": 2.0, "foundations": 0.0, "redesign": -3.0, "peers": 0.5, "trust": 0.0, "rules": 8.0}
HALF = student.ppf(0.975, 2) / np.sqrt(3.0)  # half the interval of three numbers that differ by one


def worth(from_second):
    """What the causes that are taken from the second run add; money adds 4 more under its rules."""
    return sum(WORTH[name] for name in from_second) + 4.0 * ({"money", "rules"} <= from_second)


class Asked(list):
    """The runs that were made, in order, and the setups that were asked for."""


@pytest.fixture
def runs(monkeypatch):
    """No runs: a world is known by its scenario and replication, and its use by what it takes from the second run."""
    asked, made = Asked(), []

    def run_counterfactual(policy, seed, replication, paths):
        row, panel = np.zeros(N_OUTCOMES), np.zeros(len(COUNTRY), PANEL)
        if paths.recorded == FIXED:
            taken = {name for name, source in zip(CHANNELS, paths.source, strict=True) if source == 1}
            taken |= {"rules"} if policy == 1 else set()
        else:
            assert paths.recorded == policy
            taken = set(PLAYERS) if policy == 1 else set()
        asked.append((replication, paths.recorded, frozenset(taken), paths.provinces.shape[:3]))
        gain = worth(taken) + (replication - 1.0) * ("staff" in taken)
        panel["use"] = 100.0 + gain + np.arange(len(panel)) * ("rules" in taken)
        panel["trust"] = -gain
        row[OUTCOME_NAMES.index("use")], row[OUTCOME_NAMES.index("trust")] = 7.0 + 10.0 * gain, gain
        return row, panel

    class Sets:
        def __init__(self, plan, country, parameters):
            assert plan.quarters == 4
            self.policy = int(plan.name == "second")

        def of(self, replication):
            made.append((self.policy, replication, len(asked)))
            return self.policy

    monkeypatch.setattr(module, "ParameterSets", Sets)
    monkeypatch.setattr(module, "run_counterfactual", run_counterfactual)
    asked.made = made
    return asked


def found(outcomes=("use",), progress=None):
    evaluator = make_evaluator(
        FIRST, quarter="2020Q4", replications=3, country=COUNTRY, parameters="central", progress=progress
    )
    return gains_by_channel(evaluator, FIRST, SECOND, outcomes)


def test_every_mixture_of_every_replication_is_run_once(runs):
    found()
    assert MIXTURES == 2 ** len(PLAYERS) == 128
    assert len(runs) == 3 * 128
    assert {shape for *_, shape in runs} == {(2, 4, 63)}, "two runs, up to the quarter that is measured"
    for replication in range(3):
        mine = [run[1:3] for run in runs if run[0] == replication]
        assert sorted(recorded for recorded, _ in mine if recorded != FIXED) == [0, 1]
        assert mine[0] == (0, frozenset())
        assert mine[1] == (1, frozenset(PLAYERS)), "both are recorded before any is mixed"
        assert len(set(mine)) == 128


def test_setups_are_made_before_threads_ask_for_them(runs):
    found()
    assert runs.made[:6] == [(policy, replication, 0) for replication in range(3) for policy in (0, 1)]


def test_what_two_do_together_is_shared_out_equally_and_the_parts_sum_to_the_gain(runs):
    provinces, _ = found()
    one = provinces[provinces["province_code"] == COUNTRY.codes[5]].set_index("channel")
    expected = {**WORTH, "money": 3.0, "rules": 10.0 + 5.0, "total": 12.5 + 5.0}
    assert one["contribution"].to_dict() == approx(expected)
    assert one.index.tolist() == [*PLAYERS, "total"]
    assert set(one["province"]) == {COUNTRY.names[5]}
    assert one.loc["staff", ["low", "high"]].tolist() == approx([2.0 - HALF, 2.0 + HALF])
    assert one.loc["money", ["low", "high"]].tolist() == approx([3.0, 3.0])
    assert len(provinces) == 63 * 8


def test_the_country_gains_what_its_own_outcome_does(runs):
    _, country = found()
    table = country.set_index("channel")
    assert table["contribution"].to_dict() == approx(
        {name: 10.0 * gain for name, gain in {**WORTH, "money": 3.0, "rules": 10.0, "total": 12.5}.items()}
    )
    assert table.loc["staff", ["low", "high"]].tolist() == approx([20.0 - 10.0 * HALF, 20.0 + 10.0 * HALF])
    assert table.loc["total", ["low", "high"]].tolist() == approx([125.0 - 10.0 * HALF, 125.0 + 10.0 * HALF])


def test_several_outcomes_are_told_apart(runs):
    provinces, country = found(("use", "trust"))
    assert len(runs) == 3 * 128
    assert provinces["outcome"].value_counts().to_dict() == {"use": 504, "trust": 504}
    trust = provinces[(provinces["outcome"] == "trust") & (provinces["province_code"] == COUNTRY.codes[62])]
    assert trust.set_index("channel")["contribution"].to_dict() == approx(
        {name: -gain for name, gain in {**WORTH, "money": 3.0, "rules": 10.0, "total": 12.5}.items()}
    )
    assert (provinces.index.is_unique, country.index.is_unique) == (True, True)
    assert country[country["outcome"] == "trust"].set_index("channel")["contribution"]["total"] == approx(12.5)


def test_progress_counts_all_mixtures_of_a_replication(runs):
    told = []
    found(progress=lambda done, of: told.append(done))
    assert told == [128, 256, 384]


def test_only_stocks_of_provinces_can_be_shared_out(runs):
    with pytest.raises(StudyError, match="not known by province"):
        found(("net_benefit",))


def test_a_machine_that_does_not_tell_its_cores_has_one(runs, monkeypatch):
    pools = []
    make = module.ThreadPoolExecutor
    monkeypatch.setattr(module, "ThreadPoolExecutor", lambda workers: pools.append(workers) or make(workers))
    monkeypatch.setattr(module, "os", SimpleNamespace(cpu_count=lambda: None))
    found()
    assert pools == [1]
