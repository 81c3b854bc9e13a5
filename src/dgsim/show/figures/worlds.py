"""Policies in many sampled worlds: maps of numbers, what each comes to, which assumptions turn a comparison round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import number_text, shown, unit_text
from dgsim.show.figures import style
from dgsim.show.rows import rows_of

ROW, CELL = 0.26, 0.62  # inches
ABOVE, BELOW = 0.95, 0.5
MOST_ASSUMPTIONS = 15  # assumptions that are drawn
SHADES = "cividis"


@dataclass(frozen=True)
class Panel:
    """A map of numbers: its title, their unit, and a table whose index and columns name rows and columns."""

    title: str
    unit: str
    table: pd.DataFrame


def number_maps(panels: Sequence[Panel], title: str, caption: str) -> Figure:
    """Tables side by side, every cell with its number and a shade: the lighter, the larger. All have the same rows."""
    rows = [str(name) for name in panels[0].table.index]
    left = 0.3 + style.LETTER * max(map(len, rows))
    across = [max(CELL * panel.table.shape[1], 1.6) for panel in panels]
    width = left + sum(across) + 0.45 * len(panels)
    top = ABOVE + style.LETTER * max(len(str(name)) for panel in panels for name in panel.table.columns)
    height = top + ROW * len(rows) + BELOW
    figure = style.new_figure(width, height, title, caption)
    at = left
    for index, (panel, wide) in enumerate(zip(panels, across, strict=True)):
        axes = figure.add_axes((at / width, BELOW / height, wide / width, 1 - (top + BELOW) / height))
        _map(axes, panel)
        axes.set_yticks(range(len(rows)), rows if index == 0 else [""] * len(rows))
        at += wide + 0.45
    return figure


def _map(axes: Axes, panel: Panel) -> None:
    values = panel.table.to_numpy(dtype=float)
    axes.imshow(values, cmap=matplotlib.colormaps[SHADES].with_extremes(bad=style.GRID), aspect="auto")
    middle = (np.nanmin(values) + np.nanmax(values)) / 2
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = "black" if value > middle else "white"
            text = number_text(value, panel.unit)
            axes.text(column, row, text, size=style.SMALL, color=ink, ha="center", va="center")
    style.lighten(axes)
    axes.set_title(f"{panel.title}\n{unit_text(panel.unit)}", size=style.SMALL, color=style.INK, loc="left", pad=6)
    axes.grid(visible=False)
    axes.xaxis.tick_top()
    names = [str(name) for name in panel.table.columns]
    axes.set_xticks(range(len(names)), names, rotation=90 if max(map(len, names)) > 6 else 0)


def levels(table: pd.DataFrame, unit: str, name: str, title: str, caption: str) -> Figure:
    """What policies come to over worlds, from `middle, low, high` by policy, in the order of the table."""
    figure, axes = _lines([str(policy) for policy in table.index], title, caption, below=0.6)
    for position, row in enumerate(rows_of(table)):
        axes.plot([row.low, row.high], [position, position], color=style.colour(1), linewidth=2, solid_capstyle="butt")
        axes.plot(row.middle, position, marker=style.marker(1), color=style.colour(1), markersize=5)
    style.tidy(axes, name, f"{unit_text(unit)}; median and 5th to 95th percentile of worlds")
    axes.xaxis.set_major_formatter(style.number_axis(unit))
    return figure


def turning(table: pd.DataFrame, what: str, title: str, caption: str) -> Figure:
    """Which assumptions turn a comparison round: how often it is won where each is low, and where it is high.

    `table` has `label, theme, low, low_least, low_most, high, high_least, high_most, clear`, the strongest first.
    """
    rows = table.head(MOST_ASSUMPTIONS)
    labels = [f"{row.label} ({row.theme}){' *' if row.clear else ''}" for row in rows_of(rows)]
    figure, axes = _lines(labels, title, caption, below=0.9)
    positions = np.arange(len(rows))
    for at, (end, shift) in enumerate((("low", -0.14), ("high", 0.14)), start=1):
        value = rows[end]
        spread = [value - rows[f"{end}_least"], rows[f"{end}_most"] - value]
        axes.errorbar(
            shown(1.0, "share") * value,
            positions + shift,
            xerr=[shown(1.0, "share") * part for part in spread],
            fmt=style.marker(at),
            color=style.colour(at),
            markersize=4,
            elinewidth=1,
            label=f"third of worlds in which it is {end}est",
        )
    axes.axvline(50, color=style.FAINT, linewidth=0.8)
    axes.set_xlim(0, 100)
    style.tidy(axes, what, "% of worlds, with 95% intervals; * clearer than luck would make the largest of so many")
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def _lines(labels: Sequence[str], title: str, caption: str, below: float) -> tuple[Figure, Axes]:
    """A figure with one panel and a line a label, the first at the top; `below` it is so much room (inches)."""
    left, width = 0.3 + style.LETTER * max(map(len, labels)), 9.0
    height = ABOVE + below + ROW * max(len(labels), 3)
    figure = style.new_figure(width, height, title, caption)
    axes = figure.add_axes((left / width, below / height, 1 - (left + 0.4) / width, 1 - (ABOVE + below) / height))
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    return figure, axes
