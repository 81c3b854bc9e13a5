"""Ensembles: several sets of the uncertain parameters, so that results carry what nobody knows, not only luck.

Replication r uses set r modulo their number, in every scenario alike: differences between scenarios stay paired.

>>> from dgsim.engine.sets import load_parameters
>>> load_parameters("central").values(3)
{}
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dgsim.country import Country
from dgsim.engine.setup import Setup, make_setup, varied_setup
from dgsim.errors import StudyError, cut, did_you_mean, other_separator
from dgsim.files import is_file
from dgsim.scenario import Scenario
from dgsim.scenario.errors import shown
from dgsim.scenario.rules import checked
from dgsim.world.tables import PARAMETERS, Parameter

PLAUSIBLE = Path(__file__).parent / "tables" / "plausible.csv"
CENTRAL_NAME, PLAUSIBLE_NAME = "central", "plausible"
ParametersLike = str | Path | Sequence[Mapping[str, float]]


def set_number(replication: int, sets: int) -> int:
    """Which of so many sets a replication uses.

    >>> [set_number(replication, 3) for replication in range(5)]
    [0, 1, 2, 0, 1]
    """
    return replication % sets


@dataclass(frozen=True)
class Ensemble(Sequence[Mapping[str, float]]):
    """Sets of uncertain parameters, all of the same weight; a parameter no set names is at its default.

    Attributes
    ----------
    name : str
        "central", "plausible", or the file the sets were read from.
    sets : tuple of Mapping
        One mapping a set, by name of the parameter, in its unit.
    """

    name: str
    sets: tuple[Mapping[str, float], ...]

    def __len__(self) -> int:
        return len(self.sets)

    def __getitem__(self, number: Any) -> Any:
        return self.sets[number]

    def __repr__(self) -> str:
        return f"<Ensemble {self.name!r}: {len(self)} sets of {len(self.names)} parameters>"

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters the sets give a value, in the order of the first set."""
        return tuple(self.sets[0])

    def values(self, replication: int) -> Mapping[str, float]:
        """The set of a replication: the same for every scenario.

        Parameters
        ----------
        replication : int
            From 0; replication r uses set r modulo the number of sets.

        Returns
        -------
        Mapping
            Values by name of the parameter, each in its unit.
        """
        return self.sets[set_number(replication, len(self.sets))]

    def record(self) -> dict[str, Any]:
        """What `run.json` says of it.

        Returns
        -------
        dict
            Name, number of sets, and a hash of all values.
        """
        text = repr([sorted(values.items()) for values in self.sets])
        return {"name": self.name, "sets": len(self), "sha256": sha256(text.encode()).hexdigest()}


class ParameterSets:
    """The setups of one scenario under several sets of uncertain parameters; each is made once, when first asked for.

    What the scenario assumes itself wins over every set, and `values` of levers and uncertainties over both; `change`,
    which a study may give, has the last word. `base` is the setup of the scenario, where it is made already.
    """

    def __init__(
        self,
        scenario: Scenario,
        country: Country,
        parameters: Sequence[Mapping[str, float]] | None = None,
        change: Callable[[Setup], Setup] | None = None,
        *,
        values: Mapping[str, Any] = MappingProxyType({}),
        base: Setup | None = None,
    ) -> None:
        self.scenario, self.country, self.change, self.values = scenario, country, change, values
        self.sets = parameters or ({},)
        self.base = make_setup(scenario, country) if base is None else base
        self.made: dict[int, Setup] = {}

    def of(self, replication: int) -> Setup:
        """The setup of a replication."""
        number = set_number(replication, len(self.sets))
        if number not in self.made:
            own = self.scenario.assumptions
            values = {name: value for name, value in self.sets[number].items() if name not in own} | dict(self.values)
            made = varied_setup(self.base, self.country, values) if values else self.base
            self.made[number] = self.change(made) if self.change else made
        return self.made[number]


