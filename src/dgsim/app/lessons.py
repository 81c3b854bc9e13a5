"""Lessons on the screen: the answer to a guess, and a challenge checked on the open policy.

What a lesson says and how its numbers are made is `dgsim.learn`'s; here it meets the pictures that pages share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dgsim.app.charts import band_of, outcome_named
from dgsim.app.pictures import Picture
from dgsim.app.words import Words
from dgsim.learn import Challenge, Lesson
from dgsim.scenario import Scenario, difference
from dgsim.show.numbers import shown

Curve = tuple[str, np.ndarray, np.ndarray | None]


def case_curves(lesson: Lesson, pictures: dict[str, Picture]) -> list[Curve]:
    """The lesson's outcome over time, a curve and band a case."""
    place, outcome = outcome_named(lesson.outcome)
    return [
        (case.label, *band_of(pictures[case.name].outcomes[:, :, place], outcome.unit))
        for case in lesson.cases
        if case.name in pictures
    ]


def guess_curve(lesson: Lesson, guess: Sequence[float], quarters: int, words: Words) -> Curve:
    """What was drawn, straight between the points; nothing before the first and after the last."""
    values = np.full(quarters, np.nan)
    first, last = lesson.guess.quarters[0], lesson.guess.quarters[-1]
    values[first : last + 1] = np.interp(range(first, last + 1), lesson.guess.quarters, guess)
    return words("learn.guessed"), values, None


def distance(lesson: Lesson, guess: Sequence[float], picture: Picture) -> float:
    """How far a drawn curve is from the model's at its points, on average, in the unit that is shown."""
    place, outcome = outcome_named(lesson.outcome)
    real = picture.outcomes[:, list(lesson.guess.quarters), place].mean(axis=0) * shown(1.0, outcome.unit)
    return float(np.abs(real - np.asarray(guess)).mean())


def forbidden(challenge: Challenge, policy: Scenario) -> list[str]:
    """What a policy changes that the challenge does not allow, in sentences."""
    allowed = {*challenge.levers, "planned_money"}
    items = {item.name: item.item for item in (*challenge.start.roadmap, *policy.roadmap)}
    return [
        change.sentence
        for change in difference(challenge.start, policy)
        if not (items.get(change.name) in challenge.items if change.theme == "roadmap" else change.name in allowed)
    ]


def chosen_is_right(lesson: Lesson, place: int, measured: float) -> bool:
    """Whether the choice at a place holds for the measured difference of the first claim."""
    choice = lesson.guess.choices[place]
    return choice.above < measured <= choice.below


def axis_of(lesson: Lesson) -> dict[str, Any]:
    """Lowest and highest value of the drawing, in the unit that is shown."""
    _, outcome = outcome_named(lesson.outcome)
    return {"low": 0.0, "high": 100.0 if shown(1.0, outcome.unit) == 100.0 else 1.0}
