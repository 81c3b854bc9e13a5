"""The command for classes without a browser: `dgsim learn`, as thin as the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from dgsim.cli.options import SEED, replications, with_options
from dgsim.cli.output import progress_told

if TYPE_CHECKING:
    from dgsim.learn import Lesson

NOT_MET = 1


@click.command(
    short_help="Lessons: guess, see what the model says, take up a challenge.",
    epilog="""\b
Examples:
  dgsim learn
  dgsim learn trust-is-slow
  dgsim learn money-is-not-equal --guess 3 --language vi
  dgsim learn order-at-equal-money --guess 5,10,20,30,40,50
  dgsim learn skills-leak --check my.toml""",
)
@click.argument("key", required=False)
@click.option("--guess", help="The number of an answer, or the values of a curve in the unit shown, by commas.")
@click.option("--check", metavar="SCENARIO", help="Check a scenario against the challenge.")
@click.option("--language", type=click.Choice(["en", "vi"]), default="en", show_default=True)
@with_options(replications(40), SEED)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def learn(context: click.Context, key: str | None, guess: str | None, check: str | None, form: str, **how: Any) -> None:
    """List the lessons, or take the lesson of a KEY: guess, then see what the model says, and why."""
    from dgsim.learn import find_lesson, load_lessons

    if key is None:
        found = load_lessons(how["language"])
        _say([f"{one.key:28}{one.title}" for one in found], [vars_of(one) for one in found], form)
        return
    lesson = find_lesson(key, how["language"])
    if check is not None:
        if not _checked(lesson, check, how, form):
            context.exit(NOT_MET)
        return
    _taken(lesson, guess, how, form)


def vars_of(lesson: Lesson) -> dict[str, str]:
    """What a list of lessons says of one."""
    return {"key": lesson.key, "title": lesson.title, "question": lesson.question}


def _say(lines: list[str], data: Any, form: str) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if form == "json" else "\n".join(lines))


def _checked(lesson: Lesson, scenario: str, how: dict[str, Any], form: str) -> bool:
    """Run a scenario and check the challenge; whether all of it is met and nothing else was touched."""
    from dgsim.learn.answers import WORDS, condition_values
    from dgsim.learn.running import check_challenge, forbidden_changes
    from dgsim.scenario import load_scenario
    from dgsim.study.simulate import simulate

    policy = load_scenario(scenario)
    with progress_told(policy.name, form == "json") as progress:
        result = simulate(policy, how["replications"], how["seed"], progress=progress)
    found = check_challenge(lesson.challenge, policy, result.array)
    wrong = [change.sentence for change in forbidden_changes(lesson.challenge, policy)]
    won = not wrong and all(met for _, met, _ in found)
    values = condition_values(lesson, found)
    lines = [f"{'✓' if met else '✗'} {text} ({value})" for (text, met, _), value in zip(found, values, strict=True)]
    lines += [f"✗ {WORDS[lesson.language]['not_allowed']}: {sentence}" for sentence in wrong]
    conditions = [{"condition": text, "met": met, "value": value} for text, met, value in found]
    _say(lines, {"won": won, "conditions": conditions, "not_allowed": wrong}, form)
    return won


def _asked(lesson: Lesson, form: str) -> int | list[float]:
    """The guess of somebody at the keyboard, asked for again until it can be read."""
    from dgsim.errors import LessonError
    from dgsim.learn.answers import options_of, read_guess

    def read(text: str) -> int | list[float]:
        try:
            return read_guess(lesson, text)
        except LessonError as error:
            raise click.UsageError(str(error)) from None

    click.echo("\n".join([lesson.title, "", lesson.question, "", *options_of(lesson)]), err=form == "json")
    return click.prompt("?", value_proc=read, err=form == "json")


def _taken(lesson: Lesson, guess: str | None, how: dict[str, Any], form: str) -> None:
    from dgsim.learn.answers import answered, case_numbers, read_guess
    from dgsim.learn.running import check_claim, run_cases

    given = _asked(lesson, form) if guess is None else read_guess(lesson, guess)
    with progress_told(lesson.key, form == "json") as progress:
        results = run_cases(lesson, how["replications"], how["seed"], progress=progress)
    claims = [check_claim(claim, results) for claim in lesson.claims]
    verdict, cases = answered(lesson, given, results), case_numbers(lesson, results)
    lines = [verdict.text, "", lesson.reveal, "", *(f"  {case.text}" for case in cases), ""]
    lines += [f"{'✓' if one.holds else '✗'} {one.claim.text} ({one.difference:+,.3g})" for one in claims]
    lines += ["", lesson.explain, "", f"{lesson.challenge.title}: {lesson.challenge.text}"]
    lines += [f"- {condition.text}" for condition in lesson.challenge.conditions]
    data = {
        **vars_of(lesson),
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
    _say(lines, data, form)
