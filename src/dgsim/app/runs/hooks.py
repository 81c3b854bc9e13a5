"""How a page waits for runs: the last runs stay until the next are there, and those are refined.

A study that takes longer is asked for by hand, tells how far it is, and can be given up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import solara

from dgsim.app.runs import compiling
from dgsim.app.runs.cache import FIRST, FULL, Pair, Stop, Stopped, cached_pair, pair_of
from dgsim.app.runs.jobs import LOOKS, REFINED_LOOKS, STUDIES, Askable
from dgsim.app.state.view import View
from dgsim.errors import DgsimError
from dgsim.world.cache import compiled_before

DOUBLE_CLICK = 0.6  # seconds within which a second click is no other wish
REPORT_EVERY = 0.15  # seconds at least between two reports of progress
COMPILED_EVERY = 0.5  # seconds between two looks at whether the rules are compiled


def use_background(work: Callable[[Stop], None] | None, about: list[Any]) -> None:
    """Work in a thread of its own while the page shows what it is about; None is no work.

    `work` is given what tells that it is no longer wanted: the page shows something else, or was left. It may raise
    Stopped.
    """

    def start() -> Callable[[], None] | None:
        if work is None:
            return None
        left = threading.Event()

        def run() -> None:
            with suppress(Stopped):
                work(left.is_set)

        threading.Thread(target=run, daemon=True).start()
        return left.set

    solara.use_effect(start, about)


def use_pair(view: View) -> tuple[Pair | None, bool, str]:
    """The pair to show, whether it is still that of an earlier policy, and a sentence where it cannot be run."""
    shown: solara.Reactive[Pair | None] = solara.use_reactive(None)
    problem: solara.Reactive[str] = solara.use_reactive("")
    key = view.key
    ready = cached_pair(view)
    refined = ready is not None and ready.replications >= FULL

    def work(stop: Stop) -> None:
        try:
            for count in (FIRST, FULL) if ready is None else (FULL,):
                pair = pair_of(view, count, stop)
                if stop():
                    return
                shown.value = pair
            problem.value = ""
        except DgsimError as error:
            problem.value = str(error)

    solara.use_effect(lambda: shown.set(ready) if refined else None, [key])
    use_background(None if refined else work, [key])
    best = shown.value if shown.value is not None and shown.value.key == key else ready
    if best is not None and ready is not None and ready.replications > best.replications:
        best = ready
    return (best, False, problem.value) if best is not None else (shown.value, True, problem.value)


@dataclass(frozen=True)
class Study:
    """Where a question stands: its answer, or whether it is worked on and how far, or why it cannot be answered."""

    answer: Any | None
    running: bool
    done: int
    expected: int
    problem: str
    ask: Callable[[], None]
    give_up: Callable[[], None]


def use_study(question: Askable) -> Study:
    """A question that is worked on once it is asked, until it is answered, given up, or another takes its place."""
    key = question.key
    asked: solara.Reactive[tuple[Any, float]] = solara.use_reactive((None, 0.0))
    found: solara.Reactive[tuple[Any, Any]] = solara.use_reactive((None, None))
    refused: solara.Reactive[tuple[Any, str]] = solara.use_reactive((None, ""))
    reached: solara.Reactive[tuple[int, int]] = solara.use_reactive((0, 0))
    wanted = asked.value[0] == key

    def work(stop: Stop) -> None:
        reached.value = (0, 0)
        tell = _now_and_then(lambda *progress: None if stop() else reached.set(progress))
        try:
            found.value = (key, STUDIES.answer(question, tell, stop))
        except DgsimError as error:
            refused.value = (key, str(error))

    def give_up() -> None:
        if time.monotonic() - asked.value[1] > DOUBLE_CLICK:
            asked.value = (None, 0.0)

    use_background(work if wanted else None, [key, wanted])
    answer = found.value[1] if found.value[0] == key else STUDIES.cached(question)
    problem = refused.value[1] if refused.value[0] == key else ""
    running = wanted and answer is None and not problem
    return Study(answer, running, *reached.value, problem, lambda: asked.set((key, time.monotonic())), give_up)


def use_looks(first: Askable, refined: Askable) -> tuple[Any | None, bool, str]:
    """The answer to show, of few runs and then of more, whether it is still an earlier one, and why there is none."""
    shown: solara.Reactive[tuple[Any, Any]] = solara.use_reactive((None, None))
    problem: solara.Reactive[tuple[Any, str]] = solara.use_reactive((None, ""))
    key = refined.key
    done = REFINED_LOOKS.cached(refined)
    ready = done if done is not None else LOOKS.cached(first)

    def work(stop: Stop) -> None:
        try:
            for looks, question in ((LOOKS, first), (REFINED_LOOKS, refined)):
                found = looks.answer(question, lambda *_: None, stop)
                if stop():
                    return
                shown.value = (key, found)
        except DgsimError as error:
            problem.value = (key, str(error))

    solara.use_effect(lambda: shown.set((key, done)) if done is not None else None, [key])
    use_background(None if done is not None else work, [key])
    why = problem.value[1] if problem.value[0] == key else ""
    if done is not None or shown.value[0] != key:
        return (ready, False, why) if ready is not None else (None if why else shown.value[1], not why, why)
    return shown.value[1], False, why


def _now_and_then(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress that is passed on at most every `REPORT_EVERY` seconds."""
    last = 0.0

    def seldom(done: int, expected: int) -> None:
        nonlocal last
        if time.monotonic() - last >= REPORT_EVERY:
            last = time.monotonic()
            tell(done, expected)

    return seldom


def use_compiled() -> tuple[bool, compiling.Compiling]:
    """Whether the rules are compiled on this machine, and how far they are."""
    done: solara.Reactive[bool] = solara.use_reactive(compiled_before())
    so_far: solara.Reactive[compiling.Compiling] = solara.use_reactive(compiling.so_far())

    def watch(stop: Stop) -> None:
        while not (stop() or compiled_before()):
            so_far.value = compiling.so_far()
            time.sleep(COMPILED_EVERY)
        done.value = compiled_before()

    use_background(None if done.value else watch, [])
    return done.value, so_far.value
