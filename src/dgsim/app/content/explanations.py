"""The answers of `dgsim.decide` in the words of the screen: sentences, bars with their intervals, tables, a map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dgsim.app.content import charts
from dgsim.app.content.maps import painted_labels, shapes
from dgsim.app.content.names import shown_name
from dgsim.app.content.numbers import short, short_numbers
from dgsim.app.content.tables import Twin
from dgsim.decide.constraints import CONSTRAINT_NAMES
from dgsim.numbers import difference_text, difference_unit_text, shown
from dgsim.show.rows import rows_of
from dgsim.study.shapley import TOTAL
from dgsim.texts import Words
from dgsim.texts.clauses import Clause, Key, Range, Size

if TYPE_CHECKING:
    from dgsim.decide.binding import Binding
    from dgsim.decide.explanation import Explanation
    from dgsim.decide.order_value import OrderValue

MOST_PRECEDENCES = 8  # drawn
LINE = 25  # letters of a bar's name on one line


@dataclass(frozen=True)
class Bars:
    """Named numbers with their 95% intervals, the first on top, as a chart and as a table.

    `sizes`, `low` and `high` are in the unit that is shown; `told` are the numbers as text; a bar begins at its
    place in `starts`, and is hollow where it is not `clear`.
    """

    names: tuple[str, ...]
    told: tuple[str, ...]
    sizes: np.ndarray
    low: np.ndarray
    high: np.ndarray
    starts: np.ndarray
    clear: tuple[bool, ...]
    unit: str

    def option(self) -> dict[str, Any]:
        """As a chart."""
        labels = [f"{fill(name, LINE)}\n{text}" for name, text in zip(self.names, self.told, strict=True)]
        return charts.intervals_option(labels, self.sizes, (self.low, self.high), self.starts, self.clear, self.unit)

    def twin(self, caption: str, heading: str, words: Words) -> Twin:
        """As a table."""
        columns = (heading, self.unit, words("reason.low"), words("reason.high"))
        numbers = np.column_stack([self.sizes, self.low, self.high])
        rows = tuple((name, *short_numbers(row)) for name, row in zip(self.names, numbers, strict=True))
        return Twin(caption, columns, rows)


def bars_of(names: Sequence[str], table: pd.DataFrame, column: str, unit: str, words: Words) -> Bars:
    """Bars from nought: a column of a table with `low` and `high` beside it, in the unit of the model.

    What is `clear` stands in the table, or follows from the interval.
    """
    rows = table[[column, "low", "high"]].to_numpy(float)
    told = tuple(
        f"{difference_text(value, math.nan, unit, language=words.language)} ({Range(low, high, unit).text(words)})"
        for value, low, high in rows
    )
    clear = table["clear"] if "clear" in table else (table["low"] > 0.0) | (table["high"] < 0.0)
    sizes, low, high = rows.T * shown(1.0, unit)
    starts, shown_unit = np.zeros(len(rows)), words.of(difference_unit_text(unit))
    return Bars(tuple(names), told, sizes, low, high, starts, tuple(map(bool, clear)), shown_unit)


def sentences(clauses: Iterable[Clause], words: Words) -> list[str]:
    """What is said of a finding, a sentence a clause."""
    named = (
        replace(
            clause,
            fills={
                key: shown_name(fill, words) if isinstance(fill, str) else fill for key, fill in clause.fills.items()
            },
        )
        for clause in clauses
    )
    return [clause.text(words) for clause in named]


def attribution(found: Explanation, words: Words) -> Bars:
    """A bar a group, each beginning where the one above it ends; the last is the total, from nought."""
    table = found.contributions
    names = [found.label(group).text(words) for group in table["group"]]
    bars = bars_of(names, table, "contribution", found.unit, words)
    parts = np.where(table["group"] == TOTAL, 0.0, bars.sizes)
    starts = np.where(table["group"] == TOTAL, 0.0, parts.cumsum() - parts)
    return replace(bars, starts=starts)


def worth(found: OrderValue, words: Words) -> Bars:
    """What the order is worth: the best against the worst and against the plan's own."""
    names = [found.label(measure).text(words) for measure in found.value["measure"]]
    return bars_of(names, found.value, "value", found.unit, words)


def precedences(found: OrderValue, words: Words, most: int = MOST_PRECEDENCES) -> Bars:
    """What it does to start one item before another, the largest effects first."""
    table = found.precedences.head(most)
    names = [found.precedence(row.first, row.second).text(words) for row in rows_of(table)]
    return bars_of(names, table, "effect", found.unit, words)


def constraint_label(name: str, words: Words) -> str:
    """A constraint in words."""
    return Key(f"bind.{name}").text(words)


def gains(found: Binding, province: str, words: Words) -> Bars:
    """What relaxing each constraint gains a province (its code), or the mean province where none is named."""
    table = found.national
    if province:
        table = found.gains[found.gains["province_code"] == province].sort_values(
            "gain", ascending=False, kind="stable"
        )
    return bars_of([constraint_label(name, words) for name in table["constraint"]], table, "gain", found.unit, words)


@dataclass(frozen=True)
class Labels:
    """A word for every province, whether it is sure, and all words in the order of their colours."""

    labels: tuple[str, ...]
    clear: tuple[bool, ...]
    names: tuple[str, ...]


def binding_labels(found: Binding, words: Words) -> Labels:
    """What binds every province most, nothing as the empty word; clear where it is well ahead of the next."""
    names = {name: constraint_label(name, words) for name in CONSTRAINT_NAMES}
    labels = tuple(names.get(name, "") for name in found.labels["binds"])
    return Labels(labels, tuple(bool(clear) for clear in found.labels["clear"]), tuple(names.values()))


def binding_paint(found: Binding, words: Words) -> dict[str, Any]:
    """The map of what binds whom: a colour and a letter a constraint, small where it is not clearly ahead."""
    about, missing = binding_labels(found, words), words("bind.nothing")
    texts = [
        f"{label or missing}, {Size(float(gain), found.unit).text(words)}"
        for label, gain in zip(about.labels, found.labels["gain"], strict=True)
    ]
    return painted_labels(about.labels, about.clear, texts, about.names, missing)


def binding_twin(found: Binding, caption: str, words: Words) -> Twin:
    """Every province with what binds it, the gain and its interval, the next, and whether it is clearly ahead."""
    names = [province["name"] for province in shapes(words.language)["provinces"]]
    keys = ("word.province", "bind.binds", "word.unit", "reason.low", "reason.high", "bind.next", "bind.clear")
    columns = [words(key) for key in keys]
    columns[2] = words("bind.gain", unit=words.of(difference_unit_text(found.unit)))
    scale = shown(1.0, found.unit)
    rows = tuple(
        (
            name,
            constraint_label(row.binds, words),
            *(short(number * scale) for number in (row.gain, row.low, row.high)),
            constraint_label(row.second, words),
            words("learn.yes" if row.clear else "learn.no"),
        )
        for name, row in zip(names, rows_of(found.labels), strict=True)
    )
    return Twin(caption, tuple(columns), rows)
