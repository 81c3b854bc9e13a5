"""What a report is made of, whatever file it becomes: sections of paragraphs, tables, pictures and lines of code.

A number stands in a table twice: as people read it, and as the number itself, for files that can be reckoned with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from matplotlib.figure import Figure

from dgsim.numbers import (
    difference_decimals,
    difference_texts,
    fitting_decimals,
    fixed_text,
    number_text,
    shown,
)
from dgsim.show.figures import style
from dgsim.texts import Words


class Run(NamedTuple):
    """Some words of a paragraph, and how they stand out."""

    text: str
    look: Literal["", "strong", "code", "note"] = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a note is one that may be passed over."""

    runs: tuple[Run, ...]
    note: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Bullets:
    """Paragraphs that are listed."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Lines:
    """Lines as they are typed or stand in a file."""

    text: str


@dataclass(frozen=True)
class Subheading:
    """What the following is about, within a section."""

    text: str


@dataclass(frozen=True)
class Amount:
    """A number behind what is shown of it, in the unit that it is shown in: a share of 0.25 is 25.

    Attributes
    ----------
    value : float
        The number, with all its digits.
    decimals : int
        How many of them are shown.
    signed : bool
        Whether it is shown with its sign, as a difference.
    percent : bool
        Whether a sign of per cent stands behind it; its value is then the share itself.
    ends : tuple of float or None
        The low and the high end of its interval.
    """

    value: float
    decimals: int
    signed: bool = False
    percent: bool = False
    ends: tuple[float, float] | None = None


@dataclass(frozen=True)
class Cell:
    """What stands in a table: a text, what is told below it in small letters, and a sign with its meaning.

    A cell of a number has its interval below it; one of words what they are of, such as a unit.
    """

    text: str
    below: str = ""
    sign: str = ""
    meaning: str = ""
    amount: Amount | None = None


@dataclass(frozen=True)
class Head:
    """The head of a column; `below` heads what its cells tell in small letters, where that has a column of its own."""

    text: str
    number: bool = False
    below: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table, its first cell its head; `look` is that of the row a table is about, or of a total."""

    cells: tuple[Cell, ...]
    look: Literal["", "main", "total"] = ""


@dataclass(frozen=True)
class Table:
    """A table: a short title for lists of tables, its notes, and the cells."""

    title: str
    notes: tuple[str, ...]
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]

    @property
    def caption(self) -> str:
        """All its notes."""
        return " ".join(self.notes)


@dataclass(frozen=True)
class Picture:
    """A figure, what it shows for those who do not see it, and whether it is narrower than the page."""

    figure: Figure
    alt: str
    narrow: bool = False
    _drawn: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def png(self, caption: str) -> bytes:
        """The figure as PNG, drawn once for all files it stands in."""
        if caption not in self._drawn:
            self._drawn[caption] = style.png_bytes(self.figure, caption)
        return self._drawn[caption]


@dataclass(frozen=True)
class Fold:
    """What a page may hide below a line, and a printed one shows."""

    title: str
    blocks: tuple[Block, ...]
    open: bool = False


Block = Paragraph | Bullets | Lines | Subheading | Table | Picture | Fold


@dataclass(frozen=True)
class Section:
    """A section: the name of its anchor, its heading, what lists of contents call it, and what it holds."""

    key: str
    title: str
    short: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole report.

    `about` says which country and until when, `answers` what was found, `caption` from which runs.
    """

    language: str
    title: str
    about: str
    question: str
    answers: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    caption: str
    version: str


def said(text: str, note: bool = False) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph((Run(text),), note)


def level_cell(value: float, unit: str, w: Words) -> Cell:
    """A level with the decimals that suit it.

    >>> from dgsim.texts import words
    >>> cell = level_cell(0.1234, "share of dossiers", words("vi"))
    >>> cell.text, round(cell.amount.value, 9)
    ('12,3', 12.34)
    """
    text, number = number_text(value, unit, language=w.language), shown(value, unit)
    return Cell(text, amount=_known(Amount(number, fitting_decimals(number, unit))))


def difference_cell(
    value: float, ends: tuple[float, float], unit: str, w: Words, sign: str = "", meaning: str = ""
) -> Cell:
    """A difference, its interval below it, and the sign of what it means."""
    size, interval = difference_texts(value, ends, unit, w("reason.range"), language=w.language)
    decimals = difference_decimals(value, (ends[1] - ends[0]) / 2, unit)
    low, high = (shown(end, unit) for end in ends)
    amount = _known(Amount(shown(value, unit), decimals, signed=True, ends=(low, high)))
    return Cell(size, interval, sign, meaning, amount)


def percent_cell(share: float) -> Cell:
    """A share of cases, in per cent without decimals."""
    return Cell(f"{share:.0%}", amount=_known(Amount(share, 0, percent=True)))


def count_cell(number: float, w: Words, decimals: int = 0, signed: bool = False) -> Cell:
    """A number without a unit, with so many decimals."""
    text = fixed_text(number, decimals, signed=signed, language=w.language)
    return Cell(text, amount=_known(Amount(number, decimals, signed)))


def _known(amount: Amount) -> Amount | None:
    """The amount, unless it is missing."""
    return amount if amount.value == amount.value else None
