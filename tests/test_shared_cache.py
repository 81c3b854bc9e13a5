"""Machine code of whole runs: filled by two processes at once, broken, and compiled again with word of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import numba
import pytest

from dgsim.world.cache import VARIABLE
from dgsim.world.kept import unsealed

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")
# Processes wait for a word before they compile, so that all begin at once.
BOTH_WAYS = """
import hashlib, sys
from dgsim.engine.compilation import *
print(flush=True)
sys.stdin.readline()
told = []
compile_rules(lambda done, rules, _: told.append(done))
setup = ParameterSets(load_scenario("staged"), load_country()).of(1)
paths = empty_paths(1, setup.quarters, len(setup.provinces))
parts = (*run_world(setup, 7, 1), *run_counterfactual(setup, 7, 1, paths))
print(hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest(), len(told))
"""


def said(environment: dict[str, str], processes: int) -> list[list[str]]:
    """What so many processes say that begin at once: a hash of their results, and how many rules they compiled."""
    command = [sys.executable, "-c", BOTH_WAYS]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = [subprocess.Popen(command, env=os.environ | environment, text=True, **pipes) for _ in range(processes)]
    for process in started:
        process.stdout.readline()
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    words = [process.communicate()[0].split() for process in started]
    assert [process.returncode for process in started] == [0] * processes
    return words


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache that two processes filled at once, and what they said."""
    cache = tmp_path_factory.mktemp("cache")
    return cache, said({VARIABLE: str(cache)}, 2)


def test_two_processes_that_fill_one_empty_cache_at_once_leave_whole_files_and_the_same_results(filled):
    cache, words = filled
    hashes = {digest for digest, _ in words}
    assert len(hashes) == 1
    assert all(int(compiled) > 0 for _, compiled in words), "both compiled"
    (here,) = cache.iterdir()
    files = sorted(path for path in here.iterdir() if path.suffix != ".json")
    assert [path.suffixes[-2] for path in files] == [".run_with_channels", ".run_to", ".initialise_world"]
    assert all(unsealed(path.name, path.read_bytes()) for path in files)
    (listed,) = here.glob("*.json")
    assert set(json.loads(listed.read_bytes())) == {path.name for path in files}
    assert said({VARIABLE: str(cache)}, 1) == [[*hashes, "0"]], "what they left behind is the same"
    assert said({}, 1)[0][0] in hashes, "and what the tests have"


def test_a_broken_file_is_compiled_again_with_word_of_it(filled):
    cache, _ = filled
    (file,) = cache.rglob("*run_to*")
    file.write_bytes(file.read_bytes()[:1000])
    command = [sys.executable, "-m", "dgsim", "run", "history", "--replications", "2", "--quarters", "2"]
    environment = os.environ | {VARIABLE: str(cache)}
    first, second = (subprocess.run(command, env=environment, capture_output=True, text=True) for _ in range(2))
    lines = first.stderr.splitlines()
    assert lines[0] == f"{file} is broken: the rule is compiled again."
    assert re.fullmatch(r"Compiling the model's rules, once on this machine: this takes about .* s\.", lines[1])
    assert re.fullmatch(r"Compiled in \d+ s\.", lines[-1])
    assert (second.stdout, second.stderr) == (first.stdout, "")
