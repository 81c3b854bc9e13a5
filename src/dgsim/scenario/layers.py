"""Layers: the files a scenario extends, in order, and which of them has the last word on a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dgsim.errors import ScenarioError, did_you_mean
from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.errors import Problem, shown
from dgsim.scenario.library import find_layer, known_layers
from dgsim.scenario.plan import RoadmapItem
from dgsim.scenario.rules import checked
from dgsim.scenario.schema import HEAD_RULES, ROADMAP_NEEDS, THEMES, validated
from dgsim.scenario.source import KeyPath, Source, read_source

ROADMAP_KEY = "roadmap."
DEEPEST = 32  # files that extend each other in a row

Trail = tuple[Source, ...]


class Key(NamedTuple):
    """What a file sets: a key as written, and for a dated change the index of its quarter."""

    name: str
    quarter: int | None = None

    def __str__(self) -> str:
        return self.name if self.quarter is None else f"{self.name} from {quarter_text(self.quarter)}"


@dataclass(frozen=True)
class Setting:
    """A key's value in one file, and where it stands there. A roadmap item that is removed is None."""

    value: Any
    path: KeyPath
    source: Source

    def sentence(self, text: str, part: str = "") -> str:
        """A mistake at this setting, or at one key of its change or roadmap item."""
        path = (*self.path[:2], part) if part else self.path
        return self.source.problem(path, text).sentence()


@dataclass(frozen=True)
class Layer:
    """One file: what it sets itself, and the layers it stands on, near and far, by number in the order."""

    source: Source
    head: Mapping[str, Any]
    settings: Mapping[Key, Setting]
    ancestors: frozenset[int]


