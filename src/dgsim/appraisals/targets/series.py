"""What targets are held against: a figure of every run at the end of every quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dgsim.appraisals.targets.figures import Figure
from dgsim.country import Country
from dgsim.engine.run import HELD_AT_ONCE, Progress, Runs, batches
from dgsim.engine.sets import Ensemble
from dgsim.scenario import Scenario
from dgsim.world.tables import OUTCOME_NAMES

PROVINCES_AT_ONCE = 10  # replications whose provinces are held in memory at once
AS_GOOD = 1e-9  # a figure this much short of a target is at it: what adding leaves over

Series = Mapping[tuple[Figure, bool], np.ndarray]  # by the figure, and whether it is to be at most so much


@dataclass(frozen=True)
class Bench:
    """Where plans are tried: a country, a seed, replications and sets of parameters."""

    country: Country
    seed: int
    replications: int
    parameters: Ensemble


def series_of(
    scenario: Scenario, wanted: Iterable[tuple[Figure, bool]], bench: Bench, progress: Progress | None = None
) -> Series:
    """Each figure of every run [run, quarter], in the unit of its indicator.

    Of a figure that a share of provinces must hold it is that of the last of them: the least of the best provinces
    where more is wanted, the greatest of the lowest where at most so much is.
    """
    asked = list(dict.fromkeys(wanted))
    by_province = any(not figure.is_outcome for figure, _ in asked)
    made: dict[tuple[Figure, bool], list[np.ndarray]] = {one: [] for one in asked}
    for _, runs in batches(
        scenario,
        bench.country,
        bench.replications,
        size=PROVINCES_AT_ONCE if by_province else HELD_AT_ONCE,
        progress=progress,
        seed=bench.seed,
        parameters=bench.parameters,
        keep={"provinces"} if by_province else (),
    ):
        for one, parts in made.items():
            parts.append(_values(runs, *one, bench.country))
    return {one: np.concatenate(parts) for one, parts in made.items()}


def _values(runs: Runs, figure: Figure, at_most: bool, country: Country) -> np.ndarray:
    if figure.is_outcome:
        first, *rest = (runs.outcomes[:, :, OUTCOME_NAMES.index(name)] for name in figure.names)
        return np.array(first - rest[0] if rest else first)
    assert runs.provinces is not None
    first, *rest = (runs.provinces[name] for name in figure.names)
    values = first - rest[0] if rest else first
    if figure.of is None:
        people = country.column("population_2019")
        return np.asarray(values @ (people / people.sum()))
    return last_of_share(values, figure.of, at_most)


def last_of_share(values: np.ndarray, share: float, at_most: bool) -> np.ndarray:
    """The figure of the province on which it hangs whether a share of them holds a target [..., province].

    >>> float(last_of_share(np.array([0.9, 0.5, 0.7, 0.2]), 0.75, at_most=False))
    0.5
    """
    provinces = values.shape[-1]
    needed = max(1, int(np.ceil(share * provinces - AS_GOOD)))
    rank = needed - 1 if at_most else provinces - needed
    return np.asarray(np.partition(values, rank, axis=-1)[..., rank])


def holds(values: np.ndarray, wanted: float, at_most: bool) -> np.ndarray:
    """Where a target is held.

    >>> holds(np.array([0.79, 0.8, 0.81]), 0.8, at_most=False).tolist()
    [False, True, True]
    """
    slack = AS_GOOD * max(1.0, abs(wanted))
    return values <= wanted + slack if at_most else values >= wanted - slack
