"""What is wrong with a scenario, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from dgsim.errors import ScenarioError, cut, printable

WRONG_SHAPE = {  # what a value is not, by pydantic's name of the mistake
    "model_type": "is not a table",
    "dict_type": "is not a table",
    "list_type": "is not a list",
}


@dataclass(frozen=True)
class Problem:
    """One mistake in one file (``line`` counts from 1; 0 where no line is known)."""

    file: str
    line: int
    text: str

    def sentence(self) -> str:
        """The mistake as one line of text.

        >>> Problem("x.toml", 3, "horizon.quarters = 0 is outside 1..400 (quarters)").sentence()
        'x.toml: horizon.quarters = 0 is outside 1..400 (quarters) [line 3]'
        """
        where = f" [line {self.line}]" if self.line else ""
        return printable(f"{self.file}: {self.text}{where}")


def raise_for(sentences: Iterable[str]) -> None:
    """Raise one ScenarioError with every sentence once; do nothing where there is none."""
    text = "\n".join(dict.fromkeys(sentences))
    if text:
        raise ScenarioError(text)


def known_keys(form: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that may stand in the table of a form in which the last of a path stands.

    >>> from pydantic import create_model
    >>> place = create_model("Place", name=str)
    >>> trip = create_model("Trip", stops=list[place])
    >>> known_keys(trip, ("stop",)), known_keys(trip, ("stops", 0, "nam"))
    (('stops',), ('name',))
    """
    for part in path[:-1]:
        if isinstance(part, str):
            form = _form_at(form, part)
    return tuple(form.model_fields)


@cache
def _form_at(form: type[BaseModel], key: str) -> type[BaseModel]:
    """The form of the table, or of the tables in a list, at a key of another."""
    kinds = [form.model_fields[key].annotation]
    while kinds:
        kind = kinds.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
        kinds += get_args(kind)
    return form


def shown(value: Any) -> str:
    """A value as a scenario file would write it, cut where it is long.

    >>> shown(True), shown(0.5), shown("half")
    ('true', '0.5', '"half"')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    try:
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | list) else str(value)
    except (TypeError, ValueError):
        text = f"<{type(value).__name__}>"
    return cut(text)
