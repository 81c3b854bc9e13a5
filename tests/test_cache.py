"""Where machine code is kept: a folder a version, whole files or none, nothing stale and nothing left lying about."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numba
import pytest

from dgsim.world import cache, kept, temporary_folder

compiled_only = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="rules run as plain Python")


@pytest.fixture(autouse=True)
def asked_anew():
    """The folder is looked for once in a process: not here."""
    cache.found.cache_clear()
    yield
    cache.found.cache_clear()


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
    cache.found.cache_clear()
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
        "import subprocess, sys; from dgsim.world import cache; print(cache.folder(), cache.lasting(), flush=True);"
        "child = 'from dgsim.world import cache; print(cache.folder(), cache.lasting())';"
        "subprocess.run([sys.executable, '-c', child], check=True)"
    )
    answer = run(script, {"DGSIM_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)})
    own, of_child = answer.stdout.splitlines()
    assert own == of_child, "what the one compiles the other finds"
    folder, lasting = own.split()
    assert (Path(folder).parents[1], lasting) == (tmp_path, "False")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert answer.stderr.startswith(f"The compiled rules cannot be kept in {tmp_path / 'file'} (")
    assert answer.stderr.endswith("let DGSIM_CACHE_DIR name a folder that can be written to.\n")
    assert answer.stderr.count("\n") == 1


def told_to_end(folder: Path, script: str) -> int:
    """The exit code of a process without a folder to write to that is told to end once it has said a word."""
    (folder / "file").write_text("in the way", encoding="utf-8")
    environment = os.environ | {"DGSIM_CACHE_DIR": str(folder / "file"), "TMPDIR": str(folder)}
    command = [sys.executable, "-c", f"from dgsim.world import cache\n{script}"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert list(folder.glob(f"{temporary_folder.PREFIX}*"))
        process.terminate()
    return process.returncode


def test_a_process_that_is_told_to_end_leaves_no_folder(tmp_path):
    code = told_to_end(tmp_path, "import time; cache.folder(); print(flush=True); time.sleep(60)")
    assert code == -signal.SIGTERM, "it ends as it would have without us"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


HANDLE = "signal.signal(signal.SIGTERM, own)"


@pytest.mark.parametrize("order", [f"{HANDLE}; cache.folder()", f"cache.folder(); {HANDLE}"])
def test_a_handler_of_the_users_is_left_in_its_place(order, tmp_path):
    own = "import signal, time; own = lambda *_: exit(3)"
    assert told_to_end(tmp_path, f"{own}; {order}; print(flush=True); time.sleep(60)") == 3
    assert [path.name for path in tmp_path.iterdir()] == ["file"], "it ended by itself"


def test_a_fork_does_not_take_the_folder_with_it(tmp_path):
    script = (
        "import os, sys; from dgsim.world import cache; here = cache.folder();"
        "child = os.fork();"
        "sys.exit() if child == 0 else os.waitpid(child, 0); print(here.exists())"
    )
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert run(script, {"DGSIM_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}).stdout == "True\n"


def test_folders_of_dead_processes_are_swept_and_those_of_living_ones_are_not(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = {name: tmp_path / f"{temporary_folder.PREFIX}{name}" for name in ("dead", "held", "young")}
    for folder in made.values():
        folder.mkdir()
        (folder / "code").touch()
    (tmp_path / "notes").mkdir()
    (tmp_path / f"{temporary_folder.PREFIX}link").symlink_to(tmp_path / "notes")
    for folder in (made["dead"], made["held"], tmp_path / "notes"):
        os.utime(folder, (0, 0))
    script = (
        "import sys; from pathlib import Path; from dgsim.world import temporary_folder;"
        "temporary_folder.hold(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(made["held"])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        temporary_folder.sweep()
        assert {path.name for path in tmp_path.iterdir()} == {
            *(made["held"].name, made["young"].name),
            *("notes", f"{temporary_folder.PREFIX}link"),
        }
        holder.kill()
    temporary_folder.sweep()
    assert not made["held"].exists(), "a killed process holds nothing"


def test_threads_that_ask_at_once_get_one_folder(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    script = (
        "from concurrent.futures import ThreadPoolExecutor; from dgsim.world import cache\n"
        "with ThreadPoolExecutor(8) as pool: print(len(set(pool.map(lambda _: cache.folder(), range(8)))))"
    )
    answer = run(script, {"DGSIM_CACHE_DIR": str(tmp_path / "file"), "TMPDIR": str(tmp_path)})
    assert answer.stdout == "1\n"
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

    assert not kept.may_be_kept(inside)
    exec(compile("def typed(number): return number", "<stdin>", "exec"), names := {})
    assert not kept.may_be_kept(names["typed"])
    assert kept.may_be_kept(anew)


# Whether all of it is there -------------------------------------------------------------------------------------------

WORK = "work"


@pytest.fixture
def listed(monkeypatch, tmp_path):
    """The file of a rule in a folder in which it is listed, as another process finds it."""
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    code = kept.Kept(anew)
    code.save("kind", b"code")
    cache.mark_compiled(WORK, code.files)
    (file,) = code.files
    cache._compiled_here.clear()
    return file


def compiled_before(work: str = WORK) -> bool:
    """As another process finds it."""
    cache._compiled_here.clear()
    return cache.compiled_before(work)


@compiled_only
def test_what_is_listed_and_whole_is_compiled(listed):
    assert compiled_before()
    assert not compiled_before("other work")


@compiled_only
@pytest.mark.parametrize(
    "broken", [lambda file: file.write_bytes(file.read_bytes()[:-1]), Path.unlink, lambda file: file.write_bytes(b"")]
)
def test_a_file_that_is_not_what_it_was_is_to_be_compiled(listed, broken):
    broken(listed)
    assert not compiled_before()


@compiled_only
@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"a": 1}', '{"absent": ""}', "compiled", '{"a\\u0000b": "c"}', "[" * 100_000]
)
def test_a_list_that_is_broken_says_nothing(listed, text):
    cache._list(listed.parent, WORK).write_text(text, encoding="utf-8")
    assert not compiled_before()


@compiled_only
@pytest.mark.parametrize("other", [{"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, {"DGSIM_PLAIN_NUMBA": "1"}])
def test_another_processor_or_way_finds_nothing_compiled(listed, other):
    script = f"from dgsim.world import cache; print(cache.compiled_before({WORK!r}))"
    assert run(script, {}).stdout == "True\n"
    assert run(script, other).stdout == "False\n"


@compiled_only
@pytest.mark.parametrize("setting", ["NUMBA_OPT=0", "NUMBA_DEBUGINFO=1", "NUMBA_BOUNDSCHECK=1"])
def test_machine_code_of_another_kind_has_a_folder_of_its_own(setting):
    script = "from dgsim.world import cache; print(cache.code_digest())"
    name, value = setting.split("=")
    assert run(script, {}).stdout != run(script, {name: value}).stdout


@compiled_only
def test_a_process_remembers_what_it_has_compiled_though_it_could_not_be_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    anew()
    cache.mark_compiled(WORK, ())
    assert cache.compiled_before(WORK)
    assert not any(cache.folder().iterdir())
    assert not compiled_before()


def test_nothing_is_to_be_compiled_where_numba_is_told_not_to(monkeypatch, tmp_path):
    script = "from dgsim.world import cache; print(cache.compiled_before())"
    assert run(script, {"NUMBA_DISABLE_JIT": "1", "DGSIM_CACHE_DIR": str(tmp_path)}).stdout == "True\n"


READ_ONLY = """
import errno, tempfile
def refused(*_, **__):
    raise OSError(errno.EROFS, "Read-only file system")
