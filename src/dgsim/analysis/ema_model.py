"""The model for the EMA Workbench: uncertainties, levers and outcomes made from the tables.

Needs the extra `analysis`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from dgsim.analysis.problem import Trial, library
from dgsim.analysis.salib_problem import salib_problem
from dgsim.errors import StudyError, whole_number
from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.rules import NEVER_TEXT
from dgsim.world.tables import OUTCOMES, Parameter


def ema_model(trial: Trial, uncertainties: Sequence[Parameter] = (), levers: Sequence[Parameter] = ()) -> Any:
    """An `ema_workbench.Model` that answers with the outcomes of a trial.

    Its uncertainties and levers are those given, with the ranges of the table; outcomes are maximised or minimised as
    the table says. It can be pickled, so that every evaluator of the workbench can run it.
    """
    workbench = library("ema_workbench")
    model = workbench.Model("dgsim", function=Answer(trial))
    model.uncertainties = [_as_ema(workbench, parameter, trial) for parameter in uncertainties]
    model.levers = [_as_ema(workbench, parameter, trial) for parameter in levers]
    kinds = {1: workbench.ScalarOutcome.MAXIMIZE, -1: workbench.ScalarOutcome.MINIMIZE}
    model.outcomes = [workbench.ScalarOutcome(row.outcome, kind=kinds[row.sign]) for row in OUTCOMES]
    return model


class Answer:
    """What the workbench calls at every point: parameters by name in, outcomes by name out."""

    __name__ = "dgsim"

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    def __call__(self, **values: Any) -> dict[str, float]:
        """The outcomes at a point."""
        return self.trial.outcomes_at(values)


def _as_ema(workbench: Any, parameter: Parameter, trial: Trial) -> Any:
    """A parameter of the table as one of the workbench."""
    if parameter.type == "flag":
        return workbench.BooleanParameter(parameter.name)
    if parameter.type == "choice":
        return workbench.CategoricalParameter(parameter.name, parameter.choices)
    if parameter.type == "quarter":
        ends = [quarter_text(quarter) for quarter in range(3, trial.scenario.quarters, 4)]
        return workbench.CategoricalParameter(parameter.name, (NEVER_TEXT, *ends))
    if parameter.low is None or parameter.high is None:
        raise StudyError(f"{parameter.name} has no range in the table of parameters")
    if parameter.type == "int":
        return workbench.IntegerParameter(parameter.name, int(parameter.low), int(parameter.high))
    return workbench.RealParameter(parameter.name, parameter.low, parameter.high)


def experiments(trial: Trial, uncertainties: Sequence[Parameter], count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points of a Latin hypercube of the trial's seed, and the outcomes the workbench finds there: a row a point."""
    workbench = library("ema_workbench")
    problem = salib_problem(uncertainties)
    low, high = np.array(problem["bounds"]).T
    unit = qmc.LatinHypercube(len(low), rng=trial.seed).random(whole_number(count, "points", 2))
    points = pd.DataFrame(low + unit * (high - low), columns=problem["names"])
    sample = getattr(workbench, "Sample", None) or workbench.Scenario  # as it is called from version 3 on, and before
    rows = [dict(zip(problem["names"], row, strict=True)) for row in points.to_numpy().tolist()]
    tried, outcomes = workbench.perform_experiments(
        ema_model(trial, uncertainties),
        scenarios=[sample(str(number), **row) for number, row in enumerate(rows)],
        log_progress=True,
    )
    return tried[problem["names"]].astype(float), pd.DataFrame(outcomes)
