"""Reading a file of a study key by key: every mistake becomes a sentence, and all are told together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dgsim.errors import DesignError, did_you_mean
from dgsim.scenario.errors import Problem, shown
from dgsim.scenario.rules import Bounded, checked
from dgsim.scenario.source import KeyPath, Source

FEW = 4  # names that are all told where one is wrong


class Reader:
    """A source, and what is wrong with it as far as it has been read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.data: Mapping[str, Any] = source.data
        self.problems: list[Problem] = []

    def fault(self, path: KeyPath, text: str) -> None:
        """Something is wrong at a key; of a file it names there may be several sentences."""
        self.problems += [self.source.problem(path, line) for line in text.splitlines()]

    def stop_at_problems(self) -> None:
        """Raise DesignError if anything was wrong so far, in the order of the lines."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: problem.line)
            raise DesignError("\n".join(dict.fromkeys(problem.sentence() for problem in ordered)))

    def only_known(self, path: KeyPath, table: Mapping[str, Any], names: Iterable[str]) -> None:
        """A fault for every key of a table that is none of the names."""
        for key in set(table) - set(names):
            self.fault((*path, key), f"{dotted((*path, key))} is not a known key{did_you_mean(key, names)}")

    def table(self, name: str) -> Mapping[str, Any]:
        """A table; empty where there is none."""
        table = self.data.get(name, {})
        if isinstance(table, Mapping):
            return table
        self.fault((name,), f"{name} = {shown(table)} is not a table")
        return {}

    def rows(self, name: str) -> list[tuple[KeyPath, Mapping[str, Any]]]:
        """The tables of a list, each with where it stands; none, and a fault, where it is no such list."""
        rows = self.data.get(name, [])
        if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
            self.fault((name,), f"{name} is not a list of tables; write [[{name}]]")
            return []
        return [((name, index), row) for index, row in enumerate(rows)]

    def values(self, path: KeyPath, table: Mapping[str, Any], rules: Mapping[str, Bounded]) -> dict[str, Any]:
        """What the keys of a table hold, each in its own type, without those that are missing or wrong."""
        found = {key: self.value((*path, key), rule, table[key]) for key, rule in rules.items() if key in table}
        return {key: value for key, value in found.items() if value is not None}

    def value(self, path: KeyPath, rule: Bounded, value: Any) -> Any:
        """A value in its own type; None, and a fault, if it is not allowed."""
        try:
            return checked(rule, value.item() if hasattr(value, "item") else value)
        except ValueError as error:
            self.fault(path, f"{dotted(path)} = {shown(value)} {error}")
            return None

    def named(self, key: str, names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
        """The names of a list in the order of those that are known; a fault for every other."""
        for name in names:
            if name not in known:
                near = did_you_mean(name, known) if len(known) > FEW else ""
                meant = near or f"; there are {', '.join(known)}"
                self.fault((key,), f"{key} names {shown(name)}, which is none{meant}")
        return tuple(name for name in known if name in names)


def dotted(path: KeyPath) -> str:
    """A key as a file writes it; positions in a list are left out.

    >>> dotted(("sample", "points"))
    'sample.points'
    """
    return ".".join(part for part in path if isinstance(part, str))
