"""Replications of a scenario, on all cores.

>>> from dgsim.country import load_country
>>> from dgsim.scenario import load_scenario
>>> runs = run_replications(load_scenario("history"), load_country(), seed=7, replications=range(2))
>>> runs.outcomes.shape[0]
2
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from dgsim.country import Country
from dgsim.engine.compiled_first import compile_with_word
from dgsim.engine.driver import RunParts, run_world
from dgsim.engine.sets import ParameterSets
from dgsim.engine.setup import Setup
from dgsim.errors import LARGEST_REPLICATION, StudyError, whole_number
from dgsim.scenario import DEFAULT_HORIZON, Scenario
from dgsim.world.digest import digest_of
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import PANEL

Progress = Callable[[int, int], None]
MOST_HELD = 10**6  # runs whose outcomes are held in memory
BYTES_A_RUN = DEFAULT_HORIZON * N_OUTCOMES * np.dtype(float).itemsize
HELD_AT_ONCE = 256  # replications whose provinces are held in memory at once


def run_count(value: object, what: str = "replications", lowest: int = 1) -> int:
    """A number of runs that are held in memory; raises StudyError where it is none, or too many, with the estimate.

    >>> run_count(200)
    200
    """
    number = whole_number(value, what, lowest, LARGEST_REPLICATION)
    if number > MOST_HELD:
        raise StudyError(
            f"{what} = {number:,} is above {MOST_HELD:,}: their outcomes would take some "
            f"{number * BYTES_A_RUN / 1e9:,.0f} GB of memory; a sweep keeps them on the disk"
        )
    return number


@dataclass(frozen=True)
class Runs:
    """What came out of the replications of one scenario.

    outcomes: float64 [replication, quarter, outcome], in the order of ``dgsim.world.tables.OUTCOME_NAMES``
    provinces: records of the provinces' stocks [replication, quarter, province], or None
    ledger: one array of entries a replication, or None
    choices: one array of weighed options a replication, or None
    means: float64 [quarter, province, stock], the stocks of the provinces as means over the replications, or None
    """

    outcomes: np.ndarray
    provinces: np.ndarray | None
    ledger: list[np.ndarray] | None
    choices: list[np.ndarray] | None
    means: np.ndarray | None = None


@cache
def rules_digest() -> str:
    """Hash of what a result depends on (64 hexadecimal digits): the code a run goes through, and its numbers."""
    return digest_of(ParameterSets, run_world)


def run_replications(
    scenario: Scenario,
    country: Country,
    *,
    seed: int = 0,
    replications: Iterable[int] = range(200),
    keep: Iterable[str] = (),
    watch: tuple[int, int] | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    parameters: Sequence[Mapping[str, float]] | None = None,
    change: Callable[[Setup], Setup] | None = None,
) -> Runs:
    """Run the replications of a scenario on `workers` threads (default: all cores).

    `keep` may name "provinces", "means" (of the provinces' stocks), "ledger" and "choices"; `watch` = (province,
    quarter) narrows the choices that are kept, -1 standing for all. `parameters` are sets of uncertain parameters:
    replication r uses set r modulo their number, and the scenario's own assumptions win; `change` alters the setup of
    every set before it is run. Results do not depend on the number of workers. Raises SetupError.
    """
    compile_with_word()
    sets = ParameterSets(scenario, country, parameters, change)
    numbers = list(replications)
    wanted = frozenset(keep)
    recorded = wanted | {"provinces"} if "means" in wanted else wanted
    one = partial(run_world, keep=recorded, watch=watch)
    results: dict[int, RunParts] = {}
    pool = ThreadPoolExecutor(workers or os.cpu_count() or 1)
    try:
        rows = {pool.submit(one, sets.of(number), seed, number): row for row, number in enumerate(numbers)}
        for done, future in enumerate(as_completed(rows), start=1):
            results[rows[future]] = future.result()
            if progress is not None:
                progress(done, len(numbers))
    finally:
        pool.shutdown(cancel_futures=True)
    outcomes, panels, journals, choices = zip(*(results[row] for row in range(len(numbers))), strict=True)
    return Runs(
        outcomes=np.stack(outcomes),
        provinces=np.stack(panels) if "provinces" in wanted else None,
        ledger=list(journals) if "ledger" in wanted else None,
        choices=list(choices) if "choices" in wanted else None,
        means=_means(panels) if "means" in wanted else None,
    )


def spans(numbers: range, size: int) -> Iterator[range]:
    """Numbers in a row, so many at a time.

    >>> list(spans(range(3, 8), 2))
    [range(3, 5), range(5, 7), range(7, 8)]
    """
    return (numbers[first : first + size] for first in range(0, len(numbers), size))


def batches(
    scenario: Scenario,
    country: Country,
    replications: int,
    *,
    size: int = HELD_AT_ONCE,
    progress: Progress | None = None,
    **arguments: Any,
) -> Iterator[tuple[range, Runs]]:
    """Run so many replications a batch at a time: the numbers of each batch and its runs.

    The other arguments are those of :func:`run_replications`.
    """
    for numbers in spans(range(replications), size):
        told = shifted(progress, numbers.start, replications)
        yield numbers, run_replications(scenario, country, replications=numbers, progress=told, **arguments)


def shifted(progress: Progress | None, before: int, all_runs: int) -> Progress | None:
    """Progress of one batch, told as progress of the whole."""
    if progress is None:
        return None
    return lambda done, _: progress(before + done, all_runs)


def _means(panels: Sequence[np.ndarray]) -> np.ndarray:
    """Means of panels, summed in the order of the replications; to stack the panels would take as long as two runs."""
    total = np.zeros((*panels[0].shape, len(PANEL.names or ())))
    for panel in panels:
        total += panel.view(np.float64).reshape(total.shape)
    return total / len(panels)
