"""A report as a document of Word: headings, tables and captions are those of Word. Needs the extra `office`."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from dgsim.reports.blocks import Block, Bullets, Cell, Document, Fold, Lines, Paragraph, Picture, Run, Subheading, Table
from dgsim.reports.office import MAKER, WRITTEN, carried, packed, title_carried
from dgsim.show.figures import style
from dgsim.texts import Words, words

WIDE, HIGH, MARGIN = 210, 297, 18  # millimetres of a page of A4, and of its margins
NARROW = 0.75  # of the width of the page, what a narrow picture takes
BESIDE = 40  # millimetres of a page's height that a picture leaves to its heading and its caption
FAINT, ACCENT = RGBColor(0x5C, 0x5C, 0x5C), RGBColor(0x0B, 0x4F, 0x7D)
FONT, CODE_FONT = "Arial", "Courier New"  # both have letters of Vietnamese, and twins wherever they lack
NARROWEST, WIDEST, LETTERS = 6, 40, 108  # letters of a column, and of a row of a table
TEXT, CELL, CODE = Pt(10), Pt(8), Pt(8)
REGIONS = {"en": "en-GB", "vi": "vi-VN"}  # what Word calls the languages it checks
TABLE_STYLE = "Light List Accent 1"
IN_A_CELL = "TableText"  # how the file knows the style "Table Text"


def word(document: Document) -> bytes:
    """The report as a file of Word, the same bytes for the same runs."""
    return packed(_Writer(document).written())


class _Writer:
    """A document that is being written: the file, the words of its language, and how many tables and figures it has."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.w = words(document.language)
        self.file = docx.Document()
        self.tables, self.figures = count(1), count(1)
        _set_up(self.file, document)

    def written(self) -> bytes:
        """All of it, as the bytes of a file."""
        document = self.document
        self.file.add_paragraph(carried(document.title), style="Title")
        self._paragraph(document.about, "Note")
        self._paragraph(document.question, "Subtitle")
        self._blocks(document.answers)
        for section in document.sections:
            self.file.add_heading(carried(section.title), 1)
            self._blocks(section.blocks)
        _footer(self.file, document.caption, self.w)
        held = BytesIO()
        self.file.save(held)
        return held.getvalue()

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Paragraph():
                    _runs(self.file.add_paragraph(style="Note" if block.note else None), block.runs)
                case Bullets():
                    for item in block.items:
                        _runs(self.file.add_paragraph(style="List Bullet"), item.runs)
                case Lines():
                    self._paragraph(block.text, "Code")
                case Subheading():
                    self.file.add_heading(carried(block.text), 2)
                case Table():
                    self._table(block)
                case Picture():
                    self._picture(block)
                case Fold():
                    self.file.add_heading(carried(block.title), 2)
                    self._blocks(block.blocks)

    def _paragraph(self, text: str, style_name: str) -> WordParagraph:
        return self.file.add_paragraph(carried(text), style=style_name)

    def _table(self, table: Table) -> None:
        """Its caption and notes above it, the row of heads again on every page it reaches."""
        self._caption("Table", "report.table_word", next(self.tables), table.title, above=True)
        for note in table.notes:
            if note != table.title:
                self._paragraph(note, "Note").paragraph_format.keep_with_next = True
        grid = self.file.add_table(rows=1 + len(table.rows), cols=len(table.heads), style=TABLE_STYLE)
        _whole_width(grid, table)
        for cell, head in zip(grid.rows[0].cells, table.heads, strict=True):
            _fill(cell, Cell(head.text), head.number)
        _repeated(grid.rows[0])
        for row, known in zip(grid.rows[1:], table.rows, strict=True):
            _whole(row)
            for cell, one, head in zip(row.cells, known.cells, table.heads, strict=True):
                _fill(cell, one, head.number, strong=bool(known.look))
        self.file.add_paragraph(style="Note")

    def _picture(self, picture: Picture) -> None:
        """As wide as the page allows, its title below it, and its description for those who do not see it."""
        width, height = picture.figure.get_size_inches()
        most = (WIDE - 2 * MARGIN) * (NARROW if picture.narrow else 1.0)
        fitting = min(most, (HIGH - 2 * MARGIN - BESIDE) * width / height)
        frame = self.file.add_paragraph()
        frame.paragraph_format.keep_with_next = True
        drawn = BytesIO(picture.png(self.document.caption))
        shape = frame.add_run().add_picture(drawn, width=Mm(fitting))
        shape._inline.docPr.set("descr", carried(picture.alt))
        self._caption("Figure", "report.figure_word", next(self.figures), style.title_of(picture.figure))

    def _caption(self, counted: str, key: str, number: int, title: str, above: bool = False) -> None:
        """Its number is a field, by which Word makes lists of tables and figures."""
        caption = self.file.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = above
        caption.add_run(f"{self.w(key)} ")
        _field(caption, rf" SEQ {counted} \* ARABIC ", str(number))
        caption.add_run(f". {carried(title)}")


