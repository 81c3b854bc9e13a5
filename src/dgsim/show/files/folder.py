"""A folder of results: written under temporary names and renamed, so that no half-written file is seen."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim.errors import FolderError
from dgsim.files import PARTIAL, replaced

RECORD = "run.json"
GENERATOR = '<meta name="generator" content="dgsim'
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
    except OSError as error:
        raise FolderError(f"{folder} cannot be written to: {error.strerror}") from None
    if names and _earlier_record(folder) is None:
        raise FolderError(f"{folder} is not empty and holds no earlier results of dgsim: name another folder")


def write_folder(folder: Path, writers: Mapping[str, Writer], record: Mapping[str, Any]) -> tuple[str, ...]:
    """Write every file and `run.json`, and remove files of an earlier output that are not made again.

    `writers` maps each file's name to what writes it at a path. Returns the names written, `run.json` last.
    Raises FolderError as `check_folder` does, and when the disk is full.
    """
    check_folder(folder)
    earlier = _earlier_record(folder) or {}
    try:
        hashes = _write_all(folder, writers, record)
    except OSError as error:
        raise FolderError(f"{folder} cannot be written to: {error.strerror or error}") from None
    for name in set(earlier.get("files", {})) - set(hashes):
        if name == Path(name).name:
            (folder / name).unlink(missing_ok=True)
    return (*hashes, RECORD)


def check_page(path: Path) -> None:
    """Raise FolderError if a page cannot or should not be written there: only an earlier page of dgsim is replaced."""
    if path.is_dir():
        raise FolderError(f"{path} is a folder: name a file for the page, such as report.html")
    if not path.parent.is_dir():
        raise FolderError(f"{path.parent} is no folder: make it first, or name another place for {path.name}")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
        earlier = path.read_text(encoding="utf-8")[:1000] if path.exists() else GENERATOR
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no page of dgsim"
        raise FolderError(f"{path} cannot be written to: {reason}") from None
    if GENERATOR not in earlier:
        raise FolderError(f"{path} exists and is no page of dgsim: name another file")


def write_page(path: Path, text: str) -> Path:
    """Write a page under a temporary name and rename it; raises FolderError as `check_page` does."""
    check_page(path)
    try:
        with replaced(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{path} cannot be written to: {error.strerror or error}") from None
    return path


def _write_all(folder: Path, writers: Mapping[str, Writer], record: Mapping[str, Any]) -> dict[str, str]:
    """Write into a temporary folder inside `folder`, then rename file by file; the hash of each."""
    for left in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=folder) as temporary:
        partial = Path(temporary)
        for name, write in writers.items():
            write(partial / name)
        hashes = {name: sha256((partial / name).read_bytes()).hexdigest() for name in writers}
        text = json.dumps({**record, "files": hashes}, indent=2, ensure_ascii=False)
        (partial / RECORD).write_text(text + "\n", encoding="utf-8")
        for name in (*writers, RECORD):
            os.replace(partial / name, folder / name)
    return hashes


def _earlier_record(folder: Path) -> dict[str, Any] | None:
    """The `run.json` of an earlier output, or None if the folder has none of ours."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("made_by") == "dgsim" else None


def table_writers(tables: Mapping[str, pd.DataFrame]) -> dict[str, Writer]:
    """Writers of each table as tidy Parquet and CSV; missing values are empty in CSV."""
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
    return lambda path: table.to_parquet(path, index=False)


def _csv(table: pd.DataFrame) -> Writer:
    return lambda path: table.to_csv(path, index=False, lineterminator="\n")
