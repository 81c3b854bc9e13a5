"""Lists of what there is to simulate: scenarios and parameters."""

from __future__ import annotations

from functools import partial

from dgsim.cli.output import print_results
from dgsim.show.terminal.tables import SCREEN_WIDTH, parameter_tables, rows_table
from dgsim.study.catalogue import parameter_catalogue, scenario_catalogue
from dgsim.texts import words


def scenarios(language: str, form: str | None) -> None:
    """Print the shipped scenarios."""
    w = words(language)
    columns = {w("head.scenario"): 0, w("head.question"): 30, w("head.extends"): SCREEN_WIDTH}
    screen = partial(rows_table, columns, scenario_catalogue(language).to_numpy())
    print_results(form, False, scenario_catalogue(), screen)


def parameters(role: str | None, theme: str | None, language: str, form: str | None) -> None:
    """Print the parameters of a role and a theme."""
    table = parameter_catalogue(role, theme)
    print_results(form, False, table, partial(parameter_tables, table, words(language)))
