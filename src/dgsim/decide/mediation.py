"""Through what a province gains: its part of a difference, shared out among the channels that reach it.

Two runs of the same luck are written down. In mixed runs each channel takes what it was in the one or in the other,
and the rules in force (deadlines, rewards, fees, and whatever else is no channel) likewise; the gain of a province is
shared out among the seven by their Shapley values, all 128 mixtures being run.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from dgsim.decide.evaluator import Evaluator, interval
from dgsim.engine.compiled_first import compile_with_word
from dgsim.engine.counterfactual import run_counterfactual
from dgsim.engine.sets import ParameterSets
from dgsim.scenario import Scenario
from dgsim.study.catalogue import stock_named
from dgsim.study.shapley import TOTAL, shapley
from dgsim.world.channels import CHANNELS, FIXED, empty_paths
from dgsim.world.tables import OUTCOME_NAMES

RULES = "rules"
PLAYERS = (*CHANNELS, RULES)
MIXTURES = 1 << len(PLAYERS)


def gains_by_channel(
    evaluator: Evaluator, first: Scenario, second: Scenario, outcomes: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What every province, and the country, gains in outcomes from the first scenario to the second, by channel.

    Returns `province_code, province, channel, outcome, contribution, low, high` with a row "total" for every province,
    and `channel, outcome, contribution, low, high` for the country as a whole. The outcomes must be stocks of
    provinces. Raises StudyError.
    """
    stocks = [stock_named(outcome) for outcome in outcomes]
    plans = [plan.with_changes(quarters=evaluator.quarter + 1) for plan in (first, second)]
    sets = [ParameterSets(plan, evaluator.country, evaluator.parameters) for plan in plans]
    for replication in evaluator.replications:
        for one in sets:
            one.of(replication)
    compile_with_word(channels=True)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = []
        made = pool.map(lambda replication: _mixtures(evaluator, sets, replication, stocks), evaluator.replications)
        for values in made:
            results.append(values)
            evaluator.progress.made(MIXTURES)
    values = np.stack(results, axis=1)
    shares = shapley(lambda coalition: values[coalition], len(PLAYERS))
    parts = np.concatenate([shares.parts, shares.total[np.newaxis]])
    tables = [
        (_by_province(evaluator, outcome, parts[:, :, at, :-1]), _by_channel(outcome, parts[:, :, at, -1]))
        for at, outcome in enumerate(stocks)
    ]
    provinces, country = zip(*tables, strict=True)
    return pd.concat(provinces, ignore_index=True), pd.concat(country, ignore_index=True)


def _mixtures(evaluator: Evaluator, sets: list[ParameterSets], replication: int, stocks: Sequence[str]) -> np.ndarray:
    """The stocks at the end in every mixture of one replication [mixture, stock, province and last the country]."""
    quarters, provinces = evaluator.quarter + 1, len(evaluator.country)
    paths = empty_paths(2, quarters, provinces)
    rules = PLAYERS.index(RULES)

    def run(source: np.ndarray, recorded: int, policy: int) -> np.ndarray:
        mixed = paths._replace(recorded=recorded, source=source)
        row, panel = run_counterfactual(sets[policy].of(replication), evaluator.seed, replication, mixed)
        return np.stack([np.append(panel[stock], row[OUTCOME_NAMES.index(stock)]) for stock in stocks])

    nothing = np.zeros(len(CHANNELS), np.int64)
    values = np.zeros((MIXTURES, len(stocks), provinces + 1))
    values[0], values[-1] = (run(nothing, policy, policy) for policy in (0, 1))
    for mixture in range(1, MIXTURES - 1):
        source = np.array([mixture >> at & 1 for at in range(len(CHANNELS))], np.int64)
        values[mixture] = run(source, FIXED, mixture >> rules & 1)
    return values


def _by_province(evaluator: Evaluator, outcome: str, parts: np.ndarray) -> pd.DataFrame:
    """A row for each province and channel, from parts [channel and last the total, replication, province]."""
    mean, low, high = interval(parts.swapaxes(0, 1))
    names, land = (*PLAYERS, TOTAL), evaluator.country
    return pd.DataFrame(
        {
            "province_code": np.repeat(land.codes, len(names)),
            "province": np.repeat(land.names, len(names)),
            "channel": names * len(land),
            "outcome": outcome,
            "contribution": mean.T.ravel(),
            "low": low.T.ravel(),
            "high": high.T.ravel(),
        }
    )


def _by_channel(outcome: str, parts: np.ndarray) -> pd.DataFrame:
    """A row for each channel, from parts [channel and last the total, replication]."""
    mean, low, high = interval(parts.T)
    names = (*PLAYERS, TOTAL)
    return pd.DataFrame({"channel": names, "outcome": outcome, "contribution": mean, "low": low, "high": high})
