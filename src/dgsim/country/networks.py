"""Six ways to draw whom a province watches, each a function of the country and a seed.

What is drawn by lot depends on the seed and on the provinces' codes and positions: no order of rows and no
global random state moves it. In the random network a province added elsewhere changes only the rows that
draw it.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dgsim.country.country import Country
from dgsim.country.structure import STRUCTURE

NEAREST, DRAWN = (int(STRUCTURE[name].value) for name in ("nearest", "drawn"))
REWIRED = STRUCTURE["rewired"].value
BLOCK = 512
"""Rows of distances held at a time."""
KEY_BYTES = 8
"""Of the key of a province in the lottery: a word of 64 bits."""
STEP = np.uint64(0x9E3779B97F4A7C15)
"""Of SplitMix64: the golden ratio of 2**64, odd."""
FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
FIRST_SHIFT, SECOND_SHIFT, LAST_SHIFT = np.uint64(30), np.uint64(27), np.uint64(31)
"""Factors and shifts of its finaliser."""

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Ties(NamedTuple):
    """Who watches whom, how much: three arrays [tie], rows of provinces and weights of any size."""

    source: Rows
    target: Rows
    weight: Floats


def border(country: Country, seed: int) -> Ties:
    """Provinces with a common border, in proportion to its length in km."""
    pairs = np.array(country.borders, dtype=np.float64).reshape(-1, len(Ties._fields))
    return _both_ways(pairs[:, :2].astype(np.int64), pairs[:, 2])


def similarity(country: Country, seed: int) -> Ties:
    """The nearest in income, urban share and fiscal position, the more alike the more.

    Income is the logarithm of GRDP per head, fiscal position the share of expenditure that retained revenue
    covers; each is measured in standard deviations over the provinces.
    """
    traits = np.column_stack(
        [
            np.log(country.column("grdp_per_capita_2019_mvnd")),
            country.column("urban_share_2019"),
            country.column("revenue_retained_2020_bvnd") / country.column("expenditure_2020_bvnd"),
        ]
    )
    spread = traits.std(axis=0)
    ties = nearest(traits / np.where(spread > 0, spread, 1.0), NEAREST)
    return ties._replace(weight=1.0 / (1.0 + ties.weight))


def region(country: Country, seed: int) -> Ties:
    """The nearest of the same region, all alike."""
    positions = _globe(country)
    members = [np.flatnonzero(country.region_index == index) for index in range(len(country.region_names))]
    near = [nearest(positions[rows], NEAREST) for rows in members]
    source = np.concatenate([rows[ties.source] for rows, ties in zip(members, near, strict=True)])
    target = np.concatenate([rows[ties.target] for rows, ties in zip(members, near, strict=True)])
    return Ties(source, target, np.ones(source.size))


def twinning(country: Country, seed: int) -> Ties:
    """Leaders coach laggards: the poorest watches the richest, the second poorest the second richest, ...

    Poor and rich by GRDP per head; the middle one of an odd number has no twin.
    """
    income = country.column("grdp_per_capita_2019_mvnd")
    order = np.lexsort((np.array(country.codes), income)).astype(np.int64)
    pairs = len(country) // 2
    return Ties(order[:pairs], order[::-1][:pairs], np.ones(pairs))


def random(country: Country, seed: int) -> Ties:
    """A few provinces drawn by lot, all alike: the highest numbers in a lottery by seed and both codes."""
    keys = np.array([_key(seed, code) for code in country.codes], dtype=np.uint64)
    sources = keys * STEP
    drawn = min(DRAWN, len(country) - 1)
    target = np.empty((len(country), drawn), dtype=np.int64)
    for row, source in enumerate(sources):
        numbers = _mixed_bits(source + keys)
        numbers[row] = 0
        target[row] = np.argpartition(numbers, len(country) - 1 - drawn)[len(country) - drawn :]
    return Ties(np.repeat(np.arange(len(country)), drawn), target.ravel(), np.ones(target.size))


def small_world(country: Country, seed: int) -> Ties:
    """A ring of provinces by direction from the country's middle, a share of its ties rewired by lot."""
    import networkx

    east = country.column("longitude") - country.column("longitude").mean()
    north = country.column("latitude") - country.column("latitude").mean()
    ring = np.lexsort((np.array(country.codes), np.arctan2(north, east))).astype(np.int64)
    world = networkx.watts_strogatz_graph(len(country), min(DRAWN, len(country) - 1), REWIRED, seed=int(seed))
    ends = ring[np.array(list(world.edges), dtype=np.int64).reshape(-1, 2)]
    return _both_ways(ends, np.ones(len(ends)))


NETWORKS: dict[str, Callable[[Country, int], Ties]] = {
    "border": border,
    "similarity": similarity,
    "region": region,
    "twinning": twinning,
    "random": random,
    "small_world": small_world,
}


def nearest(points: Floats, count: int) -> Ties:
    """For each of ``points`` [point, dimension] its ``count`` nearest others; weights are distances."""
    total = len(points)
    count = min(count, total - 1)
    target = np.empty((total, count), dtype=np.int64)
    distance = np.empty((total, count))
    for first in range(0, total if count else 0, BLOCK):
        rows = np.arange(first, min(first + BLOCK, total))
        gaps = np.zeros((len(rows), total))
        for axis in points.T:
            gaps += (axis[rows, None] - axis[None, :]) ** 2
        gaps[np.arange(len(rows)), rows] = np.inf
        near = np.argpartition(gaps, count - 1, axis=1)[:, :count]
        reach = np.take_along_axis(gaps, near, axis=1)
        order = np.lexsort((near, reach), axis=1)
        target[rows] = np.take_along_axis(near, order, axis=1)
        distance[rows] = np.sqrt(np.take_along_axis(reach, order, axis=1))
    return Ties(np.repeat(np.arange(total), count), target.ravel(), distance.ravel())


def _both_ways(ends: Rows, weight: Floats) -> Ties:
    a, b = ends[:, 0], ends[:, 1]
    return Ties(np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([weight, weight]))


def _globe(country: Country) -> Floats:
    """Places [province, 3] on a globe of radius 1: straight lines between them rank as the ways over land."""
    latitude, longitude = np.radians(country.column("latitude")), np.radians(country.column("longitude"))
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _key(seed: int, code: str) -> int:
    return int.from_bytes(blake2b(f"{int(seed)}/{code}".encode(), digest_size=KEY_BYTES).digest(), "little")


def _mixed_bits(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit given moves every bit."""
    numbers = (numbers ^ (numbers >> FIRST_SHIFT)) * FIRST_FACTOR
    numbers = (numbers ^ (numbers >> SECOND_SHIFT)) * SECOND_FACTOR
    return numbers ^ (numbers >> LAST_SHIFT)
