"""Every number of the model and where it comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import dgsim.evidence.sources
from dgsim.cli.output import print_results, write_table
from dgsim.show.terminal.evidence import sources_table


def sources(assumed: bool, out: Path | None, form: str | None, quiet: bool) -> None:
    """Print every number, or only those that are assumed."""
    table = dgsim.evidence.sources.sources()
    if assumed:
        table = table[table["source"].str.startswith("assumed")]
    write_table(out, table)
    print_results(form, quiet, table, partial(sources_table, table))
