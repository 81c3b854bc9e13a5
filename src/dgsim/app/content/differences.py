"""What tells two policies apart on the same luck: by outcome, by province, and from when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dgsim.app.content.charts import column_and_outcome, outcome_unit
from dgsim.app.content.presets import sets_of
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import Pair
from dgsim.app.state.view import View
from dgsim.numbers import difference_text, interval_text, number_text
from dgsim.scenario.calendar import quarter_text
from dgsim.show.terminal.tables import BETTER, UNCLEAR, WORSE, mark
from dgsim.study.compare import paired_interval
from dgsim.texts import Words
from dgsim.world.tables import OUTCOMES, Outcome

ENDS = 6  # provinces shown at each end
VERDICTS = {BETTER: "mark.better", WORSE: "mark.worse", UNCLEAR: "mark.unclear"}


def difference_table(pair: Pair, view: View, words: Words) -> Twin:
    """Every outcome in the quarter that is shown: the baseline's level, paired difference, 95% interval, verdict."""
    quarter = view.at
    interval = paired_interval(pair.difference[:, quarter])
    rows = []
    for column, outcome in enumerate(OUTCOMES):
        d, low, high = (float(interval[key][column]) for key in ("difference", "low", "high"))
        sign = verdict(d, low, high, outcome)
        rows.append(
            (
                words.of(outcome.label),
                number_text(float(pair.baseline.outcomes[:, quarter, column].mean()), outcome.unit),
                difference_text(d, float("nan"), outcome.unit),
                interval_text(low, high, outcome.unit),
                outcome_unit(outcome, words, difference=True),
                f"{sign} {words(VERDICTS[sign])}" if sign in VERDICTS else "",
            )
        )
    keys = ("word.outcome", "compare.level", "word.difference", "95%", "word.unit", "compare.verdict")
    columns = tuple(words(key) if "." in key else key for key in keys)
    runs = {"count": pair.replications, "seed": view.seed, "sets": sets_of(view, words)}
    caption = words("compare.table", quarter=quarter_text(quarter), **runs)
    return Twin(caption, columns, tuple(rows))


def verdict(difference: float, low: float, high: float, outcome: Outcome) -> str:
    """The mark of a difference; unclear also where it is too small to be shown.

    >>> verdict(3e-6, 2e-6, 4e-6, OUTCOMES[0])
    '='
    """
    text = difference_text(difference, float("nan"), outcome.unit)
    return mark(difference, low, high, outcome.direction) if text.strip("0.") else UNCLEAR


def parting(pair: Pair) -> tuple[int, int] | None:
    """The first quarter, and the first outcome in it, whose 95% interval leaves zero out; None if there is none."""
    interval = paired_interval(pair.difference)
    clear = (interval["low"] > 0) | (interval["high"] < 0)
    found = np.argwhere(clear)
    return (int(found[0][0]), int(found[0][1])) if len(found) else None


def leads(pair: Pair, name: str) -> list[tuple[int, bool]]:
    """From which quarters on an outcome is clearly higher under the policy (True) or under the baseline (False)."""
    column, outcome = column_and_outcome(name)
    interval = paired_interval(pair.difference[:, :, column])
    found: list[tuple[int, bool]] = []
    for quarter, values in enumerate(zip(*(interval[key] for key in ("difference", "low", "high")), strict=True)):
        difference, low, high = map(float, values)
        clear = verdict(difference, low, high, outcome) != UNCLEAR
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
