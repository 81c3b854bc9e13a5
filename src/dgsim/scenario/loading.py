"""From a name, a path or a mapping to a checked scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dgsim.errors import ScenarioError
from dgsim.scenario.calendar import DEFAULT_HORIZON, horizon_text, quarter_text
from dgsim.scenario.errors import raise_for, shown
from dgsim.scenario.layers import ROADMAP_KEY, Key, Layer, LayerReader, Setting, merged, strange_removals
from dgsim.scenario.library import find_scenario
from dgsim.scenario.model import Scenario
from dgsim.scenario.plan import LeverChange, RoadmapItem, effective_changes, roadmap_faults
from dgsim.scenario.schema import default_value, key_text
from dgsim.scenario.source import Source, read_source
from dgsim.world.tables import PARAMETERS

PYTHON_LABEL = "scenario given in Python"
HORIZON = Key("horizon.quarters")
STOP = Key("horizon.stop_after")


def load_scenario(which: str | Path | Scenario | Mapping[str, Any]) -> Scenario:
    """A checked scenario: shipped, from a TOML file, or given in Python.

    Parameters
    ----------
    which : str, Path, Mapping or Scenario
        A shipped name, a path to a TOML file, or the content of such a file. A Scenario is given back as it is.

    Returns
    -------
    Scenario
        Frozen.

    Raises
    ------
    ScenarioError
        If something is wrong: a sentence a mistake, with file, key, value, unit, allowed range and nearest name.

    Examples
    --------
    >>> from dgsim import load_scenario
    >>> load_scenario({"name": "short", "horizon": {"quarters": 8}}).quarters
    8
    """
    if isinstance(which, Scenario):
        return which
    if isinstance(which, Mapping):
        return _loaded(Source(PYTHON_LABEL, None, _plain(which)))
    if isinstance(which, str | Path):
        return _loaded(read_source(find_scenario(which)))
    kind = type(which).__name__
    raise ScenarioError(f"a scenario is a name, a path, a mapping or a Scenario, not a {kind}")


def parent_of(scenario: Scenario) -> Scenario | None:
    """A scenario's layers without what it says itself; None where it has none, or where they disagree."""
    if not scenario.extends:
        return None
    file = Path(scenario.source) if scenario.source else None
    name = " + ".join(scenario.extends)
    try:
        return _loaded(Source(PYTHON_LABEL, file, {"name": name, "extends": list(scenario.extends)}))
    except ScenarioError:
        return None


def _plain(value: Any) -> Any:
    """A mapping given in Python as a TOML reader would give it."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _loaded(source: Source) -> Scenario:
    reader = LayerReader()
    reader.read(source)
    raise_for([*reader.problems, *_missing_name(source)])
    settings, conflicts = merged(reader.layers)
    raise_for([*conflicts, *strange_removals(reader.layers), *_plan_problems(settings)])
    return _scenario(reader.layers[-1], settings)


def _missing_name(source: Source) -> Iterator[str]:
    if source.file is None and "name" not in source.data:
        yield source.problem((), "name is missing").sentence()


def _scenario(own: Layer, settings: Mapping[Key, Setting]) -> Scenario:
    plan_quarters = _horizon(settings)
    levers = {lever.name: _value(settings, lever.key, default_value(lever)) for lever in PARAMETERS.levers}
    assumed = {name: _value(settings, f"assumptions.{name}", None) for name in PARAMETERS.uncertain.names}
    changes = effective_changes(levers, _changes(settings))
    levers |= {change.name: change.value for change in changes if change.quarter == 0}
    file = own.source.file
    return Scenario(
        name=own.head.get("name", own.source.name),
        question=own.head.get("question", ""),
        extends=own.head.get("extends", ()),
        quarters=settings[STOP].value if STOP in settings else plan_quarters,
        plan_quarters=plan_quarters,
        levers=tuple(levers.items()),
        changes=tuple(change for change in changes if change.quarter > 0),
        roadmap=tuple(sorted(_roadmap(settings), key=RoadmapItem.order)),
        overrides=tuple((name, value) for name, value in assumed.items() if value is not None),
        source=str(file.resolve()) if file else "",
        origins=tuple((str(key), setting.source.origin(setting.path)) for key, setting in settings.items()),
    )


def _plan_problems(settings: Mapping[Key, Setting]) -> Iterator[str]:
    quarters = _horizon(settings)
    if STOP in settings and settings[STOP].value > quarters:
        stop = settings[STOP]
        yield stop.sentence(f"{STOP} = {stop.value} is outside 1..{quarters} (quarters)")
    for key, setting in settings.items():
        if key.quarter is not None and key.quarter >= quarters:
            change = key_text(setting.source.data, (*setting.path[:2], "from"))
            date = shown(quarter_text(key.quarter))
            text = f"{change} = {date} is outside the horizon {horizon_text(quarters)}"
            yield setting.sentence(text, "from")
    for name, field, text in roadmap_faults(_roadmap(settings), quarters):
        yield settings[Key(ROADMAP_KEY + name)].sentence(text, field)


def _horizon(settings: Mapping[Key, Setting]) -> int:
    return settings[HORIZON].value if HORIZON in settings else DEFAULT_HORIZON


def _value(settings: Mapping[Key, Setting], name: str, default: Any) -> Any:
    key = Key(name)
    return settings[key].value if key in settings else default


def _changes(settings: Mapping[Key, Setting]) -> Iterator[LeverChange]:
    for key, setting in settings.items():
        if key.quarter is not None:
            yield LeverChange(quarter=key.quarter, name=key.name.rpartition(".")[2], value=setting.value)


def _roadmap(settings: Mapping[Key, Setting]) -> Iterator[RoadmapItem]:
    return (setting.value for setting in settings.values() if isinstance(setting.value, RoadmapItem))
