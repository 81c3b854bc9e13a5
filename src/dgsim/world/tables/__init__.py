"""The tables every number of the model lives in, read once with the standard library.

Each table is a CSV file beside this module; a row becomes a frozen record, a column an attribute.

>>> from dgsim.world.tables import PARAMETERS
>>> next(p for p in PARAMETERS if p.name == "matching_rate").unit
'share of cost'
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
ROLES = ("lever", "uncertain", "constant")


@dataclass(frozen=True)
class Parameter:
    """One lever, uncertainty or constant: the only home of its default, range, unit, label and source."""

    name: str
    theme: str
    type: str
    default: float | int | bool | str
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    dated: bool
    role: str
    label: str
    source: str

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
    label_vi: str
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
    label_vi: str
    transactions_per_head: float
    hours_saved: float
    needs_connectivity: float
    needs_digital_id: float
    needs_payments: float
    needs_data_exchange: float
    needs_security: float
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
    label: str


@dataclass(frozen=True)
class Outcome:
    """One thing that is measured at the end of a quarter."""

    outcome: str
    label: str
    unit: str
    direction: str
    formula: str


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
    return Parameter(
        name=row["name"],
        theme=row["theme"],
        type=row["type"],
        default=_value(row["default"], row["type"]),
        unit=row["unit"],
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        dated=row["dated"] == "true",
        role=row["role"],
        label=row["label"],
        source=row["source"],
    )


def _numbers(row: dict[str, str], text: tuple[str, ...]) -> dict:
    return {key: value if key in text else float(value) for key, value in row.items()}


PARAMETERS: tuple[Parameter, ...] = tuple(_parameter(row) for row in rows("parameters"))
ITEMS: tuple[Item, ...] = tuple(Item(**_numbers(row, ("item", "kind", "label", "label_vi"))) for row in rows("items"))
SERVICES: tuple[Service, ...] = tuple(
    Service(**_numbers(row, ("service", "label", "label_vi"))) for row in rows("services")
)
FLOWS: tuple[Flow, ...] = tuple(Flow(**row) for row in rows("flows"))
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome(**row) for row in rows("outcomes"))
OUTCOME_NAMES: tuple[str, ...] = tuple(outcome.outcome for outcome in OUTCOMES)
FOUNDATIONS: tuple[str, ...] = tuple(item.item for item in ITEMS if item.kind == "foundation")
