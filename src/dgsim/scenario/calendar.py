"""Quarters as text ("2021Q4") and as an index counted from the first quarter of every run."""

from __future__ import annotations

import operator
import re
from typing import Any

from dgsim.errors import ScenarioError
from dgsim.scenario.errors import shown
from dgsim.texts.table import Quarter
from dgsim.world.tables import QUARTERS_PER_YEAR

START = Quarter("2020Q1")
DEFAULT_HORIZON = 44  # quarters
LONGEST_HORIZON = 400
NEVER = -1
FIRST_YEAR = int(START[:4])
NEARLY_A_QUARTER = re.compile(r"\D*([0-9]{4})\D*([1-4])\D*")


def quarter_text(index: int) -> Quarter:
    """The quarter of an index.

    >>> quarter_text(0), quarter_text(43)
    ('2020Q1', '2030Q4')

    Raises ScenarioError where the index is not a whole number or lies before the start.
    """
    try:
        quarter = operator.index(index)
    except TypeError:
        raise ScenarioError(f"{shown(index)} is not the index of a quarter (a whole number)") from None
    if quarter < 0:
        raise ScenarioError(f"{quarter} is not the index of a quarter: 0 is {START}")
    return Quarter(f"{FIRST_YEAR + quarter // QUARTERS_PER_YEAR}Q{quarter % QUARTERS_PER_YEAR + 1}")


def quarter_index(text: str) -> int:
    """The index of a quarter.

    >>> quarter_index("2020Q1"), quarter_index("2030Q4")
    (0, 43)

    Raises ScenarioError where the text is not a quarter, or one before the start.
    """
    try:
        return read_quarter(text)
    except ValueError as error:
        raise ScenarioError(f"{shown(text)} {error}") from None


def read_quarter(value: Any, nor: str = "") -> int:
    """The index of a quarter; the ValueError says only what the value is not, for others to complete."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}Q[1-4]", value):
        raise ValueError(f'is not a quarter such as "2021Q4"{nor}{_meant(value)}')
    index = (int(value[:4]) - FIRST_YEAR) * QUARTERS_PER_YEAR + int(value[5]) - 1
    if index < 0:
        raise ValueError(f"is before the start of every run, {START}")
    return index


def horizon_text(quarters: int) -> str:
    """A horizon in words.

    >>> horizon_text(44)
    '2020Q1..2030Q4 (44 quarters)'
    """
    return f"{START}..{quarter_text(quarters - 1)} ({quarters} quarters)"


def _meant(value: Any) -> str:
    near = NEARLY_A_QUARTER.fullmatch(value) if isinstance(value, str) else None
    return f'; did you mean "{near[1]}Q{near[2]}"?' if near else ""


END = quarter_text(DEFAULT_HORIZON - 1)  # of the horizon a scenario has by itself
LAST_YEAR = int(END[:4])
