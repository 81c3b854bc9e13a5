"""What a lesson is made of: frozen records, their texts in one language.

A lesson runs its *cases* (scenarios), asks for a *guess*, shows what the model says, explains, and ends with a
*challenge*. Its *claims* are what it teaches; each can be run against the model.
"""

from __future__ import annotations

from dataclasses import dataclass

from dgsim.country.groups import POOR, RICH
from dgsim.scenario import Scenario

EVERYONE = "everyone"
GROUPS = (EVERYONE, RICH, POOR)
PLANNED_MONEY = "planned_money"  # what a challenge may limit besides outcomes: the money a scenario plans, bvnd


@dataclass(frozen=True)
class Case:
    """One scenario of a lesson, by a name within the lesson and a label to show."""

    name: str
    label: str
    scenario: Scenario


@dataclass(frozen=True)
class Side:
    """A number of one case in one quarter (an index).

    ``measure`` is an outcome, or a stock of provinces where ``stock`` is true; ``per`` is the stock it is a share
    of, or empty. ``among`` is everyone, or the rich or the poor fifth of provinces by own revenue.
    """

    case: str
    measure: str
    quarter: int
    stock: bool = False
    per: str = ""
    among: str = EVERYONE


@dataclass(frozen=True)
class Claim:
    """That ``more`` is above ``less`` (or above nothing, where that is None) by over ``margin``."""

    text: str
    more: Side
    less: Side | None
    margin: float


@dataclass(frozen=True)
class Choice:
    """An answer: it is right where the first claim's difference lies above ``above`` and not above ``below``."""

    text: str
    above: float
    below: float


@dataclass(frozen=True)
class Guess:
    """What a learner says before the reveal: one of the choices, or a curve of a case's outcome.

    ``kind`` is choice or curve. ``quarters`` (indices) are those at which a curve is asked for without a drawing.
    """

    kind: str
    choices: tuple[Choice, ...] = ()
    case: str = ""
    quarters: tuple[int, ...] = ()


@dataclass(frozen=True)
class Condition:
    """One thing a challenge asks for: an outcome in a quarter (an index), or the planned money, within a bound.

    ``at_least`` tells whether ``bound`` (in the unit of the measure) is the least or the most that is allowed.
    """

    text: str
    measure: str
    quarter: int | None
    at_least: bool
    bound: float


@dataclass(frozen=True)
class Challenge:
    """A task that checks itself: a scenario to start from, what may be touched in it, and what it must reach.

    ``levers`` and ``items`` name the levers and the roadmap items that may be changed.
    """

    title: str
    text: str
    start: Scenario
    levers: tuple[str, ...]
    items: tuple[str, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Lesson:
    """One lesson in one language; ``outcome`` and ``quarter`` (an index) are what it looks at."""

    key: str
    language: str
    order: int
    title: str
    question: str
    cases: tuple[Case, ...]
    outcome: str
    quarter: int
    guess: Guess
    claims: tuple[Claim, ...]
    reveal: str
    explain: str
    challenge: Challenge

    def case(self, name: str) -> Case:
        """The case of a name, which must be one of the lesson's own."""
        return next(case for case in self.cases if case.name == name)
