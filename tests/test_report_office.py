"""The report as files of Word and Excel: what the page says, with real headings, tables, numbers and pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

import dgsim
from dgsim.cli.main import main
from dgsim.errors import StudyError
from dgsim.reports.forms import OFFICE, check_form, writer
from dgsim.reports.sections import document
from dgsim.reports.sheets import sheet_name

NAMES = ("staged", "reward-use")
FEW = {"replications": 30, "quarters": 4}  # enough sets for the assumptions
EVIL = '=HYPERLINK("http://example.org","+1")'
SOFFICE = shutil.which("soffice")
MIMETYPES = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


class Page(HTMLParser):
    """What a page holds: its headings, the rows of its tables, the descriptions of its pictures, all its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.alts: list[str] = []
        self.text, self.inside, self.cell = "", "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        if tag in ("h1", "h2"):
            self.headings.append("")
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = True
        if tag == "img":
            self.alts.append(dict(attrs).get("alt", ""))

    def handle_endtag(self, tag):
        self.inside = ""
        if tag in ("td", "th"):
            self.cell = False

    def handle_data(self, data):
        self.text += data
        if self.inside in ("h1", "h2"):
            self.headings[-1] += data
        if self.cell:
            self.tables[-1][-1][-1] += f" {data}"


def squeezed(text: str) -> str:
    return " ".join(text.split())


def shown(cell) -> str:
    """What Excel shows of a cell, in English: the part of its number format that its sign has."""
    if not isinstance(cell.value, int | float):
        return str(cell.value)
    parts = cell.number_format.split(";")
    form = parts[(0 if cell.value > 0 else 1 if cell.value < 0 else 2) % len(parts)] if len(parts) > 1 else parts[0]
    value = abs(cell.value) if len(parts) > 1 else cell.value
    sign, percent = form[0] if form[0] in "+-" else "", form.endswith("%")
    decimals = len(form.rstrip("%").partition(".")[2])
    number = f"{value * (100 if percent else 1):{',' if '#' in form else ''}.{decimals}f}"
    return f"{sign}{number}{'%' if percent else ''}"


@pytest.fixture(scope="module")
def found():
    return dgsim.report(NAMES, **FEW)


@pytest.fixture(scope="module")
def page(found):
    return Page(found.to_html())


@pytest.fixture(scope="module")
def raw(found, page):
    """What became a page before becomes these: the figures are those of the page."""
    return {"docx": found.to_docx(), "xlsx": found.to_xlsx()}


@pytest.fixture(scope="module")
def word(raw):
    return docx.Document(BytesIO(raw["docx"]))


@pytest.fixture(scope="module")
def book(raw):
    return openpyxl.load_workbook(BytesIO(raw["xlsx"]))


def headed(word, level):
    return [one.text for one in word.paragraphs if one.style.name == level]


def test_a_document_has_the_headings_of_the_page(word, page):
    assert [*headed(word, "Title"), *headed(word, "Heading 1")] == page.headings
    assert len(headed(word, "Heading 2")) > 5


def test_a_document_has_the_tables_of_the_page_cell_by_cell(word, page):
    assert len(word.tables) == len(page.tables) > 5
    for table, expected in zip(word.tables, page.tables, strict=True):
        rows = [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
        assert rows == [[squeezed(cell) for cell in row] for row in expected]


def test_rows_of_heads_are_repeated_on_every_page_of_a_document_and_rows_are_whole(word):
    for table in word.tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in others)


def test_tables_and_figures_of_a_document_have_numbered_captions(word, page):
    captions = headed(word, "Caption")
    for kind, count in (("Table", len(page.tables)), ("Figure", len(page.alts))):
        numbers = [int(re.match(rf"{kind} ([0-9]+)\. .", one)[1]) for one in captions if one.startswith(kind)]
        assert numbers == list(range(1, count + 1))


def test_pictures_say_what_they_show_in_every_form(word, raw, page):
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == page.alts
    assert all(shape.width <= word.sections[0].page_width for shape in word.inline_shapes)
    with ZipFile(BytesIO(raw["xlsx"])) as parts:
        drawings = [name for name in parts.namelist() if re.fullmatch(r"xl/drawings/drawing[0-9]+\.xml", name)]
        drawn = [parts.read(f"xl/drawings/drawing{number}.xml").decode() for number in range(1, len(drawings) + 1)]
    assert len(drawn) == len(page.alts)
    assert all(f'descr="{alt}"' in one for alt, one in zip(page.alts, drawn, strict=True))


def table_sheets(book):
    return [sheet for sheet in book.worksheets if sheet.tables]


