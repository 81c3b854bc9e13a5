"""Where the time of a run goes: by act, and by what costs most wherever it is done."""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Callable

import acts
import engine_side
import numba
import numpy as np
from tables import table
from timing import Spread, Worker, number_text

from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import Scenario
from dgsim.world.luck import coarse, philox
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import N_PROJECTS

MANY = 100_000


def by_act(plan: Scenario, library: ctypes.CDLL, rounds: int, *, compiled: bool) -> str:
    """The share of each act in a run, timed inside the compiled run, or at small cost inside one in Python."""
    library.now.restype, library.now.argtypes = ctypes.c_double, []
    names, run = acts.with_clock(library.now, compiled=compiled)
    setup = make_setup(plan, engine_side.country())
    spent = np.zeros((rounds + 1, len(names)))
    for replication, of_round in enumerate(spent):
        state = fresh_world(setup, engine_side.SEED, replication)
        run(state, setup.quarters, np.zeros(N_OUTCOMES), of_round)
    spent = 1000 * spent[1:]
    shares = spent / spent.sum(axis=1, keepdims=True)
    order = np.argsort(-spent.mean(axis=0))
    rows = [
        [names[column], Spread.of(spent[:, column].tolist()), f"{100 * np.median(shares[:, column]):.1f}%"]
        for column in order
    ]
    return table(["act", "ms a run (least / median / greatest)", "share, median"], rows, right=[1, 2])


@numba.njit(nogil=True)
def _logarithms(values):
    total = 0.0
    for value in values:
        total += math.log(value)
    return total


@numba.njit(nogil=True)
def _exponentials(values):
    total = 0.0
    for value in values:
        total += math.exp(-value)
    return total


@numba.njit(nogil=True)
def _ciphers(values):
    word = np.uint64(0)
    for _ in range(len(values)):  # each from the last, so that the compiler cannot make several at a time
        word = philox(word, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5))[0]
    return word


@numba.njit(nogil=True)
def _ciphers_together(values):
    numbers = np.empty((4, N_PROJECTS))
    total = 0.0
    for n in range(len(values) // N_PROJECTS):
        for option in range(N_PROJECTS):
            luck = philox(np.uint64(n), np.uint64(1), np.uint64(2), np.uint64(option), np.uint64(4), np.uint64(5))
            numbers[0, option], numbers[1, option] = coarse(luck[0]), coarse(luck[1])
            numbers[2, option], numbers[3, option] = coarse(luck[2]), coarse(luck[3])
        total += numbers[n % 4, n % N_PROJECTS]  # all of them are wanted
    return total


def nanoseconds(loop: Callable[[np.ndarray], float], repeats: int = 7) -> float:
    """What one turn of a compiled loop costs, at best."""
    values = np.random.default_rng(1).uniform(0.01, 0.99, MANY)
    loop(values)
    best = math.inf
    for _ in range(repeats):
        began = time.perf_counter()
        loop(values)
        best = min(best, time.perf_counter() - began)
    return best / MANY * 1e9


def by_kind(name: str, quarters: int, milliseconds: float) -> str:
    """How often a run draws, weighs and calls exp and log (counted in plain Python), and what that may cost."""
    with Worker("plain_worker.py", NUMBA_DISABLE_JIT="1") as plain:
        counted = plain.ask("count", scenario=name, quarters=quarters)
    loops = {"luck": _ciphers, "together": _ciphers_together, "log": _logarithms, "exp": _exponentials}
    costs = {kind: nanoseconds(loop) for kind, loop in loops.items()}
    labels = {
        "options": "options weighed",
        "luck": "draws of luck (one Philox cipher each)",
        "together": "ciphers made together, for choosing",
        "log": "log",
        "exp": "exp",
        "sqrt": "sqrt",
        "cos": "cos",
    }
    rows = []
    for kind, label in labels.items():
        number, cost = counted.get(kind, 0), costs.get(kind)
        total = number * cost / 1e6 if cost else 0.0
        known = [number_text(cost), number_text(total), f"{100 * total / milliseconds:.0f}%"] if cost else ["", "", ""]
        rows.append([label, f"{number:,}", *known])
    return table(["what", "in a run", "ns each", "ms a run", "share of a run"], rows, right=[1, 2, 3, 4])
