"""Work that can be left at any time and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from dgsim.cli.exit_codes import INTERRUPTED
from dgsim.cli.wording import as_typed
from dgsim.sweeps.sweep import SweepInterrupted


@contextmanager
def resumable() -> Iterator[None]:
    """After Ctrl-C, the sentence that tells how to go on, and the exit code of an interruption."""
    try:
        yield
    except SweepInterrupted as stopped:
        click.echo(as_typed(str(stopped)), err=True)
        click.get_current_context().exit(INTERRUPTED)
