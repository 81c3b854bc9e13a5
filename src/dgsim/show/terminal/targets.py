"""Targets on the screen: chances with lights that are words, what it would take, and the results framework."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import SCALE, count_text, digits_text, is_share, number_text, shown
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import rows_table
from dgsim.show.terminal.tables import BETTER, WORSE
from dgsim.texts import IN_ENGLISH, Quarter, Words
from dgsim.texts.labels import outcome_label, stock_label, within
from dgsim.world.tables import OUTCOMES

LIGHTS = {"likely": BETTER, "open": "?", "unlikely": WORSE}
NONE = "–"
ALL = "all"


def chances_table(records: pd.DataFrame, runs: int, w: Words = IN_ENGLISH) -> RenderableType:
    """A block a plan: the chance of each target, its light, where the figure stands, and when it is met."""
    headings = tuple(
        w(f"target.{name}")
        for name in ("target", "what", "wanted", "chance", "light", "mean", "first", "only_reported")
    )
    blocks: list[RenderableType] = []
    for plan, kept in records.groupby("plan", sort=False):
        rows = chances_cells(kept, w)
        blocks.append(Text(w("target.heading", plan=plan), style="bold"))
        blocks.append(rows_table(headings, rows, headings, (), kept["target"] == ALL))
    return Group(*blocks, Text(w("target.note", count=runs), style="dim"))


def chances_cells(records: pd.DataFrame, w: Words = IN_ENGLISH) -> list[tuple[str, ...]]:
    """The chance of each target, its light, where the figure stands, and when it is met, in words."""
    return [_cells(row, w) for row in rows_of(records)]


def framework_cells(framework: pd.DataFrame, w: Words = IN_ENGLISH) -> list[tuple[str, ...]]:
    """Each indicator, its baseline, its targets by date, who answers for it and how it is verified, in words."""
    dates = [column for column in framework.columns if column[:4].isdigit()]
    return [
        (
            f"{row['targets']}: {within(indicator_label(row['indicator'], w))}, "
            f"{seen_text(row['seen_as'], row['of'], w)}",
            level_text(row["baseline"], row["unit"], w),
            w("list.semicolon").join(
                wanted_text(row[date], row["at_most"], row["unit"], date, w) for date in dates if pd.notna(row[date])
            ),
            w.of(row["responsible"]),
            w.of(row["verification"]),
        )
        for row in framework.to_dict("records")
    ]


def _cells(row: Any, w: Words) -> tuple[str, ...]:
    name = f"{row.targets}: {w('target.all') if row.target == ALL else row.target}"
    is_all = row.target == ALL
    return (
        name,
        "" if is_all else f"{within(indicator_label(row.indicator, w))}, {seen_text(row.seen_as, row.of, w)}",
        "" if is_all else wanted_text(row.wanted, row.at_most, row.unit, row.by, w),
        f"{row.chance:.0%} ({_percent(row.low, row.high, w)})",
        f"{LIGHTS[row.light]} {w(f'light.{row.light}')}",
        "" if is_all else level_text(row.mean, row.unit, w),
        first_text(row, w),
        NONE if np.isnan(row.reported_not_true) else f"{row.reported_not_true:.0%}",
    )


def indicator_label(indicator: str, w: Words) -> str:
    """An outcome or a stock of provinces, as the head of a row."""
    return outcome_label(indicator, w) if indicator in OUTCOMES.names else stock_label(indicator, w)


def seen_text(seen_as: str, of: float, w: Words) -> str:
    """How an indicator is seen, and how many provinces must hold it."""
    seen = w(f"seen.{seen_as}")
    if of is None or np.isnan(of):
        return seen
    return f"{seen}, {w('target.every') if of == 1.0 else w('target.share', share=f'{of:.0%}')}"


def level_text(value: float, unit: str, w: Words) -> str:
    """A level with its sign or unit."""
    if np.isnan(value):
        return NONE
    number = number_text(value, unit, language=w.language)
    return f"{number}%" if is_share(unit) else number


def wanted_text(wanted: float, at_most: bool, unit: str, by: str, w: Words) -> str:
    """What is wanted, and by when."""
    number = digits_text(shown(wanted, unit), language=w.language)
    sign = "%" if is_share(unit) else f" {w.of(unit)}" if unit != SCALE else ""
    return w("target.at_most" if at_most else "target.at_least", amount=f"{number}{sign}", quarter=by)


def first_text(row: Any, w: Words) -> str:
    """The first quarter, median and interval; what does not come in time is told."""
    never = w("target.not_by", quarter=row.until)
    middle, low, high = (
        Quarter(one) if isinstance(one, str) else never for one in (row.first_quarter, row.first_low, row.first_high)
    )
    told = w("target.once", quarter=middle) if isinstance(middle, Quarter) else never
    return told if low == high else f"{told} ({w('reason.range', low=low, high=high)})"


def _percent(low: float, high: float, w: Words) -> str:
    return w("reason.range", low=f"{low:.0%}", high=f"{high:.0%}")


def search_table(found: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """What it would take to meet each target at a chance."""
    search, chance = str(found["search"].iloc[0]), f"{found['at_chance'].iloc[0]:.0%}"
    names = ("plan", "target", f"{search}_needed", "chance", "own_chance")
    headings = tuple(w(f"target.{name}") for name in names)
    rows = [
        (
            row.plan,
            f"{row.targets}: {w('target.all') if row.target == ALL else row.target}",
            _answer(row, w),
            f"{row.chance:.0%} ({_percent(row.low, row.high, w)})",
            f"{row.chance_of_own:.0%}",
        )
        for row in rows_of(found)
    ]
    count = int(found["replications"].iloc[0])
    heading = Text(w(f"target.{search}_heading", chance=chance), style="bold")
    return Group(heading, rows_table(headings, rows, headings), Text(w("target.search_note", count=count), style="dim"))


def _answer(row: Any, w: Words) -> str:
    if not row.found:
        return w(f"target.no_{row.search}")
    if row.in_any_case:
        return w(f"target.any_{row.search}")
    if row.search == "budget":
        money = count_text(round(row.bvnd), w.language)
        return w("target.budget", share=f"{row.share:.0%}", money=money)
    start = {"start": Quarter(row.first_start), "count": abs(int(row.quarters))}
    return w(
        "target.as_planned" if row.quarters == 0 else "target.later" if row.quarters > 0 else "target.sooner", **start
    )


def framework_table(framework: pd.DataFrame, missing: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """The results framework, and below it what the model cannot express, with the reason."""
    headings = tuple(w(f"target.{name}") for name in ("indicator", "baseline", "due", "who", "verified"))
    rows = framework_cells(framework, w)
    blocks: list[RenderableType] = []
    if rows:
        blocks += [Text(w("target.framework"), style="bold"), rows_table(headings, rows, headings)]
    if len(missing):
        heads = tuple(w(f"target.{name}") for name in ("decision", "what_missing", "why_missing"))
        lines = [(row.targets, w.of(row.target), w.of(row.reason)) for row in rows_of(missing)]
        blocks += [Text(w("target.missing"), style="bold"), rows_table(heads, lines, heads)]
    return Group(*blocks)
