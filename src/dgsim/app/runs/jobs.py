"""Long studies for the screen: the questions of `dgsim.decide` asked of a view, one at a time, the answers kept.

An answer is never changed, so sessions that ask the same of policies of the same name may share it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from dgsim.app.runs.cache import RUN_CACHE, Stop, Stopped
from dgsim.app.state.command import command_line
from dgsim.app.state.view import View
from dgsim.decide.binding import binding
from dgsim.decide.explain import explain
from dgsim.engine.run import Progress
from dgsim.errors import StudyError
from dgsim.scenario import Scenario
from dgsim.study.hybrids import Hybrids
from dgsim.study.shapley import EXACT
from dgsim.world.tables import OUTCOME_NAMES

ANSWERS_KEPT = 32  # held in memory, tables of some hundred rows
LOOK_EVERY = 0.2  # seconds between two looks at whether a question is still wanted
ATTRIBUTION_RUNS = 3200  # what splitting a difference may take, about; fewer replications where there are many mixtures
FEWEST_REPLICATIONS = 16  # of an attribution
STUDY_RUNS = 100  # replications of a study at most: it runs many policies
ORDERS, EXCHANGED, ORDER_RUNS, FRESH_RUNS = 12, 6, 12, STUDY_RUNS


class Askable(Protocol):
    """What a study can be asked."""

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal where the answer is."""

    def line(self) -> str:
        """The command that prints the same numbers."""

    def answer(self, progress: Progress) -> Any:
        """The answer; raises StudyError, ScenarioError and SetupError."""


@dataclass(frozen=True)
class Question:
    """What is asked of `dgsim.decide`: the command that asks it in a terminal, its scenarios, seed, sets of parameters
    and options.
    """

    command: str
    scenarios: tuple[Scenario, ...]
    seed: int
    parameters: str
    outcome: str
    options: tuple[tuple[str, Any], ...]

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal where the answer is, with the names and questions of policies that stand in it.

        Why two differ is answered for all outcomes from the same runs.
        """
        outcome = "" if self.command == "explain" else self.outcome
        plans = tuple((plan.digest(), plan.name, plan.question) for plan in self.scenarios)
        return self.command, plans, self.seed, self.parameters, outcome, self.options

    def line(self) -> str:
        """The command that prints the same numbers."""
        options = dict(self.options)
        return command_line(self.command, self.scenarios, self.seed, self.parameters, outcome=self.outcome, **options)

    def answer(self, progress: Progress) -> Any:
        """An Explanation, OrderValue or Binding; raises StudyError, ScenarioError and SetupError."""
        from dgsim.decide.order import order  # brings scipy.stats, which takes a second to load

        studies: dict[str, Callable[..., Any]] = {
            "explain": partial(explain, outcome=OUTCOME_NAMES),
            "order": partial(order, outcome=self.outcome),
            "binding": partial(binding, stock=self.outcome),
        }
        options = dict(self.options) | {"seed": self.seed, "parameters": self.parameters, "progress": progress}
        return studies[self.command](*self.scenarios, **options)


def why_question(view: View, items: bool = False) -> Question:
    """Why the policy ends elsewhere than its baseline in the outcome and quarter that are shown.

    `items` takes the items of the roadmap one by one.
    """
    options: dict[str, Any] = {"quarter": view.at_text}
    quarters = min(view.policy.quarters, view.baseline.quarters)
    if view.policy.quarters != view.baseline.quarters:
        options["quarters"] = quarters
    options["replications"] = max(
        FEWEST_REPLICATIONS, min(STUDY_RUNS, ATTRIBUTION_RUNS // _mixtures(view, quarters, items))
    )
    if items:
        options["items"] = True
    return _question("explain", view, (view.policy, view.baseline), view.outcome, options)


def _question(command: str, view: View, plans: tuple[Scenario, ...], outcome: str, options: dict[str, Any]) -> Question:
    return Question(command, plans, view.seed, view.parameters, outcome, tuple(options.items()))


def _mixtures(view: View, quarters: int, items: bool) -> int:
    """How many mixed policies there are, about; 1 where the two cannot be mixed, of which the answer tells."""
    try:
        hybrids = Hybrids(*(plan.with_changes(quarters=quarters) for plan in (view.baseline, view.policy)), items=items)
    except StudyError:
        return 1
    return 1 << min(len(hybrids.groups), EXACT)


def order_question(view: View) -> Question:
    """What the order of the policy's roadmap is worth in the outcome and quarter that are shown."""
    counts = {"orders": ORDERS, "exchanged": EXCHANGED, "replications": ORDER_RUNS, "fresh": FRESH_RUNS}
    options = {"quarter": view.at_text} | counts
    return _question("order", view, (view.policy,), view.outcome, options)


def binding_question(view: View, stock: str) -> Question:
    """What binds every province most under the policy, in a stock at the quarter that is shown."""
    options = {"quarter": view.at_text, "replications": STUDY_RUNS}
    return _question("binding", view, (view.policy,), stock, options)


class Studies:
    """The answers of one process: one question is worked on at a time, the oldest answers are dropped first."""

    def __init__(self, kept: int = ANSWERS_KEPT) -> None:
        self._most_kept = kept
        self._answers: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def cached(self, question: Askable) -> Any | None:
        """The answer that was found before, or None."""
        with self._lock:
            if question.key in self._answers:
                self._answers.move_to_end(question.key)
            return self._answers.get(question.key)

    def forget(self) -> None:
        """Drop all answers."""
        with self._lock:
            self._answers.clear()

    def answer(self, question: Askable, tell: Progress, stop: Stop) -> Any:
        """The answer; `tell` hears of runs done and expected. Raises Stopped once `stop()` is true, and what it may."""

        def progress(done: int, expected: int) -> None:
            RUN_CACHE.give_way()
            if stop():
                raise Stopped
            tell(done, expected)

        while not self._turn.acquire(timeout=LOOK_EVERY):
            if stop():
                raise Stopped
        try:
            found = self.cached(question)
            if found is None:
                found = question.answer(progress)
                self._keep(question, found)
            return found
        finally:
            self._turn.release()

    def _keep(self, question: Askable, found: Any) -> None:
        with self._lock:
            self._answers[question.key] = found
            while len(self._answers) > self._most_kept:
                self._answers.popitem(last=False)


STUDIES = Studies()
LOOKS, REFINED_LOOKS = Studies(), Studies()  # what comes by itself: the first look, of few runs, and the refined one
