"""Predictions, how good they were, and what holds, on 100 columns."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.show.numbers import rows_of
from dgsim.show.tables import rows_table


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
