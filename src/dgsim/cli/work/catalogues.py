"""Lists of what there is to simulate: scenarios and parameters."""

from __future__ import annotations

from functools import partial

from dgsim.cli.output import print_results
from dgsim.show.terminal.layout import rows_table
from dgsim.show.terminal.tables import parameter_tables
from dgsim.study.catalogue import parameter_catalogue, scenario_catalogue
from dgsim.texts import words


def scenarios(language: str, form: str | None) -> None:
    """Print the shipped scenarios."""
    w = words(language)
    headings = (w("head.scenario"), w("head.question"), w("head.extends"))
    screen = partial(rows_table, headings, scenario_catalogue(language).to_numpy(), headings[1:])
    print_results(form, False, scenario_catalogue(), screen)


def parameters(role: str | None, theme: str | None, language: str, form: str | None) -> None:
    """Print the parameters of a role and a theme."""
    table = parameter_catalogue(role, theme)
    print_results(form, False, table, partial(parameter_tables, table, words(language)))
