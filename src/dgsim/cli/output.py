"""Results on standard output, for people or for programs, and as a CSV file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pandas as pd
from rich.console import RenderableType

from dgsim.cli.letters import carried
from dgsim.files import replaced
from dgsim.show.files.text import csv_text, json_text, json_texts
from dgsim.show.terminal.screen import screen_lines, screen_text

NO_TABLES: Mapping[str, pd.DataFrame] = {}


def print_results(
    form: str | None,
    quiet: bool,
    table: pd.DataFrame,
    screen: Callable[[], RenderableType],
    also: Mapping[str, pd.DataFrame] = NO_TABLES,
) -> None:
    """Print results: for people or for programs; nothing if quiet and no form is asked for.

    What is `also` printed follows in CSV after an empty line; JSON is then one object, of `results` and what is also.
    """
    tables = {"results": table, **also}
    if form == "json":
        click.echo(json_for_output(json_texts(tables) if also else json_text(table)))
    elif form == "csv":
        click.echo("\n\n".join(csv_text(one) for one in tables.values()))
    elif form == "table" or not quiet:
        click.echo(screen_text(screen()), color=True)


def print_text(text: str) -> None:
    """Print sentences in the width of the screen."""
    click.echo(screen_lines(text))


def json_for_output(text: str) -> str:
    """A JSON text as standard output can carry it: letters that it lacks are written as JSON's escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    if carried(text, encoding):
        return text
    return "".join(letter if carried(letter, encoding) else json.dumps(letter)[1:-1] for letter in text)


def write_table(out: Path | None, table: pd.DataFrame) -> None:
    """Write the table as a CSV file, if one is asked for."""
    if out is None:
        return
    try:
        with replaced(out) as partial:
            partial.write_text(csv_text(table) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.ClickException(f"{out} cannot be written to: {reason}") from None
