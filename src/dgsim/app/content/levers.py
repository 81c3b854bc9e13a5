"""Sliders made from the parameter tables: nothing about a lever stands here but which come first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dgsim.app.content.changes import change_lines
from dgsim.app.state.levers import decimals, value_of
from dgsim.app.state.view import View
from dgsim.numbers import digits_text
from dgsim.scenario import Scenario
from dgsim.scenario.calendar import NEVER, quarter_text
from dgsim.scenario.difference import value_text
from dgsim.scenario.model import YEARLY_MONEY
from dgsim.scenario.rules import NEVER_TEXT, written
from dgsim.scenario.schema import default_value
from dgsim.texts import Quarter, Words
from dgsim.world.tables import PARAMETERS, PARTNERS, Parameter

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
Path = tuple[tuple[int, Any], ...]  # values and the quarters they hold from


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
    changed = {change.name for change in view.changes}
    names = changed | {lever for lever, partners in PARTNERS.items() if changed & set(partners)}
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
    value, default = value_of(view, parameter), default_value(parameter)
    path, was = (_path(scenario, parameter) for scenario in (view.policy, view.origin))
    dated = path_text(parameter, path, words) if len(path) > 1 else ""
    return {
        "name": parameter.name,
        "label": words.of(parameter.label),
        "kind": parameter.type,
        "value": written(parameter, value),
        "written": shown_value(parameter, value, words),
        "text": path_text(parameter, path, words),
        "unit": words.of(parameter.unit),
        "low": parameter.low,
        "high": parameter.high,
        "decimals": decimals(parameter),
        "choices": _choices(view, parameter, value, words),
        "role": parameter.role,
        "source": words.of(parameter.source),
        "changed": path != was,
        "origin": path_text(parameter, was, words),
        "default": shown_value(parameter, default, words),
        "dated": words("levers.dated", path=dated) if dated else "",
        "replaces": replaced(view, parameter, words),
        "needs": missing_partners(view.policy, parameter, words),
    }


def missing_partners(policy: Scenario, parameter: Parameter, words: Words) -> str:
    """What must be set before a lever has an effect; empty where nothing is missing.

    >>> from dgsim.app.state.view import shipped
    >>> from dgsim.texts import words
    >>> missing_partners(shipped("staged"), PARAMETERS["matching_rate"], words("en"))
    'No effect until Matching ceiling is above 0.'
    """
    partners = [PARAMETERS[name] for name in PARTNERS.get(parameter.name, ())]
    missing = [
        words(f"levers.in_use_{partner.type}", label=words.of(partner.label))
        for partner in partners
        if all(value in (0, NEVER) for _, value in policy.lever_path(partner.name))
    ]
    key = "levers.needs_money" if parameter.unit == YEARLY_MONEY else "levers.needs"
    return words(key, conditions=words("list.and").join(missing)) if missing else ""


def _path(scenario: Scenario, parameter: Parameter) -> Path:
    """The values over time; an assumption has one."""
    if parameter.name in PARAMETERS.levers.names:
        return scenario.lever_path(parameter.name)
    return ((0, scenario.assumptions.get(parameter.name, default_value(parameter))),)


def path_text(parameter: Parameter, path: Path, words: Words) -> str:
    """Values over time in words, without their unit.

    >>> from dgsim.app.state.view import shipped
    >>> from dgsim.texts import words
    >>> path_text(PARAMETERS["fee_cut"], shipped("staged").lever_path("fee_cut"), words("en"))
    '0, then 0.3 from 2023Q1'
    """
    (_, first), *later = path
    then = [
        words("levers.then", value=shown_value(parameter, value, words), quarter=quarter_text(quarter))
        for quarter, value in later
    ]
    return words("list.comma").join([shown_value(parameter, first, words), *then])


def replaced(view: View, parameter: Parameter, words: Words) -> str:
    """Which dated values of what the policy started from no longer hold in it; empty where all do."""
    path, was = (_path(scenario, parameter) for scenario in (view.policy, view.origin))
    kept = {quarter for quarter, _ in path}
    gone = [
        words("levers.since", value=shown_value(parameter, value, words), quarter=quarter_text(quarter))
        for quarter, value in was
        if quarter not in kept
    ]
    return words("levers.replaces", values=words("list.comma").join(gone)) if gone else ""


def changed_lines(view: View, words: Words) -> list[str]:
    """What the policy changes in what it started from, a line a change; an edit says which dated values it replaces."""
    lines = change_lines(view.changes, words)
    names = [change.name for change in view.changes]
    for name in PARAMETERS.levers.names:
        if name in names and (gone := replaced(view, PARAMETERS[name], words)):
            lines[names.index(name)] += words("list.semicolon") + gone
    return lines


def shown_value(parameter: Parameter, value: Any, words: Words) -> str:
    """A value in words, without its unit."""
    if parameter.type in ("float", "int"):
        return digits_text(value, language=words.language)
    text = value_text(parameter, value)
    return words.quarter(text) if isinstance(text, Quarter) else words.of(text)


def _choices(view: View, parameter: Parameter, value: Any, words: Words) -> list[dict[str, str]]:
    if parameter.type == "quarter":
        quarters = [quarter_text(quarter) for quarter in range(max(view.policy.plan_quarters, value + 1))]
        return [
            {"value": NEVER_TEXT, "text": words.of(NEVER_TEXT)},
            *({"value": q, "text": words.quarter(q)} for q in quarters),
        ]
    return [{"value": c, "text": words.of(value_text(parameter, c))} for c in parameter.choices]
