"""Records as text for other programs: JSON and CSV."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as plain dictionaries in the order of the columns; what is not a finite number is None."""
    for row in zip(*(table[name].tolist() for name in table.columns), strict=True):
        yield {name: _plain(value) for name, value in zip(table.columns, row, strict=True)}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_text(table: pd.DataFrame) -> str:
    """A JSON array of records, one a line.

    >>> print(json_text(pd.DataFrame({"outcome": ["use"], "mean": [float("nan")]})))
    [
      {"outcome": "use", "mean": null}
    ]
    """
    rows = [f"  {json.dumps(record, ensure_ascii=False, allow_nan=False)}" for record in records(table)]
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def json_texts(tables: Mapping[str, pd.DataFrame]) -> str:
    """A JSON object of several tables, each an array of records.

    >>> print(json_texts({"money": pd.DataFrame({"bvnd": [1.5]})}))
    {
    "money": [
      {"bvnd": 1.5}
    ]
    }
    """
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {json_text(table)}" for name, table in tables.items()) + "\n}"


def csv_text(table: pd.DataFrame) -> str:
    """A header and a line a row; missing values are empty."""
    return table.to_csv(index=False, lineterminator="\n").rstrip("\n")
