"""One scenario, many replications: what is measured, and on request who did what and who paid whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress, batches, run_count
from dgsim.engine.sets import CENTRAL_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.errors import StudyError, whole_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.calendar import quarter_text
from dgsim.study import frames
from dgsim.study.aggregates import Aggregates
from dgsim.study.money import money_table
from dgsim.world.tables import OUTCOME_NAMES

RECORDED_AT_ONCE = 10  # replications whose provinces and entries are held in memory at once


@dataclass(frozen=True, repr=False, eq=False)
class Simulation:
    """The results of one scenario; every table is made fresh from arrays that are never changed.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    country : Country
        Where.
    seed : int
        Of all luck.
    replications : int
        Runs, each with luck of its own.
    array : ndarray
        The outcomes, read-only float64 [replication, quarter, outcome], the last in the order of
        `dgsim.world.tables.OUTCOMES` and in its units; everything else is a pandas table.
    parts : Mapping
        The large tables that were asked for, by name.
    parameters : Ensemble
        The sets of uncertain parameters; replication r used set r modulo their number.
    """

    scenario: Scenario
    country: Country
    seed: int
    replications: int
    array: np.ndarray
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    parameters: Ensemble = field(default_factory=lambda: load_parameters("central"))

    def __repr__(self) -> str:
        return (
            f"Simulation({self.scenario.name!r}, {self.array.shape[1]} quarters, "
            f"{self.replications} replications, seed {self.seed})"
        )

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Tidy outcomes: `scenario, replication, quarter, outcome, value`; units are those of `summary()`."""
        return frames.outcomes_frame(self.scenario, self.array)

    @property
    def provinces(self) -> pd.DataFrame:
        """Every province's stocks at the end of every quarter, one column a stock; needs `provinces=True`."""
        return self._part("provinces")

    @property
    def ledger(self) -> pd.DataFrame:
        """Every flow of money: `amount` in whole million VND, `bvnd` in billions; needs `ledger=True`."""
        return self._part("ledger")

    @property
    def choices(self) -> pd.DataFrame:
        """Every option every province weighed, with the parts of its utility; needs `choices=True`."""
        return self._part("choices")

    @property
    def province_means(self) -> pd.DataFrame:
        """Each province's stocks, mean over replications, every quarter; needs `aggregates=True`."""
        return self._part("province_means")

    @property
    def accounts(self) -> pd.DataFrame:
        """Money by flow and quarter in bvnd: mean, 5th and 95th percentile; needs `aggregates=True`."""
        return self._part("accounts")

    @property
    def money(self) -> pd.DataFrame:
        """From plan to outturn over the whole run in bvnd, by who pays: `scenario, payer, step, flow, label, bvnd`.

        The lines of a payer up to the step `spend` add up to it, those of the step `of_it` again; needs
        `aggregates=True`.
        """
        return money_table(self.scenario, self.accounts)

    def summary(self) -> pd.DataFrame:
        """Mean and 5th to 95th percentile over replications, a row for each outcome and quarter.

        Returns
        -------
        DataFrame
            Columns: `scenario, outcome, unit, quarter, mean, low, high, replications`.
        """
        low, high = np.quantile(self.array, frames.BAND, axis=0)
        estimates = {"mean": self.array.mean(axis=0), "low": low, "high": high}
        return frames.records_frame({"scenario": self.scenario.name}, estimates, self.replications)

    def tables(self) -> dict[str, pd.DataFrame]:
        """What a folder of results holds; needs `aggregates=True`.

        Returns
        -------
        dict
            DataFrames by name: `outcomes, summary, provinces, accounts, money`.
        """
        return {
            "outcomes": self.outcomes,
            "summary": self.summary(),
            "provinces": self.province_means,
            "accounts": self.accounts,
            "money": self.money,
        }

    def _part(self, name: str) -> pd.DataFrame:
        if name in self.parts:
            return self.parts[name]
        option = "aggregates" if name in ("province_means", "accounts") else name
        raise StudyError(
            f"{name} of {self.scenario.name} were not kept: ask for them with simulate(..., {option}=True)"
        )


