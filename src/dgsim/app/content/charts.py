"""ECharts options from arrays: lines with a band, intervals, bars, scatter, heat maps. Pure data, no animation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dgsim.app.content.numbers import short, short_numbers
from dgsim.numbers import difference_unit_text, digits_text, shown, significant, unit_text, with_separators
from dgsim.scenario.calendar import quarter_text
from dgsim.show.colours import BLUE, DARK, HUES, VERMILION
from dgsim.study.frames import BAND
from dgsim.texts import Quarter, Words
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES, QUARTERS_PER_YEAR, Outcome

INK = "#222222"
GREY = "#555555"  # what the rest is held against: a baseline, no difference
LINE_KINDS = ("solid", "dashed", "dotted")
MARKS = ("circle", "rect", "triangle", "diamond")
COLOURS = (*HUES, DARK)
LABEL_WIDTH = 175  # pixels for the name of a bar, where letters have 12
Option = dict[str, Any]


def column_and_outcome(name: str) -> tuple[int, Outcome]:
    """The column of an outcome in arrays of outcomes, and its record."""
    return OUTCOME_NAMES.index(name), OUTCOMES[name]


def _frame(quarters: int, unit: str, legend: Sequence[str]) -> Option:
    return {
        "animation": False,
        "aria": {"enabled": False},
        "grid": {"left": 20, "right": 16, "top": 44, "bottom": 8, "containLabel": True},
        "legend": {"data": list(legend), "top": 0, "left": 0, "itemWidth": 36},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {
            "type": "category",
            "data": [quarter_text(q) for q in range(quarters)],
            "boundaryGap": False,
            "axisLabel": {"interval": 2 * QUARTERS_PER_YEAR - 1},
            "axisTick": {"interval": QUARTERS_PER_YEAR - 1},
        },
        "yAxis": {"type": "value", "name": unit, "scale": False, "nameTextStyle": {"align": "left"}},
        "textStyle": {"fontFamily": "system-ui, Noto Sans, sans-serif", "fontSize": 12},
    }


def lines_option(
    curves: Sequence[tuple[str, np.ndarray, np.ndarray | None]],
    unit: str,
    mark: int | None = None,
    *,
    against: int | None = None,
    wanted: Sequence[tuple[str, np.ndarray]] = (),
) -> Option:
    """Curves over quarters, each (label, values [quarter], low and high [2, quarter] or None); the first is bold.

    `mark` is the quarter that is looked at, `against` the number of the curve the others are held against: it is grey.
    `wanted` are targets, each (label, level [quarter]): a thin dark line with a diamond where the last of it is due.
    """
    option = _frame(len(curves[0][1]), unit, [label for label, _, _ in (*curves, *((*one, None) for one in wanted))])
    series: list[Option] = []
    for number, (label, values, band) in enumerate(curves):
        colour = GREY if number == against else COLOURS[number % len(COLOURS)]
        if band is not None:
            series += _band(label, band, colour)
        series.append(_line(label, values, colour, number))
    if mark is not None and series:
        line = {"symbol": "none", "silent": True, "label": {"show": False}, "lineStyle": {"color": "#888"}}
        series[-1]["markLine"] = {**line, "data": [{"xAxis": mark}], "animation": False}
    option["series"] = [*series, *(_wanted(label, level) for label, level in wanted)]
    return option


def _wanted(label: str, level: np.ndarray) -> Option:
    """A target on a curve."""
    look = {"color": INK, "width": 1.5, "type": "dotted"}
    due = int(np.isfinite(level).sum()) - 1
    point = {"coord": [due, short(float(level[due]))], "symbol": "diamond", "symbolSize": 11, "label": {"show": False}}
    series = _line(label, level, INK, 2) | {"lineStyle": look, "step": "end", "z": 4}
    return series | {"markPoint": {"silent": True, "animation": False, "data": [point], "itemStyle": {"color": INK}}}


def _line(label: str, values: np.ndarray, colour: str, number: int) -> Option:
    kind = LINE_KINDS[number % len(LINE_KINDS)]
    return {
        "type": "line",
        "name": label,
        "data": short_numbers(values),
        "showSymbol": False,
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 3 if number == 0 else 2, "type": kind},
        "z": 5,
    }


def _band(label: str, band: np.ndarray, colour: str) -> list[Option]:
    """Two stacked areas: an invisible one up to the lower edge, and the band on it."""
    common: Option = {"type": "line", "stack": f"band {label}", "showSymbol": False, "silent": True}
    common |= {"lineStyle": {"opacity": 0}, "tooltip": {"show": False}, "stackStrategy": "all", "z": 1}
    low, high = band
    return [
        {**common, "name": f"{label} 5%", "data": short_numbers(low)},
        {
            **common,
            "name": f"{label} 95%",
            "data": short_numbers(high - low),
            "areaStyle": {"color": colour, "opacity": 0.18},
        },
    ]


def band_of(values: np.ndarray, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean [quarter] and 5th and 95th percentile [2, quarter] over replications, in the unit that is shown."""
    scale = shown(1.0, unit)
    return values.mean(axis=0) * scale, np.quantile(values, BAND, axis=0) * scale


