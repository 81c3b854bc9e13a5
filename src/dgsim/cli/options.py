"""The options that commands share, each worded once."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import click

FORMS = click.Choice(["table", "json", "csv"])
DIR: dict[str, Any] = {"type": click.Path(path_type=Path), "metavar": "DIR"}
FILE: dict[str, Any] = {"type": click.Path(path_type=Path, dir_okay=False), "metavar": "FILE"}
SETS_HELP = "Sets of the uncertain parameters: plausible, central (one set, the defaults) or a CSV FILE."
QUIET_HELP = "No progress and no notes; results are printed only if --format is given."

SEED = click.option("--seed", type=int, default=0, show_default=True, help="The luck: a whole number from 0.")
QUARTERS = click.option("--quarters", type=int, metavar="N", help="Stop after so many quarters.")
COUNTRY = click.option("--country", metavar="FOLDER", help="Another country's tables than Viet Nam's.")
OUT_FOLDER = click.option("--out", **DIR, help="Write tables, figures and run.json into a folder.")
OUT_FILE = click.option("--out", **FILE, help="Write a CSV file.")
FORM = click.option("--format", "form", type=FORMS, help="How results are printed.  [default: table]")
QUIET = click.option("--quiet", is_flag=True, help=QUIET_HELP)
NO_NOTES = click.option("--quiet", is_flag=True, help="No progress and no notes.")


def replications(count: int, help: str = "How many runs.") -> Callable:
    """How many runs are made, with this default."""
    return click.option("--replications", type=int, default=count, show_default=True, help=help)


def sets(name: str = "plausible") -> Callable:
    """The sets of parameters, by default those of this name."""
    return click.option("--parameters", metavar="SETS", default=name, show_default=True, help=SETS_HELP)


def with_options(*several: Callable) -> Callable[[Callable], Callable]:
    """Several options, in this order."""
    return lambda command: reduce(lambda inner, option: option(inner), reversed(several), command)
