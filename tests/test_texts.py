"""What is said to people stands in every language, in one table; nothing that is said is taken apart again."""

from __future__ import annotations

import ast
import csv
import re
import shutil
import string
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import pytest

import dgsim
from dgsim.appraisals.targets.file import load_targets, shipped_targets
from dgsim.country import load_country
from dgsim.evidence.sources import sources
from dgsim.evidence.validate import kept_validation
from dgsim.numbers import difference_unit_text, unit_text
from dgsim.scenario import load_scenario, quarter_text, shipped_scenarios
from dgsim.study.catalogue import STOCKS
from dgsim.texts import ENGLISH, LANGUAGES, words
from dgsim.texts.table import rows
from dgsim.world.state import PANEL_FIELDS
from dgsim.world.tables import FLOWS, ITEMS, OUTCOMES, PARAMETERS, SERVICES

HOME = Path(dgsim.__file__).parent
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
DATA = [column for column in load_country().columns if column.table == "provinces"]

LABELLED = {  # the tables whose labels stand in all languages beside each other
    "services": SERVICES,
    "items": ITEMS,
    "parameters": PARAMETERS,
    "outcomes": OUTCOMES,
    "flows": FLOWS,
}


def none_left(found: Iterable[str], remedy: str) -> None:
    """Fail with all that was found, a line each, and with what is to be done."""
    lines = list(found)
    assert not lines, "\n".join([remedy, *lines])


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    none_left(
        (f"{row.key}: {row.said[ENGLISH]}" for row in rows() if not row.said[language].strip()),
        f"src/dgsim/texts/strings.csv: fill the column {language} of these rows:",
    )


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("table", "entries"), LABELLED.items(), ids=list(LABELLED))
def test_what_the_tables_name_has_a_label_in_every_language(table, entries, language):
    none_left(
        (row.label for row in entries if not row.labels.get(language)),
        f"src/dgsim/world/tables/{table}.csv: fill the column label_{language} of these rows:",
    )


def test_no_key_stands_twice():
    twice = [key for key, count in Counter(row.key for row in rows()).items() if count > 1]
    none_left(twice, "src/dgsim/texts/strings.csv: these keys stand in two rows; keep one:")


@pytest.mark.parametrize("language", OTHERS)
def test_all_languages_have_the_same_places_to_fill(language):
    none_left(
        (row.key for row in rows() if blanks(row.said[ENGLISH]) != blanks(row.text(language))),
        f"src/dgsim/texts/strings.csv: give the texts of {language} the places in braces that the English has:",
    )


def test_no_english_text_has_two_translations():
    twice = Counter(row.said[ENGLISH] for row in rows() if row.key.startswith("table."))
    none_left(
        (text for text, count in twice.items() if count > 1),
        "src/dgsim/texts/strings.csv: texts of the model's tables are looked up by their English; keep one row of:",
    )


def test_a_label_has_one_home():
    """It stands in its table, in every language; a row of the table of strings would be a second home."""
    homes = {row.label: f"{table}.csv" for table, entries in LABELLED.items() for row in entries}
    none_left(
        (
            f"{row.key}: {row.said[ENGLISH]} ({homes[row.said[ENGLISH]]})"
            for row in rows()
            if row.key.startswith("table.") and row.said[ENGLISH] in homes
        ),
        "src/dgsim/texts/strings.csv: these are labels of tables of src/dgsim/world/tables, with other languages in "
        "their columns label_XX; take the rows out:",
    )


@pytest.mark.parametrize("language", OTHERS)
def test_labels_that_are_alike_are_translated_alike(language):
    """They are looked up by their English, as is what stands in two tables."""
    said: dict[str, set[str]] = {}
    for row in (*PARAMETERS, *OUTCOMES, *FLOWS):
        said.setdefault(row.label, set()).add(row.labels[language])
    none_left(
        (f"{label}: {', '.join(sorted(found))}" for label, found in said.items() if len(found) > 1),
        f"src/dgsim/world/tables: give these labels one translation in the columns label_{language}:",
    )


NAMES = {"bind", "cause", "channel", "data", "incentives", "page", "stock", "table", "theme"}  # of different things


def test_nothing_is_worded_in_two_rows():
    """Names of things may be alike, as a page and a theme are; what is said of them has one row."""
    said: dict[tuple[str, ...], list[str]] = {}
    for row in rows():
        if row.key.split(".")[0] not in NAMES:
            said.setdefault(tuple(text.strip(" .") for text in row.said.values()), []).append(row.key)
    none_left(
        (" and ".join(keys) for keys in said.values() if len(keys) > 1),
        "src/dgsim/texts/strings.csv: these rows say the same; keep one, and ask for its key in src/dgsim:",
    )


