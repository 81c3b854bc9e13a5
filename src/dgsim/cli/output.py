"""What all commands print alike: word of the one compilation, progress, and results for people or for programs."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from rich.console import RenderableType

INTERRUPTED = 130  # the exit code after Ctrl-C
COMPILING = "Compiling the model's rules, once on this machine (about a minute) ..."


def told_if_new(quiet: bool) -> None:
    """Word of the one compilation, where it is still to come."""
    from dgsim.world.compiled import compiled_before

    if not quiet and not compiled_before():
        click.echo(COMPILING, err=True)


def progress_told(name: str, quiet: bool) -> Any:
    """A bar for long work, after word of the compilation; a context that gives what to call, or None."""
    from dgsim.show.terminal.screen import progress_bar

    told_if_new(quiet)
    return progress_bar(name, quiet)


@contextmanager
def gone_on_with_later() -> Iterator[None]:
    """After Ctrl-C, the sentence of work that can be gone on with, and its exit code."""
    from dgsim.sweeps.sweep import SweepInterrupted

    try:
        yield
    except SweepInterrupted as stopped:
        click.echo(str(stopped), err=True)
        click.get_current_context().exit(INTERRUPTED)


def print_results(form: str | None, quiet: bool, table: pd.DataFrame, render: Callable[[], RenderableType]) -> None:
    """Results on standard output: for people or for programs; nothing if quiet and no form is asked for."""
    from dgsim.show.files.text import csv_text, json_text
    from dgsim.show.terminal.screen import screen_text

    if form == "json":
        click.echo(json_text(table))
    elif form == "csv":
        click.echo(csv_text(table))
    elif form == "table" or not quiet:
        click.echo(screen_text(render()), color=True)


def write_table(out: Path | None, table: pd.DataFrame) -> None:
    """The table as a CSV file, if one is asked for."""
    from dgsim.show.files.text import csv_text

    if out is None:
        return
    try:
        out.write_text(csv_text(table) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}") from None
