"""What a design file varies: levers and uncertainties as lists or ranges, and how they are sampled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dgsim.errors import did_you_mean
from dgsim.scenario.errors import shown
from dgsim.scenario.rules import Bounded, Rule
from dgsim.scenario.source import KeyPath
from dgsim.study.reader import Reader, dotted
from dgsim.sweeps.axes import Axis
from dgsim.sweeps.designs import METHODS, MOST
from dgsim.world.tables import PARAMETERS, Parameter

LEVELS_RULE = Rule("int", "levels of a parameter", 2, MOST)
SAMPLE = {
    "method": Rule("choice", choices=METHODS),
    "points": Rule("int", "points", 1, MOST),
    "steps": LEVELS_RULE,
    "levers": Rule("choice", choices=("crossed", "joint")),
}
Arrangement = tuple[tuple[Axis, ...], tuple[Axis, ...], str, int]


def read_axes(reader: Reader, uncertain: tuple[str, ...]) -> Arrangement:
    """The axes of the grid, those that are sampled, by which method, and at how many points."""
    table = reader.table("sample")
    reader.only_known(("sample",), table, SAMPLE)
    sample = reader.values(("sample",), table, SAMPLE)
    method = sample.get("method", METHODS[0])
    if "steps" in sample and method != "factorial":
        reader.fault(("sample", "steps"), f"sample.steps is for the method factorial, and this one is {method}")
    levers = read_levers(reader)
    others = _uncertain(reader, uncertain, sample.get("steps", 0) if method == "factorial" else 0)
    if sample.get("levers") == "joint":
        grid, sampled = [], [*levers, *others]
    else:
        grid, sampled = levers, others
    if method == "factorial" or not sampled:
        method, grid, sampled = "factorial", [*grid, *sampled], []
    _check_grid(reader, grid)
    return tuple(grid), tuple(sampled), method, _sample_points(reader, sampled, method, sample.get("points"))


def read_levers(reader: Reader) -> list[Axis]:
    """The axes of the table [levers]."""
    axes = []
    for name, value in reader.table("levers").items():
        if name in PARAMETERS.levers.names:
            axes.append(_axis(reader, ("levers", name), PARAMETERS[name], value))
        else:
            reader.fault(("levers", name), f"levers.{name} is not a lever{_meant(name, PARAMETERS.levers.names)}")
    return [axis for axis in axes if axis]


def _uncertain(reader: Reader, names: tuple[str, ...], steps: int) -> list[Axis]:
    """The axes of the parameters that are named, by themselves or by theme, in the order of the table."""
    themes = {parameter.theme for parameter in PARAMETERS.uncertain}
    for name in names:
        if name not in PARAMETERS.uncertain.names and name not in themes:
            known = (*PARAMETERS.uncertain.names, *themes)
            reader.fault(("uncertain",), f"uncertain names {shown(name)}, which is none{_meant(name, known)}")
    chosen = {p.name: p for p in PARAMETERS.uncertain if p.name in names or p.theme in names}
    ranges = reader.table("ranges")
    for name in set(ranges) - set(chosen):
        meant = did_you_mean(name, chosen) or ": name it in uncertain too"
        reader.fault(("ranges", name), f"ranges.{name} is not among what this design varies{meant}")
    axes = [_axis(reader, ("ranges", name), p, ranges.get(name, {}), steps) for name, p in chosen.items()]
    return [axis for axis in axes if axis]


def _meant(name: str, names: Iterable[str]) -> str:
    """The end of a sentence about a name that is none of those that may stand there."""
    if name in PARAMETERS.constants.names:
        return ": it is a constant of the model, which no design varies"
    if name in PARAMETERS.levers.names:
        return ": it is a lever, which stands in the table [levers]"
    if name in PARAMETERS.uncertain.names:
        return ": it is an assumption, which is named in the list uncertain"
    return did_you_mean(name, names)


def _axis(reader: Reader, path: KeyPath, parameter: Parameter, value: Any, steps: int = 0) -> Axis | None:
    """A list of values, or a range; None where it is neither, and a fault."""
    before = len(reader.problems)
    if isinstance(value, list | tuple) and value:
        axis = _listed(reader, path, parameter, value)
    elif isinstance(value, Mapping):
        axis = _range(reader, path, parameter, value, steps)
    else:
        meant = "is neither a list of values nor a range such as { low = 0.1, high = 0.5 }"
        reader.fault(path, f"{dotted(path)} = {shown(value)} {meant}")
    return axis if len(reader.problems) == before else None


def _listed(reader: Reader, path: KeyPath, parameter: Parameter, values: Sequence[Any]) -> Axis:
    found = tuple(reader.value(path, parameter, value) for value in values)
    if None not in found and len(set(found)) < len(found):
        reader.fault(path, f"{dotted(path)} = {shown(list(values))} has a value twice")
    return Axis(parameter, found)


def _range(reader: Reader, path: KeyPath, parameter: Parameter, value: Mapping[str, Any], steps: int) -> Axis:
    """What a range does not say is as in the table of parameters."""
    reader.only_known(path, value, ("low", "high", "steps"))
    if parameter.low is None or parameter.high is None:
        reader.fault(path, f"{dotted(path)} has no range of numbers: write a list of values")
        return Axis(parameter)
    rules: dict[str, Bounded] = {"low": parameter, "high": parameter, "steps": LEVELS_RULE}
    found = {"low": parameter.low, "high": parameter.high, "steps": steps} | reader.values(path, value, rules)
    if found["low"] >= found["high"]:
        reader.fault(path, f"{dotted(path)} is a range from {found['low']:g} to {found['high']:g}, which holds nothing")
    return Axis(parameter, **found)


def _check_grid(reader: Reader, grid: Sequence[Axis]) -> None:
    for axis in grid:
        if not axis.levels():
            table = "levers" if axis.parameter.role == "lever" else "ranges"
            text = f"{table}.{axis.name} is a range, of which a grid needs steps: add steps = 3, or write a list"
            reader.fault((table, axis.name), text)


def _sample_points(reader: Reader, sampled: Sequence[Axis], method: str, points: int | None) -> int:
    """How many points are sampled; 1 where there is nothing to sample."""
    path = ("sample", "points")
    if points is not None and not sampled:
        reader.fault(path, f"sample.points = {points}, but nothing is sampled")
    if points is None and sampled and "points" not in reader.table("sample"):
        reader.fault(("sample",), "sample.points is missing: say how many points to sample, such as points = 256")
    if points and sampled and method == "sobol" and points & (points - 1):
        near = f"{1 << (points.bit_length() - 1)} or {1 << points.bit_length()}"
        reader.fault(path, f"sample.points = {points} is not a power of two, as sobol needs: write {near}")
    return points or 1
