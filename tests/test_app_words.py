"""Every word on the screen stands in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from pathlib import Path

import pytest

import dgsim.app
from dgsim.app.content.story import CHAPTERS, MEANINGS, UNITS
from dgsim.country import load_country
from dgsim.numbers import difference_unit_text, unit_text
from dgsim.scenario import load_scenario, shipped_scenarios
from dgsim.texts import LANGUAGES, rows, words
from dgsim.world.tables import OUTCOMES, PARAMETERS

HOME = Path(dgsim.app.__file__).parent
DATA = [column for column in load_country().columns if column.table == "provinces"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_text_lacks_a_language_and_no_key_stands_twice():
    assert [row.key for row in rows() if not (row.en.strip() and row.vi.strip())] == []
    assert [key for key, count in Counter(row.key for row in rows()).items() if count > 1] == []


def test_both_languages_have_the_same_places_to_fill():
    assert [row.key for row in rows() if places(row.en) != places(row.vi)] == []


def test_no_english_text_has_two_translations():
    """Texts of the model's tables are looked up by their English, so it must name one text."""
    twice = Counter(row.en for row in rows() if row.key.startswith("table."))
    assert [text for text, count in twice.items() if count > 1] == []


def test_every_column_of_the_provinces_table_is_named():
    assert [c.column for c in DATA if f"data.{c.column}" not in words("en").by_key] == []


def test_the_models_own_tables_are_translated():
    needed = [p.label for p in PARAMETERS] + [text for p in PARAMETERS for text in (p.unit, p.source)]
    needed += [choice.replace("_", " ") for p in PARAMETERS for choice in p.choices]
    needed += [o.label for o in OUTCOMES] + [f(o.unit) for o in OUTCOMES for f in (unit_text, difference_unit_text)]
    needed += [o.formula for o in OUTCOMES] + [load_scenario(name).question for name in shipped_scenarios()]
    needed += [text for c in DATA for text in (c.unit, c.year, c.publisher)]
    told = [name for names in CHAPTERS.values() for name in names]
    needed += [text for name in told for text in (MEANINGS[name], unit_text(UNITS[name]))]
    known = words("vi").by_english
    assert [text for text in dict.fromkeys(needed) if text and text not in known] == []


def keys_in_code() -> set[str]:
    """Literal keys that the code asks for, such as w("word.unit")."""
    known = {row.key.split(".")[0] for row in rows()}
    found = set()
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = re.fullmatch(r"([a-z]+)\.[a-z0-9_.]+", node.value)
                if match and match[1] in known:
                    found.add(node.value)
    return found


def test_the_code_asks_for_no_key_that_is_missing():
    by_key = words("en").by_key
    assert [key for key in sorted(keys_in_code()) if key not in by_key and not key.endswith(".")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_are_filled(language):
    assert "7" in words(language)("chart.band", count=7, seed=0)
    assert "{" not in words(language)("chart.band", count=7, seed=0)


def test_a_text_without_translation_stays_english():
    assert words("vi").of("no such text") == "no such text"
    assert words("vi").pick("Land", "Đất đai") == "Đất đai"
    assert words("en").pick("Land", "Đất đai") == "Land"
