"""A comparison as one file to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import dgsim
from dgsim.cli.progress import progress_shown
from dgsim.cli.standing import check_file
from dgsim.numbers import fixed_text
from dgsim.reports.forms import check_form
from dgsim.show.files.folder import check_page


def report(scenarios: tuple[str, ...], out: Path, kind: str | None, force: bool, quiet: bool, **options: Any) -> None:
    """Compare scenarios and write the report."""
    check_form(out, kind)
    check_page(out)
    check_file(out, force)
    policies = [dgsim.load_scenario(scenario) for scenario in scenarios]
    with progress_shown("report", quiet) as progress:
        found = dgsim.report(policies, progress=progress, **options)
    found.write(out)
    if not quiet:
        size = fixed_text(out.stat().st_size / 1000, 0, language=found.language)
        click.echo(f"{out}: {found.title}, {size} kB")
