"""What is said of wrong tables: one sentence with file, line, column, value, unit and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches


def suggestion(word: str, known: Iterable[str], key: Callable[[str], str] = str) -> str:
    """The nearest right name, compared by ``key``, as the end of a sentence; empty when none is near.

    A name that differs in leading zeros only, which spreadsheets drop, is the nearest.

    >>> suggestion("popluation_2019", ["population_2019", "area_km2"])
    "; did you mean 'population_2019'?"
    """
    labels = {key(name): name for name in known}
    same = [label for label in labels if label.lstrip("0") == key(word).lstrip("0")]
    near = same or get_close_matches(key(word), labels, n=1)
    return f"; did you mean {labels[near[0]]!r}?" if near else ""