def test_a_workbook_has_a_sheet_a_table_with_its_numbers_as_numbers(book, page):
    """Each number as the page shows it, in the rows of the page; what is told below one has a column of its own."""
    sheets = table_sheets(book)
    assert len(sheets) == len(page.tables)
    for sheet, (heads, *rows) in zip(sheets, page.tables, strict=True):
        (table,) = sheet.tables.values()
        cells = list(sheet[table.ref])
        assert [column.name for column in table.tableColumns] == [cell.value for cell in cells[0]]
        assert {squeezed(head) for head in heads} <= {cell.value for cell in cells[0]}
        assert len(cells) - 1 == len(rows)
        for line, expected in zip(cells[1:], rows, strict=True):
            words = squeezed(" ".join(expected)).replace("✓", "").replace("✗", "").split()
            known = squeezed(" ".join(shown(cell) for cell in line if cell.value is not None)).split()
            marks = {"=", "≈", "to"}  # signs have a column of words, and an interval two columns
            assert set(words) - marks <= set(known) | marks


def test_the_numbers_of_a_workbook_have_all_their_digits(found, book):
    last = found.comparison.differences.query("quarter == '2020Q4' and outcome == 'provincial_spend'").iloc[0]
    rows = {row[0].value: row for row in book.worksheets[1].iter_rows(min_row=3)}
    values = [cell.value for cell in rows["Provincial spend to 2020Q4"]]
    assert values[3:6] == pytest.approx([last["difference"], last["low"], last["high"]], rel=1e-12)


def test_heads_of_a_workbook_stay_in_sight_and_are_printed_again(book):
    for sheet in table_sheets(book):
        (table,) = sheet.tables.values()
        head = int(re.match("[A-Z]+([0-9]+)", table.ref)[1])
        assert sheet.freeze_panes == f"B{head + 1}"
        assert sheet.print_title_rows == f"${head}:${head}"


def test_tables_have_names_that_excel_takes(book):
    names = [sheet.title for sheet in book.worksheets]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)
    tables = [table.displayName for sheet in table_sheets(book) for table in sheet.tables.values()]
    assert len(set(tables)) == len(tables)
    assert sheet_name("history'[x]:" + "a" * 40) == "history--x--" + "a" * 19


def test_the_first_sheet_leads_to_every_other(book):
    text, *others = book.worksheets
    reached = [cell.hyperlink.location for (cell,) in text.iter_rows() if cell.hyperlink]
    assert reached == [f"'{sheet.title}'!A1" for sheet in others]


def test_the_text_of_a_workbook_is_that_of_the_page(book, found):
    told = [str(cell.value) for (cell,) in book.worksheets[0].iter_rows() if cell.value]
    assert found.title in told
    assert found.told[0].answer in told
    assert found.told[0].why.text() in told
    assert next(line for line in told if line.startswith("dgsim report")).endswith("--out report.xlsx")


def test_nothing_in_a_file_tells_the_hour_of_its_writing(raw):
    for form, content in raw.items():
        with ZipFile(BytesIO(content)) as parts:
            assert {about.date_time for about in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert MIMETYPES[form] in parts.namelist()
            about = parts.read("docProps/core.xml").decode()
            dates = set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", about))
        assert dates == {"2020-01-01"}
        assert "dgsim</dc:creator>" in about


@pytest.fixture(scope="module")
def vietnamese():
    return dgsim.report(NAMES, language="vi", **FEW)


def test_files_speak_vietnamese_with_the_same_numbers(vietnamese, raw, book):
    other, page = docx.Document(BytesIO(vietnamese.to_docx())), Page(vietnamese.to_html())
    assert [*headed(other, "Title"), *headed(other, "Heading 1")] == page.headings
    rows = [[squeezed(cell.text) for cell in row.cells] for row in other.tables[0].rows]
    assert rows == [[squeezed(cell) for cell in row] for row in page.tables[0]]
    assert headed(other, "Caption")[0].startswith("Bảng 1. ")
    assert other.core_properties.language == "vi-VN"
    sheets = openpyxl.load_workbook(BytesIO(vietnamese.to_xlsx())).worksheets
    numbers = [
        [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)]
        for sheet in (sheets[1], book.worksheets[1])
    ]
    assert numbers[0] == numbers[1] != []
    assert sheets[0].title == "Báo cáo"


def test_a_text_is_never_a_formula_nor_markup_whatever_it_begins_with():
    """And a letter that a file cannot carry is told by a sign."""
    evil = f"{EVIL} <b>&\x01"
    own = dgsim.load_scenario("staged").with_changes(name="=1+1", fee_cut=0.5)
    found = dgsim.report(["staged", own], question=evil, title=evil, replications=2, quarters=4)
    raw = found.to_xlsx()
    book = openpyxl.load_workbook(BytesIO(raw))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in texts)
    assert sum(cell.value == f"{EVIL} <b>&\ufffd" for cell in texts) == 2
    assert any(cell.value == "=1+1" for cell in texts)
    with ZipFile(BytesIO(raw)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)
    word = docx.Document(BytesIO(found.to_docx()))
    assert headed(word, "Title") == [f"{EVIL} <b>&\ufffd"]


