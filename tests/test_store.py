"""The folder of a sweep: nothing is lost or doubled, whatever happens to it or to the process that writes it."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from dgsim.engine.driver import run_world
from dgsim.errors import StoreError
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.manifest import seal_of
from dgsim.sweeps.results import load_sweep
from dgsim.sweeps.sweep import sweep
from dgsim.world.tables import OUTCOME_NAMES
from small_sweep import ALL_TABLES, BLOCK, DESIGN, RUNS, child, files, land

FEW = load_design({**DESIGN, "replications": 1, "scenarios": ["staged"], "keep": ["ledger"]})  # 8 runs


class KilledError(BaseException):
    """The process ends here."""


def resumed(folder: Path, design=ALL_TABLES, **options):
    return sweep(design, folder, country=land(), block=BLOCK, resume=True, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """The files of a sweep that went through."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(ALL_TABLES, folder, country=land(), block=BLOCK)
    return files(folder)


@pytest.fixture
def half(tmp_path) -> Path:
    """A sweep that was left after nine blocks of 24."""
    folder = tmp_path / "half"

    def leave(done: int, _: int) -> None:
        if done == 9 * BLOCK:
            raise KilledError

    with pytest.raises(KilledError):
        sweep(ALL_TABLES, folder, country=land(), block=BLOCK, progress=leave)
    assert len(list(folder.glob("parts/outcomes/*"))) == 9
    return folder


# What it holds


def test_a_finished_folder_holds_few_files_and_they_are_in_the_manifest(whole):
    manifest = json.loads(whole["manifest.json"])
    names = ["failed.parquet", "ledger/ledger-00000.parquet", "outcomes/outcomes-00000.parquet"]
    names += ["points.parquet", "provinces/provinces-00000.parquet"]
    assert sorted(manifest["files"]) == names
    assert sorted(whole) == sorted([*names, "manifest.json"])
    assert manifest["complete"]
    assert {"design", "scenarios", "country", "model", "units", "block"} <= set(manifest)
    assert manifest["design"]["seed"] == 11
    assert set(manifest["model"]) == {"rules_and_data", "versions", "processor"}


@pytest.fixture(scope="module")
def folder(whole, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("read")
    for name, content in whole.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_pandas_reads_the_files_as_they_are(folder):
    outcomes = pd.read_parquet(folder / "outcomes")
    assert list(outcomes.columns) == ["point", "replication", "quarter", *OUTCOME_NAMES]
    assert len(outcomes) == RUNS * 2
    assert outcomes.notna().all().all()
    points = pd.read_parquet(folder / "points.parquet")
    assert list(points.columns) == ["point", "scenario", "matching_rate", "leakage", "care"]
    assert len(pd.read_parquet(folder / "provinces")) == RUNS * 2 * 6


def test_pyarrow_reads_the_files_as_they_are(folder):
    rows = ds.dataset(folder / "outcomes").to_table(columns=["use"], filter=ds.field("quarter") == "2021Q2")
    assert len(rows) == RUNS


def test_duckdb_reads_the_files_as_they_are(folder):
    duckdb = pytest.importorskip("duckdb")
    query = f"""
        select scenario, quarter, avg(use) as use, count(*) as runs
        from '{folder}/outcomes/*.parquet' join '{folder}/points.parquet' using (point)
        group by scenario, quarter order by scenario, quarter
    """
    found = duckdb.sql(query).fetchall()
    assert [row[:2] + row[3:] for row in found] == [
        (name, quarter, 48) for name in ("history", "staged") for quarter in ("2020Q2", "2021Q2")
    ]
    wide = load_sweep(folder).outcomes.query("outcome == 'use' and scenario == 'history' and quarter == '2020Q2'")
    assert found[0][2] == pytest.approx(wide["value"].mean(), rel=1e-12)


def test_a_half_done_sweep_can_be_read_too(half):
    assert len(pd.read_parquet(half / "parts" / "outcomes")) == 9 * BLOCK * 2
    assert len(pd.read_parquet(half / "points.parquet")) == 16
    with pytest.raises(StoreError, match="is not finished: continue it with resume=True"):
        load_sweep(half)


# Resume


def test_resume_starts_where_there_is_nothing(whole, tmp_path):
    resumed(tmp_path / "new")
    assert files(tmp_path / "new") == whole


def test_resume_computes_only_what_is_missing(whole, half):
    told: list[str] = []
    steps: list[int] = []
    resumed(half, tell=told.append, progress=lambda done, _: steps.append(done))
    assert files(half) == whole
    assert told == ["36 of 96 runs are there already."]
    assert steps == list(range(36, 97, 4))


def test_without_resume_a_folder_that_holds_a_sweep_is_refused_and_left_alone(half):
    before = files(half)
    with pytest.raises(StoreError, match="holds a sweep that is not finished: continue it with resume=True"):
        sweep(ALL_TABLES, half, country=land())
    assert files(half) == before


def test_resume_of_what_is_finished_changes_nothing(whole, tmp_path):
    resumed(tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    resumed(tmp_path)
    assert files(tmp_path) == whole
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == stamps


def test_a_folder_with_something_else_in_it_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="is not empty and holds no sweep: name another folder"):
        resumed(tmp_path)
    assert set(files(tmp_path)) == {"notes.txt"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seed": 12}, "was begun with another design: design.seed was 11 and is 12"),
        ({"name": "other"}, 'was begun with another design: design.name was "small" and is "other"'),
        ({"name": "other", "seed": 12}, "was begun with another design: design.seed was 11 and is 12"),
        ({"levers": {"matching_rate": [0.0, 0.6]}}, r"design.levers.matching_rate\[2\] was 0.5 and is 0.6"),
        ({"levers": {"fee_cut": [0.0, 0.5]}}, r"design.levers.fee_cut was not there and is \[0.0, 0.5\]"),
    ],
)
def test_another_design_is_refused(half, change, sentence):
    before = files(half)
    with pytest.raises(StoreError, match=sentence):
        resumed(half, {**ALL_TABLES, **change})
    assert files(half) == before


