"""What plans are worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

import dgsim
from dgsim.appraisals.horizon import prolonged, quarters_to
from dgsim.appraisals.items import ITEM
from dgsim.appraisals.places import PLACES
from dgsim.appraisals.said import notes, notes_of
from dgsim.cli.later import Later
from dgsim.cli.options import typed
from dgsim.cli.output import print_results
from dgsim.cli.progress import progress_shown
from dgsim.cli.wording import assumption_name, own_names
from dgsim.scenario import START, quarter_text
from dgsim.show.terminal.worth import line_label, risk_tables, sides_table, worth_table
from dgsim.texts import Words, words

if TYPE_CHECKING:
    from dgsim.appraisals.appraisal import Appraisal

check_sampled_of_any = Later("dgsim.cli.work.idle:check_sampled_of_any")
write_appraisal = Later("dgsim.cli.folders:write_appraisal")


def appraise(
    plans: tuple[str, ...],
    baseline: str,
    by: str,
    elasticity: float | None,
    risk: bool,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Appraise plans; write their folder; print the accounts, and on what they hang if asked."""
    for name in ("item_runs", "orders"):
        if typed(name) and by != ITEM:
            raise click.UsageError(f"--{name.replace('_', '-')} does nothing without --by {ITEM}")
    if elasticity is not None and by not in PLACES:
        raise click.UsageError(f"--elasticity does nothing without --by {', '.join(PLACES[:-1])} or {PLACES[-1]}")
    w = words(language)
    policies, base = [dgsim.load_scenario(plan) for plan in plans], dgsim.load_scenario(baseline)
    quarters, budgets = quarters_to(options["to"]), options["budgets"]
    ran = [prolonged(policy, quarters, budgets) for policy in (base, *policies)]
    if typed("orders"):
        check_sampled_of_any(ran[0], ran[1:])
    with progress_shown("appraise", quiet, out, force, ran) as progress:
        found = dgsim.appraise(policies, base, items=by == ITEM, risk=risk, progress=progress, **options)
    accounts = found.accounts(by, elasticity=elasticity)
    also = {"switching": found.switching, "tornado": found.tornado, "knowing": found.knowing} if risk else {}
    if out is not None:
        write_appraisal(out, found, quiet, w)
    print_results(form, quiet, accounts, partial(_screen, found, accounts, risk, w), also)


def _screen(found: Appraisal, accounts: Any, risk: bool, w: Words) -> RenderableType:
    """A block a plan, the totals side by side, and what they hang on if asked."""
    blocks: list[RenderableType] = []
    by = accounts["by"].iloc[0]
    for number, plan in enumerate(found.names):
        to = quarter_text(found.worths[number].quarters - 1)
        heading = w("heading.worth", plan=plan, baseline=found.baseline.name, start=START, to=to)
        said = [clause.text(w) for clause in notes_of(found, number)]
        runs = {"count": str(accounts["replications"].iloc[0]), "all": str(found.replications)}
        said += [w("note.shapley", **runs)] if by == ITEM else [w("note.centre")] if by in PLACES else []
        here = accounts[accounts["plan"] == plan]
        blocks.append(worth_table(here, heading, said, row_names(found, by, w), w))
    blocks.append(sides_table(found.summary, w))
    if risk:
        tables = (found.switching, found.tornado, found.knowing)
        blocks.append(risk_tables(*tables, found.baseline.name, partial(assumption_name, w=w), w))
    blocks.append(Text("\n".join(clause.text(w) for clause in notes(found)), style="dim"))
    return Group(*blocks)


def row_names(found: Appraisal, by: str, w: Words) -> Callable[[str], str]:
    """What people call the rows of accounts by this division."""
    own = own_names(found.country, w)
    regions = dict(zip(found.country.region_names, w.own(found.country, "region_names"), strict=True))

    def called(name: str) -> str:
        if name in found.labels:
            return found.labels[name].text(w)
        if by == "fifth" and name.isdigit():
            return w("worth.fifth", number=name)
        if by == "year" and name.isdigit():
            return name
        return own.get(name) or regions.get(name) or line_label(name, w)

    return called
