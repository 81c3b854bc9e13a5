"""Word of a compilation: seconds before, a line now and then, seconds after; nothing where nothing is compiled."""

from __future__ import annotations

import io
import sys

import pytest

from dgsim.show.terminal import compiling
from dgsim.show.terminal.compiling import Account, compiling_shown
from dgsim.texts import IN_ENGLISH, words


@pytest.fixture
def account():
    """An account with a clock that the test sets, and all it says."""

    class Told(Account):
        now, said = 0.0, []

    told = Told(IN_ENGLISH, True, [].append, clock=lambda: Told.now)
    told.said = told.say.__self__
    told.at = lambda seconds: setattr(Told, "now", seconds)
    return told


def test_the_seconds_are_told_once_as_soon_as_a_fifth_of_the_rules_shows_them(account):
    for done in range(1, 30):
        account.told(done, 100, 80.0)
        assert account.said == (
            ["Compiling the model's rules, once on this machine: this takes about 1 min 20 s."] if done >= 20 else []
        )


def test_where_the_first_rules_take_long_the_seconds_are_told_all_the_same(account):
    account.at(compiling.FIRST_SECONDS)
    account.told(9, 100, 3000.0)
    assert account.said == [], "so few rules tell too little"
    account.told(10, 100, 300.0)
    assert account.said == ["Compiling the model's rules, once on this machine: this takes about 5 min."]


def test_how_far_it_is_and_how_long_it_took(account):
    account.told(40, 100, 80.0)
    account.at(35.0)
    assert account.far == "40 of 100 rules compiled, about 45 s left"
    account.at(90.0)
    assert account.far.endswith("about 1 s left"), "it never says less than nothing"
    account.end()
    assert account.said[-1] == "Compiled in 90 s."


def test_nothing_is_said_where_nothing_is_compiled(account, capsys):
    account.end()
    assert account.said == []
    with compiling_shown(IN_ENGLISH, lasting=True):
        pass
    assert capsys.readouterr() == ("", "")


def test_what_is_not_kept_is_not_said_to_be_compiled_once_on_this_machine(capsys):
    for language in ("en", "vi"):
        with compiling_shown(words(language), lasting=False) as told:
            told(50, 100, 20.0)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "Compiling the model's rules, for this process alone: this takes about 20 s.\nCompiled in 0 s.\n"
        "Đang biên dịch các quy tắc của mô hình, chỉ cho tiến trình này: mất khoảng 20 giây.\n"
        "Đã biên dịch trong 0 giây.\n"
    )


def test_without_a_terminal_there_is_a_line_now_and_then_however_long_one_rule_takes(monkeypatch, capsys):
    monkeypatch.setattr(compiling, "LINE_SECONDS", 0.05)
    with compiling_shown(IN_ENGLISH, lasting=True) as told:
        told(50, 100, 20.0)
        err = ""
        while "left" not in err:
            err += capsys.readouterr().err
    assert "50 of 100 rules compiled, about 20 s left\n" in err


def test_a_failed_compilation_is_not_said_to_be_done(capsys):
    def compiled(done: int) -> None:
        with compiling_shown(IN_ENGLISH, lasting=True) as told:
            told(50, 100 // done, 20.0)

    with pytest.raises(ZeroDivisionError):
        compiled(0)
    assert "Compiled" not in capsys.readouterr().err


def test_quiet_is_quiet(capsys):
    with compiling_shown(IN_ENGLISH, lasting=True, quiet=True) as told:
        assert told is None
    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_a_bar_and_the_sentences_beside_it(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with compiling_shown(IN_ENGLISH, lasting=True) as told:
        told(50, 100, 20.0)
    text = screen.getvalue()
    assert "Compiling the model's rules, once on this machine: this takes about 20 s." in text
    assert "50 of 100 rules compiled, about 20 s left" in text
    assert text.endswith("Compiled in 0 s.\n")
