"""The components that are drawn in the browser: plain data in, one event out. Their templates stand in `vue/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

Data = dict[str, Any]
Event = Callable[[Any], None]


def _quiet(_: Any) -> None:
    """An event nobody waits for."""


@solara.component_vue("vue/header.vue")
def Header(
    w: Data,
    pages: list[Data],
    page: str,
    language: str,
    languages: Data,
    address: str,
    command: str,
    can_undo: bool,
    can_redo: bool,
    problem: str,
    largest: int,
    file: Data | None = None,
    event_asked: Event = _quiet,
) -> None:
    """Name, pages and tools; keeps the address bar in step and listens to the browser's Back."""


@solara.component_vue("vue/levers.vue")
def Levers(groups: list[Data], w: Data, event_changed: Event = _quiet, event_reset: Event = _quiet) -> None:
    """Controls for levers and assumptions; `changed` is told a name and a value when a control is let go."""


@solara.component_vue("vue/map.vue")
def ProvinceMap(
    shape: Data, paint: Data, selected: str, title: str, help: str, stamp: str = "", event_picked: Event = _quiet
) -> None:
    """A map that is one stop of the Tab key, with arrow keys between provinces; `picked` is told a code."""


@solara.component_vue("vue/chart.vue")
def EChart(
    option: Data,
    title: str,
    note: str = "",
    height: int = 320,
    stamp: str = "",
    event_picked: Event = _quiet,
    event_brushed: Event = _quiet,
) -> None:
    """An ECharts chart; `picked` is told series, index and name of what was clicked."""


@solara.component_vue("vue/twin.vue")
def TwinTable(
    w: Data,
    name: str,
    kinds: list[str],
    table: Data | None = None,
    file: Data | None = None,
    event_opened: Event = _quiet,
    event_wanted: Event = _quiet,
) -> None:
    """The numbers behind a chart, shown on request, and the buttons that download it."""


@solara.component_vue("vue/cards.vue")
def Cards(cards: list[Data], chosen: str, stamp: str = "", event_picked: Event = _quiet) -> None:
    """Headline numbers with their difference from the baseline; `picked` is told the outcome's name."""


@solara.component_vue("vue/picks.vue")
def Picks(picks: list[Data], title: str, event_changed: Event = _quiet) -> None:
    """A row of labelled choices and buttons; `changed` is told a name and a value."""


@solara.component_vue("vue/timeline.vue")
def Timeline(
    items: list[Data],
    quarters: int,
    years: list[str],
    names: list[str],
    budget: list[Data],
    addable: list[Data],
    w: Data,
    stamp: str = "",
    event_moved: Event = _quiet,
    event_removed: Event = _quiet,
    event_added: Event = _quiet,
) -> None:
    """The roadmap as bars to drag or to move with arrow keys."""


@solara.component_vue("vue/choices.vue")
def Table(table: Data, clickable: bool = False, marked: int = -1, event_picked: Event = _quiet) -> None:
    """A table; if `clickable` the first cell of each row is a button, and `picked` is told its place."""


@solara.component_vue("vue/prose.vue")
def Prose(blocks: list[Data]) -> None:
    """Headings, paragraphs and lists; every text is shown as text, never as markup."""


@solara.component_vue("vue/guess.vue")
def CurveGuess(
    title: str, names: list[str], start: list[float], low: float, high: float, event_guessed: Event = _quiet
) -> None:
    """Points to drag or to move with arrow keys; `guessed` is told all their values."""


@solara.component_vue("vue/waiting.vue")
def Waiting(text: str, share: float | None = None) -> None:
    """Word of work in hand, with its progress."""


@solara.component_vue("vue/causes.vue")
def Causes(picture: Data, title: str, note: str) -> None:
    """The causal picture."""
