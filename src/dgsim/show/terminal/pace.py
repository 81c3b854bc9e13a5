"""How far a long computation is, how fast and how long still: on a terminal a bar, else now and then a line."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from dgsim.texts import IN_ENGLISH, Words

LINE_SECONDS = 30.0  # between two lines where there is no terminal
UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"), (1, "s"))
SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))

Told = tuple[Callable[[int, int], None] | None, Callable[[str], None] | None]


class Pace:
    """The pace since the first call: what was done before it does not count.

    >>> clock = iter([0.0, 10.0])
    >>> pace = Pace(lambda: next(clock))
    >>> pace.text(500, 2000), pace.text(1000, 2000)
    ('500 of 2,000 runs', '1,000 of 2,000 runs, 50 a second, 20 s left')
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: tuple[float, int] | None = None

    def text(self, done: int, all_runs: int) -> str:
        """How far, how fast, how long still."""
        now = self._clock()
        start, before = self._begun = self._begun or (now, done)
        far = f"{done:,} of {all_runs:,} runs"
        if done == before or now <= start:
            return far
        rate = (done - before) / (now - start)
        return f"{far}, {rate:,.{1 if rate < 10 else 0}f} a second, {time_text((all_runs - done) / rate)} left"


@contextmanager
def pace_shown(quiet: bool) -> Iterator[Told]:
    """What to call with the runs done and all runs, and with sentences; both write to standard error, or are None."""
    if quiet:
        yield None, None
        return
    pace = Pace()
    if not sys.stderr.isatty():
        yield _lines(pace), _sentence
        return
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield (
            lambda done, all_runs: bar.update(
                task, completed=done, total=all_runs, description=pace.text(done, all_runs)
            ),
            bar.console.print,
        )


def _sentence(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _lines(pace: Pace) -> Callable[[int, int], None]:
    """A line at the start of every so many seconds."""
    last = time.monotonic()

    def told(done: int, all_runs: int) -> None:
        nonlocal last
        text = pace.text(done, all_runs)
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            _sentence(text)

    return told


def time_text(seconds: float, w: Words = IN_ENGLISH) -> str:
    """A time in its two largest units.

    >>> time_text(42.4), time_text(150), time_text(93_600)
    ('42 s', '2 min 30 s', '1 days 2 h')
    """
    whole = round(seconds)
    for index, (size, unit) in enumerate(UNITS[:-1]):
        if whole >= size:
            smaller, small_unit = UNITS[index + 1]
            rest = whole % size // smaller
            text = f"{whole // size} {w(f'time.{unit}')}"
            return f"{text} {rest} {w(f'time.{small_unit}')}" if rest else text
    return f"{whole} {w('time.s')}"


def bytes_text(size: float) -> str:
    """A number of bytes in its largest unit.

    >>> bytes_text(950), bytes_text(14_200_000)
    ('950 bytes', '14 MB')
    """
    for unit, name in SIZES:
        if size >= unit:
            return f"{size / unit:.{1 if size < 10 * unit else 0}f} {name}"
    return f"{size:.0f} bytes"
