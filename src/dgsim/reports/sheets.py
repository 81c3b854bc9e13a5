"""A report as a workbook of Excel: its text, a sheet a table, a sheet a figure. Needs the extra `office`.

A number is a number, shown as the page shows it; a text is never a formula, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import count
from math import ceil
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableStyleInfo

from dgsim.reports.blocks import (
    Amount,
    Block,
    Bullets,
    Document,
    Fold,
    Head,
    Lines,
    Paragraph,
    Picture,
    Row,
    Subheading,
    Table,
)
from dgsim.reports.office import MAKER, WRITTEN, carried, packed, title_carried
from dgsim.show.figures import style
from dgsim.texts import Words, words

FONT, LINE = "Calibri", 15.5  # and how high a line of it is, in points
FULL = 0.8  # of the width of a column, what words that are kept whole fill of a line
LONGEST_NAME = 31  # letters of a sheet's name
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # what a sheet's name may not hold
NARROWEST, WIDEST, TEXT_WIDTH = 9, 60, 85  # letters that columns are wide
PICTURE_WIDTH, PICTURE_COLUMNS = 1100, 17  # pixels, and how many columns they take
FREE = 3  # rows of a table's sheet before its first numbers: its title, its heads
HEADING, SECTION, STRONG = (Font(name=FONT, bold=True, size=size) for size in (14, 12, 11))
PLAIN, NOTE = Font(name=FONT, size=11), Font(name=FONT, size=11, color="5C5C5C")
LINKED = Font(name=FONT, size=11, color="0B4F7D", underline="single")
TABLE_STYLE = TableStyleInfo(name="TableStyleLight9", showRowStripes=True, showFirstColumn=True)
LANDSCAPE, A4 = "landscape", 9
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


class Column(NamedTuple):
    """A column of a sheet: its head, and for each row a text, or a number and how it is shown."""

    head: str
    cells: tuple[str | Amount | None, ...]


def sheets(document: Document) -> bytes:
    """The report as a file of Excel, the same bytes for the same runs."""
    return _Writer(document).written()


class _Writer:
    """A workbook that is being written: the file, the words of its language, and the descriptions of its pictures."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.w = words(document.language)
        self.file = Workbook()
        self.tables, self.figures = count(1), count(1)
        self.alts: list[str] = []
        self.text, self.row = self.file.active, count(1)
        self.text.title = self.w("report.sheet")
        self.text.column_dimensions["A"].width = TEXT_WIDTH
        _printed(self.text, "portrait")
        about = self.file.properties
        about.creator = about.lastModifiedBy = MAKER
        about.title, about.description = title_carried(document.title), title_carried(document.caption)
        about.created, about.language = WRITTEN, document.language

    def written(self) -> bytes:
        """All of it, as the bytes of a file."""
        document = self.document
        self._say(document.title, HEADING)
        self._say(document.about, NOTE)
        self._say(document.question, STRONG)
        self._blocks(document.answers)
        for section in document.sections:
            next(self.row)
            self._say(section.title, SECTION)
            self._blocks(section.blocks)
        next(self.row)
        self._say(document.caption, NOTE)
        held = BytesIO()
        self.file.save(held)
        return packed(held.getvalue(), self._same)

    def _same(self, name: str, part: bytes) -> bytes:
        """A part of the file without the hour, and with what its pictures show."""
        if name == "docProps/core.xml":
            return MODIFIED.sub(rb"\g<1>" + WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
        if drawing := re.fullmatch(r"xl/drawings/drawing([0-9]+)\.xml", name):
            alt = quoteattr(carried(self.alts[int(drawing[1]) - 1]))
            return part.replace(b'descr="Picture"', f"descr={alt}".encode())
        return part

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Paragraph():
                    self._say(block.text, NOTE if block.note else PLAIN)
                case Bullets():
                    for item in block.items:
                        self._say(f"• {item.text}")
                case Lines():
                    for line in block.text.splitlines():
                        self._say(line)
                case Subheading():
                    self._say(block.text, STRONG)
                case Table():
                    self._link(self._table(block), block.title)
                case Picture():
                    self._link(self._picture(block), style.title_of(block.figure))
                case Fold():
                    self._say(block.title, STRONG)
                    self._blocks(block.blocks)

    def _say(self, text: str, font: Font = PLAIN) -> Any:
        """A line of the sheet of text."""
        cell = self.text.cell(next(self.row), 1)
        _say(cell, text, font, TEXT_WIDTH)
        return cell

    def _link(self, sheet: Any, title: str) -> None:
        """A line that leads to a sheet."""
        cell = self._say(f"{sheet.title}: {title}", LINKED)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet.title}'!A1")

    def _table(self, table: Table) -> Any:
        """Its title, its heads, which stay in sight, its rows, and its notes below them."""
        number = next(self.tables)
        sheet = self._sheet(f"{self.w('report.table_word')} {number} {table.title}")
        _put(sheet["A1"], table.title)
        sheet["A1"].font = HEADING
        columns = list(columns_of(table.heads, table.rows, self.w))
        looks = [row.look for row in table.rows]
        for at, column in enumerate(columns, start=1):
            _fill(sheet, at, column, looks)
        last = FREE + len(table.rows) - 1
        if table.rows:
            ref = f"A{FREE - 1}:{get_column_letter(len(columns))}{last}"
            sheet.add_table(SheetTable(displayName=f"Table{number}", ref=ref, tableStyleInfo=TABLE_STYLE))
        sheet.freeze_panes = f"B{FREE}"
        sheet.print_title_rows = f"{FREE - 1}:{FREE - 1}"
        for row, note in enumerate(table.notes, start=last + 2):
            _say(sheet.cell(row, 1), note, NOTE, _merged(sheet, row, len(columns)))
        return sheet

    def _picture(self, picture: Picture) -> Any:
        """Its title, what it shows and from which runs, and the picture."""
        sheet = self._sheet(f"{self.w('report.figure_word')} {next(self.figures)}")
        lines = (style.title_of(picture.figure), picture.alt, self.document.caption)
        for row, (line, font) in enumerate(zip(lines, (HEADING, NOTE, NOTE), strict=True), start=1):
            _say(sheet.cell(row, 1), line, font, _merged(sheet, row, PICTURE_COLUMNS))
        image = Image(BytesIO(picture.png(self.document.caption)))
        image.height, image.width = PICTURE_WIDTH * image.height / image.width, PICTURE_WIDTH
        sheet.add_image(image, f"A{len(lines) + 2}")
        self.alts.append(picture.alt)
        return sheet

    def _sheet(self, name: str) -> Any:
        sheet = self.file.create_sheet(sheet_name(name))
        _printed(sheet, LANDSCAPE)
        return sheet


