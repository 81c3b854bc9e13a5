"""Sweeps: the same luck at every point, the same bytes whoever computes them, and what comes out."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.cli import main as cli
from dgsim.country import write_country
from dgsim.engine.driver import run_world
from dgsim.errors import StudyError
from dgsim.sweeps.blocks import block_of, recipe_of, run_block
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.estimate import estimate
from dgsim.sweeps.identity import model_record
from dgsim.sweeps.points import Points
from dgsim.sweeps.results import load_sweep
from dgsim.sweeps.sweep import SweepInterrupted, block_runs, sweep
from dgsim.sweeps.verify import verify
from dgsim.sweeps.workers import on_threads
from dgsim.world.tables import OUTCOME_NAMES
from small_sweep import ALL_TABLES, BLOCK, DESIGN, RUNS, child, files, land


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A sweep that went through, with all tables."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(ALL_TABLES, folder, country=land(), block=BLOCK)
    return folder


@pytest.fixture
def failing():
    """The world of replication 4 where matching is at a half yields what is no number in its third quarter."""
    real = run_world

    def run(setup, seed, replication, **options):
        outcomes, *rest = real(setup, seed, replication, **options)
        if replication == 4 and setup.policies["matching_rate"][0] == 0.5:
            outcomes[2, OUTCOME_NAMES.index("use")] = np.nan
        return outcomes, *rest

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dgsim.sweeps.blocks.run_world", run)
        yield patched


# The same whoever computes it


@pytest.mark.parametrize("block", [1, 16, 128, None])
def test_results_do_not_depend_on_the_size_of_blocks(block, whole, tmp_path):
    sweep({**ALL_TABLES}, tmp_path, country=land(), block=block)
    same_but_for_block = [files(whole), files(tmp_path)]
    for made in same_but_for_block:
        del made["manifest.json"]
    assert same_but_for_block[0] == same_but_for_block[1]


def test_results_do_not_depend_on_threads_or_on_the_order_of_blocks():
    design = load_design(ALL_TABLES)
    points, recipe = Points(design), recipe_of(design, land())
    blocks = [block_of(points, number, range(8 * number, 8 * number + 8)) for number in range(4)]
    alone = {block.number: run_block(recipe, block) for block in blocks}
    assert dict(on_threads(recipe, iter(blocks[::-1]), lambda: False, threads=3)) == alone


def test_no_block_is_begun_after_the_stop():
    design = load_design(DESIGN)
    points, recipe = Points(design), recipe_of(design, land())
    begun: list[int] = []

    def blocks():
        for number in range(24):
            begun.append(number)
            yield block_of(points, number, range(4 * number, 4 * number + 4))

    done: list[int] = []
    for number, _ in on_threads(recipe, blocks(), lambda: bool(done), threads=2):
        done.append(number)
    assert len(begun) == 4
    assert set(done) <= set(begun)


def test_every_point_meets_the_luck_of_a_single_simulation(whole):
    result = load_sweep(whole)
    for number in (0, 5, 15):
        point = result.points.iloc[number]
        values = point.drop(["point", "scenario"]).to_dict()
        plan = dgsim.load_scenario(str(point["scenario"])).with_changes(**values)
        alone = dgsim.simulate(plan, 6, seed=11, quarters=6, country=land(), provinces=True, ledger=True)
        stored = result.wide[result.wide["point"] == number]
        expected = alone.array[:, [1, 5]].reshape(12, -1)
        assert (stored[list(OUTCOME_NAMES)].to_numpy() == expected).all()
        panel = alone.provinces[alone.provinces["quarter"].isin(["2020Q2", "2021Q2"])]
        kept = result.provinces[result.provinces["point"] == number]
        assert (kept["cash"].to_numpy() == panel["cash"].to_numpy()).all()
        assert list(kept["province_code"]) == list(panel["province_code"].astype(str))
        books = result.ledger[result.ledger["point"] == number]
        assert list(books["amount"]) == list(alone.ledger["amount"])
        assert list(books["item"].astype(object).fillna("")) == list(alone.ledger["item"].astype(object).fillna(""))


def test_points_of_equal_values_have_equal_results(tmp_path):
    design = {**DESIGN, "scenarios": ["history"], "ranges": {"care": [12, 12.0000000001], "leakage": [0.05, 0.06]}}
    wide = sweep(design, tmp_path, country=land()).wide.set_index(["point", "replication"])
    again = sweep(design, tmp_path / "again", country=land()).wide.set_index(["point", "replication"])
    assert wide.drop(columns="quarter").equals(again.drop(columns="quarter"))


# What comes out


def test_tidy_outcomes_hold_what_is_stored(whole):
    result = load_sweep(whole)
    tidy = result.outcomes
    assert list(tidy.columns) == ["point", "scenario", "replication", "quarter", "outcome", "value"]
    assert len(tidy) == RUNS * 2 * len(OUTCOME_NAMES)
    assert list(tidy["quarter"].cat.categories) == ["2020Q2", "2021Q2"]
    merged = tidy.merge(result.points[["point", "scenario"]], on="point")
    assert (merged["scenario_x"] == merged["scenario_y"]).all()
    back = tidy.pivot_table("value", ["point", "replication", "quarter"], "outcome", observed=True)
    assert (back.to_numpy() == result.wide.set_index(["point", "replication", "quarter"]).to_numpy()).all()


def test_some_outcomes_and_quarters_can_be_loaded_alone(whole):
    some = load_sweep(whole, outcomes=["trust"], quarters=["2021Q2"])
    assert list(some.wide.columns) == ["point", "replication", "quarter", "trust"]
    assert set(some.outcomes["quarter"]) == {"2021Q2"}
    with pytest.raises(StudyError, match=r"truts is not among the outcomes kept in .*; did you mean trust"):
        load_sweep(whole, outcomes=["truts"])


def test_what_was_not_kept_is_told(tmp_path):
    result = sweep(DESIGN, tmp_path, country=land())
    assert list(result.wide["quarter"].unique()) == ["2021Q2"]
    with pytest.raises(StudyError, match="ledger were not kept"):
        _ = result.ledger


def test_full_trajectories_are_kept_on_request(tmp_path):
    result = sweep({**DESIGN, "quarters": "all", "outcomes": ["use"]}, tmp_path, country=land())
    assert len(result.wide) == RUNS * 6
    assert list(result.wide.columns) == ["point", "replication", "quarter", "use"]


def test_a_world_that_fails_is_recorded_and_does_not_stop_the_rest(whole, failing, tmp_path):
    folder = tmp_path / "sweep"
    result = sweep(ALL_TABLES, folder, country=land(), block=BLOCK)
    failed = result.failed
    half = result.points.loc[result.points["matching_rate"] == 0.5, "point"]
    assert list(failed["point"]) == list(half)
    assert set(failed["replication"]) == {4}
    assert set(failed["seed"]) == {11}
    assert set(failed["reason"]) == {"use is nan in 2020Q3"}
    lost = pd.MultiIndex.from_frame(failed[["point", "replication"]])
    for table in ("wide", "provinces", "ledger"):
        rows, all_rows = getattr(result, table), getattr(load_sweep(whole), table)
        kept = all_rows[~pd.MultiIndex.from_frame(all_rows[["point", "replication"]]).isin(lost)]
        assert rows.reset_index(drop=True).equals(kept.reset_index(drop=True))
    assert not verify(folder, sample=RUNS, country=land()).difference
    failing.undo()
    assert "0 rows were stored and 2 come now" in verify(folder, sample=RUNS, country=land()).difference


def test_a_block_of_failures_alone_is_stored_too(failing, tmp_path):
    result = sweep({**ALL_TABLES, "replications": 5}, tmp_path, country=land(), block=1)
    assert len(result.failed) == 8
    assert len(result.wide) == 2 * (80 - 8)


# Verify


def test_verify_finds_nothing_where_nothing_is_wrong(whole):
    verdict = verify(whole, sample=10, country=land())
    assert str(verdict) == "identical: 10 of 96 runs gave the same bytes again"


def test_verify_reports_the_first_difference(whole, monkeypatch):
    real = run_world

    def run(setup, seed, replication, **options):
        outcomes, panel, *rest = real(setup, seed, replication, **options)
        panel[5]["cash"][2] = np.nextafter(panel[5]["cash"][2], 1e9)
        return outcomes, panel, *rest

    monkeypatch.setattr("dgsim.sweeps.blocks.run_world", run)
    text = str(verify(whole, country=land()))
    assert text.startswith("differs: point ")
    assert "cash in 2021Q2, " in text


def test_verify_says_what_has_changed_in_the_model(whole, monkeypatch):
    monkeypatch.setattr("dgsim.sweeps.identity.__version__", "9.9")
    model_record.cache_clear()
    assert str(verify(whole, sample=2, country=land())).endswith("(changed since: dgsim)")
    monkeypatch.undo()
    model_record.cache_clear()


def test_verify_needs_the_country_of_the_sweep(whole):
    with pytest.raises(StudyError, match="the sweep was made in another country than Viet Nam: Synthetic"):
        verify(whole)


# Before it is begun


def test_an_estimate_is_of_the_right_size(tmp_path):
    design = load_design({**DESIGN, "replications": 64})
    about = estimate(design, land())
    assert (about.points, about.runs) == (16, 1024)
    assert 0 < about.measured <= 1024
    start = time.perf_counter()
    sweep(design, tmp_path, country=land())
    assert about.seconds < 20 * (time.perf_counter() - start)
    stored = sum(path.stat().st_size for path in tmp_path.rglob("*.parquet"))
    assert 0.5 * stored < about.stored < 2 * stored


def test_blocks_grow_with_the_sweep():
    few, some, many = (load_design({**DESIGN, "replications": n}) for n in (1, 6_000, 600_000))
    assert [block_runs(design) for design in (few, some, many)] == [64, 128, 8_192]
    assert block_runs(load_design(ALL_TABLES)) == 16


def test_a_block_is_a_power_of_two(tmp_path):
    with pytest.raises(StudyError, match="block = 3 is not a power of two from 1 to 1024"):
        sweep(ALL_TABLES, tmp_path / "new", country=land(), block=3)
    assert not (tmp_path / "new").exists()


# The commands

TOML = """
scenarios = ["history", "staged"]
replications = 6
horizon.stop_after = 6
levers.matching_rate = [0.0, 0.5]
"""


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run a command among small.toml and a folder `land`: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dgsim.world.cache.compiled_before", lambda *_: True)
    Path("small.toml").write_text(TOML, encoding="utf-8")
    write_country(land(), Path("land"))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_sweep_on_the_command_line(command):
    sweep_it = ("sweep", "small.toml", "--out", "out", "--country", "land")
    assert command(*sweep_it) == (0, "out: 24 runs at 4 points\n", "")
    code, out, err = command(*sweep_it)
    assert (code, out) == (2, "")
    assert err == "out holds a finished sweep: continue it with --resume, or name another folder\n"
    assert command(*sweep_it, "--resume")[:2] == (0, "out: 24 runs at 4 points\n")
    assert command(*sweep_it, "--resume", "--quiet") == (0, "", "")
    told = "out: identical: 5 of 24 runs gave the same bytes again\n"
    assert command("verify", "out", "--sample", "5") == (0, told, "")


def test_a_difference_has_an_exit_code_of_its_own(command, failing):
    command("sweep", "small.toml", "--out", "out", "--country", "land")
    failing.undo()
    code, out, _ = command("verify", "out", "--sample", "24")
    assert code == 1
    assert "rows were stored" in out
    assert command("verify", "out", "--sample", "24", "--quiet") == (1, "", "")


def test_failures_are_told(command, failing):
    _, out, _ = command("sweep", "small.toml", "--out", "out", "--country", "land")
    assert out == "out: 24 runs at 4 points; 2 runs failed, see failed.parquet\n"


def test_a_dry_run_prints_points_runs_bytes_and_time_and_makes_nothing(command):
    code, out, err = command("sweep", "small.toml", "--dry-run", "--country", "land")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[1] == "  points  4: 2 scenarios x 2 of matching_rate"
    assert lines[2] == "  runs    24: 6 of each point"
    assert "outcomes of 1 of 6 quarters" in lines[3]
    assert lines[4].endswith("runs just now)")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sweep", "small.toml"], "Missing option '--out'."),
        (["sweep", "smal.toml", "--out", "out"], "smal.toml: there is no such file; did you mean small.toml?"),
        (["sweep", "small.toml", "--out", "small.toml"], "small.toml is a file: name a folder for the sweep"),
        (["sweep", "small.toml", "--out", "land"], "land is not empty and holds no sweep"),
        (["sweep", "small.toml", "--out", "out", "--workers", "0"], "workers = 0 is below 1"),
        (["sweep", "small.toml", "--out", "out", "--workers", "1", "--cluster", "tcp://x:1"], "exclude each other"),
        (["verify", "land"], "land holds no sweep"),
        (["verify", "out", "--sample", "0"], "out holds no sweep"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(command, arguments, sentence):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "finishing", "interrupted", "goes_on"),
    [
        (
            "en",
            "Finishing the blocks in hand; Ctrl-C again stops at once.",
            "Interrupted: ",
            " of 2,400 runs are in {}/out; the same command with --resume goes on.",
        ),
        (
            "vi",
            "Đang hoàn thành các khối đang chạy; nhấn Ctrl-C lần nữa để dừng ngay.",
            "Đã dừng theo yêu cầu: ",
            " trên 2.400 lượt chạy đã được lưu trong {}/out; chạy lại lệnh cũ với --resume để chạy tiếp.",
        ),
    ],
)
def test_control_c_finishes_the_blocks_in_hand_says_how_to_go_on_and_exits_130(
    tmp_path, language, finishing, interrupted, goes_on
):
    write_country(land(), tmp_path / "land")
    (tmp_path / "small.toml").write_text(TOML.replace("= 6\n", "= 600\n", 1), encoding="utf-8")
    arguments = ["sweep", f"{tmp_path}/small.toml", "--out", f"{tmp_path}/out", "--country", f"{tmp_path}/land"]
    arguments += ["--language", language]
    with child(f"from dgsim.cli.main import main\nraise SystemExit(main({arguments}))") as process:
        while len(list((tmp_path / "out").glob("parts/outcomes/*.parquet"))) < 2:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert out == ""
    first, last = err.splitlines()
    assert first == finishing
    assert last.startswith(interrupted)
    assert last.endswith(goes_on.format(tmp_path))


def test_control_c_twice_stops_at_once_and_says_how_to_go_on(tmp_path):
    def impatient(done: int, _: int) -> None:
        if done:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(SweepInterrupted, match=f"Interrupted at once: what was finished is in {tmp_path}; the same"):
        sweep(ALL_TABLES, tmp_path, country=land(), block=BLOCK, progress=impatient)
    sweep(ALL_TABLES, tmp_path, country=land(), block=BLOCK, resume=True)
    assert len(load_sweep(tmp_path).wide) == RUNS * 2
