"""All hooks into numba: those that make compiling the rules several times cheaper, and those that rules rest on.

Each says what it changes and why. They rest on parts of numba that it does not promise to keep: :data:`RESTS_ON` lists
these, and :func:`difference` says in a sentence what is not as it was. Each looks there first, and where a part differs
or is gone it leaves numba as it is, says so once, and goes the way in :data:`WITHOUT`; results are the same without it.
So nothing is imported here of which numba may have no more. ``DGSIM_PLAIN_NUMBA=1`` uses no hook for speed.
``tests/test_numba_hooks.py`` names the hook that a new numba broke.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import logging
import multiprocessing
import os
import pickle
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llvmlite.binding
import numba

config: Any = numba.config
WANTED = os.environ.get("DGSIM_PLAIN_NUMBA", "") in ("", "0")
PROPERTY, MISSING = "a property", "missing"
OPTION = "an object of Mapping"  # what numba has for each option of njit that it knows
REDUCED = ("libdata", "fndesc", "env", "signature", "objectmode", "lifted", "typeann", "reload_init", "referenced_envs")
# Hook: the parts of numba that it rests on, each with its path, its name, and what it takes.
RESTS_ON: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "names_by_content": (
        ("numba.core.types:NamedTuple", "mangling_args", PROPERTY),
        ("numba.core.types:Record", "mangling_args", PROPERTY),
        ("numba.core.itanium_mangler", "mangle_type_or_value", ("typ",)),
    ),
    "same_for_every_number": (
        ("numba.core.dispatcher:Dispatcher", "get_call_template", ("self", "args", "kws")),
        ("numba.core.types", "unliteral", ("lit_type",)),
    ),
    "kept_whole": (
        ("numba.core.caching:NullCache", "load_overload", ("self", "sig", "target_context")),
        ("numba.core.caching:NullCache", "save_overload", ("self", "sig", "cres")),
        ("numba.core.caching:NullCache", "flush", ("self",)),
        ("numba.core.compiler:CompileResult", "_reduce", ("self",)),
        ("numba.core.compiler:CompileResult", "_rebuild", ("target_context", *REDUCED)),
        ("numba.core.serialize", "dumps", ("obj",)),
        ("numba.core.codegen:CodeLibrary", "has_dynamic_globals", PROPERTY),
        ("numba.core.codegen:JITCPUCodegen", "magic_tuple", ("self",)),
        ("numba.core.cpu:CPUContext", "codegen", ("self",)),
        ("numba.core.cpu:CPUContext", "refresh", ("self",)),
        ("numba.core.registry:CPUTarget", "target_context", PROPERTY),
        ("numba.core.registry", "cpu_target", "an object of CPUTarget"),
    ),
    "kept_plainly": (
        ("numba.core.dispatcher:Dispatcher", "enable_caching", ("self",)),
        ("numba.core.config", "CACHE_DIR", "an object of str"),
    ),
    "no_cpython_wrapper": (("numba.core.cpu:CPUTargetOptions", "no_cpython_wrapper", OPTION),),
    "no_cfunc_wrapper": (("numba.core.cpu:CPUTargetOptions", "no_cfunc_wrapper", OPTION),),
    "forceinline": (("numba.core.cpu:CPUTargetOptions", "forceinline", OPTION),),
    "NamedInRules": (("numba.core.dispatcher:Dispatcher", "_numba_type_", PROPERTY),),
    "heard": (
        ("numba.core.event", "install_listener", ("kind", "listener")),
        ("numba.core.event:Listener", "notify", ("self", "event")),
        ("numba.core.event:Event", "data", PROPERTY),
    ),
}
# Hook: how it goes without it.
WITHOUT = {
    "names_by_content": "symbols are as long as numba makes them, and compiling takes longer",
    "same_for_every_number": "a rule is compiled once for each number in its calls, and compiling takes longer",
    "kept_whole": "machine code is kept as numba keeps it, if at all",
    "kept_plainly": "machine code is not kept, and each process compiles again",
    "no_cpython_wrapper": "compiling takes longer",
    "no_cfunc_wrapper": "compiling takes longer",
    "forceinline": "rules may take longer",
    "NamedInRules": "rules are made known by numba.extending.typeof_impl",
    "heard": "nothing is told of how far compiling is",
}


def difference(hook: str) -> str:
    """What a hook rests on that this numba has otherwise, as a sentence; empty where there is nothing."""
    for home, name, known in RESTS_ON[hook]:
        there = _takes(inspect.getattr_static(part(home), name, None))
        if there != known:
            return (
                f"numba {numba.__version__}: {home.replace(':', '.')}.{name} is {there}, and {hook} in "
                f"src/dgsim/world/numba_hooks.py knows it as {known}"
            )
    return ""


def part(path: str) -> Any:
    """A module of numba's, or what it holds (``module:name``); None where this numba has none."""
    try:
        return pkgutil.resolve_name(path)
    except (ImportError, AttributeError):
        return None