def sheet_name(name: str) -> str:
    """A name that a sheet may have.

    >>> sheet_name("Table 4 Why: services-first against staged")
    'Table 4 Why- services-first aga'
    """
    return FORBIDDEN.sub("-", carried(name))[:LONGEST_NAME]


def columns_of(heads: Iterable[Head], rows: tuple[Row, ...], w: Words) -> Iterator[Column]:
    """The columns of a sheet: what a cell tells below its text or number has columns of its own."""
    for at, head in enumerate(heads):
        cells = [row.cells[at] for row in rows]
        yield Column(head.text, tuple(cell.amount or cell.text for cell in cells))
        if head.below:
            yield Column(head.below, tuple(cell.below for cell in cells))
        if any(cell.amount and cell.amount.ends for cell in cells):
            for end, key in enumerate(("report.low_end", "report.high_end")):
                ends = tuple(_end(cell.amount, end) for cell in cells)
                yield Column(w(key, name=head.text), ends)
        if any(cell.sign for cell in cells):
            yield Column(w("report.verdict_on", name=head.text), tuple(cell.meaning for cell in cells))


def _end(amount: Amount | None, end: int) -> Amount | None:
    """One end of an interval, shown as the number it belongs to is; None where there is none."""
    if amount is None or amount.ends is None or amount.ends[end] != amount.ends[end]:
        return None
    return Amount(amount.ends[end], amount.decimals, percent=amount.percent)


