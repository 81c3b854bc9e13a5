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
# A user's script. Processes wait for a word before they run it, so that all begin at once.
SCRIPT = """
import hashlib, sys
import dgsim
print(flush=True)
sys.stdin.readline()
runs = dgsim.simulate("staged", replications=2, seed=7, ledger=True)
parts = (runs.array.tobytes(), runs.ledger.to_csv().encode())
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""
WORD = (
    r"Compiling the model's rules, once on this machine: this takes about \d+ s\.\n"
    r"Compiled in \d+ s\.\n"
)


def said(environment: dict[str, str], processes: int) -> list[tuple[str, str]]:
    """What so many processes say that begin at once: a hash of their results, and what stands on standard error."""
    command = [sys.executable, "-c", SCRIPT]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, env=os.environ | environment, text=True, **pipes) for _ in range(processes)]
    for process in started:
        process.stdout.readline()
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    words = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * processes
    return [(digest.strip(), errors) for digest, errors in words]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache that two processes filled at once, and what they said."""
    cache = tmp_path_factory.mktemp("cache")
    return cache, said({VARIABLE: str(cache)}, 2)


def test_two_processes_that_fill_one_empty_cache_at_once_leave_whole_files_and_the_same_results(filled):
    cache, words = filled
    hashes = {digest for digest, _ in words}
    assert len(hashes) == 1
    assert all(re.fullmatch(WORD, errors) for _, errors in words), "both compiled, and said so by the way"
    (here,) = cache.iterdir()
    files = sorted(path for path in here.iterdir() if path.suffix != ".json")
    assert [path.suffixes[-2] for path in files] == [".run_to", ".initialise_world"]
    assert all(unsealed(path.name, path.read_bytes()) for path in files)
    (listed,) = here.glob("*.json")
    assert set(json.loads(listed.read_bytes())) == {path.name for path in files}
    assert said({VARIABLE: str(cache)}, 1) == [(*hashes, "")], "what they left behind is the same"
    assert said({}, 1)[0] == (*hashes, ""), "and what the tests have"


def test_a_broken_file_is_compiled_again_with_word_of_it(filled):
    cache, _ = filled
    (file,) = cache.rglob("*initialise_world*")  # the least that a run goes through
    file.write_bytes(file.read_bytes()[:1000])
    command = [sys.executable, "-m", "dgsim", "run", "history", "--replications", "2", "--quarters", "2"]
    environment = os.environ | {VARIABLE: str(cache)}
    first, second = (subprocess.run(command, env=environment, capture_output=True, text=True) for _ in range(2))
    lines = first.stderr.splitlines()
    assert lines[0] == f"{file} is broken: the rule is compiled again."
    assert re.fullmatch(r"Compiling the model's rules, once on this machine: this takes about .* s\.", lines[1])
    assert re.fullmatch(r"Compiled in \d+ s\.", lines[-1])
    assert (second.stdout, second.stderr) == (first.stdout, "")
