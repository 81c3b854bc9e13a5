"""Before and during long work: that results can be written, word of the one compilation, a bar."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from dgsim.show.files.folder import check_folder
from dgsim.show.terminal.screen import progress_bar
from dgsim.world import cache

COMPILING = "Compiling the model's rules, once on this machine (about a minute) ..."


def announce_compilation(quiet: bool) -> None:
    """Word of the one compilation, where it is still to come."""
    if not quiet and not cache.compiled_before():
        click.echo(COMPILING, err=True)


def progress_shown(
    label: str, quiet: bool, out: Path | None = None
) -> AbstractContextManager[Callable[[int, int], None] | None]:
    """A bar for long work whose results can be written to `out`; a context that gives what to call, or None.

    Raises FolderError where results cannot or should not be written.
    """
    if out is not None:
        check_folder(out)
    announce_compilation(quiet)
    return progress_bar(label, quiet)
