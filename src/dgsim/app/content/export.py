"""Charts and maps as files: drawn by matplotlib from the very data on the screen, with who made them inside."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dgsim.app.content.explanations import Labels
from dgsim.app.content.maps import shapes
from dgsim.app.content.tables import header_lines
from dgsim.app.state.view import View
from dgsim.country import load_country
from dgsim.show.figures import style
from dgsim.show.figures.label_map import label_map
from dgsim.show.figures.land import Land, land_of
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.scale import Scale
from dgsim.texts import words

WIDE, TALL = 8.0, 4.2  # inches
ROOM_ABOVE, ROOM_BELOW = 0.7, 0.5  # kept for title and unit, and for the numbers of an axis
SEPARATOR = " · "
TYPES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}


def chart_file(option: dict[str, Any], title: str, note: str, view: View, replications: int, kind: str) -> bytes:
    """An ECharts option of `dgsim.app.content.charts` as PNG or SVG, with its note, in the language of the screen."""
    lines = header_lines(view, replications, words(view.language))
    drawn = option["series"][0]["type"] if option["series"] else "line"
    left, tall = _room(option["yAxis"]["data"]) if drawn == "bar" else (0.12, TALL)
    caption = SEPARATOR.join([*([note] if note else []), *lines[1:4]])
    below = style.caption_height(WIDE, caption) + ROOM_BELOW
    figure = style.new_figure(WIDE, tall + below, title, caption)
    whole = tall + below
    axes = figure.add_axes((left, below / whole, 0.96 - left, (tall - ROOM_ABOVE) / whole))
    {"line": _lines, "bar": _bars, "heatmap": _heat, "parallel": _parallel}[drawn](axes, option)
    for axis, about in ((axes.xaxis, option.get("xAxis", {})), (axes.yaxis, option.get("yAxis", {}))):
        if about.get("type") == "value":
            axis.set_major_formatter(style.number_axis("", view.language))
    return saved(figure, lines, kind)


def _lines(axes: Axes, option: dict[str, Any]) -> None:
    categories = option["xAxis"]["data"]
    low: list[Any] = []
    for series in option["series"]:
        data = series["data"]
        if "stack" in series:
            if "areaStyle" not in series:
                low = data
                continue
            high = np.array(low, dtype=float) + np.array(data, dtype=float)
            axes.fill_between(range(len(low)), low, high, color=series["areaStyle"]["color"], alpha=0.18, linewidth=0)
            continue
        kind = {"solid": "-", "dashed": "--", "dotted": ":"}[series["lineStyle"]["type"]]
        axes.plot(
            range(len(data)),
            np.array(data, dtype=float),
            kind,
            color=series["lineStyle"]["color"],
            label=series["name"],
        )
    style.tidy(axes, "", option["yAxis"].get("name", ""))
    axes.set_xlabel(option["xAxis"].get("name", ""), size=style.SMALL)
    ticks = range(0, len(categories), option["xAxis"]["axisLabel"]["interval"] + 1)
    axes.set_xticks(list(ticks), [categories[tick] for tick in ticks])
    axes.legend(fontsize=style.SMALL, frameon=False)


def _room(labels: Sequence[str]) -> tuple[float, float]:
    """What the names of bars need: the part of the width that their longest line takes, and inches of height."""
    lines = [line for label in labels for line in label.split("\n")]
    longest = max(map(len, lines), default=0)
    return max(0.12, 0.03 + style.LETTER * longest / WIDE), max(TALL, 1.6 + 0.2 * len(lines))


def _bars(axes: Axes, option: dict[str, Any]) -> None:
    """Bars from nought; or, where they stand on others, from where those end, with whiskers."""
    labels = option["yAxis"]["data"]
    *floor, bars = [series["data"] for series in option["series"] if series["type"] == "bar"]
    starts = np.array(floor[0] if floor else [0.0] * len(labels), dtype=float)
    values = [bar["value"] or 0.0 for bar in bars]
    looks = [bar["itemStyle"] for bar in bars]
    edges = [look.get("borderColor", look["color"]) for look in looks]
    fills = [look["color"] for look in looks]
    axes.barh(range(len(labels)), values, left=starts, color=fills, edgecolor=edges, linewidth=0.8)
    for series in option["series"]:
        if series["type"] == "line":
            ends = np.array(series["data"], dtype=float)
            axes.plot(ends[:, 0], ends[:, 1], color=style.INK, linewidth=1.1)
    axes.axvline(0.0, color=style.INK, linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    style.tidy(axes, "", option["xAxis"].get("name", ""))


def _heat(axes: Axes, option: dict[str, Any]) -> None:
    columns, lines = option["xAxis"]["data"], option["yAxis"]["data"]
    grid = np.full((len(lines), len(columns)), np.nan)
    for column, line, value in option["series"][0]["data"]:
        grid[line, column] = value
    image = axes.imshow(grid, origin="lower", aspect="auto", cmap="viridis")
    axes.set_xticks(range(len(columns)), columns, size=style.SMALL)
    axes.set_yticks(range(len(lines)), lines, size=style.SMALL)
    axes.set_xlabel(option["xAxis"]["name"], size=style.SMALL)
    axes.set_ylabel(option["yAxis"]["name"], size=style.SMALL)
    axes.figure.colorbar(image, ax=axes)


def _parallel(axes: Axes, option: dict[str, Any]) -> None:
    for line in option["series"][0]["data"]:
        shares = _heights(line, option)
        axes.plot(range(len(shares)), shares, color=style.COLOURS[1], alpha=0.5, linewidth=1)
    names = [axis["name"] for axis in option["parallelAxis"]]
    axes.set_xticks(range(len(names)), names, size=style.SMALL)
    axes.set_yticks([])
    style.tidy(axes, "")


def _heights(line: list[Any], option: dict[str, Any]) -> list[float]:
    """Each value as its share of its axis."""
    shares = []
    for number, (value, axis) in enumerate(zip(line, option["parallelAxis"], strict=True)):
        kinds = axis.get("data")
        if kinds:
            shares.append(kinds.index(value) / max(1, len(kinds) - 1))
            continue
        column = [float(other[number]) for other in option["series"][0]["data"]]
        span = max(column) - min(column)
        shares.append((float(value) - min(column)) / span if span else 0.5)
    return shares


def map_file(
    values: np.ndarray, unit: str, title: str, view: View, replications: int, kind: str, scale: Scale | None = None
) -> bytes:
    """Values of the provinces as a map, PNG or SVG, on the scale of the screen."""
    country = load_country()
    names = [province["name"] for province in shapes(view.language)["provinces"]]
    frame = pd.DataFrame({"scenario": "", "province_code": country.codes, "province": names, "value": values})
    lines = header_lines(view, replications, words(view.language))
    figure = province_map(frame, _land(view), title, unit, SEPARATOR.join(lines[1:4]), words(view.language), scale)
    return saved(figure, lines, kind)


def label_file(about: Labels, meanings: tuple[str, str], title: str, view: View, replications: int, kind: str) -> bytes:
    """A map of labels, PNG or SVG; `meanings` say what hatching means, and what grey."""
    country = load_country()
    frame = pd.DataFrame({"province_code": country.codes, "label": about.labels, "clear": about.clear})
    lines = header_lines(view, replications, words(view.language))
    figure = label_map(frame, _land(view), about.names, title, SEPARATOR.join(lines[1:4]), meanings)
    return saved(figure, lines, kind)


def _land(view: View) -> Land:
    return land_of(load_country(), words(view.language)) or Land({})


def saved(figure: Figure, lines: list[str], kind: str) -> bytes:
    """A figure as PNG or SVG, with the lines that say who made it inside."""
    save: Callable[[Path], None] = style.saver(figure, "\n".join(lines))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"chart.{kind}"
        save(path)
        return path.read_bytes()
