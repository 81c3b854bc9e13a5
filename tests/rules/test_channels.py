"""Each channel is recorded as it was and fixed from the run it is told to, and no other is touched."""

from __future__ import annotations

import numpy as np
import pytest

from dgsim.world import channels
from dgsim.world.channels import CHANNELS, FIXED, empty_paths
from dgsim.world.state import N_FOUNDATIONS, N_SERVICES, NATIONAL_SERVICES, PROCESS_REFORM, STANDARDS
from world_of_zeros import world_of_zeros

OF_NATION = {
    "foundations": ("platform_stands", "overdue", "arrived", "shared_data", "accounts"),
    "redesign": (),
}
OF_PROVINCE = {
    "money": ("own_money", "yearly_money", "grants", "matched"),
    "staff": ("specialists", "trained", "posts", "pooled"),
    "foundations": ("credence",),
    "redesign": ("reform",),
    "peers": (),
    "trust": ("trust",),
}
QUARTER, RUNS = 2, 2


def letting(state, paths) -> None:
    """All channels, in the order of a quarter."""
    channels.let_plan_through(state, paths)
    channels.let_money_through(state, paths)
    channels.let_peers_through(state, paths)
    channels.let_promises_through(state, paths)
    channels.let_reform_through(state, paths)
    channels.let_shared_data_through(state, paths)


def numbered(run: int):
    """Two provinces whose every number is another in each run; 1,000 and 2,000 million came in on top of a purse."""
    state = world_of_zeros(provinces=2, quarter=QUARTER)
    nation = state.world.nation
    for i, p in enumerate(state.provinces):
        names = [name for names in OF_PROVINCE.values() for name in names]
        for number, name in enumerate(names):
            setattr(p, name, 100.0 * (run + 1) + 10.0 * i + number)
        p.seen[:] = run + 1 + np.arange(N_SERVICES) / 16 + i / 4
        p.seen_weight[:] = run + 5 + np.arange(N_SERVICES) / 16 + i / 4
        p.cash_mvnd = 700 + 1_000 * (run + 1)
    nation.platform_stands, nation.overdue, nation.arrived, nation.shared_data = run, run + 2.0, run + 3.0, run + 0.5
    nation.accounts = run + 0.25
    nation.readiness[:] = run + np.arange(len(nation.readiness)) / 16
    nation.due[:] = 10 * run + np.arange(len(nation.due))
    nation.closeness[:] = run + 7 + np.arange(N_FOUNDATIONS) / 16
    return state


def recorded():
    """Paths of two runs with different numbers."""
    paths = empty_paths(RUNS, QUARTER + 1, 2)
    assert paths.provinces.shape == (RUNS, QUARTER + 1, 2, channels.PROVINCE_COLUMNS)
    assert paths.nation.shape == (RUNS, QUARTER + 1, channels.NATION_COLUMNS)
    for run in range(RUNS):
        paths = paths._replace(recorded=run)
        state = numbered(run)
        purses = state.provinces.cash_mvnd.copy()
        state.provinces.cash_mvnd = 700
        channels.record_purses(state, paths)
        state.provinces.cash_mvnd = purses
        letting(state, paths)
    assert paths.provinces[:, :QUARTER].sum() == paths.nation[:, :QUARTER].sum() == 0.0, (
        "other quarters are not touched"
    )
    return paths


def test_paths_of_which_nothing_is_recorded_yet():
    paths = empty_paths(2, 3, 4)
    assert paths.recorded == 0
    assert paths.source.tolist() == [0] * len(CHANNELS)
    assert paths.purses.shape == (4, 3)
    assert channels.PROVINCE_COLUMNS == 12 + 2 * N_SERVICES, "what each service brings, and its weight"
    assert channels.NATION_COLUMNS == 3 * N_FOUNDATIONS + 8, "readiness, due dates and closeness"
    assert FIXED == -1


@pytest.mark.parametrize("channel", range(len(CHANNELS)))
def test_a_channel_takes_its_values_from_its_own_run(channel):
    source = np.zeros(len(CHANNELS), np.int64)
    source[channel] = 1
    paths = recorded()._replace(recorded=FIXED, source=source)
    state, run = world_of_zeros(provinces=2, quarter=QUARTER), dict(zip(CHANNELS, source.tolist(), strict=True))
    state.provinces.cash_mvnd, state.provinces.undrawn, state.provinces.year_entitled = 5, 40.0, 3_000.0
    channels.record_purses(state, paths)
    state.provinces.cash_mvnd = 99_999
    letting(state, paths)
    told = [numbered(0), numbered(1)]
    for i, p in enumerate(state.provinces):
        for name, fields in OF_PROVINCE.items():
            for field in fields:
                assert p[field] == told[run[name]].provinces[i][field], f"{field} of {name}"
        then = told[run["peers"]].provinces[i]
        assert p.seen.tolist() == then.seen.tolist()
        assert p.seen_weight.tolist() == then.seen_weight.tolist()
        came_in = 1_000 * (run["money"] + 1)
        assert p.cash_mvnd == 5 + came_in, "as much comes in, on top of what is there"
        assert p.undrawn == 40 + p.own_money - (came_in - p.grants - p.matched)
        assert p.year_entitled == 3_000 + p.own_money + p.grants + p.matched
    nation, then = state.world.nation, told[run["foundations"]].world.nation
    for field in OF_NATION["foundations"]:
        assert nation[field] == then[field], field
    for field in ("readiness", "due", "closeness"):
        assert nation[field][:N_FOUNDATIONS].tolist() == then[field][:N_FOUNDATIONS].tolist(), field
    programmes = told[run["redesign"]].world.nation.readiness
    for item in (PROCESS_REFORM, STANDARDS, NATIONAL_SERVICES):
        assert nation.readiness[item] == programmes[item]
