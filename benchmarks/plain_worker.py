"""A process that runs the plain model on request: a line of JSON in, a line of JSON out.

    NUMBA_DISABLE_JIT=1 python plain_worker.py

Orders: ``{"do": "outcomes", "scenario": ..., "replication": ..., "quarters": ...}``,
``{"do": "time", ..., "runs": ..., "processes": ..., "keyed": ...}`` and ``{"do": "count", ...}``.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import plain_world
from mesa.batchrunner import batch_run
from plain_model import PlainGovernment
from timing import answer

from dgsim.world import choice_fast, luck
from dgsim.world.state import N_PROJECTS
from dgsim.world.tables import OUTCOME_NAMES

COUNTED = ("exp", "log", "sqrt", "cos")


def collected(scenario: str, replication: int, quarters: int) -> list[list[float]]:
    """The outcomes of one run, as the data collector has them: a row a quarter."""
    model = PlainGovernment(scenario, replication, quarters)
    while model.running:
        model.step()
    return model.datacollector.get_model_vars_dataframe()[list(OUTCOME_NAMES)].to_numpy().tolist()


def seconds(scenario: str, quarters: int, runs: int, processes: int, keyed: bool) -> dict[str, float]:
    """How long a batch of runs takes: seconds on the wall, and of this process's processor time."""
    parameters = {"scenario": scenario, "replication": range(runs), "quarters": quarters, "keyed": keyed}
    wall, cpu = time.perf_counter(), time.process_time()
    batch_run(
        PlainGovernment,
        parameters,
        number_processes=processes,
        data_collection_period=1,
        display_progress=False,
    )
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def counts(scenario: str, quarters: int) -> dict[str, int]:
    """How often one run draws luck, weighs an option, and calls exp, log, sqrt and cos."""
    counter: Counter[str] = Counter()

    def counted(name: str, function: Callable) -> Callable:
        def call(*arguments: Any) -> Any:
            counter[name] += 1
            return function(*arguments)

        return call

    class CountedMath:
        def __getattr__(self, name: str) -> Any:
            return getattr(math, name)

    mathematics = CountedMath()
    for name in COUNTED:
        setattr(mathematics, name, counted(name, getattr(math, name)))
    for module in plain_world.modules():
        if hasattr(module, "math"):
            module.math = mathematics
    plain_world.PlainNumpy.exp = staticmethod(mathematics.exp)
    luck.draw_words = counted("luck", luck.draw_words)
    choice_fast.hoped_for = counted("options", choice_fast.hoped_for)
    plain_world.KEYED["draw_fours"] = counted("draw_fours", plain_world.KEYED["draw_fours"])
    collected(scenario, 0, quarters)
    counter["together"] = N_PROJECTS * counter["draw_fours"]
    counter["luck"] -= counter["together"]
    return dict(counter)


if __name__ == "__main__":
    answer({"outcomes": collected, "time": seconds, "count": counts})
