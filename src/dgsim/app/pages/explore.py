"""Explore: map, outcomes over time, headline numbers, levers, and the story of a province."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from dgsim.app.components import widgets
from dgsim.app.components.panels import Binds
from dgsim.app.components.parts import Headlines, LevelMapOf, OutcomeChart, heading, section
from dgsim.app.content import levers, story
from dgsim.app.content.changes import change_lines
from dgsim.app.runs.cache import Pair
from dgsim.app.runs.hooks import use_pair
from dgsim.app.state.presets import policy_picks, set_policy
from dgsim.app.state.session import Session
from dgsim.scenario.calendar import quarter_text

LEVER_WORDS = (
    *("exact", "about", "assumption", "lever", "range", "source"),
    *("to_origin", "to_default", "more", "assumptions"),
)


@solara.component
def Explore(session: Session) -> None:
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
    widgets.Picks(
        picks=policy_picks(view, w), title=w("explore.levers"), event_changed=lambda d: set_policy(session, d)
    )
    lines = change_lines(view.changes, w)
    told = {"kind": "details", "text": w("levers.changed", count=len(lines)), "items": lines}
    widgets.Prose(blocks=[told] if lines else [])  # always there: what follows keeps its place, and what is unfolded
    Sliders(session)


@solara.component
def Sliders(session: Session) -> None:
    """All levers and assumptions: sent as they were at the start, and with every move what differs from it."""
    view, w = session.view, session.words
    start = replace(view, policy=view.origin)
    groups = solara.use_memo(lambda: levers.lever_groups(start, w), [view.origin, view.language])
    widgets.Levers(
        groups=groups,
        moved=levers.moved(view, w),
        w=lever_words(session),
        event_changed=session.set_lever,
        event_tried=session.try_lever,
        event_reset=session.reset_lever,
    )


def lever_words(session: Session) -> dict[str, str]:
    """The texts of the controls."""
    return {name: session.words(f"levers.{name}") for name in LEVER_WORDS}


@solara.component
def Quarters(session: Session) -> None:
    """Scrub and play the quarters."""
    view, w = session.view, session.words
    last = min(view.policy.quarters, view.baseline.quarters)
    names = [quarter_text(quarter) for quarter in range(last)]
    picks: list[dict[str, Any]] = [
        {"kind": "play", "name": "play", "label": w("explore.play")},
        {"kind": "scrub", "name": "quarter", "label": w("word.quarter"), "value": view.at, "options": names},
    ]

    def changed(data: dict[str, Any]) -> None:
        quarter = int(data["value"])
        session.look(quarter=-1 if quarter >= last - 1 else max(quarter, 0))

    widgets.Picks(picks=picks, title=w("word.quarter"), event_changed=changed)


@solara.component
def Story(session: Session, pair: Pair) -> None:
    """Everything about one province."""
    view, w = session.view, session.words
    names = {province["code"]: province["name"] for province in story_names(session)}
    code = story.load_country().codes[story.load_country().index(view.province)]
    heading(w("story.title", province=names[code], quarter=view.at_text))
    widgets.Picks(
        picks=[{"kind": "button", "name": "close", "label": w("story.close")}],
        title=w("story.title", province=names[code], quarter=view.at_text),
        event_changed=lambda _: session.look(province=""),
    )
    about = [view.policy.digest(), view.province, view.seed]
    reason = solara.use_memo(lambda: story.choice(view), [*about, view.at])
    started = solara.use_memo(lambda: story.history(view), about)
    widgets.Prose(
        blocks=[
            {"kind": "h3", "text": w("why.title")},
            {"kind": "list", "items": story.why_sentences(reason, started, w)},
            {"kind": "note", "text": w("why.note")},
        ]
    )
    with section("div", "dg-two", []):
        widgets.Table(table=story.chapters(view, pair.policy, pair.baseline, w).for_screen())
        with section("div", "", []):
            widgets.Table(table=story.peers(view, pair.policy, w).for_screen())
            widgets.Table(table=story.history_twin(started, w).for_screen())
    widgets.Table(table=story.choice_twin(reason, w).for_screen())


def story_names(session: Session) -> list[dict[str, Any]]:
    """Code and name of every province in the language of the session."""
    from dgsim.app.content.maps import shapes

    provinces: list[dict[str, Any]] = shapes(session.view.language)["provinces"]
    return provinces
