"""From a folder of tables to one checked Country."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from dgsim.country.checks import check_country
from dgsim.country.country import Country, Rows
from dgsim.country.polygons import read_outlines
from dgsim.country.reading import Sheet, check_range, read_sheet, read_text
from dgsim.country.schema import (
    DATA,
    FORM,
    NUMBER_COLUMNS,
    TEXT_COLUMNS,
    Column,
    column_from_cells,
    columns_of,
)
from dgsim.errors import CountryError, cut, did_you_mean
from dgsim.files import is_file, is_folder

PASSPORT = {"name": str, "vintage": str, "synthetic": bool, "currency": str}


def load_country(where: str | Path | Country | None = None) -> Country:
    """The packaged Viet Nam, or the country in a folder of tables.

    Every cell is checked, and what must hold between cells.

    Parameters
    ----------
    where : str, Path or Country, optional
        A folder with `country.toml`, `provinces.csv` and `borders.csv`, and perhaps `observed.csv`, `merger.csv`,
        `national.csv`, `provinces.geojson`, `insets.csv` and `columns.csv`; by default the 63 provinces of 2008 to
        2025. A Country is given back as it is.

    Returns
    -------
    Country
        Frozen.

    Raises
    ------
    CountryError
        If something is wrong: one sentence with file, line, value and what is allowed.

    Examples
    --------
    >>> from dgsim import load_country
    >>> load_country().vintage
    'division in force from 2008 to 30 June 2025'
    """
    if isinstance(where, Country):
        return where
    return _packaged() if where is None else _load(Path(where))


@cache
def _packaged() -> Country:
    return _load(DATA)


def _load(folder: Path) -> Country:
    if not is_folder(folder):
        raise CountryError(
            f"{folder}: no such folder; allowed: a folder with country.toml, provinces.csv and borders.csv"
        )
    passport = _passport(folder / "country.toml")
    sheet = read_sheet(folder / "provinces.csv", "provinces")
    if not sheet.rows:
        raise CountryError(f"{sheet.path}: no province; allowed: one row a province, at least one")
    form = [column.column for column in columns_of("provinces")]
    cells = dict(zip(form, zip(*sheet.rows, strict=True), strict=True))
    codes, iso_codes, names, names_vi, types, regions = (cells[name] for name in TEXT_COLUMNS)
    row_of = _rows_by_code(sheet, codes)
    map_file = folder / "provinces.geojson"
    country = Country(
        **passport,
        codes=codes,
        iso_codes=iso_codes,
        names=names,
        names_vi=tuple(own or english for own, english in zip(names_vi, names, strict=True)),
        types=types,
        regions=regions,
        numbers=np.array([cells[name] for name in NUMBER_COLUMNS], dtype=np.float64),
        borders=_borders(read_sheet(folder / "borders.csv", "borders"), row_of),
        observations=_observations(folder, row_of),
        mergers=_mergers(folder, row_of),
        nation=_optional(folder, "national").rows,
        outlines=read_outlines(map_file, row_of) if is_file(map_file) else None,
        inset_points=_insets(folder, row_of),
        columns=_columns(folder / "columns.csv"),
    )
    check_country(country, str(sheet.path))
    return country


def _passport(path: Path) -> dict[str, Any]:
    """``country.toml``: what the country is called, its division, whether it is made up, and its currency."""
    text = read_text(path)
    try:
        said = tomllib.loads(text)
    except RecursionError:
        raise CountryError(f"{path}: is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits too
        raise CountryError(f"{path}: not TOML ({error})") from None
    for key in said:
        if key not in PASSPORT:
            raise CountryError(f"{path}: unknown key {cut(key)!r}{did_you_mean(key, PASSPORT)}")
    for key, kind in PASSPORT.items():
        if key not in said:
            raise CountryError(f"{path}: key {key!r} is missing")
        if not isinstance(said[key], kind) or said[key] == "":
            allowed = "true or false" if kind is bool else "a text in quotes, not blank"
            raise CountryError(f"{path}: {key} = {cut(repr(said[key]))} is not {allowed}")
    return said


def _rows_by_code(sheet: Sheet, codes: tuple[str, ...]) -> dict[str, int]:
    row_of: dict[str, int] = {}
    for row, (line, code) in enumerate(zip(sheet.lines, codes, strict=True)):
        if row_of.setdefault(code, row) != row:
            first = sheet.lines[row_of[code]]
            raise CountryError(
                f"{sheet.path} line {line}: province_code = {code} stands in line {first} too; allowed: once"
            )
    return row_of


def _check_known(where: str, column: str, code: str, row_of: Mapping[str, int]) -> None:
    if code not in row_of:
        near = did_you_mean(code, row_of)
        raise CountryError(f"{where}: {column} = {cut(code)} is not a province_code of provinces.csv{near}")


def _borders(sheet: Sheet, row_of: Mapping[str, int]) -> tuple[tuple[int, int, float], ...]:
    """(row, row, km), the lower row first, sorted."""
    lengths: dict[tuple[int, int], float] = {}
    for line, (code_a, code_b, km) in zip(sheet.lines, sheet.rows, strict=True):
        where = f"{sheet.path} line {line}"
        _check_known(where, "code_a", code_a, row_of)
        _check_known(where, "code_b", code_b, row_of)
        if code_a == code_b:
            raise CountryError(f"{where}: code_b = {code_b} is code_a too; allowed: another province")
        low, high = sorted((row_of[code_a], row_of[code_b]))
        if (low, high) in lengths:
            raise CountryError(f"{where}: the border of {code_a} and {code_b} stands there twice; allowed: once")
        lengths[low, high] = km
    return tuple((low, high, km) for (low, high), km in sorted(lengths.items()))


def _optional(folder: Path, table: str) -> Sheet:
    path = folder / f"{table}.csv"
    return read_sheet(path, table) if is_file(path) else Sheet(path, (), ())


def _observations(folder: Path, row_of: Mapping[str, int]) -> Rows:
    """``observed.csv``: known provinces, nothing measured twice, known indicators within their range."""
    sheet = _optional(folder, "observed")
    indicators = {column.column: column for column in columns_of("observed.value")}
    seen = set()
    for line, (code, indicator, year, value, _) in zip(sheet.lines, sheet.rows, strict=True):
        where = f"{sheet.path} line {line}"
        _check_known(where, "province_code", code, row_of)
        if (code, indicator, year) in seen:
            raise CountryError(f"{where}: {indicator} of {code} in {year} stands there twice; allowed: once")
        seen.add((code, indicator, year))
        if indicator in indicators:
            check_range(where, indicators[indicator], value)
    return sheet.rows


def _mergers(folder: Path, row_of: Mapping[str, int]) -> Rows:
    """``merger.csv``: each province of the table once."""
    sheet = _optional(folder, "merger")
    seen = set()
    for line, (code, *_) in zip(sheet.lines, sheet.rows, strict=True):
        _check_known(f"{sheet.path} line {line}", "old_code", code, row_of)
        if code in seen:
            raise CountryError(f"{sheet.path} line {line}: old_code = {code} stands there twice; allowed: once")
        seen.add(code)
    for code in row_of:
        if seen and code not in seen:
            raise CountryError(f"{sheet.path}: province {code} is not in column old_code; allowed: every province once")
    return sheet.rows


def _insets(folder: Path, row_of: Mapping[str, int]) -> Rows:
    """``insets.csv``: known provinces, each inset of one province and one name, no place twice."""
    sheet = _optional(folder, "insets")
    meant: dict[str, tuple[str, str]] = {}
    places = set()
    for line, (name, own, place, code, longitude, latitude, _) in zip(sheet.lines, sheet.rows, strict=True):
        where = f"{sheet.path} line {line}"
        _check_known(where, "province_code", code, row_of)
        for column, value, first in zip(
            ("name_vi", "province_code"), (own, code), meant.setdefault(name, (own, code)), strict=True
        ):
            if value != first:
                raise CountryError(
                    f"{where}: {column} = {value} of the inset {name} differs; allowed: {first}, as above"
                )
        if (longitude, latitude) in places:
            raise CountryError(f"{where}: {place} stands at a point of another row; allowed: each point once")
        places.add((longitude, latitude))
    return sheet.rows


def _columns(path: Path) -> tuple[Column, ...]:
    """The form with the folder's own years, publishers and notes; without ``columns.csv`` these are blank."""
    table = "columns"
    names = [column.column for column in columns_of(table)]
    form = {(column.table, column.column): replace(column, year="", publisher="", note="") for column in FORM}
    sheet = read_sheet(path, table) if is_file(path) else Sheet(path, (), ())
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        said = dict(zip(names, row, strict=True))
        key = (said["table"], said["column"])
        if key not in form:
            near = did_you_mean(".".join(key), [".".join(known) for known in form])
            raise CountryError(f"{path} line {line}: unknown column {cut('.'.join(key))!r}{near}")
        _check_meaning(f"{path} line {line}", said, form[key])
        form[key] = column_from_cells(said)
    return tuple(form.values())


def _check_meaning(where: str, said: Mapping[str, str], known: Column) -> None:
    """A folder may say where its figures come from, not what they mean."""
    blank = "allowed" if known.blank else "refused"
    form = {
        "kind": known.kind,
        "blank": blank,
        "low": known.lowest,
        "high": known.highest,
        "unit": known.unit,
    }
    for field, meant in form.items():
        if said[field] != meant:
            raise CountryError(
                f"{where}: {field} = {cut(said[field])!r} of {known.table}.{known.column} is not the form's; "
                f"allowed: {meant!r}"
            )
