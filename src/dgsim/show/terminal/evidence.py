"""Predictions, how good they were, and what holds, on 100 columns."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.show.rows import rows_of
from dgsim.show.terminal.tables import rows_table


def prediction_table(table: pd.DataFrame) -> RenderableType:
    """Provinces in the order of their predicted rank, one block a year."""
    blocks: list[RenderableType] = []
    for year, rows in table.groupby("year"):
        columns = {"Rank": 0, "Code": 0, "Province": 24, "Score": 0, "90% interval": 0}
        cells = [
            (row.rank, row.province_code, row.province, f"{row.score:.3f}", f"{row.low:.3f} to {row.high:.3f}")
            for row in rows_of(rows.sort_values("rank"))
        ]
        blocks += [Text(f"Reported index {year}, 0..1", style="bold"), rows_table(columns, cells)]
    note = "The interval holds the luck, the parameters, what the model lacks, and the common level of the year."
    return Group(*blocks, Text(note, style="dim"))


def score_table(table: pd.DataFrame) -> RenderableType:
    """The prediction beside no change, a line a year."""
    columns = {"Year": 0, "Provinces": 0, "": 0, "Rank correlation": 0, "Inside 90% interval": 0, "Mean error": 0}
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
        cells.append(("", "", "no change", f"{persistence[0]:.3f}", f"{persistence[1]:.0%}", f"{persistence[2]:+.3f}"))
    return rows_table(columns, cells)


def validation_table(table: pd.DataFrame) -> RenderableType:
    """Every claim: observed, model with its interval, whether it holds; one block a group."""
    blocks: list[RenderableType] = []
    columns = {"Claim": 44, "Observed": 0, "Model (5th to 95th percentile)": 0, "Sets": 0, "Holds": 0}
    for group, rows in table.groupby("group", sort=False):
        blocks += [Text(str(group), style="bold"), rows_table(columns, [_claim_cells(row) for row in rows_of(rows)])]
    held, all_claims = (table["holds"] == "yes").sum(), (table["holds"] != "").sum()
    note = (
        f"{held} of {all_claims} claims hold. A figure holds if the observed one lies within the interval of the "
        "runs;\na direction if it comes out in nine sets of ten; a contest if no naive rival does better."
    )
    return Group(*blocks, Text(note, style="dim"))


def _claim_cells(row: Any) -> tuple[str, ...]:
    who = "" if row.who == "dgsim" and pd.notna(row.low) else f"{row.who}: "
    interval = f" ({plain(row.low)} to {plain(row.high)})" if pd.notna(row.low) else ""
    unit = f", {row.unit}" if row.unit not in ("-1..1", "0..1") else ""
    share = f"{row.share:.0%}" if pd.notna(row.share) else ""
    return f"{who}{row.claim}{unit}", plain(row.observed), f"{plain(row.model)}{interval}", share, row.holds


def plain(value: float) -> str:
    """A number with three decimals, or without where it is large; a dash where there is none.

    >>> plain(0.12345), plain(-3885.35), plain(float("nan"))
    ('0.123', '-3,885', '–')
    """
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def sources_table(table: pd.DataFrame) -> RenderableType:
    """Numbers by kind and role."""
    columns = {"Number": 30, "Value": 0, "Unit": 14, "Range": 0, "Source": 20, "Informed by data": 22}
    blocks: list[RenderableType] = []
    for (kind, role), rows in table.groupby(["kind", "role"], sort=False):
        cells = [_source_cells(row) for row in rows_of(rows)]
        blocks += [Text(f"{kind}, {role} ({len(rows)})", style="bold"), rows_table(columns, cells)]
    assumed = table["source"].str.startswith("assumed").sum()
    note = f"{assumed} of {len(table)} numbers are assumed. Informed: prior mean ± spread to posterior mean ± spread."
    return Group(*blocks, Text(note, style="dim"))


def _source_cells(row: Any) -> tuple[str, ...]:
    value = f"{row.value:g}" if isinstance(row.value, float) else str(row.value).lower()
    ends = [f"{end:g}" if pd.notna(end) else "" for end in (row.low, row.high)]
    return row.number, value, row.unit, "..".join(ends) if any(ends) else "", row.source, row.informed
