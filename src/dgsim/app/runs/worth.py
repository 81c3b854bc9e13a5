"""What the policy of a view is worth and which targets it meets: asked of the library, kept as small tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dgsim.app.runs.cache import FIRST, FULL, parameter_sets
from dgsim.app.state.command import command_line, targets_line
from dgsim.app.state.targets import set_of
from dgsim.app.state.view import View
from dgsim.appraisals.appraisal import Appraisal, appraise
from dgsim.appraisals.horizon import quarters_to
from dgsim.appraisals.items import ITEM, mixtures_of, split
from dgsim.appraisals.places import FIFTH, PROVINCE, REGION
from dgsim.appraisals.risk import enough
from dgsim.appraisals.said import later, notes, notes_of
from dgsim.appraisals.targets.chances import COLUMNS, make_bench, plans_until, rows_of_set, wanted_by
from dgsim.appraisals.targets.file import TargetSet
from dgsim.appraisals.targets.framework import framework_frame, not_expressed_frame
from dgsim.appraisals.targets.series import series_of
from dgsim.engine.run import Progress, shifted
from dgsim.errors import StudyError
from dgsim.scenario import Scenario
from dgsim.study.frames import BAND
from dgsim.texts.clauses import Clause, Fact

ACCOUNTS, ITEMS, RISK = "accounts", "items", "risk"
DIVISIONS = ("who", "what", "line", "year", PROVINCE, REGION, FIFTH)
FEW_ORDERS = 8  # sampled on the screen, where a plan has more items and groups than are tried in every order
ALL_ITEM_RUNS = 1600  # of all mixed plans together, about: half a minute on two cores
FEWEST_ITEM_RUNS, MOST_ITEM_RUNS = 10, 40  # of a mixed plan; the command has as many as the most
BESIDE = " 2"  # after the name of a baseline that is called as its policy


@dataclass(frozen=True)
class Told:
    """What remains of an appraisal of one plan, as tables of the library.

    accounts    by each of DIVISIONS, and by item where that was asked
    notes       the sentences below its accounts; the last tells what is extrapolated
    labels      what items and groups are called
    """

    plan: str
    baseline: str
    to: str
    replications: int
    last_observed: int | None
    accounts: Mapping[str, pd.DataFrame]
    summary: pd.DataFrame
    curve: pd.DataFrame
    notes: tuple[Clause, ...]
    labels: Mapping[str, Fact]
    switching: pd.DataFrame | None = None
    tornado: pd.DataFrame | None = None
    knowing: pd.DataFrame | None = None

    @property
    def later(self) -> Clause:
        """From when on it is extrapolated."""
        return self.notes[-1]

    @property
    def net_benefit(self) -> float:
        """The total, bvnd."""
        return float(self.accounts["who"]["net_benefit"].iloc[-1])


@dataclass(frozen=True)
class WorthQuestion:
    """An appraisal of one plan against its baseline: its accounts, also by item, or also what it hangs on."""

    asked: str
    scenarios: tuple[Scenario, Scenario]
    seed: int
    parameters: str
    to: str
    replications: int
    item_runs: int = 0

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal where the answer is."""
        plans = tuple((plan.digest(), plan.name) for plan in self.scenarios)
        return self.asked, plans, self.seed, self.parameters, self.to, self.replications, self.item_runs

    def line(self) -> str:
        """The command that prints the same numbers."""
        options: dict[str, Any] = {"to": self.to}
        if self.asked == ITEMS:
            options |= {"by": ITEM, "item-runs": self.item_runs, "orders": FEW_ORDERS}
        if self.asked == RISK:
            options["risk"] = True
        options["replications"] = self.replications
        return command_line("appraise", self.scenarios, self.seed, self.parameters, **options)

    def answer(self, progress: Progress) -> Told:
        """The appraisal as tables; raises StudyError, ScenarioError and SetupError."""
        plan, baseline = self.scenarios
        items: dict[str, Any] = (
            {"items": True, "item_runs": self.item_runs, "orders": FEW_ORDERS} if self.asked == ITEMS else {}
        )
        found = appraise(
            plan,
            baseline,
            self.to,
            replications=self.replications,
            seed=self.seed,
            parameters=self.parameters,
            risk=self.asked == RISK and enough(parameter_sets(self.parameters), self.replications),
            progress=progress,
            **items,
        )
        return told_of(found, risk=self.asked == RISK)


