"""The line that prints the same numbers in a terminal."""

from __future__ import annotations

import shlex

from dgsim.app.files import file_name
from dgsim.app.view import View, is_shipped
from dgsim.scenario import Scenario
from dgsim.study.ensemble import CENTRAL_NAME

END = "END_OF_SCENARIO"


def command_of(view: View, replications: int) -> str:
    """Shell lines that write the files they need and print the numbers of a view.

    >>> from dgsim.app.view import first_view
    >>> command_of(first_view(), 100)
    'dgsim compare staged --baseline history --replications 100 --seed 0 --parameters central'
    """
    same = view.policy.digest() == view.baseline.digest()
    blocks, names = [], []
    for scenario in (view.policy,) if same else (view.policy, view.baseline):
        name = scenario.name
        if not is_shipped(scenario):
            name = f"./{file_name(scenario.name, f'-{scenario.digest()[:6]}.toml')}"
            blocks.append(_written(name, scenario))
        names.append(shlex.quote(name))
    counts = f"--replications {replications} --seed {view.seed} --parameters {CENTRAL_NAME}"
    line = f"dgsim run {names[0]} {counts}" if same else f"dgsim compare {names[0]} --baseline {names[1]} {counts}"
    return "\n".join([*blocks, line])


def _written(path: str, scenario: Scenario) -> str:
    return f"cat > {shlex.quote(path)} <<'{END}'\n{scenario.to_toml()}{END}"
