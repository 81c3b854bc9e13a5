"""Many worlds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

import dgsim
from dgsim.cli.exit_codes import DIFFERENT
from dgsim.cli.interruption import resumable
from dgsim.cli.output import print_text
from dgsim.cli.progress import compile_first
from dgsim.numbers import count_text
from dgsim.show.terminal.pace import bytes_text, pace_shown, time_text
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.designs import Design
from dgsim.sweeps.estimate import estimate
from dgsim.sweeps.location import local_folder
from dgsim.sweeps.manifest import finished_manifest
from dgsim.texts import Words, words
from dgsim.texts.clauses import Sentence


def sweep(
    design: str, out: Path | None, dry_run: bool, country: str | None, language: str, quiet: bool, **how: Any
) -> None:
    """Compute a design into a folder, or print what it would take."""
    plan, w = load_design(design), words(language)
    if dry_run:
        _print_estimate(plan, country, quiet, w)
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    compile_first(quiet)
    with resumable(), pace_shown(quiet, w=w) as (progress, say):
        tell = None if say is None else partial(_tell, say, w)
        result = dgsim.sweep(plan, out, country=country, progress=progress, tell=tell, **how)
    if not quiet:
        made = {name: count_text(result.manifest[name], language) for name in ("runs", "points")}
        lost = w("done.failed", count=count_text(len(result.failed), language)) if len(result.failed) else ""
        click.echo(w("done.sweep", folder=out, lost=lost, **made))


def _tell(say: Callable[[str], None], w: Words, sentence: Sentence) -> None:
    """Say a sentence of the library in the language of the command."""
    say(sentence.said.text(w))


def verify(folder: Path, sample: int, country: str | None, language: str, quiet: bool) -> None:
    """Run a sample of a sweep again, print the verdict and end with 1 where anything differs."""
    finished_manifest(local_folder(folder, "copy the sweep to one first"))
    w = words(language)
    compile_first(quiet)
    with pace_shown(quiet, w=w) as (progress, _):
        verdict = dgsim.verify(folder, sample=sample, country=country, progress=progress)
    if not quiet:
        click.echo(f"{folder}: {verdict.said.text(w)}")
    if verdict.difference:
        click.get_current_context().exit(DIFFERENT)


def _print_estimate(plan: Design, country: str | None, quiet: bool, w: Words) -> None:
    land = dgsim.load_country(country)
    compile_first(quiet)
    about = estimate(plan, land)
    tables = w("list.comma").join(("outcomes", *plan.keep))
    quarters = {"quarters": len(plan.quarters), "horizon": plan.horizon}
    print_text(plan.name)
    points, runs, replications, measured = (
        count_text(count, w.language) for count in (about.points, about.runs, plan.replications, about.measured)
    )
    print_text(w("estimate.points", points=points, shape=plan.shape_said.text(w)))
    print_text(w("estimate.runs", runs=runs, replications=replications))
    print_text(w("estimate.bytes", size=bytes_text(about.stored, w.language), tables=tables, **quarters))
    time = time_text(about.seconds, w)
    print_text(w("estimate.time", time=time, threads=about.threads, measured=measured))
