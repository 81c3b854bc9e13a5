"""Choosing: which projects a province starts, by random utility, and why.

A province weighs every option it has, adds what the model does not see (a Gumbel number, so that it is the
multinomial logit of McFadden 1974), ranks them, and starts from the top what its money and people allow,
until waiting looks better. Taking options in the order of utility plus Gumbel noise is drawing them one by one
without replacement with logit odds (Yellott 1977).

At most four options are open on one place at a time, so that one call of the cipher serves them all. What speaks for
an option is looked at first: most places are out of reach before anyone has asked for a price.
"""

from __future__ import annotations

import numpy as np

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import CHOOSING, fours, gumbel, uniform
from dgsim.world.projects import project_effort, start_project
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
    OWN_REDESIGNED,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED_AS_IS,
    SHARED_REDESIGNED,
    WAIT,
)
from dgsim.world.utility import attractions, burdens, cost_with_contractors, inertia, reluctance, running_gain

NO_PLACE = -1
SIXTH = 0.16666  # and a little less
NOTHING = (WAIT, WAIT)  # no option is open


@rule
def open_options(p, world, place):
    """The options a province could start on a service or foundation: the first, and the one behind the last.

    What is open at one time stands together in the order of options: ways to go online; ways to better what is
    online or to move it; connecting.
    """
    if p.project[place] != 0:
        return NOTHING
    if place >= N_SERVICES:
        return (CONNECT, WAIT) if connectable(p, world, place - N_SERVICES) else NOTHING
    if p.platform[place] == OFFLINE:
        return OWN_AS_IS, REDESIGN if platform_usable(p, world) else SHARED_AS_IS
    unfinished = p.redesigned[place] == 0 or p.completeness[place] < world.assumptions.good_enough
    if p.platform[place] == OWN and platform_usable(p, world):
        return REDESIGN if unfinished else MIGRATE, CONNECT
    return (REDESIGN, REDESIGN_ON_SHARED) if unfinished else NOTHING


@rule
def connectable(p, world, f):
    """Whether a province could connect to a foundation: it stands far enough, and the province is not connected yet."""
    unfinished = f > 0 and p.connection[f] < 0.999
    return unfinished and world.nation.readiness[f] >= world.assumptions.connectable


@rule
def quarters_of_money(world):
    """For how many quarters ahead a province may count on its money: to the year's end, or to the plan's."""
    quarter = world.nation.quarter
    if world.policy.budget_rule == 0.0:
        return 3 - quarter % 4
    length = 4 * np.int64(world.assumptions.plan_years)
    return min(np.int64(world.assumptions.longest_view), (3 - quarter) % length)


@rule
def spare_money(p, world):
    """Money a province can bind in new projects: in hand and in sight, less running costs and what it owes."""
    steady = max(0.0, p.yearly_money / 4.0 - p.running_cost)
    return p.cash + p.undrawn + steady * quarters_of_money(world) - p.project_owed.sum()


@rule
def contracted_part(p, world, effort, free):
    """Effort that must be bought from contractors; negative if more would be needed than is allowed."""
    contracted = max(0.0, effort - free)
    return contracted if contracted <= world.policy.contractors_allowed * effort else -1.0


@rule
def choose(p, world, choices):
    """Act 6. Weigh every open option, rank them, and start from the top until waiting is better."""
    look_at_foundations(p, world)
    nation = world.nation
    first = nation.choices_length
    record = recording(p, world, choices)
    free = capacity(p, world)
    luck = uniform(world, p.luck_id, CHOOSING, N_PROJECTS)
    waiting = inertia(p, world) + world.assumptions.noise * gumbel(luck)
    if record:
        write_down(p, world, choices, WAIT, NO_PLACE, free, luck)
    fours(world, p.luck_id, CHOOSING, nation.open_luck)
    n = 0
    for place in range(N_PROJECTS):
        first_option, behind = open_options(p, world, place)
        if first_option == behind:
            continue
        if record:
            for option in range(first_option, behind):
                write_down(p, world, choices, option, place, free, nation.open_luck[option % 4, place])
        hoped = of_place(p, world, place, first_option, behind, free, hoped_for)
        if not any_in_reach(world, hoped, place, waiting):
            continue
        known = of_place(p, world, place, first_option, behind, free, known_utility)
        for option in range(first_option, behind):
            luck = nation.open_luck[option % 4, place]
            if in_reach(world, known[option % 4], luck, waiting):
                utility = known[option % 4] + world.assumptions.noise * gumbel(luck)
                if utility > waiting:
                    nation.open_option[n] = option
                    nation.open_place[n] = place
                    nation.open_utility[n] = utility
                    n += 1
    start_from_the_top(p, world, n, choices, first)


