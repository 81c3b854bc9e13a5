"""Every number of the model and where it comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dgsim.cli.output import print_results, write_table
from dgsim.cli.standing import check_file
from dgsim.evidence import sources as known
from dgsim.show.terminal.evidence import sources_table
from dgsim.texts import words


def sources(assumed: bool, out: Path | None, force: bool, language: str, form: str | None, quiet: bool) -> None:
    """Print every number, or only those that are assumed."""
    check_file(out, force)
    table, told = known.sources(), known.sources(language)
    are_assumed, all_numbers = known.assumed(table), len(table)
    if assumed:
        table, told = table[are_assumed], told[are_assumed]
    write_table(out, table)
    print_results(
        form, quiet, table, partial(sources_table, told, int(are_assumed.sum()), all_numbers, words(language))
    )
