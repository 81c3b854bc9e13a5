"""A plan less its baseline, line by line, discounted; the sums of which all tables of an appraisal are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from dgsim.appraisals.gathering import Gathered, beyond, discounting, survival
from dgsim.appraisals.lines import BENEFITS, COSTS, IN_PROVINCES, LOCAL_OF, QUANTITY_OF, TRANSFERS, WHAT_OF
from dgsim.appraisals.prices import Prices
from dgsim.scenario import quarter_text
from dgsim.study.compare import paired_interval
from dgsim.study.frames import BAND

TOTAL = "total"
Price = Mapping[str, float | None]  # other prices by name; None leaves what is there
AS_THEY_ARE: Price = MappingProxyType({})


@dataclass(frozen=True)
class Worth:
    """One plan against its baseline.

    plan, base  what is left of their runs
    life        quarters that what was built lasts, 0 to leave out what remains at the horizon

    What remains is that of the plan *beyond* its baseline: the difference of the last year's flows goes on as what the
    plan built beyond the baseline survives.
    """

    plan: Gathered
    base: Gathered
    life: int

    @property
    def quarters(self) -> int:
        """How many quarters were run."""
        return len(self.plan.paths)

    @cached_property
    def surviving(self) -> np.ndarray:
        """The part of what the plan built beyond its baseline that is within its life [replication, quarter after]."""
        return survival(beyond(self.plan.built, self.base.built), self.life)

    @property
    def count(self) -> int:
        """How many replications were run."""
        return len(self.plan.prices.rates)

    def both(self, rate: float | None, prices: Price) -> tuple[tuple[Gathered, Prices], ...]:
        """Plan and baseline, each with its prices, or those given."""
        return tuple((side, side.prices.at(rate=rate, **prices)) for side in (self.plan, self.base))

    def lines(self, rate: float | None = None, prices: Price = AS_THEY_ARE, *, remaining: bool = True) -> np.ndarray:
        """What the plan is worth to whom each line is about, discounted, bvnd [replication, line]."""
        plan, base = (self.side(*one, remaining) for one in self.both(rate, prices))
        worth: np.ndarray = plan - base
        return worth

    def side(self, side: Gathered, prices: Prices, remaining: bool = True) -> np.ndarray:
        """The discounted lines of plan or baseline alone, bvnd [replication, line].

        What remains of them only means something once the other's is taken away.
        """
        sums = np.einsum("rq,rqk->rk", self.discounts(prices), side.quantities)
        if remaining:
            sums += self.after(prices)[:, np.newaxis] * side.last_year
        worth: np.ndarray = sums[:, QUANTITY_OF] * prices.weights
        return worth

    def discounts(self, prices: Prices) -> np.ndarray:
        """What money of each quarter is worth at the start [replication, quarter]."""
        return np.stack([discounting(rate, self.quarters) for rate in prices.rates])

    def after(self, prices: Prices) -> np.ndarray:
        """How many quarters at the start a quarter of the remaining life is worth in all [replication]."""
        worth = np.stack([discounting(rate, self.life, self.quarters) for rate in prices.rates])
        quarters: np.ndarray = (self.surviving * worth).sum(axis=1)
        return quarters

    def by_quarter(self, *, remaining: bool = False) -> np.ndarray:
        """Each quarter's lines, not discounted, bvnd [replication, quarter, line]; with those of the remaining life."""
        plan, base = (self.side_by_quarter(*one, remaining) for one in self.both(None, AS_THEY_ARE))
        worth: np.ndarray = plan - base
        return worth

    def side_by_quarter(self, side: Gathered, prices: Prices, remaining: bool = False) -> np.ndarray:
        """The lines of plan or baseline alone, not discounted, bvnd [replication, quarter, line]."""
        quantities = side.quantities
        if remaining:
            after = self.surviving[:, :, np.newaxis] * side.last_year[:, np.newaxis]
            quantities = np.concatenate([quantities, after], axis=1)
        worth: np.ndarray = quantities[:, :, QUANTITY_OF] * prices.weights[:, np.newaxis]
        return worth

    def cumulative(self, rate: float | None = None, prices: Price = AS_THEY_ARE) -> np.ndarray:
        """Discounted net benefit from the start to the end of each quarter, bvnd [replication, quarter, line]."""
        sides = []
        for side, priced in self.both(rate, prices):
            sides.append(self.side_by_quarter(side, priced) * self.discounts(priced)[:, :, np.newaxis])
        running: np.ndarray = (sides[0] - sides[1]).cumsum(axis=1)
        return running

    def provinces(self, at: int, rate: float | None = None, prices: Price = AS_THEY_ARE) -> np.ndarray:
        """The discounted lines of every province, the centre's left out, bvnd [replication, province, line].

        `at` is the number of the discount rate, 0 that of the appraisal, then the others, of which `rate` is the value.
        """
        sides = []
        for side, priced in self.both(rate, prices):
            weights = priced.weights[:, np.newaxis, IN_PROVINCES]
            sums = side.places[:, at] + self.after(priced)[:, np.newaxis, np.newaxis] * side.last_places
            sides.append(sums[:, :, LOCAL_OF] * weights)
        worth: np.ndarray = sides[0] - sides[1]
        return worth

    @property
    def paths(self) -> np.ndarray:
        """Net benefit of every province from the start, mean of the replications, bvnd [quarter, province]."""
        running: np.ndarray = (self.plan.paths - self.base.paths).cumsum(axis=0)
        return running

    @property
    def points_of_use(self) -> np.ndarray:
        """Points of use that the plan adds at the horizon [replication]: a hundredth of the dossiers is one."""
        points: np.ndarray = (self.plan.use[:, -1] - self.base.use[:, -1]) * 100
        return points


