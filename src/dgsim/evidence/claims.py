"""The rows of a validation: a figure or a direction; of contests see :mod:`dgsim.evidence.contests`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from dgsim.country import Country
from dgsim.country.covariates import ministry_score, observed
from dgsim.evidence.assimilation import DTI_SCORE
from dgsim.evidence.baselines import MODEL
from dgsim.evidence.pattern_claims import OPEN, Pattern
from dgsim.evidence.targets import SCORED_YEAR, rank_correlation
from dgsim.study.frames import BAND

NUMBERS = ("observed", "model", "low", "high", "share", "lead", "lead_low", "lead_high")
COLUMNS = ("group", "claim", "role", "who", "unit", *NUMBERS, "holds", "note")
PORTAL = "papi_8_1_egov_portal_access"


@dataclass(frozen=True)
class About:
    """A figure of the cross-section that is no target of the fit."""

    claim: str
    unit: str
    note: str


MOBILITY = {
    "leader": About("Rank in 2022 of the leader of 2020", "rank", "Da Nang; among all provinces"),
    "climb": About("Largest climb from the rank of 2017 to that of 2022", "places", "53 provinces; Lang Son"),
    "fall": About("Largest fall from the rank of 2017 to that of 2022", "places", "53 provinces"),
    "portal": About(
        "Rank correlation of the index with access to portals as citizens report it",
        "-1..1",
        "2022; a weak gradient; the model: of use that is real",
    ),
}


def national_means(country: Country) -> Iterator[tuple[int, float]]:
    """Year and published mean of the index."""
    yield from ((int(row[1]), float(row[2])) for row in country.nation if row[0] == "dti_provincial_mean")


def mobility(index: np.ndarray, use: np.ndarray, country: Country) -> dict[str, np.ndarray]:
    """The model's figures, one value a run: `index` [year from 2020, run, province], `use` [run, province] in 2022."""
    leader = index[0].argmax(axis=1)
    ranks = rankdata(-index[-1], axis=1)
    score = ministry_score(country)
    known = score.spread == 0.0
    before = rankdata(-score.standing[known])
    after = rankdata(-index[-1][:, known], axis=1)
    return {
        "leader": ranks[np.arange(len(ranks)), leader],
        "climb": (before - after).max(axis=1),
        "fall": (after - before).max(axis=1),
        "portal": rank_correlation(use, observed(country, PORTAL, (SCORED_YEAR,))),
    }


def observed_mobility(country: Country) -> dict[str, float]:
    """The same figures as they were observed."""
    first, last = observed(country, DTI_SCORE, (2020,)), observed(country, DTI_SCORE, (SCORED_YEAR,))
    known = ministry_score(country).spread == 0.0
    before = rankdata(-ministry_score(country).standing[known])
    after = rankdata(-last[known])
    return {
        "leader": float(rankdata(-last)[np.nanargmax(first)]),
        "climb": float((before - after).max()),
        "fall": float((after - before).max()),
        "portal": float(rank_correlation(last, observed(country, PORTAL, (SCORED_YEAR,)))),
    }


def joined(parts: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Batches of values as one, by name."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def figure_row(group: str, claim: str, unit: str, seen: float, values: np.ndarray, note: str) -> dict[str, Any]:
    """A figure: it holds if what was observed lies within the 5th to 95th percentile of the runs."""
    low, high = np.quantile(values, BAND)
    holds = "yes" if low <= seen <= high else "no"
    numbers = {"observed": seen, "model": values.mean(), "low": low, "high": high, "share": np.nan}
    return {"group": group, "claim": claim, "who": MODEL, "unit": unit, **numbers, "holds": holds, "note": note}


def direction_row(group: str, pattern: Pattern, values: np.ndarray, often: float) -> dict[str, Any]:
    """A direction, and in what share of sets it comes out; one that is claimed holds if it does in so many of them."""
    low, high = np.quantile(values, BAND)
    share = float(pattern.holds(values).mean())
    numbers = {"observed": np.nan, "model": values.mean(), "low": low, "high": high, "share": share}
    holds = "" if pattern.role == OPEN else "yes" if share >= often else "no"
    about = {"group": group, "claim": pattern.claim, "role": pattern.role, "who": MODEL, "unit": pattern.unit}
    return {**about, **numbers, "holds": holds, "note": ""}
