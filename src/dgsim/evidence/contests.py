"""The model, the model without each mechanism, and naive rivals on one split: who leads, and whether data can see it.

How far the model is ahead of each has an interval: of scores over provinces drawn again (a paired bootstrap, Efron
1979) under the error that the common level of a year is allowed, for one year is one draw of it; of a national figure
over paired runs and the error of what was observed. Where the interval holds 0, the two cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm, rankdata

from dgsim.evidence.baselines import MODEL, NAIVE
from dgsim.evidence.mixture import Forecast
from dgsim.numbers import SCALE, TWO_SIDED
from dgsim.study.frames import BAND

RESAMPLES = 2_000
LEVELS = 21  # equally likely levels of the year; the middle one is what was published
WELL_COVERED = (0.85, 0.95)  # shares within a 90% interval that are as they should be
POINTS = 100.0  # points of the index in the whole index
POINTS_UNIT, PROVINCES_UNIT, DOSSIERS_UNIT = "points of the index", "share of provinces", "share of dossiers"
CONSTANT, ALIKE, BETTER, WORSE = (
    "the same for all provinces",
    "not distinguishable from dgsim",
    "dgsim is better",
    "dgsim is worse",
)
Floats = np.ndarray


@dataclass(frozen=True)
class Contest:
    """What is compared on one split.

    measure   of what was forecast of provinces and what came, over the last axis
    """

    group: str
    claim: str
    unit: str
    measure: Callable[[Floats, Floats], Floats]
    more_is_better: bool

    def rows(self, entered: Mapping[str, Floats], truth: Floats, seed: int) -> Iterator[dict[str, Any]]:
        """A row each; the model's claim, to be better than every naive rival, holds or does not.

        `truth` is [province], or [level, province] with what was published in the middle; what was entered is alike.
        """
        truths = np.atleast_2d(truth)
        those = {who: np.broadcast_to(values, truths.shape) for who, values in entered.items()}
        published, provinces = len(truths) // 2, truths.shape[1]
        found = {who: float(self.measure(values[published], truths[published])) for who, values in those.items()}
        drawn = np.random.default_rng(seed).integers(provinces, size=(RESAMPLES, provinces))
        level = np.arange(RESAMPLES)[:, np.newaxis] % len(truths)
        sign = 1.0 if self.more_is_better else -1.0
        again = {who: sign * self.measure(values[level, drawn], truths[level, drawn]) for who, values in those.items()}
        leads = {who: again[MODEL] - values for who, values in again.items() if np.isfinite(found[who])}
        ahead = {who: sign * (found[MODEL] - value) for who, value in found.items()}
        yield from _told(self.group, self.claim, self.unit, np.nan, found, ahead, leads)


def rank_agreement(values: Floats, truth: Floats) -> Floats:
    """Spearman's rank correlation over the last axis; NaN where all values are the same."""
    one, other = (rankdata(part, axis=-1) for part in (values, truth))
    one, other = (part - part.mean(axis=-1, keepdims=True) for part in (one, other))
    scale = np.sqrt((one**2).sum(axis=-1) * (other**2).sum(axis=-1))
    found: Floats = np.divide((one * other).sum(axis=-1), scale, out=np.full(scale.shape, np.nan), where=scale > 0.0)
    return found


def mean_miss(values: Floats, truth: Floats) -> Floats:
    """Mean absolute error over the last axis."""
    found: Floats = np.abs(values - truth).mean(axis=-1)
    return found


def mean_score(values: Floats, _: Floats) -> Floats:
    """The mean of a score that was reckoned for every province."""
    found: Floats = values.mean(axis=-1)
    return found


