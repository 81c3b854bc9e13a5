"""What makes two scenarios differ, on 100 columns."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.show.numbers import rows_of
from dgsim.show.tables import rows_table


def contributions_table(contributions: pd.DataFrame, interactions: pd.DataFrame, heading: str) -> RenderableType:
    """The part of every group and the total, then what every two groups do together."""
    parts = [
        (row.group, f"{row.contribution:+.4g}", f"{row.low:+.4g} to {row.high:+.4g}", f"{row.alone:+.4g}")
        for row in rows_of(contributions)
    ]
    pairs = [
        (f"{row.first} and {row.second}", f"{row.interaction:+.4g}", f"{row.low:+.4g} to {row.high:+.4g}")
        for row in rows_of(interactions)
    ]
    blocks: list[RenderableType] = [
        Text(heading, style="bold"),
        rows_table({"Group": 30, "Contribution": 0, "95% interval": 0, "Alone": 0}, parts),
    ]
    if pairs:
        blocks.append(rows_table({"Together": 40, "Interaction": 0, "95% interval": 0}, pairs))
    return Group(*blocks)
