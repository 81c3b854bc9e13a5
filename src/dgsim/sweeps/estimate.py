"""What a design will take, before it is begun: points, runs, bytes and time, measured on a few of its runs."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from dgsim.country import Country
from dgsim.study.limits import check_limits, is_sure
from dgsim.study.timing import SECONDS
from dgsim.sweeps.arrow import encoded
from dgsim.sweeps.blocks import Block, Parts, Recipe, block_of, recipe_of, run_block
from dgsim.sweeps.designs import Design
from dgsim.sweeps.files import RUNS_A_FILE
from dgsim.sweeps.points import Points
from dgsim.sweeps.workers import on_threads

PIECES = 4  # blocks a thread they are spread over


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take on this machine.

    stored        bytes of all files of the finished sweep
    seconds       on so many `threads`
    measured      runs that were made to find out
    """

    points: int
    runs: int
    stored: float
    seconds: float
    threads: int
    measured: int


def estimate(design: Design, country: Country) -> Estimate:
    """Make a few runs of a design, spread over all its points, and tell what all of them will take."""
    points, recipe, threads = Points(design), recipe_of(design, country), os.cpu_count() or 1
    run_block(recipe, block_of(points, 0, range(1)))
    first = _timed(recipe, [block_of(points, 0, range(1))])
    wanted = min(design.runs, max(threads, int(SECONDS * threads / first[0])))
    seconds, parts = _timed(recipe, list(_spread(points, wanted, threads * PIECES)))
    measured = sum(block_runs for block_runs, _ in parts)
    return Estimate(
        points=design.points,
        runs=design.runs,
        stored=_stored(design, points, [part for _, part in parts], measured),
        seconds=seconds / measured * design.runs,
        threads=threads,
        measured=measured,
    )


def check_size(design: Design, country: Country) -> None:
    """Raise StudyError, with the estimate, where a design is above what is begun unasked."""
    if not is_sure(design.runs, len(country), design.horizon, keep=bool(design.keep)):
        about = estimate(design, country)
        check_limits(design.name, about.runs, about.seconds, about.stored)


def _spread(points: Points, runs: int, pieces: int) -> Iterator[Block]:
    """So many runs in so many blocks, spread evenly over the design."""
    everything = points.design.runs
    pieces = min(pieces, runs)
    each = runs // pieces
    for piece in range(pieces):
        start = piece * everything // pieces
        yield block_of(points, piece, range(start, start + each))


def _timed(recipe: Recipe, blocks: list[Block]) -> tuple[float, list[tuple[int, Parts]]]:
    """Seconds on the clock, and the runs and parts of each block."""
    runs = {block.number: block.runs for block in blocks}
    start = time.perf_counter()
    results = [(runs[number], parts) for number, parts in on_threads(recipe, iter(blocks), lambda: False)]
    return time.perf_counter() - start, results


def _stored(design: Design, points: Points, parts: list[Parts], measured: int) -> float:
    """Bytes of all rows as those of the measured runs, and of what each file holds besides."""
    total = 0.0
    for table, a_file in RUNS_A_FILE.items():
        pieces = [pq.read_table(io.BytesIO(part[table])) for part in parts if table in part]
        if pieces:
            rows = pa.concat_tables(pieces)
            least = len(encoded(rows.slice(0, 1)))
            total += (len(encoded(rows)) - least) / measured * design.runs + least * (-(-design.runs // a_file))
    some = min(design.points, 1024)
    return total + len(encoded(points.table(0, some))) / some * design.points
