"""Which item should come before which: a matrix of effects."""

from __future__ import annotations

import math

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from dgsim.numbers import is_share, number_text
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

CELL = 0.56  # inches
SHADES = "PuOr"
LUMINANCE, MIDDLE = (0.299, 0.587, 0.114), 0.5  # of red, green and blue; darker than this is dark


def precedence_matrix(
    precedences: pd.DataFrame, labels: dict[str, str], unit: str, title: str, caption: str, w: Words = IN_ENGLISH
) -> Figure:
    """What it does to the outcome if the item of the row starts before the item of the column; bold where it is clear.

    `precedences` has `first, second, effect, clear`; `labels` gives the items, in the order they are drawn, a name.
    """
    names = list(labels)
    values = np.full((len(names), len(names)), np.nan)
    clear = np.zeros_like(values, bool)
    for row in rows_of(precedences):
        a, b = names.index(row.first), names.index(row.second)
        values[a, b], values[b, a] = row.effect, -row.effect
        clear[a, b] = clear[b, a] = row.clear
    longest = style.LETTER * 1.15 * max(map(len, labels.values()))
    tall = CELL * 0.72 * len(names)
    width = max(longest + CELL * len(names) + 1.5, 7.0)
    height = 0.6 + longest * 0.56 + tall + 0.95
    figure = style.new_figure(width, height, title, caption)
    axes = figure.add_axes(((longest + 0.25) / width, 0.95 / height, CELL * len(names) / width, tall / height))
    norm = _norm(values)
    _cells(axes, values, clear, norm, unit, w)
    axes.set_yticks(range(len(names)), list(labels.values()))
    axes.set_xticks(range(len(names)), list(labels.values()), rotation=40, ha="left", rotation_mode="anchor")
    axes.xaxis.tick_top()
    axes.tick_params(labelsize=style.SMALL, length=0, colors=style.INK)
    axes.set_xlabel(w("figure.read"), size=style.SMALL, color=style.FAINT, loc="left", labelpad=8)
    axes.xaxis.set_label_position("bottom")
    for spine in axes.spines.values():
        spine.set_visible(False)
    _bar(figure, axes, norm, unit, w)
    return figure


def _norm(values: np.ndarray) -> TwoSlopeNorm:
    known = np.abs(values[np.isfinite(values)])
    most = float(known.max()) if known.size and known.max() > 0 else 1.0
    return TwoSlopeNorm(0.0, -most, most)


def _cells(axes: Axes, values: np.ndarray, clear: np.ndarray, norm: TwoSlopeNorm, unit: str, w: Words) -> None:
    shades = matplotlib.colormaps[SHADES]
    axes.imshow(values, cmap=shades, norm=norm, aspect="auto")
    for (a, b), value in np.ndenumerate(values):
        if math.isnan(value):
            continue
        dark = np.dot(shades(norm(value))[:3], LUMINANCE) < MIDDLE
        axes.text(
            b,
            a,
            number_text(value, unit, signed=True, language=w.language),
            ha="center",
            va="center",
            size=6.5,
            color="white" if dark else style.INK,
            weight="bold" if clear[a, b] else "normal",
        )


def _bar(figure: Figure, axes: Axes, norm: TwoSlopeNorm, unit: str, w: Words) -> None:
    width = figure.get_figwidth()
    box = axes.get_position()
    bounds = (box.x1 + 0.2 / width, box.y0, 0.12 / width, box.height)
    bar = figure.colorbar(
        ScalarMappable(norm, SHADES), cax=figure.add_axes(bounds), format=style.number_axis(unit, w.language)
    )
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=style.SMALL, length=0, colors=style.FAINT)
    heading = w("word.points") if is_share(unit) else w.of(unit)
    bar.ax.set_title(heading, size=style.SMALL, color=style.FAINT, loc="left", pad=6)
