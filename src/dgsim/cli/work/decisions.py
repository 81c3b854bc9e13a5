"""What a decision hangs on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group, RenderableType

import dgsim
from dgsim.cli.later import Later
from dgsim.cli.options import typed
from dgsim.cli.output import print_results
from dgsim.cli.progress import progress_shown
from dgsim.cli.standing import check_standing
from dgsim.cli.wording import own_names
from dgsim.decide.binding import label
from dgsim.show.terminal.behind import behind_table
from dgsim.show.terminal.decide import binding_table, contributions_table, front_table, order_table, regret_table
from dgsim.texts import Words, words
from dgsim.texts.clauses import Level, OutcomeTo, Within, clause
from dgsim.texts.labels import outcome_in, stock_label, within
from dgsim.world.tables import OUTCOMES

if TYPE_CHECKING:
    from dgsim.decide.behind import Behind
    from dgsim.decide.binding import Binding
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order_value import OrderValue
    from dgsim.decide.regret import Regret

resumable = Later("dgsim.cli.interruption:resumable")
print_order_estimate = Later("dgsim.cli.work.estimates:print_order_estimate")
print_search_estimate = Later("dgsim.cli.work.estimates:print_search_estimate")
check_sampled = Later("dgsim.cli.work.idle:check_sampled")
check_drawn = Later("dgsim.cli.work.idle:check_drawn")
plans_of = Later("dgsim.decide.regret:plans_of")
write_explanation = Later("dgsim.cli.folders:write_explanation")
write_order = Later("dgsim.cli.folders:write_order")
write_binding = Later("dgsim.cli.folders:write_binding")
write_behind = Later("dgsim.cli.folders:write_behind")
write_front = Later("dgsim.cli.folders:write_front")
write_regret = Later("dgsim.cli.folders:write_regret")


def explain(
    scenario: str, out: Path | None, force: bool, language: str, form: str | None, quiet: bool, **options: Any
) -> None:
    """Share out a difference; write its folder; print the contributions."""
    policy, baseline = dgsim.load_scenario(scenario), dgsim.load_scenario(options["baseline"])
    if typed("orders"):
        check_sampled(baseline, policy, **{name: options[name] for name in ("items", "quarters", "quarter")})
    with progress_shown("explain", quiet, out, force, (baseline, policy), options["provinces"]) as progress:
        found = dgsim.explain(policy, progress=progress, **options)
    if out is not None:
        write_explanation(out, found, quiet, words(language))
    print_results(form, quiet, found.contributions, partial(_explanation_screen, found, words(language)))


def order(
    scenario: str,
    dry_run: bool,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Try the orders of a roadmap; write their folder; print what order is worth, or the precedences."""
    policy = dgsim.load_scenario(scenario)
    if typed("exchanged"):
        check_drawn(policy, options["quarters"], options["orders"])
    if dry_run:
        print_order_estimate(policy, quiet, words(language), **options)
        return
    with progress_shown("order", quiet, out, force, (policy,)) as progress:
        found = dgsim.order(policy, progress=progress, **options)
    if out is not None:
        write_order(out, found, quiet, words(language))
    print_results(form, quiet, found.precedences, partial(_order_screen, found, words(language)))


def binding(
    scenario: str, out: Path | None, force: bool, language: str, form: str | None, quiet: bool, **options: Any
) -> None:
    """Relax what may bind; write its folder; print what binds whom."""
    policy = dgsim.load_scenario(scenario)
    with progress_shown("binding", quiet, out, force, (policy,)) as progress:
        found = dgsim.binding(policy, progress=progress, **options)
    if out is not None:
        write_binding(out, found, quiet, words(language))
    print_results(form, quiet, found.labels, partial(_binding_screen, found, words(language)))


def behind(
    scenario: str, out: Path | None, force: bool, language: str, form: str | None, quiet: bool, **options: Any
) -> None:
    """Tell who is left behind; write its folder; print who, why and what helps."""
    policy = dgsim.load_scenario(scenario)
    with progress_shown("behind", quiet, out, force, (policy,)) as progress:
        found = dgsim.behind(policy, progress=progress, **options)
    if out is not None:
        write_behind(out, found, quiet, words(language))
    also = {name: getattr(found, name) for name in ("levers", "gains", "by_province")}
    print_results(form, quiet, found.provinces, partial(_behind_screen, found, words(language)), also)


def optimise(
    design: str,
    out: Path | None,
    dry_run: bool,
    resume: bool,
    any_size: bool,
    force: bool,
    country: str | None,
    language: str,
    form: str | None,
    quiet: bool,
) -> None:
    """Search; write the scenarios that no other beats; print them."""
    if dry_run:
        print_search_estimate(design, country, quiet, words(language))
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    check_standing(out / "results", force, None)
    with resumable(), progress_shown("optimise", quiet) as progress:
        found = dgsim.optimise(design, out, resume=resume, country=country, any_size=any_size, progress=progress)
    write_front(out / "results", found, quiet, words(language))
    print_results(form, quiet, found.table, partial(_front_screen, found, words(language)))


