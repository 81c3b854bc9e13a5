"""Numbers as people read them: shares as percentages, thousands set apart, decimals that fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd


def rows_of(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, each with a column's name as an attribute."""
    return list(table.itertuples())


def span_text(quarters: Sequence[str]) -> str:
    """From the first to the last quarter.

    >>> span_text(["2020Q1", "2020Q2", "2020Q3"])
    '2020Q1 to 2020Q3'
    """
    return f"{quarters[0]} to {quarters[-1]}" if len(quarters) > 1 else str(quarters[0])


def is_share(unit: str) -> bool:
    """Whether a unit is a share, which is shown in per cent and its differences in percentage points."""
    return unit.split(" ")[0] == "share"


def unit_text(unit: str) -> str:
    """A unit as shown beside a level.

    >>> unit_text("share of services"), unit_text("bvnd")
    ('% of services', 'bvnd')
    """
    return unit.replace("share", "%", 1) if is_share(unit) else unit


def difference_unit_text(unit: str) -> str:
    """A unit as shown beside a difference.

    >>> difference_unit_text("share of services")
    'points (% of services)'
    """
    return f"points ({unit_text(unit)})" if is_share(unit) else unit


def shown(value: float, unit: str) -> float:
    """The value in the unit it is shown in."""
    return value * 100.0 if is_share(unit) else value


def decimals(number: float, unit: str) -> int:
    """How many decimals suit a number (in the unit it is shown in)."""
    if is_share(unit):
        return 1
    if unit == "0..1":
        return 3
    return 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2


def number_text(value: float, unit: str, *, signed: bool = False, places: int | None = None) -> str:
    """One number without its unit, with so many decimals or as many as suit it; what is missing is n/a.

    >>> number_text(0.1234, "share of services"), number_text(12345.6, "bvnd", signed=True)
    ('12.3', '+12,346')
    """
    if not math.isfinite(value):
        return "n/a"
    number = shown(value, unit)
    places = decimals(number, unit) if places is None else places
    text = f"{number:{'+' if signed else ''},.{places}f}"
    return text.lstrip("+-") if not float(text.replace(",", "")) else text


def interval_text(low: float, high: float, unit: str) -> str:
    """A range, both ends with the same decimals."""
    places = decimals(shown(max(low, high, key=abs), unit), unit)
    return f"{number_text(low, unit, places=places)} to {number_text(high, unit, places=places)}"


def difference_text(difference: float, half: float, unit: str) -> str:
    """A difference and half its interval, with one more decimal where it would else be shown as nothing.

    >>> difference_text(-0.0003, 0.0001, "0..1"), difference_text(1e-9, float("nan"), "bvnd")
    ('-0.0003 ±0.0001', '0.00')
    """
    number = shown(difference, unit)
    fewest = decimals(max(number, 0.0 if math.isnan(half) else shown(half, unit), key=abs), unit)
    places = fewest + 1 if not round(number, fewest) and round(number, fewest + 1) else fewest
    text = number_text(difference, unit, signed=True, places=places)
    return text if math.isnan(half) else f"{text} ±{number_text(half, unit, places=places)}"
