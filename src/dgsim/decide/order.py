"""What the order of a roadmap is worth, at equal money and equal items, and which precedences make the difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.decide.evaluator import Evaluator, interval, make_evaluator, outcomes_named
from dgsim.decide.order_value import OWN_PLAN, VALUES, OrderValue
from dgsim.decide.orders import Orders, Starts
from dgsim.decide.swaps import Swap, precedences, swaps_of
from dgsim.engine.run import MOST_HELD, Progress, run_count
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import whole_number
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike
from dgsim.texts import words

OWN_ORDER, DRAWN, SWAPPED, SEARCHED = "own", "drawn", "exchanged", "searched"
EXCHANGED = 8  # orders in which each swap is tried


def order(
    scenario: ScenarioLike,
    *,
    outcome: str | Sequence[str] = "use",
    quarter: str | None = None,
    orders: int = 120,
    exchanged: int = EXCHANGED,
    replications: int = 50,
    fresh: int = 200,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> OrderValue:
    """Try legal orders of a scenario's roadmap and tell what the order is worth, and which precedences matter.

    The items keep their length and cost and share out the start dates the plan has; prerequisites are kept. Every two
    items change places, all else as it was. From the best and the worst of all these, swaps go on while they help;
    both are then run on fresh replications, so that they are not best and worst by luck.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        As in `simulate`.
    outcome : str or sequence of str, default "use"
        Names of the table of outcomes.
    quarter : str, optional
        When they are measured; by default at the end.
    orders : int, default 120
        All orders are tried if there are at most so many, else so many are drawn at random; at least 2.
    exchanged : int, default 8
        Where not all are tried, exchanges are tried in so many orders, the plan's own among them.
    replications : int, default 50
        Runs of each order.
    fresh : int, default 200
        Other runs that measure the best and the worst, at least 2.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    OrderValue
        What the order is worth, and what each precedence does, with 95% intervals.

    Raises
    ------
    ScenarioError, CountryError
        If the scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot, or the roadmap has fewer than two items.

    Examples
    --------
    >>> from dgsim import order
    >>> found = order("staged", orders=3, exchanged=1, replications=2, fresh=2, quarters=12)
    >>> list(found.value["measure"])
    ['best minus worst', 'best minus own', 'own minus worst']
    """
    plan = shortened(load_scenario(scenario), quarters)
    names, size = outcomes_named(outcome), run_count(fresh, "fresh", 2)
    evaluator = make_evaluator(
        plan,
        outcome=names[0],
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    ways, evaluators = Orders(plan), [evaluator.about(name) for name in names]
    trial = _tried(ways, orders, exchanged, seed)
    evaluator.progress.expect(_expected(trial, ways, len(names), len(evaluator.replications), size))
    later = range(len(evaluator.replications), len(evaluator.replications) + size)
    measured = {one.outcome: _measured(one, plan, ways, trial, later) for one in evaluators}
    value, pairs, tried = (
        pd.concat(parts, ignore_index=True) for parts in zip(*(one.tables for one in measured.values()), strict=True)
    )
    return OrderValue(
        scenario=plan.name,
        quarter=quarter_text(evaluator.quarter),
        luck_shares={one.outcome: luck_share(one.all_values(map(ways.plan, trial.drawn))) for one in evaluators},
        drawn=len(trial.drawn),
        fresh=size,
        complete=trial.complete,
        basis=evaluator.basis(plan),
        value=value,
        precedences=pairs,
        orders=tried,
        plans={OWN_PLAN: plan} | _ends_named({name: one.ends for name, one in measured.items()}),
        labels={item.name: item.text(words()) for item in ways.items},
    )


def order_runs(
    scenario: ScenarioLike,
    *,
    outcome: str | Sequence[str] = "use",
    orders: int = 120,
    exchanged: int = EXCHANGED,
    replications: int = 50,
    fresh: int = 200,
    seed: int = 0,
) -> int:
    """About how many runs `order` makes of a scenario; how far the search goes shows only as it goes."""
    ways, names = Orders(load_scenario(scenario)), outcomes_named(outcome)
    each, size = run_count(replications, lowest=2), run_count(fresh, "fresh", 2)
    return _expected(_tried(ways, orders, exchanged, seed), ways, len(names), each, size)


def _expected(trial: Trial, ways: Orders, outcomes: int, replications: int, fresh: int) -> int:
    """Runs of the orders that are tried, of a search for both ends of every outcome, and of what is run afresh."""
    searched = outcomes * 2 * (fresh + len(ways.names) * replications)
    return len(trial.kinds) * replications + searched + fresh


@dataclass(frozen=True)
class Measured:
    """Of one outcome: the best and the worst plan, and the tables of values, precedences and orders."""

    ends: dict[str, Scenario]
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def _measured(evaluator: Evaluator, plan: Scenario, ways: Orders, trial: Trial, later: range) -> Measured:
    """What the order is worth in one outcome: the best and the worst searched for, then run on later replications."""
    kinds = dict(trial.kinds)
    ends = _searched(evaluator, ways, kinds)
    value = _value(evaluator, {OWN_PLAN: plan} | ends, later)
    pairs = precedences(evaluator, ways, trial.swaps, trial.complete)
    return Measured(ends, (value, pairs, _orders_table(evaluator, ways, kinds)))


def _ends_named(ends: Mapping[str, Mapping[str, Scenario]]) -> dict[str, Scenario]:
    """The best and the worst plan of every outcome: those of the first by that name alone."""
    first = next(iter(ends))
    return {
        end if outcome == first else f"{end} for {outcome}": plan
        for outcome, plans in ends.items()
        for end, plan in plans.items()
    }


@dataclass(frozen=True)
class Trial:
    """The orders that are tried: how each came to be, in the order in which they did, and the swaps among them."""

    kinds: dict[Starts, str]
    swaps: list[Swap]
    complete: bool

    @property
    def drawn(self) -> list[Starts]:
        """The plan's own order and those that were drawn, or all."""
        return [starts for starts, kind in self.kinds.items() if kind in (OWN_ORDER, DRAWN)]


