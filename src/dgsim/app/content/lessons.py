"""Lessons on the screen: the answer to a guess, and a challenge checked on the open policy.

What a lesson says and how its numbers are made is `dgsim.learn`'s; here it meets the runs that pages share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dgsim.app.content.changes import change_lines
from dgsim.app.content.charts import band_of, column_and_outcome
from dgsim.app.runs.cache import CachedRuns
from dgsim.learn import Challenge, Condition, Lesson
from dgsim.learn.numbers import unit_of
from dgsim.learn.running import forbidden_changes
from dgsim.numbers import number_text, unit_text
from dgsim.scenario import Scenario
from dgsim.texts import Words

Curve = tuple[str, np.ndarray, np.ndarray | None]


def case_curves(lesson: Lesson, runs: dict[str, CachedRuns]) -> list[Curve]:
    """The lesson's outcome over time, a curve and band a case."""
    column, outcome = column_and_outcome(lesson.outcome)
    return [
        (case.label, *band_of(runs[case.name].outcomes[:, :, column], outcome.unit))
        for case in lesson.cases
        if case.name in runs
    ]


def guess_curve(lesson: Lesson, guess: Sequence[float], quarters: int, words: Words) -> Curve:
    """What was drawn, straight between the points; nothing before the first and after the last."""
    values = np.full(quarters, np.nan)
    first, last = lesson.guess.quarters[0], lesson.guess.quarters[-1]
    values[first : last + 1] = np.interp(range(first, last + 1), lesson.guess.quarters, guess)
    return words("learn.guessed"), values, None


def forbidden(challenge: Challenge, policy: Scenario, words: Words) -> list[str]:
    """What a policy changes that the challenge does not allow, a line each."""
    return change_lines(forbidden_changes(challenge, policy), words)


def value_shown(condition: Condition, value: float, words: Words) -> str:
    """The value of a condition with its unit."""
    unit = unit_of(condition.measure)
    return f"{number_text(value, unit, language=words.language)} {words.of(unit_text(unit))}"
