"""Sweeps on Dask: real worker processes, the same bytes as here, and what happens when some of it is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from dgsim.errors import ClusterError, StudyError
from dgsim.sweeps import cluster
from dgsim.sweeps.sweep import sweep
from small_sweep import ALL_TABLES, BLOCK, DESIGN, RUNS, files, land

distributed = pytest.importorskip("distributed")

SCHEDULER = """
import time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as workers:
        print(workers.scheduler_address, flush=True)
        time.sleep(600)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """The files of a sweep that was computed here."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    sweep(ALL_TABLES, folder, country=land(), block=BLOCK)
    return files(folder)


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """A cluster of two processes."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster:
        yield cluster


def test_two_processes_make_the_same_bytes(whole, tmp_path):
    steps: list[int] = []
    sweep(ALL_TABLES, tmp_path, country=land(), block=BLOCK, workers=2, progress=lambda done, _: steps.append(done))
    assert files(tmp_path) == whole
    assert steps == list(range(0, 97, BLOCK))


def test_a_port_that_another_has_taken_is_no_matter(tmp_path):
    with closing(socket.socket()) as other:
        with suppress(OSError):
            other.bind(("", 8787))
            other.listen()
        assert len(sweep(DESIGN, tmp_path, country=land(), workers=1).wide) == RUNS


def test_a_worker_with_another_model_is_a_sentence(workers, tmp_path, monkeypatch):
    other = {"rules_and_data": "0", "versions": {}, "processor": "x"}
    monkeypatch.setattr("dgsim.sweeps.blocks.model_record", lambda: other)
    with pytest.raises(StudyError, match="has another model or other versions: rules_and_data, processor, dgsim"):
        sweep(ALL_TABLES, tmp_path, country=land(), cluster=workers.scheduler_address)


def test_a_worker_killed_in_mid_sweep_changes_nothing(workers, whole, tmp_path):
    with distributed.Client(workers, set_as_default=False) as client:
        pids = set(client.run(os.getpid).values())
    assert len(pids - {os.getpid()}) == 2

    def kill(done: int, _: int) -> None:
        if done == 6 * BLOCK:
            os.kill(min(pids), signal.SIGKILL)

    sweep(ALL_TABLES, tmp_path, country=land(), block=BLOCK, cluster=workers.scheduler_address, progress=kill)
    assert files(tmp_path) == whole
    with pytest.raises(ProcessLookupError):
        os.kill(min(pids), 0)


def test_a_lost_scheduler_is_a_sentence_and_the_sweep_goes_on_elsewhere(whole, tmp_path):
    script, folder = tmp_path / "scheduler.py", tmp_path / "sweep"
    script.write_text(SCHEDULER, encoding="utf-8")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, script], text=True, **streams) as other:
        address = other.stdout.readline().strip()

        def kill(done: int, _: int) -> None:
            if done == 6 * BLOCK:
                other.kill()

        with pytest.raises(ClusterError, match=f"the scheduler at {address} was lost; what is finished is kept"):
            sweep(ALL_TABLES, folder, country=land(), block=BLOCK, cluster=address, progress=kill)
    assert 6 <= len(list(folder.glob("parts/outcomes/*.parquet"))) < 24
    sweep(ALL_TABLES, folder, country=land(), block=BLOCK, resume=True)
    assert files(folder) == whole


def test_a_scheduler_that_is_not_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(ClusterError, match=r"there is no Dask scheduler at tcp://127.0.0.1:9"):
        sweep(ALL_TABLES, tmp_path / "new", country=land(), cluster="tcp://127.0.0.1:9")
    with pytest.raises(ClusterError, match=r"there is no Dask scheduler at nowhere:x"):
        sweep(ALL_TABLES, tmp_path / "new", country=land(), cluster="nowhere:x", resume=True)
    assert not (tmp_path / "new").exists()


def test_a_wrong_address_is_one_sentence_and_nothing_after_it(tmp_path):
    design = tmp_path / "design.toml"
    design.write_text('scenarios = ["staged"]\n', encoding="utf-8")
    command = [sys.executable, "-m", "dgsim", "sweep", str(design), "--out", str(tmp_path / "out"), "--cluster", "foo"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90)
    assert done.returncode == 2
    assert done.stderr == "there is no Dask scheduler at foo (missing port number in address 'foo')\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["", " ", 3, "tcp://", "http://x", "::1", "ucx://1", "tls://127.0.0.1:9", "a\nb:x"])
def test_a_wrong_address_is_one_sentence(address, tmp_path):
    with pytest.raises(ClusterError, match="Dask scheduler") as error:
        sweep(ALL_TABLES, tmp_path / "new", country=land(), cluster=address)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 7, b""], ids=["web", "zeros", "silence"]
)
def test_who_speaks_another_language_is_no_scheduler(answer, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    calls: list[socket.socket] = []

    def answers() -> None:
        with suppress(OSError):
            while True:
                calls.append(other.accept()[0])
                calls[-1].sendall(answer)

    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        threading.Thread(target=answers, daemon=True).start()
        with pytest.raises(ClusterError, match=r"there is no Dask scheduler at tcp://127\.0\.0\.1:"):
            sweep(ALL_TABLES, tmp_path / "new", country=land(), cluster=f"tcp://127.0.0.1:{other.getsockname()[1]}")
    for call in calls:
        call.close()


def test_a_worker_is_no_scheduler(workers, tmp_path):
    address = next(iter(workers.scheduler_info["workers"]))
    with pytest.raises(ClusterError, match="a worker of Dask's answers there"):
        sweep(ALL_TABLES, tmp_path / "new", country=land(), cluster=address)


def test_without_dask_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r'distributed is not installed: pip install "dgsim\[cluster\]"'):
        sweep(ALL_TABLES, Path(tmp_path), country=land(), workers=2)


@pytest.mark.once
def test_a_script_without_a_main_guard_is_told_so_in_a_sentence(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"import dgsim\ndgsim.sweep({dict(DESIGN)!r}, {str(tmp_path / 'out')!r}, workers=1)\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("dgsim.errors.ClusterError: worker processes cannot start")
    assert len(done.stderr.splitlines()) < 60, "what the workers say is not printed"
    assert not (tmp_path / "out").exists()
