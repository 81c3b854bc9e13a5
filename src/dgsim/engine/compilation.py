"""The one compilation of all rules on a machine, told as it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from numba.core import event

from dgsim.country import load_country
from dgsim.engine.run import Progress, run_to, run_world
from dgsim.engine.sets import ParameterSets
from dgsim.scenario import load_scenario
from dgsim.world.cache import compiled_before, mark_compiled
from dgsim.world.compiled import Compiled
from dgsim.world.quarter import initialise_world


def compile_rules(progress: Progress | None = None) -> None:
    """Compile all that a run goes through, where this machine has not done so: some 20 seconds of one core.

    `progress` is called with the number of rules that are compiled and of all, and with all of them at the end.
    """
    if compiled_before():
        return
    rules = reached(initialise_world, run_to)
    with event.install_listener("numba:compile", Count(rules, progress)):
        run_world(ParameterSets(load_scenario("history"), load_country()).of(0), seed=0, replication=0)
    mark_compiled()
    if progress is not None:  # a few are named, but only counterfactual runs go through them
        progress(len(rules), len(rules))


class Count(event.Listener):
    """Tells how many of some rules are compiled, each time that one more is."""

    def __init__(self, rules: set[Compiled], progress: Progress | None) -> None:
        self.waiting = {rule.from_rules for rule in rules}
        self.all_rules = len(rules)
        self.progress = progress

    def on_start(self, event: Any) -> None:
        """A rule is begun: nothing to tell."""

    def on_end(self, event: Any) -> None:
        """A rule is done; one that is compiled for other arguments too counts once."""
        if event.data["dispatcher"] in self.waiting:
            self.waiting.remove(event.data["dispatcher"])
            if self.progress is not None:
                self.progress(self.all_rules - len(self.waiting), self.all_rules)


def reached(*entries: Any) -> set[Compiled]:
    """The rules that these call, and those call in turn, by the names in their code."""
    waiting, met = [entry for entry in entries if isinstance(entry, Compiled)], set()
    while waiting:
        for rule in called(waiting.pop()):
            if rule not in met:
                met.add(rule)
                waiting.append(rule)
    return met


def called(rule: Compiled) -> Iterator[Compiled]:
    """The rules that one names, by itself or as one of a module."""
    code, known = rule.py_func.__code__, rule.py_func.__globals__
    named = [known[name] for name in code.co_names if name in known]
    modules = [value for value in named if isinstance(value, ModuleType)]
    named += [getattr(module, name, None) for module in modules for name in code.co_names]
    return (value for value in named if isinstance(value, Compiled))
