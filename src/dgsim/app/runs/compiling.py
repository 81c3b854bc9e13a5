"""How far the one compilation of the rules is, for the pages that wait for it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from dgsim.engine.compilation import compile_rules
from dgsim.world.cache import lasting


@dataclass(frozen=True)
class Compiling:
    """The seconds that the compilation has taken and those it takes in all, and whether what it makes is kept.

    >>> Compiling(seconds=5.0, expected=20.0).share
    0.25
    """

    seconds: float = 0.0
    expected: float = 0.0
    lasting: bool = True

    @property
    def share(self) -> float:
        """The share of the time that is over; 0 where nothing is known yet."""
        return self.seconds / self.expected if self.expected else 0.0


_so_far = Compiling()


def so_far() -> Compiling:
    """How far this process is."""
    return _so_far


def compile_and_tell() -> None:
    """Compile the rules, where it is still to be done."""
    start = time.monotonic()

    def told(done: int, all_rules: int, expected: float) -> None:
        global _so_far
        _so_far = Compiling(time.monotonic() - start, expected, lasting())

    compile_rules(told)
