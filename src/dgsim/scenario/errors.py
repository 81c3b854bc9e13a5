"""What is wrong with a scenario, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LONGEST_VALUE_SHOWN = 60


class ScenarioError(ValueError):
    """A scenario that cannot be used: one sentence a line, with file, key, value and what is allowed."""


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
        return f"{self.file}: {self.text}{where}"


def raise_for(sentences: Iterable[str]) -> None:
    """Raise one ScenarioError with every sentence once; do nothing where there is none."""
    text = "\n".join(dict.fromkeys(sentences))
    if text:
        raise ScenarioError(text)


def nearest(word: object, names: Iterable[str]) -> str | None:
    """The name most like a word, or None where none is like it.

    >>> nearest("maching_rate", ["matching_rate", "awards"])
    'matching_rate'
    """
    from difflib import get_close_matches

    by_lower_case = {name.lower(): name for name in names}
    near = get_close_matches(str(word).lower()[:LONGEST_VALUE_SHOWN], by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def did_you_mean(word: object, names: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest name, or nothing where none is near.

    >>> did_you_mean("maching_rate", ["matching_rate", "awards"])
    '; did you mean matching_rate?'
    """
    name = nearest(word, names)
    return f"; did you mean {name}?" if name else ""


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
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 3] + "..."
