"""Files made wrong at random: each is read, or refused in sentences that name it; and what is accepted also runs.

DGSIM_CASES says how many cases of each kind there are.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dgsim
import strategies
from dgsim.app.state.address import address_of, view_of
from dgsim.app.state.files import LARGEST_FILE, read_upload
from dgsim.country import load_country, synthetic_country, write_country
from dgsim.decide.search_design import load_search
from dgsim.engine.sets import PLAUSIBLE, load_parameters
from dgsim.errors import CountryError, DesignError, DgsimError, LessonError, ScenarioError, StoreError, StudyError
from dgsim.evidence.targets import targets_of
from dgsim.learn.loading import FOLDER as LESSONS
from dgsim.learn.loading import load_lesson
from dgsim.scenario import load_scenario
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.manifest import read_manifest, seal_of
from dgsim.world.kept import sealed, unsealed
from hostile import CASES_OF_A_TEST, WORDS, answer, damaged_bytes, damaged_tables, hostile_values, toml, within_memory
from small_sweep import land

SCENARIO: dict[str, Any] = {
    "name": "mine",
    "question": "why?",
    "extends": ["staged"],
    "horizon": {"quarters": 44, "stop_after": 8},
    "incentives": {"matching_rate": 0.5, "lump_sum": 10.0, "matching_scope": "all", "awards_metric": "supply"},
    "mandate": {"mandate_strength": 0.5, "mandate_deadline": "2022Q1"},
    "skills": {"headcount": 3.0},
    "citizens": {"fee_cut": 0.25},
    "measurement": {"league_table": True, "audit_share": 0.1},
    "assumptions": {"leakage": 0.1, "funds_late": 0.5},
    "change": [{"from": "2021Q1", "citizens": {"fee_cut": 0.5}}, {"from": "2021Q3", "citizens": {"fee_cut": 0.1}}],
    "roadmap": [
        {"name": "one", "item": "training", "start": "2020Q2", "quarters": 3, "cost_bvnd": 12.5},
        {"name": "two", "item": "training", "start": "2021Q1", "quarters": 1, "cost_bvnd": 1, "after": ["one"]},
    ],
}
SWEEP: dict[str, Any] = {
    "name": "design",
    "question": "what if?",
    "scenarios": ["history", "staged"],
    "uncertain": ["care", "leakage"],
    "replications": 2,
    "seed": 3,
    "outcomes": ["supply", "use"],
    "keep": ["provinces"],
    "quarters": ["2020Q2", "2020Q3"],
    "parameters": "sets.csv",
    "horizon": {"stop_after": 3},
    "levers": {"matching_rate": [0.0, 0.5], "fee_cut": {"low": 0, "high": 1, "steps": 3}},
    "ranges": {"care": {"low": 5, "high": 10}},
    "sample": {"points": 4, "method": "sobol", "levers": "crossed"},
}
SEARCH: dict[str, Any] = {
    "name": "search",
    "question": "what is best?",
    "start": "staged",
    "parameters": "central",
    "replications": 2,
    "seed": 6,
    "levers": {"lump_sum": {"low": 0, "high": 400}, "fee_cut": {"low": 0, "high": 0.5}},
    "roadmap": {"items": "all", "earliest": "2021Q1", "latest": "2024Q4", "cost": {"low": 0.5, "high": 1.5}},
    "objective": [{"outcome": "use"}, {"outcome": "total_money"}, {"outcome": "trust", "statistic": "unlucky"}],
    "constraint": [{"outcome": "use", "at_least": 0.1, "quarter": "2025Q1"}],
    "search": {"population": 8, "generations": 2, "fresh": 4, "keep": 4},
}
QUARTERS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder of files that lead to each other."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "other.toml").write_text('extends = "mine"\n[citizens]\nfee_cut = 0.75\n', encoding="utf-8")
    (folder / "sets.csv").write_text("care,leakage\n5,0.1\n7,0.05\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    with within_memory():
        yield


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@st.composite
def toml_files(draw: st.DrawFn, sound: dict[str, Any]) -> bytes:
    """A file of a form, damaged in what it says, and sometimes in how it is written."""
    text = toml(draw(damaged_tables(sound)))
    return draw(damaged_bytes(text.encode("utf-8", "surrogatepass")))


def any_scenario() -> st.SearchStrategy[bytes]:
    """Damage done to a scenario that says all there is to say, or to any legal one."""
    return st.one_of(toml_files(SCENARIO), strategies.scenario_files(8).flatmap(toml_files))


def test_what_is_damaged_below_is_sound(folder):
    assert load_scenario(written(folder, "mine.toml", toml(SCENARIO).encode())).quarters == 8
    assert load_design(written(folder, "design.toml", toml(SWEEP).encode())).runs == 2 * 2 * 3 * 4 * 2
    assert len(load_search(written(folder, "search.toml", toml(SEARCH).encode())).objectives) == 3


@CASES_OF_A_TEST
@given(content=any_scenario())
def test_a_scenario_is_refused_in_sentences_or_runs(folder, content):
    file = written(folder, "mine.toml", content)
    policy = answer(lambda: load_scenario(file), ".toml", ScenarioError)
    if policy is not None:
        quarters = min(QUARTERS, policy.quarters)
        result = dgsim.simulate(policy, 1, country=land(), quarters=quarters, parameters="central")
        assert result.array.shape[1] == quarters
        assert load_scenario(written(folder, "again.toml", policy.to_toml().encode())).digest() == policy.digest()


@cache
def land_files() -> dict[str, bytes]:
    """A country's files, as they are written, and all the tables that may be beside them."""
    with TemporaryDirectory() as place:
        made = Path(place) / "land"
        write_country(synthetic_country(6, seed=1), made)
        return {file.name: file.read_bytes() for file in sorted(made.iterdir())}


