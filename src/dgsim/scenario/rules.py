"""What one value of a scenario file may be: its type, range and unit, and the sentence when it is not."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dgsim.errors import did_you_mean
from dgsim.scenario.calendar import NEVER, quarter_text, read_quarter
from dgsim.world.tables import Parameter

Value = bool | int | float | str
NEVER_TEXT = "never"
CONTROL_CHARACTERS = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Rule:
    """What a key that is not a parameter may hold. ``type`` is one of READERS."""

    type: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


Bounded = Rule | Parameter


def checked(rule: Bounded, value: Any) -> Any:
    """The value in the rule's own type (a quarter as its index).

    >>> checked(Rule("float", "share of cost", 0, 1), 1)
    1.0

    Raises ValueError with the end of a sentence that starts "key = value", such as
    ``is outside 0..1 (share of cost)``.
    """
    return READERS[rule.type](rule, value)


def written(rule: Bounded, value: Any) -> Any:
    """A checked value as a file writes it, the inverse of :func:`checked`: a quarter as its text.

    >>> written(Rule("quarter"), 7), written(Rule("quarter"), NEVER), written(Rule("float"), 0.5)
    ('2021Q4', 'never', 0.5)
    """
    if rule.type != "quarter":
        return value
    return NEVER_TEXT if value == NEVER else quarter_text(value)


def allowed(rule: Bounded) -> str:
    """The range and unit of a number in words.

    >>> allowed(Rule("float", "share of cost", 0, 1)), allowed(Rule("float", "bvnd", 0))
    ('0..1 (share of cost)', 'at least 0 (bvnd)')
    """
    low, high = rule.low, rule.high
    if low is not None and high is not None:
        span = f"{low:.15g}..{high:.15g}"
    elif low is not None:
        span = f"at least {low:.15g}"
    else:
        span = f"at most {high:.15g}" if high is not None else "any size"
    unit = f" ({rule.unit})" if rule.unit and rule.unit != span else ""
    return span + unit


def _bounded(rule: Bounded, value: float) -> float:
    low = -math.inf if rule.low is None else rule.low
    high = math.inf if rule.high is None else rule.high
    if not low <= value <= high:
        two_sided = rule.low is not None and rule.high is not None
        raise ValueError(f"is outside {allowed(rule)}" if two_sided else f"is not {allowed(rule)}")
    return value


def _float(rule: Bounded, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"is not a number; allowed is {allowed(rule)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"is not a finite number; allowed is {allowed(rule)}")
    return _bounded(rule, number) + 0.0


def _int(rule: Bounded, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"is not a whole number; allowed is {allowed(rule)}")
    _bounded(rule, value)
    return value


def _flag(_rule: Bounded, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is not true or false")
    return value


def _choice(rule: Bounded, value: Any) -> str:
    if not isinstance(value, str) or value not in rule.choices:
        meant = did_you_mean(value, rule.choices) if isinstance(value, str) else ""
        raise ValueError(f"is not one of {', '.join(rule.choices)}{meant}")
    return value


def _date(_rule: Bounded, value: Any) -> int:
    return read_quarter(value)


def _quarter(_rule: Bounded, value: Any) -> int:
    if value == NEVER_TEXT:
        return NEVER
    return read_quarter(value, f', nor "{NEVER_TEXT}"')


def _undated(_rule: Bounded, _value: Any) -> None:
    raise ValueError("cannot change at a date: set it in its own table, for the whole run")


def _line(_rule: Bounded, value: Any) -> str:
    if not isinstance(value, str) or any(unicodedata.category(c) in CONTROL_CHARACTERS for c in value):
        raise ValueError("is not one line of text")
    return value


def _title(rule: Bounded, value: Any) -> str:
    text = _line(rule, value)
    if not text.strip() or set(text) & set("/\\"):
        raise ValueError("is not a name (one line of text without / or \\)")
    return text


def _word(_rule: Bounded, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\w[\w-]*", value):
        raise ValueError("is not a name (letters, digits, _ and -)")
    return value


def _words(rule: Bounded, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("is not a list of names")
    return _once(tuple(_word(rule, name) for name in value))


def _layers(rule: Bounded, value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError("is not the name of a scenario, nor a list of names")
    for name in names:
        if set(name) & set("/\\:") or name.startswith("."):
            raise ValueError("leads outside the folder: write the name of a scenario, without a path")
        _title(rule, name)
    return _once(tuple(names))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"names {repeated} twice")
    return names


READERS: dict[str, Callable[[Bounded, Any], Any]] = {
    "float": _float,
    "int": _int,
    "flag": _flag,
    "choice": _choice,
    "quarter": _quarter,
    "date": _date,
    "undated": _undated,
    "line": _line,
    "title": _title,
    "word": _word,
    "words": _words,
    "layers": _layers,
}
