"""Means by province and money by flow, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from country_by_hand import COUNTRY, approx
from dgsim.scenario import load_scenario
from dgsim.study.aggregates import Aggregates
from dgsim.world.state import ENTRY, PANEL
from dgsim.world.tables import FLOWS

FLOW = [flow.flow for flow in FLOWS]


def runs(uses, amounts):
    panel = np.zeros((len(uses), 2, 63), PANEL)
    panel["use"][:, 1, 4] = uses
    books = []
    for amount in amounts:
        entries = np.zeros(3, ENTRY)
        entries["quarter"], entries["flow"] = (1, 1, 0), FLOW.index("wages")
        entries["amount"] = amount, 500, 250
        books.append(entries)
    return SimpleNamespace(provinces=panel, ledger=books)


def test_means_and_money_of_runs_that_came_in_batches():
    found = Aggregates(load_scenario("staged").with_changes(quarters=2), COUNTRY)
    found.add(runs([0.1, 0.2], [1_000, 3_000]))
    found.add(runs([0.6], [5_000]))
    tables = found.tables()
    means = tables["province_means"]
    row = means[(means["quarter"] == "2020Q2") & (means["province_code"] == COUNTRY.codes[4])]
    assert row["use"].tolist() == approx([0.3])
    assert set(means["replications"]) == {3}
    assert "replication" not in means
    accounts = tables["accounts"]
    wages = accounts[(accounts["flow"] == "wages") & (accounts["quarter"] == "2020Q2")]
    assert wages["mean"].tolist() == approx([3.5]), "bvnd: 1,500, 3,500 and 5,500 million"
    first = accounts[(accounts["flow"] == "wages") & (accounts["quarter"] == "2020Q1")]
    assert first["mean"].tolist() == approx([0.25])
