"""What a report tells, as sections: the same sentences, numbers and figures for every kind of file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dgsim.numbers import difference_unit_text, interval_text, number_text, unit_text
from dgsim.reports.aims import targets_blocks
from dgsim.reports.blocks import (
    Block,
    Bullets,
    Cell,
    Document,
    Fold,
    Head,
    Lines,
    Paragraph,
    Picture,
    Row,
    Run,
    Section,
    Subheading,
    Table,
    count_cell,
    difference_cell,
    level_cell,
    percent_cell,
    said,
)
from dgsim.reports.content import Content, Told, held_in_sets
from dgsim.reports.worth import appraisal_blocks, gains_blocks
from dgsim.scenario.difference import parent_said
from dgsim.scenario.naming import file_name
from dgsim.show.figures import style
from dgsim.show.figures.land import land_of
from dgsim.show.figures.maps import province_map
from dgsim.show.figures.outcomes import differences_over_time, differences_with_intervals, outcomes_over_time
from dgsim.show.figures.waterfall import waterfall
from dgsim.show.rows import rows_of
from dgsim.show.terminal.money import amount_text, money_lines
from dgsim.show.terminal.tables import SIGNS
from dgsim.study.catalogue import STOCKS, outcome_catalogue
from dgsim.texts import Words, words
from dgsim.texts.clauses import clause
from dgsim.texts.labels import outcome_in, outcome_label, outcome_to, wanted_label, within

MOST_SAID = 240  # letters of what differs that are said again beside a part


def document(report: Content) -> Document:
    """The report, whole."""
    w = words(report.language)
    return Document(
        language=report.language,
        title=report.title,
        about=w("report.country", country=report.country, quarter=report.quarter, scope=_scope(w)),
        question=report.question,
        answers=tuple(_answers(report, w)),
        sections=tuple(_sections(report, w)),
        caption=report.caption,
        version=report.identity["dgsim"],
    )


def renamed(drawn: Document, report: Content) -> Document:
    """The report as it was drawn before, where only the file that its own command writes is another."""
    *others, _ = drawn.sections
    return replace(drawn, sections=(*others, _again_section(report, words(report.language))))


def _sections(report: Content, w: Words) -> Iterator[Section]:
    yield _section("scenarios", w("report.scenarios"), _scenarios(report, w))
    title = w("report.outcomes_in", quarter=report.quarter)
    yield _section("outcomes", title, _outcomes(report, w), w("about.outcomes"), new_page=True)
    yield _section("figures", w("report.figures"), _over_time(report, w))
    if maps := tuple(_map(report, w)):
        yield _section("map", w("figure.provinces"), maps)
    yield _section("money", w("report.money"), _money(report, w))
    yield _section("appraisal", w("report.appraisal"), appraisal_blocks(report.appraisal, w), new_page=True)
    yield _section("gains", w("report.gains"), gains_blocks(report.appraisal, w))
    if report.chances is not None:
        yield _section("targets", w("report.targets"), targets_blocks(report.chances, w))
    yield _section("why", w("report.why_differ"), _why(report, w), w("word.why"), new_page=True)
    yield _section("trust", w("report.trust"), _trust(report, w))
    yield _section("assumptions", w("report.assumptions"), _assumptions(report, w))
    yield _again_section(report, w)


def _section(
    key: str, title: str, blocks: Iterator[Block] | Sequence[Block], short: str = "", new_page: bool = False
) -> Section:
    return Section(key, title, short or title, tuple(blocks), new_page)


def _again_section(report: Content, w: Words) -> Section:
    return _section("again", w("report.again"), _again(report, w))


def _scope(w: Words) -> str:
    scope = w("header.scope")
    return scope[0].upper() + scope[1:]


def _answers(report: Content, w: Words) -> Iterator[Paragraph]:
    """The outcome and its unit, the answer a scenario, and what stands beside it."""
    unit = w.of(unit_text(report.about.unit))
    yield Paragraph((Run(outcome_to(report.outcome, report.quarter, w), "strong"), Run(f" ({unit}).")))
    for told in report.told:
        yield said(told.answer)
        yield from (said(sentence, note=True) for sentence in told.beside)


def _scenarios(report: Content, w: Words) -> Iterator[Block]:
    """Each scenario: its own question, and how it differs from the baseline, in words."""
    for number, run in enumerate(report.comparison.simulations):
        scenario, parent = run.scenario, parent_said(run.scenario).text(w)
        yield Subheading(scenario.name + ("" if number else w("report.is_baseline")))
        if scenario.question:
            yield said(w.of(scenario.question))
        if number:
            yield from _differs(report.told[number - 1].differences, report.comparison.baseline, w)
        elif parent:
            yield said(w("report.extends", parent=parent))


def _differs(differences: Sequence[str], baseline: str, w: Words) -> Iterator[Block]:
    if not differences:
        yield said(w("report.same_as", baseline=baseline))
        return
    yield said(w("report.against", baseline=baseline))
    yield Bullets(tuple(map(said, differences)))


def _outcomes(report: Content, w: Words) -> Iterator[Block]:
    """A row an outcome: the baseline's level and every other scenario's difference in the last quarter."""
    comparison = report.comparison
    marks = "; ".join(w(key) for key in ("note.marks", "note.points", "note.bvnd", "note.money_to"))
    notes = (
        w("report.table", baseline=comparison.baseline, count=comparison.replications),
        f"{marks}.",
        *(rule.text(w) for rule in comparison.rule_said()),
    )
    scenarios = (Head(name, number=True) for name in comparison.scenarios)
    heads = (Head(w("word.outcome"), below=w("word.unit")), *scenarios)
    yield Table(w("about.outcomes"), notes, heads, tuple(_outcome_rows(report, w)))
    figure = differences_with_intervals(
        comparison.differences, outcome_catalogue(), report.caption, comparison.scenarios, w
    )
    yield _picture(figure, w("report.alt_differences"))


def _outcome_rows(report: Content, w: Words) -> Iterator[Row]:
    comparison = report.comparison
    levels = _at(comparison.levels, report.quarter).loc[comparison.baseline]
    differences = _at(comparison.differences, report.quarter)
    for about in rows_of(outcome_catalogue()):
        wanted = wanted_label(about.direction, w)
        unit = w.of(unit_text(about.unit)) + (f"; {wanted}" if wanted else "")
        cells = (
            Cell(outcome_to(about.outcome, report.quarter, w), unit),
            level_cell(levels.loc[about.outcome, "mean"], about.unit, w),
            *(_judged(differences.loc[(told.scenario.name, about.outcome)], about.unit, w) for told in report.told),
        )
        yield Row(cells, "main" if about.outcome == report.outcome else "")


def _at(table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    last = table[table["quarter"] == quarter]
    return last.astype({"scenario": str, "outcome": str}).set_index(["scenario", "outcome"])


def _judged(row: pd.Series, unit: str, w: Words) -> Cell:
    verdict, ends = str(row["verdict"]), (float(row["low"]), float(row["high"]))
    meaning = w(f"mark.{verdict}") if verdict else ""
    return difference_cell(float(row["difference"]), ends, unit, w, SIGNS[verdict].strip(), meaning)


def _over_time(report: Content, w: Words) -> Iterator[Picture]:
    """The difference in the outcome that the report is about, and all outcomes."""
    comparison, catalogue = report.comparison, outcome_catalogue()
    about = catalogue[catalogue["outcome"] == report.outcome]
    figure = differences_over_time(comparison.differences, about, report.caption, comparison.scenarios, w)
    yield _picture(figure, w("report.alt_difference"))
    figure = outcomes_over_time(comparison.levels, catalogue, report.caption, w)
    yield _picture(figure, w("report.alt_time", names=", ".join(comparison.scenarios), count=len(catalogue)))


def _map(report: Content, w: Words) -> Iterator[Picture]:
    """The outcome by province, where provinces have a stock of its name and the country has polygons."""
    country = report.comparison.country
    land = land_of(country, w)
    if land is None or report.outcome not in STOCKS:
        return
    means = report.comparison.tables()["provinces"]
    last = means[means["quarter"] == report.quarter]
    own = dict(zip(country.names, w.own(country, "names"), strict=True))
    values = last[["scenario", "province_code", "province"]].assign(value=last[report.outcome])
    values["province"] = [own[name] for name in values["province"]]
    unit = report.about.unit
    label = outcome_label(report.outcome, w)
    title = w("report.map_title", outcome=label, quarter=report.quarter, unit=w.of(unit_text(unit)))
    ends = " ".join(_ends(rows, str(name), unit, w) for name, rows in values.groupby("scenario", observed=True))
    yield _picture(province_map(values, land, title, unit, report.caption, w), ends, narrow=True)


def _ends(rows: pd.DataFrame, name: str, unit: str, w: Words) -> str:
    known = rows.dropna(subset="value").sort_values("value")
    low, high = (
        f"{row.province} {number_text(row.value, unit, language=w.language)}" for row in rows_of(known.iloc[[0, -1]])
    )
    return w("report.alt_map", name=name, low=low, high=high)


def _money(report: Content, w: Words) -> Iterator[Block]:
    """A table a payer: its lines from plan to outturn, and what the outturn is made of."""
    yield said(w("note.money"), note=True)
    heads = (Head(w("head.bvnd")), *(Head(name, number=True) for name in report.comparison.scenarios))
    for payer, lines in money_lines(report.comparison.money, w).items():
        rows = tuple(
            Row(
                (
                    Cell(f"= {line.label}" if line.is_total else line.label),
                    *(_money_cell(bvnd, line.signed, w) for bvnd in line.bvnd),
                ),
                "total" if line.is_total else "",
            )
            for line in lines
        )
        note = w("report.money_of", payer=payer, count=report.comparison.replications)
        yield Table(payer, (note,), heads, rows)


def _money_cell(bvnd: float, signed: bool, w: Words) -> Cell:
    return Cell(amount_text(bvnd, signed, w), amount=count_cell(bvnd, w, signed=signed).amount)


def _why(report: Content, w: Words) -> Iterator[Block]:
    yield said(f"{w('reason.about')} {w('report.why_note')}", note=True)
    for told in report.told:
        yield Subheading(told.scenario.name)
        yield from _attribution(report, told, w) if told.why else (said(_nothing(report, told, w)),)


def _nothing(report: Content, told: Told, w: Words) -> str:
    """Why there is nothing to explain: the two are the same, or nothing in which they differ is in force yet."""
    return w("report.nothing_yet", quarter=report.quarter) if told.differences else w("report.nothing")


def _attribution(report: Content, told: Told, w: Words) -> Iterator[Block]:
    """The attribution of one difference: a sentence, a picture, a table."""
    found = told.why
    assert found is not None
    names = {"policy": found.scenario, "baseline": found.baseline, "quarter": found.quarter}
    title = w("reason.title", outcome=outcome_in(report.outcome, found.quarter, w), **names)
    table = found.contributions.assign(group=[found.label(name).text(w) for name in found.contributions["group"]])
    ends = (found.baseline, found.scenario)
    figure = waterfall(table, found.level, ends, found.unit, title, report.caption, w)
    yield said(found.text(report.language))
    yield _picture(figure, found.text(report.language))
    rows = [
        Row(
            (
                Cell(row.group),
                difference_cell(row.contribution, (row.low, row.high), found.unit, w),
                Cell(_briefly(found.says(name, w), w)),
            )
        )
        for name, row in zip(found.contributions["group"], rows_of(table), strict=True)
    ]
    rows[-1] = Row(rows[-1].cells, "total")
    unit = w.of(difference_unit_text(found.unit))
    note = w("report.why_table", unit=unit, count=found.basis.replications)
    heads = (Head(w("head.group")), Head(w("head.part"), number=True), Head(w("head.differs")))
    yield Table(f"{w('word.why')}: {found.scenario}", (note,), heads, tuple(rows))


def _briefly(sentences: Sequence[str], w: Words) -> str:
    """What differs, unless it is long."""
    text = w("list.semicolon").join(sentences)
    return text if len(text) <= MOST_SAID else w("report.listed")


def _trust(report: Content, w: Words) -> Iterator[Block]:
    """How many claims hold, by group, and those that do not."""
    yield said(w("report.scope", scope=_scope(w)))
    if report.validation is None:
        yield said(w("report.no_validation"))
        return
    claimed = report.validation[report.validation["holds"] != ""]
    holding = w("report.hold", count=int((claimed["holds"] == "yes").sum()))
    all_of_them = w("report.held", all=len(claimed))
    yield Paragraph((Run(f"{all_of_them} "), Run(holding, "strong"), Run(f" {w('report.over_sets')}")))
    yield _claims_by_group(claimed, w)
    yield Fold(w("report.failed"), (_failed(claimed, w),), open=True)
    yield Fold(w("report.directions"), (_directions(report.validation, w),))


def _claims_by_group(claimed: pd.DataFrame, w: Words) -> Table:
    rows = tuple(
        Row((Cell(w.of(str(group))), *(count_cell(count, w) for count in ((rows["holds"] == "yes").sum(), len(rows)))))
        for group, rows in claimed.groupby("group", sort=False)
    )
    heads = (Head(w("report.against_what")), *(Head(w(f"report.{key}"), number=True) for key in ("holding", "of")))
    return Table(w("report.claims"), (w("report.claims"),), heads, rows)


def _failed(claimed: pd.DataFrame, w: Words) -> Bullets:
    return Bullets(
        tuple(
            Paragraph((Run(f"{w.of(row.claim)}: {_found(row, w)} "), Run(f"({w.of(row.group)})", "note")))
            for row in rows_of(claimed[claimed["holds"] == "no"])
        )
    )


def _directions(table: pd.DataFrame, w: Words) -> Table:
    rows = tuple(
        Row((Cell(w.of(row.claim)), Cell(_found(row, w)), Cell(w.of(str(row.holds or row.role)))))
        for row in rows_of(table[table["share"].notna()])
    )
    heads = (Head(w("head.claim")), Head(w("report.comes_out"), number=True), Head(w("head.holds")))
    return Table(w("report.directions"), (w("report.nine_in_ten"),), heads, rows)


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


def _assumptions(report: Content, w: Words) -> Iterator[Block]:
    comparison = report.comparison
    about = {"outcome": within(outcome_to(report.outcome, report.quarter, w)), "count": len(comparison.parameters)}
    heads = (
        Head(w("report.assumption"), below=w("about.name")),
        Head(w("report.rank"), number=True),
        Head(w("head.clear")),
        Head(w("report.low_third"), number=True),
        Head(w("report.high_third"), number=True),
    )
    for told in report.told:
        name = told.scenario.name
        title = w("report.title", others=name, baseline=comparison.baseline)
        yield Subheading(title)
        if told.assumptions.empty:
            yield said(w("report.too_few"))
        else:
            note = w("report.assumed", scenario=name, **about)
            title = f"{w('report.assumptions')}: {name}"
            yield Table(title, (note,), heads, tuple(_assumption_rows(told, w)))


def _assumption_rows(told: Told, w: Words) -> Iterator[Row]:
    for row in rows_of(told.assumptions):
        yield Row(
            (
                Cell(w.of(row.label), row.parameter),
                count_cell(row.rank_correlation, w, 2, signed=True),
                Cell(w("report.is_clear" if row.clear else "report.is_chance")),
                percent_cell(row.low_third),
                percent_cell(row.high_third),
            )
        )


def _again(report: Content, w: Words) -> Iterator[Block]:
    """The commands, what must be the same for the numbers to be, and the text of every scenario."""
    yield said(w("report.commands", version=report.identity["dgsim"]))
    yield Lines("\n".join(report.commands))
    runs = [Run(f"{w('report.identity')} ")]
    for name, value in report.identity.items():
        called = w(f"report.id_{name.replace(' ', '_')}")
        runs += [Run(f"{called} "), Run(value, "code"), Run("; ")]
    runs[-1] = Run(".")
    yield Paragraph(tuple(runs))
    for run in report.comparison.simulations:
        yield Fold(file_name(run.scenario.name), (Lines(run.scenario.to_toml()),))


def _picture(figure: Any, alt: str, narrow: bool = False) -> Picture:
    """A figure with its title and what more is told to those who do not see it."""
    return Picture(figure, f"{style.title_of(figure)}. {alt}", narrow)
