"""How many small faults in the code the tests notice: ``python experiments/mutate.py FAMILY [MODULE ...]``.

Cosmic Ray makes the mutants, as ``mutation.toml`` says, and keeps what became of each in a session below ``build``; a
session goes on where it stopped. Rules run as plain Python, in a copy of the tracked files.

The tests of a family are collected once. Each mutant then lives in a fork in which the code of one function is another,
and meets the tests named after its module first. Those that survive, and those outside of functions, meet their
module's own tests again in a fork that imports everything anew.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "mutation.toml").read_text(encoding="utf-8"))
TIMEOUT = CONFIG["cosmic-ray"]["timeout"]
EXCLUDED = re.compile("|".join(CONFIG["cosmic-ray"]["filters"]["operators-filter"]["exclude-operators"]))
SPARED = set(CONFIG["cosmic-ray"]["excluded-modules"])
QUIET = ("-q", "--no-header", "-p", "no:cacheprovider", "--tb=line", "--assert=plain")
LOG = Path("mutant.log")
TOO_SLOW = "too slow"


# Mutants --------------------------------------------------------------------------------------------------------------


class Bare(ast.NodeTransformer):
    """The code that runs: no annotations and no decorators."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """An annotated value is a value."""
        return ast.Assign([node.target], self.visit(node.value), lineno=0) if node.value else None

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """An argument is its name."""
        return ast.arg(node.arg)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Nothing decorated, nothing returned by promise."""
        if hasattr(node, "decorator_list"):
            node.decorator_list = []
        if hasattr(node, "returns"):
            node.returns = None
        return super().generic_visit(node)


def bare(code: str) -> str:
    """What of a module's code runs."""
    return ast.dump(Bare().visit(ast.parse(code)))


def mutated(code: str, mutation: MutationSpec) -> str:
    """The module's code with one fault in it."""
    operator = get_operator(mutation.operator_name)(**dict(mutation.operator_args))
    return mutate_code(code, operator, mutation.occurrence) or code


def mutants(module: str) -> list[WorkItem]:
    """The mutants of a module that change the code that runs."""
    code = Path(module).read_text(encoding="utf-8")
    wanted = [
        item for item in _all_work_items([Path(module)], {}) if not EXCLUDED.match(item.mutations[0].operator_name)
    ]
    running = bare(code)
    return [item for item in wanted if bare(mutated(code, item.mutations[0])) != running]


def functions(code: CodeType) -> dict[str, CodeType]:
    """The functions and methods of a module's code, by qualified name."""
    found = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inside = constant.co_flags & inspect.CO_OPTIMIZED
            found |= {constant.co_qualname: constant} if inside else functions(constant)
    return found


def put_in_place(module: str, code: str, mutation: MutationSpec) -> bool:
    """Give the one function that a mutation changes its new code; False if none does, or it cannot be reached."""
    old, new = (functions(compile(text, module, "exec")) for text in (code, mutated(code, mutation)))
    changed = [name for name in new if new[name] != old.get(name)]
    if len(changed) != 1:
        return False
    target: Any = importlib.import_module(module.removeprefix("src/").removesuffix(".py").replace("/", "."))
    for name in changed[0].split("."):
        target = vars(target).get(name)
    for wrapped in ("fget", "func", "__func__", "__wrapped__"):
        target = getattr(target, wrapped, target)
    if not inspect.isfunction(target):
        return False
    target.__code__ = new[changed[0]]
    return True


# What becomes of them -------------------------------------------------------------------------------------------------


