"""How far long work is, how fast and how long still: on a terminal a bar, else now and then a line."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dgsim.numbers import PLAIN, count_text, fixed_text
from dgsim.texts import IN_ENGLISH, Words

LINE_SECONDS = 30.0  # between two lines where there is no terminal
UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"), (1, "s"))
DONE = {"runs": "waiting.done", "rules": "waiting.rules_done"}  # how many are, by what they are
SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))

Clock = Callable[[], float]
Told = tuple[Callable[[int, int], None] | None, Callable[[str], None] | None]


class Pace:
    """The pace since the first call: what was done before it does not count.

    Work that begins anew, with less done than before, has a pace of its own.

    >>> clock = iter([0.0, 10.0])
    >>> pace = Pace(lambda: next(clock))
    >>> pace.text(500, 2000)
    '25%, 500 of 2,000 runs'
    >>> pace.text(1000, 2000)
    '50%, 1,000 of 2,000 runs, 50 a second, 20 s left'
    """

    def __init__(self, clock: Clock = time.monotonic, unit: str = "runs", w: Words = IN_ENGLISH) -> None:
        self._clock, self._unit, self._w = clock, unit, w
        self._begun: tuple[float, int] | None = None
        self._last = 0

    def text(self, done: int, all_runs: int) -> str:
        """How far, how fast, how long still; the share never says that all is done while something is left."""
        now, all_runs = self._clock(), max(done, all_runs)
        if self._begun is None or done < self._last:
            self._begun = now, done
        self._last = done
        start, before = self._begun
        w = self._w
        counts = {"done": count_text(done, w.language), "all": count_text(all_runs, w.language)}
        far = f"{100 * done // max(all_runs, 1)}%, {w(DONE[self._unit], **counts)}"
        if done == before or now <= start:
            return far
        rate = (done - before) / (now - start)
        said = fixed_text(rate, 1 if rate < 10 else 0, language=w.language)
        return w("waiting.pace", far=far, rate=said, time=time_text((all_runs - done) / rate, w))


@contextmanager
def progress_bar(
    label: str, quiet: bool = False, unit: str = "runs", clock: Clock = time.monotonic, w: Words = IN_ENGLISH
) -> Iterator[Callable[[int, int], None] | None]:
    """What to call with the runs (or another unit) done and all of them; tells of them on standard error.

    On a terminal by a bar, else by a line every so many seconds. Gives None if quiet.
    """
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _lines(Pace(clock, unit, w), clock, f"{label}: ")
        return
    said, left = (TextColumn(text) for text in (f"{w(f'waiting.{unit}')},", w("waiting.left")))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), said, TimeRemainingColumn(), left)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label)
        yield lambda done, all_runs: bar.update(task, completed=done, total=all_runs)


@contextmanager
def pace_shown(quiet: bool, clock: Clock = time.monotonic, w: Words = IN_ENGLISH) -> Iterator[Told]:
    """What to call with the runs done and all runs, and with sentences; both write to standard error, or are None."""
    if quiet:
        yield None, None
        return
    pace = Pace(clock, w=w)
    if not sys.stderr.isatty():
        yield _lines(pace, clock), _sentence
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


def _lines(pace: Pace, clock: Clock, label: str = "") -> Callable[[int, int], None]:
    """A line whenever so many seconds have gone by since the last."""
    last = clock()

    def told(done: int, all_runs: int) -> None:
        nonlocal last
        text = pace.text(done, all_runs)
        now = clock()
        if now - last >= LINE_SECONDS:
            last = now
            _sentence(f"{label}{text}")

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


def bytes_text(size: float, language: str = PLAIN) -> str:
    """A number of bytes in its largest unit.

    >>> bytes_text(950), bytes_text(14_200_000)
    ('950 bytes', '14 MB')
    """
    for unit, name in SIZES:
        if size >= unit:
            return f"{fixed_text(size / unit, 1 if size < 10 * unit else 0, language=language)} {name}"
    return f"{size:.0f} bytes"
