"""Runs for the screen: few at once for a first picture, then more; what was seen is kept.

A picture is never changed, so sessions may share it: its key is the digest of the scenario, the seed and the number
of replications, and nothing of who asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from dgsim import engine
from dgsim.country import load_country
from dgsim.scenario import Scenario
from dgsim.world.state import PANEL_FIELDS

FIRST, FULL = 20, 100  # replications of the first picture, and of the refined one
BATCH = 20
KEPT = 48  # pictures held in memory, about 1.4 MB each
STOCKS = tuple(field.name for field in PANEL_FIELDS)
Stop = Callable[[], bool]


class Stopped(Exception):  # noqa: N818
    """The picture is no longer wanted."""


@dataclass(frozen=True)
class Picture:
    """What came out of one scenario.

    outcomes  float64 [replication, quarter, outcome]
    stocks    float64 [quarter, province, stock], mean over replications, in the order of STOCKS
    """

    outcomes: np.ndarray
    stocks: np.ndarray

    @property
    def replications(self) -> int:
        """The number of runs."""
        return len(self.outcomes)

    def stock(self, name: str) -> np.ndarray:
        """One stock of the provinces: [quarter, province]."""
        return self.stocks[:, :, STOCKS.index(name)]


class Pictures:
    """The pictures of one process: computed once, the oldest dropped first, safe among threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pictures: OrderedDict[tuple[str, int, int], Picture] = OrderedDict()
        self._lock = threading.Lock()
        self._refining = threading.Lock()
        self._urgent = 0
        self._calm = threading.Condition()

    def seen(self, scenario: Scenario, seed: int, replications: int) -> Picture | None:
        """A picture made before, or None."""
        key = (scenario.digest(), seed, replications)
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def picture(self, scenario: Scenario, seed: int, replications: int = FIRST, stop: Stop = lambda: False) -> Picture:
        """The picture of a scenario; raises Stopped once `stop()` is true, SetupError for what cannot be run."""
        known = self.seen(scenario, seed, replications)
        if known is None:
            first = self.seen(scenario, seed, FIRST) if replications > FIRST else None
            known = self._refined(scenario, seed, replications, first, stop) if first else None
        if known is None:
            with self._hurried():
                known = _computed(scenario, seed, range(replications))
        with self._lock:
            self._pictures[scenario.digest(), seed, replications] = known
            while len(self._pictures) > self._kept:
                self._pictures.popitem(last=False)
        return known

    def _refined(self, scenario: Scenario, seed: int, replications: int, first: Picture, stop: Stop) -> Picture:
        """More runs of what has been seen, one batch at a time, giving way to first pictures."""
        parts = [first]
        with self._refining:
            for start in range(first.replications, replications, BATCH):
                with self._calm:
                    self._calm.wait_for(lambda: self._urgent == 0, timeout=1.0)
                if stop():
                    raise Stopped
                parts.append(_computed(scenario, seed, range(start, min(start + BATCH, replications))))
        weights = [part.replications / replications for part in parts]
        stocks = sum(weight * part.stocks for weight, part in zip(weights, parts, strict=True))
        return _frozen(np.concatenate([part.outcomes for part in parts]), np.asarray(stocks))

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        with self._calm:
            self._urgent += 1
        try:
            yield
        finally:
            with self._calm:
                self._urgent -= 1
                self._calm.notify_all()


def _computed(scenario: Scenario, seed: int, numbers: range) -> Picture:
    runs = engine.run(scenario, load_country(), seed=seed, replications=numbers, keep={"provinces"})
    assert runs.provinces is not None
    plain = runs.provinces.view(np.float64).reshape(*runs.provinces.shape, len(STOCKS))
    return _frozen(runs.outcomes, plain.mean(axis=0))


def _frozen(outcomes: np.ndarray, stocks: np.ndarray) -> Picture:
    for values in (outcomes, stocks):
        values.setflags(write=False)
    return Picture(outcomes, stocks)


@dataclass(frozen=True)
class Pair:
    """A policy and its baseline on the same luck."""

    policy: Picture
    baseline: Picture
    key: tuple[str, str, int]

    @property
    def replications(self) -> int:
        """The number of paired runs."""
        return self.policy.replications

    @property
    def difference(self) -> np.ndarray:
        """Policy less baseline, replication by replication: [replication, quarter, outcome]."""
        quarters = min(self.policy.outcomes.shape[1], self.baseline.outcomes.shape[1])
        return self.policy.outcomes[:, :quarters] - self.baseline.outcomes[:, :quarters]


PICTURES = Pictures()


def pair_key(policy: Scenario, baseline: Scenario, seed: int) -> tuple[str, str, int]:
    """What tells one pair from another."""
    return policy.digest(), baseline.digest(), seed


def seen_pair(policy: Scenario, baseline: Scenario, seed: int) -> Pair | None:
    """The best pair that was computed before, or None."""
    for count in (FULL, FIRST):
        one, other = (PICTURES.seen(scenario, seed, count) for scenario in (policy, baseline))
        if one is not None and other is not None:
            return Pair(one, other, pair_key(policy, baseline, seed))
    return None


def pair_of(policy: Scenario, baseline: Scenario, seed: int, replications: int, stop: Stop = lambda: False) -> Pair:
    """Policy and baseline, each run or remembered; raises Stopped and SetupError."""
    one, other = (PICTURES.picture(scenario, seed, replications, stop) for scenario in (policy, baseline))
    return Pair(one, other, pair_key(policy, baseline, seed))


def warm_up() -> None:
    """Compile the rules, and make the first pictures everyone sees."""
    from dgsim.app.view import first_view

    view = first_view()
    for count in (FIRST, FULL):
        pair_of(view.policy, view.baseline, view.seed, count)
