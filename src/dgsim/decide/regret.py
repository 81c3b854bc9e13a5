"""Which scenario is robust: regret and satisficing over plausible worlds, and where the ranking flips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc

from dgsim.country import Country
from dgsim.decide.discovery import Flip, flips_of
from dgsim.decide.evaluator import Evaluator, interval, make_evaluator
from dgsim.engine.run import Progress, run_count
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.errors import StudyError
from dgsim.files import is_folder
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.scenario.library import names_in
from dgsim.study.amounts import amount
from dgsim.study.chance import chance
from dgsim.study.record import Basis
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike, check_lengths, check_names, listed
from dgsim.texts import words
from dgsim.texts.clauses import Clause, clause
from dgsim.world.tables import OUTCOMES

FEWEST_WORLDS = 20
HIGH_QUANTILE = 0.9  # the regret that nine worlds in ten stay below


@dataclass(frozen=True, repr=False)
class Regret:
    """How much each scenario falls behind the best of the set, world by world.

    Attributes
    ----------
    outcome, unit, quarter : str
        What is measured, in which unit, and when.
    threshold : float or None
        What the outcome must reach to satisfy.
    leader : str
        The scenario with the least mean regret.
    replications : int
        Runs of each scenario in each world.
    basis : Basis
        Scenarios, country, luck and parameters.
    regrets : DataFrame
        `scenario, outcome, mean, regret, low, high, regret_p90, worst, best, best_low, best_high, satisfied,
        satisfied_low, satisfied_high`: the outcome's mean; mean regret and its 95% interval over worlds, the 90th
        percentile and the largest; share of worlds in which it is best and in which it reaches the threshold, with 95%
        intervals; the least mean regret first.
    worlds : DataFrame
        A row a world: every parameter, and a column a scenario with its mean outcome there.
    flips : tuple of Flip
        Where another scenario overtakes the one with the least regret.
    """

    outcome: str
    unit: str
    quarter: str
    threshold: float | None
    leader: str
    replications: int
    basis: Basis
    regrets: pd.DataFrame
    worlds: pd.DataFrame
    flips: tuple[Flip, ...]

    def __repr__(self) -> str:
        return f"Regret({len(self.regrets)} scenarios, {len(self.worlds)} worlds, {self.outcome} in {self.quarter})"

    def behind(self) -> np.ndarray:
        """The regret of each scenario in each world.

        Returns
        -------
        ndarray
            Float64 [scenario, world] in the unit of the outcome, 0 or more, scenarios in the order of `regrets`.
        """
        values = self.worlds[list(self.regrets["scenario"])].to_numpy().T
        goodness = OUTCOMES[self.outcome].sign * values
        behind: np.ndarray = goodness.max(axis=0) - goodness
        return behind

    @property
    def sentences(self) -> tuple[str, ...]:
        """Where the ranking flips, in words."""
        return tuple(one.text(words()) for one in self.clauses)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Where the ranking flips, as sentences in any language."""
        return tuple(flip.clause for flip in self.flips) or (clause("flip.never", leader=self.leader),)

    @property
    def boxes(self) -> pd.DataFrame:
        """Every limit of every box: `rival, ahead, inside, elsewhere, coverage, mass` and the limit, or none found."""
        return pd.DataFrame([row for flip in self.flips for row in flip.rows()])


