"""The commands about decisions: `dgsim explain`, `order` and `binding`, as thin as the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dgsim.cli.options import COUNTRY, DIR, FORM, OUT_FOLDER, QUARTERS, QUIET, SEED, replications, sets, with_options
from dgsim.cli.output import gone_on_with_later, print_results, progress_told

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from dgsim.study.record import Basis

QUARTER = click.option("--quarter", metavar="QUARTER", help="Read at the end of this quarter.  [default: the last]")
OUTCOMES = click.option(
    "--outcome", multiple=True, default=("use",), show_default=True, help="What is looked at; may be repeated."
)
STOCK = click.option("--outcome", "--stock", "stock", default="use", show_default=True, help="A stock of provinces.")
PAIRED = replications(100, "How many paired runs.")
COMMON = with_options(QUARTER, QUARTERS, SEED, sets(), COUNTRY, OUT_FOLDER, FORM, QUIET)


@click.command(
    short_help="Why one scenario ends elsewhere than another.",
    epilog="""\b
Examples:
  dgsim explain reward-use --baseline staged
  dgsim explain services-first --baseline staged --items --out why
  dgsim explain reward-use --baseline staged --outcome net_benefit --format json""",
)
@click.argument("scenario")
@click.option("--baseline", required=True, metavar="SCENARIO", help="What it is compared with.")
@OUTCOMES
@click.option("--items", is_flag=True, help="Every item of the roadmap by itself.")
@click.option("--orders", type=int, default=32, show_default=True, help="Orders sampled where groups are more than 8.")
@click.option("--provinces", is_flag=True, help="Also who gains through what: money, staff, peers ... by province.")
@PAIRED
@COMMON
def explain(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Share out the difference of SCENARIO from a baseline among the groups of levers in which they differ.

    The shares are Shapley values with 95% intervals and add up to the total: exact up to 8 groups, sampled beyond.
    With --provinces the gain of every province is also shared out among money, staff, foundations, redesign, peers,
    trust and the rules: a table by channel on screen, a figure and a table by province with --out.
    """
    from rich.console import Group

    from dgsim.decide.explain import explain as explained
    from dgsim.decide.words import explanation_text, outcome_label
    from dgsim.show.terminal.decide import contributions_table

    _check(out)
    with progress_told("explain", quiet) as progress:
        found = explained(scenario, progress=progress, **options)
    each = [found.only(outcome) for outcome in found.levels]
    tables = {name: getattr(found, name) for name in ("contributions", "interactions", "provinces", "channels")}
    known = {name: rows for name, rows in tables.items() if rows is not None}
    figures = lambda note: {name: figure for one in each for name, figure in _bars(one, note)}  # noqa: E731
    _folder(out, found.basis, known, figures, quiet)
    shown = (
        contributions_table(
            one.contributions,
            one.interactions,
            one.unit,
            f"{one.scenario} less {one.baseline}: {outcome_label(one.outcome)} in {one.quarter}",
            explanation_text(one),
            one.channels,
        )
        for one in each
    )
    print_results(form, quiet, found.contributions, lambda: Group(*shown))


