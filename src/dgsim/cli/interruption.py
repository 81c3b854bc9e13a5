"""Work that can be left at any time and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from dgsim.cli.exit_codes import INTERRUPTED
from dgsim.cli.options import asked_language
from dgsim.sweeps.sweep import SweepInterrupted
from dgsim.texts import words


@contextmanager
def resumable() -> Iterator[None]:
    """After Ctrl-C, the sentence that tells how to go on, and the exit code of an interruption."""
    try:
        yield
    except SweepInterrupted as stopped:
        context = click.get_current_context()
        click.echo(stopped.text(words(asked_language(context)), again="again.command"), err=True)
        context.exit(INTERRUPTED)
