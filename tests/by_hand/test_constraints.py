"""Constraints, relaxed by hand: each changes its own numbers of a setup, by so much, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from country_by_hand import COUNTRY, approx
from dgsim.decide.constraints import CONSTRAINT_NAMES, CONSTRAINTS
from dgsim.engine.setup import make_setup
from dgsim.scenario import load_scenario
from dgsim.world.tables import ITEMS

SETUP = make_setup(load_scenario("staged").with_changes(quarters=4), COUNTRY)
RELAX = {constraint.name: constraint.by(0.25) for constraint in CONSTRAINTS}
FACTORS = {
    "specialists": {"project_share": 1.25},
    "incentives": {"care": 1.25},
    "redesign": {"redesign_effort": 0.8, "redesign_aversion": 0.8},
}


def changed(before, after):
    """The fields of two arrays of records that differ."""
    return {name for name in before.dtype.names if not np.array_equal(before[name], after[name])}


def test_each_has_its_name():
    assert CONSTRAINT_NAMES == ("money", "specialists", "foundations", "incentives", "redesign")


@pytest.mark.parametrize("name", FACTORS)
def test_an_assumption_is_a_quarter_larger_or_its_burden_four_fifths(name):
    before, after = SETUP.tables[0], RELAX[name](SETUP).tables[0]
    assert changed(before, after) == set(FACTORS[name])
    for field, factor in FACTORS[name].items():
        assert before[field][0] > 0.0
        assert after[field][0] == approx(before[field][0] * factor)


def test_more_money_is_a_larger_share_of_the_budget_in_every_quarter():
    after = RELAX["money"](SETUP)
    assert changed(SETUP.policies, after.policies) == {"digital_share"}
    assert after.policies["digital_share"].tolist() == approx((1.25 * SETUP.policies["digital_share"]).tolist())
    assert after.policies["digital_share"].min() > 0.0
    assert after.tables is SETUP.tables


def test_foundations_begin_a_quarter_of_the_way_nearer_to_whole_and_other_items_as_they_were():
    before, after = SETUP.tables[2], RELAX["foundations"](SETUP).tables[2]
    assert changed(before, after) == {"initial_readiness"}
    start, nearer = before["initial_readiness"][0], after["initial_readiness"][0]
    for at, item in enumerate(ITEMS):
        lack = 0.75 if item.kind == "foundation" else 1.0
        assert (1.0 - nearer[at]).tolist() == approx((lack * (1.0 - start[at])).tolist()), item.name


@pytest.mark.parametrize("name", CONSTRAINT_NAMES)
def test_the_setup_that_was_given_stays_as_it_was(name):
    before = SETUP.policies.copy(), [table.copy() for table in SETUP.tables]
    RELAX[name](SETUP)
    assert np.array_equal(SETUP.policies, before[0])
    for table, was in zip(SETUP.tables, before[1], strict=True):
        assert np.array_equal(table, was)
