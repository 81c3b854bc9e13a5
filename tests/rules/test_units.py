"""Where a quarter stands in its year and in its plan. Quarter 0 opens 2020."""

from __future__ import annotations

import pytest

from dgsim.world import units


@pytest.mark.parametrize("quarter", range(10))
def test_a_year_has_four_quarters(quarter):
    assert units.opens_year(quarter) == (quarter in (0, 4, 8))
    assert units.closes_year(quarter) == (quarter in (3, 7))
    assert units.quarters_to_year_end(quarter) == [3, 2, 1, 0, 3, 2, 1, 0, 3, 2][quarter]


def test_a_plan_ends_with_the_first_year_of_a_run_and_every_so_many_years_after():
    assert [units.quarters_to_plan_end(quarter, 5.0) for quarter in (0, 3, 4, 22, 23, 24)] == [3, 0, 19, 1, 0, 19]
    assert [units.quarters_to_plan_end(quarter, 1.0) for quarter in range(5)] == [3, 2, 1, 0, 3]


def test_units_are_what_they_say():
    assert (units.BVND, units.MILLION, units.PERCENT) == (1_000, 1_000_000, 100)
    assert (units.QUARTERS, units.MONTHS, units.QUARTERS_PER_YEAR) == (4, 3, 4)
