"""A report as one page of HTML: its blocks filled into one template; every text from a file is escaped."""

from __future__ import annotations

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from dgsim.reports.blocks import Document
from dgsim.show.figures import style
from dgsim.texts import words


def page(document: Document) -> str:
    """The report as HTML, the same bytes for the same runs."""
    loader = PackageLoader("dgsim.reports", "")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def source(figure: Figure) -> str:
        """A figure as SVG within the page: an image of its own, so that no identifier meets another's."""
        return f"data:image/svg+xml;base64,{base64.b64encode(style.svg_bytes(figure, document.caption)).decode()}"

    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["source"] = source
    return environment.get_template("page.html").render(document=document, w=words(document.language))
