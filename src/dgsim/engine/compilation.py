"""The one compilation of rules on a machine, told as it goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from dgsim.country import load_country
from dgsim.engine.counterfactual import run_counterfactual, run_with_channels
from dgsim.engine.driver import run_to, run_world
from dgsim.engine.sets import ParameterSets
from dgsim.engine.setup import Setup
from dgsim.scenario import load_scenario
from dgsim.world.cache import ACTS, CHANNELS, RUNS, compiled_before, mark_compiled
from dgsim.world.channels import empty_paths
from dgsim.world.compiled import counted, kept_files
from dgsim.world.quarter import initialise_world

Compiling = Callable[[int, int, float], None]  # rules compiled, of how many, and seconds that all of it takes here
# The share of the time that was over when each tenth of the rules was compiled, as measured: later rules are larger.
TIME = {
    RUNS: (0.0, 0.09, 0.17, 0.24, 0.31, 0.37, 0.45, 0.57, 0.63, 0.90, 1.0),
    CHANNELS: (0.0, 0.06, 0.13, 0.18, 0.24, 0.29, 0.35, 0.44, 0.51, 0.70, 1.0),
    ACTS: (0.0, 0.08, 0.17, 0.26, 0.35, 0.43, 0.48, 0.56, 0.69, 0.77, 1.0),
}


_one_at_a_time = threading.Lock()


def compile_rules(progress: Compiling | None = None, *, channels: bool = False) -> None:
    """Compile what runs go through, with `channels` counterfactual runs too, where it is not there for this processor.

    It takes some 20 seconds of one core, and half as long again with channels. `progress` is called with the number of
    rules that are compiled, of all, and the seconds that it takes in all at this pace; at the end with all of them.
    """
    if channels:
        compile_once(CHANNELS, (initialise_world, run_to, run_with_channels), _run_both_ways, progress)
    compile_once(RUNS, (initialise_world, run_to), _run, progress)


def _run() -> None:
    run_world(_setup(), seed=0, replication=0)


def _run_both_ways() -> None:
    _run()
    setup = _setup()
    run_counterfactual(setup, 0, 0, empty_paths(1, setup.quarters, len(setup.provinces)))


def _setup() -> Setup:
    return ParameterSets(load_scenario("history"), load_country()).of(0)


def compile_once(
    work: str, entries: tuple[Callable[..., None], ...], doing: Callable[[], None], progress: Compiling | None = None
) -> None:
    """Compile what a piece of work goes through, by doing it, unless all of it is there; `entries` is what it calls.

    A thread that asks while another one compiles waits for it.
    """
    with _one_at_a_time:
        if not compiled_before(work):
            _compile(work, entries, doing, progress)


def _compile(
    work: str, entries: tuple[Callable[..., None], ...], doing: Callable[[], None], progress: Compiling | None
) -> None:
    start, told = time.monotonic(), (0, 0)

    def tell(done: int, all_rules: int) -> None:
        nonlocal told
        told = done, all_rules
        if progress is not None:
            seconds = time.monotonic() - start
            progress(done, all_rules, seconds / share_of_time(work, done / all_rules))

    with counted(entries, tell):
        doing()
    if told[0] < told[1]:  # some were there already
        tell(told[1], told[1])
    mark_compiled(work, kept_files(*entries))


def share_of_time(work: str, share_of_rules: float) -> float:
    """The share of the time that such a share of the rules takes.

    >>> round(share_of_time("runs", 0.95), 3)
    0.95
    """
    return float(np.interp(share_of_rules, np.linspace(0, 1, len(TIME[work])), TIME[work]))
