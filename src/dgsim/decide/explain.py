"""Why one scenario ends elsewhere than another: the difference shared out among the levers that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.decide.evaluator import Bench, about, interval, make_bench, outcomes_named
from dgsim.decide.hybrids import Mixture
from dgsim.decide.mediation import MIXTURES, TOTAL, gains_by_channel
from dgsim.decide.shapley import EXACT, Attribution, shapley
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario, quarter_text
from dgsim.study.compare import ScenarioLike
from dgsim.study.errors import whole_number
from dgsim.study.record import Basis
from dgsim.study.simulate import shortened
from dgsim.world.tables import OUTCOMES

TOLERANCE = 1e-9  # of the largest part, by which the parts may miss the whole
ORDERS = 32  # sampled where there are more groups than are tried exactly


@dataclass(frozen=True, repr=False)
class Explanation:
    """What each group of levers contributes to the difference of a scenario from its baseline.

    Attributes
    ----------
    scenario, baseline : str
        Whose difference from what.
    quarter : str
        When it is measured.
    levels : dict
        Each outcome that was asked for, and what the baseline comes to in it, mean of the replications.
    exact : bool
        Whether all mixtures were tried; if not, orders were sampled.
    coalitions : int
        How many mixtures were tried.
    basis : Basis
        Scenarios (the baseline first), country, luck and parameters.
    contributions : DataFrame
        `outcome, group, contribution, low, high, alone, alone_low, alone_high, last, last_low, last_high, sampling,
        says`, the largest first, then the `total`. `alone` is what the group does by itself, `last` what it adds to all
        the others; `sampling` is half the interval that sampled orders leave.
    interactions : DataFrame
        `outcome, first, second, interaction, low, high`: what two groups do together beyond what each does (Grabisch
        and Roubens 1999); empty where orders were sampled.
    provinces : DataFrame or None
        `province_code, province, channel, outcome, contribution, low, high`: who gains through what, if asked for.
    channels : DataFrame or None
        `channel, outcome, contribution, low, high`: the same of the whole country.
    """

    scenario: str
    baseline: str
    quarter: str
    levels: dict[str, float]
    exact: bool
    coalitions: int
    basis: Basis
    contributions: pd.DataFrame
    interactions: pd.DataFrame
    provinces: pd.DataFrame | None = None
    channels: pd.DataFrame | None = None

    def __repr__(self) -> str:
        names = ", ".join(self.levels)
        return f"Explanation({self.scenario} against {self.baseline}: {names} in {self.quarter})"

    @property
    def outcome(self) -> str:
        """The outcome, the first if there are several."""
        return next(iter(self.levels))

    @property
    def unit(self) -> str:
        """The unit of that outcome."""
        return OUTCOMES[self.outcome].unit

    @property
    def level(self) -> float:
        """The baseline's own value of that outcome."""
        return self.levels[self.outcome]

    def only(self, outcome: str) -> Explanation:
        """The same about one of its outcomes.

        Parameters
        ----------
        outcome : str
            One of those that were asked for.

        Returns
        -------
        Explanation
            With the rows of that outcome.
        """
        tables: dict[str, Any] = {
            name: about(getattr(self, name), outcome)
            for name in ("contributions", "interactions", "provinces", "channels")
            if getattr(self, name) is not None
        }
        return replace(self, levels={outcome: self.levels[outcome]}, **tables)


