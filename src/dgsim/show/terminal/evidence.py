"""Predictions, how good they were, and what holds."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import (
    PLAIN,
    SCALE,
    TWO_SIDED,
    as_written,
    fixed_text,
    interval_text,
    is_share,
    number_text,
    unit_text,
)
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import rows_table
from dgsim.texts import IN_ENGLISH, Words


def prediction_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Provinces in the order of their predicted rank, one block a year."""
    blocks: list[RenderableType] = []
    for year, rows in table.groupby("year"):
        province = w("word.province")
        headings = (w("head.rank"), w("word.code"), province, w("head.score"), w("head.nine_in_ten"))
        cells = [
            (
                row.rank,
                row.province_code,
                row.province,
                fixed_text(row.score, 3, language=w.language),
                _range(row.low, row.high, w),
            )
            for row in rows_of(rows.sort_values("rank"))
        ]
        blocks += [Text(w("heading.prediction", year=year), style="bold"), rows_table(headings, cells, (province,))]
    return Group(*blocks, Text(w("note.prediction"), style="dim"))


def _range(low: float, high: float, w: Words) -> str:
    return w("reason.range", low=fixed_text(low, 3, language=w.language), high=fixed_text(high, 3, language=w.language))


def score_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """The prediction beside no change, a line a year."""
    measured = (w("report.rank"), w("head.inside"), w("head.mean_error"))
    headings = (w("about.year"), w("head.provinces"), "", *measured)
    cells: list[tuple[object, ...]] = []
    for row in rows_of(table):
        cells.append(
            (
                row.year,
                row.provinces,
                "dgsim",
                fixed_text(row.rank_correlation, 3, language=w.language),
                f"{row.inside:.0%}",
                fixed_text(row.mean_error, 3, signed=True, language=w.language),
            )
        )
        persistence = (row.persistence_rank_correlation, row.persistence_inside, row.persistence_mean_error)
        cells.append(
            (
                "",
                "",
                w("table.no_change"),
                fixed_text(persistence[0], 3, language=w.language),
                f"{persistence[1]:.0%}",
                fixed_text(persistence[2], 3, signed=True, language=w.language),
            )
        )
    return rows_table(headings, cells)


def validation_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Every claim: observed, model with its interval, whether it holds; one block a group."""
    blocks: list[RenderableType] = []
    names = ("claim", "role", "observed", "model", "sets", "holds")
    for group, rows in table.groupby("group", sort=False):
        cells = [_claim_cells(row, w) for row in rows_of(rows)]
        told = [at for at in range(len(names)) if any(row[at] for row in cells)]  # a group without sets has no column
        headings = [w(f"head.{names[at]}") for at in told]
        claims = rows_table(headings, [[row[at] for at in told] for row in cells], headings[:1])
        blocks += [Text(w.of(str(group)), style="bold"), claims]
    held, all_claims = (table["holds"] == "yes").sum(), (table["holds"] != "").sum()
    return Group(*blocks, Text(w("note.validation", held=held, all=all_claims), style="dim"))


def _claim_cells(row: Any, w: Words) -> tuple[str, ...]:
    who = "" if row.who == "dgsim" and pd.notna(row.low) else f"{w.of(row.who)}: "
    span = (interval_text(row.low, row.high, row.unit, w("reason.range"), language=w.language),)
    interval = f" ({span[0]})" if pd.notna(row.low) else ""
    unit = f", {w.of(unit_text(row.unit))}" if row.unit not in (TWO_SIDED, SCALE) else ""
    share = f"{row.share:.0%}" if pd.notna(row.share) else ""
    observed, model = (figure_text(value, row.unit, w.language) for value in (row.observed, row.model))
    role = w.of(row.role) if isinstance(row.role, str) else ""
    return f"{who}{w.of(row.claim)}{unit}", role, observed, f"{model}{interval}", share, w.of(row.holds)


def figure_text(value: float, unit: str, language: str = PLAIN) -> str:
    """An observed or a simulated figure in its unit, whole where it is a count; a dash where there is none.

    >>> figure_text(0.12345, "0..1"), figure_text(0.12345, "share of services"), figure_text(1.0, "rank")
    ('0.123', '12.3', '1')
    >>> figure_text(1.37, "rank"), figure_text(-3885.35, "bvnd"), figure_text(float("nan"), "bvnd")
    ('1.37', '-3,885', '–')
    """
    if pd.isna(value):
        return "–"
    whole = unit not in (SCALE, TWO_SIDED) and not is_share(unit) and float(value).is_integer()
    return number_text(value, unit, decimals=0 if whole else None, language=language)


def sources_table(table: pd.DataFrame, assumed: int, numbers: int, w: Words = IN_ENGLISH) -> RenderableType:
    """Numbers by kind and role; `assumed` is how many of them are."""
    number, unit, source, informed = w("head.number"), w("word.unit"), w("about.source"), w("head.informed")
    headings = (number, w("head.value"), unit, w("about.range"), source, informed)
    blocks: list[RenderableType] = []
    for (kind, role), rows in table.groupby(["kind", "role"], sort=False):
        cells = [_source_cells(row, w) for row in rows_of(rows)]
        heading = f"{w(f'numbers.{kind}')}, {w(f'role.{role}')} ({len(rows)})"
        blocks += [Text(heading, style="bold"), rows_table(headings, cells, (number, unit, source, informed))]
    return Group(*blocks, Text(w("note.sources", assumed=assumed, all=numbers), style="dim"))


def _source_cells(row: Any, w: Words) -> tuple[str, ...]:
    value = as_written(row.value, w.language) if isinstance(row.value, float) else str(row.value).lower()
    ends = [as_written(end, w.language) if pd.notna(end) else "" for end in (row.low, row.high)]
    return row.number, value, row.unit, "..".join(ends) if any(ends) else "", row.source, row.informed
