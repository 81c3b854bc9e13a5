"""Territories around points in a rectangle, each what is nearest to its point (Voronoi cells)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dgsim.country.networks import nearest

EDGE = -1
"""What lies beyond the rectangle."""
FIRST_NEIGHBOURS = 24
"""How many nearest points are tried before all are."""

Point = tuple[float, float]


class Cell(NamedTuple):
    """A convex polygon against the clock; past the side from corner k to k + 1 lies cell ``beyond[k]``."""

    corners: list[Point]
    beyond: list[int]


def cells(points: NDArray[np.float64], width: float, height: float) -> list[Cell]:
    """The cell of each of ``points`` [point, 2] within (0, 0) to (width, height), in their unit."""
    near = nearest(points, FIRST_NEIGHBOURS)
    order = near.target.reshape(len(points), -1)
    positions = [(float(x), float(y)) for x, y in points]
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    whole = Cell(corners, [EDGE] * len(corners))
    found = []
    for at, position in enumerate(positions):
        cell, closed = _carve(whole, at, order[at].tolist(), positions)
        if not closed:
            gaps = [math.dist(position, other) for other in positions]
            others = sorted((other for other in range(len(positions)) if other != at), key=gaps.__getitem__)
            cell, _ = _carve(whole, at, others, positions)
        found.append(cell)
    return found


def borders(territories: list[Cell]) -> dict[tuple[int, int], float]:
    """(lower, higher cell) -> length of the side they share."""
    lengths: dict[tuple[int, int], float] = {}
    for at, (corners, beyond) in enumerate(territories):
        for start, end, other in zip(corners, corners[1:] + corners[:1], beyond, strict=True):
            if other != EDGE:
                lengths[min(at, other), max(at, other)] = math.dist(start, end)
    return lengths


def area(corners: list[Point]) -> float:
    """The area of a polygon against the clock (Gauss)."""
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2.0


def _carve(cell: Cell, at: int, others: list[int], positions: list[Point]) -> tuple[Cell, bool]:
    """What of ``cell`` is nearer to ``at`` than to ``others`` (sorted); whether no further one can cut it."""
    position = positions[at]
    for other in others:
        if math.dist(position, positions[other]) > 2 * max(math.dist(position, corner) for corner in cell.corners):
            return cell, True
        cell = _cut(cell, position, positions[other], other)
    return cell, len(others) == len(positions) - 1


def _cut(cell: Cell, position: Point, rival: Point, other: int) -> Cell:
    """``cell`` without the side of the perpendicular bisector on which ``rival`` is nearer than ``position``."""
    across = (rival[0] - position[0], rival[1] - position[1])
    limit = (rival[0] ** 2 - position[0] ** 2 + rival[1] ** 2 - position[1] ** 2) / 2
    past = [x * across[0] + y * across[1] - limit for x, y in cell.corners]
    if max(past) <= 0:
        return cell
    corners: list[Point] = []
    beyond: list[int] = []
    for k, (start, label) in enumerate(zip(cell.corners, cell.beyond, strict=True)):
        after = (k + 1) % len(past)
        end = cell.corners[after]
        if past[k] <= 0:
            corners.append(start)
            beyond.append(label)
        if (past[k] <= 0) != (past[after] <= 0):
            part = past[k] / (past[k] - past[after])
            corners.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
            beyond.append(other if past[k] <= 0 else label)
    return Cell(corners, beyond)
