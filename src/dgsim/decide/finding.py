"""What findings have in common: clauses that are told in any language, and tables about one outcome or several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import pandas as pd

from dgsim.texts import ENGLISH
from dgsim.texts.clauses import Clause, paragraph
from dgsim.world.tables import OUTCOMES


class Finding(ABC):
    """A result with something to be said of it."""

    @property
    @abstractmethod
    def clauses(self) -> tuple[Clause, ...]:
        """What is to be said, a sentence a clause."""

    def text(self, language: str = ENGLISH) -> str:
        """The clauses as sentences in a language.

        Parameters
        ----------
        language : str, default "en"
            "en" or "vi".

        Returns
        -------
        str
            A paragraph.
        """
        return paragraph(self.clauses, language)


@dataclass(frozen=True, repr=False)
class OutcomesFinding(Finding):
    """A finding about one outcome or several, read from the same runs: what is said is about the first."""

    BY_OUTCOME: ClassVar[str]  # the attribute that has a number of every outcome
    TABLES: ClassVar[tuple[str, ...]]  # those with a column `outcome`

    @property
    def numbers(self) -> Mapping[str, float]:
        """The number of every outcome."""
        numbers: Mapping[str, float] = getattr(self, self.BY_OUTCOME)
        return numbers

    @property
    def outcome(self) -> str:
        """The outcome, the first if there are several."""
        return next(iter(self.numbers))

    @property
    def unit(self) -> str:
        """The unit of that outcome."""
        return OUTCOMES[self.outcome].unit

    def only(self, outcome: str) -> Self:
        """The same about one of its outcomes.

        Parameters
        ----------
        outcome : str
            One of those that were asked for.

        Returns
        -------
        Explanation or OrderValue
            With the rows of that outcome.
        """
        tables = {name: table for name in self.TABLES if (table := getattr(self, name)) is not None}
        kept: dict[str, Any] = {name: about(table, outcome) for name, table in tables.items()}
        return replace(self, **{self.BY_OUTCOME: {outcome: self.numbers[outcome]}}, **kept)


def about(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The rows of a table that are about an outcome."""
    return table[table["outcome"] == outcome].reset_index(drop=True)