def regret(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    *,
    outcome: str = "net_benefit",
    quarter: str | None = None,
    threshold: float | str | None = None,
    worlds: int = 0,
    replications: int = 4,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> Regret:
    """Run scenarios in many plausible worlds and tell how much each falls behind the best of them, and where.

    A world is a set of parameters; in every world all scenarios meet the same luck. Where the ranking flips is found by
    PRIM (extra `analysis`).

    Parameters
    ----------
    scenarios : str, Path, Mapping, Scenario or iterable of them
        Two or more; a folder stands for all scenario files in it.
    outcome : str, default "net_benefit"
        A name of the table of outcomes.
    quarter : str, optional
        When it is measured; by default at the end.
    threshold : float or str, optional
        What the outcome must reach to satisfy, a number in its unit or text as it is shown, such as "40%".
    worlds : int, default 0
        Draw so many worlds, 20 or more, between the lowest and the highest value each parameter has in the sets (Latin
        hypercube); 0: the sets are the worlds.
    replications : int, default 4
        Runs of each scenario in each world.
    seed, quarters, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    Regret
        Regret and satisficing of every scenario, the worlds, and where the ranking flips.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot, if two scenarios share a name, or if their horizons differ.

    Examples
    --------
    >>> from dgsim import regret
    >>> found = regret(["history", "staged"], outcome="use", worlds=20, replications=1, quarters=8)
    >>> len(found.worlds), sorted(found.regrets["scenario"])
    (20, ['history', 'staged'])
    """
    plans = [shortened(plan, quarters) for plan in plans_of(scenarios)]
    sets = _worlds(load_parameters(parameters), worlds, seed)
    each = run_count(replications)
    evaluator = make_evaluator(
        plans[0],
        outcome=outcome,
        quarter=quarter,
        replications=each * len(sets),
        seed=seed,
        country=country,
        parameters=sets,
        progress=progress,
    )
    reach = None if threshold is None else amount(threshold, evaluator.unit, "threshold")
    evaluator.expect(len(plans))
    values = evaluator.all_values(plans).reshape(len(plans), each, len(sets)).mean(axis=1)
    names = [plan.name for plan in plans]
    regrets = _regrets(evaluator, names, values, reach)
    leader = str(regrets["scenario"].iloc[0])
    points = pd.DataFrame([dict(one) for one in sets])
    return Regret(
        outcome=evaluator.outcome,
        unit=evaluator.unit,
        quarter=quarter_text(evaluator.quarter),
        threshold=reach,
        leader=leader,
        replications=each,
        basis=evaluator.basis(*plans),
        regrets=regrets,
        worlds=points.assign(**dict(zip(names, values, strict=True))),
        flips=flips_of(points, evaluator.direction * values, names, leader),
    )


def _worlds(base: Ensemble, count: int, seed: int) -> Ensemble:
    """The sets themselves, or so many drawn within them; there are enough to tell where a ranking flips."""
    sets = drawn(base, run_count(count, "worlds", FEWEST_WORLDS), seed) if count else base
    if len(sets) < FEWEST_WORLDS:
        held = f"{sets.name} holds {len(sets)}"
        raise StudyError(f"regret needs {FEWEST_WORLDS} worlds or more, and {held}: name more, or draw")
    return sets


def drawn(sets: Ensemble, count: int, seed: int) -> Ensemble:
    """So many worlds between the lowest and the highest value each parameter has in the sets (Latin hypercube)."""
    table = pd.DataFrame([dict(one) for one in sets])
    low, high = table.min(), table.max()
    moving = [str(name) for name in table if low[str(name)] < high[str(name)]]
    if not moving:
        raise StudyError(f"{sets.name} does not vary any parameter, so that no worlds can be drawn from it")
    unit = qmc.LatinHypercube(len(moving), rng=seed).random(count)
    values = low[moving].to_numpy() + unit * (high - low)[moving].to_numpy()
    rows = [dict(zip(moving, row, strict=True)) for row in values.tolist()]
    return Ensemble(f"{count} worlds drawn within {sets.name}", tuple(rows))


def plans_of(scenarios: ScenarioLike | Iterable[ScenarioLike]) -> list[Scenario]:
    """The scenarios of a set, two or more of one length, those of folders among them."""
    plans = [load_scenario(which) for one in listed(scenarios) for which in _within(one)]
    check_names(plans)
    if len(plans) < 2:
        given = ", ".join(plan.name for plan in plans) or "none"
        raise StudyError(f"regret needs two scenarios or more and was given {given}")
    check_lengths(plans)
    return plans


def _within(which: ScenarioLike) -> Iterator[ScenarioLike]:
    """A scenario, or all those of a folder."""
    if isinstance(which, str | Path) and is_folder(Path(which)):
        found = names_in(Path(which))
        if not found:
            raise StudyError(f"{which} holds no scenario files")
        yield from (Path(which) / f"{name}.toml" for name in found)
    else:
        yield which


def _regrets(evaluator: Evaluator, names: list[str], values: np.ndarray, threshold: float | None) -> pd.DataFrame:
    """The table of regrets, from outcomes [scenario, world]."""
    goodness = evaluator.direction * values
    behind = goodness.max(axis=0) - goodness
    mean, low, high = interval(behind.T)
    rows = []
    for row, name in enumerate(names):
        reached = None if threshold is None else goodness[row] >= evaluator.direction * threshold
        rows.append(
            {
                "scenario": name,
                "outcome": evaluator.outcome,
                "mean": values[row].mean(),
                "regret": mean[row],
                "low": max(0.0, low[row]),
                "high": high[row],
                "regret_p90": float(np.quantile(behind[row], HIGH_QUANTILE)),
                "worst": behind[row].max(),
                **_share("best", goodness.argmax(axis=0) == row),
                **_share("satisfied", reached),
            }
        )
    return pd.DataFrame(rows).sort_values("regret", kind="stable", ignore_index=True)


def _share(name: str, chosen: np.ndarray | None) -> dict[str, float]:
    """The share of worlds in which something holds, and its 95% interval (Wilson)."""
    if chosen is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), float("nan"))
    return dict(zip((name, f"{name}_low", f"{name}_high"), chance(chosen), strict=True))
