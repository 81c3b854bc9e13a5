"""What each item of a roadmap and each group of instruments is worth: the plan's worth shared out over mixed plans.

Every mixture takes some items and groups from the plan and the rest from the baseline, on the same luck and sets. The
parts are Shapley values, so they add up to the whole; what is lost where one alone is left out stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from dgsim.appraisals.gathering import Gathered
from dgsim.appraisals.lines import BENEFITS, COSTS, WHAT_OF
from dgsim.appraisals.worth import TOTAL, Worth, frame, ratio, summed
from dgsim.engine.run import Progress, shifted
from dgsim.scenario import Scenario
from dgsim.study.compare import paired_interval
from dgsim.study.hybrids import Hybrids
from dgsim.study.shapley import EXACT, Attribution, check_sum, mixtures, shapley, widened
from dgsim.texts.clauses import Fact

ITEM = "item"
ORDERS = 32  # sampled where there are more groups than are tried exactly
ITEM_RUNS = 40  # replications of every mixture
Gather = Callable[[Scenario, Progress | None], Gathered]  # runs a plan, a few replications of it
COST, GAIN = 0, 1  # columns of a coalition's values
REMAINING, USED, NET = -3, -2, -1  # rows of them after those of the quarters


def split(plan: Scenario, baseline: Scenario) -> Hybrids:
    """The groups by which a plan differs from its baseline, every item of the roadmap by itself; both as they are run.

    Raises StudyError where they are the same policy.
    """
    return Hybrids(baseline, plan, items=True)


def mixtures_of(hybrids: Hybrids, exact: int = EXACT, orders: int = ORDERS) -> int:
    """How many mixed plans are run, at most."""
    return mixtures(len(hybrids.groups), exact, orders)


def items_of(
    hybrids: Hybrids,
    gather: Gather,
    life: int,
    *,
    exact: int = EXACT,
    orders: int = ORDERS,
    runs: int = ITEM_RUNS,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The records of the items and groups of a plan, a row `total` last; `gather` makes `runs` runs of each mixture."""
    planned = mixtures_of(hybrids, exact, orders) * runs
    made = 0

    def gathered(coalition: int) -> Gathered:
        nonlocal made
        told = shifted(progress, made, max(planned, made + runs))
        made += runs
        return gather(hybrids.of(coalition), told)

    nobody, everybody = 0, 2 ** len(hybrids.groups) - 1
    ends = {nobody: gathered(nobody), everybody: gathered(everybody)}
    whole = Worth(ends[everybody], ends[nobody], life)

    def value(coalition: int) -> np.ndarray:
        return values_of(ends[coalition] if coalition in ends else gathered(coalition), whole)

    shares = shapley(value, len(hybrids.groups), exact=exact, orders=orders)
    check_sum(shares)
    records = [_record(group.name, at, shares) for at, group in enumerate(hybrids.groups)]
    records.sort(key=lambda row: -float(str(row["net_benefit"])))
    return frame(hybrids.second.name, [*records, _total(shares)])


def labels_of(hybrids: Hybrids) -> Mapping[str, Fact]:
    """What people call each item and group."""
    return {group.name: group.label for group in hybrids.groups}


def values_of(gathered: Gathered, whole: Worth) -> np.ndarray:
    """What a mixture costs and gains, bvnd discounted [replication, quarter, cost and gain].

    Three rows follow the quarters: the remaining life, the points of use at the horizon, and net benefit in all. What
    remains of a mixture goes on as what the `whole` plan built: what does nothing neither lengthens nor shortens what
    others did.
    """
    prices = gathered.prices
    quarterly = whole.side_by_quarter(gathered, prices) * whole.discounts(prices)[:, :, np.newaxis]
    remaining = whole.side(gathered, prices) - quarterly.sum(axis=1)
    lines = np.concatenate([quarterly, remaining[:, np.newaxis]], axis=1)
    costs, gains = (lines[:, :, WHAT_OF[what]].sum(axis=2) for what in (COSTS, BENEFITS))
    values = np.zeros((lines.shape[0], lines.shape[1] + 2, 2))
    values[:, :USED, COST], values[:, :USED, GAIN] = -costs, gains
    values[:, USED, GAIN] = gathered.use[:, -1] * 100
    values[:, NET, GAIN] = (gains + costs).sum(axis=1)
    return values


def _record(name: str, at: int, shares: Attribution) -> dict[str, object]:
    """One item: its part, with the error that sampling orders leaves, and what is lost without it."""
    row = _row(name, shares.parts[at])
    sampling = shares.sampling[at, NET, GAIN]
    low, high = widened(np.array(row["low"]), np.array(row["high"]), sampling)
    spent = float(str(row["costs"]))
    of_ratio = np.array(sampling / spent if spent > 0.0 else np.nan)
    ratios = widened(np.array(row["ratio_low"]), np.array(row["ratio_high"]), of_ratio)
    row |= dict(zip(("low", "high", "ratio_low", "ratio_high"), map(float, (low, high, *ratios)), strict=True))
    return row | {"sampling": float(sampling), **_without(shares.last[at])}


def _total(shares: Attribution) -> dict[str, object]:
    return _row(TOTAL, shares.total) | {"sampling": 0.0, **_without(shares.total)}


def _without(values: np.ndarray) -> dict[str, float]:
    lost = paired_interval(values[:, NET, GAIN])
    return dict(zip(("without_it", "without_low", "without_high"), map(float, lost.values()), strict=True))


def _row(name: str, values: np.ndarray) -> dict[str, object]:
    costs, gains = (values[:, :USED, column].sum(axis=1) for column in (COST, GAIN))
    path = (values[:, :REMAINING, GAIN] - values[:, :REMAINING, COST]).mean(axis=0).cumsum()
    points = float(values[:, USED, GAIN].mean())
    row = summed(ITEM, name, costs, gains, np.zeros_like(costs), path)
    return row | {"points_of_use": points, "cost_per_point": ratio(float(costs.mean()), points)}
