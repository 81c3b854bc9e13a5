"""The plain pieces of a page: a section with a class of its own, and a heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

Element = Any


def section(tag: str, kind: str, children: Sequence[Element], **attributes: str) -> Element:
    """A piece of the page with a class of its own."""
    return solara.v.Html(tag=tag, class_=kind, children=list(children), attributes=attributes)


def heading(text: str, level: int = 2) -> Element:
    """A heading."""
    return solara.v.Html(tag=f"h{level}", children=[text])
