"""The one compilation of a machine: told rule by rule, and not done twice."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import numba
import pytest

from dgsim.country import load_country, synthetic_country
from dgsim.decide.constraints import CONSTRAINTS
from dgsim.engine.compilation import TIME, compile_once, compile_rules
from dgsim.engine.counterfactual import run_with_channels
from dgsim.engine.driver import run_to
from dgsim.engine.setup import Setup, fresh_world, make_setup, varied_setup
from dgsim.scenario import load_scenario
from dgsim.world import centre, channels, choice_fast, money, outcomes
from dgsim.world.cache import CHANNELS, RUNS
from dgsim.world.compiled import Compiled, kept_files, reached, rule
from dgsim.world.quarter import initialise_world

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
FIRST = """
import json
from dgsim.engine.compilation import compile_rules
told = []
compile_rules(lambda *numbers: told.append(numbers), channels=True)
print(json.dumps(told))
"""


RULES = reached(initialise_world, run_to, run_with_channels)
ALL = len(RULES) + 3  # and what Python calls


def test_all_that_runs_go_through_is_reached():
    assert {choice_fast.choose, money.receive_money, outcomes.measure, centre.plan, channels.let_money_through} <= RULES
    assert not {run_to, run_with_channels} & RULES, "they are compiled for Python"


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> list[list[float]]:
    """What the one compilation tells: the one all tests began with, or, had that been done before, one of its own."""
    file = os.environ.get("DGSIM_FIRST_COMPILATION")
    return json.loads(Path(file).read_text() if file else said({"DGSIM_CACHE_DIR": str(tmp_path_factory.mktemp("c"))}))


def said(environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", FIRST]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout


def test_progress_counts_every_rule_once_and_ends_with_all(first):
    assert [numbers[:2] for numbers in first] == [[done, ALL] for done in range(1, ALL + 1)]


def test_how_long_it_takes_is_told_as_it_goes_on_and_right_at_the_end(first):
    """What is told from a fifth of the rules on is of the order of what is told at the end: the seconds it took."""
    expected = [seconds for done, _, seconds in first if done >= 0.2 * ALL]
    assert all(0.3 < seconds / expected[-1] < 3.0 for seconds in expected)


def test_what_was_compiled_is_not_compiled_again():
    compile_rules(channels=True)
    assert json.loads(said({})) == []


def test_nothing_is_told_where_nothing_is_compiled(monkeypatch):
    monkeypatch.setattr("dgsim.engine.compilation.compiled_before", lambda work: False)
    compile_rules()
    told = []
    compile_rules(lambda *numbers: told.append(numbers))
    assert told == []


def test_runs_alone_leave_out_what_only_channels_need(monkeypatch):
    """A third of the time, for a command that few give."""
    asked = []
    monkeypatch.setattr("dgsim.engine.compilation.compiled_before", lambda work: False)
    monkeypatch.setattr("dgsim.engine.compilation._compile", lambda work, entries, *_: asked.append((work, entries)))
    compile_rules()
    assert asked == [(RUNS, (initialise_world, run_to))]
    compile_rules(channels=True)
    assert asked[1:] == [(CHANNELS, (initialise_world, run_to, run_with_channels)), asked[0]]


def test_a_thread_that_asks_while_another_compiles_waits_for_it(monkeypatch):
    begun, marked, did = threading.Barrier(2), set(), []

    def doing():
        did.append(threading.get_ident())
        time.sleep(0.05)

    def ask():
        begun.wait()
        compile_once("numbers", (twice,), doing)

    monkeypatch.setitem(TIME, "numbers", (0.0, 1.0))
    monkeypatch.setattr("dgsim.engine.compilation.compiled_before", marked.__contains__)
    monkeypatch.setattr("dgsim.engine.compilation.mark_compiled", lambda work, _: marked.add(work))
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(did) == 1


@rule
def twice(number: int) -> int:
    return number + number


@rule
def four_times(number: int) -> int:
    return twice(twice(number))


def test_progress_ends_with_all_where_some_were_compiled_before(monkeypatch):
    """A rule that is loaded is not heard of."""
    monkeypatch.setitem(TIME, "numbers", (0.0, 1.0))
    twice(1)
    anew, told = Compiled(four_times.py_func, inline=False), []
    anew.kept.flush()
    compile_once(
        "numbers", (twice, anew), lambda: (twice(1), anew(1)), lambda done, rules, _: told.append((done, rules))
    )
    assert told[-1] == (3, 3)
    assert sorted(set(told)) == told
    assert told[0] != told[-1]


def test_where_one_cannot_be_kept_there_is_no_list():
    """Half of it in the folder would be taken for all."""
    anew = Compiled(four_times.py_func, inline=False)
    anew.kept = None
    twice(1)
    assert kept_files(twice)
    assert kept_files(twice, anew) == set()


def made() -> Setup:
    return make_setup(load_scenario("history"), load_country())


WAYS = {
    "of another country": lambda: make_setup(load_scenario("history"), synthetic_country(5)),
    "from another process": lambda: pickle.loads(pickle.dumps(made())),
    "with other values": lambda: varied_setup(made(), load_country(), {"care": 0.4, "matching_rate": 0.3}),
    **{f"with {one.name} relaxed": lambda one=one: one.by(0.5)(made()) for one in CONSTRAINTS},
}


@pytest.mark.parametrize("way", WAYS)
def test_one_compilation_is_for_every_setup(way):
    """Of another kind to numba, a world would have all rules compiled again in the middle of somebody's work."""
    known, kind = (numba.typeof(fresh_world(setup, 0, 0)) for setup in (made(), WAYS[way]()))
    assert kind == known, f"a setup {way} is of another kind: see Setup in src/dgsim/engine/setup.py"
