"""The world as plain Python objects: the rules without a compiler, on attributes and lists.

Works only in a process started with ``NUMBA_DISABLE_JIT=1``, where every rule is the plain function it was written as.
numpy's arrays, slow one number at a time, are replaced by lists, so that plain Python is as fast as it can be.
"""

from __future__ import annotations

import importlib
import math
import os
import pkgutil
import random
from functools import reduce
from operator import add
from types import ModuleType
from typing import Any

import numpy as np

import dgsim.world
from dgsim.country import Country, load_country
from dgsim.engine import setup as making
from dgsim.scenario import Scenario
from dgsim.world import luck

if os.environ.get("NUMBA_DISABLE_JIT") != "1":
    raise ImportError("the plain world needs a process of its own with NUMBA_DISABLE_JIT=1")

MASK = 0xFFFFFFFF


class Thing:
    """A record as an object: its fields are attributes."""

    def __init__(self, record: np.void) -> None:
        fill(self, record)


class Column(list):
    """A list of numbers that the rules can sum."""

    def sum(self) -> float:
        """The numbers added up one by one, as the compiled rules do: Python 3.12 and later make up for rounding."""
        return reduce(add, self)


class PlainNumpy:
    """What the rules use of numpy, as plain Python; anything else is numpy's."""

    int64 = int
    float64 = float
    inf = math.inf
    exp = staticmethod(math.exp)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def zeros(length: int, _: Any = float) -> Column:
        """A list of zeros."""
        return Column([0.0] * length) if isinstance(length, int) else np.zeros(length)

    empty = zeros


def plain(value: Any) -> Any:
    """A field of a record as Python's own: a number, a list, or a dictionary by pair of places."""
    if np.ndim(value) == 2:
        return {cell: number.item() for cell, number in np.ndenumerate(value)}
    return Column(value.tolist()) if np.ndim(value) == 1 else value.item()


def fill(thing: Any, record: np.void) -> None:
    """The fields of a record become attributes."""
    for name in record.dtype.names or ():
        setattr(thing, name, plain(record[name]))


class World:
    """What every rule may look at besides its own record."""

    def __init__(self, records: Any) -> None:
        self.nation, self.policy, self.assumptions, self.services, self.items, self.open = map(Thing, records)


class Materials:
    """What a model of plain objects is built from: records before the first quarter, and the peers."""

    def __init__(self, scenario: Scenario, seed: int, replication: int, country: Country | None = None) -> None:
        setup = making.make_setup(scenario, country or load_country())
        initialise = making.initialise_world
        making.initialise_world = lambda _: None
        try:
            state = making.fresh_world(setup, seed, replication)
        finally:
            making.initialise_world = initialise
        self.provinces = setup.provinces
        self.roadmap = [Thing(record) for record in state.roadmap]
        self.policies = [Thing(record) for record in state.policies]
        self.world = World(state.world)
        self.peers = [array.tolist() for array in setup.peers]


def plain_philox(c0: int, c1: int, c2: int, c3: int, key0: int, key1: int) -> tuple[int, int, int, int]:
    """Philox 4x32-10 on Python's whole numbers."""
    for _ in range(10):
        a = 0xD2511F53 * c0
        b = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ key0, b & MASK, (a >> 32) ^ c3 ^ key1, a & MASK
        key0 = (key0 + 0x9E3779B9) & MASK
        key1 = (key1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def keyed_words(world: World, who: int, purpose: int, option: int) -> tuple[int, int, int, int]:
    """As the rule of the same name."""
    nation = world.nation
    counter = (nation.replication, nation.quarter, who, purpose * 65536 + option)
    return plain_philox(*counter, nation.seed & MASK, nation.seed >> 32)


def keyed_fours(world: World, who: int, purpose: int, numbers: dict[tuple[int, int], float]) -> None:
    """As the rule `draw_fours`."""
    for option in range(len(numbers) // 4):
        for cell, word in enumerate(luck.draw_words(world, who, purpose, option)):
            numbers[cell, option] = luck.coarse(word)


KEYED = {"uniform": luck.uniform, "draw_fours": keyed_fours, "normal": luck.normal}


def sequential_uniform(*_: Any) -> float:
    """Python's own generator, as a modeller would draw."""
    return random.random()


def sequential_normal(*_: Any) -> float:
    """The same for normal numbers."""
    return random.gauss(0.0, 1.0)


def sequential_fours(_world: World, _who: int, _purpose: int, numbers: dict[tuple[int, int], float]) -> None:
    """The same for many numbers at a time."""
    for cell in numbers:
        numbers[cell] = random.random()


SEQUENTIAL = {"uniform": sequential_uniform, "draw_fours": sequential_fours, "normal": sequential_normal}


def modules() -> list[ModuleType]:
    """The modules of the world."""
    names = [f"dgsim.world.{module.name}" for module in pkgutil.iter_modules(dgsim.world.__path__)]
    return [importlib.import_module(name) for name in names]


def use_plain_numpy() -> None:
    """From now on the rules run without numpy; the cipher on Python's whole numbers."""
    for module in modules():
        if getattr(module, "np", None) is np and module is not luck:
            module.np = PlainNumpy()  # type: ignore[attr-defined]
    luck.draw_words = keyed_words


def draw(keyed: bool) -> None:
    """Whether luck is keyed, as the engine's (equal results), or drawn one after the other (faster)."""
    for module in modules():
        for name in KEYED.keys() & vars(module).keys():
            setattr(module, name, (KEYED if keyed else SEQUENTIAL)[name])


use_plain_numpy()
