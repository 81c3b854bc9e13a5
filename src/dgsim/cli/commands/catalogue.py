"""What there is to simulate: `dgsim scenarios`, `check`, `diff`, `parameters` and `synthetic`."""

from __future__ import annotations

import click

from dgsim.cli.later import Later
from dgsim.cli.options import FOLDER_PATH, FORMAT, LANGUAGE, SEED, examples
from dgsim.world.tables import ROLES

scenarios = click.Command(
    "scenarios",
    callback=Later("dgsim.cli.work.catalogues:scenarios"),
    short_help="List the shipped scenarios.",
    help="List the shipped scenarios: name, question, and how each differs from what it extends.",
    epilog=examples("dgsim scenarios", "dgsim scenarios --format json"),
    params=[LANGUAGE, FORMAT],
)

check = click.Command(
    "check",
    callback=Later("dgsim.cli.work.scenarios:check"),
    short_help="Check scenario files.",
    help="Check scenario FILEs; every mistake is a sentence, and the exit code is then 2.",
    epilog=examples("dgsim check my.toml"),
    params=[click.Argument(["files"], nargs=-1, required=True, metavar="FILE..."), LANGUAGE],
)

diff = click.Command(
    "diff",
    callback=Later("dgsim.cli.work.scenarios:diff"),
    short_help="Tell what differs between two scenarios.",
    help="Tell what differs between the FIRST and the SECOND scenario, in the policy's own words.",
    epilog=examples("dgsim diff services-first foundations-first"),
    params=[click.Argument(["first"]), click.Argument(["second"]), LANGUAGE],
)

parameters = click.Command(
    "parameters",
    callback=Later("dgsim.cli.work.catalogues:parameters"),
    short_help="List levers, uncertainties and constants.",
    help="List levers, uncertainties and constants: default, range, unit and source.",
    epilog=examples(
        "dgsim parameters --role lever",
        "dgsim parameters --theme skills",
        "dgsim parameters --format csv > parameters.csv",
    ),
    params=[
        click.Option(["--role"], type=click.Choice(ROLES), help="Only those of a role."),
        click.Option(["--theme"], help="Only those of a theme."),
        LANGUAGE,
        FORMAT,
    ],
)

synthetic = click.Command(
    "synthetic",
    callback=Later("dgsim.cli.work.country:synthetic"),
    short_help="Make up a country.",
    help="Make up a country of so many PROVINCES, labelled synthetic, in the form of the packaged tables.",
    epilog=examples("dgsim synthetic 630 --out made-up && dgsim run staged --country made-up"),
    params=[
        click.Argument(["provinces"], type=int),
        click.Option(["--out"], required=True, **FOLDER_PATH, help="A new or an empty folder."),
        SEED,
        LANGUAGE,
    ],
)

COMMANDS = (scenarios, check, diff, parameters, synthetic)
