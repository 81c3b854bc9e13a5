"""What orders and items are worth to whom and by when, what to measure first, and what targets would have needed.

    python experiments/worth.py --out out/worth --page docs/findings.md

Appraises the six strict orders of experiments/sequencing.toml and the staged plan, all at equal money, against a
centre that builds nothing; shares out what staged is worth among its items and instruments; asks what knowing an
assumption beforehand would be worth to the choice among the shipped plans; searches for the smallest budget and the
latest start with which staged meets the targets of Decision 749; and leaves services of ministries out of the sum.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from sweep_options import answered, asked, save, spread_text

import dgsim
from dgsim.appraisals.appraisal import Appraisal
from dgsim.appraisals.said import later
from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import load_parameters
from dgsim.engine.setup import Setup
from dgsim.numbers import number_text
from dgsim.scenario import load_scenario
from dgsim.show.figures.worth import item_ratios, payback_curve
from dgsim.show.terminal.pace import progress_bar
from dgsim.study.record import caption
from dgsim.texts import IN_ENGLISH
from dgsim.world.tables import OUTCOME_NAMES, PROVINCIAL, SERVICES

ORDERS = (
    "foundations-reform-services",
    "foundations-services-reform",
    "reform-foundations-services",
    "reform-services-foundations",
    "services-foundations-reform",
    "services-reform-foundations",
)
SHIPPED = ("services-first", "foundations-first", "staged", "history")
STAGED = "staged"
ENDS = ("2025Q4", "2030Q4", "2040Q4")
WHO = ("centre", "provinces", "citizens", "firms")
DECISION = "decision-749"
MINISTRIES = tuple(range(len(PROVINCIAL), len(SERVICES)))  # rows of the catalogue
PRECISE = 8  # assumptions that are told, those worth most to know
BVND = "bvnd"


def main() -> None:
    """Five questions, each with its table."""
    given = asked(__doc__, "worth")
    given.out.mkdir(parents=True, exist_ok=True)
    runs, to = (2, "2021Q4") if given.quick else (200, ENDS[-1])
    by_order(given, runs, to)
    by_item(given, runs, to)
    to_know_first(given, 20 if given.quick else 512, to)
    by_target(given, 2 if given.quick else 100)
    by_service(given, 2 if given.quick else 128)


def appraised(name: str, *plans: str | Path, **arguments: object) -> Appraisal:
    """An appraisal of plans against the shipped `base`, with progress."""
    with progress_bar(name, quiet=False) as progress:
        return dgsim.appraise(list(plans), progress=progress, **arguments)  # type: ignore[arg-type]


def by_order(given: argparse.Namespace, runs: int, to: str) -> None:
    """What each order is worth by three ends, and by whose purse."""
    here = Path(__file__).parent
    found = appraised("orders", *(here / f"{name}.toml" for name in ORDERS), STAGED, to=to, replications=runs)
    accounts, curve = found.accounts("who").set_index(["plan", "name"]), found.curve.set_index(["quarter", "plan"])
    plans = pd.Index(found.names, name="order")
    told: dict[str, list[str]] = {}
    for end in [end for end in ENDS if end <= to]:
        told[f"to {end}"] = [number_text(curve.loc[(end, plan), "net_benefit"], BVND) for plan in plans]
    told["with remaining life"] = [number_text(accounts.loc[(plan, "total"), "net_benefit"], BVND) for plan in plans]
    for who in WHO:
        told[who] = [number_text(accounts.loc[(plan, who), "net_benefit"], BVND) for plan in plans]
    told["centre gains, % of runs"] = [f"{100 * accounts.loc[(p, 'centre'), 'chance_to_pay']:.0f}" for p in plans]
    title = f"When does an order pay? Net benefit since 2020, less base, to {to}, before any remaining life"
    note = f"{later(found).text(IN_ENGLISH)} {caption(found.basis)}"
    figures = {"worth-orders": payback_curve(found.curve, title, note)}
    tables = {"worth-orders": accounts}
    save(given, tables, figures, told, plans, "orders")


def by_item(given: argparse.Namespace, runs: int, to: str) -> None:
    """What each item and instrument of the staged plan is worth."""
    few = {"item_runs": 2, "orders": 4} if given.quick else {}
    found = appraised("items", STAGED, to=to, replications=runs, items=True, **few)
    items = found.items
    told = {
        "costs": [number_text(value, BVND) for value in items["costs"]],
        "benefits": [number_text(value, BVND) for value in items["benefits"]],
        f"net benefit to {to[:4]}": spread_text(items[["net_benefit", "low", "high"]], BVND).tolist(),
        "lost without it alone": [
            "" if pd.isna(row.without_it) else number_text(row.without_it, BVND) for row in items.itertuples()
        ],
        "pays in % of runs": [f"{100 * value:.0f}" for value in items["chance_to_pay"]],
    }
    title = f"Benefit for each bvnd of cost, by item of {STAGED}, less base, to {to}"
    basis = replace(found.basis, replications=int(items["replications"].iloc[0]))
    note = f"{later(found).text(IN_ENGLISH)} {caption(basis)}"
    figures = {"worth-items": item_ratios(items, title, note, lambda item: found.labels[item].text(IN_ENGLISH))}
    tables = {"worth-items": items.set_index("name")}
    save(given, tables, figures, told, pd.Index(items["name"], name="item or instrument"), "items")


def to_know_first(given: argparse.Namespace, runs: int, to: str) -> None:
    """What knowing each assumption is worth to the choice among the shipped plans."""
    found = appraised("knowing", *SHIPPED, to=to, replications=runs).knowing
    single = found[:-1].nlargest(PRECISE, "evppi")
    top = pd.concat([single[single["evppi"] > 0.0], found[-1:]])
    told = {
        "worth of knowing it, bvnd": [number_text(value, BVND) for value in top["evppi"]],
        "of knowing everything, %": [f"{100 * value:.0f}" for value in top["share"]],
    }
    save(
        given,
        {"worth-knowing": top.set_index("parameter")},
        {},
        told,
        pd.Index(top["parameter"], name="assumption"),
        "knowing",
    )


def by_target(given: argparse.Namespace, runs: int) -> None:
    """The chance that staged meets the targets of the decision, and what it would have taken."""
    with progress_bar("targets", quiet=False) as progress:
        chances = dgsim.targets([STAGED, "history"], DECISION, replications=runs, progress=progress)
    searched = []
    for search in ("budget", "start"):
        with progress_bar(search, quiet=False) as progress:
            searched.append(dgsim.target_search(STAGED, DECISION, search, replications=runs, progress=progress))
    budget, start = (table.set_index("target") for table in searched)
    chance = chances.set_index(["plan", "target"])["chance"]
    rows = budget.index
    told = {
        f"chance of {plan}, %": [f"{100 * chance[plan, name]:.0f}" for name in rows] for plan in (STAGED, "history")
    }
    told["smallest budget, % of the plan's"] = [_answer(budget.loc[name], 100.0, "share") for name in rows]
    told["latest start, quarters later"] = [_answer(start.loc[name], 1.0, "quarters") for name in rows]
    tables = {"worth-chances": chances.set_index("target"), "worth-budget": budget, "worth-start": start}
    save(given, tables, {}, told, rows, "targets")


def by_service(given: argparse.Namespace, runs: int) -> None:
    """What plans are worth to 2030 if nobody needed a service of ministries: each of them, or any."""
    left_out = {"nothing": (), **{SERVICES[number].service: (number,) for number in MINISTRIES}, "all four": MINISTRIES}
    told = {
        f"{plan}, bvnd (above 0, % of runs)": [
            f"{number_text(worth.mean(), BVND)} ({100 * (worth > 0.0).mean():.0f})"
            for worth in (net_benefits(plan, services, runs) for services in left_out.values())
        ]
        for plan in SHIPPED
    }
    rows = pd.Index(list(left_out), name="left out")
    save(given, {"worth-services": pd.DataFrame(told, rows)}, {}, told, rows, "services")


def net_benefits(plan: str, without: Sequence[int], runs: int) -> np.ndarray:
    """Net benefit at the plan's end [run], bvnd, where some services have no transactions."""

    def change(setup: Setup) -> Setup:
        services = setup.tables[1].copy()
        services["transactions_per_head"][..., list(without)] = 0.0
        return replace(setup, tables=(setup.tables[0], services, setup.tables[2]))

    made = run_replications(
        load_scenario(plan),
        load_country(),
        replications=range(runs),
        parameters=load_parameters("plausible").sets,
        change=change,
    )
    values: np.ndarray = made.outcomes[:, -1, OUTCOME_NAMES.index("net_benefit")]
    return values


def _answer(row: pd.Series, times: float, column: str) -> str:
    if not row["found"]:
        return "none found"
    return "in any case" if row["in_any_case"] else f"{times * row[column]:.0f}"


if __name__ == "__main__":
    answered(main)
