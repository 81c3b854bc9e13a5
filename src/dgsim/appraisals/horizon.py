"""A plan on the way to a horizon beyond its own."""

from __future__ import annotations

from dgsim.errors import StudyError
from dgsim.scenario import Scenario, quarter_index, quarter_text
from dgsim.scenario.calendar import LONGEST_HORIZON
from dgsim.scenario.plan import LeverChange, effective_changes
from dgsim.study.together import check_names
from dgsim.world.tables import PARAMETERS

HELD, ENDED = BUDGETS = ("held", "ended")  # what becomes of a plan's yearly budgets when the plan is over
YEARLY = tuple(lever.name for lever in PARAMETERS.levers if lever.unit == "bvnd per year")


def quarters_to(to: str) -> int:
    """How many quarters a horizon takes; raises StudyError where it is too far.

    >>> quarters_to("2040Q4")
    84
    """
    quarters = quarter_index(to) + 1
    if quarters > LONGEST_HORIZON:
        raise StudyError(f"to = {to} is beyond {quarter_text(LONGEST_HORIZON - 1)}, the longest horizon there is")
    return quarters


def prolonged(scenario: Scenario, quarters: int, budgets: str = HELD) -> Scenario:
    """A scenario up to a horizon, be it longer or shorter than its own.

    Every lever holds its last value. So do yearly budgets, which go on to be paid; with "ended" they are nothing once
    the plan's own horizon is over, so that plans of the same money stay plans of the same money.

    >>> from dgsim.scenario import load_scenario
    >>> plan = load_scenario({"name": "grants", "incentives": {"lump_sum": 10.0}})
    >>> [prolonged(plan, 84, how).lever("lump_sum", 60) for how in BUDGETS]
    [10.0, 0.0]
    """
    if budgets not in BUDGETS:
        raise StudyError(f"budgets = {budgets} is not one of {', '.join(BUDGETS)}")
    longer = scenario.with_changes(quarters=quarters)
    over = scenario.plan_quarters
    if budgets == HELD or over >= quarters:
        return longer
    last = {name: longer.lever(name, quarters) for name in YEARLY}
    ends = [LeverChange(quarter=over, name=name, value=0.0) for name, value in last.items() if value]
    fields = {field: getattr(longer, field) for field in type(longer).model_fields}
    return Scenario(**fields | {"changes": effective_changes(dict(longer.levers), [*longer.changes, *ends])})


def money_after(scenario: Scenario, longer: Scenario) -> float:
    """What a prolonged plan plans to pay after its own horizon, bvnd."""
    return max(longer.planned_money() - scenario.planned_money(), 0.0)


def check_plans(plans: list[Scenario], baseline: Scenario) -> None:
    """Raise StudyError where there is no plan, or two have one name."""
    if not plans:
        raise StudyError("plans: none is named; name one or more")
    check_names([baseline, *plans])
