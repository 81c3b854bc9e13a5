"""No rule holds a number of its own: what a modeller might doubt stands in the table of parameters, with its source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from dgsim.country import covariates, groups, networks, peers
from dgsim.country.structure import STRUCTURE
from dgsim.engine import counterfactual, run, setup
from dgsim.world import choice_fast, luck, outcomes, tables, units
from dgsim.world.tables import BASES, PARAMETERS

WORLD = Path(units.__file__).parent
COUNTRY = Path(networks.__file__).parent
SETUP = Path(inspect.getfile(setup.make_setup))
OUTSIDE = [Path(module.__file__) for module in (run, counterfactual)]  # where rules stand that drive others
FREE = {0, 1, 2}
REMEDY = (
    "give it a row in world/tables/parameters.csv (role constant, unit, range, source or 'assumed') and read it from "
    "world.assumptions; a unit conversion has its name in world/units.py"
)
IN_A_COUNTRY = (
    "give it a row in country/tables/structure.csv (unit, range, source, basis) and read it from STRUCTURE; a bound, a "
    "size or a unit has a name above the functions"
)
# Numbers with a name outside the table: units, sizes of records, the cipher and its steps, what an outcome's name says.
NAMED = {
    tables: {"QUARTERS_PER_YEAR", "MOST_ITEMS"},
    units: {"BVND", "MONTHS", "MILLION", "PERCENT"},
    luck: {"LOW", "HALF", "MULTIPLIER_A", "MULTIPLIER_B", "WEYL_A", "WEYL_B", "ROUNDS", "WORDS", "MIDDLE"}
    | {"OPTIONS_OF_A_PURPOSE", "DROPPED", "STEPS_OF_A_HALF", "STEPS", "COARSE_STEPS"},
    outcomes: {"P10", "P90"},
    choice_fast: {"HALF", "SIXTH"},
    setup: {"MOST_KEPT"},
    run: {"MOST_HELD", "HELD_AT_ONCE", "BYTES_A_RUN"},  # of memory
}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The rules of a file of the world; every function of the set-up, and of those that make a country."""
    everything = path == SETUP or path.parent.name == COUNTRY.name
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if everything else tree.body:
        if isinstance(node, ast.FunctionDef):
            decorators = {getattr(decorator, "id", "") for decorator in node.decorator_list}
            if everything or decorators & {"rule", "inner_rule", "outer_rule"}:
                yield node


def numbers(node: ast.AST) -> Iterator[ast.Constant | ast.BinOp]:
    """The numbers that stand in an expression, and those that free ones are reckoned into, as 1 / 2 is."""
    for part in ast.walk(node):
        own = isinstance(part, ast.Constant) and type(part.value) in (int, float) and part.value not in FREE
        if own or (isinstance(part, ast.BinOp) and _of_literals(part)):
            yield part


def _of_literals(node: ast.expr) -> bool:
    """Whether it is reckoned from numbers alone."""
    if isinstance(node, ast.BinOp):
        return _of_literals(node.left) and _of_literals(node.right)
    if isinstance(node, ast.UnaryOp):
        return _of_literals(node.operand)
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def defaults(function: ast.FunctionDef) -> Iterator[ast.expr]:
    yield from (*function.args.defaults, *filter(None, function.args.kw_defaults))


def homeless(path: Path, remedy: str = REMEDY) -> list[str]:
    """Each number in a function's body, defaults or decorators that has no home, with what to do about it."""
    return [
        f"{path.name}:{number.lineno}: {ast.unparse(number)} in {function.name}: {remedy}"
        for function in functions(path)
        for part in (*function.body, *function.decorator_list, *defaults(function))
        for number in numbers(part)
    ]


@pytest.mark.parametrize("path", [*sorted(WORLD.rglob("*.py")), SETUP, *OUTSIDE], ids=lambda path: path.name)
def test_no_rule_holds_a_number(path):
    assert homeless(path) == []


@pytest.mark.parametrize("path", sorted(COUNTRY.rglob("*.py")), ids=lambda path: path.name)
def test_no_function_that_makes_a_country_holds_a_number(path):
    """What lays a country out is a row; a bound, a size or a unit of a file has a name above the functions."""
    assert homeless(path, IN_A_COUNTRY) == []


@pytest.mark.parametrize("path", [*sorted(WORLD.rglob("*.py")), SETUP, *OUTSIDE], ids=lambda path: path.name)
def test_no_number_hides_behind_a_name(path):
    """A module's own constant is a unit or a definition that is known here, or it counts something from a table."""
    known = next((names for module, names in NAMED.items() if module.__file__ == str(path)), set())
    assert hidden(path, known, names_in_rules()) == []


