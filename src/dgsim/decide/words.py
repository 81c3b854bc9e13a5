"""Findings as plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dgsim.decide.binding import NOTHING, Binding
from dgsim.decide.evaluator import about
from dgsim.decide.explain import TOTAL, Explanation
from dgsim.decide.order import OrderValue
from dgsim.numbers import digits_text, is_share
from dgsim.world.tables import OUTCOMES

DIGITS = 3
TOLD = 3  # of a list, in a sentence


def size_text(value: float, unit: str, *, signed: bool = True) -> str:
    """A difference with its unit: shares in points of per cent, indices without, money in short.

    >>> size_text(0.0312, "share of transactions"), size_text(1234.5, "bvnd discounted", signed=False)
    ('+3.1 points', '1,230 bvnd')
    >>> size_text(-0.05041, "0..1")
    '-0.05'
    """
    sign = "+" if signed and value >= 0 else ""
    return f"{sign}{_number(value, unit)} {_unit(unit)}".rstrip()


def _unit(unit: str) -> str:
    if is_share(unit):
        return "points"
    return "" if unit == "0..1" else unit.removesuffix(" discounted")


def _number(value: float, unit: str) -> str:
    if is_share(unit):
        return _points(value * 100)
    return digits_text(value, 2 if unit == "0..1" else DIGITS)


def _points(number: float) -> str:
    """A number with one decimal, or two where it would else be shown as nothing."""
    text = f"{number:.1f}" if round(number, 1) else f"{number:.2f}"
    return text if float(text) else "0.0"


def range_text(low: float, high: float, unit: str) -> str:
    """An interval in words.

    >>> range_text(0.01, 0.024, "share of transactions")
    '1.0 to 2.4'
    """
    if is_share(unit):
        return f"{low * 100:.1f} to {high * 100:.1f}".replace("-0.0", "0.0")
    return f"{_number(low, unit)} to {_number(high, unit)}"


def outcome_label(outcome: str) -> str:
    """An outcome's label as it stands within a sentence."""
    return _within(OUTCOMES[outcome].label)


def _within(label: str) -> str:
    """A label as it stands within a sentence."""
    return label[0].lower() + label[1:]


def explanation_text(found: Explanation) -> str:
    """Why a scenario ends elsewhere in the outcome (the first, if there are several), in a few sentences."""
    table, unit = about(found.contributions, found.outcome), found.unit
    total, parts = table[table["group"] == TOTAL].iloc[0], table[table["group"] != TOTAL]
    outcome = outcome_label(found.outcome)
    if total["low"] <= 0.0 <= total["high"]:
        head = f"{found.scenario} does not clearly differ from {found.baseline} in {outcome} in {found.quarter}: "
        head += f"{size_text(total['contribution'], unit)} ({range_text(total['low'], total['high'], unit)})."
    else:
        side = "above" if total["contribution"] > 0 else "below"
        size = size_text(abs(total["contribution"]), unit, signed=False)
        head = f"{found.scenario} ends {size} of {outcome} {side} {found.baseline} in {found.quarter} "
        head += f"({_ends(total, unit)})."
    clear = parts[(parts["low"] > 0) | (parts["high"] < 0)]
    if clear.empty:
        return f"{head} No group of levers has a clear part in it.{_sampling(found, parts)}"
    told = [
        f"{row['group']} {size_text(row['contribution'], unit)} ({range_text(row['low'], row['high'], unit)})"
        for row in clear.head(TOLD).to_dict("records")
    ]
    smaller, rest = len(clear) - len(told), len(parts) - len(clear)
    if smaller:
        told.append(f"{smaller} smaller part{'s' * (smaller > 1)} that {'are' if smaller > 1 else 'is'} clear")
    unclear = f"; the part of {rest} other group{'s' * (rest > 1)} is not clear" if rest else ""
    return f"{head} Of that: {', '.join(told)}{unclear}.{_together(found)}{_sampling(found, parts)}"


