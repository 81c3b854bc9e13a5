"""What a decision hangs on: why futures differ, what order is worth, what binds whom."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import (
    count_text,
    difference_text,
    difference_texts,
    difference_unit_text,
    number_text,
)
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import rows_table
from dgsim.show.terminal.tables import BETTER, UNCLEAR
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import outcome_to

MOST_ROWS = 12  # rows of a list that may be long
MOST_SENTENCES = 2  # of what differs in a group
NO_INTERVAL = "–"
CLEAR = {True: BETTER, False: UNCLEAR}  # the marks of what is clear, and of what is not


def contributions_table(
    contributions: pd.DataFrame,
    interactions: pd.DataFrame,
    unit: str,
    heading: str,
    said: str,
    channels: pd.DataFrame | None = None,
    w: Words = IN_ENGLISH,
) -> RenderableType:
    """The part of every group and the total, what every two groups do together, the channels, and what is said of them.

    `says` of the contributions holds the sentences of what differs in a group.
    """
    parts = [
        (
            row.group,
            *_signed(row.contribution, row.low, row.high, unit, w),
            *(number_text(value, unit, signed=True, language=w.language) for value in (row.alone, row.last)),
            _first(row.says, w),
        )
        for row in rows_of(contributions)
    ]
    pairs = [
        (f"{row.first}{w('list.and')}{row.second}", *_signed(row.interaction, row.low, row.high, unit, w))
        for row in rows_of(interactions.head(MOST_ROWS))
    ]
    part, interval = w("head.part"), w("head.interval")
    group, beyond, channel, differs = (w(f"head.{name}") for name in ("group", "beyond", "channel", "differs"))
    headings = (group, part, interval, w("head.alone"), w("head.last"), differs)
    blocks: list[RenderableType] = [Text(heading, style="bold"), rows_table(headings, parts, (group, differs))]
    if pairs:
        blocks.append(rows_table((beyond, part, interval), pairs, (beyond,)))
    if channels is not None:
        rows = [(row.channel, *_signed(row.contribution, row.low, row.high, unit, w)) for row in rows_of(channels)]
        blocks.append(rows_table((channel, part, interval), rows, (channel,)))
    return Group(*blocks, _said(said), _note(unit, w("note.alone"), w))


def order_table(
    value: pd.DataFrame, precedences: pd.DataFrame, unit: str, heading: str, said: str, w: Words = IN_ENGLISH
) -> RenderableType:
    """What the order is worth, the precedences that matter most, and what is said of them."""
    rows = [
        (
            row.measure,
            *_signed(row.value, row.low, row.high, unit, w),
            number_text(row.first_seen, unit, signed=True, language=w.language),
        )
        for row in rows_of(value)
    ]
    headings = _headings("order value interval chose", w)
    blocks: list[RenderableType] = [Text(heading, style="bold"), rows_table(headings, rows)]
    pairs = [
        (row.precedence, *_signed(row.effect, row.low, row.high, unit, w), row.orders, CLEAR[bool(row.clear)])
        for row in rows_of(precedences.head(MOST_ROWS))
    ]
    if pairs:
        headings = _headings("exchanged effect interval orders clear", w)
        blocks.append(rows_table(headings, pairs, headings[:1]))
    notes = [w("note.precedences", count=len(precedences))]
    if precedences["low"].isna().any():
        notes.append(w("note.one_order"))
    return Group(*blocks, _said(said), _note(unit, " ".join(notes), w))


def binding_table(
    labels: pd.DataFrame, national: pd.DataFrame, unit: str, heading: str, said: str, w: Words = IN_ENGLISH
) -> RenderableType:
    """Every constraint, every province with what binds it, and what is said of them."""
    kinds = [
        (row.constraint, row.provinces, *_signed(row.gain, row.low, row.high, unit, w), row.says)
        for row in rows_of(national)
    ]
    rows = [
        (row.province, row.binds, *_signed(row.gain, row.low, row.high, unit, w), row.second, CLEAR[bool(row.clear)])
        for row in rows_of(labels.sort_values(["binds", "gain"], ascending=[True, False], kind="stable"))
    ]
    national_headings = (w("bind.constraint"), *_headings("provinces mean_gain interval relaxed", w))
    gain, interval, clear = _headings("gain interval clear", w)
    headings = (w("word.province"), w("bind.binds"), gain, interval, w("bind.next"), clear)
    tables = rows_table(national_headings, kinds, national_headings[-1:]), rows_table(headings, rows, headings)
    return Group(Text(heading, style="bold"), *tables, _said(said), _note(unit, w("note.ahead"), w))


def verdict_table(
    verdicts: pd.DataFrame, quarter: str, all_outcomes: RenderableType, w: Words = IN_ENGLISH
) -> RenderableType:
    """The verdict on every scenario, with the interval that holds however often one looks, below the whole table."""
    about = verdicts.iloc[0]
    unit = about["unit"]
    rows = [
        (
            row.scenario,
            w.of(row.verdict),
            *_signed(row.difference, row.low, row.high, unit, w),
            count_text(row.runs, w.language),
        )
        for row in rows_of(verdicts)
    ]
    scenario, at_all_times, runs = _headings("scenario at_all_times runs", w)
    headings = (scenario, w("compare.verdict"), w("order.measure"), at_all_times, runs)
    size = number_text(about["smallest"], unit, language=w.language)
    shown = {
        "size": size,
        "unit": w.of(difference_unit_text(unit)),
        "outcome": outcome_to(about["outcome"], quarter, w),
    }
    heading = w("heading.verdict", baseline=about["baseline"], **shown)
    table = rows_table(headings, rows, headings[:2])
    blocks = Text(heading, style="bold"), table, Text(w("note.verdicts"), style="dim")
    return Group(all_outcomes, *blocks)


def _first(sentences: Sequence[str], w: Words) -> str:
    """The first of many sentences, and how many more there are."""
    more = [w("parent.more", count=len(sentences) - MOST_SENTENCES)] if len(sentences) > MOST_SENTENCES else []
    return w("list.semicolon").join([*sentences[:MOST_SENTENCES], *more])


def _signed(value: float, low: float, high: float, unit: str, w: Words) -> tuple[str, str]:
    """A difference and its interval, all with the decimals that suit them; a dash where there is no interval."""
    text, interval = difference_texts(value, (low, high), unit, w("reason.range"), language=w.language)
    return text, interval if isfinite(low) and isfinite(high) else NO_INTERVAL


def _headings(names: str, w: Words) -> tuple[str, ...]:
    """The headings of these names."""
    return tuple(w(f"head.{name}") for name in names.split())


def _said(text: str) -> Text:
    return Text(text)


def _note(unit: str, more: str, w: Words) -> Text:
    return Text(w("note.in_unit", unit=w.of(difference_unit_text(unit)), more=more), style="dim")


def front_table(
    table: pd.DataFrame, start: str, dropped: Sequence[str], heading: str, w: Words = IN_ENGLISH
) -> RenderableType:
    """Every scenario of the front on fresh runs, and how far it is from where the search began."""
    rows = [
        (
            row.scenario,
            row.objective,
            number_text(row.fresh, row.unit, language=w.language),
            difference_text(row.difference, half, row.unit, language=w.language),
            number_text(row.seen_difference - row.difference, row.unit, signed=True, language=w.language),
        )
        for row, half in zip(rows_of(table), (table["difference_high"] - table["difference_low"]) / 2, strict=True)
    ]
    scenario, objective, fresh, luck = _headings("scenario objective fresh luck", w)
    headings = (scenario, objective, fresh, w("head.against", start=start), luck)
    notes = [w("note.front")]
    if dropped:
        notes.append(w("note.dropped", names=w("list.comma").join(dropped)))
    return Group(
        Text(heading, style="bold"), rows_table(headings, rows, headings[:2]), Text("\n".join(notes), style="dim")
    )


def regret_table(
    regrets: pd.DataFrame, unit: str, flips: Sequence[str], heading: str, w: Words = IN_ENGLISH
) -> RenderableType:
    """How far each scenario falls behind the best, how often it is best, and where the ranking flips."""
    asked = regrets["satisfied"].notna().all()
    rows = [
        (
            row.scenario,
            number_text(row.mean, unit, language=w.language),
            *difference_texts(
                row.regret, (row.low, row.high), unit, w("reason.range"), signed=False, language=w.language
            ),
            number_text(row.regret_p90, unit, language=w.language),
            f"{row.best:.0%}",
            *([f"{row.satisfied:.0%}"] if asked else []),
        )
        for row in rows_of(regrets)
    ]
    headings = _headings("scenario mean regret interval nine best" + (" satisfies" if asked else ""), w)
    said = [_said(sentence) for sentence in flips]
    note = w("note.regret", unit=w.of(difference_unit_text(unit)))
    table = rows_table(headings, rows, headings[:1])
    return Group(Text(heading, style="bold"), table, *said, Text(note, style="dim"))
