"""What long work will take, before it is begun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import dgsim
from dgsim.cli.output import print_text
from dgsim.cli.progress import compile_first
from dgsim.country import Country
from dgsim.decide.order import order_runs
from dgsim.decide.search_design import load_search
from dgsim.engine.run import run_count
from dgsim.engine.sets import Ensemble, load_parameters
from dgsim.evidence.predict import SCENARIO
from dgsim.evidence.validate import runs_of
from dgsim.numbers import count_text
from dgsim.scenario import Scenario, quarter_index
from dgsim.show.terminal.pace import time_text
from dgsim.show.terminal.screen import screen_lines
from dgsim.study.simulate import shortened
from dgsim.study.timing import timed
from dgsim.texts import Words

A_WHILE = 5_000  # runs, of some ten milliseconds each, above which people are told before that they will wait


def print_order_estimate(
    policy: Scenario,
    quiet: bool,
    w: Words,
    country: str | Path | None,
    parameters: str,
    quarters: int | None,
    quarter: str | None,
    **options: Any,
) -> None:
    """Print about how many runs the orders of a roadmap take, and how long."""
    plan = shortened(policy, quarters)
    runs = order_runs(plan, **options)
    land, sets = dgsim.load_country(country), load_parameters(parameters)
    print_text(policy.name)
    print_text(w("estimate.order", runs=count_text(runs, w.language)))
    whole = plan if quarter is None else shortened(plan, quarter_index(quarter) + 1)
    _print_time(runs, whole, land, sets, quiet, w)


def print_search_estimate(design: str, country: str | Path | None, quiet: bool, w: Words) -> None:
    """Print how many runs a search takes at most, and how long."""
    search, land = load_search(design), dgsim.load_country(country)
    names = ("runs", "generations", "population", "replications", "fresh", "keep")
    counts = {name: count_text(getattr(search, name), w.language) for name in names}
    print_text(search.name)
    print_text(w("estimate.search", **counts))
    _print_time(search.runs, search.start, land, search.parameters, quiet, w)


def print_validation_estimate(groups: tuple[str, ...], quiet: bool, w: Words, replications: int, sets: str) -> None:
    """Print how many runs claims of these groups take, and how long."""
    parameters = load_parameters(sets)
    runs = runs_of(groups, run_count(replications, lowest=2), len(parameters))
    print_text("validate")
    print_text(w("estimate.validation", runs=count_text(runs, w.language), groups=len(groups)))
    _print_time(runs, dgsim.load_scenario(SCENARIO), dgsim.load_country(), parameters, quiet, w)


def tell_before_validation(groups: tuple[str, ...], w: Words, replications: int, sets: str) -> None:
    """Say on standard error how long claims of these groups will take, where that is more than a while."""
    parameters = load_parameters(sets)
    runs = runs_of(groups, run_count(replications, lowest=2), len(parameters))
    if runs > A_WHILE:
        compile_first(quiet=False)
        time = _time(runs, dgsim.load_scenario(SCENARIO), dgsim.load_country(), parameters, w)
        said = w("estimate.before", runs=count_text(runs, w.language), option="--group", **time)
        click.echo(screen_lines(said), err=True)


def _print_time(runs: int, plan: Scenario, land: Country, sets: Ensemble, quiet: bool, w: Words) -> None:
    compile_first(quiet)
    print_text(w("estimate.time", **_time(runs, plan, land, sets, w)))


def _time(runs: int, plan: Scenario, land: Country, sets: Ensemble, w: Words) -> dict[str, str | int]:
    """How long so many runs take, on how many threads, measured on how many, in words."""
    one = timed(plan, land, sets)
    time, measured = time_text(one.seconds * runs, w), count_text(one.measured, w.language)
    return {"time": time, "threads": one.threads, "measured": measured}
