"""One point of a space of parameters: its outcomes, with the luck that all points share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from warnings import catch_warnings, filterwarnings

import numpy as np

from dgsim.country import Country, load_country
from dgsim.engine.run import run_replications
from dgsim.errors import StudyError, did_you_mean, whole_number
from dgsim.scenario import Scenario, load_scenario
from dgsim.study.simulate import shortened
from dgsim.study.together import ScenarioLike
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS, Parameter

# What the libraries of the extra say about others that are not installed, of no use to who asks for a study.
NOISE = ("ipyparallel not installed", "altair based")


@dataclass(frozen=True)
class Trial:
    """A scenario to be tried under many assumptions or levers, all with the same luck.

    With a `baseline` its outcomes are differences from that scenario under the same assumptions, pair by pair;
    levers are then changed in both.
    """

    scenario: Scenario
    baseline: Scenario | None
    country: Country
    replications: int
    seed: int

    def outcomes_at(self, values: Mapping[str, Any]) -> dict[str, float]:
        """Every outcome in the last quarter, mean of the replications; raises ScenarioError for a wrong value."""
        ends = self._ends(self.scenario, values)
        if self.baseline is not None:
            ends = ends - self._ends(self.baseline, values)
        return dict(zip(OUTCOME_NAMES, ends.mean(axis=0).tolist(), strict=True))

    def _ends(self, scenario: Scenario, values: Mapping[str, Any]) -> np.ndarray:
        """Every outcome of every replication in the last quarter."""
        plan = scenario.with_changes(**values)
        runs = run_replications(plan, self.country, seed=self.seed, replications=range(self.replications))
        ends: np.ndarray = runs.outcomes[:, -1]
        return ends


def trial(
    scenario: ScenarioLike,
    *,
    baseline: ScenarioLike | None = None,
    replications: int = 8,
    seed: int = 0,
    quarters: int | None = None,
    country: str | Path | Country | None = None,
) -> Trial:
    """What is to be tried at every point; the arguments are those of `simulate` and `compare`.

    >>> from dgsim.analysis.problem import trial
    >>> staged = trial("staged", replications=1, quarters=2)
    >>> staged.outcomes_at({"trust_base": 0.65})["trust"] < staged.outcomes_at({"trust_base": 0.85})["trust"]
    True
    """
    return Trial(
        scenario=shortened(load_scenario(scenario), quarters),
        baseline=None if baseline is None else shortened(load_scenario(baseline), quarters),
        country=load_country(country),
        replications=whole_number(replications, "replications", 1),
        seed=whole_number(seed, "seed", 0),
    )


def parameters_of(role: str, names: Iterable[str] = ()) -> tuple[Parameter, ...]:
    """The parameters of a role ("uncertain", "lever") by name or by theme, in the table's order; all without names.

    Raises StudyError for a name that is neither.

    >>> [parameter.name for parameter in parameters_of("uncertain", ["leakage", "services"])][:2]
    ['leakage', 'own_floor']
    """
    known = PARAMETERS.of_role(role)
    meant = {word for parameter in known for word in (parameter.name, parameter.theme)}
    wanted = list(names)
    for name in wanted:
        if name not in meant:
            raise StudyError(f"{name} is no parameter or theme of the role {role}{did_you_mean(name, meant)}")
    return tuple(p for p in known if not wanted or p.name in wanted or p.theme in wanted)


def library(name: str) -> ModuleType:
    """A library of the extra `analysis`; raises StudyError where it is not installed.

    >>> library("no_such_library")
    Traceback (most recent call last):
    dgsim.errors.StudyError: no_such_library is not installed: pip install "dgsim[analysis]"
    """
    try:
        with catch_warnings():
            for text in NOISE:
                filterwarnings("ignore", message=text)
            return import_module(name)
    except ModuleNotFoundError:
        package = name.partition(".")[0]
        raise StudyError(f'{package} is not installed: pip install "dgsim[analysis]"') from None
