"""A scenario: levers, their dated changes, a roadmap and assumptions, checked and frozen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from dgsim.errors import ScenarioError, did_you_mean
from dgsim.scenario.calendar import NEVER, horizon_text
from dgsim.scenario.errors import raise_for, shown
from dgsim.scenario.plan import LeverChange, RoadmapItem, roadmap_faults
from dgsim.scenario.rules import Bounded, Value, checked, written
from dgsim.scenario.schema import HEAD_RULES, HORIZON_RULE, default_value, written_key
from dgsim.scenario.source import Origin
from dgsim.scenario.toml import toml_text
from dgsim.world.tables import PARAMETERS, QUARTERS_PER_YEAR

YEARLY_MONEY = "bvnd per year"
HEAD_FIELDS: dict[str, Bounded] = {
    "name": HEAD_RULES["name"],
    "question": HEAD_RULES["question"],
    "quarters": HORIZON_RULE,
}


class Scenario(BaseModel):
    """One policy: every lever's value at every quarter, the roadmap, and assumptions about the world.

    Where it came from (`extends`, `source` and `origins`) is no part of equality, `hash` and `digest`.

    Attributes
    ----------
    name, question : str
        What it is called, and what it is to answer.
    quarters : int
        How many are simulated.
    plan_quarters : int
        The horizon the plan was written for.
    levers : tuple of (str, value)
        Every lever's value at the start, in the order of the parameter table.
    changes : tuple of LeverChange
        The dated changes.
    roadmap : tuple of RoadmapItem
        What the centre builds, when, how long and for how much.
    overrides : tuple of (str, value)
        The uncertain parameters it sets.
    extends : tuple of str
        The scenarios below it.
    source : str
        The file it was read from.
    origins : tuple of (str, Origin)
        Where each key was set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    question: str = ""
    extends: tuple[str, ...] = ()
    quarters: int
    plan_quarters: int
    levers: tuple[tuple[str, Value], ...]
    changes: tuple[LeverChange, ...] = ()
    roadmap: tuple[RoadmapItem, ...] = ()
    overrides: tuple[tuple[str, Value], ...] = ()
    source: str = ""
    origins: tuple[tuple[str, Origin], ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if tuple(name for name, _ in self.levers) != PARAMETERS.levers.names:
            raise ValueError("a scenario holds every lever, in the order of the table")
        faults = [text for _, _, text in roadmap_faults(self.roadmap, self.plan_quarters)]
        values = [*self.levers, *self.overrides, *((change.name, change.value) for change in self.changes)]
        faults += [fault for name, value in values for fault in _checked_values({name: value})[1]]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def assumptions(self) -> Mapping[str, Any]:
        """The uncertain parameters this scenario sets, by name."""
        return MappingProxyType(dict(self.overrides))

    @property
    def provenance(self) -> Mapping[str, Origin]:
        """Where each key was set: ``theme.lever``, ``theme.lever from 2023Q1``, ``roadmap.name``."""
        return MappingProxyType(dict(self.origins))

    def lever(self, name: str, quarter: int = 0) -> Any:
        """A lever's value in force in a quarter.

        Parameters
        ----------
        name : str
            Of the lever.
        quarter : int, default 0
            Its index: 0 is the first quarter.

        Returns
        -------
        value
            In the lever's unit; a lever that is a quarter has its index, and -1 for never.

        Raises
        ------
        ScenarioError
            If no lever has the name.
        """
        path = self._paths.get(name)
        if path is None:
            raise ScenarioError(f"{name} is not a lever{did_you_mean(name, self._paths)}")
        return next(value for start, value in reversed(path) if start <= max(quarter, 0))

    def levers_at(self, quarter: int) -> dict[str, Any]:
        """Every lever's value in force in a quarter.

        Parameters
        ----------
        quarter : int
            Its index: 0 is the first quarter.

        Returns
        -------
        dict
            Values by name, in the order of the table.
        """
        return {name: self.lever(name, quarter) for name in self._paths}

    def lever_path(self, name: str) -> tuple[tuple[int, Any], ...]:
        """A lever's values over time.

        Parameters
        ----------
        name : str
            Of the lever.

        Returns
        -------
        tuple of (int, value)
            The quarter each is in force from, and the value.
        """
        self.lever(name)
        return self._paths[name]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed and not checked; what was worked out from the old fields is forgotten.

        Parameters
        ----------
        update : Mapping, optional
            Fields by name.
        deep : bool, default False
            Copy what the fields hold, too.

        Returns
        -------
        Scenario
            The copy; `with_changes` gives one that is checked.
        """
        copied = super().model_copy(update=update, deep=deep)
        for kept in ("_paths", "_policy", "_digest"):
            copied.__dict__.pop(kept, None)
        return copied

    @cached_property
    def _paths(self) -> dict[str, tuple[tuple[int, Any], ...]]:
        paths = {name: [(0, value)] for name, value in self.levers}
        for change in self.changes:
            paths[change.name].append((change.quarter, change.value))
        return {name: tuple(path) for name, path in paths.items()}

    def planned_money(self) -> float:
        """The money the plan commits over its horizon.

        Returns
        -------
        float
            The roadmap's costs (the part that falls within the horizon), and every lever in bvnd per year for the time
            it is in force; billion VND.
        """
        money = [lever.name for lever in PARAMETERS.levers if lever.unit == YEARLY_MONEY]
        spent = [item.cost_within(self.plan_quarters) for item in self.roadmap]
        for name in money:
            starts, values = zip(*self.lever_path(name), strict=True)
            ends = [min(end, self.plan_quarters) for end in (*starts[1:], self.plan_quarters)]
            for start, end, value in zip(starts, ends, values, strict=True):
                spent += [value / QUARTERS_PER_YEAR] * (end - start)
        return math.fsum(spent)

    def with_changes(
        self,
        *,
        name: str | None = None,
        question: str | None = None,
        quarters: int | None = None,
        **values: Any,
    ) -> Scenario:
        """A checked copy in which levers hold other values for the whole run, or assumptions are set.

        Parameters
        ----------
        name, question : str, optional
            Of the copy.
        quarters : int, optional
            How long is simulated; the plan stays as it is.
        **values
            Levers and uncertain parameters by name, each in its unit.

        Returns
        -------
        Scenario
            The copy.

        Raises
        ------
        ScenarioError
            If a name or value is not allowed: a sentence a mistake.

        Examples
        --------
        >>> from dgsim import load_scenario
        >>> load_scenario({"name": "plan"}).with_changes(quarters=8)
        <Scenario 'plan': 2020Q1..2021Q4 (8 quarters), 0 roadmap items>
        """
        heads = {"name": name, "question": question, "quarters": quarters}
        given = {key: value for key, value in heads.items() if value is not None} | values
        new, faults = _checked_values(given)
        raise_for(f"{self.name}: {fault}" for fault in faults)
        fields = {field: getattr(self, field) for field in type(self).model_fields}
        fields |= {field: new[field] for field in heads if field in new}
        assumed = {**self.assumptions, **new}
        return Scenario(
            **fields
            | {
                "plan_quarters": max(self.plan_quarters, fields["quarters"]),
                "levers": tuple((lever, new.get(lever, value)) for lever, value in self.levers),
                "changes": tuple(change for change in self.changes if change.name not in new),
                "overrides": tuple((name, assumed[name]) for name in PARAMETERS.uncertain.names if name in assumed),
            }
        )

    def to_toml(self) -> str:
        """The scenario as a file that stands alone.

        Returns
        -------
        str
            TOML that loads back to an equal scenario.
        """
        return toml_text(self)

    def digest(self) -> str:
        """A hash of everything that moves results.

        Returns
        -------
        str
            Hexadecimal; scenarios of one digest give the same results.
        """
        return self._digest

    @cached_property
    def _digest(self) -> str:
        text = json.dumps(self._policy, allow_nan=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    @cached_property
    def _policy(self) -> tuple[Any, ...]:
        uncertain = PARAMETERS.uncertain
        assumed = tuple(self.assumptions.get(parameter.name, default_value(parameter)) for parameter in uncertain)
        changes = tuple((change.quarter, change.name, change.value) for change in self.changes)
        items = tuple(tuple(item.model_dump().values()) for item in self.roadmap)
        return self.quarters, self.plan_quarters, self.levers, changes, items, uncertain.names, assumed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return (self.name, self.question, self._policy) == (other.name, other.question, other._policy)

    def __hash__(self) -> int:
        return hash((self.name, self.question, self._policy))

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r}: {horizon_text(self.quarters)}, {len(self.roadmap)} roadmap items>"

    __str__ = __repr__


def _checked_values(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values in their own types, and a sentence for each that cannot be."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in given.items():
        parameter = PARAMETERS[name] if name in PARAMETERS.settable.names else None
        rule = parameter or HEAD_FIELDS.get(name)
        if rule is None:
            meant = did_you_mean(name, PARAMETERS.settable.names)
            faults.append(f"{name} is neither a lever nor an assumption{meant}")
            continue
        try:
            values[name] = checked(rule, _as_written(rule, value))
        except ValueError as error:
            key = written_key(parameter) if parameter else name
            faults.append(f"{key} = {shown(value)} {error}")
    return values, faults


def _as_written(rule: Bounded, value: Any) -> Any:
    """A value given in Python as a file holds it: numpy's scalars as Python's, an index as its quarter."""
    value = value.item() if hasattr(value, "item") else value
    return written(rule, value) if type(value) is int and value >= NEVER else value
