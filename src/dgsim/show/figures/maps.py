"""Maps: one province, one colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dgsim.numbers import number_text, unit_text
from dgsim.show.figures import style
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

Rings = Mapping[str, Sequence[Sequence[tuple[float, float]]]]
COLOUR_MAP = "viridis"  # perceptually even, and readable without colour vision
MAPS_A_ROW = 4
PANEL = 2.7  # inches a map is wide
MISSING: dict[str, Any] = {"facecolor": "#f2f2f2", "edgecolor": "#999999", "hatch": "////"}


def province_map(
    values: pd.DataFrame, polygons: Rings, title: str, unit: str, caption: str, w: Words = IN_ENGLISH
) -> Figure:
    """One map a scenario on one colour scale, headed by the lowest and the highest province.

    `values` has `scenario, province_code, province, value`; `polygons` maps codes to exterior rings of
    (longitude, latitude). A province without a value is hatched.
    """
    names = list(values["scenario"].unique())
    west, south, east, north = bounds(polygons)
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    columns, rows = min(len(names), MAPS_A_ROW), math.ceil(len(names) / MAPS_A_ROW)
    width = max(columns * PANEL + 1.2, 6.8)
    height = rows * (PANEL * (north - south) / (east - west) * stretch + 0.7) + 1.05
    figure = style.new_figure(width, height, title, caption)
    room = {"left": 0.1 / width, "right": 1 - 1.0 / width, "bottom": 0.45 / height, "top": 1 - 0.9 / height}
    grid = figure.add_gridspec(rows, columns, wspace=0.02, hspace=0.12, **room)
    norm = _scale(values["value"])
    hatched = False
    for index, name in enumerate(names):
        axes = figure.add_subplot(grid[index // MAPS_A_ROW, index % MAPS_A_ROW])
        axes.set(xlim=(west, east), ylim=(south, north), aspect=stretch)
        axes.set_axis_off()
        here = values[values["scenario"] == name]
        hatched |= _shade(axes, here.set_index("province_code")["value"], polygons, norm)
        axes.set_title(_heading(name, here, unit, w), size=style.LABEL, color=style.INK, loc="left")
    _colour_bar(figure, norm, unit, hatched, w)
    return figure


def bounds(polygons: Rings) -> tuple[float, float, float, float]:
    """West, south, east and north of all provinces, with a margin."""
    points = np.concatenate([np.asarray(ring) for rings in polygons.values() for ring in rings])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin = 0.02 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _scale(values: pd.Series) -> Normalize:
    known = values.dropna()
    return Normalize(known.min(), known.max()) if len(known) else Normalize(0.0, 1.0)


def _shade(axes: Axes, values: pd.Series, polygons: Rings, norm: Normalize) -> bool:
    """Colour the provinces; whether any had no value and was hatched."""
    scale = matplotlib.colormaps[COLOUR_MAP]
    known = {code: scale(norm(value)) for code, value in values.items() if math.isfinite(value)}
    filled = [(ring, known[code]) for code, rings in polygons.items() if code in known for ring in rings]
    empty = [ring for code, rings in polygons.items() if code not in known for ring in rings]
    if filled:
        shapes, colours = zip(*filled, strict=True)
        axes.add_collection(PolyCollection(shapes, facecolors=colours, edgecolors="white", linewidths=0.4))
    if empty:
        axes.add_collection(PolyCollection(empty, linewidths=0.4, **MISSING))
    return bool(empty)


def _heading(name: str, here: pd.DataFrame, unit: str, w: Words) -> str:
    known = here.dropna(subset="value").sort_values("value")
    if known.empty:
        return "\n".join([name, w("figure.no_value")])
    ends = [f"{row.province} {number_text(row.value, unit)}" for row in rows_of(known.iloc[[0, -1]])]
    return "\n".join([name, w("figure.lowest", province=ends[0]), w("figure.highest", province=ends[1])])


def _colour_bar(figure: Figure, norm: Normalize, unit: str, hatched: bool, w: Words) -> None:
    """The scale at the lower right, and what hatching means."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((1 - 0.85 / width, 0.9 / height, 0.14 / width, min(2.6, height - 2.2) / height))
    bar = figure.colorbar(ScalarMappable(norm, COLOUR_MAP), cax=axes, format=style.number_axis(unit))
    bar.outline.set_visible(False)
    axes.tick_params(labelsize=style.SMALL, length=0, colors=style.FAINT)
    axes.set_title(w.of(unit_text(unit)), size=style.SMALL, color=style.FAINT, loc="right", pad=6)
    if hatched:
        corner = (1 - 0.05 / width, 0.4 / height)
        patch = Patch(label=w("figure.no_value"), **MISSING)
        figure.legend(handles=[patch], loc="lower right", bbox_to_anchor=corner, fontsize=style.SMALL, frameon=False)
