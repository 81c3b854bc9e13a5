"""From plan to outturn on the screen: what was planned or received, where it went, and what was spent."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from dgsim.numbers import number_text
from dgsim.show.terminal.layout import rows_table
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import payer_label

UNIT = "bvnd"


class MoneyLine(NamedTuple):
    """A line from plan to outturn: its step, what it is called, an amount (bvnd) a scenario."""

    step: str
    label: str
    bvnd: tuple[float, ...]

    @property
    def is_total(self) -> bool:
        """Whether it is the spending that the lines before it come to."""
        return self.step == "spend"

    @property
    def signed(self) -> bool:
        """Whether its amounts have a sign: those before the spending they come to."""
        return self.step not in ("spend", "of_it")


def money_lines(table: pd.DataFrame, w: Words = IN_ENGLISH) -> dict[str, list[MoneyLine]]:
    """By what each payer is called, every line that is not nothing.

    `table` has `scenario, payer, step, flow, label, bvnd`.
    """
    found: dict[str, list[MoneyLine]] = {}
    for keys, rows in table.groupby(["payer", "step", "flow", "label"], sort=False):
        payer, step, flow, label = map(str, keys)
        if step == "spend" or (rows["bvnd"].round() != 0).any():
            called = w.of(label) if flow else w(f"money.{step}")
            line = MoneyLine(step, called, tuple(map(float, rows["bvnd"])))
            found.setdefault(payer_label(payer, w), []).append(line)
    return found


def amount_text(bvnd: float, signed: bool, w: Words = IN_ENGLISH) -> str:
    """Whole bvnd, so that lines can be added up as they stand."""
    return number_text(bvnd, UNIT, signed=signed, decimals=0, language=w.language)


def money_tables(table: pd.DataFrame, heading: str, w: Words = IN_ENGLISH) -> RenderableType:
    """A table a payer: its lines from plan to outturn, and what the outturn is made of."""
    what, scenarios = w("head.bvnd"), tuple(map(str, table["scenario"].unique()))
    blocks: list[RenderableType] = [Text(heading, style="bold")]
    for payer, lines in money_lines(table, w).items():
        rows = [
            (
                f"{'= ' if line.is_total else '  '}{line.label}",
                *(amount_text(bvnd, line.signed, w) for bvnd in line.bvnd),
            )
            for line in lines
        ]
        blocks += [Text(payer), rows_table((what, *scenarios), rows, (what,), scenarios)]
    return Group(*blocks, Text(w("note.money"), style="dim"))
