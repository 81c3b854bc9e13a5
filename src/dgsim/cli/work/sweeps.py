"""Many worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import dgsim
from dgsim.cli.exit_codes import DIFFERENT
from dgsim.cli.interruption import resumable
from dgsim.cli.progress import announce_compilation
from dgsim.show.terminal.pace import bytes_text, pace_shown, time_text
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.designs import Design
from dgsim.sweeps.estimate import estimate
from dgsim.sweeps.location import local_folder
from dgsim.sweeps.manifest import finished_manifest


def sweep(design: str, out: Path | None, dry_run: bool, country: str | None, quiet: bool, **how: Any) -> None:
    """Compute a design into a folder, or print what it would take."""
    plan = load_design(design)
    if dry_run:
        _print_estimate(plan, country, quiet)
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    announce_compilation(quiet)
    with resumable(), pace_shown(quiet) as (progress, tell):
        result = dgsim.sweep(plan, out, country=country, progress=progress, tell=tell, **how)
    if not quiet:
        failed = len(result.failed)
        lost = f"; {failed:,} runs failed, see failed.parquet" if failed else ""
        click.echo(f"{out}: {result.manifest['runs']:,} runs at {result.manifest['points']:,} points{lost}")


def verify(folder: Path, sample: int, country: str | None, quiet: bool) -> None:
    """Run a sample of a sweep again, print the verdict and end with 1 where anything differs."""
    finished_manifest(local_folder(folder, "copy the sweep to one first"))
    announce_compilation(quiet)
    with pace_shown(quiet) as (progress, _):
        verdict = dgsim.verify(folder, sample=sample, country=country, progress=progress)
    if not quiet:
        click.echo(f"{folder}: {verdict}")
    if verdict.difference:
        click.get_current_context().exit(DIFFERENT)


def _print_estimate(plan: Design, country: str | None, quiet: bool) -> None:
    land = dgsim.load_country(country)
    announce_compilation(quiet)
    about = estimate(plan, land)
    kept = f"{', '.join(('outcomes', *plan.keep))} of {len(plan.quarters)} of {plan.horizon} quarters"
    click.echo(f"{plan.name}")
    click.echo(f"  points  {about.points:,}: {plan.shape_text()}")
    click.echo(f"  runs    {about.runs:,}: {plan.replications:,} of each point")
    click.echo(f"  bytes   at most about {bytes_text(about.stored)}: {kept}")
    measured = f"measured on {about.measured:,} runs just now"
    click.echo(f"  time    about {time_text(about.seconds)} on {about.threads} threads of this machine ({measured})")
