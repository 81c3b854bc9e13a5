"""What long work will take, before it is begun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dgsim
from dgsim.cli.output import print_text
from dgsim.cli.progress import compile_first
from dgsim.country import Country
from dgsim.decide.order import order_runs
from dgsim.decide.search_design import load_search
from dgsim.engine.sets import Ensemble, load_parameters
from dgsim.numbers import count_text
from dgsim.scenario import Scenario, quarter_index
from dgsim.show.terminal.pace import time_text
from dgsim.study.simulate import shortened
from dgsim.study.timing import timed
from dgsim.texts import Words


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


def _print_time(runs: int, plan: Scenario, land: Country, sets: Ensemble, quiet: bool, w: Words) -> None:
    compile_first(quiet)
    one = timed(plan, land, sets)
    time, measured = time_text(one.seconds * runs, w), count_text(one.measured, w.language)
    print_text(w("estimate.time", time=time, threads=one.threads, measured=measured))