def load_parameters(which: ParametersLike = PLAUSIBLE_NAME) -> Ensemble:
    """Sets of uncertain parameters: the default, the packaged ones, a file's, or given in Python.

    Parameters
    ----------
    which : str, Path or sequence of Mapping, default "plausible"
        "central" (every parameter at its default), "plausible" (the packaged table, fitted to what was published up to
        2022), a CSV file with a row a set and a column an uncertain parameter, a list of mappings, or an Ensemble,
        which is given back. The reference of parameters lists names, units and ranges.

    Returns
    -------
    Ensemble
        The checked sets.

    Raises
    ------
    StudyError
        If the file cannot be read, or a name or value is not allowed: one sentence with file, line and range.

    Examples
    --------
    >>> from dgsim import load_parameters
    >>> load_parameters([{"inertia": 1.5}, {"inertia": 2.5}]).values(2)
    {'inertia': 1.5}
    """
    if isinstance(which, Ensemble):
        return which
    if isinstance(which, Sequence) and not isinstance(which, str):
        wrong = next((row for row in which if not isinstance(row, Mapping)), None)
        if wrong is not None:
            raise StudyError(f"parameters: {shown(wrong)} is no set: write the value of each parameter by its name")
        rows = [_checked_set("parameters", number, dict(row)) for number, row in enumerate(which, start=1)]
        return _ensemble("given in Python", rows)
    if which == CENTRAL_NAME:
        return Ensemble(CENTRAL_NAME, ({},))
    if which == PLAUSIBLE_NAME:
        return _ensemble(PLAUSIBLE_NAME, [dict(values) for values in _packaged(PLAUSIBLE)])
    file = Path(which)
    if not is_file(file):
        known = [CENTRAL_NAME, PLAUSIBLE_NAME]
        raise StudyError(
            f"parameters = {which} is neither central, nor plausible, nor a CSV file{did_you_mean(str(which), known)}"
        )
    return _ensemble(str(which), _read(file))


def _ensemble(name: str, rows: list[dict[str, float]]) -> Ensemble:
    if not rows:
        raise StudyError(f"{name}: holds no set of parameters: write a row a set below the names")
    if any(set(row) != set(rows[0]) for row in rows):
        raise StudyError(f"{name}: all sets must give the same parameters a value")
    return Ensemble(name, tuple(rows))


@cache
def _packaged(file: Path) -> tuple[Mapping[str, float], ...]:
    """The sets of a packaged file, which does not change while a process runs: read and checked once."""
    return tuple(_read(file))


def _read(file: Path) -> list[dict[str, float]]:
    """The sets of a file, checked."""
    try:
        lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StudyError(f"{file}: cannot be read as a CSV file: {error}") from None
    header, *rows = lines or [[]]
    if wrong := other_separator(header):
        raise StudyError(f"{file}: {wrong}")
    _check_names(file, header)
    found = []
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise StudyError(f"{file}: line {number} has {len(row)} values and {len(header)} are named")
        found.append(_checked_set(str(file), number, dict(zip(header, row, strict=True))))
    return found


def _check_names(file: Path, header: list[str]) -> None:
    for name in header:
        _check_name(str(file), name)
        if header.count(name) > 1:
            raise StudyError(f"{file}: {name} is named twice")


def _check_name(where: str, name: str) -> None:
    uncertain = PARAMETERS.uncertain
    if name not in uncertain.names:
        raise StudyError(f"{where}: {cut(str(name))!r} is no uncertain parameter{did_you_mean(name, uncertain.names)}")


def _checked_set(where: str, line: int, row: dict[str, Any]) -> dict[str, float]:
    values = {}
    for name, value in row.items():
        _check_name(where, name)
        values[name] = _number(where, line, PARAMETERS[name], value)
    return values


def _number(where: str, line: int, parameter: Parameter, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise StudyError(f"{where}: {parameter.name} = {cut(str(value))} is not a number [line {line}]") from None
    try:
        return float(checked(parameter, number))
    except ValueError as error:
        raise StudyError(f"{where}: {parameter.name} = {cut(str(value))} {error} [line {line}]") from None
