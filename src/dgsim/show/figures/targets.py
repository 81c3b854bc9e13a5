"""The chance of each target, plan by plan; and targets as marks on curves."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

FIGURE_WIDTH, ROW, PLAN = 9.0, 0.2, 0.16  # inches
FILLED, HOLLOW, CROSS = "likely", "open", "unlikely"
ALL = "all"


def chances_figure(records: pd.DataFrame, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """A row a target, a mark a plan: its chance with the 95% interval, filled where likely, a cross where unlikely.

    `records` are those of `dgsim.targets`; each plan has the colour and the mark it has in other figures.
    """
    plans = list(records["plan"].unique())
    rows = list(dict.fromkeys(zip(records["targets"], records["target"], strict=True)))
    labels = [f"{name}: {w('target.all') if target == ALL else target}" for name, target in rows]
    left = 0.35 + style.LETTER * 1.15 * max(map(len, labels))
    height = 1.75 + len(rows) * (ROW + PLAN * len(plans))
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    axes = figure.add_axes((left / FIGURE_WIDTH, 1.05 / height, 1 - (left + 0.3) / FIGURE_WIDTH, 1 - 1.75 / height))
    for number, plan in enumerate(plans):
        shift = (number - (len(plans) - 1) / 2) * PLAN / (ROW + PLAN * len(plans))
        for row in rows_of(records[records["plan"] == plan]):
            _chance(axes, row, rows.index((row.targets, row.target)) + shift, number)
        axes.plot([], [], marker=style.marker(number), color=style.colour(number), label=plan, linestyle="")
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    style.tidy(axes, "", "")
    axes.set_xlabel(w("target.axis"), size=style.SMALL, color=style.FAINT)
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def _chance(axes: Axes, row: object, height: float, number: int) -> None:
    low, high, chance, light = (getattr(row, name) for name in ("low", "high", "chance", "light"))
    colour = style.colour(number)
    axes.plot([low, high], [height, height], color=colour, linewidth=1.4, solid_capstyle="butt")
    axes.plot(
        chance,
        height,
        marker="x" if light == CROSS else style.marker(number),
        color=colour,
        markerfacecolor=colour if light == FILLED else "white",
        markersize=5.5,
        linestyle="",
    )


def mark_targets(axes: Axes, marks: pd.DataFrame, quarters: Sequence[str]) -> None:
    """Targets of an outcome on its curves: a dashed line at each, and a mark at the quarter in which it is due.

    `marks` has `by, wanted, at_most, name`; the mark points to the side on which the target is held.
    """
    if marks.empty:
        return
    low, high = axes.get_ylim()
    for row in rows_of(marks):
        axes.axhline(row.wanted, color=style.INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        at = list(quarters).index(row.by) if row.by in quarters else len(quarters) - 1
        axes.plot(at, row.wanted, marker="v" if row.at_most else "^", color=style.INK, markersize=5, clip_on=False)
        axes.annotate(
            row.name,
            (at, row.wanted),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right" if at > len(quarters) / 2 else "left",
            size=style.SMALL - 1,
            color=style.INK,
        )
    reach = [*marks["wanted"], low, high]
    margin = 0.04 * (max(reach) - min(reach))
    axes.set_ylim(min(low, min(reach) - margin), max(high, max(reach) + margin))
