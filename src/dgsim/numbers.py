"""Numbers as people read them: shares as percentages, thousands set apart, decimals that fit, the signs of a language.

Whatever is shown to people is written here; files for programs keep plain numbers.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

NOT_KNOWN = "n/a"
SCALE = "0..1"  # the unit of indices
TWO_SIDED = "-1..1"  # that of correlations
NOISE = 1e-9  # what is nearer to nought is what adding and taking away left of it
PLAIN = "en"  # the language of 1,000.5
DECIMAL_COMMA = ("vi",)  # the languages that write 1.000,5
MINUS = "\u2212"  # what some keyboards and spreadsheets write for a hyphen
PLAIN_NUMBER = re.compile(r"[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|[+-]?\.[0-9]+")


def is_share(unit: str) -> bool:
    """Whether a unit is a share, which is shown in per cent and its differences in percentage points.

    >>> is_share("share of services"), is_share("bvnd")
    (True, False)
    """
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


def fitting_decimals(number: float, unit: str) -> int:
    """How many decimals suit a number (in the unit it is shown in)."""
    if is_share(unit):
        return 1
    if unit in (SCALE, TWO_SIDED):
        return 3
    return 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 2


def number_text(
    value: float, unit: str, *, signed: bool = False, decimals: int | None = None, language: str = PLAIN
) -> str:
    """One number without its unit, with so many decimals or as many as suit it; what is missing is n/a.

    >>> number_text(0.1234, "share of services"), number_text(12345.6, "bvnd", signed=True)
    ('12.3', '+12,346')
    >>> number_text(0.1234, "share of services", language="vi"), number_text(12345.6, "bvnd", language="vi")
    ('12,3', '12.346')
    """
    if not math.isfinite(value):
        return NOT_KNOWN
    number = shown(value, unit)
    decimals = fitting_decimals(number, unit) if decimals is None else decimals
    return fixed_text(number, decimals, signed=signed, language=language)


def fixed_text(number: float, decimals: int, *, signed: bool = False, language: str = PLAIN) -> str:
    """A number with so many decimals, thousands set apart; what rounds to nought has no sign.

    >>> fixed_text(-0.04, 1), fixed_text(1234.5, 2, signed=True, language="vi")
    ('0.0', '+1.234,50')
    """
    text = f"{number:{'+' if signed else ''},.{decimals}f}"
    nothing = not any(digit in text for digit in "123456789")
    return with_separators(text.lstrip("+-") if nothing else text, language)


def count_text(count: int, language: str = PLAIN) -> str:
    """A whole number with its thousands set apart.

    >>> count_text(19600), count_text(19600, "vi")
    ('19,600', '19.600')
    """
    return with_separators(f"{count:,}", language)


def interval_text(low: float, high: float, unit: str, form: str = "{low} to {high}", *, language: str = PLAIN) -> str:
    """A range, both ends with the same decimals, in the form of a language.

    >>> interval_text(0.01, 0.024, "share of services"), interval_text(9.5, 120.0, "bvnd")
    ('1.0 to 2.4', '10 to 120')
    """
    decimals = fitting_decimals(shown(max(low, high, key=abs), unit), unit)
    first, last = (number_text(end, unit, decimals=decimals, language=language) for end in (low, high))
    return form.format(low=first, high=last)


def difference_text(difference: float, half: float, unit: str, *, language: str = PLAIN) -> str:
    """A difference and half its interval, with one more decimal where it would else be shown as nothing.

    >>> difference_text(-0.0003, 0.0001, "0..1"), difference_text(1e-9, float("nan"), "bvnd")
    ('-0.0003 ±0.0001', '0.00')
    """
    decimals = difference_decimals(difference, half, unit)
    text = number_text(difference, unit, signed=True, decimals=decimals, language=language)
    return text if math.isnan(half) else f"{text} ±{number_text(half, unit, decimals=decimals, language=language)}"


def difference_texts(
    value: float,
    ends: tuple[float, float],
    unit: str,
    form: str = "{low} to {high}",
    *,
    signed: bool = True,
    language: str = PLAIN,
) -> tuple[str, str]:
    """A difference and its interval in the form of a language, all with the decimals that suit the difference.

    So it lies within its interval as both are shown.

    >>> difference_texts(0.0123, (0.01, 0.0146), "share of services"), difference_texts(-0.0001, (-2e-4, -5e-5), "0..1")
    (('+1.2', '1.0 to 1.5'), ('-0.0001', '-0.0002 to -0.0001'))
    """
    decimals = difference_decimals(value, (ends[1] - ends[0]) / 2, unit)
    low, high = (number_text(end, unit, decimals=decimals, language=language) for end in ends)
    return number_text(value, unit, signed=signed, decimals=decimals, language=language), form.format(
        low=low, high=high
    )


def level_texts(
    value: float, ends: tuple[float, float], unit: str, form: str = "{low} to {high}", *, language: str = PLAIN
) -> tuple[str, str]:
    """A level and its interval in the form of a language, all with the decimals that suit the largest of them.

    >>> level_texts(99.4, (85.0, 120.2), "bvnd"), level_texts(0.5, (0.4, 0.6), "share of services")
    (('99', '85 to 120'), ('50.0', '40.0 to 60.0'))
    """
    decimals = fitting_decimals(shown(max(value, *ends, key=abs), unit), unit)
    middle, low, high = (number_text(each, unit, decimals=decimals, language=language) for each in (value, *ends))
    return middle, form.format(low=low, high=high)


def difference_decimals(difference: float, half: float, unit: str) -> int:
    """How many decimals suit a difference and half its interval, where there is one.

    >>> difference_decimals(-0.0003, float("nan"), "0..1"), difference_decimals(0.0123, 0.004, "share of services")
    (4, 1)
    """
    number = shown(difference, unit)
    fewest = fitting_decimals(max(number, 0.0 if math.isnan(half) else shown(half, unit), key=abs), unit)
    return fewest + 1 if not round(number, fewest) and round(number, fewest + 1) else fewest


def difference_hidden_by_interval(difference: float, half: float, unit: str) -> bool:
    """Whether, as both are shown, half the interval of a difference is as large as the difference.

    >>> difference_hidden_by_interval(0.00334, 0.0031, "share of services")  # +0.3 ±0.3
    True
    >>> difference_hidden_by_interval(-0.0003, 0.0001, "0..1"), difference_hidden_by_interval(0.0, 1e-6, "0..1")
    (False, True)
    """
    decimals = difference_decimals(difference, half, unit)
    shown_size, shown_half = (round(abs(shown(number, unit)), decimals) for number in (difference, half))
    return shown_size <= shown_half


def significant(value: float, digits: int) -> float:
    """A number to so many significant digits.

    >>> significant(1234.5, 3), significant(0.050412, 2)
    (1230.0, 0.05)
    """
    return float(f"{value:.{digits}g}")


def digits_text(value: float, digits: int = 7, *, language: str = PLAIN) -> str:
    """A number to so many significant digits, with thousands set apart, no empty decimals and no powers of ten.

    >>> digits_text(1200.0), digits_text(0.05), digits_text(4800 / 11), digits_text(1234.5, 3)
    ('1,200', '0.05', '436.3636', '1,230')
    >>> digits_text(-1.18e-12), digits_text(0.00001), digits_text(2e16)
    ('0', '0.00001', '20,000,000,000,000,000')
    """
    number = Decimal(repr(significant(value, digits)) if abs(value) >= NOISE else 0)
    return with_separators(f"{number:,f}".removesuffix(".0"), language)


def as_written(value: float, language: str = PLAIN) -> str:
    """A number as a table of inputs has it, without thousands set apart.

    >>> as_written(0.05), as_written(0.05, "vi"), as_written(1000.0)
    ('0.05', '0,05', '1000')
    """
    return with_separators(f"{value:g}", language)


def with_separators(text: str, language: str) -> str:
    """A number's text with the signs that a language uses for thousands and decimals.

    >>> with_separators("20,000.5", "vi"), with_separators("20,000.5", "en")
    ('20.000,5', '20,000.5')
    """
    return text.translate(str.maketrans(",.", ".,")) if language in DECIMAL_COMMA else text


def number_written(text: str, language: str = PLAIN) -> str | None:
    """A number that a person wrote as the language writes it, as digits with a point; None where the text is none.

    What the language never writes is no number of it: a sign for decimals of the other kind is not passed over.

    >>> number_written("2.450,5", "vi"), number_written("2.450", "vi"), number_written("2,450")
    ('2450.5', '2450', '2450')
    >>> number_written("0.3", "vi"), number_written("0,3"), number_written("2.45", "vi"), number_written("abc")
    (None, None, None, None)
    """
    plain = with_separators(text.strip().replace(MINUS, "-"), language)
    return plain.replace(",", "") if PLAIN_NUMBER.fullmatch(plain) else None
