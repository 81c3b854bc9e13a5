"""The figures of each finding, by name, in a language, with its caption below every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from dgsim.cli.wording import own_names
from dgsim.decide.binding import label
from dgsim.decide.constraints import CONSTRAINT_NAMES
from dgsim.show.figures.boxes import box_of_assumptions
from dgsim.show.figures.front import trade_offs
from dgsim.show.figures.label_map import label_map
from dgsim.show.figures.land import land_of
from dgsim.show.figures.precedences import precedence_matrix
from dgsim.show.figures.regret import regret_figure
from dgsim.show.figures.waterfall import province_waterfall, waterfall
from dgsim.study.record import caption
from dgsim.texts import ENGLISH, Words
from dgsim.texts.clauses import Fact, Stock
from dgsim.texts.labels import outcome_label, within

if TYPE_CHECKING:
    from dgsim.decide.binding import Binding
    from dgsim.decide.discovery import Flip
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order_value import OrderValue
    from dgsim.decide.regret import Regret

Figures = dict[str, Figure]


def _outcome(name: str, w: Words) -> str:
    """An outcome as titles name it."""
    return within(outcome_label(name, w))


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
        about |= {"outcome": _outcome(outcome, w)}
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
        title = w("figure.precedences", outcome=_outcome(outcome, w), **about)
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


def front_figures(found: Front, w: Words) -> Figures:
    """The trade-offs between the objectives."""
    start = found.design.start.name
    units = {objective.name: objective.unit for objective in found.design.objectives}
    title = w("figure.front", design=found.design.name, start=start)
    return {"front": trade_offs(found.tried, found.table, start, units, title, caption(found.basis, w.language), w)}


def regret_figures(found: Regret, w: Words) -> Figures:
    """Regret by scenario, and where the ranking flips."""
    title = w("figure.regret", outcome=_outcome(found.outcome, w), quarter=found.quarter)
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
