"""Why one scenario ends elsewhere than another: the difference shared out among the levers that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.decide.evaluator import Evaluator, interval, make_evaluator, outcomes_named
from dgsim.decide.explanation import Explanation
from dgsim.decide.mediation import MIXTURES, gains_by_channel
from dgsim.engine.run import MOST_HELD, Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import whole_number
from dgsim.scenario import load_scenario, quarter_index, quarter_text
from dgsim.study.hybrids import Hybrids
from dgsim.study.shapley import EXACT, TOTAL, Attribution, check_sum, mixtures, shapley, widened
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike, check_lengths

ORDERS = 32  # sampled where there are more groups than are tried exactly


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
    hybrids = mixed(scenario, baseline, items=items, quarters=quarters, quarter=quarter)
    names = outcomes_named(outcome)
    evaluator = make_evaluator(
        hybrids.second,
        outcome=names[0],
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    walks = whole_number(orders, "orders", 4, MOST_HELD)
    evaluator.expect(mixtures(len(hybrids.groups), exact, walks) + (MIXTURES if provinces else 0))
    gains = gains_by_channel(evaluator, hybrids.first, hybrids.second, names) if provinces else (None, None)
    evaluators = [evaluator.about(name) for name in names]
    told = [(one, _shares(one, hybrids, exact, walks)) for one in evaluators]
    return Explanation(
        scenario=hybrids.second.name,
        baseline=hybrids.first.name,
        quarter=quarter_text(evaluator.quarter),
        levels={one.outcome: float(one.values(hybrids.first).mean()) for one in evaluators},
        exact=len(hybrids.groups) <= exact,
        coalitions=told[0][1].coalitions,
        groups=hybrids.groups,
        basis=evaluator.basis(hybrids.first, hybrids.second),
        contributions=pd.concat([_contributions(one, hybrids, share) for one, share in told], ignore_index=True),
        interactions=pd.concat([_interactions(one, hybrids, share) for one, share in told], ignore_index=True),
        provinces=gains[0],
        channels=gains[1],
    )


def mixed(
    scenario: ScenarioLike,
    baseline: ScenarioLike,
    *,
    items: bool = False,
    quarters: int | None = None,
    quarter: str | None = None,
) -> Hybrids:
    """The mixtures of two scenarios up to the quarter that is looked at: levers that differ only later are no group.

    >>> late = {"extends": ["staged"], "name": "late", "change": [{"from": "2028Q1", "citizens": {"fee_cut": 0.9}}]}
    >>> [len(mixed(late, "retention-only", quarters=stop).groups) for stop in (8, None)]
    [2, 3]
    """
    policies = [shortened(load_scenario(which), quarters) for which in (baseline, scenario)]
    check_lengths(policies)
    if quarter is not None:
        end = quarter_index(quarter) + 1
        policies = [shortened(policy, min(end, policy.quarters)) for policy in policies]
    return Hybrids(*policies, items=items)


def _shares(evaluator: Evaluator, hybrids: Hybrids, exact: int, orders: int) -> Attribution:
    """The parts of the difference in the outcome of the evaluator, of which the sum is checked."""
    players = len(hybrids.groups)
    shares = shapley(lambda coalition: evaluator.values(hybrids.of(coalition)), players, exact=exact, orders=orders)
    check_sum(shares)
    return shares


def _contributions(evaluator: Evaluator, hybrids: Hybrids, shares: Attribution) -> pd.DataFrame:
    mean, low, high = interval(shares.parts.T)
    low, high = widened(low, high, shares.sampling)
    table = pd.DataFrame(
        {
            "outcome": evaluator.outcome,
            "group": [group.name for group in hybrids.groups],
            "contribution": mean,
            "low": low,
            "high": high,
            **_ends("alone", shares.alone.T),
            **_ends("last", shares.last.T),
            "sampling": shares.sampling,
            "says": ["; ".join(group.says) for group in hybrids.groups],
        }
    )
    table = table.iloc[np.argsort(-np.abs(mean), kind="stable")]
    whole, least, most = (float(part) for part in interval(shares.total))
    total = {"outcome": evaluator.outcome, "group": TOTAL, "contribution": whole, "low": least, "high": most}
    total |= _ends("alone", shares.total) | _ends("last", shares.total) | {"sampling": 0.0, "says": ""}
    return pd.concat([table, pd.DataFrame([total])], ignore_index=True)


def _ends(name: str, samples: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), interval(samples), strict=True))


def _interactions(evaluator: Evaluator, hybrids: Hybrids, shares: Attribution) -> pd.DataFrame:
    columns = ["outcome", "first", "second", "interaction", "low", "high"]
    rows = [] if shares.pairs is None else list(_pair_rows(evaluator, hybrids, shares.pairs))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("interaction", key=lambda part: -part.abs(), kind="stable", ignore_index=True)


def _pair_rows(evaluator: Evaluator, hybrids: Hybrids, pairs: np.ndarray) -> Iterator[tuple[object, ...]]:
    names = [group.name for group in hybrids.groups]
    for p, first in enumerate(names):
        for q, second in enumerate(names[p + 1 :], start=p + 1):
            yield (evaluator.outcome, first, second, *(float(part) for part in interval(pairs[p, q])))
