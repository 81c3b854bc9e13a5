"""The story of a province, below any map that leads to it."""

from __future__ import annotations

import solara

from dgsim.app.components import widgets
from dgsim.app.components.layout import section
from dgsim.app.content import story
from dgsim.app.content.maps import shapes
from dgsim.app.runs.cache import Pair
from dgsim.app.state.session import Session
from dgsim.country import load_country


def story_of(session: Session, pair: Pair) -> None:
    """The story of the province that is chosen, if one is."""
    if session.view.province:
        Story(session, pair)


@solara.component
def Story(session: Session, pair: Pair) -> None:
    """Everything about one province; who clicked for it is brought there."""
    view, w = session.view, session.words
    province = shapes(view.language)["provinces"][load_country().index(view.province)]
    title = w("story.title", province=province["name"], quarter=view.at_text)
    widgets.Arrival(title=title, asked=session.story_asked.value)
    widgets.Picks(
        picks=[{"kind": "button", "name": "close", "label": w("story.close")}],
        title=title,
        event_changed=lambda _: session.look(province=""),
    )
    about = [view.policy.digest(), view.province, view.seed, view.parameters]
    reason = solara.use_memo(lambda: story.choice(view), [*about, view.at])
    whole = solara.use_memo(lambda: story.history(view), about)
    started = story.until(whole, view.at_text)
    widgets.Prose(
        blocks=[
            {"kind": "h3", "text": w("why.title")},
            {"kind": "list", "items": story.why_sentences(reason, started, w)},
            {"kind": "note", "text": f"{w('why.note')} {w('why.utility')}"},
        ]
    )
    with section("div", "dg-two", []):
        widgets.Table(table=story.chapters(view, pair.policy, pair.baseline, w).for_screen(w))
        with section("div", "", []):
            widgets.Table(table=story.peers(view, pair.policy, w).for_screen(w))
            widgets.Table(table=story.history_twin(started, view.at_text, w).for_screen(w))
    widgets.Table(table=story.choice_twin(reason, w).for_screen(w))
