"""Bytes found by coverage, thrown at what our own code parses, under Atheris (`pip install atheris`).

`python experiments/fuzz.py address -max_total_time=60` searches for a minute; what breaks is left in a file
`crash-...`, which the same command with that file after it tries again. Targets: address, host, scenario, country,
sets, manifest. The options are those of libFuzzer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(
    include=["dgsim.app", "dgsim.scenario", "dgsim.country", "dgsim.sweeps", "dgsim.engine"]
):
    from dgsim.app.server.gate import name_of, same_address
    from dgsim.app.state.address import address_of, view_of
    from dgsim.country import load_country, synthetic_country, write_country
    from dgsim.engine.sets import load_parameters
    from dgsim.errors import DgsimError
    from dgsim.scenario import load_scenario
    from dgsim.sweeps.manifest import MANIFEST, read_manifest

FOLDER = Path(mkdtemp(prefix="dgsim-fuzz-"))


def address(data: bytes) -> None:
    """The address of a page: a view whose own address leads back to it."""
    path, _, query = data.decode("utf-8", "replace").partition("?")
    view, problem = view_of(path, query)
    assert problem.isprintable()
    assert view_of(*address_of(view).split("?", 1))[1] == ""


def host(data: bytes) -> None:
    """The name in a header, and an address held against another."""
    one, _, other = data.decode("latin-1").partition("\n")
    name = name_of(one)
    assert not set(name) & set("/@")
    assert same_address(one, other) is same_address(other, one)


def scenario(data: bytes) -> None:
    """A scenario file."""
    file = FOLDER / "mine.toml"
    file.write_bytes(data)
    refused_in_sentences(lambda: load_scenario(file))


def country(data: bytes) -> None:
    """A table of a country, the rest of which is sound."""
    folder = FOLDER / "land"
    if not folder.exists():
        write_country(synthetic_country(6), folder)
    (folder / "borders.csv").write_bytes(data)
    refused_in_sentences(lambda: load_country(folder))


def sets(data: bytes) -> None:
    """Sets of parameters."""
    file = FOLDER / "sets.csv"
    file.write_bytes(data)
    refused_in_sentences(lambda: load_parameters(file))


def manifest(data: bytes) -> None:
    """The manifest of a sweep."""
    (FOLDER / MANIFEST).write_bytes(data)
    refused_in_sentences(lambda: read_manifest(FOLDER))


def refused_in_sentences(load: Callable[[], object]) -> None:
    """Load, or be refused in lines that can be printed."""
    refusal = ""
    try:
        load()
    except DgsimError as error:
        refusal = str(error)
    assert all(line.isprintable() for line in refusal.split("\n"))


TARGETS = {each.__name__: each for each in (address, host, scenario, country, sets, manifest)}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"name what is parsed: {', '.join(TARGETS)}")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
