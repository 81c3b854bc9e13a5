"""A process that makes many runs, keeps only what is asked, and says how much memory it has taken at most."""

from __future__ import annotations

import resource
from pathlib import Path

from timing import answer

from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.scenario import load_scenario


def megabytes(scenario: str, runs: int, block: int) -> float:
    """The most memory held at any time, after so many runs of which each block leaves its mean behind."""
    plan, country = load_scenario(scenario), load_country()
    means = []
    for first in range(0, runs, block):
        numbers = range(first, min(first + block, runs))
        means.append(run_replications(plan, country, seed=7, replications=numbers).outcomes.mean(axis=0)[-1])
    return peak()


def peak() -> float:
    """The most memory this process held, MB; what the system tells of a child starts with its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    answer({"megabytes": megabytes})
