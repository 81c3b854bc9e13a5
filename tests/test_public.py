"""What `import dgsim` offers is told in full: the build of the site asks for sections, these for what they say."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import dgsim
from dgsim import errors
from dgsim.cli import wording
from dgsim.cli.main import app
from dgsim.scenario import Scenario
from dgsim.texts.table import rows

PUBLIC = {name: getattr(dgsim, name) for name in dgsim.__all__ if not name.startswith("_")}
FUNCTIONS = {name: one for name, one in PUBLIC.items() if inspect.isfunction(one)}
RETURNED = (get_type_hints(function)["return"] for function in FUNCTIONS.values())
RESULTS = {one.__name__: one for one in RETURNED if one.__module__.startswith("dgsim.")}


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


def test_every_kind_of_error_can_be_caught_by_a_public_name():
    kinds = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.DgsimError)}
    assert len(kinds) > 5
    assert kinds <= set(PUBLIC), "src/dgsim/__init__.py: name the new error in _HOMES"
    assert all(getattr(dgsim, name) is getattr(errors, name) for name in kinds)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_default_is_told_as_it_is(name):
    parameters = inspect.signature(FUNCTIONS[name]).parameters
    said = told(FUNCTIONS[name], "Parameters")
    assert set(said) == set(parameters), f"{name}: its docstring tells each parameter under Parameters"
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
    assert set(told(result, "Attributes")) == set(fields), (
        f"{inspect.getsourcefile(result)}: the docstring of {result.__name__} tells each field under Attributes"
    )


def test_editors_and_python_know_the_same_public_names():
    source = ast.parse(inspect.getsource(dgsim))
    tests = {ast.unparse(node.test): node for node in source.body if isinstance(node, ast.If)}
    block = tests["TYPE_CHECKING"]
    seen = {name.name: (name.asname, line.module) for line in block.body for name in line.names}
    assert seen == {name: (name, home) for name, home in dgsim._HOMES.items()}, (
        "src/dgsim/__init__.py: a public name stands in _HOMES and, as `X as X`, in the block for type checkers"
    )


def test_every_error_is_public_and_of_the_one_family():
    own = {name for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, Exception)}
    assert own == {name for name in dgsim.__all__ if name.endswith("Error")}, (
        "an error of src/dgsim/errors.py has a row in _HOMES of src/dgsim/__init__.py"
    )
    assert all(issubclass(getattr(dgsim, name), dgsim.DgsimError) for name in own)
    page = (Path(__file__).parents[1] / "docs/reference/python.md").read_text(encoding="utf-8")
    assert [name for name in own if f"`dgsim.{name}`" not in page] == [], "run experiments/make_reference.py"


# What is raised besides, and in which files: a ValueError is the end of a sentence that whoever reads the value begins
# with its key, or speaks to whoever edits the package's own tables; click has errors of its own; whoever interrupts
# made no mistake.
ALSO_RAISED = {
    "AttributeError": ("__init__.py",),
    "ClickException": ("cli/",),
    "KeyboardInterrupt": ("app/server/serve.py",),
    "Refusal": ("app/",),  # a ScenarioError that is said in every language
    "Stopped": (
        "app/content/agents.py",
        "app/runs/",
    ),  # what nobody waits for any more; caught where the work was begun
    "SystemExit": ("sweeps/cluster.py",),  # of a worker whose script has no main guard: who asked is told
    "SweepInterrupted": ("sweeps/sweep.py", "decide/optimise.py"),
    "UsageError": ("cli/",),
    "ValueError": (
        "world/tables/",
        *(f"scenario/{file}.py" for file in ("calendar", "model", "rules", "schema")),
        "learn/schema.py",
        "sweeps/manifest_form.py",
    ),
}


def test_what_a_user_may_get_wrong_is_raised_as_one_of_the_family():
    home = Path(dgsim.__file__).parent
    family = {name for name in dgsim.__all__ if name.endswith("Error")}
    wrong = []
    for path in sorted(home.rglob("*.py")):
        file, tree = path.relative_to(home).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc is not None:
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = ast.unparse(raised).split(".")[-1]
                is_class = name[:1].isupper()
                if is_class and name not in family and not file.startswith(ALSO_RAISED.get(name, ())):
                    wrong.append(f"{file}:{node.lineno}: raise {name}")
    assert wrong == [], (
        "raise a child of DgsimError (src/dgsim/errors.py), or name the file in ALSO_RAISED of tests/test_public.py"
    )


COMMANDS_ARE_TOLD = ("cli/", "app/", "reports/content.py")  # the last two print the command that makes a result again
COMMANDS_ARE_SAID = {  # texts of the browser, where one leaves it for a terminal, and of the report
    *("header.copied_command", "foot.scope", "results.none", "reason.copy", "report.commands", "again.command"),
}
MARKS = {"dgsim sweep", "dgsim optimise"}  # by which a folder is known
TYPED = re.compile(rf"(?<![\w-])--[a-z]{{3,}}|\bdgsim ({'|'.join(app.commands)})\b")


def library_texts(home: Path) -> Iterator[tuple[str, str]]:
    """Every text of the library but its docstrings, and of the table of strings, with where it stands."""
    for path in sorted(home.rglob("*.py")):
        file, tree = path.relative_to(home).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
        if file.startswith(COMMANDS_ARE_TOLD):
            continue
        prose = docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield f"src/dgsim/{file}:{node.lineno}", node.value
    for row in rows():
        if row.key not in COMMANDS_ARE_SAID:
            yield from ((f"src/dgsim/texts/strings.csv: {row.key}", text) for text in row.said.values())


def docstrings(tree: ast.AST) -> set[int]:
    """The texts that are docstrings, which may tell how a command asks for the same."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    first = (node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and node.body)
    return {id(one.value) for one in first if isinstance(one, ast.Expr)}


def test_a_sentence_of_the_library_speaks_of_arguments_and_functions_and_never_of_what_is_typed():
    wrong = [
        f"{where}: {text}"
        for where, text in library_texts(Path(dgsim.__file__).parent)
        if TYPED.search(text) and text not in MARKS
    ]
    assert wrong == [], (
        "name the argument or the function here (quiet=True), or ask for it: asked('scenarios') of src/dgsim/errors.py "
        "is what TYPED of src/dgsim/cli/wording.py says where a command is given"
    )


@pytest.mark.parametrize("text", ["say it with --resume", "dgsim scenarios lists them"])
def test_the_guard_sees_options_and_commands(text):
    assert TYPED.search(text)


def test_a_sentence_names_what_its_reader_writes():
    """In Python, and again once a command has ended; the command line has its own way for each."""
    assert set(wording.TYPED) == set(errors.IN_PYTHON)

    def refused() -> str:
        with pytest.raises(dgsim.DgsimError) as refusal:
            dgsim.load_scenario("zzz")
        return str(refusal.value)

    assert refused().endswith("; shipped_scenarios() lists them")
    with errors.asked_by(wording.TYPED):
        assert refused().endswith("; dgsim scenarios lists them")
    assert refused().endswith("; shipped_scenarios() lists them")


def test_no_sentence_is_reworded_by_what_it_says():
    """What it offers is asked for when it is made, so none holds the words of Python by hand."""
    named = re.compile(r"resume=True|(?:shipped_scenarios|load_lessons)\(\)")
    wrong = [
        f"{where}: {text}"
        for where, text in library_texts(Path(dgsim.__file__).parent)
        if named.search(text) and not where.endswith("again.call") and "/errors.py:" not in where
    ]
    assert wrong == [], "src/dgsim/errors.py: ask for it by asked('resume'), asked('scenarios'), asked('lessons')"
