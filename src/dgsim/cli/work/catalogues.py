"""Lists of what there is: scenarios, parameters, and every number with its source."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import dgsim.evidence.sources
from dgsim.cli.output import print_results, write_table
from dgsim.show.terminal.evidence import sources_table
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


def sources(assumed: bool, out: Path | None, form: str | None, quiet: bool) -> None:
    """Print every number, or only those that are assumed."""
    table = dgsim.evidence.sources.sources()
    if assumed:
        table = table[table["source"].str.startswith("assumed")]
    write_table(out, table)
    print_results(form, quiet, table, partial(sources_table, table))
