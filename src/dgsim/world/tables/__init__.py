"""The tables every number of the model lives in, read once with the standard library.

Each table is a CSV file beside this module; a row becomes a frozen record, a column an attribute. A row is found by its
number or by its name.

>>> from dgsim.world.tables import OUTCOMES, PARAMETERS
>>> PARAMETERS["matching_rate"].unit, OUTCOMES["trust"].sign, OUTCOMES["lapsed_money"].sign
('share of cost', 1, -1)
>>> "awards" in PARAMETERS.levers, "awards" in PARAMETERS.uncertain
(True, False)
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, SupportsIndex, TypeVar, overload

from dgsim.errors import UnknownNameError, did_you_mean

FOLDER = Path(__file__).parent
ROLES = ("lever", "uncertain", "constant")
# What a number rests on, whatever else speaks for it. By definition: a lever that is off, or what fixes a scale.
BASES = ASSUMED, PUBLISHED, DEFINITION = ("assumed", "published", "definition")
ACCOUNTS = ("building", "running", "pay", "losses", "grants", "fees")  # what an appraisal tells money apart by
QUARTERS_PER_YEAR = 4
NEEDS = "needs_"  # and a foundation: the column of what services need of it
LABEL_IN = "label_"  # and the code of a language: a column of labels in it


@dataclass(frozen=True)
class Parameter:
    """One lever, uncertainty or constant: the only home of its default, range, unit, label, source and basis."""

    name: str
    theme: str
    type: str
    default: float | int | bool | str  # of an uncertainty: the median of the fit
    prior: float | None  # of an uncertainty: the mode of what is thought before any fit, from evidence
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    dated: bool
    role: str
    label: str
    labels: Mapping[str, str] = field(hash=False)  # in other languages, by their code: the columns `label_XX`
    source: str
    basis: str  # of the value: one of BASES

    @property
    def key(self) -> str:
        """The name as written in a scenario file, ``theme.name``."""
        return f"{self.theme}.{self.name}"


@dataclass(frozen=True)
class Item:
    """One thing the centre's roadmap can pay for."""

    item: str
    kind: str
    label: str
    labels: Mapping[str, str] = field(hash=False)  # in other languages, by their code: the columns `label_XX`
    full_cost_bvnd: float
    shortest_quarters: float
    initial_readiness: float
    connect_fixed_bvnd: float
    connect_per_million_bvnd: float


@dataclass(frozen=True)
class Service:
    """One public service of the catalogue."""

    service: str
    label: str
    labels: Mapping[str, str] = field(hash=False)  # in other languages, by their code: the columns `label_XX`
    owner: str  # who decides about it: "province", or "centre" where a ministry runs it for all
    counts_as: str  # "dossier", or "routine" for an act that statistics of dossiers leave out
    transactions_per_head: float
    hours_saved: float  # a transaction that is completed online instead of at the counter
    firm_share: float
    needs: tuple[float, ...]  # the share of its worth that hangs on each foundation, in their order
    complexity: float
    build_fixed_bvnd: float
    build_per_million_bvnd: float


@dataclass(frozen=True)
class Flow:
    """One kind of flow of money in the double-entry ledger."""

    flow: str
    source: str
    use: str
    category: str
    payer: str
    items: str  # what its lines in the books are kept by: none, services, foundations, projects or items
    account: str  # the line of an appraisal it counts in: one of ACCOUNTS, or none
    label: str
    labels: Mapping[str, str] = field(hash=False)  # in other languages, by their code: the columns `label_XX`


@dataclass(frozen=True)
class Outcome:
    """One thing that is measured at the end of a quarter."""

    outcome: str
    label: str
    labels: Mapping[str, str] = field(hash=False)  # in other languages, by their code: the columns `label_XX`
    unit: str
    direction: str
    counted: str  # "money from the start" of what is summed up until the quarter, which its label then names
    formula: str
    materiality: float  # the smallest difference worth a verdict, in the unit
    materiality_reason: str

    @property
    def is_money_so_far(self) -> bool:
        """Whether it is money summed up from the start, so that it hangs on the quarter it is counted to."""
        return bool(self.counted)

    @property
    def sign(self) -> int:
        """What a difference is multiplied by so that more is better: 1, or -1 where less is better."""
        return -1 if self.direction == "lower" else 1


Row = TypeVar("Row")


