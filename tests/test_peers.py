"""Peers: each way to draw the network, mixtures, and the compressed rows the engine reads."""

from __future__ import annotations

import dataclasses
import random as global_random
import time
from itertools import pairwise
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgsim.country import Country, load_country, peer_arrays, peer_weights, synthetic_country
from dgsim.country.networks import DRAWN, NEAREST, NETWORKS
from dgsim.country.schema import NUMBER_COLUMNS
from dgsim.errors import CountryError

COUNTRY = load_country()
ONE_OF_EACH = dict.fromkeys(NETWORKS, 1.0)


def table(graph: networkx.DiGraph) -> dict[tuple[str, str], float]:
    return {(a, b): weight for a, b, weight in graph.edges(data="weight")}


def row_sums(graph: networkx.DiGraph, country: Country = COUNTRY) -> np.ndarray:
    start, _, weight = peer_arrays(graph, country)
    return np.array([weight[a:b].sum() for a, b in pairwise(start)])


def reordered(country: Country, order: np.ndarray) -> Country:
    """The same country with its rows in another order."""
    rank = np.argsort(order)
    texts = ("codes", "iso_codes", "names", "names_vi", "types", "regions")
    moved: dict[str, Any] = {name: tuple(np.array(getattr(country, name), dtype=object)[order]) for name in texts}
    ends = [(int(rank[a]), int(rank[b]), km) for a, b, km in country.borders]
    pairs = [(min(a, b), max(a, b), km) for a, b, km in ends]
    return dataclasses.replace(
        country, **moved, numbers=country.numbers[:, order], borders=tuple(sorted(pairs)), outlines=None
    )


def test_the_ways_are_those_of_the_scenarios() -> None:
    assert list(NETWORKS) == ["border", "similarity", "region", "twinning", "random", "small_world"]


@pytest.mark.parametrize("way", NETWORKS)
def test_every_way_gives_rows_that_sum_to_one_without_watching_oneself(way: str) -> None:
    graph = peer_weights(COUNTRY, {way: 0.3}, seed=5)
    assert list(graph) == list(COUNTRY.codes)
    assert networkx.number_of_selfloops(graph) == 0
    sums = row_sums(graph)
    if way == "twinning":
        assert np.isclose(sums, 1).sum() == len(COUNTRY) // 2
        sums = sums[sums > 0]
    assert sums == pytest.approx(1)


def test_no_weight_is_no_network() -> None:
    for mixture in ({}, dict.fromkeys(NETWORKS, 0.0)):
        graph = peer_weights(COUNTRY, mixture)
        assert len(graph) == len(COUNTRY)
        assert graph.number_of_edges() == 0
        start, target, weight = peer_arrays(graph, COUNTRY)
        assert start.tolist() == [0] * (len(COUNTRY) + 1)
        assert len(target) == len(weight) == 0


def test_nodes_carry_name_row_and_place() -> None:
    node = peer_weights(COUNTRY, {}).nodes["02"]
    row = COUNTRY.index("02")
    assert node["name"] == "Ha Giang"
    assert node["row"] == row
    assert node["pos"] == (COUNTRY.column("longitude")[row], COUNTRY.column("latitude")[row])


def test_border_weights_are_shares_of_the_border() -> None:
    graph = peer_weights(COUNTRY, {"border": 1})
    row = COUNTRY.index("Ha Giang")
    lengths = {b if a == row else a: km for a, b, km in COUNTRY.borders if row in (a, b)}
    assert {COUNTRY.index(code) for code in graph["02"]} == set(lengths)
    for code, tie in graph["02"].items():
        assert tie["weight"] == pytest.approx(lengths[COUNTRY.index(code)] / sum(lengths.values()))


def test_a_province_added_at_one_end_changes_only_its_neighbours_borders() -> None:
    before = table(peer_weights(COUNTRY, {"border": 1}))
    after = table(peer_weights(grown(COUNTRY), {"border": 1}))
    touched = {"new", COUNTRY.codes[0]}
    assert {pair: w for pair, w in after.items() if pair[0] not in touched} == {
        pair: w for pair, w in before.items() if pair[0] not in touched
    }


