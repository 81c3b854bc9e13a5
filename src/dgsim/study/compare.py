"""Scenarios against a baseline, on the same luck: paired differences and how sure their means are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress, run_count, shifted
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.errors import StudyError, whole_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.study import frames
from dgsim.study.materiality import Given, limits, rule_said, verdict
from dgsim.study.sequential import CONFIDENCE
from dgsim.study.simulate import Simulation, shortened, simulate
from dgsim.study.stopping import MOST_RUNS, run_until_clear, smallest_effect
from dgsim.study.together import ScenarioLike, check_lengths, check_names, listed
from dgsim.texts.clauses import Clause
from dgsim.world.tables import OUTCOMES

HEADLINE = ("history", "services-first", "foundations-first", "staged")


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Several scenarios run with the same seed and replications.

    Attributes
    ----------
    simulations : tuple of Simulation
        One a scenario, the baseline first.
    verdicts : DataFrame or None
        Of a comparison that was run until clear: `scenario, baseline, outcome, verdict, difference, low, high, runs,
        smallest, unit`, with intervals that hold however often one looks.
    materiality : Mapping
        The smallest difference of each outcome that is worth a verdict, in the outcome's unit.
    """

    simulations: tuple[Simulation, ...]
    verdicts: pd.DataFrame | None = None
    materiality: Mapping[str, float] = field(default_factory=limits)

    def __repr__(self) -> str:
        others = ", ".join(run.scenario.name for run in self.simulations[1:])
        count = f"{self.replications} replications, seed {self.seed}"
        return f"Comparison({others} against {self.baseline}, {count})"

    @property
    def _base(self) -> Simulation:
        return self.simulations[0]

    @property
    def baseline(self) -> str:
        """The name of the scenario the others are compared with."""
        return self._base.scenario.name

    @property
    def country(self) -> Country:
        """Where all scenarios were run."""
        return self._base.country

    @property
    def seed(self) -> int:
        """The luck all scenarios share."""
        return self._base.seed

    @property
    def parameters(self) -> Ensemble:
        """The sets of uncertain parameters all scenarios share."""
        return self._base.parameters

    @property
    def replications(self) -> int:
        """The number of runs of each scenario."""
        return self._base.replications

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of all scenarios, baseline first."""
        return tuple(run.scenario.name for run in self.simulations)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Tidy outcomes of all scenarios: `scenario, replication, quarter, outcome, value`."""
        return self._stacked(lambda run: run.outcomes)

    @cached_property
    def levels(self) -> pd.DataFrame:
        """What each scenario comes to by itself: the rows of every `Simulation.summary()`."""
        return self._stacked(Simulation.summary)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Scenario minus baseline, paired by replication, every quarter.

        Columns: `scenario, baseline, outcome, unit, quarter`; `difference, low, high`, the mean and its 95% interval;
        `band_low, band_high, above`, the 5th and 95th percentile and the share above 0 over replications, which with
        an ensemble are what the difference may be in a world of other parameters; `replications`; and `materiality`,
        the smallest difference that matters, with `verdict`: better, worse, trivial or unclear. With one replication
        there is no interval: `low` and `high` are missing.
        """
        base = self._base.array
        table = pd.concat(
            [
                frames.records_frame(
                    {"scenario": run.scenario.name, "baseline": self.baseline},
                    {**paired_interval(run.array - base), **paired_band(run.array - base)},
                    run.replications,
                )
                for run in self.simulations[1:]
            ],
            ignore_index=True,
        ).astype({"scenario": pd.CategoricalDtype(list(self.scenarios[1:]))})
        least = table["outcome"].map(self.materiality).astype(float)
        numbers = zip(*(table[name] for name in ("outcome", "difference", "low", "high")), least, strict=True)
        called = [verdict(OUTCOMES[name], *about) for name, *about in numbers]
        return table.assign(materiality=least, verdict=pd.Categorical(called))

    def rule_said(self, only: str | None = None) -> tuple[Clause, Clause]:
        """How the verdicts come about.

        Parameters
        ----------
        only : str, optional
            The one outcome that is told of; all by default.

        Returns
        -------
        tuple of Clause
            What chance alone would mark, and what is too small to matter.
        """
        limited = self.materiality if only is None else {only: self.materiality[only]}
        return rule_said(limited, len(self.simulations) - 1)

    def tables(self) -> dict[str, pd.DataFrame]:
        """What a folder of results holds, all scenarios in each table; needs `aggregates=True`.

        Returns
        -------
        dict
            DataFrames by name: `outcomes, summary, differences, provinces, accounts, money`, and `verdicts` if any.
        """
        known = {} if self.verdicts is None else {"verdicts": self.verdicts}
        return known | {
            "outcomes": self.outcomes,
            "summary": self.levels,
            "differences": self.differences,
            "provinces": self._stacked(lambda run: run.province_means),
            "accounts": self._stacked(lambda run: run.accounts),
            "money": self.money,
        }

    @cached_property
    def money(self) -> pd.DataFrame:
        """From plan to outturn, the rows of every `Simulation.money`; needs `aggregates=True`."""
        return self._stacked(lambda run: run.money)

    def _stacked(self, table: Callable[[Simulation], pd.DataFrame]) -> pd.DataFrame:
        stacked = pd.concat([table(run) for run in self.simulations], ignore_index=True)
        return stacked.astype({"scenario": pd.CategoricalDtype(list(self.scenarios))})


def compare(
    scenarios: ScenarioLike | Iterable[ScenarioLike] | None = None,
    *,
    baseline: ScenarioLike | None = None,
    replications: int = 200,
    seed: int = 0,
    country: str | Path | Country | None = None,
    quarters: int | None = None,
    aggregates: bool = False,
    assumptions: Mapping[str, Any] | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    until_clear: float | str | None = None,
    outcome: str = "use",
    max_runs: int = MOST_RUNS,
    materiality: Given | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run scenarios on common random numbers and pair them with a baseline.

    By default the replications go through the plausible sets of parameters, the same in every scenario, so that
    differences carry what is not known about the world besides luck.

    Parameters
    ----------
    scenarios : str, Path, Mapping, Scenario or iterable of them, optional
        What to compare; by default the headline set, `history` and three orders of investment.
    baseline : str, Path, Mapping or Scenario, optional
        What to compare with, added if it is not among the scenarios; by default the first of them.
    replications : int, default 200
        Runs of each scenario.
    seed, country, quarters, aggregates, assumptions, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.
    until_clear : float or str, optional
        The smallest effect of interest on `outcome`, a number in its unit or text such as "0.5pp". Then `replications`
        does not count: runs are made until every scenario wins, loses or is not materially different at the end.
    outcome : str, default "use"
        What is looked at with `until_clear`, a name of the table of outcomes.
    max_runs : int, default 2000
        The most runs of each scenario with `until_clear`.
    materiality : Mapping, optional
        By outcome, the smallest difference that is worth a verdict, a number in its unit or text such as "0.5pp"; by
        default that of the table of outcomes.

    Returns
    -------
    Comparison
        Outcomes, levels and paired differences of every quarter, and with `until_clear` the verdicts.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot, if two scenarios share a name, or if their horizons differ.

    Examples
    --------
    >>> from dgsim import compare
    >>> compare(["history", "staged"], replications=2, quarters=4).baseline
    'history'
    """
    policies = [shortened(policy, quarters) for policy in chosen(scenarios, baseline)]
    check_lengths(policies)
    policies = [policy.with_changes(**assumptions) for policy in policies] if assumptions else policies
    land, sets, least = load_country(country), load_parameters(parameters), limits(materiality)
    if until_clear is None:
        runs = _simulated(policies, replications, seed, land, sets, aggregates, progress)
        return Comparison(runs, materiality=least)
    smallest, luck = smallest_effect(until_clear, outcome), whole_number(seed, "seed", 0)
    arrays, verdicts = run_until_clear(
        policies, land, sets, outcome=outcome, smallest=smallest, seed=luck, most=max_runs, progress=progress
    )
    count = len(arrays[0])
    if aggregates:
        return Comparison(_simulated(policies, count, luck, land, sets, aggregates, progress), verdicts, least)
    pairs = zip(policies, arrays, strict=True)
    made = tuple(Simulation(policy, land, luck, count, array, parameters=sets) for policy, array in pairs)
    return Comparison(made, verdicts, least)


