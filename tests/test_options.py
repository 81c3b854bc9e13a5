"""Every option of every command acts or is refused: for each there is one case that shows it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dgsim.cli.exit_codes import NOT_MET
from dgsim.cli.main import app, main

Outcome = tuple[int, str, str, dict[str, bytes]]  # exit code, what is printed, said, and in the folder
FEW = ("--replications", "2", "--quarters", "3")
SHORT = ("--to", "2020Q3", "--replications", "2")
ITEMS = ("staged", *SHORT, "--by", "item", "--item-runs", "2", "--orders", "4")
FEW_WORLDS = ("--replications", "1", "--quarters", "3")
BASE: dict[str, tuple[str, ...]] = {
    "compare": ("history", "staged", *FEW),
    "run": ("staged", *FEW),
    "why": ("staged", "--province", "02", "--quarter", "2021Q1"),
    "targets": ("decision-749", "staged", "--to", "2021Q4", "--replications", "2"),
    "explain": ("staged", "--baseline", "services-first", "--items", "--orders", "4", *FEW),
    "order": ("staged", "--orders", "2", "--exchanged", "1", "--fresh", "2", *FEW),
    "binding": ("staged", *FEW),
    "behind": ("staged", "--worst", "3", *FEW),
    "optimise": ("search.toml", "--out", "found", "--resume"),
    "regret": ("staged", "history", *FEW_WORLDS),
    "appraise": ("staged", *SHORT),
    "sweep": ("sweep.toml", "--out", "new"),
    "verify": ("swept",),
    "predict": ("--year", "2023", "--replications", "4"),
    "validate": ("--group", "cross-section", "--replications", "4"),
    "sources": (),
    "scenarios": (),
    "check": ("staged",),
    "diff": ("history", "staged"),
    "parameters": (),
    "synthetic": ("12", "--out", "new"),
    "report": ("staged", "services-first", *FEW, "--out", "page.html"),
    "app": (),
    "serve": (),
    "learn": ("skills-leak", "--guess", "2", "--replications", "2"),
}


class Acts:
    """What is printed or written differs from what the base of the command gives, or from what `base` gives."""

    def __init__(self, *more: str, base: tuple[str, ...] | None = None) -> None:
        self.more, self.base = more, base


class Refused:
    """Exit code 2 and a sentence, for these arguments."""

    def __init__(self, sentence: str, *arguments: str) -> None:
        self.sentence, self.arguments = sentence, arguments


SHARED: dict[str, Acts | Refused] = {
    "--replications": Acts("--replications", "3"),
    "--seed": Acts("--seed", "1"),
    "--quarters": Acts("--quarters", "2"),
    "--parameters": Acts("--parameters", "central"),
    "--country": Acts("--country", "land"),
    "--out": Acts("--out", "new"),
    "--language": Acts("--language", "vi"),
    "--format": Acts("--format", "csv"),
    "--quiet": Acts("--quiet"),
    "--force": Refused("--force does nothing without --out", "--force"),
    "--quarter": Acts("--quarter", "2020Q2"),
    "--materiality": Acts("--materiality", "use=50pp"),
    "--money": Acts("--money"),
}
SUPPLY = ("--draw", "supply")
MINE = ("mine.toml", "staged")
ONE_DRAWN = ("--draw", "trust")  # without --out it is refused
NO_FIGURES = "--slide is of figures: say with --out where to write them"
CASES: dict[str, dict[str, Acts | Refused]] = {
    "compare": {
        "scenarios": Acts("matching"),
        "--baseline": Acts("--baseline", "matching"),
        "--until-clear": Acts("--until-clear", "0.5pp", base=("history", "staged", "--quarters", "2")),
        "--max-runs": Refused("--max-runs does nothing without --until-clear", "--max-runs", "40"),
        "--outcome": Acts("--outcome", "trust"),
        "--out": Acts("--out", "new", *ONE_DRAWN),
        "--force": Acts("--force", base=("history", "staged", *FEW, "--out", "kept", *ONE_DRAWN)),
        "--draw": Acts("--draw", "use", base=("history", "staged", *FEW, "--out", "new", *ONE_DRAWN)),
        "--slide": Refused(NO_FIGURES, "history", "staged", "--slide"),
        "--targets": Acts("--targets", "decision-749", base=("history", "staged", *FEW, "--out", "new", *SUPPLY)),
    },
    "run": {
        "scenario": Refused("Missing argument 'SCENARIO'"),
        "--out": Acts("--out", "new", *ONE_DRAWN),
        "--draw": Refused("did you mean use?", "staged", "--draw", "usee", "--out", "new"),
        "--slide": Acts("--slide", base=("staged", *FEW, "--out", "new", *ONE_DRAWN)),
        "--targets": Refused("no target is held", "staged", *ONE_DRAWN, "--targets", "decision-749", "--out", "new"),
    },
    "targets": {
        "names": Acts("history"),
        "--target": Acts("--target", "services-online-2025"),
        "--to": Acts("--to", "2031Q4"),
        "--search": Acts("--search", "start", base=(*MINE, "--replications", "2")),
        "--chance": Acts("--chance", "100%", base=(*MINE, "--replications", "2", "--search", "start")),
    },
    "why": {
        "scenario": Refused("Missing argument 'SCENARIO'"),
        "--province": Acts("--province", "01"),
        "--quarter": Acts("--quarter", "2020Q2"),
        "--replication": Acts("--replication", "3"),
        "--parameters": Acts("--parameters", "plausible"),
        "--country": Acts("--country", "land", "--province", "S01"),
    },
    "explain": {
        "scenario": Refused("Missing argument 'SCENARIO'"),
        "--baseline": Acts("--baseline", "history"),
        "--outcome": Acts("--outcome", "trust"),
        "--items": Acts("--items", base=("staged", "--baseline", "services-first", *FEW)),
        "--orders": Acts("--orders", "6"),
        "--provinces": Acts("--provinces"),
    },
    "order": {
        "scenario": Refused("Missing argument 'SCENARIO'"),
        "--outcome": Acts("--outcome", "trust"),
        "--orders": Acts("--orders", "4"),
        "--exchanged": Acts("--exchanged", "2"),
        "--fresh": Acts("--fresh", "3"),
        "--dry-run": Acts("--dry-run"),
    },
    "binding": {
        "scenario": Refused("Missing argument 'SCENARIO'"),
        "--outcome": Acts("--outcome", "trust"),
        "--by": Acts("--by", "80%"),
    },
    "behind": {
        "scenario": Refused("Missing argument 'PLAN'"),
        "--outcome": Acts("--outcome", "trust"),
        "--by": Acts("--by", "80%", base=("staged", "--worst", "3", "--replications", "2", "--quarters", "8")),
        "--worst": Acts("--worst", "4"),
        "--money": Acts("--money", "900"),
    },
    "optimise": {
        "design": Refused("Missing argument 'DESIGN'"),
        "--out": Refused("Missing option '--out'", "search.toml"),
        "--force": Acts("--force", base=("search.toml", "--out", "found", "--resume", "--language", "vi")),
        "--language": Acts("--language", "vi", "--force"),
        "--dry-run": Acts("--dry-run"),
        "--any-size": Refused("--any-size does nothing beside --dry-run", "search.toml", "--dry-run", "--any-size"),
        "--resume": Acts("--resume", base=("search.toml", "--out", "found")),
        "--country": Refused("holds another search", *BASE["optimise"], "--force", "--country", "land"),
    },
    "regret": {
        "scenarios": Acts("services-first"),
        "--outcome": Acts("--outcome", "trust"),
        "--threshold": Acts("--threshold", "0", base=("staged", "history", *FEW_WORLDS)),
        "--worlds": Acts("--worlds", "20"),
        "--parameters": Refused("regret needs 20 worlds or more", "staged", "history", "--parameters", "central"),
    },
    "appraise": {
        "plans": Acts("history"),
        "--baseline": Acts("--baseline", "history"),
        "--to": Acts("--to", "2020Q4"),
        "--by": Acts("--by", "fifth"),
        "--budgets": Acts("--budgets", "ended"),
        "--life": Acts("--life", "0"),
        "--optimism-bias": Acts("--optimism-bias"),
        "--elasticity": Refused("--elasticity does nothing without --by", "staged", "--elasticity", "1.3"),
        "--item-runs": Acts("--item-runs", "3", base=ITEMS),
        "--orders": Acts("--orders", "6", base=ITEMS),
        "--risk": Refused("needs 20 sets of parameters or more", "staged", *SHORT, "--risk"),
    },
    "sweep": {
        "design": Refused("Missing argument 'DESIGN'"),
        "--out": Refused("Missing option '--out'", "sweep.toml"),
        "--resume": Acts("--resume", base=("sweep.toml", "--out", "swept")),
        "--dry-run": Acts("--dry-run"),
        "--any-size": Refused("--any-size does nothing beside --dry-run", "sweep.toml", "--dry-run", "--any-size"),
        "--workers": Refused("workers = 0", "sweep.toml", "--out", "new", "--workers", "0"),
        "--cluster": Refused(
            "exclude each other", *("sweep.toml", "--out", "new", "--workers", "1", "--cluster", "tcp://x")
        ),
        "--language": Acts("--language", "vi"),
    },
    "verify": {
        "folder": Refused("Missing argument 'DIR'"),
        "--sample": Acts("--sample", "1"),
        "--country": Refused("country", "swept", "--country", "land"),
    },
    "predict": {
        "--year": Acts("--year", "2024"),
        "--known-until": Acts("--known-until", "2021"),
        "--score": Acts("--score", "scores.csv"),
        "--out": Acts("--out", "new.csv"),
    },
    "validate": {
        "--group": Refused("nonsense", "--group", "nonsense"),
        "--dry-run": Acts("--dry-run"),
        "--out": Acts("--out", "new.csv"),
    },
    "sources": {"--assumed": Acts("--assumed"), "--out": Acts("--out", "new.csv")},
    "check": {"files": Acts("history")},
    "diff": {"first": Refused("Missing argument 'FIRST'"), "second": Refused("Missing argument 'SECOND'", "staged")},
    "parameters": {"--role": Acts("--role", "lever"), "--theme": Acts("--theme", "skills")},
    "synthetic": {
        "provinces": Refused("Missing argument 'PROVINCES'", "--out", "new"),
        "--out": Refused("Missing option '--out'", "12"),
    },
    "report": {
        "scenarios": Refused("Missing argument 'SCENARIO...'", "--out", "page.html"),
        "--baseline": Refused("did you mean staged?", "staged", "--baseline", "stagd", "--out", "page.html"),
        "--outcome": Refused(
            "did you mean use?", "staged", "services-first", "--outcome", "usee", "--out", "page.html"
        ),
        "--title": Acts("--title", "Ours"),
        "--question": Acts("--question", "Which?"),
        "--replications": Refused(
            "replications = 0", "staged", "services-first", "--replications", "0", "--out", "page.html"
        ),
        "--quarters": Refused("quarters = 99", "staged", "services-first", "--quarters", "99", "--out", "page.html"),
        "--seed": Refused("seed = -1", "staged", "services-first", "--seed", "-1", "--out", "page.html"),
        "--parameters": Refused(
            "nothing.csv", "staged", "services-first", "--parameters", "nothing.csv", "--out", "page.html"
        ),
        "--country": Refused(
            "no such folder", "staged", "services-first", "--country", "nowhere", "--out", "page.html"
        ),
        "--out": Refused("Missing option '--out'", "staged", "services-first"),
        "--format": Refused(
            "page.html is to be written as docx: name a file that ends so, such as page.docx",
            *("staged", "services-first", "--format", "docx", "--out", "page.html"),
        ),
        "--force": Acts("--force", base=("staged", "services-first", *FEW, "--out", "page-kept.html")),
    },
    "app": {
        "--host": Acts("--host", "0.0.0.0"),
        "--port": Acts("--port", "9000"),
        "--allow-host": Acts("--allow-host", "dgsim.example"),
        "--results": Acts("--results", "swept"),
        "--no-browser": Acts("--no-browser"),
    },
    "serve": {
        "--tables": Acts("--tables", "2"),
        "--host": Acts("--host", "0.0.0.0"),
        "--port": Acts("--port", "9000"),
        "--allow-host": Acts("--allow-host", "dgsim.example"),
        "--results": Acts("--results", "swept"),
    },
    "learn": {
        "key": Acts("skills-leak", base=()),
        "--guess": Refused("--guess does nothing without KEY", "--guess", "2"),
        "--check": Acts("--check", "staged", base=("skills-leak", "--replications", "2")),
        "--seed": Refused("--seed does nothing without KEY", "--seed", "2"),
        "--format": Acts("--format", "json"),
    },
}


def options() -> Iterator[tuple[str, str]]:
    """Every argument and option of every command."""
    for command, one in app.commands.items():
        for parameter in one.params:
            yield command, parameter.opts[0] if isinstance(parameter, click.Option) else str(parameter.name)


def case_of(command: str, option: str) -> Acts | Refused | None:
    return CASES.get(command, {}).get(option) or SHARED.get(option)


def test_every_option_has_a_case_and_no_case_is_left_over():
    known = set(options())
    assert [pair for pair in known if case_of(*pair) is None] == [], "tell in CASES how it acts, or is refused"
    assert {(command, option) for command, cases in CASES.items() for option in cases} - known == set()
    assert set(BASE) == set(app.commands)


TWO = """
extends = ["base"]
[[roadmap]]
item = "digital_id"
start = "2020Q1"
quarters = 4
cost_bvnd = 100
[[roadmap]]
item = "payments"
start = "2020Q3"
quarters = 4
cost_bvnd = 100
"""
WANTED = """
[[target]]
name = "supply"
indicator = "supply"
at_least = 0.08
by = "2020Q4"
"""
SEARCH = """
start = "staged"
parameters = "central"
replications = 2
[levers]
audit_share = { low = 0, high = 1 }
[[objective]]
outcome = "use"
quarter = "2020Q4"
[[objective]]
outcome = "central_spend"
quarter = "2020Q4"
[search]
population = 4
generations = 1
fresh = 2
keep = 2
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A folder with what the cases name: scenarios, designs, a country, scores, a sweep and a search."""
    place = tmp_path_factory.mktemp("prepared")
    (place / "sweep.toml").write_text('scenarios = ["history"]\nreplications = 4\nquarters = ["2020Q2"]\n')
    (place / "search.toml").write_text(SEARCH)
    (place / "two.toml").write_text(TWO)
    (place / "mine.toml").write_text(WANTED)
    (place / "scores.csv").write_text("province_code,year,score\n01,2023,0.7\n02,2023,0.5\n04,2023,0.6\n06,2023,0.4\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for arguments in (
            ("synthetic", "12", "--out", "land"),
            ("sweep", "sweep.toml", "--out", "swept", "--quiet"),
            ("optimise", "search.toml", "--out", "found", "--quiet"),
            ("run", "history", *FEW, "--out", "kept", "--quiet", *ONE_DRAWN),
            ("report", "staged", "history", *FEW, "--out", "page-kept.html", "--quiet"),
        ):
            assert main(arguments) == 0, arguments
    return place


@pytest.fixture(scope="module")
def plain() -> dict[tuple[str, ...], Outcome]:
    """What commands did that no option was added to: many cases are held against the same, which runs once."""
    return {}


@pytest.fixture
def outcome_of(prepared, tmp_path, capsys, monkeypatch):
    """What a command does in a copy of the folder: exit code, what it prints, what is in the folder then."""
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)
    monkeypatch.setattr("dgsim.cli.work.serve.serve_here", lambda *what, **how: print(what, how))
    monkeypatch.setattr("dgsim.cli.work.serve.serve_tables", lambda *what: print(what[:-1]) or 0)

    def run(command: str, *arguments: str) -> Outcome:
        place = tmp_path / "here"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(prepared, place)
        monkeypatch.chdir(place)
        monkeypatch.setattr("sys.stdin", io.StringIO("2\n"))
        code = main([command, *arguments])
        out, err = capsys.readouterr()
        files = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        return code, out, err, files

    return run


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_an_option_acts_or_is_refused(outcome_of, plain, command, option):
    case = case_of(command, option)
    if isinstance(case, Refused):
        code, _, err, _ = outcome_of(command, *case.arguments)
        assert code == 2
        assert case.sentence in err
        return
    base = BASE[command] if case.base is None else case.base
    if (command, *base) not in plain:
        plain[command, *base] = outcome_of(command, *base)
    acted = outcome_of(command, *base, *case.more)
    assert acted[0] in (0, NOT_MET), acted[2]
    assert acted != plain[command, *base], f"dgsim {command} {option} changes nothing"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["compare", "history", "staged", "--until-clear", "1%", "--replications", "9"],
            "--replications does nothing beside --",
        ),
        (
            ["explain", "reward-use", "--baseline", "staged", "--orders", "9"],
            "differ in 2 groups, and up to 8 every mixture",
        ),
        (
            ["order", "two.toml", "--exchanged", "1"],
            "--exchanged does nothing: two has 2 legal orders, and all are tried",
        ),
        (["sweep", "sweep.toml", "--dry-run", "--workers", "2"], "--workers does nothing beside --dry-run"),
        (["targets", "--replications", "9"], "--replications does nothing without a PLAN"),
        (["targets", *MINE, "--search", "budget", "--to", "2030Q4"], "--to does nothing beside --search"),
        (["targets", *MINE, "--chance", "50%"], "--chance does nothing without --search"),
        (["learn", "--check", "staged"], "--check does nothing without KEY"),
        (["learn", "skills-leak", "--check", "staged", "--guess", "2"], "--guess does nothing beside --check"),
        (["report", "staged", "history", "--force"], "--force does nothing without --out"),
        (["run", "staged", "--money", "--quiet"], "--money does nothing beside --quiet, unless --format says how"),
        (["compare", "history", "staged", "--quiet", "--money", "--out", "new"], "--money does nothing beside --quiet"),
        (["compare", "history", "staged", "--outcome", "trust", "--quiet"], "--outcome does nothing beside --quiet"),
    ],
)
def test_what_would_do_nothing_beside_the_rest_is_refused(outcome_of, arguments, sentence):
    code, out, err, _ = outcome_of(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        (("--money", "--quiet", "--format", "csv"), ("--money", "--format", "csv")),
        (("--outcome", "trust", "--quiet", "--format", "json"), ("--outcome", "trust", "--format", "json")),
    ],
)
def test_what_changes_the_printed_acts_beside_quiet_where_a_form_is_asked_for(outcome_of, quiet, loud):
    base = ("compare", *BASE["compare"])
    code, printed, said, _ = outcome_of(*base, *quiet)
    assert (code, said) == (0, "")
    assert printed == outcome_of(*base, *loud)[1]
    assert printed != outcome_of(*base, *loud[-2:])[1]


def test_an_outcome_that_is_to_become_clear_acts_beside_quiet(outcome_of):
    base = ("compare", "history", "staged", "--until-clear", "50pp", "--quarters", "2", "--quiet", "--out", "new")
    plain, trust = outcome_of(*base), outcome_of(*base, "--outcome", "supply")
    assert plain[0] == trust[0] == 0, trust[2]
    assert plain[3]["new/verdicts.csv"] != trust[3]["new/verdicts.csv"]
