"""Hooks into numba that make compiling the rules several times cheaper; results are the same without them.

Each hook says what it changes and why. They rest on parts of numba that it does not promise to keep, so each looks
first whether these are what it knows, and leaves numba as it is where they are not (:data:`FOUND` says what was
found); ``tests/test_numba_hooks.py`` names the hook that a new numba broke. ``DGSIM_PLAIN_NUMBA=1`` uses none.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import caching, types
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

config: Any = numba.config
WANTED = os.environ.get("DGSIM_PLAIN_NUMBA", "") in ("", "0")


def names_by_content() -> bool:
    """Name records and named tuples in symbols by a hash of what they hold.

    numba writes the whole type of a named tuple into the symbol of every function that takes one (24,000 letters for
    a world), and names a record by a counter of the process, so that two processes that fill one cache may give one
    symbol to two functions.
    """
    kinds: tuple[Any, ...] = (types.NamedTuple, types.Record)
    if not all(isinstance(getattr(kind, "mangling_args", None), property) for kind in kinds):
        return False
    for kind in kinds:
        kind.mangling_args = property(_name_and_content)
    return True


def _name_and_content(kind: Any) -> tuple[str, tuple[str]]:
    return type(kind).__name__, (_hash(f"{getattr(kind, 'instance_class', '')}{kind.name}"),)


@cache
def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def same_for_every_number(rule: Any) -> bool:
    """Let a number that is written in a call of this rule be one like any other.

    numba compiles a function anew for each number that is written where it is called (``utility(p, world, 3)``): ten
    times for a rule of options, though no rule is another for another number.
    """
    known = getattr(rule, "get_call_template", None)
    if not WANTED or known is None:
        return False

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: types.unliteral(kind) for name, kind in kws.items()}
        return known(tuple(types.unliteral(kind) for kind in args), plain)

    rule.get_call_template = get_call_template
    return True


def kept_whole(rule: Any, kept: Any) -> bool:
    """Let the machine code of this rule be kept in files of ours (:class:`dgsim.world.cache.Kept`).

    numba's own cache holds a list of its files in one more file, which two processes may write at once; it takes what
    it reads for whole; and it looks for a file by the path of the source, so that no two environments share one.
    """
    known = all(hasattr(CompileResult, name) for name in ("_reduce", "_rebuild")) and hasattr(rule, "_cache")
    if not WANTED or not known:
        return False
    rule._cache = MachineCode(kept)
    return True


def kept_plainly(rule: Any, folder: Path) -> None:
    """The plain way: numba's own cache, in this folder."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        rule.enable_caching()
    finally:
        config.CACHE_DIR = before


class MachineCode(caching.NullCache):
    """What numba asks for the machine code of a rule, and gives it to."""

    def __init__(self, kept: Any) -> None:
        self.kept = kept

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for arguments of these types; None where nothing was."""
        target_context.refresh()
        content = self.kept.load(kind_of(sig, target_context.codegen()))
        return None if content is None else CompileResult._rebuild(target_context, *pickle.loads(content))

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, unless it holds addresses of this process."""
        if not data.library.has_dynamic_globals:
            self.kept.save(kind_of(sig, data.codegen), dumps(data._reduce()))

    def flush(self) -> None:
        """Forget all."""
        self.kept.flush()


def kind_of(signature: Any, codegen: Any) -> str:
    """Arguments and processor, as text."""
    return f"{signature} {codegen.magic_tuple()}"


FOUND = {"names by content": WANTED and names_by_content()}
