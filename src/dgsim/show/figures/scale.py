"""The colours of maps: one scale an outcome, the same on the screen and in files, whatever a policy does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import matplotlib
import numpy as np
from matplotlib.colors import Normalize, to_hex

from dgsim.numbers import SCALE, is_share

SEQUENTIAL, DIVERGING = "viridis", "RdBu"  # both readable without colour vision; blue is more, as in the bars
ROOM = 1.25  # above the largest value of the baseline
ROUND_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
MARKED = 0.6  # a sign is drawn where a difference is at least this part of the end of the scale
UP, DOWN = "+", "−"
COLOURS, TICKS = 256, 5


@dataclass(frozen=True)
class Scale:
    """From which value to which the colours run; of levels, or of differences around nought."""

    low: float
    high: float
    difference: bool = False

    @property
    def palette(self) -> str:
        """The name of the colour map."""
        return DIVERGING if self.difference else SEQUENTIAL

    @property
    def norm(self) -> Normalize:
        """For matplotlib."""
        return Normalize(self.low, self.high, clip=True)

    def colour(self, value: float) -> str:
        """The colour of a value; one beyond an end has that end's."""
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return _colours(self.palette)[round(share * (COLOURS - 1))]

    def ticks(self) -> list[float]:
        """Values to put beside their colours, from end to end."""
        return [float(value) for value in np.linspace(self.low, self.high, TICKS)]

    def sign(self, value: float) -> str:
        """A plus or minus where a difference is large, so that colour is never the only sign."""
        if not self.difference or not abs(value) >= MARKED * self.high:
            return ""
        return UP if value > 0 else DOWN


def level_scale(unit: str, values: Any) -> Scale:
    """The scale of an outcome: nought to the whole for shares and indices, else to a round number above `values`.

    >>> level_scale("share of dossiers", [0.1, 0.3]), level_scale("full-time equivalents", [310.0])
    (Scale(low=0.0, high=1.0, difference=False), Scale(low=0.0, high=400.0, difference=False))
    """
    if is_share(unit) or unit == SCALE:
        return Scale(0.0, 1.0)
    most, least = _ends(values)
    return Scale(-rounded_up(-least * ROOM) if least < 0 else 0.0, rounded_up(most * ROOM))


def difference_scale(values: Any) -> Scale:
    """Nought in the middle, and as far as a round number above the largest of `values` both ways.

    >>> difference_scale([-0.03, 0.011])
    Scale(low=-0.03, high=0.03, difference=True)
    """
    most = rounded_up(max(map(abs, _ends(values))))
    return Scale(-most, most, difference=True)


def rounded_up(value: float) -> float:
    """The next round number.

    >>> rounded_up(387.5), rounded_up(0.12), rounded_up(0.0)
    (400.0, 0.15, 1.0)
    """
    if not value > 0:
        return 1.0
    power = math.floor(math.log10(value))
    steps = (float(f"{step}e{power}") for step in ROUND_STEPS)
    return next(step for step in steps if step >= value * (1 - 1e-9))


def _ends(values: Any) -> tuple[float, float]:
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return (float(known.max()), float(known.min())) if known.size else (0.0, 0.0)


@cache
def _colours(palette: str) -> tuple[str, ...]:
    return tuple(to_hex(colour) for colour in matplotlib.colormaps[palette](np.linspace(0.0, 1.0, COLOURS)))
