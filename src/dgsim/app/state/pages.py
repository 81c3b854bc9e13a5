"""The pages of the view in the order of the header: a row a page, drawn by the component of `pages/` of the same key.

A row stands here, below the components, because an address names a page before anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: its key in addresses, in the table of strings and as a module, and whether it shows runs of the model.

    A page without runs is drawn while the rules are still being compiled.
    """

    key: str
    needs_runs: bool = True


PAGES = (
    Page("explore"),
    Page("compare"),
    Page("sequence"),
    Page("incentives"),
    Page("worth"),
    Page("targets"),
    Page("results"),
    Page("agents"),
    Page("learn", needs_runs=False),
    Page("about", needs_runs=False),
)
PAGE_KEYS = tuple(page.key for page in PAGES)
