"""Constraints of the provinces, each of which can be relaxed by itself while all else stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dgsim.engine.setup import Setup
from dgsim.world.state import N_FOUNDATIONS


@dataclass(frozen=True)
class BindingConstraint:
    """What may hold a province back, by its name, and how a setup looks in which it does so less.

    relax   the setup, and the size (0.5: by half), to the setup that is relaxed
    """

    name: str
    relax: Callable[[Setup, float], Setup]

    def by(self, size: float) -> Callable[[Setup], Setup]:
        """What relaxes a setup by this size."""
        return lambda setup: self.relax(setup, size)


def _money(setup: Setup, by: float) -> Setup:
    policies = _copied(setup.policies)
    policies["digital_share"] *= 1.0 + by
    return replace(setup, policies=policies)


def _specialists(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"project_share": 1.0 + by})


def _foundations(setup: Setup, by: float) -> Setup:
    assumptions, services, items = setup.tables
    built = _copied(items)
    start = built["initial_readiness"][..., :N_FOUNDATIONS]
    built["initial_readiness"][..., :N_FOUNDATIONS] = start + by * (1.0 - start)
    return replace(setup, tables=(assumptions, services, built))


def _incentives(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"care": 1.0 + by})


def _redesign(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"redesign_effort": 1.0 / (1.0 + by), "redesign_aversion": 1.0 / (1.0 + by)})


def _habits(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"imitation": 1.0 + by})


def _peers(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"peer_learning": 1.0 + by})


def _leaders(setup: Setup, by: float) -> Setup:
    return _assumed(setup, {"leader_drive": 1.0 - by})


CONSTRAINTS = (
    BindingConstraint("money", _money),
    BindingConstraint("specialists", _specialists),
    BindingConstraint("foundations", _foundations),
    BindingConstraint("incentives", _incentives),
    BindingConstraint("redesign", _redesign),
)
FURTHER_CONSTRAINTS = (  # of who is left behind: what lies with citizens, neighbours and leaderships
    BindingConstraint("habits", _habits),
    BindingConstraint("peers", _peers),
    BindingConstraint("leaders", _leaders),
)
CONSTRAINT_NAMES = tuple(constraint.name for constraint in CONSTRAINTS)


def _assumed(setup: Setup, factors: Mapping[str, float]) -> Setup:
    """The setup with assumptions multiplied."""
    assumptions, services, items = setup.tables
    changed = _copied(assumptions)
    for name, factor in factors.items():
        changed[name] *= factor
    return replace(setup, tables=(changed, services, items))


def _copied(array: np.ndarray) -> np.ndarray:
    return array.copy()
