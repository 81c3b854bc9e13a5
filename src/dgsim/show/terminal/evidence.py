"""Predictions, how good they were, and what holds, on 100 columns."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import SCALE, TWO_SIDED
from dgsim.show.rows import rows_of
from dgsim.show.terminal.tables import rows_table
from dgsim.texts import IN_ENGLISH, Words


def prediction_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Provinces in the order of their predicted rank, one block a year."""
    blocks: list[RenderableType] = []
    for year, rows in table.groupby("year"):
        columns = {w("head.rank"): 0, w("word.code"): 0, w("word.province"): 24, w("head.score"): 0}
        columns |= {w("head.nine_in_ten"): 0}
        cells = [
            (row.rank, row.province_code, row.province, f"{row.score:.3f}", _range(row.low, row.high, w))
            for row in rows_of(rows.sort_values("rank"))
        ]
        blocks += [Text(w("heading.prediction", year=year), style="bold"), rows_table(columns, cells)]
    return Group(*blocks, Text(w("note.prediction"), style="dim"))


def _range(low: float, high: float, w: Words) -> str:
    return w("reason.range", low=f"{low:.3f}", high=f"{high:.3f}")


def score_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """The prediction beside no change, a line a year."""
    columns = {w("about.year"): 0, w("head.provinces"): 0, "": 0, w("report.rank"): 0, w("head.inside"): 0}
    columns |= {w("head.mean_error"): 0}
    cells: list[tuple[object, ...]] = []
    for row in rows_of(table):
        cells.append(
            (
                row.year,
                row.provinces,
                "dgsim",
                f"{row.rank_correlation:.3f}",
                f"{row.inside:.0%}",
                f"{row.mean_error:+.3f}",
            )
        )
        persistence = (row.persistence_rank_correlation, row.persistence_inside, row.persistence_mean_error)
        cells.append(
            ("", "", w("table.no_change"), f"{persistence[0]:.3f}", f"{persistence[1]:.0%}", f"{persistence[2]:+.3f}")
        )
    return rows_table(columns, cells)


def validation_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Every claim: observed, model with its interval, whether it holds; one block a group."""
    blocks: list[RenderableType] = []
    columns = {w("head.claim"): 44} | {w(f"head.{name}"): 0 for name in ("observed", "model", "sets", "holds")}
    for group, rows in table.groupby("group", sort=False):
        cells = [_claim_cells(row, w) for row in rows_of(rows)]
        blocks += [Text(w.of(str(group)), style="bold"), rows_table(columns, cells)]
    held, all_claims = (table["holds"] == "yes").sum(), (table["holds"] != "").sum()
    return Group(*blocks, Text(w("note.validation", held=held, all=all_claims), style="dim"))


def _claim_cells(row: Any, w: Words) -> tuple[str, ...]:
    who = "" if row.who == "dgsim" and pd.notna(row.low) else f"{w.of(row.who)}: "
    ends = {"low": plain(row.low), "high": plain(row.high)}
    interval = f" ({w('reason.range', **ends)})" if pd.notna(row.low) else ""
    unit = f", {w.of(row.unit)}" if row.unit not in (TWO_SIDED, SCALE) else ""
    share = f"{row.share:.0%}" if pd.notna(row.share) else ""
    claim = f"{who}{w.of(row.claim)}{unit}"
    return claim, plain(row.observed), f"{plain(row.model)}{interval}", share, w.of(row.holds)


def plain(value: float) -> str:
    """A number with three decimals, or without where it is large; a dash where there is none.

    >>> plain(0.12345), plain(-3885.35), plain(float("nan"))
    ('0.123', '-3,885', '–')
    """
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def sources_table(table: pd.DataFrame, assumed: int, w: Words = IN_ENGLISH) -> RenderableType:
    """Numbers by kind and role; `assumed` is how many of them are."""
    columns = {w("head.number"): 30, w("head.value"): 0, w("word.unit"): 14, w("about.range"): 0}
    columns |= {w("about.source"): 20, w("head.informed"): 22}
    blocks: list[RenderableType] = []
    for (kind, role), rows in table.groupby(["kind", "role"], sort=False):
        cells = [_source_cells(row) for row in rows_of(rows)]
        heading = f"{w(f'numbers.{kind}')}, {w(f'role.{role}')} ({len(rows)})"
        blocks += [Text(heading, style="bold"), rows_table(columns, cells)]
    return Group(*blocks, Text(w("note.sources", assumed=assumed, all=len(table)), style="dim"))


def _source_cells(row: Any) -> tuple[str, ...]:
    value = f"{row.value:g}" if isinstance(row.value, float) else str(row.value).lower()
    ends = [f"{end:g}" if pd.notna(end) else "" for end in (row.low, row.high)]
    return row.number, value, row.unit, "..".join(ends) if any(ends) else "", row.source, row.informed
