"""On which assumptions a plan's worth hangs: switching values, tornado, and what to measure first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from dgsim.appraisals.expected import expected, worth_of_all, worth_of_knowing
from dgsim.appraisals.gathering import Gathered
from dgsim.appraisals.lines import LINES, WHAT_OF
from dgsim.appraisals.prices import DISCOUNT_RATE, PRICED, PROVINCIAL_BUILDING
from dgsim.appraisals.worth import Worth
from dgsim.engine.run import Progress, shifted
from dgsim.engine.sets import Ensemble, set_number
from dgsim.errors import StudyError
from dgsim.scenario import Scenario
from dgsim.study.compare import paired_interval
from dgsim.study.frames import BAND
from dgsim.world.tables import PARAMETERS

ALL_COSTS, ALL_BENEFITS = "all_costs", "all_benefits"
FACTORS = (ALL_COSTS, ALL_BENEFITS, PROVINCIAL_BUILDING)  # 1 as the model has it
RATIO = "ratio"
HIGHEST_RATE = 10.0  # a year, up to which the rate of return is looked for
LEAST_SETS = 20
EVERYTHING = "all"
STRONGEST = 8  # assumptions that are run low and high
SWING_RUNS = 32  # replications of each
Rerun = Callable[[Scenario, int, Progress | None], Gathered]  # so many replications of a plan, on the same luck


def switching(name: str, worth: Worth) -> list[dict[str, object]]:
    """Up to which value of each price a plan pays, the others as they are, a record each.

    Net benefit is a straight line in every price and factor, so the value is exact; the discount rate is searched for.
    """
    lines, rows = worth.lines(), []
    net = float(lines.sum(axis=1).mean())
    for price in PRICED:
        parameter = PARAMETERS[price]
        value = float(worth.plan.prices.by_name[price].mean())
        none, one = (float(worth.lines(prices={price: at}).sum(axis=1).mean()) for at in (0.0, 1.0))
        at = _crossing(none, one - none)
        rows.append(_switch(name, price, parameter.unit, value, (parameter.low, parameter.high), at))
    for factor in FACTORS:
        part = float(lines[:, _of_factor(factor)].sum(axis=1).mean())
        value = float(worth.plan.prices.by_name[factor].mean()) if factor in worth.plan.prices.by_name else 1.0
        at = _crossing(net - part, part / value)
        rows.append(_switch(name, factor, RATIO, value, (None, None), at))
    rate = PARAMETERS[DISCOUNT_RATE]
    value = float(worth.plan.prices.rates.mean())
    at = rate_of_return(lambda one: float(worth.lines(one).sum(axis=1).mean()))
    rows.append(_switch(name, DISCOUNT_RATE, rate.unit, value, (rate.low, rate.high), at))
    return rows


def _of_factor(factor: str) -> np.ndarray:
    if factor == PROVINCIAL_BUILDING:
        return np.array([line.price == PROVINCIAL_BUILDING for line in LINES])
    return WHAT_OF["costs" if factor == ALL_COSTS else "benefits"]


def _crossing(at_none: float, slope: float) -> float:
    """Where a straight line is nought; NaN where it is not, or only below nought."""
    at = -at_none / slope if slope else float("nan")
    return at if at >= 0.0 else float("nan")


def _switch(
    plan: str, price: str, unit: str, value: float, span: tuple[float | None, float | None], at: float
) -> dict[str, object]:
    low, high = (float("nan") if end is None else end for end in span)
    return {
        "plan": plan,
        "price": price,
        "unit": unit,
        "value": value,
        "range_low": low,
        "range_high": high,
        "switching_value": at,
        "within_range": bool(low <= at <= high),
    }


def rate_of_return(net: Callable[[float], float]) -> float:
    """The discount rate at which net benefit is nought; NaN where it keeps its sign from 0 to 1000%.

    >>> round(rate_of_return(lambda rate: 121.0 / (1 + rate) ** 2 - 100.0), 6)
    0.1
    """
    if net(0.0) * net(HIGHEST_RATE) >= 0.0:
        return float("nan")
    return float(brentq(net, 0.0, HIGHEST_RATE, xtol=1e-9))


def varied(parameters: Ensemble) -> dict[str, np.ndarray]:
    """The parameters that differ between sets: their values [set]."""
    values = {name: np.array([one[name] for one in parameters.sets], float) for name in parameters.names}
    return {name: value for name, value in values.items() if np.ptp(value) > 0.0}


def by_set(net: np.ndarray, sets: int) -> np.ndarray:
    """The mean over the replications of each set that was run, from values [replication, ...]: [set, ...]."""
    which = np.array([set_number(replication, sets) for replication in range(len(net))])
    return np.stack([net[which == number].mean(axis=0) for number in range(min(sets, len(net)))])


def enough(parameters: Ensemble, replications: int) -> bool:
    """Whether so many sets were run that assumptions can be told apart."""
    return min(len(parameters), replications) >= LEAST_SETS


def check_sets(parameters: Ensemble, replications: int) -> int:
    """How many sets were run; raises StudyError where they are too few to tell assumptions apart."""
    ran = min(len(parameters), replications)
    if not enough(parameters, replications):
        raise StudyError(
            f"what to measure first needs {LEAST_SETS} sets of parameters or more, each run once: {parameters.name} "
            f"has {len(parameters)} and there are {replications} replications"
        )
    return ran


def swing_runs(replications: int) -> int:
    """How many runs a tornado makes at most, of one plan: both ends of the strongest, of plan and baseline."""
    return len(BAND) * 2 * STRONGEST * min(SWING_RUNS, replications)


def strongest(worth: Worth, parameters: Ensemble) -> list[str]:
    """The assumptions that a plan's worth seems to hang on most, prices apart; those left out look like chance.

    A regression over the runs, all prices at their means, so that they are no noise: it only says which to run.
    """
    ran = check_sets(parameters, worth.count)
    known = varied(parameters)
    means = {name: float(values.mean()) for name, values in worth.plan.prices.by_name.items()}
    lines = worth.lines(float(worth.plan.prices.rates.mean()), means)
    net = by_set(lines.sum(axis=1), len(parameters))
    swings = {}
    for name in known.keys() - {*PRICED, DISCOUNT_RATE, *worth.plan.scenario.assumptions}:
        swings[name] = float(np.ptp(expected(known[name][:ran], net, len(known))))
    return sorted((name for name in swings if swings[name]), key=lambda name: (-swings[name], name))[:STRONGEST]


def tornado(
    name: str, worth: Worth, parameters: Ensemble, rerun: Rerun, progress: Progress | None = None
) -> list[dict[str, object]]:
    """What a plan is worth where one assumption is low or high in every set, all else as it is, largest swing first.

    Low and high are the 5th and 95th percentile of the sets. For prices and the discount rate that is another sum over
    the same runs; the strongest others are run so, plan and baseline, on the same luck. Intervals (95%) are those of
    the difference to the net benefit as it is.
    """
    nets = worth.lines().sum(axis=1)
    prices = [one for one in varied(parameters) if one in (*PRICED, DISCOUNT_RATE)]
    chosen = strongest(worth, parameters)
    runs, done, whole = min(SWING_RUNS, worth.count), 0, swing_runs(worth.count)
    rows = []
    for parameter in (*prices, *chosen):
        ends = _ends(parameters, parameter)
        row: dict[str, object] = {"plan": name, "parameter": parameter, "unit": PARAMETERS[parameter].unit}
        row |= {"low": float(ends[0]), "high": float(ends[1])}
        for end, value in zip(("low", "high"), ends, strict=True):
            changes: dict[str, Any] = {parameter: value}
            if parameter in prices:
                there = _at(worth, parameter, value)
            else:
                sides = []
                for side in (worth.plan, worth.base):
                    changed = side.scenario.with_changes(**changes)
                    sides.append(rerun(changed, runs, shifted(progress, done, whole)))
                    done += runs
                there = Worth(sides[0], sides[1], worth.life).lines().sum(axis=1)
            moved = paired_interval(there - nets[: len(there)])
            names = (f"net_{end}", f"net_{end}_from", f"net_{end}_to")
            row |= {key: nets.mean() + float(of) for key, of in zip(names, moved.values(), strict=True)}
        rows.append(row | {"exact": parameter in prices, "replications": len(there)})
    if progress is not None:
        progress(whole, whole)
    return sorted(rows, key=lambda row: -abs(float(str(row["net_high"])) - float(str(row["net_low"]))))


def _ends(parameters: Ensemble, name: str) -> list[float]:
    """The 5th and 95th percentile of a parameter, each a value that some set has."""
    values = sorted(one[name] for one in parameters.sets)
    return [values[round(share * (len(values) - 1))] for share in BAND]


def _at(worth: Worth, parameter: str, value: float) -> np.ndarray:
    lines = worth.lines(value) if parameter == DISCOUNT_RATE else worth.lines(prices={parameter: value})
    net: np.ndarray = lines.sum(axis=1)
    return net


def knowing(worths: list[Worth], parameters: Ensemble) -> pd.DataFrame:
    """What knowing each assumption is worth to the choice among the plans and the baseline, most first.

    Columns `parameter, unit, evppi` (bvnd), `share` (of what knowing everything is worth, luck included, which is the
    last row, "all").
    """
    ran = check_sets(parameters, worths[0].count)
    nets = [worth.lines().sum(axis=1) for worth in worths]
    net = by_set(np.stack([*nets, np.zeros_like(nets[0])], axis=1), len(parameters))
    whole = worth_of_all(net)
    known = varied(parameters)
    rows = [
        {"parameter": name, "unit": PARAMETERS[name].unit, "evppi": worth_of_knowing(values[:ran], net, len(known))}
        for name, values in known.items()
    ]
    rows.sort(key=lambda row: -float(str(row["evppi"])))
    table = pd.DataFrame([*rows, {"parameter": EVERYTHING, "unit": "", "evppi": whole}])
    return table.assign(share=table["evppi"] / whole if whole > 0.0 else 0.0)
