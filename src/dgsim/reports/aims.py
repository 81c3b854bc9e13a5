"""What a report tells of targets: the chance that plans meet what was decided, and the results framework."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dgsim.appraisals.targets.chances import Chances
from dgsim.reports.blocks import Block, Cell, Head, Picture, Row, Subheading, Table, said
from dgsim.show.figures import style
from dgsim.show.figures.targets import chances_figure
from dgsim.show.terminal.targets import chances_cells, framework_cells
from dgsim.study.record import caption
from dgsim.texts import Words

CHANCES = ("target", "what", "wanted", "chance", "light", "mean", "first", "only_reported")
FRAMEWORK = ("indicator", "baseline", "due", "who", "verified")
MISSING = ("decision", "what_missing", "why_missing")


def targets_blocks(found: Chances, w: Words) -> Iterator[Block]:
    """A plan at a time the chance of each target; a figure; the results framework; what cannot be expressed."""
    runs = found.basis.replications
    yield said(w("target.note", count=runs), note=True)
    for plan, rows in found.records.groupby("plan", sort=False):
        yield Subheading(str(plan))
        title = w("target.heading", plan=str(plan))
        told = zip(chances_cells(rows, w), rows["target"] == "all", strict=True)
        yield _table(title, CHANCES, ((cells, bool(whole)) for cells, whole in told), w)
    figure = chances_figure(found.records, w("target.figure", count=runs), caption(found.basis, w.language), w)
    yield Picture(figure, f"{style.title_of(figure)}. {w('target.note', count=runs)}")
    yield Subheading(w("target.framework"))
    yield _table(w("target.framework"), FRAMEWORK, ((cells, False) for cells in framework_cells(found.framework, w)), w)
    if len(found.not_expressed):
        yield Subheading(w("target.missing"))
        yield _table(w("target.missing"), MISSING, ((cells, False) for cells in _missing(found.not_expressed, w)), w)


def _missing(table: pd.DataFrame, w: Words) -> Iterator[tuple[str, ...]]:
    for row in table.to_dict("records"):
        yield row["targets"], w.of(row["target"]), w.of(row["reason"])


def _table(title: str, heads: tuple[str, ...], rows: Iterator[tuple[tuple[str, ...], bool]], w: Words) -> Table:
    """A table of words; the row of all targets together stands out."""
    cells = tuple(Row(tuple(map(Cell, texts)), "total" if whole else "") for texts, whole in rows)
    return Table(title, (title,), tuple(Head(w(f"target.{head}")) for head in heads), cells)
