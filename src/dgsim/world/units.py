"""Units of money and time, each once, and where a quarter stands in its year and plan. Quarter 0 opens a year."""

from __future__ import annotations

from dgsim.world.compiled import rule
from dgsim.world.tables import QUARTERS_PER_YEAR

BVND = 1000.0  # million VND in one billion
QUARTERS = float(QUARTERS_PER_YEAR)  # in a year
MONTHS = 3.0  # in a quarter
MILLION = 1e6
PERCENT = 100.0


@rule
def opens_year(quarter: int) -> bool:
    """Whether a quarter is the first of its year."""
    return quarter % QUARTERS_PER_YEAR == 0


@rule
def closes_year(quarter: int) -> bool:
    """Whether a quarter is the last of its year."""
    return quarters_to_year_end(quarter) == 0


@rule
def quarters_to_year_end(quarter: int) -> int:
    """How many quarters are left of the year after this one."""
    return QUARTERS_PER_YEAR - 1 - quarter % QUARTERS_PER_YEAR


@rule
def quarters_to_plan_end(quarter: int, years: float) -> int:
    """How many are left of a medium-term plan of so many years; a plan ends with the first year of a run."""
    return (QUARTERS_PER_YEAR - 1 - quarter) % (QUARTERS_PER_YEAR * int(years))
