"""About: what the model is and is not, the causal picture, sources and assumptions."""

from __future__ import annotations

import solara

from dgsim.app.components import widgets
from dgsim.app.components.parts import TwinOf, heading
from dgsim.app.content import causes, diagrams
from dgsim.app.content.levers import shown_value
from dgsim.app.content.tables import Twin
from dgsim.app.content.texts import Words
from dgsim.app.state.session import Session
from dgsim.country import load_country
from dgsim.numbers import unit_text
from dgsim.scenario.schema import default_value
from dgsim.world.tables import OUTCOMES, PARAMETERS


@solara.component
def About(session: Session) -> None:
    """The page."""
    w = session.words
    scope = [{"kind": "text", "text": w(f"about.scope{number}")} for number in (1, 2, 3)]
    agents = {"kind": "link", "text": w("about.agents"), "href": "/agents"}
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
    widgets.Table(table=outcomes_twin(w).for_screen())
    heading(w("about.sources"))
    widgets.Table(table=solara.use_memo(lambda: sources_twin(w).for_screen(), [w.language]))
    heading(w("about.data"))
    widgets.Table(table=solara.use_memo(lambda: data_twin(w).for_screen(), [w.language]))


def sources_twin(words: Words) -> Twin:
    """Every parameter with its role, default, range, unit and source."""
    keys = ("about.name", "about.role", "about.value", "about.range", "word.unit", "about.source")
    rows = []
    for p in PARAMETERS:
        span = (
            f"{p.low:g} – {p.high:g}"
            if p.low is not None and p.high is not None
            else ", ".join(shown_value(p, c, words) for c in p.choices)
        )
        value = shown_value(p, default_value(p), words)
        rows.append((words.of(p.label), words(f"role.{p.role}"), value, span, words.of(p.unit), words.of(p.source)))
    return Twin(words("about.sources"), tuple(words(key) for key in keys), tuple(rows))


def outcomes_twin(words: Words) -> Twin:
    """Every outcome with its unit and how it is measured."""
    rows = tuple((words.of(o.label), words.of(unit_text(o.unit)), words.of(o.formula)) for o in OUTCOMES)
    return Twin(words("about.outcomes"), (words("word.outcome"), words("word.unit"), words("about.formula")), rows)


def data_twin(words: Words) -> Twin:
    """Every column of the provinces' table: what it is, its name in the file, unit, year and publisher."""
    columns = [column for column in load_country().columns if column.table == "provinces"]
    rows = tuple(
        (words(f"data.{c.column}"), c.column, *(words.of(text) for text in (c.unit, c.year, c.publisher)))
        for c in columns
    )
    keys = ("about.name", "about.column", "word.unit", "about.year", "about.publisher")
    return Twin(words("about.data"), tuple(words(key) for key in keys), rows)
