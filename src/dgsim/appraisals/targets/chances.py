"""The chance that plans meet their targets, when they do, and how often only the published figure does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.appraisals.targets.file import ALL, Target, TargetSet, TargetsLike, sets_of
from dgsim.appraisals.targets.framework import framework_frame, not_expressed_frame
from dgsim.appraisals.targets.series import Bench, Series, holds, series_of
from dgsim.country import Country, load_country
from dgsim.engine.run import Progress, run_count, shifted
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike, load_parameters
from dgsim.errors import StudyError, did_you_mean, whole_number
from dgsim.scenario import Scenario, load_scenario, quarter_index, quarter_text
from dgsim.scenario.horizon import prolonged
from dgsim.study.chance import chance
from dgsim.study.frames import BAND
from dgsim.study.record import Basis
from dgsim.study.together import ScenarioLike, check_names, listed

LOOKED_UNTIL = "2040Q4"
LIKELY, UNLIKELY = 2 / 3, 1 / 3  # what the IPCC calls likely and unlikely (Mastrandrea and others 2010)
COLUMNS = (
    *("plan", "target", "indicator", "seen_as", "by", "wanted", "chance", "low", "high", "mean", "first_quarter"),
    *("replications", "first_low", "first_high", "reached", "until", "shortfall", "light"),
    *("truly", "reported_not_true", "reported_not_true_low", "reported_not_true_high"),
    *("at_most", "of", "unit", "targets"),
)


@dataclass(frozen=True, repr=False)
class Chances:
    """Whether plans meet targets.

    records        a row a plan and target, and one of all targets of a file together
    framework      the results framework
    not_expressed  what of the decisions the model cannot express, and why
    basis          scenarios, country, luck and parameters
    """

    records: pd.DataFrame
    framework: pd.DataFrame
    not_expressed: pd.DataFrame
    sets: tuple[TargetSet, ...]
    basis: Basis


def targets(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    files: TargetsLike | Iterable[TargetsLike] | None = None,
    *,
    target: str | None = None,
    to: str = "2040Q4",
    replications: int = 200,
    seed: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The chance that plans meet targets that were decided, and when they do.

    Plans are run on the same luck up to `to`, and further where a target is due later: levers keep what they end with.

    Parameters
    ----------
    scenarios : str, Path, Mapping, Scenario or iterable of them
        The plans.
    files : str, Path, Mapping or iterable of them, optional
        Shipped names such as "decision-942", TOML files or their content; by default all that are shipped.
    target : str, optional
        Only the target of this name.
    to : str, default "2040Q4"
        The last quarter that is looked at.
    replications : int, default 200
        Runs of each plan, each with luck of its own.
    seed, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    DataFrame
        A row for each plan and target, and one, `all`, for all targets of a file in the same run: `plan, target,
        indicator, seen_as, by, wanted`; `chance, low, high`, the share of runs that meet it and its 95% interval
        (Wilson); `mean` of the figure at the end of the quarter; `first_quarter` in which it is met, median of runs,
        missing where that is after `until`; `replications`; `first_low, first_high`, its 5th and 95th percentile;
        `reached`, the share of runs that meet it in any quarter up to `until`; `shortfall`, by how much those that
        miss it do; `light`: likely, open or unlikely; `truly`, the chance by the true figure; `reported_not_true` with
        its interval, how often the published figure meets it where the true one does not; `at_most, of, unit, targets`.

    Raises
    ------
    ScenarioError, CountryError, StudyError
        If a scenario, the country, a file of targets or an argument cannot be used: one sentence a mistake.

    Examples
    --------
    >>> from dgsim import targets
    >>> found = targets("history", "decision-942", to="2025Q4", replications=2)
    >>> found["target"].tolist()
    ['dossiers-online-2025', 'services-online-2025', 'services-redesigned-2025', 'all']
    """
    found = find_chances(
        scenarios,
        files,
        target=target,
        to=to,
        replications=replications,
        seed=seed,
        country=country,
        parameters=parameters,
        progress=progress,
    )
    return found.records


