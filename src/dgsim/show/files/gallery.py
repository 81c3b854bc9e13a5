"""What a folder of results holds: every table as Parquet and CSV, every figure as PNG and SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from dgsim.show.figures.land import Land
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.money import money_by_account
from dgsim.show.figures.outcomes import (
    NO_MARKS,
    differences_over_time,
    differences_with_intervals,
    outcomes_over_time,
)
from dgsim.show.figures.style import saver
from dgsim.show.files.folder import Writer
from dgsim.texts import IN_ENGLISH, Words

MAPPED = "use"  # the outcome that is shown on a map; provinces have a stock of the same name


def figure_writers(figures: Mapping[str, Figure], caption: str, slide: bool = False) -> dict[str, Writer]:
    """Writers of each figure as PNG and SVG, as wide as a slide if asked."""
    return {
        f"figure-{name}.{ending}": saver(figure, caption, slide)
        for name, figure in figures.items()
        for ending in ("png", "svg")
    }


def result_figures(
    tables: Mapping[str, pd.DataFrame],
    catalogue: pd.DataFrame,
    land: Land | None,
    caption: str,
    w: Words = IN_ENGLISH,
    drawn: Sequence[str] = (),
    marks: pd.DataFrame = NO_MARKS,
) -> dict[str, Figure]:
    """The figures that the tables allow, by name.

    `tables` has `summary`, `provinces` and `accounts`, of a comparison also `differences`; `catalogue` has
    `outcome, label, unit, direction`. Without `land` there is no map. `drawn` are the outcomes over time and of
    differences, by default all; `marks` are targets on the outcomes over time.
    """
    levels = tables["summary"]
    lines = catalogue[catalogue["outcome"].isin(drawn or catalogue["outcome"])]
    figures = {
        "outcomes": outcomes_over_time(levels, lines, caption, w, marks),
        "money": money_by_account(tables["accounts"], caption, w),
    }
    if "differences" in tables:
        names = list(levels["scenario"].unique())
        about = (tables["differences"], lines, caption, names, w)
        figures["differences"] = differences_with_intervals(*about)
        figures["differences-over-time"] = differences_over_time(*about)
    if land is not None:
        figures["map"] = _last_map(tables["provinces"], catalogue, land, caption, w)
    return figures


def _last_map(means: pd.DataFrame, catalogue: pd.DataFrame, land: Land, caption: str, w: Words) -> Figure:
    quarter = means["quarter"].iloc[-1]
    last = means[means["quarter"] == quarter]
    about = catalogue.set_index("outcome").loc[MAPPED]
    values = last[["scenario", "province_code", "province"]].assign(value=last[MAPPED])
    label, unit = str(about["label"]), str(about["unit"])
    title = w("report.map_title", outcome=w.of(label), quarter=quarter, unit=w.of(unit))
    return province_map(values, land, title, unit, caption, w)
