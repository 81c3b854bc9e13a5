"""The two diagrams as files: the roadmap on its years, and the causal picture."""

from __future__ import annotations

import re
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve

from dgsim.app.content.charts import GREY, INK
from dgsim.app.content.export import SEPARATOR, saved
from dgsim.app.content.tables import header_lines
from dgsim.app.state.view import View
from dgsim.scenario.calendar import FIRST_YEAR
from dgsim.show.colours import BLUE
from dgsim.show.figures import style
from dgsim.texts import words
from dgsim.world.tables import QUARTERS_PER_YEAR

WIDE, ROW, BARE = 9.0, 0.32, 1.4  # inches: width, a row of the roadmap, what stands above and below the rows
LATE = "#B34700"  # vermilion, dark enough for white letters
PALE = "#E8F1F7"  # blue, light enough for dark letters
HEAD = 12  # size of an arrow's head
LETTERS = 23  # that fit in a box


def roadmap_file(items: list[dict[str, Any]], quarters: int, title: str, view: View, kind: str) -> bytes:
    """The bars of the roadmap (as `dgsim.app.content.roadmap.timeline_items` gives them) as PNG or SVG."""
    lines = header_lines(view, words=words(view.language))
    height = BARE + ROW * len(items)
    figure = style.new_figure(WIDE, height, title, SEPARATOR.join(lines[1:3]))
    axes = figure.add_axes((0.24, 0.8 / height, 0.74, ROW * max(1, len(items)) / height))
    rows = {item["name"]: row for row, item in enumerate(items)}
    for row, item in enumerate(items):
        _bar(axes, row, item)
        for name in item["after"]:
            other = items[rows[name]]
            _arrow(axes, (other["start"] + other["quarters"], rows[name]), (item["start"], row), late=item["late"])
    axes.set_yticks(range(len(items)), [item["label"] for item in items])
    years = range(0, quarters, QUARTERS_PER_YEAR)
    axes.set_xticks(years, [str(FIRST_YEAR + year) for year in range(len(years))])
    axes.set_xlim(0, quarters)
    axes.set_ylim(len(items) - 0.5, -0.5)
    style.tidy(axes, "")
    return saved(figure, lines, kind)


def _bar(axes: Axes, row: int, item: dict[str, Any]) -> None:
    """One item: its bar, its cost, and the outline of where it was."""
    axes.barh(row, item["quarters"], left=item["start"], height=0.7, color=LATE if item["late"] else BLUE)
    axes.text(item["start"] + 0.3, row, item["cost"], size=style.SMALL, color="white", va="center")
    if item["ghost"]:
        outline: dict[str, Any] = {"left": item["ghost"]["start"], "height": 0.9, "facecolor": "none"}
        axes.barh(row, item["ghost"]["quarters"], **outline, edgecolor=GREY, linestyle="--")


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], *, late: bool) -> None:
    look: dict[str, Any] = {"color": LATE if late else INK, "linestyle": "--" if late else "-"}
    bent = "arc3,rad=-0.2"
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=HEAD, connectionstyle=bent, zorder=3, **look)
    )


def causes_file(picture: dict[str, Any], title: str, view: View, kind: str) -> bytes:
    """The causal picture (as `dgsim.app.content.causes.picture` gives it) as PNG or SVG."""
    lines = header_lines(view, words=words(view.language))
    height = WIDE * picture["height"] / picture["width"] + 0.9
    figure = style.new_figure(WIDE, height, title, lines[0])
    axes = figure.add_axes((0.01, 0.35 / height, 0.98, 1 - 0.9 / height))
    axes.set(xlim=(0, picture["width"]), ylim=(picture["height"], 0))
    axes.set_axis_off()
    for arrow in picture["arrows"]:
        look: dict[str, Any] = {
            "color": LATE if arrow["holds"] else GREY,
            "linestyle": "--" if arrow["holds"] else "-",
        }
        patch = FancyArrowPatch(path=_curve(arrow["path"]), arrowstyle="-|>", mutation_scale=HEAD, **look)
        axes.add_patch(patch)
    for box in picture["boxes"]:
        corner, size = (box["x"], box["y"]), (picture["box"], picture["line"])
        axes.add_patch(FancyBboxPatch(corner, *size, boxstyle="round,pad=0", facecolor=PALE, edgecolor=BLUE))
        middle = (corner[0] + size[0] / 2, corner[1] + size[1] / 2)
        size_of_text = style.SMALL * min(1.0, LETTERS / len(box["text"]))
        axes.text(*middle, box["text"], size=size_of_text, ha="center", va="center")
    return saved(figure, lines, kind)


def _curve(path: str) -> Curve:
    """A path of an SVG that is one line or one cubic curve.

    >>> len(_curve("M0 0C1 0 2 1 3 1").vertices), len(_curve("M0 0L3 1").vertices)
    (4, 2)
    """
    numbers = [float(text) for text in re.findall(r"-?[0-9.]+", path)]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    return Curve(points, [Curve.MOVETO, *[Curve.CURVE4 if "C" in path else Curve.LINETO] * (len(points) - 1)])