def find_chances(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    files: TargetsLike | Iterable[TargetsLike] | None = None,
    *,
    target: str | None = None,
    to: str = LOOKED_UNTIL,
    replications: int = 200,
    seed: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> Chances:
    """The same with the results framework, and what the model cannot express; see `targets`."""
    sets = sets_with(target, files)
    plans = plans_until(plans_of(scenarios), sets, to)
    bench = make_bench(replications, seed, country, parameters)
    rows: list[dict[str, Any]] = []
    for number, plan in enumerate(plans):
        told = shifted(progress, number * bench.replications, len(plans) * bench.replications)
        series = series_of(plan, wanted_by(sets), bench, told)
        for one in sets:
            rows += rows_of_set(plan.name, one, series, plan.quarters)
    return Chances(
        records=pd.DataFrame(rows, columns=list(COLUMNS)),
        framework=framework_frame(sets),
        not_expressed=not_expressed_frame(sets),
        sets=sets,
        basis=Basis(tuple(plans), bench.country, bench.seed, bench.replications, bench.parameters),
    )


def sets_with(target: str | None, files: TargetsLike | Iterable[TargetsLike] | None) -> tuple[TargetSet, ...]:
    """The sets of targets, or those with a target of a name and only that; raises StudyError where there is none."""
    sets = sets_of(files)
    if target is not None:
        names = [one.name for kept in sets for one in kept.targets]
        if target not in names:
            meant = did_you_mean(target, names) or f"; there are {', '.join(dict.fromkeys(names))}"
            raise StudyError(f"target = {target} is no target of {', '.join(kept.name for kept in sets)}{meant}")
        sets = tuple(kept.only(target) for kept in sets if target in [one.name for one in kept.targets])
    if not any(one.targets for one in sets):
        raise StudyError(f"{', '.join(one.name for one in sets)}: the model can express none of these targets")
    return sets


def make_bench(replications: int, seed: int, country: str | Path | Country | None, parameters: ParametersLike) -> Bench:
    """Where the plans are tried; raises StudyError or CountryError."""
    return Bench(
        load_country(country),
        whole_number(seed, "seed", 0),
        run_count(replications),
        load_parameters(parameters),
    )


def plans_of(scenarios: ScenarioLike | Iterable[ScenarioLike]) -> list[Scenario]:
    """The plans, each with a name of its own; raises StudyError where there is none."""
    plans = [load_scenario(one) for one in listed(scenarios)]
    if not plans:
        raise StudyError("no plan is named: name a scenario that is to meet the targets")
    check_names(plans)
    return plans


def plans_until(plans: Sequence[Scenario], sets: Sequence[TargetSet], to: str) -> list[Scenario]:
    """The plans, run up to a quarter or to the last one in which a target is due, if that is later."""
    due = max(target.by for one in sets for target in one.targets)
    last = quarter_text(max(quarter_index(to), due))
    return [prolonged(plan, last) for plan in plans]


def wanted_by(sets: Iterable[TargetSet]) -> list[tuple[Any, bool]]:
    """The figures that targets are held against, each with whether it is to be at most so much."""
    return [(figure, target.at_most) for one in sets for target in one.targets for figure in target.figures]


@dataclass(frozen=True)
class _Seen:
    """A target in all runs [run, quarter]: the figure, where it holds, and where it holds as reported and truly."""

    figure: np.ndarray
    holds: np.ndarray
    reported: np.ndarray
    true: np.ndarray


def rows_of_set(plan: str, one: TargetSet, series: Series, quarters: int) -> list[dict[str, Any]]:
    """The rows of the targets of a file, and of all of them together."""
    if not one.targets:
        return []
    seen = [_seen(target, series) for target in one.targets]
    rows = [_row(plan, one.name, target, sight, quarters) for target, sight in zip(one.targets, seen, strict=True)]
    return [*rows, _row_of_all(plan, one, seen, quarters)]


def _seen(target: Target, series: Series) -> _Seen:
    values = series[target.figure, target.at_most]
    held = holds(values, target.wanted, target.at_most)
    reported, true = (
        (holds(series[side, target.at_most], target.wanted, target.at_most) for side in target.sides)
        if target.sides
        else (held, held)
    )
    return _Seen(values, held, reported, true)


def _row(plan: str, name: str, target: Target, seen: _Seen, quarters: int) -> dict[str, Any]:
    at = seen.figure[:, target.by]
    met = seen.holds[:, target.by]
    reported, true = seen.reported[:, target.by], seen.true[:, target.by]
    return {
        "plan": plan,
        "target": target.name,
        "indicator": target.indicator,
        "seen_as": target.seen_as,
        "by": quarter_text(target.by),
        "wanted": target.wanted,
        "mean": float(at.mean()),
        "shortfall": shortfall(at, target.wanted, target.at_most),
        **met_columns(met, reported, true, two_sided=target.sides is not None),
        **first_columns(seen.holds, quarters),
        "at_most": target.at_most,
        "of": np.nan if target.of is None else target.of,
        "unit": target.unit,
        "targets": name,
    }


def _row_of_all(plan: str, one: TargetSet, seen: Sequence[_Seen], quarters: int) -> dict[str, Any]:
    due = [target.by for target in one.targets]
    met, reported, true = (
        np.logical_and.reduce([getattr(sight, side)[:, by] for sight, by in zip(seen, due, strict=True)])
        for side in ("holds", "reported", "true")
    )
    together = np.logical_and.reduce([sight.holds for sight in seen])
    return {
        **dict.fromkeys(("wanted", "mean", "shortfall", "of"), np.nan),
        **dict.fromkeys(("indicator", "seen_as", "unit"), ""),
        "plan": plan,
        "target": ALL,
        "by": quarter_text(max(due)),
        **met_columns(met, reported, true, two_sided=any(target.sides for target in one.targets)),
        **first_columns(together, quarters),
        "at_most": False,
        "targets": one.name,
    }


def met_columns(met: np.ndarray, reported: np.ndarray, true: np.ndarray, *, two_sided: bool) -> dict[str, Any]:
    """The chance to meet a target [run], its light, and how often only the published figure meets it."""
    share, low, high = chance(met)
    names = ("reported_not_true", "reported_not_true_low", "reported_not_true_high")
    only_reported = chance(reported & ~true) if two_sided else (np.nan,) * 3
    return {
        "chance": share,
        "low": low,
        "high": high,
        "light": light(low, high),
        "truly": float(true.mean()),
        **dict(zip(names, only_reported, strict=True)),
        "replications": len(met),
    }


def light(low: float, high: float) -> str:
    """The light of a chance, from its interval: likely or unlikely where all of it is, open otherwise.

    >>> light(0.7, 0.9), light(0.5, 0.9), light(0.0, 0.2)
    ('likely', 'open', 'unlikely')
    """
    if low >= LIKELY:
        return "likely"
    return "unlikely" if high <= UNLIKELY else "open"


def shortfall(values: np.ndarray, wanted: float, at_most: bool) -> float:
    """By how much the runs that miss a target do on average [run], in its unit; 0 where none misses it.

    >>> shortfall(np.array([0.7, 0.9, 0.6]), 0.8, at_most=False)
    0.15
    """
    missed = values[~holds(values, wanted, at_most)]
    return round(float(abs(missed - wanted).mean()), 12) if len(missed) else 0.0


def first_columns(held: np.ndarray, quarters: int) -> dict[str, Any]:
    """When a target is first held [run, quarter]: median, 5th and 95th percentile of runs, and how many ever hold it.

    A run that never holds it stands behind the last quarter, where a quantile falls among those it is missing.
    """
    first = np.where(held.any(axis=1), held.argmax(axis=1), quarters)
    low, middle, high = np.quantile(first, (BAND[0], 0.5, BAND[1]), method="inverted_cdf").astype(int)
    told = {"first_quarter": middle, "first_low": low, "first_high": high}
    return {
        **{name: quarter_text(int(at)) if at < quarters else None for name, at in told.items()},
        "reached": float((first < quarters).mean()),
        "until": quarter_text(quarters - 1),
    }
