"""Predictions, how good they were, and what holds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import (
    PLAIN,
    SCALE,
    TWO_SIDED,
    as_written,
    difference_texts,
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
    """The prediction beside no change and a regression, three lines a year."""
    measured = [w(f"head.{name}") for name in ("inside", "mean_error", "crps", "deviation_crps")]
    headings = (w("about.year"), w("head.provinces"), "", w("report.rank"), *measured)
    cells: list[tuple[object, ...]] = []
    for row in table.to_dict("records"):
        year = (row["year"], row["provinces"])
        rivals = (w("table.no_change"), "persistence_"), (w("table.covariate_regression"), "regression_")
        for who, prefix in (("dgsim", ""), *rivals):
            cells.append((*year, who, *_score_cells(row, prefix, w)))
            year = ("", "")
    return Group(rows_table(headings, cells), Text(w("note.score"), style="dim"))


def _score_cells(row: Mapping[Hashable, float], prefix: str, w: Words) -> tuple[str, ...]:
    ranks, error, crps, apart = (
        row[f"{prefix}{name}"] for name in ("rank_correlation", "mean_error", "crps", "deviation_crps")
    )
    return (
        fixed_text(ranks, 3, language=w.language),
        f"{row[f'{prefix}inside']:.0%}",
        fixed_text(error, 3, signed=True, language=w.language),
        fixed_text(crps, 2, language=w.language),
        fixed_text(apart, 2, language=w.language),
    )


def validation_table(table: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Every claim: observed, model with its interval, whether it holds; one block a group."""
    blocks: list[RenderableType] = []
    names = ("claim", "role", "observed", "model", "lead", "sets", "holds")
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
    ends = (row.lead_low, row.lead_high)
    lead = "{} ({})".format(*difference_texts(row.lead, ends, row.unit, w("reason.range"), language=w.language))
    observed, model = (figure_text(value, row.unit, w.language) for value in (row.observed, row.model))
    role = w.of(row.role) if isinstance(row.role, str) else ""
    return (
        f"{who}{w.of(row.claim)}{unit}",
        role,
        observed,
        f"{model}{interval}",
        lead if pd.notna(row.lead) else "",
        share,
        w.of(row.holds),
    )


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
