"""Starting the server: what is missing is named with the line to type, and nothing is left to chance."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from dgsim.app.server import serve
from dgsim.app.server.endpoint import Endpoint
from dgsim.cli import main as cli
from dgsim.errors import StudyError


def test_missing_assets_are_answered_with_the_line_to_type(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOLARA_ASSETS_PROXY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(serve, "find_spec", lambda name: name)
    assert cli.main(["app", "--no-browser"]) == 2
    told = capsys.readouterr().err
    assert serve.INSTALL in told
    assert "\n" not in told.strip()


def test_missing_packages_are_answered_with_the_line_to_type(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(StudyError, match="solara, ipyvuetify, starlette, uvicorn, websockets"):
        serve.check_installed()


def test_telemetry_is_off_and_sessions_end_after_ten_minutes():
    assert serve.SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert serve.SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] == "10m"


def test_the_commands_say_what_they_do(capsys):
    for command in ("app", "serve"):
        assert cli.main([command, "--help"]) == 0
        assert "Example" in capsys.readouterr().out


def test_the_address_is_this_machine_unless_told(capsys):
    cli.main(["app", "--help"])
    assert "127.0.0.1" in capsys.readouterr().out
    assert Endpoint("127.0.0.1", 1).address() == "http://127.0.0.1:1/"
    assert Endpoint("::1", 1).address("abc") == "http://[::1]:1/?key=abc"


def test_bound_to_all_networks_the_number_is_told_and_the_name_beside_it(monkeypatch):
    """A bare name of a machine is known to few others."""
    monkeypatch.setattr("dgsim.app.server.endpoint.own_address", lambda *_: "192.0.2.7")
    monkeypatch.setattr("socket.gethostname", lambda: "desk")
    everywhere = Endpoint("0.0.0.0", 1)
    assert everywhere.address("abc") == "http://192.0.2.7:1/?key=abc"
    assert everywhere.by_name("abc") == "http://desk:1/?key=abc"
    assert Endpoint("127.0.0.1", 1).by_name() is None
    monkeypatch.setattr("dgsim.app.server.endpoint.own_address", lambda *_: None)
    assert everywhere.address() == "http://desk:1/"
    assert everywhere.by_name() is None


def test_the_browser_opens_in_the_language_that_was_asked_for(monkeypatch, tmp_path):
    told: dict[str, str] = {}
    running = pytest.importorskip("dgsim.app.server.running", reason="the extra app is not installed")
    monkeypatch.setattr(running, "run", lambda *_: None)
    for name in ("check_installed", "_warm_up"):
        monkeypatch.setattr(serve, name, lambda: None)
    monkeypatch.setattr(serve.os, "environ", told)
    assert cli.main(["app", "--no-browser", "--port", str(two_free_ports()), "--language", "vi"]) == 0
    assert told["DGSIM_LANGUAGE"] == "vi"


def test_every_table_opens_in_the_language_that_was_asked_for(monkeypatch):
    started: list[list[str]] = []

    class Ended:
        def __init__(self, command: list[str], env: dict[str, str]) -> None:
            started.append(command)

        def poll(self) -> int:
            return 0

        def wait(self) -> int:
            return 0

        def terminate(self) -> None:
            pass

    monkeypatch.setattr(serve, "check_installed", lambda: None)
    monkeypatch.setattr(serve.subprocess, "Popen", Ended)
    assert cli.main(["serve", "--tables", "2", "--port", str(two_free_ports()), "--language", "vi"]) == 0
    assert [command[-2:] for command in started] == [["--language", "vi"]] * 2


def two_free_ports() -> int:
    """The first of two ports in a row that are free now."""
    for port in range(21000, 60000, 89):
        try:
            for each in (port, port + 1):
                Endpoint("127.0.0.1", each).listen().close()
        except StudyError:
            continue
        return port
    raise AssertionError("no free ports")


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).close()
    except (urllib.error.URLError, OSError):
        return False
    return True


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about in 40 seconds")


def test_tables_answer_at_the_printed_addresses_and_end_with_the_command():
    pytest.importorskip("solara", reason="the extra app is not installed")
    port = two_free_ports()
    command = [sys.executable, "-m", "dgsim", "serve", "--tables", "2", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ)
    try:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == [
            f"table {k + 1}: http://127.0.0.1:{port + k}/" for k in range(2)
        ]
        wait_until(lambda: answers(port) and answers(port + 1))
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        wait_until(lambda: not answers(port) and not answers(port + 1))
    finally:
        process.kill()
        process.stdout.close()
