"""Sliders made from the parameter tables: nothing about a lever stands here but which come first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dgsim.app.state.levers import decimals, origin_of, value_of
from dgsim.app.state.view import View
from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.difference import value_text
from dgsim.scenario.rules import NEVER_TEXT, written
from dgsim.scenario.schema import default_value
from dgsim.texts import Words
from dgsim.world.tables import PARAMETERS, Parameter

FIRST_LEVERS = (
    "matching_rate",
    "matching_budget",
    "equalisation",
    "awards",
    "awards_metric",
    "audit_share",
    "retention_supplement",
    "fee_cut",
)
Group = dict[str, Any]


def lever_groups(view: View, words: Words) -> list[Group]:
    """The panel of Explore: the first levers, then the rest by theme, and the assumptions apart."""
    first = [_field(view, PARAMETERS.levers[name], words) for name in FIRST_LEVERS]
    rest = [lever for lever in PARAMETERS.levers if lever.name not in FIRST_LEVERS]
    groups = [_group("levers.first", first, words, True)]
    groups += [_themed(view, theme, rest, words) for theme in dict.fromkeys(p.theme for p in rest)]
    uncertain = PARAMETERS.uncertain
    return groups + [_themed(view, theme, uncertain, words) for theme in dict.fromkeys(p.theme for p in uncertain)]


def moved(view: View, words: Words) -> Group:
    """The fields of what the policy changes in what it started from, by name: all that a move has to send.

    >>> from dgsim.app.state.view import first_view
    >>> from dgsim.texts import words
    >>> list(moved(first_view().with_levers(care=12.0), words("en")))
    ['care']
    """
    names = {change.name for change in view.changes}
    return {p.name: _field(view, p, words) for p in PARAMETERS.settable if p.name in names}


def fields(view: View, names: Iterable[str], words: Words) -> list[Group]:
    """One group of the levers of these names."""
    rows = [_field(view, PARAMETERS.levers[name], words) for name in names]
    return [_group("incentives.instrument", rows, words, True)]


def _group(key: str, rows: list[Group], words: Words, opened: bool) -> Group:
    return {"key": key, "title": words(key), "role": "lever", "open": opened, "fields": rows, "shelf": ""}


def _themed(view: View, theme: str, parameters: Iterable[Parameter], words: Words) -> Group:
    rows = [_field(view, p, words) for p in parameters if p.theme == theme]
    role = rows[0]["role"]
    changed = sum(row["changed"] for row in rows)
    count = f"{len(rows)}" if not changed else f"{len(rows)}, {words('levers.changed', count=changed)}"
    title = f"{words('theme.' + theme)} ({count})"
    return {"key": f"{role}.{theme}", "title": title, "role": role, "open": False, "fields": rows, "shelf": role}


def _field(view: View, parameter: Parameter, words: Words) -> Group:
    """One control: what it is, where it stands, and where it came from."""
    value, origin = value_of(view, parameter), origin_of(view, parameter)
    default = default_value(parameter)
    dated = parameter.name in PARAMETERS.levers.names and len(view.policy.lever_path(parameter.name)) > 1
    return {
        "name": parameter.name,
        "label": words.of(parameter.label),
        "kind": parameter.type,
        "value": written(parameter, value),
        "text": shown_value(parameter, value, words),
        "unit": words.of(parameter.unit),
        "low": parameter.low,
        "high": parameter.high,
        "decimals": decimals(parameter),
        "choices": _choices(view, parameter, value, words),
        "role": parameter.role,
        "source": words.of(parameter.source),
        "changed": value != origin or _path(view.policy, parameter) != _path(view.origin, parameter),
        "origin": shown_value(parameter, origin, words),
        "default": shown_value(parameter, default, words),
        "dated": words("levers.dated", path=_path_text(view, parameter, words)) if dated else "",
    }


def _path(scenario: Any, parameter: Parameter) -> Any:
    return scenario.lever_path(parameter.name) if parameter.name in PARAMETERS.levers.names else None


def shown_value(parameter: Parameter, value: Any, words: Words) -> str:
    """A value in words, without its unit."""
    text = value_text(parameter, value)
    return words.of(text) if parameter.type in ("choice", "flag") or text == NEVER_TEXT else text


def _choices(view: View, parameter: Parameter, value: Any, words: Words) -> list[dict[str, str]]:
    if parameter.type == "quarter":
        quarters = [quarter_text(quarter) for quarter in range(max(view.policy.plan_quarters, value + 1))]
        return [{"value": NEVER_TEXT, "text": words.of(NEVER_TEXT)}, *({"value": q, "text": q} for q in quarters)]
    return [{"value": c, "text": words.of(value_text(parameter, c))} for c in parameter.choices]


def _path_text(view: View, parameter: Parameter, words: Words) -> str:
    path = view.policy.lever_path(parameter.name)
    return ", ".join(f"{quarter_text(q)}: {shown_value(parameter, value, words)}" for q, value in path)
