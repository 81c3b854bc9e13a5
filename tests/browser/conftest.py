"""A real browser and a real server: Debian's Chromium, found on the PATH, and `dgsim app` as a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dgsim.sweeps.sweep import sweep

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
READY = ("main h1", ".dg-page > :not(h1):not(.dg-waiting)")  # more than a heading and the word of what it waits for
PATIENCE = 200_000  # ms: the first page may wait for the one compilation
DESIGN = {
    "name": "small",
    "scenarios": ["history", "staged"],
    "levers": {"fee_cut": [0.0, 0.25, 0.5]},
    "uncertain": ["care"],
    "replications": 2,
    "quarters": ["2025Q4", "2030Q4"],
    "sample": {"method": "sobol", "points": 4},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; tests are skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install .[test]")
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `dgsim app`, started for the tests, with one finished sweep to show."""
    folder = tmp_path_factory.mktemp("results")
    sweep(DESIGN, folder / "small")
    with serving(free_port(), folder) as address:
        yield address


@contextmanager
def serving(port: int, folder: Path) -> Iterator[str]:
    """The address of a server of its own, which ends with the block."""
    command = [sys.executable, "-m", "dgsim", "app", "--port", str(port), "--no-browser", "--results", str(folder)]
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _until_ready(address, process, folder / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(10)
        log.close()


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], AbstractContextManager[str]]:
    """What starts a server, each time at the same address."""
    return partial(serving, free_port(), tmp_path)


def _until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            pytest.fail(f"the server ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail("the server does not answer")


class Watch:
    """What must not happen on a page: an error, a failed request, a request off this machine."""

    def __init__(self, page: Any) -> None:
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("console", lambda m: self.faults.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        here = request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
        if not here:
            self.faults.append(f"off this machine: {request.url}")


@pytest.fixture
def browse(chromium: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Open an address in a browser of its own, in a window of a size; what went wrong fails the test at its end."""
    contexts, watches = [], []

    def opened(
        address: str = "/",
        width: int = 1366,
        height: int = 900,
        ready: tuple[str, ...] = READY,
        script: str = "",
        **more: Any,
    ) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        page = context.new_page()
        page.add_init_script(script)
        page.set_default_timeout(20_000)
        contexts.append(context)
        watches.append(Watch(page))
        page.goto(server + address)
        for selector in ready:
            page.wait_for_selector(selector, timeout=PATIENCE)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture(scope="session")
def gallery() -> Path:
    """Where screenshots are kept: the folder DGSIM_SCREENSHOTS names, else one in the temporary folder."""
    import tempfile

    folder = Path(os.environ.get("DGSIM_SCREENSHOTS") or Path(tempfile.gettempdir()) / "dgsim-screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
