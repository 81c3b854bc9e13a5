"""A process that makes many runs, keeps only what is asked, and says how much memory it has taken at most."""

from __future__ import annotations

import resource

from timing import answer

from dgsim import engine
from dgsim.country import load_country
from dgsim.scenario import load_scenario


def peak(scenario: str, runs: int, block: int) -> float:
    """Megabytes at most, after so many runs of which each block leaves its mean behind."""
    plan, country = load_scenario(scenario), load_country()
    means = []
    for first in range(0, runs, block):
        numbers = range(first, min(first + block, runs))
        means.append(engine.run(plan, country, seed=7, replications=numbers).outcomes.mean(axis=0)[-1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    answer({"peak": peak})