def simulate(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    replications: int = 1,
    seed: int = 0,
    *,
    country: str | Path | Country | None = None,
    quarters: int | None = None,
    provinces: bool = False,
    ledger: bool = False,
    choices: bool = False,
    aggregates: bool = False,
    assumptions: Mapping[str, Any] | None = None,
    parameters: ParametersLike = "central",
    model: type | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Run a scenario; replication r of a seed meets the same luck in every scenario.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        A shipped name, a TOML file, the content of one, or what `load_scenario` gave.
    replications : int, default 1
        Runs, each with luck of its own; at least 1.
    seed : int, default 0
        Of all luck, 0 to 2**64 - 1.
    country : str, Path or Country, optional
        A folder of tables, or a country; by default Viet Nam's 63 provinces.
    quarters : int, optional
        Stop after so many quarters; by default the scenario's horizon.
    provinces : bool, default False
        Keep every province's stocks at the end of every quarter of every run.
    ledger : bool, default False
        Keep every flow of money.
    choices : bool, default False
        Keep every option that every province weighed.
    aggregates : bool, default False
        Keep means by province and money by flow, which are small.
    assumptions : Mapping, optional
        Uncertain parameters by name, each in its unit; what is set here wins over `parameters`.
    parameters : str, Path or sequence of Mapping, default "central"
        "central" (every uncertain parameter at its default), "plausible" (the packaged sets), a CSV file of sets, or
        what `load_parameters` gave. Replication r uses set r modulo their number; what a scenario sets itself wins.
    model : type, optional
        A subclass of `DigitalGovernment` to run in place of the compiled engine, which is some hundred times faster.
    progress : callable, optional
        Called with the runs done and all runs.

    Returns
    -------
    Simulation
        Outcomes, and the tables that were asked for.

    Raises
    ------
    ScenarioError, CountryError
        If the scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If an argument cannot.

    Examples
    --------
    >>> from dgsim import simulate
    >>> table = simulate("history", replications=2, quarters=4).outcomes
    >>> table.columns.tolist(), len(table) == 2 * 4 * table["outcome"].nunique()
    (['scenario', 'replication', 'quarter', 'outcome', 'value'], True)
    """
    replications = run_count(replications)
    seed = whole_number(seed, "seed", 0)
    policy = shortened(load_scenario(scenario), quarters)
    if assumptions:
        policy = policy.with_changes(**assumptions)
    land = load_country(country)
    wanted = {"provinces": provinces, "ledger": ledger, "choices": choices, "aggregates": aggregates}
    keep = frozenset(name for name, asked in wanted.items() if asked)
    sets = load_parameters(parameters)
    if model is not None:
        return _simulate_model(model, policy, land, seed, replications, keep, sets, progress)
    values, parts = _simulate_batches(policy, land, seed, replications, keep, sets, progress)
    return Simulation(policy, land, seed, replications, _read_only(values), parts, sets)


def shortened(scenario: Scenario, quarters: int | None) -> Scenario:
    """The scenario, stopped after its first `quarters`; raises StudyError beyond its horizon."""
    if quarters is None:
        return scenario
    if whole_number(quarters, "quarters", 1) > scenario.quarters:
        last = quarter_text(scenario.quarters - 1)
        raise StudyError(
            f"quarters = {quarters} is beyond the horizon of {scenario.name}, "
            f"which has {scenario.quarters} quarters and ends in {last}"
        )
    return scenario.with_changes(quarters=quarters)


def _read_only(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


def _simulate_batches(
    scenario: Scenario,
    country: Country,
    seed: int,
    replications: int,
    keep: frozenset[str],
    parameters: Ensemble,
    progress: Progress | None,
) -> tuple[np.ndarray, dict[str, pd.DataFrame]]:
    """Values and the tables asked for; a batch at a time where entries are kept, to save memory."""
    records = keep - {"aggregates"} | ({"provinces", "ledger"} if "aggregates" in keep else set())
    size = RECORDED_AT_ONCE if records else replications
    aggregates = Aggregates(scenario, country)
    values: list[np.ndarray] = []
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in frames.RECORDS if name in keep}
    arguments: dict[str, Any] = {"seed": seed, "keep": records, "parameters": parameters}
    for numbers, runs in batches(scenario, country, replications, size=size, progress=progress, **arguments):
        values.append(runs.outcomes)
        for name, tables in made.items():
            tables.append(frames.RECORDS[name](scenario, getattr(runs, name), country, numbers.start))
        if "aggregates" in keep:
            aggregates.add(runs)
    parts = {name: pd.concat(tables, ignore_index=True) for name, tables in made.items()}
    if "aggregates" in keep:
        parts |= aggregates.tables()
    return np.concatenate(values), parts


def _simulate_model(
    model: type,
    scenario: Scenario,
    country: Country,
    seed: int,
    replications: int,
    keep: frozenset[str],
    parameters: Ensemble,
    progress: Progress | None,
) -> Simulation:
    """The same with a Mesa model class of the user's, stepped to its end once a replication."""
    from dgsim.mesa_model import DigitalGovernment

    if not (isinstance(model, type) and issubclass(model, DigitalGovernment)):
        raise StudyError(f"model = {model!r} is not a subclass of dgsim.DigitalGovernment")
    if keep:
        raise StudyError(
            f"{', '.join(sorted(keep))} cannot be kept with model={model.__name__}: "
            "read its agents and its datacollector instead"
        )
    given = {} if parameters.name == CENTRAL_NAME else {"parameters": parameters}
    values = np.empty((replications, scenario.quarters, len(OUTCOME_NAMES)))
    for replication in range(replications):
        world = model(scenario, rng=seed, replication=replication, country=country, **given)
        while world.running:
            world.step()
        collected = world.datacollector.get_model_vars_dataframe()
        if len(collected) != scenario.quarters:
            raise StudyError(f"{model.__name__} stopped after {len(collected)} of {scenario.quarters} quarters")
        values[replication] = collected[list(OUTCOME_NAMES)]
        if progress is not None:
            progress(replication + 1, replications)
    return Simulation(scenario, country, seed, replications, _read_only(values), parameters=parameters)
