"""The real provinces with figures that a test makes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from dgsim.country import Country, load_country

approx = pytest.approx
COUNTRY = load_country()
SCORE = "dti_score"
GRADIENT = np.linspace(-1.0, 1.0, len(COUNTRY))


def with_figures(
    scores: Mapping[int, np.ndarray], means: Mapping[int, float] | None = None, indicator: str = SCORE
) -> Country:
    """Provinces whose scores, by year, are these (NaN: not published), under these published means."""
    rows = [
        (code, indicator, year, float(value))
        for year, values in scores.items()
        for code, value in zip(COUNTRY.codes, values, strict=True)
        if np.isfinite(value)
    ]
    nation = [("dti_provincial_mean", str(year), str(mean)) for year, mean in (means or {}).items()]
    return replace(COUNTRY, observations=tuple(rows), nation=tuple(nation))
