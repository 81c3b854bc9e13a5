"""What the order of a roadmap is worth, at equal money and equal items, and which precedences make the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from dgsim.country import Country
from dgsim.decide.bench import Bench, interval, make_bench
from dgsim.decide.orders import Orders, Starts
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.scenario.difference import ITEM_LABELS
from dgsim.study.compare import CONFIDENCE, ScenarioLike
from dgsim.study.ensemble import PLAUSIBLE_NAME, ParametersLike
from dgsim.study.errors import whole_number
from dgsim.study.record import Basis
from dgsim.study.simulate import Progress, shortened

VALUES = ("best minus worst", "best minus own", "own minus worst")


@dataclass(frozen=True, repr=False)
class OrderValue:
    """What the order of a scenario's roadmap is worth.

    value        `measure, outcome, value, low, high, first_seen`: best minus worst, best minus own, own minus worst,
                 all on replications that had no part in finding them; `first_seen` is the same on those that had
    precedences  `precedence, first, second, outcome, effect, low, high, orders`: how much better the outcome ends,
                 on average over the orders tried, if `first` starts before `second`; the largest first
    orders       `order, mean, kind`: every order that was tried, as items by date, in a random, searched or own way
    plans        the scenarios "best", "worst" and "own"
    luck_share   part of the spread between the orders that were tried at random that luck explains, 0..1
    labels       each item's name in words, in the plan's own order
    complete     whether all legal orders were tried
    """

    scenario: str
    outcome: str
    unit: str
    quarter: str
    fresh: int
    complete: bool
    luck_share: float
    basis: Basis
    value: pd.DataFrame
    precedences: pd.DataFrame
    orders: pd.DataFrame
    plans: dict[str, Scenario]
    labels: dict[str, str]

    def __repr__(self) -> str:
        return f"OrderValue({self.scenario}: {self.outcome} in {self.quarter}, {len(self.orders)} orders)"


def order(
    scenario: ScenarioLike,
    *,
    outcome: str = "use",
    quarter: str | None = None,
    orders: int = 120,
    replications: int = 50,
    fresh: int = 200,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> OrderValue:
    """Try legal orders of a scenario's roadmap and tell what the order is worth.

    The items keep their length and cost and share out the start dates the plan has; prerequisites are kept. All
    orders are tried if there are at most `orders`; else so many at random, and the best and the worst of them are
    bettered and worsened by exchanging two items while that helps. Both are then run on `fresh` other replications, so
    that they are not best and worst by luck. Raises StudyError, ScenarioError or CountryError.

    >>> from dgsim.decide.order import order
    >>> found = order("staged", orders=3, replications=2, fresh=2, quarters=12)
    >>> list(found.value["measure"])
    ['best minus worst', 'best minus own', 'own minus worst']
    """
    plan = shortened(load_scenario(scenario), quarters)
    ways = Orders(plan)
    count = whole_number(orders, "orders", 2)
    bench = make_bench(
        plan,
        outcome=outcome,
        quarter=quarter,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    size = whole_number(fresh, "fresh", 2)
    later = range(len(bench.replications), len(bench.replications) + size)
    everything = ways.every(count)
    tried = everything or [ways.own, *(starts for starts in ways.sampled(count, bench.seed) if starts != ways.own)]
    bench.expect(len(tried) + (0 if everything else 2 * len(ways.names)))
    bench.expected += 3 * size
    values = bench.all_values(map(ways.plan, tried))
    found = {tuple(starts): value.mean() for starts, value in zip(tried, values, strict=True)}
    best, worst = (
        _searched(bench, ways, found, sign, bool(everything)) for sign in (bench.direction, -bench.direction)
    )
    plans = {
        "best": ways.plan(best).with_changes(name=f"{plan.name}-best-order"),
        "worst": ways.plan(worst).with_changes(name=f"{plan.name}-worst-order"),
        "own": plan,
    }
    return OrderValue(
        scenario=plan.name,
        outcome=bench.outcome,
        unit=bench.unit,
        quarter=quarter_text(bench.quarter),
        fresh=size,
        complete=everything is not None,
        luck_share=luck_share(values),
        basis=bench.basis(plan),
        value=_value(bench, plans, later),
        precedences=_precedences(bench, ways, tried, values, everything is not None),
        orders=_orders_table(ways, tried, found),
        plans=plans,
        labels={name: _label(plan, name) for name in ways.names},
    )


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


def _searched(bench: Bench, ways: Orders, found: dict[Starts, float], sign: int, complete: bool) -> Starts:
    """The best order (or, with the other sign, the worst): from the best that is known, exchanges while they help."""
    best = max(found, key=lambda starts: sign * found[starts])
    while not complete:
        better = None
        for starts in ways.neighbours(best):
            if starts not in found:
                found[starts] = float(bench.values(ways.plan(starts)).mean())
            if sign * found[starts] > sign * found[best]:
                better = starts
                break
        if better is None:
            return best
        best = better
    return best


def _value(bench: Bench, plans: dict[str, Scenario], later: range) -> pd.DataFrame:
    """What the order is worth, in the direction in which more is better, on replications that chose nothing."""
    rows = []
    for measure in VALUES:
        more, less = measure.split(" minus ")
        seen = bench.values(plans[more]) - bench.values(plans[less])
        mean, low, high = interval(bench.values(plans[more], later) - bench.values(plans[less], later))
        rows.append((measure, bench.outcome, float(mean), float(low), float(high), float(seen.mean())))
    return pd.DataFrame(rows, columns=["measure", "outcome", "value", "low", "high", "first_seen"])


def _precedences(
    bench: Bench, ways: Orders, tried: Sequence[Starts], values: np.ndarray, complete: bool
) -> pd.DataFrame:
    """The mean of the orders in which one item starts before another, less that of those in which it starts after."""
    starts, rows = np.array(tried), []
    labels = [_label(ways.scenario, name) for name in ways.names]
    for a, first in enumerate(ways.names):
        for b, second in enumerate(ways.names[:a]):
            before, after = starts[:, a] < starts[:, b], starts[:, a] > starts[:, b]
            if min(before.sum(), after.sum()) == 0:
                continue
            effect, low, high = _effect(values, before, after, complete)
            pair = ((first, second), (labels[a], labels[b]))
            if effect * bench.direction < 0:
                effect, low, high = -effect, -high, -low
                pair = tuple((y, x) for x, y in pair)  # type: ignore[assignment]
            (earlier, then), (earlier_label, then_label) = pair
            text = f"{earlier_label} before {then_label[0].lower()}{then_label[1:]}"
            rows.append((text, earlier, then, bench.outcome, effect, low, high, int((before | after).sum())))
    columns = ["precedence", "first", "second", "outcome", "effect", "low", "high", "orders"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("effect", key=lambda part: -part.abs(), kind="stable", ignore_index=True)


def _effect(values: np.ndarray, before: np.ndarray, after: np.ndarray, complete: bool) -> tuple[float, float, float]:
    """The difference of two groups of orders; its interval knows luck, and the choice of orders where not all are."""
    paired = values[before].mean(axis=0) - values[after].mean(axis=0)
    variance = paired.var(ddof=1) / len(paired)
    if not complete:
        for group in (before, after):
            means = values[group].mean(axis=1)
            variance += means.var(ddof=1) / len(means) if len(means) > 1 else np.inf
    half = norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(variance)
    mean = float(paired.mean())
    return mean, float(mean - half), float(mean + half)


def _label(scenario: Scenario, name: str) -> str:
    item = next(item for item in scenario.roadmap if item.name == name)
    return ITEM_LABELS[item.item] + (f" ({name})" if name != item.item else "")


def _orders_table(ways: Orders, tried: Sequence[Starts], found: dict[Starts, float]) -> pd.DataFrame:
    first = set(tried)
    rows = []
    for starts, mean in found.items():
        text = " | ".join(
            f"{quarter_text(date)} " + ", ".join(n for n, at in zip(ways.names, starts, strict=True) if at == date)
            for date in sorted(set(starts))
        )
        kind = "own" if starts == ways.own else "tried" if starts in first else "searched"
        rows.append((text, mean, kind))
    return pd.DataFrame(rows, columns=["order", "mean", "kind"])
