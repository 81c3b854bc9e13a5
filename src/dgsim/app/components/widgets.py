"""The components that are drawn in the browser: plain data in, one event out. Their templates stand in `vue/`.

Reacton looks for components inside every list and dictionary it is given, which for the data of a chart takes longer
than to draw it. What is sent is therefore wrapped (`Sent`), and unwrapped when it is put on the wire.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import solara

Data = dict[str, Any]
Event = Callable[[Any], None]


class Sent:
    """Data on its way to the browser, opaque on this side; two are equal where their data are."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: Any) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sent) and (self.data is other.data or self.data == other.data)


def _on_the_wire(value: Any, _widget: Any) -> Any:
    return value.data if isinstance(value, Sent) else value


def drawn(template: str) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """A component drawn by a Vue template: lists and dictionaries among its arguments are sent as they are."""

    def wrap(function: Callable[..., None]) -> Callable[..., Any]:
        names = [name for name in inspect.signature(function).parameters if not name.startswith("event_")]
        component = solara.component_vue(template, to_json=dict.fromkeys(names, _on_the_wire))(function)

        def element(**given: Any) -> Any:
            return component(
                **{name: Sent(value) if isinstance(value, dict | list) else value for name, value in given.items()}
            )

        return element

    return wrap


def _quiet(_: Any) -> None:
    """An event nobody waits for."""


@drawn("../vue/header.vue")
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


@drawn("../vue/levers.vue")
def Levers(
    groups: list[Data],
    w: Data,
    moved: Data | None = None,
    refused: int = 0,
    event_changed: Event = _quiet,
    event_tried: Event = _quiet,
    event_reset: Event = _quiet,
) -> None:
    """Controls for levers and assumptions; `changed` is told a name and a value when a control is let go,
    `tried` where one rests meanwhile.

    The text of a box is told as it was entered. `moved` has the fields that stand in place of those of the groups, by
    name. Where `refused` grows, what was given last is not taken: controls go back to where they stand.
    """


@drawn("../vue/map.vue")
def ProvinceMap(
    shape: Data, paint: Data, selected: str, title: str, help: str, stamp: str = "", event_picked: Event = _quiet
) -> None:
    """A map that is one stop of the Tab key, with arrow keys between provinces; `picked` is told a code."""


@drawn("../vue/chart.vue")
def EChart(
    option: Data,
    title: str,
    note: str = "",
    height: int = 320,
    language: str = "en",
    stamp: str = "",
    event_picked: Event = _quiet,
    event_brushed: Event = _quiet,
) -> None:
    """An ECharts chart; `picked` is told series, index and name of what was clicked."""


@drawn("../vue/twin.vue")
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


@drawn("../vue/arrival.vue")
def Arrival(title: str, asked: int) -> None:
    """A heading that comes into sight and takes the focus each time that `asked` grows."""


@drawn("../vue/cards.vue")
def Cards(cards: list[Data], chosen: str, stamp: str = "", event_picked: Event = _quiet) -> None:
    """Headline numbers with their difference from the baseline; `picked` is told the outcome's name."""


@drawn("../vue/picks.vue")
def Picks(picks: list[Data], title: str, refused: int = 0, event_changed: Event = _quiet) -> None:
    """A row of labelled choices and buttons; `changed` is told a name and a value, of a box the text entered in it.

    Where `refused` grows, what was entered last is not taken, and its box goes back to what holds.
    """


@drawn("../vue/timeline.vue")
def Timeline(
    items: list[Data],
    quarters: int,
    years: list[str],
    names: list[str],
    budget: list[Data],
    addable: list[Data],
    w: Data,
    stamp: str = "",
    refused: int = 0,
    event_moved: Event = _quiet,
    event_removed: Event = _quiet,
    event_added: Event = _quiet,
) -> None:
    """The roadmap as bars to drag or to move with arrow keys; where `refused` grows, what was given last is undone."""


@drawn("../vue/choices.vue")
def Table(table: Data, clickable: bool = False, marked: int = -1, event_picked: Event = _quiet) -> None:
    """A table; if `clickable` the first cell of each row is a button, and `picked` is told the number of the row."""


@drawn("../vue/prose.vue")
def Prose(blocks: list[Data]) -> None:
    """Headings, paragraphs and lists; every text is shown as text, never as markup."""


@drawn("../vue/guess.vue")
def CurveGuess(
    title: str,
    names: list[str],
    start: list[float],
    low: float,
    high: float,
    fixed: bool = False,
    event_guessed: Event = _quiet,
) -> None:
    """Points to drag or to move with arrow keys; `guessed` is told all their values."""


@drawn("../vue/waiting.vue")
def Waiting(text: str, share: float | None = None) -> None:
    """Word of work in hand, with its progress."""


@drawn("../vue/causes.vue")
def Causes(picture: Data, title: str, note: str) -> None:
    """The causal picture."""
