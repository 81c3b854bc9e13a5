"""A process that makes many runs, keeps only what is asked, and says how much memory it has taken at most."""

from __future__ import annotations

from timing import answer, peak

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


if __name__ == "__main__":
    answer({"megabytes": megabytes})
