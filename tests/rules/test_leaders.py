"""Leaders, by hand: when congresses meet, how often leaders change, and what luck they bring."""

from __future__ import annotations

import pytest

from dgsim.world import initial, leaders
from dgsim.world.luck import LEADERS, TURNOVER, normal, uniform
from world_of_zeros import approx, province_and_world, world_of_zeros

BEFORE = 9.0  # a drive that no draw gives


def leading(quarter, **values):
    values = {
        "congress_quarter": 3.0,
        "congress_years": 5.0,
        "congress_turnover": 0.0,
        "leader_turnover": 0.0,
        **values,
    }
    p, world = province_and_world(quarter=quarter, seed=3, **values)
    p.luck_id, p.leadership = 11, BEFORE
    return p, world


def test_congresses_meet_in_late_2020_2025_and_2030():
    met = [quarter for quarter in range(44) if leaders.congress_meets(leading(quarter)[1])]
    assert met == [3, 23, 43]  # the fourth quarters of 2020, 2025 and 2030
    assert [quarter for quarter in range(9) if leaders.congress_meets(leading(quarter, congress_years=1.0)[1])] == [
        3,
        7,
    ]


@pytest.mark.parametrize(("quarter", "congress"), [(2, False), (3, True), (4, False), (23, True)])
def test_all_leaders_change_at_a_congress_or_between_them_by_two_chances(quarter, congress):
    p, world = leading(quarter, congress_turnover=1.0)
    leaders.change_leaders(p, world)
    assert (p.leadership != BEFORE) == congress
    p, world = leading(quarter, leader_turnover=4.0)  # a year, so 1 a quarter
    leaders.change_leaders(p, world)
    assert (p.leadership != BEFORE) == (not congress)


def test_a_chance_a_year_is_a_quarter_of_it_in_a_quarter():
    p, world = leading(2)
    luck = uniform(world, p.luck_id, TURNOVER, 0)
    for chance, changes in ((luck * 4 * 1.001, True), (luck * 4, False)):
        world.assumptions.leader_turnover, p.leadership = chance, BEFORE
        leaders.change_leaders(p, world)
        assert (p.leadership != BEFORE) == changes
    p, world = leading(3)
    luck = uniform(world, p.luck_id, TURNOVER, 0)
    for chance, changes in ((luck * 1.001, True), (luck, False)):
        world.assumptions.congress_turnover, p.leadership = chance, BEFORE
        leaders.change_leaders(p, world)
        assert (p.leadership != BEFORE) == changes


def test_of_a_thousand_leaderships_six_hundred_change_at_a_congress_and_a_fortieth_of_them_in_another_quarter():
    """0.6 x 1,000 = 600 and 0.1 / 4 x 1,000 = 25, each within four standard deviations: 15.5 and 4.9."""
    for quarter, expected, error in ((3, 600, 62), (2, 25, 20)):
        state = world_of_zeros(provinces=1_000, quarter=quarter, congress_turnover=0.6, leader_turnover=0.1)
        state.provinces.luck_id, state.provinces.leadership = range(1_000), BEFORE
        for p in state.provinces:
            leaders.change_leaders(p, state.world)
        changed = state.provinces.leadership[state.provinces.leadership != BEFORE]
        assert abs(len(changed) - expected) < error
    assert abs(changed.mean()) < 4 / len(changed) ** 0.5


def test_new_leaders_are_as_driven_as_their_own_luck_says():
    p, world = leading(3, congress_turnover=1.0)
    leaders.change_leaders(p, world)
    assert p.leadership == approx(normal(world, 11, LEADERS, 1))
    first = float(p.leadership)
    world.nation.quarter = 23
    leaders.change_leaders(p, world)
    assert p.leadership != first, "each congress has its own luck"


def test_leaders_who_come_in_the_first_quarter_are_not_the_first_leaders():
    p, world = leading(0, leader_turnover=4.0)
    p.trained_labour, p.internet = 0.2, 1.0
    initial.initialise_province(p, world)
    first = float(p.leadership)
    leaders.change_leaders(p, world)
    assert p.leadership != first
