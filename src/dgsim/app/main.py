"""The page every address leads to: header, the open page, and the wait for the one compilation."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import solara
from reacton.core import get_render_context

from dgsim.app.components import widgets
from dgsim.app.components.layout import heading, section
from dgsim.app.content.changes import change_lines
from dgsim.app.content.tables import header_lines
from dgsim.app.runs.cache import FULL, start_early
from dgsim.app.runs.hooks import use_compiled
from dgsim.app.state.address import address_of, left_out, page_address, view_of
from dgsim.app.state.command import command_of
from dgsim.app.state.files import LARGEST_FILE
from dgsim.app.state.pages import PAGE_KEYS, PAGES
from dgsim.app.state.session import Session
from dgsim.texts import LANGUAGES

PAGE_COMPONENTS = {page.key: import_module(f"dgsim.app.pages.{page.key}").Page for page in PAGES}
READY_AT_ONCE = {page.key for page in PAGES if not page.needs_runs}
STYLE = Path(__file__).with_name("style.css")
HEADER_WORDS = (
    *("skip", "scope", "undo", "redo", "copy_link", "copied_link", "copy_command", "copied_command"),
    *("save", "load", "language", "pages", "dismiss", "lost"),
)


@solara.component
def Page() -> None:
    """The whole view of one browser."""
    router = solara.use_router()
    view, problem = solara.use_memo(lambda: view_of(router.path, router.search or ""), [])
    session = solara.use_memo(lambda: Session(view, problem, get_render_context(), start_early), [])
    solara.Style(STYLE)
    with section("div", "dg", []):
        Top(session)
        with section("main", "dg-page", [], id="dg-main"):
            Body(session)
        Foot(session)


@solara.component
def Top(session: Session) -> None:
    """The header."""
    view, w, history = session.view, session.words, session.history.value
    address = address_of(view)
    texts = {name: w(f"header.{name}") for name in HEADER_WORDS}
    omitted = " ".join(w(key) for key in left_out(view))
    texts["copied_link"] += f" {omitted}" if omitted else ""
    widgets.Header(
        w=texts,
        pages=[{"key": key, "title": w(f"page.{key}"), "href": page_address(address, key)} for key in PAGE_KEYS],
        page=view.page,
        language=view.language,
        languages=dict(LANGUAGES),
        address=address,
        command=command_of(view, FULL),
        can_undo=bool(history.past),
        can_redo=bool(history.ahead),
        problem=session.problem.value,
        largest=LARGEST_FILE,
        file=session.file.value,
        event_asked=session.use_tool,
    )


@solara.component
def Body(session: Session) -> None:
    """The open page, once the rules are compiled."""
    w, page = session.words, session.view.page
    compiled, so_far = use_compiled()
    heading(w(f"page.{page}.heading"), 1)
    if compiled or page in READY_AT_ONCE:
        PAGE_COMPONENTS[page](session).key(page)
    else:
        pace = {"seconds": f"{so_far.seconds:.0f}", "expected": f"{so_far.expected:.0f}"}
        told = w("waiting.compiling" if so_far.lasting else "waiting.compiling_served", **pace)
        text = told if so_far.share else w("waiting.compiling_first")
        widgets.Waiting(text=text, share=so_far.share)


@solara.component
def Foot(session: Session) -> None:
    """What the numbers are, and are not; on paper also of which policy, baseline and seed they are."""
    view, w = session.view, session.words
    lines = [*header_lines(view, FULL, w), *change_lines(view.changes, w)]
    with section("footer", "dg-foot", []):
        widgets.Prose(blocks=[{"kind": "note", "text": w("foot.scope")}])
        with section("div", "dg-printed", []):
            widgets.Prose(blocks=[{"kind": "list", "items": lines}])


@solara.component
def Bare(children: list[Any] = []) -> None:  # noqa: B006
    """No frame of Solara's own around the page."""
    solara.v.Html(tag="div", children=children)


routes: list[Any] = [
    solara.Route(path="/" if key == PAGE_KEYS[0] else key, component=Page, label="dgsim", layout=Bare)
    for key in PAGE_KEYS
]
