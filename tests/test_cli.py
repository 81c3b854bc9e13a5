"""The command line: what it prints, what it refuses, what it writes, and what it does not load."""

from __future__ import annotations

import csv
import inspect
import io
import json
import os
import pkgutil
import pty
import re
import signal
import subprocess
import sys
import time
from importlib import import_module

import pytest

from dgsim import __version__, cli, read_table
from dgsim.cli.later import Later
from dgsim.cli.main import FAMILIES, app, main
from dgsim.errors import StudyError
from dgsim.numbers import number_text
from dgsim.sweeps.sweep import SweepInterrupted
from dgsim.texts import LANGUAGES
from dgsim.world.tables import OUTCOMES

SUMMARY = ["scenario", "outcome", "unit", "quarter", "mean", "low", "high", "replications"]
DIFFERENCE = [
    *("scenario", "baseline", "outcome", "unit", "quarter", "difference", "low", "high"),
    *("band_low", "band_high", "above", "replications", "materiality", "verdict"),
]
SHORT = ["--replications", "2", "--quarters", "3"]
HEAVY = ["mesa", "solara", "pandas", "matplotlib", "numba", "numpy", "scipy", "pydantic", "rich", "networkx"]


def dgsim(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "dgsim", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **options)


@pytest.fixture
def ran(capsys, monkeypatch):
    """Run a command in this process, as if all rules were compiled: exit code, standard output, standard error."""
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


# What is printed


def test_run_prints_a_table(ran):
    code, out, err = ran("run", "history", *SHORT)
    assert (code, err) == (0, "")
    assert out.startswith("Viet Nam, 63 provinces: history\n")
    assert "2020Q3" in out
    assert max(map(len, out.splitlines())) <= 100


