"""What a folder of results holds: every table as Parquet and CSV, every figure as PNG and SVG."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from dgsim.show.figures.maps import Rings, province_map
from dgsim.show.figures.money import money_by_account
from dgsim.show.figures.outcomes import differences_with_intervals, outcomes_over_time
from dgsim.show.figures.style import saver
from dgsim.show.files.folder import Writer, table_writers

MAPPED = "use"  # the outcome that is shown on a map; provinces have a stock of the same name


def result_files(
    tables: Mapping[str, pd.DataFrame], catalogue: pd.DataFrame, polygons: Rings | None, caption: str
) -> dict[str, Writer]:
    """What writes each file of a folder of results, by its name.

    `tables` has `summary`, `provinces` and `accounts`, of a comparison also `differences`, and whatever else
    is to be written; `catalogue` has `outcome, label, unit, direction`. Without `polygons` there is no map.
    """
    return table_writers(tables) | figure_writers(result_figures(tables, catalogue, polygons, caption), caption)


def figure_writers(figures: Mapping[str, Figure], caption: str) -> dict[str, Writer]:
    """Writers of each figure as PNG and SVG."""
    return {
        f"figure-{name}.{ending}": saver(figure, caption)
        for name, figure in figures.items()
        for ending in ("png", "svg")
    }


def result_figures(
    tables: Mapping[str, pd.DataFrame], catalogue: pd.DataFrame, polygons: Rings | None, caption: str
) -> dict[str, Figure]:
    """The figures that the tables allow, by name; arguments as for `result_files`."""
    levels = tables["summary"]
    figures = {
        "outcomes": outcomes_over_time(levels, catalogue, caption),
        "money": money_by_account(tables["accounts"], caption),
    }
    if "differences" in tables:
        names = list(levels["scenario"].unique())
        figures["differences"] = differences_with_intervals(tables["differences"], catalogue, caption, names)
    if polygons is not None:
        figures["map"] = _last_map(tables["provinces"], catalogue, polygons, caption)
    return figures


def _last_map(means: pd.DataFrame, catalogue: pd.DataFrame, polygons: Rings, caption: str) -> Figure:
    quarter = means["quarter"].iloc[-1]
    last = means[means["quarter"] == quarter]
    about = catalogue.set_index("outcome").loc[MAPPED]
    values = last[["scenario", "province_code", "province"]].assign(value=last[MAPPED])
    label, unit = str(about["label"]), str(about["unit"])
    title = f"{label} in {quarter}, {unit}: mean of replications"
    return province_map(values, polygons, title, unit, caption)
