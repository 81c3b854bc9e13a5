"""What was entered in a box for a number: read as the page writes numbers, or refused in a sentence about it."""

from __future__ import annotations

from typing import Any

from dgsim.app.state.refusal import Refusal
from dgsim.numbers import is_share, number_written, shown
from dgsim.texts.clauses import Fact, Number, clause

SHOWN_AS_AN_EXAMPLE = 2450.5
DIGITS = 15  # of a number that a sentence repeats
LONGEST = 40  # letters of a number; a sentence repeats no more of them


def number_entered(given: Any, label: Fact, language: str, unit: str = "") -> float | int:
    """A number: of a control that slides as it is, of a box as it was written there.

    Parameters
    ----------
    given
        A number, or the text of a box; of a share also with a sign, such as `40%`.
    label
        What the box is called.
    language
        Of the page, whose signs for thousands and decimals are read.
    unit
        Of the number, as the tables name it.

    Returns
    -------
    float or int
        A whole number where it is written without decimals.

    Raises
    ------
    Refusal
        If nothing was entered, or something that is no number in this language.

    >>> from dgsim.texts.clauses import Label
    >>> number_entered("2.450,5", Label("Seed"), "vi"), number_entered("40%", Label("Seed"), "en", "share of cost")
    (2450.5, 0.4)
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        return given
    text = str(given if given is not None else "").strip()
    if not text:
        raise Refusal(clause("entered.nothing", label=label))
    signed = is_share(unit) and text.endswith("%")
    written = number_written(text.removesuffix("%") if signed else text, language)
    if written is None or len(text) > LONGEST:
        example = Number(SHOWN_AS_AN_EXAMPLE)
        raise Refusal(clause("entered.no_number", label=label, text=text[:LONGEST], example=example))
    if signed:
        return float(written) / shown(1.0, unit)
    return float(written) if "." in written else int(written)


def whole_entered(given: Any, label: Fact, language: str) -> int:
    """A whole number, as :func:`number_entered` reads it; also refused where it has decimals."""
    number = number_entered(given, label, language)
    if isinstance(number, float) and not number.is_integer():
        raise Refusal(clause("entered.not_whole", label=label, value=Number(number, DIGITS)))
    return int(number)


def whole_within(given: Any, label: Fact, language: str, low: int, high: int) -> int:
    """A whole number from one to another; refused outside of them."""
    number = whole_entered(given, label, language)
    if not low <= number <= high:
        raise Refusal(clause("levers.outside", label=label, value=number, low=low, high=high, unit=""))
    return number
