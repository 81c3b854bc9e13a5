"""What stands beside every number of an appraisal: horizon, remaining life, budgets, bias, and what is extrapolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dgsim.appraisals.horizon import HELD
from dgsim.appraisals.prices import MEAN_OVERRUN
from dgsim.scenario import quarter_text
from dgsim.study.record import sets_said
from dgsim.texts.clauses import Clause, Level, Number, clause

if TYPE_CHECKING:
    from dgsim.appraisals.appraisal import Appraisal

SHARE = "share"
DIGITS = 4


def notes(found: Appraisal) -> tuple[Clause, ...]:
    """The sentences that belong to every number of an appraisal."""
    sets = sets_said(found.parameters)
    return (
        clause("note.paired", count=found.replications, seed=str(found.seed), sets=sets),
        clause("note.bias", share=Level(MEAN_OVERRUN, SHARE)) if found.optimism_bias else clause("note.no_bias"),
        later(found),
    )


def notes_of(found: Appraisal, number: int) -> tuple[Clause, ...]:
    """What is told of the plan of this number: its remaining life, and its budgets after its own horizon."""
    plan, about = found.plans[number], found.horizons.iloc[number]
    end = quarter_text(plan.plan_quarters - 1)
    to = quarter_text(found.worths[number].quarters - 1)
    size = Number(float(about["remaining_life"]), DIGITS)
    after = Number(float(about["planned_after"]), DIGITS)
    return (
        clause("note.life", to=to, years=Number(found.life_years), size=size)
        if found.life_years
        else clause("note.no_life", to=to),
        clause("note.held", end=end, money=after) if found.budgets == HELD else clause("note.ended", end=end),
    )


def later(found: Appraisal) -> Clause:
    """From when on everything is extrapolated; stands on every figure."""
    year = found.last_observed
    return clause("note.all_later") if year is None else clause("note.later", year=str(year))