@inner_rule
def of_place(p, world, place, first_option, behind, free, asked):
    """What is asked of each open option of a place, at the option's number modulo four.

    Each option is named, though a loop would be shorter: the compiler then works out once what several have in common.
    """
    nothing = -np.inf
    if first_option == CONNECT:
        return nothing, nothing, nothing, asked(p, world, CONNECT, place, free)
    if first_option == OWN_AS_IS:
        as_is = asked(p, world, OWN_AS_IS, place, free)
        redesigned = asked(p, world, OWN_REDESIGNED, place, free)
        if behind == SHARED_AS_IS:
            return as_is, redesigned, nothing, nothing
        shared = asked(p, world, SHARED_AS_IS, place, free)
        return as_is, redesigned, shared, asked(p, world, SHARED_REDESIGNED, place, free)
    if behind == REDESIGN_ON_SHARED:
        return asked(p, world, REDESIGN, place, free), nothing, nothing, nothing
    migrated = asked(p, world, MIGRATE, place, free)
    if first_option == MIGRATE:
        return nothing, nothing, migrated, nothing
    redesigned = asked(p, world, REDESIGN, place, free)
    return redesigned, asked(p, world, REDESIGN_ON_SHARED, place, free), migrated, nothing


@inner_rule
def hoped_for(p, world, option, place, free):
    """The most an option can be worth, whatever its price."""
    benefit, awarded, mandate = attractions(p, world, option, place)
    saved = world.assumptions.thrift * running_gain(p, world, option, place)
    return benefit + awarded + mandate + saved + reluctance(p, world, option, place)


@inner_rule
def known_utility(p, world, option, place, free):
    """The utility of an option, but for its noise."""
    benefit, awarded, mandate = attractions(p, world, option, place)
    cost, effort, risk, patience = burdens(p, world, option, place, free)
    return benefit + awarded + mandate + cost + effort + risk + patience


@inner_rule
def any_in_reach(world, known, place, waiting):
    """Whether noise could lift any option of a place above waiting."""
    luck = world.nation.open_luck
    own = in_reach(world, known[0], luck[0, place], waiting) | in_reach(world, known[1], luck[1, place], waiting)
    shared = in_reach(world, known[2], luck[2, place], waiting) | in_reach(world, known[3], luck[3, place], waiting)
    return own | shared


@inner_rule
def in_reach(world, known, luck, waiting):
    """Whether the noise of this luck could lift an option above waiting, told without logarithms.

    A Gumbel number is above t only if 1 - luck < exp(-t). Where t > 0, exp(t) > 1 + t + t**2 / 2 + t**3 / 6; where not,
    that polynomial is at most 1, and nothing is given up.
    """
    t = (waiting - known) / world.assumptions.noise
    return (1.0 - luck) * (1.0 + t * (1.0 + t * (0.5 + t * SIXTH))) <= 1.0


@rule
def start_from_the_top(p, world, n, choices, first):
    """Start the best of the n open options one after the other, as far as people and money allow."""
    nation = world.nation
    started = 0
    while started < world.assumptions.most_starts:
        best = -1
        for i in range(n):
            if nation.open_utility[i] > -np.inf and (best < 0 or nation.open_utility[i] > nation.open_utility[best]):
                best = i
        if best < 0:
            return
        nation.open_utility[best] = -np.inf
        option, place = nation.open_option[best], nation.open_place[best]
        if try_to_start(p, world, option, place):
            started += 1
            mark_started(world, choices, first, option, place, started)
            for i in range(n):
                if nation.open_place[i] == place:
                    nation.open_utility[i] = -np.inf


@rule
def try_to_start(p, world, option, place):
    """Start a project if people and money allow."""
    effort = project_effort(world, option, place)
    contracted = contracted_part(p, world, effort, capacity(p, world))
    if contracted < 0.0:
        return False
    cost = cost_with_contractors(p, world, option, place, contracted, effort)
    if cost > spare_money(p, world):
        return False
    start_project(p, world, option, place, effort - contracted, contracted, cost)
    return True


@rule
def recording(p, world, choices):
    """Whether this province's choice in this quarter is to be recorded."""
    nation = world.nation
    if len(choices) == 0:
        return False
    return (nation.watch_province < 0 or nation.watch_province == p.place) and (
        nation.watch_quarter < 0 or nation.watch_quarter == nation.quarter
    )


@rule
def write_down(p, world, choices, option, place, free, luck):
    """One line in the record of choices."""
    nation = world.nation
    if nation.choices_length >= len(choices):
        return
    line = choices[nation.choices_length]
    line.quarter = nation.quarter
    line.province = p.place
    line.option = option
    line.item = place
    line.rank = 0
    if option == WAIT:
        line.inertia = inertia(p, world)
    else:
        line.benefit, line.reward, line.mandate = attractions(p, world, option, place)
        line.cost, line.effort, line.risk, line.patience = burdens(p, world, option, place, free)
    line.noise = world.assumptions.noise * gumbel(luck)
    known = line.benefit + line.reward + line.mandate + line.cost + line.effort + line.risk + line.patience
    line.utility = known + line.inertia + line.noise
    nation.choices_length += 1


@rule
def mark_started(world, choices, first, option, place, rank):
    """Mark in the record which options were started, and in which order."""
    for i in range(first, world.nation.choices_length):
        line = choices[i]
        if line.option == option and line.item == place:
            line.rank = rank
