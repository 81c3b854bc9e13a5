"""Maps: one province, one colour."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dgsim.numbers import difference_unit_text, number_text, unit_text
from dgsim.show.figures import style
from dgsim.show.figures.land import Framed, Land, Rings, bounds_of, draw_islands, framed
from dgsim.show.figures.scale import Scale, level_scale
from dgsim.show.rows import rows_of
from dgsim.texts import IN_ENGLISH, Words

MAPS_A_ROW = 4
PANEL_WIDTH = 2.7  # inches a map is wide, without the frames of islands
BESIDE = 1.35  # inches kept for the colour bar
MISSING: dict[str, Any] = {"facecolor": "#f2f2f2", "edgecolor": "#999999", "hatch": "////"}


def province_map(
    values: pd.DataFrame,
    land: Land,
    title: str,
    unit: str,
    caption: str,
    w: Words = IN_ENGLISH,
    scale: Scale | None = None,
) -> Figure:
    """One map a scenario on one colour scale, headed by the lowest and the highest province.

    `values` has `scenario, province_code, province, value`. A province without a value is hatched. The scale is that
    of the unit where none is given.
    """
    scale = scale or level_scale(unit, values["value"])
    names = list(values["scenario"].unique())
    mainland = bounds_of(land.polygons)
    islands, (west, south, east, north) = framed(land.islands, mainland)
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    columns, rows = min(len(names), MAPS_A_ROW), math.ceil(len(names) / MAPS_A_ROW)
    tall = PANEL_WIDTH * (north - south) / (mainland[2] - west) * stretch
    width = max(columns * tall * (east - west) / (north - south) / stretch + 0.1 + BESIDE, 6.8)
    caption = f"{caption} · {land.note}" if land.note else caption
    below = style.caption_height(width, caption) + 0.1
    height = rows * (tall + 0.7) + 0.6 + below
    figure = style.new_figure(width, height, title, caption)
    room = {"left": 0.1 / width, "right": 1 - BESIDE / width, "bottom": below / height, "top": 1 - 0.9 / height}
    grid = figure.add_gridspec(rows, columns, wspace=0.02, hspace=0.12, **room)
    hatched = False
    for index, name in enumerate(names):
        axes = figure.add_subplot(grid[index // MAPS_A_ROW, index % MAPS_A_ROW])
        axes.set(xlim=(west, east), ylim=(south, north), aspect=stretch)
        axes.set_axis_off()
        here = values[values["scenario"] == name]
        hatched |= _shade(axes, here.set_index("province_code")["value"], land.polygons, islands, scale)
        axes.set_title(_heading(name, here, unit, scale, w), size=style.LABEL, color=style.INK, loc="left")
    _colour_bar(figure, scale, float(values["value"].max()), unit, hatched, w)
    return figure


def _shade(axes: Axes, values: pd.Series, polygons: Rings, islands: list[Framed], scale: Scale) -> bool:
    """Colour the provinces; whether any had no value and was hatched."""
    known = {code: scale.colour(value) for code, value in values.items() if math.isfinite(value)}
    filled = [(ring, known[code]) for code, rings in polygons.items() if code in known for ring in rings]
    empty = [ring for code, rings in polygons.items() if code not in known for ring in rings]
    if filled:
        shapes, colours = zip(*filled, strict=True)
        axes.add_collection(PolyCollection(shapes, facecolors=colours, edgecolors="white", linewidths=0.4))
    if empty:
        axes.add_collection(PolyCollection(empty, linewidths=0.4, **MISSING))
    for code, rings in polygons.items():
        if code in known and (sign := scale.sign(values[code])):
            x, y = _middle(max(rings, key=len))
            axes.text(x, y, sign, size=style.LABEL, weight="bold", ha="center", va="center")
    draw_islands(axes, islands, lambda code: known.get(code, MISSING["facecolor"]))
    return bool(empty)


def _middle(ring: Any) -> tuple[float, float]:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def _heading(name: str, here: pd.DataFrame, unit: str, scale: Scale, w: Words) -> str:
    known = here.dropna(subset="value").sort_values("value")
    above = [name] if name else []
    if known.empty:
        return "\n".join([*above, w("figure.no_value")])
    ends = [
        f"{row.province} {number_text(row.value, unit, signed=scale.difference, language=w.language)}"
        for row in rows_of(known.iloc[[0, -1]])
    ]
    return "\n".join([*above, w("figure.lowest", province=ends[0]), w("figure.highest", province=ends[1])])


def _colour_bar(figure: Figure, scale: Scale, most: float, unit: str, hatched: bool, w: Words) -> None:
    """The scale at the lower right, open above where a value is beyond it, and what hatching means."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((1 - 0.85 / width, 0.9 / height, 0.14 / width, min(2.6, height - 2.2) / height))
    mapped = ScalarMappable(scale.norm, scale.palette)
    beyond = "max" if most > scale.high else "neither"
    bar = figure.colorbar(
        mapped, cax=axes, ticks=scale.ticks(), format=style.number_axis(unit, w.language), extend=beyond
    )
    bar.outline.set_visible(False)
    axes.tick_params(labelsize=style.SMALL, length=0, colors=style.FAINT)
    shown_unit = difference_unit_text(unit) if scale.difference else unit_text(unit)
    axes.set_title(w.of(shown_unit), size=style.SMALL, color=style.FAINT, loc="right", pad=6)
    if hatched:
        corner = (1 - 0.05 / width, 0.4 / height)
        patch = Patch(label=w("figure.no_value"), **MISSING)
        figure.legend(handles=[patch], loc="lower right", bbox_to_anchor=corner, fontsize=style.SMALL, frameon=False)