def test_no_two_families_of_rows_name_the_same_things():
    """A family is what is asked for by a name, such as `stock.NAME`; no member of another says the same of all."""
    families: dict[str, set[tuple[str, str]]] = {}
    for row in rows():
        family, _, name = row.key.partition(".")
        families.setdefault(family, set()).add((name, row.said[ENGLISH].casefold()))
    none_left(
        (
            f"{one}.* and {two}.*: {', '.join(name for name, _ in sorted(families[one] & families[two])[:3])} ..."
            for one, two in combinations(sorted(families), 2)
            if len(families[one] & families[two]) > min(len(families[one]), len(families[two])) / 2
        ),
        "src/dgsim/texts/strings.csv: these rows name the same things twice; keep one family, and one function in "
        "src/dgsim/texts/labels.py that asks for it:",
    )


def needed() -> Iterator[str]:
    """Every text of the model's own tables that people are shown."""
    for parameter in PARAMETERS:
        yield from (parameter.unit, parameter.source)
        yield from (choice.replace("_", " ") for choice in parameter.choices)
    for outcome in OUTCOMES:
        yield from (outcome.formula, unit_text(outcome.unit), difference_unit_text(outcome.unit))
    yield from (load_scenario(name).question for name in shipped_scenarios())
    for one in map(load_targets, shipped_targets()):
        yield one.title
        yield from (text for row in one.targets for text in (row.responsible, row.verification, row.note))
        yield from (text for row in one.not_expressed for text in (row.target, row.reason))
    for column in DATA:
        yield from (column.unit, column.year, column.publisher)
    validation = kept_validation(load_country())
    assert validation is not None
    yield from (*validation["group"], *validation["claim"], *validation["who"], *validation["unit"])
    yield from sources()["unit"]


def test_the_models_own_tables_are_translated():
    known = words(OTHERS[0]).by_english
    none_left(
        (text for text in dict.fromkeys(needed()) if text and text not in known),
        "src/dgsim/texts/strings.csv lacks these texts of the tables of dgsim: add a row table.NAME for each, its "
        "English as it stands in the table:",
    )


def test_what_the_browser_tells_of_a_province_is_translated():
    story = pytest.importorskip("dgsim.app.content.story", reason="the extra app is not installed")
    told = [name for names in story.CHAPTERS.values() for name in names]
    texts = [text for name in told for text in (STOCKS[name].meaning, unit_text(STOCKS[name].unit))]
    known = words(OTHERS[0]).by_english
    none_left(
        (text for text in dict.fromkeys(texts) if text not in known),
        "src/dgsim/texts/strings.csv lacks these meanings or units of stocks: add a row table.NAME for each:",
    )


def test_every_column_and_every_stock_of_provinces_has_a_name():
    keys = [f"data.{column.column}" for column in DATA] + [f"stock.{field.name}" for field in PANEL_FIELDS]
    none_left(
        (key for key in keys if key not in words(ENGLISH).by_key),
        "src/dgsim/texts/strings.csv lacks the names of these columns or stocks of provinces: add the rows:",
    )


def keys_in_code() -> set[str]:
    """Literal keys that the code and its templates ask for, such as w("word.unit")."""
    known = {row.key.split(".")[0] for row in rows()}
    found: set[str] = set()
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for file in HOME.rglob("*.html"):
        found |= set(re.findall(r'w\("([a-z_.]+)"', file.read_text(encoding="utf-8")))
    files = (".csv", ".html", ".toml", ".json", ".tables", ".vue")
    keys = {text for text in found if re.fullmatch(r"[a-z]+\.[a-z0-9_.]*[a-z0-9]", text) and not text.endswith(files)}
    return {key for key in keys if key.split(".")[0] in known}


def test_the_code_asks_for_no_key_that_is_missing():
    by_key = words(ENGLISH).by_key
    none_left(
        (key for key in sorted(keys_in_code()) if key not in by_key),
        "src/dgsim/texts/strings.csv lacks these keys that the code asks for: add a row for each, or ask for another:",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_are_filled(language):
    assert "7" in words(language)("chart.band", count=7, seed=0, sets="")
    assert "{" not in words(language)("chart.band", count=7, seed=0, sets="")


def test_a_text_without_translation_stays_english():
    assert words("vi").of("no such text") == "no such text"


# A language that is added

SCRIPT = """
from dgsim.cli.main import main
from dgsim.learn import find_lesson
from dgsim.texts import LANGUAGES, words
w = words("xx")
print(LANGUAGES["xx"], w("page.explore"), w("page.about"), w.of("Trust"), sep="|")
print(find_lesson("skills-leak", "xx").title)
assert main(["diff", "services-first", "foundations-first", "--language", "xx"]) == 0
assert main(["learn", "--language", "xx"]) == 0
"""
SPOKEN = {"language.name": "Xish", "page.explore": "Xplore", "change.start": "Xtarts {after}, not {before}, {shift}"}


def test_a_language_is_a_column_of_the_table_and_what_it_lacks_is_told_in_english(tmp_path):
    """Nothing but the table is touched in a copy of the package."""
    shutil.copytree(HOME, tmp_path / "dgsim", ignore=shutil.ignore_patterns("__pycache__"))
    scenarios = HOME.parents[1] / "scenarios"
    if scenarios.is_dir():
        shutil.copytree(scenarios, tmp_path / "dgsim" / "scenarios", dirs_exist_ok=True)
    table = tmp_path / "dgsim" / "texts" / "strings.csv"
    with table.open(encoding="utf-8", newline="") as file:
        old = list(csv.reader(file))
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*old[0], "xx"], *([*row, SPOKEN.get(row[0], "")] for row in old[1:])])
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{SCRIPT}"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    first, lesson, *more = run.stdout.splitlines()
    assert first == "Xish|Xplore|About|Trust"
    assert lesson == "Skills leak"
    assert any("Xtarts 20" in line for line in more)
    assert any("runs 1" in line for line in more)
    assert any(line.startswith("skills-leak") for line in more)


