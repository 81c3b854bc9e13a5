"""What plans are worth: accounts, the same side by side at other rates and prices, and on what it hangs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import fixed_text, interval_text, number_text
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import rows_table
from dgsim.texts import IN_ENGLISH, Quarter, Words
from dgsim.texts.labels import outcome_label, within, worth_label

MONEY, PER_POINT = "bvnd", "bvnd"
NONE = "–"
MOST_ROWS = 12  # of a list that is as long as there are parameters
ITEM_COLUMNS = ("without_it", "points_of_use", "cost_per_point")
PLACE_COLUMNS = ("per_head", "weighted")
OF_COLUMN = {
    "without_it": "head.without",
    "points_of_use": "head.points",
    "cost_per_point": "head.per_point",
    "per_head": "head.per_head",
    "weighted": "head.weighted",
}


def worth_table(
    accounts: pd.DataFrame, heading: str, notes: Sequence[str], called: Callable[[str], str], w: Words = IN_ENGLISH
) -> RenderableType:
    """The accounts of one plan, a row each part and the total, and the sentences that belong to them.

    `called` is what people call a row by its name.
    """
    more = [name for name in (*ITEM_COLUMNS, *PLACE_COLUMNS) if name in accounts]
    what = [worth_label(name, w) for name in ("costs", "benefits", "transfers")]
    net, ratio = outcome_label("net_benefit", w), outcome_label("benefit_cost_ratio", w)
    heads = [w("head.interval"), ratio, w("head.break_even"), w("head.pays"), *(w(OF_COLUMN[name]) for name in more)]
    rows = [
        (
            called(row.name),
            *(_money(getattr(row, name), w) for name in ("costs", "benefits", "transfers", "net_benefit")),
            _interval(row.low, row.high, w),
            _plain(row.benefit_cost_ratio, 1, w),
            _quarter(row.break_even, w),
            f"{row.chance_to_pay:.0%}",
            *(_plain(getattr(row, name), 1, w) for name in more),
        )
        for row in rows_of(accounts)
    ]
    headings = ("", *what, net, *heads)
    bold = [row.name == "total" for row in rows_of(accounts)]
    table = rows_table(headings, rows, right=headings[1:], bold=bold)
    return Group(Text(heading, style="bold"), table, Text("\n".join(notes), style="dim"))


def sides_table(summary: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """The total of every plan at each discount rate, a column for each value of an hour."""
    hours = list(dict.fromkeys(None if pd.isna(hour) else hour for hour in summary["value_of_hour"]))
    heads = [w("worth.hour_own") if hour is None else w("worth.hour", hour=_plain(hour, 0, w)) for hour in hours]
    rows = []
    for plan in summary["plan"].unique():
        for rate, here in summary[summary["plan"] == plan].groupby("discount_rate", dropna=False, sort=False):
            told = w("worth.own") if pd.isna(rate) else number_text(rate, "share", language=w.language) + "%"
            cells = [f"{_money(row.net_benefit, w)} ({row.chance_to_pay:.0%})" for row in rows_of(here)]
            rows.append((plan, told, *cells))
    headings = (w("target.plan"), w("head.rate"), *heads)
    return Group(Text(w("heading.sides"), style="bold"), rows_table(headings, rows, headings[:1], headings[2:]))


def risk_tables(
    switching: pd.DataFrame,
    tornado: pd.DataFrame,
    knowing: pd.DataFrame,
    baseline: str,
    called: Callable[[str], str],
    w: Words,
) -> RenderableType:
    """Switching values, what one assumption moves, and what to measure first; `called` names an assumption."""
    plan, what, taken = w("target.plan"), w("report.assumption"), w("head.taken")
    switches = [
        (
            row.plan,
            called(row.price),
            _plain(row.value, 2, w),
            _plain(row.switching_value, 2, w),
            interval_text(row.range_low, row.range_high, "", w("reason.range"), language=w.language)
            if isfinite(row.range_low)
            else NONE,
        )
        for row in rows_of(switching)
    ]
    moving = tornado[tornado["net_low"] != tornado["net_high"]]
    swings = [
        (row.plan, called(row.parameter), *(_swing(row, end, w) for end in ("low", "high")))
        for name in tornado["plan"].unique()
        for row in rows_of(moving[moving["plan"] == name].head(MOST_ROWS))
    ]
    known = knowing[(knowing["evppi"] > 0.0) | (knowing["parameter"] == "all")]
    names = [w("worth.everything") if name == "all" else called(name) for name in known["parameter"]]
    worths = [(name, _money(row.evppi, w), f"{row.share:.0%}") for name, row in zip(names, rows_of(known), strict=True)]
    first = (plan, what, taken, w("head.pays_until"), w("about.range"))
    second = (plan, what, w("head.if_low"), w("head.if_high"))
    third = (what, w("head.knowing"), "%")
    return Group(
        Text(w("heading.switching"), style="bold"),
        rows_table(first, switches, first[:2], first[2:]),
        Text(w("heading.tornado"), style="bold"),
        rows_table(second, swings, second[:2], second[2:]),
        Text(w("note.tornado"), style="dim"),
        Text(w("heading.knowing", baseline=baseline), style="bold"),
        rows_table(third, worths, third[:1], third[1:]),
    )


def _swing(row: Any, end: str, w: Words) -> str:
    """The net benefit at one end of an assumption, and its interval."""
    net, low, high = (getattr(row, f"net_{end}{part}") for part in ("", "_from", "_to"))
    return f"{_money(net, w)} ({_interval(low, high, w)})"


def line_label(name: str, w: Words) -> str:
    """A line of the accounts such as "centre.costs.building", as people call it.

    >>> line_label("citizens.benefits.time", IN_ENGLISH), line_label("remaining life", IN_ENGLISH)
    ('Citizens: benefits: time', 'Remaining life')
    """
    first, *others = name.split(".")
    return ": ".join([worth_label(first, w), *(within(worth_label(part, w)) for part in others)])


def _money(value: float, w: Words) -> str:
    return fixed_text(value, 0, language=w.language)


def _interval(low: float, high: float, w: Words) -> str:
    if not isfinite(low):
        return NONE
    return w("reason.range", low=_money(low, w), high=_money(high, w))


def _plain(value: float, decimals: int, w: Words) -> str:
    return fixed_text(value, decimals, language=w.language) if isfinite(value) else NONE


def _quarter(text: object, w: Words) -> str:
    return w.quarter(Quarter(text)) if isinstance(text, str) else NONE
