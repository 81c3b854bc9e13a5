"""Several scenarios that are run together: each with a name of its own, all of one length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dgsim.errors import StudyError
from dgsim.scenario import Scenario

ScenarioLike = str | Path | Mapping[str, Any] | Scenario


def listed(scenarios: ScenarioLike | Iterable[ScenarioLike]) -> list[ScenarioLike]:
    """One scenario, or several, as a list; a mapping is one scenario.

    >>> listed("history"), listed({"name": "mine"}), listed(("history", "staged"))
    (['history'], [{'name': 'mine'}], ['history', 'staged'])
    """
    return [scenarios] if isinstance(scenarios, str | Path | Mapping | Scenario) else list(scenarios)


def check_names(scenarios: Sequence[Scenario]) -> None:
    """Raise StudyError where two scenarios have one name."""
    names = [scenario.name for scenario in scenarios]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise StudyError(
            f"two scenarios are called {twice}: give one another name, as with scenario.with_changes(name=...)"
        )


def check_lengths(scenarios: Sequence[Scenario], key: str = "quarters") -> None:
    """Raise StudyError where two scenarios have not the same number of quarters; `key` is what shortens them."""
    first = scenarios[0]
    for other in scenarios:
        if other.quarters != first.quarters:
            raise StudyError(
                f"{first.name} has {first.quarters} quarters and {other.name} has {other.quarters}: "
                f"run them over {key} = {min(scenario.quarters for scenario in scenarios)}"
            )