@click.command(
    short_help="What the order of a roadmap is worth.",
    epilog="""\b
Examples:
  dgsim order staged
  dgsim order my.toml --orders 500 --out order
  dgsim order staged --outcome net_benefit --format json""",
)
@click.argument("scenario")
@OUTCOMES
@click.option("--orders", type=int, default=120, show_default=True, help="Orders tried: all if there are no more.")
@click.option("--exchanged", type=int, default=8, show_default=True, help="Orders in which every exchange is tried.")
@replications(50, "Paired runs of every order.")
@click.option("--fresh", type=int, default=200, show_default=True, help="Further runs of the best, worst and own.")
@COMMON
def order(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Try the legal orders of SCENARIO's roadmap: the same items, money and dates, dealt out anew.

    Tells what order is worth (best minus worst, best minus own, measured on fresh runs), how much of it is luck, and
    which precedences matter. json and csv have the precedences.
    """
    from rich.console import Group

    from dgsim.decide.order import order as ordered
    from dgsim.decide.words import order_text, outcome_label
    from dgsim.show.terminal.decide import order_table

    _check(out)
    with progress_told("order", quiet) as progress:
        found = ordered(scenario, progress=progress, **options)
    each = [found.only(outcome) for outcome in found.luck_shares]
    tables = {"value": found.value, "precedences": found.precedences, "orders": found.orders}
    figures = lambda note: {f"precedences-{one.outcome}": _matrix(one, note) for one in each}  # noqa: E731
    _folder(out, found.basis, tables, figures, quiet, found.plans)
    shown = (
        order_table(
            one.value,
            one.precedences,
            one.unit,
            f"What the order of {one.scenario} is worth: {outcome_label(one.outcome)} in {one.quarter}",
            order_text(one),
        )
        for one in each
    )
    print_results(form, quiet, found.precedences, lambda: Group(*shown))


@click.command(
    short_help="What binds each province.",
    epilog="""\b
Examples:
  dgsim binding history
  dgsim binding staged --by 0.25 --out binding
  dgsim binding staged --outcome hours_saved --format json""",
)
@click.argument("scenario")
@click.option("--outcome", "--stock", "stock", default="use", show_default=True, help="A stock of provinces.")
@click.option("--by", type=float, default=0.5, show_default=True, help="How far each constraint is relaxed (share).")
@PAIRED
@COMMON
def binding(scenario: str, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Run SCENARIO again with money, specialists, foundations, incentives and redesign effort relaxed one at a time.

    Every province is labelled by what binds it most: the relaxation that gains it most, with the 95% interval.
    """
    from dgsim.decide.binding import binding as bound
    from dgsim.decide.words import binding_text
    from dgsim.show.terminal.decide import binding_table

    _check(out)
    with progress_told("binding", quiet) as progress:
        found = bound(scenario, progress=progress, **options)
    words = binding_text(found)
    heading = f"What binds provinces under {found.scenario}: gain in {found.stock} by {found.quarter}"
    tables = {"labels": found.labels, "gains": found.gains, "national": found.national}
    _folder(out, found.basis, tables, lambda note: _map(found, note), quiet)
    print_results(
        form,
        quiet,
        found.labels,
        lambda: binding_table(found.labels, found.national, found.unit, heading, words),
    )


@click.command(
    short_help="Search for robust roadmaps and incentives.",
    epilog="""\b
Examples:
  dgsim optimise experiments/robust.toml --out robust
  dgsim optimise experiments/robust.toml --out robust --resume
  dgsim compare robust/results/robust-01.toml --baseline staged""",
)
@click.argument("design")
@click.option("--out", **DIR, required=True, help="The folder of the search.")
@click.option("--resume", is_flag=True, help="Go on with what the folder holds; start where it holds nothing.")
@with_options(COUNTRY, FORM, QUIET)
def optimise(design: str, out: Path, form: str | None, quiet: bool, **options: Any) -> None:
    """Search over roadmap and incentives for the best trade-offs between the objectives of DESIGN, a TOML file.

    All scenarios are run over the plausible sets of parameters. The best are run again on fresh luck; those that are
    still unbeaten are written as scenario files into DIR/results, with a figure and tables. Needs the extra analysis.
    """
    from dgsim.decide.optimise import optimise as searched
    from dgsim.show.terminal.decide import front_table

    with gone_on_with_later(), progress_told("generations", quiet) as progress:
        found = searched(design, out, progress=progress, **options)
    start = found.design.start.name
    tables = {"front": found.table, "tried": found.tried}
    plans = {plan.name: plan for plan in found.scenarios}
    _folder(out / "results", found.basis, tables, lambda note: _trade_offs(found, note), quiet, plans)
    heading = f"{found.design.name}: {len(plans)} scenarios that none of {len(found.tried)} beats in all objectives"
    print_results(form, quiet, found.table, lambda: front_table(found.table, start, found.dropped, heading))


def _trade_offs(found: Any, note: str) -> dict[str, Figure]:
    from dgsim.show.figures.front import trade_offs

    units = {measure.name: measure.unit for measure in found.design.objectives}
    title = f"{found.design.name}: what can be had at once, against {found.design.start.name}"
    return {"front": trade_offs(found.tried, found.table, found.design.start.name, units, title, note)}


@click.command(
    short_help="Regret over plausible worlds, and where the ranking flips.",
    epilog="""\b
Examples:
  dgsim regret services-first foundations-first staged
  dgsim regret robust/results staged --worlds 512 --out regret
  dgsim regret reward-supply reward-use --outcome use --threshold 0.4 --format json""",
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SET...")
@click.option("--outcome", default="net_benefit", show_default=True, help="What is looked at.")
@click.option("--threshold", type=float, help="What the outcome must reach to satisfy, in its unit.")
@click.option("--worlds", type=int, default=0, help="Draw so many worlds within the sets.  [default: the sets]")
@replications(4, "Runs in every world.")
@COMMON
def regret(scenarios: tuple[str, ...], out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Run the scenarios of a SET, names, files or folders of files, in many plausible worlds.

    Tells how far each falls behind the best of the set in the same world, how often it is best and satisfies, and in
    which worlds another overtakes the one with the least regret (PRIM; needs the extra analysis).
    """
    from dgsim.decide.regret import regret as regretted
    from dgsim.show.terminal.decide import regret_table

    _check(out)
    with progress_told("regret", quiet) as progress:
        found = regretted(scenarios, progress=progress, **options)
    tables = {"regrets": found.regrets, "worlds": found.worlds, "flips": found.boxes}
    _folder(out, found.basis, tables, lambda note: _regret_figures(found, note), quiet)
    heading = f"Regret in {found.outcome}, {found.quarter}, over {len(found.worlds)} worlds"
    render = lambda: regret_table(found.regrets, found.unit, found.sentences, heading)  # noqa: E731
    print_results(form, quiet, found.regrets, render)


def _regret_figures(found: Any, note: str) -> dict[str, Figure]:
    from dgsim.decide.words import outcome_label
    from dgsim.show.figures.boxes import box_of_assumptions
    from dgsim.show.figures.regret import regret_figure

    about = f"Regret in {outcome_label(found.outcome)}, {found.quarter}: what the best of the set has more"
    figures = {"regret": regret_figure(found.regrets, found.behind(), found.unit, about, note)}
    for flip in found.flips:
        if flip.box is not None:
            figures[f"flip-{flip.rival}"] = box_of_assumptions(
                *(flip.points, flip.ahead, flip.box.limits, flip.labels, flip.sentence, note, flip.heights(found.unit)),
                meanings=(f"{flip.leader} ahead", f"{flip.rival} ahead"),
            )
    return figures


def _bars(found: Any, note: str) -> Iterator[tuple[str, Figure]]:
    from dgsim.decide.words import outcome_label
    from dgsim.show.figures.waterfall import province_waterfall, waterfall

    outcome = outcome_label(found.outcome)
    title = f"Why {outcome} under {found.scenario} ends elsewhere than under {found.baseline}, {found.quarter}"
    names = (found.baseline, found.scenario)
    yield f"waterfall-{found.outcome}", waterfall(found.contributions, found.level, names, found.unit, title, note)
    if found.provinces is not None:
        about = f"Who gains {outcome} through what, {found.scenario} against {found.baseline}, {found.quarter}"
        yield f"provinces-{found.outcome}", province_waterfall(found.provinces, found.unit, about, note)


def _matrix(found: Any, note: str) -> Figure:
    from dgsim.decide.words import outcome_label
    from dgsim.show.figures.precedences import precedence_matrix

    title = f"{found.scenario}: what one item before another does to {outcome_label(found.outcome)} in {found.quarter}"
    return precedence_matrix(found.precedences, found.labels, found.unit, title, note)


def _map(found: Any, note: str) -> dict[str, Figure]:
    from dgsim.decide.constraints import NAMES
    from dgsim.show.figures.label_map import label_map

    polygons = found.basis.country.geometry()
    if polygons is None:
        return {}
    title = f"What binds each province under {found.scenario}, by its gain in {found.stock} in {found.quarter}"
    labels = found.labels.rename(columns={"binds": "label"})
    return {"map": label_map(labels, polygons, NAMES, title, note, ("not clearly ahead of the next", "no clear gain"))}


def _check(out: Path | None) -> None:
    from dgsim.show.files.folder import check_folder

    if out is not None:
        check_folder(out)


def _folder(
    out: Path | None,
    basis: Basis,
    tables: Mapping[str, pd.DataFrame],
    figures: Callable[[str], Mapping[str, Figure]],
    quiet: bool,
    plans: Mapping[str, Any] | None = None,
) -> None:
    """Tables, figures, scenarios and run.json into a folder, if one is asked for."""
    if out is None:
        return
    from dgsim.show.figures.style import saver
    from dgsim.show.files.folder import table_writers, text_writer, write_folder
    from dgsim.study.record import caption, run_record

    note = caption(basis)
    writers = table_writers(tables)
    for name, figure in figures(note).items():
        writers |= {f"figure-{name}.{ending}": saver(figure, note) for ending in ("png", "svg")}
    writers |= {f"{plan.name}.toml": text_writer(plan.to_toml()) for plan in (plans or {}).values()}
    names = write_folder(out, writers, run_record(basis, click.get_current_context().obj))
    if not quiet:
        click.echo(f"{len(names)} files written into {out}", err=True)