# What is said is not taken apart again

TAKEN_APART = {"split", "rsplit", "partition", "rpartition", "startswith", "endswith", "removeprefix", "removesuffix"}
NO_PROSE = {  # file: texts that are no prose but names of files, keys and columns
    "app/components/widgets.py": {"event_"},
    "app/state/address.py": {".toml"},
    "app/state/files.py": {".toml"},
    "numbers.py": {" "},  # the one home of what a unit is
    "scenario/library.py": {".toml"},
    "show/terminal/layout.py": {" "},  # where lines may end
    "sweeps/store.py": {"outcomes/"},
    "texts/table.py": {"table."},
    "world/tables/__init__.py": {"needs_"},
}


STRIPS = {"lstrip", "rstrip", "strip"}  # of spaces, where nothing is named
SEEN_APART = STRIPS | {"findall", "finditer", "float", "fullmatch", "int", "match", "partition", "rpartition", "search"}


def facts_sought(text: str) -> Iterator[tuple[int, str]]:
    """Where the room of texts, or what tells labels, looks for a fact in a text: by pattern, sign or conversion."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SEEN_APART and (node.args or name not in STRIPS):
            yield node.lineno, name


MAY_SEEK = {  # file: why it may look
    "texts/table.py": ["int", "fullmatch"],  # the one home of how a quarter is written: of a fact that is one
}


def taken_apart(text: str) -> Iterator[tuple[int, str]]:
    """Where a text is taken apart by words, or by a space: the line and the words."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKEN_APART:
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "sep")]
            for part in (part for one in given for part in getattr(one, "elts", [one])):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search(r"[a-z ]", part.value):
                    yield node.lineno, part.value


def test_no_code_parses_what_is_said_to_people():
    none_left(
        (
            f"src/dgsim/{name}:{line}: {found!r}"
            for file in sorted(HOME.rglob("*.py"))
            for name in [file.relative_to(HOME).as_posix()]
            for line, found in taken_apart(file.read_text(encoding="utf-8"))
            if found not in NO_PROSE.get(name, set())
        ),
        "labels, units and sentences are taken apart here: hand over the facts (dgsim.texts.clauses), and ask "
        "dgsim.numbers about units; what is no prose is listed in NO_PROSE of this test:",
    )


def test_the_room_of_texts_looks_for_no_fact_in_a_text():
    """A scenario may be called 2030Q4, and a label 0.5: what is a quarter or a number says so by its type."""
    files = [*sorted((HOME / "texts").glob("*.py")), HOME / "app/content/charts.py", HOME / "app/content/tables.py"]
    none_left(
        (
            f"src/dgsim/{name}:{line}: {found}"
            for file in files
            for name in [file.relative_to(HOME).as_posix()]
            for line, found in facts_sought(file.read_text(encoding="utf-8"))
            if found not in MAY_SEEK.get(name, []) and not (name.startswith("app/") and found in ("float", "int"))
        ),
        "a fact is looked for in a text here: hand it over by its type (Quarter, Decimals, a Clause's facts):",
    )
    assert list(facts_sought('number.lstrip("+")\nQUARTER.fullmatch(text)\nfloat(label)')) == [
        (1, "lstrip"),
        (2, "fullmatch"),
        (3, "float"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_looks_like_a_quarter_stays_a_name(language):
    w = words(language)
    assert "2030Q4" in w("file.policy", name="2030Q4", digest="x")
    told = w("reason.range", low=quarter_text(43), high="2030Q4")
    assert told.count("2030Q4") == (2 if language == ENGLISH else 1)
    same = w("change.same", first="2030Q4", second="2020Q1")
    assert "2030Q4" in same
    assert "2020Q1" in same


def test_the_guard_sees_prose_that_is_taken_apart():
    apart = 'unit.startswith(("share", "per"))\n"best minus own".split(sep=" minus ")'
    text = f'group.split(" and ")\n{apart}\npath.split("/")\n'
    assert list(taken_apart(text)) == [(1, " and "), (2, "share"), (2, "per"), (3, " minus ")]
