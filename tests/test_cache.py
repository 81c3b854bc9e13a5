"""Where machine code is kept: a folder a version, whole files or none, nothing stale and nothing left lying about."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest

from dgsim.world import cache

compiled_only = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")


@pytest.fixture(autouse=True)
def asked_anew():
    """The folder is looked for once in a process: not here."""
    cache.folder.cache_clear()
    yield
    cache.folder.cache_clear()


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A copy of the rules, of which the digest is taken."""
    home = tmp_path / "dgsim" / "world"
    shutil.copytree(cache.HOME, home, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(cache.HOME.parent / "engine", home.parent / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    before = cache.code_digest()
    monkeypatch.setattr(cache, "HOME", home)
    assert cache.code_digest() == before
    return home


def anew() -> Path:
    cache.folder.cache_clear()
    return cache.folder()


@pytest.mark.parametrize(
    "name",
    ["money.py", "choice.py", "luck.py", "quarter.py", "tables/__init__.py", "../engine/setup.py", "../engine/run.py"],
)
def test_an_edited_rule_has_a_folder_of_its_own(tree, name, monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path / "cache"))
    folder = anew()
    file = tree / name
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert anew() != folder
    assert folder.parent == anew().parent == tmp_path / "cache"


def edit_table(tree: Path, name: str, old: str, new: str) -> None:
    file = tree / "tables" / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_number_in_a_table_changes_no_machine_code(tree):
    code = cache.code_digest()
    edit_table(tree, "parameters.csv", "trust_speed,citizens,float,0", "trust_speed,citizens,float,1")
    assert cache.code_digest() == code


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [("services.csv", "\nland,", "\nfields,"), ("flows.csv", ",leaked,province,none,", ",spent,province,none,")],
)
def test_a_row_of_a_table_that_the_rules_are_made_of_changes_the_machine_code(tree, table, old, new):
    code = cache.code_digest()
    edit_table(tree, table, old, new)
    assert cache.code_digest() != code


def test_a_folder_that_cannot_be_written_to_is_no_obstacle_and_leaves_nothing(tmp_path):
    """One folder for the process and those it starts, gone at its end, and a sentence."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    script = (
        "import subprocess, sys; from dgsim.world import cache; print(cache.folder());"
        "child = 'from dgsim.world import cache; print(cache.folder().parent)';"
        "sys.stdout.flush(); subprocess.run([sys.executable, '-c', child], check=True)"
    )
    answer = run(script, {"DGSIM_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)})
    own, of_child = answer.stdout.split()
    assert own == of_child
    assert Path(own).parent == tmp_path
    assert not Path(own).exists()
    assert answer.stderr.startswith(f"The compiled rules cannot be kept in {tmp_path / 'file'} (")
    assert answer.stderr.endswith("let DGSIM_CACHE_DIR name a folder that can be written to.\n")
    assert answer.stderr.count("\n") == 1


def test_without_a_word_it_is_the_folder_of_this_system(monkeypatch, tmp_path):
    monkeypatch.delenv("DGSIM_CACHE_DIR", raising=False)
    monkeypatch.setattr(cache.platformdirs, "user_cache_path", lambda name, appauthor: tmp_path / name)
    assert anew().parent == tmp_path / "dgsim"


def test_versions_nobody_uses_any_more_are_removed(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    now = time.time()
    for number in range(12):
        old = tmp_path / f"rules-{number:016}"
        old.mkdir()
        os.utime(old, (now - number, now - number))
    (tmp_path / "rules-old").mkdir()
    os.utime(tmp_path / "rules-old", (0, 0))
    (tmp_path / "notes").mkdir()
    mine = anew()
    assert {path.name for path in tmp_path.iterdir()} == {mine.name, "notes", *(f"rules-{n:016}" for n in range(8))}


def test_a_version_that_was_used_lately_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    mine = anew()
    os.utime(mine, (0, 0))
    assert anew().stat().st_mtime > 0


def test_a_rule_that_stands_in_no_file_or_inside_another_function_is_not_kept():
    factor = 2

    def inside(number: int) -> int:
        return factor * number

    assert not cache.may_be_kept(inside)
    exec(compile("def typed(number): return number", "<stdin>", "exec"), names := {})
    assert not cache.may_be_kept(names["typed"])
    assert cache.may_be_kept(anew)


# What two processes have of it ----------------------------------------------------------------------------------------

STAKES = """
import numpy as np
from dgsim.world import reporting, state
tables = (state.NATION, state.POLICY, state.ASSUMPTIONS, state.CATALOGUE, state.ROADMAP_TABLE, state.OPEN)
world = state.World(*(np.zeros(1, table).view(np.recarray)[0] for table in tables))
world.assumptions.award_stake = 1.0
print(reporting.stakes(np.zeros(1, state.PROVINCE).view(np.recarray)[0], world))
print(sum(reporting.stakes.from_python.stats.cache_misses.values()))
"""


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a process says."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)


@pytest.fixture
def stakes(tmp_path):
    """The stakes of a province as a copy of the package finds them, and how many rules it compiled for that."""

    def found(package: Path) -> tuple[float, int]:
        if not package.exists():
            shutil.copytree(cache.HOME.parent, package / "dgsim", ignore=shutil.ignore_patterns("__pycache__"))
        said = run(STAKES, {"PYTHONPATH": str(package), "DGSIM_CACHE_DIR": str(tmp_path / "cache")})
        value, misses = said.stdout.split()
        return float(value), int(misses)

    return found


@compiled_only
def test_no_stale_machine_code_after_an_edit_in_another_module(stakes, tmp_path):
    """What a rule calls may stand in another file: the edit there must be seen (numba's own cache would miss it)."""
    package = tmp_path / "package"
    assert stakes(package) == (0.0, 1)
    file = package / "dgsim" / "world" / "utility.py"
    text = file.read_text(encoding="utf-8")
    line = "    return min(1.0, policy.awards * BVND / winners / max(1.0, p.yearly_money))\n"
    assert line in text
    file.write_text(text.replace(line, "    return 0.75\n"), encoding="utf-8")
    assert stakes(package) == (0.75, 1)
    assert len(list((tmp_path / "cache").iterdir())) == 2


@compiled_only
def test_environments_of_one_version_share_their_machine_code(stakes, tmp_path):
    assert stakes(tmp_path / "one") == (0.0, 1)
    assert stakes(tmp_path / "other") == (0.0, 0)


@compiled_only
def test_a_broken_file_is_made_again(stakes, tmp_path):
    stakes(tmp_path / "one")
    (file,) = (tmp_path / "cache").rglob("*stakes*")
    whole = file.read_bytes()
    for broken in (b"", whole[:-9], whole[:-1] + b"?"):
        file.write_bytes(broken)
        assert stakes(tmp_path / "one") == (0.0, 1)
        assert stakes(tmp_path / "one") == (0.0, 0)


def test_a_full_disk_is_no_obstacle(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    kept = cache.Kept(anew)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    kept.save("kind", b"code")
    assert kept.load("kind") is None
    assert not any(cache.folder().iterdir())


def test_what_is_forgotten_is_gone(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    kept, other = cache.Kept(anew), cache.Kept(run)
    for each in (kept, other):
        each.save("kind", b"code")
    kept.flush()
    assert (kept.load("kind"), other.load("kind")) == (None, b"code")
