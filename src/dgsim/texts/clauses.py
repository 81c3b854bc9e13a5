"""A finding as data: the key of a sentence and the facts that fill its blanks, told in any language.

>>> from dgsim.texts import words
>>> ahead = clause("bind.ahead", second=Key("bind.money"), lead=Size(0.0312, "share of dossiers"))
>>> ahead.text(words("en"))
'That is clearly ahead of the next, Money, by +3.1 points.'
>>> ahead.text(words("vi"))
'Mức này vượt rõ ràng buộc kế tiếp, Kinh phí: +3,1 điểm.'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dgsim.numbers import SCALE, count_text, difference_decimals, digits_text, is_share, number_text, shown
from dgsim.texts.labels import item_label, outcome_in, outcome_label, outcome_to, stock_label, within
from dgsim.texts.table import ENGLISH, Words, words

# units that are said otherwise, or not, beside a number in a sentence
WITHIN = {"bvnd discounted": "bvnd", SCALE: "", "ratio": "", "number": ""}


class Fact(Protocol):
    """Anything that can be told in the words of a language."""

    def text(self, words: Words) -> str:
        """It in words."""


Fill = Fact | str | int


@dataclass(frozen=True)
class Clause:
    """A key of the table of strings and what its blanks are filled with: names, counts and facts."""

    key: str
    fills: Mapping[str, Fill]

    def text(self, words: Words) -> str:
        """The text of the key with its blanks filled."""
        return words(self.key, **{blank: told(fill, words) for blank, fill in self.fills.items()})


def clause(key: str, **fills: Fill) -> Clause:
    """The clause of a key."""
    return Clause(key, fills)


class Sentence(str):
    """A clause told in English, which can be told in any other language too.

    >>> done = Sentence(clause("sweep.there", done=36, runs=9600))
    >>> print(done, done.said.text(words("vi")))
    36 of 9,600 runs are there already. Đã có sẵn 36 trên 9.600 lượt chạy.
    """

    said: Clause

    def __new__(cls, said: Clause) -> Sentence:
        """The clause in English."""
        sentence = super().__new__(cls, said.text(words()))
        sentence.said = said
        return sentence


def told(fill: Fill, words: Words) -> str:
    """What fills a blank, as text: a name as it is, a count with its thousands set apart.

    >>> from dgsim.texts import words
    >>> told("staged", words("vi")), told(1200, words("en"))
    ('staged', '1,200')
    """
    if isinstance(fill, str):
        return fill
    return count_text(fill, words.language) if isinstance(fill, int) else fill.text(words)


def paragraph(clauses: Iterable[Fact], language: str = ENGLISH) -> str:
    """Sentences, one after the other, in a language."""
    return " ".join(one.text(words(language)) for one in clauses)


@dataclass(frozen=True)
class Key:
    """A word or two of the table of strings, by its key."""

    key: str

    def text(self, words: Words) -> str:
        """The text of the key."""
        return words(self.key)


@dataclass(frozen=True)
class Label:
    """A text of the model's own tables, such as a parameter's label or unit, by its English."""

    english: str

    def text(self, words: Words) -> str:
        """The label in the language."""
        return words.of(self.english)


@dataclass(frozen=True)
class Item:
    """An item of a roadmap: its kind, and its own name where that differs."""

    kind: str
    name: str

    def text(self, words: Words) -> str:
        """The label of the kind, with the name where there may be others of it."""
        label = item_label(self.kind, words)
        return label if self.name == self.kind else f"{label} ({self.name})"


@dataclass(frozen=True)
class Within:
    """Something that begins a row elsewhere, within a sentence."""

    fact: Fact

    def text(self, words: Words) -> str:
        """It with a small first letter."""
        return within(self.fact.text(words))


@dataclass(frozen=True)
class Listed:
    """Several things in a row, with a sign or a word between them: one of the keys below `list`."""

    facts: tuple[Fill, ...]
    between: str = "list.comma"

    def text(self, words: Words) -> str:
        """All of them."""
        return words(self.between).join(told(fact, words) for fact in self.facts)


@dataclass(frozen=True)
class Number:
    """A number without a unit, to so many significant digits."""

    value: float
    digits: int = 7

    def text(self, words: Words) -> str:
        """It with thousands set apart."""
        return digits_text(self.value, self.digits, language=words.language)


@dataclass(frozen=True)
class Percent:
    """A share of cases, in per cent."""

    share: float

    def text(self, words: Words) -> str:
        """It without decimals."""
        return f"{self.share:.0%}"


@dataclass(frozen=True)
class Size:
    """A difference with its unit, in the unit of the model: shares in points of per cent, indices without."""

    value: float
    unit: str
    signed: bool = True

    def text(self, words: Words) -> str:
        """It with the decimals that suit it.

        >>> from dgsim.texts import words
        >>> [Size(-0.0312, "share of dossiers", signed).text(words("en")) for signed in (True, False)]
        ['-3.1 points', '3.1 points']
        """
        value = self.value if self.signed else abs(self.value)
        decimals = difference_decimals(value, math.nan, self.unit)
        number = number_text(value, self.unit, signed=self.signed, decimals=decimals, language=words.language)
        return f"{number} {_unit_of_size(self.unit, words)}".rstrip()


@dataclass(frozen=True)
class Limit:
    """A limit of a difference with its unit, in the unit of the model, with the digits it was given."""

    value: float
    unit: str

    def text(self, words: Words) -> str:
        """It without a sign.

        >>> from dgsim.texts import words
        >>> Limit(0.005, "share of dossiers").text(words("en")), Limit(100.0, "bvnd discounted").text(words("en"))
        ('0.5 points', '100 bvnd')
        """
        number = digits_text(shown(self.value, self.unit), language=words.language)
        return f"{number} {_unit_of_size(self.unit, words)}".rstrip()


def _unit_of_size(unit: str, words: Words) -> str:
    """What stands behind a difference: points for shares, else the unit as sentences say it."""
    return words("word.points") if is_share(unit) else words.of(WITHIN.get(unit, unit))


@dataclass(frozen=True)
class Level:
    """A value with its unit, in the unit of the model: shares in per cent, indices without."""

    value: float
    unit: str

    def text(self, words: Words) -> str:
        """It with the decimals that suit it.

        >>> from dgsim.texts import words
        >>> Level(0.312, "share of dossiers").text(words("en")), Level(1234.0, "bvnd").text(words("vi"))
        ('31.2%', '1.234 tỷ đồng')
        """
        number = number_text(self.value, self.unit, language=words.language)
        if is_share(self.unit):
            return f"{number}%"
        return f"{number} {words.of(WITHIN.get(self.unit, self.unit))}".rstrip()


@dataclass(frozen=True)
class Range:
    """An interval of a difference, in the unit of the model, told without it; `signed` or of a size told in words."""

    low: float
    high: float
    unit: str
    signed: bool = True

    def text(self, words: Words) -> str:
        """Both ends, with as many decimals as the nearer one to nought needs.

        >>> from dgsim.texts import words
        >>> Range(-0.00031, -0.0002, "share of dossiers").text(words("en"))
        '-0.03 to -0.02'
        >>> Range(-0.041, -0.02, "share of dossiers", signed=False).text(words("vi"))
        '2,0 đến 4,1'
        """
        ends = (self.low, self.high)
        if not self.signed and self.high < 0:
            ends = (-self.high, -self.low)
        decimals = max(difference_decimals(end, math.nan, self.unit) for end in ends)
        low, high = (number_text(end, self.unit, decimals=decimals, language=words.language) for end in ends)
        return words("reason.range", low=low, high=high)


@dataclass(frozen=True)
class Outcome:
    """An outcome, by its name."""

    name: str

    def text(self, words: Words) -> str:
        """Its label."""
        return outcome_label(self.name, words)


@dataclass(frozen=True)
class OutcomeTo:
    """An outcome in a sentence that tells its quarter; of money so far, with the quarter it is counted to."""

    name: str
    quarter: str

    def text(self, words: Words) -> str:
        """Its label.

        >>> from dgsim.texts import words
        >>> OutcomeTo("net_benefit", "2030Q4").text(words("vi"))
        'Lợi ích ròng tính đến quý IV/2030'
        """
        return outcome_to(self.name, self.quarter, words)


@dataclass(frozen=True)
class OutcomeIn:
    """An outcome and its quarter, within a sentence."""

    name: str
    quarter: str

    def text(self, words: Words) -> str:
        """Both.

        >>> from dgsim.texts import words
        >>> OutcomeIn("use", "2030Q4").text(words("en"))
        'use in 2030Q4'
        """
        return outcome_in(self.name, self.quarter, words)


@dataclass(frozen=True)
class Stock:
    """A stock of provinces, by its name."""

    name: str

    def text(self, words: Words) -> str:
        """What it is called."""
        return stock_label(self.name, words)