def _takes(part: Any) -> Any:
    """What a part of numba takes: the names of its arguments, or what it is where it takes none."""
    if part is None:
        return MISSING
    if isinstance(part, property):
        return PROPERTY
    function = getattr(part, "__func__", part)  # of a class method
    if not inspect.isfunction(function):
        return f"an object of {type(part).__name__}"
    names = tuple(inspect.signature(function).parameters)
    return names[1:] if isinstance(part, classmethod) else names


@cache
def usable(hook: str) -> bool:
    """Whether numba is as a hook knows it; where it is not, that is told."""
    found = difference(hook)
    if found:
        tell(hook, found)
    return not found


@cache
def tell(hook: str, found: str) -> None:
    """Say once what was found, and how it goes without the hook; a process that another started leaves it to that."""
    if multiprocessing.parent_process() is None:
        logging.getLogger("dgsim").warning("%s: %s.", found, WITHOUT[hook])


def names_by_content() -> bool:
    """Name records and named tuples in symbols by a hash of what they hold.

    numba writes the whole type of a named tuple into the symbol of every function that takes one (24,000 letters for
    a world), and names a record by a counter of the process, so that two processes that fill one cache may give one
    symbol to two functions.
    """
    if not usable("names_by_content"):
        return False
    for kind in ("NamedTuple", "Record"):
        part(f"numba.core.types:{kind}").mangling_args = property(_name_and_content)
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
    if not WANTED or known is None or not usable("same_for_every_number"):
        return False
    unliteral = part("numba.core.types:unliteral")

    def get_call_template(args: Any, kws: Any) -> Any:
        plain = {name: unliteral(kind) for name, kind in kws.items()}
        return known(tuple(unliteral(kind) for kind in args), plain)

    rule.get_call_template = get_call_template
    return True


def kept_whole(rule: Any, kept: Any) -> bool:
    """Let the machine code of this rule be kept in files of ours (:class:`dgsim.world.kept.Kept`).

    numba's own cache holds a list of its files in one more file, which two processes may write at once; it takes what
    it reads for whole; and it looks for a file by the path of the source, so that no two environments share one.
    """
    if PLAIN:
        return False
    there = type(getattr(rule, "_cache", None))
    if there is not NullCache:
        tell("kept_whole", _unknown("kept_whole", f"the _cache of a {type(rule).__name__} is of {there.__name__}"))
        return False
    rule._cache = MachineCode(kept)
    return True


def kept_plainly(rule: Any, folder: Path) -> None:
    """The plain way: numba's own cache, in this folder; none where it cannot be written to.

    numba takes the folder of its cache for the whole process, from the environment, when it is imported.
    """
    if not usable("kept_plainly"):
        return
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


def _unknown(hook: str, found: str) -> str:
    """What was found only when a rule was compiled, as a sentence."""
    return f"numba {numba.__version__}: {found}, which {hook} in src/dgsim/world/numba_hooks.py does not know"


def no_cpython_wrapper() -> dict[str, bool]:
    """The option of njit for a rule that only rules call: it has no way in for Python.

    To compile that way takes more than half of the time of all rules, and nobody goes it.
    """
    return _option("no_cpython_wrapper", True)


def no_cfunc_wrapper() -> dict[str, bool]:
    """The option of njit for every rule: it has no way in for C, from where nobody calls one."""
    return _option("no_cfunc_wrapper", True)


def forceinline(inline: bool) -> dict[str, bool]:
    """The option of njit for whether a rule is compiled into those that call it.

    Calls cost most in what is asked of every option. A rule that is not says so: it would else be as its caller.
    """
    return _option("forceinline", inline)


def _option(name: str, value: bool) -> dict[str, bool]:
    """An option of njit's; nothing where this numba does not know it, since it would then compile nothing."""
    return {name: value} if WANTED and usable(name) else {}


