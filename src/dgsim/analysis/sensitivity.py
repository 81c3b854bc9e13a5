"""Which assumptions matter most to a finding, and where the order of scenarios flips."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from dgsim.engine.sets import Ensemble, set_number
from dgsim.study.compare import Comparison
from dgsim.study.sequential import ERROR
from dgsim.world.tables import OUTCOME_NAMES


def strongest(tables: Mapping[str, pd.DataFrame], most: int) -> list[str]:
    """The parameters that matter most to any of the outcomes, so many of them: the best ranks first."""
    ranks: dict[str, int] = {}
    for table in tables.values():
        for rank, name in enumerate(table["parameter"]):
            ranks[name] = min(ranks.get(name, rank), rank)
    return sorted(ranks, key=lambda name: (ranks[name], name))[:most]


def set_means(comparison: Comparison, outcome: str) -> pd.DataFrame:
    """The outcome in the last quarter, a row a set of parameters, a column a scenario: mean over replications."""
    sets, column = len(comparison.parameters), OUTCOME_NAMES.index(outcome)
    used = np.array([set_number(replication, sets) for replication in range(comparison.replications)])
    values = {run.scenario.name: run.array[:, -1, column] for run in comparison.simulations}
    return pd.DataFrame(
        {name: [each[used == number].mean() for number in np.unique(used)] for name, each in values.items()}
    )


def where_it_flips(means: pd.DataFrame, one: str, other: str, ensemble: Ensemble, most: int = 5) -> pd.DataFrame:
    """What separates the sets in which one scenario has more of an outcome than another from those where it has less.

    Columns: `parameter, rank_correlation` of the difference with the parameter; `low_third, high_third`, the share of
    the sets in the lowest and highest third of the parameter in which `one` has more.
    """
    difference = (means[one] - means[other]).to_numpy()
    more = difference > 0
    rows = []
    for name in ensemble.names:
        values = np.array([chosen[name] for chosen in ensemble[: len(difference)]])
        low, high = np.quantile(values, (1 / 3, 2 / 3))
        correlation = float(spearmanr(values, difference).statistic)
        rows.append((name, correlation, more[values <= low].mean(), more[values >= high].mean()))
    table = pd.DataFrame(rows, columns=["parameter", "rank_correlation", "low_third", "high_third"])
    return table.sort_values("rank_correlation", key=np.abs, ascending=False, ignore_index=True).head(most)


def by_chance(sets: int, parameters: int) -> float:
    """The rank correlation that the strongest of so many parameters exceeds by chance in one table of twenty.

    Bonferroni over the parameters; Fisher's transformation with the variance of rank correlations (Fieller, Hartley and
    Pearson 1957).

    >>> round(by_chance(128, 100), 2)
    0.31
    """
    return float(np.tanh(norm.isf(ERROR / 2 / parameters) * np.sqrt(1.06 / (sets - 3))))
