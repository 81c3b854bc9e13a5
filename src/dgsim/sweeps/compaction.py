"""From many parts to few files: the same bytes whatever the blocks were and in whatever order they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dgsim.errors import StoreError
from dgsim.sweeps.arrow import KEYS, failures, runs_in, with_failures, writer_options
from dgsim.sweeps.points import Points

ROWS = 65_536  # of a row group
FAILED_SCHEMA = pa.schema(
    [("point", pa.int32()), ("replication", pa.int32()), ("seed", pa.uint64()), ("reason", pa.string())]
)


def compact(sources: Sequence[Path], target: Path) -> None:
    """One file with the rows of the sources in their order, and all their failures. Raises OSError."""
    failed = [run for source in sources for run in failures_in(source)]
    schema = with_failures(pq.read_schema(sources[0]).empty_table(), failed).schema
    _write(target, schema, (pq.ParquetFile(source).read() for source in sources))


def rows_of_a_run(design: Mapping[str, Any], provinces: int, table: str) -> int | None:
    """The rows of every run in a table; None where they differ from run to run."""
    quarters = len(design["quarters"])
    return {"outcomes": quarters, "provinces": quarters * provinces}.get(table)


def fault_of(file: Path, wanted: Sequence[tuple[int, int]], rows: int | None) -> str:
    """What is wrong with a file that should hold the runs of these points and replications, each once.

    `rows` are those of every run, where they are known. Empty where nothing is wrong.
    """
    try:
        found = runs_in(pq.read_table(file, columns=list(KEYS)))
    except (pa.ArrowException, OSError, ValueError, KeyError):
        return "cannot be read"
    wrong = sorted(set(found) ^ set(wanted))
    if wrong:
        point, replication = wrong[0]
        return f"{'lacks' if wrong[0] in wanted else 'should not hold'} point {point}, replication {replication}"
    uneven = next((run for run, count in found.items() if rows is not None and count != rows), None)
    if uneven:
        return f"holds {found[uneven]} rows of point {uneven[0]}, replication {uneven[1]}, not {rows}"
    return ""


def write_points(points: Points, target: Path) -> None:
    """All points of the design. Raises OSError."""
    count = points.design.points
    pieces = (points.table(first, min(first + ROWS, count)) for first in range(0, count, ROWS))
    _write(target, points.table(0, 0).schema, pieces)


def write_failed(outcomes: Sequence[Path], target: Path) -> None:
    """The runs that are missing in files of outcomes: `point, replication, seed, reason`. Raises OSError."""
    rows = [run for path in outcomes for run in failures_in(path)]
    _write(target, FAILED_SCHEMA, iter([pa.Table.from_pylist(rows, FAILED_SCHEMA)]))


def failures_in(file: Path) -> list[dict[str, Any]]:
    """The runs that are missing in a file, with the reason of each; raises StoreError where it is no such file."""
    try:
        failed = failures(pq.read_schema(file))
        for run in failed:
            int(run["point"]), int(run["replication"]), int(run["seed"]), str(run["reason"])
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, RecursionError):
        raise StoreError(f"{file} cannot be read as a file of a sweep") from None
    return failed


def _write(target: Path, schema: pa.Schema, tables: Iterator[pa.Table]) -> None:
    """Row groups of equal length, whatever pieces the rows come in."""
    with target.open("wb") as file, pq.ParquetWriter(file, schema, **writer_options(schema)) as writer:
        waiting = schema.empty_table()
        for table in tables:
            waiting = pa.concat_tables([waiting, table.replace_schema_metadata(schema.metadata)])
            while len(waiting) >= ROWS:
                writer.write_table(waiting.slice(0, ROWS).combine_chunks(), ROWS)
                waiting = waiting.slice(ROWS)
        if len(waiting):
            writer.write_table(waiting.combine_chunks(), ROWS)