def told_of(found: Appraisal, *, risk: bool) -> Told:
    """What remains of an appraisal of one plan; with `risk` also what it hangs on."""
    divisions = (*DIVISIONS, ITEM) if found.items is not None else DIVISIONS
    known = risk and enough(found.parameters, found.replications)
    return Told(
        plan=found.names[0],
        baseline=found.baseline.name,
        to=found.to,
        replications=found.replications,
        last_observed=found.last_observed,
        accounts={by: found.accounts(by) for by in divisions},
        summary=found.summary,
        curve=found.curve,
        notes=(*notes(found)[:-1], *notes_of(found, 0), later(found)),
        labels=found.labels,
        switching=found.switching if risk else None,
        tornado=found.swings,
        knowing=found.knowing if known else None,
    )


def apart(view: View) -> tuple[Scenario, Scenario]:
    """Policy and baseline, the baseline with another name where both have the same."""
    if view.policy.name != view.baseline.name:
        return view.policy, view.baseline
    return view.policy, view.baseline.model_copy(update={"name": view.baseline.name + BESIDE})


def accounts_question(view: View, replications: int = FULL) -> WorthQuestion:
    """What the policy is worth against its baseline."""
    return WorthQuestion(ACCOUNTS, apart(view), view.seed, view.parameters, view.to, replications)


def risk_question(view: View) -> WorthQuestion:
    """On which assumptions that hangs, and which to measure first."""
    return WorthQuestion(RISK, apart(view), view.seed, view.parameters, view.to, FULL)


def items_question(view: View) -> WorthQuestion:
    """What each item of the roadmap and each group of instruments is worth; as many runs as wait for a minute or so."""
    runs = max(FEWEST_ITEM_RUNS, min(MOST_ITEM_RUNS, ALL_ITEM_RUNS // _mixtures(view)))
    return WorthQuestion(ITEMS, apart(view), view.seed, view.parameters, view.to, FIRST, runs)


def _mixtures(view: View) -> int:
    """How many mixed plans there are; 1 where the two cannot be mixed, of which the answer tells."""
    try:
        policy, baseline = (plan.with_changes(quarters=quarters_to(view.to)) for plan in apart(view))
        return mixtures_of(split(policy, baseline), orders=FEW_ORDERS)
    except StudyError:
        return 1


@dataclass(frozen=True)
class Met:
    """Whether plans meet targets: the library's records, and the figures they are held against.

    figures        mean, 5th and 95th percentile of runs by plan and target, in the indicator's unit [3, quarter]
    """

    records: pd.DataFrame
    figures: Mapping[tuple[str, str], np.ndarray]
    framework: pd.DataFrame
    not_expressed: pd.DataFrame
    replications: int


@dataclass(frozen=True)
class TargetsQuestion:
    """Whether plans meet the targets of a set."""

    scenarios: tuple[Scenario, ...]
    wanted: TargetSet
    seed: int
    parameters: str
    to: str
    replications: int

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal where the answer is."""
        plans = tuple((plan.digest(), plan.name) for plan in self.scenarios)
        return "targets", plans, self.wanted, self.seed, self.parameters, self.to, self.replications

    def line(self) -> str:
        """The command that prints the same numbers."""
        options = {"to": self.to, "replications": self.replications}
        return targets_line(self.wanted, self.scenarios, self.seed, self.parameters, **options)

    def answer(self, progress: Progress) -> Met:
        """What `dgsim.targets` finds, and the figures behind it; raises StudyError, ScenarioError and SetupError."""
        sets = (self.wanted,)
        bench = make_bench(self.replications, self.seed, None, parameter_sets(self.parameters))
        rows: list[dict[str, Any]] = []
        figures: dict[tuple[str, str], np.ndarray] = {}
        for number, plan in enumerate(plans_until(self.scenarios, sets, self.to)):
            told = shifted(progress, number * bench.replications, len(self.scenarios) * bench.replications)
            series = series_of(plan, wanted_by(sets), bench, told)
            rows += rows_of_set(plan.name, self.wanted, series, plan.quarters)
            for target in self.wanted.targets:
                values = series[target.figure, target.at_most]
                figures[plan.name, target.name] = np.stack([values.mean(axis=0), *np.quantile(values, BAND, axis=0)])
        records = pd.DataFrame(rows, columns=list(COLUMNS))
        return Met(records, figures, framework_frame(sets), not_expressed_frame(sets), self.replications)


def targets_question(view: View, replications: int = FULL) -> TargetsQuestion:
    """Whether policy and baseline meet the targets of the view."""
    plans: tuple[Scenario, ...] = apart(view)
    if view.policy.digest() == view.baseline.digest():
        plans = plans[:1]
    return TargetsQuestion(plans, set_of(view), view.seed, view.parameters, view.to, replications)
