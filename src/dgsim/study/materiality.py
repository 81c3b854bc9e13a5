"""What a difference is called: better, worse, too small to matter, or not clear; one rule for all who tell it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dgsim.errors import StudyError
from dgsim.numbers import difference_hidden_by_interval, is_share
from dgsim.study.amounts import amount
from dgsim.study.catalogue import outcome_named
from dgsim.study.sequential import ERROR
from dgsim.texts.clauses import WITHIN, Clause, Fact, Limit, Listed, clause
from dgsim.texts.clauses import Outcome as OutcomeFact
from dgsim.world.tables import OUTCOMES, Outcome

BETTER, WORSE, TRIVIAL, UNCLEAR, NEITHER = "better", "worse", "trivial", "unclear", ""
Given = Mapping[str, float | str]
LIMITS: Mapping[str, float] = MappingProxyType({outcome.outcome: outcome.materiality for outcome in OUTCOMES})


def limits(given: Given | None = None) -> Mapping[str, float]:
    """The smallest difference of every outcome that is worth a verdict: that of the table, unless another is given.

    >>> limits({"use": "1pp"})["use"], limits()["use"]
    (0.01, 0.005)
    """
    changed = {name: size(value, name, f"materiality of {name}") for name, value in (given or {}).items()}
    return MappingProxyType({**LIMITS, **changed})


def size(given: float | str, outcome: str, argument: str, *, some: bool = False) -> float:
    """A size of difference in the outcome's unit, written as any amount is; above 0 if `some`.

    `argument` is what an error says was given.

    >>> size("0.5pp", "use", "until_clear"), size("250", "net_benefit", "until_clear")
    (0.005, 250.0)
    """
    value = amount(given, OUTCOMES[outcome_named(outcome)].unit, argument)
    if value < 0.0 or (some and not value):
        raise StudyError(f"{argument} = {given} is no size {'above 0' if some else 'from 0 on'}")
    return value


def verdict(outcome: Outcome, difference: float, low: float, high: float, limit: float | None = None) -> str:
    """What a difference is called, from its interval and the smallest that matters (by default the outcome's own).

    Too small to matter: the whole interval lies within plus and minus the limit. Better or worse: the interval leaves
    zero out, as it is shown too, and the difference is as large as the limit. Else it is not clear.

    >>> use = OUTCOMES["use"]
    >>> verdict(use, 0.03, 0.02, 0.04), verdict(use, 0.001, 0.0, 0.002), verdict(use, 0.01, -0.01, 0.03)
    ('better', 'trivial', 'unclear')
    """
    limit = outcome.materiality if limit is None else limit
    if not (math.isfinite(low) and math.isfinite(high)):
        return UNCLEAR
    if -limit < low and high < limit:
        return TRIVIAL
    hidden = difference_hidden_by_interval(difference, (high - low) / 2, outcome.unit)
    if hidden or low <= 0.0 <= high or abs(difference) < limit:
        return UNCLEAR
    if outcome.direction not in ("higher", "lower"):
        return NEITHER
    return BETTER if (difference > 0.0) == (outcome.sign > 0) else WORSE


def rule_said(limited: Mapping[str, float], scenarios: int) -> tuple[Clause, Clause]:
    """How verdicts on so many scenarios come about: what chance alone would mark, and what is too small to matter.

    >>> from dgsim.texts import words
    >>> chance, least = rule_said(limits({"use": "2pp"}), scenarios=3)
    >>> f"Each of {3 * len(OUTCOMES)} differences is judged at 95% by itself" in chance.text(words("en"))
    True
    >>> least.text(words("en"))[:49]
    'Too small to matter: less than 0.5 points (Supply'
    """
    judged = scenarios * len(limited)
    chance = clause("note.chance", judged=judged, wrong=max(1, round(ERROR * judged)))
    return chance, clause("note.limits", limits=Listed(tuple(_grouped(limited)), "list.semicolon"))


def _grouped(limited: Mapping[str, float]) -> Iterator[Fact]:
    """Each limit once, with the outcomes that share it."""
    groups: dict[tuple[float, str], list[str]] = {}
    for name, limit in limited.items():
        unit = OUTCOMES[name].unit
        groups.setdefault((limit, "share" if is_share(unit) else WITHIN.get(unit, unit)), []).append(name)
    for (limit, _), names in groups.items():
        outcomes = Listed(tuple(map(OutcomeFact, names)))
        yield clause("note.limit", size=Limit(limit, OUTCOMES[names[0]].unit), outcomes=outcomes)
