"""Sweep folders for the page Results: found below one folder, read as tables, a point opened as a scenario."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.app.content.charts import Decimals, heat_option, parallel_option
from dgsim.app.content.numbers import short
from dgsim.app.content.tables import Twin
from dgsim.app.state.files import read_upload
from dgsim.numbers import shown, unit_text
from dgsim.scenario import Scenario
from dgsim.scenario.rules import NEVER_TEXT
from dgsim.sweeps.results import Sweep, load_sweep
from dgsim.texts import Quarter, Words
from dgsim.texts.labels import outcome_to
from dgsim.world.tables import OUTCOMES, PARAMETERS

DEEPEST = 2  # folders below the one that is searched
MOST_FOLDERS, MOST_ROWS, MOST_LINES = 100, 300, 400
BINS = 6  # of a number on an axis of the heat map that has more values


def sweep_folders(root: Path) -> list[str]:
    """The folders that hold a manifest, by name below the root; links that lead out of it are not followed."""
    found: list[str] = []
    for folder, names, files in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        names[:] = sorted(name for name in names if not name.startswith("."))[:MOST_FOLDERS] if depth < DEEPEST else []
        if "manifest.json" in files and "points.parquet" in files:
            found.append(Path(folder).relative_to(root).as_posix())
    return found[:MOST_FOLDERS]


def open_sweep(root: Path, name: str) -> Sweep:
    """A sweep of the list; raises StudyError where it is not finished or not there."""
    return load_sweep(root / (name if name in sweep_folders(root) else "nothing"))


@dataclass(frozen=True)
class Points:
    """The points of a sweep with the mean of each outcome in one quarter: `frame` has a row a point."""

    frame: pd.DataFrame
    varied: tuple[str, ...]
    replications: int
    quarter: str


def points_of(sweep: Sweep, quarter: str) -> Points:
    """Means over the replications of each point."""
    rows = sweep.wide[sweep.wide["quarter"] == quarter]
    means = rows.groupby("point", observed=True)[list(sweep.names)].mean()
    frame = sweep.points.astype({"scenario": str}).set_index("point").join(means).reset_index()
    varied = [name for name in sweep.points.columns if name != "point"]
    varied = [name for name in varied if len(frame[name].unique()) > 1]
    return Points(frame, tuple(varied), int(sweep.manifest["design"]["replications"]), quarter)


def label_of(name: str, words: Words) -> str:
    """A varied column or an outcome in words."""
    if name == "scenario":
        return words("head.scenario")
    about = OUTCOMES[name] if name in OUTCOMES.names else PARAMETERS[name]
    return words.of(about.label)


def _on_axis(name: str, points: Points, words: Words) -> str:
    """What an axis or a column is called: of money so far with the quarter that is shown."""
    return outcome_to(name, points.quarter, words) if name in OUTCOMES.names else label_of(name, words)


def unit_of(name: str) -> str:
    """The unit of an outcome."""
    return OUTCOMES[name].unit


def points_twin(
    points: Points, outcome: str, words: Words, among: Sequence[int] | None = None
) -> tuple[Twin, list[int]]:
    """The table of points (`among` some), the highest outcome first, and the number of the point of each row."""
    frame = points.frame if among is None else points.frame[points.frame["point"].isin(among)]
    frame = frame.sort_values(outcome, ascending=False, kind="stable").head(MOST_ROWS)
    unit = unit_of(outcome)
    heading = f"{outcome_to(outcome, points.quarter, words)}, {words.of(unit_text(unit))}"
    columns = (words("results.point"), *(label_of(name, words) for name in points.varied), heading)
    rows = tuple(
        (
            str(row["point"]),
            *(_told(name, _text(row[name])) for name in points.varied),
            short(shown(row[outcome], unit)),
        )
        for row in frame.to_dict("records")
    )
    return Twin(words("results.points"), columns, rows), [int(number) for number in frame["point"]]


def _text(value: Any) -> str | float:
    return short(value) if isinstance(value, float) else str(value)


def heat(points: Points, across: str, up: str, outcome: str, words: Words) -> dict[str, Any]:
    """The heat map of an outcome over two of what was varied."""
    frame = _cells(points, across, up).assign(value=points.frame[outcome] * shown(1.0, unit_of(outcome)))
    grid = frame.pivot_table(index="up", columns="across", values="value", observed=True, sort=True)
    values = grid.to_numpy(dtype=float)
    names = (label_of(across, words), label_of(up, words))
    columns, lines = (
        [_label(name, points.frame[name], str(one)) for one in labels]
        for name, labels in ((across, grid.columns), (up, grid.index))
    )
    return heat_option(columns, lines, np.asarray(values), names)


def _told(name: str, value: Any) -> Any:
    """A value of what was varied, as the fact it is: of a lever that is a date a quarter."""
    dated = name in PARAMETERS.names and PARAMETERS[name].type == "quarter"
    return Quarter(value) if dated and value != NEVER_TEXT else value


def _label(name: str, column: pd.Series, label: str) -> str:
    """A label along a heat map, as the fact it is: a number, a quarter or a name."""
    found: str = Decimals(label) if _is_number(column) else _told(name, label)
    return found


def points_in_cell(points: Points, across: str, up: str, cell: tuple[str, str]) -> list[int]:
    """The numbers of the points that a cell of the heat map is the mean of; none where there is no such cell."""
    frame = _cells(points, across, up).astype(str)
    inside = (frame["across"] == cell[0]) & (frame["up"] == cell[1])
    return [int(number) for number in points.frame["point"][inside]]


def _cells(points: Points, across: str, up: str) -> pd.DataFrame:
    """For each point its column and its line on the heat map."""
    return pd.DataFrame({"across": _binned(points.frame[across]), "up": _binned(points.frame[up])})


def _binned(column: pd.Series) -> pd.Series:
    """Its values as ordered text; many numbers go into a few bins of equal width."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        if column.nunique() > BINS:
            bins = pd.cut(column, BINS)
            return bins.map(lambda bin_: f"{bin_.mid:.3g}").astype(pd.CategoricalDtype(_middles(bins), ordered=True))
        kinds = [f"{value:g}" for value in sorted(column.unique())]
        return column.map(lambda value: f"{value:g}").astype(pd.CategoricalDtype(kinds, ordered=True))
    return column.astype(str)


