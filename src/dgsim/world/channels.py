"""The channels by which causes reach a province, recorded in one run and fixed in another.

What reaches a province is cut into channels: money, staff, foundations, redesign, peers, trust; the rest is the rules
in force (deadlines, rewards, fees) and what the province makes of it all. A quarter asks this module, between its acts,
to write the values of every channel down or to put those of a recorded run in their place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dgsim.world.compiled import rule
from dgsim.world.records import Floats, Ints, Nation, Province
from dgsim.world.state import N_FOUNDATIONS, N_SERVICES, NATIONAL_SERVICES, PROCESS_REFORM, STANDARDS, State

CHANNELS = ("money", "staff", "foundations", "redesign", "peers", "trust")
VIA_MONEY, VIA_STAFF, VIA_FOUNDATIONS, VIA_REDESIGN, VIA_PEERS, VIA_TRUST = range(len(CHANNELS))
# Columns of a province's path: money, staff, trust in promises, reform, trust, then what it sees of each service.
CASH, OWN, YEARLY, GRANTS, MATCHED, SPECIALISTS, TRAINED, POSTS, POOLED, CREDENCE, REFORM, CONFIDENCE, SEEN = range(13)
PROVINCE_COLUMNS = SEEN + 2 * N_SERVICES
# Columns of the centre's path: readiness, due dates and closeness of each foundation, then single figures.
DUE, CLOSE = N_FOUNDATIONS, 2 * N_FOUNDATIONS
PLATFORM, OVERDUE, ARRIVED, SHARED_DATA, ACCOUNTS, PROCESS, STANDARD, MINISTRIES, NATION_COLUMNS = range(
    3 * N_FOUNDATIONS, 3 * N_FOUNDATIONS + 9
)
PURSE = ("cash_mvnd", "undrawn", "year_entitled")  # what a province has before money arrives
FIXED = -1  # in place of the run that is recorded: none is, its channels are fixed


class Paths(NamedTuple):
    """What was recorded of runs, and what of it a run is to record or to take.

    recorded    the run to write down, or FIXED
    source      int64 [channel]: the run each channel takes its values from, if fixed
    provinces   float64 [run, quarter, province, column]
    nation      float64 [run, quarter, column]
    purses      float64 [province, 3]: money of every province before more arrives, of this quarter alone
    """

    recorded: int
    source: Ints
    provinces: Floats
    nation: Floats
    purses: Floats


def empty_paths(runs: int, quarters: int, provinces: int) -> Paths:
    """Paths of so many runs of which nothing is recorded yet."""
    return Paths(
        recorded=0,
        source=np.zeros(len(CHANNELS), np.int64),
        provinces=np.zeros((runs, quarters, provinces, PROVINCE_COLUMNS)),
        nation=np.zeros((runs, quarters, NATION_COLUMNS)),
        purses=np.zeros((provinces, len(PURSE))),
    )


@rule
def let_plan_through(state: State, paths: Paths) -> None:
    """After the centre has spent: foundations and promises of them; the reform programme and standards."""
    nation = state.world.nation
    if paths.recorded != FIXED:
        record_plan(nation, paths.nation[paths.recorded, nation.quarter])
    else:
        fix_foundations(nation, paths.nation[paths.source[VIA_FOUNDATIONS], nation.quarter])
        fix_programmes(nation, paths.nation[paths.source[VIA_REDESIGN], nation.quarter])


@rule
def record_purses(state: State, paths: Paths) -> None:
    """Before money arrives: what every province has."""
    for i in range(len(state.provinces)):
        p, purse = state.provinces[i], paths.purses[i]
        purse[0], purse[1], purse[2] = p.cash_mvnd, p.undrawn, p.year_entitled


@rule
def let_money_through(state: State, paths: Paths) -> None:
    """After money has arrived: how much came in."""
    quarter = state.world.nation.quarter
    for i in range(len(state.provinces)):
        if paths.recorded != FIXED:
            record_money(state.provinces[i], paths.purses[i], paths.provinces[paths.recorded, quarter, i])
        else:
            fix_money(state.provinces[i], paths.purses[i], paths.provinces[paths.source[VIA_MONEY], quarter, i])


@rule
def let_peers_through(state: State, paths: Paths) -> None:
    """After staff have moved and peers were seen: the staff there is, and what peers showed."""
    quarter = state.world.nation.quarter
    for i in range(len(state.provinces)):
        if paths.recorded != FIXED:
            record_staff_and_peers(state.provinces[i], paths.provinces[paths.recorded, quarter, i])
        else:
            fix_staff(state.provinces[i], paths.provinces[paths.source[VIA_STAFF], quarter, i])
            fix_peers(state.provinces[i], paths.provinces[paths.source[VIA_PEERS], quarter, i])


@rule
def let_promises_through(state: State, paths: Paths) -> None:
    """After learning: how far announced foundations are trusted to arrive."""
    quarter = state.world.nation.quarter
    for i in range(len(state.provinces)):
        p = state.provinces[i]
        if paths.recorded != FIXED:
            paths.provinces[paths.recorded, quarter, i, CREDENCE] = p.credence
        else:
            p.credence = paths.provinces[paths.source[VIA_FOUNDATIONS], quarter, i, CREDENCE]


@rule
def let_reform_through(state: State, paths: Paths) -> None:
    """After citizens were served: the capability to redesign, and citizens' trust."""
    quarter = state.world.nation.quarter
    for i in range(len(state.provinces)):
        p = state.provinces[i]
        if paths.recorded != FIXED:
            line = paths.provinces[paths.recorded, quarter, i]
            line[REFORM], line[CONFIDENCE] = p.reform, p.trust
        else:
            p.reform = paths.provinces[paths.source[VIA_REDESIGN], quarter, i, REFORM]
            p.trust = paths.provinces[paths.source[VIA_TRUST], quarter, i, CONFIDENCE]