def _simulated(
    policies: list[Scenario],
    replications: int,
    seed: int,
    country: Country,
    parameters: Ensemble,
    aggregates: bool,
    progress: Progress | None,
) -> tuple[Simulation, ...]:
    """Every scenario, simulated with the same luck."""
    count = run_count(replications)
    runs: dict[str, Any] = {"country": country, "parameters": parameters, "aggregates": aggregates}
    return tuple(
        simulate(policy, count, seed, progress=shifted(progress, number * count, len(policies) * count), **runs)
        for number, policy in enumerate(policies)
    )


def paired_interval(differences: np.ndarray) -> dict[str, np.ndarray]:
    """Mean over the first axis, and its 95% interval by Student's t; NaN bounds with one replication.

    `differences` is `[replication, ...]`; each array of the result has the shape that is left.
    """
    from scipy.special import stdtrit

    count = len(differences)
    mean = differences.mean(axis=0)
    if count == 1:
        unknown = np.full_like(mean, np.nan)
        return {"difference": mean, "low": unknown, "high": unknown}
    spread = differences.std(axis=0, ddof=1) / np.sqrt(count)
    half = stdtrit(count - 1, (1 + CONFIDENCE) / 2) * spread
    return {"difference": mean, "low": mean - half, "high": mean + half}


def paired_band(differences: np.ndarray) -> dict[str, np.ndarray]:
    """5th and 95th percentile over the first axis, and the share above 0."""
    low, high = np.quantile(differences, frames.BAND, axis=0)
    return {"band_low": low, "band_high": high, "above": (differences > 0.0).mean(axis=0)}


def chosen(scenarios: ScenarioLike | Iterable[ScenarioLike] | None, baseline: ScenarioLike | None) -> list[Scenario]:
    """The scenarios a comparison runs, baseline first and none twice; by default the headline set."""
    policies = [load_scenario(which) for which in listed(HEADLINE if scenarios is None else scenarios)]
    if baseline is not None:
        policies.insert(0, load_scenario(baseline))
    policies = list(dict.fromkeys(policies))
    check_names(policies)
    if len(policies) < 2:
        given = ", ".join(policy.name for policy in policies) or "none"
        raise StudyError(f"a comparison needs two scenarios and was given {given}: name another, or a baseline")
    return policies
