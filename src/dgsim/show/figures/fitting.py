"""What the data say about the parameters: prior against posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from dgsim.show.figures import style
from dgsim.world.tables import Parameter

COLUMNS, ROWS = 4, 5
BINS = 16
FIGURE_WIDTH, FIGURE_HEIGHT = 11.0, 10.4


def prior_posterior_figure(
    columns: Mapping[str, tuple[np.ndarray, np.ndarray]],
    order: Sequence[str],
    parameters: Mapping[str, Parameter],
    caption: str = "",
) -> Figure:
    """Histograms of prior (grey) and posterior (blue) sets, for the parameters that are first in an order.

    `columns` gives for each parameter its values in the prior and in the posterior sets.
    """
    title = "What the data say: prior (grey) and posterior (blue) of the parameters they inform most"
    figure = style.new_figure(FIGURE_WIDTH, FIGURE_HEIGHT, title, caption)
    shown = order[: COLUMNS * ROWS]
    for index, name in enumerate(shown):
        row, column = divmod(index, COLUMNS)
        bounds = (0.04 + column * 0.24, 0.955 - (row + 1) * 0.183 + 0.035, 0.205, 0.105)
        axes = figure.add_axes(bounds)
        parameter = parameters[name]
        edges = np.linspace(float(parameter.low or 0), float(parameter.high or 0), BINS + 1).tolist()
        before, after = columns[name]
        axes.hist(before, edges, density=True, color=style.GRID, edgecolor=style.FAINT, linewidth=0.4)
        axes.hist(after, edges, density=True, histtype="step", color=style.colour(1), linewidth=1.6)
        axes.axvline(float(parameter.prior or 0.0), color=style.colour(2), linewidth=1.0, linestyle="dashed")
        style.tidy(axes, name, parameter.unit)
        axes.set_yticks([])
    return figure
