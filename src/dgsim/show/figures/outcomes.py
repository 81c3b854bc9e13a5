"""Outcomes over time and differences from the baseline, as small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from dgsim.numbers import difference_unit_text, unit_text
from dgsim.show.figures import style
from dgsim.show.figures.targets import mark_targets
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import outcome_by_quarter, outcome_to, wanted_label

COLUMNS = 3
ROW, ONE_ROW = 2.05, 4.6  # inches a row of panels is high, and the only one
LABELS_AT_MOST = 6  # lines that can be named at their ends; with more there is a legend
TICKS = 0.6  # inches kept for the numbers left of a panel
NAMED = 1.05  # where the names of lines begin right of a panel, in panels
CLEAR = ("better", "worse")  # the verdicts that fill a dot
NO_MARKS = pd.DataFrame(columns=["outcome", "by", "wanted", "at_most", "name"])


def outcomes_over_time(
    levels: pd.DataFrame,
    catalogue: pd.DataFrame,
    caption: str,
    w: Words = IN_ENGLISH,
    marks: pd.DataFrame = NO_MARKS,
) -> Figure:
    """The mean of each outcome over time, a line a scenario, with the 5th to 95th percentile as a band.

    `levels` has the rows of summaries, the baseline first; `catalogue` has `outcome, label, unit` of what is drawn;
    `marks` are targets: `outcome, by, wanted, at_most, name`.
    """
    names, quarters, about = list(levels["scenario"].unique()), list(levels["quarter"].unique()), catalogue
    named = 1 < len(names) <= LABELS_AT_MOST
    figure, grid = _line_grid(len(about), names, _time_title(levels, names, quarters, w), caption, named)
    by_outcome = levels.groupby("outcome", observed=True)
    for index, row in enumerate(rows_of(about)):
        axes = figure.add_subplot(grid[divmod(index, grid.ncols)])
        ends = _lines(axes, by_outcome.get_group(row.outcome), names)
        _time_axis(axes, quarters, row.unit, w)
        style.tidy(axes, outcome_by_quarter(row.outcome, w), w.of(unit_text(row.unit)))
        mark_targets(axes, marks[marks["outcome"] == row.outcome], quarters)
        if named:
            _label_ends(axes, names, ends)
    if len(names) > LABELS_AT_MOST:
        style.legend_below(figure, *figure.axes[0].get_legend_handles_labels())
    return figure


def _time_title(levels: pd.DataFrame, names: list[str], quarters: list[str], w: Words) -> str:
    what = w("figure.scenarios_run") if len(names) > 1 else names[0]
    shown = w("figure.one_run" if levels["replications"].iloc[0] == 1 else "figure.band")
    return w("figure.over_time", what=what, span=style.span_text(quarters, w), shown=shown)


def _line_grid(panels: int, names: list[str], title: str, caption: str, named: bool) -> tuple[Figure, GridSpec]:
    """A figure and its grid, with room right of each panel for the names of the lines."""
    columns = min(panels, COLUMNS)
    rows = math.ceil(panels / columns)
    legend = 0.17 * math.ceil(len(names) / style.LEGEND_COLUMNS) if len(names) > LABELS_AT_MOST else 0.0
    width, height = 12.0, 1.0 + (ROW * rows if rows > 1 else ONE_ROW) + legend
    beside = 0.3 + (style.LETTER * max(map(len, names)) if named else 0.0)
    between = beside + TICKS - 0.15
    panel = (width - TICKS - beside - (columns - 1) * between) / columns
    figure = style.new_figure(width, height, title, caption)
    grid = figure.add_gridspec(
        rows,
        columns,
        left=TICKS / width,
        right=1 - beside / width,
        top=1 - 0.72 / height,
        bottom=(0.62 + legend) / height,
        wspace=between / panel,
        hspace=0.52,
    )
    return figure, grid


def _lines(axes: Axes, table: pd.DataFrame, names: list[str]) -> list[float]:
    """The lines and bands of one outcome; where each line ends."""
    ends = []
    for index, name in enumerate(names):
        run = table[table["scenario"] == name]
        time, colour = np.arange(len(run)), style.colour(index)
        axes.fill_between(time, run["low"], run["high"], color=colour, alpha=0.13, linewidth=0)
        (line,) = axes.plot(time, run["mean"], color=colour, linestyle=style.line(index), linewidth=1.5)
        line.set(label=name, marker=style.marker(index) if len(run) == 1 else "")
        ends.append(float(run["mean"].iloc[-1]))
    return ends


def _time_axis(axes: Axes, quarters: list[str], unit: str, w: Words) -> None:
    """Years below, numbers in the unit of the outcome at the left."""
    years = range(0, len(quarters), 8 if len(quarters) > 16 else 4)
    axes.set_xticks(list(years), [quarters[at][:4] for at in years])
    axes.set_xlim(0, max(len(quarters) - 1, 1))
    axes.yaxis.set_major_formatter(style.number_axis(unit, w.language))
    axes.locator_params(axis="y", nbins=5)


def _label_ends(axes: Axes, names: list[str], ends: list[float], first: int = 0) -> None:
    """Each scenario's name beside the end of its line, moved apart where they would overlap.

    `first` is the number of the first scenario's colour.
    """
    low, high = axes.get_ylim()
    heights = [0.5 if math.isnan(end) else (end - low) / (high - low) for end in ends]
    moved = style.spread(heights, 0.115, 0.04, 0.96)
    for at, name in enumerate(names):
        colour, across = style.colour(first + at), axes.transAxes
        leader = LineCollection([[(1.0, heights[at]), (NAMED - 0.01, moved[at])]], colors=[colour], linewidths=0.6)
        leader.set(transform=across, clip_on=False)
        axes.add_artist(leader)
        axes.text(NAMED, moved[at], name, size=style.SMALL, color=colour, va="center", transform=across)


def differences_with_intervals(
    differences: pd.DataFrame, catalogue: pd.DataFrame, caption: str, scenarios: Sequence[str], w: Words = IN_ENGLISH
) -> Figure:
    """Each scenario's difference from the baseline in the last quarter: a dot, and its 95% interval as a bar.

    `scenarios` are all names, baseline first, so that colours are those of the other figures.
    """
    quarter, baseline = differences["quarter"].iloc[-1], differences["baseline"].iloc[0]
    last = differences[differences["quarter"] == quarter]
    names = list(scenarios)[1:]
    alone = differences["replications"].iloc[0] == 1
    sure = w("figure.no_interval" if alone else "figure.hollow")
    title = w("figure.differences", baseline=baseline, quarter=quarter, sure=sure)
    figure, grid = _interval_grid(len(catalogue), names, title, caption)
    for index, row in enumerate(rows_of(catalogue)):
        axes = figure.add_subplot(grid[divmod(index, grid.ncols)])
        _intervals(axes, last[last["outcome"] == row.outcome].set_index("scenario"), names)
        axes.set_yticks(range(len(names)), names if index % grid.ncols == 0 else [""] * len(names))
        axes.xaxis.set_major_formatter(style.number_axis(row.unit, w.language))
        axes.locator_params(axis="x", nbins=5)
        wanted = wanted_label(row.direction, w)
        better = f"  ({wanted})" if wanted else ""
        style.tidy(axes, outcome_to(row.outcome, quarter, w), w.of(difference_unit_text(row.unit)) + better)
    return figure


def differences_over_time(
    differences: pd.DataFrame, catalogue: pd.DataFrame, caption: str, scenarios: Sequence[str], w: Words = IN_ENGLISH
) -> Figure:
    """Each scenario's difference from the baseline in every quarter: its mean, the mean's 95% interval, and a band.

    The light band is the 5th to 95th percentile of paired replications; `scenarios` are all names, baseline first, so
    that colours are those of the other figures.
    """
    quarters, baseline = list(differences["quarter"].unique()), differences["baseline"].iloc[0]
    names = list(scenarios)[1:]
    named = len(names) <= LABELS_AT_MOST
    shown = w("figure.one_run" if differences["replications"].iloc[0] == 1 else "figure.difference_band")
    title = w("figure.differences_run", baseline=baseline, span=style.span_text(quarters, w))
    figure, grid = _line_grid(len(catalogue), names, f"{title}: {shown}", caption, named)
    by_outcome = differences.groupby("outcome", observed=True)
    for index, row in enumerate(rows_of(catalogue)):
        axes = figure.add_subplot(grid[divmod(index, grid.ncols)])
        ends = _difference_lines(axes, by_outcome.get_group(row.outcome), names)
        _time_axis(axes, quarters, row.unit, w)
        wanted = wanted_label(row.direction, w)
        better = f"  ({wanted})" if wanted else ""
        style.tidy(axes, outcome_by_quarter(row.outcome, w), w.of(difference_unit_text(row.unit)) + better)
        if named:
            _label_ends(axes, names, ends, first=1)
    if not named:
        style.legend_below(figure, *figure.axes[0].get_legend_handles_labels())
    return figure


def _difference_lines(axes: Axes, table: pd.DataFrame, names: list[str]) -> list[float]:
    """The differences of one outcome over a band of what is too small to matter; where each line ends."""
    ends = []
    for index, name in enumerate(names, start=1):
        run = table[table["scenario"] == name]
        time, colour = np.arange(len(run)), style.colour(index)
        for low, high, alpha in (("band_low", "band_high", 0.13), ("low", "high", 0.3)):
            axes.fill_between(time, run[low], run[high], color=colour, alpha=alpha, linewidth=0)
        (line,) = axes.plot(time, run["difference"], color=colour, linestyle=style.line(index), linewidth=1.5)
        line.set(label=name, marker=style.marker(index) if len(run) == 1 else "")
        ends.append(float(run["difference"].iloc[-1]))
    least, across = table["materiality"].iloc[0], axes.get_ylim()
    axes.axhspan(-least, least, color=style.GRID, linewidth=0, zorder=0)
    axes.axhline(0, color=style.INK, linewidth=0.9, zorder=1)
    axes.set_ylim(across)
    return ends


def _interval_grid(panels: int, names: list[str], title: str, caption: str) -> tuple[Figure, GridSpec]:
    """A figure and its grid, with room at the left for the names."""
    columns = min(panels, COLUMNS)
    rows = math.ceil(panels / columns)
    bars = 0.1 + 0.17 * len(names)
    left = 0.25 + 1.15 * style.LETTER * max(map(len, names))
    width, height = 11.0 + left, 1.27 + rows * bars + (rows - 1) * 0.75
    figure = style.new_figure(width, height, title, caption)
    grid = figure.add_gridspec(
        rows,
        columns,
        left=left / width,
        right=1 - 0.3 / width,
        top=1 - 0.72 / height,
        bottom=0.55 / height,
        wspace=0.14,
        hspace=0.75 / bars,
    )
    return figure, grid


def _intervals(axes: Axes, table: pd.DataFrame, names: list[str]) -> None:
    """One dot and bar a scenario, top to bottom, over a band of what is too small to matter."""
    axes.axvline(0, color=style.INK, linewidth=0.9)
    for index, name in enumerate(names):
        row, colour = table.loc[name], style.colour(index + 1)
        clear = row["verdict"] in CLEAR
        axes.plot([row["low"], row["high"]], [index, index], color=colour, linewidth=2, solid_capstyle="butt")
        axes.plot(
            row["difference"],
            index,
            marker=style.marker(index + 1),
            markersize=5.5,
            color=colour,
            markerfacecolor=colour if clear else "white",
        )
    axes.set_ylim(len(names) - 0.5, -0.5)
    least, across = table["materiality"].iloc[0], axes.get_xlim()
    axes.axvspan(-least, least, color=style.GRID, linewidth=0, zorder=0)
    axes.set_xlim(across)
