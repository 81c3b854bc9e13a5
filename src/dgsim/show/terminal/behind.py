"""Who is left behind on the screen: how sure, what binds them, and what each lever gains them and costs."""

from __future__ import annotations

from math import isfinite
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import (
    difference_texts,
    difference_unit_text,
    digits_text,
    fixed_text,
    interval_text,
    level_texts,
    number_text,
    unit_text,
)
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import rows_table
from dgsim.show.terminal.tables import BETTER, UNCLEAR
from dgsim.texts import IN_ENGLISH, Words

MONEY, DIGITS, NOTHING = "bvnd", 3, "–"
SHARE = "share of runs"


def behind_table(
    provinces: pd.DataFrame,
    levers: pd.DataFrame,
    unit: str,
    about: dict[str, str],
    said: tuple[str, str, str],
    w: Words = IN_ENGLISH,
) -> RenderableType:
    """The provinces left behind, and the levers.

    `provinces` are those of `Behind`, with `binds` in words, `levers` with `lever` in words; `about` has the quarter
    and how many are told of; `said` are the heading, the sentences and the note.
    """
    heading, sentences, note = said
    columns = provinces_heads(unit, about, w), levers_heads(unit, about, w)
    rows = (
        [province_row(row, unit, w) for row in rows_of(provinces)],
        [lever_row(row, unit, w) for row in rows_of(levers)],
    )
    whose = rows_table(columns[0], rows[0], (columns[0][0], columns[0][4]))
    what = rows_table(columns[1], rows[1], (columns[1][0],))
    blocks = Text(heading, style="bold"), whose, what, Text(sentences), Text(note, style="dim")
    return Group(*blocks)


def provinces_heads(unit: str, about: dict[str, str], w: Words) -> tuple[str, ...]:
    """The heads of the table of provinces."""
    chance, rank = w("behind.chance", worst=about["worst"]), w("behind.rank")
    gain = w("bind.gain", unit=w.of(difference_unit_text(unit)))
    return w("word.province"), f"{about['stock']}, {w.of(unit_text(unit))}", chance, rank, w("bind.binds"), gain


def levers_heads(unit: str, about: dict[str, str], w: Words) -> tuple[str, ...]:
    """The heads of the table of levers."""
    told = w.of(difference_unit_text(unit))
    keys = ("behind.planned", "behind.cost", "behind.per_point")
    money = (w(key, quarter=about["quarter"]) for key in keys)
    return w("behind.lever"), w("behind.gain", unit=told), w("behind.everywhere"), *money, w("behind.helped")


def province_row(row: Any, unit: str, w: Words) -> tuple[str, ...]:
    """A province: its level, its chance and its rank with their intervals, and what binds it."""
    mean, ends = level_texts(row.mean, (row.low, row.high), unit, w("reason.range"), language=w.language)
    chance = f"{row.chance:.0%} ({w('reason.range', low=f'{row.chance_low:.0%}', high=f'{row.chance_high:.0%}')})"
    low, high = (fixed_text(rank, 0, language=w.language) for rank in (row.rank_low, row.rank_high))
    rank = f"{fixed_text(row.rank, 0, language=w.language)} ({w('reason.range', low=low, high=high)})"
    gain = number_text(row.binds_gain, unit, signed=True, language=w.language)
    sign = BETTER if row.clear else UNCLEAR
    return row.province, f"{mean} ({ends})", chance, rank, f"{row.binds} {sign}", gain


def lever_row(row: Any, unit: str, w: Words) -> tuple[str, ...]:
    """A lever: its gains, what it plans and costs, its cost a point, and how many it clearly helps."""
    return (
        row.lever,
        _size(row.gain, row.low, row.high, unit, w),
        _size(row.everywhere, row.everywhere_low, row.everywhere_high, unit, w),
        number_text(row.planned, MONEY, signed=True, decimals=0, language=w.language),
        _size(row.cost, row.cost_low, row.cost_high, MONEY, w),
        _per_point(row, w),
        str(row.helped),
    )


def _size(value: float, low: float, high: float, unit: str, w: Words) -> str:
    size, ends = difference_texts(value, (low, high), unit, w("reason.range"), language=w.language)
    return f"{size} ({ends})"


def _per_point(row: Any, w: Words) -> str:
    """The cost of a point, where the gain is clear."""
    if not isfinite(row.cost_per_point):
        return NOTHING
    ends = interval_text(row.per_point_low, row.per_point_high, MONEY, w("reason.range"), language=w.language)
    return f"{digits_text(row.cost_per_point, DIGITS, language=w.language)} ({ends})"
