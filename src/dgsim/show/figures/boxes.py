"""A box of assumptions: the points that were tried, and the limits that hold most of those of interest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dgsim.numbers import digits_text
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

PANEL_WIDTH, ROW = 3.9, 0.3  # inches
DOT = 14.0
BAR, ROWS = 0.25, 4  # thickness of a bar, and rows there is room for at least


def box_of_assumptions(
    points: pd.DataFrame,
    interesting: np.ndarray,
    limits: pd.DataFrame,
    labels: Mapping[str, str],
    title: str,
    caption: str,
    height: pd.Series | None = None,
    meanings: tuple[str, str] = ("other points", "points of interest"),
    w: Words = IN_ENGLISH,
) -> Figure:
    """Left, the points over the two surest limits; right, every limit within the range that was tried.

    `limits` has `parameter, low, high, lowest, highest`, the surest first, one row at least; `labels` names parameters.
    Where there is one limit, `height`, whose name is its label, says how high a point is drawn; else their order does.
    `meanings` says what points are that are not of interest, and those that are.
    """
    tallness = max(4.4, 1.95 + ROW * len(limits))
    longest = style.LETTER * max(len(labels[name]) for name in limits["parameter"])
    width = 2 * PANEL_WIDTH + longest + 1.9
    figure = style.new_figure(width, tallness, title, caption)
    below, tall = 1.0 / tallness, 1 - 1.95 / tallness
    _points(
        figure.add_axes((0.6 / width, below, PANEL_WIDTH / width, tall)),
        points,
        interesting,
        limits,
        labels,
        height,
        meanings,
        w,
    )
    _limits(figure.add_axes((1 - (PANEL_WIDTH + 0.5) / width, below, PANEL_WIDTH / width, tall)), limits, labels, w)
    style.legend_below(figure, *figure.axes[0].get_legend_handles_labels())
    return figure


def _points(
    axes: Axes,
    points: pd.DataFrame,
    interesting: np.ndarray,
    limits: pd.DataFrame,
    labels: Mapping[str, str],
    height: pd.Series | None,
    meanings: tuple[str, str],
    w: Words,
) -> None:
    """The points over the two surest parameters, or over the only one and their height."""
    across = limits.iloc[0]
    if len(limits) > 1:
        up = limits.iloc[1]
        heights, label, low, high = points[up["parameter"]], labels[up["parameter"]], up["low"], up["high"]
    else:
        order = pd.Series(np.arange(len(points)), index=points.index, name=w("figure.order_of_points"))
        heights = order if height is None else height
        label, low, high = str(heights.name), heights.min(), heights.max()
    for at, chosen in enumerate((~interesting, interesting)):
        axes.scatter(
            points[across["parameter"]][chosen],
            heights[chosen],
            s=DOT,
            marker=style.marker(at),
            color=style.colour(0) if not at else style.colour(2),
            alpha=0.35 if not at else 0.9,
            linewidths=0,
            label=meanings[at],
        )
    size = (across["high"] - across["low"], high - low)
    axes.add_patch(
        Rectangle((across["low"], low), *size, fill=False, color=style.INK, linewidth=1.4, label=w("figure.box"))
    )
    style.tidy(axes, label)
    axes.set_xlabel(labels[across["parameter"]], size=style.LABEL, color=style.INK, weight="bold")


def _limits(axes: Axes, limits: pd.DataFrame, labels: Mapping[str, str], w: Words) -> None:
    """What each limit leaves of the range, with its ends in numbers."""
    for position, row in enumerate(rows_of(limits)):
        span = row.highest - row.lowest
        low, high = (row.low - row.lowest) / span, (row.high - row.lowest) / span
        axes.barh(position, 1.0, color=style.GRID, height=BAR)
        axes.barh(position, high - low, left=low, color=style.colour(2), height=BAR)
        ends = {name: digits_text(getattr(row, name), 3, language=w.language) for name in ("low", "high")}
        text = w("reason.range", **ends)
        axes.text((low + high) / 2, position - 0.3, text, size=style.SMALL, color=style.INK, ha="center", va="center")
    axes.set_yticks(range(len(limits)), [labels[name] for name in limits["parameter"]])
    axes.set_ylim(max(len(limits), ROWS) - 0.4, -0.8)
    axes.set_xticks([0, 1], [w("figure.lowest_tried"), w("figure.highest_tried")])
    axes.set_xlim(-0.02, 1.02)
    style.tidy(axes, w("figure.box_allows"))
    axes.grid(visible=False)
