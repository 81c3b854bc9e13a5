"""Why a province started what it started: the options it weighed, and what spoke for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim.country import Country, load_country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import CENTRAL_NAME, ParametersLike, load_parameters
from dgsim.engine.setup import EVERYONE
from dgsim.errors import LARGEST_REPLICATION, StudyError, whole_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.calendar import START, quarter_index, quarter_text
from dgsim.study import frames
from dgsim.study.simulate import shortened
from dgsim.texts import words
from dgsim.texts.clauses import Clause, clause
from dgsim.world.state import UTILITY_PARTS

OPTION_COLUMNS = ["option", "item", "started", *UTILITY_PARTS, "noise", "total"]


@dataclass(frozen=True, repr=False)
class Why:
    """One province's choice in one quarter of one run.

    Attributes
    ----------
    scenario, province, quarter : str
        Under which policy, who, and when.
    seed, replication : int
        In which run.
    options : DataFrame
        A row an option, best first: `option, item, started` (its rank in the order of starting, 0 if it was not
        started), the parts of its utility, `noise` and `total`, their sum.
    """

    scenario: str
    province: str
    quarter: str
    seed: int
    replication: int
    options: pd.DataFrame

    def __repr__(self) -> str:
        won = ", ".join(f"{row['option']} {row['item']}" for row in self.started().to_dict("records")) or "nothing"
        return f"Why({self.province}, {self.quarter}, {self.scenario}: started {won})"

    @property
    def title(self) -> str:
        """Who chose, when, and in which run."""
        return self.said.text(words())

    @property
    def said(self) -> Clause:
        """The title, in any language."""
        run = {"seed": str(self.seed), "replication": str(self.replication)}
        return clause("heading.why", province=self.province, quarter=self.quarter, policy=self.scenario, **run)

    def started(self) -> pd.DataFrame:
        """The options that won, in the order in which they were started.

        Returns
        -------
        DataFrame
            Rows of `options`.
        """
        return self.options[self.options["started"] > 0].sort_values("started")


def why(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    province: str,
    quarter: str,
    *,
    seed: int = 0,
    replication: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = CENTRAL_NAME,
) -> Why:
    """Run one replication up to a quarter and tell what a province weighed in it.

    Parameters
    ----------
    scenario : str, Path, Mapping or Scenario
        As in `simulate`.
    province : str
        Its code, ISO code or name; case and accents do not matter.
    quarter : str
        As in "2023Q2", within the horizon.
    seed, country, parameters : optional
        As in `simulate`.
    replication : int, default 0
        Which run of the seed.

    Returns
    -------
    Why
        Every option with the parts of its utility.

    Raises
    ------
    CountryError
        If there is no such province.
    ScenarioError
        If the scenario cannot be used, or the text is no quarter.
    StudyError
        If the quarter is beyond the horizon.

    Examples
    --------
    >>> from dgsim import why
    >>> why("history", "Ha Giang", "2023Q2").province
    'Ha Giang'
    """
    policy = load_scenario(scenario)
    land = load_country(country)
    row = land.index(province)
    index = _index(quarter, policy)
    replication = whole_number(replication, "replication", 0, LARGEST_REPLICATION)
    seed = whole_number(seed, "seed", 0)
    options = _weighed(shortened(policy, index + 1), land, (row, index), seed, replication, parameters)
    options = options.sort_values("total", ascending=False, ignore_index=True)
    return Why(policy.name, land.names[row], quarter_text(index), seed, replication, options[OPTION_COLUMNS])


def starts(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    province: str,
    *,
    seed: int = 0,
    replication: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = CENTRAL_NAME,
) -> pd.DataFrame:
    """All that a province started in one replication: a row a project, in order, with what spoke for it.

    Columns: `quarter` and those of `Why.options`. Arguments and errors are those of `why`.

    >>> from dgsim.study.why import starts
    >>> list(starts("history", "Ha Giang").columns[:4])
    ['quarter', 'option', 'item', 'started']
    """
    policy = load_scenario(scenario)
    land = load_country(country)
    seed, replication = whole_number(seed, "seed", 0), whole_number(replication, "replication", 0, LARGEST_REPLICATION)
    weighed = _weighed(policy, land, (land.index(province), EVERYONE), seed, replication, parameters)
    started = weighed[weighed["started"] > 0].astype({"quarter": str})
    return started.sort_values(["quarter", "started"], ignore_index=True)[["quarter", *OPTION_COLUMNS]]


def _weighed(
    scenario: Scenario,
    country: Country,
    watch: tuple[int, int],
    seed: int,
    replication: int,
    parameters: ParametersLike,
) -> pd.DataFrame:
    """The options one province weighed, in one quarter or in all."""
    runs = run_replications(
        scenario,
        country,
        seed=seed,
        replications=range(replication, replication + 1),
        keep={"choices"},
        watch=watch,
        parameters=load_parameters(parameters),
    )
    options = frames.choices_frame(scenario, runs.choices or [], country)
    return options.rename(columns={"rank": "started", "utility": "total"})


def _index(quarter: str, scenario: Scenario) -> int:
    """The index of a quarter written as text, within the scenario's horizon."""
    index = quarter_index(quarter)
    if index >= scenario.quarters:
        last = quarter_text(scenario.quarters - 1)
        raise StudyError(f"quarter = {quarter} is beyond the horizon of {scenario.name}: {START} to {last}")
    return index