CELLS = (
    *(
        "",
        " ",
        "0",
        "-1",
        "nan",
        "inf",
        "1e400",
        "9" * 400,
        "1_000",
        "1,5",
        "1.5",
        "0x10",
        "１２",
        "٣",
        "True",
        "S01",
        "S02",
    ),
    *(
        "s01",
        "a\0b",
        '"',
        '""',
        "'",
        "a;b",
        "a,b",
        "\ufeff",
        "\u202e",
        "<b>",
        "=1+1",
        "a\nb",
        "a\rb",
        "x" * 140_000,
        "é" * 300,
    ),
    *("1e-400", "-0.0", "1e308", "100.0000001", "0.5", "2020.5", "99999999999999999999", "unknown"),
)
SHAPES = (
    *("features", "type", "properties", "geometry", "coordinates", "province_code", "Polygon", "MultiPolygon", "Point"),
    *(
        None,
        True,
        0,
        -1,
        1e308,
        10**400,
        float("nan"),
        float("inf"),
        "",
        "S01",
        "S09",
        [],
        {},
        [[]],
        [[[]]],
        [[[0, 0]]],
    ),
    [[[[0, 0], [0, 0], [0, 0], [0, 0]]]],
)


@st.composite
def damaged_sheets(draw: st.DrawFn, content: bytes) -> bytes:
    """A table with some cells, columns or rows replaced, doubled, moved or gone, then perhaps written otherwise."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    for _ in range(draw(st.integers(0, 2))):
        row, column = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(rows[0]) - 1))
        kind = draw(
            st.sampled_from(("cell", "cell", "cell", "row", "gone", "column", "no column", "swap", "short", "head"))
        )
        if kind == "cell":
            rows[row][column % len(rows[row])] = draw(st.one_of(st.sampled_from(CELLS), st.text(max_size=8)))
        elif kind == "row":
            rows.insert(row, list(rows[draw(st.integers(0, len(rows) - 1))]))
        elif kind == "gone" and len(rows) > 1:
            del rows[row]
        elif kind == "short" and len(rows[row]) > 1:
            rows[row].pop()
        elif kind == "head":
            rows[0][column % len(rows[0])] = draw(st.sampled_from([rows[0][0], "", "x", "Province_Code", "note "]))
        elif kind in ("column", "no column", "swap"):
            for each in rows:
                cell = each.pop(column % len(each)) if each else ""
                each[:] = each if kind == "no column" else [cell, *each] if kind == "swap" else [*each, cell, cell]
    text = draw(st.sampled_from((",", ",", ",", ";", "\t"))).join(("\0",))
    joint = text if text != "\0" else ","
    return draw(damaged_bytes("\n".join(joint.join(row) for row in rows).encode("utf-8", "surrogatepass") + b"\n"))


@st.composite
def damaged_maps(draw: st.DrawFn, content: bytes) -> bytes:
    """A map with some members replaced, then perhaps written otherwise."""
    data = json.loads(content)
    for _ in range(draw(st.integers(1, 2))):
        holders = [data, *data.get("features", [])[:2]] if isinstance(data.get("features"), list) else [data]
        holder = draw(st.sampled_from([each for each in holders if isinstance(each, dict)]))
        while isinstance(holder, dict | list) and holder:
            key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
            inner = holder[key]
            if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
                holder[key] = deepcopy(draw(st.sampled_from(SHAPES)))
                break
            holder = inner
    return draw(damaged_bytes(json.dumps(data).encode("utf-8", "surrogatepass")))


@st.composite
def countries(draw: st.DrawFn) -> dict[str, bytes | None]:
    """The files of a country, one or two of them damaged, doubled under another name, or gone."""
    content: dict[str, bytes | None] = dict(land_files())
    for name in draw(st.lists(st.sampled_from(sorted(content)), min_size=1, max_size=2, unique=True)):
        sound = land_files()[name]
        if name.endswith(".csv"):
            content[name] = draw(damaged_sheets(sound))
        elif name.endswith(".geojson"):
            content[name] = draw(damaged_maps(sound))
        else:
            passport = tomllib.loads(sound.decode())
            content[name] = draw(toml_files(passport))
        if draw(st.integers(0, 19)) == 0:
            content[name] = draw(st.sampled_from([None, b"", land_files()["country.toml"]]))
    return content


@CASES_OF_A_TEST
@given(content=countries())
def test_a_country_is_refused_in_sentences_or_runs(tmp_path_factory, content):
    place = tmp_path_factory.mktemp("land")
    for name, data in content.items():
        if data is not None:
            (place / name).write_bytes(data)
    country = answer(lambda: load_country(place), str(place), CountryError)
    if country is not None:
        assert dgsim.simulate("history", 1, country=country, quarters=QUARTERS, parameters="central").array.size
        assert targets_of(country) is not None
        write_country(country, place / "again")
        assert load_country(place / "again") == country


@CASES_OF_A_TEST
@given(
    content=st.one_of(toml_files(SWEEP), hostile_values().flatmap(lambda value: toml_files(SWEEP | {"levers": value})))
)
def test_the_design_of_a_sweep_is_refused_in_sentences_or_counted(folder, content):
    file = written(folder, "design.toml", content)
    design = answer(lambda: load_design(file), ".toml", DesignError)
    if design is not None:
        assert design.runs == design.points * design.replications
        assert json.loads(json.dumps(design.record()))["seed"] == design.seed
        assert design.shape_text()


@CASES_OF_A_TEST
@given(content=toml_files(SEARCH))
def test_the_design_of_a_search_is_refused_in_sentences_or_recorded(folder, content):
    file = written(folder, "search.toml", content)
    design = answer(lambda: load_search(file), ".toml", DesignError)
    if design is not None:
        assert json.loads(json.dumps(design.record()))["seed"] == design.seed


@cache
def lessons() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(LESSONS.glob("*.toml"))]


@CASES_OF_A_TEST
@given(content=st.sampled_from(lessons()).flatmap(toml_files), language=st.sampled_from(["en", "vi"]))
def test_a_lesson_is_refused_in_sentences_or_told(folder, content, language):
    file = written(folder, "lesson.toml", content)
    lesson = answer(lambda: load_lesson(file, language), "lesson.toml", LessonError)
    if lesson is not None:
        assert lesson.title
        assert lesson.cases
        assert lesson.claims


def sets() -> bytes:
    """Some of the packaged sets of parameters."""
    return b"".join(PLAUSIBLE.read_bytes().splitlines(keepends=True)[:4])


@CASES_OF_A_TEST
@given(content=damaged_sheets(sets()))
def test_sets_of_parameters_are_refused_in_sentences_or_hold(folder, content):
    file = written(folder, "damaged.csv", content)
    found = answer(lambda: load_parameters(file), "damaged.csv", StudyError)
    if found is not None:
        dgsim.simulate("history", len(found), country=land(), quarters=1, parameters=found)


# Bytes that our own code parses --------------------------------------------------------------------------------------


def addresses() -> st.SearchStrategy[str]:
    """What follows the question mark: pairs of known and strange names and values, or any text."""
    names = st.sampled_from(
        (
            *(
                "policy",
                "baseline",
                "seed",
                "lang",
                "outcome",
                "province",
                "lesson",
                "quarter",
                "roadmap",
                "plan",
                "quarters",
            ),
            *(
                "name",
                "question",
                "fee_cut",
                "fee_cut@2021Q1",
                "leakage",
                "mandate_deadline",
                "league_table",
                "care@2021Q1",
            ),
            *(
                "baseline.fee_cut",
                "baseline.roadmap",
                "baseline.",
                "@",
                "@@",
                "horizon",
                "change",
                "extends",
                "",
                "x" * 300,
            ),
        )
    )
    values = st.one_of(
        st.sampled_from(WORDS),
        st.text(max_size=20),
        st.sampled_from(
            ("one:training:2021Q1:2:5", "one:training:2021Q1:2:5:one", "a:b", ":" * 50, "none", ",", "%", "%00", "%u")
        ),
    )
    pairs = st.lists(st.tuples(names, values), max_size=4)
    spelt = st.builds(
        lambda pairs, quoted: "&".join(f"{n}={quote(v) if quoted else v}" for n, v in pairs), pairs, st.booleans()
    )
    return st.one_of(spelt, st.text(max_size=80))


@CASES_OF_A_TEST
@given(path=st.sampled_from(["/", "/compare", "/learn", "", "//", "/a/b"]), query=addresses())
def test_an_address_gives_a_view_or_the_first_with_a_sentence(path, query):
    view, problem = view_of(path, query)
    assert problem.isprintable(), ascii(problem)
    assert len(problem) < 1000
    back, again = view_of(*address_of(view).split("?", 1))
    assert (back.policy.digest(), again) == (view.policy.digest(), "")


@CASES_OF_A_TEST
@given(name=st.one_of(st.sampled_from(WORDS), st.text(max_size=30)), content=any_scenario())
def test_a_file_sent_by_a_browser_is_refused_in_sentences_or_read(name, content):
    if len(content) > LARGEST_FILE:
        content = content[: LARGEST_FILE + 1]
    answer(lambda: read_upload(name, content), ".toml", ScenarioError)


@CASES_OF_A_TEST
@given(
    content=st.binary(min_size=1, max_size=200),
    kind=st.integers(0, 2),
    place=st.integers(0, 10**6),
    flip=st.integers(1, 255),
)
def test_what_was_sealed_comes_back_whole_or_not_at_all(content, kind, place, flip):
    kept = bytearray(sealed("rule", content))
    assert unsealed("rule", bytes(kept)) == content
    assert unsealed("other rule", bytes(kept)) is None
    if kind == 0:
        kept[place % len(kept)] ^= flip
    elif kind == 1:
        del kept[place % len(kept) :]
    else:
        kept.insert(place % len(kept), flip)
    assert unsealed("rule", bytes(kept)) is None


SEALED: dict[str, Any] = {"made_by": "dgsim sweep", "form": 2, "files": {}, "block": 4, "runs": 8, "complete": False}


@st.composite
def manifests(draw: st.DrawFn) -> bytes:
    """A manifest with some of it replaced, sealed or not, then perhaps written otherwise; or any bytes."""
    data = draw(damaged_tables(SEALED))
    plain = json.loads(json.dumps(data))
    if draw(st.booleans()):
        plain["seal"] = draw(st.one_of(st.just(seal_of(plain)), hostile_values()))
    return draw(st.one_of(damaged_bytes(json.dumps(plain).encode()), st.binary(max_size=50), st.just(b"[" * 10**5)))


@CASES_OF_A_TEST
@given(content=manifests())
def test_a_manifest_is_refused_in_a_sentence_or_as_it_was_sealed(folder, content):
    file = written(folder, "manifest.json", content)
    found = answer(lambda: read_manifest(folder), "manifest.json", StoreError)
    assert found is None or found["seal"] == seal_of(found)
    file.unlink()


def test_a_file_without_end_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.toml")
    os.mkfifo(folder / "country.toml")
    for load in (load_lesson, load_design, load_search):
        with pytest.raises(DgsimError, match=r"pipe\.toml"):
            load(folder / "pipe.toml")
    with pytest.raises(CountryError, match=r"country\.toml: the file cannot be read"):
        load_country(folder)


@pytest.mark.parametrize("name", ["../mine", "/etc/passwd", "..", "a/b", ["history", "staged"], [], 3, True])
def test_the_start_of_a_search_lies_beside_it_or_is_shipped(folder, name):
    file = written(folder, "search.toml", toml(SEARCH | {"start": name}).encode())
    with pytest.raises(DesignError, match=r"start = |start is the name"):
        load_search(file)
    file = written(folder, "design.toml", toml(SWEEP | {"scenarios": [name]}).encode())
    with pytest.raises(DesignError, match="scenarios = "):
        load_design(file)


def test_a_file_that_is_wrong_in_several_ways_is_told_line_by_line(folder):
    file = written(folder, "search.toml", toml(SEARCH | {"start": "search"}).encode())
    with pytest.raises(DesignError) as error:
        load_search(file)
    lines = str(error.value).splitlines()
    assert len(lines) > 3
    assert all(line.startswith(f"{file}: {file}: ") and r"\n" not in line for line in lines)