def forecast_rows(
    group: str,
    truths: str,
    forecasts: Mapping[str, Forecast],
    curve: Mapping[str, Floats],
    truth: Floats,
    error: float,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """The contests of forecasts with their distributions; `curve` holds rivals that have none, such as Bass's.

    `error` is that of the common level of the year of `truth` [province].
    """
    levels = truth + error * norm.ppf((np.arange(LEVELS)[:, np.newaxis] + 0.5) / LEVELS)
    centre = {who: told.scores.mean() for who, told in forecasts.items()} | dict(curve)
    apart = truth - truth.mean()
    scored = {who: POINTS * told.scores.crps(levels) for who, told in forecasts.items()}
    scored_apart = {who: POINTS * told.deviations.crps(apart) for who, told in forecasts.items()}
    for claim, unit, measure, more, entered, came in (
        ("rank correlation", TWO_SIDED, rank_agreement, True, centre, levels),
        ("mean absolute error", SCALE, mean_miss, False, centre, levels),
        ("continuous ranked probability score", POINTS_UNIT, mean_score, False, scored, levels),
        ("continuous ranked probability score, from the mean", POINTS_UNIT, mean_score, False, scored_apart, apart),
    ):
        yield from Contest(group, f"{claim}, {truths}", unit, measure, more).rows(entered, came, seed)
    for claim, inside in (
        ("inside the 90% interval", {who: told.scores.inside(truth) for who, told in forecasts.items()}),
        (
            "inside the 90% interval, from the mean",
            {who: told.deviations.inside(apart) for who, told in forecasts.items()},
        ),
    ):
        yield from _coverage_rows(group, f"{claim}, {truths}", inside)


def _coverage_rows(group: str, claim: str, inside: Mapping[str, np.ndarray]) -> Iterator[dict[str, Any]]:
    """Shares of provinces inside their interval; the model claims that nine in ten are, give or take a twentieth."""
    for who, those in inside.items():
        share, (low, high) = float(those.mean()), WELL_COVERED
        holds = ("yes" if low <= share <= high else "no") if who == MODEL else ""
        row = {"group": group, "claim": claim, "who": who, "unit": PROVINCES_UNIT, "model": share, "holds": holds}
        yield {**row, "note": ""}


def miss_rows(
    group: str, claim: str, found: Mapping[str, Floats], seen: float, error: float, seed: int
) -> Iterator[dict[str, Any]]:
    """Everyone's figure beside the observed one; the model's claim is to miss it by less than each naive rival.

    `found` holds the figure of every run [run] of the model and its variants, on the same luck, and one of each rival.
    """
    runs = len(found[MODEL])
    came = seen + error * np.random.default_rng(seed).standard_normal(runs)
    missed = {who: np.abs(values - came) for who, values in found.items()}
    leads = {who: values - missed[MODEL] for who, values in missed.items()}
    means = {who: float(np.mean(values)) for who, values in found.items()}
    off = {who: abs(value - seen) for who, value in means.items()}
    ahead = {who: value - off[MODEL] for who, value in off.items()}
    yield from _told(group, claim, DOSSIERS_UNIT, seen, means, ahead, leads)


def _told(
    group: str,
    claim: str,
    unit: str,
    seen: float,
    found: Mapping[str, float],
    ahead: Mapping[str, float],
    leads: Mapping[str, Floats],
) -> Iterator[dict[str, Any]]:
    """Rows: `ahead` is by how much the model is better than each, `leads` the same [draw]."""
    bands = {who: tuple(np.quantile(values, BAND).tolist()) for who, values in leads.items()}
    naive = [who for who in NAIVE if who in bands]
    for who, value in found.items():
        row = {"group": group, "claim": claim, "who": who, "unit": unit, "observed": seen, "model": value}
        if who == MODEL:
            unclear = [rival for rival in naive if bands[rival][0] <= 0.0]
            note = f"not clearly ahead of: {', '.join(unclear)}" if unclear else ""
            yield {**row, "holds": "yes" if all(ahead[rival] > 0.0 for rival in naive) else "no", "note": note}
        elif who not in bands:
            yield {**row, "holds": "", "note": CONSTANT}
        else:
            low, high = bands[who]
            note = BETTER if low > 0.0 else WORSE if high < 0.0 else ALIKE
            yield {**row, "lead": ahead[who], "lead_low": low, "lead_high": high, "holds": "", "note": note}
