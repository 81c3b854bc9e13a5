"""How far behind the best each scenario may fall."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from dgsim.numbers import unit_text
from dgsim.show.colours import VERMILION
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

FIGURE_WIDTH, ROW = 9.0, 0.36  # inches


def regret_figure(
    regrets: pd.DataFrame, worlds: np.ndarray, unit: str, title: str, caption: str, w: Words = IN_ENGLISH
) -> Figure:
    """A row a scenario, the least regret at the top: every world a dot, the mean a diamond with its 95% interval.

    `regrets` has `scenario, regret, low, high, regret_p90, best`; `worlds` is regret [scenario, world] in that order.
    """
    left = 0.35 + style.LETTER * 1.15 * max(map(len, regrets["scenario"]))
    height = 1.75 + ROW * len(regrets)
    figure = style.new_figure(FIGURE_WIDTH, height, title, caption)
    axes = figure.add_axes((left / FIGURE_WIDTH, 1.05 / height, 1 - (left + 1.0) / FIGURE_WIDTH, 1 - 1.75 / height))
    shift = np.random.default_rng(0)
    for index, row in enumerate(rows_of(regrets)):
        heights = index + shift.uniform(-0.24, 0.24, worlds.shape[1])
        first = index == 0
        label = w("figure.world") if first else None
        axes.scatter(worlds[index], heights, s=5, color="#9bbcd6", linewidths=0, label=label)
        axes.plot([row.low, row.high], [index, index], color=style.INK, linewidth=1.4)
        label = w("figure.mean_interval") if first else None
        axes.plot(row.regret, index, "D", color=style.INK, markersize=5, label=label, linestyle="")
        label = w("figure.nine") if first else None
        axes.plot(row.regret_p90, index, "|", color=VERMILION, markersize=13, markeredgewidth=2, label=label)
        text = w("figure.best", share=f"{row.best:.0%}")
        axes.text(1.01, index, text, transform=axes.get_yaxis_transform(), size=style.SMALL, va="center")
    axes.set_yticks(range(len(regrets)), list(regrets["scenario"]))
    axes.set_ylim(len(regrets) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(style.number_axis(unit, w.language))
    style.tidy(axes, "", "")
    axes.set_xlabel(w("figure.regret_in", unit=w.of(unit_text(unit))), size=style.SMALL, color=style.FAINT)
    style.legend_below(figure, *axes.get_legend_handles_labels())
    return figure
