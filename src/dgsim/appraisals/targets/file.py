"""Files of targets: what was decided, by when, seen by whom, who answers for it; strict as scenario files are.

>>> load_targets("decision-942").targets[0].indicator
'use'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dgsim.appraisals.targets.figures import TRUE, VIEWS, Figure, both_sides, check_indicator, figure, unit_of
from dgsim.errors import DesignError, ScenarioError, StudyError, did_you_mean
from dgsim.files import is_file, is_folder
from dgsim.scenario.calendar import LONGEST_HORIZON, quarter_text
from dgsim.scenario.errors import shown
from dgsim.scenario.library import names_in, shipped_folder
from dgsim.scenario.rules import Rule
from dgsim.scenario.schema import HEAD_RULES
from dgsim.scenario.source import KeyPath, Source, read_source
from dgsim.study.amounts import amount
from dgsim.study.reader import Reader

PYTHON_LABEL = "targets given in Python"
FOLDER = "targets"
EVERY = "every province"
ALL = "all"  # what the targets of a file are called together
LINE = Rule("line")
HEADS = {"name": HEAD_RULES["name"], "title": LINE, "source": LINE}
TOLD = ("responsible", "verification", "source", "note")
ROW = {
    "name": Rule("word"),
    "indicator": LINE,
    "seen_as": Rule("choice", choices=VIEWS),
    "by": Rule("date"),
    **dict.fromkeys(TOLD, LINE),
}
AMOUNTS = ("at_least", "at_most", "baseline", "of")
NEEDED = ("name", "indicator", "by")
MISSING = {"target": LINE, "reason": LINE, "source": LINE}


@dataclass(frozen=True)
class Target:
    """One target: an indicator that is to be at least, or at most, so much at the end of a quarter (an index).

    `of` is the share of provinces that must hold it, None where it is the nation's; amounts are in the unit of the
    indicator.
    """

    name: str
    indicator: str
    seen_as: str
    wanted: float
    at_most: bool
    by: int
    of: float | None = None
    baseline: float | None = None
    responsible: str = ""
    verification: str = ""
    source: str = ""
    note: str = ""

    @property
    def unit(self) -> str:
        """The indicator's unit."""
        return unit_of(self.indicator)

    @property
    def figure(self) -> Figure:
        """What it is held against."""
        return figure(self.indicator, self.seen_as, self.of)

    @property
    def sides(self) -> tuple[Figure, Figure] | None:
        """What is reported and what is true, where these are two figures."""
        return both_sides(self.indicator, self.of)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All it is looked at through."""
        return tuple(dict.fromkeys((self.figure, *(self.sides or ()))))


@dataclass(frozen=True)
class NotExpressed:
    """A target of the same decision that the model cannot express, and why."""

    target: str
    reason: str
    source: str = ""


@dataclass(frozen=True)
class TargetSet:
    """The targets of one file, and what of the decision is not among them."""

    name: str
    title: str
    source: str
    targets: tuple[Target, ...]
    not_expressed: tuple[NotExpressed, ...] = ()

    def __repr__(self) -> str:
        return f"<Targets {self.name!r}: {len(self.targets)}, {len(self.not_expressed)} not expressed>"

    def only(self, name: str) -> TargetSet:
        """The set with the target of this name alone."""
        return replace(self, targets=tuple(target for target in self.targets if target.name == name), not_expressed=())


TargetsLike = str | Path | Mapping[str, Any] | TargetSet


def shipped_targets() -> tuple[str, ...]:
    """The names of the shipped files of targets, sorted.

    >>> shipped_targets()
    ('decision-749', 'decision-942', 'plan-2022', 'plan-2024')
    """
    return names_in(shipped_folder(FOLDER))


def load_targets(which: TargetsLike) -> TargetSet:
    """The targets of a shipped name, a TOML file or a mapping in its form. Raises DesignError, a sentence a mistake."""
    if isinstance(which, TargetSet):
        return which
    if isinstance(which, Mapping):
        return _set(Reader(Source(PYTHON_LABEL, None, which)))
    if not isinstance(which, str | Path):
        raise DesignError(f"targets are a name, a path or a mapping, not a {type(which).__name__}")
    try:
        return _set(Reader(read_source(_file(which))))
    except ScenarioError as error:
        raise DesignError(str(error)) from None


def sets_of(files: TargetsLike | Iterable[TargetsLike] | None) -> tuple[TargetSet, ...]:
    """The sets of one file of targets or several, by default all that are shipped; raises DesignError or StudyError."""
    given = shipped_targets() if files is None else files
    several = [given] if isinstance(given, str | Path | Mapping | TargetSet) else list(given)
    sets = tuple(load_targets(one) for one in several)
    names = [one.name for one in sets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None or not sets:
        raise StudyError(f"two files of targets are called {twice}" if sets else "no file of targets is named")
    return sets


def are_targets(which: str) -> bool:
    """Whether a name or path is of targets, and not of a scenario: a shipped name, or a file with a `[[target]]`."""
    if Path(which).suffix != ".toml":
        return which in shipped_targets()
    if not is_file(Path(which)):
        return False
    try:
        return not {"target", "not_expressed"}.isdisjoint(read_source(Path(which)).data)
    except ScenarioError:
        return False


def _file(which: str | Path) -> Path:
    text, file = str(which), Path(which)
    if file.suffix == ".toml":
        if is_file(file):
            return file
        beside = names_in(file.parent) if is_folder(file.parent) else ()
        raise DesignError(f"{text}: there is no such file{did_you_mean(file.stem, beside)}")
    if text not in shipped_targets():
        meant = did_you_mean(text, shipped_targets()) or f"; there are {', '.join(shipped_targets())}"
        raise DesignError(f"{text}: there are no shipped targets of this name{meant}")
    return shipped_folder(FOLDER) / f"{text}.toml"


def _set(reader: Reader) -> TargetSet:
    reader.only_known((), reader.data, (*HEADS, "target", "not_expressed"))
    head = reader.values((), reader.data, HEADS)
    targets = [_target(reader, path, row) for path, row in reader.rows("target")]
    missing = [_not_expressed(reader, path, row) for path, row in reader.rows("not_expressed")]
    if not targets and not missing:
        reader.fault((), "there is no target: write [[target]]")
    _check_names(reader)
    reader.stop_at_problems()
    return TargetSet(
        name=head.get("name", reader.source.name),
        title=head.get("title", ""),
        source=head.get("source", ""),
        targets=tuple(target for target in targets if target),
        not_expressed=tuple(one for one in missing if one),
    )


def _check_names(reader: Reader) -> None:
    names = [row.get("name") for _, row in reader.rows("target")]
    for number, name in enumerate(names):
        if name == ALL or (name is not None and name in names[:number]):
            why = "stands for all targets together" if name == ALL else "names two targets"
            reader.fault(("target", number, "name"), f"target.name = {shown(name)} {why}: give it another name")


def _target(reader: Reader, path: KeyPath, row: Mapping[str, Any]) -> Target | None:
    """A target, or None where something is wrong with it; its name stands in every sentence."""
    before = len(reader.problems)
    target = _read_target(reader, path, row)
    if isinstance(row.get("name"), str):
        named = f"target.{row['name']}"
        told = [replace(one, text=one.text.replace("target", named, 1)) for one in reader.problems[before:]]
        reader.problems[before:] = told
    return target if len(reader.problems) == before else None


def _read_target(reader: Reader, path: KeyPath, row: Mapping[str, Any]) -> Target | None:
    reader.only_known(path, row, (*ROW, *AMOUNTS))
    found = reader.values(path, row, ROW)
    lacking = [key for key in NEEDED if key not in row]
    if lacking:
        reader.fault(path, f"target lacks {', '.join(lacking)}")
    given = [key for key in ("at_least", "at_most") if key in row]
    if len(given) != 1:
        reader.fault(path, "target: say either at_least or at_most")
    if found.get("by", 0) >= LONGEST_HORIZON:
        last = quarter_text(LONGEST_HORIZON - 1)
        reader.fault((*path, "by"), f"target.by = {shown(row['by'])} is after the last quarter that can be run, {last}")
    of = _share_of_provinces(reader, path, row)
    found.setdefault("seen_as", TRUE)
    indicator = found.get("indicator")
    if indicator is None or ("of" in row and of is None) or not _is_figure(reader, path, found, of):
        return None
    unit = unit_of(indicator)
    amounts = {key: _amount(reader, (*path, key), row[key], unit) for key in (*given, "baseline") if key in row}
    wanted = amounts[given[0]] if len(given) == 1 else None
    if wanted is None or not set(NEEDED) <= set(found):
        return None
    return Target(wanted=wanted, at_most="at_most" in given, of=of, baseline=amounts.get("baseline"), **found)


def _is_figure(reader: Reader, path: KeyPath, found: Mapping[str, Any], of: float | None) -> bool:
    """Whether the model has the figure; a fault otherwise."""
    try:
        check_indicator(found["indicator"], found["seen_as"], of)
    except StudyError as error:
        reader.fault((*path, "indicator"), f"target.indicator = {shown(found['indicator'])} {error}")
        return False
    return True


def _share_of_provinces(reader: Reader, path: KeyPath, row: Mapping[str, Any]) -> float | None:
    given = row.get("of")
    if given is None:
        return None
    if isinstance(given, str) and given != EVERY and not any(letter.isdigit() for letter in given):
        reader.fault((*path, "of"), f'target.of = {shown(given)} is neither "{EVERY}" nor a share such as 0.8')
        return None
    share = 1.0 if given == EVERY else _amount(reader, (*path, "of"), given, "share of provinces")
    if share == 0.0:
        reader.fault((*path, "of"), "target.of = 0 asks for no province: leave it out, or name a share above 0")
    return share


def _amount(reader: Reader, path: KeyPath, given: Any, unit: str) -> float | None:
    try:
        return amount(given, unit, f"target.{path[-1]}")
    except StudyError as error:
        reader.fault(path, str(error))
        return None


def _not_expressed(reader: Reader, path: KeyPath, row: Mapping[str, Any]) -> NotExpressed | None:
    reader.only_known(path, row, MISSING)
    found = reader.values(path, row, MISSING)
    lacking = [key for key in ("target", "reason") if key not in row]
    if lacking:
        reader.fault(path, f"not_expressed lacks {', '.join(lacking)}")
        return None
    return NotExpressed(**found) if {"target", "reason"} <= set(found) else None
