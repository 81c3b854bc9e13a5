"""Hooks into numba that make compiling the rules several times cheaper; results are the same without them.

Each hook says what it changes and why. They rest on parts of numba that it does not promise to keep, so each looks
first whether these are what it knows, and leaves numba as it is where they are not (:data:`FOUND` says what was
found); ``tests/test_numba_hooks.py`` names the hook that a new numba broke. ``DGSIM_PLAIN_NUMBA=1`` uses none.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import Any

from numba.core import types

unliteral: Any = types.unliteral
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
        plain = {name: unliteral(kind) for name, kind in kws.items()}
        return known(tuple(unliteral(kind) for kind in args), plain)

    rule.get_call_template = get_call_template
    return True


FOUND = {"names by content": WANTED and names_by_content()}
