"""Made-up countries of any number of provinces, in the form of the real one and labelled synthetic.

Positions are drawn evenly over a rectangle; each province is what lies nearest to its own, so that borders,
areas and polygons agree. Traits and public money resemble the real table: every synthetic province mixes
the real ones at random (a Gaussian copula, so ranks correlate as they do there) and its values are read off
the real distributions. Neighbours are no more alike than others: that the real regions differ is not
imitated.
"""

from __future__ import annotations

import math
from dataclasses import replace
from numbers import Integral
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dgsim.country import voronoi
from dgsim.country.checks import check_country
from dgsim.country.country import Country
from dgsim.country.loading import load_country
from dgsim.country.polygons import Outlines, clockwise
from dgsim.country.schema import FORM, NUMBER_COLUMNS, Column
from dgsim.errors import CountryError

FEWEST_PROVINCES = 3
MOST_PROVINCES = 50_000
KM_PER_DEGREE = 111.2
"""Length of a degree both ways: the rectangle's middle lies where the equator meets longitude 0."""
HEIGHT_TO_WIDTH = 1.5
PROVINCES_PER_REGION = 10
WHOLE_PCT, MOST_SHARED_PCT = 100, 99  # of its revenue, kept by a province that shares none; by one that shares, at most
POSITION_DECIMALS, CORNER_DECIMALS = 3, 4  # of degrees
SHORTEST = 0.1
"""Of a border in km, and the smallest area in km2: what is smaller would round to nothing."""

DECIMALS = {
    "urban_share_2019": 4,
    "grdp_per_capita_2019_mvnd": 2,
    "poverty_multidim_2019_pct": 2,
    "trained_labour_2019_pct": 1,
    "monthly_income_2016_kvnd": 0,
    "internet_users_2024_pct": 2,
    "it_skills_2024_pct": 2,
    "communes_2022": 0,
    "population_2019": 0,
}
"""The traits read off the real distributions, with the decimals they have there."""

Floats = NDArray[np.float64]


def synthetic_country(provinces: int, seed: int = 0) -> Country:
    """A made-up country, the same for the same seed; nothing was observed there.

    Its borders, areas and polygons agree; its traits and public money resemble those of Viet Nam's provinces, ranks
    correlating as they do there.

    Parameters
    ----------
    provinces : int
        How many, 3 or more.
    seed : int, default 0
        Of the drawing.

    Returns
    -------
    Country
        Labelled synthetic.

    Raises
    ------
    CountryError
        If a number cannot be used.

    Examples
    --------
    >>> from dgsim import synthetic_country
    >>> country = synthetic_country(20, seed=1)
    >>> len(country), country.synthetic, country.name
    (20, True, 'Synthetic country of 20 provinces (seed 1)')
    """
    _check_whole("provinces", provinces, FEWEST_PROVINCES, MOST_PROVINCES)
    _check_whole("seed", seed, 0)
    rng = np.random.default_rng([seed, provinces])
    model = load_country()
    width = math.sqrt(provinces * float(np.nanmean(model.column("area_km2"))) / HEIGHT_TO_WIDTH)
    height = width * HEIGHT_TO_WIDTH
    positions = rng.random((provinces, 2)) * (width, height)
    territories = voronoi.cells(positions, width, height)
    figures = _figures(rng, model, provinces)
    figures["area_km2"] = np.array([max(round(voronoi.area(cell.corners), 1), SHORTEST) for cell in territories])
    figures["longitude"], figures["latitude"] = _degrees(positions, width, height).round(POSITION_DECIMALS).T
    country = Country(
        name=f"Synthetic country of {provinces} provinces (seed {seed})",
        vintage=f"synthetic, drawn with seed {seed}",
        synthetic=True,
        currency=model.currency,
        **_labels(rng, positions, figures["urban_share_2019"], model),
        numbers=np.array([figures[name] for name in NUMBER_COLUMNS]),
        borders=_borders(territories),
        outlines=_outlines(territories, width, height),
        columns=tuple(_labelled(column) for column in FORM),
    )
    check_country(country, country.name)
    return country


def _check_whole(name: str, value: Any, lowest: int, highest: float = math.inf) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or not lowest <= int(value) <= highest:
        most = "or more" if highest == math.inf else f"to {highest:,}, which take some minutes to draw"
        raise CountryError(
            f"synthetic country: {name} = {value!r} is refused (allowed: a whole number, {lowest} {most})"
        )


def _labels(rng: np.random.Generator, positions: Floats, urban: Floats, model: Country) -> dict[str, Any]:
    """Codes, names, types (the most urban are cities, as in ``model``) and regions (around positions drawn)."""
    provinces = len(positions)
    numbers = [f"{row + 1:0{max(2, len(str(provinces)))}d}" for row in range(provinces)]
    names = tuple(f"Synthetic {number}" for number in numbers)
    cities = round(provinces * model.types.count("centrally-run city") / len(model))
    is_city = set(np.argsort(-urban, kind="stable")[:cities].tolist())
    regions = max(2, round(provinces / PROVINCES_PER_REGION))
    middles = positions[rng.choice(provinces, regions, replace=False)]
    nearest = [int(np.argmin(((middles - position) ** 2).sum(axis=1))) for position in positions]
    return {
        "codes": tuple(f"S{number}" for number in numbers),
        "iso_codes": tuple("" for _ in numbers),
        "names": names,
        "names_vi": names,
        "types": tuple("centrally-run city" if row in is_city else "province" for row in range(provinces)),
        "regions": tuple(f"Synthetic region {middle + 1:0{len(str(regions))}d}" for middle in nearest),
    }