def test_run_prints_records_as_json(ran):
    code, out, _ = ran("run", "history", *SHORT, "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert [list(record) for record in records] == [SUMMARY] * len(records)
    assert len(records) == len(OUTCOMES) * 3
    assert {record["quarter"] for record in records} == {"2020Q1", "2020Q2", "2020Q3"}
    assert {record["replications"] for record in records} == {2}


def test_run_prints_rows_as_csv(ran):
    _, out, _ = ran("run", "history", *SHORT, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == SUMMARY
    assert len(rows) == len(OUTCOMES) * 3


def test_compare_prints_records_as_json(ran):
    code, out, _ = ran("compare", "staged", "matching", "--baseline", "history", *SHORT, "--format", "json")
    records = json.loads(out)
    assert code == 0
    assert [list(record) for record in records] == [DIFFERENCE] * len(records)
    assert {record["scenario"] for record in records} == {"staged", "matching"}
    assert {record["baseline"] for record in records} == {"history"}
    assert len(records) == 2 * len(OUTCOMES) * 3


def test_compare_without_scenarios_takes_the_headline_set(ran):
    _, out, _ = ran("compare", *SHORT, "--format", "json")
    records = json.loads(out)
    assert {record["scenario"] for record in records} == {"services-first", "foundations-first", "staged"}
    assert {record["baseline"] for record in records} == {"history"}


def test_one_replication_has_null_bounds_and_says_so(ran):
    _, out, _ = ran("compare", "history", "staged", "--replications", "1", "--quarters", "1", "--format", "json")
    assert {(record["low"], record["high"]) for record in json.loads(out)} == {(None, None)}
    _, out, _ = ran("compare", "history", "staged", "--replications", "1", "--quarters", "1")
    assert "One replication, so there is no interval" in out


def test_why_prints_the_choice(ran):
    code, out, _ = ran("why", "history", "--province", "Ha Giang", "--quarter", "2021Q1")
    assert code == 0
    assert out.startswith("Ha Giang, 2021Q1, history (seed 0, replication 0)\n")
    for word in ("Option", "benefit", "noise", "total", "wait"):
        assert word in out
    assert "…" not in out
    _, out, _ = ran("why", "history", "--province", "02", "--quarter", "2021Q1", "--format", "json")
    assert list(json.loads(out)[0])[:4] == ["option", "item", "started", "benefit"]


def test_scenarios_are_listed(ran):
    _, out, _ = ran("scenarios", "--format", "json")
    records = json.loads(out)
    assert {"history", "staged", "no-peers"} <= {record["scenario"] for record in records}
    assert all(record["question"].endswith("?") for record in records)
    _, out, _ = ran("scenarios")
    assert "history" in out
    assert max(map(len, out.splitlines())) <= 100


def test_parameters_are_listed_by_role_and_theme(ran):
    _, out, _ = ran("parameters", "--role", "lever", "--theme", "skills", "--format", "json")
    records = json.loads(out)
    assert {(record["role"], record["theme"]) for record in records} == {("lever", "skills")}
    assert {"name", "default", "unit", "low", "high", "label", "source"} <= set(records[0])
    _, out, _ = ran("parameters", "--role", "lever")
    assert out.startswith("Levers (")
    assert "incentives.matching_rate" in out


def test_check_tells_what_is_sound_and_what_is_not(ran, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[incentives]\nmatching_rate = 3\n", encoding="utf-8")
    code, out, err = ran("check", "history", str(wrong))
    assert code == 2
    assert "history: sound: history, 2020Q1 to 2030Q4" in out
    assert "incentives.matching_rate = 3 is outside 0..1 (share of cost)" in err
    assert ran("check", "history")[0] == 0


def test_diff_speaks_of_policy(ran):
    code, out, _ = ran("diff", "services-first", "foundations-first")
    assert code == 0
    assert "instead of" in out
    assert ran("diff", "history", "history")[1] == "history and history are the same policy\n"


def test_a_synthetic_country_can_be_made_and_run(ran, tmp_path):
    folder = str(tmp_path / "land")
    code, out, _ = ran("synthetic", "12", "--out", folder, "--seed", "3")
    assert (code, out) == (0, f"{folder}: a synthetic country of 12 provinces (seed 3)\n")
    code, out, _ = ran("run", "history", *SHORT, "--country", folder)
    assert code == 0
    assert "ynthetic" in out.splitlines()[0]
    assert ran("synthetic", "12", "--out", folder)[0] == 2


def test_the_version_is_that_of_the_package(ran):
    assert ran("--version") == (0, f"dgsim {__version__}\n", "")


def test_every_command_has_help_with_an_example(ran):
    for name in app.commands:
        code, out, _ = ran(name, "--help")
        assert code == 0
        assert f"  dgsim {name}" in out, name
    code, out, _ = ran("--help")
    assert code == 0
    assert all(name in out for name in app.commands)
    assert ran()[:2] == (0, out)


def test_help_has_the_commands_below_their_families(ran):
    _, out, _ = ran("--help")
    for heading, commands in FAMILIES.items():
        block = out.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in block.splitlines() if line[2] != " "] == [one.name for one in commands]


def later_functions() -> dict[str, Later]:
    """Every function of the command line that is loaded when it is called, by who names it."""
    found = {f"dgsim {name}": command.callback for name, command in app.commands.items()}
    for module in pkgutil.walk_packages(cli.__path__, "dgsim.cli."):
        things = vars(import_module(module.name)).items()
        found |= {f"{module.name}.{name}": thing for name, thing in things if isinstance(thing, Later)}
    return found


@pytest.mark.parametrize(("name", "later"), later_functions().items())
def test_what_is_loaded_later_is_there(name, later):
    assert callable(later.load()), f"{name}: {later.reference} is no function"


@pytest.mark.parametrize("name", app.commands)
def test_the_work_of_a_command_takes_what_the_command_is_given(name):
    command = app.commands[name]
    given = dict.fromkeys(parameter.name for parameter in command.params)
    inspect.signature(command.callback.load()).bind(**given)


# What is refused


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rnu"], "There is no command rnu; did you mean run?"),
        (["run"], "Missing argument 'SCENARIO'."),
        (["run", "histroy"], "did you mean history?"),
        (["run", "history", "--replications", "0"], "replications = 0 is below 1"),
        (["run", "history", "--replications", "two"], "'two' is not a valid integer"),
        (["run", "history", "--seed", "-1"], "seed = -1 is below 0"),
        (["run", "history", "--quarters", "45"], "quarters = 45 is beyond the horizon of history"),
        (["run", "history", "--format", "xml"], "'xml' is not one of"),
        (["run", "history", "--replication", "2"], "--replications"),
        (["run", "history", "--country", "/no/such/folder"], "/no/such/folder: no such folder"),
        (["compare", "history"], "a comparison needs two scenarios"),
        (["compare", "history", "--baseline", "histroy"], "did you mean history?"),
        (["why", "history", "--province", "Hanoy", "--quarter", "2021Q1"], "did you mean Ha Noi?"),
        (["why", "history", "--province", "01", "--quarter", "2021-1"], "is not a quarter"),
        (["why", "history", "--province", "01", "--quarter", "2041Q1"], "is beyond the horizon of history"),
        (["check", "no-such-file.toml"], "no-such-file.toml: there is no such file"),
        (["diff", "history", "histroy"], "did you mean history?"),
        (["parameters", "--theme", "skils"], "did you mean skills?"),
        (["synthetic", "2", "--out", "unused"], "provinces = 2"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(ran, arguments, sentence):
    code, out, err = ran(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_bad_input_leaves_no_traceback_in_a_process_of_its_own():
    result = dgsim("run", "histroy")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


def test_a_folder_that_should_not_be_written_into_is_refused_before_any_run(ran, tmp_path, monkeypatch):
    def run(*_, **__):
        raise AssertionError("it ran")

    monkeypatch.setattr("dgsim.engine.run.run_replications", run)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for out, sentence in [
        (tmp_path, "is not empty and holds no earlier results of dgsim"),
        (tmp_path / "notes.txt", "is a file"),
        (tmp_path / "notes.txt" / "below", "cannot be written to"),
    ]:
        code, _, err = ran("run", "history", "--out", str(out))
        assert code == 2
        assert sentence in err
        assert err.count("\n") == 1


def test_a_fault_of_the_program_is_not_told_as_a_mistake_of_the_user(monkeypatch):
    def run(*_, **__):
        raise ValueError("a fault")

    monkeypatch.setattr("dgsim.engine.run.run_replications", run)
    with pytest.raises(ValueError, match="a fault"):
        main(["run", "history", *SHORT])


# What is written


@pytest.mark.parametrize(
    ("arguments", "tables", "figures"),
    [
        (["run", "history"], ["outcomes", "summary", "provinces", "accounts", "money"], ["map", "money", "outcomes"]),
        (
            ["compare", "history", "staged"],
            ["outcomes", "summary", "provinces", "accounts", "money", "differences"],
            ["map", "money", "outcomes", "differences", "differences-over-time"],
        ),
    ],
)
def test_a_folder_of_results_is_whole_and_the_same_every_time(ran, tmp_path, arguments, tables, figures):
    made, asked = [], [*SHORT, "--draw", "use"]
    for name in ("one", "two"):
        folder = tmp_path / name
        code, _, err = ran(*arguments, *asked, "--out", str(folder))
        assert (code, err) == (0, f"{2 * len(tables) + 2 * len(figures) + 2} files written into {folder}\n")
        made.append({path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"})
    expected = {f"{table}.{ending}" for table in tables for ending in ("csv", "parquet")}
    expected |= {"datapackage.json"} | {f"figure-{figure}.{ending}" for figure in figures for ending in ("png", "svg")}
    assert set(made[0]) == expected
    assert made[0] == made[1]
    record = json.loads((tmp_path / "one" / "run.json").read_text(encoding="utf-8"))
    assert record["command"] == f"dgsim {' '.join([*arguments, *asked])} --out {tmp_path / 'one'}"
    assert set(record["files"]) == expected
    assert [scenario["name"] for scenario in record["scenarios"]] == arguments[1:]


def test_the_folder_of_a_country_without_polygons_has_no_map_and_says_so(ran, tmp_path):
    land = tmp_path / "land"
    ran("synthetic", "12", "--out", str(land))
    (land / "provinces.geojson").unlink()
    code, _, err = ran(
        "run", "history", *SHORT, "--draw", "use", "--country", str(land), "--out", str(tmp_path / "out")
    )
    assert code == 0
    assert err.endswith("; no map, for the country has no polygons\n")
    assert not (tmp_path / "out" / "figure-map.png").exists()


# Manners


def test_quiet_prints_nothing_unless_a_format_is_asked_for(ran, tmp_path, monkeypatch):
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: False)
    assert ran("run", "history", *SHORT, "--quiet", "--draw", "use", "--out", str(tmp_path / "out")) == (0, "", "")
    assert ran("compare", "history", "staged", *SHORT, "--quiet") == (0, "", "")
    code, out, err = ran("run", "history", *SHORT, "--quiet", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)


def test_the_first_compilation_is_told_on_standard_error(ran, monkeypatch):
    """What is asked for wrongly is said before anything is compiled."""

    def compile_rules(progress, channels):
        for done in (10, 20, 40, 100):
            progress(done, 100, 24.0)

    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: False)
    monkeypatch.setattr("dgsim.cli.progress.compile_rules", compile_rules)
    code, out, err = ran("explain", "stagd", "--baseline", "history", *SHORT)
    assert (code, out) == (2, "")
    assert "stagd" in err
    assert "Compil" not in err
    _, out, err = ran("compare", "history", "staged", *SHORT, "--format", "json")
    assert err == ("Compiling the model's rules, once on this machine: this takes about 24 s.\nCompiled in 0 s.\n")
    assert json.loads(out)
    monkeypatch.setattr("dgsim.world.cache.lasting", lambda: False)
    _, out, err = ran("compare", "history", "staged", *SHORT, "--language", "vi")
    assert err.startswith("Đang biên dịch các quy tắc của mô hình, chỉ cho tiến trình này: mất khoảng 24 giây.\n")


def test_an_interruption_is_one_sentence_and_exit_code_130(ran, monkeypatch):
    def run(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("dgsim.engine.run.run_replications", run)
    code, out, err = ran("run", "history", *SHORT)
    assert (code, out) == (130, "")
    assert err.strip() == "Interrupted: nothing more was written."


def test_help_answers_without_loading_what_is_heavy():
    script = (
        "import sys; from dgsim.cli.main import app, main; main(['--help']); "
        "[main([command, '--help']) for command in app.commands]; "
        f"print(sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr == "[]\n"
    assert "Examples:" in result.stdout


def test_a_run_loads_no_mesa_no_browser_view_and_no_pyplot():
    script = (
        "import sys; from dgsim.cli.main import main; "
        "main(['run', 'history', '--replications', '1', '--quarters', '1']); "
        "print(sorted({'mesa', 'solara', 'matplotlib'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1] == "[]"


def test_a_pipe_gets_no_colour_even_where_colour_is_forced():
    result = dgsim("run", "history", *SHORT, env={**os.environ, "FORCE_COLOR": "1"})
    assert result.returncode == 0
    assert "\x1b" not in result.stdout + result.stderr


def on_a_terminal(**environment: str) -> str:
    """What a terminal of 100 columns shows of a run."""
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "dgsim", "compare", "history", "staged", *SHORT]
    variables = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with subprocess.Popen(command, stdout=secondary, stderr=secondary, env=variables) as process:
        os.close(secondary)
        shown = b""
        while True:
            try:
                shown += os.read(primary, 4096)
            except OSError:
                break
        assert process.wait() == 0
    os.close(primary)
    return shown.decode()


def test_a_terminal_gets_colour_and_progress_with_the_time_left():
    shown = on_a_terminal()
    assert "\x1b[1m" in shown
    assert "\x1b[32m" in shown
    assert "runs," in shown
    assert "left" in shown


def test_no_color_is_respected_on_a_terminal():
    assert "\x1b[32m" not in on_a_terminal(NO_COLOR="1")


def test_a_reader_that_leaves_early_hears_nothing():
    command = [sys.executable, "-m", "dgsim", "run", "history", *SHORT, "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
    assert "Traceback" not in complaints
    assert "Broken" not in complaints


def test_an_interruption_is_told_in_the_language_that_was_asked_for(ran, monkeypatch):
    def run(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("dgsim.engine.run.run_replications", run)
    code, out, err = ran("run", "history", *SHORT, "--language", "vi")
    assert (code, out) == (130, "")
    assert err.strip() == "Đã dừng theo yêu cầu: không ghi thêm gì nữa."
    code, _, err = ran("run", "history", *SHORT)
    assert err.strip() == "Interrupted: nothing more was written.", "and only there"


def test_work_that_can_be_taken_up_says_so_in_the_language_that_was_asked_for(ran, monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise SweepInterrupted("interrupted.sweep", done=1_200, runs=2_400, folder="worlds")

    monkeypatch.setattr("dgsim.sweep", stopped)
    design = tmp_path / "small.toml"
    design.write_text('name = "small"\nscenarios = ["history"]\n', encoding="utf-8")
    code, out, err = ran("sweep", str(design), "--out", str(tmp_path / "out"), "--language", "vi")
    assert (code, out) == (130, "")
    assert err.strip() == (
        "Đã dừng theo yêu cầu: 1.200 trên 2.400 lượt chạy đã được lưu trong worlds; "
        "chạy lại lệnh cũ với --resume để chạy tiếp."
    )
    error = SweepInterrupted("interrupted.sweep", done=1_200, runs=2_400, folder="worlds")
    assert str(error) == "Interrupted: 1,200 of 2,400 runs are in worlds; the same call with resume=True goes on."


def test_control_c_ends_a_run_with_130():
    script = (
        "import signal, time; import dgsim.engine.run as engine; from dgsim.cli.main import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where tests run in the background
        "def run(*_, **__): print('running', flush=True); time.sleep(60)\n"
        "engine.run_replications = run; raise SystemExit(main(['run', 'history']))"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate()
    assert process.returncode == 130
    assert complaints.strip().splitlines()[-1] == "Interrupted: nothing more was written."
    assert time.monotonic() - started < 30


def test_letters_an_old_terminal_lacks_do_not_stop_a_run():
    result = dgsim("run", "history", *SHORT, env={**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert result.returncode == 0
    assert "Viet Nam" in result.stdout


def test_the_smallest_difference_that_matters_is_set_on_the_command_line(ran):
    words = ["compare", "history", "staged", *SHORT, "--format", "json"]
    records = json.loads(ran(*words, "--materiality", "use=100pp", "--materiality", "trust=0.25")[1])
    found = {(one["outcome"], one["materiality"], one["verdict"]) for one in records}
    assert {("use", 1.0, "trivial"), ("trust", 0.25, "trivial")} <= found
    assert {one["materiality"] for one in records if one["outcome"] == "supply"} == {0.005}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("use", "OUTCOME=SIZE"),
        ("use=", "OUTCOME=SIZE"),
        ("usee=1", "did you mean use"),
        ("net_benefit=1pp", "materiality of net_benefit = 1pp is a share, and this is in bvnd"),
        ("use=-1pp", "materiality of use = -1pp is outside 0% to 100%"),
        ("net_benefit=-1", "materiality of net_benefit = -1 is no size from 0 on"),
    ],
)
def test_a_wrong_smallest_difference_is_answered_in_a_sentence(ran, given, sentence):
    code, out, told = ran("compare", "history", "staged", *SHORT, "--materiality", given)
    assert (code, out) == (2, "")
    assert sentence in told
    assert len(told.splitlines()) == 1


def test_the_money_from_plan_to_outturn_is_printed_below_what_is_printed_anyway(ran):
    code, out, _ = ran("compare", "history", "staged", *SHORT, "--money")
    assert code == 0
    assert out.index("Supply") < out.index("from plan to outturn") < out.index("Planned programme money")
    both = json.loads(ran("run", "staged", *SHORT, "--money", "--format", "json")[1])
    assert list(both) == ["results", "money"]
    assert both["results"] == json.loads(ran("run", "staged", *SHORT, "--format", "json")[1])
    records = both["money"]
    table, money = ran("run", "staged", *SHORT, "--money", "--format", "csv")[1].split("\n\n")
    assert f"{table}\n" == ran("run", "staged", *SHORT, "--format", "csv")[1]
    assert money.splitlines()[0] == "scenario,payer,step,flow,label,bvnd"
    assert list(records[0]) == ["scenario", "payer", "step", "flow", "label", "bvnd"]
    planned = next(record["bvnd"] for record in records if record["step"] == "planned")
    shown = ran("run", "staged", *SHORT, "--money", "--language", "vi")[1]
    said = number_text(planned, "bvnd", signed=True, decimals=0, language="vi")
    assert f"Kinh phí chương trình theo kế hoạch {said}" in " ".join(shown.split())


# What long work will take


def test_a_dry_run_tells_runs_and_time_and_leaves_nothing(ran, tmp_path, monkeypatch):
    out = tmp_path / "out"
    few = ["--orders", "3", "--exchanged", "1", "--fresh", "2", *SHORT]
    code, told, err = ran("order", "staged", *few, "--dry-run", "--out", str(out))
    assert (code, err) == (0, "")
    assert re.fullmatch(r"staged runs about \d+: .* time about .* on \d+ threads .*just now\)", " ".join(told.split()))
    design = tmp_path / "small.toml"
    goals = '[[objective]]\noutcome = "use"\n[[objective]]\noutcome = "trust"\n'
    search = "[search]\npopulation = 4\ngenerations = 3\nfresh = 6\nkeep = 2\n"
    levers = "[levers]\naudit_share = { low = 0, high = 1 }\n"
    design.write_text(f'start = "staged"\nreplications = 5\n{levers}{goals}{search}', encoding="utf-8")
    code, told, err = ran("optimise", str(design), "--dry-run", "--out", str(out))
    assert (code, err) == (0, "")
    said = "small runs at most 78: 3 generations of 4 scenarios with 5 runs each, 2 and the start"
    assert " ".join(told.split()).startswith(said)
    monkeypatch.setenv("COLUMNS", "80")
    for command in (["order", "staged", *few], ["optimise", str(design)]):
        assert max(map(len, ran(*command, "--dry-run")[1].splitlines())) <= 80
    assert not out.exists()
    assert ran("optimise", str(design)) == (2, "", "Missing option '--out'.\n")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--group", "patterns", "--group", "cross-section"],
            r"61,952 runs will be made: that takes about .+ on \d+ threads .* Fewer groups take less: --group\. BEGUN ",
        ),
        (["--language", "vi"], r"Sẽ chạy 66\.048 lượt: mất khoảng .+ --group\. BEGUN "),
        (["--quiet"], "BEGUN "),
        (["--group", "cross-section"], "BEGUN "),
    ],
)
def test_validation_says_how_long_it_takes_before_it_begins(ran, monkeypatch, more, said):
    def begin(**_: object) -> None:
        print("BEGUN", file=sys.stderr)
        raise StudyError("and left")

    monkeypatch.setattr("dgsim.evidence.validate.validate", begin)
    code, out, err = ran("validate", *more)
    assert (code, out) == (2, "")
    assert re.fullmatch(said + "and left ", err.replace("\n", " "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_estimate_of_a_validation_makes_none(ran, monkeypatch, language):
    monkeypatch.setattr("dgsim.evidence.validate.validate", lambda **_: pytest.fail("it was begun"))
    code, told, err = ran("validate", "--dry-run", "--language", language, "--replications", "256")
    assert (code, err) == (0, "")
    assert re.search(r"63[.,]744 \(.*: 7\)", told)
    assert ran("validate", "--dry-run", "--group", "pattern")[2].endswith("; did you mean patterns?\n")


@pytest.mark.parametrize("command", ["explain", "order", "regret", "report", "compare"])
def test_an_unknown_outcome_is_refused_with_the_nearest_name(ran, tmp_path, command):
    more = {"explain": ["--baseline", "history"], "report": ["history", "--out", str(tmp_path / "page.html")]}
    code, _, err = ran(
        command, "staged", *more.get(command, [] if command == "order" else ["history"]), "--outcome", "usee"
    )
    assert (code, err) == (2, "usee is not an outcome; did you mean use?\n")


def test_a_comparison_of_one_outcome_has_its_rows_only(ran):
    _, out, _ = ran("compare", "history", "staged", *SHORT, "--outcome", "trust", "--format", "json")
    assert {record["outcome"] for record in json.loads(out)} == {"trust"}
    _, out, _ = ran("compare", "history", "staged", *SHORT, "--outcome", "trust")
    assert [line for line in out.splitlines() if line.startswith(("↑", "↓")) and " ±" in line] == [out.splitlines()[3]]
    assert "Trust" in out.splitlines()[3]


def test_only_the_outcomes_that_are_asked_for_are_drawn(ran, tmp_path):
    out = tmp_path / "made"
    assert ran("compare", "history", "staged", *SHORT, "--draw", "trust", "--slide", "--out", str(out))[0] == 0
    for name in ("outcomes", "differences", "differences-over-time"):
        drawing = (out / f"figure-{name}.svg").read_text(encoding="utf-8")
        assert "Trust" in drawing
        assert "Incidents" not in drawing
    assert "Incidents" not in (out / "figure-money.svg").read_text(encoding="utf-8")
    assert len(set(read_table(out / "summary.csv")["outcome"])) == len(OUTCOMES), "tables have all of them"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--draw", "use"], "--draw is of figures"),
        (["--slide"], "--slide is of figures"),
        (["--draw", "usee", "--out", "x"], "did you mean use"),
    ],
)
def test_what_is_asked_of_figures_that_are_not_drawn_is_refused(ran, tmp_path, monkeypatch, given, sentence):
    monkeypatch.chdir(tmp_path)
    code, out, told = ran("run", "staged", *SHORT, *given)
    assert (code, out) == (2, "")
    assert sentence in told
    assert list(tmp_path.iterdir()) == []
