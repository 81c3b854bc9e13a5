"""The engine's arrays as tidy tables; the only file in which a column of a result is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.scenario import Scenario
from dgsim.scenario.calendar import quarter_text
from dgsim.world.state import OPTIONS, UTILITY_PARTS
from dgsim.world.tables import FLOWS, ITEMS, OUTCOME_NAMES, OUTCOMES, PROVINCIAL
from dgsim.world.units import BVND

BAND = (0.05, 0.95)  # the percentiles told of a spread over replications
FLOW_COLUMNS = ("flow", "label", "source", "use", "category", "payer")
ITEM_NAMES = [*PROVINCIAL.names, *ITEMS.names]


def quarters_text(quarters: int) -> list[str]:
    """The first quarters of the calendar as text, "2020Q1" first."""
    return [quarter_text(index) for index in range(quarters)]


def _named(codes: np.ndarray, names: Sequence[str], *, ordered: bool = False) -> pd.Categorical[str]:
    """Names from their numbers; -1 is missing."""
    return pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(names), ordered=ordered)


def _quarters(codes: np.ndarray, quarters: int) -> pd.Categorical[str]:
    return _named(codes, quarters_text(quarters), ordered=True)


def _constant(text: str, rows: int) -> pd.Categorical[str]:
    return _named(np.zeros(rows), [text])


def outcomes_frame(scenario: Scenario, values: np.ndarray) -> pd.DataFrame:
    """Tidy outcomes from `values[replication, quarter, outcome]`, one row a value, in that order."""
    replication, quarter, outcome = (axis.ravel() for axis in np.indices(values.shape))
    return pd.DataFrame(
        {
            "scenario": _constant(scenario.name, values.size),
            "replication": replication,
            "quarter": _quarters(quarter, scenario.quarters),
            "outcome": _named(outcome, OUTCOME_NAMES),
            "value": values.ravel(),
        }
    )


def records_frame(names: dict[str, str], estimates: dict[str, np.ndarray], replications: int) -> pd.DataFrame:
    """One row for each outcome and quarter, from arrays `[quarter, outcome]`; `names` leads every row."""
    quarters, outcomes = next(iter(estimates.values())).shape
    outcome, quarter = (axis.ravel() for axis in np.indices((outcomes, quarters)))
    return pd.DataFrame(
        {
            **{key: _constant(text, outcome.size) for key, text in names.items()},
            "outcome": _named(outcome, OUTCOME_NAMES),
            "unit": _looked_up([about.unit for about in OUTCOMES], outcome),
            "quarter": _quarters(quarter, quarters),
            **{key: estimate.T.ravel() for key, estimate in estimates.items()},
            "replications": replications,
        }
    )


def _province_columns(codes: np.ndarray, country: Country) -> dict[str, pd.Categorical[str]]:
    """Code and English name of each row's province."""
    return {"province_code": _named(codes, country.codes), "province": _looked_up(country.names, codes)}


def _looked_up(texts: Sequence[str], codes: np.ndarray) -> pd.Categorical[str]:
    """The text of each code, where several codes may share a text."""
    kinds = list(dict.fromkeys(texts))
    return _named(np.array([kinds.index(text) for text in texts])[codes], kinds)


def provinces_frame(scenario: Scenario, panel: np.ndarray, country: Country, first: int = 0) -> pd.DataFrame:
    """Every province's stocks at the end of every quarter from `panel[replication, quarter, province]`.

    `first` is the number of the first replication in the panel.
    """
    replication, quarter, province = (axis.ravel() for axis in np.indices(panel.shape))
    rows = panel.ravel()
    return pd.DataFrame(
        {
            "scenario": _constant(scenario.name, rows.size),
            "replication": replication + first,
            "quarter": _quarters(quarter, scenario.quarters),
            **_province_columns(province, country),
            **{name: rows[name] for name in rows.dtype.names or ()},
        }
    )


def _entry_columns(scenario: Scenario, books: Sequence[np.ndarray], first: int) -> dict[str, object]:
    """Scenario, replication and quarter of entries kept in one array a replication."""
    sizes = [book.size for book in books]
    return {
        "scenario": _constant(scenario.name, sum(sizes)),
        "replication": np.repeat(np.arange(first, first + len(books)), sizes),
        "quarter": _quarters(np.concatenate(books)["quarter"], scenario.quarters),
    }


def ledger_frame(scenario: Scenario, books: Sequence[np.ndarray], country: Country, first: int = 0) -> pd.DataFrame:
    """Every entry of the double-entry ledger; `amount` in whole million VND, `bvnd` the same in billions.

    `province_code` is missing for the centre, `item` (a service or roadmap item) where there is none.
    """
    entries = np.concatenate(books)
    flow = entries["flow"]
    return pd.DataFrame(
        {
            **_entry_columns(scenario, books, first),
            "flow": _named(flow, [row.flow for row in FLOWS]),
            "source": _looked_up([row.source for row in FLOWS], flow),
            "use": _looked_up([row.use for row in FLOWS], flow),
            "province_code": _named(entries["province"], country.codes),
            "item": _named(entries["item"], ITEM_NAMES),
            "amount": entries["amount"].astype(np.int64),
            "bvnd": entries["amount"] / BVND,
        }
    )


def choices_frame(scenario: Scenario, books: Sequence[np.ndarray], country: Country, first: int = 0) -> pd.DataFrame:
    """Every option that was weighed: the parts of its utility, the noise, and `utility`, their sum.

    `rank` is its position in the order of starting, 0 if it was not started.
    """
    entries = np.concatenate(books)
    return pd.DataFrame(
        {
            **_entry_columns(scenario, books, first),
            **_province_columns(entries["province"], country),
            "option": _named(entries["option"], OPTIONS),
            "item": _named(entries["slot"], ITEM_NAMES),
            "rank": entries["rank"],
            **{name: entries[name] for name in (*UTILITY_PARTS, "noise", "utility")},
        }
    )


RECORDS: dict[str, Callable[..., pd.DataFrame]] = {
    "provinces": provinces_frame,
    "ledger": ledger_frame,
    "choices": choices_frame,
}


def accounts_frame(scenario: Scenario, totals: np.ndarray) -> pd.DataFrame:
    """Money in bvnd by flow and quarter from `totals[replication, quarter, flow]`."""
    flow, quarter = (axis.ravel() for axis in np.indices((len(FLOWS), scenario.quarters)))
    low, high = np.quantile(totals, BAND, axis=0)
    return pd.DataFrame(
        {
            "scenario": _constant(scenario.name, flow.size),
            "quarter": _quarters(quarter, scenario.quarters),
            **{key: _looked_up([getattr(row, key) for row in FLOWS], flow) for key in FLOW_COLUMNS},
            "mean": totals.mean(axis=0).T.ravel(),
            "low": low.T.ravel(),
            "high": high.T.ravel(),
            "replications": len(totals),
        }
    )
