"""Where scenarios are found: those the package ships, and files of the user's own."""

from __future__ import annotations

import os
from pathlib import Path

from dgsim.errors import ScenarioError, asked, did_you_mean
from dgsim.files import is_file, is_folder
from dgsim.scenario.errors import shown

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = ("scenarios", "targets")  # the folders of files that are shipped


def shipped_folder(what: str = "scenarios") -> Path:
    """The folder of the shipped scenarios, or targets: inside the package, or at the root of its source tree."""
    packaged = PACKAGE / what
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / what


def shipped_scenarios() -> tuple[str, ...]:
    """The names of the shipped scenarios, sorted."""
    return names_in(shipped_folder())


def names_in(folder: Path) -> tuple[str, ...]:
    """The names of the scenario files of a folder, sorted."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def find_scenario(which: str | Path) -> Path:
    """The file of a shipped scenario's name, or of a path.

    A text is a path where it ends in ``.toml`` or has a separator in it. Raises ScenarioError where nothing
    is there, with the nearest names.
    """
    try:
        return _found(which)
    except OSError as error:
        raise ScenarioError(f"{shown(str(which))}: cannot be read ({error.strerror})") from None


def _found(which: str | Path) -> Path:
    text = str(which)
    is_path = isinstance(which, Path) or text.endswith(".toml") or bool(set(text) & set("/\\"))
    if not is_path:
        return _shipped(text)
    file = Path(which)
    if is_folder(file):
        raise ScenarioError(f"{text}: is a folder; name one .toml file in it")
    if file.suffix != ".toml":
        raise ScenarioError(f"{text}: a scenario is a .toml file, or the name of a shipped one")
    if not is_file(file):
        if os.path.lexists(file):
            raise ScenarioError(f"{text}: is no file that can be read to its end")
        raise ScenarioError(f"{text}: there is no such file{did_you_mean(file.stem, names_in(file.parent))}")
    return file


def find_layer(name: str, folder: Path | None) -> Path | None:
    """The file a layer's name stands for: in the folder of the file that extends it, else a shipped one."""
    for known in (folder, shipped_folder()):
        if known is not None and is_file(known / f"{name}.toml"):
            return known / f"{name}.toml"
    return None


def known_layers(folder: Path | None) -> tuple[str, ...]:
    """The names a file in a folder can extend."""
    return tuple(dict.fromkeys((names_in(folder) if folder else ()) + shipped_scenarios()))


def _shipped(name: str) -> Path:
    file = shipped_folder() / f"{name}.toml"
    if name in shipped_scenarios():
        return file
    if name and is_folder(Path(name)):
        raise ScenarioError(f"{name}: is a folder; name one .toml file in it")
    meant = did_you_mean(name, shipped_scenarios()) or f"; {asked('scenarios')} lists them"
    raise ScenarioError(f"{name}: there is no shipped scenario of this name{meant}")
