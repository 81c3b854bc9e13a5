"""Which assumptions an outcome hangs on: dots with intervals, the strongest at the top."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import difference_unit_text
from dgsim.show.figures import style
from dgsim.show.rows import rows_of

MOST_PARAMETERS = 15  # parameters that are drawn
ROW = 0.2  # inches
FIGURE_WIDTH = 9.0
SHOWN = 0.06  # the smallest share whose number is written into its bar


def shares_of_variance(table: pd.DataFrame, title: str, caption: str) -> Figure:
    """First-order and total shares from `parameter, label, first, first_half, total, total_half`."""
    shown = table.head(MOST_PARAMETERS)
    figure, axes = _panel(shown, title, caption)
    positions = np.arange(len(shown))
    for at, (name, shift, label) in enumerate((("total", -0.16, "with others"), ("first", 0.16, "alone"))):
        _dots(axes, shown[name], shown[f"{name}_half"], positions + shift, at + 1, label)
    axes.axvline(0, color=style.FAINT, linewidth=0.8)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]) if len(shown) else 0.0, None)
    style.tidy(axes, "Share of the variance a parameter explains", "% of the variance; bars are 95% intervals")
    axes.xaxis.set_major_formatter(style.number_axis("share"))
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def elementary_effects(table: pd.DataFrame, unit: str, title: str, caption: str) -> Figure:
    """Mean absolute elementary effects from `parameter, label, mu_star, mu_star_half, mu`, in a unit."""
    shown = table.head(MOST_PARAMETERS)
    figure, axes = _panel(shown, title, caption)
    positions = np.arange(len(shown))
    for at, (raises, label) in enumerate(((True, "raises the outcome, on average"), (False, "lowers it")), start=1):
        rows = (shown["mu"] >= 0).to_numpy() == raises
        _dots(axes, shown["mu_star"][rows], shown["mu_star_half"][rows], positions[rows], at, label)
    axes.set_xlim(0, None)
    text = f"{difference_unit_text(unit)}; bars are 95% intervals"
    style.tidy(axes, "Mean size of the effect over a parameter's whole range", text)
    axes.xaxis.set_major_formatter(style.number_axis(unit))
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure


def _panel(shown: pd.DataFrame, title: str, caption: str) -> tuple[Figure, Axes]:
    """A figure with one panel and a line a parameter, the first at the top."""
    labels = [f"{row.label} ({row.theme})" for row in rows_of(shown)]
    left = 0.3 + style.LETTER * max(map(len, labels), default=0)
    below = 0.9
    height = 0.85 + below + ROW * max(len(shown), 3)
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    bounds = (left / FIGURE_WIDTH, below / height, 1 - (left + 0.3) / FIGURE_WIDTH, 1 - (0.8 + below) / height)
    axes = figure.add_axes(bounds)
    axes.set_yticks(range(len(shown)), labels)
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    return figure, axes


def _dots(axes: Axes, values: pd.Series, halves: pd.Series, positions: np.ndarray, at: int, label: str) -> None:
    axes.errorbar(
        values,
        positions,
        xerr=halves,
        fmt=style.marker(at),
        color=style.colour(at),
        markersize=4,
        elinewidth=1,
        label=label,
    )


def flip_figure(table: pd.DataFrame, labels: Mapping[str, str], title: str, caption: str) -> Figure:
    """Shares of the sets in which each scenario is best: a bar an outcome (row), a segment a scenario (column)."""
    height = 1.9 + 0.42 * len(table)
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    axes = figure.add_axes((0.2, 0.85 / height, 0.76, 1 - 1.6 / height))
    left = np.zeros(len(table))
    for index, name in enumerate(table.columns):
        share = table[name].to_numpy()
        bars = axes.barh(
            np.arange(len(table)),
            share,
            left=left,
            color=style.colour(index),
            hatch=style.hatch(index),
            edgecolor="white",
            label=name,
            height=0.62,
        )
        texts = [f"{value:.0%}" if value > SHOWN else "" for value in share]
        for label in axes.bar_label(bars, texts, label_type="center", fontsize=style.SMALL, color=style.INK):
            if label.get_text():
                label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        left += share
    axes.set_yticks(range(len(table)), [labels[name] for name in table.index])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    style.tidy(axes, "Best in 2030Q4", "% of the sets of parameters")
    axes.xaxis.set_major_formatter(style.number_axis("share"))
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure
