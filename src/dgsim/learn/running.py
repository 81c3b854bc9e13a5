"""A lesson against the model: its cases run with the same luck, its claims measured, a challenge checked.

>>> from dgsim.learn import find_lesson
>>> from dgsim.learn.running import check_claim, run_cases
>>> lesson = find_lesson("trust-is-slow")
>>> check_claim(lesson.claims[0], run_cases(lesson, replications=10)).holds
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from dgsim.country import Country, load_country
from dgsim.country.groups import fifth, revenue_a_head
from dgsim.engine.run import Progress, run_replications
from dgsim.engine.sets import CENTRAL_NAME, ParametersLike, load_parameters
from dgsim.errors import LessonError
from dgsim.learn.lesson import EVERYONE, PLANNED_MONEY, Challenge, Claim, Condition, Lesson, Side
from dgsim.scenario import Change, Scenario, difference
from dgsim.study.catalogue import STOCKS
from dgsim.study.compare import paired_interval
from dgsim.texts.clauses import Size
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

FEWEST_RUNS = 2
CLOSE, FAR = 0.1, 0.25  # of the model's range: a drawn curve that is off by less is close, by more far


class Results(Protocol):
    """What came out of a case; outcomes are float64 [replication, quarter, outcome]."""

    @property
    def outcomes(self) -> np.ndarray:
        """The outcomes of every run."""

    def stock(self, name: str) -> np.ndarray:
        """One stock of the provinces: [..., quarter, province]."""


@dataclass(frozen=True)
class CaseRuns:
    """The runs of one case; `provinces` are records [replication, quarter, province], or None."""

    outcomes: np.ndarray
    provinces: np.ndarray | None

    def stock(self, name: str) -> np.ndarray:
        """One stock of the provinces in every run: [replication, quarter, province]."""
        if self.provinces is None:
            raise LessonError(f"{name} was not kept: run the cases of the lesson whose claim needs it")
        return self.provinces[name]


@dataclass(frozen=True)
class Checked:
    """A claim as the model has it: the mean difference, its 95% interval, and whether it is surely over the margin."""

    claim: Claim
    difference: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the whole interval lies above the claim's margin."""
        return self.low > self.claim.margin

    @property
    def size(self) -> Size:
        """The mean difference in its unit; a ratio of stocks is a share."""
        side = self.claim.more
        if side.stock and side.per:
            return Size(self.difference, "share")
        return Size(self.difference, (STOCKS if side.stock else OUTCOMES)[side.measure].unit)


def run_cases(
    lesson: Lesson,
    replications: int = 40,
    seed: int = 0,
    country: Country | None = None,
    parameters: ParametersLike = CENTRAL_NAME,
    progress: Progress | None = None,
) -> dict[str, CaseRuns]:
    """Every case of a lesson by name, all with the same luck and the same sets of uncertain parameters.

    Raises LessonError unless there are at least two replications: a claim is held to an interval.
    """
    if replications < FEWEST_RUNS:
        raise LessonError(f"replications = {replications} is not a whole number from {FEWEST_RUNS}")
    land, sets = country or load_country(), load_parameters(parameters)
    keep = {"provinces"} if any(side.stock for claim in lesson.claims for side in _sides(claim)) else set()
    results: dict[str, CaseRuns] = {}
    for number, case in enumerate(lesson.cases):
        runs = run_replications(
            case.scenario,
            land,
            seed=seed,
            replications=range(replications),
            keep=keep,
            parameters=sets,
            progress=partial(_report, progress, number * replications, len(lesson.cases) * replications),
        )
        results[case.name] = CaseRuns(runs.outcomes, runs.provinces)
    return results


def _report(progress: Progress | None, before: int, whole: int, done: int, _of: int) -> None:
    """Tell of the runs of one case as a part of all that are made."""
    if progress is not None:
        progress(before + done, whole)


def check_claim(claim: Claim, results: Mapping[str, Results], country: Country | None = None) -> Checked:
    """What the model says of a claim, run by run on the same luck."""
    differences = np.atleast_1d(_differences(claim, results, country))
    found = paired_interval(differences)
    return Checked(claim, float(found["difference"]), float(found["low"]), float(found["high"]))


def check_choice(lesson: Lesson, index: int, results: Mapping[str, Results]) -> bool:
    """Whether the choice of an index (from 0) is the right one: where the first claim's difference lies."""
    measured = float(np.mean(_differences(lesson.claims[0], results, None)))
    choice = lesson.guess.choices[index]
    return choice.above < measured <= choice.below


