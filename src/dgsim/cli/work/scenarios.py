"""Scenario files, checked and held against each other."""

from __future__ import annotations

from collections.abc import Iterable

import click

from dgsim.cli.output import print_text
from dgsim.errors import ScenarioError
from dgsim.numbers import fixed_text
from dgsim.scenario import difference, load_scenario, quarter_text
from dgsim.texts import Words, words


def check(files: Iterable[str], language: str) -> None:
    """Print a line for every sound file; the mistakes of all others are one error."""
    mistakes = []
    for file in files:
        try:
            print_text(_sound(file, words(language)))
        except ScenarioError as error:
            mistakes.append(str(error))
    if mistakes:
        raise click.ClickException("\n".join(mistakes))


def diff(first: str, second: str, language: str) -> None:
    """Print what differs between two scenarios."""
    w = words(language)
    sentences = [change.said.text(w) for change in difference(load_scenario(first), load_scenario(second))]
    print_text("\n".join(sentences or [w("change.same", first=first, second=second)]))


def _sound(file: str, w: Words) -> str:
    policy = load_scenario(file)
    horizon = w("reason.range", low=quarter_text(0), high=quarter_text(policy.quarters - 1))
    plan = {"count": len(policy.roadmap), "money": fixed_text(policy.planned_money(), 0, language=w.language)}
    return w("done.sound", file=file, policy=policy.name, horizon=horizon, **plan)
