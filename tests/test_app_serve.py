"""Starting the server: what is missing is named with the line to type, and nothing is left to chance."""

from __future__ import annotations

import socket

import pytest

from dgsim import cli
from dgsim.app import serve
from dgsim.study.errors import StudyError


def test_missing_assets_are_answered_with_the_line_to_type(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOLARA_ASSETS_PROXY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(serve, "find_spec", lambda name: name)
    assert cli.main(["app", "--no-browser"]) == 2
    told = capsys.readouterr().err
    assert serve.INSTALL in told
    assert "\n" not in told.strip()


def test_missing_packages_are_answered_with_the_line_to_type(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(StudyError, match="solara, ipyvuetify, uvicorn"):
        serve.check_installed()


def test_a_port_in_use_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StudyError, match="name another with --port"):
            serve.check_port("127.0.0.1", taken.getsockname()[1])


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
    assert serve.shown_host("0.0.0.0") == socket.gethostname()
    assert serve.shown_host("127.0.0.1") == "127.0.0.1"
