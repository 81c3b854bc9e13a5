"""Why one scenario ends elsewhere than another: the difference shared out among the levers that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from dgsim.country import Country
from dgsim.decide.bench import Bench, interval, make_bench
from dgsim.decide.channels import MIXTURES, TOTAL, gains_by_channel
from dgsim.decide.mixing import Mixture
from dgsim.decide.shapley import EXACT, Attribution, shapley
from dgsim.scenario import load_scenario, quarter_text
from dgsim.study.compare import CONFIDENCE, ScenarioLike
from dgsim.study.ensemble import PLAUSIBLE_NAME, ParametersLike
from dgsim.study.errors import StudyError
from dgsim.study.record import Basis
from dgsim.study.simulate import Progress, shortened
from dgsim.world.state import PANEL
from dgsim.world.tables import OUTCOME_NAMES

TOLERANCE = 1e-9  # of the largest part, by which the parts may miss the whole
MOST_BY_PROVINCE = 48  # replications of 128 runs each


@dataclass(frozen=True, repr=False)
class Explanation:
    """What each group of levers contributes to the difference of a scenario from its baseline.

    contributions  `outcome, group, contribution, low, high, alone, alone_low, alone_high, sampling, says`, the largest
                   first; the last row is the `total`. `alone` is what the group does by itself
    level          the baseline's own outcome, mean of the replications
    exact          whether all mixtures were tried; if not, orders were sampled
    basis          scenarios (the baseline first), country, luck and parameters
    interactions   `outcome, first, second, interaction, low, high`: what two groups do together beyond what each does
                   (Grabisch and Roubens 1999); empty where orders were sampled
    provinces      `province_code, province, channel, contribution, low, high`: who gains through what, if asked for
    channels       `channel, contribution, low, high`: the same, mean of the provinces
    """

    scenario: str
    baseline: str
    unit: str
    quarter: str
    level: float
    exact: bool
    coalitions: int
    basis: Basis
    contributions: pd.DataFrame
    interactions: pd.DataFrame
    provinces: pd.DataFrame | None = None
    channels: pd.DataFrame | None = None

    def __repr__(self) -> str:
        outcome = self.contributions["outcome"].iloc[0]
        return f"Explanation({self.scenario} against {self.baseline}: {outcome} in {self.quarter})"


def explain(
    scenario: ScenarioLike,
    baseline: ScenarioLike,
    *,
    outcome: str = "use",
    quarter: str | None = None,
    items: bool = False,
    replications: int = 100,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    exact: int = EXACT,
    orders: int = 32,
    provinces: bool = False,
    progress: Progress | None = None,
) -> Explanation:
    """Share out the difference of a scenario from its baseline among the groups of levers in which they differ.

    The shares are Shapley values over mixed scenarios, exact up to `exact` groups, else over `orders` sampled orders
    with the error that leaves (it is part of the intervals). `items` takes every item of the roadmap by itself. All
    mixtures meet the same luck and the same sets of parameters. `provinces` also shares out the gain of every province
    among money, staff, foundations, redesign, peers, trust and the rules, where the outcome is a stock of provinces; it
    takes 128 runs a replication, of which it uses 48 at most. Raises StudyError, ScenarioError or CountryError.

    >>> from dgsim.decide.explain import explain
    >>> why = explain("reward-use", "staged", replications=2, quarters=8)
    >>> sorted(why.contributions["group"])
    ['incentives', 'measurement', 'total']
    """
    mixture = Mixture(*(shortened(load_scenario(which), quarters) for which in (baseline, scenario)), items=items)
    bench = make_bench(
        mixture.second,
        outcome=outcome,
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    players = len(mixture.groups)
    if provinces:
        bench.expected += MIXTURES * min(len(bench.replications), MOST_BY_PROVINCE)
    bench.expect(1 << players if players <= exact else 2 * players + 2 + orders * (players - 1))
    shares = shapley(lambda coalition: bench.values(mixture.of(coalition)), players, exact=exact, orders=orders)
    check_sum(shares)
    gains = _by_channel(bench, mixture) if provinces else (None, None)
    return Explanation(
        scenario=mixture.second.name,
        baseline=mixture.first.name,
        unit=bench.unit,
        quarter=quarter_text(bench.quarter),
        level=float(bench.values(mixture.of(0)).mean()),
        exact=shares.pairs is not None,
        coalitions=shares.coalitions,
        basis=bench.basis(mixture.first, mixture.second),
        contributions=_contributions(bench, mixture, shares),
        interactions=_interactions(bench, mixture, shares),
        provinces=gains[0],
        channels=gains[1],
    )


def _by_channel(bench: Bench, mixture: Mixture) -> tuple[pd.DataFrame, pd.DataFrame]:
    if bench.outcome not in (PANEL.names or ()):
        shared = ", ".join(name for name in OUTCOME_NAMES if name in (PANEL.names or ()))
        raise StudyError(f"{bench.outcome} is not known by province; of the outcomes, {shared} are")
    fewer = bench.replications[:MOST_BY_PROVINCE]
    return gains_by_channel(bench, mixture.first, mixture.second, bench.outcome, fewer)


def check_sum(shares: Attribution) -> None:
    """Raise StudyError unless the parts add up to the whole in every replication."""
    missed = np.abs(shares.parts.sum(axis=0) - shares.total).max()
    if missed > TOLERANCE * max(1.0, np.abs(shares.parts).max()):
        raise StudyError(f"the parts miss the whole by {missed:.3g}: this is a mistake of dgsim, please report it")


def widened(
    low: np.ndarray, high: np.ndarray, sampling: np.ndarray, replications: int
) -> tuple[np.ndarray, np.ndarray]:
    """An interval over replications, widened by the standard error of sampled orders."""
    middle, half = (low + high) / 2, (high - low) / 2
    wide = np.hypot(half, stdtrit(replications - 1, (1 + CONFIDENCE) / 2) * sampling)
    return middle - wide, middle + wide


def _contributions(bench: Bench, mixture: Mixture, shares: Attribution) -> pd.DataFrame:
    mean, low, high = interval(shares.parts.swapaxes(0, 1))
    low, high = widened(low, high, shares.sampling, len(bench.replications))
    alone, alone_low, alone_high = interval(shares.alone.swapaxes(0, 1))
    table = pd.DataFrame(
        {
            "outcome": bench.outcome,
            "group": [group.name for group in mixture.groups],
            "contribution": mean,
            "low": low,
            "high": high,
            "alone": alone,
            "alone_low": alone_low,
            "alone_high": alone_high,
            "sampling": shares.sampling,
            "says": ["; ".join(group.says) for group in mixture.groups],
        }
    )
    table = table.iloc[np.argsort(-np.abs(mean), kind="stable")]
    whole, least, most = (float(part) for part in interval(shares.total))
    total = {"outcome": bench.outcome, "group": TOTAL, "contribution": whole, "low": least, "high": most}
    total |= {"alone": whole, "alone_low": least, "alone_high": most, "sampling": 0.0, "says": ""}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def _interactions(bench: Bench, mixture: Mixture, shares: Attribution) -> pd.DataFrame:
    columns = ["outcome", "first", "second", "interaction", "low", "high"]
    rows = [] if shares.pairs is None else list(_pair_rows(bench, mixture, shares.pairs))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("interaction", key=lambda part: -part.abs(), kind="stable", ignore_index=True)


def _pair_rows(bench: Bench, mixture: Mixture, pairs: np.ndarray) -> Iterator[tuple]:
    names = [group.name for group in mixture.groups]
    for p, first in enumerate(names):
        for q, second in enumerate(names[p + 1 :], start=p + 1):
            yield (bench.outcome, first, second, *(float(part) for part in interval(pairs[p, q])))
