"""How a rule is compiled, and where the machine code is kept.

numba's own cache looks only at the file a function stands in, so an edit to a helper in another module would
go unnoticed and stale results come back. The folder of the cache is therefore named by a hash of every file of
rules and of the versions that compile them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np

from dgsim.world import numba_hooks

HOME = Path(__file__).parent
Rule = TypeVar("Rule", bound=Callable[..., Any])  # a compiled rule is called as what it was written as


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


def _cache_folder() -> Path:
    """A folder of the user's that can be written to; ``DGSIM_CACHE_DIR`` overrides it."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dgsim"
    parent = Path(os.environ.get("DGSIM_CACHE_DIR") or default)
    folder = parent / f"rules-{code_digest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="dgsim-rules-"))


CACHE = _cache_folder()
config: Any = numba.config
njit: Any = numba.njit  # its types do not know all of its options

STAMP = CACHE / f"compiled-{hashlib.sha256(str(HOME).encode()).hexdigest()[:16]}"  # numba keeps code by path


def compiled_before() -> bool:
    """Whether this machine already holds the machine code of these very rules, all of it."""
    return STAMP.exists()


def mark_compiled() -> None:
    """Remember that all rules are compiled: called when a whole run has been made."""
    with contextlib.suppress(OSError):
        STAMP.touch()


class Compiled:
    """A rule as machine code, made when it is first asked for: once for Python, and once for the rules that call it.

    What Python calls is kept in the cache. What rules call becomes a part of the machine code of these: it needs no
    cache and no way in for Python, which would take more than half of the time that all rules take to compile.
    """

    def __init__(self, function: Callable[..., Any], *, inline: bool) -> None:
        update_wrapper(self, function)
        self.py_func = function
        light = {"nogil": True, "error_model": "numpy", "forceinline": inline, "no_cfunc_wrapper": True}
        self.from_python = njit(cache=True, **light)(function)
        self.from_rules = njit(no_cpython_wrapper=True, **light)(function)
        numba_hooks.same_for_every_number(self.from_rules)

    def __call__(self, *arguments: Any) -> Any:
        """Do what the rule says."""
        return self.from_python(*arguments)

    def compile(self, types: tuple[Any, ...]) -> Callable[..., Any]:
        """The machine code for arguments of these types of numba's."""
        return cast("Callable[..., Any]", self.from_python.compile(types))

    @property
    def _numba_type_(self) -> Any:
        """What numba takes the rule for where another rule names it."""
        return self.from_rules._numba_type_


def rule(function: Rule, *, inline: bool = False) -> Rule:
    """Compile a rule; the plain Python function stays at ``rule.py_func``."""
    if config.DISABLE_JIT:
        return function
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE)
    try:
        return cast("Rule", Compiled(function, inline=inline))
    finally:
        config.CACHE_DIR = before


def inner_rule(function: Rule) -> Rule:
    """A rule compiled into those that call it: for what is asked of every option, where calls cost most."""
    return rule(function, inline=True)
