"""From sets that an emulator finds likely to sets whose runs are: sequential Monte Carlo (Del Moral and others 2006).

An emulator misses part of every figure, and with some twenty figures weights by real runs rest on a handful of sets.
So the likelihood is turned from the emulated to the real one in steps small enough that half of the sets still count;
after every step sets are drawn anew and moved by real runs. A move mixes a set with a fresh draw from the prior, on
the scale where the prior is normal (preconditioned Crank-Nicolson; Cotter and others 2013): the prior stays as it is,
however many parameters there are, and a move is taken by likelihood alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from dgsim.evidence.history_matching import effective, prior_quantile, prior_share, weights_of
from dgsim.world.tables import Parameter

Floats = np.ndarray
Likelihood = Callable[[Floats], Floats]  # logarithms of sets [set, parameter]
KEPT = 0.5  # of the sets, that still count after a step
WISHED = 0.3  # of the moves, that are taken; the step follows
PACE = 1.5  # by which the step grows or shrinks


@dataclass(frozen=True)
class Step:
    """What is told after each step: how far the likelihood is the real one, and what share of moves was taken."""

    real: float
    taken: float
    step: float


class Cloud(NamedTuple):
    """Sets on the scale where the prior is normal [set, parameter], and the logarithms of their likelihoods [set]."""

    scores: Floats
    emulated: Floats
    real: Floats

    def drawn(self, rows: np.ndarray) -> Cloud:
        """Those of these rows."""
        return Cloud(*(column[rows] for column in self))

    def replaced(self, other: Cloud, where: np.ndarray) -> Cloud:
        """Those of another where it says so."""
        return Cloud(
            np.where(where[:, np.newaxis], other.scores, self.scores),
            np.where(where, other.emulated, self.emulated),
            np.where(where, other.real, self.real),
        )


def normal_scores(parameters: Sequence[Parameter], points: Floats) -> Floats:
    """Sets [set, parameter] on the scale where the prior is a standard normal."""
    return np.column_stack([ndtri(prior_share(p, points[:, column])) for column, p in enumerate(parameters)])


def of_normal_scores(parameters: Sequence[Parameter], scores: Floats) -> Floats:
    """The sets [set, parameter] that stand at these scores."""
    return np.column_stack([prior_quantile(p, ndtr(scores[:, column])) for column, p in enumerate(parameters)])


def further(gain: Floats, real: float) -> float:
    """How far the likelihood can be turned so that KEPT of the sets still count; 1 if it can be turned to the end.

    `gain` is the real less the emulated logarithm of every set, `real` how far it is turned now, 0..1.
    """

    def too_many(to: float) -> float:
        return effective(weights_of((to - real) * gain)) - KEPT * len(gain)

    return 1.0 if too_many(1.0) >= 0.0 else float(brentq(too_many, real, 1.0))


def systematic(weights: Floats, rng: np.random.Generator, size: int) -> np.ndarray:
    """So many rows drawn by weight with one random number: each as often as its weight says, to within one."""
    marks = (np.arange(size) + rng.random()) / size
    rows: np.ndarray = np.searchsorted(np.cumsum(weights), marks).clip(max=len(weights) - 1)
    return rows


def tempered(
    parameters: Sequence[Parameter],
    points: Floats,
    emulated: Likelihood,
    real: Likelihood,
    *,
    seed: int,
    moves: int,
    tell: Callable[[Step], None] = lambda _: None,
) -> Floats:
    """Sets [set, parameter] of the posterior under the real likelihood, from sets of that under the emulated one.

    `moves` rounds of moves follow every step, and every round asks `real` once for as many sets as there are.
    """
    rng = np.random.default_rng(seed)
    cloud = Cloud(normal_scores(parameters, points), emulated(points), real(points))
    turned, step = 0.0, 0.3
    while turned < 1.0:
        to = further(cloud.real - cloud.emulated, turned)
        weights = weights_of((to - turned) * (cloud.real - cloud.emulated))
        cloud, turned = cloud.drawn(systematic(weights, rng, len(points))), to
        for _ in range(moves):
            cloud, taken = moved(parameters, cloud, emulated, real, turned=turned, step=step, rng=rng)
            tell(Step(turned, taken, step))
            step = min(1.0, step * PACE) if taken > WISHED else step / PACE
    return of_normal_scores(parameters, cloud.scores)


def moved(
    parameters: Sequence[Parameter],
    cloud: Cloud,
    emulated: Likelihood,
    real: Likelihood,
    *,
    turned: float,
    step: float,
    rng: np.random.Generator,
) -> tuple[Cloud, float]:
    """The sets after a move, which leaves the posterior under the turned likelihood as it is; what share moved."""
    scores = np.sqrt(1.0 - step**2) * cloud.scores + step * rng.standard_normal(cloud.scores.shape)
    sets = of_normal_scores(parameters, scores)
    tried = Cloud(scores, emulated(sets), real(sets))
    gain = (1.0 - turned) * (tried.emulated - cloud.emulated) + turned * (tried.real - cloud.real)
    taken = np.log(rng.random(len(gain))) < gain
    return cloud.replaced(tried, taken), float(taken.mean())
