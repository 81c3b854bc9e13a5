"""The arguments and options that commands share, each worded once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

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


class Beside(click.Option):
    """An option that acts only beside another, or never beside some: it is refused where it would do nothing."""

    def __init__(self, declared: list[str], *, needs: str = "", never: tuple[str, ...] = (), **settings: Any) -> None:
        super().__init__(declared, **settings)
        self.needs, self.never = needs, never

    def handle_parse_result(
        self, context: click.Context, given: Mapping[str, Any], left: list[str]
    ) -> tuple[Any, list[str]]:
        """Refuse the option, or read it."""
        if self.name in given and not context.resilient_parsing:
            if self.needs and not _is_given(given, self.needs):
                raise click.UsageError(f"{self.opts[0]} does nothing without {_named(self.needs)}", context)
            for other in self.never:
                if _is_given(given, other):
                    raise click.UsageError(f"{self.opts[0]} does nothing beside {_named(other)}", context)
        return super().handle_parse_result(context, given, left)


class Printed(click.Option):
    """An option that changes only what is printed: it is refused where nothing is, beside --quiet without a --format.

    `unless`: another option, beside which it changes more.
    """

    def __init__(self, declared: list[str], *, unless: str = "", **settings: Any) -> None:
        super().__init__(declared, **settings)
        self.unless = unless

    def handle_parse_result(
        self, context: click.Context, given: Mapping[str, Any], left: list[str]
    ) -> tuple[Any, list[str]]:
        """Refuse the option, or read it."""
        silent = _is_given(given, "quiet") and not _is_given(given, "form") and not _is_given(given, self.unless)
        if self.name in given and silent and not context.resilient_parsing:
            raise click.UsageError(f"{self.opts[0]} does nothing beside --quiet, unless --format says how", context)
        return super().handle_parse_result(context, given, left)


def typed(name: str) -> bool:
    """Whether the option of a name was typed, and is not what it is by default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _is_given(given: Mapping[str, Any], name: str) -> bool:
    """Whether something is typed for a name; what click holds for an argument left out is no text."""
    return isinstance(given.get(name), str | tuple | bool) and bool(given[name])


def _named(name: str) -> str:
    return name.upper() if name == "key" else f"--{name.replace('_', '-')}"


OUT_FOLDER = click.Option(["--out"], **FOLDER_PATH, help="Write tables, figures and run.json into a folder.")
OUT_FILE = click.Option(["--out"], **FILE_PATH, help="Write a CSV file.")
FORCE_HELP = "Replace the results of another command, or of other inputs, that stand there."
FORCE = Beside(["--force"], needs="out", is_flag=True, help=FORCE_HELP)
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Print how many runs and how long, and do no more.")
ANY_SIZE = Beside(
    ["--any-size"],
    never=("dry_run",),
    is_flag=True,
    help="Begin however long it takes: above a day or 10 GB it is refused otherwise.",
)
RESUME = click.Option(["--resume"], is_flag=True, help=RESUME_HELP)
FORMAT = click.Option(["--format", "form"], type=FORMATS, help="How results are printed.  [default: table]")
QUIET = click.Option(["--quiet"], is_flag=True, help=QUIET_HELP)


def _note_language(context: click.Context, _: click.Parameter, language: str) -> str:
    context.meta[LANGUAGE_VARIABLE] = language
    return language


def asked_language(context: click.Context) -> str:
    """The language that the command was asked for, also where the command has ended; English before it is known."""
    language: str = context.meta.get(LANGUAGE_VARIABLE, ENGLISH)
    return language


LANGUAGE = click.Option(
    ["--language"],
    callback=_note_language,
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
            raise click.UsageError(f"--materiality {text} is no OUTCOME=SIZE: write such as use=1pp or net_benefit=500")
    return {outcome.strip(): size.strip() for outcome, _, size in parts}


MATERIALITY = click.Option(
    ["--materiality"],
    callback=outcome_sizes,
    multiple=True,
    metavar="OUTCOME=SIZE",
    help="The smallest difference in an outcome that gets a verdict, as use=1pp; may be given more than once.",
)
MONEY = Printed(["--money"], is_flag=True, help="Also print the money from plan to outturn, by who pays.")
DRAW = click.Option(
    ["--draw"],
    multiple=True,
    metavar="OUTCOME",
    help="Only this outcome in the figures; may be given more than once.  [default: all]",
)
SLIDE = click.Option(["--slide"], is_flag=True, help="Figures of 16 to 9, for a slide.")
TARGETS = click.Option(
    ["--targets"],
    multiple=True,
    metavar="FILE",
    help="Mark these targets, shipped or your own, on the figures over time; may be given more than once.",
)
NO_NOTES = click.Option(["--quiet"], is_flag=True, help="No progress and no notes.")


def replications(count: int, help: str = "How many runs.", **beside: Any) -> click.Option:
    """How many runs are made, with this default; `beside` is what it needs or is never given with."""
    return Beside(["--replications"], type=int, default=count, show_default=True, help=help, **beside)


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