def _set_up(file: Any, document: Document) -> None:
    """The page, the styles, the language, and what the file tells of itself."""
    (page,) = file.sections
    page.page_width, page.page_height = Mm(WIDE), Mm(HIGH)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    styles = file.styles
    _look(styles["Normal"], FONT, TEXT)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        _look(styles[name], FONT, colour=ACCENT)
    styles["Title"].font.size, styles["Subtitle"].font.size = Pt(20), Pt(12)
    styles["Caption"].font.size = Pt(9)
    _look(styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH), FONT, Pt(9), FAINT)
    _look(styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH), FONT, CELL)
    _look(styles.add_style("Code", WD_STYLE_TYPE.PARAGRAPH), CODE_FONT, CODE)
    for name, after in (("Table Text", 0), ("Note", 4), ("Normal", 6), ("Caption", 3)):
        styles[name].paragraph_format.space_before, styles[name].paragraph_format.space_after = Pt(0), Pt(after)
    region = REGIONS.get(document.language, document.language)
    styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), region)
    about = file.core_properties
    about.author = about.last_modified_by = MAKER
    about.title, about.subject = title_carried(document.title), title_carried(document.question)
    about.comments, about.language, about.revision = title_carried(document.caption), region, 1
    about.created = about.modified = WRITTEN


def _look(style_of: Any, font: str, size: Pt | None = None, colour: RGBColor | None = None) -> None:
    style_of.font.name = font
    fonts = style_of.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    for letters in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(letters), font)
    if size is not None:
        style_of.font.size = size
    if colour is not None:
        style_of.font.color.rgb = colour


def _runs(paragraph: WordParagraph, runs: Iterable[Run]) -> None:
    for run in runs:
        written = paragraph.add_run(carried(run.text))
        written.bold = run.look == "strong" or None
        if run.look == "code":
            written.font.name, written.font.size = CODE_FONT, CODE
        if run.look == "note":
            written.font.color.rgb = FAINT


def _fill(cell: Any, one: Cell, number: bool, strong: bool = False) -> None:
    """A cell: numbers at the right, what is told in small letters below."""
    (paragraph,) = cell.paragraphs
    paragraph._p.get_or_add_pPr().style = IN_A_CELL  # by name, every cell would have all styles searched
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    written = paragraph.add_run(carried(f"{one.text} {one.sign}".rstrip()))
    written.bold = strong or None
    if one.below:
        written.add_break()
        small = paragraph.add_run(carried(one.below))
        small.font.size, small.font.color.rgb, small.bold = Pt(7.5), FAINT, False


def _whole_width(grid: Any, table: Table) -> None:
    """A table as wide as the page, its columns as their texts need; what it is called for those who do not see it."""
    grid.autofit = False
    letters = column_letters(table)
    for column, share in zip(grid.columns, letters, strict=True):
        width = Mm((WIDE - 2 * MARGIN) * share / sum(letters))
        column.width = width
        for cell in column.cells:
            cell.width = width
    description = OxmlElement("w:tblCaption")
    description.set(qn("w:val"), carried(table.title))
    grid._tbl.tblPr.append(description)


def column_letters(table: Table) -> list[float]:
    """How many letters each column is wide: room for its longest word, and the rest as its texts need."""
    least, full = [], []
    for at, head in enumerate(table.heads):
        texts = [head.text, *(text for row in table.rows for text in (row.cells[at].text, row.cells[at].below))]
        least.append(max(NARROWEST, *(len(word) + 2 for text in texts for word in text.split() or [""])))
        full.append(max(least[-1], min(WIDEST, max(map(len, texts)) + 2)))
    spare, wanted = LETTERS - sum(least), sum(full) - sum(least)
    part = min(1.0, max(0.0, spare / wanted)) if wanted else 0.0
    return [low + part * (high - low) for low, high in zip(least, full, strict=True)]


def _repeated(row: Any) -> None:
    """A row that stands again at the head of every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """A row that no page breaks."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _field(paragraph: WordParagraph, code: str, shown: str) -> None:
    """A field: what Word makes anew, and what it shows until then."""
    _mark(paragraph, "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    paragraph.add_run()._r.append(instruction)
    _mark(paragraph, "separate")
    paragraph.add_run(shown)
    _mark(paragraph, "end")


def _mark(paragraph: WordParagraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _footer(file: Any, caption: str, w: Words) -> None:
    """From which runs it is, and the number of the page."""
    (paragraph,) = file.sections[0].footer.paragraphs
    paragraph.style = "Note"
    paragraph.add_run(f"{carried(caption)} {w('report.page')} ")
    _field(paragraph, " PAGE ", "1")