@rule
def let_shared_data_through(state: State, paths: Paths) -> None:
    """After data were shared: what data exchange is worth to all."""
    nation = state.world.nation
    if paths.recorded != FIXED:
        paths.nation[paths.recorded, nation.quarter, SHARED_DATA] = nation.shared_data
    else:
        nation.shared_data = paths.nation[paths.source[VIA_FOUNDATIONS], nation.quarter, SHARED_DATA]


@rule
def record_plan(nation: Nation, line: Floats) -> None:
    """Write down how far foundations and programmes stand, and what is promised of foundations."""
    for f in range(N_FOUNDATIONS):
        line[f], line[DUE + f], line[CLOSE + f] = nation.readiness[f], nation.due[f], nation.closeness[f]
    line[PLATFORM], line[OVERDUE], line[ARRIVED] = nation.platform_stands, nation.overdue, nation.arrived
    line[ACCOUNTS] = nation.accounts
    line[PROCESS], line[STANDARD] = nation.readiness[PROCESS_REFORM], nation.readiness[STANDARDS]
    line[MINISTRIES] = nation.readiness[NATIONAL_SERVICES]


@rule
def fix_foundations(nation: Nation, line: Floats) -> None:
    """Foundations stand, and are promised, as they were."""
    for f in range(N_FOUNDATIONS):
        nation.readiness[f], nation.due[f], nation.closeness[f] = line[f], int(line[DUE + f]), line[CLOSE + f]
    nation.platform_stands = int(line[PLATFORM])
    nation.overdue, nation.arrived = line[OVERDUE], line[ARRIVED]
    nation.accounts = line[ACCOUNTS]


@rule
def fix_programmes(nation: Nation, line: Floats) -> None:
    """The reform programme, the standards and the ministries' services stand as they did."""
    nation.readiness[PROCESS_REFORM], nation.readiness[STANDARDS] = line[PROCESS], line[STANDARD]
    nation.readiness[NATIONAL_SERVICES] = line[MINISTRIES]


@rule
def record_money(p: Province, purse: Floats, line: Floats) -> None:
    """Write down what came in."""
    line[CASH], line[OWN], line[YEARLY] = p.cash_mvnd - int(purse[0]), p.own_money, p.yearly_money
    line[GRANTS], line[MATCHED] = p.grants, p.matched


@rule
def fix_money(p: Province, purse: Floats, line: Floats) -> None:
    """As much comes in as did then, on top of what the province has now."""
    p.cash_mvnd = int(purse[0]) + int(line[CASH])
    p.own_money, p.yearly_money, p.grants, p.matched = line[OWN], line[YEARLY], line[GRANTS], line[MATCHED]
    p.undrawn = purse[1] + (line[OWN] - (line[CASH] - line[GRANTS] - line[MATCHED]))
    p.year_entitled = purse[2] + (line[OWN] + line[GRANTS] + line[MATCHED])


@rule
def record_staff_and_peers(p: Province, line: Floats) -> None:
    """Write down its staff, and what it sees among its peers."""
    line[SPECIALISTS], line[TRAINED], line[POSTS], line[POOLED] = p.specialists, p.trained, p.posts, p.pooled
    for s in range(N_SERVICES):
        line[SEEN + s], line[SEEN + N_SERVICES + s] = p.seen[s], p.seen_weight[s]


@rule
def fix_staff(p: Province, line: Floats) -> None:
    """It has the staff it had then."""
    p.specialists, p.trained, p.posts, p.pooled = line[SPECIALISTS], line[TRAINED], line[POSTS], line[POOLED]


@rule
def fix_peers(p: Province, line: Floats) -> None:
    """It sees of its peers what it saw then."""
    for s in range(N_SERVICES):
        p.seen[s], p.seen_weight[s] = line[SEEN + s], line[SEEN + N_SERVICES + s]
