"""What a sweep costs beside its runs: storing, memory, threads, processes; the figures of docs/scaling.md.

    python benchmarks/sweeps.py                            print the tables (about six minutes)
    python benchmarks/sweeps.py --quick                    in a minute, with fewer runs and rounds
    python benchmarks/sweeps.py --write docs/scaling.md    put them into the page, between its marks

Needs the extra `cluster` for the row of processes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from memory_worker import peak
from tables import table
from timing import Spread, Times, Worker, answer, in_turns, machine, number_text, processor_seconds, ratios

from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.driver import run_world
from dgsim.engine.setup import varied_setup
from dgsim.sweeps.blocks import Block, Recipe, block_of, recipe_of, run_block
from dgsim.sweeps.cluster import on_dask
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.designs import Design
from dgsim.sweeps.identity import new_manifest
from dgsim.sweeps.points import Points
from dgsim.sweeps.store import opened_store
from dgsim.sweeps.sweep import sweep
from dgsim.sweeps.workers import Runner, on_threads

DESIGN: dict[str, Any] = {
    "scenarios": ["staged"],
    "uncertain": ["choice"],
    "replications": 4,
    "sample": {"method": "latin_hypercube"},
}
KEPT: dict[str, dict[str, Any]] = {
    "outcomes of the last quarter": {},
    "outcomes of every quarter": {"quarters": "all"},
    "and provinces of the last quarter": {"keep": ["provinces"]},
    "and the ledger": {"keep": ["ledger"]},
}


BEGIN, END = "<!-- made by benchmarks/sweeps.py --write -->", "<!-- end of what it made -->"


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds, runs in one of them, runs whose memory is measured."""

    rounds: int
    runs: int
    memory: tuple[int, ...]


SIZES = {"full": Size(5, 256, (1_000, 10_000, 100_000)), "quick": Size(2, 64, (256, 1_024))}


def design_of(runs: int, **keys: Any) -> Design:
    """A sweep of so many runs, four at each point."""
    return load_design({**DESIGN, "sample": {**DESIGN["sample"], "points": runs // 4}, **keys})


def blocks_of(points: Points, size: int) -> Iterator[Block]:
    """All blocks of a design."""
    for number, first in enumerate(range(0, points.design.runs, size)):
        yield block_of(points, number, range(first, first + size))


def simulated(recipe: Recipe, points: Points) -> None:
    """All runs, one after the other, their results dropped."""
    for block in blocks_of(points, points.design.runs):
        for point, replications in block.points:
            setup = varied_setup(recipe.setups[point.scenario], recipe.country, point.values)
            for replication in replications:
                run_world(setup, recipe.seed, replication, keep=frozenset(recipe.keep))


def stored(recipe: Recipe, points: Points, country: Country, folder: Path) -> None:
    """The same, kept: block by block into a store, compacted at the end."""
    design = points.design
    manifest = new_manifest(design, country, None, 16 if design.keep else 64)
    with opened_store(folder, manifest, points, resume=False) as store:
        for number in store.missing():
            store.put(number, run_block(recipe, block_of(points, number, store.runs_of(number))))
        store.finish()


def storing(name: str, size: Size, parent: Path) -> list[str]:
    """A row: a run alone, a run stored, the ratio, bytes a run."""
    country = load_country()
    runs = size.runs // 4 if "keep" in KEPT[name] else size.runs
    points = Points(design_of(runs, **KEPT[name]))
    recipe, folder = recipe_of(points.design, country), parent / "stored"
    stored(recipe, points, country, folder)
    taken = sum(path.stat().st_size for path in folder.rglob("*.parquet"))

    def again() -> None:
        shutil.rmtree(folder)
        stored(recipe, points, country, folder)

    times: Times = in_turns(
        [
            lambda: {"alone": processor_seconds(partial(simulated, recipe, points)) / runs * 1000},
            lambda: {"stored": processor_seconds(again) / runs * 1000},
        ],
        size.rounds,
    )
    shutil.rmtree(folder)
    spreads = [str(Spread.of(times[key])) for key in ("alone", "stored")]
    return [name, *spreads, str(ratios(times, "stored", "alone")), f"{taken / runs:,.0f}"]


@contextmanager
def one_thread() -> Iterator[Runner]:
    """A runner on one thread."""
    yield partial(on_threads, threads=1)


@contextmanager
def all_threads() -> Iterator[Runner]:
    """A runner on all cores."""
    yield on_threads


def rates(size: Size) -> str:
    """Runs a second on the clock: one thread, all threads, two Dask processes, in turns."""
    points = Points(design_of(size.runs * 4))
    recipe = recipe_of(points.design, load_country())

    def measured(name: str, run: Runner) -> Callable[[], Mapping[str, float]]:
        def measure() -> Mapping[str, float]:
            began = time.perf_counter()
            for _ in run(recipe, blocks_of(points, 64), lambda: False):
                pass
            return {name: points.design.runs / (time.perf_counter() - began)}

        return measure

    with one_thread() as one, all_threads() as every, on_dask(workers=2) as dask:
        contenders = {"one thread": one, "two threads": every, "two Dask processes": dask}
        for run in contenders.values():
            measured("", run)()
        times = in_turns([measured(name, run) for name, run in contenders.items()], size.rounds)
    rows = [[name, str(Spread.of(times[name])), str(ratios(times, name, "one thread"))] for name in contenders]
    return table(["blocks on", "runs a second", "against one thread"], rows, right=[1, 2])


def megabytes(runs: int) -> float:
    """Peak memory of this process after a sweep of so many runs: six provinces, for memory holds blocks, not worlds."""
    design = design_of(runs, uncertain="all", horizon={"stop_after": 8})
    with tempfile.TemporaryDirectory() as folder:
        sweep(design, folder, country=synthetic_country(6, seed=1))
    return peak()


def memory(size: Size) -> str:
    """Peak memory of sweeps of more and more runs, each in a process of its own."""
    rows = []
    for runs in size.memory:
        with Worker("sweeps.py", "--answer") as worker:
            rows.append([f"{runs:,}", number_text(worker.ask("megabytes", runs=runs))])
    return table(["runs", "peak memory, MB"], rows, right=[0, 1])


def figures(size: Size) -> str:
    """All tables, each with what it shows."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [storing(name, size, Path(folder)) for name in KEPT]
    columns = ["what is kept", "a run alone, ms", "a run stored, ms", "stored against alone", "bytes a run"]
    return "\n\n".join(
        [f"Made on {machine()}.", table(columns, rows, right=[1, 2, 3, 4]), rates(size), memory(size)],
    )


def put(text: str, page: Path) -> None:
    """Put text into a page, between its marks."""
    before, after = page.read_text(encoding="utf-8").split(BEGIN)[0], page.read_text(encoding="utf-8").split(END)[1]
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables, or put them into a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this page")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer({"megabytes": megabytes})
        return
    text = figures(SIZES["quick" if options.quick else "full"])
    if options.write:
        put(text, options.write)
    else:
        print(text)


if __name__ == "__main__":
    main()
