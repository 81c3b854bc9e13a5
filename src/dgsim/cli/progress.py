"""Before and during long work: that results can be written, word of the one compilation, a bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import click

from dgsim.cli.standing import check_standing
from dgsim.engine.compilation import compile_rules
from dgsim.scenario import Scenario
from dgsim.show.files.folder import check_folder
from dgsim.show.terminal.compiling import compiling_shown
from dgsim.show.terminal.pace import progress_bar
from dgsim.texts import ENGLISH, Words, words
from dgsim.world import cache


def compile_first(quiet: bool, channels: bool = False) -> None:
    """The one compilation, where it is still to come: with word of how long it takes, and a bar.

    `channels`: for counterfactual runs too, which only few commands make.
    """
    if cache.compiled_before(cache.CHANNELS if channels else cache.RUNS):
        return
    with compiling_shown(_words(), lasting=cache.lasting(), quiet=quiet) as progress:
        compile_rules(progress, channels=channels)


def progress_shown(
    label: str,
    quiet: bool,
    out: Path | None = None,
    force: bool = False,
    plans: Sequence[Scenario] = (),
    channels: bool = False,
) -> AbstractContextManager[Callable[[int, int], None] | None]:
    """How far long work is whose results can be written to `out`; a context that gives what to call, or None.

    Raises FolderError where results cannot or should not be written; `plans` are scenarios that are going to be run,
    with `channels` in counterfactual runs too.
    """
    if out is not None:
        check_folder(out)
        check_standing(out, force, plans)
    compile_first(quiet, channels)
    return progress_bar(label, quiet, w=_words())


def _words() -> Words:
    """The texts in the language that the command was given."""
    return words(click.get_current_context().params.get("language", ENGLISH))
