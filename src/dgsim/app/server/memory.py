"""What sessions leave behind is given back, once the last of them has ended and none has come for a while.

Runs and answers are shared by all sessions and bounded, but they outlive them; and what Python frees, the allocator of
the system keeps for itself until it is asked.
"""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import solara.lab
from solara.server import kernel_context

from dgsim.app.runs.cache import RUN_CACHE
from dgsim.app.runs.jobs import LOOKS, REFINED_LOOKS, STUDIES

ALONE = 60.0  # seconds without a session: who loads a page again is back by then


class Housekeeper:
    """Hears of sessions that end; gives back what they leave."""

    def __init__(self, alone: float = ALONE) -> None:
        self._alone = alone
        self._ended = threading.Event()

    def begin(self) -> None:
        """From now on, until the process ends."""
        solara.lab.on_kernel_start(self._session_began)
        threading.Thread(target=self._keep_house, daemon=True, name="dgsim-housekeeper").start()

    def _session_began(self) -> Callable[[], None]:
        return self._ended.set

    def _keep_house(self) -> None:
        while True:
            self._ended.wait()
            self._ended.clear()
            time.sleep(self._alone)
            let_go(nobody_here=not kernel_context.contexts)


def let_go(nobody_here: bool) -> None:
    """Give back what is free; where nobody is here, also the runs and answers that were kept for them."""
    if nobody_here:
        RUN_CACHE.forget()
        for studies in (STUDIES, LOOKS, REFINED_LOOKS):
            studies.forget()
        gc.collect()
    with suppress(OSError, AttributeError):  # a system without it gives back by itself, or not at all
        ctypes.CDLL(None).malloc_trim(0)