def test_a_scenario_that_has_changed_under_its_name_is_another_design(half):
    other = {"name": "staged", "extends": ["history"]}
    with pytest.raises(StoreError, match=r"another design: scenarios\[2\].digest was"):
        resumed(half, {**ALL_TABLES, "scenarios": ["history", other]})


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (["model", "rules_and_data"], "another model: model.rules_and_data was"),
        (["model", "versions", "dgsim"], 'another model: model.versions.dgsim was "0.0.1" and is'),
        (["country", "sha256"], "another country: country.sha256 was"),
        (["form"], r"is of form \"0\.0\.1\" where this version writes form"),
    ],
)
def test_another_model_version_or_country_is_refused(half, keys, sentence):
    manifest = json.loads((half / "manifest.json").read_text(encoding="utf-8"))
    *above, last = keys
    inner = manifest
    for key in above:
        inner = inner[key]
    inner[last] = "0" * 64 if last == "sha256" else "0.0.1"
    manifest["seal"] = seal_of(manifest)
    (half / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(StoreError, match=sentence):
        resumed(half)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_manifest_that_is_none_is_told(half, text):
    (half / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=r"manifest.json cannot be read as the manifest of a sweep"):
        resumed(half)


# Damage


@pytest.mark.parametrize("damage", ["half", "bit", "empty", "gone"])
def test_a_damaged_part_is_found_and_computed_again(half, whole, damage):
    part = sorted(half.glob("parts/provinces/*.parquet"))[3]
    content = part.read_bytes()
    broken = {"half": content[: len(content) // 2], "bit": content[:99] + b"\xff" + content[100:], "empty": b""}
    if damage == "gone":
        part.unlink()
    else:
        part.write_bytes(broken[damage])
    told: list[str] = []
    resumed(half, tell=told.append)
    assert files(half) == whole
    named = [] if damage == "gone" else [f"Damaged, and computed again: parts/provinces/{part.name}."]
    assert told == [*named, "32 of 96 runs are there already."]


@pytest.mark.parametrize("table", ["outcomes", "provinces"])
def test_a_damaged_file_of_a_finished_sweep_is_found_and_made_again(whole, tmp_path, table):
    resumed(tmp_path)
    file = next((tmp_path / table).iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    resumed(tmp_path)
    assert files(tmp_path) == whole


def test_points_that_are_damaged_are_written_again(whole, tmp_path):
    resumed(tmp_path)
    (tmp_path / "points.parquet").unlink()
    resumed(tmp_path)
    assert files(tmp_path) == whole


# The end at any moment


class Steps:
    """Counts whatever changes a folder, and ends the process before or after a step of a number."""

    def __init__(self, monkeypatch, last: int = -1, after: bool = False) -> None:
        self.count, self.last, self.after = 0, last, after
        for owner, name in [(os, "replace"), (Path, "replace"), (Path, "unlink"), (Path, "rmdir"), (Path, "mkdir")]:
            monkeypatch.setattr(owner, name, self.counted(getattr(owner, name)))
        for name in ("write_bytes", "write_text"):
            monkeypatch.setattr(Path, name, self.counted(getattr(Path, name), halved=True))

    def counted(self, real, halved=False):
        def step(*arguments, **options):
            self.count += 1
            if self.count - 1 == self.last:
                if halved:
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2], **options)
                if self.after:
                    real(*arguments, **options)
                raise KilledError
            return real(*arguments, **options)

        return step


def few(folder: Path, seen: list[int]) -> None:
    sweep(FEW, folder, country=land(), block=BLOCK, resume=True, progress=lambda done, _: seen.append(done))


def test_an_end_at_any_step_twice_loses_nothing(tmp_path):
    with pytest.MonkeyPatch.context() as patched:
        steps = Steps(patched)
        few(tmp_path / "whole", [])
    expected = files(tmp_path / "whole")
    assert steps.count > 20
    for last in range(steps.count):
        folder, seen = tmp_path / str(last), [0]
        for again, after in ((last, False), (last // 2, True)):
            with pytest.MonkeyPatch.context() as patched, suppress(KilledError):
                Steps(patched, again, after)
                few(folder, seen)
            for path in folder.rglob("[!.]*.parquet"):
                pq.read_metadata(path)
        with patch("dgsim.sweeps.blocks.run_world", wraps=run_world) as run:
            few(folder, [])
        assert run.call_count <= 8 - max(seen), f"killed at step {last}: what was stored was computed again"
        assert files(folder) == expected, f"killed at step {last}"


def test_killed_twice_and_resumed_the_content_is_that_of_an_unbroken_sweep(whole, tmp_path):
    """And while it runs a second writer is refused; the lock does not outlive the process."""
    folder = tmp_path / "sweep"
    for blocks in (4, 11):
        with child(f"sweep(ALL_TABLES, {str(folder)!r}, country=land(), block=BLOCK, resume=True)") as process:
            while len(list(folder.glob("parts/ledger/*.parquet"))) < blocks:
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.01)
            with pytest.raises(StoreError, match="is being written by another sweep: wait for it"):
                resumed(folder)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert not (folder / "outcomes").exists()
    told: list[str] = []
    resumed(folder, tell=told.append)
    assert int(told[-1].split()[0]) >= 11 * BLOCK
    assert files(folder) == whole


# No room, no right


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(whole, tmp_path, monkeypatch):
    folder = tmp_path / "sweep"
    real, written = Path.write_bytes, []

    def full(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) > 20:
            real(path, content[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(StoreError, match="cannot be written to: No space left on device; what is finished is kept"):
            resumed(folder)
    resumed(folder)
    assert files(folder) == whole


def test_a_limit_of_the_system_met_in_compaction_is_a_sentence_and_nothing_is_lost(whole, tmp_path):
    folder = tmp_path / "sweep"
    limit = max(len(content) for name, content in whole.items() if name.startswith("ledger/")) // 2
    statement = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "blocks.run_world = quick\n"
        f"try: sweep(ALL_TABLES, {str(folder)!r}, country=land(), block=BLOCK)\n"
        "except ValueError as error: print(error)"
    )
    with child(statement) as process:
        out, err = process.communicate()
    assert "cannot be written to: File too large; what is finished is kept, and resume=True goes on" in out, err
    resumed(folder)
    assert files(folder) == whole


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a folder that even root cannot write to")
def test_a_folder_that_cannot_be_written_to_is_told():
    with pytest.raises(StoreError, match="/proc/sweep cannot be written to: "):
        sweep(DESIGN, "/proc/sweep", country=land())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(StoreError, match="cannot be written to: Permission denied"):
        sweep(DESIGN, tmp_path, country=land())


# Large sweeps


def test_many_runs_go_into_files_of_equal_length(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules["dgsim.sweeps.files"].RUNS_A_FILE, "outcomes", 32)
    result = sweep(DESIGN, tmp_path, country=land(), block=8)
    assert [path.name for path in sorted((tmp_path / "outcomes").iterdir())] == [
        f"outcomes-{number:05d}.parquet" for number in range(3)
    ]
    assert np.unique(result.wide["point"]).tolist() == list(range(16))
