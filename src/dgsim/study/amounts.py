"""Amounts of an outcome as people write them: what is shown in per cent is read in per cent, from text."""

from __future__ import annotations

import math
import re
from numbers import Real

from dgsim.errors import StudyError
from dgsim.numbers import SCALE, is_share, shown

WRITTEN = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)\s*(%|pp)?", re.IGNORECASE)


def amount(given: float | str, unit: str, what: str) -> float:
    """An amount in its unit; raises StudyError where it is none, or out of range.

    A number is in the unit, as in tables and JSON: of a share 0.4. A text is as people see it: of a share `40%`, `40pp`
    and `40` are forty per cent, and so is `0.4`; what may be either, a bare `1` or `1.5`, is refused. `what` names the
    amount.

    >>> amount("40%", "share of services", "threshold"), amount(0.4, "share of services", "threshold")
    (0.4, 0.4)
    >>> amount("40", "share of services", "threshold"), amount("-250", "bvnd", "threshold")
    (0.4, -250.0)
    """
    value = _read(given, unit, what) if isinstance(given, str) else given
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise StudyError(f"{what} = {given} is no amount: write {_pattern(unit)}")
    if (is_share(unit) or unit == SCALE) and not 0.0 <= value <= 1.0:
        raise StudyError(f"{what} = {given} is outside {'0% to 100%' if is_share(unit) else '0..1'} ({unit})")
    return float(value)


def _read(text: str, unit: str, what: str) -> float:
    """The amount of a text."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        return math.nan
    number, sign = float(written[1]), written[2]
    if not is_share(unit):
        if sign:
            raise StudyError(f"{what} = {text} is a share, and this is in {unit}: write {_pattern(unit)}")
        return number
    if not sign and abs(number) >= 1.0 and (abs(number) == 1.0 or not number.is_integer()):
        either = f"{number:g}% or {shown(number, unit):g}%"
        raise StudyError(f"{what} = {text} may be {either}: write the one that is meant, with its sign")
    return number / shown(1.0, unit) if sign or abs(number) > 1.0 else number


def _pattern(unit: str) -> str:
    """How an amount of a unit is written."""
    if is_share(unit):
        return f"such as 40% ({unit})"
    return "a number from 0 to 1" if unit == SCALE else f"a number in {unit}"
