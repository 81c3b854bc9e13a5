"""What each finding leaves in a folder: its tables, its figures, its scenarios and run.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from dgsim.appraisals.risk import enough
from dgsim.cli.figures import (
    Figures,
    appraisal_figures,
    behind_figures,
    binding_figures,
    explanation_figures,
    front_figures,
    order_figures,
    regret_figures,
    target_figures,
)
from dgsim.cli.wording import own_names
from dgsim.country import Country, load_country
from dgsim.engine.sets import load_parameters
from dgsim.files import PACKAGE
from dgsim.scenario import Scenario
from dgsim.show.figures.land import land_of
from dgsim.show.figures.outcomes import NO_MARKS
from dgsim.show.files.folder import Writer, table_writers, text_writer, write_folder
from dgsim.show.files.gallery import figure_writers, result_figures
from dgsim.show.files.package import About, package_text
from dgsim.study.catalogue import STOCKS, outcome_catalogue
from dgsim.study.compare import Comparison
from dgsim.study.record import Basis, Result, caption, run_record
from dgsim.study.simulate import Simulation
from dgsim.texts import Words

if TYPE_CHECKING:
    from dgsim.appraisals.appraisal import Appraisal
    from dgsim.appraisals.targets.chances import Chances
    from dgsim.decide.behind import Behind
    from dgsim.decide.binding import Binding
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order_value import OrderValue
    from dgsim.decide.regret import Regret

Tables = Mapping[str, pd.DataFrame]


def write_results(
    out: Path,
    result: Simulation | Comparison,
    quiet: bool,
    w: Words,
    drawn: Sequence[str] = (),
    slide: bool = False,
    marks: pd.DataFrame | None = None,
) -> None:
    """Write all tables and figures of a run or a comparison.

    Figures may be of some outcomes only, or as wide as a slide, and have targets marked.
    """
    land, tables, note = land_of(result.country, w), result.tables(), caption(result, w.language)
    own = tables["provinces"]["province"].astype(str).map(own_names(result.country, w))
    shown = {**tables, "provinces": tables["provinces"].assign(province=own)}
    figures = result_figures(shown, outcome_catalogue(), land, note, w, drawn, NO_MARKS if marks is None else marks)
    files = _table_files(tables, result.country) | figure_writers(figures, note, slide)
    _write(out, result, files, quiet, w, "" if land else w("done.no_map"))


def write_explanation(out: Path, found: Explanation, quiet: bool, w: Words) -> None:
    """Write why two scenarios differ."""
    tables = {name: getattr(found, name) for name in ("contributions", "interactions", "provinces", "channels")}
    known = {name: rows for name, rows in tables.items() if rows is not None}
    _write_finding(out, found, known, explanation_figures(found, w), quiet, w)


def write_order(out: Path, found: OrderValue, quiet: bool, w: Words) -> None:
    """Write what order is worth, and the best and the worst order as scenarios."""
    tables = {"value": found.value, "precedences": found.precedences, "orders": found.orders}
    figures = order_figures(found, w)
    _write_finding(out, found, tables, figures, quiet, w, found.plans.values())


def write_binding(out: Path, found: Binding, quiet: bool, w: Words) -> None:
    """Write what binds each province."""
    tables = {"labels": found.labels, "gains": found.gains, "national": found.national}
    _write_finding(out, found, tables, binding_figures(found, w), quiet, w)


def write_behind(out: Path, found: Behind, quiet: bool, w: Words) -> None:
    """Write who is left behind, why, and what helps."""
    tables = {name: getattr(found, name) for name in ("standings", "reasons", "gains", "levers", "by_province")}
    _write_finding(out, found, tables, behind_figures(found, w), quiet, w)


def write_front(out: Path, found: Front, quiet: bool, w: Words) -> None:
    """Write what was searched, and the scenarios that no other beats."""
    tables = {"front": found.table, "tried": found.tried}
    figures = front_figures(found, w)
    _write_finding(out, found, tables, figures, quiet, w, found.scenarios)


def write_regret(out: Path, found: Regret, quiet: bool, w: Words) -> None:
    """Write regret over worlds, and where the ranking flips."""
    tables = {"regrets": found.regrets, "worlds": found.worlds, "flips": found.boxes}
    _write_finding(out, found, tables, regret_figures(found, w), quiet, w)


def write_appraisal(out: Path, found: Appraisal, quiet: bool, w: Words) -> None:
    """Write what plans are worth, by all that it is told by."""
    tables = {by: found.accounts(by) for by in ("who", "what", "line", "year", "province", "region", "fifth")}
    tables |= {name: getattr(found, name) for name in ("summary", "flows", "curve", "horizons", "switching")}
    if found.items is not None:
        tables["item"] = found.items
    if found.swings is not None:
        tables["tornado"] = found.swings
    if enough(found.parameters, found.replications):
        tables["knowing"] = found.knowing
    _write_finding(out, found, tables, appraisal_figures(found, w), quiet, w)


def write_chances(out: Path, found: Chances, quiet: bool, w: Words) -> None:
    """Write the chances of plans to meet targets, the results framework, and what cannot be expressed."""
    tables = {
        "targets": found.records,
        "results_framework": found.framework,
        "not_expressed": found.not_expressed,
    }
    _write_finding(out, found, tables, target_figures(found, w), quiet, w)


def write_target_search(
    out: Path, found: pd.DataFrame, plans: Sequence[Scenario], options: Mapping[str, Any], quiet: bool, w: Words
) -> None:
    """Write what it would take to meet targets."""
    basis = Basis(
        tuple(plans),
        load_country(options["country"]),
        options["seed"],
        options["replications"],
        load_parameters(options["parameters"]),
    )
    _write(out, basis, _table_files({"target_search": found}, basis.country), quiet, w)


def _write_finding(
    out: Path, found: Any, tables: Tables, figures: Figures, quiet: bool, w: Words, scenarios: Iterable[Scenario] = ()
) -> None:
    files = _table_files(tables, found.basis.country) | figure_writers(figures, caption(found.basis, w.language))
    files |= {f"{scenario.name}.toml": text_writer(scenario.to_toml()) for scenario in scenarios}
    _write(out, found.basis, files, quiet, w)


def _table_files(tables: Tables, country: Country) -> dict[str, Writer]:
    """Every table with the provinces' own names, and what the columns are."""
    own = dict(zip(country.codes, country.names_vi or country.names, strict=True))
    named = {name: _with_own_names(table, own) for name, table in tables.items()}
    stocks = {field.name: About(field.unit, field.meaning) for field in STOCKS.values()}
    return table_writers(named) | {PACKAGE: text_writer(package_text(named, stocks))}


def _with_own_names(table: pd.DataFrame, own: Mapping[str, str]) -> pd.DataFrame:
    """The table with `province_vi` beside `province`, where it is about provinces."""
    if not {"province_code", "province"} <= set(table.columns):
        return table
    named = table.assign(province_vi=table["province_code"].astype(str).map(own))
    order = list(table.columns)
    order.insert(order.index("province") + 1, "province_vi")
    return named[order]


def _write(out: Path, result: Result, files: Mapping[str, Writer], quiet: bool, w: Words, note: str = "") -> None:
    names = write_folder(out, files, run_record(result, click.get_current_context().obj))
    if not quiet:
        click.echo(w("done.written", count=len(names), folder=out) + note, err=True)
