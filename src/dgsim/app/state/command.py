"""The line that prints the same numbers in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from dgsim.app.state.files import file_name
from dgsim.app.state.view import View, is_shipped
from dgsim.scenario import Scenario

END = "END_OF_SCENARIO"


def command_of(view: View, replications: int) -> str:
    """Shell lines that write the files they need and print the numbers of a view.

    >>> from dgsim.app.state.view import first_view
    >>> command_of(first_view(), 100)
    'dgsim compare staged --baseline history --replications 100 --seed 0 --parameters plausible'
    """
    same = view.policy.digest() == view.baseline.digest()
    scenarios = (view.policy,) if same else (view.policy, view.baseline)
    return command_line("run" if same else "compare", scenarios, view.seed, view.parameters, replications=replications)


def command_line(command: str, scenarios: Sequence[Scenario], seed: int, parameters: str, **options: Any) -> str:
    """Shell lines that write the files they need and run a command on a scenario and, where there is one, its baseline.

    >>> from dgsim.app.state.view import shipped
    >>> command_line("binding", [shipped("staged")], 3, "central", outcome="use")
    'dgsim binding staged --outcome use --seed 3 --parameters central'
    """
    blocks, names = [], []
    for scenario in scenarios:
        name = scenario.name
        if not is_shipped(scenario):
            name = f"./{file_name(scenario.name, f'-{scenario.digest()[:6]}.toml')}"
            blocks.append(_written(name, scenario))
        names.append(name)
    words = ["dgsim", command, names[0]]
    if len(names) > 1:
        words += ["--baseline", names[1]]
    for name, value in (options | {"seed": seed, "parameters": parameters}).items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return "\n".join([*blocks, shlex.join(words)])


def _written(path: str, scenario: Scenario) -> str:
    return f"cat > {shlex.quote(path)} <<'{END}'\n{scenario.to_toml()}{END}"
