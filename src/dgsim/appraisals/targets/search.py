"""What it would take to meet a target with a chance: the smallest budget of a plan, or its latest start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.appraisals.targets.chances import make_bench, plans_of, sets_with, wanted_by
from dgsim.appraisals.targets.file import ALL, Target, TargetSet, TargetsLike
from dgsim.appraisals.targets.series import Bench, Series, holds, series_of
from dgsim.country import Country
from dgsim.engine.run import Progress
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike
from dgsim.errors import StudyError, did_you_mean
from dgsim.scenario import LeverChange, RoadmapItem, Scenario, quarter_text
from dgsim.scenario.horizon import prolonged
from dgsim.scenario.model import YEARLY_MONEY
from dgsim.scenario.schema import LARGEST_COST
from dgsim.study.amounts import amount
from dgsim.study.chance import chance as chance_of
from dgsim.study.together import ScenarioLike
from dgsim.world.tables import PARAMETERS

BUDGET, START = SEARCHES = ("budget", "start")
STEP = 0.01  # of a plan's money
MOST_STEPS = 400  # four times its money
COLUMNS = (
    *("plan", "targets", "target", "search", "at_chance", "found", "in_any_case"),
    *("share", "bvnd", "quarters", "first_start"),
    *("chance", "low", "high", "chance_of_own", "replications"),
)


def target_search(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    files: TargetsLike | Iterable[TargetsLike] | None = None,
    search: str = "budget",
    *,
    chance: float | str = 0.8,
    target: str | None = None,
    replications: int = 100,
    seed: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The smallest budget, or the latest start, with which plans meet each target at a chance.

    All is tried on the same luck, by bisection: it is taken that more money, or an earlier start, does not lower the
    chance. A budget is the plan's money (the roadmap's costs and every lever in bvnd per year) times a share, in steps
    of a hundredth up to four times as much; a start moves all items of the roadmap by so many quarters.

    Parameters
    ----------
    scenarios : str, Path, Mapping, Scenario or iterable of them
        The plans.
    files : str, Path, Mapping or iterable of them, optional
        As in `targets`.
    search : {"budget", "start"}, default "budget"
        What is looked for.
    chance : float or str, default 0.8
        The share of runs that are to meet the target, above 0; a text such as "80%" too.
    target : str, optional
        Only the target of this name.
    replications : int, default 100
        Runs of each trial.
    seed, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    DataFrame
        A row for each plan and target, and one for all of a file together: `plan, targets, target, search, at_chance`;
        `found`, whether there is an answer; `in_any_case`, whether no money, or the latest start that is tried, in the
        quarter in which the last target is due, meets it too; the answer: `share` of the plan's money and `bvnd` of
        it, or `quarters` later than in the plan (less than 0: earlier) and the `first_start` of an item; `chance, low,
        high` there with its 95% interval; `chance_of_own`, that of the plan as it is; `replications`.

    Raises
    ------
    ScenarioError, CountryError, StudyError
        If a scenario, the country, a file of targets or an argument cannot be used: one sentence a mistake.

    Examples
    --------
    >>> from dgsim import target_search
    >>> online = {"name": "online", "indicator": "supply", "at_least": 0.2, "by": "2021Q4"}
    >>> wanted = {"name": "mine", "target": [online]}
    >>> found = target_search("services-first", wanted, "start", replications=2, parameters="central")
    >>> bool(found.loc[0, "chance"] >= 0.8)
    True
    """
    if search not in SEARCHES:
        raise StudyError(f"search = {search} is not one of {', '.join(SEARCHES)}{did_you_mean(search, SEARCHES)}")
    least = amount(chance, "share of runs", "chance")
    if least == 0.0:
        raise StudyError("chance = 0 asks for nothing: name a chance above 0%")
    sets = sets_with(target, files)
    bench = make_bench(replications, seed, country, parameters)
    plans = plans_of(scenarios)
    spans = [(budget_span if search == BUDGET else start_span)(plan, sets) for plan in plans]
    told = _Told(progress, _trials(spans, sets) * bench.replications)
    rows: list[dict[str, Any]] = []
    for plan, span in zip(plans, spans, strict=True):
        trials = _Trials(plan, span, sets, bench, told)
        rows += [_row(trials, one, name, search, least) for one in sets for name in _names(one)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def least_met(met: Callable[[int], bool], low: int, high: int) -> int | None:
    """The smallest whole number from `low` to `high` that meets something, by bisection; None where `high` does not.

    What meets it is taken to be so with every greater number.

    >>> least_met(lambda number: number >= 37, 0, 400), least_met(lambda number: number >= 37, 0, 36)
    (37, None)
    """
    if not met(high):
        return None
    if met(low):
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if met(middle) else (middle, high)
    return high


@dataclass(frozen=True)
class Span:
    """What is tried: whole numbers from `low` to `high`, the greater the surer, and the plan of each.

    own   the number that is the plan as it is
    """

    low: int
    high: int
    own: int
    plan: Callable[[int], Scenario]


def budget_span(plan: Scenario, sets: Iterable[TargetSet]) -> Span:
    """Hundredths of the plan's money; raises StudyError where it commits none."""
    if plan.planned_money() <= 0.0:
        raise StudyError(f"{plan.name} commits no money: there is no budget to search for")
    until = _due(sets)
    return Span(0, MOST_STEPS, round(1 / STEP), lambda steps: prolonged(with_money(plan, steps * STEP), until))


def start_span(plan: Scenario, sets: Iterable[TargetSet]) -> Span:
    """Quarters earlier than the latest start that is tried; raises StudyError where there is no roadmap."""
    if not plan.roadmap:
        raise StudyError(f"{plan.name} has no roadmap: there is no start to search for")
    until = _due(sets)
    long = prolonged(plan, until)
    first, last = plan.roadmap[0].start, max(item.start for item in plan.roadmap)
    latest = min(long.quarters - 1 - first, long.plan_quarters - 1 - last)
    return Span(0, latest + first, latest, lambda sooner: started_later(long, latest - sooner))


def with_money(plan: Scenario, share: float) -> Scenario:
    """The plan with a share of its money; no item and no lever goes beyond what it may be."""
    money = [lever.name for lever in PARAMETERS.levers if lever.unit == YEARLY_MONEY]

    def scaled(name: str, value: Any) -> Any:
        return min(value * share, PARAMETERS[name].high or np.inf) if name in money else value

    costs = {item: min(item.cost_bvnd * share, LARGEST_COST) for item in plan.roadmap}
    return plan.model_copy(
        update={
            "levers": tuple((name, scaled(name, value)) for name, value in plan.levers),
            "changes": tuple(
                LeverChange(quarter=one.quarter, name=one.name, value=scaled(one.name, one.value))
                for one in plan.changes
            ),
            "roadmap": tuple(item.model_copy(update={"cost_bvnd": cost}) for item, cost in costs.items()),
        }
    )


def started_later(plan: Scenario, quarters: int) -> Scenario:
    """The plan with all items of its roadmap so many quarters later, or earlier where it is less than 0."""
    moved = (item.model_copy(update={"start": item.start + quarters}) for item in plan.roadmap)
    return plan.model_copy(update={"roadmap": tuple(sorted(moved, key=RoadmapItem.order))})


def _due(sets: Iterable[TargetSet]) -> str:
    return quarter_text(max(target.by for one in sets for target in one.targets))


def _names(one: TargetSet) -> list[str]:
    """The targets of a set that are searched for by themselves, and all of them where they are several."""
    names = [target.name for target in one.targets]
    return [*names, ALL] if len(names) > 1 else names


def _trials(spans: Iterable[Span], sets: Iterable[TargetSet]) -> int:
    """How many plans are tried at most: the ends and the own, and a bisection a target."""
    count = sum(len(_names(one)) for one in sets)
    return sum(3 + count * int(np.ceil(np.log2(max(span.high - span.low, 1)))) for span in spans)


@dataclass
class _Told:
    """How many of the runs that may be made are made."""

    progress: Progress | None
    expected: int
    done: int = 0

    def made(self, runs: int) -> None:
        self.done += runs
        if self.progress is not None:
            self.progress(min(self.done, self.expected), self.expected)


@dataclass
class _Trials:
    """A plan, what was tried of it, and in which runs each target was met."""

    plan: Scenario
    span: Span
    sets: tuple[TargetSet, ...]
    bench: Bench
    told: _Told
    known: dict[int, dict[tuple[str, str], np.ndarray]] = field(default_factory=dict)

    def met(self, number: int, one: TargetSet, name: str) -> np.ndarray:
        """The runs of a trial in which a target is met [run]."""
        if number not in self.known:
            series = series_of(self.span.plan(number), wanted_by(self.sets), self.bench)
            self.known[number] = {
                (kept.name, key): runs for kept in self.sets for key, runs in _met(kept, series).items()
            }
            self.told.made(self.bench.replications)
        return self.known[number][one.name, name]


def _met(one: TargetSet, series: Series) -> dict[str, np.ndarray]:
    """In which runs each target of a set is met, and all of them."""
    if not one.targets:
        return {}
    met = {target.name: target_met(target, series) for target in one.targets}
    return {**met, ALL: np.logical_and.reduce(list(met.values()))}


def target_met(target: Target, series: Series) -> np.ndarray:
    """In which runs a target is met when it is due [run]."""
    values = series[target.figure, target.at_most][:, target.by]
    return holds(values, target.wanted, target.at_most)


def _row(trials: _Trials, one: TargetSet, name: str, search: str, least: float) -> dict[str, Any]:
    span = trials.span
    number = least_met(lambda tried: bool(trials.met(tried, one, name).mean() >= least), span.low, span.high)
    reached = span.high if number is None else number
    share, low, high = chance_of(trials.met(reached, one, name))
    row = {
        "plan": trials.plan.name,
        "targets": one.name,
        "target": name,
        "search": search,
        "at_chance": least,
        "found": number is not None,
        "in_any_case": number == span.low,
        **{"share": np.nan, "bvnd": np.nan, "quarters": np.nan, "first_start": None},
        **{"chance": share, "low": low, "high": high},
        "chance_of_own": float(trials.met(span.own, one, name).mean()),
        "replications": trials.bench.replications,
    }
    return row | (_answer(trials, number, search) if number is not None else {})


def _answer(trials: _Trials, number: int, search: str) -> dict[str, Any]:
    if search == BUDGET:
        return {"share": number * STEP, "bvnd": with_money(trials.plan, number * STEP).planned_money()}
    later = trials.span.own - number
    return {"quarters": later, "first_start": quarter_text(trials.plan.roadmap[0].start + later)}