def test_a_very_long_title_is_cut_where_a_file_cannot_hold_it(found):
    """The title alone: what stands below it is written in the same way."""
    titled = replace(document(found), title="long " * 200, sections=())
    assert len(docx.Document(BytesIO(writer("docx")(titled))).core_properties.title) <= 255
    assert len(openpyxl.load_workbook(BytesIO(writer("xlsx")(titled))).properties.title) <= 255


@pytest.mark.parametrize("form", OFFICE)
def test_the_command_writes_what_the_name_of_its_file_says(form, raw, tmp_path, monkeypatch, capsys):
    """The same runs make the same bytes, in a report of their own or in one that became every form before."""
    monkeypatch.chdir(tmp_path)
    how = ["--replications", str(FEW["replications"]), "--quarters", str(FEW["quarters"])]
    assert main(["report", *NAMES, *how, "--out", f"report.{form}"]) == 0
    first = Path(f"report.{form}").read_bytes()
    assert first == raw[form]
    with ZipFile(BytesIO(first)) as parts:
        assert MIMETYPES[form] in parts.namelist()
    assert main(["report", *NAMES, *how, "--out", f"report.{form}"]) == 2
    assert main(["report", *NAMES, *how, "--out", f"report.{form}", "--format", form, "--force", "--quiet"]) == 0
    assert Path(f"report.{form}").read_bytes() == first


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--format", "docx", "--out", "r.html"], "r.html is to be written as docx: name a file that ends so"),
        (["--format", "html", "--out", "r.xlsx"], "r.xlsx is to be written as html: name a file that ends so"),
        (["--format", "pdf", "--out", "r.pdf"], "'pdf' is not one of"),
        (["--out", "mine.docx", "--force"], "mine.docx exists and is no page of dgsim"),
        (["--out", "mine.xlsx", "--force"], "mine.xlsx exists and is no page of dgsim"),
    ],
)
def test_bad_input_is_answered_in_a_sentence_and_nothing_is_written(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    docx.Document().save("mine.docx")
    Path("mine.xlsx").write_bytes(b"PK no zip file at all")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert main(["report", *NAMES, "--replications", "2", "--quarters", "4", *arguments]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("form", "package"), [("docx", "python-docx"), ("xlsx", "openpyxl")])
def test_a_package_that_is_not_installed_is_named_before_anything_runs(form, package, monkeypatch):
    about = OFFICE[form]
    monkeypatch.delitem(sys.modules, about.module, raising=False)
    monkeypatch.setitem(sys.modules, {"docx": "docx", "xlsx": "openpyxl"}[form], None)
    with pytest.raises(StudyError, match=rf'^{package} is not installed: pip install "dgsim\[office\]"$'):
        check_form(Path(f"report.{form}"))


def converted(folder: Path, *files: Path, to: str) -> None:
    """Have LibreOffice read files and write them in another form."""
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, home, "--headless", "--convert-to", to, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@pytest.mark.once
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_both_and_shows_the_numbers_of_the_page(raw, page, tmp_path):
    for form, content in raw.items():
        (tmp_path / f"report.{form}").write_bytes(content)
        shutil.copyfile(tmp_path / f"report.{form}", tmp_path / f"{form}.{form}")
    converted(tmp_path, *(tmp_path / f"{form}.{form}" for form in raw), to="pdf")
    assert all((tmp_path / f"{form}.pdf").read_bytes().startswith(b"%PDF") for form in raw)
    converted(tmp_path, tmp_path / "report.docx", to="txt:Text (encoded):UTF8")
    told = squeezed((tmp_path / "report.txt").read_text(encoding="utf-8-sig"))
    assert all(squeezed(heading) in told for heading in page.headings)
    converted(tmp_path, tmp_path / "report.xlsx", to="html")
    shown_there = Page((tmp_path / "report.html").read_text(encoding="utf-8")).tables
    rows = [[squeezed(cell) for cell in row] for table in shown_there for row in table]
    for name, level, difference in page.tables[0][1:]:
        (row,) = (row for row in rows if row[1:] and f"{row[0]} {row[1]}" == squeezed(name))
        size, *_, low, to, high = [part for part in squeezed(difference).split() if part not in "✓✗=≈"]
        assert (row[2:6], to) == ([squeezed(level), size, low, high], "to")