def grown(country: Country) -> Country:
    """The country and one province more, at the border of the first."""
    more: dict[str, Any] = {
        name: (*getattr(country, name), "new") for name in ("codes", "iso_codes", "names", "names_vi")
    }
    return dataclasses.replace(
        country,
        **more,
        types=(*country.types, country.types[0]),
        regions=(*country.regions, country.regions[0]),
        numbers=np.column_stack([country.numbers, country.numbers[:, 0]]),
        borders=(*country.borders, (0, len(country), 50.0)),
        outlines=None,
    )


def test_the_similar_are_the_nearest_in_income_urban_share_and_fiscal_position() -> None:
    income = np.log(COUNTRY.column("grdp_per_capita_2019_mvnd"))
    urban = COUNTRY.column("urban_share_2019")
    fiscal = COUNTRY.column("revenue_retained_2020_bvnd") / COUNTRY.column("expenditure_2020_bvnd")
    traits = np.column_stack([(trait - trait.mean()) / trait.std() for trait in (income, urban, fiscal)])
    graph = peer_weights(COUNTRY, {"similarity": 1})
    for row, code in enumerate(COUNTRY.codes):
        distance = np.linalg.norm(traits - traits[row], axis=1)
        nearest = [other for other in np.argsort(distance) if other != row][:NEAREST]
        assert {COUNTRY.index(other) for other in graph[code]} == set(nearest)
        closeness = 1 / (1 + distance[nearest])
        assert [graph[code][COUNTRY.codes[other]]["weight"] for other in nearest] == pytest.approx(
            closeness / closeness.sum()
        )


def test_the_region_way_stays_in_the_region_and_takes_the_nearest() -> None:
    graph = peer_weights(COUNTRY, {"region": 1})
    latitude, longitude = np.radians(COUNTRY.column("latitude")), np.radians(COUNTRY.column("longitude"))
    for row, code in enumerate(COUNTRY.codes):
        mates = np.flatnonzero((COUNTRY.region_index == COUNTRY.region_index[row]) & (np.arange(len(COUNTRY)) != row))
        half = np.sin((latitude - latitude[row]) / 2) ** 2
        half = half + np.cos(latitude) * np.cos(latitude[row]) * np.sin((longitude - longitude[row]) / 2) ** 2
        nearest = mates[np.argsort(half[mates])][:NEAREST]
        assert {COUNTRY.index(other) for other in graph[code]} == set(nearest.tolist())
        assert [tie["weight"] for tie in graph[code].values()] == pytest.approx([1 / len(nearest)] * len(nearest))


