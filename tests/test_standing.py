"""Nothing of an earlier result is replaced but by the same command on the same inputs, or with --force."""

from __future__ import annotations

import json

import pytest

from dgsim.cli.main import app, main

FEW = ["--replications", "2", "--quarters", "3"]
DRAWN = [*FEW, "--draw", "use"]
FOLDERS = {
    "run": ["staged", *DRAWN],
    "compare": ["history", "staged", *DRAWN],
    "explain": ["reward-use", "--baseline", "staged", *FEW],
    "order": ["staged", "--orders", "2", "--exchanged", "1", "--fresh", "2", *FEW],
    "binding": ["staged", *FEW],
    "regret": ["staged", "history", "--replications", "1", "--quarters", "3"],
    "appraise": ["staged", "--to", "2020Q3", "--replications", "2"],
    "targets": ["decision-749", "staged", "--to", "2020Q3", "--replications", "2"],
    "behind": ["staged", "--worst", "3", *FEW],
}
FILES = {
    "predict": ["--year", "2023", "--replications", "4"],
    "validate": ["--group", "cross-section", "--replications", "4"],
    "sources": [],
    "report": ["staged", "history", *FEW],
}
BY_THEMSELVES = {"sweep", "optimise", "synthetic"}  # have a rule of their own: go on with --resume, or a new folder


@pytest.fixture
def ran(capsys, monkeypatch, tmp_path):
    """Run a command in this process and an empty folder: exit code and standard error."""
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().err

    return run


def bytes_in(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_command_that_writes_is_tried():
    writing = {name for name, one in app.commands.items() if any(option.name == "out" for option in one.params)}
    assert writing == set(FOLDERS) | set(FILES) | BY_THEMSELVES


@pytest.mark.parametrize("command", FOLDERS)
def test_a_folder_is_replaced_by_the_same_command_or_with_force_only(ran, tmp_path, command):
    arguments = [command, *FOLDERS[command], "--quiet", "--out", "kept"]
    assert ran(*arguments)[0] == 0
    before = bytes_in(tmp_path / "kept")
    code, err = ran(*arguments, "--seed", "1")
    assert (code, err.count("\n")) == (2, 1)
    assert f"kept holds the results of another command, dgsim {command} " in err
    assert "name another folder, or replace them with --force" in err
    assert bytes_in(tmp_path / "kept") == before
    assert ran(*arguments) == (0, "")
    assert bytes_in(tmp_path / "kept") == before
    assert ran(*arguments, "--seed", "1", "--force") == (0, "")
    assert bytes_in(tmp_path / "kept") != before


def test_how_a_command_is_written_does_not_matter(ran):
    assert ran("run", "staged", *DRAWN, "--out", "kept", "--quiet")[0] == 0
    other = ["--quarters=3", "--replications=2", "--seed", "0", "--draw=use", "staged", "--format", "csv"]
    code, _ = ran("run", *other, "--out", "kept")
    assert code == 0


def test_another_command_over_a_comparison_is_refused_before_anything_runs(ran, tmp_path, monkeypatch):
    assert ran("compare", *DRAWN, "--quiet", "--out", "dgsim-compare")[0] == 0
    before = bytes_in(tmp_path / "dgsim-compare")

    def run(*_, **__):
        raise AssertionError("it ran")

    monkeypatch.setattr("dgsim.engine.run.run_replications", run)
    assert ran("compare", "--replications", "2", "--quarters", "2")[0] == 2
    assert ran("run", "history", *DRAWN, "--out", "dgsim-compare")[0] == 2
    assert bytes_in(tmp_path / "dgsim-compare") == before


def test_the_same_command_on_other_inputs_is_refused_and_names_them(ran, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = ["staged"]\n', encoding="utf-8")
    arguments = ["run", "mine.toml", *DRAWN, "--quiet", "--out", "kept"]
    assert ran(*arguments)[0] == 0
    mine.write_text('extends = ["staged"]\n[citizens]\nfee_cut = 0.5\n', encoding="utf-8")
    before = bytes_in(tmp_path / "kept")
    code, err = ran(*arguments)
    assert code == 2
    assert "kept holds the results of the same command on other inputs (mine): name another folder, or replace" in err
    assert bytes_in(tmp_path / "kept") == before
    assert ran(*arguments, "--force") == (0, "")


def test_another_model_is_another_input(ran, tmp_path):
    arguments = ["run", "staged", *DRAWN, "--quiet", "--out", "kept"]
    assert ran(*arguments)[0] == 0
    file = tmp_path / "kept" / "run.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(record | {"rules_and_data": "0" * 64}), encoding="utf-8")
    assert "on other inputs (the rules)" in ran(*arguments)[1]


@pytest.mark.parametrize("command", FILES)
def test_a_file_is_replaced_with_force_only(ran, tmp_path, command):
    arguments = [command, *FILES[command], "--quiet", "--out", "kept.html"]
    assert ran(*arguments) == (0, "")
    before = (tmp_path / "kept.html").read_bytes()
    assert ran(*arguments) == (2, "kept.html exists: name another file, or replace it with --force\n")
    assert (tmp_path / "kept.html").read_bytes() == before
    assert ran(*arguments, "--force") == (0, "")


def test_foreign_files_are_kept_even_with_force(ran, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    assert ran("run", "staged", *DRAWN, "--out", "mine", "--force")[0] == 2
    assert ran("run", "staged", *DRAWN, "--quiet", "--out", "kept")[0] == 0
    (tmp_path / "kept" / "notes.txt").write_text("mine", encoding="utf-8")
    assert ran("run", "history", *DRAWN, "--quiet", "--out", "kept", "--force")[0] == 0
    assert (tmp_path / "kept" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_search_and_a_sweep_never_replace(ran, tmp_path):
    design = tmp_path / "small.toml"
    design.write_text('scenarios = ["staged"]\nreplications = 2\nquarters = ["2020Q2"]\n', encoding="utf-8")
    assert ran("sweep", "small.toml", "--out", "swept", "--quiet") == (0, "")
    assert ran("sweep", "small.toml", "--out", "swept", "--quiet")[0] == 2
    assert ran("synthetic", "12", "--out", "land")[0] == 0
    assert ran("synthetic", "12", "--out", "land")[0] == 2
    assert ran("run", "staged", *DRAWN, "--quiet", "--out", "found/results")[0] == 0
    code, err = ran("optimise", "small.toml", "--out", "found")
    assert code == 2
    assert "found/results holds the results of another command, dgsim run staged" in err
