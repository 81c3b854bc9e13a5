"""A sweep that takes no time: a made-up country of six provinces, six quarters, a hundred runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dgsim.country import Country, synthetic_country

DESIGN: Mapping[str, Any] = {
    "name": "small",
    "scenarios": ["history", "staged"],
    "uncertain": ["care", "leakage"],
    "replications": 6,
    "seed": 11,
    "horizon": {"stop_after": 6},
    "levers": {"matching_rate": [0.0, 0.5]},
    "sample": {"points": 4},
}
RUNS, BLOCK = 96, 4
ALL_TABLES = {**DESIGN, "keep": ["provinces", "ledger"], "quarters": ["2020Q2", "2021Q2"]}


@cache
def land() -> Country:
    """Six provinces."""
    return synthetic_country(6, seed=1)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder that is content, by name."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not name.startswith(".")}


CHILD = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests themselves run in the background
from small_sweep import ALL_TABLES, BLOCK, land
from dgsim.engine import run
from dgsim.sweeps import blocks
from dgsim.sweeps.sweep import sweep
from dgsim.world import cache
run.rules_digest()  # of the rules as they stand, before they are slowed
quick = run.run_world
def slow(*arguments, **options):
    time.sleep(0.01)
    return quick(*arguments, **options)
run.run_world = blocks.run_world = slow
cache.compiled_before = lambda *_: True
"""


def child(statement: str) -> subprocess.Popen[str]:
    """A process of its own in which every run takes a while, and a statement that may use `sweep` and `land`."""
    paths = [str(Path(__file__).parent), *sys.path]
    script = f"import sys\nsys.path[:] = {paths!r}\n{CHILD}\n{statement}"
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
