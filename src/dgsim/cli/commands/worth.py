"""What a plan is worth, and whether it meets its targets: `dgsim targets`."""

from __future__ import annotations

import click

from dgsim.cli.later import Later
from dgsim.cli.options import (
    COUNTRY,
    FORCE,
    FORMAT,
    LANGUAGE,
    OUT_FOLDER,
    QUIET,
    SEED,
    Beside,
    examples,
    parameter_sets,
    replications,
)

targets = click.Command(
    "targets",
    callback=Later("dgsim.cli.work.targets:targets"),
    short_help="The chance that plans meet what was decided.",
    help="""Tell the chance that each PLAN meets the targets of a FILE, shipped or your own, with its interval, when it
    does, and how often only the published figure does. Without FILE: all that are shipped.

    With --search it is told what it would take: the smallest budget, or the latest start, with which a target is met at
    a chance. Without PLAN: the results framework, and what of the decisions the model cannot express, with the reason.
    """,
    epilog=examples(
        "dgsim targets",
        "dgsim targets decision-942 staged services-first",
        "dgsim targets my-targets.toml my.toml --to 2035Q4 --out targets",
        "dgsim targets plan-2024 staged --search start --chance 80%",
    ),
    params=[
        click.Argument(["names"], nargs=-1, metavar="[FILE ...] [PLAN ...]"),
        click.Option(["--target"], metavar="NAME", help="Only the target of this name."),
        Beside(
            ["--to"],
            never=("search",),
            metavar="QUARTER",
            default="2040Q4",
            show_default=True,
            help="The last quarter that is looked at.",
        ),
        click.Option(
            ["--search"], type=click.Choice(["budget", "start"]), help="The smallest budget, or the latest start."
        ),
        Beside(
            ["--chance"],
            needs="search",
            metavar="SHARE",
            default="80%",
            show_default=True,
            help="With --search: in which share of the runs a target is to be met.",
        ),
        replications(200, "How many runs; with --search, of every trial."),
        *(SEED, parameter_sets(), COUNTRY, OUT_FOLDER, FORCE, LANGUAGE, FORMAT, QUIET),
    ],
)

COMMANDS = (targets,)
