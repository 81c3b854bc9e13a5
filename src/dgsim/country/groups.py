"""Rich, middling and poor provinces: fifths of all, by what one calls rich."""

from __future__ import annotations

import numpy as np

from dgsim.country.country import Country

FIFTHS = {"poor": 0, "middle": 2, "rich": 4}
ALL_FIFTHS = 5


def revenue_a_head(country: Country) -> np.ndarray:
    """Own revenue that provinces retain, bvnd a head [province]: what they can pay with."""
    return country.column("revenue_retained_2020_bvnd") / country.column("population_2019")


def fifth(values: np.ndarray, which: str) -> np.ndarray:
    """The provinces in one of FIFTHS of what they have [province], true or false; those at its ends are in it.

    >>> fifth(np.arange(10.0), "poor").nonzero()[0].tolist(), fifth(np.arange(10.0), "rich").nonzero()[0].tolist()
    ([0, 1], [8, 9])
    """
    low, high = np.quantile(values, [FIFTHS[which] / ALL_FIFTHS, (FIFTHS[which] + 1) / ALL_FIFTHS])
    found: np.ndarray = (values >= low) & (values <= high)
    return found
