"""The documentation: its code runs, its links lead somewhere, its tables repeat the package's, its form is right."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import dgsim
from dgsim.cli import main as cli
from dgsim.country.structure import STRUCTURE
from dgsim.world.tables import PARAMETERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
INDEX = DOCS / "index.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SEE = "python3 -m venv .venv && .venv/bin/pip install --no-compile -e . && .venv/bin/dgsim compare"
TEST = 'python3 -m venv .venv && .venv/bin/pip install --no-compile -e ".[test]" && .venv/bin/pytest -n 2'


class Block(NamedTuple):
    """A fenced block of a page: its language, text, the number of its first line, and the file it is."""

    language: str
    text: str
    line: int
    file: str | None = None


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^```(\w*)(?: ([\w.-]+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        named = re.match(r"# ([\w-]+\.toml)\n", match[3]) if match[1] == "toml" else None
        file = match[2] or (named[1] if named else None)
        yield Block(match[1], match[3], text[: match.start()].count("\n") + 2, file)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def runnable(page: Path) -> bool:
    return any(block.language in ("python", "console") for block in blocks(page))


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the lines expected below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def with_little(words: list[str]) -> list[str]:
    """A command with two replications and figures of one outcome, unless it says how many and which."""
    if words[0] not in ("run", "compare"):
        return words
    few = [] if {"--replications", "--until-clear"} & set(words) else ["--replications", "2"]
    drawn = ["--draw", "use"] if "--out" in words and "--draw" not in words else []
    return [*words, *few, *drawn]


def run_console(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    """Run a block's dgsim commands; each must succeed and print what stands below it, if anything does."""
    for command, expected in commands(block.text):
        program, *words = shlex.split(command)
        assert program == "dgsim", f"line {block.line}: only dgsim commands run in a console block: {command}"
        capsys.readouterr()
        assert cli.main(with_little(words)) == 0, f"line {block.line}: {command}\n{capsys.readouterr().err}"
        printed = capsys.readouterr().out
        if expected:
            told = f"line {block.line}: {command} printed\n{printed}"
            assert doctest.OutputChecker().check_output(expected, printed, FLAGS), told


def run_python(block: Block, page: Path, session: dict) -> None:
    """Run a block as a doctest if it has prompts, else as it is."""
    if ">>> " not in block.text:
        exec(compile("\n" * (block.line - 1) + block.text, name_of(page), "exec"), session)
        return
    test = doctest.DocTestParser().get_doctest(block.text, {}, name_of(page), str(page), block.line - 1)
    test.globs = session
    told: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append, clear_globs=False)
    assert not told, "".join(told)


def slug(heading: str) -> str:
    """The anchor of a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")


def prose(page: Path) -> str:
    """A page without its code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def links(page: Path) -> list[str]:
    """What a page links to, and shows, within the repository."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]


def in_reading_order() -> list[Path]:
    """The pages with code: the README, those of the index as it names them, then all others."""
    named = [(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)]
    return [page for page in dict.fromkeys([ROOT / "README.md", *named, *PAGES]) if page in PAGES and runnable(page)]


@pytest.fixture(scope="session")
def readers_folder(tmp_path_factory) -> Path:
    """The one folder in which a reader tries what the pages say."""
    return tmp_path_factory.mktemp("reader")


@pytest.mark.parametrize("page", in_reading_order(), ids=name_of)
def test_the_code_of_a_page_runs(page, readers_folder, monkeypatch, capsys):
    """Each page after the ones before it, in one folder: what they left must not stand in its way."""
    monkeypatch.chdir(readers_folder)
    session: dict = {"__name__": "page"}
    for block in blocks(page):
        if block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            run_console(block, capsys)
        elif block.language == "python":
            run_python(block, page, session)


def written(page: Path) -> Iterator[tuple[str, str]]:
    """What the commands and blocks of a page write in the reader's folder, and what with."""
    for block in blocks(page):
        if block.file:
            yield block.file, block.text
        for line in block.text.splitlines() if block.language in ("console", "bash", "sh") else ():
            command = line.removeprefix("$ ").partition(" #")[0].replace(" --resume", "")
            if command.startswith("dgsim ") and " --out " in command:
                yield (
                    command.partition(" --out ")[2].split()[0],
                    command.partition(" --workers")[0].partition(" --cluster")[0],
                )


