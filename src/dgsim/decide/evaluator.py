"""The evaluator: one outcome of any scenario, on the same luck and the same plausible worlds, none run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress, Runs, run_count, run_replications
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.engine.setup import Setup
from dgsim.errors import StudyError, whole_number
from dgsim.scenario import Scenario, quarter_index, quarter_text
from dgsim.study.catalogue import outcome_named, stock_named
from dgsim.study.compare import paired_interval
from dgsim.study.record import Basis
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

Change = Callable[[Setup], Setup]


@dataclass
class RunProgress:
    """The runs that are made and those that are to be made in all, told as they go."""

    progress: Progress | None = None
    expected: int = 0
    done: int = 0

    def expect(self, runs: int) -> None:
        """So many more runs are going to be made."""
        self.expected += runs

    def made(self, runs: int) -> None:
        """So many more runs are made."""
        self.done += runs
        if self.progress is not None:
            self.progress(self.done, max(self.expected, self.done))


@dataclass(frozen=True)
class Evaluator:
    """Where scenarios are tried: a country, a seed, replications, sets of parameters, an outcome and a quarter.

    quarter      the index of the quarter at whose end the outcome is read
    """

    country: Country
    outcome: str
    quarter: int
    replications: range
    seed: int
    parameters: Ensemble
    progress: RunProgress
    _known: dict[tuple[str, range], np.ndarray] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The outcome's unit."""
        return OUTCOMES[self.outcome].unit

    @property
    def direction(self) -> int:
        """1 where more of the outcome is better, -1 where less is."""
        return OUTCOMES[self.outcome].sign

    def about(self, outcome: str) -> Evaluator:
        """The same evaluator for another outcome: what is run for the one is known to the other."""
        return replace(self, outcome=outcome_named(outcome))

    def values(self, scenario: Scenario, replications: range | None = None) -> np.ndarray:
        """The outcome at the end of the quarter [replication]."""
        wanted = self.replications if replications is None else replications
        key = scenario.digest(), wanted
        if key not in self._known:
            self._known[key] = self._run(scenario, wanted).outcomes[:, -1].copy()
        return self._known[key][:, OUTCOME_NAMES.index(self.outcome)]

    def all_values(self, scenarios: Iterable[Scenario], replications: range | None = None) -> np.ndarray:
        """The outcome of many scenarios [scenario, replication]."""
        return np.stack([self.values(scenario, replications) for scenario in scenarios])

    def stock(self, scenario: Scenario, name: str, change: Change | None = None) -> np.ndarray:
        """A stock of every province at the end of the quarter [replication, province]; `change` alters every setup."""
        return self.ends(scenario, name, change)[0]

    def ends(self, scenario: Scenario, name: str, change: Change | None = None) -> tuple[np.ndarray, np.ndarray]:
        """A stock of every province [replication, province], and all outcomes [replication, outcome] of the runs."""
        stock = stock_named(name)
        runs = self._run(scenario, self.replications, {"provinces"}, change)
        assert runs.provinces is not None
        return runs.provinces[stock][:, -1].copy(), runs.outcomes[:, -1].copy()

    def basis(self, *scenarios: Scenario) -> Basis:
        """What a study of these scenarios rests on."""
        return Basis(scenarios, self.country, self.seed, len(self.replications), self.parameters)

    def expect(self, scenarios: int) -> None:
        """So many more scenarios are going to be tried."""
        self.progress.expect(scenarios * len(self.replications))

    def _run(
        self, scenario: Scenario, replications: range, keep: Iterable[str] = (), change: Change | None = None
    ) -> Runs:
        runs = run_replications(
            scenario.with_changes(quarters=self.quarter + 1),
            self.country,
            seed=self.seed,
            replications=replications,
            parameters=self.parameters,
            keep=keep,
            change=change,
        )
        self.progress.made(len(replications))
        return runs


def outcomes_named(outcome: str | Iterable[str]) -> tuple[str, ...]:
    """One outcome or several, each once; raises StudyError where one is not an outcome.

    >>> outcomes_named("use"), outcomes_named(["use", "trust", "use"])
    (('use',), ('use', 'trust'))
    """
    given = [outcome] if isinstance(outcome, str) else list(outcome)
    names = tuple(dict.fromkeys(map(outcome_named, given)))
    if not names:
        raise StudyError("outcome names none: name one or more")
    return names


def make_evaluator(
    scenario: Scenario,
    *,
    outcome: str = "use",
    quarter: str | None = None,
    replications: int = 100,
    seed: int = 0,
    country: str | Path | Country | None = None,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    progress: Progress | None = None,
) -> Evaluator:
    """The evaluator for an outcome in a quarter, by default the last of the scenario's horizon.

    Raises StudyError, ScenarioError or CountryError, each one sentence.
    """
    last = scenario.quarters - 1
    index = last if quarter is None else quarter_index(quarter)
    if index > last:
        raise StudyError(
            f"quarter = {quarter} is beyond the horizon of {scenario.name}, which ends in {quarter_text(last)}"
        )
    return Evaluator(
        country=load_country(country),
        outcome=outcome_named(outcome),
        quarter=index,
        replications=range(run_count(replications, lowest=2)),
        seed=whole_number(seed, "seed", 0),
        parameters=load_parameters(parameters),
        progress=RunProgress(progress),
    )


def interval(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over the first axis (replications), and its 95% interval by Student's t: mean, low, high.

    >>> [round(float(part), 2) for part in interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.48, 4.48]
    """
    estimate = paired_interval(samples)
    return estimate["difference"], estimate["low"], estimate["high"]
