"""Run and compare: `dgsim compare`, `run` and `why`."""

from __future__ import annotations

import click

from dgsim.cli.later import Later
from dgsim.cli.options import (
    COUNTRY,
    DRAW,
    FORCE,
    FORCE_HELP,
    FORMAT,
    FORMATS,
    LANGUAGE,
    MATERIALITY,
    MONEY,
    OUT_FOLDER,
    QUIET,
    SCENARIO,
    SEED,
    SLIDE,
    STOP_AFTER,
    TARGETS,
    Beside,
    Printed,
    examples,
    parameter_sets,
    replications,
)

FORMAT_HELP = "How results are printed; json and csv have every quarter.  [default: table]"
FORMAT_OF_EVERY_QUARTER = click.Option(["--format", "form"], type=FORMATS, help=FORMAT_HELP)


def shared(runs: click.Option, force: click.Option) -> list[click.Parameter]:
    """What both `compare` and `run` are told."""
    return [
        *(runs, SEED, STOP_AFTER, parameter_sets(), COUNTRY, OUT_FOLDER, force, DRAW, SLIDE, TARGETS, MONEY),
        *(LANGUAGE, FORMAT_OF_EVERY_QUARTER, QUIET),
    ]


compare = click.Command(
    "compare",
    callback=Later("dgsim.cli.work.runs:compare"),
    short_help="Compare scenarios with a baseline on the same luck.",
    help="""Compare SCENARIOS with a baseline on the same luck: paired differences and their 95% intervals.

    With --until-clear as many runs are made as it takes to say win, lose or no material difference, with a sequential
    rule that keeps the chance of error at 5% however often it looks. json and csv then have the verdicts.

    Without SCENARIOS: services-first, foundations-first and staged against history; the table then comes with
    figures and tables in the folder dgsim-compare, unless --out, --format or --quiet says otherwise.
    """,
    epilog=examples(
        "dgsim compare",
        "dgsim compare reward-supply reward-use --baseline history",
        "dgsim compare my.toml staged --replications 500 --out results",
        "dgsim compare reward-use --baseline staged --until-clear 0.5pp",
    ),
    params=[
        click.Argument(["scenarios"], nargs=-1),
        click.Option(
            ["--baseline"], metavar="SCENARIO", help="What the others are compared with.  [default: the first]"
        ),
        click.Option(
            ["--until-clear"], metavar="SIZE", help="Run until clear at this smallest effect of interest, as 0.5pp."
        ),
        Beside(
            ["--max-runs"],
            needs="until_clear",
            type=int,
            default=2000,
            show_default=True,
            help="With --until-clear: runs of each at most.",
        ),
        Printed(
            ["--outcome"],
            unless="until_clear",
            metavar="NAME",
            help="Print only this outcome; with --until-clear: what is to become clear.  [default: all; use]",
        ),
        MATERIALITY,
        *shared(
            replications(200, never=("until_clear",)),
            click.Option(["--force"], is_flag=True, help=FORCE_HELP),  # acts without --out too, on dgsim-compare
        ),
    ],
)

run = click.Command(
    "run",
    callback=Later("dgsim.cli.work.runs:run"),
    short_help="Run one scenario many times.",
    help="Run one SCENARIO many times: means, and the 5th to 95th percentile over replications.",
    epilog=examples(
        "dgsim run staged",
        "dgsim run my.toml --replications 50 --seed 7 --out results",
        "dgsim run history --quarters 20 --format csv > history.csv",
    ),
    params=[SCENARIO, *shared(replications(200), FORCE)],
)

why = click.Command(
    "why",
    callback=Later("dgsim.cli.work.runs:why"),
    short_help="Explain what one province started in one quarter.",
    help="Explain what one province started in one quarter: its options, what spoke for each, what won.",
    epilog=examples(
        'dgsim why history --province "Ha Giang" --quarter 2023Q2',
        "dgsim why staged --province 79 --quarter 2022Q1 --seed 3 --format json",
    ),
    params=[
        SCENARIO,
        click.Option(["--province"], required=True, help="Code or name, with or without accents."),
        click.Option(["--quarter"], required=True, help="Such as 2023Q2."),
        click.Option(["--replication"], type=int, default=0, show_default=True, help="Which of the runs of a seed."),
        *(SEED, parameter_sets("central"), COUNTRY, LANGUAGE, FORMAT, QUIET),
    ],
)

COMMANDS = (compare, run, why)
