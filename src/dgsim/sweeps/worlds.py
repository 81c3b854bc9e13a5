"""Sampled worlds: what policies come to in each, how often one beats another, and which assumptions turn it round.

A world is one combination of the uncertain values of a sweep. Every policy meets every world with the same luck, so
that two policies can be compared world by world.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from dgsim.errors import StudyError
from dgsim.study.catalogue import outcome_named
from dgsim.study.sequential import CONFIDENCE
from dgsim.sweeps.results import Sweep
from dgsim.world.tables import OUTCOMES, PARAMETERS

PART = 3  # worlds are ordered by a parameter and cut into so many parts; the first is compared with the last


def by_world(
    result: Sweep, outcome: str, quarter: str | None = None, policy: Sequence[str] = ("scenario",)
) -> pd.DataFrame:
    """Means over replications: a row a world, a column a policy.

    `policy` names the columns of `result.points` that tell policies apart; levers that are not among them are
    averaged over. Without `quarter` it is the last one that was kept. A world in which a policy has no run is left
    out. Raises StudyError where the outcome, the quarter or a column is not in the sweep.
    """
    outcome_named(outcome)
    unknown = [name for name in policy if name not in result.points.columns]
    when = result.when[-1] if quarter is None else quarter
    for name, known in ((outcome, result.names), (when, result.when), *((name, ()) for name in unknown)):
        if name not in known:
            raise StudyError(f"{name} is not in {result!r}")
    rows = result.wide.loc[result.wide["quarter"] == when, ["point", outcome]]
    points = rows["point"].to_numpy()
    keys = {name: result.points[name].to_numpy()[points] for name in policy}
    labelled = pd.DataFrame({"world": _numbers(result)[points], **keys, "value": rows[outcome].to_numpy()})
    return labelled.pivot_table("value", "world", list(policy), sort=False).dropna()


def worlds(result: Sweep) -> pd.DataFrame:
    """The uncertain values of each world, a row a world, numbered as in :func:`by_world`."""
    values = result.points[_uncertain(result)]
    return values.groupby(_numbers(result)).first()


def _uncertain(result: Sweep) -> list[str]:
    return list(result.manifest["design"]["uncertain"])


def _numbers(result: Sweep) -> np.ndarray:
    """The number of the world of each point [point]."""
    names = _uncertain(result)
    if not names:
        return np.zeros(len(result.points), dtype=int)
    return result.points.groupby(names, sort=False).ngroup().to_numpy()


def better_by(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The table of an outcome with its sign such that more is better."""
    return OUTCOMES[outcome].sign * table


def beats(better: pd.DataFrame) -> pd.DataFrame:
    """The share of worlds in which the policy of a row is above that of a column, from a table [world, policy].

    >>> beats(pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, 3.0]})).loc["a", "b"]
    np.float64(0.5)
    """
    values = better.to_numpy()
    shares = (values[:, :, None] > values[:, None, :]).mean(axis=0)
    np.fill_diagonal(shares, np.nan)
    return pd.DataFrame(shares, better.columns, better.columns)


def best_shares(better: pd.DataFrame) -> pd.DataFrame:
    """In which share of worlds each policy is best: `share, low, high`, a row a policy, the most frequent first."""
    won = better.idxmax(axis=1).value_counts().reindex(better.columns, fill_value=0)
    table = pd.DataFrame([share_of(int(count), len(better)) for count in won], better.columns, ["share", "low", "high"])
    return table.sort_values("share", ascending=False, kind="stable")


def share_of(count: int, of: int) -> tuple[float, float, float]:
    """A share and its 95% interval (Wilson).

    >>> [round(number, 3) for number in share_of(0, 100)]
    [0.0, 0.0, 0.037]
    """
    interval = stats.binomtest(count, of).proportion_ci(CONFIDENCE, "wilson")
    return count / of, float(interval.low), float(interval.high)


def flips(values: pd.DataFrame, won: pd.Series) -> pd.DataFrame:
    """Which assumptions turn a comparison round: how often it is won where a parameter is low, and where it is high.

    `values` has the parameters of each world, `won` is true in the worlds that are won. A row a parameter, the
    largest difference first: `parameter, label, theme`, the share of the lowest and of the highest third of worlds
    that is won, each with its 95% interval, `difference`, and whether it is `clear`: larger than luck would make
    the largest of so many (two-sided test of two shares, Bonferroni).
    """
    here, limit = values.loc[won.index], stats.norm.isf((1 - CONFIDENCE) / 2 / values.shape[1])
    rows = [_flip(here[name], won, limit) for name in values.columns if np.ptp(here[name]) > 0]
    table = pd.DataFrame(rows)
    return table.sort_values("difference", key=lambda column: -column.abs(), kind="stable", ignore_index=True)


def _flip(values: pd.Series, won: pd.Series, limit: float) -> dict[str, object]:
    parameter = PARAMETERS[str(values.name)]
    order, size = np.argsort(values.to_numpy(), kind="stable"), max(1, len(values) // PART)
    counts = [int(won.to_numpy()[chosen].sum()) for chosen in (order[:size], order[-size:])]
    low, high = (share_of(count, size) for count in counts)
    pooled = sum(counts) / (2 * size)
    spread = np.sqrt(pooled * (1 - pooled) * 2 / size)
    names = ("low", "low_least", "low_most", "high", "high_least", "high_most")
    return {
        "parameter": parameter.name,
        "label": parameter.label,
        "theme": parameter.theme,
        **dict(zip(names, (*low, *high), strict=True)),
        "difference": high[0] - low[0],
        "clear": bool(abs(high[0] - low[0]) > limit * spread),
    }
