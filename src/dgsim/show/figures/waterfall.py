"""Why two scenarios differ: bars that lead from the one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import difference_text, number_text, unit_text
from dgsim.show.colours import GREEN, VERMILION
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

ROW, PROVINCE_ROW = 0.34, 0.165  # inches
UP, DOWN = GREEN, VERMILION
FIGURE_WIDTH = 9.5


def waterfall(
    contributions: pd.DataFrame,
    level: float,
    names: Sequence[str],
    unit: str,
    title: str,
    caption: str,
    w: Words = IN_ENGLISH,
) -> Figure:
    """From the baseline's level to the scenario's: a bar a group with its 95% interval, hatched where it may be zero.

    `contributions` has `group, contribution, low, high`, the last row the total; `names` are baseline and scenario.
    """
    parts = contributions.iloc[:-1]
    total = contributions.iloc[-1]
    rows = [names[0], *parts["group"], names[1]]
    left = 0.3 + style.LETTER * 1.2 * max(len(_short(row)) for row in rows)
    height = 1.2 + ROW * len(rows)
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    axes = figure.add_axes((left / FIGURE_WIDTH, 0.75 / height, 1 - (left + 0.4) / FIGURE_WIDTH, 1 - 1.2 / height))
    _bars(axes, parts, level, unit, w)
    for position, value in ((0, level), (len(rows) - 1, level + float(total["contribution"]))):
        axes.plot(value, position, marker="D", color=style.INK, markersize=6)
        axes.annotate(
            number_text(value, unit, language=w.language),
            (value, position),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=7.5,
        )
    axes.set_yticks(range(len(rows)), [_short(row) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    _room(axes, parts, level)
    axes.xaxis.set_major_formatter(style.number_axis(unit, w.language))
    style.tidy(axes, "", "")
    axes.set_xlabel(w("figure.whiskers", unit=w.of(unit_text(unit))), size=style.SMALL, color=style.FAINT)
    return figure


def _room(axes: Axes, parts: pd.DataFrame, level: float) -> None:
    """From the lowest to the highest end of all whiskers, with room for numbers at the right."""
    starts = level + parts["contribution"].cumsum() - parts["contribution"]
    ends = [level, level + parts["contribution"].sum(), *(starts + parts["low"]), *(starts + parts["high"])]
    span = max(ends) - min(ends) or 1.0
    axes.set_xlim(min(ends) - 0.05 * span, max(ends) + 0.16 * span)


def _short(text: str) -> str:
    return text if len(text) <= 34 else f"{text[:33]}…"


def _bars(axes: Axes, parts: pd.DataFrame, level: float, unit: str, w: Words) -> None:
    at = level
    for position, row in enumerate(rows_of(parts), start=1):
        clear = row.low > 0 or row.high < 0
        colour = UP if row.contribution >= 0 else DOWN
        axes.barh(
            position,
            row.contribution,
            left=at,
            height=0.6,
            color=colour if clear else "white",
            edgecolor=colour,
            hatch="" if clear else "////",
            linewidth=0.8,
        )
        axes.plot([at + row.low, at + row.high], [position, position], color=style.INK, linewidth=1.1)
        after = at + row.contribution
        axes.plot([after, after], [position - 0.3, position + 1.3], color=style.FAINT, linewidth=0.6)
        text = difference_text(row.contribution, (row.high - row.low) / 2, unit, language=w.language)
        end = max(at + row.high, at, after)
        axes.annotate(text, (end, position), (5, 0), textcoords="offset points", va="center", size=style.SMALL)
        at = after
    axes.plot([level, level], [0, 1.3], color=style.FAINT, linewidth=0.6)


def province_waterfall(parts: pd.DataFrame, unit: str, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """Who gains through what: a stacked bar a province, the largest gain at the top, its total as a diamond.

    `parts` has `province, channel, contribution`, and rows of the channel "total" with `low, high`.
    """
    table = parts.pivot_table(index="province", columns="channel", values="contribution", observed=True, sort=False)
    ends = parts[parts["channel"] == "total"].set_index("province")
    table = table.sort_values("total", ascending=False)
    channels = [name for name in table.columns if name != "total"]
    height = 1.9 + PROVINCE_ROW * len(table)
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    axes = figure.add_axes((1.35 / FIGURE_WIDTH, 1.05 / height, 1 - 1.75 / FIGURE_WIDTH, 1 - 1.8 / height))
    up, down = np.zeros(len(table)), np.zeros(len(table))
    for index, channel in enumerate(channels):
        values = table[channel].to_numpy()
        base = np.where(values >= 0, up, down)
        look: dict[str, Any] = {
            "color": style.segment(index),
            "hatch": style.hatch(index),
            "edgecolor": "white",
            "linewidth": 0.3,
        }
        axes.barh(range(len(table)), values, left=base, height=0.78, label=w(f"channel.{channel}"), **look)
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    whole = ends.loc[table.index]
    axes.hlines(range(len(table)), whole["low"], whole["high"], color=style.INK, linewidth=0.9)
    axes.plot(table["total"], range(len(table)), "D", color=style.INK, markersize=2.6, label=w("figure.total"))
    axes.axvline(0, color=style.INK, linewidth=0.8)
    axes.set_yticks(range(len(table)), list(table.index))
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(style.number_axis(unit, w.language))
    style.tidy(axes, "", "")
    axes.set_xlabel(w("figure.difference", unit=w.of(unit_text(unit))), size=style.SMALL, color=style.FAINT)
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure
