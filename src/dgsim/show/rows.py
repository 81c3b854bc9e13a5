"""The rows of a table, to be shown one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd


def rows_of(table: pd.DataFrame) -> list[Any]:
    """The rows of a table, each with a column's name as an attribute."""
    return list(table.itertuples())
