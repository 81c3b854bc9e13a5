"""An explanation: the parts of a difference, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from dgsim.decide.finding import OutcomesFinding, about
from dgsim.study.hybrids import Group
from dgsim.study.record import Basis
from dgsim.study.shapley import TOTAL
from dgsim.texts import Words
from dgsim.texts.clauses import Clause, Fact, Key, Listed, OutcomeTo, Range, Size, Within, clause

MOST_PARTS = 3  # that a sentence names


@dataclass(frozen=True, repr=False)
class Explanation(OutcomesFinding):
    """What each group of levers contributes to the difference of a scenario from its baseline.

    Attributes
    ----------
    scenario, baseline : str
        Whose difference from what.
    quarter : str
        When it is measured.
    levels : dict
        Each outcome that was asked for, and what the baseline comes to in it, mean of the replications.
    exact : bool
        Whether all mixtures were tried; if not, orders were sampled.
    coalitions : int
        How many mixtures were tried.
    groups : tuple of Group
        What the groups are: a theme of levers, or items of the roadmap, and what differs in each.
    basis : Basis
        Scenarios (the baseline first), country, luck and parameters.
    contributions : DataFrame
        `outcome, group, contribution, low, high, alone, alone_low, alone_high, last, last_low, last_high, sampling,
        says`, the largest first, then the `total`. `alone` is what the group does by itself, `last` what it adds to all
        the others; `sampling` is half the interval that sampled orders leave.
    interactions : DataFrame
        `outcome, first, second, interaction, low, high`: what two groups do together beyond what each does (Grabisch
        and Roubens 1999); empty where orders were sampled.
    provinces : DataFrame or None
        `province_code, province, channel, outcome, contribution, low, high`: who gains through what, if asked for.
    channels : DataFrame or None
        `channel, outcome, contribution, low, high`: the same of the whole country.
    """

    BY_OUTCOME: ClassVar = "levels"
    TABLES: ClassVar = ("contributions", "interactions", "provinces", "channels")

    scenario: str
    baseline: str
    quarter: str
    levels: dict[str, float]
    exact: bool
    coalitions: int
    groups: tuple[Group, ...]
    basis: Basis
    contributions: pd.DataFrame
    interactions: pd.DataFrame
    provinces: pd.DataFrame | None = None
    channels: pd.DataFrame | None = None

    def __repr__(self) -> str:
        names = ", ".join(self.levels)
        return f"Explanation({self.scenario} against {self.baseline}: {names} in {self.quarter})"

    @property
    def level(self) -> float:
        """The baseline's own value of that outcome."""
        return self.levels[self.outcome]

    def group(self, name: str) -> Group:
        """The group of a name in the tables.

        Parameters
        ----------
        name : str
            Of the column `group`.

        Returns
        -------
        Group
            Its theme, and what differs in it.
        """
        return next(group for group in self.groups if group.name == name)

    def label(self, name: str) -> Fact:
        """What a row of the tables is called: a group, or the total.

        Parameters
        ----------
        name : str
            Of the column `group`.

        Returns
        -------
        Fact
            What becomes its name in a language.
        """
        return Key("reason.total") if name == TOTAL else self.group(name).label

    def says(self, name: str, words: Words) -> tuple[str, ...]:
        """What differs in the group of a name, in a language; nothing of the total.

        Parameters
        ----------
        name : str
            Of the column `group`.
        words : Words
            The texts of a language.

        Returns
        -------
        tuple of str
            A sentence a change.
        """
        return () if name == TOTAL else tuple(change.said.text(words) for change in self.group(name).changes)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """How far the two are apart, which groups have a clear part in it, and what the strongest pair does together.

        It is about the outcome, the first if there are several.
        """
        return tuple(self._clauses())

    def _clauses(self) -> Iterator[Clause]:
        table = about(self.contributions, self.outcome)
        total, parts = table[table["group"] == TOTAL].iloc[0], table[table["group"] != TOTAL]
        yield self._whole(total)
        clear = parts[is_clear(parts)]
        yield from self._parts(clear)
        if 0 < len(clear) < len(parts):
            yield clause("reason.unclear", count=len(parts) - len(clear))
        pairs = about(self.interactions, self.outcome)
        for row in pairs[is_clear(pairs)].head(1).to_dict("records"):
            ends = {end: Within(self.label(row[end])) for end in ("first", "second")}
            yield clause("reason.together", **ends, **sized(row, "interaction", self.unit))
        if not self.exact:
            size = Size(float(parts["sampling"].max()), self.unit, signed=False)
            yield clause("reason.sampled", groups=len(parts), mixtures=self.coalitions, size=size)

    def _whole(self, total: Any) -> Clause:
        names = {"policy": self.scenario, "baseline": self.baseline, "quarter": self.quarter}
        outcome = Within(OutcomeTo(self.outcome, self.quarter))
        if total["low"] <= 0.0 <= total["high"]:
            return clause("reason.not_apart", outcome=outcome, **names, **sized(total, "contribution", self.unit))
        key = "reason.above" if total["contribution"] > 0 else "reason.below"
        return clause(key, outcome=outcome, **names, **sized(total, "contribution", self.unit, signed=False))

    def _parts(self, clear: pd.DataFrame) -> Iterator[Clause]:
        if clear.empty:
            yield clause("reason.none_clear")
            return
        named = tuple(
            clause("reason.part", name=Within(self.label(row["group"])), **sized(row, "contribution", self.unit))
            for row in clear.head(MOST_PARTS).to_dict("records")
        )
        parts, more = Listed(named), len(clear) - len(named)
        yield clause("reason.clear_more", parts=parts, count=more) if more else clause("reason.clear", parts=parts)


def is_clear(table: pd.DataFrame) -> pd.Series:
    """Which rows have an interval that leaves nothing out."""
    return (table["low"] > 0.0) | (table["high"] < 0.0)


def sized(row: Any, column: str, unit: str, *, signed: bool = True) -> dict[str, Fact]:
    """A number of a row and its interval, as they fill a clause; unsigned where the words tell the sign."""
    low, high = float(row["low"]), float(row["high"])
    return {"size": Size(float(row[column]), unit, signed), "range": Range(low, high, unit, signed)}
