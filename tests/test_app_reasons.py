"""Why two policies differ, what order is worth, what binds whom: asked on the pages, told as the commands print it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the extra app is not installed")

from rendered import Made, pages_made, sent, short_view
from test_app_command import in_a_shell

from dgsim.app import computing, reasons, studies
from dgsim.app.pictures import FULL, Stopped, pair_of
from dgsim.app.studies import Question, Studies, binding_question, order_question, why_question
from dgsim.app.view import View, first_view, shipped
from dgsim.app.words import words
from dgsim.study.errors import StudyError
from dgsim.world.tables import OUTCOME_NAMES

PATIENCE = 60.0  # seconds
PAGES = {"compare": "explain", "sequence": "order", "explore": "binding"}
COLUMNS = {
    "explain": ("group", "contribution", "low", "high"),
    "order": ("precedence", "effect", "low", "high"),
    "binding": ("province_code", "binds", "gain", "low", "high"),
}


@pytest.fixture(autouse=True)
def _few_runs(monkeypatch):
    """Studies small enough for tests, and none answered before."""
    monkeypatch.setattr(computing, "STUDIES", Studies())
    for name, count in {"FULL": 6, "FEWEST": 3, "RUNS": 60, "ORDERS": 4, "ORDER_RUNS": 3, "FRESH_RUNS": 4}.items():
        monkeypatch.setattr(studies, name, count)


@pytest.fixture(scope="module")
def view() -> View:
    return short_view()


@pytest.fixture
def make():
    with pages_made() as made:
        yield made


def answered(made: Made) -> str:
    """Ask, wait for the answer, and return the command that is copied."""
    made.picks("study").vue_changed({"name": "study", "value": True})
    end = time.monotonic() + PATIENCE
    while made.pick("study")["kind"] != "copy":
        assert time.monotonic() < end, "the answer did not come"
        time.sleep(0.05)
    return str(made.pick("study")["text"])


def texts(made: Made) -> str:
    return "\n".join(
        str(block.get("text") or block.get("items")) for p in made.all("prose.vue") for block in sent(p, "blocks")
    )


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_once_asked_and_tells_the_command(make, view, page, language):
    made = make(page, replace(view, language=language))
    before = len(made.all("chart.vue"))
    assert made.pick("study")["kind"] == "button"
    command = answered(made)
    assert command.splitlines()[-1].startswith(f"dgsim {PAGES[page]} ./staged-")
    assert command.splitlines()[-1] in texts(made)
    assert len(made.all("chart.vue")) > before
    assert "{" not in texts(made)
