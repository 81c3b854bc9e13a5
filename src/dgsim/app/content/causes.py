"""The causal picture: what acts on what in the model, drawn once and told as a table too."""

from __future__ import annotations

from typing import Any

from dgsim.app.content.tables import Twin
from dgsim.texts import Words

# The column and the line of each thing in a grid of 5 by 5.
POSITIONS = {
    "roadmap": (0, 0),
    "grants": (0, 2),
    "metric": (0, 3),
    "foundations": (1, 0),
    "reform": (1, 1),
    "money": (1, 2),
    "staff": (1, 3),
    "peers": (1, 4),
    "choice": (2, 2),
    "report": (2, 4),
    "quality": (3, 0),
    "supply": (3, 2),
    "duplication": (3, 3),
    "benefit": (4, 0),
    "use": (4, 1),
    "trust": (4, 2),
    "incidents": (4, 3),
}
ARROWS = (
    ("roadmap", "foundations", "+"),
    ("roadmap", "reform", "+"),
    ("grants", "money", "+"),
    ("money", "choice", "+"),
    ("money", "staff", "+"),
    ("staff", "choice", "+"),
    ("foundations", "quality", "+"),
    ("foundations", "choice", "+"),
    ("reform", "quality", "+"),
    ("metric", "choice", "+"),
    ("metric", "report", "+"),
    ("peers", "choice", "+"),
    ("choice", "supply", "+"),
    ("choice", "duplication", "+"),
    ("supply", "use", "+"),
    ("quality", "use", "+"),
    ("use", "benefit", "+"),
    ("use", "trust", "+"),
    ("trust", "use", "+"),
    ("incidents", "trust", "−"),
    ("supply", "incidents", "+"),
    ("supply", "report", "+"),
    ("use", "peers", "+"),
    ("duplication", "benefit", "−"),
)
WIDE, TALL, BOX, LINE = 1000, 420, 156, 40


def picture(words: Words) -> dict[str, Any]:
    """Boxes and arrows as plain numbers and texts."""
    boxes = [{"x": _x(c), "y": _y(r), "text": words(f"cause.{name}")} for name, (c, r) in POSITIONS.items()]
    arrows = [{"path": _path(POSITIONS[a], POSITIONS[b]), "holds": sign != "+"} for a, b, sign in ARROWS]
    return {"width": WIDE, "height": TALL, "box": BOX, "line": LINE, "boxes": boxes, "arrows": arrows}


def _x(column: int) -> int:
    return 10 + column * (WIDE - BOX - 20) // 4


def _y(row: int) -> int:
    return 10 + row * (TALL - LINE - 20) // 4


def _path(start: tuple[int, int], end: tuple[int, int]) -> str:
    """From edge to edge: sideways between columns, up or down within one."""
    x1, y1, x2, y2 = _x(start[0]), _y(start[1]) + LINE // 2, _x(end[0]), _y(end[1]) + LINE // 2
    if start[0] == end[0]:
        down = end[1] > start[1]
        x, half = x1 + BOX // 2 + (14 if down else -14), LINE // 2 if down else -LINE // 2
        return f"M{x} {y1 + half}L{x} {y2 - half}"
    right = end[0] > start[0]
    a, b = (x1 + BOX, x2) if right else (x1, x2 + BOX)
    bend = 40 if right else -40
    return f"M{a} {y1}C{a + bend} {y1} {b - bend} {y2} {b} {y2}"


def causes_twin(words: Words) -> Twin:
    """The arrows as a table."""
    rows = tuple((words(f"cause.{a}"), words(f"cause.{b}"), sign) for a, b, sign in ARROWS)
    return Twin(words("about.causes"), (words("about.from"), words("head.effect"), words("about.sign")), rows)
