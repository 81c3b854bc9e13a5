"""A country that is made up."""

from __future__ import annotations

from pathlib import Path

import click

from dgsim.country import synthetic_country, write_country
from dgsim.texts import words


def synthetic(provinces: int, out: Path, seed: int, language: str) -> None:
    """Write a synthetic country into a folder."""
    try:
        write_country(synthetic_country(provinces, seed), out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}") from None
    click.echo(words(language)("done.synthetic", folder=out, count=provinces, seed=seed))
