"""Choosing and serving citizens in plain C beside the same acts compiled by numba, on the same records."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import acts
import numba
import numpy as np
from timing import Row, Spread, agreed, in_turns, ratios

from dgsim.country import load_country
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import Scenario
from dgsim.world import choice_fast, citizens, luck, money, state
from dgsim.world.state import World

SOURCE = Path(__file__).parent / "c" / "rules.c"
# The arithmetic of the engine: no fused multiply-add, no reordering.
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-lm")
RECORDS = {
    "province": state.PROVINCE,
    "nation": state.NATION,
    "policy": state.POLICY,
    "assumptions": state.ASSUMPTIONS,
    "services": state.CATALOGUE,
    "items": state.ROADMAP_TABLE,
    "scratch": state.OPEN,
}
C_TYPES = {"u4": "uint32_t", "u8": "uint64_t", "i1": "int8_t", "i4": "int32_t", "i8": "int64_t", "f8": "double"}
LABELS = {"choose": "Choosing (act 6)", "serve_citizens": "Serving citizens (act 8)"}
ACTS = tuple(LABELS)


class NoCompilerError(RuntimeError):
    """There is no C compiler on this machine."""


def header() -> str:
    """The records as C structures, and every whole number the rules know by name."""
    numbers = {
        name: value
        for module in (luck, money, state)
        for name, value in vars(module).items()
        if name.isupper() and type(value) is int
    }
    constants = "enum {\n" + "".join(f"    {name} = {value},\n" for name, value in sorted(numbers.items())) + "};\n"
    return constants + "".join(structure(name, dtype) for name, dtype in RECORDS.items())


def structure(name: str, dtype: np.dtype) -> str:
    """One record as a C structure."""
    fields = ""
    for field in dtype.names or ():
        kind = dtype[field]
        sizes = "".join(f"[{length}]" for length in kind.shape)
        fields += f"    {C_TYPES[kind.base.str[1:]]} {field}{sizes};\n"
    return f"typedef struct {{\n{fields}}} {name};\n"


def compile_c(folder: Path) -> ctypes.CDLL:
    """The C loop as a library; raises NoCompilerError."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("the C loop needs gcc")
    (folder / "records.h").write_text(header(), encoding="utf-8")
    library = folder / "rules.so"
    subprocess.run([compiler, str(SOURCE), f"-I{folder}", *FLAGS, "-o", str(library)], check=True)
    loaded = ctypes.CDLL(str(library))
    assert loaded.size_of_province() == state.PROVINCE.itemsize
    assert loaded.size_of_nation() == state.NATION.itemsize
    return loaded


class Snapshots:
    """The worlds of one run, a quarter each, as they stand when an act begins."""

    def __init__(self, scenario: Scenario, act: str, seed: int = 7) -> None:
        setup = make_setup(scenario, load_country())
        before, after = acts.up_to(act), acts.from_here(act)
        world, row = fresh_world(setup, seed, 0), np.zeros(len(state.NATION_FIELDS) + 100)
        provinces, nations = [], []
        for _ in range(setup.quarters):
            before(world, row)
            provinces.append(world.provinces.copy())
            nations.append(np.array(world.world.nation))
            after(world, row)
        self.provinces, self.nations = np.array(provinces), np.array(nations)
        self.fixed = (setup.policies, *setup.tables, np.zeros(1, state.OPEN))

    def fresh(self) -> tuple[np.ndarray, ...]:
        """Arrays an act may change, those it only reads, and scratch paper."""
        return self.provinces.copy(), self.nations.copy(), *self.fixed


@numba.njit(nogil=True, error_model="numpy")
def choose_in_all(provinces, nations, policies, k, services, items, scratch, choices):
    """Act 6 of all provinces in all worlds."""
    for q in range(len(nations)):
        world = World(nations[q], policies[q], k[0], services[0], items[0], scratch[0])
        for i in range(provinces.shape[1]):
            choice_fast.choose(provinces[q, i], world, choices)


@numba.njit(nogil=True, error_model="numpy")
def serve_citizens_in_all(provinces, nations, policies, k, services, items, scratch, choices):
    """Act 8 of all provinces in all worlds."""
    for q in range(len(nations)):
        world = World(nations[q], policies[q], k[0], services[0], items[0], scratch[0])
        for i in range(provinces.shape[1]):
            citizens.serve_citizens(provinces[q, i], world)


def in_numba(act: str) -> Callable[[tuple[np.ndarray, ...]], float]:
    """The act in all worlds by the compiled rules; returns its seconds."""
    loop = {"choose": choose_in_all, "serve_citizens": serve_citizens_in_all}[act]
    choices = np.zeros(0, state.CHOICE)

    def run(arrays: tuple[np.ndarray, ...]) -> float:
        return timed(loop, *arrays, choices)

    return run


def in_c(library: ctypes.CDLL, act: str) -> Callable[[tuple[np.ndarray, ...]], float]:
    """The act in all worlds by the C loop; returns its seconds."""
    function = getattr(library, f"{act}_in_all")
    function.restype = None
    function.argtypes = [ctypes.c_void_p] * len(RECORDS) + [ctypes.c_int64] * 2

    def run(arrays: tuple[np.ndarray, ...]) -> float:
        return timed(function, *(array.ctypes.data for array in arrays), *arrays[0].shape)

    return run


def timed(function: Callable, *arguments: Any) -> float:
    """The processor seconds of a call."""
    began = time.thread_time()
    function(*arguments)
    return time.thread_time() - began


def agreement(library: ctypes.CDLL, act: str, snapshots: Snapshots) -> str:
    """How well both agree on every field of every record; raises DisagreementError."""
    ours, theirs = snapshots.fresh(), snapshots.fresh()
    in_numba(act)(ours)
    in_c(library, act)(theirs)
    names = state.PROVINCE.names or ()
    values = [[records[0][name].ravel() for name in names] for records in (ours, theirs)]
    return agreed(f"{act} in {SOURCE.name} against the rules of dgsim.world", *map(np.concatenate, values))


def compare(plan: Scenario, rounds: int, library: ctypes.CDLL) -> list[Row]:
    """Each act by numba and by C, a run's worth of it."""
    return [row for act in ACTS for row in compare_act(plan, act, rounds, library)]


def compare_act(plan: Scenario, act: str, rounds: int, library: ctypes.CDLL) -> list[Row]:
    """One act by C and by numba; they must agree."""
    snapshots = Snapshots(plan, act)
    agrees = agreement(library, act, snapshots)
    loops = {"numba": in_numba(act), "c": in_c(library, act)}
    times = in_turns(
        [lambda: {name: loop(snapshots.fresh()) for name, loop in loops.items()}],
        rounds,
    )
    return [
        Row(f"{LABELS[act]}: plain C", Spread.of(times["c"]), None, agrees),
        Row(f"{LABELS[act]}: the engine", Spread.of(times["numba"]), ratios(times, "numba", "c"), ""),
    ]
