"""Runs for the screen: few at once for a first picture, then more; what was run is kept.

What is kept is never changed, so sessions may share it: its key is the digest of the scenario, the seed and the number
of replications, and nothing of who asked.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from weakref import WeakValueDictionary

import numpy as np

from dgsim.app.runs.compiling import compile_and_tell
from dgsim.app.state.view import View, first_view
from dgsim.country import load_country
from dgsim.engine.run import run_replications, spans
from dgsim.engine.sets import CENTRAL_NAME, load_parameters
from dgsim.errors import DgsimError
from dgsim.scenario import Scenario
from dgsim.study.catalogue import STOCKS
from dgsim.world.cache import compiled_before

FIRST, FULL = 20, 200  # replications of the first picture, and of the refined one: those of `dgsim compare`
REFINED_AT_ONCE = 10  # replications of a refinement: what a first picture may have to wait for
QUIET = 0.3  # seconds since anyone else asked for first runs, before which nothing is refined
LONGEST_WAIT = 1.0  # seconds that a batch of refining gives way at most
FIRST_WAIT = 0.2  # seconds that a change waits for its first runs before it is drawn without them
RUNS_KEPT = 64  # scenarios whose runs are held in memory, 1.5 to 2.6 MB each
Stop = Callable[[], bool]
Key = tuple[str, int, int, str]  # digest of the scenario, seed, replications, which sets of parameters


class Stopped(Exception):  # noqa: N818
    """The runs are no longer wanted."""


@dataclass(frozen=True)
class CachedRuns:
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
        return self.stocks[:, :, tuple(STOCKS).index(name)]


class _KeyLock:
    """A lock that is forgotten once nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class RunCache:
    """The runs of one process: each computed once, the oldest dropped first, safe among threads."""

    def __init__(self, kept: int = RUNS_KEPT) -> None:
        self._most_kept = kept
        self._runs: OrderedDict[Key, CachedRuns] = OrderedDict()
        self._key_locks: WeakValueDictionary[Key, _KeyLock] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._refining = threading.Lock()
        self._computing = threading.Lock()
        self._first_runs_wanted = 0
        self._last_wanted = ("", 0.0)  # of which scenario first runs were last asked for, and when
        self._demand = threading.Condition()

    def cached(self, digest: str, seed: int, replications: int, parameters: str = CENTRAL_NAME) -> CachedRuns | None:
        """The runs of the scenario of a digest if they were made before, or None."""
        key = (digest, seed, replications, parameters)
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
            return self._runs.get(key)

    def runs(
        self,
        scenario: Scenario,
        seed: int,
        replications: int = FIRST,
        stop: Stop = lambda: False,
        parameters: str = CENTRAL_NAME,
    ) -> CachedRuns:
        """The runs of a scenario; raises Stopped once `stop()` is true, SetupError for what cannot be run."""
        key = (scenario.digest(), seed, replications, parameters)
        with self._one_at_a_time(key):
            known = self.cached(*key)
            if known is None:
                known = self._computed(scenario, key, stop)
                self._keep(key, known)
        return known

    def _one_at_a_time(self, key: Key) -> AbstractContextManager[object]:
        """Who asks for runs that are being made waits for them."""
        with self._lock:
            return self._key_locks.setdefault(key, _KeyLock())

    def _computed(self, scenario: Scenario, key: Key, stop: Stop) -> CachedRuns:
        digest, seed, replications, parameters = key
        first = self.cached(digest, seed, FIRST, parameters) if replications > FIRST else None
        if first is not None:
            return self._refined(scenario, key, first, stop)
        with self.turn(digest):
            if stop():
                raise Stopped
            return _run(scenario, seed, range(replications), parameters, stop)

    def forget(self) -> None:
        """Drop all runs but those of what everyone sees first."""
        view = first_view()
        first = {(scenario.digest(), view.seed) for scenario in (view.policy, view.baseline)}
        with self._lock:
            for key in [key for key in self._runs if key[:2] not in first]:
                del self._runs[key]

    def _keep(self, key: Key, runs: CachedRuns) -> None:
        with self._lock:
            self._runs[key] = runs
            while len(self._runs) > self._most_kept:
                self._runs.popitem(last=False)

    def _refined(self, scenario: Scenario, key: Key, first: CachedRuns, stop: Stop) -> CachedRuns:
        """More runs of what has been run, some at a time, giving way to first runs of others."""
        digest, seed, replications, parameters = key
        parts = [first]
        with self._refining:
            for numbers in spans(range(first.replications, replications), REFINED_AT_ONCE):
                self.give_way(digest)
                if stop():
                    raise Stopped
                parts.append(_run(scenario, seed, numbers, parameters, stop))
        weights = [part.replications / replications for part in parts]
        stocks = sum(weight * part.stocks for weight, part in zip(weights, parts, strict=True))
        return _frozen(np.concatenate([part.outcomes for part in parts]), np.asarray(stocks))

    def give_way(self, digest: str | None = None) -> None:
        """Wait, not for ever, while first runs are being made.

        What refines the scenario of a digest waits also while those of other scenarios keep being asked for.
        """
        end = time.monotonic() + LONGEST_WAIT
        with self._demand:
            while (now := time.monotonic()) < end:
                left = end - now
                if not self._first_runs_wanted:
                    wanted, when = self._last_wanted
                    left = min(left, when + QUIET - now)
                    if left <= 0 or digest in (None, wanted):
                        return
                self._demand.wait(left)

    @contextmanager
    def turn(self, digest: str) -> Iterator[None]:
        """While first runs of the scenario of a digest are made, alone: one after the other, for each has all cores."""
        with self._wanted_first(digest), self._computing:
            yield

    @contextmanager
    def _wanted_first(self, digest: str) -> Iterator[None]:
        """While first runs are made, what refines gives way."""
        with self._demand:
            self._first_runs_wanted += 1
            self._last_wanted = (digest, time.monotonic())
        try:
            yield
        finally:
            with self._demand:
                self._first_runs_wanted -= 1
                self._demand.notify_all()


