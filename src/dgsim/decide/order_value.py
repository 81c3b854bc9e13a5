"""What the order of a roadmap is worth, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import pandas as pd

from dgsim.decide.explanation import sized
from dgsim.decide.finding import OutcomesFinding, about
from dgsim.scenario import Scenario
from dgsim.study.record import Basis
from dgsim.texts.clauses import Clause, Fact, Fill, Item, Key, Listed, OutcomeIn, Percent, Size, Within, clause

BEST, WORST, OWN_PLAN = "best", "worst", "own"
VALUES: Mapping[str, tuple[str, str]] = MappingProxyType(  # the plan that has more, and the one it is measured against
    {f"{more} minus {less}": (more, less) for more, less in ((BEST, WORST), (BEST, OWN_PLAN), (OWN_PLAN, WORST))}
)
MOST_FIRST = 3  # items that a sentence tells of as the earlier one
MOST_LATER = 3  # items before which each of them is told


@dataclass(frozen=True, repr=False)
class OrderValue(OutcomesFinding):
    """What the order of a scenario's roadmap is worth.

    Attributes
    ----------
    scenario, quarter : str
        Whose roadmap, and when outcomes are measured.
    luck_shares : dict
        Each outcome that was asked for, and the part of the spread between the orders that were drawn that luck
        explains in it, 0..1.
    drawn : int
        How many orders were tried before any was searched for: all if `complete`, else drawn at random.
    fresh : int
        How many replications that had no part in finding the best and the worst measured them.
    complete : bool
        Whether all legal orders were tried.
    basis : Basis
        Scenario, country, luck and parameters.
    value : DataFrame
        `measure, outcome, value, low, high, first_seen`: best minus worst, best minus own, own minus worst, on the
        fresh replications; `first_seen` is the same on those that found them, so that what it has more is luck.
    precedences : DataFrame
        `precedence, first, second, outcome, effect, low, high, clear, orders`: what it does to the outcome if `first`
        starts in the place of `second` and that in its place, the mean over so many `orders`; the largest first.
    orders : DataFrame
        `order, outcome, mean, kind`: every order that was run, as items by date, and whether it is the plan's own,
        drawn, exchanged or searched.
    plans : dict
        The scenarios "own", "best" and "worst"; of further outcomes "best for NAME" and "worst for NAME".
    labels : dict
        Each item's name in words, in the plan's own order.
    """

    BY_OUTCOME: ClassVar = "luck_shares"
    TABLES: ClassVar = ("value", "precedences", "orders")

    scenario: str
    quarter: str
    luck_shares: dict[str, float]
    drawn: int
    fresh: int
    complete: bool
    basis: Basis
    value: pd.DataFrame
    precedences: pd.DataFrame
    orders: pd.DataFrame
    plans: dict[str, Scenario]
    labels: dict[str, str]

    def __repr__(self) -> str:
        return f"OrderValue({self.scenario}: {', '.join(self.luck_shares)} in {self.quarter}, {self.drawn} orders)"

    @property
    def luck_share(self) -> float:
        """The part of the spread in that outcome that is luck."""
        return self.luck_shares[self.outcome]

    @property
    def items(self) -> dict[str, Item]:
        """What each item of the roadmap is, by its name."""
        return {item.name: Item(item.item, item.name) for item in self.plans[OWN_PLAN].roadmap}

    def label(self, measure: str) -> Fact:
        """What a row of the table of values is called.

        Parameters
        ----------
        measure : str
            Of the column `measure`, such as "best minus worst".

        Returns
        -------
        Fact
            What becomes its name in a language.
        """
        return Key(f"order.{'_minus_'.join(VALUES[measure])}")

    def precedence(self, first: str, second: str) -> Clause:
        """One item before another, by their names.

        Parameters
        ----------
        first, second : str
            Names of items.

        Returns
        -------
        Clause
            What becomes a sentence in a language.
        """
        return clause("order.before", first=self.items[first], second=Within(self.items[second]))

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What the order is worth, how the plan's own stands, how much of it is luck, and which precedences are clear.

        It is about the outcome, the first if there are several.
        """
        rows = about(self.value, self.outcome).to_dict("records")
        values = {VALUES[row["measure"]]: row for row in rows}
        whole, own = values[BEST, WORST], values[BEST, OWN_PLAN]
        seen = Size(whole["first_seen"], self.unit, signed=False)
        return (
            clause(
                "order.worth_all" if self.complete else "order.worth",
                outcome=OutcomeIn(self.outcome, self.quarter),
                quarter=self.quarter,
                count=len(about(self.orders, self.outcome)),
                **sized(whole, "value", self.unit, signed=False),
            ),
            self._own(own),
            clause("order.seen", fresh=self.fresh, size=seen),
            clause("order.luck", runs=self.basis.replications, count=self.drawn, share=Percent(self.luck_share)),
            self._precedences(),
        )

    def _own(self, row: Mapping[Any, Any]) -> Clause:
        unclear = row["low"] <= 0.0  # also where, on fresh replications, the own order is the better
        key = "order.own_unclear" if unclear else "order.own_behind"
        return clause(key, policy=self.scenario, **sized(row, "value", self.unit, signed=unclear))

    def _precedences(self) -> Clause:
        pairs = about(self.precedences, self.outcome)
        clear = pairs[pairs["clear"].astype(bool)]
        if clear.empty:
            return clause("order.none_clear", pairs=len(pairs))
        told = [self._earlier(str(first), rows) for first, rows in clear.groupby("first", sort=False)]
        return clause("order.clear", pairs=len(pairs), parts=Listed(tuple(told[:MOST_FIRST]), "list.semicolon"))

    def _earlier(self, first: str, clear: pd.DataFrame) -> Clause:
        """What one item does when it starts before others, those first that matter most."""
        rows = clear.to_dict("records")
        later = Listed(tuple(self._later(row) for row in rows[:MOST_LATER]))
        more = len(rows) - MOST_LATER
        ends: dict[str, Fill] = {"first": Within(self.items[first]), "second": later}
        return clause("order.before_more", count=more, **ends) if more > 0 else clause("order.before", **ends)

    def _later(self, row: Mapping[Any, Any]) -> Clause:
        name, effect = Within(self.items[row["second"]]), Size(row["effect"], self.unit)
        return clause("order.effect", name=name, size=effect)
