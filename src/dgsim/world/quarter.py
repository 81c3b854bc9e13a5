"""The order of events of a quarter: every act for all provinces before the next.

1 centre spends · 2 money arrives · 3 running costs · 4 staff · 5 learning · 6 choices · 7 delivery ·
8 citizens · 9 reports and publication · 10 books close, outcomes are measured

:data:`ACTS` is the one list of them. The agents of :mod:`dgsim.mesa_model` go through it, act by act; compiled code
cannot, so :func:`run_quarter` writes the calls out, and a test holds it to the list.
"""

from __future__ import annotations

from typing import NamedTuple

from dgsim.world.centre import close_programmes, plan, spend
from dgsim.world.channels import (
    Paths,
    let_money_through,
    let_peers_through,
    let_plan_through,
    let_promises_through,
    let_reform_through,
    let_shared_data_through,
    record_purses,
)
from dgsim.world.choice_fast import choose
from dgsim.world.citizens import serve_citizens, share_data
from dgsim.world.compiled import outer_rule, rule
from dgsim.world.initial import initialise_province
from dgsim.world.leaders import change_leaders
from dgsim.world.money import close_books, pay_running_costs, receive_money
from dgsim.world.outcomes import measure
from dgsim.world.peers import learn, look_around
from dgsim.world.projects import deliver
from dgsim.world.records import Floats
from dgsim.world.reporting import publish, report
from dgsim.world.staff import gain_staff, lose_staff, meet_movers
from dgsim.world.state import State

CENTRE, EVERY_PROVINCE, TOGETHER = "the centre", "every province", "all together"


class Act(NamedTuple):
    """One act of a quarter: its number in the story, the name of its rule, and who does it."""

    number: int
    name: str
    who: str


ACTS = (
    Act(1, "spend", CENTRE),
    Act(2, "receive_money", EVERY_PROVINCE),
    Act(3, "pay_running_costs", EVERY_PROVINCE),
    Act(4, "lose_staff", EVERY_PROVINCE),
    Act(4, "meet_movers", TOGETHER),
    Act(4, "gain_staff", EVERY_PROVINCE),
    Act(5, "look_around", TOGETHER),
    Act(5, "learn", EVERY_PROVINCE),
    Act(6, "change_leaders", EVERY_PROVINCE),
    Act(6, "choose", EVERY_PROVINCE),
    Act(7, "deliver", EVERY_PROVINCE),
    Act(8, "serve_citizens", EVERY_PROVINCE),
    Act(8, "share_data", TOGETHER),
    Act(9, "report", EVERY_PROVINCE),
    Act(9, "publish", CENTRE),
    Act(10, "close_books", EVERY_PROVINCE),
    Act(10, "close_programmes", CENTRE),
    Act(10, "measure", TOGETHER),
)


@outer_rule
def initialise_world(state: State) -> None:
    """Everything as it stands before the first quarter."""
    state.policy[0] = state.policies[0]
    plan(state.world, state.roadmap)
    for i in range(len(state.provinces)):
        initialise_province(state.provinces[i], state.world)


@rule
def run_quarter(state: State, row: Floats, paths: Paths | None) -> None:
    """One quarter, ten acts; the outcomes go into the row.

    `paths` is None, or what of a run is recorded or fixed (:class:`dgsim.world.channels.Paths`): the compiler leaves
    out what is asked of it where it is None.
    """
    provinces, roadmap, world = state.provinces, state.roadmap, state.world
    n = len(provinces)
    state.policy[0] = state.policies[world.nation.quarter]
    spend(world, provinces, roadmap)
    if paths is not None:
        let_plan_through(state, paths)
        record_purses(state, paths)
    for i in range(n):
        receive_money(provinces[i], world)
    if paths is not None:
        let_money_through(state, paths)
    for i in range(n):
        pay_running_costs(provinces[i], world)
    for i in range(n):
        lose_staff(provinces[i], world)
    meet_movers(world, provinces)
    for i in range(n):
        gain_staff(provinces[i], world)
    look_around(provinces, state.peer_start, state.peer_index, state.peer_weight)
    if paths is not None:
        let_peers_through(state, paths)
    for i in range(n):
        learn(provinces[i], world)
    if paths is not None:
        let_promises_through(state, paths)
    for i in range(n):
        change_leaders(provinces[i], world)
    for i in range(n):
        choose(provinces[i], world, state.choices)
    for i in range(n):
        deliver(provinces[i], world)
    for i in range(n):
        serve_citizens(provinces[i], world)
    if paths is not None:
        let_reform_through(state, paths)
    share_data(world, provinces)
    if paths is not None:
        let_shared_data_through(state, paths)
    for i in range(n):
        report(provinces[i], world)
    publish(world, provinces)
    for i in range(n):
        close_books(provinces[i], world)
    close_programmes(world, roadmap)
    measure(world, provinces, row)
    world.nation.quarter += 1