def outcome_unit(outcome: Outcome, words: Words, *, difference: bool = False) -> str:
    """The unit of an outcome as an axis names it."""
    return words.of(difference_unit_text(outcome.unit) if difference else unit_text(outcome.unit))


def in_language(option: Option, words: Words) -> Option:
    """An option as the language writes it: quarters, the numbers along a heat map, the ends of its colours."""
    told = dict(option)
    for axis in ("xAxis", "yAxis"):
        if "data" in option.get(axis, {}):
            told[axis] = option[axis] | {"data": [_label(label, words) for label in option[axis]["data"]]}
    if any(option.get("visualMap", {}).get("text", ())):
        ends = [digits_text(option["visualMap"][end], 3, language=words.language) for end in ("max", "min")]
        told["visualMap"] = option["visualMap"] | {"text": ends}
    return told


class Decimals(str):
    """A label that is a number, as a fact."""

    __slots__ = ()


def _label(label: str, words: Words) -> str:
    """A label along an axis, as the language writes it where it is a quarter or a number; any other stays.

    >>> from dgsim.texts import words
    >>> [_label(label, words("vi")) for label in (Quarter("2030Q4"), Decimals("0.5"), "2030Q4", "0.5")]
    ['Quý IV/2030', '0,5', '2030Q4', '0.5']
    """
    if isinstance(label, Quarter):
        return words.quarter(label)
    return with_separators(label, words.language) if isinstance(label, Decimals) else label


def sizes_option(
    names: Sequence[str],
    curves: Sequence[tuple[str, np.ndarray, np.ndarray]],
    x_name: str,
    y_name: str,
    here: tuple[int, str],
) -> Option:
    """Curves over sizes in equal steps, each with its band; `here` is the number of the marked size, and the mark."""
    option = lines_option(curves, y_name, here[0])
    beside = "insideEndBottom" if here[0] == 0 else "insideEndTop"  # right of the first size, left of any other
    label = {"show": True, "formatter": here[1], "color": INK, "position": beside}
    option["series"][-1]["markLine"] |= {"label": label, "lineStyle": {"color": INK, "type": "dashed", "width": 1.5}}
    option["xAxis"] |= {"data": list(names), "name": x_name, "nameLocation": "middle", "nameGap": 28}
    option["xAxis"] |= {"axisLabel": {"interval": 0}, "axisTick": {"interval": 0}}
    option["grid"]["bottom"] = 36
    for series in option["series"]:
        if "stack" not in series:
            series |= {"showSymbol": True, "symbolSize": 8}
    for number, series in enumerate(one for one in option["series"] if "stack" not in one):
        series["symbol"] = MARKS[number % len(MARKS)]
    return option


def bars_option(labels: Sequence[str], values: np.ndarray, unit: str) -> Option:
    """Horizontal bars, the first on top; better to the right or left of nought by sign and colour."""
    option = _frame(1, "", [])
    option.pop("legend")
    option["grid"] |= {"top": 8, "left": 16}
    option["tooltip"] = {"trigger": "item", "confine": True}
    option["xAxis"] = {"type": "value", "name": unit, "nameLocation": "middle", "nameGap": 28}
    option["grid"]["bottom"] = 36
    option["yAxis"] = {"type": "category", "data": list(labels), "inverse": True}
    colours = [BLUE if value >= 0 else VERMILION for value in values]
    data = [{"value": v, "itemStyle": {"color": c}} for v, c in zip(short_numbers(values), colours, strict=True)]
    option["series"] = [{"type": "bar", "data": data, "barMaxWidth": 18}]
    return option


