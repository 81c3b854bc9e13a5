"""How many small faults in the code the tests notice: ``python experiments/mutate.py FAMILY [MODULE ...]``.

``--most 40`` tests 40 mutants of each module, drawn at random, for an estimate; a later run goes on with the others.
``--page`` writes what the sessions hold, and for what survived the reasons of ``mutation.toml``, into its page.

Cosmic Ray makes the mutants, as ``mutation.toml`` says, and keeps what became of each in a session below ``build``, as
long as the module stays as it is; a session goes on where it stopped, and tests again what survived. Rules run as plain
Python, in a copy of the tracked files.

The tests of a family are collected once. Each mutant then lives in a fork in which the code of one function is another,
and meets the tests named after its module (all, where none is). Those that survive, and those outside of functions,
meet them again in a fork that imports everything anew.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import importlib
import inspect
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

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
PLAIN = ("-o", "addopts=", "--import-mode=importlib", "-p", "no:cacheprovider")  # no plugin is loaded
QUIET = (*PLAIN, "-q", "--no-header", "--tb=line", "--assert=plain")
LOG = Path("mutant.log")
SESSIONS, PAGE = ROOT / "build" / "mutation", ROOT / "docs" / "mutation.md"
LONGEST = 100  # characters of a line that the page shows
TOO_SLOW = "too slow"


# Mutants --------------------------------------------------------------------------------------------------------------


def asides(code: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations and decorators stand: they are not mutated."""
    for node in ast.walk(ast.parse(code)):
        for aside in (
            *getattr(node, "decorator_list", ()),
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
        ):
            if aside is not None:
                yield (aside.lineno, aside.col_offset), (aside.end_lineno, aside.end_col_offset)