def test_twins_are_one_poorer_watching_one_richer_in_mirrored_order() -> None:
    income = COUNTRY.column("grdp_per_capita_2019_mvnd")
    order = np.argsort(income)
    graph = peer_weights(COUNTRY, {"twinning": 1})
    assert set(graph.edges) == {
        (COUNTRY.codes[order[rank]], COUNTRY.codes[order[-1 - rank]]) for rank in range(len(COUNTRY) // 2)
    }
    for poorer, richer in graph.edges:
        assert income[COUNTRY.index(poorer)] < income[COUNTRY.index(richer)]


def test_random_peers_are_a_few_drawn_evenly() -> None:
    drawn = np.zeros((len(COUNTRY), len(COUNTRY)))
    seeds = range(200)
    for seed in seeds:
        graph = peer_weights(COUNTRY, {"random": 1}, seed=seed)
        assert {degree for _, degree in graph.out_degree()} == {DRAWN}
        drawn += networkx.to_numpy_array(graph, weight=None)
    last = {frozenset(graph[code]) for code in COUNTRY.codes}
    assert len(last) > 0.9 * len(COUNTRY), "each draws its own"
    share = DRAWN / (len(COUNTRY) - 1)
    others = drawn[~np.eye(len(COUNTRY), dtype=bool)]
    assert others.mean() / len(seeds) == pytest.approx(share)
    assert others.var() == pytest.approx(len(seeds) * share * (1 - share), rel=0.15), "as many as a fair lot gives"


def test_a_province_added_changes_only_the_random_rows_that_draw_it() -> None:
    before = peer_weights(COUNTRY, {"random": 1}, seed=2)
    after = peer_weights(grown(COUNTRY), {"random": 1}, seed=2)
    same = [code for code in COUNTRY.codes if "new" not in after[code]]
    assert len(same) > len(COUNTRY) / 2
    assert all(before[code] == after[code] for code in same)


def test_the_small_world_is_mostly_a_ring_with_short_ways() -> None:
    graph = peer_weights(COUNTRY, {"small_world": 1}, seed=2)
    assert graph.number_of_edges() == DRAWN * len(COUNTRY)
    assert all(graph.has_edge(b, a) for a, b in graph.edges)
    east = COUNTRY.column("longitude") - COUNTRY.column("longitude").mean()
    north = COUNTRY.column("latitude") - COUNTRY.column("latitude").mean()
    rank = np.argsort(np.argsort(np.arctan2(north, east)))
    apart = np.array([abs(int(rank[COUNTRY.index(a)]) - int(rank[COUNTRY.index(b)])) for a, b in graph.edges])
    near = np.minimum(apart, len(COUNTRY) - apart) <= DRAWN // 2
    assert 0.75 < near.mean() < 1


@pytest.mark.parametrize("way", NETWORKS)
def test_lots_depend_on_the_seed_only(way: str) -> None:
    global_random.seed(1)
    np.random.seed(1)  # noqa: NPY002 - the global state is what must not matter
    first = peer_weights(COUNTRY, {way: 1}, seed=3)
    global_random.seed(2)
    np.random.seed(2)  # noqa: NPY002
    state = global_random.getstate()
    assert table(peer_weights(COUNTRY, {way: 1}, seed=3)) == table(first)
    assert global_random.getstate() == state
    moved = table(peer_weights(COUNTRY, {way: 1}, seed=4)) != table(first)
    assert moved == (way in ("random", "small_world"))


@pytest.mark.parametrize("way", NETWORKS)
def test_the_order_of_rows_does_not_matter(way: str) -> None:
    order = np.random.default_rng(1).permutation(len(COUNTRY))
    one = table(peer_weights(COUNTRY, {way: 1}, seed=3))
    other = table(peer_weights(reordered(COUNTRY, order), {way: 1}, seed=3))
    assert other == pytest.approx(one)


def test_a_mixture_is_the_weighted_sum_of_its_ways() -> None:
    mixed = table(peer_weights(COUNTRY, {"border": 1, "similarity": 3}))
    border, similar = (table(peer_weights(COUNTRY, {way: 1})) for way in ("border", "similarity"))
    expected = {pair: 0.25 * border.get(pair, 0) + 0.75 * similar.get(pair, 0) for pair in {*border, *similar}}
    assert mixed == pytest.approx(expected)
    assert table(peer_weights(COUNTRY, {"similarity": 30, "border": 10})) == mixed


def test_where_a_way_says_nothing_the_others_share_its_weight() -> None:
    mixed = peer_weights(COUNTRY, {"border": 1, "twinning": 1})
    border = peer_weights(COUNTRY, {"border": 1})
    richest = COUNTRY.codes[int(np.argmax(COUNTRY.column("grdp_per_capita_2019_mvnd")))]
    assert {code: tie["weight"] for code, tie in mixed[richest].items()} == pytest.approx(
        {code: tie["weight"] for code, tie in border[richest].items()}
    )
    assert row_sums(mixed) == pytest.approx(1)


def test_the_rows_are_the_graph() -> None:
    graph = peer_weights(COUNTRY, ONE_OF_EACH, seed=1)
    start, target, weight = peer_arrays(graph, COUNTRY)
    assert (start.dtype, target.dtype, weight.dtype) == (np.int64, np.int64, np.float64)
    rebuilt = {
        (COUNTRY.codes[row], COUNTRY.codes[target[at]]): weight[at]
        for row in range(len(COUNTRY))
        for at in range(start[row], start[row + 1])
    }
    assert rebuilt == pytest.approx(table(graph))
    for row in range(len(COUNTRY)):
        assert (np.diff(target[start[row] : start[row + 1]]) > 0).all()


def test_a_graph_of_ones_own_is_taken_with_its_gaps_and_any_scale() -> None:
    graph = networkx.DiGraph()
    graph.add_weighted_edges_from([("02", "01", 6.0), ("02", "04", 2.0), ("01", "02", 0.0)])
    start, target, weight = peer_arrays(graph, COUNTRY)
    assert start.tolist() == [0, 0, *[2] * (len(COUNTRY) - 1)]
    assert target.tolist() == [COUNTRY.index("01"), COUNTRY.index("04")]
    assert weight.tolist() == [0.75, 0.25]
    both_ways = peer_arrays(networkx.Graph([("02", "01")]), COUNTRY)
    assert both_ways[0].tolist() == [0, 1, *[2] * (len(COUNTRY) - 1)]
    assert both_ways[2].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("mixture", "words"),
    [
        ({"borders": 1}, "unknown network 'borders'; did you mean border"),
        ({"border": -1}, "border = -1 is not a weight \\(share of attention; allowed: 0 or more\\)"),
        ({"border": float("nan")}, "border = nan is not a weight"),
        ({"border": float("inf")}, "border = inf is not a weight"),
        ({"border": "1"}, "border = '1' is not a weight"),
        ({"border": True}, "border = True is not a weight"),
        ({"border": None}, "border = None is not a weight"),
    ],
)
def test_a_wrong_mixture_is_refused(mixture: dict[str, float], words: str) -> None:
    with pytest.raises(CountryError, match=words):
        peer_weights(COUNTRY, mixture)


