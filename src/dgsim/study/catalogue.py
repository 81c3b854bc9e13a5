"""What there is to measure, set and run, as tables: outcomes, stocks, parameters, shipped scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from dgsim.errors import StudyError, did_you_mean
from dgsim.scenario import load_scenario, shipped_scenarios
from dgsim.scenario.difference import parent_said
from dgsim.texts import ENGLISH, words
from dgsim.world.state import PANEL_FIELDS, Field
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES, PARAMETERS, Outcome, Parameter

STOCKS: Mapping[str, Field] = MappingProxyType({field.name: field for field in PANEL_FIELDS})  # of provinces, by name


def outcome_catalogue() -> pd.DataFrame:
    """The outcomes that are measured: `outcome, label, unit, direction, formula`, one row each."""
    return pd.DataFrame([_columns(outcome) for outcome in OUTCOMES])


def stock_catalogue() -> pd.DataFrame:
    """The provinces' stocks: `stock, unit, meaning`, one row a column of a table of provinces."""
    rows = [(field.name, field.unit, field.meaning) for field in STOCKS.values()]
    return pd.DataFrame(rows, columns=["stock", "unit", "meaning"])


def parameter_catalogue(role: str | None = None, theme: str | None = None) -> pd.DataFrame:
    """The parameters of a role and a theme, or all, as in the parameter table; choices are joined by "|".

    Raises StudyError where no parameter has the theme.
    """
    themes = dict.fromkeys(parameter.theme for parameter in PARAMETERS)
    if theme is not None and theme not in themes:
        meant = did_you_mean(theme, themes) or f"; there are {', '.join(themes)}"
        raise StudyError(f"{theme} is not a theme of the parameters{meant}")
    kept = [p for p in PARAMETERS if role in (None, p.role) and theme in (None, p.theme)]
    return pd.DataFrame([_columns(p) | {"choices": "|".join(p.choices)} for p in kept])


def scenario_catalogue(language: str = ENGLISH) -> pd.DataFrame:
    """The shipped scenarios: `scenario, question, difference` from what each extends, told in a language."""
    w = words(language)
    policies = [load_scenario(name) for name in shipped_scenarios()]
    rows = [(policy.name, w.of(policy.question), parent_said(policy).text(w)) for policy in policies]
    return pd.DataFrame(rows, columns=["scenario", "question", "difference"])


def _columns(row: Outcome | Parameter) -> dict[str, object]:
    """A row of a table in English: its labels in other languages are left out."""
    return {column: value for column, value in vars(row).items() if column not in ("labels", "counted")}


def outcome_named(name: str) -> str:
    """The name, if an outcome has it; raises StudyError otherwise."""
    if name not in OUTCOMES.names:
        raise StudyError(f"{name} is not an outcome{did_you_mean(name, OUTCOME_NAMES)}")
    return name


def stock_named(name: str) -> str:
    """The name, if provinces have such a stock; raises StudyError otherwise."""
    if name in OUTCOMES.names and name not in STOCKS:
        shared = ", ".join(outcome for outcome in OUTCOME_NAMES if outcome in STOCKS)
        raise StudyError(f"{name} is not known by province; of the outcomes, {shared} are")
    if name not in STOCKS:
        raise StudyError(f"{name} is not a stock of provinces{did_you_mean(name, STOCKS)}")
    return name
