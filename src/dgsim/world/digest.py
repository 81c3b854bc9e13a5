"""A hash of what a result depends on: the code of functions and all they call, and the numbers that code names.

Comments, docstrings, annotations and the layout of files are left out, so an edit of prose changes no hash.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

PACKAGE = __name__.partition(".")[0]
ASIDE = "paths is not None"  # what follows is asked of counterfactual runs only
KEEPING = {f"{PACKAGE}.world.{name}" for name in ("cache", "kept", "temporary_folder")}  # of machine code: no result
PROSE = {"label", "labels", "unit", "source", "basis", "formula", "counted"}  # columns of the tables that no rule reads
ATOMS = (str, bytes, bool, int, float, np.generic, np.dtype)


def digest_of(*entries: Callable[..., Any]) -> str:
    """The hash (64 hexadecimal digits) of the code of these functions and of all in the package that they reach."""
    return hashlib.sha256("\n".join(sorted(set(parts_of(*entries)))).encode()).hexdigest()


def parts_of(*entries: Callable[..., Any]) -> Iterator[str]:
    """The text of each function, class and constant that is reached, by its name alone: files may be moved."""
    waiting, met = [*filter(None, map(definition, entries))], set()
    while waiting:
        home, name = waiting.pop()
        if (home, name) in met:
            continue
        met.add((home, name))
        code = definitions(home)[name]
        yield ast.unparse(code)
        for used in set(names_in(code)):
            value = looked_up(home, used)
            waiting += filter(None, map(definition, callables_in(value)))
            if (text := constant(value)) is not None:
                yield f"{'.'.join(used)} = {text}"


def definition(value: Any) -> tuple[ModuleType, str] | None:
    """Module and name of a function or class of the package; None for anything else, and where code is only kept."""
    value = inspect.unwrap(getattr(value, "py_func", value)) if callable(value) else value
    if not (inspect.isfunction(value) or inspect.isclass(value)):
        return None
    home = inspect.getmodule(value)
    if home is None or not ours(home) or home.__name__ in KEEPING:
        return None
    return (home, value.__name__) if value.__name__ in definitions(home) else None


@cache
def definitions(home: ModuleType) -> dict[str, ast.stmt]:
    """The functions and classes of a module, by name, without what only people read."""
    tree = Bare().visit(ast.parse(inspect.getsource(home)))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


class Bare(ast.NodeTransformer):
    """Takes docstrings, annotations and what no plain run goes through away."""

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        """A quarter asks its channels in counterfactual runs only."""
        return None if ast.unparse(node.test) == ASIDE else self.generic_visit(node)  # type: ignore[return-value]

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """What is raised matters, not what it says."""
        return ast.Raise(exc=node.exc.func) if isinstance(node.exc, ast.Call) else node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """A text that stands alone is a docstring."""
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A function without the types of what it takes and returns."""
        node.returns = None
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """A class of a docstring alone has a body all the same."""
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """A field or variable of whatever type."""
        node.annotation = ast.Name("object")
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """An argument without its type."""
        node.annotation = None
        return node


def names_in(code: ast.stmt) -> Iterator[tuple[str, ...]]:
    """Every name that is read, with the attributes that are asked of it: ("money", "pay") for money.pay."""
    for node in ast.walk(code):
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            yield node.id, *attributes


def looked_up(home: ModuleType, names: tuple[str, ...]) -> Any:
    """What a name means in a module; attributes are followed through the package's own modules only."""
    value = vars(home).get(names[0])
    for name in names[1:]:
        if not (isinstance(value, ModuleType) and ours(value)):
            break
        value = getattr(value, name, None)
    return value


def ours(module: ModuleType) -> bool:
    """Whether a module is one of the package's."""
    return module.__name__.partition(".")[0] == PACKAGE


def callables_in(value: Any) -> Iterator[Any]:
    """The functions and classes that a value is or, as a table, holds."""
    if isinstance(value, dict):
        yield from value.values()
    elif callable(value):
        yield value


def constant(value: Any) -> str | None:
    """A number, text, array or a table of them as text; None for what is neither."""
    if isinstance(value, ATOMS):
        return repr(value)
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tobytes().hex()}"
    if is_dataclass(value) and not isinstance(value, type):
        return constant(tuple(getattr(value, field.name) for field in fields(value) if field.name not in PROSE))
    if isinstance(value, dict):
        return constant(tuple(value.items()))
    if isinstance(value, tuple | list):
        return f"({', '.join(map(str, map(constant, value)))})"
    return constant(tuple(sorted(value))) if isinstance(value, frozenset | set) else None
