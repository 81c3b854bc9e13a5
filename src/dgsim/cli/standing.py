"""What stands where results are to be written: it is replaced by the same command on the same inputs, or with --force.

A folder of results tells by its `run.json` which command left it, and on which inputs. A single file tells nothing of
the kind: it is replaced with --force only.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from dgsim.country import load_country
from dgsim.engine.sets import PLAUSIBLE_NAME, load_parameters
from dgsim.errors import FolderError
from dgsim.files import is_file
from dgsim.scenario import Scenario
from dgsim.show.files.folder import earlier_record
from dgsim.study.record import Basis, run_record
from dgsim.study.simulate import shortened

PASSING = ("out", "force", "resume", "dry_run", "quiet", "form")  # options that move nothing in a folder of results
INPUTS = {  # keys of run.json that tell of inputs, and what they are called
    "country": "the country",
    "parameters": "the sets of parameters",
    "rules_and_data": "the rules",
    "versions": "the versions of the packages",
}


def check_standing(folder: Path, force: bool, plans: Sequence[Scenario] | None) -> None:
    """Raise FolderError where a folder holds the results of another command, or of the same on other inputs.

    `plans` are scenarios that the command runs, known before it does; None where only the command counts.
    """
    context, earlier = click.get_current_context(), earlier_record(folder)
    if earlier is None or force:
        return
    way_out = ["name another folder"] + (["replace them with --force"] if "force" in context.params else [])
    command = str(earlier.get("command", ""))
    if _asked(command, context) != _moving(context.params) | {"": context.info_name}:
        raise FolderError(f"{folder} holds the results of another command, {command}: {', or '.join(way_out)}")
    changed = [] if plans is None else _changed(earlier, plans, context.params)
    if changed:
        raise FolderError(
            f"{folder} holds the results of the same command on other inputs ({', '.join(changed)}): "
            f"{', or '.join(way_out)}"
        )


def check_file(file: Path | None, force: bool) -> None:
    """Raise FolderError where a file exists and nobody said that it may be replaced."""
    if file is not None and is_file(file) and not force:
        raise FolderError(f"{file} exists: name another file, or replace it with --force")


def _moving(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in PASSING}


def _asked(command: str, context: click.Context) -> dict[str, Any] | None:
    """The name and the options of a command line, those that move its results; None where it is none any more."""
    root = context.find_root()
    try:
        words = shlex.split(command)[1:]
        while words and words[0].startswith("-"):
            del words[0]
        name, *given = words
        known = root.command.get_command(root, name) if isinstance(root.command, click.Group) else None
        if known is None:
            return None
        with known.make_context(name, given, parent=root) as asked:
            return _moving(asked.params) | {"": name}
    except (ValueError, click.ClickException):
        return None


def _changed(earlier: Mapping[str, Any], plans: Sequence[Scenario], options: Mapping[str, Any]) -> list[str]:
    """Which inputs are not those of the earlier results."""
    land, sets = load_country(options.get("country")), load_parameters(options.get("parameters", PLAUSIBLE_NAME))
    now = run_record(Basis(tuple(shortened(plan, options.get("quarters")) for plan in plans), land, 0, 0, sets), "")
    drawn = bool(options.get("worlds"))  # sets of parameters that are drawn follow from those that are given
    changed = [
        what for key, what in INPUTS.items() if earlier.get(key) != now[key] and not (drawn and key == "parameters")
    ]
    known = {one.get("digest") for one in earlier.get("scenarios", [])}
    return [one["name"] for one in now["scenarios"] if one["digest"] not in known] + changed
