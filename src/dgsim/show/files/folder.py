"""A folder of results: written under temporary names and renamed, so that no half-written file is seen."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pandas as pd

from dgsim.errors import FolderError
from dgsim.files import PARTIAL, is_file, is_folder, replaced

RECORD = "run.json"
GENERATOR = '<meta name="generator" content="dgsim'
REACH = 8000  # bytes from the beginning of a page that tell whose it is
ZIPPED, PROPERTIES, MADE_BY = b"PK", "docProps/core.xml", b"dgsim</dc:creator>"  # of a file of Word or Excel
FIGURES = (".png", ".svg")
CSV_DIGITS = 10  # significant digits of numbers in CSV
NOTHING = 1e-12  # what is nearer to nought is what arithmetic left over
LONGEST_REASON = 200  # letters
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")  # what a text begins with that they would take for a formula
Writer = Callable[[Path], None]


def check_folder(folder: Path) -> None:
    """Make the folder if need be; raises FolderError if results cannot or should not be written into it.

    A folder that holds anything must be an earlier output of dgsim: only then are its files replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        names = [path.name for path in folder.iterdir() if not path.name.startswith(PARTIAL)]
    except FileExistsError:
        raise FolderError(f"{folder} is a file: name a folder for the results") from None
    except (OSError, ValueError) as error:
        raise FolderError(f"{folder} cannot be written to: {_system(error)}") from None
    if names and earlier_record(folder) is None:
        raise FolderError(f"{folder} is not empty and holds no earlier results of dgsim: name another folder")


def _system(error: OSError | ValueError) -> str:
    """What the system says of a file; of a name that it cannot even be asked about, what Python says."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def write_folder(folder: Path, writers: Mapping[str, Writer], record: Mapping[str, Any]) -> tuple[str, ...]:
    """Write every file and `run.json`, and remove files of an earlier output that are not made again.

    `writers` maps each file's name to what writes it at a path. Figures come last: one that cannot be drawn is left
    out. Returns the names written, `run.json` last. Raises FolderError as `check_folder` does, when the disk is full,
    and, all else being written, where a figure could not be drawn.
    """
    check_folder(folder)
    earlier = earlier_record(folder) or {}
    faults: dict[str, Exception] = {}
    try:
        hashes = _write_all(folder, writers, record, faults)
    except OSError as error:
        raise FolderError(f"{folder} cannot be written to: {error.strerror or error}") from None
    for name in set(earlier.get("files", {})) - set(hashes):
        if name == Path(name).name:
            (folder / name).unlink(missing_ok=True)
    if faults:
        reasons = ", ".join(f"{name} ({_reason(fault)})" for name, fault in faults.items())
        raise FolderError(f"{folder} holds all but what could not be drawn: {reasons}")
    return (*hashes, RECORD)


def _reason(fault: Exception) -> str:
    return " ".join(str(fault).split())[:LONGEST_REASON] or type(fault).__name__


def check_page(path: Path) -> None:
    """Raise FolderError if a report cannot or should not be written there: only an earlier one of dgsim is replaced."""
    if is_folder(path):
        raise FolderError(f"{path} is a folder: name a file for the page, such as report.html")
    if not is_folder(path.parent):
        raise FolderError(f"{path.parent} is no folder: make it first, or name another place for {path.name}")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        ours = not is_file(path) or _is_report(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FolderError(f"{path} cannot be written to: {_system(error)}") from None
    if not ours:
        raise FolderError(f"{path} exists and is no page of dgsim: name another file")


def _is_report(content: bytes) -> bool:
    """Whether a file is an earlier report: a page says so at its head, a file of Word or Excel in its properties."""
    if not content.startswith(ZIPPED):
        return GENERATOR.encode() in content[:REACH]
    try:
        with ZipFile(BytesIO(content)) as parts:
            return MADE_BY in parts.read(PROPERTIES)
    except (BadZipFile, KeyError):
        return False


def write_page(path: Path, content: str | bytes) -> Path:
    """Write a report under a temporary name and rename it; raises FolderError as `check_page` does."""
    check_page(path)
    try:
        with replaced(path) as partial:
            partial.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    except (OSError, ValueError) as error:
        raise FolderError(f"{path} cannot be written to: {_system(error)}") from None
    return path


def _write_all(
    folder: Path, writers: Mapping[str, Writer], record: Mapping[str, Any], faults: dict[str, Exception]
) -> dict[str, str]:
    """Write into a temporary folder inside `folder`, then rename file by file; the hash of each.

    What was wrong with figures that cannot be drawn is put into `faults`.
    """
    for left in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder) as temporary:
        partial = Path(temporary)
        for name, write in sorted(writers.items(), key=lambda file: file[0].endswith(FIGURES)):
            try:
                write(partial / name)
            except OSError:
                raise
            except Exception as fault:
                if not name.endswith(FIGURES):
                    raise
                faults[name] = fault
        whole = [name for name in writers if name not in faults]
        hashes = {name: sha256((partial / name).read_bytes()).hexdigest() for name in whole}
        text = json.dumps({**record, "files": hashes}, indent=2, ensure_ascii=False)
        (partial / RECORD).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
        for name in (*whole, RECORD):
            os.replace(partial / name, folder / name)
    return hashes


def earlier_record(folder: Path) -> dict[str, Any] | None:
    """The `run.json` of an earlier output, or None if the folder has none of ours."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("made_by") == "dgsim" else None


