"""What the model is made of, as tables: its parameters and their sources, its outcomes, the data of the provinces."""

from __future__ import annotations

from dgsim.app.content.levers import shown_value
from dgsim.app.content.tables import Twin
from dgsim.country import load_country
from dgsim.numbers import as_written, unit_text
from dgsim.scenario.schema import default_value
from dgsim.texts import Words
from dgsim.world.tables import OUTCOMES, PARAMETERS


def sources_twin(words: Words) -> Twin:
    """Every parameter with its role, default, range, unit and source."""
    keys = ("about.name", "about.role", "about.value", "about.range", "word.unit", "about.source")
    rows = []
    for p in PARAMETERS:
        span = (
            f"{as_written(p.low, words.language)} – {as_written(p.high, words.language)}"
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
