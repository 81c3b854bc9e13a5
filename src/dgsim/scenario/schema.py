"""The form of a scenario file: pydantic models made from the tables, and their refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, create_model, model_validator
from pydantic_core import ErrorDetails

from dgsim.errors import nearest
from dgsim.scenario.calendar import LONGEST_HORIZON
from dgsim.scenario.errors import WRONG_SHAPE, shown
from dgsim.scenario.rules import Bounded, Rule, checked
from dgsim.scenario.source import KeyPath
from dgsim.world.tables import ITEMS, PARAMETERS, Parameter

THEMES: tuple[str, ...] = tuple(dict.fromkeys(p.theme for p in PARAMETERS.levers))
LARGEST_COST = 1_000_000.0

HEAD_RULES = {"name": Rule("title"), "question": Rule("line"), "extends": Rule("layers")}
UNDATED = Rule("undated")
HORIZON_RULE = Rule("int", "quarters", 1, LONGEST_HORIZON)
ROADMAP_RULES: dict[str, Rule] = {
    "name": Rule("word"),
    "item": Rule("choice", choices=ITEMS.names),
    "start": Rule("date"),
    "quarters": Rule("int", "quarters", 1, LONGEST_HORIZON),
    "cost_bvnd": Rule("float", "bvnd", 0, LARGEST_COST),
    "after": Rule("words"),
    "remove": Rule("flag"),
}
ROADMAP_NEEDS = ("item", "start", "quarters", "cost_bvnd")
LISTS = {"list_type": "is not a list of tables"}  # all of a scenario file


def default_value(parameter: Parameter) -> Any:
    """A parameter's default in the form scenarios hold it (a quarter as its index, never as -1)."""
    return checked(parameter, parameter.default) if parameter.type == "quarter" else parameter.default


def written_key(parameter: Parameter) -> str:
    """The key a scenario file sets a parameter with: by theme, or among the assumptions."""
    return f"assumptions.{parameter.name}" if parameter.name in PARAMETERS.uncertain.names else parameter.key