def _together(found: Explanation) -> str:
    """The two groups that clearly do most beyond the sum of both, as a sentence; nothing where none do."""
    pairs = about(found.interactions, found.outcome)
    clear = pairs[(pairs["low"] > 0) | (pairs["high"] < 0)]
    if clear.empty:
        return ""
    row = clear.iloc[0]
    text = f"{size_text(row['interaction'], found.unit)} ({range_text(row['low'], row['high'], found.unit)})"
    return f" Together {row['first']} and {row['second']} do {text} beyond the sum of both."


def _sampling(found: Explanation, parts: pd.DataFrame) -> str:
    if found.exact:
        return ""
    size = size_text(parts["sampling"].max(), found.unit, signed=False)
    return (
        f" {len(parts)} groups are too many to try every mixture of: {found.coalitions} mixtures along sampled orders "
        f"leave each part open by up to ±{size}, which its interval counts."
    )


def order_text(found: OrderValue) -> str:
    """What order is worth in the outcome (the first, if there are several), in plain sentences."""
    rows, unit = about(found.value, found.outcome).to_dict("records"), found.unit
    value = {row["measure"]: row for row in rows}
    whole, own = value["best minus worst"], value["best minus own"]
    outcome, tried = outcome_label(found.outcome), len(about(found.orders, found.outcome))
    scope = f"all {tried} legal orders" if found.complete else f"{tried:,} of the legal orders"
    text = f"At equal money and equal items, order is worth {size_text(abs(whole['value']), unit, signed=False)} "
    text += f"of {outcome} in {found.quarter} ({_ends(whole, unit)}) between the best and the worst of {scope}; "
    if own["low"] <= 0.0 <= own["high"]:
        text += f"{found.scenario}'s own order is not clearly behind the best"
    else:
        text += f"{found.scenario}'s own order is {size_text(abs(own['value']), unit, signed=False)} "
        text += f"({_ends(own, unit)}) behind the best"
    seen = size_text(abs(whole["first_seen"]), unit, signed=False)
    text += f". That is on {found.fresh} fresh runs; on those that chose them, best and worst were {seen} apart."
    text += f" Luck explains {found.luck_share:.0%} of the spread between the {found.drawn} orders first tried."
    pairs = about(found.precedences, found.outcome)
    clear = pairs[pairs["clear"]]
    if clear.empty:
        return f"{text} No single precedence clearly matters."
    told = [_earlier(found, str(first), rows) for first, rows in clear.groupby("first", sort=False)]
    return f"{text} What matters most: {'; '.join(told[:TOLD])}."


def _earlier(found: OrderValue, first: str, clear: pd.DataFrame) -> str:
    """What one item does when it starts before others, those first that matter most."""
    rows = clear.to_dict("records")
    names = [_within(found.labels[row["second"]]) for row in rows]
    told = [
        f"{name} ({size_text(row['effect'], found.unit)})" for name, row in zip(names[:TOLD], rows[:TOLD], strict=True)
    ]
    rest = len(rows) - len(told)
    more = f" and {rest} other item{'s' * (rest > 1)}" if rest else ""
    return f"{_within(found.labels[first])} before {', '.join(told)}{more}"


def _ends(row: Mapping[Any, Any] | pd.Series, unit: str) -> str:
    """An interval of a size of which the sign is told in words."""
    low, high = row["low"], row["high"]
    return range_text(-high, -low, unit) if high < 0 else range_text(low, high, unit)


def binding_text(found: Binding) -> str:
    """What binds whom, in a sentence or two."""
    counts = found.labels["binds"].value_counts()
    told = [f"{name} in {count}" for name, count in counts.items() if name != NOTHING]
    text = f"Under {found.scenario}, what binds {found.stock.replace('_', ' ')} most by {found.quarter} is "
    text += f"{', '.join(told) or 'nothing that was relaxed'} of {len(found.labels)} provinces"
    text += f"; in {int(found.labels['clear'].sum())} of them it is clearly ahead of the next."
    first = found.national.iloc[0]
    text += f" Over all provinces {first['constraint']} gains most: {size_text(first['gain'], found.unit)} "
    return text + f"({range_text(first['low'], first['high'], found.unit)}) with {first['says']}."
