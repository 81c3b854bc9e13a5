"""How a rule is compiled, and which rules another goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import update_wrapper
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import numba

from dgsim.world import cache, kept, numba_hooks

Rule = TypeVar("Rule", bound=Callable[..., Any])  # a compiled rule is called as what it was written as
njit: Any = numba.njit  # its types do not know all of its options
config: Any = numba.config


class Compiled(numba_hooks.NamedInRules):
    """A rule as machine code, made when it is first asked for: once for Python, and once for the rules that call it.

    What Python calls is kept in the cache. What rules call becomes a part of the machine code of these: it needs no
    cache and no way in for Python, which would take more than half of the time that all rules take to compile.
    """

    def __init__(self, function: Callable[..., Any], *, inline: bool) -> None:
        update_wrapper(self, function)
        self.py_func = function
        light = (
            {"nogil": True, "error_model": "numpy"} | numba_hooks.forceinline(inline) | numba_hooks.no_cfunc_wrapper()
        )
        self.from_python = njit(**light)(function)
        self.kept = kept.Kept(function) if kept.may_be_kept(function) else None
        if self.kept is not None and not numba_hooks.kept_whole(self.from_python, self.kept):
            numba_hooks.kept_plainly(self.from_python, cache.folder())
        self.from_rules = njit(**light, **numba_hooks.no_cpython_wrapper())(function)
        numba_hooks.same_for_every_number(self.from_rules)

    def __call__(self, *arguments: Any) -> Any:
        """Do what the rule says."""
        return self.from_python(*arguments)

    def compile(self, types: tuple[Any, ...]) -> Callable[..., Any]:
        """The machine code for arguments of these types of numba's."""
        return cast("Callable[..., Any]", self.from_python.compile(types))

    @property
    def files(self) -> set[Path]:
        """Where what this process has of the machine code for Python is kept."""
        if numba_hooks.PLAIN:
            return numba_hooks.plain_files(self.py_func, cache.folder())
        return self.kept.files if self.kept is not None else set()


class Outer(Compiled):
    """A rule whose machine code is looked up at the first call only."""

    code: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Do what the rule says."""
        self.code = self.code or self.compile(tuple(map(numba.typeof, arguments)))
        return self.code(*arguments)


def rule(function: Rule, *, inline: bool = False) -> Rule:
    """Compile a rule; the plain Python function stays at ``rule.py_func``."""
    return function if config.DISABLE_JIT else cast("Rule", Compiled(function, inline=inline))


def inner_rule(function: Rule) -> Rule:
    """A rule compiled into those that call it: for what is asked of every option, where calls cost most."""
    return rule(function, inline=True)


def outer_rule(function: Rule) -> Rule:
    """A rule that a driver calls, each time with arguments of the same types: numba looks at these at the first only.

    To find out the types of a world takes it longer than to initialise one.
    """
    return function if config.DISABLE_JIT else cast("Rule", Outer(function, inline=False))


def counted(entries: tuple[Any, ...], progress: Callable[[int, int], None]) -> AbstractContextManager[None]:
    """A context in which progress is told of what Python calls and all that it goes through: how many of how many."""
    python = {entry.from_python for entry in entries if isinstance(entry, Compiled)}
    return numba_hooks.heard(Count(python | {rule.from_rules for rule in reached(*entries)}, progress))


class Count:
    """Tells how many of some rules are compiled, each time that one more is; called with each that is."""

    def __init__(self, rules: set[Any], progress: Callable[[int, int], None]) -> None:
        self.waiting = rules
        self.all_rules = len(rules)
        self.progress = progress

    def __call__(self, rule: Any) -> None:
        """One more, unless it was compiled for other arguments before."""
        if rule in self.waiting:
            self.waiting.remove(rule)
            self.progress(self.all_rules - len(self.waiting), self.all_rules)


def kept_files(*entries: Any) -> set[Path]:
    """The files of what Python calls; none where that of one is not kept."""
    files = [entry.files for entry in entries if isinstance(entry, Compiled)]
    return set().union(*files) if all(files) else set()


def reached(*entries: Any) -> set[Compiled]:
    """The rules that these call, and those call in turn, by the names in their code."""
    waiting, met = [entry for entry in entries if isinstance(entry, Compiled)], set()
    while waiting:
        for rule in called(waiting.pop()):
            if rule not in met:
                met.add(rule)
                waiting.append(rule)
    return met


def called(rule: Compiled) -> Iterator[Compiled]:
    """The rules that one names, by itself or as one of a module."""
    code, known = rule.py_func.__code__, rule.py_func.__globals__
    named = [known[name] for name in code.co_names if name in known]
    modules = [value for value in named if isinstance(value, ModuleType)]
    named += [getattr(module, name, None) for module in modules for name in code.co_names]
    return (value for value in named if isinstance(value, Compiled))
