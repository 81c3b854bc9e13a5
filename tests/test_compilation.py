"""The one compilation of a machine: told rule by rule, and not done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numba
import pytest

from dgsim.engine.run import run_to
from dgsim.world import centre, channels, choice_fast, money, outcomes
from dgsim.world.compiled import reached
from dgsim.world.quarter import initialise_world

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
FIRST = """
import json, sys
from dgsim.engine.compilation import compile_rules
told = []
compile_rules(lambda *numbers: told.append(numbers))
again = []
compile_rules(lambda *numbers: again.append(numbers))
print(json.dumps([told, again]))
"""


def test_all_that_a_run_goes_through_is_reached():
    rules = reached(initialise_world, run_to)
    assert {choice_fast.choose, money.receive_money, outcomes.measure, centre.plan} <= rules
    assert run_to not in rules, "it is compiled for Python"
    assert channels.let_money_through in rules, "named, though only counterfactual runs go through it"


def test_progress_counts_every_rule_once_and_ends_with_all(tmp_path):
    environment = os.environ | {"DGSIM_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", FIRST]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told, again = json.loads(answer.stdout)
    rules = len(reached(initialise_world, run_to))
    assert [done for done, _ in told[:-1]] == list(range(1, len(told)))
    assert {total for _, total in told} == {rules}
    assert told[-1] == [rules, rules]
    assert 0.8 * rules < len(told)
    assert again == []