class Table(tuple[Row, ...], Generic[Row]):
    """The rows of a table in their order; ``table[3]`` is a row by its number, ``table["use"]`` one by its name.

    A row's name is what stands in its first column. A name that no row has raises UnknownNameError, which is a KeyError
    too, with the nearest one.
    """

    @cached_property
    def _by_name(self) -> dict[str, Row]:
        return {next(iter(vars(row).values())): row for row in self}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the rows, in their order."""
        return tuple(self._by_name)

    @overload
    def __getitem__(self, key: str | SupportsIndex, /) -> Row: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Row, ...]: ...
    def __getitem__(self, key: Any, /) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key not in self._by_name:
            raise UnknownNameError(f"{key} is no row of the table{did_you_mean(key, self._by_name)}")
        return self._by_name[key]

    def __contains__(self, key: object, /) -> bool:
        """Whether there is a row of this name, or this row."""
        return key in self._by_name if isinstance(key, str) else super().__contains__(key)


class Parameters(Table[Parameter]):
    """The parameters, and those of each role."""

    @cached_property
    def levers(self) -> Table[Parameter]:
        """What a ministry sets."""
        return self.of_role("lever")

    @cached_property
    def uncertain(self) -> Table[Parameter]:
        """What nobody knows: a scenario may assume a value within its range."""
        return self.of_role("uncertain")

    @cached_property
    def constants(self) -> Table[Parameter]:
        """What no scenario sets."""
        return self.of_role("constant")

    @cached_property
    def settable(self) -> Table[Parameter]:
        """What a scenario may set: the levers, then the uncertainties."""
        return Table([*self.levers, *self.uncertain])

    def of_role(self, role: str) -> Table[Parameter]:
        """Those of one of ROLES."""
        return Table(parameter for parameter in self if parameter.role == role)


@dataclass(frozen=True)
class Column:
    """The unit of a column of numbers in the tables of services and items."""

    column: str
    table: str
    unit: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _value(text: str, type_: str) -> float | int | bool | str:
    if type_ == "float":
        return float(text)
    if type_ == "int":
        return int(text)
    return text == "true" if type_ == "flag" else text


def _parameter(row: dict[str, str]) -> Parameter:
    labels = _labels(row)
    return Parameter(
        name=row["name"],
        theme=row["theme"],
        type=row["type"],
        default=_value(row["default"], row["type"]),
        prior=float(row["prior"]) if row["prior"] else None,
        unit=row["unit"],
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        dated=row["dated"] == "true",
        role=row["role"],
        label=row["label"],
        labels=labels,
        source=row["source"],
        basis=row["basis"],
    )


def _labels(row: dict[str, str]) -> dict[str, str]:
    """A row's labels in other languages, by their code, taken out of it."""
    return {key.removeprefix(LABEL_IN): row.pop(key) for key in list(row) if key.startswith(LABEL_IN)}


def _numbers(row: dict[str, str], text: tuple[str, ...]) -> dict[str, Any]:
    """A row's values by column: text where it is text, labels in other languages together, else numbers."""
    labels = _labels(row)
    return {key: value if key in text else float(value) for key, value in row.items()} | {"labels": labels}


def _service(row: dict[str, str]) -> Service:
    """A service; a foundation without a column is needed by none."""
    needs = tuple(float(row.pop(f"{NEEDS}{foundation}", 0.0)) for foundation in FOUNDATIONS)
    if unknown := [column for column in row if column.startswith(NEEDS)]:
        raise ValueError(f"services.csv: {unknown[0]} names no foundation of items.csv")
    return Service(needs=needs, **_numbers(row, ("service", "label", "owner", "counts_as")))


def _numbers_of(row: dict[str, str], *columns: str) -> dict[str, Any]:
    """A row of text with numbers in these columns, and labels in other languages together."""
    labels = _labels(row)
    return row | {column: float(row[column]) for column in columns} | {"labels": labels}


PARAMETERS = Parameters(_parameter(row) for row in rows("parameters"))
_items = (Item(**_numbers(row, ("item", "kind", "label"))) for row in rows("items"))
MOST_ITEMS = 64  # of a roadmap: what an item waits for is marked in a field of so many
ITEMS = Table(sorted(_items, key=lambda item: item.kind != "foundation"))  # the foundations first
FOUNDATIONS: tuple[str, ...] = tuple(item.item for item in ITEMS if item.kind == "foundation")
SERVICES = Table(sorted(map(_service, rows("services")), key=lambda service: service.owner != "province"))
PROVINCIAL = Table(service for service in SERVICES if service.owner == "province")  # the first of SERVICES
_partners = [(row["lever"], row["partner"]) for row in rows("partners")]
PARTNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # levers without effect while one of these is at nothing
    {lever: tuple(partner for name, partner in _partners if name == lever) for lever, _ in _partners}
)
COLUMNS = Table(Column(**row) for row in rows("columns"))
FLOWS = Table(Flow(**_numbers_of(row)) for row in rows("flows"))
OUTCOMES = Table(Outcome(**_numbers_of(row, "materiality")) for row in rows("outcomes"))
OUTCOME_NAMES: tuple[str, ...] = OUTCOMES.names
