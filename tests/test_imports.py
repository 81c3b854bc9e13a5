"""The rooms of the house and the arrows between them: who may know whom, held by parsing every import."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import dgsim

HOME = Path(dgsim.__file__).parent

# room: the rooms it may import at the top of a module; below, what it may import inside a function too.
EVERYBODY = {"errors", "files", "numbers", "_version"}
TEXTS = "texts"  # what is said to people: known by all who tell something
LOWER = {"world", "country", "scenario", "engine"}
KNOWS: dict[str, set[str]] = {
    "_version": set(),
    "errors": set(),
    "files": set(),
    "numbers": set(),
    "world": set(),
    "country": set(),
    "texts": {"world.tables"},
    "scenario": {"world.tables", TEXTS},
    "engine": {"world", "country", "scenario"},
    "mesa_model": {*LOWER, TEXTS, "show.terminal"},  # it tells, in a user's own script, that it compiles
    "study": {*LOWER, TEXTS},
    "appraisals": {*LOWER, TEXTS, "study"},
    "sweeps": {*LOWER, TEXTS, "study"},
    "evidence": {*LOWER, TEXTS, "study"},
    "analysis": {*LOWER, "study"},
    "decide": {*LOWER, TEXTS, "study", "sweeps", "analysis", "appraisals.targets"},
    "learn": {TEXTS, "world.tables", "country", "scenario", "engine", "study"},
    "show": {TEXTS, "world.tables"},
    "reports": {*LOWER, TEXTS, "study", "appraisals", "evidence", "analysis", "decide", "show"},
    "app": {*LOWER, TEXTS, "mesa_model", "study", "appraisals", "sweeps", "decide", "learn", "show"},
    "cli": {*LOWER, TEXTS, "study", "appraisals", "sweeps", "evidence", "decide", "learn", "reports", "show", "app"},
}
WHOLE = {"cli"}  # works with the public names, as a user does: ``import dgsim``
KNOWS_LATE = {"study": {"mesa_model"}}

# The rooms inside the app: from what everyone may know up to the pages, each those below it.
APP_KNOWS: dict[str, set[str]] = {
    "results_folder": set(),
    "state": set(),
    "runs": {"state"},
    "content": {"runs", "state"},
    "components": {"content", "runs", "state"},
    "pages": {"components", "content", "runs", "state", "results_folder"},
    "mesa_view": {"components", "content"},
    "main": {"pages", "components", "content", "runs", "state"},
    "server": {"runs", "results_folder", "state"},
}

# packages that may be loaded by a room at all, besides the standard library and numpy
PACKAGES = {
    "_version": set(),
    "errors": set(),
    "files": set(),
    "numbers": set(),
    "texts": set(),
    "world": {"numba", "llvmlite", "platformdirs"},
    "country": {"networkx", "scipy"},
    "scenario": {"pydantic", "pydantic_core"},
    "engine": set(),
    "mesa_model": {"mesa", "networkx", "numba"},
    "study": {"pandas", "scipy"},
    "appraisals": {"pandas", "scipy"},
    "sweeps": {"pandas", "scipy", "pyarrow", "pydantic"},
    "evidence": {"pandas", "scipy"},
    "analysis": {"pandas", "scipy"},
    "decide": {"pandas", "scipy"},
    "learn": {"pydantic", "pydantic_core"},
    "show": {"pandas", "matplotlib", "rich"},
    "reports": {"pandas", "scipy", "matplotlib", "jinja2", "docx", "openpyxl"},  # the last two: see forms.py
    "app": {"solara", "reacton", "pandas", "matplotlib", "mesa", "starlette", "uvicorn", "h11"},
    "cli": {"click", "rich", "pandas", "matplotlib"},
}
LATE_PACKAGES = {
    "country": {"pandas"},
    "study": {"mesa"},
    "sweeps": {"numba"},
}
HEAVY = ("mesa", "solara", "pandas", "matplotlib", "numba", "scipy", "networkx", "pyarrow", "pydantic", "numpy")
OFFICE = ("docx", "openpyxl")


def modules() -> Iterator[tuple[str, Path]]:
    """Every module below a room: its room and its file."""
    for path in sorted(HOME.rglob("*.py")):
        room = path.relative_to(HOME).parts[0].removesuffix(".py")
        if room not in ("__init__", "__main__"):
            yield room, path


@cache
def imports(path: Path, types: bool = True) -> list[tuple[str, bool]]:
    """Every module a file imports, by its whole name, and whether inside a function; with those for types, or not."""
    package = ("dgsim", *path.relative_to(HOME).parts[:-1])
    return list(_imports(ast.parse(path.read_text(encoding="utf-8")), package, late=False, types=types))


def _imports(tree: ast.AST, package: tuple[str, ...], late: bool, types: bool = True) -> Iterator[tuple[str, bool]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, late) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from ((f"{module}.{name.name}", late) for name in node.names)
        elif types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            inside = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(node, package, inside, types)


def may_know(room: str, name: str, late: bool) -> bool:
    """Whether a room may import `name`, what follows ``dgsim.``; the package itself reaches all rooms."""
    if name == "dgsim":
        return room in WHOLE
    allowed = KNOWS[room] | (KNOWS_LATE.get(room, set()) if late else set()) | EVERYBODY | {room}
    return any(name == known or name.startswith(f"{known}.") for known in allowed)


def test_every_module_stands_in_a_room():
    homeless = {f"src/dgsim/{path.relative_to(HOME)}" for room, path in modules() if room not in KNOWS}
    assert not homeless, f"{sorted(homeless)}: move it into a room, or give KNOWS and PACKAGES here rows of the room"
    assert set(KNOWS) == set(PACKAGES), "KNOWS and PACKAGES in tests/test_imports.py: a room has a row in both"


@pytest.mark.parametrize("room", sorted({room for room, _ in modules()}))
def test_a_room_knows_only_whom_it_may(room):
    wrong = [
        f"{path.relative_to(HOME)} imports {name}"
        for where, path in modules()
        for name, late in imports(path)
        if where == room and name.split(".")[0] == "dgsim" and not may_know(room, name.removeprefix("dgsim."), late)
    ]
    assert wrong == [], (
        f"{room} may know {sorted(KNOWS[room])} (KNOWS in tests/test_imports.py, rooms in CONTRIBUTING.md): "
        "hand the thing down as an argument, or move what both need into a room that both may know"
    )


def may_know_in_app(room: str, name: str) -> bool:
    """Whether a room inside the app may import `name`, what follows ``dgsim.app.``."""
    return any(name == known or name.startswith(f"{known}.") for known in APP_KNOWS[room] | {room})


@pytest.mark.parametrize("room", APP_KNOWS)
def test_a_room_inside_the_app_knows_only_those_below_it(room):
    wrong = [
        f"{path.relative_to(HOME)} imports {name}"
        for path in sorted((HOME / "app").rglob("*.py"))
        for name, _ in imports(path)
        if path.relative_to(HOME / "app").parts[0].removesuffix(".py") == room
        if name.startswith("dgsim.app.") and not may_know_in_app(room, name.removeprefix("dgsim.app."))
    ]
    assert wrong == [], "hand it down as an argument, or move what both need below them"


def test_every_file_of_the_app_stands_in_one_of_its_rooms():
    files = (path.relative_to(HOME / "app") for path in (HOME / "app").rglob("*.py"))
    rooms = {file.parts[0].removesuffix(".py") for file in files} - {"__init__"}
    assert rooms == set(APP_KNOWS), "src/dgsim/app: move the file into a room, or give it a row in APP_KNOWS here"


def test_imports_are_absolute():
    wrong = [
        f"{path.relative_to(HOME)}:{node.lineno}: from {'.' * node.level}{node.module or ''} import: write dgsim.ROOM"
        for _, path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def test_the_command_line_names_what_it_loads_later_in_one_way():
    late = [
        f"{path.relative_to(HOME)} imports {name} inside a function: name it with Later, as its siblings are"
        for room, path in modules()
        for name, inside in imports(path)
        if room == "cli" and inside
    ]
    assert late == []


def files_known(path: Path, package: str = "dgsim") -> set[str]:
    """The modules of the house that a file imports, at its top, inside functions and for types only."""
    known = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            known |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {f"{node.module}.{name.name}" for name in node.names}
    return {name for name in known if name.split(".")[0] == package}


def name_of(path: Path, home: Path) -> str:
    """The name of a module, of a package where the file is its `__init__.py`."""
    return ".".join(path.relative_to(home.parent).with_suffix("").parts).removesuffix(".__init__")


def circle(home: Path) -> list[str]:
    """The modules of a circle of imports, the first again at the end; empty where there is none.

    What is taken from a package and is no module of its own is taken from its `__init__.py`.
    """
    files = {name_of(path, home): path for path in home.rglob("*.py")}
    graph = {
        name: {one if one in files else one.rpartition(".")[0] for one in files_known(path, home.name)} & set(files)
        for name, path in files.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_no_files_import_each_other_in_a_circle():
    assert circle(HOME) == [], "hand the thing itself to the lower file, or move what both need below them"


def test_the_test_sees_a_circle_even_of_late_imports_and_of_types(tmp_path):
    home = tmp_path / "house"
    home.mkdir()
    (home / "one.py").write_text("from house.two import thing\n")
    (home / "two.py").write_text("def late():\n    from house import three\n")
    (home / "three.py").write_text("if TYPE_CHECKING:\n    from house.one import Thing\n")
    assert set(circle(home)) == {"house.one", "house.two", "house.three"}
    (home / "three.py").write_text("import house\n")
    assert circle(home) == []
    (home / "__init__.py").write_text("from house.one import thing\n")
    assert set(circle(home)) == {"house", "house.one", "house.two", "house.three"}


@pytest.mark.parametrize("room", sorted({room for room, _ in modules()}))
def test_a_room_loads_only_its_own_packages(room):
    common = {"dgsim", "numpy"} | set(sys.stdlib_module_names)
    wrong = []
    for where, path in modules():
        for name, late in imports(path, types=False):
            allowed = common | PACKAGES[room] | (LATE_PACKAGES.get(room, set()) if late else set())
            if where == room and name.split(".")[0] not in allowed:
                wrong.append(f"{path.relative_to(HOME)} imports {name}")
    assert wrong == [], (
        f"{room} may load {sorted(PACKAGES[room])}: do it where the package is at home already, or name it in PACKAGES "
        "(LATE_PACKAGES, if inside a function) of tests/test_imports.py and in the dependencies of pyproject.toml"
    )


def test_the_test_sees_an_arrow_that_is_turned(tmp_path):
    """Absolute, relative and late imports are all found, those for types, and the package itself."""
    file = HOME / "world" / "made_up.py"
    text = (
        "import dgsim.engine.run\nfrom ..study import compare\ndef late():\n    from dgsim.mesa_model import Province\n"
        "if TYPE_CHECKING:\n    from dgsim.sweeps.axes import Axis\nimport dgsim\n"
    )
    found = list(_imports(ast.parse(text), ("dgsim", *file.relative_to(HOME).parts[:-1]), late=False))
    assert found == [
        ("dgsim.engine.run", False),
        ("dgsim.study.compare", False),
        ("dgsim.mesa_model.Province", True),
        ("dgsim.sweeps.axes.Axis", False),
        ("dgsim", False),
    ]
    assert not any(may_know("world", name.removeprefix("dgsim."), late) for name, late in found)
    assert may_know("study", "mesa_model.Province", late=True)
    assert not may_know("study", "mesa_model.Province", late=False)
    assert not may_know("scenario", "world.money", late=False)


def loaded(command: str) -> set[str]:
    """The heavy packages that a fresh interpreter holds after a command."""
    code = f"{command}\nimport sys\nprint(*[name for name in {(*HEAVY, *OFFICE)} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_dgsim_loads_nothing_heavy():
    assert loaded("import dgsim; dir(dgsim)") == set(), "src/dgsim/__init__.py: name it in _HOMES, and import it not"


def test_asking_for_the_command_lines_help_loads_nothing_heavy():
    command = "from dgsim.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\nprint()"
    run = loaded(f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec({command!r})")
    assert run & {"mesa", "solara", "pandas", "matplotlib", "numba", "scipy", "networkx", "pyarrow"} == set(), (
        "src/dgsim/cli/commands: name the work with Later, and import it not"
    )


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("load_scenario", {"mesa", "solara", "pandas", "matplotlib", "numba"}),
        ("load_country", {"mesa", "solara", "matplotlib", "numba"}),
        ("simulate", {"mesa", "solara", "matplotlib"}),
        ("sweep", {"mesa", "solara", "matplotlib"}),
        ("load_sweep", {"mesa", "solara", "matplotlib", "numba"}),
        ("DigitalGovernment", {"solara", "matplotlib"}),
        ("report", {"mesa", "solara", *OFFICE}),
    ],
)
def test_a_public_name_loads_only_what_it_needs(name, absent):
    assert loaded(f"import dgsim; dgsim.{name}") & absent == set(), (
        f"what dgsim.{name} imports at its top loads these: import them for types only, or inside the function"
    )


# the places of insets.csv; where what a plan is worth falls
GEOGRAPHIC = {"country/loading.py", "appraisals/appraisal.py", "appraisals/gathering.py", "appraisals/places.py"}
GEOGRAPHIC |= {"reports/worth.py", "cli/figures.py", "cli/work/worth.py", "show/terminal/worth.py"}


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a module gives or takes: functions, classes, arguments, variables."""
    for node in ast.walk(tree):
        name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", None)
        if isinstance(name, str):
            yield getattr(node, "lineno", 0), name


def test_a_place_is_geographic():
    """What is no spot of a country has its own word: row, slot, rank, endpoint, folder, path, provenance, blank."""
    wrong = [
        f"src/dgsim/{file.relative_to(HOME).as_posix()}:{line}: {name}"
        for file in sorted(HOME.rglob("*.py"))
        if file.relative_to(HOME).as_posix() not in GEOGRAPHIC
        for line, name in called(ast.parse(file.read_text(encoding="utf-8")))
        if {"place", "places"} & set(name.lower().split("_"))
    ]
    assert not wrong, "\n".join(["name it by what it is:", *wrong])
    assert set(called(ast.parse("def place_of(place): pass"))) == {(1, "place_of"), (1, "place")}