parameter_sets = cache(load_parameters)  # read once


def _run(scenario: Scenario, seed: int, numbers: range, parameters: str, stop: Stop) -> CachedRuns:
    def raise_if_stopped(*_: int) -> None:
        if stop():
            raise Stopped

    runs = run_replications(
        scenario,
        load_country(),
        seed=seed,
        replications=numbers,
        keep={"means"},
        progress=raise_if_stopped,
        parameters=parameter_sets(parameters),
    )
    assert runs.means is not None
    return _frozen(runs.outcomes, runs.means)


def _frozen(outcomes: np.ndarray, stocks: np.ndarray) -> CachedRuns:
    for values in (outcomes, stocks):
        values.setflags(write=False)
    return CachedRuns(outcomes, stocks)


@dataclass(frozen=True)
class Pair:
    """A policy and its baseline on the same luck."""

    policy: CachedRuns
    baseline: CachedRuns
    key: tuple[str, str, int, str]

    @property
    def replications(self) -> int:
        """The number of paired runs."""
        return self.policy.replications

    @property
    def difference(self) -> np.ndarray:
        """Policy less baseline, replication by replication: [replication, quarter, outcome]."""
        quarters = min(self.policy.outcomes.shape[1], self.baseline.outcomes.shape[1])
        return self.policy.outcomes[:, :quarters] - self.baseline.outcomes[:, :quarters]


RUN_CACHE = RunCache()


def cached_pair(view: View) -> Pair | None:
    """The pair of most runs that was computed before, or None."""
    *digests, seed, parameters = view.key
    for count in (FULL, FIRST):
        policy, baseline = (RUN_CACHE.cached(str(digest), seed, count, parameters) for digest in digests)
        if policy is not None and baseline is not None:
            return Pair(policy, baseline, view.key)
    return None


def pair_of(view: View, replications: int, stop: Stop = lambda: False) -> Pair:
    """Policy and baseline, each run or remembered; raises Stopped and SetupError."""
    policy, baseline = (
        RUN_CACHE.runs(scenario, view.seed, replications, stop, view.parameters)
        for scenario in (view.policy, view.baseline)
    )
    return Pair(policy, baseline, view.key)


def start_early(view: View, wait: float = FIRST_WAIT, stop: Stop = lambda: False) -> None:
    """Start the first runs of a view in the background, and wait for them a little (seconds).

    Mostly they are there in time, and the page is drawn once; else it is drawn now and again once they are. Before the
    rules are compiled nothing is started.
    """
    if compiled_before() and cached_pair(view) is None:
        thread = threading.Thread(target=_first_pair, args=(view, stop), daemon=True)
        thread.start()
        thread.join(wait)


def _first_pair(view: View, stop: Stop) -> None:
    with suppress(DgsimError, Stopped):  # the page asks again, and tells
        pair_of(view, FIRST, stop)


def warm_up() -> None:
    """Compile the rules, and make the runs of what everyone sees first."""
    compile_and_tell()
    for count in (FIRST, FULL):
        pair_of(first_view(), count)
