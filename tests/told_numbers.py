"""The numbers that a text tells, whatever the language it tells them in."""

from __future__ import annotations

import re
from collections import Counter

from dgsim.numbers import DECIMAL_COMMA

NUMERALS = ("I", "II", "III", "IV")  # of quarters
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b")


def numbers_in(text: str) -> Counter[str]:
    """The digits of a text; a language has its own sign for decimals, and its own names of months and quarters."""
    numbered = MONTH.sub(lambda month: str(MONTHS.index(month[0]) + 1), _plain_quarters(text))
    return Counter(re.findall(r"\d+", re.sub(r"(?<!\d)\.(?=\d)", "0.", numbered)))


def amounts_in(text: str, language: str) -> Counter[str]:
    """The numbers of a text with their decimals and thousands, all as in English."""
    found = re.findall(r"\d[\d,.]*\d|\d", _plain_quarters(text))
    signs = str.maketrans(",.", ".,") if language in DECIMAL_COMMA else {}
    return Counter(number.translate(signs) for number in found)


def _plain_quarters(text: str) -> str:
    return re.sub(r"\b(IV|I{1,3})/(\d{4})", lambda q: f"{q[2]}Q{NUMERALS.index(q[1]) + 1}", text)
