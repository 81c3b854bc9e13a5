"""Amounts as lessons write them, in the manner of each language."""

from __future__ import annotations

from dgsim import numbers
from dgsim.learn.lesson import PLANNED_MONEY
from dgsim.texts import ENGLISH
from dgsim.world.tables import OUTCOMES


def unit_of(measure: str) -> str:
    """The unit of an outcome, or of the money a scenario plans.

    >>> unit_of("trust"), unit_of("planned_money")
    ('0..1', 'bvnd')
    """
    return "bvnd" if measure == PLANNED_MONEY else OUTCOMES[measure].unit


def from_0_to_1(measure: str) -> bool:
    """Whether a measure lies between 0 and 1, so that a learner can draw it.

    >>> from_0_to_1("trust"), from_0_to_1("specialists")
    (True, False)
    """
    unit = unit_of(measure)
    return numbers.is_share(unit) or unit == numbers.SCALE


def amount_text(measure: str, value: float, language: str = ENGLISH) -> str:
    """A value without its unit: shares in per cent, thousands set apart as the language does.

    >>> amount_text("use", 0.5), amount_text("planned_money", 20000.0, "vi"), amount_text("trust", 0.75, "vi")
    ('50', '20.000', '0,75')
    """
    number = numbers.shown(value, unit_of(measure))
    decimals = 0 if abs(number) >= 100 else 1 if abs(number) >= 1 else 3
    text = f"{number:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return numbers.with_separators(text, language)
