"""Means by province and money by flow, gathered batch by batch so that no run's entries need be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.scenario import Scenario
from dgsim.study import frames
from dgsim.world.state import PANEL
from dgsim.world.tables import FLOWS
from dgsim.world.units import BVND

if TYPE_CHECKING:
    from dgsim.engine.run import Runs


class Aggregates:
    """What is left of the provinces and the ledgers of the runs added so far."""

    def __init__(self, scenario: Scenario, country: Country) -> None:
        self.scenario = scenario
        self.country = country
        self.panel = np.zeros((scenario.quarters, len(country)), PANEL)  # sums over replications
        self.money: list[np.ndarray] = []  # million VND [quarter, flow], one a replication

    def add(self, runs: Runs) -> None:
        """Add runs that kept their provinces and their ledgers."""
        assert runs.provinces is not None
        for name in PANEL.names or ():
            self.panel[name] += runs.provinces[name].sum(axis=0)
        for entries in runs.ledger or []:
            money = np.zeros((self.scenario.quarters, len(FLOWS)), np.int64)
            np.add.at(money, (entries["quarter"], entries["flow"]), entries["amount"])
            self.money.append(money)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables `province_means` (one column a stock) and `accounts` (bvnd by flow), every quarter."""
        return {
            "province_means": self._province_means(),
            "accounts": frames.accounts_frame(self.scenario, np.stack(self.money) / BVND),
        }

    def _province_means(self) -> pd.DataFrame:
        count = len(self.money)
        means = self.panel[np.newaxis].copy()
        for name in PANEL.names or ():
            means[name] /= count
        table = frames.provinces_frame(self.scenario, means, self.country)
        return table.drop(columns="replication").assign(replications=count)
