"""One lever or assumption of a view: where it stands, where it came from, and the view with another value."""

from __future__ import annotations

import math
from typing import Any

from dgsim.app.state.entered import DIGITS, number_entered
from dgsim.app.state.refusal import Refusal
from dgsim.app.state.view import View
from dgsim.errors import ScenarioError
from dgsim.scenario.schema import default_value
from dgsim.texts.clauses import Clause, Label, Number, clause
from dgsim.world.tables import PARAMETERS, Parameter

SLIDER_STEPS = 100  # of a slider from end to end


def decimals(parameter: Parameter) -> int:
    """Decimals that a hundredth of the range needs.

    >>> [decimals(PARAMETERS[name]) for name in ("fee_cut", "awards", "digital_share")]
    [2, 0, 4]
    """
    if parameter.low is None or parameter.high is None or parameter.type == "int":
        return 0
    return max(0, -math.floor(math.log10((parameter.high - parameter.low) / SLIDER_STEPS)))


def value_of(view: View, parameter: Parameter) -> Any:
    """The value of a lever at the start of the policy, or of an assumption."""
    if parameter.name in PARAMETERS.levers.names:
        return view.policy.lever(parameter.name)
    return view.policy.assumptions.get(parameter.name, default_value(parameter))


def origin_of(view: View, parameter: Parameter) -> Any:
    """The same in what the policy started from."""
    if parameter.name in PARAMETERS.levers.names:
        return view.origin.lever(parameter.name)
    return view.origin.assumptions.get(parameter.name, default_value(parameter))


def with_value(view: View, name: str, value: Any) -> View:
    """The view with one lever or assumption set, to a number or to what was entered; raises ScenarioError."""
    if name not in PARAMETERS.settable.names:
        raise ScenarioError(f"{str(name)[:40]} is neither a lever nor an assumption")
    parameter = PARAMETERS[name]
    if parameter.type in ("float", "int") and isinstance(value, str):
        value = number_entered(value, Label(parameter.label), view.language, parameter.unit)
    if parameter.type == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        value = round(float(value), decimals(parameter) + 2)
    if parameter.type == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    if parameter.type == "int" and isinstance(value, float):
        raise Refusal(clause("entered.not_whole", label=Label(parameter.label), value=Number(value, DIGITS)))
    if isinstance(value, int | float) and not _within(parameter, value):
        raise Refusal(_outside(parameter, value))
    return view.with_levers(**{name: value})


def _within(parameter: Parameter, value: float) -> bool:
    return parameter.low is None or parameter.high is None or parameter.low <= value <= parameter.high


def _outside(parameter: Parameter, value: float) -> Clause:
    numbers = {
        "value": Number(value, DIGITS),
        "low": Number(parameter.low or 0.0),
        "high": Number(parameter.high or 0.0),
    }
    unit = clause("change.unit", unit=Label(parameter.unit)) if parameter.unit else ""
    return clause("levers.outside", label=Label(parameter.label), unit=unit, **numbers)


def with_reset(view: View, name: str, to: str) -> View:
    """The view with one lever as it was in its preset ("origin", dated changes too) or at its default."""
    if to == "default":
        return view.with_levers(**{name: default_value(PARAMETERS[name])})
    if name in PARAMETERS.uncertain.names:
        return view.with_levers(**{name: origin_of(view, PARAMETERS[name])})
    policy = view.with_levers(**{name: view.origin.lever(name)}).policy
    dated = tuple(c for c in view.origin.changes if c.name == name)
    order = {lever: row for row, lever in enumerate(PARAMETERS.levers.names)}
    changes = tuple(sorted((*policy.changes, *dated), key=lambda c: (c.quarter, order[c.name])))
    return view.with_policy(policy.model_copy(update={"changes": changes}))
