"""What of a country is drawn on maps: its provinces, and islands far from the coast in frames beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from dgsim.show.figures import style
from dgsim.texts import Words

Rings = Mapping[str, Sequence[Sequence[tuple[float, float]]]]
Point = tuple[float, float]
Bounds = tuple[float, float, float, float]  # west, south, east, north, in degrees
WIDTH = 0.17  # of a frame; like all below in heights of the map
WORDS = 0.075  # kept for the two lines of words at the top of a frame
MARGIN = 0.025  # around the dots, and between the map and the frames
TALLEST = 1.4  # widths of the dots that they may be high
NEAREST = 0.1  # degrees that a single dot counts as


class Islands(NamedTuple):
    """Islands of one name: what they and their province are called, its code, and the places of dots in degrees."""

    name: str
    province: str
    code: str
    points: Sequence[Point]


class Land(NamedTuple):
    """What of a country is drawn: exterior rings by code of the province, islands, and whose boundaries they are."""

    polygons: Rings
    islands: tuple[Islands, ...] = ()
    note: str = ""


def land_of(country: Any, w: Words) -> Land | None:
    """What is drawn of a country, in a language; None where it has no polygons."""
    polygons = country.geometry()
    if polygons is None:
        return None
    names = w.own(country, "names")
    islands = tuple(
        Islands(w.own(inset, "name"), names[inset.row], country.codes[inset.row], inset.points)
        for inset in country.insets
    )
    note = w("map.boundaries", division=w.of(country.vintage)) if islands else ""
    return Land(polygons, islands, note)


class Framed(NamedTuple):
    """Islands in their frame, all in degrees of the map."""

    islands: Islands
    frame: Bounds
    dots: tuple[Point, ...]


def bounds_of(polygons: Rings) -> Bounds:
    """West, south, east and north of all provinces, with a margin."""
    points = np.concatenate([np.asarray(ring) for rings in polygons.values() for ring in rings])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin = 0.02 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def framed(insets: Sequence[Islands], bounds: Bounds) -> tuple[list[Framed], Bounds]:
    """The frames in a strip east of the map, each near its own latitude; and the bounds of map and strip together."""
    west, south, east, north = bounds
    if not insets:
        return [], bounds
    tall, narrow = north - south, math.cos(math.radians((south + north) / 2))
    left, across = east + MARGIN * tall / narrow, WIDTH * tall / narrow
    sizes = [_size(islands.points, narrow, tall) for islands in insets]
    most = max(height for height, _ in sizes) + MARGIN * tall
    wanted = [sum(y for _, y in islands.points) / len(islands.points) for islands in insets]
    middles = style.spread(wanted, most, south + most / 2, north - most / 2)
    found = []
    for islands, (height, scale), middle in zip(insets, sizes, middles, strict=True):
        frame = (left, middle - height / 2, left + across, middle + height / 2)
        centre = (left + across / 2, middle - WORDS * tall / 2)
        found.append(Framed(islands, frame, _dots(islands.points, centre, scale)))
    return found, (west, south, left + across + MARGIN * tall / narrow / 2, north)


def _size(points: Sequence[Point], narrow: float, tall: float) -> tuple[float, float]:
    """The height of a frame in degrees, and by how much its dots are drawn nearer together or farther apart."""
    wide, high = _span([x for x, _ in points]) * narrow, _span([y for _, y in points])
    room = (WIDTH - 2 * MARGIN) * tall
    scale = min(room / wide, TALLEST * room / high)
    return scale * high + (WORDS + 2 * MARGIN) * tall, scale


def _span(values: Sequence[float]) -> float:
    return max(max(values) - min(values), NEAREST)


def _dots(points: Sequence[Point], centre: Point, scale: float) -> tuple[Point, ...]:
    middle = [(min(values) + max(values)) / 2 for values in zip(*points, strict=True)]
    return tuple((centre[0] + (x - middle[0]) * scale, centre[1] + (y - middle[1]) * scale) for x, y in points)


def draw_islands(axes: Axes, found: Sequence[Framed], colour: Callable[[str], Any]) -> None:
    """Frames, dots in the colour of their province (by its code), and the words at the top of each frame."""
    for islands, (west, south, east, north), dots in found:
        axes.add_patch(Rectangle((west, south), east - west, north - south, fill=False, edgecolor="#888888", lw=0.6))
        x, y = zip(*dots, strict=True)
        axes.scatter(x, y, s=14, color=[colour(islands.code)], edgecolors="#333333", linewidths=0.3, zorder=3)
        text, middle = f"{islands.name}\n({islands.province})", (west + east) / 2
        axes.text(middle, north - 0.03 * (north - south), text, size=6, color=style.INK, ha="center", va="top")
