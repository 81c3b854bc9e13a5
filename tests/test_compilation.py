"""The one compilation of a machine: told rule by rule, and not done twice."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from dgsim.country import load_country, synthetic_country
from dgsim.decide.constraints import CONSTRAINTS
from dgsim.engine.compilation import compile_rules
from dgsim.engine.counterfactual import run_with_channels
from dgsim.engine.run import run_to
from dgsim.engine.setup import Setup, fresh_world, make_setup, varied_setup
from dgsim.scenario import load_scenario
from dgsim.world import centre, channels, choice_fast, money, outcomes
from dgsim.world.compiled import reached
from dgsim.world.quarter import initialise_world

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
FIRST = """
import json
from dgsim.engine.compilation import compile_rules
told = []
compile_rules(lambda *numbers: told.append(numbers))
print(json.dumps(told))
"""


RULES = reached(initialise_world, run_to, run_with_channels)


def test_all_that_runs_go_through_is_reached():
    assert {choice_fast.choose, money.receive_money, outcomes.measure, centre.plan, channels.let_money_through} <= RULES
    assert not {run_to, run_with_channels} & RULES, "they are compiled for Python"


def first(folder: Path) -> list[list[int]]:
    """What the one compilation tells: the one all tests began with, or, had that been done before, one of its own."""
    file = os.environ.get("DGSIM_FIRST_COMPILATION")
    return json.loads(Path(file).read_text() if file else said({"DGSIM_CACHE_DIR": str(folder)}))


def said(environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", FIRST]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout


def test_progress_counts_every_rule_once_and_ends_with_all(tmp_path):
    assert first(tmp_path) == [[done, len(RULES)] for done in range(1, len(RULES) + 1)]


def test_what_was_compiled_is_not_compiled_again():
    compile_rules()
    assert json.loads(said({})) == []


def test_progress_ends_with_all_where_some_were_compiled_before(monkeypatch):
    monkeypatch.setattr("dgsim.engine.compilation.compiled_before", lambda: False)
    fresh_world(made(), 0, 0)
    told = []
    compile_rules(lambda *numbers: told.append(numbers))
    assert told[-1] == (len(RULES), len(RULES))
    assert sorted(set(told)) == told


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
