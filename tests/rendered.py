"""Pages of the browser view made without a browser: what was drawn, and the session behind it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import solara

from dgsim.app.components import widgets
from dgsim.app.main import PAGE_COMPONENTS
from dgsim.app.runs.cache import FIRST, FULL, pair_of, start_early
from dgsim.app.state.session import Session
from dgsim.app.state.view import View, first_view, shipped

SHORT = 8


@cache
def short_view() -> View:
    """A view whose runs are there already, so that pages need not wait."""
    policy, baseline = (shipped(name).with_changes(quarters=SHORT) for name in ("staged", "history"))
    start = replace(first_view().started_from(policy), baseline=baseline)
    for count in (FIRST, FULL):
        pair_of(start, count)
    return start


@dataclass
class Made:
    """A page that was rendered, and the session behind it."""

    session: Session
    box: Any

    def all(self, template: str) -> list[Any]:
        """The widgets drawn by a template of ours."""
        return [w for w in _walk(self.box) if _template(w) == template]

    def one(self, template: str) -> Any:
        return self.all(template)[0]

    def picks(self, name: str) -> Any:
        """The row of choices and buttons that has one of this name."""
        return next(p for p in self.all("picks.vue") if any(pick["name"] == name for pick in sent(p, "picks")))

    def pick(self, name: str) -> dict[str, Any]:
        """That choice or button itself."""
        return next(pick for pick in sent(self.picks(name), "picks") if pick["name"] == name)


def sent(widget: Any, name: str) -> Any:
    """What a widget was given under a name."""
    value = getattr(widget, name)
    return value.data if isinstance(value, widgets.Sent) else value


def _walk(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", None) or []:
        if not isinstance(child, str):
            yield from _walk(child)


def _template(widget: Any) -> str:
    file = getattr(widget, "template_file", None)
    return file[1].rpartition("/")[2] if isinstance(file, tuple) and file[1] else ""


@contextmanager
def pages_made() -> Iterator[Callable[[str, View], Made]]:
    """What makes pages; they are closed at the end."""
    opened = []

    def made(page: str, view: View) -> Made:
        session = Session(replace(view, page=page), start_early=start_early)

        @solara.component
        def Alone() -> None:  # noqa: N802
            PAGE_COMPONENTS[session.view.page](session)

        box, context = solara.render(Alone(), handle_error=False)
        opened.append(context)
        return Made(session, box)

    yield made
    for context in opened:
        context.close()
