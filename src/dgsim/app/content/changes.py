"""What differs between two policies, a line a difference, in the language of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from dgsim.app.state.view import View, in_world
from dgsim.scenario import Change, difference
from dgsim.texts import Words


def change_lines(changes: Iterable[Change], words: Words) -> list[str]:
    """Differences, each in a line: of levers, roadmap, horizon, assumptions and the planned money.

    >>> from dgsim.scenario import difference, load_scenario
    >>> from dgsim.texts import words
    >>> plan = load_scenario("staged")
    >>> change_lines(difference(plan, plan.with_changes(credibility=0.2)), words("en"))
    ['Credibility of the announced plan at the start: 0.7 -> 0.2']
    """
    return [change.said.text(words) for change in changes]


def world_lines(view: View, words: Words) -> list[str]:
    """What policy and baseline assume that is not so by default, a line an assumption.

    >>> from dgsim.app.state.view import first_view
    >>> from dgsim.texts import words
    >>> [line[-10:] for line in world_lines(first_view().with_levers(care=12.0), words("en"))]
    ['12 utility']
    """
    return change_lines(difference(in_world(view.policy, ()), view.policy), words)
