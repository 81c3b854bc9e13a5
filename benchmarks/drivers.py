"""The engine against the Mesa models: the package's own, and plain objects."""

from __future__ import annotations

from collections.abc import Callable

import engine_side
import numpy as np
from timing import Row, Spread, Times, Worker, agreed, clock_seconds, in_turns, processor_seconds, ratios

from dgsim.mesa_model import DigitalGovernment
from dgsim.scenario import Scenario
from dgsim.world.tables import OUTCOME_NAMES

ENGINE, CLOCKED, BOTH = "engine", "engine on the clock", "engine, two threads"


def mesa_run(plan: Scenario) -> np.ndarray:
    """One run of the package's Mesa model: its outcomes, a row a quarter."""
    model = DigitalGovernment(plan, rng=engine_side.SEED)
    model.run_model()
    return model.datacollector.get_model_vars_dataframe()[list(OUTCOME_NAMES)].to_numpy()


def compare(name: str, quarters: int, runs: int, batch: int, rounds: int) -> tuple[list[Row], Times]:
    """Rows and times of the engine, the Mesa model and plain Mesa objects; agreement comes first."""
    plan, where = engine_side.scenario(name, quarters), engine_side.country()
    engine_runs = engine_side.runner(plan, where)
    with Worker("plain_worker.py", NUMBA_DISABLE_JIT="1") as plain:
        asked = {"scenario": name, "quarters": quarters}
        ours = engine_runs(1)
        mesa = agreed("the Mesa model", ours, mesa_run(plan))
        objects = agreed("plain Mesa objects", ours, np.array(plain.ask("outcomes", replication=0, **asked)))
        times = in_turns(
            [
                lambda: {ENGINE: processor_seconds(lambda: engine_runs(runs)) / runs},
                lambda: {"mesa": processor_seconds(lambda: mesa_run(plan))},
                _plain(plain, "plain", asked, batch, 1, keyed=False),
                _plain(plain, "keyed", asked, 1, 1, keyed=True),
                lambda: {CLOCKED: clock_seconds(lambda: engine_runs(runs)) / runs},
                lambda: {BOTH: clock_seconds(lambda: engine_side.on_threads(plan, where, runs, 2)) / runs},
                _plain(plain, "two", asked, 2 * batch, 2, keyed=False),
            ],
            rounds,
        )
    return rows(times, mesa, objects), times


def _plain(
    worker: Worker, name: str, asked: dict, runs: int, processes: int, *, keyed: bool
) -> Callable[[], dict[str, float]]:
    """A batch of the plain model: seconds a run, of the processor and on the clock."""

    def measure() -> dict[str, float]:
        took = worker.ask("time", runs=runs, processes=processes, keyed=keyed, **asked)
        return {name: took["cpu"] / runs, f"{name} on the clock": took["wall"] / runs}

    return measure


def rows(times: Times, mesa: str, objects: str) -> list[Row]:
    """The lines of the table."""

    def row(what: str, name: str, to: str | None, agreement: str) -> Row:
        return Row(what, Spread.of(times[name]), ratios(times, name, to) if to else None, agreement)

    return [
        row("The engine, one thread", ENGINE, None, ""),
        row("The Mesa model of the package", "mesa", ENGINE, mesa),
        row("Plain Mesa objects, keyed luck", "keyed", ENGINE, objects),
        row("Plain Mesa objects, Python's luck", "plain", ENGINE, "the same rules"),
        row("The engine, one thread, *on the clock*", CLOCKED, None, ""),
        row("Plain Mesa objects, one process, *on the clock*", "plain on the clock", CLOCKED, "the same rules"),
        row("The engine, two threads, *on the clock*", BOTH, CLOCKED, "the same bytes"),
        row("Plain Mesa objects, two processes, *on the clock*", "two on the clock", BOTH, "the same rules"),
    ]


def two_threads(plan: Scenario, runs: int, rounds: int) -> Spread:
    """How many times as fast two threads are as one, on the clock."""
    where = engine_side.country()
    times = in_turns(
        [
            lambda: {"one": clock_seconds(lambda: engine_side.on_threads(plan, where, runs, 1))},
            lambda: {"two": clock_seconds(lambda: engine_side.on_threads(plan, where, runs, 2))},
        ],
        rounds,
    )
    return ratios(times, "one", "two")
