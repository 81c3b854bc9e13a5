"""Run and compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

import dgsim
from dgsim.appraisals.targets.framework import marks_of
from dgsim.cli.later import Later
from dgsim.cli.output import print_results
from dgsim.cli.progress import compile_first, progress_shown
from dgsim.cli.wording import own_names
from dgsim.country import Country
from dgsim.show.terminal.decide import verdict_table
from dgsim.show.terminal.money import money_tables
from dgsim.show.terminal.tables import choice_table, comparison_table, run_table
from dgsim.study.catalogue import outcome_catalogue, outcome_named
from dgsim.study.compare import Comparison, chosen
from dgsim.study.record import country_text, sets_text
from dgsim.texts import Quarter, words

HEADLINE_FOLDER = Path("dgsim-compare")  # where the bare `dgsim compare` puts its figures
CLEAR_OUTCOME = "use"  # what is to become clear where nothing else is named
Screen = Callable[[], RenderableType]
write_results = Later("dgsim.cli.folders:write_results")


def _check_drawn(draw: tuple[str, ...], slide: bool, targets: tuple[str, ...], out: Path | None) -> pd.DataFrame | None:
    """The targets to be marked; refuse what is no outcome, and what is asked of figures where none are drawn."""
    for name in draw:
        outcome_named(name)
    asked = [name for name, given in (("draw", draw), ("slide", slide), ("targets", targets)) if given]
    if out is None and asked:
        raise click.UsageError(f"--{asked[0]} is of figures: say with --out where to write them")
    return marks_of(targets, draw) if targets else None


def run(
    scenario: str,
    country: str | None,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    money: bool,
    draw: tuple[str, ...],
    slide: bool,
    targets: tuple[str, ...],
    **options: Any,
) -> None:
    """Run one scenario; write its folder; print how it starts, stands half-way and ends, and where its money went."""
    marks = _check_drawn(draw, slide, targets, out)
    policy, land = dgsim.load_scenario(scenario), dgsim.load_country(country)
    with progress_shown(policy.name, quiet, out, force, (policy,)) as progress:
        keep = money or out is not None
        result = dgsim.simulate(policy, country=land, aggregates=keep, progress=progress, **options)
    if out is not None:
        write_results(out, result, quiet, words(language), draw, slide, marks)
    summary = result.summary()
    screen = partial(
        run_table, summary, outcome_catalogue(), country_text(land, language), result.seed, words(language)
    )
    _print(form, quiet, summary, screen, result.money if money else None, summary, land, language)


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
    money: bool,
    draw: tuple[str, ...],
    slide: bool,
    targets: tuple[str, ...],
    **options: Any,
) -> None:
    """Compare scenarios; write their folder; print the differences or the verdicts, and the money if asked.

    Of one outcome, if it is named; where it is to become clear, the differences of all stand above the verdict.
    """
    only = None if outcome is None else outcome_named(outcome)
    clear: dict[str, Any] = {"until_clear": until_clear, "outcome": only or CLEAR_OUTCOME}
    policies, land = chosen(scenarios or None, baseline), dgsim.load_country(country)
    if not (scenarios or out or form or quiet):
        out = HEADLINE_FOLDER
    marks = _check_drawn(draw, slide, targets, out)
    label = words(language)("caption.scenarios", count=len(policies))
    with progress_shown(label, quiet, out, force, policies) as progress:
        keep = money or out is not None
        result = dgsim.compare(policies, country=land, aggregates=keep, progress=progress, **clear, **options)
    if out is not None:
        write_results(out, result, quiet, words(language), draw, slide, marks)
    table, screen = _told(result, None if until_clear is not None else only, land, language)
    _print(form, quiet, table, screen, result.money if money else None, result.levels, land, language)


def _told(result: Comparison, only: str | None, land: Country, language: str) -> tuple[pd.DataFrame, Screen]:
    """The differences, of one outcome if it is named, or the verdicts where they were asked for."""
    w, heading, sets = words(language), country_text(land, language), sets_text(result.parameters, language)
    table, catalogue = result.differences, outcome_catalogue()
    if only:
        table, catalogue = (rows[rows["outcome"] == only] for rows in (table, catalogue))
    rule = [said.text(w) for said in result.rule_said(only)]
    about = (catalogue, heading, result.seed)
    differences: Screen = partial(comparison_table, result.levels, table, *about, sets=sets, w=w, rule=rule)
    if result.verdicts is None:
        return table, differences
    quarter = str(table["quarter"].iloc[-1])
    return result.verdicts, partial(verdict_table, result.verdicts, quarter, differences(), w)


def _print(
    form: str | None,
    quiet: bool,
    table: pd.DataFrame,
    screen: Screen,
    money: pd.DataFrame | None,
    levels: pd.DataFrame,
    land: Country,
    language: str,
) -> None:
    """Print results, and after them the money where it is asked for."""
    if money is None:
        print_results(form, quiet, table, screen)
        return
    both = partial(_beside_money, screen, money, levels, land, language)
    print_results(form, quiet, table, both, {"money": money})


def _beside_money(
    screen: Screen, money: pd.DataFrame, levels: pd.DataFrame, land: Country, language: str
) -> RenderableType:
    """What is shown anyway, and below it the money from plan to outturn."""
    w, quarters = words(language), levels["quarter"]
    span = w("reason.range", low=Quarter(quarters.iloc[0]), high=Quarter(quarters.iloc[-1]))
    heading = w("heading.money", country=country_text(land, language), span=span)
    return Group(screen(), Text(""), money_tables(money, heading, w))


def why(scenario: str, country: str | None, language: str, form: str | None, quiet: bool, **choice: Any) -> None:
    """Print what a province weighed in a quarter."""
    land, policy, w = dgsim.load_country(country), dgsim.load_scenario(scenario), words(language)
    compile_first(quiet)
    reason = dgsim.why(policy, country=land, **choice)
    heading = replace(reason, province=own_names(land, w)[reason.province]).said.text(w)
    print_results(form, quiet, reason.options, partial(choice_table, reason.options, heading, w=w))