def constants(path: Path) -> Iterator[tuple[set[str], ast.expr]]:
    """The names that a file gives to values of its own, annotated or not, and the values."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value is not None:
            yield {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}, value


def hidden(path: Path, known: set[str], used: set[str]) -> list[str]:
    """Each number of a file behind a name that rules use and that is not known, with what to do about it."""
    return [
        f"{path.name}:{number.lineno}: {sorted(names)}: {REMEDY}"
        for names, value in constants(path)
        if not _counts(value) and not names <= known | (names - used)
        for number in numbers(value)
    ]


LAID_OUT = {  # what a country is laid out with: rows at a time, rounds and digits of a method, years and fifths
    networks: {"BLOCK", "KEY_BYTES", "STEP", "FIRST_FACTOR", "SECOND_FACTOR"}
    | {"FIRST_SHIFT", "SECOND_SHIFT", "LAST_SHIFT"},  # of SplitMix64
    covariates: {"SCORE_YEAR", "BEFORE", "INTERNET_YEARS", "ROUNDS", "COUNTRIES_KEPT", "RAREST", "MILLION", "DIGITS"},
    groups: {"FIFTHS", "ALL_FIFTHS"},
    peers: set(),
}


@pytest.mark.parametrize("module", LAID_OUT, ids=lambda module: Path(module.__file__).name)
def test_no_number_that_lays_out_a_country_hides_behind_a_name(module):
    for names, value in constants(Path(module.__file__)):
        for number in numbers(value):
            assert names <= LAID_OUT[module], f"{module.__name__}:{number.lineno}: {sorted(names)}: {IN_A_COUNTRY}"


def names_in_rules() -> set[str]:
    """Every name that a rule reads, or anything in the files of the engine that make worlds and run them."""
    rules = [rule for path in WORLD.rglob("*.py") for rule in functions(path)]
    engine = [ast.parse(path.read_text(encoding="utf-8")) for path in (SETUP, *OUTSIDE)]
    read = (node for tree in (*rules, *engine) for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in read if isinstance(node.ctx, ast.Load)}


def _counts(value: ast.expr) -> bool:
    """Whether it numbers names, as range(6) does."""
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "range"


def test_a_number_in_a_rule_is_told_with_its_file_line_and_remedy(tmp_path):
    file = tmp_path / "staff.py"
    file.write_text("@rule\ndef posts(p, world):\n    return 2.0 * p.population + 0.5\n", encoding="utf-8")
    assert homeless(file) == [f"staff.py:3: 0.5 in posts: {REMEDY}"]
    file.write_text("@rule\ndef posts(p, *, share=0.37):\n    return share * p.population\n", encoding="utf-8")
    assert homeless(file) == [f"staff.py:2: 0.37 in posts: {REMEDY}"]
    land = tmp_path / "country" / "groups.py"
    land.parent.mkdir()
    land.write_text("@cache(maxsize=9)\ndef fifth(values):\n    return values / 5\n", encoding="utf-8")
    assert homeless(land, "") == ["groups.py:3: 5 in fifth: ", "groups.py:1: 9 in fifth: "]
    file.write_text("@rule\ndef posts(p):\n    return p.posts * (1.0 + 1.0 / 2.0 / 2.0)\n", encoding="utf-8")
    assert homeless(file, "")[0] == "staff.py:3: 1.0 + 1.0 / 2.0 / 2.0 in posts: "
    file.write_text("STEEP = 1.0 / 2.0\n", encoding="utf-8")
    assert hidden(file, set(), {"STEEP"}) == [f"staff.py:1: ['STEEP']: {REMEDY}"]
    file.write_text("HALFWAY: float = 0.35\nSTEEP = 0.41\nSIX = range(6)\nASIDE = 9\n", encoding="utf-8")
    assert hidden(file, {"STEEP"}, {"HALFWAY", "STEEP", "SIX"}) == [f"staff.py:1: ['HALFWAY']: {REMEDY}"]


def test_every_number_of_the_table_says_where_it_comes_from():
    for p in PARAMETERS:
        assert p.source, p.name
        assert p.basis in BASES, p.name
        assert p.label, p.name
        if p.type == "float":
            assert p.low is not None, p.name
            assert p.high is not None, p.name
            assert p.low <= p.default <= p.high, p.name


def test_every_number_that_lays_out_a_country_says_where_it_comes_from():
    for number, row in STRUCTURE.items():
        assert row.basis in BASES, number
        assert row.low <= row.value <= row.high, number
