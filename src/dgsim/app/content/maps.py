"""The map: outlines as path strings, sent once; colours and words for 63 numbers, sent at each change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, radians
from typing import Any

import matplotlib
import numpy as np
from matplotlib.colors import to_hex

from dgsim.country import Country, load_country
from dgsim.numbers import difference_unit_text, number_text, unit_text
from dgsim.show.figures.style import segment
from dgsim.texts import Words, words

WEST, EAST, SOUTH, NORTH = 102.1, 109.6, 8.4, 23.4  # the islands far out at sea are left outside the frame
HEIGHT = 600.0
UP, DOWN = "+", "−"
SEQUENTIAL, DIVERGING = "viridis", "RdBu"  # blue is more, as in the bars
MISSING = "#eeeeee"
MARKED = 0.6  # a sign is drawn where a difference is at least this part of the largest


@cache
def shapes(language: str) -> dict[str, Any]:
    """Size of the drawing, and each province's code, name, path and middle, in the order of the country."""
    country = load_country()
    stretch = cos(radians((SOUTH + NORTH) / 2))
    scale = HEIGHT / (NORTH - SOUTH)
    names = words(language).own(country, "names")
    coordinates = zip(country.column("longitude"), country.column("latitude"), strict=True)
    middles = [_point(x, y, scale, stretch) for x, y in coordinates]
    paths = [" ".join(_path(ring, scale, stretch) for ring in rings if _inside(ring)) for rings in _outlines(country)]
    provinces = [
        {"code": code, "name": name, "path": path, "x": middle[0], "y": middle[1]}
        for code, name, path, middle in zip(country.codes, names, paths, middles, strict=True)
    ]
    return {"width": round((EAST - WEST) * scale * stretch), "height": HEIGHT, "provinces": provinces}


def _outlines(country: Country) -> Any:
    return country.outlines or [()] * len(country)


def _inside(ring: Any) -> bool:
    return any(WEST <= x <= EAST and SOUTH <= y <= NORTH for x, y in ring)


def _point(x: float, y: float, scale: float, stretch: float) -> tuple[float, float]:
    return round((x - WEST) * scale * stretch, 1), round((NORTH - y) * scale, 1)


def _path(ring: Any, scale: float, stretch: float) -> str:
    points = [_point(x, y, scale, stretch) for x, y in ring]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def painted(values: np.ndarray, unit: str, words: Words, *, span: tuple[float, float] | None = None) -> dict[str, Any]:
    """Colours, texts and legend for levels [province]; `span` fixes the scale so that two maps agree."""
    low, high = span or (float(np.nanmin(values)), float(np.nanmax(values)))
    shares = (values - low) / (high - low) if high > low else np.full_like(values, 0.5)
    ticks = [(share, low + share * (high - low)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return _paint(values, shares, unit, words, SEQUENTIAL, ticks, signed=False)


def painted_difference(values: np.ndarray, unit: str, words: Words) -> dict[str, Any]:
    """The same for differences: nought in the middle, a sign on what differs most."""
    most = float(np.nanmax(np.abs(values))) or 1.0
    ticks = [(share, (2 * share - 1) * most) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    paint = _paint(values, (values / most + 1) / 2, unit, words, DIVERGING, ticks, signed=True)
    paint["signs"] = ["" if abs(v) < MARKED * most else UP if v > 0 else DOWN for v in values]
    return paint


def painted_labels(
    labels: Sequence[str], clear: Sequence[bool], texts: Sequence[str], names: Sequence[str], missing: str
) -> dict[str, Any]:
    """One colour a label [province] of `names`, and its first letter, small if not clear; any other is `missing`."""
    colours = {name: segment(number) for number, name in enumerate(names)}
    legend = [{"colour": colours[name], "text": f"{name[0]} {name}"} for name in names if name in labels]
    if not set(labels) <= set(names):
        legend.append({"colour": MISSING, "text": missing})
    signs = [label[:1] if sure else label[:1].lower() for label, sure in zip(labels, clear, strict=True)]
    painted = [colours.get(label, MISSING) for label in labels]
    return {"colours": painted, "texts": list(texts), "legend": legend, "unit": "", "signs": signs}


def _paint(
    values: np.ndarray,
    shares: np.ndarray,
    unit: str,
    words: Words,
    scale: str,
    ticks: list[tuple[float, float]],
    *,
    signed: bool,
) -> dict[str, Any]:
    shown_unit = words.of(difference_unit_text(unit) if signed else unit_text(unit))
    texts = [f"{number_text(float(value), unit, signed=signed)} {shown_unit}".strip() for value in values]
    legend = [
        {"colour": _colours(scale)[round(share * 255)], "text": number_text(value, unit, signed=signed)}
        for share, value in ticks
    ]
    steps = np.clip(np.nan_to_num(shares) * 255, 0, 255).round().astype(int)
    known = np.isfinite(values)
    colours = [_colours(scale)[step] if ok else MISSING for step, ok in zip(steps, known, strict=True)]
    return {"colours": colours, "texts": texts, "legend": legend, "unit": shown_unit, "signs": []}


@cache
def _colours(scale: str) -> tuple[str, ...]:
    return tuple(to_hex(matplotlib.colormaps[scale](step / 255)) for step in range(256))
