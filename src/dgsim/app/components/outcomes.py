"""What several pages show of a policy and its baseline: headline cards, the chosen outcome over time and as a map."""

from __future__ import annotations

import solara

from dgsim.app.components import widgets
from dgsim.app.components.figures import Chart, Map, stamp_of
from dgsim.app.content import charts
from dgsim.app.content.headlines import cards_of, money_note
from dgsim.app.content.names import shown_name
from dgsim.app.content.presets import sets_of
from dgsim.app.content.tables import curve_twin
from dgsim.app.content.targets import lines_on
from dgsim.app.runs.cache import Pair
from dgsim.app.state.session import Session
from dgsim.show.figures.scale import level_scale
from dgsim.study.catalogue import STOCKS
from dgsim.texts.labels import outcome_by_quarter

MAPPED = ("use", "supply", "reported_index", "trust", "specialists")  # outcomes that are drawn on the map


def by_province(outcome: str) -> str:
    """The outcome itself where provinces have it, else use.

    >>> by_province("trust"), by_province("net_benefit")
    ('trust', 'use')
    """
    return outcome if outcome in MAPPED else "use"


@solara.component
def Headlines(session: Session, pair: Pair) -> None:
    """The headline numbers at the quarter that is shown, and their difference from the baseline."""
    view = session.view
    widgets.Cards(
        cards=cards_of(pair, view.at, session.words),
        chosen=view.outcome,
        stamp=stamp_of(pair),
        event_picked=lambda name: session.look(outcome=name),
    )
    widgets.Prose(blocks=[{"kind": "note", "text": money_note(view.baseline.name, session.words)}])


@solara.component
def LevelMapOf(session: Session, pair: Pair) -> None:
    """The chosen outcome by province, or use where provinces do not have it; the baseline fixes the scale."""
    view, w = session.view, session.words
    name = by_province(view.outcome)
    values = pair.policy.stock(name)
    title = w("explore.map", outcome=w(f"stock.{name}"), quarter=view.at_text)
    scale = level_scale(STOCKS[name].unit, pair.baseline.stock(name))
    Map(session, values[view.at], STOCKS[name].unit, title, pair.replications, stamp_of(pair), scale)


@solara.component
def OutcomeChart(session: Session, pair: Pair, height: int = 320) -> None:
    """The chosen outcome over time: policy and baseline, each with its band."""
    view, w = session.view, session.words
    column, outcome = charts.column_and_outcome(view.outcome)
    unit = charts.outcome_unit(outcome, w)
    policy, baseline = (shown_name(one.name, w) for one in (view.policy, view.baseline))
    names = (policy, f"{baseline} ({w('word.baseline')})")
    arrays = (pair.policy.outcomes[:, :, column], pair.baseline.outcomes[:, :, column])
    bands = [charts.band_of(values, outcome.unit) for values in arrays]
    curves = [(name, *band) for name, band in zip(names, bands, strict=True)]
    label = outcome_by_quarter(view.outcome, w)
    title = f"{label}, {unit}" if unit else label
    wanted = lines_on(view, view.outcome, len(curves[0][1]), w)
    Chart(
        session,
        widgets.Sent(charts.lines_option(curves, unit, view.at, against=1, wanted=wanted)),
        title,
        w("chart.band", count=pair.replications, seed=view.seed, sets=sets_of(view, w)),
        pair.replications,
        lambda: curve_twin(title, curves, w, wanted),
        stamp_of(pair),
        height,
    )
