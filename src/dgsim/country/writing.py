"""From a Country to a folder of tables that loads as the same Country."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dgsim.country.country import Country
from dgsim.country.polygons import outlines_text
from dgsim.country.schema import NUMBER_COLUMNS, Column, columns_of
from dgsim.errors import CountryError
from dgsim.files import is_file, is_folder


def write_country(country: Country, folder: str | Path) -> None:
    """Write ``country`` in the form :func:`load_country` reads; ``folder`` must be new or empty.

    >>> import tempfile
    >>> from dgsim.country import load_country, synthetic_country
    >>> country = synthetic_country(12)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_country(country, folder)
    ...     load_country(folder) == country
    True
    """
    folder = Path(folder)
    if is_file(folder) or (is_folder(folder) and any(folder.iterdir())):
        raise CountryError(f"{folder}: there is something already; allowed: a new or an empty folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise CountryError(f"{folder}: cannot be made ({getattr(error, 'strerror', None) or error})") from None
    (folder / "country.toml").write_text(_passport(country), encoding="utf-8")
    _write(folder, "provinces", _province_rows(country))
    _write(folder, "borders", [(country.codes[a], country.codes[b], km) for a, b, km in country.borders])
    optional = {"observed": country.observations, "merger": country.mergers, "national": country.nation}
    optional["insets"] = country.inset_points
    for table, rows in optional.items():
        if rows:
            _write(folder, table, rows)
    _write(folder, "columns", map(_column_row, country.columns))
    if country.outlines is not None:
        text = outlines_text(country.name, country.codes, country.names, country.outlines)
        (folder / "provinces.geojson").write_text(text, encoding="utf-8")


def _passport(country: Country) -> str:
    facts = {
        "name": country.name,
        "vintage": country.vintage,
        "synthetic": country.synthetic,
        "currency": country.currency,
    }
    return "".join(f"{key} = {json.dumps(fact, ensure_ascii=False)}\n" for key, fact in facts.items())


def _province_rows(country: Country) -> Iterable[tuple[Any, ...]]:
    names = (country.codes, country.iso_codes, country.names, country.names_vi)
    numbers = (country.column(name).tolist() for name in NUMBER_COLUMNS)
    return zip(*names, country.types, country.regions, *numbers, strict=True)


def _column_row(column: Column) -> tuple[str, ...]:
    blank = "allowed" if column.blank else "refused"
    meaning = (column.kind, blank, column.lowest, column.highest, column.unit)
    return (column.table, column.column, *meaning, column.year, column.publisher, column.note)


def _write(folder: Path, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    form = columns_of(table)
    with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.column for column in form)
        for row in rows:
            writer.writerow(_cell(column, value) for column, value in zip(form, row, strict=True))


def _cell(column: Column, value: Any) -> str:
    if column.kind == "text":
        return str(value)
    if math.isnan(value):
        return ""
    return str(int(value)) if column.kind == "count" else repr(value)
