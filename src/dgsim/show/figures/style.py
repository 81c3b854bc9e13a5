"""One look for all figures: colours, line styles, type sizes, captions, and how a figure is saved.

Figures are made without pyplot and without changing matplotlib's settings, so they can be made in any thread;
only saving an SVG needs a setting (its text stays text, its identifiers do not change from run to run).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from textwrap import fill

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Bbox

from dgsim.numbers import PLAIN, shown, significant, with_separators
from dgsim.show.colours import BLUE, DARK, GREEN, HUES, ORANGE, PURPLE, SKY, VERMILION
from dgsim.texts import IN_ENGLISH, Quarter, Words

INK, FAINT, GRID = "#333333", "#666666", "#e3e3e3"
TITLE, LABEL, SMALL = 11.0, 8.0, 7.0  # points
TITLE_LETTER, LETTER = 0.1, 0.057  # inches a letter of a title takes, and a small one
COLOURS = (DARK, *HUES)  # the baseline is the dark grey
LINES = ("solid", (0, (6, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (1.5, 1.2)))
SEGMENTS = (
    *(BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, "#999999"),
    *("#004c75", "#a6d8f5", "#7fceb8", "#f2cf80", "#eaae7f"),
)
DPI, SLIDE, SLIDE_PIXELS = 150, 16 / 9, 1920
LEGEND_COLUMNS = 6
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx")


def colour(index: int) -> str:
    """The colour of the scenario of this index, the same in every figure of a comparison."""
    return COLOURS[index % len(COLOURS)]


def line(index: int) -> str | tuple[int, tuple[float, ...]]:
    """The line style of the scenario of this index, so that colour is never the only sign."""
    return LINES[(index + index // len(COLOURS)) % len(LINES)]


def marker(index: int) -> str:
    """The marker of the scenario of this index."""
    return MARKERS[index % len(MARKERS)]


def segment(index: int) -> str:
    """The colour of the account at this index of a stack."""
    return SEGMENTS[index % len(SEGMENTS)]


def hatch(index: int) -> str:
    """The hatching of the account at this index of a stack."""
    return HATCHES[index % len(HATCHES)]


def caption_height(width: float, caption: str) -> float:
    """Inches that a caption takes at the bottom of a figure so wide."""
    return 0.12 + 0.13 * len(_caption_lines(width, caption).split("\n"))


def _caption_lines(width: float, caption: str) -> str:
    return fill(caption, int((width - 0.24) / LETTER))


def new_figure(width: float, height: float, title: str, caption: str) -> Figure:
    """An empty figure (inches) with its title at the top left and its caption at the bottom left."""
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    title = fill(title, int((width - 0.24) / TITLE_LETTER))
    caption = _caption_lines(width, caption)
    figure.text(0.12 / width, 1 - 0.10 / height, title, size=TITLE, weight="bold", color=INK, va="top")
    figure.text(0.12 / width, 0.08 / height, caption, size=SMALL, color=FAINT, va="bottom")
    return figure


def tidy(axes: Axes, title: str, unit: str = "") -> None:
    """Light grid, no box, the panel's name in bold and its unit beside it; nothing may stand between name and panel."""
    axes.set_title(title, size=LABEL, weight="bold", color=INK, loc="left", pad=13 if unit else 4, y=1.0)
    if unit:
        axes.text(0, 1, unit, size=SMALL, color=FAINT, transform=axes.transAxes, va="bottom")
    lighten(axes)


def lighten(axes: Axes) -> None:
    """Light grid, no box."""
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL, length=0, pad=4.5, colors=FAINT)
    for spine in axes.spines.values():
        spine.set_visible(False)


def legend_below(figure: Figure, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """A legend in the space above the caption."""
    figure.legend(
        handles,
        labels,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.26 / figure.get_figheight()),
        ncols=LEGEND_COLUMNS,
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
    )


def number_axis(unit: str, language: str = PLAIN) -> FuncFormatter:
    """Ticks in the unit that is shown: per cent for shares, thousands separators for large numbers."""
    return FuncFormatter(lambda value, _: _plain_number(shown(value, unit), language))


def span_text(quarters: Sequence[str], w: Words = IN_ENGLISH) -> str:
    """From the first to the last quarter.

    >>> span_text(["2020Q1", "2020Q2", "2020Q3"])
    '2020Q1 to 2020Q3'
    """
    first, last = Quarter(quarters[0]), Quarter(quarters[-1])
    return w("reason.range", low=first, high=last) if len(quarters) > 1 else w.quarter(first)


def _plain_number(number: float, language: str) -> str:
    text = f"{significant(number, 6):,.10f}".rstrip("0").rstrip(".")
    return with_separators(text, language).replace("-", "−")


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The positions, moved apart until each is at least `gap` from the next, and into the bounds.

    >>> spread([1.0, 1.1], 0.5, 0.0, 10.0)
    [0.8, 1.3]
    """
    order = sorted(range(len(positions)), key=lambda at: positions[at])
    moved = [float(index) for index in positions]
    for _ in range(200):
        still = True
        for lower, upper in pairwise(order):
            short = gap - (moved[upper] - moved[lower])
            if short > 1e-9:
                moved[lower] -= short / 2
                moved[upper] += short / 2
                still = False
        if still:
            break
    below = max(0.0, low - min(moved, default=low))
    above = max(0.0, max(moved, default=high) - high)
    return [round(index + below - above, 9) for index in moved]


def saver(figure: Figure, description: str, slide: bool = False) -> Callable[[Path], None]:
    """What saves the figure at a path as PNG or SVG, the same bytes every time, with its caption inside.

    For a slide it stands on white of 16 to 9, 1920 pixels wide as PNG.
    """

    def save(path: Path) -> None:
        if path.suffix == ".svg":
            path.write_bytes(svg_bytes(figure, description, slide))
        else:
            path.write_bytes(png_bytes(figure, description, slide))

    return save


def png_bytes(figure: Figure, description: str, slide: bool = False) -> bytes:
    """The figure as PNG, the same bytes every time, with its caption inside."""
    as_text(figure)
    drawn = BytesIO()
    about = {"Title": title_of(figure), "Description": description, "Software": "dgsim"}
    room = slide_around(figure) if slide else None
    dpi = SLIDE_PIXELS / room.width if room else DPI
    figure.savefig(drawn, format="png", dpi=dpi, metadata=about, bbox_inches=room)
    return drawn.getvalue()


def slide_around(figure: Figure) -> Bbox:
    """The room of a slide around a figure, in inches, as much white at one side as at the other."""
    width, height = figure.get_size_inches()
    wide, tall = max(width, height * SLIDE), max(height, width / SLIDE)
    left, below = (width - wide) / 2, (height - tall) / 2
    return Bbox.from_bounds(left, below, wide, tall)


def svg_bytes(figure: Figure, description: str, slide: bool = False) -> bytes:
    """The figure as SVG, the same bytes every time, with its caption inside."""
    as_text(figure)
    drawn = BytesIO()
    about = {"Title": title_of(figure), "Description": description, "Date": None, "Creator": "dgsim"}
    with matplotlib.rc_context({"svg.hashsalt": "dgsim", "svg.fonttype": "none"}):
        room = slide_around(figure) if slide else None
        figure.savefig(drawn, format="svg", dpi=DPI, metadata=about, bbox_inches=room)
    return drawn.getvalue()


def as_text(figure: Figure) -> None:
    """All texts of a figure as they stand: a dollar sign in a name is no formula."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)


def title_of(figure: Figure) -> str:
    """The title of a figure, on one line."""
    return " ".join(figure.texts[0].get_text().split())
