"""Worth: what the policy is worth against its baseline, to whom, when and where, by item, and on what that hangs."""

from __future__ import annotations

from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import policy_controls
from dgsim.app.components.figures import Chart, Map
from dgsim.app.components.layout import heading, section
from dgsim.app.components.questions import Asked, command_of
from dgsim.app.content import worth
from dgsim.app.content.explanations import Bars
from dgsim.app.content.tables import Twin, curve_twin
from dgsim.app.runs.cache import FIRST
from dgsim.app.runs.hooks import use_looks
from dgsim.app.runs.worth import DIVISIONS, Told, accounts_question, items_question, risk_question
from dgsim.app.state.session import Session
from dgsim.show.figures.scale import difference_scale, level_scale
from dgsim.show.figures.worth import A_HEAD

TALL, ROW, LINE = 90, 44, 17  # pixels of a chart of bars: its axis, each bar at least, and a line of its name


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    policy_controls(session, w("page.worth"))
    if view.policy.digest() == view.baseline.digest():
        widgets.Prose(blocks=[{"kind": "text", "text": w("compare.same_policy")}])
        return
    Accounts(session)
    heading(w("worth.items"))
    widgets.Prose(blocks=[{"kind": "note", "text": w("worth.items_about")}])
    Asked(session, items_question(view), w("worth.items_button"), lambda found: Items(session, found))
    heading(w("worth.risk"))
    widgets.Prose(blocks=[{"kind": "note", "text": w("worth.risk_about")}])
    Asked(session, risk_question(view), w("worth.risk_button"), lambda found: Risk(session, found))


@solara.component
def Accounts(session: Session) -> None:
    """What comes by itself: who gains, when it has paid, where, and the same at other rates and prices."""
    view, w = session.view, session.words
    by = solara.use_reactive(worth.WHO)
    found, stale, problem = use_looks(accounts_question(view, FIRST), accounts_question(view))

    def changed(data: dict[str, Any]) -> None:
        if data["name"] == "to" and data["value"] in (*worth.HORIZONS, view.to):
            session.look(to=data["value"])
        elif data["name"] == "by" and data["value"] in DIVISIONS:
            by.value = data["value"]

    picks = [worth.horizon_pick(view.to, w), worth.division_pick(by.value, w)]
    widgets.Picks(picks=picks, title=w("worth.by"), event_changed=changed)
    with section("div", "dg-stale" if stale else "", [], **{"aria-busy": str(stale).lower()}):
        if problem:
            widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
        if found is None:
            if not problem:
                widgets.Waiting(text=w("waiting.first"))
            return
        said = [worth.heading_of(found, w), *(clause.text(w) for clause in found.notes[:-1])]
        widgets.Prose(blocks=[{"kind": "text", "text": said[0]}])
        widgets.Cards(
            cards=worth.cards(found, w),
            chosen="",
            stamp=_stamp(found, "cards"),
            event_picked=lambda name: by.set(worth.WHO if name == worth.TOTAL else worth.LINE),
        )
        drawn = by.value if by.value in worth.DRAWN else worth.REGION
        with section("div", "dg-two", []):
            Parts(session, found, drawn).key(drawn)
            Payback(session, found)
        widgets.Table(table=worth.accounts_twin(found, by.value, w).for_screen(w))
        widgets.Prose(blocks=[{"kind": "details", "text": w("worth.notes"), "items": said[1:]}])
        heading(w("worth.where"))
        with section("div", "dg-two", []):
            Where(session, found)
            Fifths(session, found)
        widgets.Table(table=worth.sides_twin(found, w).for_screen(w))
        command_of(session, accounts_question(view, found.replications))


@solara.component
def Parts(session: Session, found: Told, by: str) -> None:
    """The net benefit part by part, up to the total."""
    w = session.words
    title = w("worth.parts", by=w(f"worth.by_{by}"))
    _bars(session, worth.parts(found, by, w), worth.accounts_twin(found, by, w), title, found, by)


@solara.component
def Payback(session: Session, found: Told) -> None:
    """When the policy has paid."""
    w = session.words
    option, curves = worth.payback(found, w)
    title = w("worth.payback")
    note = f"{worth.heading_of(found, w)} {w('worth.payback_note', count=found.replications)}"
    stamp = _stamp(found, "payback")
    Chart(
        session,
        widgets.Sent(option),
        title,
        note,
        found.replications,
        lambda: curve_twin(f"{title}. {note}", curves, w),
        stamp,
        360,
    )


@solara.component
def Where(session: Session, found: Told) -> None:
    """Net benefit a head on the map, and the accounts of the province that was clicked."""
    view, w = session.view, session.words
    values = worth.a_head(found)
    title = f"{w('worth.map')}. {worth.heading_of(found, w)}"
    scale = difference_scale(values) if (values < 0.0).any() else level_scale(A_HEAD, values)
    with section("div", "", []):
        Map(session, values, A_HEAD, title, found.replications, _stamp(found, "map"), scale)
        text = worth.of_province(found, view.province, w) if view.province else w("worth.pick")
        widgets.Prose(blocks=[{"kind": "text" if view.province else "note", "text": text}])


@solara.component
def Fifths(session: Session, found: Told) -> None:
    """Net benefit a head by fifth of income."""
    w = session.words
    bars, twin = worth.fifths(found, w), worth.accounts_twin(found, worth.FIFTH, w)
    _bars(session, bars, twin, w("worth.fifths"), found, "a-head")


@solara.component
def Items(session: Session, found: Told) -> None:
    """What each item and group is worth."""
    w = session.words
    bars, twin = worth.parts(found, worth.ITEM, w), worth.accounts_twin(found, worth.ITEM, w)
    _bars(session, bars, twin, w("worth.items_title"), found, worth.ITEM)
    widgets.Table(table=twin.for_screen(w))
    widgets.Prose(blocks=[{"kind": "note", "text": worth.items_note(found, w)}])


@solara.component
def Risk(session: Session, found: Told) -> None:
    """Switching values, the tornado, and what to measure first."""
    w = session.words
    widgets.Table(table=worth.switching_twin(found, w).for_screen(w))
    if found.tornado is None or found.knowing is None:
        widgets.Prose(blocks=[{"kind": "note", "text": w("worth.few_sets")}])
        return
    twin = worth.tornado_twin(found, w)
    _bars(session, worth.tornado_bars(found, w), twin, w("heading.tornado"), found, "tornado")
    widgets.Prose(blocks=[{"kind": "note", "text": w("note.tornado")}])
    known = worth.knowing_twin(found, w)
    widgets.Table(table=known.for_screen(w))
    if len(known.rows) == 1:
        widgets.Prose(blocks=[{"kind": "note", "text": w("worth.nothing_to_know")}])


def _bars(session: Session, bars: Bars, twin: Twin, title: str, found: Told, what: str) -> None:
    """Bars with the heading of the sums below their title, and a table of their own."""
    note, option = worth.heading_of(found, session.words), bars.option()
    lines = max((label.count("\n") + 1 for label in option["yAxis"]["data"]), default=1)
    height = TALL + max(ROW, LINE * (lines + 1)) * len(bars.names)
    stamp, runs = _stamp(found, what), worth.runs_of(found, what)
    Chart(session, widgets.Sent(option), title, note, runs, lambda: twin, stamp, height)


def _stamp(found: Told, what: str) -> str:
    """What tells one drawing from the next."""
    return f"{what}-{found.plan}-{found.baseline}-{found.to}-{found.net_benefit:.6g}-{found.replications}"
