"""The page of a report: tables and pictures filled into one template; every text from a file is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from dgsim.decide.words import explanation_text, outcome_label
from dgsim.numbers import difference_unit_text, interval_text, number_text, unit_text
from dgsim.reports.content import Content, Told
from dgsim.scenario import describe_parent
from dgsim.scenario.naming import file_name
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.outcomes import MAIN, differences_with_intervals, outcomes_over_time, style
from dgsim.show.figures.waterfall import waterfall
from dgsim.show.rows import rows_of
from dgsim.show.terminal.tables import BETTER, NEITHER, UNCLEAR, WORSE, mark
from dgsim.study.catalogue import outcome_catalogue
from dgsim.study.record import SCOPE
from dgsim.world.state import PANEL

MOST_SAID = 240  # letters of what differs that are said again beside a part
WORDS = {BETTER: "better", WORSE: "worse", UNCLEAR: "no clear difference", NEITHER: ""}
STOCKS = frozenset(PANEL.names or ())


class Picture(NamedTuple):
    """A figure inside the page, and what it shows for those who do not see it."""

    source: str
    alt: str


class Cell(NamedTuple):
    """A difference, its interval, and what it means."""

    difference: str
    interval: str
    sign: str
    meaning: str


def page(report: Content) -> str:
    """The report as HTML, the same bytes for the same runs."""
    loader = PackageLoader("dgsim.reports", "")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html").render(
        report=report,
        scope=SCOPE,
        label=outcome_label(report.outcome),
        label_unit=unit_text(report.about.unit),
        scenarios=[(run.scenario, describe_parent(run.scenario)) for run in report.comparison.simulations],
        headline=list(_headline(report)),
        over_time=_over_time(report),
        differences=_differences(report),
        map=_map(report),
        told=[(one, _why(report, one), list(_assumption_rows(one))) for one in report.told],
        validation=_validation(report.validation),
        files=[(file_name(run.scenario.name), run.scenario.to_toml()) for run in report.comparison.simulations],
    )


def _headline(report: Content) -> Iterator[dict[str, Any]]:
    """A row an outcome: the baseline's level and every other scenario's difference in the last quarter."""
    comparison = report.comparison
    levels = _at(comparison.levels, report.quarter).loc[comparison.baseline]
    differences = _at(comparison.differences, report.quarter)
    for about in rows_of(outcome_catalogue()):
        cells = [
            _cell(differences.loc[(told.scenario.name, about.outcome)], about.unit, about.direction)
            for told in report.told
        ]
        yield {
            "label": about.label,
            "main": about.outcome == report.outcome,
            "wanted": {"higher": "more is better", "lower": "less is better"}.get(about.direction, ""),
            "unit": unit_text(about.unit),
            "difference_unit": difference_unit_text(about.unit),
            "level": number_text(levels.loc[about.outcome, "mean"], about.unit),
            "cells": cells,
        }


def _at(table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    last = table[table["quarter"] == quarter]
    return last.astype({"scenario": str, "outcome": str}).set_index(["scenario", "outcome"])


def _cell(row: pd.Series, unit: str, direction: str) -> Cell:
    interval = interval_text(row["low"], row["high"], unit)
    nothing = not interval.strip("-0. to")
    sign = UNCLEAR if nothing else mark(row["difference"], row["low"], row["high"], direction)
    return Cell(
        number_text(row["difference"], unit, signed=True),
        interval,
        sign.strip(),
        WORDS[sign],
    )


def _over_time(report: Content) -> Picture:
    shown = dict.fromkeys([report.outcome, *MAIN])
    figure = outcomes_over_time(report.comparison.levels, outcome_catalogue(), report.caption, list(shown))
    names = ", ".join(report.comparison.scenarios)
    return _picture(figure, report, f"Lines with bands for {names}: {len(shown)} outcomes from the first quarter on.")


def _differences(report: Content) -> Picture:
    comparison = report.comparison
    figure = differences_with_intervals(
        comparison.differences, outcome_catalogue(), report.caption, comparison.scenarios
    )
    return _picture(figure, report, "The differences of the table above, as dots with their intervals.")


def _map(report: Content) -> Picture | None:
    """The outcome by province, where provinces have a stock of its name and the country has polygons."""
    polygons = report.comparison.country.geometry()
    if polygons is None or report.outcome not in STOCKS:
        return None
    means = report.comparison.tables()["provinces"]
    last = means[means["quarter"] == report.quarter]
    values = last[["scenario", "province_code", "province"]].assign(value=last[report.outcome])
    unit = report.about.unit
    title = f"{report.about.label} in {report.quarter}, {unit_text(unit)}: mean of replications"
    ends = " ".join(_ends(rows, str(name), unit) for name, rows in values.groupby("scenario", observed=True))
    return _picture(province_map(values, polygons, title, unit, report.caption), report, ends)


def _ends(rows: pd.DataFrame, name: str, unit: str) -> str:
    known = rows.dropna(subset="value").sort_values("value")
    low, high = (f"{row.province} {number_text(row.value, unit)}" for row in rows_of(known.iloc[[0, -1]]))
    return f"{name}: lowest {low}, highest {high}."


def _why(report: Content, told: Told) -> dict[str, Any] | None:
    """The attribution of one difference: a sentence, a picture, a table."""
    found = told.why
    if found is None:
        return None
    title = f"Why {outcome_label(report.outcome)} under {found.scenario} differs from {found.baseline}, {found.quarter}"
    figure = waterfall(
        found.contributions, found.level, (found.baseline, found.scenario), found.unit, title, report.caption
    )
    rows = [
        {
            "group": row.group,
            "contribution": number_text(row.contribution, found.unit, signed=True),
            "interval": interval_text(row.low, row.high, found.unit),
            "says": row.says if len(row.says) <= MOST_SAID else "as listed above",
        }
        for row in rows_of(found.contributions)
    ]
    return {
        "text": explanation_text(found),
        "picture": _picture(figure, report, explanation_text(found)),
        "unit": difference_unit_text(found.unit),
        "runs": found.basis.replications,
        "rows": rows,
    }


def _assumption_rows(told: Told) -> Iterator[dict[str, str]]:
    for row in rows_of(told.assumptions):
        yield {
            "label": row.label,
            "name": row.parameter,
            "goes": f"{row.rank_correlation:+.2f}",
            "clear": "yes" if row.clear else "may be chance",
            "low": f"{row.low_third:.0%}",
            "high": f"{row.high_third:.0%}",
        }


def _validation(table: pd.DataFrame | None) -> dict[str, Any] | None:
    """How many claims hold, by group, and those that do not."""
    if table is None:
        return None
    claimed = table[table["holds"] != ""]
    groups = [
        (str(group), int((rows["holds"] == "yes").sum()), len(rows))
        for group, rows in claimed.groupby("group", sort=False)
    ]
    failed = [(row.group, row.claim) for row in rows_of(claimed[claimed["holds"] == "no"])]
    return {"held": int((claimed["holds"] == "yes").sum()), "all": len(claimed), "groups": groups, "failed": failed}


def _picture(figure: Figure, report: Content, alt: str) -> Picture:
    """A figure as SVG within the page: an image of its own, so that no identifier meets another's."""
    drawn = base64.b64encode(style.svg_bytes(figure, report.caption)).decode()
    return Picture(f"data:image/svg+xml;base64,{drawn}", f"{style.title_of(figure)}. {alt}")
