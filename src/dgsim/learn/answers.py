"""A learner's guess: what may be answered, reading it, and what is said to it, in the lesson's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dgsim.errors import LessonError
from dgsim.learn.lesson import Case, Lesson
from dgsim.learn.numbers import amount_text, unit_of
from dgsim.learn.running import Results, check_choice, score_guess
from dgsim.numbers import is_share, shown, unit_text
from dgsim.scenario import quarter_text
from dgsim.texts import words
from dgsim.texts.clauses import Size
from dgsim.world.tables import OUTCOME_NAMES

DECIMALS = 3  # of a share or a mean that is shown


@dataclass(frozen=True)
class Verdict:
    """What is said to a guess; `right` is None where a curve was drawn."""

    text: str
    right: bool | None


@dataclass(frozen=True)
class CaseNumbers:
    """What came out of a case: means over the runs by quarter (in the unit of the outcome), and a line of them."""

    name: str
    label: str
    means: dict[str, float]
    text: str


def case_numbers(lesson: Lesson, results: Mapping[str, Results]) -> list[CaseNumbers]:
    """Every case's outcome in the quarters a curve is asked for, or in the lesson's own; shares in per cent as text."""
    return [_numbers(lesson, case, results[case.name]) for case in lesson.cases]


def _numbers(lesson: Lesson, case: Case, result: Results) -> CaseNumbers:
    quarters = lesson.guess.quarters or (lesson.quarter,)
    means = result.outcomes[:, list(quarters), OUTCOME_NAMES.index(lesson.outcome)].mean(axis=0)
    by_quarter: dict[str, float] = {
        quarter_text(quarter): float(mean) for quarter, mean in zip(quarters, means, strict=True)
    }
    w = words(lesson.language)
    sign = "%" if is_share(unit_of(lesson.outcome)) else ""
    told = (
        f"{w.quarter(when)} {amount_text(lesson.outcome, round(mean, DECIMALS), lesson.language)}{sign}"
        for when, mean in by_quarter.items()
    )
    return CaseNumbers(case.name, case.label, by_quarter, f"{case.label}: {', '.join(told)}")


def condition_values(lesson: Lesson, found: Sequence[tuple[str, bool, float]]) -> list[str]:
    """The values of a checked challenge, written as its conditions are."""
    measures = [condition.measure for condition in lesson.challenge.conditions]
    return [
        amount_text(measure, round(value, DECIMALS), lesson.language)
        for measure, (_, _, value) in zip(measures, found, strict=True)
    ]


def options_of(lesson: Lesson) -> list[str]:
    """The answers a learner may give, a line each; of a curve, the quarters that are asked for.

    >>> from dgsim.learn import find_lesson
    >>> options_of(find_lesson("trust-is-slow"))
    ['2020Q4, 2022Q4, 2024Q4, 2026Q4, 2028Q4, 2030Q4']
    """
    if lesson.guess.kind == "curve":
        return [", ".join(words(lesson.language).quarter(quarter_text(quarter)) for quarter in lesson.guess.quarters)]
    return [f"{number}. {choice.text}" for number, choice in enumerate(lesson.guess.choices, start=1)]


def asked_of(lesson: Lesson) -> str:
    """What is asked for after the answers: the number of one, or values in the unit that is shown.

    >>> from dgsim.learn import find_lesson
    >>> asked_of(find_lesson("order-at-equal-money"))
    'A value for each of these quarters, with commas between them, in % of dossiers'
    """
    w = words(lesson.language)
    if lesson.guess.kind == "choice":
        return w("learn.ask_choice")
    return w("learn.ask_curve", unit=w.of(unit_text(unit_of(lesson.outcome))))


def read_guess(lesson: Lesson, text: str) -> int | list[float]:
    """A guess as it was typed: the number of an answer from 1, or a value a quarter. Raises LessonError.

    >>> from dgsim.learn import find_lesson
    >>> read_guess(find_lesson("skills-leak"), "2")
    2
    """
    parts = [part.strip() for part in text.split(",")]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise LessonError(f"guess = {text!r} is not a number, nor numbers with commas between them") from None
    if lesson.guess.kind == "choice":
        most = len(lesson.guess.choices)
        if len(numbers) != 1 or numbers[0] not in range(1, most + 1):
            raise LessonError(f"guess = {text!r} is not the number of an answer, 1 to {most}")
        return int(numbers[0])
    if len(numbers) != len(lesson.guess.quarters):
        raise LessonError(f"guess has {len(numbers)} values; {lesson.key} asks for {len(lesson.guess.quarters)}")
    low, high = guess_range(lesson)
    wrong = [part for part, number in zip(parts, numbers, strict=True) if not low <= number <= high]
    if wrong:
        raise LessonError(f"guess = {wrong[0]} is not a number from {low:g} to {high:g}")
    return numbers


def guess_range(lesson: Lesson) -> tuple[float, float]:
    """The least and the most a drawn curve may say, in the unit that is shown: per cent for shares, or 0 to 1."""
    return 0.0, shown(1.0, unit_of(lesson.outcome))


def answered(lesson: Lesson, given: int | list[float], results: Mapping[str, Results]) -> Verdict:
    """What the model says to a guess; curves are in the unit that is shown (shares in per cent)."""
    w = words(lesson.language)
    if isinstance(given, int):
        right = check_choice(lesson, given - 1, results)
        return Verdict(w("learn.right" if right else "learn.wrong"), right)
    scale = shown(1.0, unit_of(lesson.outcome))
    off, word = score_guess(lesson, [value / scale for value in given], results)
    size = Size(off, unit_of(lesson.outcome), signed=False)
    return Verdict(w("learn.off", word=w(f"learn.{word}"), off=size.text(w)), None)
