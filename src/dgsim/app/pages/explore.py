"""Explore: map, outcomes over time, headline numbers, levers, and the story of a province."""

from __future__ import annotations

from dataclasses import replace

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import Quarters, lever_controls, policy_controls
from dgsim.app.components.layout import heading, section
from dgsim.app.components.outcomes import Headlines, LevelMapOf, OutcomeChart
from dgsim.app.components.questions import Binds
from dgsim.app.components.story import story_of
from dgsim.app.content import levers
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.session import Session


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
                story_of(session, pair)
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
