"""Numbers on their way to the screen: with as many digits as are looked at."""

from __future__ import annotations

import numpy as np

from dgsim.numbers import significant

SHORT_DIGITS = 5


def short(value: float) -> float:
    """A number short enough to send.

    >>> short(1234567.0), short(0.000123456)
    (1234600.0, 0.00012346)
    """
    return significant(value, SHORT_DIGITS)


def short_numbers(values: np.ndarray) -> list[float | None]:
    """Numbers short enough to send, of an array taken as one row; what is missing is None.

    >>> short_numbers(np.array([2 / 3, np.nan]))
    [0.66667, None]
    """
    return [short(value) if np.isfinite(value) else None for value in np.asarray(values).ravel()]
