"""The rooms of the house and the arrows between them: who may know whom, held by parsing every import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dgsim

HOME = Path(dgsim.__file__).parent

# room: the rooms it may import at the top of a module; below, what it may import inside a function too.
KNOWS = {
    "world": set(),
    "country": set(),
    "scenario": {"world.tables"},
    "start": {"world", "country", "scenario"},
    "engine": {"world", "country", "scenario", "start"},
    "mesa_model": {"world", "country", "scenario", "start"},
    "study": {"engine", "start", "country", "scenario", "world"},
    "decide": {
        "study",
        "engine",
        "start",
        "country",
        "scenario",
        "world.held",
        "world.outcomes",
        "world.state",
        "world.tables",
    },
    "show": {"world.tables"},
    "learn": {"study", "engine", "country", "scenario", "world.tables"},
    "cli": {
        "cli_decide",
        "cli_evidence",
        "cli_learn",
        "cli_app",
        "cli_options",
        "cli_output",
        "cli_report",
        "cli_sweep",
        "study",
        "show",
        "scenario",
        "country",
        "world.tables",
        "world.compiled",
        "engine",
        "start",
    },
    "cli_decide": {"cli_options", "cli_output", "decide", "show", "study"},
    "cli_evidence": {"cli_options", "cli_output", "study", "show", "country"},
    "cli_learn": {"cli_options", "cli_output", "learn", "study", "scenario"},
    "cli_options": set(),
    "cli_output": {"show", "engine", "study"},
    "cli_report": {"cli_options", "cli_output", "handover", "show", "study"},
    "handover": {"decide", "show", "study", "engine", "country", "scenario", "world.state", "world.tables"},
    "cli_sweep": {"cli_options", "cli_output", "study", "show", "country"},
    "cli_app": {"app", "study"},
    "app": {"decide", "study", "show", "scenario", "country", "learn", "engine", "start", "mesa_model", "world"},
}
KNOWS_LATE = {"study": {"mesa_model"}}

# packages that may be loaded by a room at all, besides the standard library and numpy
PACKAGES = {
    "world": {"numba", "llvmlite"},
    "country": {"networkx", "scipy"},
    "scenario": {"pydantic", "pydantic_core"},
    "start": set(),
    "engine": set(),
    "mesa_model": {"mesa", "networkx", "numba"},
    "study": {"pandas", "scipy", "pyarrow"},
    "decide": {"pandas", "scipy"},
    "show": {"pandas", "matplotlib", "rich"},
    "cli": {"click", "rich"},
    "cli_decide": {"click"},
    "cli_evidence": {"click"},
    "cli_learn": {"click"},
    "cli_options": {"click"},
    "cli_output": {"click"},
    "cli_report": {"click"},
    "handover": {"pandas", "scipy", "matplotlib", "jinja2"},
    "learn": {"pydantic", "pydantic_core"},
    "cli_sweep": {"click"},
    "cli_app": {"click"},
    "app": {"solara", "reacton", "pandas", "matplotlib", "mesa"},
}
LATE_PACKAGES = {
    "app": {"uvicorn"},
    "country": {"pandas"},
    "study": {"numba", "mesa", "pyarrow"},
    "cli": {"pandas"},
    "cli_decide": {"pandas", "rich"},
}
HEAVY = ("mesa", "solara", "pandas", "matplotlib", "numba", "scipy", "networkx", "pyarrow", "pydantic", "numpy")


def modules() -> Iterator[tuple[str, Path]]:
    """Every module below a room: its room and its file."""
    for path in sorted(HOME.rglob("*.py")):
        room = path.relative_to(HOME).parts[0].removesuffix(".py")
        if room not in ("__init__", "__main__"):
            yield room, path


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, by its whole name, and whether inside a function; not those for types only."""
    package = ("dgsim", *path.relative_to(HOME).parts[:-1])
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), package, late=False)


def _imports(tree: ast.AST, package: tuple[str, ...], late: bool) -> Iterator[tuple[str, bool]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, late) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from ((f"{module}.{name.name}", late) for name in node.names)
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            inside = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(node, package, inside)


def may_know(room: str, name: str, late: bool) -> bool:
    """Whether a room may import `name`, what follows ``dgsim.``."""
    allowed = KNOWS[room] | (KNOWS_LATE.get(room, set()) if late else set()) | {room}
    return any(name == known or name.startswith(f"{known}.") for known in allowed)


def test_every_module_stands_in_a_room():
    assert {room for room, _ in modules()} <= set(KNOWS) == set(PACKAGES)


@pytest.mark.parametrize("room", sorted({room for room, _ in modules()}))
def test_a_room_knows_only_whom_it_may(room):
    wrong = [
        f"{path.relative_to(HOME)} imports {name}"
        for where, path in modules()
        for name, late in imports(path)
        if where == room and name.startswith("dgsim.") and not may_know(room, name.removeprefix("dgsim."), late)
        if name != "dgsim.__version__"
    ]
    assert wrong == []


@pytest.mark.parametrize("room", sorted({room for room, _ in modules()}))
def test_a_room_loads_only_its_own_packages(room):
    common = {"dgsim", "numpy"} | set(sys.stdlib_module_names)
    wrong = []
    for where, path in modules():
        for name, late in imports(path):
            allowed = common | PACKAGES[room] | (LATE_PACKAGES.get(room, set()) if late else set())
            if where == room and name.split(".")[0] not in allowed:
                wrong.append(f"{path.relative_to(HOME)} imports {name}")
    assert wrong == []


def test_the_test_sees_an_arrow_that_is_turned(tmp_path):
    """Absolute, relative and late imports are all found."""
    file = HOME / "world" / "made_up.py"
    text = "import dgsim.engine\nfrom ..study import compare\ndef late():\n    from dgsim.mesa_model import Province\n"
    found = list(_imports(ast.parse(text), ("dgsim", *file.relative_to(HOME).parts[:-1]), late=False))
    assert found == [
        ("dgsim.engine", False),
        ("dgsim.study.compare", False),
        ("dgsim.mesa_model.Province", True),
    ]
    assert not any(may_know("world", name.removeprefix("dgsim."), late) for name, late in found)
    assert may_know("study", "mesa_model.Province", late=True)
    assert not may_know("study", "mesa_model.Province", late=False)
    assert not may_know("scenario", "world.money", late=False)


def loaded(command: str) -> set[str]:
    """The heavy packages that a fresh interpreter holds after a command."""
    code = f"{command}\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_dgsim_loads_nothing_heavy():
    assert loaded("import dgsim; dir(dgsim)") == set()


def test_asking_for_the_command_lines_help_loads_nothing_heavy():
    command = "from dgsim.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\nprint()"
    run = loaded(f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    exec({command!r})")
    assert run & {"mesa", "solara", "pandas", "matplotlib", "numba", "scipy", "networkx", "pyarrow"} == set()


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("load_scenario", {"mesa", "solara", "pandas", "matplotlib", "numba"}),
        ("load_country", {"mesa", "solara", "matplotlib", "numba"}),
        ("simulate", {"mesa", "solara", "matplotlib"}),
        ("sweep", {"mesa", "solara", "matplotlib"}),
        ("load_sweep", {"mesa", "solara", "matplotlib", "numba"}),
        ("DigitalGovernment", {"solara", "matplotlib"}),
    ],
)
def test_a_public_name_loads_only_what_it_needs(name, absent):
    assert loaded(f"import dgsim; dgsim.{name}") & absent == set()
