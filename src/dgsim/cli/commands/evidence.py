"""How far to trust the model: `dgsim predict`, `validate` and `sources`."""

from __future__ import annotations

from pathlib import Path

import click

from dgsim.cli.later import Later
from dgsim.cli.options import (
    DRY_RUN,
    FORCE,
    FORMAT,
    LANGUAGE,
    OUT_FILE,
    QUIET,
    SEED,
    examples,
    parameter_sets,
    replications,
)

predict = click.Command(
    "predict",
    callback=Later("dgsim.cli.work.evidence:predict"),
    short_help="Predict the reported index of every province.",
    help="""Predict the reported index of every province, with 90% intervals, from all that is known up to a year.

    With --score it prints instead how good the prediction was: rank correlation with the scores in FILE
    (province_code, year, score), the share of provinces inside their intervals, the mean error and the
    continuous ranked probability score; and the same of no change and of a covariate regression.
    """,
    epilog=examples(
        "dgsim predict --year 2023 --year 2024 --format json",
        "dgsim predict --year 2022 --known-until 2021",
        "dgsim predict --score later.csv",
    ),
    params=[
        click.Option(
            ["--year", "years"],
            type=int,
            multiple=True,
            help="A year to predict; may be repeated.  [2023, 2024]",
        ),
        click.Option(
            ["--known-until"],
            type=int,
            default=2022,
            show_default=True,
            help="The last year whose scores are used.",
        ),
        click.Option(
            ["--score"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Compare with what came, a CSV file.",
        ),
        replications(1280, "How many runs are weighed."),
        *(SEED, parameter_sets(), OUT_FILE, FORCE, LANGUAGE, FORMAT, QUIET),
    ],
)

validate = click.Command(
    "validate",
    callback=Later("dgsim.cli.work.evidence:validate"),
    short_help="Hold every claim of the model to what was observed.",
    help="""Print every claim of the model: the observed figure, the model's with its interval, and whether it holds.

    Groups: "supply, use and index", "figures it was not fitted to", cross-section, patterns,
    "regions held out", "2022 from 2021" and "use in 2024 from 2019". With all of them some sixty thousand
    runs are made, which takes a quarter of an hour: how long on this machine is said before it begins.
    """,
    epilog=examples(
        "dgsim validate",
        "dgsim validate --group cross-section --group patterns",
        "dgsim validate --dry-run",
        "dgsim validate --format csv --out evidence.csv",
    ),
    params=[
        click.Option(["--group", "groups"], multiple=True, metavar="NAME", help="Only these claims; may be repeated."),
        replications(512, "How many runs of history."),
        DRY_RUN,
        *(SEED, parameter_sets(), OUT_FILE, FORCE, LANGUAGE, FORMAT, QUIET),
    ],
)

sources = click.Command(
    "sources",
    callback=Later("dgsim.cli.work.sources:sources"),
    short_help="List every number of the model and where it comes from.",
    help="List every number: unit, range, role (lever, uncertain, constant), source, and whether the data inform it.",
    epilog=examples("dgsim sources", "dgsim sources --assumed", "dgsim sources --format csv --out sources.csv"),
    params=[
        click.Option(["--assumed"], is_flag=True, help="Only numbers that are assumed."),
        *(OUT_FILE, FORCE, LANGUAGE, FORMAT, QUIET),
    ],
)

COMMANDS = (predict, validate, sources)
