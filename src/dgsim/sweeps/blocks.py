"""Blocks: so many runs in a row, computed together on any thread, process or machine, with the same bytes as result."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from dgsim.country import Country
from dgsim.engine.driver import RunParts, run_world
from dgsim.engine.sets import Ensemble, ParameterSets
from dgsim.engine.setup import Setup, make_setup
from dgsim.errors import StudyError
from dgsim.scenario import Scenario, quarter_text
from dgsim.sweeps import arrow
from dgsim.sweeps.designs import Design
from dgsim.sweeps.identity import changed_model, model_record
from dgsim.sweeps.points import Point, Points
from dgsim.world.state import PANEL
from dgsim.world.tables import OUTCOME_NAMES

Parts = Mapping[str, bytes]


@dataclass(frozen=True)
class Recipe:
    """All that blocks of a sweep share: enough for another process to compute them."""

    scenarios: tuple[Scenario, ...]
    country: Country
    seed: int
    quarters: tuple[int, ...]
    outcomes: tuple[str, ...]
    keep: tuple[str, ...]
    model: dict[str, Any]
    parameters: Ensemble
    sweep: str = ""  # the hash of the sweep the parts are for

    @cached_property
    def setups(self) -> tuple[Setup, ...]:
        """The setup of every scenario, before anything is varied."""
        return tuple(make_setup(scenario, self.country) for scenario in self.scenarios)


@dataclass(frozen=True)
class Block:
    """Some runs in a row: points, and of each the replications that fall into the block."""

    number: int
    points: tuple[tuple[Point, range], ...]

    @property
    def runs(self) -> int:
        """The number of runs."""
        return sum(len(replications) for _, replications in self.points)

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """Point and replication of every run."""
        return [(point.number, number) for point, replications in self.points for number in replications]


def recipe_of(design: Design, country: Country, sweep: str = "") -> Recipe:
    """The recipe of a design in a country, for the sweep of a hash."""
    return Recipe(
        scenarios=design.scenarios,
        country=replace(country, outlines=None),
        seed=design.seed,
        quarters=design.quarters,
        outcomes=design.outcomes,
        keep=design.keep,
        model=model_record(),
        parameters=design.parameters,
        sweep=sweep,
    )


def block_of(points: Points, number: int, runs: range) -> Block:
    """The block of some runs; run r is replication r % replications of point r // replications."""
    each = points.design.replications
    inside = range(runs.start // each, (runs.stop - 1) // each + 1)
    spans = (range(max(runs.start - p * each, 0), min(runs.stop - p * each, each)) for p in inside)
    return Block(number, tuple((points.at(point), span) for point, span in zip(inside, spans, strict=True)))


def run_block(recipe: Recipe, block: Block) -> Parts:
    """The block's rows as Parquet files by table.

    Raises StudyError where the model here is another than the recipe's.
    """
    if model_record() != recipe.model:
        here = platform.node()
        raise StudyError(f"the worker on {here} has another model or other versions: {changed_model(recipe.model)}")
    provenance = block_provenance(recipe.sweep, block)
    return {name: arrow.encoded(table, provenance) for name, table in block_tables(recipe, block).items()}


def block_provenance(sweep: str, block: Block) -> dict[str, Any]:
    """What every part of a block says of itself."""
    first, last = block.numbers[0], block.numbers[-1]
    return {"sweep": sweep, "block": block.number, "runs": block.runs, "from": list(first), "to": list(last)}


def block_tables(recipe: Recipe, block: Block) -> dict[str, pa.Table]:
    """The block's rows by table; a run that yields what is no number is left out and recorded."""
    gathered = _Gathered(recipe, block.runs)
    for point, replications in block.points:
        sets = _sets(recipe, point)
        for replication in replications:
            run = run_world(sets.of(replication), recipe.seed, replication, keep=frozenset(recipe.keep))
            gathered.add(point.number, replication, run)
    return gathered.tables()


def _sets(recipe: Recipe, point: Point) -> ParameterSets:
    """The setups of a point under every set of parameters."""
    scenario, base = recipe.scenarios[point.scenario], recipe.setups[point.scenario]
    return ParameterSets(scenario, recipe.country, recipe.parameters, values=point.values, base=base)


class _Gathered:
    """The runs of a block so far, of which only what is kept is held."""

    def __init__(self, recipe: Recipe, most: int) -> None:
        self.recipe = recipe
        self.columns = [OUTCOME_NAMES.index(name) for name in recipe.outcomes]
        self.numbers: list[tuple[int, int]] = []
        self.failed: list[dict[str, Any]] = []
        self.outcomes = np.empty((most, len(recipe.quarters), len(recipe.outcomes)))
        panels = most if "provinces" in recipe.keep else 0
        self.panels = np.empty((panels, len(recipe.quarters), len(recipe.country)), PANEL)
        self.books: list[np.ndarray] = []

    def add(self, point: int, replication: int, run: RunParts) -> None:
        """Add what a run left behind."""
        outcomes, panel, ledger, _ = run
        reason = _fault(outcomes)
        if reason:
            world = {"point": point, "replication": replication, "seed": self.recipe.seed}
            self.failed.append(world | {"reason": reason})
            return
        row, quarters = len(self.numbers), list(self.recipe.quarters)
        self.numbers.append((point, replication))
        self.outcomes[row] = outcomes[quarters][:, self.columns]
        if "provinces" in self.recipe.keep:
            self.panels[row] = panel[quarters]
        if "ledger" in self.recipe.keep:
            self.books.append(ledger)

    def tables(self) -> dict[str, pa.Table]:
        """The tables of the store with the rows of these runs."""
        recipe, codes, count = self.recipe, self.recipe.country.codes, len(self.numbers)
        runs = arrow.Runs([point for point, _ in self.numbers], [number for _, number in self.numbers])
        outcomes = arrow.outcomes_table(runs, recipe.quarters, recipe.outcomes, self.outcomes[:count])
        tables = {"outcomes": arrow.with_failures(outcomes, self.failed)}
        if "provinces" in recipe.keep:
            tables["provinces"] = arrow.provinces_table(runs, recipe.quarters, codes, self.panels[:count])
        if "ledger" in recipe.keep:
            tables["ledger"] = arrow.ledger_table(runs, recipe.scenarios[0].quarters, codes, self.books)
        return tables


def _fault(outcomes: np.ndarray) -> str:
    """What is wrong with outcomes [quarter, outcome]: the first that is no finite number; nothing if all are."""
    wrong = np.argwhere(~np.isfinite(outcomes))
    if not len(wrong):
        return ""
    quarter, outcome = wrong[0]
    return f"{OUTCOME_NAMES[outcome]} is {outcomes[quarter, outcome]} in {quarter_text(int(quarter))}"