class Form(BaseModel):
    """A table of a scenario file: no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class RoadmapForm(Form):
    """One ``[[roadmap]]`` table: a whole item, or the removal of one."""

    @model_validator(mode="after")
    def _whole_or_removed(self) -> RoadmapForm:
        given = self.model_fields_set
        if getattr(self, "remove", False):
            if given - {"name", "item", "remove"} or not given & {"name", "item"}:
                raise ValueError("removes an item, so it holds its name, remove = true and nothing else")
            return self
        missing = [key for key in ROADMAP_NEEDS if key not in given]
        if missing:
            raise ValueError(f"lacks {', '.join(missing)}")
        return self


class ChangeForm(Form):
    """One ``[[change]]`` table: a date, and levers by theme."""

    @model_validator(mode="after")
    def _date_and_levers(self) -> ChangeForm:
        if "from" not in self.model_fields_set:
            raise ValueError('lacks its date, such as from = "2023Q1"')
        if not any(getattr(self, theme).model_fields_set for theme in self.model_fields_set - {"from"}):
            raise ValueError("changes no lever")
        return self


def _form(name: str, rules: Mapping[str, Bounded], base: type[Form] = Form) -> type[Form]:
    leaves: dict[str, Any] = {
        key: (Annotated[Any, PlainValidator(partial(checked, rule))], None) for key, rule in rules.items()
    }
    return create_model(name, __base__=base, **leaves)


def _themes(use: str, rules: Mapping[str, Bounded]) -> dict[str, Any]:
    names = {theme: [lever.name for lever in PARAMETERS.levers if lever.theme == theme] for theme in THEMES}
    forms = {theme: _form(f"{theme}_{use}", {name: rules[name] for name in names[theme]}) for theme in THEMES}
    return {theme: (form, None) for theme, form in forms.items()}


@cache
def file_form() -> type[Form]:
    """The form of a whole file, made when the first file is read: importing stays quick."""
    dated = _themes("change", {lever.name: lever if lever.dated else UNDATED for lever in PARAMETERS.levers})
    date = _form("date", {"from": Rule("date")}, ChangeForm)
    tables: dict[str, Any] = {
        "horizon": (_form("horizon", {"quarters": HORIZON_RULE, "stop_after": HORIZON_RULE}), None),
        **_themes("levers", {lever.name: lever for lever in PARAMETERS.levers}),
        "assumptions": (_form("assumptions", {uncertain.name: uncertain for uncertain in PARAMETERS.uncertain}), None),
        "change": (list[create_model("change", __base__=date, **dated)], None),  # type: ignore[misc]
        "roadmap": (list[_form("roadmap", ROADMAP_RULES, RoadmapForm)], None),  # type: ignore[misc]
    }
    return create_model("ScenarioFile", __base__=_form("heads", HEAD_RULES), **tables)


def validated(data: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[KeyPath, str]]]:
    """What a file says, each value in its own type; and its mistakes, each as path and sentence.

    The content is empty where there are mistakes.

    >>> validated({"horizon": {"quarters": 0}})
    ({}, [(('horizon', 'quarters'), 'horizon.quarters = 0 is outside 1..400 (quarters)')])
    """
    try:
        return file_form().model_validate(data).model_dump(exclude_unset=True), []
    except ValidationError as error:
        return {}, [_mistake(data, details) for details in error.errors(include_url=False)]


def key_text(data: Mapping[str, Any], path: KeyPath) -> str:
    """A path into a scenario file in the words of the file.

    >>> key_text({"change": [{"from": "2023Q1"}]}, ("change", 0, "theme", "lever"))
    'change from 2023Q1, theme.lever'
    """
    if len(path) < 2 or not isinstance(path[1], int):
        return ".".join(map(str, path))
    table, number, *rest = path
    entry = data[str(table)][int(number)]
    entry = entry if isinstance(entry, dict) else {}
    name = entry.get("from") if table == "change" else entry.get("name", entry.get("item"))
    name = None if rest == ["from"] else name
    joint = "."
    if not isinstance(name, str):
        head = f"{table}[{int(number) + 1}]"
    elif table == "change":
        head, joint = f"change from {name}", ", "
    else:
        head = f"{table}.{name}"
    return head + (joint + ".".join(map(str, rest)) if rest else "")


def _mistake(data: dict[str, Any], details: ErrorDetails) -> tuple[KeyPath, str]:
    path, value = tuple(details["loc"]), details["input"]
    key = key_text(data, path)
    if details["type"] in ("extra_forbidden", "invalid_key"):
        return path, _unknown(key, path, value)
    if details["type"] == "value_error":
        text = str(details["ctx"]["error"])
        return path, f"{key} {text}" if isinstance(value, dict) else f"{key} = {shown(value)} {text}"
    meant = f"; write [[{path[0]}]]" if details["type"] == "list_type" else ""
    return path, f"{key} = {shown(value)} {(WRONG_SHAPE | LISTS).get(details['type'], details['msg'])}{meant}"


def _unknown(key: str, path: KeyPath, value: Any) -> str:
    name = str(path[-1])
    what = "table" if isinstance(value, dict | list) and len(path) == 1 else "key"
    return f"{key} is not a known {what}{_remedy(name, _siblings(path))}"


def _siblings(path: KeyPath) -> list[str]:
    """The names that could stand where an unknown one stands."""
    head = path[0]
    if len(path) == 1:
        return list(file_form().model_fields)
    if head == "roadmap":
        return list(ROADMAP_RULES)
    if head == "assumptions":
        return list(PARAMETERS.uncertain.names)
    if head == "change" and len(path) == 3:
        return ["from", *THEMES]
    theme = path[-2]
    return [lever.name for lever in PARAMETERS.levers if lever.theme == theme] or ["quarters", "stop_after"]


def _remedy(name: str, siblings: list[str]) -> str:
    if name in PARAMETERS.levers.names:
        return f"; did you mean {PARAMETERS[name].key}?"
    if name in PARAMETERS.uncertain.names:
        return f"; it is an assumption: did you mean assumptions.{name}?"
    if name in {parameter.theme for parameter in PARAMETERS.uncertain} - set(THEMES):
        return ": what it names are assumptions, written under [assumptions] without a theme"
    if name in PARAMETERS.constants.names:
        return ": it is a constant of the model, which no scenario sets"
    elsewhere = {parameter.name: written_key(parameter) for parameter in PARAMETERS.settable}
    near = nearest(name, siblings) or elsewhere.get(nearest(name, elsewhere) or "")
    return f"; did you mean {near}?" if near else ""
