"""Runs with channels fixed: with all of them from one run, the world is that run; each reaches the provinces."""

from __future__ import annotations

import numpy as np
import pytest

import dgsim
from dgsim.country import load_country
from dgsim.decide.evaluator import make_evaluator
from dgsim.decide.mediation import MIXTURES, PLAYERS, _mixtures
from dgsim.engine.counterfactual import run_with_channels
from dgsim.engine.run import run_replications
from dgsim.engine.sets import ParameterSets
from dgsim.engine.setup import fresh_world
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.world.channels import CHANNELS, FIXED, empty_paths
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import PANEL

QUARTERS = 24
PAIR = ("services-first", "retention-only")
FEW = {"replications": 2, "parameters": "central"}


@pytest.fixture(scope="module")
def bench():
    return make_evaluator(load_scenario("staged").with_changes(quarters=QUARTERS), replications=2)


def setups(bench, names):
    return [
        ParameterSets(load_scenario(name).with_changes(quarters=QUARTERS), bench.country, bench.parameters)
        for name in names
    ]


def fixed(bench, sets, source, recorded, policy, paths):
    row, panel = np.zeros(N_OUTCOMES), np.zeros(len(bench.country), PANEL).view(np.recarray)
    state = fresh_world(sets[policy].of(0), bench.seed, 0)
    paths = paths._replace(recorded=recorded, source=np.array(source, np.int64))
    run_with_channels(state, paths, row, panel)
    return panel.view(np.ndarray).view(PANEL).copy(), row


@pytest.mark.parametrize("own", [0, 1])
def test_fixed_to_its_own_record_a_world_is_the_run_of_the_engine_to_the_bit(bench, own):
    """Whatever is added to the quarter later and not fixed would show here."""
    sets = setups(bench, PAIR)
    paths = empty_paths(2, QUARTERS, len(bench.country))
    known = run_replications(
        sets[own].scenario, load_country(), seed=0, replications=[0], keep={"provinces"}, parameters=bench.parameters
    )
    written, row = fixed(bench, sets, [0] * len(CHANNELS), own, own, paths)
    played, again = fixed(bench, sets, [own] * len(CHANNELS), FIXED, own, paths)
    last = np.ascontiguousarray(known.provinces[0, -1])
    assert written.tobytes() == last.tobytes()
    assert played.tobytes() == last.tobytes()
    assert row.tobytes() == again.tobytes() == known.outcomes[0, -1].tobytes()


def test_every_channel_moves_some_province():
    """To the end: it takes years until what a province sees of its peers makes it start something else."""
    bench = make_evaluator(load_scenario("staged"), replications=2)
    setups = [ParameterSets(load_scenario(name), bench.country, bench.parameters) for name in ("staged", PAIR[0])]
    values = _mixtures(bench, setups, 0, ["use"])
    assert len(values) == MIXTURES
    moved = {name: not np.array_equal(values[1 << at], values[0]) for at, name in enumerate(PLAYERS)}
    assert all(moved.values()), moved


def test_a_country_that_learns_nothing_from_peers_gains_nothing_through_them():
    """Without peers in either scenario nobody sees anything in either; with the fewest posts less is done."""
    alone = load_scenario("no-peers")
    found = dgsim.explain(
        alone.with_changes(name="fewer", headcount=0.0), alone, provinces=True, quarters=12, replications=2
    )
    channels = found.channels.set_index("channel")["contribution"]
    assert channels["peers"] == 0.0
    assert channels["foundations"] == pytest.approx(0.0, abs=1e-12)
    assert channels["staff"] < 0.0


def test_the_channels_of_every_province_add_up_to_its_difference():
    found = dgsim.explain("staged", "services-first", provinces=True, quarters=12, replications=2)
    table = found.provinces.pivot_table(index="province_code", columns="channel", values="contribution", observed=True)
    assert table.drop(columns="total").sum(axis=1).to_numpy() == pytest.approx(table["total"].to_numpy(), abs=1e-12)
    runs = [
        dgsim.simulate(name, 2, quarters=12, provinces=True, parameters="plausible").provinces.query(
            "quarter == '2022Q4'"
        )
        for name in ("staged", "services-first")
    ]
    after, before = (run.groupby("province_code", observed=True)["use"].mean() for run in runs)
    assert table["total"].to_numpy() == pytest.approx((after - before)[table.index].to_numpy(), abs=1e-12)


def test_the_channels_of_the_country_add_up_to_what_is_explained():
    """Attribution by levers and by channels share out one difference, on the same luck."""
    found = dgsim.explain("staged", "services-first", outcome=["use", "trust"], provinces=True, quarters=12, **FEW)
    for outcome in ("use", "trust"):
        one = found.only(outcome)
        channels = one.channels.set_index("channel")["contribution"]
        assert channels.drop("total").sum() == pytest.approx(channels["total"], abs=1e-12)
        assert channels["total"] == pytest.approx(one.contributions["contribution"].iloc[-1], abs=1e-12)


def test_what_is_not_known_by_province_is_refused():
    with pytest.raises(StudyError, match="net_benefit is not known by province; of the outcomes, supply, use"):
        dgsim.explain("staged", "services-first", outcome="net_benefit", provinces=True, **FEW)
