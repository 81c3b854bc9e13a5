"""Many worlds: `dgsim sweep` and `verify`."""

from __future__ import annotations

import click

from dgsim.cli.later import Later
from dgsim.cli.options import ANY_SIZE, COUNTRY, FOLDER_PATH, LANGUAGE, NO_NOTES, RESUME, Beside, examples

sweep = click.Command(
    "sweep",
    callback=Later("dgsim.cli.work.sweeps:sweep"),
    short_help="Explore a design: scenarios x levers x uncertainties x replications.",
    help="""Compute all points of a DESIGN, a TOML file, into a folder that can be left at any time and taken up again.

    On all cores of this machine, unless --workers or --cluster says otherwise; the results are the same bytes.
    """,
    epilog=examples(
        "dgsim sweep experiments/sequencing.toml --dry-run",
        "dgsim sweep experiments/sequencing.toml --out results",
        "dgsim sweep experiments/sequencing.toml --out results --resume",
        "dgsim sweep experiments/sequencing.toml --out results --cluster tcp://10.0.0.1:8786",
    ),
    params=[
        click.Argument(["design"]),
        click.Option(["--out"], **FOLDER_PATH, help="The folder of the sweep: a new one, or with --resume the same."),
        RESUME,
        ANY_SIZE,
        click.Option(["--dry-run"], is_flag=True, help="Print points, runs, bytes and time, and do no more."),
        COUNTRY,
        Beside(
            ["--workers"],
            never=("dry_run",),
            type=int,
            help="Compute in so many processes instead of threads (extra cluster).",
        ),
        Beside(
            ["--cluster"],
            never=("dry_run",),
            metavar="ADDRESS",
            help="Compute on the Dask scheduler at tcp://... (extra cluster).",
        ),
        LANGUAGE,
        NO_NOTES,
    ],
)

verify = click.Command(
    "verify",
    callback=Later("dgsim.cli.work.sweeps:verify"),
    short_help="Run a sample of a sweep again and compare.",
    help="Check the files of a finished sweep in FOLDER, run a sample again, and tell the first difference if any.",
    epilog=examples("dgsim verify results", "dgsim verify results --sample 200"),
    params=[
        click.Argument(["folder"], **FOLDER_PATH),
        click.Option(["--sample"], type=int, default=20, show_default=True, help="How many runs to make again."),
        click.Option(["--country"], metavar="FOLDER", help="The country of the sweep, if its folder has moved."),
        LANGUAGE,
        click.Option(["--quiet"], is_flag=True, help="Only the exit code: 0 identical, 1 different."),
    ],
)

COMMANDS = (sweep, verify)
