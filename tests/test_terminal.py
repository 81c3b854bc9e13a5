"""What reaches a terminal: lines of its width with whole words, marks that any encoding carries, how far work is."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from dgsim.cli.main import app, main
from dgsim.scenario import shipped_scenarios
from dgsim.show.terminal import screen
from dgsim.show.terminal.layout import RULE, jointed, rows_table, wrapped
from dgsim.show.terminal.pace import LINE_SECONDS, Pace, pace_shown, progress_bar
from dgsim.texts import LANGUAGES, words
from dgsim.world.tables import PARAMETERS

WIDTHS = (80, 100, 140, 200)
ENDLESS = 100_000  # a width in which nothing is broken
FEW = ["--replications", "2", "--quarters", "6"]
TABLES = {
    "scenarios": [],
    "parameters": [],
    "sources": [],
    "compare": [
        "services-first",
        "foundations-first",
        "staged",
        "promises-not-believed",
        "--baseline",
        "history",
        *FEW,
    ],
    "run": ["staged", *FEW],
    "why": ["history", "--province", "Ha Giang", "--quarter", "2021Q2"],
    "explain": ["reward-use", "--baseline", "staged", "--provinces", *FEW],
    "order": ["staged", "--orders", "3", "--exchanged", "2", "--fresh", "2", *FEW],
    "binding": ["staged", *FEW],
    "behind": ["staged", "--worst", "3", *FEW],
    "regret": ["staged", "history", "promises-not-believed", "--replications", "1", "--quarters", "4"],
    "appraise": ["staged", "--to", "2020Q4", "--replications", "20", "--by", "region", "--elasticity", "1.3", "--risk"],
    "targets": ["decision-749", "staged", "--to", "2025Q4", "--replications", "2"],
    "predict": ["--year", "2023", "--replications", "4"],
    "validate": ["--group", "cross-section", "--replications", "4"],
}
TEXTS = {
    "diff": ["services-first", "foundations-first"],
    "check": ["history"],
    "learn": ["trust-is-slow", "--guess", ".1,.2,.3,.4,.5,.6", "--replications", "2"],
}


@pytest.fixture
def ran(capsys, monkeypatch):
    """Run a command in this process, as if all rules were compiled: what it printed."""
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)

    def run(*arguments: str) -> str:
        code = main(arguments)
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return run


def pieces(texts: str) -> set[str]:
    """The words of a text, and their parts between joints."""
    found = set()
    for word in texts.split():
        parts = jointed(word)
        found |= {"".join(parts[start:end]) for start, end in combinations(range(len(parts) + 1), 2)}
    return found


# Width


@cache
def in_1252(*arguments: str) -> tuple[str, list]:
    """What a command prints where standard output is of code page 1252, and the tables in it; it runs once."""
    kept, tables = io.BytesIO(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)
        patch.setattr("dgsim.cli.output.screen_text", lambda table: tables.append(table) or screen.screen_text(table))
        patch.setattr(sys, "stdout", io.TextIOWrapper(kept, encoding="cp1252"))
        assert main(arguments) == 0
        sys.stdout.flush()
    return kept.getvalue().decode("cp1252"), tables


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", TABLES)
def test_no_table_is_wider_than_the_terminal_and_no_word_is_broken(monkeypatch, command, language):
    """The command runs once, and its table is laid out in every width."""
    _, (content,) = in_1252(command, *TABLES[command], "--language", language)
    monkeypatch.setattr(screen, "screen_width", lambda: ENDLESS)
    whole = pieces(screen.screen_text(content))
    for width in WIDTHS:
        monkeypatch.setattr(screen, "screen_width", lambda width=width: width)
        text = screen.screen_text(content)
        assert max(map(len, text.splitlines())) <= width
        cut = {word.strip(";:") for word in text.split()} - {word.strip(";:") for word in whole}
        assert {word for word in cut if RULE not in word} == set(), f"broken at {width}"
        assert "…" not in text


@pytest.mark.parametrize("width", WIDTHS)
def test_names_are_never_broken_where_they_head_a_row(ran, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    listed = ran("parameters").split()
    assert {f"{one.theme}.{one.name}" for one in PARAMETERS} <= set(listed)
    assert set(shipped_scenarios()) <= set(ran("scenarios").split())


def test_claims_have_no_empty_column_and_ranks_no_decimals(ran):
    """Of the cross-section no share of sets is told; a rank that was observed is a whole number."""
    text = ran("validate", *TABLES["validate"])
    assert "Sets" not in text
    assert re.search(r"Rank in 2022 of the leader .*? 1 ", text)
    assert "1.000" not in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", TEXTS)
def test_sentences_follow_the_terminal(ran, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = ran(command, *TEXTS[command]).splitlines()
    assert max(map(len, lines)) <= width


def test_every_command_that_prints_a_table_is_tried():
    """Those of `optimise` need a search; the layout is that of the others."""
    tabled = {name for name, one in app.commands.items() if any(o.name == "form" for o in one.params)}
    assert tabled - set(TABLES) - set(TEXTS) == {"optimise"}


def test_a_wide_terminal_is_used(ran, monkeypatch):
    heights = []
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        heights.append(len(ran("scenarios").splitlines()))
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == len(heights)


@pytest.mark.parametrize(("columns", "width"), [("20", 80), ("120", 120), ("900", 200), (None, 100)])
def test_the_width_is_that_of_the_terminal_within_bounds(monkeypatch, columns, width):
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    assert screen.screen_width() == width


def test_what_has_no_room_beside_follows_below_after_its_heading(monkeypatch):
    name = "a_name_that_is_long." * 3
    table = rows_table(["Name", "Value", "What"], [(name, "12", "supercalifragilistic words")], ["Name", "What"])
    monkeypatch.setattr(screen, "screen_width", lambda: 80)
    assert screen.screen_text(table).splitlines() == [
        f"{'Name':60} Value",
        RULE * 66,
        f"{name} 12",
        "    What: supercalifragilistic words",
    ]


def test_a_word_longer_than_a_line_goes_on_behind_a_joint():
    assert wrapped("see a_very_long.name_that-goes", 12) == ["see a_very_", "long.name_", "that-goes"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


# Letters and colour


def in_encoding(encoding: str, *arguments: str) -> str:
    """What a command prints where standard output is of an encoding."""
    command = [sys.executable, "-W", "error", "-m", "dgsim", *arguments]
    variables = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=variables, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode(encoding)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [*TABLES, *TEXTS])
def test_code_page_1252_loses_nothing_that_is_said(command, language):
    """A question mark stands only where the same command prints one in full."""
    arguments = [command, *(TABLES | TEXTS)[command], "--language", language]
    text, tables = in_1252(*arguments)
    kept = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", kept)
        if command in TABLES:
            kept.write(screen.screen_text(*tables))
        else:
            assert main(arguments) == 0
    assert text.count("?") == kept.getvalue().count("?")


def test_better_and_worse_are_told_apart_in_code_page_1252():
    text = in_encoding("cp1252", "compare", "history", "staged", "--replications", "8", "--quarters", "12")
    assert "^ more is better, v less is better; + better and x worse than the baseline" in text
    marks = {line[-1] for line in text.splitlines() if "±" in line and line[0] in "^v"}
    assert {"+", "x", "="} <= marks


def test_vietnamese_is_read_without_its_marks_where_an_encoding_has_none():
    assert "Ty le ho so" in in_encoding("latin-1", "run", "history", *FEW, "--language", "vi")


def test_json_keeps_every_letter_in_any_encoding():
    told = json.loads(in_1252("learn", "--language", "vi", "--format", "json")[0])
    assert "ệ" in "".join(one["title"] for one in told)


def test_no_color_before_the_command_is_as_in_the_environment(ran, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    seen: list = []
    monkeypatch.setattr("dgsim.cli.output.screen_text", lambda _: seen.append(os.environ.get("NO_COLOR")) or "")
    ran("--no-color", "scenarios")
    ran("scenarios")
    assert seen == ["1", None]
    assert "NO_COLOR" not in os.environ


# How far long work is


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_a_terminal_a_line_follows_every_half_minute(capsys):
    clock = Clock()
    with progress_bar("order", clock=clock) as progress:
        for second in range(0, 121, 10):
            clock.now = float(second)
            progress(10 * second, 2400)
    assert LINE_SECONDS == 30.0
    assert capsys.readouterr().err.splitlines() == [
        "order: 12%, 300 of 2,400 runs, 10 a second, 3 min 30 s left",
        "order: 25%, 600 of 2,400 runs, 10 a second, 3 min left",
        "order: 37%, 900 of 2,400 runs, 10 a second, 2 min 30 s left",
        "order: 50%, 1,200 of 2,400 runs, 10 a second, 2 min left",
    ]


def test_a_sweep_tells_the_same_and_quiet_work_tells_nothing(capsys):
    clock = Clock()
    with pace_shown(quiet=False, clock=clock) as (progress, _):
        progress(0, 100)
        clock.now = 31.0
        progress(31, 100)
    assert capsys.readouterr().err == "31%, 31 of 100 runs, 1.0 a second, 1 min 9 s left\n"
    with progress_bar("order", quiet=True) as nothing, pace_shown(quiet=True) as nobody:
        assert nothing is None
        assert nobody == (None, None)


def test_what_is_short_prints_no_line(capsys):
    with progress_bar("run", clock=Clock()) as progress:
        progress(1, 2)
        progress(2, 2)
    assert capsys.readouterr().err == ""


def test_all_is_said_to_be_done_only_when_it_is():
    assert Pace().text(999, 1000) == "99%, 999 of 1,000 runs"
    assert Pace().text(0, 0) == "0%, 0 of 0 runs"


def test_work_that_begins_anew_has_a_pace_of_its_own():
    """A comparison that became clear is run once more for its folder: what is done falls, and so did the time left."""
    clock = Clock()
    pace = Pace(clock)
    pace.text(20, 6000)
    clock.now = 10.0
    assert pace.text(620, 6000) == "10%, 620 of 6,000 runs, 60 a second, 1 min 30 s left"
    assert pace.text(0, 1240) == "0%, 0 of 1,240 runs"
    clock.now = 20.0
    assert pace.text(310, 1240) == "25%, 310 of 1,240 runs, 31 a second, 30 s left"


def test_more_work_than_was_foreseen_leaves_no_time_below_nought():
    clock = Clock()
    pace = Pace(clock)
    pace.text(0, 100)
    clock.now = 10.0
    assert pace.text(150, 100) == "100%, 150 of 150 runs, 15 a second, 0 s left"


@pytest.mark.parametrize("more", [(), ("--out", "found")])
def test_the_time_left_of_a_comparison_until_it_is_clear_is_never_below_nought(ran, monkeypatch, tmp_path, more):
    """Every text of its progress, in a folder too, for which the runs that were enough are made once more."""
    told: list[str] = []
    clock = iter(range(10**6))

    class Told(Pace):
        def __init__(self, *_: object, **how: Any) -> None:
            super().__init__(lambda: float(next(clock)), **how)

        def text(self, done: int, all_runs: int) -> str:
            told.append(super().text(done, all_runs))
            return told[-1]

    monkeypatch.setattr("dgsim.show.terminal.pace.Pace", Told)
    monkeypatch.chdir(tmp_path)
    ran("compare", "history", "staged", "--until-clear", "5pp", "--quarters", "3", *more)
    assert any("left" in text for text in told)
    assert not [text for text in told if "-" in text]


def test_how_far_work_is_is_told_in_the_language_of_the_command(capsys):
    clock = Clock()
    with progress_bar("order", clock=clock, w=words("vi")) as progress:
        for clock.now, done in ((0.0, 0), (31.0, 1209)):
            progress(done, 12400)
    assert capsys.readouterr().err == "order: 9%, 1.209 trên 12.400 lượt chạy, 39 mỗi giây, còn 4 phút 47 giây\n"
    assert Pace(clock, "rules", words("vi")).text(4, 22) == "18%, 4 trên 22 quy tắc"
