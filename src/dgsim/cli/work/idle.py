"""Options that would do nothing for the scenarios at hand: each is refused, with the reason."""

from __future__ import annotations

import click

from dgsim.decide.hybrids import Hybrids
from dgsim.decide.orders import Orders
from dgsim.decide.shapley import EXACT
from dgsim.scenario import Scenario
from dgsim.study.simulate import shortened


def check_sampled(baseline: Scenario, policy: Scenario, items: bool) -> None:
    """Raise UsageError where an explanation samples no orders, so that their number does nothing."""
    groups = len(Hybrids(baseline, policy, items=items).groups)
    if groups <= EXACT:
        raise click.UsageError(
            f"--orders does nothing: {baseline.name} and {policy.name} differ in {groups} groups, and up to {EXACT} "
            f"every mixture is tried"
        )


def check_drawn(policy: Scenario, quarters: int | None, orders: int) -> None:
    """Raise UsageError where all orders of a roadmap are tried, so that exchanges are tried in each."""
    every = Orders(shortened(policy, quarters)).every(orders)
    if every is not None:
        raise click.UsageError(
            f"--exchanged does nothing: {policy.name} has {len(every)} legal orders, and all are tried"
        )
