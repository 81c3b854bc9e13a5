"""The acts of a quarter one by one, taken from the compiled driver's own source, so that they cannot differ from it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numba

from dgsim.world import quarter

Act = tuple[str, str]  # its name, and the statement that does it


def story() -> tuple[list[str], list[Act]]:
    """What the driver of a quarter prepares, and its acts in order."""
    function = ast.parse(inspect.getsource(quarter.run_quarter.py_func)).body[0]
    assert isinstance(function, ast.FunctionDef)
    prepared, acts = [], []
    for statement in function.body[1:]:
        if isinstance(statement, ast.If):  # what only counterfactual runs are asked
            continue
        if isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Subscript):
            prepared.append(ast.unparse(statement))
        else:
            acts.append((_called(statement) or _set(statement), ast.unparse(statement)))
    return prepared, acts


def _called(statement: ast.stmt) -> str:
    """The rule a statement calls, first of all."""
    rules = {name for name in vars(quarter) if hasattr(getattr(quarter, name), "py_func")}
    names = [node.func.id for node in ast.walk(statement) if isinstance(node, ast.Call) and hasattr(node.func, "id")]
    return next((name for name in names if name in rules), "")


def _set(statement: ast.stmt) -> str:
    """What a statement sets that calls no rule."""
    return "clock" if isinstance(statement, ast.AugAssign) else "levers"


def function(name: str, arguments: str, body: list[str], more: Mapping[str, Any] | None = None) -> Callable:
    """A function of a state made of statements of the driver: in Python, calling compiled rules."""
    source = f"def {name}({arguments}):\n" + "\n".join("    " + line for part in body for line in part.splitlines())
    names = {**vars(quarter), **(more or {})}
    exec(source, names)
    return names[name]


def up_to(act: str) -> Callable:
    """A quarter up to an act, that act not included."""
    prepared, acts = story()
    index = [name for name, _ in acts].index(act)
    return function(f"up_to_{act}", "state, row", prepared + [text for _, text in acts[:index]])


def from_here(act: str) -> Callable:
    """The rest of a quarter from an act on."""
    prepared, acts = story()
    index = [name for name, _ in acts].index(act)
    return function(f"from_{act}", "state, row", prepared + [text for _, text in acts[index:]])


def with_clock(now: Callable, *, compiled: bool) -> tuple[list[str], Callable]:
    """The names of the acts, and a driver of whole runs that adds the seconds of each into `spent`.

    Compiled as a whole, as runs are, it takes a minute to make; in Python the seconds are those of calls too.
    """
    prepared, acts = story()
    body = [*prepared, "while world.nation.quarter < last:", "    clock = now()"]
    for index, (_, text) in enumerate(acts):
        body += ["    " + line for line in text.splitlines()]
        body += ["    later = now()", f"    spent[{index}] += later - clock", "    clock = later"]
    driver = function("profiled", "state, last, row, spent", body, {"now": now})
    compiler = numba.njit(nogil=True, error_model="numpy", no_cfunc_wrapper=True)
    return [name for name, _ in acts], compiler(driver) if compiled else driver