def record(
    by: str, name: str, lines: np.ndarray, kinds: dict[str, np.ndarray], path: np.ndarray | None = None
) -> dict[str, object]:
    """One record, from lines [replication, line] of which `kinds` tells costs, benefits and transfers apart.

    `path` is the cumulative mean by quarter of which the year of break-even is read.
    """
    costs, benefits, transfers = (lines[:, kinds[what]].sum(axis=1) for what in (COSTS, BENEFITS, TRANSFERS))
    return summed(by, name, -costs, benefits, transfers, path)


def summed(
    by: str,
    name: str,
    costs: np.ndarray,
    benefits: np.ndarray,
    transfers: np.ndarray,
    path: np.ndarray | None = None,
) -> dict[str, object]:
    """One record, from costs, benefits and transfers [replication]."""
    net = benefits - costs + transfers
    estimate = paired_interval(net)
    band = np.quantile(net, BAND)
    ratio_low, ratio_high = ratio_interval(benefits, costs)
    return {
        "by": by,
        "name": name,
        "costs": costs.mean(),
        "benefits": benefits.mean(),
        "transfers": transfers.mean(),
        "net_benefit": net.mean(),
        "low": float(estimate["low"]),
        "high": float(estimate["high"]),
        "benefit_cost_ratio": ratio(benefits.mean(), costs.mean()),
        "break_even": break_even(path) if path is not None else None,
        "chance_to_pay": (net > 0.0).mean(),
        "replications": len(net),
        "band_low": band[0],
        "band_high": band[1],
        "ratio_low": ratio_low,
        "ratio_high": ratio_high,
    }


def ratio_interval(benefits: np.ndarray, costs: np.ndarray) -> tuple[float, float]:
    """The 95% interval of a ratio of two means [replication], by the delta method; missing where nothing is spent.

    >>> ratio_interval(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    (2.0, 2.0)
    """
    middle, spent = ratio(benefits.mean(), costs.mean()), costs.mean()
    around = paired_interval((benefits - middle * costs) / spent if spent > 0.0 else np.full(len(costs), np.nan))
    return middle + float(around["low"]), middle + float(around["high"])


def ratio(over: float, under: float) -> float:
    """One over the other; missing where the other is nought or less.

    >>> ratio(3.0, 2.0), ratio(3.0, 0.0)
    (1.5, nan)
    """
    return float(over / under) if under > 0.0 else float("nan")


def break_even(path: np.ndarray) -> str | None:
    """The quarter from which what was gained so far covers what was paid, to the end; None where it does not.

    >>> break_even(np.array([-1.0, 2.0, -1.0, 0.5, 1.0])), break_even(np.array([1.0, -1.0]))
    ('2020Q4', None)
    """
    short = np.flatnonzero(path < 0.0)
    first = int(short[-1]) + 1 if len(short) else 0
    return quarter_text(first) if first < len(path) and path[-1] > 0.0 else None


def frame(plan: str, records: list[dict[str, object]]) -> pd.DataFrame:
    """Records as a table, the plan's name first."""
    return pd.DataFrame([{"plan": plan, **one} for one in records])


def lines_of_provinces() -> dict[str, np.ndarray]:
    """Which of the lines of provinces are costs, benefits and transfers."""
    return {what: chosen[IN_PROVINCES] for what, chosen in WHAT_OF.items()}