tempfile.TemporaryFile = tempfile.TemporaryDirectory = refused
from dgsim.world import cache
print(cache.folder(), cache.lasting(), cache.compiled_before())
"""


@compiled_only
def test_a_full_folder_that_can_only_be_read_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path / "cache"))
    here = anew()
    said = run(READ_ONLY, {"TMPDIR": str(tmp_path)})
    assert not said.stdout.startswith(str(here)), "it is empty"
    assert "Read-only file system" in said.stderr
    code = kept.Kept(anew)
    code.save("kind", b"code")
    cache.mark_compiled(cache.RUNS, code.files)
    said = run(READ_ONLY, {"TMPDIR": str(tmp_path)})
    assert (said.stdout, said.stderr) == (f"{here} False True\n", "")
    said = run(READ_ONLY, {"TMPDIR": str(tmp_path), "DGSIM_PLAIN_NUMBA": "1"})
    assert not said.stdout.startswith(str(here)), "numba's own cache must be written to"


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
    code = kept.Kept(anew)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code.save("kind", b"code")
    assert code.load("kind") is None
    assert code.files == set()
    assert not any(cache.folder().iterdir())


def test_what_is_forgotten_is_gone(monkeypatch, tmp_path):
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    code, other = kept.Kept(anew), kept.Kept(run)
    for each in (code, other):
        each.save("kind", b"code")
    code.flush()
    assert (code.load("kind"), other.load("kind")) == (None, b"code")


def test_what_stands_under_another_name_is_broken(monkeypatch, tmp_path, caplog):
    """Whole, and the machine code of another rule: it would be run in place of this one."""
    monkeypatch.setenv("DGSIM_CACHE_DIR", str(tmp_path))
    code, other = kept.Kept(anew), kept.Kept(run)
    other.save("kind", b"code of another")
    shutil.copy(other.file("kind"), code.file("kind"))
    assert code.load("kind") is None
    assert not code.file("kind").exists()
    assert [record.getMessage() for record in caplog.records] == [
        f"{code.file('kind')} is broken: the rule is compiled again."
    ]
