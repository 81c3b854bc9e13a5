"""Rich, middling and poor provinces: fifths of all, by what one calls rich.

Grants and what they are spent on go by the *revenue* that a province retains, which is what it can pay with itself.
Specialists who leave go by *income*: wages outside the administration draw them, and those follow the product a head of
a place, whoever keeps the taxes on it. The two differ: a province of large industry keeps a small part of its revenue.
"""

from __future__ import annotations

import numpy as np

from dgsim.country.country import Country

RICH, MIDDLE, POOR = "rich", "middle", "poor"
FIFTHS = {POOR: 0, MIDDLE: 2, RICH: 4}
ALL_FIFTHS = 5


def revenue_a_head(country: Country) -> np.ndarray:
    """Own revenue that provinces retain, bvnd a head [province]: what they can pay with."""
    return country.column("revenue_retained_2020_bvnd") / country.column("population_2019")


def income_a_head(country: Country) -> np.ndarray:
    """Product a head, ratio to the mean of provinces [province], 1 where it is not known: what wages follow."""
    product = country.column("grdp_per_capita_2019_mvnd")
    ratio: np.ndarray = np.nan_to_num(product / np.nanmean(product), nan=1.0)
    return ratio


def fifth(values: np.ndarray, which: str) -> np.ndarray:
    """The provinces in one of FIFTHS of what they have [province], true or false; those at its ends are in it.

    >>> fifth(np.arange(10.0), "poor").nonzero()[0].tolist(), fifth(np.arange(10.0), "rich").nonzero()[0].tolist()
    ([0, 1], [8, 9])
    """
    low, high = np.quantile(values, [FIFTHS[which] / ALL_FIFTHS, (FIFTHS[which] + 1) / ALL_FIFTHS])
    found: np.ndarray = (values >= low) & (values <= high)
    return found