def intervals_option(
    labels: Sequence[str],
    values: np.ndarray,
    ends: tuple[np.ndarray, np.ndarray],
    starts: np.ndarray,
    clear: Sequence[bool],
    unit: str,
) -> Option:
    """Horizontal bars with whiskers, each bar beginning where `starts` has it; hollow where it is not clear."""
    option = bars_option(labels, values, unit)
    option["yAxis"]["axisLabel"] = {"width": LABEL_WIDTH}
    stacked: Option = {"stack": "bars", "stackStrategy": "all"}
    bars = option["series"][0] | stacked
    for bar, sure in zip(bars["data"], clear, strict=True):
        if not sure:
            colour = bar["itemStyle"]["color"]
            bar["itemStyle"] = {"color": "#ffffff", "borderColor": colour, "borderType": "dashed", "borderWidth": 1.5}
    floor = {"type": "bar", "silent": True, "itemStyle": {"color": "transparent"}, "tooltip": {"show": False}}
    rows = [
        [at, bar_number]
        for bar_number, pair in enumerate(zip(*map(short_numbers, (starts + ends[0], starts + ends[1])), strict=True))
        for at in (*pair, None)
    ]
    whiskers = {"type": "line", "silent": True, "data": rows, "symbol": "rect", "symbolSize": [1.5, 9], "z": 5}
    look = {"color": INK, "width": 1.5}
    option["series"] = [
        floor | stacked | {"data": short_numbers(starts)},
        bars,
        whiskers | {"lineStyle": look, "itemStyle": look, "tooltip": {"show": False}},
    ]
    return option


def heat_option(columns: Sequence[str], lines: Sequence[str], values: np.ndarray, names: tuple[str, str]) -> Option:
    """A heat map of values [line, column] with the numbers in the cells; what is missing is empty."""
    option = _frame(1, "", [])
    option.pop("legend")
    known = values[np.isfinite(values)]
    cells = [
        [c, r, significant(float(values[r, c]), 3)] for r, c in np.ndindex(*values.shape) if np.isfinite(values[r, c])
    ]
    option |= {
        "tooltip": {"position": "top", "confine": True},
        "grid": {"left": 8, "right": 8, "top": 32, "bottom": 72, "containLabel": True},
        "xAxis": {"type": "category", "data": list(columns), "name": names[0], "nameLocation": "middle", "nameGap": 28},
        "yAxis": {"type": "category", "data": list(lines), "name": names[1], "nameTextStyle": {"align": "left"}},
        "visualMap": {
            "min": float(known.min()) if known.size else 0,
            "max": float(known.max()) if known.size else 1,
            "orient": "horizontal",
            "text": [f"{known.max():.3g}", f"{known.min():.3g}"] if known.size else ["", ""],
            "left": "center",
            "bottom": 0,
            "inRange": {"color": ["#fde725", "#35b779", "#31688e", "#440154"][::-1]},
        },
        "series": [{"type": "heatmap", "data": cells, "label": {"show": len(cells) <= 60}}],
    }
    return option


def parallel_option(axes: Sequence[tuple[str, list[Any]]], values: Sequence[Sequence[Any]]) -> Option:
    """Parallel axes: a line a point; an axis with categories is given them, any other an empty list."""
    dimensions: list[Option] = [
        {"dim": axis, "name": name, "scale": True} | ({"type": "category", "data": kinds} if kinds else {})
        for axis, (name, kinds) in enumerate(axes)
    ]
    return {
        "animation": False,
        "parallelAxis": dimensions,
        "parallel": {"left": 60, "right": 80, "top": 40, "bottom": 24},
        "series": [
            {"type": "parallel", "data": [list(row) for row in values], "lineStyle": {"width": 2, "opacity": 0.6}}
        ],
    }