def test_no_two_pages_write_the_same_place():
    """Two pages may be read in any order, so neither may find what the other made under a name of its own."""
    makers: dict[str, dict[str, str]] = {}
    for page in PAGES:
        for place, maker in written(page):
            makers.setdefault(place, {})[maker] = name_of(page)
    assert len(makers) > 10
    doubled = {place: sorted(pages.values()) for place, pages in makers.items() if len(pages) > 1}
    assert doubled == {}, "these places are made in two ways: give one of them a name of its own"


def test_the_readme_has_its_two_commands_each_in_a_block_of_its_own():
    assert [block.text.strip() for block in blocks(ROOT / "README.md") if block.language == "bash"] == [SEE, TEST]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{link} does not exist"
        assert target.resolve().is_relative_to(ROOT), f"{link} leads out of the repository"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{link}: no such heading"


def test_every_page_is_reached_from_the_index():
    found, open_pages = {INDEX}, [INDEX]
    while open_pages:
        page = open_pages.pop()
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        new = {target for target in targets if target.suffix == ".md" and target.exists()} - found
        found |= new
        open_pages += new
    lost = sorted(map(name_of, set(DOCS.rglob("*.md")) - found))
    assert lost == [], "docs/index.md leads to these pages neither itself nor by a page that it names: link them there"


def script(name: str) -> ModuleType:
    """A script of the folder of experiments, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "experiments" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "text"), script("make_reference").pages().items(), ids=lambda value: value[:20])
def test_reference_tables_repeat_the_package(name, text):
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == text, (
        f"docs/reference/{name} is not what the tables say: run python experiments/make_reference.py"
    )


def rules() -> Iterator[str]:
    """The name of every rule of the world."""
    for path in sorted((ROOT / "src" / "dgsim" / "world").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            decorators = {getattr(d, "id", "") for d in getattr(node, "decorator_list", ())}
            if decorators & {"rule", "inner_rule", "outer_rule"}:
                yield node.name


def test_the_protocol_names_every_rule_and_every_parameter():
    words = set(re.findall(r"\w+", (DOCS / "model" / "odd.md").read_text(encoding="utf-8")))
    names = [*rules(), *(parameter.name for parameter in PARAMETERS), *STRUCTURE]
    assert len(names) > 200
    missing = [name for name in names if name not in words]
    assert missing == [], f"docs/model/odd.md: tell of these rules and parameters, under their names: {missing}"


def test_patterns_name_tests_that_exist():
    tree = ast.parse((ROOT / "tests" / "test_patterns.py").read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_p")}
    named = set(re.findall(r"test_p\d\d_\w+", (DOCS / "model" / "patterns.md").read_text(encoding="utf-8")))
    assert named == tests, "docs/model/patterns.md: name each test_pNN of tests/test_patterns.py, and no other"


def test_decisions_are_numbered_without_gaps_and_say_context_choice_and_price():
    pages = sorted((DOCS / "decisions").iterdir())
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for number, page in enumerate(pages, start=1):
        text = page.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert re.match(rf"{number}\. \w", title)
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Choice", "Price"], page.name
        assert f"[{title}](decisions/{page.name})" in INDEX.read_text(encoding="utf-8")


def test_the_version_is_one():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    keys = re.findall(r"^([\w-]+):", citation, re.MULTILINE)
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= set(keys)
    assert re.search(r"^version: (.*)$", citation, re.MULTILINE)[1] == dgsim.__version__
    assert f"\n## [{dgsim.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_the_one_that_is_named():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


PLACES = re.compile(r"(?<![\w.~/])/(?:work|tmp|root|home|opt|usr|Users|mnt)/|\.\./shared|[A-Z]:\\|localhost")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_on_a_machine(page):
    named = PLACES.findall(page.read_text(encoding="utf-8"))
    assert named == [], f"{name_of(page)} names a folder of one machine: write a path within the repository"


def test_what_holds_an_attack_is_a_test():
    text = (DOCS / "hardening.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\w+\.py)::(test_\w+)`", text)
    named += [("tests/test_generated_inputs.py", name) for name in re.findall(r"\| `(test_\w+)` \|", text)]
    assert len(named) > 60
    for file, name in named:
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {name}"
