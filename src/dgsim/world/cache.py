"""Where the machine code of the rules is kept, from one process to the next.

A folder for each version of the rules and of what compiles them, named by a hash of all that the machine code depends
on. Environments that agree in all of it share the folder, wherever they stand. A file holds what one rule became for
one kind of arguments, sealed by its hash: a broken one is thrown away and made again.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import logging
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
import platformdirs

HOME = Path(__file__).parent
VARIABLE = "DGSIM_CACHE_DIR"
DONE = "compiled"  # the file that says that all of a whole run is there
VERSIONS_KEPT, DAYS_KEPT = 8, 30.0  # folders of other versions, and days since they were last used
SECONDS_A_DAY = 86400.0
SEAL = hashlib.sha256().digest_size


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
    digest.update("|".join(versions).encode())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return [*sorted(HOME.rglob("*.py")), *sorted((HOME.parent / "engine").glob("*.py"))]


def _first_column(path: Path) -> bytes:
    header, *rows = path.read_bytes().splitlines()
    return b"|".join([header, *(row.split(b",", 1)[0] for row in rows)])


def parent() -> Path:
    """The folder of all versions: the user's own for such files on this system, or what ``DGSIM_CACHE_DIR`` names."""
    return Path(os.environ.get(VARIABLE) or platformdirs.user_cache_path("dgsim", appauthor=False))


@cache
def folder() -> Path:
    """The folder of this version, made when it is first asked for.

    Where it cannot be written to, one in the temporary folder that is removed when the process ends.
    """
    here = parent() / f"rules-{code_digest()[:16]}"
    new = not here.is_dir()
    try:
        here.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=here):
            os.utime(here)
    except OSError as problem:
        return _for_this_process(problem)
    if new:
        _remove_old(here)
    return here


def _for_this_process(problem: OSError) -> Path:
    """A folder for this process and those it starts."""
    here = Path(tempfile.mkdtemp(prefix="dgsim-rules-"))
    atexit.register(shutil.rmtree, here, ignore_errors=True)
    logging.getLogger("dgsim").warning(
        "The compiled rules cannot be kept in %s (%s), so they are compiled again by every command: "
        "let %s name a folder that can be written to.",
        *(parent(), problem.strerror or problem, VARIABLE),
    )
    os.environ[VARIABLE] = str(here)
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


def compiled_before() -> bool:
    """Whether this machine already holds the machine code of these very rules, all of it."""
    return (folder() / DONE).exists()


def mark_compiled() -> None:
    """Remember that all rules are compiled."""
    with contextlib.suppress(OSError):
        (folder() / DONE).touch()


def sealed(content: bytes) -> bytes:
    """Content behind its own hash."""
    return hashlib.sha256(content).digest() + content


def unsealed(content: bytes) -> bytes | None:
    """What was sealed; None where it is not whole.

    >>> unsealed(sealed(b"code")), unsealed(sealed(b"code")[:-1])
    (b'code', None)
    """
    seal, content = content[:SEAL], content[SEAL:]
    return content if hashlib.sha256(content).digest() == seal else None


def may_be_kept(function: Callable[..., Any]) -> bool:
    """Whether the machine code of a rule may be kept: it stands in a file, by itself."""
    return function.__closure__ is None and Path(function.__code__.co_filename).is_file()


class Kept:
    """The files of one rule, one for each kind of arguments it was compiled for."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.stamp = _stamp(Path(function.__code__.co_filename))

    def file(self, kind: str) -> Path:
        """Where the machine code for one kind of arguments is kept."""
        return folder() / f"{self.name}.{hashlib.sha256(f'{self.stamp}{kind}'.encode()).hexdigest()[:16]}"

    def load(self, kind: str) -> bytes | None:
        """What was saved; None where there is nothing, or nothing whole."""
        file = self.file(kind)
        with contextlib.suppress(OSError):
            content = unsealed(file.read_bytes())
            if content is None:
                file.unlink()
            return content
        return None

    def save(self, kind: str, content: bytes) -> None:
        """Keep the machine code for one kind of arguments; where it cannot be written, it is made again next time."""
        file = self.file(kind)
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=file.parent) as aside:
            whole = Path(aside) / file.name
            whole.write_bytes(sealed(content))
            whole.replace(file)

    def flush(self) -> None:
        """Forget all."""
        for file in folder().glob(f"{self.name}.*"):
            file.unlink(missing_ok=True)


def _stamp(source: Path) -> str:
    """What else the machine code of a rule depends on: nothing for those of the package, which name the folder."""
    if HOME.parent in source.parents:
        return ""
    state = source.stat()
    return f"{source} {state.st_mtime_ns} {state.st_size}"
