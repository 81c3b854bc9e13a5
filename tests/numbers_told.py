"""The numbers that a text tells, whatever language writes them."""

from __future__ import annotations

import re
from collections import Counter

NUMERALS = ("I", "II", "III", "IV")


def numbers_in(text: str) -> Counter[str]:
    """The digits of a text; a language has its own sign for decimals, and its own numerals for quarters."""
    plain = re.sub(r"\b(IV|I{1,3})/(\d{4})", lambda q: f"{q[2]}Q{NUMERALS.index(q[1]) + 1}", text)
    return Counter(re.findall(r"\d+", plain))
