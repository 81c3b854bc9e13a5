"""For others: `dgsim report`, `app`, `serve` and `learn`."""

from __future__ import annotations

from pathlib import Path

import click

from dgsim.cli.later import Later
from dgsim.cli.options import (
    COUNTRY,
    FOLDER_PATH,
    FORCE,
    LANGUAGE,
    MATERIALITY,
    NO_NOTES,
    SEED,
    STOP_AFTER,
    Beside,
    examples,
    parameter_sets,
    replications,
)

DEFAULT_HOST, DEFAULT_PORT, MOST_TABLES = "127.0.0.1", 8765, 16
HOST = click.Option(
    ["--host"],
    default=DEFAULT_HOST,
    show_default=True,
    help="Where to listen; 0.0.0.0 is every network, and a key is asked for, which is in the address that is printed.",
)
ALLOW_HOST = click.Option(
    ["--allow-host"],
    multiple=True,
    metavar="NAME",
    help="A further name it may be asked under, as that of a proxy before it; may be given more than once.",
)
PORT = click.Option(
    ["--port"], type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="Where to listen."
)
RESULTS = click.Option(
    ["--results"], **FOLDER_PATH, default=".", help="Below which folder sweeps are found.  [default: this one]"
)

report = click.Command(
    "report",
    callback=Later("dgsim.cli.work.report:report"),
    short_help="One page to hand over.",
    help="""Compare SCENARIOS and write all of it on one page that needs no network and prints well.

    A FILE that ends in .docx or .xlsx is a document of Word or a workbook of Excel (extra office), with the same
    numbers. It holds the question, what differs in words, a table of outcomes with 95% intervals, figures, a map, why
    the scenarios differ, how far to trust the model, the assumptions that matter, and the commands that make it again.
    """,
    epilog=examples(
        "dgsim report staged services-first foundations-first --out report.html",
        "dgsim report reward-use reward-supply --baseline staged --outcome net_benefit --out report.html",
        "dgsim report staged reward-use --language vi --out bao-cao.html",
        "dgsim report staged reward-use --out report.docx",
        "dgsim report staged reward-use --format xlsx --out report.xlsx",
        'dgsim report staged my.toml --question "Should training come first?" --out report.html',
    ),
    params=[
        click.Argument(["scenarios"], nargs=-1, required=True, metavar="SCENARIO..."),
        click.Option(
            ["--baseline"], metavar="SCENARIO", help="What the others are compared with.  [default: the first]"
        ),
        click.Option(["--outcome"], default="use", show_default=True, help="What the page is about."),
        click.Option(["--title"], help="The heading.  [default: made from the scenarios]"),
        click.Option(["--question"], help="The question the page answers.  [default: made from the scenarios]"),
        MATERIALITY,
        replications(200, "Paired runs of each scenario."),
        *(STOP_AFTER, SEED, parameter_sets(), COUNTRY, LANGUAGE),
        click.Option(
            ["--out"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            required=True,
            help="The file to write.",
        ),
        click.Option(
            ["--format", "kind"],
            type=click.Choice(["html", "docx", "xlsx"]),
            help="What FILE is to be; its name must end so.  [default: what its name ends in, else html]",
        ),
        *(FORCE, NO_NOTES),
    ],
)

app = click.Command(
    "app",
    callback=Later("dgsim.cli.work.serve:app"),
    short_help="Open the browser view.",
    help="Explore, compare, sequence, design incentives and learn in a browser; nothing leaves this machine.",
    epilog=examples(
        "dgsim app", "dgsim app --language vi", "dgsim app --port 9000 --no-browser", "dgsim app --results results"
    ),
    params=[
        *(HOST, PORT, ALLOW_HOST, RESULTS, LANGUAGE),
        click.Option(["--no-browser"], is_flag=True, help="Do not open a browser."),
    ],
)

serve = click.Command(
    "serve",
    callback=Later("dgsim.cli.work.serve:serve"),
    short_help="Serve the browser view to a class.",
    help="Serve the browser view from one process a table, on ports that follow each other, and print their addresses.",
    epilog=examples("dgsim serve --tables 4 --host 0.0.0.0", "dgsim serve --tables 4 --language vi"),
    params=[
        click.Option(
            ["--tables"],
            type=click.IntRange(1, MOST_TABLES),
            default=1,
            show_default=True,
            help="How many processes.",
        ),
        *(HOST, PORT, ALLOW_HOST, RESULTS, LANGUAGE),
    ],
)

learn = click.Command(
    "learn",
    callback=Later("dgsim.cli.work.learn:learn"),
    short_help="Lessons: guess, see what the model says, take up a challenge.",
    help="List the lessons, or take the lesson of a KEY: guess, then see what the model says, and why.",
    epilog=examples(
        "dgsim learn",
        "dgsim learn trust-is-slow",
        "dgsim learn money-is-not-equal --guess 3 --language vi",
        "dgsim learn order-at-equal-money --guess 5,10,20,30,40,50",
        "dgsim learn skills-leak --check my.toml",
    ),
    params=[
        click.Argument(["key"], required=False),
        Beside(
            ["--guess"],
            needs="key",
            never=("check",),
            help="The number of an answer, or the values of a curve in the unit shown, by commas.",
        ),
        Beside(["--check"], needs="key", metavar="SCENARIO", help="Check a scenario against the challenge."),
        replications(40, needs="key"),
        Beside(["--seed"], needs="key", type=int, default=0, show_default=True, help=SEED.help),
        LANGUAGE,
        click.Option(["--format", "form"], type=click.Choice(["text", "json"]), default="text", show_default=True),
    ],
)

COMMANDS = (report, app, serve, learn)
