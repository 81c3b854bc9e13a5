"""The numbers by which a country is laid out for the model: a row each in `tables/structure.csv`.

No scenario sets them, and they are not looked up while the model runs: networks of peers and standings of provinces
are made with them before.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("tables") / "structure.csv"


@dataclass(frozen=True)
class Structure:
    """One number with its unit, the range it might as well lie in, and where it comes from."""

    number: str
    value: float
    unit: str
    low: float
    high: float
    label: str
    source: str
    basis: str  # of the value: assumed or published


def _rows() -> Mapping[str, Structure]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["number"]: _row(row) for row in csv.DictReader(file)})


def _row(row: dict[str, str]) -> Structure:
    value, low, high = (float(row[column]) for column in ("value", "low", "high"))
    return Structure(row["number"], value, row["unit"], low, high, row["label"], row["source"], row["basis"])


STRUCTURE = _rows()
