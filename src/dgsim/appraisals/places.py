"""Where a plan's worth falls: provinces, regions, fifths of income, and weights for the poor."""

from __future__ import annotations

import numpy as np

from dgsim.appraisals.lines import IN_PROVINCES, LINES
from dgsim.country import Country
from dgsim.country.groups import ALL_FIFTHS, income_a_head

PROVINCE, REGION, FIFTH = PLACES = ("province", "region", "fifth")
CITIZENS = "citizens"


def fifths(country: Country) -> np.ndarray:
    """The fifth of each province by income a head, 0 the poorest [province]: fifths hold as many people, nearly.

    A province is in the fifth in which the middle of its people stands.
    """
    people = country.column("population_2019")
    order = np.argsort(income_a_head(country), kind="stable")
    middle = people[order].cumsum() - people[order] / 2
    found = np.empty(len(country), np.int64)
    found[order] = np.minimum(middle / people.sum() * ALL_FIFTHS, ALL_FIFTHS - 1).astype(np.int64)
    return found


def groups_of(country: Country, by: str) -> dict[str, np.ndarray]:
    """The places of a division: their names, and which provinces are in each [province]."""
    if by == PROVINCE:
        return {name: np.arange(len(country)) == row for row, name in enumerate(country.names)}
    if by == REGION:
        return {name: country.region_index == row for row, name in enumerate(country.region_names)}
    found = fifths(country)
    return {str(number + 1): found == number for number in range(ALL_FIFTHS)}


def distributional_weights(country: Country, elasticity: float) -> np.ndarray:
    """What a dong of a citizen counts for in each province [province]: 1 at the mean income a head of all people.

    Income is the product a head, which is what is known of provinces; its marginal utility falls with this elasticity.
    """
    income, people = income_a_head(country), country.column("population_2019")
    weights: np.ndarray = (income / np.average(income, weights=people)) ** -elasticity
    return weights


def weights_of(country: Country, by: str, lines: np.ndarray, whole: np.ndarray, elasticity: float) -> list[float]:
    """Net benefit of each place, the centre and the whole, what citizens gain weighted by their province's income.

    `lines` are the mean lines of provinces [province, line], `whole` those of the country [line].
    """
    of_citizens = np.array([line.who == CITIZENS for line in LINES])[IN_PROVINCES]
    weights = distributional_weights(country, elasticity)
    net = lines[:, ~of_citizens].sum(axis=1) + weights * lines[:, of_citizens].sum(axis=1)
    centre = float(whole[~IN_PROVINCES].sum())
    return [
        *(float(net[chosen].sum()) for chosen in groups_of(country, by).values()),
        centre,
        float(net.sum()) + centre,
    ]
