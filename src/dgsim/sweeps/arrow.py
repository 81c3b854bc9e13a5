"""What runs leave in the store, as Arrow tables: `outcomes` always, `provinces` and `ledger` where they are kept.

Text is stored as text and numbers as they are, so that any reader of Parquet understands a file by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dgsim.scenario import quarter_text
from dgsim.study.frames import ITEM_NAMES
from dgsim.world.state import ENTRY
from dgsim.world.tables import FLOWS

FAILED_KEY = b"dgsim.failed"  # key of a file's metadata: the runs that are missing in it, and why
PROVENANCE = b"dgsim.place"  # key of a part's metadata: its sweep, its block and the runs that stand in it
TEXTS = ("quarter", "province_code", "flow", "item", "scenario", "reason")
KEYS = ("point", "replication")


class Runs:
    """The numbers of the runs that have rows in a table: int32 arrays [run]."""

    def __init__(self, points: Sequence[int], replications: Sequence[int]) -> None:
        self.points = np.array(points, dtype=np.int32)
        self.replications = np.array(replications, dtype=np.int32)

    def columns(self, rows: int | Sequence[int]) -> dict[str, pa.Array]:
        """Point and replication of every row, with so many rows a run."""
        counts = np.array(rows, dtype=int)
        return {
            "point": pa.array(np.repeat(self.points, counts)),
            "replication": pa.array(np.repeat(self.replications, counts)),
        }


def outcomes_table(runs: Runs, quarters: Sequence[int], names: Sequence[str], values: np.ndarray) -> pa.Table:
    """A row a run and quarter, a column an outcome, from `values[run, quarter, outcome]`."""
    count = len(values)
    columns = {name: pa.array(values[..., column].ravel()) for column, name in enumerate(names)}
    when = _named(np.tile(np.arange(len(quarters)), count), [quarter_text(quarter) for quarter in quarters])
    return pa.table(runs.columns(len(quarters)) | {"quarter": when} | columns)


def provinces_table(runs: Runs, quarters: Sequence[int], codes: Sequence[str], panel: np.ndarray) -> pa.Table:
    """A row a run, quarter and province, a column a stock, from `panel[run, quarter, province]`."""
    count, _, provinces = panel.shape
    when = np.tile(np.repeat(np.arange(len(quarters)), provinces), count)
    names = {
        "quarter": _named(when, [quarter_text(quarter) for quarter in quarters]),
        "province_code": _named(np.tile(np.arange(provinces), count * len(quarters)), codes),
    }
    stocks = {name: pa.array(panel[name].ravel()) for name in panel.dtype.names or ()}
    return pa.table(runs.columns(len(quarters) * provinces) | names | stocks)


def ledger_table(runs: Runs, horizon: int, codes: Sequence[str], books: Sequence[np.ndarray]) -> pa.Table:
    """A row an entry of runs of so many quarters, amounts in whole million VND; the centre has no province_code."""
    entries = np.concatenate([np.zeros(0, ENTRY), *books])
    names = {
        "quarter": _named(entries["quarter"], [quarter_text(quarter) for quarter in range(horizon)]),
        "flow": _named(entries["flow"], [flow.flow for flow in FLOWS]),
        "province_code": _named(entries["province"], codes),
        "item": _named(entries["item"], ITEM_NAMES),
    }
    return pa.table(runs.columns([len(book) for book in books]) | names | {"amount": pa.array(entries["amount"])})


def _named(codes: np.ndarray, names: Sequence[str]) -> pa.Array:
    """Texts from their codes; a code below zero is missing. All names are in the dictionary, in their order."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))


def writer_options(schema: pa.Schema) -> dict[str, Any]:
    """How every file of a sweep is written, so that the same rows make the same bytes."""
    texts = [name for name in schema.names if name in (*KEYS, *TEXTS)]
    return {"compression": "zstd", "compression_level": 1, "use_dictionary": texts, "version": "2.6"}


def with_failures(table: pa.Table, failed: Sequence[dict[str, Any]]) -> pa.Table:
    """The table with a record of the runs that are missing in it."""
    return table.replace_schema_metadata({FAILED_KEY: json.dumps(list(failed)).encode()})


def failures(schema: pa.Schema) -> list[dict[str, Any]]:
    """The runs that are missing in a file, with the reason of each."""
    failed: list[dict[str, Any]] = json.loads((schema.metadata or {}).get(FAILED_KEY, b"[]"))
    return failed


def encoded(table: pa.Table, provenance: Mapping[str, Any] | None = None) -> bytes:
    """The table as the bytes of a Parquet file that says where it belongs."""
    metadata = {**(table.schema.metadata or {}), PROVENANCE: json.dumps(provenance).encode()}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(metadata), sink, **writer_options(table.schema))
    return bytes(sink.getvalue())


def provenance_of(schema: pa.Schema) -> Any:
    """Where a part says that it belongs; None where it says nothing."""
    return json.loads((schema.metadata or {}).get(PROVENANCE, b"null"))


def runs_in(table: pa.Table) -> dict[tuple[int, int], int]:
    """The rows of every run in a table, by point and replication."""
    counted = table.group_by(list(KEYS)).aggregate([([], "count_all")])
    pairs = zip(counted["point"].to_pylist(), counted["replication"].to_pylist(), strict=True)
    return dict(zip(pairs, counted["count_all"].to_pylist(), strict=True))
