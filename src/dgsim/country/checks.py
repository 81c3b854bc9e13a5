"""What must hold between the cells of a country: labels differ, the borders connect, the public money fits.

The relations of the public money are those that hold in every row of the packaged table:

- a province retains no more than is collected in it;
- a province that shares taxes with the centre (retention below 100%) gets no balancing transfer;
- retained revenue and balancing transfer are there to be spent: together at most 1.02 times the expenditure
  (1.01 in the packaged table: plans are rounded and set a little aside);
- expenditure has its means: at most 1.5 times retained revenue and both transfers (1.12 in the packaged
  table; the rest is borrowed, carried over or drawn from reserves). This one is wide: it is there to catch
  a wrong unit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dgsim.country.country import Country, plain
from dgsim.errors import CountryError

SET_ASIDE = 1.02
BORROWED = 1.5
WHOLE_PCT = 100  # of its revenue: a province that shares none


def check_country(country: Country, where: str) -> None:
    """Raise :class:`CountryError` at the first relation that does not hold; ``where`` names the table."""
    _check_labels(country, where)
    _check_connected(country, where)
    _check_money(country, where)


def _check_labels(country: Country, where: str) -> None:
    """No code and no name may lead to two provinces."""
    owner: dict[str, int] = {}
    labels = {
        "province_code": country.codes,
        "iso_3166_2": country.iso_codes,
        "name_en": country.names,
        "name_vi": country.names_vi,
    }
    for column, texts in labels.items():
        for row, text in enumerate(texts):
            if text and owner.setdefault(plain(text), row) != row:
                raise CountryError(
                    f"{where}: {column} = {text} of province {country.codes[row]} stands for province "
                    f"{country.codes[owner[plain(text)]]} too; allowed: more difference than case and accents"
                )


def _check_connected(country: Country, where: str) -> None:
    """Every province can be reached from the first over borders."""
    neighbours: list[list[int]] = [[] for _ in country.codes]
    for a, b, _ in country.borders:
        neighbours[a].append(b)
        neighbours[b].append(a)
    reached, waiting = {0}, [0]
    while waiting:
        for neighbour in neighbours[waiting.pop()]:
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append(neighbour)
    for row, code in enumerate(country.codes):
        if row not in reached:
            raise CountryError(
                f"{where}: province {code} ({country.names[row]}) cannot be reached from {country.codes[0]} "
                f"({country.names[0]}) over the borders of borders.csv; allowed: one connected network"
            )


def _check_money(country: Country, where: str) -> None:
    collected = country.column("revenue_collected_2020_bvnd")
    retained = country.column("revenue_retained_2020_bvnd")
    retention = country.column("revenue_retention_2020_pct")
    balancing = country.column("balancing_transfer_2020_bvnd")
    targeted = country.column("targeted_transfer_2020_bvnd")
    expenditure = country.column("expenditure_2020_bvnd")
    relations: list[tuple[NDArray[np.bool_], str, NDArray[np.float64], str]] = [
        (
            retained <= collected,
            "revenue_retained_2020_bvnd",
            retained,
            "no more than revenue_collected_2020_bvnd",
        ),
        (
            (retention >= WHOLE_PCT) | (balancing == 0),
            "balancing_transfer_2020_bvnd",
            balancing,
            "0 where revenue_retention_2020_pct is below 100",
        ),
        (
            retained + balancing <= SET_ASIDE * expenditure,
            "revenue_retained_2020_bvnd + balancing_transfer_2020_bvnd",
            retained + balancing,
            f"at most {SET_ASIDE} times expenditure_2020_bvnd",
        ),
        (
            expenditure <= BORROWED * (retained + balancing + targeted),
            "expenditure_2020_bvnd",
            expenditure,
            f"at most {BORROWED} times retained revenue and both transfers",
        ),
    ]
    for holds, column, values, allowed in relations:
        if not holds.all():
            row = int(np.argmin(holds))
            raise CountryError(
                f"{where}: {column} = {values[row]:.12g} of province {country.codes[row]} "
                f"({country.names[row]}) does not fit its other figures (bvnd per year; allowed: {allowed})"
            )
