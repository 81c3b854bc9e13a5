"""How far to trust the model."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

import dgsim.evidence.validate
from dgsim.cli.output import print_results, write_table
from dgsim.cli.progress import progress_shown
from dgsim.cli.standing import check_file
from dgsim.cli.wording import own_names
from dgsim.cli.work.estimates import print_validation_estimate, tell_before_validation
from dgsim.evidence.verification import read_scores, score_prediction
from dgsim.show.terminal.evidence import prediction_table, score_table, validation_table
from dgsim.texts import words

YEARS = (2023, 2024)  # that are predicted where none is named


def predict(
    years: tuple[int, ...],
    score: Path | None,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Predict the index, and print it; or, where it has come, print how good the prediction was."""
    check_file(out, force)
    land, w = dgsim.load_country(), words(language)
    came = None if score is None else read_scores(score, land)
    with progress_shown("predict", quiet) as progress:
        result = dgsim.predict(years or _years(came), progress=progress, **options)
    table = result.table
    screen = partial(prediction_table, table.assign(province=table["province"].map(own_names(land, w))), w)
    if came is not None:
        table = score_prediction(result, came)
        screen = partial(score_table, table, w)
    write_table(out, table)
    print_results(form, quiet, table, screen)


def validate(
    groups: tuple[str, ...],
    dry_run: bool,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Hold claims to what was observed, and print them; say first how long it takes, if that is more than a while."""
    chosen, w = groups or dgsim.evidence.validate.GROUPS, words(language)
    size: dict[str, Any] = {"replications": options["replications"], "sets": options["parameters"]}
    if dry_run:
        print_validation_estimate(chosen, quiet, w, **size)
        return
    check_file(out, force)
    if not quiet:
        tell_before_validation(chosen, w, **size)
    with progress_shown("validate", quiet) as progress:
        result = dgsim.evidence.validate.validate(groups=chosen, progress=progress, **options)
    write_table(out, result.table)
    print_results(form, quiet, result.table, partial(validation_table, result.table, w))


def _years(came: pd.DataFrame | None) -> tuple[int, ...]:
    return YEARS if came is None else tuple(sorted({int(year) for year in came["year"]}))
