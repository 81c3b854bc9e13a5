"""The order of events of a quarter: every act for all provinces before the next.

1 centre spends · 2 money arrives · 3 running costs · 4 staff · 5 learning · 6 choices · 7 delivery ·
8 citizens · 9 reports and publication · 10 books close, outcomes are measured

This is the compiled driver. The agents of :mod:`dgsim.mesa_model` call the same rules in the same order.
"""

from __future__ import annotations

from dgsim.world.beginning import begin
from dgsim.world.centre import close_centre, plan, spend
from dgsim.world.choice import choose
from dgsim.world.citizens import serve_citizens, share_data
from dgsim.world.compiled import rule
from dgsim.world.money import close_books, pay_running_costs, receive_money
from dgsim.world.outcomes import measure
from dgsim.world.peers import learn, look_around
from dgsim.world.projects import deliver
from dgsim.world.reporting import publish, report
from dgsim.world.staff import gain_staff, gather_movers, lose_staff


@rule
def begin_world(state):
    """Everything as it stands before the first quarter."""
    state.policy[0] = state.policies[0]
    plan(state.world, state.roadmap)
    for i in range(len(state.provinces)):
        begin(state.provinces[i], state.world)


@rule
def run_quarter(state, row):
    """One quarter, ten acts; the outcomes go into the row."""
    provinces, roadmap, world = state.provinces, state.roadmap, state.world
    n = len(provinces)
    state.policy[0] = state.policies[world.nation.quarter]
    spend(world, provinces, roadmap)
    for i in range(n):
        receive_money(provinces[i], world)
    for i in range(n):
        pay_running_costs(provinces[i], world)
    for i in range(n):
        lose_staff(provinces[i], world)
    gather_movers(world, provinces)
    for i in range(n):
        gain_staff(provinces[i], world)
    look_around(provinces, state.peer_start, state.peer_index, state.peer_weight)
    for i in range(n):
        learn(provinces[i], world)
    for i in range(n):
        choose(provinces[i], world, state.choices)
    for i in range(n):
        deliver(provinces[i], world)
    for i in range(n):
        serve_citizens(provinces[i], world)
    share_data(world, provinces)
    for i in range(n):
        report(provinces[i], world)
    publish(world, provinces)
    for i in range(n):
        close_books(provinces[i], world)
    close_centre(world, roadmap)
    measure(world, provinces, row)
    world.nation.quarter += 1
