"""What a type checker sees of a user's script: each planted mistake is found, and nothing else is.

Skipped where the checkers are not installed (they come with the extra `dev`); `.ci/run` has them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dgsim

SOURCES = Path(dgsim.__file__).parents[1]

# Every line with "# wrong" is a mistake; all others are right.
SCRIPT = """\
import dgsim

run = dgsim.simulate("staged", replications=4, seed=1)
print(run.summary().head())
print(run.sumary())  # wrong: no such method
dgsim.simulate("staged", replication=4)  # wrong: no such argument
dgsim.simulate("staged", replications="four")  # wrong: text for a number
dgsim.simulat("staged")  # wrong: no such function
plan = dgsim.load_scenario("staged").with_changes(quarters=8)
print(plan.lever("matching_rate", 4))
print(plan.lever("matching_rate", "2021Q1"))  # wrong: a quarter is an index
both = dgsim.compare(["staged", "history"])
print(both.levels.head(), both.differences.head())
print(both.lvels)  # wrong: no such table
try:
    dgsim.load_country("nowhere")
except dgsim.DgsimError as mistake:
    print(mistake)


class Bold(dgsim.Province):
    def choose(self) -> None:
        self.record.credence = 1.0
        self.record.credense = 1.0  # wrong: no such field
        super().choose()


model = dgsim.DigitalGovernment("staged", rng=7)
model.step()
print(model.province("Ha Giang").record.cash_mvnd)
model.stepp()  # wrong to pyright: no such method (Mesa tells mypy no types)
"""
WRONG = {number for number, line in enumerate(SCRIPT.splitlines(), start=1) if "# wrong" in line}
TO_MYPY = {number for number in WRONG if "# wrong to pyright" not in SCRIPT.splitlines()[number - 1]}


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def told(found: set[int]) -> str:
    lines = SCRIPT.splitlines()
    return "\n".join(f"line {number}: {lines[number - 1]}" for number in sorted(found))


def test_mypy_finds_the_mistakes_planted_in_a_users_script(script):
    pytest.importorskip("mypy")
    options = ["--strict", "--no-error-summary", "--cache-dir", str(script.parent)]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, script.name],
        capture_output=True,
        text=True,
        cwd=script.parent,
        env={**os.environ, "MYPYPATH": str(SOURCES)},
    )
    found = {int(number) for number in re.findall(r"^script\.py:(\d+): error:", run.stdout, re.MULTILINE)}
    assert not TO_MYPY - found, f"mypy does not see\n{told(TO_MYPY - found)}\n{run.stdout}{run.stderr}"
    assert not found - WRONG, f"mypy complains of what is right\n{told(found - WRONG)}\n{run.stdout}"


def test_pyright_finds_the_mistakes_planted_in_a_users_script(script):
    pytest.importorskip("basedpyright")
    settings = {"typeCheckingMode": "standard", "include": [script.name], "extraPaths": [str(SOURCES)]}
    (script.parent / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, "-p", "."],
        capture_output=True,
        text=True,
        cwd=script.parent,
    )
    errors = [row for row in json.loads(run.stdout)["generalDiagnostics"] if row["severity"] == "error"]
    found = {row["range"]["start"]["line"] + 1 for row in errors}
    assert not WRONG - found, f"pyright does not see\n{told(WRONG - found)}\n{run.stdout}"
    assert not found - WRONG, f"pyright complains of what is right\n{told(found - WRONG)}\n{run.stdout}"
