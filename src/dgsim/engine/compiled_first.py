"""The one compilation before the first run of a script, with word of it in the log."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable

from dgsim.engine.compilation import compile_rules
from dgsim.world import cache

FIRST_SHARE = 0.2  # of the rules: from there on it is known how long all of them take
LOG = logging.getLogger("dgsim")


def compile_with_word(*, channels: bool = False) -> None:
    """Compile all that runs go through where it is still to be done, and say so to the logger ``dgsim``, as a warning.

    Unless logging is set up otherwise, Python writes that to standard error. A command or a page that tells how far it
    is compiles before its first run, so that nothing is left here; a process that another one started says nothing.
    With `channels` counterfactual runs count too.
    """
    if multiprocessing.parent_process() is not None:
        compile_rules(channels=channels)
        return
    word = Word()
    compile_rules(word.told, channels=channels)
    word.end()


class Word:
    """How long a compilation takes, said once while it goes on, and how long it took; nothing where there is none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.start = clock()
        self.begun = False

    def told(self, done: int, all_rules: int, expected: float) -> None:
        """So many rules of all are compiled; all of it takes so many seconds."""
        if not self.begun and done >= FIRST_SHARE * all_rules:
            self.begun = True
            how_often = "once on this machine" if cache.lasting() else "for this process alone"
            LOG.warning("Compiling the model's rules, %s: this takes about %.0f s.", how_often, expected)

    def end(self) -> None:
        """All is compiled."""
        if self.begun:
            LOG.warning("Compiled in %.0f s.", self.clock() - self.start)
