"""A run in which some causes are held to what they were in another run of the same luck.

What reaches a province is cut into channels: money, staff, foundations, redesign, peers, trust; the rest is the rules
in force (deadlines, rewards, fees) and what the province makes of it all. Two runs are written down; then a world is
run in which each channel takes its values from the one or the other. With all channels and the rules from one run, the
world is that run, to the bit. The acts and their order are those of :mod:`dgsim.world.quarter`.
"""

from __future__ import annotations

import numpy as np

from dgsim.world.centre import close_centre, spend
from dgsim.world.choice import choose
from dgsim.world.citizens import serve_citizens, share_data
from dgsim.world.compiled import rule
from dgsim.world.money import close_books, pay_running_costs, receive_money
from dgsim.world.outcomes import look, measure
from dgsim.world.peers import learn, look_around
from dgsim.world.projects import deliver
from dgsim.world.reporting import publish, report
from dgsim.world.staff import gain_staff, gather_movers, lose_staff
from dgsim.world.state import N_FOUNDATIONS, N_SERVICES, PROCESS_REFORM, STANDARDS

CHANNELS = ("money", "staff", "foundations", "redesign", "peers", "trust")
MONEY, STAFF, FOUNDATIONS, REDESIGN, PEERS, TRUST = range(len(CHANNELS))
# Places in a province's line: money, staff, trust in promises, reform, trust, then what it sees of each service.
CASH, OWN, YEARLY, GRANTS, MATCHED, SPECIALISTS, TRAINED, POSTS, POOLED, CREDENCE, REFORM, CONFIDENCE, SEEN = range(13)
PROVINCE_PLACES = SEEN + 2 * N_SERVICES
# Places in the centre's line: readiness, due dates and closeness of each foundation, then single figures.
DUE, CLOSE = N_FOUNDATIONS, 2 * N_FOUNDATIONS
PLATFORM, OVERDUE, ARRIVED, SHARED_DATA, PROCESS, STANDARD = range(3 * N_FOUNDATIONS, 3 * N_FOUNDATIONS + 6)
NATION_PLACES = STANDARD + 1
NOT_RECORDED = -1


@rule
def run_held(state, tape, nation_tape, source, record, row, panel):
    """Run a world to its end; the stocks of every province at the end go into the panel [province].

    tape           float64 [run, quarter, province, place]
    nation_tape    float64 [run, quarter, place]
    source         for each channel the run its values are taken from
    record         the run to write down instead (nothing is then held), or NOT_RECORDED
    row            float64 [outcome], of no further use
    """
    provinces, roadmap, world = state.provinces, state.roadmap, state.world
    n = len(provinces)
    for quarter in range(len(state.policies)):
        state.policy[0] = state.policies[quarter]
        spend(world, provinces, roadmap)
        if record >= 0:
            note_plan(world.nation, nation_tape[record, quarter])
        else:
            hold_foundations(world.nation, nation_tape[source[FOUNDATIONS], quarter])
            hold_programmes(world.nation, nation_tape[source[REDESIGN], quarter])
        for i in range(n):
            p = provinces[i]
            cash, undrawn, entitled = p.cash, p.undrawn, p.year_entitled
            receive_money(p, world)
            if record >= 0:
                note_money(p, tape[record, quarter, i], cash)
            else:
                hold_money(p, tape[source[MONEY], quarter, i], cash, undrawn, entitled)
        for i in range(n):
            pay_running_costs(provinces[i], world)
        for i in range(n):
            lose_staff(provinces[i], world)
        gather_movers(world, provinces)
        for i in range(n):
            gain_staff(provinces[i], world)
        look_around(provinces, state.peer_start, state.peer_index, state.peer_weight)
        for i in range(n):
            if record >= 0:
                note_staff_and_peers(provinces[i], tape[record, quarter, i])
            else:
                hold_staff(provinces[i], tape[source[STAFF], quarter, i])
                hold_peers(provinces[i], tape[source[PEERS], quarter, i])
        for i in range(n):
            p = provinces[i]
            learn(p, world)
            if record >= 0:
                tape[record, quarter, i, CREDENCE] = p.credence
            else:
                p.credence = tape[source[FOUNDATIONS], quarter, i, CREDENCE]
        for i in range(n):
            choose(provinces[i], world, state.choices)
        for i in range(n):
            deliver(provinces[i], world)
        for i in range(n):
            p = provinces[i]
            serve_citizens(p, world)
            if record >= 0:
                tape[record, quarter, i, REFORM], tape[record, quarter, i, CONFIDENCE] = p.reform, p.trust
            else:
                p.reform = tape[source[REDESIGN], quarter, i, REFORM]
                p.trust = tape[source[TRUST], quarter, i, CONFIDENCE]
        share_data(world, provinces)
        if record >= 0:
            nation_tape[record, quarter, SHARED_DATA] = world.nation.shared_data
        else:
            world.nation.shared_data = nation_tape[source[FOUNDATIONS], quarter, SHARED_DATA]
        for i in range(n):
            report(provinces[i], world)
        publish(world, provinces)
        for i in range(n):
            close_books(provinces[i], world)
        close_centre(world, roadmap)
        measure(world, provinces, row)
        world.nation.quarter += 1
    for i in range(n):
        look(provinces[i], world, panel[i])


