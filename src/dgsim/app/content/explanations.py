"""The answers of `dgsim.decide` in the words of the screen: sentences, bars with their intervals, tables, a map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dgsim.app.content import charts
from dgsim.app.content.maps import painted_labels, shapes
from dgsim.app.content.numbers import short_numbers
from dgsim.app.content.roadmap import item_name
from dgsim.app.content.tables import Twin
from dgsim.app.content.texts import Words
from dgsim.numbers import difference_text, difference_unit_text, is_share, number_text, shown
from dgsim.scenario import Scenario
from dgsim.show.rows import rows_of

if TYPE_CHECKING:
    from dgsim.decide.binding import Binding
    from dgsim.decide.explain import Explanation
    from dgsim.decide.order import OrderValue

TOTAL = "total"
BY_ITEM = "roadmap: "  # before the items of a group of levers
MEASURES = ("best minus worst", "best minus own", "own minus worst")
MOST = 8  # precedences drawn
LINE = 25  # letters of a bar's name on one line
CONSTRAINTS = ("money", "specialists", "foundations", "incentives", "redesign")


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
    told = tuple(f"{_signed(v, unit)} ({range_text(a, b, unit, words)})" for v, a, b in rows)
    clear = table["clear"] if "clear" in table else (table["low"] > 0.0) | (table["high"] < 0.0)
    sizes, low, high = rows.T * shown(1.0, unit)
    starts, shown_unit = np.zeros(len(rows)), words.of(difference_unit_text(unit))
    return Bars(tuple(names), told, sizes, low, high, starts, tuple(map(bool, clear)), shown_unit)


def _signed(value: float, unit: str) -> str:
    return difference_text(value, math.nan, unit)


def range_text(low: float, high: float, unit: str, words: Words) -> str:
    """An interval in words, with as many decimals as its nearer end needs.

    >>> from dgsim.app.content.texts import words
    >>> range_text(-0.00031, -0.0002, "share of transactions", words("en"))
    '-0.03 to -0.02'
    """
    places = max(len(_signed(end, unit).partition(".")[2]) for end in (low, high))
    return words(
        "reason.range", **{k: number_text(v, unit, decimals=places) for k, v in (("low", low), ("high", high))}
    )


def size_text(value: float, unit: str, words: Words) -> str:
    """A difference with its unit.

    >>> from dgsim.app.content.texts import words
    >>> size_text(0.0312, "share of transactions", words("en")), size_text(0.2, "0..1", words("vi"))
    ('+3.1 points', '+0.200')
    """
    unit_shown = words("word.points") if is_share(unit) else "" if unit == "0..1" else words.of(unit)
    return f"{_signed(value, unit)} {unit_shown}".strip()


def _sized(row: Any, column: str, unit: str, words: Words) -> dict[str, str]:
    """A number of a table's row and its interval, as places to fill."""
    value, ends = float(getattr(row, column)), (float(row.low), float(row.high))
    return {"size": size_text(value, unit, words), "range": range_text(*ends, unit, words)}


def group_label(group: str, scenarios: Sequence[Scenario], words: Words) -> str:
    """A group of levers, or some items of the roadmap, in words."""
    if group == TOTAL:
        return words("reason.total")
    if not group.startswith(BY_ITEM):
        return words(f"theme.{group}")
    items = {item.name: item_name(item, words) for plan in scenarios for item in plan.roadmap}
    names = group.removeprefix(BY_ITEM).split(" and ")
    return f" {words('word.and')} ".join(items.get(name, name) for name in names)


def attribution(found: Explanation, scenarios: Sequence[Scenario], words: Words) -> Bars:
    """A bar a group, each beginning where the one above it ends; the last is the total, from nought."""
    table = found.contributions
    names = [group_label(group, scenarios, words) for group in table["group"]]
    bars = bars_of(names, table, "contribution", found.unit, words)
    parts = np.where(table["group"] == TOTAL, 0.0, bars.sizes)
    starts = np.where(table["group"] == TOTAL, 0.0, parts.cumsum() - parts)
    return replace(bars, starts=starts)


def attribution_sentences(found: Explanation, scenarios: Sequence[Scenario], words: Words) -> list[str]:
    """How far the two are apart, which groups have a clear part in it, and what the strongest pair does together."""
    rows = rows_of(found.contributions)
    total = next(row for row in rows if row.group == TOTAL)
    names = {"policy": found.scenario, "baseline": found.baseline, "quarter": found.quarter}
    outcome = words.of(charts.outcome_named(total.outcome)[1].label)
    head = words("reason.whole", outcome=outcome, **names, **_sized(total, "contribution", found.unit, words))
    clear = [row for row in rows if row.group != TOTAL and _is_clear(row)]
    parts = [
        words(
            "reason.part",
            name=group_label(row.group, scenarios, words),
            **_sized(row, "contribution", found.unit, words),
        )
        for row in clear
    ]
    unclear = len(rows) - 1 - len(clear)
    sentences = [head, words("reason.clear", parts="; ".join(parts)) if parts else words("reason.none_clear")]
    if parts and unclear:
        sentences.append(words("reason.unclear", count=unclear))
    pair = next((row for row in rows_of(found.interactions) if _is_clear(row)), None)
    if pair is not None:
        ends = {key: group_label(getattr(pair, key), scenarios, words) for key in ("first", "second")}
        sentences.append(words("reason.together", **ends, **_sized(pair, "interaction", found.unit, words)))
    if not found.exact:
        sentences.append(words("reason.sampled"))
    return sentences


def _is_clear(row: Any) -> bool:
    return bool(row.low > 0.0 or row.high < 0.0)


