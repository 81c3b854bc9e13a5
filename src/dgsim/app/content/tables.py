"""The data-table twin of every chart, and its numbers as a file that says what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dgsim._version import __version__
from dgsim.app.content.maps import shapes
from dgsim.app.content.names import shown_name
from dgsim.app.content.numbers import short, short_numbers
from dgsim.app.state.address import address_of
from dgsim.app.state.view import View
from dgsim.country import load_country
from dgsim.numbers import difference_unit_text, digits_text, shown, unit_text
from dgsim.scenario.calendar import quarter_text
from dgsim.texts import IN_ENGLISH, Quarter, Words, words

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Twin:
    """A table: what it shows, its headings, and rows of text and numbers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def for_screen(self, words: Words) -> dict[str, Any]:
        """As the table on the screen takes it: numbers and quarters as the language writes them."""
        rows = [[_shown(cell, words) for cell in row] for row in self.rows]
        return {"caption": self.caption, "columns": list(self.columns), "rows": rows}


def _shown(cell: Any, words: Words) -> Any:
    if isinstance(cell, float):
        return digits_text(cell, language=words.language)
    return words.quarter(cell) if isinstance(cell, Quarter) else cell


def header_lines(view: View, replications: int = 0, words: Words = IN_ENGLISH) -> list[str]:
    """Who made the numbers: version, policy, baseline, luck and address; `replications` is 0 without runs."""
    sides = {"policy": view.policy, "baseline": view.baseline}
    luck = {"seed": view.seed, "count": replications, "parameters": words.of(view.parameters)}
    return [
        f"dgsim {__version__}: {words('header.scope')}",
        *(
            words(f"file.{side}", name=shown_name(one.name, words), digest=one.digest()[:16])
            for side, one in sides.items()
        ),
        words("file.runs" if replications else "file.seed", **luck),
        words("file.address", address=address_of(view)),
    ]


def csv_file(view: View, replications: int, twin: Twin) -> str:
    """The table as CSV below lines that start with #.

    The lines are in the language of the screen; quarters and numbers are as programs read them, and a line says so.
    Where it has letters beyond ASCII, a byte order mark tells spreadsheets that it is UTF-8.
    """
    text = io.StringIO()
    said = words(view.language)
    head = [*header_lines(view, replications, said), said("file.plain"), twin.caption]
    text.writelines(f"# {line}\n" for line in head)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(twin.columns)
    writer.writerows(_safe(row) for row in twin.rows)
    return text.getvalue() if text.getvalue().isascii() else BYTE_ORDER_MARK + text.getvalue()


def _safe(row: Sequence[Any]) -> list[Any]:
    """Text that a spreadsheet would take for a formula is set apart."""
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "@") else cell for cell in row]


def curve_twin(
    title: str,
    curves: Sequence[tuple[str, np.ndarray, np.ndarray]],
    words: Words,
    wanted: Sequence[tuple[str, np.ndarray]] = (),
) -> Twin:
    """The numbers of curves with bands, and of targets: a row a quarter."""
    names = [f"{label}: {words(key)}" for label, _, _ in curves for key in ("word.mean", "word.p5", "word.p95")]
    quarters = min(len(mean) for _, mean, _ in curves)
    columns = [column for _, mean, band in curves for column in (mean, band[0], band[1])]
    levels = [short_numbers(level) for _, level in wanted]
    rows = tuple(
        (quarter_text(q), *(short(column[q]) for column in columns), *(level[q] for level in levels))
        for q in range(quarters)
    )
    return Twin(title, (words("word.quarter"), *names, *(label for label, _ in wanted)), rows)


def province_twin(values: np.ndarray, unit: str, title: str, words: Words, *, difference: bool = False) -> Twin:
    """The numbers of a map [province], levels or differences, the largest first."""
    names = [province["name"] for province in shapes(words.language)["provinces"]]
    order = np.argsort(-values, kind="stable")
    codes = load_country().codes
    rows = tuple((names[row], codes[row], short(shown(float(values[row]), unit))) for row in order)
    shown_unit = words.of(difference_unit_text(unit) if difference else unit_text(unit))
    return Twin(title, (words("word.province"), words("word.code"), shown_unit), rows)
