"""The figures of each finding, by name, in a language, with its caption below every one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from dgsim.appraisals.appraisal import LINE_BY
from dgsim.appraisals.items import ITEM
from dgsim.appraisals.places import FIFTH, PROVINCE
from dgsim.appraisals.said import later
from dgsim.cli.wording import assumption_name, own_names
from dgsim.decide.binding import label
from dgsim.decide.constraints import CONSTRAINT_NAMES
from dgsim.scenario import quarter_text
from dgsim.scenario.calendar import FIRST_YEAR
from dgsim.show.figures.behind import chances_behind, gains_of_levers
from dgsim.show.figures.boxes import box_of_assumptions
from dgsim.show.figures.front import trade_offs
from dgsim.show.figures.label_map import label_map
from dgsim.show.figures.land import land_of
from dgsim.show.figures.precedences import precedence_matrix
from dgsim.show.figures.regret import regret_figure
from dgsim.show.figures.targets import chances_figure
from dgsim.show.figures.waterfall import province_waterfall, waterfall
from dgsim.show.figures.worth import (
    cash_flow,
    fifth_bars,
    item_ratios,
    payback_curve,
    points_curve,
    tornado_figure,
    worth_map,
    worth_waterfall,
)
from dgsim.show.terminal.worth import line_label
from dgsim.study.record import caption
from dgsim.texts import ENGLISH, Words
from dgsim.texts.clauses import Fact, Stock
from dgsim.texts.labels import outcome_in, stock_label, within
from dgsim.world.tables import QUARTERS_PER_YEAR

if TYPE_CHECKING:
    from dgsim.appraisals.appraisal import Appraisal
    from dgsim.appraisals.targets.chances import Chances
    from dgsim.decide.behind import Behind
    from dgsim.decide.binding import Binding
    from dgsim.decide.discovery import Flip
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order_value import OrderValue
    from dgsim.decide.regret import Regret

Figures = dict[str, Figure]
PEOPLE = 1e3  # million people at a million VND each are so many bvnd


def _short(name: str, called: Fact, w: Words) -> str:
    """What figures call a group or a stock: in English by its name in the tables, which is short."""
    return name if w.language == ENGLISH else within(called.text(w))


def explanation_figures(found: Explanation, w: Words) -> Figures:
    """A waterfall of every outcome, and one by province where it was asked for."""
    figures: Figures = {}
    note, own = caption(found.basis, w.language), own_names(found.basis.country, w)
    for outcome in found.levels:
        one = found.only(outcome)
        about = {"policy": one.scenario, "baseline": one.baseline, "quarter": one.quarter}
        about |= {"outcome": outcome_in(outcome, one.quarter, w)}
        parts = one.contributions.assign(
            group=[_short(group, one.label(group), w) for group in one.contributions["group"]]
        )
        names, title = (one.baseline, one.scenario), w("reason.title", **about)
        figures[f"waterfall-{outcome}"] = waterfall(parts, one.level, names, one.unit, title, note, w)
        if one.provinces is not None:
            gains = one.provinces.assign(province=one.provinces["province"].map(own))
            figures[f"provinces-{outcome}"] = province_waterfall(gains, one.unit, w("figure.who", **about), note, w)
    return figures


def order_figures(found: OrderValue, w: Words) -> Figures:
    """A matrix of precedences of every outcome."""
    figures: Figures = {}
    labels = {name: found.items[name].text(w) for name in found.labels}
    note = caption(found.basis, w.language)
    for outcome in found.luck_shares:
        one, about = found.only(outcome), {"policy": found.scenario, "quarter": found.quarter}
        title = w("figure.precedences", outcome=outcome_in(outcome, found.quarter, w), **about)
        figures[f"precedences-{outcome}"] = precedence_matrix(one.precedences, labels, one.unit, title, note, w)
    return figures


def binding_figures(found: Binding, w: Words) -> Figures:
    """A map of what binds; none where the country has no polygons."""
    land = land_of(found.basis.country, w)
    if land is None:
        return {}
    about = {"policy": found.scenario, "quarter": found.quarter}
    title = w("heading.binding", stock=_short(found.stock, Stock(found.stock), w), **about)
    named = {name: within(label(name).text(w)) for name in CONSTRAINT_NAMES}
    labels = found.labels.assign(label=[named.get(name, name) for name in found.labels["binds"]])
    unclear = (w("bind.unsure"), w("figure.no_gain"))
    return {"map": label_map(labels, land, list(named.values()), title, caption(found.basis, w.language), unclear)}


def behind_figures(found: Behind, w: Words) -> Figures:
    """The chance of those left behind to be so, and what each lever gains them."""
    provinces, levers = found.in_words(w.language)
    stock = within(stock_label(found.stock, w))
    about = {"policy": found.scenario, "worst": str(found.worst), "stock": stock, "quarter": found.quarter}
    note = caption(found.basis, w.language)
    return {
        "behind": chances_behind(provinces, w("behind.figure", **about), note, w),
        "levers": gains_of_levers(levers, found.unit, w("behind.figure_levers", **about), note, w),
    }


def front_figures(found: Front, w: Words) -> Figures:
    """The trade-offs between the objectives."""
    start = found.design.start.name
    units = {objective.name: objective.unit for objective in found.design.objectives}
    title = w("figure.front", design=found.design.name, start=start)
    return {"front": trade_offs(found.tried, found.table, start, units, title, caption(found.basis, w.language), w)}


def target_figures(found: Chances, w: Words) -> Figures:
    """The chance of every plan to meet each target."""
    title = w("target.figure", count=str(found.basis.replications))
    return {"targets": chances_figure(found.records, title, caption(found.basis, w.language), w)}


def regret_figures(found: Regret, w: Words) -> Figures:
    """Regret by scenario, and where the ranking flips."""
    title = w("figure.regret", outcome=outcome_in(found.outcome, found.quarter, w))
    note = caption(found.basis, w.language)
    figures = {"regret": regret_figure(found.regrets, found.behind(), found.unit, title, note, w)}
    for flip in found.flips:
        if flip.box is not None:
            figures[f"flip-{flip.rival}"] = _flip_figure(flip, flip.box.limits, found.unit, note, w)
    return figures


def _flip_figure(flip: Flip, limits: pd.DataFrame, unit: str, note: str, w: Words) -> Figure:
    leads, overtakes = w("figure.ahead", name=flip.leader), w("figure.ahead", name=flip.rival)
    labels = {name: w.of(english) for name, english in flip.labels.items()}
    heights = flip.heights(unit).rename(f"{overtakes}, {w.of(unit)}")
    return box_of_assumptions(
        *(flip.points, flip.ahead, limits, labels, flip.clause.text(w), note, heights),
        meanings=(leads, overtakes),
        w=w,
    )


def appraisal_figures(found: Appraisal, w: Words) -> Figures:
    """What plans are worth, to whom, when, where, and on what it hangs; every caption says what is extrapolated."""
    note = f"{later(found).text(w)} {caption(found.basis, w.language)}"
    last = found.worths[0].quarters - 1
    about = {"baseline": found.baseline.name, "to": quarter_text(last)}
    figures: Figures = {}
    lines = found.accounts(LINE_BY)
    called = partial(line_label, w=w)
    for name, worth in zip(found.names, found.worths, strict=True):
        here = {"plan": name, **about}
        mine = lines[lines["plan"] == name]
        figures[f"waterfall-{name}"] = worth_waterfall(
            mine, name, found.baseline.name, w("figure.worth", **here), note, called, w
        )
        flows = found.flows[found.flows["plan"] == name]
        horizon = FIRST_YEAR + last // QUARTERS_PER_YEAR
        figures[f"cash-{name}"] = cash_flow(flows, horizon, w("figure.cash", **here), note, w)
        if found.items is not None:
            figures |= _item_figures(found, name, w)
        if found.swings is not None:
            swings = found.swings[found.swings["plan"] == name]
            whole = float(worth.lines().sum(axis=1).mean())
            title = w("figure.tornado", **here)
            figures[f"tornado-{name}"] = tornado_figure(swings, whole, title, note, partial(assumption_name, w=w), w)
    figures["payback"] = payback_curve(found.curve, w("figure.payback", **about), note, w)
    figures["points"] = points_curve(_points(found), w("figure.points", **about), note, str, w)
    return figures | _place_figures(found, about, note, w)


def _item_figures(found: Appraisal, name: str, w: Words) -> Figures:
    """Benefit-cost ratios of the items of one plan, of which mixed plans had runs of their own number."""
    items = found.accounts(ITEM)
    mine = items[items["plan"] == name]
    basis = replace(found.basis, replications=int(mine["replications"].iloc[0]))
    note = f"{later(found).text(w)} {caption(basis, w.language)}"
    about = {"baseline": found.baseline.name, "to": quarter_text(found.worths[0].quarters - 1)}
    title = w("figure.ratios", plan=name, **about)
    return {f"items-{name}": item_ratios(mine, title, note, lambda item: found.labels[item].text(w), w)}


def _points(found: Appraisal) -> pd.DataFrame:
    """Costs and points of use of every plan at its own prices and rates."""
    own = found.summary[found.summary["discount_rate"].isna() & found.summary["value_of_hour"].isna()]
    return own.rename(columns={"plan": "name"})


def _place_figures(found: Appraisal, about: dict[str, str], note: str, w: Words) -> Figures:
    """Who gains by fifth of income and, where the country has polygons, on a map."""
    fifths = found.accounts(FIFTH)
    fifths = fifths[fifths["name"].str.isdigit()]
    a_head = fifths["people"] * PEOPLE
    fifths = fifths.assign(low=fifths["low"] / a_head, high=fifths["high"] / a_head)
    figures: Figures = {"fifths": fifth_bars(fifths, w("figure.fifths", **about), note, w)}
    land = land_of(found.country, w)
    if land is not None:
        places = found.accounts(PROVINCE).dropna(subset="province_code")
        own = places["name"].map(own_names(found.country, w))
        values = places.assign(scenario=places["plan"], province=own, value=places["per_head"])
        figures["map"] = worth_map(values, land, w("figure.where", **about), note, w)
    return figures
