"""One lesson: a guess, what the model says, a challenge."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

import dgsim
from dgsim.cli.progress import progress_shown
from dgsim.errors import LessonError
from dgsim.learn import Lesson
from dgsim.learn.answers import (
    CaseNumbers,
    Verdict,
    answered,
    asked_of,
    case_numbers,
    condition_values,
    options_of,
    read_guess,
)
from dgsim.learn.running import Checked, check_challenge, check_claim, forbidden_changes, run_cases
from dgsim.show.terminal.screen import screen_lines
from dgsim.show.terminal.tables import BETTER, WORSE
from dgsim.texts import words

NO_GUESS = "The input ended before there was a guess: type one, or give it with --guess."
Guess = int | list[float]
Told = tuple[list[str], dict[str, Any]]  # lines for people, data for programs


def take_lesson(lesson: Lesson, guess: str | None, replications: int, seed: int, form: str) -> Told:
    """Read a guess, or ask for it; what the model says then, and why."""
    given = _asked(lesson, form) if guess is None else read_guess(lesson, guess)
    with progress_shown(lesson.key, form == "json") as progress:
        results = run_cases(lesson, replications, seed, progress=progress)
    claims = [check_claim(claim, results) for claim in lesson.claims]
    verdict, cases = answered(lesson, given, results), case_numbers(lesson, results)
    return _lines(lesson, verdict, cases, claims), _data(lesson, given, verdict, cases, claims)


def take_challenge(lesson: Lesson, scenario: str, replications: int, seed: int, form: str) -> Told:
    """Run a scenario and check the challenge; it is won if all of it is met and nothing else was touched."""
    policy = dgsim.load_scenario(scenario)
    with progress_shown(policy.name, form == "json") as progress:
        result = dgsim.simulate(policy, replications, seed, progress=progress)
    found = check_challenge(lesson.challenge, policy, result.array)
    w = words(lesson.language)
    wrong = [change.said.text(w) for change in forbidden_changes(lesson.challenge, policy)]
    won = not wrong and all(met for _, met, _ in found)
    values = condition_values(lesson, found)
    lines = [f"{_mark(met)} {text} ({value})" for (text, met, _), value in zip(found, values, strict=True)]
    lines += [f"{WORSE} {w('learn.not_yours')}: {sentence}" for sentence in wrong]
    conditions = [{"condition": text, "met": met, "value": value} for text, met, value in found]
    return lines, {"won": won, "conditions": conditions, "not_allowed": wrong}


def _asked(lesson: Lesson, form: str) -> Guess:
    """The guess of somebody at the keyboard, asked for again until it can be read."""
    shown = "\n".join([lesson.title, "", lesson.question, "", *options_of(lesson)])
    click.echo(screen_lines(shown), err=form == "json")
    asked = asked_of(lesson)
    try:
        guess: Guess = click.prompt(asked, value_proc=partial(_read, lesson), err=form == "json")
    except click.Abort as left:
        if isinstance(left.__context__, EOFError):
            click.echo(err=form == "json")
            raise click.ClickException(NO_GUESS) from None
        raise
    return guess


def _read(lesson: Lesson, text: str) -> Guess:
    try:
        return read_guess(lesson, text)
    except LessonError as error:
        raise click.UsageError(str(error)) from None


def _lines(lesson: Lesson, verdict: Verdict, cases: list[CaseNumbers], claims: list[Checked]) -> list[str]:
    """What a learner reads after the guess."""
    lines = [verdict.text, "", lesson.reveal, "", *(f"  {case.text}" for case in cases), ""]
    w = words(lesson.language)
    lines += [f"{_mark(one.holds)} {one.claim.text} ({one.size.text(w)})" for one in claims]
    lines += ["", lesson.explain, "", f"{lesson.challenge.title}: {lesson.challenge.text}"]
    return lines + [f"- {condition.text}" for condition in lesson.challenge.conditions]


def _data(
    lesson: Lesson, given: Guess, verdict: Verdict, cases: list[CaseNumbers], claims: list[Checked]
) -> dict[str, Any]:
    """The same for a program."""
    return {
        "guess": given,
        "verdict": verdict.text,
        "right": verdict.right,
        "reveal": lesson.reveal,
        "explain": lesson.explain,
        "cases": [{"name": c.name, "label": c.label, "outcome": lesson.outcome, "means": c.means} for c in cases],
        "claims": [
            {"text": c.claim.text, "difference": c.difference, "low": c.low, "high": c.high, "holds": c.holds}
            for c in claims
        ],
        "challenge": [condition.text for condition in lesson.challenge.conditions],
    }


def _mark(met: bool) -> str:
    return BETTER if met else WORSE
