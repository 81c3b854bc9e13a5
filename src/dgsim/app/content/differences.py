"""What tells two policies apart on the same luck: by outcome, by province, and from when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dgsim.app.content.charts import column_and_outcome, outcome_unit
from dgsim.app.content.presets import sets_of
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import Pair
from dgsim.app.state.view import View
from dgsim.numbers import difference_texts, number_text
from dgsim.scenario.calendar import quarter_text
from dgsim.show.terminal.tables import SIGNS
from dgsim.study.compare import paired_interval
from dgsim.study.materiality import BETTER, WORSE, verdict
from dgsim.texts import Words
from dgsim.texts.labels import outcome_to
from dgsim.world.tables import OUTCOMES

ENDS = 6  # provinces shown at each end


def difference_table(pair: Pair, view: View, words: Words) -> Twin:
    """Every outcome in the quarter that is shown: the baseline's level, paired difference, 95% interval, verdict."""
    quarter = view.at
    interval = paired_interval(pair.difference[:, quarter])
    rows = []
    for column, outcome in enumerate(OUTCOMES):
        d, low, high = (float(interval[key][column]) for key in ("difference", "low", "high"))
        level = float(pair.baseline.outcomes[:, quarter, column].mean())
        called = verdict(outcome, d, low, high)
        rows.append(
            (
                outcome_to(outcome.outcome, quarter_text(quarter), words),
                number_text(level, outcome.unit, language=words.language),
                *difference_texts(d, (low, high), outcome.unit, words("reason.range"), language=words.language),
                outcome_unit(outcome, words, difference=True),
                f"{SIGNS[called]} {words(f'mark.{called}')}" if called else "",
            )
        )
    keys = ("word.outcome", "compare.level", "word.difference", "95%", "word.unit", "compare.verdict")
    columns = tuple(words(key) if "." in key else key for key in keys)
    runs = {"count": pair.replications, "seed": view.seed, "sets": sets_of(view, words)}
    caption = words("compare.table", quarter=quarter_text(quarter), **runs)
    return Twin(caption, columns, tuple(rows))


def parting(pair: Pair) -> tuple[int, int] | None:
    """The first quarter, and the first outcome in it, with a difference clear and large enough; None without one."""
    interval = paired_interval(pair.difference)
    for quarter, column in np.argwhere((interval["low"] > 0) | (interval["high"] < 0)):
        about = (float(interval[key][quarter, column]) for key in ("difference", "low", "high"))
        if verdict(OUTCOMES[column], *about) in (BETTER, WORSE):
            return int(quarter), int(column)
    return None


def leads(pair: Pair, name: str) -> list[tuple[int, bool]]:
    """From which quarters on an outcome is clearly higher under the policy (True) or under the baseline (False)."""
    column, outcome = column_and_outcome(name)
    interval = paired_interval(pair.difference[:, :, column])
    found: list[tuple[int, bool]] = []
    for quarter, values in enumerate(zip(*(interval[key] for key in ("difference", "low", "high")), strict=True)):
        difference, low, high = map(float, values)
        clear = verdict(outcome, difference, low, high) in (BETTER, WORSE)
        if clear and (not found or found[-1][1] != (difference > 0)):
            found.append((quarter, difference > 0))
    return found


@dataclass(frozen=True)
class Ends:
    """The provinces that gain most and least: their rows, differences, and how many gain and lose in all."""

    rows: tuple[int, ...]
    values: np.ndarray
    up: int
    down: int


def ends(differences: np.ndarray) -> Ends:
    """The two ends of differences [province].

    >>> ends(np.array([0.1, -0.2, 0.0])).rows
    (0, 2, 1)
    """
    order = np.argsort(-differences, kind="stable")
    chosen = order if len(order) <= 2 * ENDS else np.concatenate([order[:ENDS], order[-ENDS:]])
    up, down = int((differences > 0).sum()), int((differences < 0).sum())
    return Ends(tuple(int(row) for row in chosen), differences[chosen], up, down)