def score_guess(lesson: Lesson, drawn: Sequence[float], results: Mapping[str, Results]) -> tuple[float, str]:
    """How far a drawn curve is from the model's at the lesson's quarters: the mean distance, and close, near or far.

    `drawn` has a value a quarter of `lesson.guess.quarters`, in the unit of the outcome. Raises LessonError where it
    has not.
    """
    quarters = list(lesson.guess.quarters)
    if len(drawn) != len(quarters):
        raise LessonError(f"the guess has {len(drawn)} values; {lesson.key} asks for {len(quarters)}, one a quarter")
    model = results[lesson.guess.case].outcomes[:, quarters, OUTCOME_NAMES.index(lesson.outcome)].mean(axis=0)
    distance = float(np.abs(model - np.asarray(drawn, dtype=float)).mean())
    off = distance / max(float(model.max() - model.min()), 1e-9)
    return distance, "close" if off < CLOSE else "near" if off < FAR else "far"


def check_challenge(challenge: Challenge, scenario: Scenario, outcomes: np.ndarray) -> list[tuple[str, bool, float]]:
    """Every condition of a challenge: its text, whether it is met, and the value; means over the replications.

    `outcomes` is [replication, quarter, outcome] of the scenario. Raises LessonError where it ends too early.
    """
    return [_checked(condition, scenario, outcomes) for condition in challenge.conditions]


def forbidden_changes(challenge: Challenge, scenario: Scenario) -> list[Change]:
    """What a scenario changes from the challenge's start that the challenge does not name.

    Money follows from the rest, so it may differ; the horizon and assumptions may not.

    >>> from dgsim.learn import find_lesson
    >>> from dgsim.scenario import load_scenario
    >>> challenge = find_lesson("trust-is-slow").challenge
    >>> [change.name for change in forbidden_changes(challenge, load_scenario("reward-use"))]
    ['awards', 'awards_metric', 'league_metric', 'audit_share']
    """
    items = {item.name: item.item for item in (*challenge.start.roadmap, *scenario.roadmap)}
    return [one for one in difference(challenge.start, scenario) if not _may_change(one, challenge, items)]


def _may_change(change: Change, challenge: Challenge, items: Mapping[str, str]) -> bool:
    if change.theme == "roadmap":
        return items[change.name] in challenge.items
    return change.theme == "money" or change.name in challenge.levers


def _checked(condition: Condition, scenario: Scenario, outcomes: np.ndarray) -> tuple[str, bool, float]:
    if condition.measure == PLANNED_MONEY or condition.quarter is None:
        value = scenario.planned_money()
    elif condition.quarter < outcomes.shape[1]:
        value = float(outcomes[:, condition.quarter, OUTCOME_NAMES.index(condition.measure)].mean())
    else:
        raise LessonError(f"{scenario.name} ends before the quarter that is asked for: {condition.text}")
    met = value >= condition.bound if condition.at_least else value <= condition.bound
    return condition.text, met, value


def _sides(claim: Claim) -> list[Side]:
    return [claim.more] if claim.less is None else [claim.more, claim.less]


def _differences(claim: Claim, results: Mapping[str, Results], country: Country | None) -> np.ndarray:
    more = _measured(claim.more, results, country)
    return more if claim.less is None else more - _measured(claim.less, results, country)


def _measured(side: Side, results: Mapping[str, Results], country: Country | None) -> np.ndarray:
    """A side's number: a value a run, or one value where the results are means over runs."""
    result = results[side.case]
    if not side.stock:
        return result.outcomes[:, side.quarter, OUTCOME_NAMES.index(side.measure)]
    chosen = members(side.among, country or load_country())
    total: np.ndarray = result.stock(side.measure)[..., side.quarter, :][..., chosen].sum(axis=-1)
    return total / result.stock(side.per)[..., side.quarter, :][..., chosen].sum(axis=-1) if side.per else total


def members(among: str, country: Country) -> np.ndarray:
    """Which provinces are meant [province], true or false: everyone, or the rich or poor fifth by own revenue a head.

    >>> int(members("poor", load_country()).sum())
    13
    """
    if among == EVERYONE:
        return np.ones(len(country), dtype=bool)
    return fifth(revenue_a_head(country), among)
