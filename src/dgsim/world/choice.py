"""Choosing: which projects a province starts, by random utility, and why.

A province weighs every option it has, adds what the model does not see (a Gumbel number, so that it is the
multinomial logit of McFadden 1974), ranks them, and starts from the top what its money and people allow,
until waiting looks better. Taking options in the order of utility plus Gumbel noise is drawing them one by one
without replacement with logit odds (Yellott 1977).

The drivers call :func:`dgsim.world.choice_fast.choose`, which gives the same bytes sooner.
"""

from __future__ import annotations

import numpy as np

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import CHOOSING, gumbel, one_of_four, uniform
from dgsim.world.money import look_at_purse, quarters_of_money
from dgsim.world.projects import project_effort, start_project
from dgsim.world.records import Choice, Province, Rows
from dgsim.world.services import look_at_foundations, platform_usable
from dgsim.world.staff import capacity
from dgsim.world.state import (
    CONNECT,
    MIGRATE,
    N_PROJECTS,
    N_SERVICES,
    OFFLINE,
    OWN,
    OWN_AS_IS,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED_AS_IS,
    WAIT,
    World,
)
from dgsim.world.units import QUARTERS
from dgsim.world.utility import attractions, burdens, cost_with_contractors, inertia, look_at_services

NO_SLOT = -1
NOTHING = (WAIT, WAIT)  # no option is open


@rule
def choose(p: Province, world: World, choices: Rows[Choice]) -> None:
    """Act 6. Weigh every open option, rank them, and start from the top until waiting is better."""
    look_at_foundations(p, world)
    look_at_services(p, world)
    look_at_purse(p, world)
    first = world.nation.choices_length
    free = capacity(p, world)
    waiting = inertia(p, world) + noise_of_waiting(p, world)
    if recording(p, world, choices):
        write_down_all(p, world, choices, free)
    n = 0
    for slot in range(N_PROJECTS):
        first_option, behind = open_options(p, world, slot)
        for option in range(first_option, behind):
            utility = known_utility(p, world, option, slot, free) + noise_of(p, world, option, slot)
            if utility > waiting:
                n = shortlist(world, n, option, slot, utility)
    start_from_the_top(p, world, n, choices, first)


@inner_rule
def known_utility(p: Province, world: World, option: int, slot: int, free: float) -> float:
    """The utility of an option, but for its noise."""
    benefit, awarded, mandate = attractions(p, world, option, slot)
    cost, effort, risk, patience = burdens(p, world, option, slot, free)
    return benefit + awarded + mandate + cost + effort + risk + patience


@rule
def noise_of(p: Province, world: World, option: int, slot: int) -> float:
    """What the province weighs in an option that the model does not see."""
    return world.assumptions.noise * gumbel(one_of_four(world, p.luck_id, CHOOSING, slot, option))


@rule
def noise_of_waiting(p: Province, world: World) -> float:
    """The same of starting nothing."""
    return world.assumptions.noise * gumbel(uniform(world, p.luck_id, CHOOSING, N_PROJECTS))


@inner_rule
def shortlist(world: World, n: int, option: int, slot: int, utility: float) -> int:
    """Put an option that is better than waiting on the list of n; returns how many there are now."""
    weighed = world.open
    weighed.option[n] = option
    weighed.slot[n] = slot
    weighed.utility[n] = utility
    return n + 1


@rule
def open_options(p: Province, world: World, slot: int) -> tuple[int, int]:
    """The options a province could start on a service or foundation: the first, and the one behind the last.

    What is open at one time stands together in the order of options: ways to go online; ways to better what is
    online or to move it; connecting.
    """
    if p.project[slot] != 0:
        return NOTHING
    if slot >= N_SERVICES:
        return (CONNECT, WAIT) if connectable(p, world, slot - N_SERVICES) else NOTHING
    if p.platform[slot] == OFFLINE:
        return OWN_AS_IS, REDESIGN if platform_usable(p, world) else SHARED_AS_IS
    unfinished = p.redesigned[slot] == 0 or p.completeness[slot] < world.assumptions.good_enough
    if p.platform[slot] == OWN and platform_usable(p, world):
        return REDESIGN if unfinished else MIGRATE, CONNECT
    return (REDESIGN, REDESIGN_ON_SHARED) if unfinished else NOTHING


