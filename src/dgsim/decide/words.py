"""Findings as plain sentences."""

from __future__ import annotations

from dgsim.decide.binding import NOTHING, Binding
from dgsim.decide.explain import TOTAL, Explanation
from dgsim.decide.order import OrderValue
from dgsim.scenario.difference import number_text
from dgsim.world.tables import OUTCOMES

DIGITS = 3


def size_text(value: float, unit: str, *, signed: bool = True) -> str:
    """A difference with its unit: shares in points of per cent.

    >>> size_text(0.0312, "share of transactions"), size_text(1234.5, "bvnd", signed=False)
    ('+3.1 points', '1,230 bvnd')
    """
    share = unit.startswith("share")
    text = f"{value * 100:.1f}" if share else number_text(float(f"{value:.{DIGITS}g}"))
    sign = "+" if signed and value >= 0 else ""
    return f"{sign}{text} {'points' if share else unit}".rstrip()


def range_text(low: float, high: float, unit: str) -> str:
    """An interval in words.

    >>> range_text(0.01, 0.024, "share of transactions")
    '1.0 to 2.4'
    """
    ends = (size_text(end, unit, signed=False).split(" ")[0] for end in (low, high))
    return " to ".join(ends)


def outcome_label(outcome: str) -> str:
    """An outcome's label as it stands within a sentence."""
    label = next(row.label for row in OUTCOMES if row.outcome == outcome)
    return label[0].lower() + label[1:]


def explanation_text(found: Explanation) -> str:
    """Why a scenario ends elsewhere, in a sentence or two."""
    table = found.contributions
    total, parts = table[table["group"] == TOTAL].iloc[0], table[table["group"] != TOTAL]
    outcome = outcome_label(str(total["outcome"]))
    whole = size_text(total["contribution"], found.unit)
    head = f"{found.scenario} ends with {whole} of {outcome} against {found.baseline} in {found.quarter} "
    head += f"({range_text(total['low'], total['high'], found.unit)})."
    clear = parts[(parts["low"] > 0) | (parts["high"] < 0)]
    if clear.empty:
        return f"{head} No group of levers has a clear part in it."
    told = [
        f"{row['group']} {size_text(row['contribution'], found.unit)} "
        f"({range_text(row['low'], row['high'], found.unit)})"
        for row in clear.to_dict("records")
    ]
    rest = len(parts) - len(clear)
    unclear = f"; the part of {rest} other group{'s' * (rest > 1)} is not clear" if rest else ""
    return f"{head} Of that: {', '.join(told)}{unclear}."


def order_text(found: OrderValue) -> str:
    """What order is worth, in plain sentences."""
    value = found.value.set_index("measure")
    whole, own = value.loc["best minus worst"], value.loc["best minus own"]
    outcome, tried = outcome_label(found.outcome), len(found.orders)
    scope = f"all {tried} legal orders" if found.complete else f"{tried} of the legal orders"
    text = f"At equal money and equal items, order is worth {size_text(abs(whole['value']), found.unit, signed=False)} "
    text += f"of {outcome} in {found.quarter} ({_ends(whole, found.unit)}) between the best and the worst of {scope}; "
    if own["low"] <= 0.0 <= own["high"]:
        text += f"{found.scenario}'s own order is not clearly behind the best"
    else:
        text += f"{found.scenario}'s own order is {size_text(abs(own['value']), found.unit, signed=False)} "
        text += f"({_ends(own, found.unit)}) behind the best"
    text += f". Luck explains {found.luck_share:.0%} of the spread between the orders tried."
    clear = found.precedences[(found.precedences["low"] > 0) | (found.precedences["high"] < 0)]
    if clear.empty:
        return f"{text} No single precedence clearly matters."
    told = [f"{row['precedence']}: {size_text(row['effect'], found.unit)}" for row in clear.head(3).to_dict("records")]
    return f"{text} What matters most: {'; '.join(told)}."


def _ends(row: object, unit: str) -> str:
    low, high = sorted((abs(row["low"]), abs(row["high"])))  # type: ignore[index]
    crosses = row["low"] < 0 < row["high"]  # type: ignore[index]
    return range_text(row["low"] if crosses else low, row["high"] if crosses else high, unit)  # type: ignore[index]


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
