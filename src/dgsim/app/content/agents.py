"""One run of the model of agents, stepped as far as the page asks, and what is drawn of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dgsim.app.content.charts import lines_option
from dgsim.app.content.numbers import short
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import Stop, Stopped, parameter_sets
from dgsim.app.state.view import View
from dgsim.mesa_model import DigitalGovernment
from dgsim.numbers import shown
from dgsim.scenario.calendar import quarter_text
from dgsim.texts import Words
from dgsim.texts.labels import outcome_label
from dgsim.world.tables import OUTCOMES

DRAWN = ("use", "supply")  # outcomes that are drawn over time, both shares
MAPPED = "share of dossiers"  # the unit of what the map shows, the use of each province


@dataclass(frozen=True)
class Moment:
    """The run after so many quarters: the outcomes of each so far [quarter], and the use of each province."""

    steps: int
    outcomes: dict[str, np.ndarray]
    use: np.ndarray

    @property
    def stamp(self) -> str:
        """What tells one drawing from the next."""
        return f"agents-{self.steps}"


class Run:
    """One run of a view's policy, on its seed, under the first of its sets of parameters; all of it is kept."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._moments: list[Moment] = []  # by the number of quarters
        self._one_at_a_time = threading.Lock()

    @cached_property
    def _model(self) -> DigitalGovernment:
        sets = parameter_sets(self.view.parameters)
        return DigitalGovernment(self.view.policy, rng=self.view.seed, parameters=sets)

    def after(self, steps: int, stop: Stop = lambda: False) -> Moment:
        """The run after so many quarters; raises Stopped, and SetupError."""
        with self._one_at_a_time:
            while len(self._moments) <= steps:
                if stop():
                    raise Stopped
                if self._moments:
                    self._model.step()
                self._moments.append(self._now())
            return self._moments[steps]

    def _now(self) -> Moment:
        collected = self._model.datacollector.model_vars
        outcomes = {name: np.array(collected[name], dtype=float) for name in DRAWN}
        use = np.array([float(province.stocks.use) for province in self._model.provinces])
        return Moment(self._model.steps, outcomes, use)


def lines(moment: Moment, quarters: int, words: Words) -> dict[str, Any]:
    """The outcomes over time, with room for the quarters that are still to be run."""
    curves = []
    for name in DRAWN:
        values = np.full(quarters, np.nan)
        values[: moment.steps] = moment.outcomes[name] * shown(1.0, OUTCOMES[name].unit)
        curves.append((outcome_label(name, words), values, None))
    return lines_option(curves, "%", max(moment.steps - 1, 0))


def lines_twin(moment: Moment, title: str, words: Words) -> Twin:
    """The outcomes as a table: a row a quarter."""
    columns = [moment.outcomes[name] * shown(1.0, OUTCOMES[name].unit) for name in DRAWN]
    rows = tuple((quarter_text(q), *(short(float(column[q])) for column in columns)) for q in range(moment.steps))
    return Twin(title, (words("word.quarter"), *(outcome_label(name, words) for name in DRAWN)), rows)
