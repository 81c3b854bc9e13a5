"""How a page waits for runs: the last picture stays until the next is there, and the next is refined in place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import solara

from dgsim import engine
from dgsim.app.pictures import FIRST, FULL, Pair, Stopped, pair_of, seen_pair
from dgsim.app.view import View
from dgsim.start import SetupError

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
                for count in (FIRST, FULL):
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


def use_compiled() -> tuple[bool, float]:
    """Whether the rules are compiled on this machine, and how long this page has waited for it (seconds)."""
    done: solara.Reactive[bool] = solara.use_reactive(engine.compiled_before())
    waited: solara.Reactive[float] = solara.use_reactive(0.0)

    def watch() -> Callable[[], None] | None:
        if done.value:
            return None
        left = threading.Event()
        start = time.monotonic()

        def run() -> None:
            while not left.wait(0.5):
                if engine.compiled_before():
                    done.value = True
                    return
                waited.value = time.monotonic() - start

        threading.Thread(target=run, daemon=True).start()
        return left.set

    solara.use_effect(watch, [])
    return done.value, waited.value
