"""Compare: policy against baseline on the same luck."""

from __future__ import annotations

import numpy as np
import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import Quarters, policy_controls
from dgsim.app.components.figures import Chart, Map, stamp_of
from dgsim.app.components.layout import heading, section
from dgsim.app.components.outcomes import Headlines, by_province
from dgsim.app.components.questions import Attribution
from dgsim.app.components.story import story_of
from dgsim.app.content import charts, differences
from dgsim.app.content.changes import change_lines
from dgsim.app.content.maps import shapes
from dgsim.app.content.names import shown_name
from dgsim.app.content.presets import sets_of
from dgsim.app.content.tables import curve_twin, province_twin
from dgsim.app.runs.cache import Pair
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.session import Session
from dgsim.numbers import difference_unit_text, shown
from dgsim.scenario import difference
from dgsim.scenario.calendar import quarter_text
from dgsim.show.figures.scale import difference_scale, level_scale
from dgsim.study.catalogue import STOCKS
from dgsim.study.compare import paired_interval
from dgsim.texts.labels import outcome_by_quarter, outcome_label, outcome_to, stock_label, within
from dgsim.world.tables import OUTCOMES


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    pair, stale, problem = use_pair(view)
    swap = {"kind": "button", "name": "swap", "label": w("compare.swap")}
    policy_controls(session, w("page.compare"), [swap])
    if problem:
        widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
    if pair is None:
        widgets.Waiting(text=w("waiting.first"))
        return
    with section("div", "dg-stale" if stale else "", []):
        Headlines(session, pair)
        Quarters(session)
        heading(w("compare.part"))
        Parting(session, pair)
        if by_province(view.outcome) != view.outcome:
            values = {"outcome": outcome_label(view.outcome, w), "shown": within(stock_label("use", w))}
            widgets.Prose(blocks=[{"kind": "note", "text": w("compare.national", **values)}])
        with section("div", "dg-two", []):
            DifferenceChart(session, pair)
            WhoGains(session, pair)
        Attribution(session)
        heading(w("compare.maps"))
        ThreeMaps(session, pair)
        story_of(session, pair)
        widgets.Table(table=differences.difference_table(pair, view, w).for_screen(w))
        heading(w("compare.policies"))
        lines = change_lines(difference(view.baseline, view.policy), w) or [w("compare.same_policy")]
        widgets.Prose(blocks=[{"kind": "list", "items": lines}])


@solara.component
def Parting(session: Session, pair: Pair) -> None:
    """Where the two first part."""
    view, w = session.view, session.words
    found = differences.parting(pair)
    text = w("compare.never_part")
    if found:
        quarter, outcome = quarter_text(found[0]), OUTCOMES[found[1]].outcome
        text = w("compare.first_part", quarter=quarter, outcome=outcome_to(outcome, quarter, w))
    names = {side: shown_name(one.name, w) for side, one in ((True, view.policy), (False, view.baseline))}
    turns = [
        w("compare.higher", name=names[policy], quarter=quarter_text(quarter))
        for quarter, policy in differences.leads(pair, view.outcome)
    ]
    outcome = outcome_by_quarter(view.outcome, w)
    turned = (
        w("compare.turns", outcome=outcome, turns=", ".join(turns)) if turns else w("compare.no_turn", outcome=outcome)
    )
    widgets.Prose(blocks=[{"kind": "text", "text": text}, {"kind": "text", "text": turned}])


@solara.component
def DifferenceChart(session: Session, pair: Pair) -> None:
    """The chosen outcome: paired difference over time with its interval, and the line of no difference."""
    view, w = session.view, session.words
    column, outcome = charts.column_and_outcome(view.outcome)
    interval = paired_interval(pair.difference[:, :, column])
    scale = shown(1.0, outcome.unit)
    mean, low, high = (interval[key] * scale for key in ("difference", "low", "high"))
    unit = charts.outcome_unit(outcome, w, difference=True)
    name = f"{shown_name(view.policy.name, w)} − {shown_name(view.baseline.name, w)}"
    curves = [(name, mean, np.stack([low, high]))]
    title = w("compare.difference", outcome=outcome_by_quarter(view.outcome, w), unit=unit)
    option = charts.lines_option([*curves, (w("compare.zero"), np.zeros_like(mean), None)], unit, view.at, against=1)
    Chart(
        session,
        widgets.Sent(option),
        title,
        w("compare.difference_note", count=pair.replications, seed=view.seed, sets=sets_of(view, w)),
        pair.replications,
        lambda: curve_twin(title, curves, w),
        stamp_of(pair),
        340,
    )


@solara.component
def WhoGains(session: Session, pair: Pair) -> None:
    """The provinces at the two ends of the difference in the chosen outcome, or in use where they do not have it."""
    view, w = session.view, session.words
    stock = by_province(view.outcome)
    values = pair.policy.stock(stock)[view.at] - pair.baseline.stock(stock)[view.at]
    unit = STOCKS[stock].unit
    found, scale, shown_unit = differences.ends(values), shown(1.0, unit), w.of(difference_unit_text(unit))
    names = [shapes(view.language)["provinces"][row]["name"] for row in found.rows]
    title = w("compare.who_title", outcome=stock_label(stock, w), quarter=view.at_text)
    Chart(
        session,
        widgets.Sent(charts.bars_option(names, found.values * scale, shown_unit)),
        title,
        w("compare.who_note", up=found.up, down=found.down),
        pair.replications,
        lambda: province_twin(values, unit, title, w, difference=True),
        stamp_of(pair),
        340,
    )


@solara.component
def ThreeMaps(session: Session, pair: Pair) -> None:
    """Policy, baseline and their difference; the first two on the scale of the outcome."""
    view, w = session.view, session.words
    name = by_province(view.outcome)
    unit, about = STOCKS[name].unit, (pair.replications, stamp_of(pair))
    levels = [runs.stock(name)[view.at] for runs in (pair.policy, pair.baseline)]
    scale = level_scale(unit, pair.baseline.stock(name))
    label = w(f"stock.{name}")
    with section("div", "dg-three", []):
        for scenario, values in zip((view.policy, view.baseline), levels, strict=True):
            title = w("compare.map_policy", name=shown_name(scenario.name, w), outcome=label, quarter=view.at_text)
            Map(session, values, unit, title, *about, scale)
        title = w("compare.map_difference", outcome=label, quarter=view.at_text)
        apart = levels[0] - levels[1]
        Map(session, apart, unit, title, *about, difference_scale(apart))
