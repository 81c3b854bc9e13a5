"""How a rule is compiled."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

import numba

from dgsim.world import cache, numba_hooks

Rule = TypeVar("Rule", bound=Callable[..., Any])  # a compiled rule is called as what it was written as
njit: Any = numba.njit  # its types do not know all of its options
config: Any = numba.config


class Compiled:
    """A rule as machine code, made when it is first asked for: once for Python, and once for the rules that call it.

    What Python calls is kept in the cache. What rules call becomes a part of the machine code of these: it needs no
    cache and no way in for Python, which would take more than half of the time that all rules take to compile.
    """

    def __init__(self, function: Callable[..., Any], *, inline: bool) -> None:
        update_wrapper(self, function)
        self.py_func = function
        light = {"nogil": True, "error_model": "numpy", "forceinline": inline, "no_cfunc_wrapper": True}
        self.from_python = njit(**light)(function)
        if cache.may_be_kept(function) and not numba_hooks.kept_whole(self.from_python, cache.Kept(function)):
            numba_hooks.kept_plainly(self.from_python, cache.folder())
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
    return function if config.DISABLE_JIT else cast("Rule", Compiled(function, inline=inline))


def inner_rule(function: Rule) -> Rule:
    """A rule compiled into those that call it: for what is asked of every option, where calls cost most."""
    return rule(function, inline=True)
