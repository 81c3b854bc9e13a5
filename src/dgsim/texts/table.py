"""The texts of one language, from one table (`strings.csv`): a row a text, a column a language.

A text is asked for by its key; what stands in the model's own tables (labels, units, choices) is asked for by its
English text. Labels have their other languages beside them in those tables, the rest in rows `table.NAME`. What a
language lacks is told in English.

>>> words("vi")("page.explore"), words("vi").of("Matching rate")
('Khám phá', 'Tỷ lệ ngân sách trung ương hỗ trợ (có đối ứng)')
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dgsim.errors import StudyError, did_you_mean
from dgsim.world.tables import FLOWS, OUTCOMES, PARAMETERS

TABLE = Path(__file__).with_name("strings.csv")
ENGLISH = "en"
OWN_NAME = "language.name"  # the key under which every language names itself


@dataclass(frozen=True)
class Row:
    """One text: its key, and what it says in each language; empty where it is not translated."""

    key: str
    said: Mapping[str, str]

    def text(self, language: str) -> str:
        """What it says in a language, or in English where that lacks it."""
        return self.said[language] or self.said[ENGLISH]


@cache
def rows() -> tuple[Row, ...]:
    """The rows of the table of strings."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(row.pop("key"), MappingProxyType(row)) for row in csv.DictReader(file))


def _languages() -> Mapping[str, str]:
    """Every language of the table by its code, and what it calls itself."""
    return MappingProxyType(dict(next(row for row in rows() if row.key == OWN_NAME).said))


LANGUAGES = _languages()
QUARTER = re.compile("([0-9]{4})Q([1-4])")
QUARTER_BLANK = "quarter"  # what fills it is one
LANGUAGE_VARIABLE = "DGSIM_LANGUAGE"  # of the environment: the language where none is asked for


def known_language(language: str) -> str:
    """The language, if there are texts in it; raises StudyError otherwise.

    >>> known_language("vi")
    'vi'
    """
    if language not in LANGUAGES:
        meant = did_you_mean(language, LANGUAGES)
        raise StudyError(f"language = {language} is not one of {', '.join(LANGUAGES)}{meant}")
    return language


class Quarter(str):
    """A quarter such as 2030Q4, as a fact: it is told as each language writes it, which no other text is.

    >>> words("vi")("reason.range", low=Quarter("2030Q4"), high="2030Q4")
    'quý IV/2030 đến 2030Q4'
    """

    __slots__ = ()


@dataclass(frozen=True)
class Words:
    """The texts of one language, by key and by English text."""

    language: str
    by_key: Mapping[str, str]
    by_english: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its blanks filled, quarters as the language writes them within a sentence.

        A quarter is what is a `Quarter`, and what fills a blank of the name `quarter`. KeyError where the table has no
        such key.

        >>> words("vi")("explore.map", outcome="Tin cậy", quarter="2030Q4")
        'Tin cậy, quý IV/2030'
        """
        text = self.by_key[key]
        if not values:
            return text
        return text.format(**{blank: self._within(blank, value) for blank, value in values.items()})

    def quarter(self, text: str) -> str:
        """A quarter as the language writes it, alone; `never`, which may stand for one, stays as it is.

        >>> words("vi").quarter("2030Q4"), words("en").quarter("2030Q4"), words("vi").quarter("never")
        ('Quý IV/2030', '2030Q4', 'never')
        """
        found = QUARTER.fullmatch(text)
        if not found:
            return text
        year, number = found.groups()
        numeral = self.by_key["quarter.numerals"].split()[int(number) - 1]
        return self.by_key["quarter.form"].format(year=year, quarter=numeral)

    def _within(self, blank: str, value: object) -> object:
        """A quarter as it stands within a sentence; anything else as it is."""
        if not isinstance(value, Quarter) and not (blank == QUARTER_BLANK and isinstance(value, str)):
            return value
        said = self.quarter(value)
        return said[:1].lower() + said[1:]

    def of(self, english: str) -> str:
        """A text of the model's tables in this language; English where the table of strings lacks it."""
        return self.by_english.get(english, english)

    def own(self, data: Any, column: str) -> Any:
        """What data say in this language: `names_vi` of a country beside `names`; the plain one where none does."""
        return getattr(data, f"{column}_{self.language}", None) or getattr(data, column)


@cache
def words(language: str = ENGLISH) -> Words:
    """The texts of a language, one of `LANGUAGES`; raises StudyError where there is no such language."""
    language = known_language(language)
    by_key = {row.key: row.text(language) for row in rows()}
    own_tables_last = sorted(rows(), key=lambda row: row.key.startswith("table."))
    by_english = {row.said[ENGLISH]: row.text(language) for row in own_tables_last}
    labelled = (*PARAMETERS, *OUTCOMES, *FLOWS)
    by_english |= {row.label: row.labels.get(language) or row.label for row in labelled}
    return Words(language, MappingProxyType(by_key), MappingProxyType(by_english))


IN_ENGLISH = words()
