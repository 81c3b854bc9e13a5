"""The page of a report: tables and pictures filled into one template; every text from a file is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from dgsim.numbers import difference_texts, difference_unit_text, fixed_text, interval_text, number_text, unit_text
from dgsim.reports.content import Content, Told, held_in_sets
from dgsim.scenario.difference import parent_said
from dgsim.scenario.naming import file_name
from dgsim.show.figures import style
from dgsim.show.figures.land import land_of
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.outcomes import differences_over_time, differences_with_intervals, outcomes_over_time
from dgsim.show.figures.waterfall import waterfall
from dgsim.show.rows import rows_of
from dgsim.show.terminal.money import money_lines
from dgsim.show.terminal.tables import SIGNS
from dgsim.study.catalogue import STOCKS, outcome_catalogue
from dgsim.texts import Words, words
from dgsim.texts.clauses import clause
from dgsim.texts.labels import outcome_label, wanted_label, within

MOST_SAID = 240  # letters of what differs that are said again beside a part


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
    w = words(report.language)
    scope = w("header.scope")
    return environment.get_template("page.html").render(
        report=report,
        w=w,
        scope=scope[0].upper() + scope[1:],
        country=report.country,
        caption=report.caption,
        label=outcome_label(report.outcome, w),
        label_within=within(outcome_label(report.outcome, w)),
        label_unit=w.of(unit_text(report.about.unit)),
        scenarios=[(run.scenario, parent_said(run.scenario).text(w)) for run in report.comparison.simulations],
        headline=list(_headline(report, w)),
        rule=[said.text(w) for said in report.comparison.rule_said()],
        over_time=_over_time(report, w),
        difference_over_time=_difference_over_time(report, w),
        differences=_differences(report, w),
        map=_map(report, w),
        money=list(money_lines(report.comparison.money, w).items()),
        told=[(one, _why(report, one, w), list(_assumption_rows(one, w))) for one in report.told],
        validation=_validation(report.validation, w),
        identity=[(w(f"report.id_{name.replace(' ', '_')}"), value) for name, value in report.identity.items()],
        files=[(file_name(run.scenario.name), run.scenario.to_toml()) for run in report.comparison.simulations],
    )


def _headline(report: Content, w: Words) -> Iterator[dict[str, Any]]:
    """A row an outcome: the baseline's level and every other scenario's difference in the last quarter."""
    comparison = report.comparison
    levels = _at(comparison.levels, report.quarter).loc[comparison.baseline]
    differences = _at(comparison.differences, report.quarter)
    for about in rows_of(outcome_catalogue()):
        cells = [_cell(differences.loc[(told.scenario.name, about.outcome)], about.unit, w) for told in report.told]
        yield {
            "label": w.of(about.label),
            "main": about.outcome == report.outcome,
            "wanted": wanted_label(about.direction, w),
            "unit": w.of(unit_text(about.unit)),
            "level": number_text(levels.loc[about.outcome, "mean"], about.unit, language=w.language),
            "cells": cells,
        }


def _at(table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    last = table[table["quarter"] == quarter]
    return last.astype({"scenario": str, "outcome": str}).set_index(["scenario", "outcome"])


def _cell(row: pd.Series, unit: str, w: Words) -> Cell:
    verdict, ends = str(row["verdict"]), (float(row["low"]), float(row["high"]))
    return Cell(
        *difference_texts(float(row["difference"]), ends, unit, w("reason.range"), language=w.language),
        SIGNS[verdict].strip(),
        w(f"mark.{verdict}") if verdict else "",
    )


def _catalogue(w: Words) -> pd.DataFrame:
    """The outcomes with their labels in a language."""
    table = outcome_catalogue()
    return table.assign(label=[w.of(label) for label in table["label"]])


def _over_time(report: Content, w: Words) -> Picture:
    catalogue = _catalogue(w)
    figure = outcomes_over_time(report.comparison.levels, catalogue, report.caption, w)
    names = ", ".join(report.comparison.scenarios)
    return _picture(figure, report, w("report.alt_time", names=names, count=len(catalogue)))


def _difference_over_time(report: Content, w: Words) -> Picture:
    """The outcome that the page is about."""
    comparison, catalogue = report.comparison, _catalogue(w)
    about = catalogue[catalogue["outcome"] == report.outcome]
    figure = differences_over_time(comparison.differences, about, report.caption, comparison.scenarios, w)
    return _picture(figure, report, w("report.alt_difference"))


def _differences(report: Content, w: Words) -> Picture:
    comparison = report.comparison
    figure = differences_with_intervals(comparison.differences, _catalogue(w), report.caption, comparison.scenarios, w)
    return _picture(figure, report, w("report.alt_differences"))


def _map(report: Content, w: Words) -> Picture | None:
    """The outcome by province, where provinces have a stock of its name and the country has polygons."""
    country = report.comparison.country
    land = land_of(country, w)
    if land is None or report.outcome not in STOCKS:
        return None
    means = report.comparison.tables()["provinces"]
    last = means[means["quarter"] == report.quarter]
    own = dict(zip(country.names, w.own(country, "names"), strict=True))
    values = last[["scenario", "province_code", "province"]].assign(value=last[report.outcome])
    values["province"] = [own[name] for name in values["province"]]
    unit = report.about.unit
    label = outcome_label(report.outcome, w)
    title = w("report.map_title", outcome=label, quarter=report.quarter, unit=w.of(unit_text(unit)))
    ends = " ".join(_ends(rows, str(name), unit, w) for name, rows in values.groupby("scenario", observed=True))
    return _picture(province_map(values, land, title, unit, report.caption, w), report, ends)


def _ends(rows: pd.DataFrame, name: str, unit: str, w: Words) -> str:
    known = rows.dropna(subset="value").sort_values("value")
    low, high = (
        f"{row.province} {number_text(row.value, unit, language=w.language)}" for row in rows_of(known.iloc[[0, -1]])
    )
    return w("report.alt_map", name=name, low=low, high=high)


def _why(report: Content, told: Told, w: Words) -> dict[str, Any] | None:
    """The attribution of one difference: a sentence, a picture, a table."""
    found = told.why
    if found is None:
        return None
    names = {"policy": found.scenario, "baseline": found.baseline, "quarter": found.quarter}
    title = w("reason.title", outcome=within(outcome_label(report.outcome, w)), **names)
    table = found.contributions.assign(group=[found.label(name).text(w) for name in found.contributions["group"]])
    ends = (found.baseline, found.scenario)
    figure = waterfall(table, found.level, ends, found.unit, title, report.caption, w)
    rows = [
        {"group": row.group, "contribution": size, "interval": interval, "says": _briefly(found.says(name, w), w)}
        for name, row in zip(found.contributions["group"], rows_of(table), strict=True)
        for size, interval in [
            difference_texts(row.contribution, (row.low, row.high), found.unit, w("reason.range"), language=w.language)
        ]
    ]
    return {
        "text": found.text(report.language),
        "picture": _picture(figure, report, found.text(report.language)),
        "unit": w.of(difference_unit_text(found.unit)),
        "runs": found.basis.replications,
        "rows": rows,
    }


def _briefly(sentences: Sequence[str], w: Words) -> str:
    """What differs, unless it is long."""
    text = w("list.semicolon").join(sentences)
    return text if len(text) <= MOST_SAID else w("report.listed")


def _assumption_rows(told: Told, w: Words) -> Iterator[dict[str, str]]:
    for row in rows_of(told.assumptions):
        yield {
            "label": w.of(row.label),
            "name": row.parameter,
            "goes": fixed_text(row.rank_correlation, 2, signed=True, language=w.language),
            "clear": w("report.is_clear" if row.clear else "report.is_chance"),
            "low": f"{row.low_third:.0%}",
            "high": f"{row.high_third:.0%}",
        }


def _validation(table: pd.DataFrame | None, w: Words) -> dict[str, Any] | None:
    """How many claims hold, by group, and those that do not."""
    if table is None:
        return None
    claimed = table[table["holds"] != ""]
    groups = [
        (w.of(str(group)), int((rows["holds"] == "yes").sum()), len(rows))
        for group, rows in claimed.groupby("group", sort=False)
    ]
    failed = [(w.of(row.group), w.of(row.claim), _found(row, w)) for row in rows_of(claimed[claimed["holds"] == "no"])]
    directions = [
        (w.of(row.claim), _found(row, w), w.of(str(row.holds or row.role)))
        for row in rows_of(table[table["share"].notna()])
    ]
    told = {"groups": groups, "failed": failed, "directions": directions}
    return {"held": int((claimed["holds"] == "yes").sum()), "all": len(claimed), **told}


def _found(row: Any, w: Words) -> str:
    """In how many sets a direction comes out; of a figure, what was observed and what the model has."""
    if pd.notna(row.share):
        return clause("report.in_sets", **held_in_sets(row.share)).text(w)
    model, unit = number_text(row.model, row.unit, language=w.language), w.of(unit_text(row.unit))
    if pd.notna(row.low):
        model = interval_text(row.low, row.high, row.unit, w("reason.range"), language=w.language)
    if pd.isna(row.observed):
        return w("report.model_alone", model=model, unit=unit)
    observed = number_text(row.observed, row.unit, language=w.language)
    return w("report.seen", observed=observed, model=model, unit=unit)


def _picture(figure: Figure, report: Content, alt: str) -> Picture:
    """A figure as SVG within the page: an image of its own, so that no identifier meets another's."""
    drawn = base64.b64encode(style.svg_bytes(figure, report.caption)).decode()
    return Picture(f"data:image/svg+xml;base64,{drawn}", f"{style.title_of(figure)}. {alt}")
