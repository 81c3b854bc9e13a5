"""How long runs take on this machine, measured on a few of them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from dgsim.country import Country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import Ensemble
from dgsim.scenario import Scenario

SECONDS = 1.5  # for which runs are made that measure others


@dataclass(frozen=True)
class Timing:
    """What one run takes where all threads are at work, found out on so many runs."""

    seconds: float
    threads: int
    measured: int


def timed(scenario: Scenario, country: Country, parameters: Ensemble) -> Timing:
    """Make some runs of a scenario on all threads, and tell what one of them takes."""
    threads = os.cpu_count() or 1

    def took(runs: int) -> float:
        start = time.perf_counter()
        run_replications(scenario, country, replications=range(runs), parameters=parameters)
        return time.perf_counter() - start

    took(threads)
    runs = max(threads, int(SECONDS * threads / took(threads)))
    return Timing(took(runs) / runs, threads, runs)
