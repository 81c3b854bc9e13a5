"""Hypothesis strategies made from the tables: any legal scenario."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from dgsim.scenario import DEFAULT_HORIZON, Scenario, load_scenario, quarter_text
from dgsim.world.tables import ITEMS, PARAMETERS, Parameter

# How long an example takes says nothing on a machine that has other work.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

DATED = [lever for lever in PARAMETERS.levers if lever.dated]
MOST_SETTINGS = 6
MOST_COST = 10_000
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="/\\"), min_size=1)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)


def parameter_values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Any legal value of a parameter, as a scenario file writes it."""
    quarters = st.integers(0, 2 * DEFAULT_HORIZON).map(quarter_text)
    by_type = {
        "float": lambda: st.floats(parameter.low, parameter.high, allow_nan=False, allow_infinity=False),
        "int": lambda: st.integers(int(parameter.low or 0), int(parameter.high or 1000)),
        "flag": st.booleans,
        "choice": lambda: st.sampled_from(parameter.choices),
        "quarter": lambda: st.one_of(st.just("never"), quarters),
    }
    return by_type[parameter.type]()


@st.composite
def _settings(draw: st.DrawFn, parameters: list[Parameter]) -> dict[str, dict[str, Any]]:
    """Some of the parameters set, by theme."""
    chosen = draw(st.lists(st.sampled_from(parameters), unique=True, max_size=MOST_SETTINGS))
    by_theme: dict[str, dict[str, Any]] = {}
    for parameter in chosen:
        by_theme.setdefault(parameter.theme, {})[parameter.name] = draw(parameter_values(parameter))
    return by_theme


@st.composite
def _roadmaps(draw: st.DrawFn, quarters: int) -> list[dict[str, Any]]:
    """Some items, each waiting only for items before it in the list."""
    chosen = draw(st.lists(st.sampled_from(ITEMS), max_size=MOST_SETTINGS))
    roadmap: list[dict[str, Any]] = []
    for number, item in enumerate(chosen):
        earlier = [entry["name"] for entry in roadmap]
        roadmap.append(
            {
                "item": item.item,
                "name": item.item if item.item not in earlier else f"{item.item}-{number}",
                "start": quarter_text(draw(st.integers(0, quarters - 1))),
                "quarters": draw(st.integers(1, quarters)),
                "cost_bvnd": draw(st.floats(0, MOST_COST)),
                "after": draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else [],
            }
        )
    return roadmap


@st.composite
def _changes(draw: st.DrawFn, quarters: int) -> list[dict[str, Any]]:
    dates = draw(st.lists(st.integers(0, quarters - 1), unique=True, max_size=3))
    changes = [{"from": quarter_text(date), **draw(_settings(DATED))} for date in dates]
    return [change for change in changes if len(change) > 1]


@st.composite
def scenario_files(draw: st.DrawFn, max_quarters: int = DEFAULT_HORIZON) -> dict[str, Any]:
    """Any legal scenario in the form of a file (a mapping), with no layers."""
    quarters = draw(st.integers(1, max_quarters))
    assumed = draw(_settings(PARAMETERS.uncertain))
    return {
        "name": draw(TITLES),
        "question": draw(LINES),
        "horizon": {"quarters": quarters},
        **draw(_settings(PARAMETERS.levers)),
        "assumptions": {name: value for values in assumed.values() for name, value in values.items()},
        "change": draw(_changes(quarters)),
        "roadmap": draw(_roadmaps(quarters)),
    }


def scenarios(max_quarters: int = DEFAULT_HORIZON) -> st.SearchStrategy[Scenario]:
    """Any legal scenario of at most so many quarters."""
    return scenario_files(max_quarters).map(load_scenario)