def in_a_fork(act: Callable[[], int]) -> TestOutcome | None:
    """What tests in a fork say: survived if they return 0, killed if not, None if they took too long."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            output = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            code = act()
        finally:
            sys.stdout.flush()
            os._exit(code)
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return TestOutcome.SURVIVED if os.waitstatus_to_exitcode(status) == 0 else TestOutcome.KILLED
        time.sleep(0.002)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return None


class Collected:
    """A plugin of pytest: instead of running the tests it has collected, it runs them on one mutant after the other."""

    def __init__(self, module: str, database: WorkDB) -> None:
        self.module, self.database = module, database

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The tests named after the module come first."""
        items.sort(key=lambda item: not named_after(item.path, self.module))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Every mutant that can be put in place, in a fork of its own; those that die are done with."""
        code = Path(self.module).read_text(encoding="utf-8")
        gc.freeze()
        gc.disable()
        for item in untested(self.database):
            if (outcome := in_a_fork(lambda item=item: self.met(session, code, item))) is not TestOutcome.SURVIVED:
                note(self.database, item, outcome)
        return True

    def met(self, session: pytest.Session, code: str, item: WorkItem) -> int:
        """Whether the tests notice a mutant."""
        if put_in_place(self.module, code, item.mutations[0]):
            for test in session.items:
                test.config.hook.pytest_runtest_protocol(item=test, nextitem=None)
                if session.testsfailed:
                    return 1
        return 0


def named_after(test: Path, module: str) -> bool:
    """Whether a file of tests is that of a module: `test_choice` of `choice` and of `choice_fast`."""
    name = Path(module).stem if Path(module).stem != "__init__" else Path(module).parent.name
    return name.startswith(test.stem.removeprefix("test_"))


def untested(database: WorkDB) -> list[WorkItem]:
    """The mutants not tested yet, and those that survived so far."""
    alive = {job for job, result in database.results if result.test_outcome is TestOutcome.SURVIVED}
    return [*database.pending_work_items, *(item for item in database.work_items if item.job_id in alive)]


def note(database: WorkDB, item: WorkItem, outcome: TestOutcome | None) -> None:
    """Keep what became of a mutant; one that does not come to an end is killed."""
    output = "" if outcome else TOO_SLOW
    database.set_result(item.job_id, WorkResult(WorkerOutcome.NORMAL, output, outcome or TestOutcome.KILLED))


def imported_anew(item: WorkItem, tests: list[str], tick: int) -> TestOutcome | None:
    """What becomes of a mutant whose file is changed while everything is imported; the file is whole again after."""
    path = Path(item.mutations[0].module_path)
    code = path.read_text(encoding="utf-8")
    try:
        path.write_text(mutated(code, item.mutations[0]), encoding="utf-8")
        os.utime(path, (tick, tick))  # compiled files are found stale by the second
        return in_a_fork(lambda: int(pytest.main(["-x", *QUIET, *tests])))
    finally:
        path.write_text(code, encoding="utf-8")


def test_module(module: str, tests: list[str], database: WorkDB) -> None:
    """Make the mutants of a module, if it has none yet, and test those not tested yet."""
    if not database.num_work_items:
        database.add_work_items(mutants(module))
    server = os.fork()
    if server == 0:
        database.close()
        with use_db(database.name(), WorkDB.Mode.open) as own, contextlib.suppress(BaseException):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            pytest.main([*QUIET, *tests], plugins=[Collected(module, own)])
        os._exit(0)
    os.waitpid(server, 0)
    files = [str(file) for folder in tests for file in sorted(Path(folder).glob("test_*.py"))]
    own = [file for file in files if named_after(Path(file), module)] or files
    for tick, item in enumerate(untested(database)):
        note(database, item, imported_anew(item, own, 1_000_000_000 + 10 * tick))


def report(database: WorkDB) -> Iterator[str]:
    """Each mutant that survived with its line, then the module's figures."""
    items, fates = {item.job_id: item.mutations[0] for item in database.work_items}, Counter[str]()
    path = ""
    for job, result in database.results:
        mutation, path = items[job], items[job].module_path
        fates[result.output or result.test_outcome.value] += 1
        if result.test_outcome is TestOutcome.SURVIVED:
            line = Path(path).read_text(encoding="utf-8").splitlines()[mutation.start_pos[0] - 1].strip()
            yield f"survived {path}:{mutation.start_pos[0]} {mutation.operator_name.removeprefix('core/')}: {line}"
    killed, slow, left = fates[TestOutcome.KILLED.value], fates[TOO_SLOW], fates[TestOutcome.SURVIVED.value]
    if path:
        score = 100 * (killed + slow) / (killed + slow + left)
        yield f"{path}: {killed + slow + left} mutants, {killed} killed, {slow} too slow, {left} survived: {score:.1f}%"


# A family of modules --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def copy_of_the_tracked_files() -> Iterator[None]:
    """Work in a folder with the files as they stand."""
    folder = Path(tempfile.mkdtemp(prefix="mutation-"))
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    os.chdir(folder)
    sys.path.insert(0, str(folder / "src"))
    os.environ |= {"PYTHONPATH": str(folder / "src"), "NUMBA_DISABLE_JIT": "1", "MPLBACKEND": "agg"}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.chdir(ROOT)
        shutil.rmtree(folder)


def main() -> None:
    """Test the mutants of a family, or of some modules of it, and print what survived."""
    family, *only = sys.argv[1:]
    config, sessions = CONFIG["families"][family], ROOT / "build" / "mutation"
    sessions.mkdir(parents=True, exist_ok=True)
    with copy_of_the_tracked_files():
        modules = sorted({str(path) for pattern in config["modules"] for path in Path().glob(pattern)} - SPARED)
        for name in config["imports"]:
            importlib.import_module(name)
        for module in modules:
            if only and Path(module).stem not in only:
                continue
            session = sessions / f"{module.removeprefix('src/dgsim/').removesuffix('.py').replace('/', '-')}.sqlite"
            with use_db(str(session), WorkDB.Mode.create) as database:
                test_module(module, config["tests"], database)
                print("\n".join(report(database)), flush=True)


if __name__ == "__main__":
    main()
