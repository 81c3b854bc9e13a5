"""Levers that do nothing by themselves: the table names their partners, and runs prove it of them and of all others."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.scenario import Scenario, load_scenario
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS, PARTNERS, Parameter

QUARTERS = 16
LAPSED = OUTCOME_NAMES.index("lapsed_money")  # money that nobody can use lapses: that is no effect
NOTHING = {"float": 0.0, "flag": False, "quarter": "never"}
SOMETHING = {"flag": True, "quarter": "2021Q4"}
PAIRS = [(lever, partner) for lever, partners in PARTNERS.items() for partner in partners]
ALONE = [lever for lever in PARAMETERS.levers if lever.name not in PARTNERS]


def outcomes(plan: Scenario) -> np.ndarray:
    """Outcomes of two runs but for lapsed money: [replication, quarter, outcome]."""
    return np.delete(run_replications(plan, load_country(), replications=range(2)).outcomes, LAPSED, axis=2)


def values_of(lever: Parameter) -> list[Any]:
    """Values of a lever that are far from each other, as a scenario takes them."""
    by_type = {
        "float": [lever.low, lever.high],
        "flag": [False, True],
        "choice": list(lever.choices),
        "quarter": ["never", "2021Q4"],
    }
    return by_type[lever.type]


def in_use(name: str) -> Any:
    """A value at which a lever is in use."""
    lever = PARAMETERS.levers[name]
    return SOMETHING.get(lever.type, (lever.high or 0.0) / 5)


def moves_something(plan: Scenario, lever: Parameter) -> bool:
    results = [outcomes(plan.with_changes(**{lever.name: value})) for value in values_of(lever)]
    return any(np.abs(one - other).max() > 1e-9 for one, other in itertools.combinations(results, 2))


@pytest.mark.parametrize(("name", "partner"), PAIRS)
def test_a_lever_has_no_effect_without_its_partner_and_one_with_it(name, partner):
    lever = PARAMETERS.levers[name]
    plan = load_scenario("base").with_changes(quarters=QUARTERS, **{other: in_use(other) for other in PARTNERS[name]})
    assert moves_something(plan, lever), f"{name} moves nothing though {', '.join(PARTNERS[name])} is in use"
    nothing = NOTHING[PARAMETERS.levers[partner].type]
    assert not moves_something(plan.with_changes(**{partner: nothing}), lever), (
        f"{name} moves an outcome without {partner}: take the pair out of world/tables/partners.csv"
    )


@pytest.mark.parametrize("lever", ALONE, ids=lambda lever: lever.name)
def test_a_lever_without_a_partner_has_an_effect_of_its_own(lever):
    """In a plan with a roadmap, whose grants for a wave of services are what a required effort answers to.

    To its end: until peers have something to show, and posts are short, what peers show and who is hired moves nothing.
    """
    plan = load_scenario("staged")
    for name in PARTNERS:  # none is in use that another might wait for
        plan = plan.with_changes(**{name: values_of(PARAMETERS.levers[name])[0]})
    assert moves_something(plan, lever), f"{lever.name} needs something: name it in world/tables/partners.csv"
