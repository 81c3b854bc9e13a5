"""Every word on the screen in English and Vietnamese, from one table (`strings.csv`).

Text of the interface is asked for by its key; what stands in the model's own tables (labels, units, choices) is asked
for by its English text.

>>> words("vi")("page.explore"), words("vi").of("Matching rate")
('Khám phá', 'Tỷ lệ đối ứng')
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

LANGUAGES = MappingProxyType({"en": "English", "vi": "Tiếng Việt"})
TABLE = Path(__file__).with_name("strings.csv")


@dataclass(frozen=True)
class Row:
    """One text: its key, in English, in Vietnamese."""

    key: str
    en: str
    vi: str


@cache
def rows() -> tuple[Row, ...]:
    """The rows of the table of strings."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))


@dataclass(frozen=True)
class Words:
    """The texts of one language, by key and by English text."""

    language: str
    by_key: MappingProxyType[str, str]
    by_english: MappingProxyType[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its places filled; KeyError where the table has no such key."""
        text = self.by_key[key]
        return text.format(**values) if values else text

    def of(self, english: str) -> str:
        """A text of the model's tables in this language; English where the table of strings lacks it."""
        return self.by_english.get(english, english)

    def pick(self, english: str, vietnamese: str) -> str:
        """Whichever of the two is in this language."""
        return vietnamese if self.language == "vi" and vietnamese else english


@cache
def words(language: str) -> Words:
    """The texts of a language, "en" or "vi"."""
    by_key = {row.key: getattr(row, language) for row in rows()}
    by_english = {row.en: getattr(row, language) for row in rows()}
    return Words(language, MappingProxyType(by_key), MappingProxyType(by_english))