def _middles(bins: pd.Series) -> list[str]:
    return list(dict.fromkeys(f"{bin_.mid:.3g}" for bin_ in bins.cat.categories))


def parallel(points: Points, outcome: str, words: Words) -> dict[str, Any]:
    """Parallel axes: everything that was varied, and the outcome last."""
    frame = _drawn(points)
    names = [*points.varied[:8], outcome]
    scale = shown(1.0, unit_of(outcome))
    axes = [(_on_axis(name, points, words), _kinds(frame[name])) for name in names]
    columns = [_heights(frame[name], scale if name == outcome else 1.0) for name in names]
    return parallel_option(axes, list(zip(*columns, strict=True)))


def points_of_lines(points: Points, lines: Sequence[Any]) -> list[int]:
    """The numbers of the points that lines of the parallel axes stand for, by the numbers of the lines."""
    numbers = _drawn(points)["point"]
    return [int(numbers.iloc[line]) for line in lines if isinstance(line, int) and 0 <= line < len(numbers)]


def _drawn(points: Points) -> pd.DataFrame:
    """The points that are drawn as lines: all, or every so many where they are too many."""
    return points.frame.iloc[:: max(1, len(points.frame) // MOST_LINES)]


def _kinds(column: pd.Series) -> list[str]:
    return [] if _is_number(column) else sorted(column.astype(str).unique())


def _heights(column: pd.Series, scale: float) -> list[Any]:
    if _is_number(column):
        return [short(value * scale) for value in column]
    return column.astype(str).tolist()


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def point_scenario(sweep: Sweep, number: int) -> tuple[Scenario, dict[str, Any]]:
    """The scenario of a point as the sweep holds it, and the values the point sets in it."""
    row = sweep.points.set_index("point").loc[number]
    kept = next(one for one in sweep.manifest["scenarios"] if one["name"] == row["scenario"])
    values = {str(name): value for name, value in row.items() if name != "scenario"}
    return read_upload(str(kept["name"]), str(kept["toml"]).encode()), values


def axes_of(points: Points, chosen: Sequence[str]) -> tuple[str, str]:
    """The two axes of the heat map: those chosen if they were varied, else the first two."""
    kinds = list(points.varied) or ["scenario"]
    first = chosen[0] if chosen[0] in kinds else kinds[0]
    second = chosen[1] if chosen[1] in kinds else next((name for name in kinds if name != first), first)
    return first, second
