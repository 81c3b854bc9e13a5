"""What a start costs: the first on a machine, which compiles all rules, and every later one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tables import met, table
from timing import Worker, number_text

from dgsim.world.cache import parent

FIRST, PLAIN, LATER = "the first on a machine", "the first, compiled in numba's plain way", "every later one"
FIRSTS = (FIRST, PLAIN)


class Start(NamedTuple):
    """What one start took: processor seconds, its peak of memory, and what stands in the cache afterwards."""

    seconds: float
    megabytes: float
    cache: float


GOALS = Start(seconds=22.0, megabytes=450.0, cache=15.0)  # at most, for the first on a machine


def start_table(scenario: str, folder: Path, firsts: Sequence[str]) -> str:
    """Processor seconds, memory and cache of first starts, each with an empty cache of its own, and of a later one."""
    found = {first: _started(scenario, folder / first.replace(" ", "-"), plain=first == PLAIN) for first in firsts}
    found[LATER] = _started(scenario, folder / FIRST.replace(" ", "-") if FIRST in firsts else parent())
    least = found[LATER].seconds
    rows = [
        [what, number_text(seconds), f"{seconds / least:.0f}", f"{peak:,.0f}", number_text(cache)]
        for what, (seconds, peak, cache) in found.items()
    ]
    columns = ["start", "processor seconds", "times a later one", "peak memory, MB", "cache, MB"]
    starts = table(columns, rows, right=[1, 2, 3, 4])
    return f"{starts}\n\n{goals_table(found[FIRST])}" if FIRST in found else starts


def goals_table(first: Start) -> str:
    """What was aimed at for the first start on a machine, what was measured, and whether it is reached."""
    lines = zip(("{:.0f} processor seconds", "{:.0f} MB of memory", "{:.0f} MB of cache"), GOALS, first, strict=True)
    rows = [
        [f"{FIRST} takes at most {what.format(goal)}", number_text(measured), met(measured <= goal)]
        for what, goal, measured in lines
    ]
    return table(["goal", "measured", "met"], rows, right=[1])


def _started(scenario: str, cache: Path, plain: bool = False) -> Start:
    """One start."""
    with Worker("start_worker.py", DGSIM_CACHE_DIR=str(cache), DGSIM_PLAIN_NUMBA=str(int(plain))) as worker:
        took = worker.ask("start", scenario=scenario)
    held = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    return Start(took["seconds"], took["megabytes"], held / 1e6)
