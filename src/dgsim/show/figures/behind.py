"""Who is left behind, and what helps them: dots with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.numbers import difference_unit_text, number_text
from dgsim.show.colours import BLUE
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

WIDTH, ROW, ABOVE, BELOW, BESIDE = 9.0, 0.3, 0.75, 0.95, 2.1  # inches
SHARE, MONEY = "share of runs", "bvnd"


def chances_behind(provinces: pd.DataFrame, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """A row a province: the share of runs in which it is among the last, its interval, and what binds it beside.

    `provinces` has `province, chance, chance_low, chance_high, binds`, in words.
    """
    figure, axes = _rows(list(provinces["province"]), title, caption)
    for at, row in enumerate(rows_of(provinces)):
        _dot(axes, at, row.chance, row.chance_low, row.chance_high, filled=True)
        axes.text(1.02, at, row.binds, transform=axes.get_yaxis_transform(), size=style.SMALL, va="center")
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter(style.number_axis(SHARE, w.language))
    axes.set_xlabel(f"{w('behind.axis_chance')}, %", size=style.SMALL, color=style.FAINT)
    return figure


def gains_of_levers(levers: pd.DataFrame, unit: str, title: str, caption: str, w: Words = IN_ENGLISH) -> Figure:
    """A row a lever: what it gains those left behind, its interval, and what is spent more beside; hollow if not clear.

    `levers` has `lever` in words, `gain, low, high, clear, cost`.
    """
    figure, axes = _rows(list(levers["lever"]), title, caption)
    for at, row in enumerate(rows_of(levers)):
        _dot(axes, at, row.gain, row.low, row.high, filled=bool(row.clear))
        cost = number_text(row.cost, MONEY, signed=True, decimals=0, language=w.language)
        beside = w("behind.cost_of", cost=cost)
        axes.text(1.02, at, beside, transform=axes.get_yaxis_transform(), size=style.SMALL, va="center")
    axes.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    axes.xaxis.set_major_formatter(style.number_axis(unit, w.language))
    axes.set_xlabel(w.of(difference_unit_text(unit)), size=style.SMALL, color=style.FAINT)
    return figure


def _rows(labels: list[str], title: str, caption: str) -> tuple[Figure, Axes]:
    """A figure with a row a label, room for the labels at its left and for words at its right."""
    left = 0.35 + style.LETTER * 1.15 * max(map(len, labels))
    height = ABOVE + BELOW + ROW * len(labels) + style.caption_height(WIDTH, caption)
    figure = style.new_figure(WIDTH, height, title, caption)
    below = BELOW - 0.3 + style.caption_height(WIDTH, caption)
    axes = figure.add_axes((left / WIDTH, below / height, 1 - (left + BESIDE) / WIDTH, 1 - (below + ABOVE) / height))
    axes.set_yticks(np.arange(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    style.tidy(axes, "")
    return figure, axes


def _dot(axes: Axes, at: int, value: float, low: float, high: float, filled: bool) -> None:
    axes.plot([low, high], [at, at], color=BLUE, linewidth=1.6)
    inside = BLUE if filled else "white"
    axes.plot(value, at, "o", color=BLUE, markerfacecolor=inside, markersize=5.5, linestyle="")
