"""A scenario written as a file that stands alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol

from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.plan import LeverChange, RoadmapItem
from dgsim.scenario.rules import Value, written
from dgsim.scenario.schema import THEMES, default_value
from dgsim.world.tables import PARAMETERS, Parameter


class Policy(Protocol):
    """What a file says of a scenario."""

    name: str
    question: str
    quarters: int
    plan_quarters: int
    levers: tuple[tuple[str, Value], ...]
    changes: tuple[LeverChange, ...]
    roadmap: tuple[RoadmapItem, ...]
    overrides: tuple[tuple[str, Value], ...]


def toml_text(scenario: Policy) -> str:
    """Every lever that is not at its default, the dated changes, the roadmap and the assumptions."""
    blocks = [_head(scenario), _horizon(scenario), *_themes(scenario), *_assumptions(scenario)]
    blocks += [*_changes(scenario), *_roadmap(scenario)]
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _head(scenario: Policy) -> list[str]:
    return [f"name = {_literal(scenario.name)}", f"question = {_literal(scenario.question)}"]


def _horizon(scenario: Policy) -> list[str]:
    stop = [f"stop_after = {scenario.quarters}"] if scenario.quarters != scenario.plan_quarters else []
    return ["[horizon]", f"quarters = {scenario.plan_quarters}", *stop]


def _themes(scenario: Policy) -> Iterable[list[str]]:
    for theme in THEMES:
        levers = [(PARAMETERS[name], value) for name, value in scenario.levers if PARAMETERS[name].theme == theme]
        lines = [f"{p.name} = {_value(p, value)}" for p, value in levers if value != default_value(p)]
        if lines:
            yield [f"[{theme}]", *lines]


def _assumptions(scenario: Policy) -> Iterable[list[str]]:
    lines = [f"{name} = {_value(PARAMETERS[name], value)}" for name, value in scenario.overrides]
    if lines:
        yield ["[assumptions]", *lines]


def _changes(scenario: Policy) -> Iterable[list[str]]:
    for quarter in dict.fromkeys(change.quarter for change in scenario.changes):
        now = [change for change in scenario.changes if change.quarter == quarter]
        lines = [f"{PARAMETERS[change.name].key} = {_value(PARAMETERS[change.name], change.value)}" for change in now]
        yield ["[[change]]", f"from = {_literal(quarter_text(quarter))}", *lines]


def _roadmap(scenario: Policy) -> Iterable[list[str]]:
    for item in scenario.roadmap:
        yield [
            "[[roadmap]]",
            f"item = {_literal(item.item)}",
            *([f"name = {_literal(item.name)}"] if item.name != item.item else []),
            f"start = {_literal(quarter_text(item.start))}",
            f"quarters = {item.quarters}",
            f"cost_bvnd = {_literal(item.cost_bvnd)}",
            *([f"after = {_literal(item.after)}"] if item.after else []),
        ]


def _value(parameter: Parameter, value: Any) -> str:
    return _literal(written(parameter, value))


def _literal(value: Any) -> str:
    """What JSON writes for text, numbers, true, false and lists is TOML too."""
    return json.dumps(value, ensure_ascii=False)
