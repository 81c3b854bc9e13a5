"""One scenario file as it stands on the disk: its content, and the line each key stands on."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dgsim.errors import ScenarioError
from dgsim.files import is_file
from dgsim.scenario.errors import Problem
from dgsim.scenario.library import SHIPPED, shipped_folder

PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({DOTTED})\s*\]")
KEY = re.compile(rf"\s*({DOTTED})\s*=")
LARGEST_FILE = 2**20  # bytes; the largest of the shipped scenarios has some thousands
FENCES = ('"""', "'''")
TOML_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

KeyPath = tuple[str | int, ...]


class Origin(NamedTuple):
    """Where a key was set: the file, the line (from 1; 0 where unknown) and the text of that line."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else self.file


@dataclass(frozen=True)
class Source:
    """What a scenario is read from. ``file`` is None for a mapping given in Python."""

    label: str
    file: Path | None
    data: Mapping[str, Any]
    text: tuple[str, ...] = ()
    lines: Mapping[KeyPath, int] | None = None

    @property
    def name(self) -> str:
        """The name others extend it by."""
        return self.file.stem if self.file else self.label

    def line(self, path: KeyPath) -> int:
        """The line (from 1) a key stands on, or its nearest table; 0 where it stands on none."""
        lines = self.lines or {}
        return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 0)

    def origin(self, path: KeyPath) -> Origin:
        """Where a key of this source stands."""
        line = self.line(path)
        return Origin(self.label, line, self.text[line - 1].strip() if line else "")

    def problem(self, path: KeyPath, text: str) -> Problem:
        """A mistake at a key of this source."""
        return Problem(self.label, self.line(path), text)


def read_source(file: Path) -> Source:
    """Read a TOML file, or raise ScenarioError with file, line and column."""
    label = shown_path(file)
    if os.path.lexists(file) and not is_file(file):
        raise ScenarioError(f"{label}: is no file that can be read to its end")
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise ScenarioError(f"{label}: has {size:,} bytes; at most {LARGEST_FILE:,} are read")
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{label}: is not UTF-8 text (byte {error.start + 1})") from None
    except OSError as error:
        raise ScenarioError(f"{label}: cannot be read ({error.strerror})") from None
    return Source(label, file, _parsed(label, text), tuple(text.split("\n")), key_lines(text))


def shown_path(file: Path) -> str:
    """A path as errors show it: a shipped file by its folder's name, any other as it was given."""
    return next((f"{what}/{file.name}" for what in SHIPPED if file.parent == shipped_folder(what)), str(file))


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""The line (from 1) of every table and key; the tables of an array are counted from 0.

    >>> key_lines('name = "x"\n[[roadmap]]\nitem = "training"')
    {('name',): 1, ('roadmap', 0): 2, ('roadmap', 0, 'item'): 3}
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[str, int] = {}
    table: KeyPath = ()
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not fence:
            if header := HEADER.match(line):
                table = _table(header, counts)
                lines.setdefault(table, number)
            elif key := KEY.match(line):
                parts = _parts(key[1])
                for depth in range(1, len(parts) + 1):
                    lines.setdefault(table + parts[:depth], number)
        fence = _open_fence(line, fence)
    return lines


def _table(header: re.Match[str], counts: dict[str, int]) -> KeyPath:
    first, *rest = _parts(header[2])
    if header[1] == "[[" and not rest:
        counts[first] = counts.get(first, -1) + 1
    return (first, counts[first], *rest) if first in counts else (first, *rest)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(PART, dotted))


def _open_fence(line: str, fence: str) -> str:
    """The quotes of the text of several lines that is still open at the end of a line."""
    for found in re.findall("|".join(FENCES), line):
        fence = "" if found == fence else fence or found
    return fence


def _parsed(label: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{label}: is nested too deeply") from None
    except ValueError as error:
        found = TOML_POSITION.search(str(error))
        what = TOML_POSITION.sub("", str(error)).rstrip(".")
        lines = text.split("\n")
        line, column = found.groups(default="") if found else ("", "")
        where = f", line {line or len(lines)}, column {column or len(lines[-1]) + 1}" if found else ""
        raise ScenarioError(f"{label}{where}: is not valid TOML ({what[:1].lower()}{what[1:]})") from None
