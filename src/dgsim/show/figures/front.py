"""Trade-offs that a search found: every two objectives against each other."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import difference_unit_text
from dgsim.show.colours import BLUE, VERMILION
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

PANEL_WIDTH = 3.6  # inches
FOUND, START = BLUE, VERMILION


def trade_offs(
    tried: pd.DataFrame,
    table: pd.DataFrame,
    start: str,
    units: dict[str, str],
    title: str,
    caption: str,
    w: Words = IN_ENGLISH,
) -> Figure:
    """Faint: what was tried; dots: the front on fresh runs, with 95% intervals and numbers; diamond: the start.

    Everything is drawn as the paired difference from the start. `tried` has a column an objective and `kept`; `table`
    has `scenario, objective, difference, difference_low, difference_high`; `units` gives every objective its unit, in
    their order.
    """
    pairs = list(combinations(units, 2))
    width, height = 0.4 + (PANEL_WIDTH + 0.65) * len(pairs), PANEL_WIDTH + 1.75
    figure = style.new_figure(max(width, 7.5), height, title, caption)
    for index, (across, up) in enumerate(pairs):
        left = (0.85 + index * (PANEL_WIDTH + 0.65)) / figure.get_figwidth()
        box = (left, 1.05 / height, (PANEL_WIDTH - 0.25) / figure.get_figwidth(), (PANEL_WIDTH - 0.15) / height)
        _panel(figure.add_axes(box), tried, table, start, units, (across, up), w)
    style.legend_below(figure, *figure.axes[0].get_legend_handles_labels())
    return figure


def _panel(
    axes: Axes,
    tried: pd.DataFrame,
    table: pd.DataFrame,
    start: str,
    units: dict[str, str],
    pair: tuple[str, str],
    w: Words,
) -> None:
    across, up = pair
    for kept, colour, label in ((False, "#dddddd", "figure.tried_breaks"), (True, "#9bbcd6", "figure.tried")):
        rows = tried[tried["kept"] == kept]
        if len(rows):
            axes.scatter(rows[across], rows[up], s=11, color=colour, linewidths=0, label=w(label))
    x, y = (table[table["objective"] == name].set_index("scenario") for name in pair)
    spread = [
        [ends["difference"] - ends["difference_low"], ends["difference_high"] - ends["difference"]] for ends in (x, y)
    ]
    axes.errorbar(
        x["difference"],
        y["difference"],
        xerr=spread[0],
        yerr=spread[1],
        fmt="o",
        color=FOUND,
        markersize=10,
        elinewidth=0.8,
        label=w("figure.front_fresh"),
    )
    for row in rows_of(x):
        number = row.Index.rsplit("-", 1)[-1].lstrip("0")
        point = (row.difference, y.loc[row.Index, "difference"])
        axes.annotate(number, point, ha="center", va="center_baseline", size=6.5, color="white", weight="bold")
    axes.plot(0.0, 0.0, "D", color=START, markersize=7, label=start, zorder=4, linestyle="")
    axes.xaxis.set_major_formatter(style.number_axis(units[across], w.language))
    axes.yaxis.set_major_formatter(style.number_axis(units[up], w.language))
    axes.locator_params(nbins=5)
    style.tidy(axes, up, w.of(difference_unit_text(units[up])))
    axes.set_xlabel(f"{across}, {w.of(difference_unit_text(units[across]))}", size=style.SMALL, color=style.INK)
