"""Sweeps read from elsewhere: the same tables through a URL of fsspec, and a sentence for what cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from dgsim.cli import main as cli
from dgsim.errors import StudyError
from dgsim.sweeps.results import load_sweep
from dgsim.sweeps.sweep import sweep
from dgsim.sweeps.verify import verify
from small_sweep import ALL_TABLES, DESIGN, files, land

fsspec = pytest.importorskip("fsspec")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A finished sweep with all tables, in a folder of this machine."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(ALL_TABLES, folder, country=land())
    return folder


@pytest.fixture(scope="module")
def copied(whole) -> str:
    """A copy of it in fsspec's memory."""
    memory = fsspec.filesystem("memory")
    for name, content in files(whole).items():
        memory.pipe(f"/bucket/sweep/{name}", content)
    return "memory://bucket/sweep"


@pytest.mark.parametrize("ending", ["", "/"])
def test_a_copy_is_read_as_the_folder_itself(whole, copied, ending):
    here, there = load_sweep(whole), load_sweep(copied + ending)
    assert there.manifest == here.manifest
    for name in ("points", "wide", "outcomes", "provinces", "ledger", "failed"):
        pd.testing.assert_frame_equal(getattr(there, name), getattr(here, name))
    some = load_sweep(Path(copied), outcomes=["use"], quarters=["2021Q2"])
    assert list(some.wide.columns) == ["point", "replication", "quarter", "use"]


def test_the_url_of_a_file_is_a_url_too(whole):
    assert load_sweep(whole.as_uri()).wide.equals(load_sweep(whole).wide)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("memory://bucket/nothing", "memory://bucket/nothing holds no sweep"),
        ("nowhere://bucket/sweep", r"nowhere://bucket/sweep cannot be opened: .*nowhere"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(url, sentence):
    with pytest.raises(StudyError, match=sentence):
        load_sweep(url)


def test_without_fsspec_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(StudyError, match=r'fsspec is not installed: pip install "dgsim\[remote\]"'):
        load_sweep("s3://bucket/sweep")


def test_a_sweep_is_neither_written_to_a_url_nor_verified_there(copied, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match="s3://bucket/new is no folder of this machine: write the sweep to one"):
        sweep(DESIGN, "s3://bucket/new", country=land())
    with pytest.raises(StudyError, match="memory://bucket/sweep is no folder of this machine: copy the sweep"):
        verify(copied, country=land())
    Path("small.toml").write_text('scenarios = ["history"]\n', encoding="utf-8")
    for command in (["sweep", "small.toml", "--out", "s3://bucket/new"], ["verify", "s3://bucket/new"]):
        assert cli.main(command) == 2
        assert capsys.readouterr().err.splitlines()[-1].startswith("s3://bucket/new is no folder of this machine")
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]
