"""The one compilation of all rules on a machine, told as it goes on."""

from __future__ import annotations

from dgsim.country import load_country
from dgsim.engine.counterfactual import run_counterfactual, run_with_channels
from dgsim.engine.run import Progress, run_to, run_world
from dgsim.engine.sets import ParameterSets
from dgsim.scenario import load_scenario
from dgsim.world.cache import compiled_before, mark_compiled
from dgsim.world.channels import empty_paths
from dgsim.world.compiled import counted, reached
from dgsim.world.quarter import initialise_world


def compile_rules(progress: Progress | None = None) -> None:
    """Compile all that runs and counterfactual runs go through, where this machine has not done so.

    It takes some 20 seconds of one core, most of it for rules that both share. `progress` is called with the number of
    rules that are compiled and of all, and with all of them at the end.
    """
    if compiled_before():
        return
    rules = reached(initialise_world, run_to, run_with_channels)
    told = 0

    def tell(done: int, all_rules: int) -> None:
        nonlocal told
        told = done
        if progress is not None:
            progress(done, all_rules)

    setup = ParameterSets(load_scenario("history"), load_country()).of(0)
    with counted(rules, tell):
        run_world(setup, seed=0, replication=0)
        run_counterfactual(setup, 0, 0, empty_paths(1, setup.quarters, len(setup.provinces)))
    if told < len(rules):  # some were in the cache already
        tell(len(rules), len(rules))
    mark_compiled()
