"""What reaches a screen: text in the width of the terminal, coloured only there."""

from __future__ import annotations

import io
import os
import shutil
import sys

from rich.console import Console, RenderableType

from dgsim.show.terminal.layout import NARROWEST, USUAL, WIDEST, wrapped


def screen_width() -> int:
    """The letters of a line: those of the terminal within bounds; where there is none, what COLUMNS says, or 100."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return USUAL
    return min(max(shutil.get_terminal_size((USUAL, 0)).columns, NARROWEST), WIDEST)


def screen_text(content: RenderableType) -> str:
    """The content as text for standard output; without colour or other codes unless that is a terminal."""
    terminal = sys.stdout.isatty()
    console = Console(
        width=screen_width(),
        force_terminal=terminal,
        color_system="auto" if terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
        file=io.StringIO(),  # every sign is kept here: what the output lacks is replaced where it is written
    )
    with console.capture() as captured:
        console.print(content)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def screen_lines(text: str) -> str:
    """Sentences in the width of the screen, what is continued set in as its line is."""
    lines = list[str]()
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        inside = wrapped(line.lstrip(), screen_width() - len(indent))
        lines += [f"{indent}{part}" for part in inside]
    return "\n".join(lines)
