"""Polygons from and to GeoJSON: exterior rings, closed and clockwise, in degrees (longitude, latitude)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from dgsim.country.country import Ring
from dgsim.country.reading import read_text
from dgsim.errors import CountryError, cut, did_you_mean

Outlines = tuple[tuple[Ring, ...], ...]
HALF_TURN, QUARTER_TURN = 180, 90  # degrees: the farthest longitude and latitude
FEWEST_POINTS = 4  # of a ring: a triangle, and its first point again


def read_outlines(path: Path, codes: Collection[str]) -> Outlines:
    """Per province, in the order of ``codes``, its exterior rings; holes are left out."""
    text = read_text(path)
    try:
        collection = json.loads(text)
    except json.JSONDecodeError as error:
        raise CountryError(f"{path} line {error.lineno}: not JSON ({error.msg})") from None
    except RecursionError:
        raise CountryError(f"{path}: is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise CountryError(f"{path}: not JSON ({error})") from None
    features = _member(path, "the file", collection, "features")
    if not isinstance(features, list):
        raise CountryError(f"{path}: features is not a list; allowed: a list with one feature a province")
    found: dict[str, tuple[Ring, ...]] = {}
    for number, feature in enumerate(features):
        where = f"{path} feature {number + 1}"
        properties = _member(where, "the feature", feature, "properties")
        code = str(_member(where, "properties", properties, "province_code"))
        if code not in codes:
            near = did_you_mean(code, codes)
            raise CountryError(f"{where}: province_code = {cut(code)} is not a province_code of provinces.csv{near}")
        if code in found:
            raise CountryError(f"{where}: province_code = {code} stands there twice; allowed: once")
        found[code] = _rings(f"{where} ({code})", _member(where, "the feature", feature, "geometry"))
    for code in codes:
        if code not in found:
            raise CountryError(f"{path}: province {code} has no polygon; allowed: every province, or no such file")
    return tuple(found[code] for code in codes)


def _member(where: object, what: str, holder: Any, key: str) -> Any:
    if not isinstance(holder, dict) or key not in holder:
        raise CountryError(f"{where}: {what} has no {key!r}")
    return holder[key]


def _rings(where: str, geometry: Any) -> tuple[Ring, ...]:
    kind = _member(where, "geometry", geometry, "type")
    parts = _member(where, "geometry", geometry, "coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise CountryError(f"{where}: geometry type = {kind}; allowed: Polygon, MultiPolygon")
    try:
        rings = [polygon[0] for polygon in ([parts] if kind == "Polygon" else parts)]
        points = [[(longitude + 0.0, latitude + 0.0) for longitude, latitude, *_ in ring] for ring in rings]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise CountryError(f"{where}: coordinates are not rings of [longitude, latitude] (degrees)") from None
    if not points:
        raise CountryError(f"{where}: no ring; allowed: one or more")
    return tuple(_ring(where, ring) for ring in points)


def _ring(where: str, points: list[tuple[float, float]]) -> Ring:
    for longitude, latitude in points:
        if not (abs(longitude) <= HALF_TURN and abs(latitude) <= QUARTER_TURN):
            raise CountryError(
                f"{where}: point ({longitude}, {latitude}) is not on the globe "
                f"(degrees; allowed: longitude -{HALF_TURN}..{HALF_TURN}, latitude -{QUARTER_TURN}..{QUARTER_TURN})"
            )
    if len(points) < FEWEST_POINTS or points[0] != points[-1]:
        raise CountryError(
            f"{where}: a ring of {len(points)} points; allowed: {FEWEST_POINTS} or more, the last as the first"
        )
    return clockwise(points)


def clockwise(points: Sequence[tuple[float, float]]) -> Ring:
    """The closed ring, turned round if it runs against the clock, as d3 and Vega need it."""
    turn = math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))
    return tuple(points) if turn <= 0 else tuple(reversed(points))


def outlines_text(name: str, codes: Sequence[str], names: Sequence[str], outlines: Outlines) -> str:
    """The polygons as GeoJSON, a feature a line."""
    features = [
        json.dumps(
            {
                "type": "Feature",
                "id": code,
                "properties": {"province_code": code, "name": title},
                "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for code, title, rings in zip(codes, names, outlines, strict=True)
    ]
    head = f'{{"type":"FeatureCollection","name":{json.dumps(name, ensure_ascii=False)},"features":[\n'
    return head + ",\n".join(features) + "\n]}\n"
