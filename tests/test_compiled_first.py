"""Word of a compilation in a user's own script: in the log, once, and never from a process that another one started."""

from __future__ import annotations

import multiprocessing

import pytest

import dgsim
from dgsim.engine import compiled_first
from dgsim.engine.compiled_first import Word, compile_with_word

NOTHING = ("", "")


@pytest.fixture
def compiling(monkeypatch):
    """As if all rules were still to be compiled; the seconds of a clock that stands, and what was asked for."""
    asked = []

    def compile_rules(progress=None, *, channels=False):
        asked.append(channels)
        for done in (1, 19, 20, 60, 100) if progress else ():
            progress(done, 100, 23.6)

    monkeypatch.setattr(compiled_first, "compile_rules", compile_rules)
    return asked


def test_a_script_hears_how_long_it_takes_and_took(compiling, caplog):
    compile_with_word()
    assert caplog.messages == [
        "Compiling the model's rules, once on this machine: this takes about 24 s.",
        "Compiled in 0 s.",
    ]
    assert {(record.name, record.levelname) for record in caplog.records} == {("dgsim", "WARNING")}


def test_the_seconds_it_took_are_those_of_the_clock(caplog):
    clock = iter([100.0, 131.4])
    word = Word(lambda: next(clock))
    word.told(20, 100, 30.0)
    word.end()
    assert caplog.messages[-1] == "Compiled in 31 s."


def test_what_is_not_kept_is_not_said_to_be_compiled_once_on_this_machine(compiling, caplog, monkeypatch):
    monkeypatch.setattr("dgsim.world.cache.lasting", lambda: False)
    compile_with_word()
    assert caplog.messages[0] == "Compiling the model's rules, for this process alone: this takes about 24 s."


def test_a_process_that_another_one_started_compiles_without_a_word(compiling, caplog, monkeypatch):
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    compile_with_word(channels=True)
    assert (compiling, caplog.messages) == ([True], [])


def test_nothing_is_said_where_nothing_is_compiled(caplog, capfd):
    dgsim.simulate("history", quarters=2)
    assert (caplog.messages, tuple(capfd.readouterr())) == ([], NOTHING)


SWEEP = {"name": "one", "scenarios": ["history"], "replications": 1, "quarters": ["2020Q1"]}
SHORT = {"replications": 2, "quarters": 2}


@pytest.mark.parametrize(
    ("script", "channels"),
    [
        (lambda folder: dgsim.simulate("history", **SHORT), False),
        (lambda folder: dgsim.compare(["history", "staged"], **SHORT), False),
        (lambda folder: dgsim.why("history", province="01", quarter="2020Q2"), False),
        (lambda folder: dgsim.sweep(SWEEP, folder / "sweep"), False),
        (lambda folder: dgsim.explain("staged", "history", **SHORT), False),
        (lambda folder: dgsim.explain("staged", "history", **SHORT, provinces=True), True),
    ],
    ids=["simulate", "compare", "why", "sweep", "explain", "explain by province"],
)
def test_whatever_runs_first_says_so(script, channels, compiling, caplog, tmp_path):
    script(tmp_path)
    assert caplog.messages[0].startswith("Compiling the model's rules, once on this machine")
    assert compiling[0] == channels
