"""The commands for sweeps: `dgsim sweep` and `dgsim verify`, as thin as the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dgsim.cli.options import COUNTRY, DIR, NO_NOTES
from dgsim.cli.output import gone_on_with_later, told_if_new

if TYPE_CHECKING:
    from dgsim.sweeps.designs import Design

DIFFERENT = 1


@click.command(
    short_help="Explore a design: scenarios x levers x uncertainties x replications.",
    epilog="""\b
Examples:
  dgsim sweep experiments/sequencing.toml --dry-run
  dgsim sweep experiments/sequencing.toml --out results
  dgsim sweep experiments/sequencing.toml --out results --resume
  dgsim sweep experiments/sequencing.toml --out results --cluster tcp://10.0.0.1:8786""",
)
@click.argument("design")
@click.option("--out", **DIR, help="The folder of the sweep: a new one, or with --resume the same.")
@click.option("--resume", is_flag=True, help="Go on with what the folder holds; start where it holds nothing.")
@click.option("--dry-run", is_flag=True, help="Print points, runs, bytes and time, and do no more.")
@COUNTRY
@click.option("--workers", type=int, help="Compute in so many processes instead of threads (extra cluster).")
@click.option("--cluster", metavar="ADDRESS", help="Compute on the Dask scheduler at tcp://... (extra cluster).")
@NO_NOTES
def sweep(design: str, out: Path | None, dry_run: bool, country: str | None, quiet: bool, **how: Any) -> None:
    """Compute all points of a DESIGN, a TOML file, into a folder that can be left at any time and taken up again.

    On all cores of this machine, unless --workers or --cluster says otherwise; the results are the same bytes.
    """
    from dgsim.show.terminal.pace import pace_shown
    from dgsim.sweeps.design_file import load_design
    from dgsim.sweeps.sweep import sweep as swept

    plan = load_design(design)
    if dry_run:
        _dry_run(plan, country, quiet)
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    told_if_new(quiet)
    with gone_on_with_later(), pace_shown(quiet) as (progress, tell):
        result = swept(plan, out, country=country, progress=progress, tell=tell, **how)
    if not quiet:
        failed = len(result.failed)
        lost = f"; {failed:,} runs failed, see failed.parquet" if failed else ""
        click.echo(f"{out}: {result.manifest['runs']:,} runs at {result.manifest['points']:,} points{lost}")


@click.command(
    short_help="Run a sample of a sweep again and compare.",
    epilog="""\b
Examples:
  dgsim verify results
  dgsim verify results --sample 200""",
)
@click.argument("folder", **DIR)
@click.option("--sample", type=int, default=20, show_default=True, help="How many runs to make again.")
@click.option("--country", metavar="FOLDER", help="The country of the sweep, if its folder has moved.")
@click.option("--quiet", is_flag=True, help="Only the exit code: 0 identical, 1 different.")
@click.pass_context
def verify(context: click.Context, folder: Path, sample: int, country: str | None, quiet: bool) -> None:
    """Check the files of a finished sweep in FOLDER, run a sample again, and tell the first difference if any."""
    from dgsim.show.terminal.pace import pace_shown
    from dgsim.sweeps.location import local_folder
    from dgsim.sweeps.manifest import finished_manifest
    from dgsim.sweeps.verify import verify as verified

    finished_manifest(local_folder(folder, "copy the sweep to one first"))
    told_if_new(quiet)
    with pace_shown(quiet) as (progress, _):
        verdict = verified(folder, sample=sample, country=country, progress=progress)
    if not quiet:
        click.echo(f"{folder}: {verdict}")
    if verdict.difference:
        context.exit(DIFFERENT)


def _dry_run(plan: Design, country: str | None, quiet: bool) -> None:
    from dgsim.country import load_country
    from dgsim.show.terminal.pace import bytes_text, time_text
    from dgsim.sweeps.estimate import estimate

    land = load_country(country)
    told_if_new(quiet)
    about = estimate(plan, land)
    kept = f"{', '.join(('outcomes', *plan.keep))} of {len(plan.quarters)} of {plan.horizon} quarters"
    click.echo(f"{plan.name}")
    click.echo(f"  points  {about.points:,}: {plan.shape_text()}")
    click.echo(f"  runs    {about.runs:,}: {plan.replications:,} of each point")
    click.echo(f"  bytes   at most about {bytes_text(about.stored)}: {kept}")
    measured = f"measured on {about.measured:,} runs just now"
    click.echo(f"  time    about {time_text(about.seconds)} on {about.threads} threads of this machine ({measured})")
