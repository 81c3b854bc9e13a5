"""Runs of a plan, each reduced to its quantities as soon as it is made, so that provinces are not held by quarter."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dgsim.appraisals.lines import BUILT, IN_PROVINCES, LOCAL, LOCAL_OF, LOCAL_REMAINS, QUANTITIES, REMAINS
from dgsim.appraisals.prices import Prices
from dgsim.country import Country
from dgsim.engine.compiled_first import compile_with_word
from dgsim.engine.driver import AccountedRun, run_accounts
from dgsim.engine.run import Progress
from dgsim.engine.sets import Ensemble, ParameterSets
from dgsim.errors import StudyError
from dgsim.scenario import Scenario
from dgsim.study.limits import BYTES_A_GB, MOST_BYTES
from dgsim.world.outcomes import USE
from dgsim.world.units import QUARTERS

LAST_YEAR = int(QUARTERS)  # quarters whose mean is what goes on after the horizon
BUILT_AT = [QUANTITIES.index(name) for name in BUILT]


@dataclass(frozen=True)
class Gathered:
    """What is left of the runs of one plan; money in million VND as it was paid, nothing discounted but `places`.

    scenario    the plan, as it was run
    prices      what its quantities are worth, by replication
    quantities  float64 [replication, quarter, quantity], of the whole country
    places      float64 [replication, rate, province, local quantity], discounted, up to the horizon
    last_places float64 [replication, province, local quantity]: what goes on in a quarter after the horizon
    use         float64 [replication, quarter]: share of dossiers that citizens complete online
    paths       float64 [quarter, province]: net benefit in the quarter, discounted, bvnd, mean of the replications
    """

    scenario: Scenario
    prices: Prices
    quantities: np.ndarray
    places: np.ndarray
    last_places: np.ndarray
    use: np.ndarray
    paths: np.ndarray

    @property
    def last_year(self) -> np.ndarray:
        """What goes on in a quarter after the horizon, while all that was built stands [replication, quantity]."""
        going_on: np.ndarray = self.quantities[:, -LAST_YEAR:].mean(axis=1) * REMAINS
        return going_on

    @property
    def built(self) -> np.ndarray:
        """What was paid for building in every quarter, by the centre and the provinces [replication, quarter]."""
        paid: np.ndarray = self.quantities[:, :, BUILT_AT].sum(axis=2)
        return paid


class Reduced(NamedTuple):
    """One run, reduced: the arrays of :class:`Gathered` without their first axis."""

    quantities: np.ndarray
    places: np.ndarray
    last_places: np.ndarray
    use: np.ndarray
    paths: np.ndarray


def gather(
    scenario: Scenario,
    country: Country,
    parameters: Ensemble,
    prices: Prices,
    rates: Sequence[float],
    *,
    seed: int,
    replications: range,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Run a plan and keep its quantities; `rates` are those by which places are discounted besides the prices' own.

    Bytes do not depend on the number of workers.
    """
    compile_with_word()
    sets = ParameterSets(scenario, country, parameters)
    for replication in replications:
        sets.of(replication)

    def one(row: int) -> Reduced:
        run = run_accounts(sets.of(replications[row]), seed, replications[row])
        return reduced(run, [prices.rates[row], *rates], prices.weights[row])

    rows: list[Reduced] = []
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for made in _in_order(pool, one, len(replications)):
            rows.append(made)
            if progress is not None:
                progress(len(rows), len(replications))
    quantities, places, last_places, use, paths = zip(*rows, strict=True)
    return Gathered(
        scenario,
        prices,
        np.stack(quantities),
        np.stack(places),
        np.stack(last_places),
        np.stack(use),
        np.mean(paths, axis=0),
    )


def check_memory(replications: int, plans: int, quarters: int, places: int) -> None:
    """Raise StudyError where what is left of so many runs would not fit; `places` are provinces times discount rates.

    >>> check_memory(200, 5, 84, 63 * 5)
    """
    held = replications * plans * (quarters * len(QUANTITIES) + places * len(LOCAL)) * np.dtype(float).itemsize
    if held > MOST_BYTES:
        raise StudyError(
            f"replications = {replications:,} of {plans} plans would take some {held / BYTES_A_GB:,.0f} GB of memory; "
            f"at most {MOST_BYTES / BYTES_A_GB:.0f} are held: ask for fewer replications or plans"
        )


def _in_order(pool: ThreadPoolExecutor, one: object, count: int) -> Iterator[Reduced]:
    try:
        yield from pool.map(one, range(count))  # type: ignore[arg-type]
    finally:
        pool.shutdown(cancel_futures=True)


def reduced(run: AccountedRun, rates: Sequence[float], weights: np.ndarray) -> Reduced:
    """The quantities of one run: by quarter for the country, discounted for its provinces."""
    local = np.concatenate([run.money[:, :-1].astype(float), run.savings], axis=2)
    quantities = np.concatenate([run.money[:, -1].astype(float), local.sum(axis=1)], axis=1)
    quarters = len(local)
    flat = local.reshape(quarters, -1)
    discounts = np.stack([discounting(rate, quarters) for rate in rates])
    last = local[-LAST_YEAR:].mean(axis=0) * LOCAL_REMAINS
    places = (discounts @ flat).reshape(len(rates), *local.shape[1:])
    paths = (local[:, :, LOCAL_OF] @ weights[IN_PROVINCES]) * discounts[0, :, np.newaxis]
    return Reduced(quantities, places, last, run.outcomes[:, USE].copy(), paths)


def discounting(rate: float, quarters: int, first: int = 0) -> np.ndarray:
    """What money of each of so many quarters is worth at the start; `first` is the number of the first of them.

    >>> discounting(0.0, 2).tolist(), discounting(0.21, 2, first=2).round(3).tolist()
    ([1.0, 1.0], [0.909, 0.867])
    """
    worth: np.ndarray = (1.0 + rate) ** (-np.arange(first, first + quarters) / QUARTERS)
    return worth


def beyond(built: np.ndarray, before: np.ndarray) -> np.ndarray:
    """What a plan built beyond its baseline [..., quarter], from what both paid for it in every quarter.

    A year is compared with a year, so that what is built some quarters sooner or later is not beyond; what a plan built
    more in a year falls on its quarters as what it built there.

    >>> beyond(np.array([3.0, 1.0, 0.0, 0.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0, 5.0])).tolist()
    [1.5, 0.5, 0.0, 0.0, 0.0]
    """
    starts = np.arange(0, built.shape[-1], LAST_YEAR)
    years = np.arange(built.shape[-1]) // LAST_YEAR
    whole, other = (np.add.reduceat(paid, starts, axis=-1)[..., years] for paid in (built, before))
    part = np.divide(np.maximum(whole - other, 0.0), whole, out=np.zeros_like(whole), where=whole > 0.0)
    more: np.ndarray = built * part
    return more


def survival(built: np.ndarray, life: int) -> np.ndarray:
    """The part of what was built, by its money, that is within its life in each quarter after the horizon.

    `built` is the money of each quarter [..., quarter]; the result is [..., quarter after the horizon]. A thing of the
    last quarter lasts for all its life, less that quarter.

    >>> survival(np.array([1.0, 0.0, 3.0]), life=4).tolist()
    [1.0, 0.75, 0.75, 0.0]
    """
    total = built.sum(axis=-1, keepdims=True)
    age = np.arange(built.shape[-1])[::-1]  # in the last quarter
    after = np.arange(1, life + 1)
    standing = built @ (age[:, np.newaxis] + after < life)
    part: np.ndarray = np.divide(standing, total, out=np.zeros(standing.shape), where=total > 0.0)
    return part
