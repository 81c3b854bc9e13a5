"""Runs for the screen: few at once for a first picture, then more; what was seen is kept.

A picture is never changed, so sessions may share it: its key is the digest of the scenario, the seed and the number
of replications, and nothing of who asked.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from weakref import WeakValueDictionary

import numpy as np

from dgsim.app.state.view import View, first_view
from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.errors import SetupError
from dgsim.scenario import Scenario
from dgsim.world.state import PANEL_FIELDS

FIRST, FULL = 20, 100  # replications of the first picture, and of the refined one
BATCH = 10  # of refining at a time: what a first picture may have to wait for
CALM = 0.3  # seconds since anyone else asked for a first picture, before which nothing is refined
LONGEST_WAIT = 1.0  # seconds that a batch of refining gives way at most
PATIENCE = 0.2  # seconds
KEPT = 96  # pictures held in memory, about 1.4 MB each
STOCKS = tuple(field.name for field in PANEL_FIELDS)
Stop = Callable[[], bool]
Key = tuple[str, int, int]  # digest of the scenario, seed, replications


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


class _Making:
    """A lock that is forgotten once nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Pictures:
    """The pictures of one process: computed once, the oldest dropped first, safe among threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._pictures: OrderedDict[Key, Picture] = OrderedDict()
        self._making: WeakValueDictionary[Key, _Making] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._refining = threading.Lock()
        self._turn = threading.Lock()
        self._urgent = 0
        self._asked = ("", 0.0)  # of which scenario a first picture was last asked for, and when
        self._calm = threading.Condition()

    def seen(self, digest: str, seed: int, replications: int) -> Picture | None:
        """A picture of the scenario of a digest that was made before, or None."""
        key = (digest, seed, replications)
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def picture(self, scenario: Scenario, seed: int, replications: int = FIRST, stop: Stop = lambda: False) -> Picture:
        """The picture of a scenario; raises Stopped once `stop()` is true, SetupError for what cannot be run."""
        digest = scenario.digest()
        with self._one_at_a_time((digest, seed, replications)):
            known = self.seen(digest, seed, replications)
            if known is None:
                known = self._made(scenario, digest, seed, replications, stop)
                self._keep((digest, seed, replications), known)
        return known

    def _one_at_a_time(self, key: Key) -> AbstractContextManager[object]:
        """Who asks for a picture that is being made waits for it."""
        with self._lock:
            return self._making.setdefault(key, _Making())

    def _made(self, scenario: Scenario, digest: str, seed: int, replications: int, stop: Stop) -> Picture:
        first = self.seen(digest, seed, FIRST) if replications > FIRST else None
        if first is not None:
            return self._refined(scenario, seed, replications, first, stop)
        with self._hurried(digest), self._turn:  # one after the other: each has all cores
            if stop():
                raise Stopped
            return _computed(scenario, seed, range(replications), stop)

    def _keep(self, key: Key, picture: Picture) -> None:
        with self._lock:
            self._pictures[key] = picture
            while len(self._pictures) > self._kept:
                self._pictures.popitem(last=False)

    def _refined(self, scenario: Scenario, seed: int, replications: int, first: Picture, stop: Stop) -> Picture:
        """More runs of what has been seen, one batch at a time, giving way to first pictures."""
        parts = [first]
        with self._refining:
            for start in range(first.replications, replications, BATCH):
                self.give_way(scenario.digest())
                if stop():
                    raise Stopped
                parts.append(_computed(scenario, seed, range(start, min(start + BATCH, replications)), stop))
        weights = [part.replications / replications for part in parts]
        stocks = sum(weight * part.stocks for weight, part in zip(weights, parts, strict=True))
        return _frozen(np.concatenate([part.outcomes for part in parts]), np.asarray(stocks))

    def give_way(self, digest: str | None = None) -> None:
        """Wait, not for ever, while first pictures are being made.

        What refines the scenario of a digest waits also while those of other scenarios keep being asked for.
        """
        end = time.monotonic() + LONGEST_WAIT
        with self._calm:
            while (now := time.monotonic()) < end:
                left = end - now
                if not self._urgent:
                    asked, when = self._asked
                    left = min(left, when + CALM - now)
                    if left <= 0 or digest in (None, asked):
                        return
                self._calm.wait(left)

    @contextmanager
    def _hurried(self, digest: str) -> Iterator[None]:
        with self._calm:
            self._urgent += 1
            self._asked = (digest, time.monotonic())
        try:
            yield
        finally:
            with self._calm:
                self._urgent -= 1
                self._calm.notify_all()


def _computed(scenario: Scenario, seed: int, numbers: range, stop: Stop) -> Picture:
    def look_up(*_: int) -> None:
        if stop():
            raise Stopped

    runs = run_replications(scenario, load_country(), seed=seed, replications=numbers, keep={"means"}, progress=look_up)
    assert runs.means is not None
    return _frozen(runs.outcomes, runs.means)


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


def seen_pair(view: View) -> Pair | None:
    """The best pair that was computed before, or None."""
    *digests, seed = view.key
    for count in (FULL, FIRST):
        one, other = (PICTURES.seen(str(digest), seed, count) for digest in digests)
        if one is not None and other is not None:
            return Pair(one, other, view.key)
    return None


def pair_of(view: View, replications: int, stop: Stop = lambda: False) -> Pair:
    """Policy and baseline, each run or remembered; raises Stopped and SetupError."""
    one, other = (
        PICTURES.picture(scenario, view.seed, replications, stop) for scenario in (view.policy, view.baseline)
    )
    return Pair(one, other, view.key)


def hurry(view: View, patience: float = PATIENCE, stop: Stop = lambda: False) -> None:
    """Start the first pictures of a view in the background, and wait for them a little (seconds).

    Mostly they are there in time, and the page is drawn once; else it is drawn now and again once they are.
    """
    if seen_pair(view) is None:
        thread = threading.Thread(target=_hurried_pair, args=(view, stop), daemon=True)
        thread.start()
        thread.join(patience)


def _hurried_pair(view: View, stop: Stop) -> None:
    with suppress(SetupError, Stopped):  # the page asks again, and tells
        pair_of(view, FIRST, stop)


def warm_up() -> None:
    """Compile the rules, and make the first pictures everyone sees."""
    for count in (FIRST, FULL):
        pair_of(first_view(), count)
