"""Files, names and numbers that no honest user would give: each is answered in one sentence, and nothing breaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

import dgsim
from dgsim.cli import main as cli
from dgsim.country import load_country, synthetic_country, write_country
from dgsim.decide.optimise import optimise
from dgsim.errors import CountryError, DesignError, DgsimError, FolderError, ScenarioError, StudyError
from dgsim.scenario import load_scenario
from dgsim.show.figures.style import new_figure, saver, svg_bytes
from dgsim.show.files.folder import check_folder, table_writers, write_folder
from dgsim.sweeps.design_file import load_design
from dgsim.world.tables import OUTCOME_NAMES

LONG, ZERO = "a" * 5000, "a\0b"
LAND = synthetic_country(6, seed=1)


def scenario(folder: Path, text: str, name: str = "mine") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def sentence(error: pytest.ExceptionInfo[DgsimError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 6000
    return text


# Scenario files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "[horizon]\n", "[incentives]\n[skills]\n"])
def test_an_empty_scenario_file_is_refused(text, tmp_path):
    with pytest.raises(ScenarioError, match="says nothing; write a name at least") as error:
        load_scenario(scenario(tmp_path, text))
    sentence(error)


def test_a_scenario_that_extends_an_empty_file_is_refused(tmp_path):
    scenario(tmp_path, "", "empty")
    with pytest.raises(ScenarioError, match=r"empty\.toml: says nothing"):
        load_scenario(scenario(tmp_path, 'extends = "empty"'))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ScenarioError, match="is no file that can be read to its end"):
        load_scenario(tmp_path / "pipe.toml")


def test_a_huge_file_is_not_read(tmp_path):
    file = scenario(tmp_path, 'name = "x"\n' + "# comment\n" * 200_000)
    with pytest.raises(ScenarioError, match=r"has 2,000,011 bytes; at most 1,048,576 are read"):
        load_scenario(file)


def test_a_long_chain_of_layers_is_refused(tmp_path):
    for number in range(1500):
        scenario(tmp_path, f'extends = "s{number + 1}"', f"s{number}")
    scenario(tmp_path, 'name = "last"', "s1500")
    with pytest.raises(ScenarioError, match="extends goes more than 32 files deep"):
        load_scenario(tmp_path / "s0.toml")


def test_a_chain_of_some_layers_holds(tmp_path):
    for number in range(25):
        scenario(tmp_path, f'extends = "s{number + 1}"', f"s{number}")
    scenario(tmp_path, 'extends = "staged"', "s25")
    assert load_scenario(tmp_path / "s0.toml").roadmap == load_scenario("staged").roadmap


def test_a_key_with_a_line_break_stays_on_one_line(tmp_path):
    with pytest.raises(ScenarioError, match=r"fee\\ncut") as error:
        load_scenario(scenario(tmp_path, '"fee\\ncut" = 1'))
    sentence(error)


@pytest.mark.parametrize("items", [64, 65, 70])
def test_check_refuses_what_run_refuses(items, tmp_path, capsys):
    plan = "".join(
        f'[[roadmap]]\nname = "i{n}"\nitem = "training"\nstart = "2021Q1"\nquarters = 1\ncost_bvnd = 1\n'
        for n in range(items)
    )
    file = scenario(tmp_path, 'name = "many"\n' + plan)
    codes = [cli.main(["check", str(file)]), cli.main(["run", str(file), "--replications", "1", "--quarters", "1"])]
    told = capsys.readouterr().err
    assert codes == ([0, 0] if items <= 64 else [2, 2])
    assert told.count(f"the roadmap has {items} items; at most 64 are allowed") == (0 if items <= 64 else 2)


# Names --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LONG, ZERO], ids=["long", "zero"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda name, folder: load_scenario(scenario(folder, f"extends = {json.dumps(name)}")),
        lambda name, folder: load_scenario(name),
        lambda name, folder: load_scenario(Path(f"{name}.toml")),
        lambda name, folder: load_design({"scenarios": [name]}),
        lambda name, folder: load_design(Path(f"{name}.toml")),
        lambda name, folder: load_design({"scenarios": ["staged"], "parameters": name}),
        lambda name, folder: dgsim.simulate("staged", replications=1, parameters=name),
        lambda name, folder: load_country(name),
        lambda name, folder: check_folder(folder / name),
        lambda name, folder: write_country(LAND, folder / name),
        lambda name, folder: dgsim.load_sweep(folder / name),
        lambda name, folder: dgsim.sweep({"scenarios": ["staged"]}, folder / name, country=LAND),
        lambda name, folder: dgsim.optimise(f"{name}.toml", folder),
        lambda name, folder: dgsim.regret([name, "staged"]),
        lambda name, folder: dgsim.report(["staged", "history"], replications=2, country=LAND).write(folder / name),
    ],
    ids=[
        "extends",
        "scenario",
        "path",
        "scenarios",
        "design",
        "sets",
        "parameters",
        "country",
        "out",
        "synthetic",
        "load",
        "sweep",
        "search",
        "regret",
        "page",
    ],
)
def test_a_name_that_no_file_can_have_is_a_sentence(ask, name, tmp_path):
    with pytest.raises(DgsimError) as error:
        ask(name, tmp_path)
    assert "Traceback" not in str(error.value)


def test_a_letter_the_system_cannot_write_is_a_sentence(tmp_path):
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "dgsim", "run", "staged", "--replications", "1", "--quarters", "1", "--out", "kết"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True)
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("../../../etc/passwd", "lies outside the folder of the design"),
        ("/etc/passwd", "lies outside the folder of the design"),
        (3, "parameters = 3 is no text; allowed: central, plausible"),
        (True, "parameters = true is no text"),
    ],
)
def test_a_design_reads_only_what_lies_beside_it(given, said, tmp_path):
    text = f"scenarios = ['staged']\nparameters = {json.dumps(given)}\n"
    with pytest.raises(DesignError, match=said) as error:
        load_design(scenario(tmp_path, text))
    assert "root:" not in sentence(error)


# Work without end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ["run", "staged", "--replications", "1000000000"],
        ["compare", "staged", "history", "--replications", "1000000000"],
        ["report", "staged", "history", "--baseline", "history", "--out", "r.html", "--replications", "1000000000"],
        ["explain", "staged", "--baseline", "history", "--replications", "1000000000"],
        ["order", "staged", "--replications", "1000000000"],
        ["order", "staged", "--fresh", "1000000000"],
        ["order", "staged", "--fresh", "1000000000", "--dry-run"],
        ["binding", "staged", "--replications", "1000000000"],
        ["regret", "staged", "history", "--replications", "1000000000"],
        ["regret", "staged", "history", "--worlds", "1000000000"],
        ["predict", "--replications", "1000000000"],
        ["validate", "--replications", "1000000000"],
        ["validate", "--replications", "1000000000", "--dry-run"],
        ["compare", "staged", "history", "--until-clear", "1pp", "--max-runs", "1000000000"],
    ],
)
def test_more_runs_than_memory_holds_are_refused_with_the_estimate(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(command) == 2
    size = 44 * len(OUTCOME_NAMES) * 8  # GB for a thousand million runs: quarters, outcomes, bytes of a number
    assert f"their outcomes would take some {size:,} GB of memory" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "staged", "--baseline", "base", "--items", "--orders", "1000000000"],
        ["order", "staged", "--orders", "1000000000"],
        ["order", "staged", "--exchanged", "1000000000"],
    ],
)
def test_more_orders_than_anybody_waits_for_are_refused(command, capsys):
    assert cli.main(command) == 2
    assert re.fullmatch(r"(orders|exchanged) = 1000000000 is above 1000000\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("[sample]\npoints = 1000000000\n", "points = 1000000000 is outside 1..100000000"),
        ("replications = 1000\n[sample]\npoints = 67108864\n", r"67,108,864,000 runs, some 10\.6 years of one core"),
    ],
)
def test_a_sweep_without_end_is_refused_with_the_estimate(part, said, tmp_path, capsys):
    file = scenario(tmp_path, f'scenarios = ["staged"]\nuncertain = ["care"]\n{part}')
    assert cli.main(["sweep", str(file), "--dry-run", "--out", str(tmp_path / "out")]) == 2
    assert re.search(said, capsys.readouterr().err)


@pytest.mark.parametrize(
    "part",
    [
        'replications = 10000000\nuncertain = ["care"]\n[sample]\npoints = 64',
        'replications = 2000000\nquarters = "all"\nkeep = ["provinces"]',
    ],
)
def test_a_sweep_of_days_is_begun_on_request_only(part, tmp_path, capsys, monkeypatch):
    file = scenario(tmp_path, f'scenarios = ["staged"]\n{part}')
    assert cli.main(["sweep", str(file), "--out", str(tmp_path / "out"), "--quiet"]) == 2
    said = capsys.readouterr().err
    assert re.search(r"makes [\d,]+ runs, some [\d,.]+ days and [\d,.]+ GB on this machine", said)
    assert said.endswith("is begun with --any-size only\n")
    assert not (tmp_path / "out").exists()
    begun: list[object] = []

    def leave(*given: object) -> None:
        begun.append(given)
        raise KeyboardInterrupt

    monkeypatch.setattr("dgsim.sweeps.sweep.opened_store", leave)
    cli.main(["sweep", str(file), "--out", str(tmp_path / "out"), "--quiet", "--any-size"])
    assert begun


def test_a_search_of_days_is_begun_on_request_only(tmp_path):
    pytest.importorskip("pymoo", reason="the extra analysis is not installed")
    design = {
        "name": "endless",
        "start": "staged",
        "levers": {"lump_sum": {"low": 0, "high": 400}},
        "objective": [{"outcome": "use"}, {"outcome": "trust"}],
        "search": {"population": 1000, "generations": 100_000},
    }
    with pytest.raises(StudyError, match=r"endless: makes [\d,]+ runs, some [\d,.]+ days .* any_size=True only"):
        optimise(design, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_country_without_end_is_refused():
    with pytest.raises(CountryError, match="provinces = 100000000 is refused"):
        synthetic_country(100_000_000)


# Countries ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def land(tmp_path) -> Path:
    write_country(LAND, tmp_path / "land")
    return tmp_path / "land"


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("provinces.geojson", DEEP),
        ("provinces.geojson", '{"features": ' + "9" * 5000 + "}"),
        ("country.toml", f"name = {DEEP}"),
        ("country.toml", f"name = {'9' * 5000}"),
    ],
)
def test_a_country_file_that_no_reader_bears_is_a_sentence(land, file, text):
    (land / file).write_text(text, encoding="utf-8")
    with pytest.raises(CountryError, match=file) as error:
        load_country(land)
    sentence(error)


def test_coordinates_of_four_hundred_digits_are_a_sentence(land):
    map_file = land / "provinces.geojson"
    shapes = json.loads(map_file.read_text())
    shapes["features"][0]["geometry"]["coordinates"][0][0][0] = 10**400
    map_file.write_text(json.dumps(shapes))
    with pytest.raises(CountryError, match="coordinates are not rings") as error:
        load_country(land)
    sentence(error)


@pytest.mark.parametrize("name", ["Ha\nGiang", "Ha\x1b[31mGiang", "<b>Ha Giang</b>", "Ha\u202eGiang"])
def test_a_province_with_letters_that_are_not_printed_is_refused(land, name):
    file = land / "provinces.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[0, "name_en" if "name_en" in table else "name"] = name
    table.to_csv(file, index=False)
    with pytest.raises(CountryError, match="allowed: what is printed") as error:
        load_country(land)
    sentence(error)


# What comes out -----------------------------------------------------------------------------------------------------


def test_a_dollar_in_a_name_is_drawn_as_it_stands(tmp_path):
    name = "cost $x^$ and $y_$"
    figure = new_figure(4, 3, name, name)
    axes = figure.add_subplot()
    axes.plot([0, 1], label=name)
    axes.set_xticks([0, 1], labels=[name, "$"])
    axes.legend()
    saver(figure, name)(tmp_path / "a.png")
    assert svg_bytes(figure, name).decode().count("cost $x^$ and $y_$") >= 4


def test_a_run_of_a_scenario_with_dollars_is_written_whole(tmp_path):
    file = scenario(tmp_path, 'name = "cost $x^$ and $y_$"\nextends = "staged"\n[citizens]\nfee_cut = 0.9\n')
    out = tmp_path / "out"
    assert cli.main(["run", str(file), "--replications", "2", "--quarters", "4", "--out", str(out)]) == 0
    assert {"outcomes.csv", "figure-outcomes.png", "run.json"} <= {path.name for path in out.iterdir()}


def test_a_figure_that_cannot_be_drawn_loses_no_table(tmp_path):
    def fails(path: Path) -> None:
        raise ZeroDivisionError("no such\nangle")

    files = {"figure-a.png": fails, **table_writers({"rows": pd.DataFrame({"x": [1]})})}
    with pytest.raises(
        FolderError, match=r"holds all but what could not be drawn: figure-a\.png \(no such angle\)"
    ) as error:
        write_folder(tmp_path, files, {"made_by": "dgsim"})
    sentence(error)
    assert {path.name for path in tmp_path.iterdir()} == {"rows.csv", "rows.parquet", "run.json"}
    assert set(json.loads((tmp_path / "run.json").read_text())["files"]) == {"rows.csv", "rows.parquet"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(start, tmp_path):
    name = f'{start}HYPERLINK("http:x","y")'
    table = pd.DataFrame({"scenario": pd.Categorical([name, "staged"]), "why": [None, name], "value": [-1.5, 2.0]})
    writers = table_writers({"rows": table})
    for file, write in writers.items():
        write(tmp_path / file)
    cells = pd.read_csv(tmp_path / "rows.csv")
    assert cells["scenario"].tolist() == [f"'{name}", "staged"]
    assert cells["why"].tolist()[1] == f"'{name}"
    assert cells["value"].tolist() == [-1.5, 2.0]
    assert pd.read_parquet(tmp_path / "rows.parquet")["scenario"].tolist() == [name, "staged"]


@pytest.mark.parametrize("end", ["> /dev/full", ">&-", "2>&- >/dev/full"])
@pytest.mark.parametrize("command", ["scenarios", "run history --replications 1 --quarters 1", "--help"])
def test_an_output_that_is_closed_or_full_is_no_traceback(command, end):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    words = f"{sys.executable} -m dgsim {command} {end}"
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if end == "> /dev/full":
        assert done.returncode == 2
        assert "cannot be written to" in done.stderr


def test_the_figure_of_nothing_is_a_figure():
    assert isinstance(new_figure(1, 1, "", ""), Figure)
    assert shutil.which("bash")
