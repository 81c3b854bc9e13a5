"""The one compilation of all rules on a machine, told as it goes on."""

from __future__ import annotations

from dgsim.country import load_country
from dgsim.engine.run import Progress, run_to, run_world
from dgsim.engine.sets import ParameterSets
from dgsim.scenario import load_scenario
from dgsim.world.cache import compiled_before, mark_compiled
from dgsim.world.compiled import counted, reached
from dgsim.world.quarter import initialise_world


def compile_rules(progress: Progress | None = None) -> None:
    """Compile all that a run goes through, where this machine has not done so: some 20 seconds of one core.

    `progress` is called with the number of rules that are compiled and of all, and with all of them at the end.
    """
    if compiled_before():
        return
    rules = reached(initialise_world, run_to)
    with counted(rules, progress):
        run_world(ParameterSets(load_scenario("history"), load_country()).of(0), seed=0, replication=0)
    mark_compiled()
    if progress is not None:  # a few are named, but only counterfactual runs go through them
        progress(len(rules), len(rules))
