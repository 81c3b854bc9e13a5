"""The benchmarks run, and compare results before they time anything; no test looks at a time."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dgsim.world.quarter import ACTS, EVERY_PROVINCE

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
START_GOALS = ("22 processor seconds", "450 MB of memory", "15 MB of cache")
VERSIONS = (
    "The Mesa model of the package",
    "Plain Mesa objects, keyed luck",
    "Choosing (act 6): plain C",
    "Serving citizens (act 8): plain C",
)


@pytest.fixture
def timing(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("timing")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    """The page of the smallest benchmark."""
    written = tmp_path_factory.mktemp("page") / "performance.md"
    command = [sys.executable, str(BENCHMARKS / "speed.py"), "--size", "tiny", "--write", str(written)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return written.read_text(encoding="utf-8")


def cells(page: str, first: str) -> list[str]:
    """The row of a table that begins with a cell."""
    line = next(line for line in page.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_of_the_model_give_the_same_bytes(page, version):
    if "plain C" in version and not shutil.which("gcc"):
        pytest.skip("needs gcc")
    assert cells(page, version)[-1] == "the same bytes"


def test_the_small_model_is_the_same_in_mesa(page):
    assert re.fullmatch(r"the same bytes|to \de-1\d", cells(page, "Small model: Mesa")[-1])


def test_the_page_has_every_part(page):
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == ["The table", "Where the time goes", "Growth", "A start", "Memory"]
    assert "$" not in page
    for row in (
        "choose",
        "serve_citizens",
        "options weighed",
        "quarters",
        "provinces",
        "log",
        "exp",
        "every later one",
    ):
        assert cells(page, row)


def test_results_that_differ_stop_the_benchmark(timing):
    ours = np.array([1.0, 1000.0])
    assert timing.agreed("it", ours, ours + np.array([0.0, 1e-8])).startswith("to 1e-11")
    with pytest.raises(timing.DisagreementError, match="it: results differ by 1e-08, allowed are 1e-09"):
        timing.agreed("it", ours, ours + np.array([1e-8, 0.0]))
    with pytest.raises(timing.DisagreementError):
        timing.agreed("it", ours, np.array([1.0, np.nan]))
    with pytest.raises(timing.DisagreementError, match=r"\(2,\) results against \(1,\)"):
        timing.agreed("it", ours, ours[:1])


def test_contenders_take_turns(timing):
    calls: list[str] = []

    def measure(name: str):
        return lambda: calls.append(name) or {name: float(len(calls))}

    times = timing.in_turns([measure("a"), measure("b")], 2)
    assert calls == ["a", "b", "a", "b"]
    assert times == {"a": [1.0, 3.0], "b": [2.0, 4.0]}
    spread = timing.ratios(times, "b", "a")
    assert (spread.low, spread.middle, spread.high) == pytest.approx((4 / 3, 5 / 3, 2.0))


def test_a_first_start_stands_beside_its_goals(timing):
    starts = importlib.import_module("starts")
    assert tuple(starts.GOALS) == (22.0, 450.0, 15.0)
    told = starts.goals_table(starts.Start(seconds=21.96, megabytes=450.4, cache=2.2))
    assert [cells(told, f"the first on a machine takes at most {goal}")[1:] for goal in START_GOALS] == [
        ["22.0", "yes"],
        ["450", "**no**"],
        ["2.20", "yes"],
    ]


@pytest.mark.parametrize("name", ["timing", "tables", "growth"])
def test_examples_in_the_benchmarks_hold(name, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_model_of_plain_objects_does_the_acts_in_the_order_of_the_story():
    """`agents.do("learn")` is an act of every province; any other is a function of the world, called by its name."""
    file = BENCHMARKS / "plain_model.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    [step] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "step"]
    done = []
    for statement in step.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            every = ast.unparse(call.func) == "self.agents.do"
            done.append((ast.literal_eval(call.args[0]) if every else call.func.attr, every))
    wanted = [(act.name, act.who == EVERY_PROVINCE) for act in ACTS]
    assert [act for act in done if act != ("collect", False)] == wanted, (
        "benchmarks/plain_model.py: `step` does the acts of world/quarter.py, each province's by a method of that name"
    )
