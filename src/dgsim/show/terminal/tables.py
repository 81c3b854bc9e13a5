"""Results as tables: how scenarios differ, how one scenario runs, what a province weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dgsim.numbers import as_written, difference_text, fixed_text, level_texts, number_text, unit_text
from dgsim.show.rows import rows_of
from dgsim.show.terminal.layout import ByWidth, rows_table
from dgsim.texts import IN_ENGLISH, Words
from dgsim.texts.labels import choice_label, outcome_by_quarter, outcome_to, part_label

ARROWS = {"higher": "↑ ", "lower": "↓ ", "none": "· "}
BETTER, WORSE, UNCLEAR, TRIVIAL, NEITHER = "✓", "✗", "=", "≈", " "
SIGNS = {"better": BETTER, "worse": WORSE, "unclear": UNCLEAR, "trivial": TRIVIAL, "": NEITHER}  # of verdicts
COLOURS = {BETTER: "green", WORSE: "red", UNCLEAR: "dim", TRIVIAL: "dim", NEITHER: ""}
LABEL_WIDTH, UNIT_WIDTH, LEAST_WIDTH = 22, 17, 13  # what is longer takes two lines
LEAST_ROOM = 37  # for labels and units beside the numbers
Column = tuple[str, Sequence[str | Text]]  # a header and its cells


def comparison_table(
    levels: pd.DataFrame,
    differences: pd.DataFrame,
    catalogue: pd.DataFrame,
    country: str,
    seed: int,
    sets: str = "",
    w: Words = IN_ENGLISH,
    rule: Sequence[str] = (),
) -> RenderableType:
    """The baseline's level and every scenario's difference from it in the last quarter.

    `levels` and `differences` are those of a comparison, `catalogue` has `outcome, label, unit, direction`,
    `country` names the country, `sets` tells the sets of parameters, `rule` how verdicts come about. More scenarios
    than fit side by side follow in a table below.
    """
    quarter, baseline = levels["quarter"].iloc[-1], differences["baseline"].iloc[0]
    level, difference = _by_outcome(levels, quarter).loc[baseline], _by_outcome(differences, quarter)
    about = rows_of(catalogue)
    base = (baseline, [number_text(level.loc[o.outcome, "mean"], o.unit, language=w.language) for o in about])
    others: list[Column] = [
        (name, [_difference_cell(difference.loc[(name, o.outcome)], o.unit, w) for o in about])
        for name in differences["scenario"].unique()
    ]
    note = _comparison_note(int(differences["replications"].iloc[0]), seed, sets, w)
    heading = w("heading.compare", country=country, quarter=quarter, baseline=baseline)
    title = Text(heading, style="bold")
    said = Text("\n".join([note, *rule]), style="dim")
    labels = [outcome_to(o.outcome, quarter, w) for o in about]
    return Group(title, ByWidth(lambda width: _blocks(catalogue, labels, base, others, width, w)), said)


def _blocks(
    catalogue: pd.DataFrame, labels: Sequence[str], first: Column, others: Sequence[Column], width: int, w: Words
) -> Group:
    """As many columns of numbers as fit beside the first, and the others in further blocks below."""
    room = width - LEAST_ROOM - _width(first) - 1
    fit = max(1, room // (max(map(_width, others)) + 1))
    starts = range(0, len(others), fit)
    return Group(*(_block(catalogue, labels, [first, *others[at : at + fit]], width, w) for at in starts))


def _by_outcome(table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    last = table[table["quarter"] == quarter]
    return last.astype({"scenario": str, "outcome": str}).set_index(["scenario", "outcome"])


def _block(catalogue: pd.DataFrame, labels: Sequence[str], numbers: list[Column], width: int, w: Words) -> Table:
    """A row an outcome: its label, with the arrow of what is better, its unit, and columns of numbers."""
    widths = [_width(column) for column in numbers]
    room = width - sum(widths) - len(widths) - 1
    unit_width = min(UNIT_WIDTH, max(LEAST_WIDTH, room - LABEL_WIDTH))
    label_width = max(LEAST_WIDTH, room - unit_width)
    table = _plain_table()
    table.add_column(f"  {w('word.outcome')}")
    table.add_column(w("word.unit"))
    for (header, _), column_width in zip(numbers, widths, strict=True):
        table.add_column(_broken(header, column_width), justify="right", no_wrap=True, min_width=column_width)
    for index, row in enumerate(rows_of(catalogue)):
        label = wrap(ARROWS[row.direction] + labels[index], label_width, subsequent_indent="  ")
        unit = wrap(w.of(unit_text(row.unit)), unit_width)
        table.add_row("\n".join(label), "\n".join(unit), *(cells[index] for _, cells in numbers))
    return table


def _width(column: Column) -> int:
    """What a column of numbers takes; its header may be broken after a hyphen."""
    header, cells = column
    return max([len(cell) for cell in cells] + [len(part) for part in _parts(header)])


def _parts(name: str) -> list[str]:
    return name.replace("-", "-\n").split("\n")


def _broken(name: str, width: int) -> str:
    """A scenario's name, broken after hyphens where it is too long for a column."""
    lines = [""]
    for part in _parts(name):
        if lines[-1] and len(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _difference_cell(row: pd.Series, unit: str, w: Words) -> Text:
    half = (row["high"] - row["low"]) / 2.0
    text = difference_text(row["difference"], half, unit, language=w.language)
    sign = SIGNS[row["verdict"]]
    return Text(f"{text} {sign}", style=COLOURS[sign])


def _comparison_note(replications: int, seed: int, sets: str, w: Words) -> str:
    sure = w("note.one_run") if replications == 1 else w("note.half_interval", count=replications, seed=seed, sets=sets)
    return (
        f"{sure}\n{w('note.arrows')}; {w('note.marks')};\n{w('note.points')}; {w('note.bvnd')};\n{w('note.money_to')}."
    )


def run_table(
    summary: pd.DataFrame, catalogue: pd.DataFrame, country: str, seed: int, w: Words = IN_ENGLISH
) -> RenderableType:
    """How one scenario starts, stands half-way and ends: the mean, later also the 5th to 95th percentile."""
    quarters = list(summary["quarter"].unique())
    shown = list(dict.fromkeys([quarters[0], quarters[(len(quarters) - 1) // 2], quarters[-1]]))
    count = int(summary["replications"].iloc[0])
    rows = summary.astype({"outcome": str, "quarter": str}).set_index(["outcome", "quarter"])
    columns: list[Column] = []
    for quarter in shown:
        band = count > 1 and (quarter != shown[0] or len(shown) == 1)
        cells = [_level_cell(rows.loc[(o.outcome, quarter)], o.unit, band, w) for o in rows_of(catalogue)]
        columns.append((w.quarter(quarter), cells))
    title = Text(f"{country}: {summary['scenario'].iloc[0]}", style="bold")
    runs = w("note.runs" if count > 1 else "note.run", count=count, seed=seed)
    note = f"{runs}\n{w('note.arrows')}; {w('note.bvnd')};\n{w('note.money_to')}."
    labels = [outcome_by_quarter(o.outcome, w) for o in rows_of(catalogue)]
    first, *later = columns
    if not later:
        return Group(
            title, ByWidth(lambda width: _block(catalogue, labels, columns, width, w)), Text(note, style="dim")
        )
    return Group(
        title, ByWidth(lambda width: _blocks(catalogue, labels, first, later, width, w)), Text(note, style="dim")
    )


def _level_cell(row: pd.Series, unit: str, band: bool, w: Words) -> str:
    if not band:
        return number_text(row["mean"], unit, language=w.language)
    ends = (float(row["low"]), float(row["high"]))
    mean, interval = level_texts(float(row["mean"]), ends, unit, w("reason.range"), language=w.language)
    return f"{mean} ({interval})"


def choice_table(options: pd.DataFrame, title: str, *, most: int = 12, w: Words = IN_ENGLISH) -> RenderableType:
    """The options of one choice, best first, with every part of their utility; what won is marked.

    `options` has `option, item, started`, the parts, `noise` and `total`. Options beyond `most` that were
    not started are counted, not shown.
    """
    if options.empty:
        return Text(w("note.nothing_weighed", title=title))
    shown = options[(options.index < most) | (options["started"] > 0)]
    numbers = list(options.columns[3:])
    headings = ("", w("why.option"), *(part_label(number, w) for number in numbers))
    rows = []
    for row in shown.to_dict("records"):
        won = f"{BETTER}{row['started']}" if row["started"] else ""
        cells = (fixed_text(row[number], 2, signed=True, language=w.language) for number in numbers)
        rows.append((won, choice_label(row["option"], row["item"], w), *cells))
    table = rows_table(headings, rows, headings[1:2], headings[2:], shown["started"] > 0)
    left = len(options) - len(shown)
    notes = " ".join([w("why.utility"), *([w("note.lesser", count=left)] if left else [])])
    return Group(Text(title, style="bold"), table, Text(f"{w('note.choice')}\n{notes}", style="dim"))


def parameter_tables(parameters: pd.DataFrame, w: Words = IN_ENGLISH) -> RenderableType:
    """Parameters by role; levers, uncertainties and constants are never in one table.

    Names and choices stay as a scenario file has them.
    """
    headings = [w(f"about.{name}") for name in ("name", "value", "range")] + [w("word.unit"), w("head.what")]
    blocks: list[RenderableType] = []
    for role, kept in parameters.groupby("role", sort=False):
        rows = [
            (
                f"{row['theme']}.{row['name']}",
                _default(row, w),
                _range(row, w),
                w.of(row["unit"]),
                f"{w.of(row['label'])} [{w.of(row['source'])}]",
            )
            for row in kept.to_dict("records")
        ]
        blocks.append(Text(f"{w(f'roles.{role}')} ({len(rows)})", style="bold"))
        blocks.append(rows_table(headings, rows, headings))
    return Group(*blocks)


def _default(row: Mapping[Any, Any], w: Words) -> str:
    value = row["default"]
    return (
        str(value).lower()
        if isinstance(value, bool)
        else as_written(value, w.language)
        if isinstance(value, float)
        else str(value)
    )


def _range(row: Mapping[Any, Any], w: Words) -> str:
    if row["choices"]:
        return str(row["choices"]).replace("|", ", ")
    if row["type"] == "flag":
        return "true, false"
    ends = [as_written(row[end], w.language) if pd.notna(row[end]) else "" for end in ("low", "high")]
    return "..".join(ends) if any(ends) else ""


def _plain_table() -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0)
