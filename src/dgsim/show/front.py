"""Trade-offs that a search found: every two objectives against each other."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.show import style
from dgsim.show.numbers import rows_of, unit_text

PANEL = 3.6  # inches
FOUND, START = "#0072B2", "#D55E00"


def trade_offs(
    tried: pd.DataFrame, table: pd.DataFrame, start: str, units: dict[str, str], title: str, caption: str
) -> Figure:
    """Faint: what was tried; dots: the front on fresh runs, with 95% intervals and names; diamond: the start.

    `tried` has a column an objective and `kept`; `table` has `scenario, objective, fresh, low, high, start`; `units`
    gives every objective its unit, in their order.
    """
    pairs = list(combinations(units, 2))
    width, height = 0.4 + (PANEL + 0.65) * len(pairs), PANEL + 1.75
    figure = style.new_figure(max(width, 7.5), height, title, caption)
    for place, (across, up) in enumerate(pairs):
        left = (0.85 + place * (PANEL + 0.65)) / figure.get_figwidth()
        box = (left, 1.05 / height, (PANEL - 0.25) / figure.get_figwidth(), (PANEL - 0.15) / height)
        _panel(figure.add_axes(box), tried, table, start, units, (across, up))
    style.legend_below(figure, *figure.axes[0].get_legend_handles_labels())
    return figure


def _panel(
    axes: Axes, tried: pd.DataFrame, table: pd.DataFrame, start: str, units: dict[str, str], pair: tuple[str, str]
) -> None:
    across, up = pair
    for kept, colour, label in ((False, "#dddddd", "tried, breaks a constraint"), (True, "#9bbcd6", "tried")):
        rows = tried[tried["kept"] == kept]
        if len(rows):
            axes.scatter(rows[across], rows[up], s=11, color=colour, linewidths=0, label=label)
    x, y = (table[table["objective"] == name].set_index("scenario") for name in pair)
    spread = [[ends["fresh"] - ends["low"], ends["high"] - ends["fresh"]] for ends in (x, y)]
    axes.errorbar(
        x["fresh"],
        y["fresh"],
        xerr=spread[0],
        yerr=spread[1],
        fmt="o",
        color=FOUND,
        markersize=5,
        elinewidth=0.7,
        label="the front, on fresh runs, 95% intervals",
    )
    for row in rows_of(x):
        text = row.Index.rsplit("-", 1)[-1]
        axes.annotate(text, (row.fresh, y.loc[row.Index, "fresh"]), (4, 4), textcoords="offset points", size=6.5)
    if len(x):
        axes.plot(
            x["start"].iloc[0], y["start"].iloc[0], "D", color=START, markersize=6.5, label=f"{start}, fresh runs"
        )
    axes.xaxis.set_major_formatter(style.number_axis(units[across]))
    axes.yaxis.set_major_formatter(style.number_axis(units[up]))
    axes.locator_params(nbins=5)
    style.tidy(axes, up, unit_text(units[up]))
    axes.set_xlabel(f"{across}, {unit_text(units[across])}", size=style.SMALL, color=style.INK)
