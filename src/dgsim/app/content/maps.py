"""The map: outlines as path strings, sent once; colours and words for 63 numbers, sent at each change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, radians
from typing import Any

import numpy as np

from dgsim.country import Country, load_country
from dgsim.numbers import difference_unit_text, number_text, unit_text
from dgsim.show.figures.land import Framed, Land, framed, land_of
from dgsim.show.figures.scale import Scale, level_scale
from dgsim.show.figures.style import segment
from dgsim.texts import Words, words

WEST, EAST, SOUTH, NORTH = 102.1, 109.6, 8.4, 23.4  # of the mainland; islands far out at sea have frames beside it
HEIGHT = 600.0
MISSING = "#eeeeee"


@cache
def shapes(language: str) -> dict[str, Any]:
    """Size of the drawing, each province's code, name, path and middle, in the order of the country; and islands."""
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
    land = land_of(country, words(language)) or Land({})
    frames, (_, _, east, _) = framed(land.islands, (WEST, SOUTH, EAST, NORTH))
    return {
        "width": round((east - WEST) * scale * stretch),
        "height": HEIGHT,
        "provinces": provinces,
        "insets": [_inset(found, country, scale, stretch) for found in frames],
        "note": land.note,
    }


def _inset(found: Framed, country: Country, scale: float, stretch: float) -> dict[str, Any]:
    """A frame with its words and dots; `row` is the province whose colour the dots have."""
    west, south, east, north = found.frame
    (left, top), (right, bottom) = _point(west, north, scale, stretch), _point(east, south, scale, stretch)
    return {
        "row": country.codes.index(found.islands.code),
        "name": found.islands.name,
        "province": f"({found.islands.province})",
        "x": left,
        "y": top,
        "width": round(right - left, 1),
        "height": round(bottom - top, 1),
        "dots": [_point(x, y, scale, stretch) for x, y in found.dots],
    }


def _outlines(country: Country) -> Any:
    return country.outlines or [()] * len(country)


def _inside(ring: Any) -> bool:
    return any(WEST <= x <= EAST and SOUTH <= y <= NORTH for x, y in ring)


def _point(x: float, y: float, scale: float, stretch: float) -> tuple[float, float]:
    return round((x - WEST) * scale * stretch, 1), round((NORTH - y) * scale, 1)


def _path(ring: Any, scale: float, stretch: float) -> str:
    points = [_point(x, y, scale, stretch) for x, y in ring]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def painted(values: np.ndarray, unit: str, words: Words, *, scale: Scale | None = None) -> dict[str, Any]:
    """Colours, texts and signs [province], and the legend; on the scale of the unit where none is given."""
    scale = scale or level_scale(unit, values)
    shown_unit = words.of(difference_unit_text(unit) if scale.difference else unit_text(unit))
    texts = [number_text(float(value), unit, signed=scale.difference, language=words.language) for value in values]
    legend = [
        {
            "colour": scale.colour(tick),
            "text": number_text(tick, unit, signed=scale.difference, language=words.language),
        }
        for tick in scale.ticks()
    ]
    if (values > scale.high).any():
        legend[-1]["text"] = f"≥ {legend[-1]['text']}"
    return {
        "colours": [scale.colour(float(value)) if np.isfinite(value) else MISSING for value in values],
        "texts": [f"{text} {shown_unit}".strip() for text in texts],
        "legend": legend,
        "unit": shown_unit,
        "signs": [scale.sign(float(value)) for value in values] if scale.difference else [],
    }


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
