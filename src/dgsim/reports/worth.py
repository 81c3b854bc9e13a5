"""What a report tells of money beyond the plans' own horizon: what they are worth, and who gains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite

import pandas as pd
from matplotlib.figure import Figure

from dgsim.appraisals.appraisal import Appraisal
from dgsim.appraisals.said import later, notes, notes_of
from dgsim.numbers import fixed_text
from dgsim.reports.blocks import Amount, Block, Cell, Head, Picture, Row, Subheading, Table, percent_cell, said
from dgsim.scenario import START, quarter_text
from dgsim.show.figures import style
from dgsim.show.figures.land import land_of
from dgsim.show.figures.worth import fifth_bars, payback_curve, worth_map, worth_waterfall
from dgsim.show.rows import rows_of
from dgsim.show.terminal.worth import line_label
from dgsim.study.record import caption
from dgsim.texts import Words
from dgsim.texts.labels import outcome_to, worth_label

WHO, LINE, PROVINCE, REGION, FIFTH = "who", "line", "province", "region", "fifth"
MONEY = ("costs", "benefits", "transfers")
PEOPLE = 1e3  # million people at a million VND each are so many bvnd
NONE, TOTAL = "–", "total"


def appraisal_blocks(found: Appraisal, w: Words) -> Iterator[Block]:
    """A plan at a time: costs, benefits and transfers by who; then the same at other rates and values of an hour."""
    yield from (said(clause.text(w), note=True) for clause in notes(found))
    note, lines = _note(found, w), found.accounts(LINE)
    accounts = found.accounts(WHO)
    for number, plan in enumerate(found.names):
        about = {"plan": plan, "baseline": found.baseline.name, "to": _to(found)}
        yield Subheading(plan)
        heading = w("heading.worth", start=START, **about)
        rows = accounts[accounts["plan"] == plan]
        more = [clause.text(w) for clause in notes_of(found, number)]
        yield _accounts(
            rows, f"{w('report.appraisal')}: {plan}", (heading, *more), partial(line_label, w=w), _to(found), w
        )
        title, mine = w("figure.worth", **about), lines[lines["plan"] == plan]
        figure = worth_waterfall(mine, plan, found.baseline.name, title, note, partial(line_label, w=w), w)
        yield _picture(figure, heading)
    yield Subheading(w("heading.sides"))
    yield _sides(found, w)
    title = w("figure.payback", baseline=found.baseline.name, to=_to(found))
    yield _picture(payback_curve(found.curve, title, note, w), w("figure.band_runs"))


def gains_blocks(found: Appraisal, w: Words) -> Iterator[Block]:
    """Who gains: by region and by fifth of income, and on a map where the country has polygons."""
    about, note = {"baseline": found.baseline.name, "to": _to(found)}, _note(found, w)
    yield said(w("note.centre"), note=True)
    for by, called in ((FIFTH, _fifth(w)), (REGION, _region(found, w))):
        table = found.accounts(by)
        for plan in found.names:
            heading = w("heading.worth", plan=plan, start=START, **about)
            title = f"{w(f'report.by_{by}')}: {plan}"
            yield _accounts(table[table["plan"] == plan], title, (heading,), called, _to(found), w)
    yield _picture(fifth_bars(_fifths(found), w("figure.fifths", **about), note, w), w("note.centre"))
    land = land_of(found.country, w)
    if land is not None:
        provinces = found.accounts(PROVINCE).dropna(subset="province_code")
        own = dict(zip(found.country.names, w.own(found.country, "names"), strict=True))
        values = provinces.assign(
            scenario=provinces["plan"], province=provinces["name"].map(own), value=provinces["per_head"]
        )
        yield _picture(worth_map(values, land, w("figure.where", **about), note, w), w("note.centre"), narrow=True)


def _accounts(
    rows: pd.DataFrame, title: str, notes: tuple[str, ...], called: Callable[[str], str], to: str, w: Words
) -> Table:
    """The accounts of a plan: a row a part, and the total."""
    by_head = "per_head" in rows
    heads = (
        Head(w("report.part")),
        *(Head(worth_label(name, w), number=True) for name in MONEY),
        Head(outcome_to("net_benefit", to, w), number=True),
        Head(outcome_to("benefit_cost_ratio", to, w), number=True),
        Head(w("head.break_even")),
        Head(w("head.pays"), number=True),
        *((Head(w("head.per_head"), number=True),) if by_head else ()),
    )
    cells = (
        Row(
            (
                Cell(called(row.name)),
                *(_amount(getattr(row, name), 0, w) for name in MONEY),
                _amount(row.net_benefit, 0, w, (row.low, row.high)),
                _amount(row.benefit_cost_ratio, 1, w),
                Cell(w.quarter(row.break_even) if isinstance(row.break_even, str) else NONE),
                percent_cell(row.chance_to_pay),
                *((_amount(row.per_head, 2, w),) if by_head else ()),
            ),
            "total" if row.name == TOTAL else "",
        )
        for row in rows_of(rows)
    )
    return Table(title, notes, heads, tuple(cells))


def _amount(value: float, decimals: int, w: Words, ends: tuple[float, float] | None = None) -> Cell:
    """A number, its interval below it where it has one; a dash where it is missing."""
    if not isfinite(value):
        return Cell(NONE)
    below = ""
    if ends is not None and all(map(isfinite, ends)):
        low, high = (fixed_text(end, decimals, language=w.language) for end in ends)
        below = w("reason.range", low=low, high=high)
    return Cell(fixed_text(value, decimals, language=w.language), below, amount=Amount(value, decimals, ends=ends))


def _sides(found: Appraisal, w: Words) -> Table:
    """The total of every plan at each discount rate and value of an hour."""
    summary = found.summary
    hours = list(dict.fromkeys(None if pd.isna(hour) else float(hour) for hour in summary["value_of_hour"]))
    told = [
        w("worth.hour_own") if hour is None else w("worth.hour", hour=fixed_text(hour, 0, language=w.language))
        for hour in hours
    ]
    heads = (Head(w("target.plan")), Head(w("head.rate")), *(Head(one, number=True) for one in told))
    rows = []
    for plan in found.names:
        mine = summary[summary["plan"] == plan]
        for rate, here in mine.groupby("discount_rate", dropna=False, sort=False):
            called = w("worth.own") if pd.isna(rate) else f"{fixed_text(100 * float(rate), 0)}%"  # type: ignore[arg-type]
            cells = (_amount(row.net_benefit, 0, w, (row.low, row.high)) for row in rows_of(here))
            rows.append(Row((Cell(plan), Cell(called), *cells)))
    note = w("report.sides_note", baseline=found.baseline.name, to=_to(found))
    return Table(w("heading.sides"), (note,), heads, tuple(rows))


def _fifths(found: Appraisal) -> pd.DataFrame:
    """Net benefit a head by fifth of income, with its interval a head (million VND)."""
    table = found.accounts(FIFTH)
    table = table[table["name"].str.isdigit()]
    a_head = table["people"] * PEOPLE
    return table.assign(low=table["low"] / a_head, high=table["high"] / a_head)


def _fifth(w: Words) -> Callable[[str], str]:
    return lambda name: w("worth.fifth", number=name) if name.isdigit() else line_label(name, w)


def _region(found: Appraisal, w: Words) -> Callable[[str], str]:
    return lambda name: w.of(name) if name in found.country.region_names else line_label(name, w)


def _to(found: Appraisal) -> str:
    """The last quarter that is appraised."""
    return quarter_text(found.worths[0].quarters - 1)


def _note(found: Appraisal, w: Words) -> str:
    """The line below every figure: from when on it is extrapolated, and from which runs it is."""
    return f"{later(found).text(w)} {caption(found.basis, w.language)}"


def _picture(figure: Figure, alt: str, narrow: bool = False) -> Picture:
    return Picture(figure, f"{style.title_of(figure)}. {alt}", narrow)
