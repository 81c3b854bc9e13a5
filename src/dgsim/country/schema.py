"""The form of a country's tables: every column with its kind, range, unit, year and publisher.

The form stands in ``data/columns.csv`` and nowhere else. It feeds the reader, the checks, the sentences of
errors and the reference page.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Column:
    """One column of one table.

    ``kind`` is text, number, positive (a number above 0) or count (a whole number); ``blank`` tells whether
    a cell may be blank, which means "not found"; ``low`` and ``high`` are in ``unit``, None where the range
    is open.
    """

    table: str
    column: str
    kind: str
    blank: bool
    low: float | None
    high: float | None
    unit: str
    year: str
    publisher: str
    note: str

    @property
    def lowest(self) -> str:
        """``low`` as it stands in ``columns.csv``."""
        return "" if self.low is None else f"{self.low:g}"

    @property
    def highest(self) -> str:
        """``high`` as it stands in ``columns.csv``."""
        return "" if self.high is None else f"{self.high:g}"

    @property
    def allowed(self) -> str:
        """The values a cell may hold, in words.

        >>> [c.allowed for c in columns_of("provinces") if c.column in ("urban_share_2019", "area_km2")]
        ['above 0', '0..1']
        """
        if self.kind == "positive":
            return "above 0"
        if self.low is None and self.high is None:
            return "any number"
        return f"{self.lowest}..{self.highest}" if self.highest else f"{self.lowest} or more"

    def holds(self, value: float) -> bool:
        """Whether ``value``, in ``unit``, is within the range."""
        if self.kind == "positive":
            return value > 0
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def _number(text: str) -> float | None:
    return float(text) if text else None


def column_from_cells(cells: dict[str, str]) -> Column:
    """One row of ``columns.csv`` as a :class:`Column`; ``ValueError`` where a bound is not a number."""
    return Column(
        table=cells["table"], column=cells["column"], kind=cells["kind"], blank=cells["blank"] == "allowed",
        low=_number(cells["low"]), high=_number(cells["high"]), unit=cells["unit"],
        year=cells["year"], publisher=cells["publisher"], note=cells["note"],
    )  # fmt: skip


def _packaged() -> tuple[Column, ...]:
    with open(DATA / "columns.csv", encoding="utf-8", newline="") as file:
        return tuple(column_from_cells(cells) for cells in csv.DictReader(file))


FORM: tuple[Column, ...] = _packaged()


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of one table, in the order of the form.

    >>> [column.column for column in columns_of("borders")]
    ['code_a', 'code_b', 'border_km']
    """
    return tuple(column for column in FORM if column.table == table)


TEXT_COLUMNS: tuple[str, ...] = tuple(c.column for c in columns_of("provinces") if c.kind == "text")
NUMBER_COLUMNS: tuple[str, ...] = tuple(c.column for c in columns_of("provinces") if c.kind != "text")
