"""The engine's rules over a block of worlds in one compiled call, spread over cores by numba's prange.

The alternative to threads that each run one world after another; numba cannot hand a prange the records of a world as
they are, so the worlds are stacked first and taken apart again inside.
"""

from __future__ import annotations

from collections.abc import Callable

import engine_side
import numba
import numpy as np
from numba import prange

from dgsim.country import Country
from dgsim.engine.run import run_to
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import Scenario
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import N_LINES, PANEL, State, World


@numba.njit(parallel=True, error_model="numpy")
def run_block(moving, fixed, tables, last, outcomes, panel, books):
    """Every world of the block up to a quarter; outcomes [world, quarter, outcome]."""
    provinces, roadmap, policy, nation, scratch = moving
    choices, policies, peer_start, peer_index, peer_weight = fixed
    assumptions, services, items = tables
    for w in prange(len(nation)):
        world = World(nation[w], policy[w][0], assumptions[0], services[0], items[0], scratch[w])
        state = State(
            provinces[w], roadmap[w], choices, policies, policy[w], peer_start, peer_index, peer_weight, world
        )
        run_to(state, last, outcomes[w], panel, books)


def runner(plan: Scenario, where: Country, threads: int) -> Callable[[int], np.ndarray]:
    """A function that makes so many runs as one block on so many threads: outcomes [run, quarter, outcome]."""
    setup = make_setup(plan, where)
    n = len(setup.provinces)
    nothing = np.zeros((0, n), PANEL), np.zeros((0, n + 1, N_LINES), np.int64)

    def run(runs: int) -> np.ndarray:
        numba.set_num_threads(threads)
        worlds = [fresh_world(setup, engine_side.SEED, replication) for replication in range(runs)]
        outcomes = np.zeros((runs, setup.quarters, N_OUTCOMES))
        run_block(*_apart(worlds), setup.quarters, outcomes, *nothing)
        return outcomes

    run(1)
    return run


def _apart(worlds: list[State]) -> tuple[tuple, tuple, tuple]:
    """What moves, stacked [world, ...]; what all worlds share; the tables."""
    first = worlds[0]
    moving = [_stacked([getattr(one, name) for one in worlds]) for name in ("provinces", "roadmap", "policy")]
    moving += [_stacked([getattr(one.world, name) for one in worlds]) for name in ("nation", "open")]
    fixed = (first.choices, first.policies, first.peer_start, first.peer_index, first.peer_weight)
    return tuple(moving), fixed, tuple(_stacked([table]) for table in first.world[2:5])


def _stacked(records: list[np.ndarray]) -> np.ndarray:
    return np.array([np.asarray(one) for one in records], dtype=records[0].dtype).view(np.recarray)
