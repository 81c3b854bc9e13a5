"""What a policy is worth, in the words of the screen: cards by who, accounts, curves, items, and on what it hangs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from dgsim.app.content import charts
from dgsim.app.content.explanations import Bars, bars_of
from dgsim.app.content.maps import shapes
from dgsim.app.content.names import shown_name
from dgsim.app.content.numbers import short
from dgsim.app.content.tables import Twin
from dgsim.app.runs.worth import DIVISIONS, Told
from dgsim.appraisals.risk import EVERYTHING
from dgsim.country import load_country
from dgsim.numbers import fixed_text, number_text
from dgsim.scenario import START
from dgsim.show.figures.worth import A_HEAD, MONEY, MOST_SWINGS
from dgsim.show.rows import rows_of
from dgsim.show.terminal.tables import SIGNS
from dgsim.show.terminal.worth import line_label
from dgsim.study.materiality import BETTER, UNCLEAR, WORSE
from dgsim.texts import Quarter, Words
from dgsim.texts.labels import outcome_label, worth_label
from dgsim.world.tables import PARAMETERS

HORIZONS = ("2030Q4", "2035Q4", "2040Q4")  # that can be chosen; the address takes any
TOTAL = "total"
WHO, LINE, PROVINCE, REGION, FIFTH, ITEM = "who", "line", "province", "region", "fifth", "item"
DRAWN = tuple(by for by in DIVISIONS if by != PROVINCE)  # as bars; provinces are a map
HEADS = {"per_head": "head.per_head", "without_it": "head.without", "points_of_use": "head.points"}
HEADS |= {"cost_per_point": "head.per_point"}
DECIMALS = {"per_head": 2, "points_of_use": 1}  # of the others none


def heading_of(found: Told, words: Words) -> str:
    """Whose sums these are, against what, and up to when: what stands beside every one of them."""
    told = words(
        "heading.worth",
        plan=shown_name(found.plan, words),
        baseline=shown_name(found.baseline, words),
        start=Quarter(START),
        to=Quarter(found.to),
    )
    return f"{told}. {found.later.text(words)}"


def runs_of(found: Told, by: str) -> int:
    """How many runs a division is the mean of: of items, those of every mixed plan."""
    return int(found.accounts[by]["replications"].iloc[0]) if by == ITEM else found.replications


def items_note(found: Told, words: Words) -> str:
    """What the parts of the items are, and of how many runs."""
    return words("note.shapley", count=str(runs_of(found, ITEM)), all=str(found.replications))


def row_name(found: Told, by: str, words: Words) -> Callable[[str], str]:
    """What people call the rows of accounts by a division."""
    country = load_country()
    own = dict(zip(country.names, words.own(country, "names"), strict=True))
    own |= dict(zip(country.region_names, words.own(country, "region_names"), strict=True))

    def called(name: str) -> str:
        if name in found.labels:
            return found.labels[name].text(words)
        if by == FIFTH and name.isdigit():
            return words("worth.fifth", number=name)
        return name if name.isdigit() else own.get(name) or line_label(name, words)

    return called


def cards(found: Told, words: Words) -> list[dict[str, Any]]:
    """A card for each of centre, provinces, citizens and firms, and one for all: who gains, and with what chance."""
    made = []
    for row in rows_of(found.accounts[WHO]):
        called = BETTER if row.low > 0.0 else WORSE if row.high < 0.0 else UNCLEAR
        chance = words("worth.chance", chance=f"{row.chance_to_pay:.0%}")
        when = words("worth.even", quarter=Quarter(row.break_even)) if _is_quarter(row.break_even) else ""
        made.append(
            {
                "name": row.name,
                "label": worth_label(row.name, words),
                "value": number_text(row.net_benefit, MONEY, signed=True, language=words.language),
                "unit": words("word.bvnd"),
                "delta": words("reason.range", low=_money(row.low, words), high=_money(row.high, words)),
                "mark": SIGNS[called],
                "word": words(f"worth.{called}"),
                "kind": called,
                "more": [text for text in (chance, when) if text],
            }
        )
    return made


def accounts_twin(found: Told, by: str, words: Words) -> Twin:
    """The accounts by a division, a row each part and the total: the numbers of `dgsim appraise --by`."""
    table, called = found.accounts[by], row_name(found, by, words)
    sums = ("costs", "benefits", "transfers")
    more = [name for name in HEADS if name in table]
    columns = (
        words(f"worth.by_{by}"),
        *(worth_label(name, words) for name in sums),
        outcome_label("net_benefit", words),
        words("reason.low"),
        words("reason.high"),
        outcome_label("benefit_cost_ratio", words),
        words("head.break_even"),
        f"{words('head.pays')}, %",
        *(words(HEADS[name]) for name in more),
    )
    rows = tuple(
        (
            called(row.name),
            *(_whole(getattr(row, name)) for name in (*sums, "net_benefit", "low", "high")),
            _rounded(row.benefit_cost_ratio, 1),
            Quarter(row.break_even) if _is_quarter(row.break_even) else "–",
            _whole(100.0 * row.chance_to_pay),
            *(_rounded(getattr(row, name), DECIMALS.get(name, 0)) for name in more),
        )
        for row in rows_of(table)
    )
    return Twin(heading_of(found, words), columns, rows)


def parts(found: Told, by: str, words: Words) -> Bars:
    """The net benefit of each part, each bar beginning where the one above it ends; the last is the total."""
    table, called = found.accounts[by], row_name(found, by, words)
    table = table[(table["net_benefit"] != 0.0) | (table["name"] == TOTAL)]
    bars = bars_of([called(name) for name in table["name"]], table, "net_benefit", MONEY, words)
    sizes = np.where(table["name"] == TOTAL, 0.0, bars.sizes)
    return _begun(bars, np.where(table["name"] == TOTAL, 0.0, sizes.cumsum() - sizes))


def _begun(bars: Bars, starts: np.ndarray) -> Bars:
    return Bars(bars.names, bars.told, bars.sizes, bars.low, bars.high, starts, bars.clear, bars.unit)


def fifths(found: Told, words: Words) -> Bars:
    """Net benefit a head by fifth of income, the poorest on top."""
    table, called = found.accounts[FIFTH], row_name(found, FIFTH, words)
    table = table[table["name"].str.isdigit()]
    ends = {end: table[end] / table["people"] / 1e3 for end in ("low", "high")}
    return bars_of([called(name) for name in table["name"]], table.assign(**ends), "per_head", A_HEAD, words)


def payback(found: Told, words: Words) -> tuple[charts.Option, list[tuple[str, np.ndarray, np.ndarray]]]:
    """Net benefit from the start to each quarter, with its band, and from when on it is extrapolated."""
    curve = found.curve
    name = f"{shown_name(found.plan, words)} − {shown_name(found.baseline, words)}"
    mean, low, high = (curve[column].to_numpy() for column in ("net_benefit", "low", "high"))
    curves = [(name, mean, np.stack([low, high]))]
    known = ~curve["extrapolated"].to_numpy(bool)
    last = int(known.sum()) - 1
    nothing = (words("compare.zero"), np.zeros_like(mean), None)
    option = charts.lines_option([*curves, nothing], words("word.bvnd"), last if last >= 0 else None, against=1)
    if last >= 0:
        label = {"show": True, "formatter": f"{words('figure.extrapolated')} →", "position": "insideEndTop"}
        option["series"][-1]["markLine"] |= {"label": label | {"rotate": 0, "align": "left", "color": charts.GREY}}
    return option, curves


def a_head(found: Told) -> np.ndarray:
    """Net benefit a head by province, million VND [province]."""
    return found.accounts[PROVINCE]["per_head"].to_numpy()[: len(load_country())]


def of_province(found: Told, code: str, words: Words) -> str:
    """The accounts of one province in a sentence."""
    index = load_country().codes.index(code)
    row = found.accounts[PROVINCE].iloc[index]
    return words(
        "worth.of_province",
        province=shapes(words.language)["provinces"][index]["name"],
        **{name: _money(row[name], words) for name in ("costs", "benefits", "transfers", "net_benefit")},
        chance=f"{row['chance_to_pay']:.0%}",
    )


def sides_twin(found: Told, words: Words) -> Twin:
    """The total at each discount rate and value of an hour, side by side."""
    summary = found.summary
    hours = list(dict.fromkeys(None if pd.isna(hour) else float(hour) for hour in summary["value_of_hour"]))
    heads = [
        words("worth.hour_own")
        if hour is None
        else words("worth.hour", hour=fixed_text(hour, 0, language=words.language))
        for hour in hours
    ]
    rows = []
    for rate, here in summary.groupby("discount_rate", dropna=False, sort=False):
        told = (
            words("worth.own")
            if pd.isna(rate)
            else number_text(float(here["discount_rate"].iloc[0]), "share", language=words.language) + "%"
        )
        cells = [f"{_money(row.net_benefit, words)} ({row.chance_to_pay:.0%})" for row in rows_of(here)]
        rows.append((told, *cells))
    caption = f"{words('heading.sides')}. {heading_of(found, words)}"
    return Twin(caption, (words("head.rate"), *heads), tuple(rows))


def assumption_name(name: str, words: Words) -> str:
    """What people call an assumption or a factor."""
    return words.of(PARAMETERS[name].label) if name in PARAMETERS.settable.names else words(f"worth.{name}")


def switching_twin(found: Told, words: Words) -> Twin:
    """Up to which value of each price the policy pays."""
    assert found.switching is not None
    keys = ("report.assumption", "word.unit", "head.taken", "head.pays_until", "about.range")
    rows = tuple(
        (
            assumption_name(row.price, words),
            words.of(row.unit),
            short(row.value),
            short(row.switching_value) if np.isfinite(row.switching_value) else "–",
            words("reason.range", low=_plain(row.range_low, words), high=_plain(row.range_high, words))
            if np.isfinite(row.range_low)
            else "–",
        )
        for row in rows_of(found.switching)
    )
    return Twin(f"{words('heading.switching')}. {heading_of(found, words)}", tuple(map(words, keys)), rows)


def tornado_bars(found: Told, words: Words) -> Bars:
    """From what the policy is worth where an assumption is low to where it is high, the widest on top."""
    assert found.tornado is not None
    moving = found.tornado[found.tornado["net_low"] != found.tornado["net_high"]].head(MOST_SWINGS)
    low, high = moving["net_low"].to_numpy(), moving["net_high"].to_numpy()
    told = tuple(
        words("worth.swing", low=_money(one, words), high=_money(other, words))
        for one, other in zip(low, high, strict=True)
    )
    names = tuple(assumption_name(name, words) for name in moving["parameter"])
    apart = (moving["net_low_to"] < moving["net_high_from"]) | (moving["net_high_to"] < moving["net_low_from"])
    sure = tuple(map(bool, apart))
    return Bars(names, told, high - low, np.zeros_like(low), high - low, low, sure, words("word.bvnd"))


def tornado_twin(found: Told, words: Words) -> Twin:
    """The same as a table."""
    assert found.tornado is not None
    keys: tuple[str, ...] = ("report.assumption", "word.unit", "worth.low_value", "worth.high_value")
    keys += ("head.if_low", "head.interval", "head.if_high", "head.interval")
    rows = tuple(
        (
            assumption_name(row.parameter, words),
            words.of(row.unit),
            short(row.low),
            short(row.high),
            _whole(row.net_low),
            words("reason.range", low=_money(row.net_low_from, words), high=_money(row.net_low_to, words)),
            _whole(row.net_high),
            words("reason.range", low=_money(row.net_high_from, words), high=_money(row.net_high_to, words)),
        )
        for row in rows_of(found.tornado)
    )
    return Twin(f"{words('heading.tornado')}. {heading_of(found, words)}", tuple(map(words, keys)), rows)


def knowing_twin(found: Told, words: Words) -> Twin:
    """What to measure first: what knowing each assumption is worth to the choice."""
    assert found.knowing is not None
    table = found.knowing
    kept = table[(table["evppi"] > 0.0) | (table["parameter"] == EVERYTHING)]
    rows = tuple(
        (
            words("worth.everything") if row.parameter == EVERYTHING else assumption_name(row.parameter, words),
            _whole(row.evppi),
            _whole(100.0 * row.share),
        )
        for row in rows_of(kept)
    )
    baseline = shown_name(found.baseline, words)
    caption = f"{words('heading.knowing', baseline=baseline)}. {heading_of(found, words)}"
    return Twin(caption, (words("report.assumption"), words("head.knowing"), "%"), rows)


def horizon_pick(to: str, words: Words) -> dict[str, Any]:
    """The choice of the horizon."""
    known = sorted({*HORIZONS, to})
    options = [{"value": one, "text": words.quarter(Quarter(one))} for one in known]
    return {"kind": "select", "name": "to", "label": words("worth.to"), "value": to, "options": options}


def division_pick(by: str, words: Words) -> dict[str, Any]:
    """The choice of what the accounts are split by."""
    options = [{"value": one, "text": words(f"worth.by_{one}")} for one in DIVISIONS]
    return {"kind": "select", "name": "by", "label": words("worth.by"), "value": by, "options": options}


def _is_quarter(text: object) -> bool:
    return isinstance(text, str) and bool(text)


def _whole(value: float) -> float | str:
    return _rounded(value, 0)


def _rounded(value: float, decimals: int) -> float | str:
    """A number as the commands print it; what is missing is a dash."""
    return round(float(value), decimals) + 0.0 if np.isfinite(value) else "–"


def _money(value: float, words: Words) -> str:
    return fixed_text(value, 0, language=words.language) if np.isfinite(value) else "–"


def _plain(value: float, words: Words) -> str:
    return fixed_text(value, 2, language=words.language)
