"""A scenario that is looked at for longer than it was written for."""

from __future__ import annotations

from dgsim.errors import ScenarioError
from dgsim.scenario.calendar import LONGEST_HORIZON, quarter_index, quarter_text
from dgsim.scenario.model import Scenario


def prolonged(scenario: Scenario, to: str) -> Scenario:
    """A copy that is simulated up to the end of a quarter; nothing is added to the plan.

    Levers keep the values they end with and what the roadmap paid for stays, so the quarters both have come out the
    same to the byte. A copy that ends sooner than the scenario is made alike.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    to : str
        The last quarter, as "2040Q4".

    Returns
    -------
    Scenario
        The copy, under the same name.

    Raises
    ------
    ScenarioError
        If `to` is not a quarter, or one after the longest horizon.

    Examples
    --------
    >>> from dgsim import load_scenario
    >>> prolonged(load_scenario("staged"), "2040Q4")
    <Scenario 'staged': 2020Q1..2040Q4 (84 quarters), 11 roadmap items>
    """
    last = quarter_index(to)
    if last >= LONGEST_HORIZON:
        raise ScenarioError(f"to = {to} is after the last quarter that can be run, {quarter_text(LONGEST_HORIZON - 1)}")
    return scenario.with_changes(quarters=last + 1)
