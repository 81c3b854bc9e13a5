"""Start the server: settings that keep it quiet and local, and a look whether all it needs is there."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from dgsim.app.results_folder import RESULTS_VARIABLE
from dgsim.app.server.endpoint import Endpoint, new_key, opened
from dgsim.errors import StudyError
from dgsim.texts import words
from dgsim.texts.table import LANGUAGE_VARIABLE

KEY_VARIABLE, UNTOLD_VARIABLE = "DGSIM_KEY", "DGSIM_UNTOLD"
INSTALL = 'pip install "dgsim[app]"'
NEEDED = ("solara", "ipyvuetify", "starlette", "uvicorn", "websockets")
ASSETS = ("@widgetti/solara-vuetify-app@10.1.1", "echarts@5.4.0", "requirejs@2.3.6")
SETTINGS = {
    "SOLARA_APP": "dgsim.app.main",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "dgsim",
    "SOLARA_THEME_FORCE_REFRESH": "true",  # a page whose session is gone is loaded again from its address, unasked
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_MODE": "production",
}
COLLECTING = (5_000, 20, 50)  # new objects, young and middle collections before the next older one


def check_installed() -> None:
    """Raise StudyError with the line to type where a package or Solara's files for the browser are missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise StudyError(f"the browser view needs {', '.join(missing)}: {INSTALL}")
    folder = asset_folder()
    absent = [name for name in ASSETS if not (folder / name).exists()]
    if absent:
        raise StudyError(f"Solara's files for the browser ({', '.join(absent)}) are not in {folder}: {INSTALL}")


def asset_folder() -> Path:
    """Where Solara keeps what browsers load."""
    given = os.environ.get("SOLARA_ASSETS_PROXY_CACHE_DIR")
    return Path(given) if given else Path(sys.prefix) / "share" / "solara" / "cdn"


def serve(endpoint: Endpoint, results: Path, language: str, *, browser: bool = False) -> None:
    """Serve until interrupted, at first in a language; the rules are compiled meanwhile. Raises StudyError."""
    check_installed()
    key = os.environ.get(KEY_VARIABLE) or (new_key() if endpoint.open else "")
    listening = endpoint.listen()
    os.environ.update(SETTINGS | {RESULTS_VARIABLE: str(results), LANGUAGE_VARIABLE: language})
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)  # of use inside a frame elsewhere only
    from dgsim.app.server.running import run  # loaded once it is known to be installed

    def told() -> None:
        if not os.environ.get(UNTOLD_VARIABLE):
            w = words(language)
            print(w("server.at", address=endpoint.address(key)), file=sys.stderr, flush=True)
            if by_name := endpoint.by_name(key):
                print(w("server.by_name", address=by_name), file=sys.stderr, flush=True)
            if endpoint.open:
                print(opened(endpoint, results, w), file=sys.stderr, flush=True)
        if browser:
            webbrowser.open(endpoint.address(key))

    threading.Thread(target=_warm_up, daemon=True).start()
    run(listening, asset_folder(), endpoint, key, language, told)


def _warm_up() -> None:
    """The rules and the first runs; then garbage is looked for less often, and not in what is loaded by now.

    Solara and its libraries are looked through in a sixth of a second, and so are thirty sessions: no page is drawn
    meanwhile, and by Python's own measure it would be done every few seconds of a class.
    """
    from dgsim.app.runs.cache import warm_up  # numba takes its time: the server listens meanwhile

    warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def serve_tables(endpoints: Sequence[Endpoint], results: Path, language: str, tell: Callable[[int, str], None]) -> int:
    """One process an endpoint; the exit code of the first that fails, else 0.

    `tell` is called with the number of a table, from 1, and its address as soon as it answers. All end with this
    process, whether it is interrupted or terminated.
    """
    check_installed()
    for endpoint in endpoints:
        endpoint.listen().close()
    key = os.environ.get(KEY_VARIABLE) or (new_key() if endpoints[0].open else "")
    environment = os.environ | {KEY_VARIABLE: key, UNTOLD_VARIABLE: "1"}
    processes = [subprocess.Popen(_command(endpoint, results, language), env=environment) for endpoint in endpoints]
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        for table, (endpoint, process) in enumerate(zip(endpoints, processes, strict=True), start=1):
            if _answers(endpoint, process):
                tell(table, endpoint.address(key))
        codes = [process.wait() for process in processes]
    except KeyboardInterrupt:
        codes = [0]
    finally:
        for process in processes:
            process.terminate()
        signal.signal(signal.SIGTERM, before)
    return next((code for code in codes if code), 0)


def _command(endpoint: Endpoint, results: Path, language: str) -> list[str]:
    names = [word for name in endpoint.names for word in ("--allow-host", name)]
    options = ["--host", endpoint.host, "--port", str(endpoint.port), *names, "--no-browser", "--results", str(results)]
    return [sys.executable, "-m", "dgsim", "app", *options, "--language", language]


def _answers(endpoint: Endpoint, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a table can be reached; false where its process ended instead."""
    host = "127.0.0.1" if endpoint.host == "0.0.0.0" else "::1" if endpoint.host == "::" else endpoint.host
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, endpoint.port), timeout=1.0):
            return True
        time.sleep(0.1)
    return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
