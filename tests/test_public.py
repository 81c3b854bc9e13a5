"""What `import dgsim` offers is told in full: the build of the site asks for sections, these for what they say."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from typing import Any, get_type_hints

import pytest

import dgsim
from dgsim.scenario import Scenario

PUBLIC = {name: getattr(dgsim, name) for name in dgsim.__all__ if not name.startswith("_")}
FUNCTIONS = {name: one for name, one in PUBLIC.items() if inspect.isfunction(one)}
RESULTS = {one.__name__: one for one in (get_type_hints(function)["return"] for function in FUNCTIONS.values())}


def section(one: Any, heading: str) -> str:
    """The text of a section of a docstring, or nothing."""
    found = re.search(rf"^{heading}\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", inspect.getdoc(one) or "", re.M | re.S)
    return found[1] if found else ""


def told(one: Any, heading: str) -> dict[str, str]:
    """What a section names, each with its type."""
    rows = re.findall(r"^([\w*, ]+) : (.*)$", section(one, heading), re.MULTILINE)
    return {name: kind for names, kind in rows for name in names.split(", ")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_its_errors_and_shows_an_example_that_imports_what_a_user_would(name):
    raised = re.findall(r"^(\w[\w, ]+)$", section(FUNCTIONS[name], "Raises"), re.MULTILINE)
    assert raised
    assert all(error.endswith(("Error", "Interrupted")) for line in raised for error in line.split(", "))
    example = section(FUNCTIONS[name], "Examples")
    assert re.search(rf"\b{name}\(", example)
    assert set(re.findall(r">>> from (dgsim[\w.]*) import", example)) == {"dgsim"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_default_is_told_as_it_is(name):
    parameters = inspect.signature(FUNCTIONS[name]).parameters
    said = told(FUNCTIONS[name], "Parameters")
    assert set(said) == set(parameters)
    for parameter, kind in said.items():
        default = parameters[parameter].default
        text = re.search(r"\bdefault (.*)$", kind)
        if text:
            assert ast.literal_eval(text[1]) == default, f"{name}: {parameter} = {default!r}"
        elif kind.endswith("optional"):
            assert default is not inspect.Parameter.empty, f"{name}: {parameter} is needed"
        else:
            assert default is inspect.Parameter.empty, f"{name}: {parameter} has the default {default!r}"


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_says_what_each_of_its_fields_holds(result):
    fields = Scenario.model_fields if result is Scenario else [field.name for field in dataclasses.fields(result)]
    assert set(told(result, "Attributes")) == set(fields)