def _figures(rng: np.random.Generator, model: Country, provinces: int) -> dict[str, Floats]:
    """Traits and public money [province], distributed and correlated in rank as those of ``model``."""
    real = {name: model.column(name) for name in DECIMALS} | _fiscal_traits(model)
    scores = np.column_stack([_normal_scores(values) for values in real.values()])
    drawn = rng.standard_normal((provinces, len(model))) @ scores / math.sqrt(len(model))
    normal = NormalDist()
    levels = np.array([normal.cdf(z) for z in drawn.ravel().tolist()]).reshape(drawn.shape)
    made = {name: np.quantile(values, levels[:, at]) for at, (name, values) in enumerate(real.items())}
    traits = {name: made[name].round(decimals) for name, decimals in DECIMALS.items()}
    return traits | _public_money(made, traits["population_2019"])


def _normal_scores(values: Floats) -> Floats:
    """The ranks of ``values`` as quantiles of the normal distribution, of variance 1."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((2 * rank + 1) / (2 * len(values))) for rank in ranks.tolist()])
    standard: Floats = scores / scores.std()
    return standard


def _fiscal_traits(model: Country) -> dict[str, Floats]:
    """Five ratios from which :func:`_public_money` makes consistent figures.

    ``strength`` runs from a province that lives on balancing transfers (its own share of the means, below
    1) to one that shares most of its taxes (1 and more: 2 less the retention).
    """
    collected, retained, retention, balancing, targeted, expenditure = (
        model.column(name)
        for name in (
            "revenue_collected_2020_bvnd",
            "revenue_retained_2020_bvnd",
            "revenue_retention_2020_pct",
            "balancing_transfer_2020_bvnd",
            "targeted_transfer_2020_bvnd",
            "expenditure_2020_bvnd",
        )
    )
    own = retained / (retained + balancing)
    return {
        "strength": np.where(retention < WHOLE_PCT, 2 - retention / WHOLE_PCT, own),
        "expenditure_per_head": expenditure / model.column("population_2019"),
        "expenditure_to_means": expenditure / (retained + balancing),
        "retained_to_collected": retained / collected,
        "targeted_to_expenditure": targeted / expenditure,
    }


def _public_money(made: dict[str, Floats], population: Floats) -> dict[str, Floats]:
    """The six figures [province] in bvnd per year and %, rounded as in the real table; they fit together."""
    strength = made["strength"]
    shares = strength >= 1
    expenditure = (made["expenditure_per_head"] * population).round(1)
    means = expenditure / made["expenditure_to_means"]
    retained = (means * np.where(shares, 1.0, strength)).round(1)
    balancing = np.where(shares, 0.0, np.maximum((means - retained).round(1), 0.0)) + 0.0
    collected = (retained / made["retained_to_collected"]).round(1)
    retention = np.minimum((WHOLE_PCT * (2 - strength)).round(), MOST_SHARED_PCT)
    return {
        "revenue_collected_2020_bvnd": collected,
        "revenue_retained_2020_bvnd": retained,
        "revenue_retention_2020_pct": np.where(shares, retention, WHOLE_PCT),
        "balancing_transfer_2020_bvnd": balancing,
        "targeted_transfer_2020_bvnd": (made["targeted_to_expenditure"] * expenditure).round(1),
        "expenditure_2020_bvnd": expenditure,
    }


def _degrees(positions: Floats, width: float, height: float) -> Floats:
    """Kilometres from the rectangle's corner as degrees [position, (longitude, latitude)]."""
    degrees: Floats = (np.asarray(positions) - (width / 2, height / 2)) / KM_PER_DEGREE
    return degrees


def _borders(territories: list[voronoi.Cell]) -> tuple[tuple[int, int, float], ...]:
    lengths = sorted(voronoi.borders(territories).items())
    return tuple((low, high, max(round(km, 1), SHORTEST)) for (low, high), km in lengths)


def _outlines(territories: list[voronoi.Cell], width: float, height: float) -> Outlines:
    rings = []
    for corners, _ in territories:
        corners_closed = _degrees(np.array([*corners, corners[0]]), width, height).round(CORNER_DECIMALS).tolist()
        rings.append((clockwise([(x, y) for x, y in corners_closed]),))
    return tuple(rings)


def _labelled(column: Column) -> Column:
    """The column with its unit and range, and in place of its source the word that there is none."""
    return replace(column, year="none", publisher="synthetic (drawn by dgsim)", note="published by nobody")
