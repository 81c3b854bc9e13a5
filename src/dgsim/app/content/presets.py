"""Which policy, held against which, on which luck: the choices at the top of the pages."""

from __future__ import annotations

from typing import Any

from dgsim.app.content.names import shown_name
from dgsim.app.runs.cache import parameter_sets
from dgsim.app.state.view import PARAMETER_SETS, View, in_world, is_shipped, shipped
from dgsim.scenario import Scenario, shipped_scenarios
from dgsim.study.record import sets_text
from dgsim.texts import Words

NOT_SHIPPED = "(held)"  # the choice that keeps a policy or baseline which is not shipped


def policy_picks(view: View, words: Words) -> list[dict[str, Any]]:
    """Preset, baseline, seed, and a button that makes the policy the baseline."""
    return [
        _select("policy", words("pick.policy"), view.origin, words),
        _select("baseline", words("pick.baseline"), in_world(view.baseline, ()), words),
        {"kind": "button", "name": "pin", "label": words("pick.pin")},
        {
            "kind": "number",
            "name": "seed",
            "label": words("pick.seed"),
            "value": str(view.seed),
        },
        {
            "kind": "select",
            "name": "parameters",
            "label": words("pick.parameters"),
            "value": view.parameters,
            "options": [{"value": sets, "text": words(f"pick.{sets}")} for sets in PARAMETER_SETS],
        },
    ]


def sets_of(view: View, words: Words) -> str:
    """The sets of parameters that the runs of a view go through, as the end of a line."""
    return sets_text(parameter_sets(view.parameters), words.language)


def _select(name: str, label: str, current: Scenario, words: Words) -> dict[str, Any]:
    options = [{"value": one, "text": scenario_label(one, words)} for one in shipped_scenarios()]
    value = current.name
    if not is_shipped(current):
        value = NOT_SHIPPED
        options.insert(0, {"value": NOT_SHIPPED, "text": shown_name(current.name, words)})
    return {"kind": "select", "name": name, "label": label, "value": value, "options": options}


def scenario_label(name: str, words: Words) -> str:
    """A shipped scenario by name, and its question."""
    return f"{name}: {words.of(shipped(name).question)}"
