"""History matching and approximate Bayesian computation: which sets of parameters agree with what was observed.

A wave of runs trains an emulator (a quadratic regression) of every target; sets drawn from the prior are weighted by
how likely the emulated figures are; a sample of them is run, and weighted again by the figures that really came out.
Under an error of observation and model that is normal this is exact for that error (Wilkinson 2013).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import beta, qmc

from dgsim.country import Country
from dgsim.engine.run import batches
from dgsim.engine.sets import set_number
from dgsim.evidence.targets import Target, figures
from dgsim.scenario import Scenario
from dgsim.world.tables import Parameter

PEAK = 4.0  # of the PERT prior: how much its mode counts against the ends of the range
QUADRATIC = 20  # parameters whose squares and products the emulator knows


def prior_sample(parameters: Sequence[Parameter], points: int, seed: int) -> np.ndarray:
    """Sets [point, parameter] from the prior: PERT between the ends of each range, its mode what evidence says."""
    unit = qmc.LatinHypercube(len(parameters), rng=seed).random(points)
    return np.column_stack([prior_quantile(p, unit[:, column]) for column, p in enumerate(parameters)])


def prior_quantile(parameter: Parameter, unit: np.ndarray) -> np.ndarray:
    """The prior's quantiles of a parameter at numbers between 0 and 1."""
    low, width, shape = _pert(parameter)
    quantiles: np.ndarray = low + width * beta.ppf(unit, *shape)
    return quantiles


def prior_share(parameter: Parameter, values: np.ndarray) -> np.ndarray:
    """How much of a parameter's prior lies below each value, 0..1."""
    low, width, shape = _pert(parameter)
    shares: np.ndarray = beta.cdf((values - low) / width, *shape)
    return shares


def _pert(parameter: Parameter) -> tuple[float, float, tuple[float, float]]:
    """Where a parameter's prior begins, how wide it is, and the shape of its beta distribution."""
    assert parameter.low is not None
    assert parameter.high is not None
    assert parameter.prior is not None
    low, width = parameter.low, parameter.high - parameter.low
    mode = (parameter.prior - low) / width
    return low, width, (1.0 + PEAK * mode, 1.0 + PEAK * (1.0 - mode))


def run_sets(
    scenario: Scenario,
    country: Country,
    sets: Sequence[Mapping[str, float]],
    targets: Mapping[str, Target],
    *,
    replications: int,
    seed: int,
) -> np.ndarray:
    """The figures of every set, float64 [set, replication, target]; every run has luck of its own."""
    count = len(sets)
    found = []
    every = count * replications
    for _, runs in batches(scenario, country, every, seed=seed, keep={"provinces"}, parameters=sets):
        assert runs.provinces is not None
        found.append(figures(runs.provinces, country, targets))
    by_set: list[list[np.ndarray]] = [[] for _ in sets]
    for replication, values in enumerate(np.concatenate(found)):
        by_set[set_number(replication, count)].append(values)
    return np.array(by_set)


@dataclass(frozen=True)
class Emulator:
    """A quadratic regression of each figure on the parameters, in units of their ranges.

    points    [point, parameter] the emulator was trained at, values [point, target]
    bounds    [2, parameter] lowest and highest value
    """

    points: np.ndarray
    values: np.ndarray
    bounds: np.ndarray

    @cached_property
    def strongest(self) -> np.ndarray:
        """The parameters with the largest linear effects on any target, in units of its spread."""
        x = self._scaled(self.points)
        design = np.column_stack([np.ones(len(x)), x])
        slopes = np.linalg.lstsq(design, self.values, rcond=None)[0][1:]
        effect = np.abs(slopes / self.values.std(axis=0)).max(axis=1)
        return np.sort(np.argsort(-effect, kind="stable")[:QUADRATIC])

    @cached_property
    def coefficients(self) -> np.ndarray:
        """Of every term, [term, target]; by ridge regression with a small penalty."""
        terms = self._terms(self.points)
        gram = terms.T @ terms + len(terms) * 1e-3 * np.eye(terms.shape[1])
        found: np.ndarray = np.linalg.solve(gram, terms.T @ self.values)
        return found

    @cached_property
    def error(self) -> np.ndarray:
        """Standard deviation of what the emulator misses, luck included, by target."""
        terms = self._terms(self.points)
        missed = self.values - terms @ self.coefficients
        freedom = max(1, len(terms) - terms.shape[1])
        spread: np.ndarray = np.sqrt((missed**2).sum(axis=0) / freedom)
        return spread

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """The emulated figures [point, target]."""
        emulated: np.ndarray = self._terms(points) @ self.coefficients
        return emulated

    def explained(self) -> np.ndarray:
        """Share of the variance of each target that is emulated."""
        share: np.ndarray = 1.0 - self.error**2 / self.values.var(axis=0)
        return share

    def _scaled(self, points: np.ndarray) -> np.ndarray:
        low, high = self.bounds
        scaled: np.ndarray = 2.0 * (points - low) / (high - low) - 1.0
        return scaled

    def _terms(self, points: np.ndarray) -> np.ndarray:
        x = self._scaled(points)
        strong = x[:, self.strongest]
        first, second = np.triu_indices(strong.shape[1])
        return np.column_stack([np.ones(len(x)), x, strong[:, first] * strong[:, second]])


def log_likelihood(values: np.ndarray, targets: Mapping[str, Target], spread: np.ndarray | float = 0.0) -> np.ndarray:
    """Of figures [set, target], under each target's error and a further spread of the figures themselves."""
    observed = np.array([target.observed for target in targets.values()])
    variance = np.array([target.error for target in targets.values()]) ** 2 + np.asarray(spread) ** 2
    logs: np.ndarray = -0.5 * ((values - observed) ** 2 / variance + np.log(variance)).sum(axis=-1)
    return logs


def implausibility(values: np.ndarray, targets: Mapping[str, Target], spread: np.ndarray | float = 0.0) -> np.ndarray:
    """How many standard deviations each figure [set, target] is away from what was observed."""
    observed = np.array([target.observed for target in targets.values()])
    error = np.sqrt(np.array([target.error for target in targets.values()]) ** 2 + np.asarray(spread) ** 2)
    away: np.ndarray = np.abs(values - observed) / error
    return away


def weights_of(logs: np.ndarray) -> np.ndarray:
    """Weights that sum to 1 from log-likelihoods."""
    weights = np.exp(logs - logs.max())
    scaled: np.ndarray = weights / weights.sum()
    return scaled


def effective(weights: np.ndarray) -> float:
    """How many equal weights these are worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def resampled(weights: np.ndarray, size: int, seed: int) -> np.ndarray:
    """Places drawn by weight, none twice."""
    rng = np.random.default_rng(seed)
    chosen: np.ndarray = rng.choice(len(weights), size, replace=False, p=weights)
    return chosen
