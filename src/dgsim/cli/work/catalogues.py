"""Lists of what there is to simulate: scenarios and parameters."""

from __future__ import annotations

from functools import partial

from dgsim.cli.output import print_results
from dgsim.show.terminal.tables import SCREEN_WIDTH, parameter_tables, rows_table
from dgsim.study.catalogue import parameter_catalogue, scenario_catalogue

SCENARIO_COLUMNS = {"Scenario": 0, "Question": 30, "Extends, and changes": SCREEN_WIDTH}


def scenarios(form: str | None) -> None:
    """Print the shipped scenarios."""
    table = scenario_catalogue()
    print_results(form, False, table, partial(rows_table, SCENARIO_COLUMNS, table.to_numpy()))


def parameters(role: str | None, theme: str | None, form: str | None) -> None:
    """Print the parameters of a role and a theme."""
    table = parameter_catalogue(role, theme)
    print_results(form, False, table, partial(parameter_tables, table))