if TYPE_CHECKING:
    from numba.core.caching import NullCache
    from numba.core.event import Listener
else:
    NullCache = part("numba.core.caching:NullCache") or object
    Listener = part("numba.core.event:Listener") or object


class MachineCode(NullCache):
    """What numba asks for the machine code of a rule, and gives it to."""

    def __init__(self, kept: Any) -> None:
        self.kept = kept

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What was compiled for arguments of these types; None where nothing was, or nothing that can be read."""
        try:
            target_context.refresh()
            kind = kind_of(sig, target_context.codegen())
        except Exception as problem:  # whatever a numba may say that has it otherwise
            self.not_kept(problem)
            return None
        content = self.kept.load(kind)
        if content is None:
            return None
        try:
            return part("numba.core.compiler:CompileResult")._rebuild(target_context, *pickle.loads(content))
        except Exception:  # whatever else than machine code may stand in a file
            self.kept.discard(kind)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, unless it holds addresses of this process; it serves this one all the same."""
        try:
            if data.library.has_dynamic_globals:
                return
            kind, content = kind_of(sig, data.codegen), part("numba.core.serialize:dumps")(data._reduce())
        except Exception as problem:  # whatever a numba may say that has it otherwise
            self.not_kept(problem)
            return
        self.kept.save(kind, content)

    def not_kept(self, problem: Exception) -> None:
        """Say why the machine code of a rule could neither be kept nor be found."""
        found = f"what it compiled cannot be kept ({type(problem).__name__}: {problem})"
        tell("kept_whole", _unknown("kept_whole", found))

    def flush(self) -> None:
        """Forget all."""
        self.kept.flush()


def kind_of(signature: Any, codegen: Any) -> str:
    """Arguments and processor, as text."""
    return f"{signature} {codegen.magic_tuple()}"


def way() -> str:
    """How and for which processor this process compiles, as text: machine code made in another way is of no use."""
    return f"{'plain' if PLAIN else 'hooked'} {_processor()}"


def _processor() -> Any:
    """Triple, name and features of the processor: numba's, or LLVM's where numba has these otherwise."""
    if not difference("kept_whole"):
        return part("numba.core.registry:cpu_target").target_context.codegen().magic_tuple()
    host = llvmlite.binding
    set_by_hand = {name: value for name, value in os.environ.items() if name.startswith("NUMBA_CPU_")}
    return host.get_process_triple(), host.get_host_cpu_name(), host.get_host_cpu_features().flatten(), set_by_hand


class NamedInRules:
    """What numba takes for its own function `from_rules` where a rule names it.

    numba would take an object of ours for a constant. A rule has one machine code for Python and another for rules;
    only the second may become a part of other rules. Where numba asks in another way, it is told by the way that it
    documents for types of others (:func:`made_known`).
    """

    from_rules: Any

    @property
    def _numba_type_(self) -> Any:
        return self.from_rules._numba_type_


def made_known() -> bool:
    """The plain way to name rules in rules, where numba does not ask for ``_numba_type_``; whether it was gone."""
    typeof_impl = part("numba.extending:typeof_impl")
    if usable("NamedInRules") or typeof_impl is None:
        return False
    typeof_impl.register(NamedInRules)(lambda rule, context: typeof_impl(rule.from_rules, context))
    return True


def heard(compiled: Callable[[Any], None]) -> contextlib.AbstractContextManager[None]:
    """A context in which this is called with every function of numba's, each time that it has been compiled.

    numba tells nobody else how far it is.
    """
    if not usable("heard"):
        return contextlib.nullcontext()
    listened: contextlib.AbstractContextManager[None]
    listened = part("numba.core.event:install_listener")("numba:compile", Hearing(compiled))
    return listened


class Hearing(Listener):
    """What numba tells of its beginnings and ends."""

    def __init__(self, compiled: Callable[[Any], None]) -> None:
        self.compiled = compiled

    def on_start(self, event: Any) -> None:
        """A function is begun: nothing to tell."""

    def on_end(self, event: Any) -> None:
        """A function is done."""
        try:
            rule = event.data["dispatcher"]
        except (LookupError, TypeError):
            tell("heard", _unknown("heard", f"it tells {event.data} of what it compiled"))
            return
        self.compiled(rule)


PLAIN = not (WANTED and usable("kept_whole"))
FOUND = {"names_by_content": WANTED and names_by_content(), "made_known": made_known()}
