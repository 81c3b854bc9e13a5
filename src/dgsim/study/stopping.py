"""Paired replications of several scenarios until each comparison with the baseline is settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.engine.run import Progress, run_count, run_replications, spans
from dgsim.engine.sets import Ensemble
from dgsim.scenario import Scenario
from dgsim.study.materiality import size
from dgsim.study.sequential import ERROR, FIRST, OPEN, Look, look
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

MOST_RUNS = 2_000


def smallest_effect(given: float | str, outcome: str) -> float:
    """The smallest effect of interest in the outcome's unit: a number, or for shares text such as "0.5pp".

    >>> smallest_effect("0.5pp", "use"), smallest_effect("250", "net_benefit")
    (0.005, 250.0)
    """
    return size(given, outcome, "until_clear", some=True)


def run_until_clear(
    policies: Sequence[Scenario],
    country: Country,
    parameters: Ensemble,
    *,
    outcome: str,
    smallest: float,
    seed: int,
    most: int = MOST_RUNS,
    progress: Progress | None = None,
) -> tuple[list[np.ndarray], pd.DataFrame]:
    """Run all scenarios round by round until each but the first is settled against it, or `most` runs of each are made.

    A round goes once through the sets of parameters (or makes 20 runs, if that is more), so that every look gives all
    sets the same weight. The chance of error is shared out among the comparisons (Bonferroni). Returns the outcomes of
    each scenario [replication, quarter, outcome], and a row a comparison: `scenario, baseline, outcome, verdict,
    difference, low, high, runs, smallest, unit`, as they were when it was settled.
    """
    most = run_count(most, "max_runs", FIRST)
    sets = len(parameters)
    step = min(most, -(-FIRST // sets) * sets)
    column, sign = OUTCOME_NAMES.index(outcome), OUTCOMES[outcome].sign
    arrays = [np.empty((0, policy.quarters, len(OUTCOME_NAMES))) for policy in policies]
    looks: dict[str, Look] = {}
    for span in spans(range(most), step):
        for number, policy in enumerate(policies):
            runs = run_replications(policy, country, seed=seed, replications=span, parameters=parameters)
            arrays[number] = np.concatenate([arrays[number], runs.outcomes])
            if progress is not None:
                progress(span.start * len(policies) + (number + 1) * len(span), most * len(policies))
        for policy, values in zip(policies[1:], arrays[1:], strict=True):
            if looks.get(policy.name) is None or looks[policy.name].verdict == OPEN:
                paired = values[:, -1, column] - arrays[0][:, -1, column]
                looks[policy.name] = look(paired, smallest, sign, ERROR / (len(policies) - 1))
        if all(found.verdict != OPEN for found in looks.values()):
            break
    rows = [
        {"scenario": name, "baseline": policies[0].name, "outcome": outcome, "verdict": found.verdict}
        | {"difference": found.difference, "low": found.low, "high": found.high, "runs": found.runs}
        | {"smallest": smallest, "unit": OUTCOMES[outcome].unit}
        for name, found in looks.items()
    ]
    return arrays, pd.DataFrame(rows)
