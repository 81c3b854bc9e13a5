"""Ridge regression of provinces' figures on traits, its penalties estimated by leaving out one region after the other.

Traits of two kinds have a penalty each: what a regression knows without the model, and what the model says. Both begin
at nothing and are moved as far as the other regions bear out (generalised ridge, Hoerl and Kennard 1970); so a model
that says nothing more than the traits is not paid for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from dgsim.country.covariates import standardised

PENALTIES = tuple(2.0**power for power in range(11))  # in provinces, that are tried
FEWEST_SCORES = 30  # without which there is no regression
Floats = np.ndarray


@dataclass(frozen=True)
class Traits:
    """What a figure of provinces may follow.

    kinds     one array float64 [province, trait] a kind, standardised; each kind has a penalty of its own
    regions   int [province]: provinces that are left out together
    """

    kinds: tuple[Floats, ...]
    regions: np.ndarray

    def joined_by(self, figure: Floats) -> Traits:
        """These and one more kind: a figure, standardised [province]."""
        return Traits((*self.kinds, standardised(figure)[:, np.newaxis]), self.regions)


def regressed(values: Floats, traits: Traits) -> Floats:
    """What traits say of every province [province]; `values` are deviations from a mean, NaN where not known.

    0 where fewer than thirty are known.
    """
    there = np.isfinite(values)
    if there.sum() < FEWEST_SCORES:
        return np.zeros(len(values))
    fitted: np.ndarray = np.column_stack(traits.kinds) @ _slopes(
        values, traits, there, chosen_penalties(values, traits)
    )
    return fitted


def chosen_penalties(values: Floats, traits: Traits) -> tuple[float, ...]:
    """The penalties, one a kind, that predict regions best from the others, in squares; of equals the smallest."""
    there = np.isfinite(values)
    return min(product(PENALTIES, repeat=len(traits.kinds)), key=lambda tried: _missed(values, traits, there, tried))


def left_out(values: Floats, traits: Traits) -> Floats:
    """What the other regions say of every province, at the penalties of all of them [province]."""
    there = np.isfinite(values)
    return _from_others(values, traits, there, chosen_penalties(values, traits))


def _missed(values: Floats, traits: Traits, there: np.ndarray, penalties: Sequence[float]) -> float:
    missed = values - _from_others(values, traits, there, penalties)
    return float(np.square(missed[there]).sum())


def _from_others(values: Floats, traits: Traits, there: np.ndarray, penalties: Sequence[float]) -> Floats:
    x = np.column_stack(traits.kinds)
    found = np.zeros(len(values))
    for region in np.unique(traits.regions):
        inside = traits.regions == region
        if (there & ~inside).any():
            found[inside] = x[inside] @ _slopes(values, traits, there & ~inside, penalties)
    return found


def _slopes(values: Floats, traits: Traits, there: np.ndarray, penalties: Sequence[float]) -> Floats:
    """The slopes by least squares with so many provinces of penalty on each trait."""
    widths = [kind.shape[1] for kind in traits.kinds]
    x, y = np.column_stack(traits.kinds)[there], values[there]
    slopes: Floats = np.linalg.solve(x.T @ x + np.diag(np.repeat(penalties, widths)), x.T @ (y - y.mean()))
    return slopes
