"""Run and compare."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import dgsim
from dgsim.cli.later import Later
from dgsim.cli.output import print_results
from dgsim.cli.progress import compile_first, progress_shown
from dgsim.cli.wording import own_names
from dgsim.show.terminal.decide import verdict_table
from dgsim.show.terminal.tables import choice_table, comparison_table, run_table
from dgsim.study.catalogue import outcome_catalogue, outcome_named
from dgsim.study.compare import chosen
from dgsim.study.record import country_text, sets_text
from dgsim.texts import words

HEADLINE_FOLDER = Path("dgsim-compare")  # where the bare `dgsim compare` puts its figures
CLEAR_OUTCOME = "use"  # what is to become clear where nothing else is named
write_results = Later("dgsim.cli.folders:write_results")


def run(
    scenario: str,
    country: str | None,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Run one scenario; write its folder; print how it starts, stands half-way and ends."""
    policy, land = dgsim.load_scenario(scenario), dgsim.load_country(country)
    with progress_shown(policy.name, quiet, out, force, (policy,)) as progress:
        result = dgsim.simulate(policy, country=land, aggregates=out is not None, progress=progress, **options)
    if out is not None:
        write_results(out, result, quiet, words(language))
    summary = result.summary()
    screen = partial(
        run_table, summary, outcome_catalogue(), country_text(land, language), result.seed, words(language)
    )
    print_results(form, quiet, summary, screen)


def compare(
    scenarios: tuple[str, ...],
    baseline: str | None,
    until_clear: str | None,
    outcome: str | None,
    country: str | None,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Compare scenarios; write their folder; print the differences, or the verdicts where they were asked for.

    Of one outcome, if it is named; where it is to become clear, the differences of all stand above the verdict.
    """
    only = None if outcome is None else outcome_named(outcome)
    clear: dict[str, Any] = {"until_clear": until_clear, "outcome": only or CLEAR_OUTCOME}
    policies, land = chosen(scenarios or None, baseline), dgsim.load_country(country)
    if not (scenarios or out or form or quiet):
        out = HEADLINE_FOLDER
    with progress_shown(f"{len(policies)} scenarios", quiet, out, force, policies) as progress:
        kept = out is not None
        result = dgsim.compare(policies, country=land, aggregates=kept, progress=progress, **clear, **options)
    if out is not None:
        write_results(out, result, quiet, words(language))
    told, catalogue = result.differences, outcome_catalogue()
    only = only if result.verdicts is None else None
    if only:
        told, catalogue = (table[table["outcome"] == only] for table in (told, catalogue))
    w, heading, sets = words(language), country_text(land, language), sets_text(result.parameters, language)
    rule = [said.text(w) for said in result.rule_said(only)]
    about = (catalogue, heading, result.seed)
    differences = partial(comparison_table, result.levels, told, *about, sets=sets, w=w, rule=rule)
    if result.verdicts is None:
        print_results(form, quiet, told, differences)
    else:
        print_results(form, quiet, result.verdicts, partial(verdict_table, result.verdicts, differences(), w))


def why(scenario: str, country: str | None, language: str, form: str | None, quiet: bool, **choice: Any) -> None:
    """Print what a province weighed in a quarter."""
    land, policy, w = dgsim.load_country(country), dgsim.load_scenario(scenario), words(language)
    compile_first(quiet)
    reason = dgsim.why(policy, country=land, **choice)
    heading = replace(reason, province=own_names(land, w)[reason.province]).said.text(w)
    print_results(form, quiet, reason.options, partial(choice_table, reason.options, heading, w=w))
