"""The line that prints the same numbers in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from dgsim.app.state.files import file_name
from dgsim.app.state.targets import OWN_TARGETS_FILE, toml_of
from dgsim.app.state.view import OWN_TARGETS, View, is_shipped
from dgsim.appraisals.targets.file import TargetSet
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
    blocks, names = _named(scenarios)
    words = ["dgsim", command, names[0]]
    if len(names) > 1:
        words += ["--baseline", names[1]]
    return "\n".join([*blocks, shlex.join([*words, *_given(options | {"seed": seed, "parameters": parameters})])])


def targets_line(wanted: TargetSet, scenarios: Sequence[Scenario], seed: int, parameters: str, **options: Any) -> str:
    """Shell lines that write the files they need and tell whether scenarios meet targets.

    >>> from dgsim.app.state.targets import shipped_set
    >>> from dgsim.app.state.view import shipped
    >>> targets_line(shipped_set("plan-2024"), [shipped("staged")], 3, "central", to="2030Q4")
    'dgsim targets plan-2024 staged --to 2030Q4 --seed 3 --parameters central'
    """
    blocks, names = _named(scenarios)
    file = wanted.name
    if file == OWN_TARGETS:
        file = f"./{file_name(OWN_TARGETS_FILE)}"
        blocks.append(_written(file, toml_of(wanted.targets)))
    words = ["dgsim", "targets", file, *names]
    return "\n".join([*blocks, shlex.join([*words, *_given(options | {"seed": seed, "parameters": parameters})])])


def _named(scenarios: Sequence[Scenario]) -> tuple[list[str], list[str]]:
    """The lines that write files of scenarios, and by which names the command has them."""
    blocks, names = [], []
    for scenario in scenarios:
        name = scenario.name
        if not is_shipped(scenario):
            name = f"./{file_name(scenario.name, f'-{scenario.digest()[:6]}.toml')}"
            blocks.append(_written(name, scenario.to_toml()))
        names.append(name)
    return blocks, names


def _given(options: Mapping[str, Any]) -> list[str]:
    words: list[str] = []
    for name, value in options.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def _written(path: str, content: str) -> str:
    return f"cat > {shlex.quote(path)} <<'{END}'\n{content}{END}"
