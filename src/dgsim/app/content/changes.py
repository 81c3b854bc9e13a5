"""What differs between two policies, a line a difference, in the language of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from dgsim.scenario import Change
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
