"""The types of the records are those of the fields, and a type checker finds a wrong name in a rule."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dgsim.world import state
from dgsim.world.tables import OUTCOMES

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
RULE = """
from dgsim.world.compiled import rule
from dgsim.world.records import Province
from dgsim.world.state import World


@rule
def posts(p: Province, world: World) -> float:
    return world.policy.headcount * p.population + p.connection[0]
"""


def test_the_types_repeat_the_fields(monkeypatch):
    monkeypatch.syspath_prepend(EXPERIMENTS)
    import make_records

    assert make_records.FILE.read_text(encoding="utf-8") == make_records.text(), (
        "src/dgsim/world/records.py is not what the fields say: run python experiments/make_records.py"
    )


def complaints(tmp_path: Path, text: str) -> str:
    """What mypy says of a user's file of rules."""
    pytest.importorskip("mypy")
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    root = EXPERIMENTS.parent
    command = [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), str(file)]
    environment = os.environ | {"MYPYPATH": str(root / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=root)
    assert done.returncode in (0, 1), done.stderr
    return "\n".join(line for line in done.stdout.splitlines() if line.startswith(str(file)))


def test_a_rule_is_checked_by_its_types(tmp_path):
    assert complaints(tmp_path, RULE) == ""
    assert '"Province" has no attribute "populaton"' in complaints(tmp_path, RULE.replace("population", "populaton"))
    wrong = RULE + "\n\ndef call(p: Province) -> float:\n    return posts(p)\n"
    assert 'Missing positional argument "world" in call to "posts"' in complaints(tmp_path, wrong)


def units() -> dict[str, set[str]]:
    """The units of each name in records of the world, what is kept of provinces, and outcomes."""
    tables = (
        state.PROVINCE_FIELDS,
        state.NATION_FIELDS,
        state.ROADMAP_FIELDS,
        state.PANEL_FIELDS,
        state.ENTRY_FIELDS,
    )
    named = [(field.name, field.unit) for fields in tables for field in fields]
    named += [(outcome.outcome, outcome.unit) for outcome in OUTCOMES]
    found: dict[str, set[str]] = {}
    for name, unit in named:
        found.setdefault(name, set()).add(unit)
    return found


def test_no_name_of_money_has_two_units():
    """bvnd is what files and panels tell, million VND what rules count; the name of the latter says so."""
    money = ("bvnd", "million VND")
    twice = [
        f"{name}: {', '.join(sorted(said))}"
        for name, said in units().items()
        if len(said) > 1 and any(unit.startswith(money) for unit in said)
    ]
    assert not twice, "\n".join(["src/dgsim/world/state.py: what is in million VND ends in _mvnd:", *twice])
    wrong = [name for name, said in units().items() if name.endswith("_mvnd") and "million VND" not in " ".join(said)]
    assert not wrong, (
        f"src/dgsim/world/state.py: these are in million VND by their name, and not by their unit: {wrong}"
    )
