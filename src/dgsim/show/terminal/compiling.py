"""Word of rules that are compiled: how long it takes here, how far it is, how long it took."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task
from rich.table import Column
from rich.text import Text

from dgsim.show.terminal.pace import LINE_SECONDS, time_text
from dgsim.texts import Words

FIRST_SHARE, FIRST_SECONDS = 0.2, 5.0  # of the rules, or of time, after which it is said how long all of it takes
LEAST_SHARE = 0.1  # of the rules: fewer tell too little
Told = Callable[[int, int, float], None]


@contextmanager
def compiling_shown(w: Words, *, lasting: bool, quiet: bool = False) -> Iterator[Told | None]:
    """What to call with the rules compiled, all of them, and the seconds that all takes; None if quiet.

    Writes to standard error, and nothing if nothing is compiled: a sentence with the seconds it will take, as soon as
    the first rules have shown how fast it goes, and one with those it took. In between a bar on a terminal, elsewhere
    and in a process that another one started a line now and then. `lasting`: whether what is compiled is kept.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty() and multiprocessing.parent_process() is None:
        console = Console(stderr=True, highlight=False)
        account = Account(w, lasting, console.out)
        with Progress(BarColumn(), Far(account), console=console, transient=True) as bar:
            task = bar.add_task("", total=None)

            def told(done: int, all_rules: int, expected: float) -> None:
                account.told(done, all_rules, expected)
                bar.update(task, completed=account.seconds, total=expected)

            yield told
        account.end()
    else:
        account = Account(w, lasting, _line)
        with _now_and_then(account):
            yield account.told
        account.end()


class Account:
    """What has been told of a compilation, and is to be said of it."""

    def __init__(
        self, w: Words, lasting: bool, say: Callable[[str], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.w, self.lasting, self.say, self.clock = w, lasting, say, clock
        self.start = clock()
        self.begun = False
        self.done, self.all_rules, self.expected = 0, 0, 0.0

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return self.clock() - self.start

    @property
    def far(self) -> str:
        """How far it is, as text."""
        left = time_text(max(1.0, self.expected - self.seconds), self.w)
        return self.w("waiting.compiling_far", done=self.done, all=self.all_rules, left=left)

    def told(self, done: int, all_rules: int, expected: float) -> None:
        """So many rules of all are compiled; all of it takes so many seconds."""
        self.done, self.all_rules, self.expected = done, all_rules, expected
        enough = LEAST_SHARE if self.seconds >= FIRST_SECONDS else FIRST_SHARE
        if not self.begun and done >= enough * all_rules:
            self.begun = True
            key = "waiting.compiling_begun" if self.lasting else "waiting.compiling_alone"
            self.say(self.w(key, expected=time_text(expected, self.w)))

    def end(self) -> None:
        """All is compiled."""
        if self.done:
            self.say(self.w("waiting.compiled", seconds=f"{self.seconds:.0f}"))


class Far(ProgressColumn):
    """How far it is, beside a bar: the seconds go down however long one rule takes."""

    def __init__(self, account: Account) -> None:
        super().__init__(Column(no_wrap=True))
        self.account = account

    def render(self, task: Task) -> Text:
        """The text of this moment."""
        return Text(self.account.far if self.account.begun else "")


@contextmanager
def _now_and_then(account: Account) -> Iterator[None]:
    """A line every so many seconds, however long one rule takes."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(LINE_SECONDS):
            if account.begun:
                account.say(account.far)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _line(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
