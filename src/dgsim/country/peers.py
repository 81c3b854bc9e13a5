"""Whom a province watches: the ways of :mod:`dgsim.country.networks`, mixed by weight into one directed graph.

Each way gives a province a row of weights that sum to 1, or none; a mixture is their weighted sum, made to
sum to 1 again. An edge from A to B with weight w says: of all that A looks at, B is the share w.

Neighbour effects are not identified by the data, so no network at all (every weight 0) is a legal setting,
and border and similarity are apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from dgsim.country.country import Country
from dgsim.country.networks import NETWORKS, Floats, Rows, Ties
from dgsim.errors import CountryError, did_you_mean

if TYPE_CHECKING:
    import networkx


def peer_weights(country: Country, mixture: Mapping[str, float], seed: int = 0) -> networkx.DiGraph:
    """The network of ``mixture``: nodes are codes (with ``name``, ``row``, ``pos``), edges have ``weight``.

    ``mixture`` gives border, similarity, region, twinning, random and small_world each a weight of 0 or
    more; only their proportions count, and all at 0 is the network without edges. ``pos`` is (longitude,
    latitude) in degrees. ``seed`` draws random and small_world.

    >>> from dgsim.country import load_country
    >>> graph = peer_weights(load_country(), {"border": 3, "similarity": 1})
    >>> round(sum(tie["weight"] for tie in graph["01"].values()), 9)
    1.0
    """
    import networkx

    check_mixture(mixture)
    graph = networkx.DiGraph()
    positions = zip(country.column("longitude").tolist(), country.column("latitude").tolist(), strict=True)
    for row, (code, name, position) in enumerate(zip(country.codes, country.names, positions, strict=True)):
        graph.add_node(code, name=name, row=row, pos=position)
    ties = (part.tolist() for part in _mixed(country, mixture, seed))
    for source, target, weight in zip(*ties, strict=True):
        graph.add_edge(country.codes[source], country.codes[target], weight=weight)
    return graph


def peer_arrays(graph: networkx.DiGraph, country: Country) -> tuple[Rows, Rows, Floats]:
    """``graph`` as compressed rows: start [province + 1] and target [tie] in int64, weight [tie] in float64.

    Province i watches ``target[start[i]:start[i + 1]]``, in rising order; its weights sum to 1, or it
    watches nobody. The nodes of ``graph`` are the country's codes; an edge without weight counts as 1.

    >>> from dgsim.country import load_country
    >>> country = load_country()
    >>> start, target, weight = peer_arrays(peer_weights(country, {"twinning": 1}), country)
    >>> len(target) == len(country) // 2
    True
    """
    row_of = {code: row for row, code in enumerate(country.codes)}
    for node in graph:
        if node not in row_of:
            near = did_you_mean(str(node), row_of)
            raise CountryError(f"peers: node {node!r} is not a province_code of {country.name}{near}")
    ties = [
        (row_of[source], row_of[target], float(tie.get("weight", 1.0)))
        for source, neighbours in graph.adjacency()
        for target, tie in neighbours.items()
    ]
    for source, target, weight in ties:
        if not (math.isfinite(weight) and weight >= 0):
            raise CountryError(
                f"peers: the edge from {country.codes[source]} to {country.codes[target]} has "
                f"weight = {weight} (share of attention; allowed: 0 or more)"
            )
    table = np.array(ties, dtype=np.float64).reshape(-1, len(Ties._fields))
    ends = table[:, :2].astype(np.int64)
    rows, target_rows, weights = _summed(Ties(ends[:, 0], ends[:, 1], table[:, 2]), len(country))
    return np.searchsorted(rows, np.arange(len(country) + 1)).astype(np.int64), target_rows, weights


def check_mixture(mixture: Mapping[str, float]) -> None:
    """Raise :class:`CountryError` for an unknown way or a weight that is not a number of 0 or more."""
    for way, weight in mixture.items():
        if way not in NETWORKS:
            raise CountryError(
                f"peers: unknown network {way!r}{did_you_mean(way, NETWORKS)}; allowed: {', '.join(NETWORKS)}"
            )
        if isinstance(weight, bool) or not isinstance(weight, Real) or not math.isfinite(weight) or weight < 0:
            raise CountryError(f"peers: {way} = {weight!r} is not a weight (share of attention; allowed: 0 or more)")


def _mixed(country: Country, mixture: Mapping[str, float], seed: int) -> Ties:
    """The weighted sum of the ways; a row sums to 1 also where one of them says nothing about a province."""
    total = math.fsum(mixture.values())
    parts = [
        _shares(NETWORKS[way](country, seed), len(country), float(mixture[way]) / total)
        for way in NETWORKS
        if mixture.get(way, 0.0) > 0
    ]
    if not parts:
        return Ties(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    source, target, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _summed(Ties(source, target, weight), len(country))


def _shares(ties: Ties, provinces: int, whole: float) -> Ties:
    """``ties`` with every row of weights summing to ``whole``."""
    sums = np.bincount(ties.source, ties.weight, minlength=provinces)
    return ties._replace(weight=whole * ties.weight / sums[ties.source])


def _summed(ties: Ties, provinces: int) -> Ties:
    """One tie for each pair with a weight above 0, sorted; every row of weights sums to 1."""
    pairs, pair = np.unique(ties.source * provinces + ties.target, return_inverse=True)
    weight = np.bincount(pair, ties.weight, minlength=pairs.size).astype(np.float64)
    pairs, weight = pairs[weight > 0], weight[weight > 0]
    return _shares(Ties(pairs // provinces, pairs % provinces, weight), provinces, 1.0)
