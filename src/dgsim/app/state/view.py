"""What one person looks at: one frozen record; and the way back through it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from dgsim.app.state.pages import PAGES
from dgsim.engine.sets import CENTRAL_NAME, PLAUSIBLE_NAME
from dgsim.scenario import Change, Scenario, difference, load_scenario, shipped_scenarios
from dgsim.scenario.calendar import quarter_text
from dgsim.scenario.schema import default_value
from dgsim.texts import ENGLISH, known_language
from dgsim.texts.table import LANGUAGE_VARIABLE
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS

if TYPE_CHECKING:
    from dgsim.appraisals.targets.file import Target

FIRST_POLICY, FIRST_BASELINE = "staged", "history"
LONGEST_HISTORY = 100
CHANGED = " (changed)"
HORIZON = "2040Q4"  # of what a plan is worth, and of when its targets are met: as the commands have it
FIRST_TARGETS, OWN_TARGETS, NO_TARGETS = "decision-942", "own", "none"
PARAMETER_SETS = (PLAUSIBLE_NAME, CENTRAL_NAME)  # what the uncertain parameters are in the runs, the default first
Overrides = tuple[tuple[str, Any], ...]  # assumptions and their values, in the order of the table


@dataclass(frozen=True)
class View:
    """The policy that is explored, where it started from, what it is held against, the luck, and what is shown.

    Both run in one world: whatever the policy assumes, the baseline assumes too, and nothing else. An assumption at
    its central value is none, so it differs among the sets of parameters as if it had never been touched. `quarter`
    is an index, -1 the last; `province` a code, "" for none; `lesson` a key, "" for the first; `run` how many
    quarters the run of agents has gone; `parameters` one of PARAMETER_SETS; `to` the last quarter of appraisals and
    targets; `targets` the name of shipped ones, OWN_TARGETS or NO_TARGETS; `own_targets` those of the view itself.
    """

    policy: Scenario
    origin: Scenario
    baseline: Scenario
    seed: int = 0
    page: str = PAGES[0].key
    language: str = ENGLISH
    outcome: str = OUTCOME_NAMES[1]
    quarter: int = -1
    province: str = ""
    lesson: str = ""
    run: int = 0
    parameters: str = PLAUSIBLE_NAME
    to: str = HORIZON
    targets: str = FIRST_TARGETS
    own_targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        moved = tuple(pair for pair in self.policy.overrides if pair[1] != default_value(PARAMETERS[pair[0]]))
        if moved != self.policy.overrides:
            object.__setattr__(self, "policy", self.policy.model_copy(update={"overrides": moved}))
        object.__setattr__(self, "baseline", in_world(self.baseline, moved))

    @cached_property
    def key(self) -> tuple[str, str, int, str]:
        """What is computed: the digests of policy and baseline, the seed, and over which sets of parameters."""
        return self.policy.digest(), self.baseline.digest(), self.seed, self.parameters

    @property
    def at(self) -> int:
        """The index of the quarter that is shown."""
        last = min(self.policy.quarters, self.baseline.quarters) - 1
        return last if self.quarter < 0 else min(self.quarter, last)

    @property
    def at_text(self) -> str:
        """That quarter as text."""
        return quarter_text(self.at)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the policy changes in what it started from; none where it is untouched."""
        return difference(self.origin, self.policy)

    def with_policy(self, policy: Scenario) -> View:
        """The same with another policy that was checked, named after its origin as soon as it differs from it."""
        name = self.origin.name
        if policy.digest() != self.origin.digest():
            name = name.removesuffix(CHANGED) + CHANGED
        return replace(self, policy=policy.model_copy(update={"name": name}))

    def with_levers(self, **values: Any) -> View:
        """The same with levers or assumptions changed for the whole run; raises ScenarioError."""
        return self.with_policy(self.policy.with_changes(**values))

    def started_from(self, origin: Scenario) -> View:
        """The same, the policy being another scenario untouched."""
        return replace(self, policy=origin, origin=origin)

    def with_targets(self, name: str, own: tuple[Target, ...]) -> View:
        """The same, held against targets of this name, with these of its own."""
        return replace(self, targets=name, own_targets=own)

    def swapped(self) -> View:
        """Policy and baseline have changed places, in the same world."""
        origin = in_world(self.baseline, ())
        return replace(self, policy=origin, origin=origin, baseline=self.policy).with_policy(self.baseline)


@cache
def first_view() -> View:
    """What is shown when the address says nothing; its language is that of the server's environment.

    >>> first_view().policy.name, first_view().baseline.name
    ('staged', 'history')
    """
    policy, language = shipped(FIRST_POLICY), known_language(os.environ.get(LANGUAGE_VARIABLE, ENGLISH))
    return View(policy, policy, shipped(FIRST_BASELINE), language=language)


def in_world(scenario: Scenario, overrides: Overrides) -> Scenario:
    """A scenario with these assumptions and no others; a shipped one, but for them, keeps its plain name.

    >>> in_world(shipped("history"), (("care", 12.0),)).assumptions["care"]
    12.0
    """
    moved = scenario
    if scenario.overrides != overrides:
        moved = scenario.model_copy(update={"overrides": overrides})
    name = moved.name.removesuffix(CHANGED)
    if name in shipped_names() and (moved is not scenario or name != moved.name):
        known = _shipped_in_world(name, overrides)
        return known if known.digest() == moved.digest() else moved
    return moved


@lru_cache(maxsize=64)
def _shipped_in_world(name: str, overrides: Overrides) -> Scenario:
    return shipped(name).model_copy(update={"overrides": overrides}) if overrides else shipped(name)


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario, read once."""
    return load_scenario(name)


def is_shipped(scenario: Scenario) -> bool:
    """Whether a scenario is one of the shipped, untouched."""
    if scenario.name not in shipped_names():
        return False
    known = shipped(scenario.name)
    return known is scenario or known == scenario


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the shipped scenarios, looked up once."""
    return shipped_scenarios()


@dataclass(frozen=True)
class History:
    """The views a person has been through: where they are, and what lies behind and ahead."""

    now: View
    past: tuple[View, ...] = ()
    ahead: tuple[View, ...] = ()

    def moved(self, view: View) -> History:
        """One step on; what was ahead is gone. Looking elsewhere is no step, changing what is computed is."""
        if _computed_from(view) == _computed_from(self.now):
            return replace(self, now=view)
        return History(view, (*self.past, self.now)[-LONGEST_HISTORY:])

    def undone(self) -> History:
        """One step back, on the page that is open."""
        if not self.past:
            return self
        return History(_on_page(self.past[-1], self.now), self.past[:-1], (self.now, *self.ahead))

    def redone(self) -> History:
        """One step forward again."""
        if not self.ahead:
            return self
        return History(_on_page(self.ahead[0], self.now), (*self.past, self.now), self.ahead[1:])


def _computed_from(view: View) -> tuple[Scenario, Scenario, int, str]:
    return view.policy, view.baseline, view.seed, view.parameters


def _on_page(view: View, now: View) -> View:
    policy, baseline, seed, parameters = _computed_from(view)
    return replace(now, policy=policy, origin=view.origin, baseline=baseline, seed=seed, parameters=parameters)