def number_format(amount: Amount) -> str:
    """How Excel is to show a number: as a page does.

    What rounds to nought has no sign, as on the page.

    >>> number_format(Amount(3.14, 1, signed=True)), number_format(Amount(-0.01, 1))
    ('+#,##0.0;-#,##0.0;#,##0.0', '#,##0.0;#,##0.0')
    >>> number_format(Amount(0.4, 0, percent=True))
    '0%'
    """
    decimals = "." + "0" * amount.decimals if amount.decimals else ""
    if amount.percent:
        return f"0{decimals}%"
    form = f"#,##0{decimals}"
    if not round(amount.value, amount.decimals):
        return f"{form};{form}"
    return f"+{form};-{form};{form}" if amount.signed else form


def _fill(sheet: Any, at: int, column: Column, looks: Sequence[str]) -> None:
    """The cells of a column below its head; the column as wide as its longest text, within bounds."""
    head = sheet.cell(FREE - 1, at)
    _put(head, _unlike(" ".join(column.head.split()), [sheet.cell(FREE - 1, one).value for one in range(1, at)]))
    head.font, head.alignment = STRONG, Alignment(wrap_text=True, vertical="top")
    for row, (one, look) in enumerate(zip(column.cells, looks, strict=True), start=FREE):
        cell = sheet.cell(row, at)
        if isinstance(one, Amount):
            cell.value, cell.number_format = one.value, number_format(one)
        elif one:
            _put(cell, one)
        cell.font = STRONG if look else PLAIN
        cell.alignment = Alignment(wrap_text=not isinstance(one, Amount), vertical="top")
    texts = [column.head, *(one if isinstance(one, str) else "" for one in column.cells)]
    words_of_head = map(len, column.head.split())
    width = min(WIDEST, max(NARROWEST, len(column.head) // 2, *words_of_head, *map(len, texts[1:])) + 2)
    sheet.column_dimensions[get_column_letter(at)].width = width
    for row, text in enumerate(texts, start=FREE - 1):
        _high_enough(sheet, row, text, width)


def _unlike(head: str, others: list[str]) -> str:
    """The head, told apart from those before it: two columns of a table cannot have one name."""
    number = sum(other.casefold() == head.casefold() for other in others)
    return f"{head} ({number + 1})" if number else head


def _put(cell: Any, text: str) -> None:
    """A text that stays one, whatever it begins with, and also when somebody edits the cell."""
    cell.value = carried(text)
    cell.data_type, cell.quotePrefix = "s", True


def _say(cell: Any, text: str, font: Font, width: float) -> None:
    """A text over as many lines as it needs in a cell so many letters wide."""
    _put(cell, text)
    cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="top")
    _high_enough(cell.parent, cell.row, text, width * PLAIN.size / font.size)


def _merged(sheet: Any, row: int, columns: int) -> float:
    """Make one cell of the first columns of a row; how many letters wide it is."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    return sum(float(sheet.column_dimensions[get_column_letter(at)].width) for at in range(1, columns + 1))


def _high_enough(sheet: Any, row: int, text: str, width: float) -> None:
    """Make a row as high as a text needs: not every program does so by itself."""
    lines = sum(max(1, ceil(len(line) / (FULL * width))) for line in text.splitlines() or [""])
    about = sheet.row_dimensions[row]
    about.height = max(about.height or 0.0, LINE * lines * (sheet.cell(row, 1).font.size / PLAIN.size))


def _printed(sheet: Any, orientation: str) -> None:
    """On A4, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
