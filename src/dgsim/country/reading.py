"""Reads one table of a country and refuses, with file, line, column and value, what is not in the form."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dgsim.country.schema import Column, columns_of
from dgsim.errors import CountryError, cut, did_you_mean, other_separator
from dgsim.files import is_file

LARGEST_FILE = 2**27  # bytes; the map of 63 provinces has 100 thousand


class Sheet(NamedTuple):
    """A table as read: its file, and per row its line there and its cells in the order of the form."""

    path: Path
    lines: tuple[int, ...]
    rows: tuple[tuple[Any, ...], ...]


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte order mark is dropped)."""
    if not is_file(path):
        if not os.path.lexists(path):
            raise CountryError(f"{path}: the file is missing")
        raise CountryError(f"{path}: the file cannot be read (it is a folder, or has no end)")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise CountryError(f"{path}: has {size:,} bytes; at most {LARGEST_FILE:,} are read")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CountryError(f"{path}: byte {error.start} is not UTF-8 text") from None
    except OSError as error:
        raise CountryError(f"{path}: the file cannot be read ({error.strerror})") from None


def read_sheet(path: Path, table: str) -> Sheet:
    """Read ``table`` from the CSV file ``path``; its columns may stand in any order."""
    form = columns_of(table)
    table_lines = _lines(path)
    _, header = next(table_lines, (1, []))
    order = _columns(path, header, form)
    lines, rows = [], []
    for line, cells in table_lines:
        where = f"{path} line {line}"
        if len(cells) != len(header):
            raise CountryError(f"{where}: {len(cells)} cells; allowed: {len(header)}, as in the header")
        texts = [cells[at] for at in order]
        rows.append(tuple([_value(where, column, text) for column, text in zip(form, texts, strict=True)]))
        lines.append(line)
    return Sheet(path, tuple(lines), tuple(rows))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of every line that is not empty."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise CountryError(f"{path} line {reader.line_num}: not CSV ({error})") from None


def _columns(path: Path, header: list[str], form: tuple[Column, ...]) -> list[int]:
    """Where each column of the form stands in the header."""
    names = [column.column for column in form]
    if wrong := other_separator(header):
        raise CountryError(f"{path} line 1: {wrong}")
    for name in header:
        if name not in names:
            absent = [known for known in names if known not in header]
            raise CountryError(f"{path} line 1: unknown column {cut(name)!r}{did_you_mean(name, absent or names)}")
        if header.count(name) > 1:
            raise CountryError(f"{path} line 1: column {name!r} stands there {header.count(name)} times")
    for column in form:
        if column.column not in header:
            raise CountryError(f"{path} line 1: column {column.column!r} ({column.unit}) is missing")
    return [header.index(name) for name in names]


def _value(where: str, column: Column, text: str) -> Any:
    """A cell in its kind: text, whole number or float (NaN where a blank is allowed)."""
    if not text and not column.blank:
        raise CountryError(f"{where}: {column.column} is blank where a value is needed ({column.unit})")
    if column.kind == "text":
        wrong = next((letter for letter in text if not letter.isprintable() or letter in "<>"), None)
        if wrong is not None:
            raise CountryError(
                f"{where}: {column.column} = {cut(text)!r} has {wrong!r} in it; "
                "allowed: what is printed, but not < and >"
            )
        return text
    return _number(where, column, text) if text else math.nan


def _number(where: str, column: Column, text: str) -> float:
    """``text`` as a finite number within the column's range; a count comes back as a whole number."""
    try:
        value = float(text)
    except ValueError:
        raise _refusal(where, column, text, "is not a number") from None
    if not math.isfinite(value) or "_" in text:
        raise _refusal(where, column, text, "is not a finite number in plain digits")
    if column.kind == "count" and value != int(value):
        raise _refusal(where, column, text, "is not a whole number")
    check_range(where, column, value, text)
    return int(value) if column.kind == "count" else value


def check_range(where: str, column: Column, value: float, text: str = "") -> None:
    """Refuse a ``value`` outside the column's range; ``text`` is how it was written."""
    if not column.holds(value):
        raise _refusal(where, column, text or repr(value), "is outside what is allowed")


def _refusal(where: str, column: Column, text: str, why: str) -> CountryError:
    return CountryError(f"{where}: {column.column} = {cut(text)} {why} ({column.unit}; allowed: {column.allowed})")