def regret(
    scenarios: tuple[str, ...],
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Run a set in many worlds; write its folder; print regret and where the ranking flips."""
    plans = plans_of(scenarios)
    with progress_shown("regret", quiet, out, force, plans) as progress:
        found = dgsim.regret(plans, progress=progress, **options)
    if out is not None:
        write_regret(out, found, quiet, words(language))
    print_results(form, quiet, found.regrets, partial(_regret_screen, found, words(language)))


def _explanation_screen(found: Explanation, w: Words) -> RenderableType:
    """A block an outcome."""
    blocks = []
    for one in (found.only(outcome) for outcome in found.levels):
        names = {"policy": one.scenario, "baseline": one.baseline, "quarter": one.quarter}
        heading = w("reason.title", outcome=outcome_in(one.outcome, one.quarter, w), **names)
        parts, pairs = one.contributions, one.interactions
        says = parts["group"].map(partial(one.says, words=w))
        parts = parts.assign(says=says, group=_told(one, parts["group"], w))
        pairs = pairs.assign(first=_told(one, pairs["first"], w), second=_told(one, pairs["second"], w))
        channels = one.channels
        if channels is not None:
            channels = channels.assign(channel=[w(f"channel.{channel}") for channel in channels["channel"]])
        blocks.append(contributions_table(parts, pairs, one.unit, heading, one.text(w.language), channels, w))
    return Group(*blocks)


def _told(found: Explanation, groups: Iterable[str], w: Words) -> list[str]:
    """The names of groups as people call them."""
    return [found.label(group).text(w) for group in groups]


def _order_screen(found: OrderValue, w: Words) -> RenderableType:
    """A block an outcome."""
    blocks = []
    for one in (found.only(outcome) for outcome in found.luck_shares):
        names = {"policy": one.scenario, "quarter": one.quarter}
        heading = w("order.title", outcome=outcome_in(one.outcome, one.quarter, w), **names)
        value = one.value.assign(measure=[one.label(measure).text(w) for measure in one.value["measure"]])
        pairs = zip(one.precedences["first"], one.precedences["second"], strict=True)
        named = one.precedences.assign(precedence=[one.precedence(*pair).text(w) for pair in pairs])
        blocks.append(order_table(value, named, one.unit, heading, one.text(w.language), w))
    return Group(*blocks)


def _binding_screen(found: Binding, w: Words) -> RenderableType:
    about = {"policy": found.scenario, "quarter": found.quarter}
    heading = w("heading.binding", stock=within(stock_label(found.stock, w)), **about)
    labels = found.labels.assign(
        province=found.labels["province"].map(own_names(found.basis.country, w)),
        binds=[label(name).text(w) for name in found.labels["binds"]],
        second=[label(name).text(w) for name in found.labels["second"]],
    )
    national = found.national.assign(
        constraint=[label(name).text(w) for name in found.national["constraint"]],
        says=[found.relaxed(name).text(w) for name in found.national["constraint"]],
    )
    return binding_table(labels, national, found.unit, heading, found.text(w.language), w)


def _behind_screen(found: Behind, w: Words) -> RenderableType:
    provinces, levers = found.in_words(w.language)
    about = {"worst": str(found.worst), "stock": stock_label(found.stock, w), "quarter": found.quarter}
    heading = w("behind.heading", policy=found.scenario, stock=within(about["stock"]), quarter=found.quarter)
    said = (heading, found.text(w.language), found.note.text(w))
    return behind_table(provinces, levers, found.unit, about, said, w)


def _front_screen(found: Front, w: Words) -> RenderableType:
    counts = {"count": len(found.scenarios), "tried": len(found.tried)}
    heading = w("heading.front", design=found.design.name, **counts)
    return front_table(found.table, found.design.start.name, found.dropped, heading, w)


def _regret_screen(found: Regret, w: Words) -> RenderableType:
    heading = w("heading.regret", outcome=outcome_in(found.outcome, found.quarter, w), count=len(found.worlds))
    said = [one.text(w) for one in found.clauses]
    if found.threshold is not None:
        key = "regret.at_least" if OUTCOMES[found.outcome].sign > 0 else "regret.at_most"
        reach = Level(found.threshold, found.unit)
        said.insert(0, clause(key, outcome=Within(OutcomeTo(found.outcome, found.quarter)), level=reach).text(w))
    return regret_table(found.regrets, found.unit, said, heading, w)
