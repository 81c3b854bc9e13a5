"""Sequence: the roadmap on a timeline, and its effect at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.controls import Quarters, policy_controls
from dgsim.app.components.figures import TwinOf
from dgsim.app.components.layout import heading, section
from dgsim.app.components.outcomes import Headlines, LevelMapOf, OutcomeChart
from dgsim.app.components.questions import OrderWorth
from dgsim.app.components.story import story_of
from dgsim.app.content import diagrams, roadmap
from dgsim.app.content.names import shown_name
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.roadmap import added, moved, previous_plan, removed
from dgsim.app.state.session import Session
from dgsim.app.state.view import View
from dgsim.scenario.calendar import FIRST_YEAR, quarter_text
from dgsim.texts.labels import item_label
from dgsim.world.tables import ITEMS, QUARTERS_PER_YEAR

WORDS = ("help", "start", "length", "cost", "after", "remove", "add", "budget")


@solara.component
def Page(session: Session) -> None:
    """The page."""
    view, w = session.view, session.words
    policy_controls(session, w("page.sequence"))
    Editor(session)
    heading(w("sequence.effect"))
    pair, stale, problem = use_pair(view)
    if problem:
        widgets.Prose(blocks=[{"kind": "problem", "text": problem}])
    if pair is None:
        widgets.Waiting(text=w("waiting.first"))
        return
    with section("div", "dg-stale" if stale else "", []):
        Headlines(session, pair)
        Quarters(session)
        with section("div", "dg-two", []):
            OutcomeChart(session, pair, 380)
            LevelMapOf(session, pair)
        story_of(session, pair)
        OrderWorth(session)


@solara.component
def Editor(session: Session) -> None:
    """The timeline, its budget, and its table."""
    view, w = session.view, session.words
    before = previous_plan(session.history.value)
    money = roadmap.budget(view.policy, before, view.origin, w)
    quarters = view.policy.plan_quarters
    years = [str(FIRST_YEAR + year) for year in range(-(-quarters // QUARTERS_PER_YEAR))]

    def step(change: Callable[[View, Any], View]) -> Callable[[Any], None]:
        return lambda data: session.attempt(lambda: change(session.view, data))

    items, title = roadmap.timeline_items(view.policy, before, w), w("theme.roadmap")
    widgets.Timeline(
        items=items,
        quarters=quarters,
        years=years,
        names=[w.quarter(quarter_text(quarter)) for quarter in range(quarters)],
        budget=money.strip,
        addable=[{"value": item.item, "text": item_label(item.item, w)} for item in ITEMS],
        w={key: w(f"sequence.{key}") for key in WORDS} | {"title": title},
        stamp=view.policy.digest()[:12],
        refused=session.refusals.value,
        event_moved=step(moved),
        event_removed=step(removed),
        event_added=step(added),
    )
    blocks = [{"kind": "problem" if money.over else "text", "text": text} for text in money.sentences]
    widgets.Prose(blocks=[*blocks, {"kind": "note", "text": w("sequence.ghost")}])
    TwinOf(
        session,
        title,
        0,
        lambda: roadmap.roadmap_twin(view.policy, w),
        lambda kind: diagrams.roadmap_file(
            items, quarters, f"{title}: {shown_name(view.policy.name, w)}, {w('word.bvnd')}", session.view, kind
        ),
    )
