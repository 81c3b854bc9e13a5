"""Learn: lessons as data files, a guess before every reveal, claims that are run, challenges that check themselves.

>>> from dgsim.learn import load_lessons
>>> lesson = load_lessons("en")[0]
>>> lesson.guess.kind, len(lesson.cases)
('choice', 2)

`dgsim.learn.running` runs a lesson's cases and checks its claims; it is not imported here, so that reading
lessons stays quick.
"""

from __future__ import annotations

from dgsim.errors import LessonError
from dgsim.learn.lesson import Case, Challenge, Choice, Claim, Condition, Guess, Lesson, Side
from dgsim.learn.loading import find_lesson, load_lesson, load_lessons

__all__ = [
    "Case",
    "Challenge",
    "Choice",
    "Claim",
    "Condition",
    "Guess",
    "Lesson",
    "LessonError",
    "Side",
    "find_lesson",
    "load_lesson",
    "load_lessons",
]
