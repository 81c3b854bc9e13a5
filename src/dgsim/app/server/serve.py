"""Start the server: settings that keep it quiet and local, and a look whether all it needs is there."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import warnings
import webbrowser
from importlib.util import find_spec
from pathlib import Path

from dgsim.app.results_folder import RESULTS_VARIABLE
from dgsim.errors import StudyError
from dgsim.texts.table import LANGUAGE_VARIABLE

INSTALL = 'pip install "dgsim[app]"'
ASSETS = ("@widgetti/solara-vuetify-app@10.1.1", "echarts@5.4.0", "requirejs@2.3.6")
SETTINGS = {
    "SOLARA_APP": "dgsim.app.main",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "dgsim",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_MODE": "production",
}
COLLECTING = (5_000, 20, 50)  # new objects, young and middle collections before the next older one
LARGEST_MESSAGE = 2**20  # bytes a browser may send at once; the largest scenario file is a quarter of it


def check_installed() -> None:
    """Raise StudyError with the line to type where a package or Solara's files for the browser are missing."""
    missing = [name for name in ("solara", "ipyvuetify", "uvicorn") if find_spec(name) is None]
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


def check_port(host: str, port: int) -> None:
    """Raise StudyError where the address cannot be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StudyError(f"{host} port {port} cannot be used ({error.strerror}); name another port") from None


def shown_host(host: str) -> str:
    """The name others on the network reach this machine by, where it listens on all of it."""
    return socket.gethostname() if host in ("0.0.0.0", "::") else host


def serve(host: str, port: int, results: Path, language: str, *, browser: bool = False) -> None:
    """Serve until interrupted, at first in a language; the rules are compiled meanwhile. Raises StudyError."""
    check_installed()
    check_port(host, port)
    os.environ.update(SETTINGS | {RESULTS_VARIABLE: str(results), LANGUAGE_VARIABLE: language})
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)  # of use inside a frame elsewhere only
    warnings.filterwarnings("ignore", ".*ComponentsView.*", UserWarning)  # see pages/agents: its own may not last here
    import uvicorn  # loaded once it is known to be installed

    threading.Thread(target=_warm_up, daemon=True).start()
    if browser:
        threading.Timer(1.0, webbrowser.open, [f"http://{host}:{port}/"]).start()
    uvicorn.run(
        "solara.server.starlette:app",
        host=host,
        port=port,
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
    )


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


def serve_tables(tables: int, host: str, port: int, results: Path, language: str) -> int:
    """One process a table, on ports that follow each other; the exit code of the first that fails, else 0.

    They end with this process, whether it is interrupted or terminated.
    """
    check_installed()
    ports = range(port, port + tables)
    for each in ports:
        check_port(host, each)
    options = ["--host", host, "--no-browser", "--results", str(results), "--language", language]
    processes = [
        subprocess.Popen([sys.executable, "-m", "dgsim", "app", "--port", str(each), *options]) for each in ports
    ]
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        codes = [process.wait() for process in processes]
    except KeyboardInterrupt:
        codes = [0]
    finally:
        for process in processes:
            process.terminate()
        signal.signal(signal.SIGTERM, before)
    return next((code for code in codes if code), 0)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
