"""How often something holds in runs, and how sure that is."""

from __future__ import annotations

import numpy as np
from scipy.stats import binomtest


def chance(holds: np.ndarray) -> tuple[float, float, float]:
    """The share of runs in which something holds [run], and its 95% interval (Wilson).

    >>> [round(end, 3) for end in chance(np.array([True] * 8 + [False] * 2))]
    [0.8, 0.49, 0.943]
    """
    ends = binomtest(int(holds.sum()), len(holds)).proportion_ci(method="wilson")
    return float(holds.mean()), float(ends.low), float(ends.high)