def operations(code: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where the sign of an operation of two operands stands: stars that stand elsewhere are no products."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.BinOp | ast.AugAssign):
            left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            yield (left.end_lineno or 0, left.end_col_offset or 0), (right.lineno, right.col_offset)


def mutated(code: str, mutation: MutationSpec) -> str:
    """The module's code with one fault in it."""
    operator = get_operator(mutation.operator_name)(**dict(mutation.operator_args))
    return mutate_code(code, operator, mutation.occurrence) or code


def mutants(module: str) -> list[WorkItem]:
    """The mutants of the code of a module that runs."""
    code = Path(module).read_text(encoding="utf-8")
    spared, signs = list(asides(code)), list(operations(code))
    return [
        item
        for item in _all_work_items([Path(module)], {})
        for mutation in item.mutations
        if not EXCLUDED.match(mutation.operator_name)
        and not within(mutation, spared)
        and ("BinaryOperator" not in mutation.operator_name or within(mutation, signs))
    ]


def within(mutation: MutationSpec, spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    """Whether a mutation stands in one of some stretches of code."""
    return any(start <= mutation.start_pos < end for start, end in spans)


def functions(code: CodeType) -> dict[str, CodeType]:
    """The functions and methods of a module's code, by qualified name."""
    found: dict[str, CodeType] = {}
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


def in_a_fork(act: Callable[[], int], longest: float = TIMEOUT) -> TestOutcome | None:
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
    end = time.monotonic() + longest
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return TestOutcome.SURVIVED if os.waitstatus_to_exitcode(status) == 0 else TestOutcome.KILLED
        time.sleep(0.002)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return None


class Work(NamedTuple):
    """The mutants of a module that are to be tested, and the session that keeps what becomes of them."""

    module: str
    session: str
    chosen: list[WorkItem]


class Collected:
    """A plugin of pytest: instead of running the tests it has collected, it runs them on one mutant after the other."""

    def __init__(self, works: list[Work]) -> None:
        self.works = works

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Every mutant that can be put in place, in a fork of its own; those that die are done with."""
        gc.freeze()
        gc.disable()
        for module, name, chosen in self.works:
            code = Path(module).read_text(encoding="utf-8")
            tests = [test for test in session.items if named_after(test.path, module)] or session.items
            with use_db(name, WorkDB.Mode.open) as database:
                for item in chosen:
                    outcome = in_a_fork(partial(self.met, session, tests, module, code, item))
                    if outcome is not TestOutcome.SURVIVED:
                        note(database, item, outcome)
        return True

    def met(self, session: pytest.Session, tests: list[pytest.Item], module: str, code: str, item: WorkItem) -> int:
        """Whether the tests notice a mutant."""
        if put_in_place(module, code, item.mutations[0]):
            for test in tests:
                test.config.hook.pytest_runtest_protocol(item=test, nextitem=None)
                if session.testsfailed:
                    return 1
        return 0


def named_after(test: Path, module: str) -> bool:
    """Whether a file of tests is that of a module: `test_choice` of `choice` and of `choice_fast`."""
    name = Path(module).stem if Path(module).stem != "__init__" else Path(module).parent.name
    return name.startswith(test.stem.removeprefix("test_"))


def killed(database: WorkDB) -> set[str]:
    """The mutants that are done with."""
    return {job for job, result in database.results if result.test_outcome is TestOutcome.KILLED}


def untested(database: WorkDB, most: int) -> list[WorkItem]:
    """The mutants not tested yet, and those that survived so far: at most so many with those that are done."""
    done, met = killed(database), {job for job, _ in database.results}
    left = [item for item in database.work_items if item.job_id not in done]
    random.Random(0).shuffle(left)
    return sorted(left, key=lambda item: item.job_id not in met)[: max(0, most - len(done))]


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


def session_of(module: str) -> Path:
    """Where is kept what became of the mutants of a module, as it stands."""
    name, code = module.removeprefix("src/dgsim/").replace("/", "-"), (ROOT / module).read_bytes()
    return SESSIONS / f"{name}-{sha256(code).hexdigest()[:8]}.sqlite"


def work_on(module: str, most: int) -> Work:
    """What is to be done about a module, whose mutants are made if it has none yet."""
    session = session_of(module)
    with use_db(str(session), WorkDB.Mode.create) as database:
        if not database.num_work_items:
            database.add_work_items(mutants(module))
        return Work(module, str(session), untested(database, most))


def hold_as_it_is(tests: list[str]) -> None:
    """Without a mutant all tests must pass, or every mutant would seem to die."""
    if in_a_fork(lambda: int(pytest.main(["-x", *QUIET, *tests])), 10 * TIMEOUT) is not TestOutcome.SURVIVED:
        sys.exit(f"The tests in {', '.join(tests)} do not pass on the code as it stands:\n{LOG.read_text('utf-8')}")


def test_in_place(works: list[Work], tests: list[str]) -> None:
    """All mutants that can be put in place, in a process that has collected the tests once."""
    server = os.fork()
    if server == 0:
        with contextlib.suppress(BaseException):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            pytest.main([*QUIET, *tests], plugins=[Collected(works)])
        os._exit(0)
    os.waitpid(server, 0)


def test_the_rest(work: Work, tests: list[str]) -> None:
    """Those that are left, each in a process that imports everything anew."""
    files = [str(file) for folder in tests for file in sorted(Path(folder).glob("test_*.py"))]
    own = [file for file in files if named_after(Path(file), work.module)] or files
    with use_db(work.session, WorkDB.Mode.open) as database:
        done = killed(database)
        for tick, item in enumerate(item for item in work.chosen if item.job_id not in done):
            note(database, item, imported_anew(item, own, 1_000_000_000 + 10 * tick))
        print("\n".join(report(database)), flush=True)


class Figures(NamedTuple):
    """What became of the mutants of a module; those that came to no end are killed too."""

    mutants: int
    killed: int
    slow: int
    survived: int

    @property
    def share(self) -> float:
        """Of those that were tested, in per cent; all where there are none."""
        return 100 * self.killed / (self.killed + self.survived) if self.killed + self.survived else 100.0


def outcomes_of(database: WorkDB) -> tuple[Figures, list[MutationSpec]]:
    """The figures of a module, and the mutants that survived."""
    items, fates, left = {item.job_id: item.mutations[0] for item in database.work_items}, Counter[str](), []
    for job, result in database.results:
        fates[result.output or result.test_outcome.value] += 1
        if result.test_outcome is TestOutcome.SURVIVED:
            left.append(items[job])
    killed, slow = fates[TestOutcome.KILLED.value], fates[TOO_SLOW]
    return Figures(len(items), killed + slow, slow, len(left)), sorted(left, key=lambda one: one.start_pos)


def line_of(mutation: MutationSpec) -> str:
    """The operator and the line that a mutation changes."""
    line = (ROOT / mutation.module_path).read_text(encoding="utf-8").splitlines()[mutation.start_pos[0] - 1].strip()
    return f"{mutation.operator_name.removeprefix('core/')}: {line}"


def report(database: WorkDB) -> Iterator[str]:
    """Each mutant that survived with its line, then the module's figures."""
    figures, left = outcomes_of(database)
    for mutation in left:
        yield f"survived {mutation.module_path}:{mutation.start_pos[0]} {line_of(mutation)}"
    path = next((str(item.mutations[0].module_path) for item in database.work_items), "")
    if path:
        counts = f"{figures.killed} killed, {figures.slow} too slow, {figures.survived} survived"
        yield f"{path}: {figures.mutants} mutants, {counts}: {figures.share:.1f}%"


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


def modules_of(family: str) -> list[str]:
    """The modules of a family that are mutated."""
    patterns = CONFIG["families"][family]["modules"]
    return sorted({str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)} - SPARED)


# The page -------------------------------------------------------------------------------------------------------------


def write_page() -> None:
    """Put the table of all modules and the list of what survived into the page."""
    rows, reasons = list[tuple[str, Figures]](), {row["why"]: Counter[str]() for row in CONFIG["survivors"]}
    for module in (module for family in CONFIG["families"] for module in modules_of(family)):
        if session_of(module).exists():
            with use_db(str(session_of(module)), WorkDB.Mode.open) as database:
                figures, left = outcomes_of(database)
            name = module.removeprefix("src/dgsim/")
            rows += [(name, figures)] if figures.mutants else []
            for mutation in left:
                reasons[reason_of(f"{name} {line_of(mutation)}")][f"- `{name}` {shortened(line_of(mutation))}"] += 1
    table = [
        "| module | mutants | tested | killed | survived | share killed |\n|---|---|---|---|---|---|",
        *(table_row(f"`{name}`", figures) for name, figures in rows),
        table_row("all", Figures(*(sum(counts) for counts in zip(*(figures for _, figures in rows), strict=True)))),
    ]
    page = re.sub(
        r"\| module \| mutants .*?\n\n", lambda _: "\n".join(table) + "\n\n", PAGE.read_text("utf-8"), flags=re.S
    )
    kept = page.partition("\n**")[0]
    PAGE.write_text("\n".join([kept, *listed(reasons)]) + "\n", encoding="utf-8")


def table_row(name: str, figures: Figures) -> str:
    """A module's line of the table."""
    counts = (figures.mutants, figures.killed + figures.survived, figures.killed, figures.survived)
    return f"| {name} | {' | '.join(f'{count:,}' for count in counts)} | {figures.share:.0f}% |"


def reason_of(survivor: str) -> str:
    """Why it is no wonder that a mutant survived: the first reason that is about its line, or the last of all."""
    *known, (untold, _) = [(str(row["why"]), row["about"]) for row in CONFIG["survivors"]]
    return next((why for why, about in known if any(re.search(part, survivor) for part in about)), untold)


def shortened(text: str) -> str:
    """The operator, and the beginning of the line as code."""
    operator, _, line = text.partition(": ")
    return f"{operator}: `{line[:LONGEST]}`"


def listed(reasons: dict[str, Counter[str]]) -> Iterator[str]:
    """The survivors of each reason, those that are alike as one."""
    for why, lines in reasons.items():
        if lines:
            yield f"**{why}** ({lines.total()}):\n"
            yield from (line if count == 1 else f"{line} ({count})" for line, count in lines.items())
            yield ""


def main() -> None:
    """Test the mutants of a family, or of some modules of it, and print what survived."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("family", nargs="?", choices=sorted(CONFIG["families"]))
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="names of files without .py; all by default")
    parser.add_argument("--most", type=int, default=sys.maxsize, help="mutants of each module, drawn at random")
    parser.add_argument("--page", action="store_true", help="write what is known into docs/mutation.md")
    given = parser.parse_args()
    if given.family:
        run(given.family, given.modules, given.most)
    if given.page:
        write_page()


def run(family: str, only: list[str], most: int) -> None:
    """Test the mutants of a family, or of those of its modules that are named, at most so many of each."""
    config = CONFIG["families"][family]
    SESSIONS.mkdir(parents=True, exist_ok=True)
    with copy_of_the_tracked_files():
        for name in config["imports"]:
            importlib.import_module(name)
        hold_as_it_is(config["tests"])
        works = [work_on(module, most) for module in modules_of(family) if not only or Path(module).stem in only]
        test_in_place(works, config["tests"])
        for work in works:
            test_the_rest(work, config["tests"])


if __name__ == "__main__":
    main()
