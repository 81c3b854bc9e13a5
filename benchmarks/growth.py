"""How the cost of a run grows with quarters, services and provinces, and memory with the number of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

import engine_side
import numpy as np
from tables import table
from timing import Spread, Worker, in_turns, number_text, processor_seconds

from dgsim.world.cache import parent

Growing = Mapping[int, Callable[[], float]]  # by size: seconds of one run of it


def exponents(sizes: Sequence[int], times: Sequence[Sequence[float]]) -> Spread:
    """The exponent of the power of the size that the times follow (least squares on logarithms), round by round.

    >>> str(exponents([1, 10], [[2.0, 2.0], [20.0, 200.0]]))
    '1.00 / 1.50 / 2.00'
    """
    logs = np.log(np.array(times))
    return Spread.of([float(np.polyfit(np.log(sizes), of_round, 1)[0]) for of_round in logs.T])


def of_quarters(name: str, sizes: Sequence[int], runs: int) -> Growing:
    """Shorter and longer horizons."""
    plans = {size: engine_side.scenario(name, size) for size in sizes}
    return {size: seconds(engine_side.runner(plan, engine_side.country()), runs) for size, plan in plans.items()}


def of_provinces(name: str, quarters: int, sizes: Sequence[int], runs: int) -> Growing:
    """Synthetic countries; the larger, the fewer runs."""
    plan = engine_side.scenario(name, quarters)
    return {
        size: seconds(engine_side.runner(plan, engine_side.country(size)), max(1, runs * min(sizes) // size))
        for size in sizes
    }


def seconds(run: Callable[[int], object], runs: int) -> Callable[[], float]:
    """A measure of one run, from so many."""
    return lambda: processor_seconds(lambda: run(runs)) / runs


def of_services(stack: ExitStack, name: str, quarters: int, sizes: Sequence[int], runs: int) -> Growing:
    """Worlds whose provinces have other numbers of services, each compiled in a process of its own."""
    workers = {
        size: stack.enter_context(
            Worker("services_worker.py", str(size), DGSIM_CACHE_DIR=str(parent() / f"services-{size}"))
        )
        for size in sizes
    }
    asked = {"scenario": name, "quarters": quarters}
    for worker in workers.values():
        worker.ask("time", runs=1, **asked)
    return {size: (lambda worker=worker: worker.ask("time", runs=runs, **asked)) for size, worker in workers.items()}


def measured(growing: Growing, rounds: int) -> list[list[float]]:
    """Seconds of a run [size, round]."""
    contenders = [lambda size=size, run=run: {str(size): run()} for size, run in growing.items()]
    return list(in_turns(contenders, rounds).values())  # type: ignore[arg-type]


def growth_table(cases: Mapping[str, tuple[Sequence[int], list[list[float]]]]) -> str:
    """Milliseconds a run by size, and the exponent."""
    rows: list[list[object]] = []
    for what, (sizes, times) in cases.items():
        for size, of_size in zip(sizes, times, strict=True):
            spread = Spread.of([1000 * value for value in of_size])
            rows.append([what, f"{size:,}", spread, number_text(1e6 * spread.middle / 1000 / size), ""])
        rows.append([what, "**exponent**", exponents(sizes, times), "", "1 is linear"])
    columns = ["of", "size", "ms a run (least / median / greatest)", "µs a unit of size", ""]
    return table(columns, rows, right=[1, 2, 3])


def memory_table(name: str, sizes: Sequence[int], block: int) -> str:
    """Peak memory of processes that make so many runs; one before them compiles what is not yet compiled."""
    with Worker("memory_worker.py") as worker:
        worker.ask("megabytes", scenario=name, runs=1, block=1)
    rows = []
    for runs in sizes:
        with Worker("memory_worker.py") as worker:
            rows.append([f"{runs:,}", f"{worker.ask('megabytes', scenario=name, runs=runs, block=block):,.0f}"])
    return table(["runs", "peak memory, MB"], rows, right=[0, 1])