def test_a_wrong_graph_is_refused() -> None:
    with pytest.raises(CountryError, match="node '1' is not a province_code of Viet Nam; did you mean 01"):
        peer_arrays(networkx.DiGraph([("1", "02")]), COUNTRY)
    for weight in (-1.0, float("nan"), float("inf")):
        graph = networkx.DiGraph()
        graph.add_edge("01", "02", weight=weight)
        with pytest.raises(CountryError, match=f"the edge from 01 to 02 has weight = {weight}"):
            peer_arrays(graph, COUNTRY)


@settings(max_examples=40, deadline=None)
@given(
    provinces=st.integers(3, 40),
    seed=st.integers(0, 2**32),
    mixture=st.dictionaries(st.sampled_from(list(NETWORKS)), st.floats(0, 1e6), max_size=len(NETWORKS)),
)
def test_any_mixture_in_any_country_gives_shares(provinces: int, seed: int, mixture: dict[str, float]) -> None:
    country = synthetic_country(provinces, seed)
    graph = peer_weights(country, mixture, seed)
    sums = row_sums(graph, country)
    assert (np.isclose(sums, 1) | (sums == 0)).all()
    if any(mixture.get(way, 0) > 0 for way in ("border", "similarity", "random")):
        assert np.isclose(sums, 1).all()


def test_provinces_all_alike_and_a_country_of_one_are_no_trouble() -> None:
    alike = dataclasses.replace(COUNTRY, numbers=np.repeat(COUNTRY.numbers[:, :1], len(COUNTRY), axis=1))
    assert row_sums(peer_weights(alike, {"similarity": 1, "region": 1}), alike) == pytest.approx(1)
    texts = ("codes", "iso_codes", "names", "names_vi", "types", "regions")
    first = {name: getattr(COUNTRY, name)[:1] for name in texts}
    single = dataclasses.replace(COUNTRY, **first, numbers=COUNTRY.numbers[:, :1], borders=(), outlines=None)
    assert peer_weights(single, ONE_OF_EACH).number_of_edges() == 0


def test_a_hundred_times_as_many_provinces_take_seconds_and_stay_sparse() -> None:
    country = synthetic_country(100 * len(COUNTRY), seed=1)
    start = time.process_time()
    graph = peer_weights(country, ONE_OF_EACH, seed=1)
    rows, target, _ = peer_arrays(graph, country)
    assert time.process_time() - start < 15
    assert len(rows) == len(country) + 1
    assert len(target) < 30 * len(country)
    assert len(NUMBER_COLUMNS) == len(country.numbers)
