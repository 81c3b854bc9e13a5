"""Where the machine code of the rules is kept, from one process to the next, and whether all of it is there.

A folder for each version of the rules and of what compiles them, named by a hash of all that the machine code depends
on. Environments that agree in all of it share the folder, wherever they stand. Once all that a piece of work goes
through is compiled, a list of its files, with a hash of each, says so: of one kind of processor and one way to
compile.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
import numba
import numpy as np
import platformdirs

from dgsim.files import checksum
from dgsim.world import numba_hooks, temporary_folder

HOME = Path(__file__).parent
VARIABLE = "DGSIM_CACHE_DIR"
# Work that has a list: runs; runs and those with channels; the acts of agents, one by one.
RUNS, CHANNELS, ACTS = "runs", "channels", "acts"
# Settings of numba that make other machine code of the same rules.
SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DEBUGINFO_DEFAULT", "BOUNDSCHECK")
VERSIONS_KEPT, DAYS_KEPT = 8, 30.0  # folders of other versions, and days since they were last used
SECONDS_A_DAY = 86400.0
config: Any = numba.config  # its types do not know all of its options
_one_at_a_time = threading.Lock()
_compiled_here: set[tuple[Path, str]] = set()  # what this process has compiled or found whole


class CacheFolder(NamedTuple):
    """A folder, and whether what is written there is found by every later process."""

    folder: Path
    lasting: bool


def code_digest() -> str:
    """Hash of all that the machine code depends on: rules, names of rows in the tables, versions.

    The numbers in the tables are arguments of the rules, so a changed default needs no new machine code.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode() + path.read_bytes())
    for path in sorted(HOME.rglob("*.csv")):
        digest.update(path.read_bytes() if path.name == "flows.csv" else _first_column(path))
    versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version, platform.machine())
    settings = (f"{name}={getattr(config, name, None)!s}" for name in SETTINGS)
    digest.update("|".join((*versions, *settings)).encode())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return [*sorted(HOME.rglob("*.py")), *sorted((HOME.parent / "engine").glob("*.py"))]


def _first_column(path: Path) -> bytes:
    """The names of rows and columns, without the columns of labels in further languages."""
    header, *rows = path.read_bytes().splitlines()
    columns = [name for name in header.split(b",") if not name.startswith(b"label_")]
    return b"|".join([*columns, *(row.split(b",", 1)[0] for row in rows)])


def parent() -> Path:
    """The folder of all versions: the user's own for such files on this system, or what ``DGSIM_CACHE_DIR`` names."""
    return Path(os.environ.get(VARIABLE) or platformdirs.user_cache_path("dgsim", appauthor=False))


def folder() -> Path:
    """The folder of this version, made when it is first asked for.

    Where it cannot be written to, it serves if all that runs go through is there; else one in the temporary folder
    stands in for it, which is removed when the process ends.
    """
    return current().folder


def lasting() -> bool:
    """Whether what is compiled is kept for later processes."""
    return current().lasting


def current() -> CacheFolder:
    """The folder of this version, and whether it lasts; threads that ask at once get the same."""
    with _one_at_a_time:
        return found()


@cache
def found() -> CacheFolder:
    """The same, looked for once in a process."""
    here = parent() / f"rules-{code_digest()[:16]}"
    new = not here.is_dir()
    try:
        here.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=here):
            os.utime(here)
    except OSError as problem:
        whole = not numba_hooks.PLAIN and _is_whole(here, RUNS)
        return CacheFolder(here if whole else _for_this_process(problem) / here.name, lasting=False)
    if temporary_folder.is_temporary(here.parent):
        temporary_folder.hold(here.parent)
    elif new:
        _remove_old(here)
        temporary_folder.sweep()
    return CacheFolder(here, lasting=not temporary_folder.is_temporary(here.parent))


def _for_this_process(problem: OSError) -> Path:
    """The folder of all versions for this process and those it starts, which find it by the variable."""
    here = temporary_folder.make_folder()
    logging.getLogger("dgsim").warning(
        "The compiled rules cannot be kept in %s (%s), so they are compiled again by every command: "
        "let %s name a folder that can be written to.",
        *(parent(), problem.strerror or problem, VARIABLE),
    )
    os.environ[VARIABLE] = str(here)
    (here / f"rules-{code_digest()[:16]}").mkdir()
    return here


def _remove_old(mine: Path) -> None:
    """Remove the folders of other versions that nobody used for long, and all but the last few."""
    with contextlib.suppress(OSError):
        others = [path for path in mine.parent.glob("rules-*") if path != mine and path.is_dir()]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        oldest = time.time() - DAYS_KEPT * SECONDS_A_DAY
        for rank, path in enumerate(others):
            if rank >= VERSIONS_KEPT or path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)


def compiled_before(work: str = RUNS) -> bool:
    """Whether all that a piece of work goes through need not be compiled.

    That is so where this process has compiled it, where every file of its list is there with the hash it had, and
    where numba is told not to compile at all.
    """
    here = folder(), work
    if config.DISABLE_JIT or here in _compiled_here:
        return True
    if not _is_whole(*here):
        return False
    _compiled_here.add(here)
    return True


def mark_compiled(work: str, files: Iterable[Path]) -> None:
    """Remember that all is compiled that a piece of work goes through, and in which files of the folder it is kept.

    Without files only this process remembers.
    """
    here = folder()
    _compiled_here.add((here, work))
    hashes = {file.relative_to(here).as_posix(): checksum(file) for file in files}
    if hashes and all(hashes.values()):
        write_whole(_list(here, work), json.dumps(hashes).encode())


def _list(here: Path, work: str) -> Path:
    """The file that lists what a piece of work goes through, for this processor and this way to compile."""
    return here / f"compiled-{work}-{hashlib.sha256(numba_hooks.way().encode()).hexdigest()[:16]}.json"


def _is_whole(here: Path, work: str) -> bool:
    """Whether every file that is listed is what it was."""
    try:
        hashes = json.loads(_list(here, work).read_bytes())
        known = isinstance(hashes, dict) and bool(hashes)
        return known and all(bool(seal) and checksum(here / name) == seal for name, seal in hashes.items())
    except (OSError, ValueError, RecursionError):  # no list, no JSON, or names that no file can have
        return False


def write_whole(file: Path, content: bytes) -> bool:
    """Write a file of the folder whole or not at all, whoever else writes it; whether it could be written."""
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=file.parent) as aside:
        whole = Path(aside) / file.name
        whole.write_bytes(content)
        whole.replace(file)
        return True
    return False
