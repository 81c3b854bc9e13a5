"""A process that starts as a command does, and says what that took: DGSIM_CACHE_DIR names the cache."""

from __future__ import annotations

import time

from timing import answer, peak


def start(scenario: str) -> dict[str, float]:
    """Load, compile what is still to be compiled, run once: processor seconds of this process, and its peak in MB."""
    from dgsim.country import load_country
    from dgsim.engine.compilation import compile_rules
    from dgsim.engine.run import run_replications
    from dgsim.scenario import load_scenario

    compile_rules()
    run_replications(load_scenario(scenario), load_country(), seed=7, replications=range(1))
    return {"seconds": time.process_time(), "megabytes": peak()}


if __name__ == "__main__":
    answer({"start": start})
