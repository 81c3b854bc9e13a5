"""Lessons without a browser: the list of them, and one to take."""

from __future__ import annotations

import json
from typing import Any

import click

from dgsim.cli.exit_codes import NOT_MET
from dgsim.cli.later import Later
from dgsim.cli.output import json_for_output, print_text
from dgsim.learn import Lesson, find_lesson, load_lessons

take_lesson = Later("dgsim.cli.work.lesson:take_lesson")
take_challenge = Later("dgsim.cli.work.lesson:take_challenge")


def learn(
    key: str | None, guess: str | None, check: str | None, language: str, replications: int, seed: int, form: str
) -> None:
    """Print the lessons, take one, or check a scenario against its challenge: with 1 where that is not met."""
    if key is None:
        _print_lessons(load_lessons(language), form)
        return
    lesson = find_lesson(key, language)
    if check is None:
        lines, data = take_lesson(lesson, guess, replications, seed, form)
        _print(lines, _heading(lesson) | data, form)
        return
    lines, data = take_challenge(lesson, check, replications, seed, form)
    _print(lines, data, form)
    if not data["won"]:
        click.get_current_context().exit(NOT_MET)


def _print_lessons(lessons: tuple[Lesson, ...], form: str) -> None:
    _print([f"{one.key:28}{one.title}" for one in lessons], [_heading(one) for one in lessons], form)


def _heading(lesson: Lesson) -> dict[str, str]:
    """What a list of lessons says of one."""
    return {"key": lesson.key, "title": lesson.title, "question": lesson.question}


def _print(lines: list[str], data: Any, form: str) -> None:
    """Print lines for people, or data for programs."""
    if form == "json":
        click.echo(json_for_output(json.dumps(data, ensure_ascii=False, indent=2)))
    else:
        print_text("\n".join(lines))
