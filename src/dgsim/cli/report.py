"""`dgsim report`: a comparison as one file to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dgsim.cli.options import COUNTRY, NO_NOTES, QUARTERS, SEED, replications, sets, with_options
from dgsim.cli.output import progress_told


@click.command(
    short_help="One page to hand over.",
    epilog="""\b
Examples:
  dgsim report staged services-first foundations-first --out report.html
  dgsim report reward-use reward-supply --baseline staged --outcome net_benefit --out report.html
  dgsim report staged my.toml --question "Should training come first?" --out report.html""",
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--baseline", metavar="SCENARIO", help="What the others are compared with.  [default: the first]")
@click.option("--outcome", default="use", show_default=True, help="What the page is about.")
@click.option("--title", help="The heading.  [default: made from the scenarios]")
@click.option("--question", help="The question the page answers.  [default: made from the scenarios]")
@with_options(replications(200, "Paired runs of each scenario."), QUARTERS, SEED, sets(), COUNTRY)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The page to write.")
@NO_NOTES
def report(scenarios: tuple[str, ...], out: Path, quiet: bool, **options: Any) -> None:
    """Compare SCENARIOS and write all of it on one page that needs no network and prints well.

    The page holds the question, what differs in words, a table of outcomes with 95% intervals, figures, a map, why the
    scenarios differ, how far to trust the model, the assumptions that matter, and the commands that make it again.
    """
    from dgsim.reports.report import report as reported
    from dgsim.show.files.folder import check_page

    check_page(out)
    with progress_told("report", quiet) as progress:
        found = reported(scenarios, progress=progress, **options)
    found.write(out)
    if not quiet:
        click.echo(f"{out}: {found.title}, {out.stat().st_size / 1000:,.0f} kB")