def table_writers(tables: Mapping[str, pd.DataFrame]) -> dict[str, Writer]:
    """Writers of each table as tidy Parquet and CSV.

    In CSV missing values are empty, numbers have 10 significant digits, and a text that a spreadsheet would run as a
    formula has an apostrophe before it.
    """
    writers: dict[str, Writer] = {}
    for name, table in tables.items():
        writers[f"{name}.parquet"] = _parquet(table)
        writers[f"{name}.csv"] = _csv(table)
    return writers


def text_writer(text: str) -> Writer:
    """A writer of a text file."""

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return write


def _parquet(table: pd.DataFrame) -> Writer:
    def write(path: Path) -> None:
        path.write_bytes(table.to_parquet(index=False))  # the name of a path may be in any encoding

    return write


def _csv(table: pd.DataFrame) -> Writer:
    """A writer of what `DataFrame.to_csv` would write, to the byte, in little more than half of its time."""

    def write(path: Path) -> None:
        told = harmless(plain(table))
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(told.columns)
            rows.writerows(zip(*(_values(told[name]) for name in told), strict=True))

    return write


def _values(column: pd.Series) -> list[object]:
    """The values of a column as CSV tells them: missing ones empty, floats as text, all of these in one step."""
    if pd.api.types.is_float_dtype(column):
        texts = (f"%.{CSV_DIGITS}g\n" * len(column) % tuple(column.tolist())).splitlines()
        column = pd.Series(texts, column.index, dtype=object).where(column.notna(), "")
    return list(column.astype(object).where(column.notna(), ""))


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with 0 where arithmetic left over next to nothing.

    >>> plain(pd.DataFrame({"value": [-3.3e-18, 0.25]}))["value"].tolist()
    [0.0, 0.25]
    """
    floats = [name for name in table.columns if pd.api.types.is_float_dtype(table[name])]
    return table.assign(**{name: table[name].mask(table[name].abs() < NOTHING, 0.0) for name in floats})


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text that a spreadsheet would run.

    >>> harmless(pd.DataFrame({"name": ["=1+1", "staged"], "value": [-1.0, 2.0]})).to_dict("list")
    {'name': ["'=1+1", 'staged'], 'value': [-1.0, 2.0]}
    """
    texts = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    return table.assign(**{name: _harmless_column(table[name]) for name in texts})


def _harmless_column(column: pd.Series) -> pd.Series:
    kinds = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.dropna().unique()
    new = {text: f"'{text}" for text in kinds if isinstance(text, str) and text.startswith(RUN_BY_SPREADSHEETS)}
    return column.astype(object).replace(new) if new else column
