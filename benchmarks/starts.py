"""What a start costs: the first on a machine, which compiles all rules, and every later one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tables import table
from timing import Worker, number_text

from dgsim.world.cache import parent

FIRST, PLAIN, LATER = "the first on a machine", "the first, compiled in numba's plain way", "every later one"
FIRSTS = (FIRST, PLAIN)


def start_table(scenario: str, folder: Path, firsts: Sequence[str]) -> str:
    """Processor seconds, memory and cache of first starts, each with an empty cache of its own, and of a later one."""
    found = {first: _started(scenario, folder / first.replace(" ", "-"), plain=first == PLAIN) for first in firsts}
    found[LATER] = _started(scenario, folder / FIRST.replace(" ", "-") if FIRST in firsts else parent())
    least = found[LATER][0]
    rows = [
        [what, number_text(seconds), f"{seconds / least:.0f}", f"{peak:,.0f}", number_text(cache)]
        for what, (seconds, peak, cache) in found.items()
    ]
    columns = ["start", "processor seconds", "times a later one", "peak memory, MB", "cache, MB"]
    return table(columns, rows, right=[1, 2, 3, 4])


def _started(scenario: str, cache: Path, plain: bool = False) -> tuple[float, float, float]:
    """One start: processor seconds, peak memory and what stands in the cache afterwards, MB."""
    with Worker("start_worker.py", DGSIM_CACHE_DIR=str(cache), DGSIM_PLAIN_NUMBA=str(int(plain))) as worker:
        took = worker.ask("start", scenario=scenario)
    held = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    return took["seconds"], took["megabytes"], held / 1e6
