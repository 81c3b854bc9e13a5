"""The commands about evidence: `dgsim predict`, `dgsim validate` and `dgsim sources`, as thin as the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dgsim.cli.options import FORM, OUT_FILE, QUIET, SEED, replications, sets, with_options
from dgsim.cli.output import print_results, progress_told, write_table

if TYPE_CHECKING:
    import pandas as pd


@click.command(
    short_help="Predict the reported index of every province.",
    epilog="""\b
Examples:
  dgsim predict --year 2023 --year 2024 --format json
  dgsim predict --year 2022 --known-until 2021
  dgsim predict --score later.csv""",
)
@click.option("--year", "years", type=int, multiple=True, help="A year to predict; may be repeated.  [2023, 2024]")
@click.option("--known-until", type=int, default=2022, show_default=True, help="The last year whose scores are used.")
@click.option("--score", type=click.Path(path_type=Path), metavar="FILE", help="Compare with what came, a CSV file.")
@with_options(replications(1280, "How many runs are weighed."), SEED, sets(), OUT_FILE, FORM, QUIET)
def predict(
    years: tuple[int, ...], score: Path | None, out: Path | None, form: str | None, quiet: bool, **options: Any
) -> None:
    """Predict the reported index of every province, with 90% intervals, from all that is known up to a year.

    With --score it prints instead how good the prediction was: rank correlation with the scores in FILE
    (province_code, year, score), the share of provinces inside their intervals, and the same of no change.
    """
    from dgsim.evidence.predict import predict as predicted
    from dgsim.show.terminal.evidence import prediction_table, score_table

    came = _later_scores(score)
    if came is not None and not years:
        years = tuple(sorted({int(year) for year in came["year"]}))
    with progress_told("predict", quiet) as progress:
        result = predicted(years or (2023, 2024), progress=progress, **options)
    table, render = result.table, prediction_table
    if came is not None:
        from dgsim.evidence.verification import score_prediction

        table, render = score_prediction(result, came), score_table
    write_table(out, table)
    print_results(form, quiet, table, lambda: render(table))


@click.command(
    short_help="Hold every claim of the model to what was observed.",
    epilog="""\b
Examples:
  dgsim validate
  dgsim validate --group cross-section --group patterns
  dgsim validate --format csv --out evidence.csv""",
)
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Only these claims; may be repeated.")
@with_options(replications(512, "How many runs of history."), SEED, sets(), OUT_FILE, FORM, QUIET)
def validate(groups: tuple[str, ...], out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Print every claim of the model: the observed figure, the model's with its interval, and whether it holds.

    Groups: "supply, use and index", cross-section, patterns, "regions held out", "2022 from 2021" and
    "use in 2024 from 2019". With all of them some ten thousand runs are made, which takes a few minutes.
    """
    from dgsim.evidence.validate import GROUPS
    from dgsim.evidence.validate import validate as validated
    from dgsim.show.terminal.evidence import validation_table

    with progress_told("validate", quiet) as progress:
        result = validated(groups=groups or GROUPS, progress=progress, **options)
    write_table(out, result.table)
    print_results(form, quiet, result.table, lambda: validation_table(result.table))


@click.command(
    short_help="List every number of the model and where it comes from.",
    epilog="""\b
Examples:
  dgsim sources
  dgsim sources --assumed
  dgsim sources --format csv --out sources.csv""",
)
@click.option("--assumed", is_flag=True, help="Only numbers that are assumed.")
@with_options(OUT_FILE, FORM, QUIET)
def sources(assumed: bool, out: Path | None, form: str | None, quiet: bool) -> None:
    """List every number: unit, range, role (lever, uncertain, constant), source, and whether the data inform it."""
    from dgsim.evidence.sources import sources as listed
    from dgsim.show.terminal.evidence import sources_table

    table = listed()
    if assumed:
        table = table[table["source"].str.startswith("assumed")]
    write_table(out, table)
    print_results(form, quiet, table, lambda: sources_table(table))


def _later_scores(file: Path | None) -> pd.DataFrame | None:
    if file is None:
        return None
    from dgsim.country import load_country
    from dgsim.evidence.verification import read_scores

    return read_scores(file, load_country())
