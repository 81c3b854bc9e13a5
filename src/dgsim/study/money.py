"""From plan to outturn: what was planned or received, granted, lapsed and kept, and what was spent, by who pays."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dgsim.scenario import Scenario
from dgsim.texts import IN_ENGLISH
from dgsim.world.tables import FLOWS

APPROPRIATION = "appropriation"  # the flow of the money that a plan commits
GONE = ("spent", "leaked")  # what counts as spending: what is lost was paid too
SPEND = "spend"  # the step that all before it add up to, and all after it
PARTS = "of_it"
Line = tuple[str, str, float]  # a step, the flow it is where it is one, bvnd


def money_table(scenario: Scenario, accounts: pd.DataFrame) -> pd.DataFrame:
    """From plan to outturn over the whole run, mean of replications, in bvnd.

    `accounts` has `flow, mean` of every quarter. For each payer the lines up to the step `spend` add up to it, what
    leaves with a minus; those of the step `of_it` add up to it again.

    Returns
    -------
    DataFrame
        `scenario, payer, step, flow, label, bvnd`; `flow` is empty where a line is no flow of the ledger.
    """
    totals = accounts.groupby("flow", observed=True)["mean"].sum().astype(float)
    lines = [
        (scenario.name, payer, step, flow, FLOWS[flow].label if flow else IN_ENGLISH(f"money.{step}"), amount)
        for payer in ("centre", "province")
        for step, flow, amount in _lines(payer, scenario.planned_money(), totals)
    ]
    return pd.DataFrame(lines, columns=["scenario", "payer", "step", "flow", "label", "bvnd"])


def _lines(payer: str, planned: float, totals: pd.Series) -> Iterator[Line]:
    """The lines of one payer, in their order."""
    before = [*_received(payer, planned, totals), *_passed_on(payer, totals)]
    parts = [(PARTS, flow, totals[flow]) for flow in _flows(payer, *GONE)]
    spend = sum(amount for *_, amount in parts)
    yield from before
    yield "in_hand", "", spend - sum(amount for *_, amount in before)
    yield SPEND, "", spend
    yield from parts


def _received(payer: str, planned: float, totals: pd.Series) -> Iterator[Line]:
    """What comes in; of a plan what it commits, and what was appropriated beyond that or less than that."""
    for flow in _flows(payer, "received"):
        if flow == APPROPRIATION:
            yield "planned", "", planned
            yield "beyond_plan", "", totals[flow] - planned
        else:
            yield "received", flow, totals[flow]


def _passed_on(payer: str, totals: pd.Series) -> Iterator[Line]:
    """Grants, which leave the centre and reach the provinces, what citizens are let off, and what lapses."""
    sign = -1.0 if payer == "centre" else 1.0
    for flow in _flows("centre", "transfer"):
        yield "granted", flow, sign * totals[flow]
    for category in ("given", "lapsed"):
        for flow in _flows(payer, category):
            yield category, flow, -totals[flow]


def _flows(payer: str, *categories: str) -> list[str]:
    return [flow.flow for flow in FLOWS if flow.payer == payer and flow.category in categories]
