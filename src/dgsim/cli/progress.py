"""Before and during long work: that results can be written, word of the one compilation, a bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from dgsim.engine.compilation import compile_rules
from dgsim.show.files.folder import check_folder
from dgsim.show.terminal.screen import progress_bar
from dgsim.world import cache

COMPILING = "Compiling the model's rules, once on this machine ..."
COMPILED = "Compiled in {seconds:.0f} s."


def compile_first(quiet: bool) -> None:
    """The one compilation, where it is still to come: with a bar, and word of how long it took."""
    if cache.compiled_before():
        return
    if not quiet:
        click.echo(COMPILING, err=True)
    start = time.monotonic()
    with progress_bar("rules", quiet, unit="rules") as progress:
        compile_rules(progress)
    if not quiet:
        click.echo(COMPILED.format(seconds=time.monotonic() - start), err=True)


def progress_shown(
    label: str, quiet: bool, out: Path | None = None
) -> AbstractContextManager[Callable[[int, int], None] | None]:
    """A bar for long work whose results can be written to `out`; a context that gives what to call, or None.

    Raises FolderError where results cannot or should not be written.
    """
    if out is not None:
        check_folder(out)
    compile_first(quiet)
    return progress_bar(label, quiet)
