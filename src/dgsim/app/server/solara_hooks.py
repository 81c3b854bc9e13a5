"""The one hook into Solara: what went wrong on a page is told here and not in the browser.

Solara sends the whole traceback, with the folders of this machine in it, to whoever made it fail. It formats it by
`traceback.format_exception` in three modules; in these the name `traceback` is taken over. Where a new Solara does so
in another way, the test of this file fails.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

import reacton.core
import solara.server.app
import solara.server.patch

TOLD = "This page failed; what the server printed says how."
TELLING: tuple[Any, ...] = (solara.server.app, solara.server.patch, reacton.core)
log = logging.getLogger("uvicorn.error")


class Kept:
    """The module `traceback`, but for one function."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    @staticmethod
    def format_exception(*arguments: Any, **named: Any) -> list[str]:
        """Print the traceback; what is returned, and sent, is a sentence."""
        log.error("%s", "".join(traceback.format_exception(*arguments, **named)))
        return [TOLD]


def keep_faults_here() -> None:
    """Take over."""
    for module in TELLING:
        module.traceback = Kept()