def _tried(ways: Orders, orders: int, exchanged: int, seed: int) -> Trial:
    """All legal orders, or some and in some of them every swap."""
    count, most = whole_number(orders, "orders", 2, MOST_HELD), whole_number(exchanged, "exchanged", 1, MOST_HELD)
    every = ways.every(count)
    drawn = every or ways.sampled(count, whole_number(seed, "seed", 0))
    kinds = {ways.own: OWN_ORDER} | {starts: DRAWN for starts in drawn if starts != ways.own}
    tried = swaps_of(ways, list(kinds), None if every else most)
    for starts in (starts for swap in tried for pair in swap.pairs for starts in pair):
        kinds.setdefault(starts, SWAPPED)
    return Trial(kinds, tried, every is not None)


def luck_share(values: np.ndarray) -> float:
    """Part of the variance between the means of orders that is luck, from values [order, replication].

    Replications are common to all orders, so what they share is taken out first.

    >>> luck_share(np.array([[1.0, 2.0], [3.0, 4.0]]))
    0.0
    """
    means = values.mean(axis=1)
    spread = means.var(ddof=1) if len(means) > 1 else 0.0
    if spread < 1e-24:
        return 0.0
    rest = values - means[:, None] - values.mean(axis=0) + values.mean()
    freedom = (values.shape[0] - 1) * (values.shape[1] - 1)
    noise = (rest**2).sum() / freedom / values.shape[1]
    return float(min(1.0, noise / spread))


def _searched(evaluator: Evaluator, ways: Orders, kinds: dict[Starts, str]) -> dict[str, Scenario]:
    """The best and the worst order as scenarios; what is tried on the way is added to the `kinds` of orders."""
    found = {}
    for end, sign in (("best", evaluator.direction), ("worst", -evaluator.direction)):

        def good(starts: Starts, sign: int = sign) -> float:
            return sign * float(evaluator.values(ways.plan(starts)).mean())

        plan = ways.plan(_climbed(ways, max(kinds, key=good), good, kinds))
        found[end] = plan.with_changes(name=f"{plan.name}-{end}-for-{evaluator.outcome.replace('_', '-')}")
    return found


def _climbed(ways: Orders, start: Starts, good: Callable[[Starts], float], kinds: dict[Starts, str]) -> Starts:
    """The order to which swaps lead while one still betters it."""
    for starts in ways.neighbours(start):
        kinds.setdefault(starts, SEARCHED)
        if good(starts) > good(start):
            return _climbed(ways, starts, good, kinds)
    return start


def _value(evaluator: Evaluator, plans: dict[str, Scenario], later: range) -> pd.DataFrame:
    """What the order is worth, in the direction in which more is better, on replications that chose nothing."""
    rows = []
    for measure, (more, less) in VALUES.items():
        seen = evaluator.values(plans[more]) - evaluator.values(plans[less])
        mean, low, high = interval(evaluator.values(plans[more], later) - evaluator.values(plans[less], later))
        rows.append((measure, evaluator.outcome, float(mean), float(low), float(high), float(seen.mean())))
    return pd.DataFrame(rows, columns=["measure", "outcome", "value", "low", "high", "first_seen"])


def _orders_table(evaluator: Evaluator, ways: Orders, kinds: Mapping[Starts, str]) -> pd.DataFrame:
    rows = []
    for starts, kind in kinds.items():
        text = " | ".join(
            f"{quarter_text(date)} " + ", ".join(n for n, at in zip(ways.names, starts, strict=True) if at == date)
            for date in sorted(set(starts))
        )
        rows.append((text, evaluator.outcome, float(evaluator.values(ways.plan(starts)).mean()), kind))
    return pd.DataFrame(rows, columns=["order", "outcome", "mean", "kind"])
