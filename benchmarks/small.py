"""The small model in the engine's form against other frameworks, as far as they are installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import numpy as np
import small_in_mesa
import small_model
from timing import Row, Spread, agreed, in_turns, processor_seconds, ratios

OTHERS = {
    "agentpy": ("small_in_agentpy", "run"),
    "ambr, objects": ("small_in_ambr", "run_objects"),
    "ambr, columns": ("small_in_ambr", "run_columns"),
}
Runner = Callable[[small_model.Materials], np.ndarray]


def contenders() -> tuple[dict[str, Runner], list[str]]:
    """The versions that can be run here, and those whose framework is not installed."""
    found: dict[str, Runner] = {"Mesa": small_in_mesa.run}
    missing = []
    for name, (module, function) in OTHERS.items():
        try:
            found[name] = getattr(import_module(module), function)
        except ImportError:
            missing.append(name)
    return found, missing


def compare(quarters: int, runs: int, rounds: int) -> tuple[list[Row], list[str]]:
    """Rows of all versions, and the names of those that are not installed."""
    given = small_model.materials(quarters)
    ours = small_model.run(given)
    others, missing = contenders()
    agreements = {name: agreed(name, ours, run(given)[-quarters:]) for name, run in others.items()}
    measures = [lambda: {"": processor_seconds(lambda: [small_model.run(given) for _ in range(runs)]) / runs}]
    measures += [
        lambda name=name, run=run: {name: processor_seconds(lambda: run(given))}  # type: ignore[misc]
        for name, run in others.items()
    ]
    times = in_turns(measures, rounds)
    rows = [Row("Small model: a record and compiled rules", Spread.of(times[""]), None, "")]
    rows += [
        Row(f"Small model: {name}", Spread.of(times[name]), ratios(times, name, ""), agreement)
        for name, agreement in agreements.items()
    ]
    return rows, missing
