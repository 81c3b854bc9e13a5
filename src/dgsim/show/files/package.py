"""What the columns of the CSV files in a folder are, beside them: a Data Package (datapackage.org), version 2."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from dgsim.show.files.folder import CSV_DIGITS, NOTHING

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
ABOUT = Path(__file__).with_name("fields.csv")


class About(NamedTuple):
    """What a column holds, and in which unit; empty where it has none."""

    unit: str
    description: str


@cache
def _known() -> dict[tuple[str, str], About]:
    """What is known of columns, by table (empty: of any) and name."""
    with ABOUT.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["field"]): About(row["unit"], row["description"]) for row in csv.DictReader(file)}


def package_text(tables: Mapping[str, pd.DataFrame], stocks: Mapping[str, About]) -> str:
    """The description of every table's CSV file: type, unit and meaning of each column, as JSON.

    `stocks` are the provinces' stocks, which are columns of the table `provinces`.
    """
    resources = [
        {
            "name": name.replace("_", "-"),
            "path": f"{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "description": f"Numbers have {CSV_DIGITS} significant digits, and 0 stands for what is nearer to it than "
            f"{NOTHING:g}; {name}.parquet has them in full.",
            "schema": {"fields": [_field(name, table[column], stocks) for column in table], "missingValues": [""]},
        }
        for name, table in tables.items()
    ]
    package = {"$schema": PROFILE, "name": "dgsim-results", "resources": resources}
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _field(table: str, column: pd.Series, stocks: Mapping[str, About]) -> dict[str, Any]:
    name, known = str(column.name), _known()
    about = stocks.get(name) if table == "provinces" else None
    about = about or known.get((table, name)) or known.get(("", name))
    field: dict[str, Any] = {"name": name, "type": _type(column)}
    if about:
        field |= {"description": about.description} | ({"unit": about.unit} if about.unit else {})
    return field


def _type(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"
