"""Explore: map, outcomes over time, headline numbers, levers, and the story of a province."""

from __future__ import annotations

from dataclasses import replace

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import Quarters, lever_controls, policy_controls
from dgsim.app.components.layout import heading, section
from dgsim.app.components.outcomes import Headlines, LevelMapOf, OutcomeChart
from dgsim.app.components.questions import Binds
from dgsim.app.content import levers, story
from dgsim.app.content.maps import shapes
from dgsim.app.runs.cache import Pair
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.session import Session
from dgsim.country import load_country


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    pair, stale, problem = use_pair(view)
    with section("div", "dg-split", []):
        with section("section", "dg-side", []):
            Controls(session)
        with section("section", "dg-main" + (" dg-stale" if stale else ""), [], **{"aria-busy": str(stale).lower()}):
            if problem:
                widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
            if pair is None:
                widgets.Waiting(text=w("waiting.first"))
            else:
                Headlines(session, pair)
                Quarters(session)
                with section("div", "dg-two", []):
                    OutcomeChart(session, pair, 420)
                    LevelMapOf(session, pair)
                if view.province:
                    Story(session, pair)
                Binds(session)


@solara.component
def Controls(session: Session) -> None:
    """Policy, baseline and luck; the levers; what was changed."""
    view, w = session.view, session.words
    heading(w("explore.levers"))
    policy_controls(session, w("explore.levers"))
    lines = levers.changed_lines(view, w)
    changed = {"kind": "details", "text": w("levers.changed", count=len(lines)), "items": lines}
    widgets.Prose(blocks=[changed] if lines else [])  # always there: what follows keeps its place, and what is unfolded
    Sliders(session)


@solara.component
def Sliders(session: Session) -> None:
    """All levers and assumptions: sent as they were at the start, and with every move what differs from it."""
    view, w = session.view, session.words
    start = replace(view, policy=view.origin)
    groups = solara.use_memo(lambda: levers.lever_groups(start, w), [view.origin, view.language])
    lever_controls(session, groups, levers.moved(view, w))


@solara.component
def Story(session: Session, pair: Pair) -> None:
    """Everything about one province."""
    view, w = session.view, session.words
    province = shapes(view.language)["provinces"][load_country().index(view.province)]
    title = w("story.title", province=province["name"], quarter=view.at_text)
    heading(title)
    widgets.Picks(
        picks=[{"kind": "button", "name": "close", "label": w("story.close")}],
        title=title,
        event_changed=lambda _: session.look(province=""),
    )
    about = [view.policy.digest(), view.province, view.seed, view.parameters]
    reason = solara.use_memo(lambda: story.choice(view), [*about, view.at])
    started = solara.use_memo(lambda: story.history(view), about)
    widgets.Prose(
        blocks=[
            {"kind": "h3", "text": w("why.title")},
            {"kind": "list", "items": story.why_sentences(reason, started, w)},
            {"kind": "note", "text": f"{w('why.note')} {w('why.utility')}"},
        ]
    )
    with section("div", "dg-two", []):
        widgets.Table(table=story.chapters(view, pair.policy, pair.baseline, w).for_screen())
        with section("div", "", []):
            widgets.Table(table=story.peers(view, pair.policy, w).for_screen())
            widgets.Table(table=story.history_twin(started, w).for_screen())
    widgets.Table(table=story.choice_twin(reason, w).for_screen())
