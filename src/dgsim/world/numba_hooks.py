"""All hooks into numba: those that make compiling the rules several times cheaper, and those that rules rest on.

Each says what it changes and why. They rest on parts of numba that it does not promise to keep: :data:`RESTS_ON` lists
these, and :func:`difference` says in a sentence what is not as it was. A hook for speed looks there first, and leaves
numba as it is where it differs; results are the same without it. ``DGSIM_PLAIN_NUMBA=1`` uses no hook for speed.
``tests/test_numba_hooks.py`` names the hook that a new numba broke.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import caching, dispatcher, event, itanium_mangler, types
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

config: Any = numba.config
WANTED = os.environ.get("DGSIM_PLAIN_NUMBA", "") in ("", "0")
PROPERTY = "a property"
REDUCED = ("libdata", "fndesc", "env", "signature", "objectmode", "lifted", "typeann", "reload_init", "referenced_envs")
# Hook: the parts of numba that it rests on, each with its place, its name, and what it takes.
RESTS_ON: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "names_by_content": (
        (types.NamedTuple, "mangling_args", PROPERTY),
        (types.Record, "mangling_args", PROPERTY),
        (itanium_mangler, "mangle_type_or_value", ("typ",)),
    ),
    "same_for_every_number": ((dispatcher.Dispatcher, "get_call_template", ("self", "args", "kws")),),
    "kept_whole": (
        (caching.NullCache, "load_overload", ("self", "sig", "target_context")),
        (caching.NullCache, "save_overload", ("self", "sig", "cres")),
        (caching.NullCache, "flush", ("self",)),
        (CompileResult, "_reduce", ("self",)),
        (CompileResult, "_rebuild", ("target_context", *REDUCED)),
        (type(cpu_target.target_context.codegen()), "magic_tuple", ("self",)),
    ),
    "kept_plainly": ((dispatcher.Dispatcher, "enable_caching", ("self",)),),
    "NamedInRules": ((dispatcher.Dispatcher, "_numba_type_", PROPERTY),),
    "heard": ((event, "install_listener", ("kind", "listener")), (event.Event, "data", PROPERTY)),
}


def difference(hook: str) -> str:
    """What a hook rests on that this numba has otherwise, as a sentence; empty where there is nothing."""
    for home, name, known in RESTS_ON[hook]:
        there = _takes(inspect.getattr_static(home, name, None))
        if there != known:
            return (
                f"numba {numba.__version__}: {home.__name__}.{name} is {there}, and {hook} in "
                f"src/dgsim/world/numba_hooks.py knows it as {known}"
            )
    return ""


def _takes(part: Any) -> Any:
    """What a part of numba takes: the names of its arguments, or what it is where it takes none."""
    if isinstance(part, property):
        return PROPERTY
    function = getattr(part, "__func__", part)  # of a class method
    if not inspect.isfunction(function):
        return None if part is None else type(part)
    names = tuple(inspect.signature(function).parameters)
    return names[1:] if isinstance(part, classmethod) else names


def names_by_content() -> bool:
    """Name records and named tuples in symbols by a hash of what they hold.

    numba writes the whole type of a named tuple into the symbol of every function that takes one (24,000 letters for
    a world), and names a record by a counter of the process, so that two processes that fill one cache may give one
    symbol to two functions.
    """
    if difference("names_by_content"):
        return False
    kinds: tuple[Any, ...] = (types.NamedTuple, types.Record)
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
    if not WANTED or known is None or difference("same_for_every_number"):
        return False

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: types.unliteral(kind) for name, kind in kws.items()}
        return known(tuple(types.unliteral(kind) for kind in args), plain)

    rule.get_call_template = get_call_template
    return True


def kept_whole(rule: Any, kept: Any) -> bool:
    """Let the machine code of this rule be kept in files of ours (:class:`dgsim.world.kept.Kept`).

    numba's own cache holds a list of its files in one more file, which two processes may write at once; it takes what
    it reads for whole; and it looks for a file by the path of the source, so that no two environments share one.
    """
    if PLAIN or type(getattr(rule, "_cache", None)) is not caching.NullCache:
        return False
    rule._cache = MachineCode(kept)
    return True


def kept_plainly(rule: Any, folder: Path) -> None:
    """The plain way: numba's own cache, in this folder; none where it cannot be written to."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        with contextlib.suppress(RuntimeError):
            rule.enable_caching()
    finally:
        config.CACHE_DIR = before


def plain_files(function: Callable[..., Any], folder: Path) -> set[Path]:
    """The files that numba's own cache keeps a rule in."""
    name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
    return {path for path in folder.rglob(f"{name}-*.nb?") if path.is_file()}


class MachineCode(caching.NullCache):
    """What numba asks for the machine code of a rule, and gives it to."""

    def __init__(self, kept: Any) -> None:
        self.kept = kept

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for arguments of these types; None where nothing was, or nothing that can be read."""
        target_context.refresh()
        kind = kind_of(sig, target_context.codegen())
        content = self.kept.load(kind)
        if content is None:
            return None
        try:
            return CompileResult._rebuild(target_context, *pickle.loads(content))
        except Exception:  # whatever else than machine code may stand in a file
            self.kept.discard(kind)
            return None

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


def way() -> str:
    """How and for which processor this process compiles, as text: machine code made in another way is of no use."""
    return f"{'plain' if PLAIN else 'hooked'} {cpu_target.target_context.codegen().magic_tuple()}"


class NamedInRules:
    """What numba takes for its own function `from_rules` where a rule names it.

    numba would take an object of ours for a constant. A rule has one machine code for Python and another for rules;
    only the second may become a part of other rules.
    """

    from_rules: Any

    @property
    def _numba_type_(self) -> Any:
        return self.from_rules._numba_type_


def heard(compiled: Callable[[Any], None]) -> contextlib.AbstractContextManager[None]:
    """A context in which this is called with every function of numba's, each time that it has been compiled.

    numba tells nobody else how far it is.
    """
    context: contextlib.AbstractContextManager[None] = event.install_listener("numba:compile", Hearing(compiled))
    return context


class Hearing(event.Listener):
    """What numba tells of its beginnings and ends."""

    def __init__(self, compiled: Callable[[Any], None]) -> None:
        self.compiled = compiled

    def on_start(self, event: Any) -> None:
        """A function is begun: nothing to tell."""

    def on_end(self, event: Any) -> None:
        """A function is done."""
        self.compiled(event.data["dispatcher"])


PLAIN = not WANTED or bool(difference("kept_whole"))
FOUND = {"names_by_content": WANTED and names_by_content()}
