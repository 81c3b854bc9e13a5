"""The arguments and options that commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dgsim.texts import ENGLISH, LANGUAGES
from dgsim.texts.table import LANGUAGE_VARIABLE

FORMATS = click.Choice(["table", "json", "csv"])
FOLDER_PATH: dict[str, Any] = {"type": click.Path(path_type=Path), "metavar": "DIR"}
FILE_PATH: dict[str, Any] = {"type": click.Path(path_type=Path, dir_okay=False), "metavar": "FILE"}
PARAMETERS_HELP = "Sets of the uncertain parameters: plausible, central (one set, the defaults) or a CSV FILE."
QUIET_HELP = "No progress and no notes; results are printed only if --format is given."
RESUME_HELP = "Go on with what the folder holds; start where it holds nothing."

SCENARIO = click.Argument(["scenario"])
SEED = click.Option(["--seed"], type=int, default=0, show_default=True, help="The luck: a whole number from 0.")
STOP_AFTER = click.Option(["--quarters"], type=int, metavar="N", help="Stop after so many quarters.")
COUNTRY = click.Option(["--country"], metavar="FOLDER", help="Another country's tables than Viet Nam's.")
OUT_FOLDER = click.Option(["--out"], **FOLDER_PATH, help="Write tables, figures and run.json into a folder.")
OUT_FILE = click.Option(["--out"], **FILE_PATH, help="Write a CSV file.")
RESUME = click.Option(["--resume"], is_flag=True, help=RESUME_HELP)
FORMAT = click.Option(["--format", "form"], type=FORMATS, help="How results are printed.  [default: table]")
QUIET = click.Option(["--quiet"], is_flag=True, help=QUIET_HELP)
LANGUAGE = click.Option(
    ["--language"],
    type=click.Choice(list(LANGUAGES)),
    default=ENGLISH,
    envvar=LANGUAGE_VARIABLE,
    show_default=True,
    show_envvar=True,
    help="Of sentences and headings for people.",
)


def outcome_sizes(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Every OUTCOME=SIZE that was given; what they may be is the library's matter."""
    parts = [text.partition("=") for text in given]
    for text, (outcome, _, size) in zip(given, parts, strict=True):
        if not (outcome.strip() and size.strip()):
            raise click.BadParameter(f"{text} is no OUTCOME=SIZE: write such as use=1pp or net_benefit=500")
    return {outcome.strip(): size.strip() for outcome, _, size in parts}


MATERIALITY = click.Option(
    ["--materiality"],
    callback=outcome_sizes,
    multiple=True,
    metavar="OUTCOME=SIZE",
    help="The smallest difference in an outcome that gets a verdict, as use=1pp; may be given more than once.",
)
NO_NOTES = click.Option(["--quiet"], is_flag=True, help="No progress and no notes.")


def replications(count: int, help: str = "How many runs.") -> click.Option:
    """How many runs are made, with this default."""
    return click.Option(["--replications"], type=int, default=count, show_default=True, help=help)


def parameter_sets(name: str = "plausible") -> click.Option:
    """The sets of parameters, by default those of this name."""
    return click.Option(["--parameters"], metavar="SETS", default=name, show_default=True, help=PARAMETERS_HELP)


def examples(*lines: str) -> str:
    """The examples at the end of a command's help, a line each, which click is not to fill.

    >>> examples("dgsim check my.toml").splitlines()[1:]
    ['Example:', '  dgsim check my.toml']
    """
    heading = "Examples:" if len(lines) > 1 else "Example:"
    return "\n".join(["\b", heading, *(f"  {line}" for line in lines)])
