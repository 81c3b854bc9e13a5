"""The figures of each finding, by name; `note` is the line below every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from dgsim.decide.constraints import CONSTRAINT_NAMES
from dgsim.show.figures.boxes import box_of_assumptions
from dgsim.show.figures.front import trade_offs
from dgsim.show.figures.label_map import label_map
from dgsim.show.figures.precedences import precedence_matrix
from dgsim.show.figures.regret import regret_figure
from dgsim.show.figures.waterfall import province_waterfall, waterfall
from dgsim.texts import words
from dgsim.texts.labels import outcome_label, within

if TYPE_CHECKING:
    from dgsim.decide.binding import Binding
    from dgsim.decide.discovery import Flip
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.optimise import Front
    from dgsim.decide.order_value import OrderValue
    from dgsim.decide.regret import Regret

Figures = dict[str, Figure]


def _outcome(name: str) -> str:
    """An outcome as titles name it."""
    return within(outcome_label(name, words()))


def explanation_figures(found: Explanation, note: str) -> Figures:
    """A waterfall of every outcome, and one by province where it was asked for."""
    figures: Figures = {}
    for outcome in found.levels:
        one, label = found.only(outcome), _outcome(outcome)
        title = f"Why {label} under {one.scenario} ends elsewhere than under {one.baseline}, {one.quarter}"
        names = (one.baseline, one.scenario)
        figures[f"waterfall-{outcome}"] = waterfall(one.contributions, one.level, names, one.unit, title, note)
        if one.provinces is not None:
            about = f"Who gains {label} through what, {one.scenario} against {one.baseline}, {one.quarter}"
            figures[f"provinces-{outcome}"] = province_waterfall(one.provinces, one.unit, about, note)
    return figures


def order_figures(found: OrderValue, note: str) -> Figures:
    """A matrix of precedences of every outcome."""
    figures: Figures = {}
    for outcome in found.luck_shares:
        one = found.only(outcome)
        title = f"{one.scenario}: what one item before another does to {_outcome(outcome)} in {one.quarter}"
        figures[f"precedences-{outcome}"] = precedence_matrix(one.precedences, one.labels, one.unit, title, note)
    return figures


def binding_figures(found: Binding, note: str) -> Figures:
    """A map of what binds; none where the country has no polygons."""
    polygons = found.basis.country.geometry()
    if polygons is None:
        return {}
    title = f"What binds each province under {found.scenario}, by its gain in {found.stock} in {found.quarter}"
    labels = found.labels.rename(columns={"binds": "label"})
    unclear = ("not clearly ahead of the next", "no clear gain")
    return {"map": label_map(labels, polygons, CONSTRAINT_NAMES, title, note, unclear)}


def front_figures(found: Front, note: str) -> Figures:
    """The trade-offs between the objectives."""
    start = found.design.start.name
    units = {objective.name: objective.unit for objective in found.design.objectives}
    title = f"{found.design.name}: what can be had at once, against {start}"
    return {"front": trade_offs(found.tried, found.table, start, units, title, note)}


def regret_figures(found: Regret, note: str) -> Figures:
    """Regret by scenario, and where the ranking flips."""
    about = f"Regret in {_outcome(found.outcome)}, {found.quarter}: what the best of the set has more"
    figures = {"regret": regret_figure(found.regrets, found.behind(), found.unit, about, note)}
    for flip in found.flips:
        if flip.box is not None:
            figures[f"flip-{flip.rival}"] = _flip_figure(flip, flip.box.limits, found.unit, note)
    return figures


def _flip_figure(flip: Flip, limits: pd.DataFrame, unit: str, note: str) -> Figure:
    return box_of_assumptions(
        *(flip.points, flip.ahead, limits, flip.labels, flip.sentence, note, flip.heights(unit)),
        meanings=(f"{flip.leader} ahead", f"{flip.rival} ahead"),
    )