def explain(
    scenario: ScenarioLike,
    baseline: ScenarioLike,
    *,
    outcome: str | Sequence[str] = "use",
    quarter: str | None = None,
    items: bool = False,
    replications: int = 100,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    exact: int = EXACT,
    orders: int = ORDERS,
    provinces: bool = False,
    progress: Progress | None = None,
) -> Explanation:
    """Share out the difference of a scenario from its baseline among the groups of levers in which they differ.

    The shares are Shapley values over mixed scenarios. All mixtures meet the same luck and the same sets of parameters;
    several outcomes are read from the same runs.

    Parameters
    ----------
    scenario, baseline : str, Path, Mapping or Scenario
        Whose difference from what; as in `simulate`.
    outcome : str or sequence of str, default "use"
        Names of the table of outcomes.
    quarter : str, optional
        When they are measured; by default at the end.
    items : bool, default False
        Take every item of the roadmap by itself.
    replications : int, default 100
        Runs of each mixture.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.
    exact : int, default 8
        Up to so many groups all mixtures are tried.
    orders : int, default 32
        Beyond that, so many orders are sampled, at least 4; the error this leaves is part of the intervals.
    provinces : bool, default False
        Also share out the gain of every province and of the country among money, staff, foundations, redesign, peers,
        trust and the rules, where the outcomes are stocks of provinces; it takes 128 runs a replication.

    Returns
    -------
    Explanation
        What each group contributes, with its 95% interval; the parts sum to the whole in every replication.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import explain
    >>> found = explain("reward-use", "staged", replications=2, quarters=8)
    >>> sorted(found.contributions["group"])
    ['incentives', 'measurement', 'total']
    """
    mixture = Mixture(*(shortened(load_scenario(which), quarters) for which in (baseline, scenario)), items=items)
    names = outcomes_named(outcome)
    bench = make_bench(
        mixture.second,
        outcome=names[0],
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    players, walks = len(mixture.groups), whole_number(orders, "orders", 4)
    bench.expect(1 << players if players <= exact else 2 * players + 2 + walks * (players - 1))
    if provinces:
        bench.expect(MIXTURES)
    gains = gains_by_channel(bench, mixture.first, mixture.second, names) if provinces else (None, None)
    benches = [bench.about(name) for name in names]
    shares = [_shares(one, mixture, exact, walks) for one in benches]
    told = list(zip(benches, shares, strict=True))
    return Explanation(
        scenario=mixture.second.name,
        baseline=mixture.first.name,
        quarter=quarter_text(bench.quarter),
        levels={one.outcome: float(one.values(mixture.first).mean()) for one in benches},
        exact=players <= exact,
        coalitions=shares[0].coalitions,
        basis=bench.basis(mixture.first, mixture.second),
        contributions=pd.concat([_contributions(one, mixture, share) for one, share in told], ignore_index=True),
        interactions=pd.concat([_interactions(one, mixture, share) for one, share in told], ignore_index=True),
        provinces=gains[0],
        channels=gains[1],
    )


def _shares(bench: Bench, mixture: Mixture, exact: int, orders: int) -> Attribution:
    """The parts of the difference in the outcome of the bench, of which the sum is checked."""
    players = len(mixture.groups)
    shares = shapley(lambda coalition: bench.values(mixture.of(coalition)), players, exact=exact, orders=orders)
    check_sum(shares)
    return shares


def check_sum(shares: Attribution) -> None:
    """Raise StudyError unless the parts add up to the whole in every replication."""
    missed = np.abs(shares.parts.sum(axis=0) - shares.total).max()
    if missed > TOLERANCE * max(1.0, np.abs(shares.parts).max()):
        raise StudyError(f"the parts miss the whole by {missed:.3g}: this is a mistake of dgsim, please report it")


def widened(low: np.ndarray, high: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An interval over replications, widened by half the interval that sampled orders leave.

    >>> widened(np.array([-3.0]), np.array([3.0]), np.array([4.0]))
    (array([-5.]), array([5.]))
    """
    middle, wide = (low + high) / 2, np.hypot((high - low) / 2, half)
    return middle - wide, middle + wide


def _contributions(bench: Bench, mixture: Mixture, shares: Attribution) -> pd.DataFrame:
    mean, low, high = interval(shares.parts.T)
    low, high = widened(low, high, shares.sampling)
    table = pd.DataFrame(
        {
            "outcome": bench.outcome,
            "group": [group.name for group in mixture.groups],
            "contribution": mean,
            "low": low,
            "high": high,
            **_ends("alone", shares.alone.T),
            **_ends("last", shares.last.T),
            "sampling": shares.sampling,
            "says": ["; ".join(group.says) for group in mixture.groups],
        }
    )
    table = table.iloc[np.argsort(-np.abs(mean), kind="stable")]
    whole, least, most = (float(part) for part in interval(shares.total))
    total = {"outcome": bench.outcome, "group": TOTAL, "contribution": whole, "low": least, "high": most}
    total |= _ends("alone", shares.total) | _ends("last", shares.total) | {"sampling": 0.0, "says": ""}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def _ends(name: str, samples: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), interval(samples), strict=True))


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
