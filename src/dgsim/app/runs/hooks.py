"""How a page waits for runs: the last picture stays until the next is there, and the next is refined in place.

A study that takes longer is asked for by hand, tells how far it is, and can be given up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from dgsim.app.runs.cache import FIRST, FULL, Pair, Stopped, pair_of, seen_pair
from dgsim.app.runs.jobs import STUDIES, Question
from dgsim.app.state.view import View
from dgsim.errors import ScenarioError, SetupError, StudyError
from dgsim.world.compiled import compiled_before

TWICE = 0.6  # seconds within which a second click is no other wish
TOLD = 0.15  # seconds at least between two reports of progress
COMPILE_SECONDS = 60.0  # what the one compilation takes, about


def use_pair(view: View) -> tuple[Pair | None, bool, str]:
    """The pair to show, whether it is still that of an earlier policy, and a sentence where it cannot be run."""
    shown: solara.Reactive[Pair | None] = solara.use_reactive(None)
    problem: solara.Reactive[str] = solara.use_reactive("")
    key = view.key
    ready = seen_pair(view)

    def work() -> Callable[[], None] | None:
        if ready is not None and ready.replications >= FULL:
            shown.value = ready
            return None
        given_up = threading.Event()

        def run() -> None:
            try:
                for count in (FIRST, FULL) if ready is None else (FULL,):
                    pair = pair_of(view, count, given_up.is_set)
                    if given_up.is_set():
                        return
                    shown.value = pair
                problem.value = ""
            except Stopped:
                return
            except SetupError as error:
                problem.value = str(error)

        threading.Thread(target=run, daemon=True).start()
        return given_up.set

    solara.use_effect(work, [key])
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


def use_study(question: Question) -> Study:
    """A question that is worked on once it is asked, until it is answered, given up, or another takes its place."""
    key = question.key
    asked: solara.Reactive[tuple[Any, float]] = solara.use_reactive((None, 0.0))
    found: solara.Reactive[tuple[Any, Any]] = solara.use_reactive((None, None))
    refused: solara.Reactive[tuple[Any, str]] = solara.use_reactive((None, ""))
    reached: solara.Reactive[tuple[int, int]] = solara.use_reactive((0, 0))
    wanted = asked.value[0] == key

    def work() -> Callable[[], None] | None:
        if not wanted:
            return None
        given_up = threading.Event()
        reached.value = (0, 0)
        tell = _now_and_then(lambda *progress: None if given_up.is_set() else reached.set(progress))

        def run() -> None:
            try:
                found.value = (key, STUDIES.answer(question, tell, given_up.is_set))
            except Stopped:
                return
            except (StudyError, ScenarioError, SetupError) as error:
                refused.value = (key, str(error))

        threading.Thread(target=run, daemon=True).start()
        return given_up.set

    def give_up() -> None:
        if time.monotonic() - asked.value[1] > TWICE:
            asked.value = (None, 0.0)

    solara.use_effect(work, [key, wanted])
    answer = found.value[1] if found.value[0] == key else STUDIES.seen(question)
    problem = refused.value[1] if refused.value[0] == key else ""
    running = wanted and answer is None and not problem
    return Study(answer, running, *reached.value, problem, lambda: asked.set((key, time.monotonic())), give_up)


def _now_and_then(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress that is passed on at most every `TOLD` seconds."""
    last = 0.0

    def seldom(done: int, expected: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TOLD:
            last = time.monotonic()
            tell(done, expected)

    return seldom


def use_compiled() -> tuple[bool, float]:
    """Whether the rules are compiled on this machine, and how long this page has waited for it (seconds)."""
    done: solara.Reactive[bool] = solara.use_reactive(compiled_before())
    waited: solara.Reactive[float] = solara.use_reactive(0.0)

    def watch() -> Callable[[], None] | None:
        if done.value:
            return None
        left = threading.Event()
        start = time.monotonic()

        def run() -> None:
            while not left.wait(0.5):
                if compiled_before():
                    done.value = True
                    return
                waited.value = time.monotonic() - start

        threading.Thread(target=run, daemon=True).start()
        return left.set

    solara.use_effect(watch, [])
    return done.value, waited.value