class LayerReader:
    """Reads a source and all it extends, each once, the layers before what extends them."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.problems: list[str] = []
        self._numbers: dict[Path, int] = {}

    def read(self, source: Source, trail: Trail = ()) -> int:
        """Add a source after its layers; its number in the order."""
        content, mistakes = validated(dict(source.data))
        found = [source.problem(path, text) for path, text in mistakes]
        settings = _settings(source, content, found)
        if source.file and _is_empty(source.data) and not found:
            found.append(source.problem((), "says nothing; write a name at least, or what it extends"))
        ancestors: set[int] = set()
        for name in _stated_layers(source):
            number = self._layer(name, source, (*trail, source), found)
            if number is not None:
                ancestors |= {number} | self.layers[number].ancestors
        self.problems += [problem.sentence() for problem in sorted(found, key=lambda problem: problem.line)]
        self.layers.append(Layer(source, content, settings, frozenset(ancestors)))
        return len(self.layers) - 1

    def _layer(self, name: str, source: Source, trail: Trail, found: list[Problem]) -> int | None:
        folder = source.file.parent if source.file else None
        file = find_layer(name, folder)
        if file is None:
            meant = did_you_mean(name, set(known_layers(folder)) - {source.name})
            found.append(source.problem(("extends",), f"extends = {shown(name)} names no scenario{meant}"))
            return None
        if len(trail) > DEEPEST:
            found.append(source.problem(("extends",), f"extends goes more than {DEEPEST} files deep"))
            return None
        real = file.resolve()
        above = [layer.name for layer in trail if layer.file and layer.file.resolve() == real]
        if above:
            names = [layer.name for layer in trail]
            circle = " extends ".join([*names[names.index(above[0]) :], above[0]])
            found.append(source.problem(("extends",), f"extends goes in a circle: {circle}"))
            return None
        if real not in self._numbers:
            try:
                self._numbers[real] = self.read(read_source(file), trail)
            except ScenarioError as error:
                self.problems.append(str(error))
                return None
        return self._numbers[real]


def _is_empty(data: Any) -> bool:
    """Whether there is nothing in a table, or only tables with nothing in them."""
    return isinstance(data, Mapping) and all(map(_is_empty, data.values()))


def merged(layers: Sequence[Layer]) -> tuple[dict[Key, Setting], list[str]]:
    """The settings in force, and a sentence for every key that unrelated layers both set.

    The layer that stands on all others that set a key has the last word. One that sets a lever for the start
    does so for the whole run: the dated changes of the layers it stands on are gone.
    """
    settings: dict[Key, Setting] = {}
    conflicts: list[str] = []
    for key in dict.fromkeys(key for layer in layers for key in layer.settings):
        start = Key(key.name)
        starts = _setters(layers, start)
        setters = _setters(layers, key)
        last = _last(layers, [i for i in setters if key == start or not _under(layers, i, starts)])
        if not last:
            continue
        settings[key] = layers[last[-1]].settings[key]
        rivals = [layers[i].settings[key] for i in last]
        if key != start:
            strangers = [i for i in _last(layers, starts) if any(_unrelated(layers, i, j) for j in last)]
            rivals += [layers[i].settings[start] for i in strangers]
        if len(rivals) > 1:
            conflicts.append(_conflict(layers[-1].source, key, rivals))
    return settings, conflicts


def strange_removals(layers: Sequence[Layer]) -> Iterator[str]:
    """A sentence for every item a layer removes that none of the layers it stands on has."""
    for layer in layers:
        below = [layers[i].settings for i in sorted(layer.ancestors)]
        known = {key.name for settings in below for key in settings if key.name.startswith(ROADMAP_KEY)}
        for key, setting in layer.settings.items():
            if setting.value is None and key.name not in known:
                meant = did_you_mean(key.name, known)
                yield setting.sentence(f"{key} is removed, but no layer has it{meant}")


def _setters(layers: Sequence[Layer], key: Key) -> list[int]:
    return [i for i, layer in enumerate(layers) if key in layer.settings]


def _under(layers: Sequence[Layer], number: int, others: Iterable[int]) -> bool:
    return any(number in layers[other].ancestors for other in others)


def _last(layers: Sequence[Layer], numbers: Sequence[int]) -> list[int]:
    return [number for number in numbers if not _under(layers, number, numbers)]


def _unrelated(layers: Sequence[Layer], one: int, other: int) -> bool:
    return one != other and not _under(layers, one, [other]) and not _under(layers, other, [one])


def _conflict(own: Source, key: Key, rivals: Sequence[Setting]) -> str:
    names = " and ".join(rival.source.name for rival in rivals)
    quotes = " and ".join(str(rival.source.origin(rival.path)) for rival in rivals)
    text = f"layers {names} both set {key} and neither extends the other: {quotes}"
    return own.problem(("extends",), f"{text}; set it in {own.label} itself, or extend only one").sentence()


def _stated_layers(source: Source) -> tuple[str, ...]:
    """The layers a source names, also where other things in it are wrong."""
    try:
        names: tuple[str, ...] = checked(HEAD_RULES["extends"], source.data.get("extends", ()))
    except ValueError:
        return ()
    return names


def _settings(source: Source, content: Mapping[str, Any], found: list[Problem]) -> dict[Key, Setting]:
    """What one file sets, by key; what it sets twice is added to what was found wrong."""
    settings: dict[Key, Setting] = {}
    for key, path, value in _entries(content):
        if key in settings:
            found.append(source.problem(path, f"{key} is set twice"))
        settings[key] = Setting(value, path, source)
    return settings


def _entries(content: Mapping[str, Any]) -> Iterator[tuple[Key, KeyPath, Any]]:
    for table in ("horizon", *THEMES, "assumptions"):
        for name, value in content.get(table, {}).items():
            yield Key(f"{table}.{name}"), (table, name), value
    for number, change in enumerate(content.get("change", ())):
        for theme in (theme for theme in THEMES if theme in change):
            for name, value in change[theme].items():
                yield Key(f"{theme}.{name}", change["from"]), ("change", number, theme, name), value
    for number, entry in enumerate(content.get("roadmap", ())):
        name = entry.get("name", entry.get("item"))
        yield Key(ROADMAP_KEY + name), ("roadmap", number), _item(name, entry)


def _item(name: str, entry: Mapping[str, Any]) -> RoadmapItem | None:
    if entry.get("remove"):
        return None
    after = tuple(sorted(entry.get("after", ())))
    return RoadmapItem(name=name, after=after, **{key: entry[key] for key in ROADMAP_NEEDS})
