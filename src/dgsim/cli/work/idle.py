"""Options that would do nothing for the scenarios at hand: each is refused, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from dgsim.decide.explain import mixed
from dgsim.decide.orders import Orders
from dgsim.scenario import Scenario
from dgsim.study.hybrids import Hybrids
from dgsim.study.shapley import EXACT
from dgsim.study.simulate import shortened


def check_sampled(baseline: Scenario, policy: Scenario, **which: Any) -> None:
    """Raise UsageError where an explanation samples no orders, so that their number does nothing."""
    groups = len(mixed(policy, baseline, **which).groups)
    if groups <= EXACT:
        raise click.UsageError(
            f"--orders does nothing: {baseline.name} and {policy.name} differ in {groups} groups, and up to {EXACT} "
            f"every mixture is tried"
        )


def check_sampled_of_any(baseline: Scenario, policies: Sequence[Scenario]) -> None:
    """Raise UsageError where no plan has so many items and groups that orders are sampled."""
    most = max(len(Hybrids(baseline, policy, items=True).groups) for policy in policies)
    if most <= EXACT:
        raise click.UsageError(
            f"--orders does nothing: no plan differs from {baseline.name} in more than {most} items and groups, and up "
            f"to {EXACT} every mixture is tried"
        )


def check_drawn(policy: Scenario, quarters: int | None, orders: int) -> None:
    """Raise UsageError where all orders of a roadmap are tried, so that exchanges are tried in each."""
    every = Orders(shortened(policy, quarters)).every(orders)
    if every is not None:
        raise click.UsageError(
            f"--exchanged does nothing: {policy.name} has {len(every)} legal orders, and all are tried"
        )
