"""A map of labels: what each province is called, sure or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dgsim.show.figures import style
from dgsim.show.figures.land import Land, bounds_of, draw_islands, framed
from dgsim.show.figures.maps import MISSING

UNSURE = "////"
TALL = 6.4  # inches


def label_map(
    labels: pd.DataFrame, land: Land, names: Sequence[str], title: str, caption: str, meanings: tuple[str, str]
) -> Figure:
    """One colour a label; hatched where it is not clear, grey where there is none.

    `labels` has `province_code, label, clear`; `names` are the labels in the order of their colours, and `meanings`
    say what hatching means, and what grey.
    """
    islands, (west, south, east, north) = framed(land.islands, bounds_of(land.polygons))
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    across = TALL * (east - west) / ((north - south) * stretch)
    caption = f"{caption} · {land.note}" if land.note else caption
    width = across + 2.9
    below = style.caption_height(width, caption)
    height = TALL + 0.8 + below
    figure = style.new_figure(width, height, title, caption)
    axes = figure.add_axes((0.1 / width, below / height, across / width, TALL / height))
    axes.set(xlim=(west, east), ylim=(south, north), aspect=stretch)
    axes.set_axis_off()
    colours = {name: style.SEGMENTS[index] for index, name in enumerate(names)}
    known = labels[labels["label"].isin(names)].set_index("province_code")
    label_of, clear = known["label"].to_dict(), known["clear"].to_dict()
    for code, rings in land.polygons.items():
        look: dict[str, Any] = dict(MISSING)
        if code in label_of:
            look = {"facecolors": colours[label_of[code]], "edgecolors": "white"}
            look |= {} if clear[code] else {"hatch": UNSURE}
        axes.add_collection(PolyCollection(rings, linewidths=0.5, **look))
    draw_islands(axes, islands, lambda code: colours.get(label_of.get(code, ""), MISSING["facecolor"]))
    used = [name for name in names if (labels["label"] == name).any()]
    handles = [Patch(facecolor=colours[name], label=f"{name} ({(labels['label'] == name).sum()})") for name in used]
    handles.append(Patch(facecolor="#bbbbbb", edgecolor="white", hatch=UNSURE, label=meanings[0]))
    if (~labels["label"].isin(names)).any():
        handles.append(Patch(label=meanings[1], **MISSING))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(across / width, 0.86), fontsize=8, frameon=False)
    return figure
