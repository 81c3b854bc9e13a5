"""Tables in the width there is: no line is wider, words stay whole, and what finds no room follows below its row."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

NARROWEST, USUAL, WIDEST = 80, 100, 200  # letters of a line: at least, where nobody looks, and at most
JOINTS = "_./-,"  # behind which a name may be continued on the next line, where it does not fit on one
INDENT = "    "
RULE = "─"
Cells = Sequence[str]
Ways = tuple[Sequence[bool], Sequence[bool]]  # of each column: whether cells take several lines, and end in line


@dataclass(frozen=True)
class ByWidth:
    """Content that is laid out when the width is known."""

    draw: Callable[[int], RenderableType]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What is drawn in the width of the screen."""
        yield self.draw(options.max_width)


def rows_table(
    headings: Sequence[str],
    rows: Iterable[Iterable[object]],
    long: Container[str] = (),
    right: Container[str] = (),
    bold: Iterable[bool] = (),
) -> ByWidth:
    """A plain table of text, in whatever width there is.

    Cells below a heading of `long` may take several lines, those below one of `right` end in line; `bold` tells which
    rows stand out. Where the columns do not fit side by side, the last of the long ones follow below each row, after
    their heading.
    """
    cells = [tuple(map(str, row)) for row in rows]
    marked, wraps = list(bold) or [False] * len(cells), [heading in long for heading in headings]
    ends = [heading in right for heading in headings]
    return ByWidth(lambda width: _table(headings, (wraps, ends), cells, marked, width))


def _table(headings: Cells, ways: Ways, rows: Sequence[Cells], bold: Sequence[bool], width: int) -> Text:
    wraps, ends = ways
    beside, below = list(range(len(headings))), list[int]()
    widths = _widths(headings, wraps, rows, beside, width)
    while widths is None:
        movable = [at for at in beside[1:] if wraps[at]] or beside[1:]
        below.insert(0, movable[-1])
        beside.remove(movable[-1])
        widths = _widths(headings, wraps, rows, beside, width)
    table = Text()
    right = [ends[at] for at in beside]
    for line in _lines([headings[at] for at in beside], widths, right):
        table.append(f"{line}\n")
    table.append(RULE * (sum(widths) + len(widths) - 1))
    for row, stands_out in zip(rows, bold, strict=True):
        lines = _lines([row[at] for at in beside], widths, right)
        told = "; ".join(f"{headings[at]}: {row[at]}" if headings[at] else row[at] for at in below if row[at])
        lines += [f"{INDENT}{line}" for line in wrapped(told, width - len(INDENT))] if told else []
        table.append("".join(f"\n{line}" for line in lines), style="bold" if stands_out else "")
    return table


def _lines(cells: Cells, widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """The lines of one row, each cell within its width."""
    parts = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    depth = max(map(len, parts))
    filled = [part + [""] * (depth - len(part)) for part in parts]
    return [" ".join(map(_padded, line, widths, right)).rstrip() for line in zip(*filled, strict=True)]


def _padded(text: str, width: int, right: bool) -> str:
    gap = " " * (width - cell_len(text))
    return gap + text if right else text + gap


def _widths(
    headings: Cells, wraps: Sequence[bool], rows: Sequence[Cells], beside: Sequence[int], width: int
) -> list[int] | None:
    """What each column gets: what its longest word needs, and of the rest as much as it can use; None if too little.

    Where whole names do not fit, those of all columns but the first are continued behind their joints.
    """
    columns = [(headings[at], wraps[at], [row[at] for row in rows]) for at in beside]
    full = [max(map(cell_len, (heading, *cells))) for heading, _, cells in columns]
    room = width - (len(columns) - 1)
    if len(columns) == 1:
        return [min(full[0], room)]
    for parts in (str.split, jointed):
        least = [_least(*column, parts if number else str.split) for number, column in enumerate(columns)]
        if sum(least) <= room:
            return _shared(least, full, room)
    return None


def _least(heading: str, wraps: bool, cells: Cells, parts: Callable[[str], list[str]]) -> int:
    """What a column needs at least: its longest part, or its longest cell where cells take one line."""
    return max(_longest(parts(heading)), *(_longest(parts(cell) if wraps else [cell]) for cell in cells), 1)


def _longest(parts: Sequence[str]) -> int:
    return max(map(cell_len, parts), default=0)


def _shared(least: Sequence[int], full: Sequence[int], room: int) -> list[int]:
    """Room shared out evenly beyond the least, no column getting more than it can use."""
    widths, left = list(least), room - sum(least)
    wanting = sorted(range(len(widths)), key=lambda at: full[at] - least[at])
    for done, at in enumerate(wanting):
        more = min(full[at] - least[at], left // (len(wanting) - done))
        widths[at] += more
        left -= more
    return widths


def jointed(text: str) -> list[str]:
    """The parts of a text between which a line may end: at spaces, and behind the joints of names.

    >>> jointed("costs.running_share of 2-3")
    ['costs.', 'running_', 'share', 'of', '2-', '3']
    """
    parts = [""]
    for letter, following in zip(text, f"{text} "[1:], strict=True):
        parts[-1] += letter
        if letter in JOINTS and following not in JOINTS:
            parts.append("")
    return " ".join(parts).split()


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text in a width: words whole; longer ones are continued behind a joint, or else anywhere.

    >>> wrapped("two words and a_very_long_name", 12)
    ['two words', 'and a_very_', 'long_name']
    """
    lines = list[str]()
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if cell_len(word) > width:
                *before, line = _pieces(word, line, width)
                lines += before
            elif line and cell_len(line) + 1 + cell_len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


def _pieces(word: str, begun: str, width: int) -> list[str]:
    """A word too long for a line, behind what the line begins with: the lines it makes, the last still open."""
    lines, gap = [begun], " " if begun else ""
    for part in jointed(word):
        if cell_len(lines[-1] + gap + part) <= width:
            lines[-1] += gap + part
        else:
            lines += [part[at : at + width] for at in range(0, len(part), width)]
        gap = ""
    return [line for line in lines if line]
