"""Choosing as :mod:`dgsim.world.choice` tells it, to the same bytes in a fraction of the time.

At most four options are open on one slot at a time, no two of them with the same number modulo four, so that one call
of the cipher serves them all. What speaks for an option is looked at first: most slots are out of reach before anyone
has asked for a price. Nobody takes a logarithm for an option that no luck could lift above waiting.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dgsim.world import choice
from dgsim.world.choice import known_utility, noise_of_waiting, open_options, recording, shortlist, start_from_the_top
from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import CHOOSING, WORDS, draw_fours, gumbel
from dgsim.world.money import look_at_purse
from dgsim.world.records import Choice, Province, Rows
from dgsim.world.services import look_at_foundations
from dgsim.world.staff import capacity
from dgsim.world.state import (
    CONNECT,
    MIGRATE,
    N_PROJECTS,
    OWN_AS_IS,
    OWN_REDESIGNED,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED_AS_IS,
    SHARED_REDESIGNED,
    World,
)
from dgsim.world.utility import attractions, inertia, look_at_services, reluctance, running_gain

Four = tuple[float, float, float, float]
Asked = Callable[[Province, World, int, int, float], float]

FIRST, SECOND, THIRD, LAST = range(WORDS)  # the options of a slot, by their number modulo four
HALF, SIXTH = 1.0 / 2.0, 0.16666  # and a little less: the first terms of the exponential series


@rule
def choose(p: Province, world: World, choices: Rows[Choice]) -> None:
    """Act 6. Weigh every open option, rank them, and start from the top until waiting is better."""
    if recording(p, world, choices):
        choice.choose(p, world, choices)
        return
    look_at_foundations(p, world)
    look_at_services(p, world)
    look_at_purse(p, world)
    luck = world.open.luck
    free = capacity(p, world)
    waiting = inertia(p, world) + noise_of_waiting(p, world)
    draw_fours(world, p.luck_id, CHOOSING, luck)
    n = 0
    for slot in range(N_PROJECTS):
        first_option, behind = open_options(p, world, slot)
        if first_option == behind:
            continue
        hoped = of_slot(p, world, slot, first_option, behind, free, hoped_for)
        if not any_in_reach(world, hoped, slot, waiting):
            continue
        known = of_slot(p, world, slot, first_option, behind, free, known_utility)
        for option in range(first_option, behind):
            own_luck = luck[option % WORDS, slot]
            if in_reach(world, known[option % WORDS], own_luck, waiting):
                utility = known[option % WORDS] + world.assumptions.noise * gumbel(own_luck)
                if utility > waiting:
                    n = shortlist(world, n, option, slot, utility)
    start_from_the_top(p, world, n, choices, world.nation.choices_length)


@inner_rule
def of_slot(
    p: Province,
    world: World,
    slot: int,
    first_option: int,
    behind: int,
    free: float,
    asked: Asked,
) -> Four:
    """What is asked of each open option of a slot, at the option's number modulo four.

    Each option is named, though a loop would be shorter: the compiler then works out once what several have in common.
    """
    nothing = -np.inf
    if first_option == CONNECT:
        return nothing, nothing, nothing, asked(p, world, CONNECT, slot, free)
    if first_option == OWN_AS_IS:
        as_is = asked(p, world, OWN_AS_IS, slot, free)
        redesigned = asked(p, world, OWN_REDESIGNED, slot, free)
        if behind == SHARED_AS_IS:
            return as_is, redesigned, nothing, nothing
        shared = asked(p, world, SHARED_AS_IS, slot, free)
        return as_is, redesigned, shared, asked(p, world, SHARED_REDESIGNED, slot, free)
    if behind == REDESIGN_ON_SHARED:
        return asked(p, world, REDESIGN, slot, free), nothing, nothing, nothing
    migrated = asked(p, world, MIGRATE, slot, free)
    if first_option == MIGRATE:
        return nothing, nothing, migrated, nothing
    redesigned = asked(p, world, REDESIGN, slot, free)
    return redesigned, asked(p, world, REDESIGN_ON_SHARED, slot, free), migrated, nothing


@inner_rule
def hoped_for(p: Province, world: World, option: int, slot: int, free: float) -> float:
    """The most an option can be worth, whatever its price."""
    benefit, awarded, mandate = attractions(p, world, option, slot)
    saved = world.assumptions.thrift * running_gain(p, world, option, slot)
    return benefit + awarded + mandate + saved + reluctance(p, world, option, slot)


@inner_rule
def any_in_reach(world: World, known: Four, slot: int, waiting: float) -> bool:
    """Whether noise could lift any option of a slot above waiting."""
    luck = world.open.luck
    first = in_reach(world, known[FIRST], luck[FIRST, slot], waiting)
    second = in_reach(world, known[SECOND], luck[SECOND, slot], waiting)
    third = in_reach(world, known[THIRD], luck[THIRD, slot], waiting)
    last = in_reach(world, known[LAST], luck[LAST, slot], waiting)
    return first | second | third | last


@inner_rule
def in_reach(world: World, known: float, luck: float, waiting: float) -> bool:
    """Whether the noise of this luck could lift an option above waiting, told without logarithms.

    A Gumbel number is above t only if 1 - luck < exp(-t). Where t > 0, exp(t) > 1 + t + t**2 / 2 + t**3 / 6; where not,
    that polynomial is at most 1, and nothing is given up.
    """
    t = (waiting - known) / world.assumptions.noise
    return (1.0 - luck) * (1.0 + t * (1.0 + t * (HALF + t * SIXTH))) <= 1.0
