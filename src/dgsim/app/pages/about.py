"""About: what the model is and is not, the causal picture, sources and assumptions."""

from __future__ import annotations

import solara

from dgsim.app.components import widgets
from dgsim.app.components.figures import TwinOf
from dgsim.app.components.layout import heading
from dgsim.app.content import causes, diagrams
from dgsim.app.content.sources import data_twin, outcomes_twin, sources_twin
from dgsim.app.state.address import address_of, page_address
from dgsim.app.state.session import Session


@solara.component
def Page(session: Session) -> None:
    """The page."""
    w = session.words
    scope = [{"kind": "text", "text": w(f"about.scope{number}")} for number in (1, 2, 3)]
    agents = {"kind": "link", "text": w("about.agents"), "href": page_address(address_of(session.view), "agents")}
    widgets.Prose(blocks=[{"kind": "h2", "text": w("about.scope")}, *scope, agents])
    heading(w("about.causes"))
    picture, title = causes.picture(w), w("about.causes")
    widgets.Causes(picture=picture, title=title, note=w("about.causes_note"))
    TwinOf(
        session,
        title,
        0,
        lambda: causes.causes_twin(w),
        lambda kind: diagrams.causes_file(picture, title, session.view, kind),
    )
    heading(w("about.outcomes"))
    widgets.Table(table=outcomes_twin(w).for_screen(w))
    heading(w("about.sources"))
    widgets.Table(table=solara.use_memo(lambda: sources_twin(w).for_screen(w), [w.language]))
    heading(w("about.data"))
    widgets.Table(table=solara.use_memo(lambda: data_twin(w).for_screen(w), [w.language]))