@rule
def note_plan(nation, line):
    """Write down how far foundations and programmes stand, and what is promised of foundations."""
    for f in range(N_FOUNDATIONS):
        line[f], line[DUE + f], line[CLOSE + f] = nation.readiness[f], nation.due[f], nation.closeness[f]
    line[PLATFORM], line[OVERDUE], line[ARRIVED] = nation.platform_stands, nation.overdue, nation.arrived
    line[PROCESS], line[STANDARD] = nation.readiness[PROCESS_REFORM], nation.readiness[STANDARDS]


@rule
def hold_foundations(nation, line):
    """Foundations stand, and are promised, as they were."""
    for f in range(N_FOUNDATIONS):
        nation.readiness[f], nation.due[f], nation.closeness[f] = line[f], np.int64(line[DUE + f]), line[CLOSE + f]
    nation.platform_stands = np.int8(line[PLATFORM])
    nation.overdue, nation.arrived = line[OVERDUE], line[ARRIVED]


@rule
def hold_programmes(nation, line):
    """The reform programme and the standards stand as they did."""
    nation.readiness[PROCESS_REFORM], nation.readiness[STANDARDS] = line[PROCESS], line[STANDARD]


@rule
def note_money(p, line, cash):
    """Write down what came in."""
    line[CASH], line[OWN], line[YEARLY] = p.cash - cash, p.own_money, p.yearly_money
    line[GRANTS], line[MATCHED] = p.grants, p.matched


@rule
def hold_money(p, line, cash, undrawn, entitled):
    """As much comes in as did then, on top of what the province has now."""
    p.cash = cash + np.int64(line[CASH])
    p.own_money, p.yearly_money, p.grants, p.matched = line[OWN], line[YEARLY], line[GRANTS], line[MATCHED]
    p.undrawn = undrawn + (line[OWN] - (line[CASH] - line[GRANTS] - line[MATCHED]))
    p.year_entitled = entitled + (line[OWN] + line[GRANTS] + line[MATCHED])


@rule
def note_staff_and_peers(p, line):
    """Write down its staff, and what it sees among its peers."""
    line[SPECIALISTS], line[TRAINED], line[POSTS], line[POOLED] = p.specialists, p.trained, p.posts, p.pooled
    for s in range(N_SERVICES):
        line[SEEN + s], line[SEEN + N_SERVICES + s] = p.seen[s], p.seen_weight[s]


@rule
def hold_staff(p, line):
    """It has the staff it had then."""
    p.specialists, p.trained, p.posts, p.pooled = line[SPECIALISTS], line[TRAINED], line[POSTS], line[POOLED]


@rule
def hold_peers(p, line):
    """It sees of its peers what it saw then."""
    for s in range(N_SERVICES):
        p.seen[s], p.seen_weight[s] = line[SEEN + s], line[SEEN + N_SERVICES + s]