def worth(found: OrderValue, words: Words) -> Bars:
    """What the order is worth: the best against the worst and against the plan's own."""
    table = found.value.set_index("measure").loc[list(MEASURES)]
    names = [words(f"order.{measure.replace(' ', '_')}") for measure in MEASURES]
    return bars_of(names, table, "value", found.unit, words)


def precedences(found: OrderValue, plan: Scenario, words: Words, most: int = MOST) -> Bars:
    """What it does to start one item before another, the largest effects first."""
    table = found.precedences.head(most)
    names = [_precedence(row, plan, words) for row in rows_of(table)]
    return bars_of(names, table, "effect", found.unit, words)


def _precedence(row: Any, plan: Scenario, words: Words) -> str:
    items = {item.name: item_name(item, words) for item in plan.roadmap}
    return words("order.before", first=items[row.first], second=_within(items[row.second]))


def _within(label: str) -> str:
    """A label within a sentence."""
    return label[:1].lower() + label[1:]


def order_sentences(found: OrderValue, plan: Scenario, words: Words) -> list[str]:
    """What the order is worth, how the plan's own stands, how much of it is luck, and which precedences are clear."""
    rows = {row.measure: row for row in rows_of(found.value)}
    whole, own = rows["best minus worst"], rows["best minus own"]
    outcome = words.of(charts.outcome_named(found.outcome)[1].label)
    values = {"outcome": outcome, "quarter": found.quarter, "count": len(found.orders)}
    worth_key = "order.worth_all" if found.complete else "order.worth"
    own_key = "order.own_behind" if _is_clear(own) else "order.own_unclear"
    seen = size_text(float(whole.first_seen), found.unit, words)
    runs = {"runs": found.basis.replications, "count": found.drawn, "share": f"{found.luck_share:.0%}"}
    return [
        words(worth_key, **values, **_sized(whole, "value", found.unit, words)),
        words(own_key, policy=found.scenario, **_sized(own, "value", found.unit, words)),
        words("order.seen", size=seen, fresh=found.fresh),
        words("order.luck", **runs),
        _clear_precedences(found, plan, words),
    ]


def _clear_precedences(found: OrderValue, plan: Scenario, words: Words) -> str:
    parts = [
        words("reason.part", name=_precedence(row, plan, words), **_sized(row, "effect", found.unit, words))
        for row in rows_of(found.precedences.head(MOST))
        if row.clear
    ]
    pairs = len(found.precedences)
    return (
        words("order.clear", pairs=pairs, parts="; ".join(parts)) if parts else words("order.none_clear", pairs=pairs)
    )


def constraint_label(name: str, words: Words) -> str:
    """A constraint in words."""
    return words(f"bind.{name}")


def gains(found: Binding, province: str, words: Words) -> Bars:
    """What relaxing each constraint gains a province (its code), or the mean province where none is named."""
    table = found.national
    if province:
        table = found.gains[found.gains["province_code"] == province].sort_values(
            "gain", ascending=False, kind="stable"
        )
    return bars_of([constraint_label(name, words) for name in table["constraint"]], table, "gain", found.unit, words)


def binding_sentences(found: Binding, province: str, name: str, words: Words) -> list[str]:
    """What binds one province most, by how much it is ahead of the next, and what was relaxed."""
    row = next(row for row in rows_of(found.labels) if row.province_code == province)
    values = {"province": name, "policy": found.scenario, "quarter": found.quarter}
    values |= {"stock": words(f"stock.{found.stock}"), "second": constraint_label(row.second, words)}
    if row.binds not in CONSTRAINTS:
        return [words("bind.nothing_sentence", **values)]
    values |= {"constraint": constraint_label(row.binds, words)} | _sized(row, "gain", found.unit, words)
    lead = {"lead": size_text(float(row.lead), found.unit, words), "second": values["second"]}
    relaxed = words(f"bind.{row.binds}_relaxed", by=f"{found.by:.0%}")
    head = words("bind.sentence", relaxed=relaxed, **values)
    return [head, words("bind.ahead" if row.clear else "bind.level", **lead)]


def binding_counts(found: Binding, words: Words) -> str:
    """How many provinces each constraint binds most."""
    counts = found.labels["binds"].value_counts()
    parts = [f"{constraint_label(name, words)} {counts[name]}" for name in CONSTRAINTS if name in counts.index]
    nothing = int((~found.labels["binds"].isin(CONSTRAINTS)).sum())
    parts += [f"{words('bind.nothing')} {nothing}"] if nothing else []
    return words("bind.counts", parts=", ".join(parts), clear=int(found.labels["clear"].sum()))


@dataclass(frozen=True)
class Labels:
    """A word for every province, whether it is sure, and all words in the order of their colours."""

    labels: tuple[str, ...]
    clear: tuple[bool, ...]
    names: tuple[str, ...]


def binding_labels(found: Binding, words: Words) -> Labels:
    """What binds every province most, nothing as the empty word; clear where it is well ahead of the next."""
    names = {name: constraint_label(name, words) for name in CONSTRAINTS}
    labels = tuple(names.get(name, "") for name in found.labels["binds"])
    return Labels(labels, tuple(bool(clear) for clear in found.labels["clear"]), tuple(names.values()))


def binding_paint(found: Binding, words: Words) -> dict[str, Any]:
    """The map of what binds whom: a colour and a letter a constraint, small where it is not clearly ahead."""
    about, missing = binding_labels(found, words), words("bind.nothing")
    texts = [
        f"{label or missing}, {size_text(float(gain), found.unit, words)}"
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
            *(float(f"{number * scale:.5g}") for number in (row.gain, row.low, row.high)),
            constraint_label(row.second, words),
            words("learn.yes" if row.clear else "learn.no"),
        )
        for name, row in zip(names, rows_of(found.labels), strict=True)
    )
    return Twin(caption, tuple(columns), rows)
