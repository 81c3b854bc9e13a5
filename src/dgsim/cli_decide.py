"""The commands about decisions: `dgsim explain`, as thin as the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dgsim.cli_evidence import FORM, OUT, QUIET, SEED, SETS, _finish, _progress


@click.command(
    short_help="Why one scenario ends elsewhere than another.",
    epilog="""\b
Examples:
  dgsim explain reward-use --baseline staged
  dgsim explain reward-use --baseline staged --outcome use --format json""",
)
@click.argument("scenario")
@click.option("--baseline", required=True, metavar="SCENARIO", help="What it is compared with.")
@click.option("--outcome", default="use", show_default=True, help="The outcome whose difference is shared out.")
@click.option("--quarter", metavar="QUARTER", help="Read at the end of this quarter.  [default: the last]")
@click.option("--quarters", type=int, metavar="N", help="Only the first N quarters.")
@click.option("--items", is_flag=True, help="Every item of the roadmap by itself.")
@click.option("--replications", type=int, default=100, show_default=True, help="How many paired runs.")
@SEED
@SETS
@OUT
@FORM
@QUIET
def explain(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Share out the difference of SCENARIO from a baseline among the groups of levers in which they differ.

    The shares are Shapley values with 95% intervals and add up to the total: exact up to 8 groups, sampled beyond.
    """
    from dgsim.decide.explain import explain as explained
    from dgsim.show.decide import contributions_table

    with _progress("explain", quiet) as progress:
        result = explained(scenario, progress=progress, **options)
    heading = f"{result.scenario} less {result.baseline}, {result.quarter}, {result.unit}"
    _finish(
        result.contributions,
        lambda: contributions_table(result.contributions, result.interactions, heading),
        out,
        form,
        quiet,
    )