@rule
def connectable(p: Province, world: World, f: int) -> bool:
    """Whether a province could connect to a foundation: it stands far enough, and the province is not connected yet."""
    unfinished = f > 0 and p.connection[f] < world.assumptions.connected
    return unfinished and world.nation.readiness[f] >= world.assumptions.connectable


@rule
def spare_money(p: Province, world: World) -> float:
    """Money a province can bind in new projects: in hand and in sight, less running costs and what it owes."""
    steady = max(0.0, p.yearly_money / QUARTERS - p.running_cost)
    return p.cash_mvnd + p.undrawn + steady * quarters_of_money(world) - p.project_owed.sum()


@rule
def contracted_part(p: Province, world: World, effort: float, free: float) -> float:
    """Effort that must be bought from contractors; negative if more would be needed than is allowed."""
    contracted = max(0.0, effort - free)
    return contracted if contracted <= world.policy.contractors_allowed * effort else -1.0


@rule
def start_from_the_top(p: Province, world: World, n: int, choices: Rows[Choice], first: int) -> None:
    """Start the best of the n open options one after the other, as far as people and money allow."""
    weighed = world.open
    started = 0
    while started < world.assumptions.most_starts:
        best = -1
        for i in range(n):
            if weighed.utility[i] > -np.inf and (best < 0 or weighed.utility[i] > weighed.utility[best]):
                best = i
        if best < 0:
            return
        weighed.utility[best] = -np.inf
        option, slot = weighed.option[best], weighed.slot[best]
        if try_to_start(p, world, option, slot):
            started += 1
            mark_started(world, choices, first, option, slot, started)
            for i in range(n):
                if weighed.slot[i] == slot:
                    weighed.utility[i] = -np.inf


@rule
def try_to_start(p: Province, world: World, option: int, slot: int) -> bool:
    """Start a project if people and money allow."""
    effort = project_effort(p, world, option, slot)
    contracted = contracted_part(p, world, effort, capacity(p, world))
    if contracted < 0.0:
        return False
    cost = cost_with_contractors(p, world, option, slot, contracted, effort)
    if cost > spare_money(p, world):
        return False
    start_project(p, world, option, slot, effort - contracted, contracted, cost)
    return True


@rule
def recording(p: Province, world: World, choices: Rows[Choice]) -> bool:
    """Whether this province's choice in this quarter is to be recorded."""
    nation = world.nation
    if len(choices) == 0:
        return False
    return (nation.watch_province < 0 or nation.watch_province == p.row) and (
        nation.watch_quarter < 0 or nation.watch_quarter == nation.quarter
    )


@rule
def write_down_all(p: Province, world: World, choices: Rows[Choice], free: float) -> None:
    """Every open option in the record of choices, waiting first."""
    write_down(p, world, choices, WAIT, NO_SLOT, free, noise_of_waiting(p, world))
    for slot in range(N_PROJECTS):
        first_option, behind = open_options(p, world, slot)
        for option in range(first_option, behind):
            write_down(p, world, choices, option, slot, free, noise_of(p, world, option, slot))


@rule
def write_down(
    p: Province, world: World, choices: Rows[Choice], option: int, slot: int, free: float, noise: float
) -> None:
    """One line in the record of choices."""
    nation = world.nation
    if nation.choices_length >= len(choices):
        return
    line = choices[nation.choices_length]
    line.quarter = nation.quarter
    line.province = p.row
    line.option = option
    line.slot = slot
    line.rank = 0
    if option == WAIT:
        line.inertia = inertia(p, world)
    else:
        line.benefit, line.reward, line.mandate = attractions(p, world, option, slot)
        line.cost, line.effort, line.risk, line.patience = burdens(p, world, option, slot, free)
    line.noise = noise
    known = line.benefit + line.reward + line.mandate + line.cost + line.effort + line.risk + line.patience
    line.utility = known + line.inertia + line.noise
    nation.choices_length += 1


@rule
def mark_started(world: World, choices: Rows[Choice], first: int, option: int, slot: int, rank: int) -> None:
    """Mark in the record which options were started, and in which order."""
    for i in range(first, world.nation.choices_length):
        line = choices[i]
        if line.option == option and line.slot == slot:
            line.rank = rank
