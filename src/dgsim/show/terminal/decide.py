"""What a decision hangs on, on 100 columns: why futures differ, what order is worth, what binds whom."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import difference_text, difference_unit_text, interval_text, number_text
from dgsim.show.rows import rows_of
from dgsim.show.terminal.tables import SCREEN_WIDTH, rows_table

MOST = 12  # rows of a list that may be long
TOLD = 2  # sentences of what differs


def contributions_table(
    contributions: pd.DataFrame,
    interactions: pd.DataFrame,
    unit: str,
    heading: str,
    words: str,
    channels: pd.DataFrame | None = None,
) -> RenderableType:
    """The part of every group and the total, what every two groups do together, the channels, and a sentence."""
    parts = [
        (
            row.group,
            *_signed(row.contribution, row.low, row.high, unit),
            *(number_text(value, unit, signed=True) for value in (row.alone, row.last)),
            _first(row.says),
        )
        for row in rows_of(contributions)
    ]
    pairs = [
        (f"{row.first} and {row.second}", *_signed(row.interaction, row.low, row.high, unit))
        for row in rows_of(interactions.head(MOST))
    ]
    columns = {"Group": 26, "Part": 0, "95% interval": 0, "Alone": 0, "Last": 0, "What differs": 36}
    blocks: list[RenderableType] = [Text(heading, style="bold"), rows_table(columns, parts)]
    if pairs:
        blocks.append(rows_table({"Beyond the sum of both": 50, "Part": 0, "95% interval": 0}, pairs))
    if channels is not None:
        rows = [(row.channel, *_signed(row.contribution, row.low, row.high, unit)) for row in rows_of(channels)]
        blocks.append(rows_table({"All provinces together, through": 40, "Part": 0, "95% interval": 0}, rows))
    alone = "Alone: what a group does by itself; last: what it adds to all the others."
    return Group(*blocks, _said(words), _note(unit, alone))


def order_table(value: pd.DataFrame, precedences: pd.DataFrame, unit: str, heading: str, words: str) -> RenderableType:
    """What the order is worth, the precedences that matter most, and a sentence."""
    rows = [
        (row.measure, *_signed(row.value, row.low, row.high, unit), number_text(row.first_seen, unit, signed=True))
        for row in rows_of(value)
    ]
    columns = {"Order": 0, "Value": 0, "95% interval": 0, "On the runs that chose": 0}
    blocks: list[RenderableType] = [Text(heading, style="bold"), rows_table(columns, rows)]
    pairs = [
        (row.precedence, *_signed(row.effect, row.low, row.high, unit), row.orders, "✓" if row.clear else "=")
        for row in rows_of(precedences.head(MOST))
    ]
    if pairs:
        columns = {"Exchanged, all else as it was": 54, "Effect": 0, "95% interval": 0, "Orders": 0, "Clear": 0}
        blocks.append(rows_table(columns, pairs))
    clear = f"✓ clear though {len(precedences)} were tried (5% false findings at most)."
    return Group(*blocks, _said(words), _note(unit, clear))


def binding_table(labels: pd.DataFrame, national: pd.DataFrame, unit: str, heading: str, words: str) -> RenderableType:
    """Every constraint, every province with what binds it, and a sentence."""
    kinds = [
        (row.constraint, row.provinces, *_signed(row.gain, row.low, row.high, unit), row.says)
        for row in rows_of(national)
    ]
    rows = [
        (row.province, row.binds, *_signed(row.gain, row.low, row.high, unit), row.second, "✓" if row.clear else "=")
        for row in rows_of(labels.sort_values(["binds", "gain"], ascending=[True, False], kind="stable"))
    ]
    columns = {"Constraint": 0, "Provinces": 0, "Mean gain": 0, "95% interval": 0, "What is relaxed": 44}
    provinces = {"Province": 0, "Binds most": 0, "Gain": 0, "95% interval": 0, "Next": 0, "Clear": 0}
    clear = "✓ clearly ahead of the next."
    blocks = rows_table(columns, kinds), rows_table(provinces, rows), _said(words), _note(unit, clear)
    return Group(Text(heading, style="bold"), *blocks)


def verdict_table(verdicts: pd.DataFrame, all_outcomes: RenderableType) -> RenderableType:
    """The verdict on every scenario, with the interval that holds however often one looks, below the whole table."""
    about = verdicts.iloc[0]
    unit = about["unit"]
    rows = [
        (row.scenario, row.verdict, *_signed(row.difference, row.low, row.high, unit), f"{row.runs:,}")
        for row in rows_of(verdicts)
    ]
    columns = {"Scenario": 34, "Verdict": 0, "Difference": 0, "At all times": 0, "Runs": 0}
    size = number_text(about["smallest"], unit)
    heading = f"{about['outcome']} against {about['baseline']}, clear at {size} {difference_unit_text(unit)}"
    note = "Intervals hold however often one looks; the chance of any wrong verdict is at most 5%."
    return Group(all_outcomes, Text(heading, style="bold"), rows_table(columns, rows), Text(note, style="dim"))


def _first(sentences: str) -> str:
    """The first of many sentences, and how many more there are."""
    told = sentences.split("; ")
    more = [f"and {len(told) - TOLD} more"] if len(told) > TOLD else []
    return "; ".join(told[:TOLD] + more)


def _signed(value: float, low: float, high: float, unit: str) -> tuple[str, str]:
    """A difference and its interval, all with the decimals that suit them."""
    text = difference_text(value, (high - low) / 2, unit).split(" ")[0]
    decimals = len(text.partition(".")[2])
    return text, " to ".join(number_text(end, unit, decimals=decimals) for end in (low, high))


def _said(words: str) -> Text:
    return Text(fill(words, SCREEN_WIDTH))


def _note(unit: str, more: str) -> Text:
    return Text(f"In {difference_unit_text(unit)}; 95% intervals. {more}", style="dim")


def front_table(table: pd.DataFrame, start: str, dropped: Sequence[str], heading: str) -> RenderableType:
    """Every scenario of the front on fresh runs, and how far it is from where the search began."""
    rows = [
        (
            row.scenario,
            row.objective,
            number_text(row.fresh, row.unit),
            difference_text(row.difference, (row.difference_high - row.difference_low) / 2, row.unit),
            number_text(row.seen_difference - row.difference, row.unit, signed=True),
        )
        for row in rows_of(table)
    ]
    columns = {"Scenario": 24, "Objective": 30, "Fresh runs": 0, f"Against {start}": 0, "Luck of the choice": 0}
    notes = [
        "± half the 95% interval; luck of the choice: the difference on the runs that chose, less that on fresh runs."
    ]
    if dropped:
        notes.append(f"Looked as good by luck, and were dropped: {', '.join(dropped)}.")
    return Group(Text(heading, style="bold"), rows_table(columns, rows), Text("\n".join(notes), style="dim"))


def regret_table(regrets: pd.DataFrame, unit: str, flips: Sequence[str], heading: str) -> RenderableType:
    """How far each scenario falls behind the best, how often it is best, and where the ranking flips."""
    asked = regrets["satisfied"].notna().all()
    rows = [
        (
            row.scenario,
            number_text(row.mean, unit),
            number_text(row.regret, unit),
            interval_text(row.low, row.high, unit),
            number_text(row.regret_p90, unit),
            f"{row.best:.0%}",
            *([f"{row.satisfied:.0%}"] if asked else []),
        )
        for row in rows_of(regrets)
    ]
    columns = {"Scenario": 24, "Mean": 0, "Regret": 0, "95% interval": 0, "9 in 10 below": 0, "Best": 0}
    columns |= {"Satisfies": 0} if asked else {}
    words = [_said(sentence) for sentence in flips]
    note = f"In {difference_unit_text(unit)}; regret is what the best of the set has more, in the same world."
    return Group(Text(heading, style="bold"), rows_table(columns, rows), *words, Text(note, style="dim"))
