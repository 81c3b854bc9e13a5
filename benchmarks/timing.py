"""How times are taken: contenders in turns, round after round, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

HERE = Path(__file__).parent
TOLERANCE = 1e-9


class DisagreementError(RuntimeError):
    """Two versions of one model do not give the same results, so that there is nothing to compare."""


@dataclass(frozen=True)
class Spread:
    """The least, the median and the greatest of repeated measurements."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """The spread of some values."""
        return cls(min(values), median(values), max(values))

    def __str__(self) -> str:
        return " / ".join(number_text(value) for value in (self.low, self.middle, self.high))


def number_text(value: float) -> str:
    """Three digits, without an exponent.

    >>> number_text(0.012345), number_text(12345.0)
    ('0.0123', '12,345')
    """
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:#.3g}" if abs(value) >= 0.001 else f"{value:.5f}"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was timed, seconds, how many times as long as what it is held against, agreement."""

    what: str
    seconds: Spread
    ratio: Spread | None
    agreement: str


Measure = Callable[[], Mapping[str, float]]  # what was measured, by name
Times = dict[str, list[float]]


def in_turns(contenders: list[Measure], rounds: int) -> Times:
    """Measurements by name, one a round: every contender is asked once before any is asked again."""
    times: Times = {}
    for _ in range(rounds):
        for measure in contenders:
            for name, value in measure().items():
                times.setdefault(name, []).append(value)
    return times


def ratios(times: Times, name: str, to: str) -> Spread:
    """How many times as long one took as another, round by round."""
    return Spread.of([mine / theirs for mine, theirs in zip(times[name], times[to], strict=True)])


def processor_seconds(function: Callable[[], Any]) -> float:
    """What a call costs in seconds of this process's processor time."""
    began = time.process_time()
    function()
    return time.process_time() - began


def clock_seconds(function: Callable[[], Any]) -> float:
    """How long a call takes on the clock."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def agreed(what: str, ours: np.ndarray, theirs: np.ndarray, tolerance: float = TOLERANCE) -> str:
    """How well two arrays of results agree; raises DisagreementError beyond the tolerance (relative to 1 or the value).

    >>> agreed("x", np.ones(2), np.ones(2))
    'the same bytes'
    """
    if ours.shape != theirs.shape:
        raise DisagreementError(f"{what}: {ours.shape} results against {theirs.shape}")
    if np.array_equal(ours, theirs):
        return "the same bytes"
    off = float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(ours))))
    if not off <= tolerance:
        raise DisagreementError(f"{what}: results differ by {off:.3g}, allowed are {tolerance:g}")
    return f"to {off:.0e}"


class Worker:
    """A process of its own that answers orders, a line of JSON each."""

    def __init__(self, script: str, *arguments: str, **environment: str) -> None:
        paths = [str(HERE.parent / "src"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        self.name = script
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        )

    def ask(self, do: str, **order: Any) -> Any:
        """The answer to an order; raises RuntimeError if the process has died."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} died; its message stands above")
        return json.loads(answer)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=60)


def answer(orders: Mapping[str, Callable[..., Any]]) -> None:
    """The other side of a Worker: answers until there are no more orders; what else is printed goes to stderr."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(orders[order.pop("do")](**order)), file=answers, flush=True)


def peak() -> float:
    """The most memory this process held, MB; what the system tells of a child starts with its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def machine() -> str:
    """The machine and what runs on it, in a line."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}; load over 1, 5 and 15 minutes: {load}"
