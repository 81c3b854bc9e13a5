"""The compiled driver: a whole run without a Python step in between.

>>> from dgsim.country import load_country
>>> from dgsim.engine.setup import make_setup
>>> from dgsim.scenario import load_scenario
>>> outcomes, *_ = run_world(make_setup(load_scenario("history"), load_country()), seed=7, replication=0)
>>> outcomes.shape[0] == load_scenario("history").quarters
True
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dgsim.engine.setup import EVERYONE, Setup, fresh_world
from dgsim.world.compiled import outer_rule, rule
from dgsim.world.outcomes import N_OUTCOMES, record_stocks
from dgsim.world.quarter import run_quarter
from dgsim.world.records import Ints, Nation, Province
from dgsim.world.savings import N_SAVINGS, record_accounts, record_savings
from dgsim.world.state import ENTRY, LINES_BY, N_LINES, N_SERVICES, PANEL, State
from dgsim.world.tables import ACCOUNTS, FLOWS

RunParts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@rule
def record_books(who: Province | Nation, row: Ints) -> None:
    """Write the books of a province or of the centre into a row, line by line."""
    for line in range(N_LINES):
        row[line] = who.books[line]


@outer_rule
def run_to(
    state: State,
    last: int,
    outcomes: np.ndarray,
    panel: np.ndarray,
    books: np.ndarray,
    money: np.ndarray,
    savings: np.ndarray,
) -> None:
    """Run a world up to a quarter (not included): a row of outcomes a quarter; what else is kept, if it has rows."""
    nation = state.world.nation
    n = len(state.provinces)
    while nation.quarter < last:
        quarter = nation.quarter
        run_quarter(state, outcomes[quarter], None)
        if quarter < len(panel):
            for i in range(n):
                record_stocks(state.provinces[i], state.world, panel[quarter, i])
        if quarter < len(books):
            for i in range(n):
                record_books(state.provinces[i], books[quarter, i])
            record_books(nation, books[quarter, n])
        if quarter < len(savings):
            for i in range(n):
                record_accounts(state.provinces[i], money[quarter, i])
                record_savings(state.provinces[i], state.world, savings[quarter, i])
            record_accounts(nation, money[quarter, n])


def run_world(
    setup: Setup,
    seed: int,
    replication: int,
    *,
    keep: frozenset[str] = frozenset(),
    watch: tuple[int, int] | None = None,
) -> RunParts:
    """One replication: outcomes [quarter, outcome], panel [quarter or 0, province], ledger and choices."""
    if "choices" in keep and watch is None:
        watch = (EVERYONE, EVERYONE)
    state = fresh_world(setup, seed, replication, watch=watch)
    quarters, n = setup.quarters, len(setup.provinces)
    outcomes = np.zeros((quarters, N_OUTCOMES))
    panel = np.zeros((quarters if "provinces" in keep else 0, n), PANEL)
    books = np.zeros((quarters if "ledger" in keep else 0, n + 1, N_LINES), np.int64)
    run_to(state, quarters, outcomes, panel, books, *nothing_of_accounts(n))
    choices = state.choices[: state.world.nation.choices_length].view(np.ndarray)
    return outcomes, panel, ledger_of(books), choices


def nothing_of_accounts(provinces: int) -> tuple[np.ndarray, np.ndarray]:
    """Money and savings of which no quarter is kept, for a run that is not appraised."""
    return np.zeros((0, provinces + 1, len(ACCOUNTS)), np.int64), np.zeros((0, provinces, N_SAVINGS))


class AccountedRun(NamedTuple):
    """One replication as an appraisal looks at it.

    outcomes  float64 [quarter, outcome]
    money     int64 [quarter, province and last the centre, account]: what was paid in the quarter, million VND
    savings   float64 [quarter, province, saving]: what was saved in the quarter, in the units of SAVINGS
    use       float64 [province]: the share of dossiers that citizens complete online in the last quarter
    """

    outcomes: np.ndarray
    money: np.ndarray
    savings: np.ndarray
    use: np.ndarray


def run_accounts(setup: Setup, seed: int, replication: int) -> AccountedRun:
    """One replication, with what was paid and what was saved, by province and quarter."""
    state = fresh_world(setup, seed, replication)
    quarters, n = setup.quarters, len(setup.provinces)
    outcomes = np.zeros((quarters, N_OUTCOMES))
    money = np.zeros((quarters, n + 1, len(ACCOUNTS)), np.int64)
    savings = np.zeros((quarters, n, N_SAVINGS))
    panel, books = np.zeros((0, n), PANEL), np.zeros((0, n + 1, N_LINES), np.int64)
    run_to(state, quarters, outcomes, panel, books, money, savings)
    return AccountedRun(outcomes, np.diff(money, axis=0, prepend=0), savings, state.provinces["use"].copy())


def ledger_of(books: np.ndarray) -> np.ndarray:
    """The entries of a ledger (ENTRY) from the books [quarter, province and last the centre, line].

    A grant stands in the books of both, the centre and the province; the ledger names it once, by the province.
    """
    if len(books) == 0:
        return np.zeros(0, ENTRY)
    amounts = np.diff(books, axis=0, prepend=0)
    amounts[:, -1, LINES["transfer"]] = 0
    quarter, who, line = np.nonzero(amounts)
    entries = np.zeros(len(quarter), ENTRY)
    entries["quarter"], entries["flow"], entries["item"] = quarter, LINES["flow"][line], LINES["item"][line]
    entries["province"] = np.where(who == books.shape[1] - 1, -1, who)
    entries["amount"] = amounts[quarter, who, line]
    return entries


def _lines() -> np.ndarray:
    """For each line of the books: its flow, its item (-1 if none; roadmap items after the services), if a transfer."""
    first = {"none": -1, "services": 0, "projects": 0, "foundations": N_SERVICES, "items": N_SERVICES}
    rows = [
        (number, first[flow.items] + step, flow.category == "transfer")
        for number, flow in enumerate(FLOWS)
        for step in range(LINES_BY[flow.items])
    ]
    return np.array(rows, dtype=[("flow", "i8"), ("item", "i8"), ("transfer", "?")])


LINES = _lines()
