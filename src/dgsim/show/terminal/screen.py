"""What reaches a screen: text of 100 columns, coloured only on a terminal, and a bar with the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from dgsim.show.terminal.tables import SCREEN_WIDTH


def screen_text(content: RenderableType) -> str:
    """The content as text for standard output; without colour or other codes unless that is a terminal."""
    terminal = sys.stdout.isatty()
    console = Console(
        width=SCREEN_WIDTH,
        force_terminal=terminal,
        color_system="auto" if terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
        file=sys.stdout,
    )
    with console.capture() as captured:
        console.print(content)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


@contextmanager
def progress_bar(label: str, quiet: bool = False, unit: str = "runs") -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error; call what it gives with the runs (or another unit) done and all of them.

    Gives None if quiet, or if standard error is not a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(f"{unit},"))
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), TextColumn("left"), console=console, transient=True) as bar:
        task = bar.add_task(label)
        yield lambda done, all_runs: bar.update(task, completed=done, total=all_runs)
