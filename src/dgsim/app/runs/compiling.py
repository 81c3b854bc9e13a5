"""How far the one compilation of the rules is, for the pages that wait for it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dgsim.engine.compilation import compile_rules


@dataclass(frozen=True)
class Compiling:
    """The share of the rules that are compiled, and the seconds that took.

    >>> Compiling(share=0.25, seconds=5.0).expected
    20.0
    """

    share: float = 0.0
    seconds: float = 0.0

    @property
    def expected(self) -> float:
        """Seconds that all of it takes at this pace; 0 where there is none yet."""
        return self.seconds / self.share if self.share else 0.0


_so_far = Compiling()


def so_far() -> Compiling:
    """How far this process is."""
    return _so_far


def compile_and_tell() -> None:
    """Compile the rules, where it is still to be done."""
    start = time.monotonic()

    def told(done: int, all_rules: int) -> None:
        global _so_far
        _so_far = Compiling(done / all_rules, time.monotonic() - start)

    compile_rules(told)
