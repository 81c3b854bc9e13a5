"""What if: one TOML file is one scenario, checked against the tables, layered, and compared in words.

>>> from dgsim.scenario import load_scenario
>>> load_scenario({"name": "short", "horizon": {"quarters": 8}})
<Scenario 'short': 2020Q1..2021Q4 (8 quarters), 0 roadmap items>
"""

from __future__ import annotations

from dgsim.errors import ScenarioError
from dgsim.scenario.calendar import DEFAULT_HORIZON, START, quarter_index, quarter_text
from dgsim.scenario.difference import Change, describe_difference, describe_parent, difference
from dgsim.scenario.library import shipped_scenarios
from dgsim.scenario.loading import load_scenario, parent_of
from dgsim.scenario.model import Scenario
from dgsim.scenario.plan import LeverChange, RoadmapItem

__all__ = [
    "DEFAULT_HORIZON",
    "START",
    "Change",
    "LeverChange",
    "RoadmapItem",
    "Scenario",
    "ScenarioError",
    "describe_difference",
    "describe_parent",
    "difference",
    "load_scenario",
    "parent_of",
    "quarter_index",
    "quarter_text",
    "shipped_scenarios",
]
