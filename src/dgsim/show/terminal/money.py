"""From plan to outturn on the screen: what was planned or received, where it went, and what was spent."""

from __future__ import annotations

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import number_text
from dgsim.show.terminal.layout import rows_table
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import payer_label

UNIT = "bvnd"


def money_lines(table: pd.DataFrame, w: Words = IN_ENGLISH) -> dict[str, list[tuple[str, str, list[str]]]]:
    """By what each payer is called, every line that is not nothing: its step, its label, a number a scenario.

    `table` has `scenario, payer, step, flow, label, bvnd`.
    """
    found: dict[str, list[tuple[str, str, list[str]]]] = {}
    for keys, rows in table.groupby(["payer", "step", "flow", "label"], sort=False):
        payer, step, flow, label = map(str, keys)
        if step == "spend" or (rows["bvnd"].round() != 0).any():
            called = w.of(label) if flow else w(f"money.{step}")
            amounts = [_amount(amount, step, w) for amount in rows["bvnd"]]
            found.setdefault(payer_label(payer, w), []).append((step, called, amounts))
    return found


def _amount(bvnd: float, step: str, w: Words) -> str:
    """Whole bvnd, so that lines can be added up as they stand; with a sign before the spending they come to."""
    return number_text(bvnd, UNIT, signed=step not in ("spend", "of_it"), decimals=0, language=w.language)


def money_tables(table: pd.DataFrame, heading: str, w: Words = IN_ENGLISH) -> RenderableType:
    """A table a payer: its lines from plan to outturn, and what the outturn is made of."""
    what, scenarios = w("head.bvnd"), tuple(map(str, table["scenario"].unique()))
    blocks: list[RenderableType] = [Text(heading, style="bold")]
    for payer, lines in money_lines(table, w).items():
        rows = [(f"{'= ' if step == 'spend' else '  '}{label}", *numbers) for step, label, numbers in lines]
        blocks += [Text(payer), rows_table((what, *scenarios), rows, (what,), scenarios)]
    return Group(*blocks, Text(w("note.money"), style="dim"))
