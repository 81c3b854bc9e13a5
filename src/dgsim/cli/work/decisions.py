"""What a decision hangs on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType

import dgsim
from dgsim.cli.later import Later
from dgsim.cli.output import print_results
from dgsim.cli.progress import progress_shown
from dgsim.decide.words import binding_text, explanation_text, order_text, outcome_label
from dgsim.show.terminal.decide import binding_table, contributions_table, front_table, order_table, regret_table

if TYPE_CHECKING:
    from dgsim.decide.binding import Binding
    from dgsim.decide.explain import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order import OrderValue
    from dgsim.decide.regret import Regret

resumable = Later("dgsim.cli.interruption:resumable")
write_explanation = Later("dgsim.cli.folders:write_explanation")
write_order = Later("dgsim.cli.folders:write_order")
write_binding = Later("dgsim.cli.folders:write_binding")
write_front = Later("dgsim.cli.folders:write_front")
write_regret = Later("dgsim.cli.folders:write_regret")


def explain(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Share out a difference; write its folder; print the contributions."""
    with progress_shown("explain", quiet, out) as progress:
        found = dgsim.explain(scenario, progress=progress, **options)
    if out is not None:
        write_explanation(out, found, quiet)
    print_results(form, quiet, found.contributions, partial(_explanation_screen, found))


def order(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Try the orders of a roadmap; write their folder; print what order is worth, or the precedences."""
    with progress_shown("order", quiet, out) as progress:
        found = dgsim.order(scenario, progress=progress, **options)
    if out is not None:
        write_order(out, found, quiet)
    print_results(form, quiet, found.precedences, partial(_order_screen, found))


def binding(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Relax what may bind; write its folder; print what binds whom."""
    with progress_shown("binding", quiet, out) as progress:
        found = dgsim.binding(scenario, progress=progress, **options)
    if out is not None:
        write_binding(out, found, quiet)
    print_results(form, quiet, found.labels, partial(_binding_screen, found))


def optimise(design: str, out: Path, form: str | None, quiet: bool, **options: Any) -> None:
    """Search; write the scenarios that no other beats; print them."""
    with resumable(), progress_shown("generations", quiet) as progress:
        found = dgsim.optimise(design, out, progress=progress, **options)
    write_front(out / "results", found, quiet)
    print_results(form, quiet, found.table, partial(_front_screen, found))


def regret(scenarios: tuple[str, ...], out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Run a set in many worlds; write its folder; print regret and where the ranking flips."""
    with progress_shown("regret", quiet, out) as progress:
        found = dgsim.regret(scenarios, progress=progress, **options)
    if out is not None:
        write_regret(out, found, quiet)
    print_results(form, quiet, found.regrets, partial(_regret_screen, found))


def _explanation_screen(found: Explanation) -> RenderableType:
    """A block an outcome."""
    blocks = []
    for one in (found.only(outcome) for outcome in found.levels):
        heading = f"{one.scenario} less {one.baseline}: {outcome_label(one.outcome)} in {one.quarter}"
        tables = (one.contributions, one.interactions, one.unit)
        blocks.append(contributions_table(*tables, heading, explanation_text(one), one.channels))
    return Group(*blocks)


def _order_screen(found: OrderValue) -> RenderableType:
    """A block an outcome."""
    blocks = []
    for one in (found.only(outcome) for outcome in found.luck_shares):
        heading = f"What the order of {one.scenario} is worth: {outcome_label(one.outcome)} in {one.quarter}"
        blocks.append(order_table(one.value, one.precedences, one.unit, heading, order_text(one)))
    return Group(*blocks)


def _binding_screen(found: Binding) -> RenderableType:
    heading = f"What binds provinces under {found.scenario}: gain in {found.stock} by {found.quarter}"
    return binding_table(found.labels, found.national, found.unit, heading, binding_text(found))


def _front_screen(found: Front) -> RenderableType:
    count, tried = len(found.scenarios), len(found.tried)
    heading = f"{found.design.name}: {count} scenarios that none of {tried} beats in all objectives"
    return front_table(found.table, found.design.start.name, found.dropped, heading)


def _regret_screen(found: Regret) -> RenderableType:
    heading = f"Regret in {found.outcome}, {found.quarter}, over {len(found.worlds)} worlds"
    return regret_table(found.regrets, found.unit, found.sentences, heading)
