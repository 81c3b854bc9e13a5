"""The measurements as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> str:
    """A Markdown table; the columns named by their places in `right` are set to the right.

    >>> print(table(["a", "b"], [[1, "x"]], right=[0]))
    | a | b |
    | --: | --- |
    | 1 | x |
    """
    rule = ["--:" if column in right else "---" for column in range(len(columns))]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (columns, rule, *rows))


def met(reached: bool) -> str:
    """Whether a goal is reached, as a cell.

    >>> met(True), met(False)
    ('yes', '**no**')
    """
    return "yes" if reached else "**no**"
