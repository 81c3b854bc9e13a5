"""The engine as the benchmarks call it: on one thread, the set-up that all runs of a scenario share done before."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.driver import run_world
from dgsim.engine.run import run_replications
from dgsim.engine.setup import make_setup
from dgsim.scenario import Scenario, load_scenario

SEED = 7


@lru_cache(maxsize=8)
def scenario(name: str, quarters: int = 0) -> Scenario:
    """A shipped scenario, shorter or longer on request."""
    plan = load_scenario(name)
    return plan.with_changes(quarters=quarters) if quarters else plan


@lru_cache(maxsize=8)
def country(provinces: int = 0) -> Country:
    """The packaged country, or a synthetic one of so many provinces."""
    return synthetic_country(provinces, seed=1) if provinces else load_country()


def runner(plan: Scenario, where: Country) -> Callable[[int], np.ndarray]:
    """A function that makes so many runs on the thread that calls it, and returns the outcomes of the last."""
    setup = make_setup(plan, where)

    def run(runs: int) -> np.ndarray:
        for replication in range(runs):
            outcomes, *_ = run_world(setup, SEED, replication)
        return outcomes

    run(1)
    return run


def on_threads(plan: Scenario, where: Country, runs: int, workers: int) -> None:
    """So many runs on so many threads."""
    run_replications(plan, where, seed=SEED, replications=range(runs), workers=workers)
