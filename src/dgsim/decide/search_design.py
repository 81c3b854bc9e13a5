"""The design of a search as a TOML file: what may be varied, what is wanted, and how long is searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dgsim.appraisals.targets.chances import sets_with
from dgsim.appraisals.targets.file import Target
from dgsim.decide.decision_space import DecisionSpace
from dgsim.decide.objectives import MEASURABLE, STATISTICS, TOTAL_MONEY, ChanceConstraint, Constraint, Objective
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble
from dgsim.errors import LARGEST_SEED, DesignError, ScenarioError, StudyError, did_you_mean
from dgsim.files import is_file, is_folder
from dgsim.scenario import Scenario, load_scenario, quarter_text
from dgsim.scenario.calendar import LONGEST_HORIZON
from dgsim.scenario.errors import shown
from dgsim.scenario.rules import Rule
from dgsim.scenario.schema import HEAD_RULES
from dgsim.scenario.source import KeyPath, Source, read_source
from dgsim.study.amounts import amount
from dgsim.study.reader import Reader
from dgsim.sweeps.design_axes import read_levers
from dgsim.sweeps.design_file import read_parameters, scenario_beside

PYTHON_LABEL = "search given in Python"
COUNT = Rule("int", "runs", 2, 1_000_000)
HEADS = {
    "name": HEAD_RULES["name"],
    "question": HEAD_RULES["question"],
    "replications": COUNT,
    "seed": Rule("int", "seed", 0, LARGEST_SEED - 1),
}
SEARCH = {
    "population": Rule("int", "scenarios", 4, 10_000),
    "generations": Rule("int", "generations", 1, 100_000),
    "fresh": COUNT,
    "keep": Rule("int", "scenarios", 1, 1_000),
}
ITEMS = {"items": Rule("words"), "earliest": Rule("date"), "latest": Rule("date")}
TARGETS = {"target": Rule("line"), "name": Rule("word")}
COSTS = {
    "low": Rule("float", "share of the item's cost", 0, 10),
    "high": Rule("float", "share of its cost", 0, 10),
}
GOAL = {"outcome": Rule("line"), "quarter": Rule("date"), "statistic": Rule("choice", choices=STATISTICS)}


@dataclass(frozen=True)
class SearchDesign:
    """What is searched. `start` is the scenario from which everything is taken that is not varied."""

    name: str
    question: str
    start: Scenario
    space: DecisionSpace
    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint | ChanceConstraint, ...]
    parameters: Ensemble
    replications: int
    seed: int
    population: int
    generations: int
    fresh: int
    keep: int

    @property
    def measured(self) -> tuple[Objective, ...]:
        """All that is measured, once each: objectives first."""
        limits = (objective for constraint in self.constraints for objective in constraint.measured)
        return tuple(dict.fromkeys([*self.objectives, *limits]))

    @property
    def generation_runs(self) -> int:
        """Runs of a generation, if none of its scenarios was tried before."""
        return self.population * self.replications

    @property
    def runs(self) -> int:
        """Runs of the whole search at most: all generations, and the best and the start on fresh luck."""
        return self.generations * self.generation_runs + (self.keep + 1) * self.fresh

    def record(self) -> dict[str, Any]:
        """All that the results depend on besides the model and the country, as plain data."""
        return {
            "name": self.name,
            "start": self.start.digest(),
            "variables": self.space.record(),
            "objectives": [objective.name for objective in self.objectives],
            "limits": [constraint.text for constraint in self.constraints],
            "parameters": self.parameters.record(),
            "replications": self.replications,
            "seed": self.seed,
            "population": self.population,
            "fresh": self.fresh,
            "keep": self.keep,
        }


def load_search(which: str | Path | Mapping[str, Any] | SearchDesign) -> SearchDesign:
    """The search of a TOML file, or of a mapping in the form of one. Raises DesignError, a sentence a mistake."""
    if isinstance(which, SearchDesign):
        return which
    if isinstance(which, Mapping):
        return _search(Reader(Source(PYTHON_LABEL, None, which)))
    file = Path(which)
    if file.suffix != ".toml" or not is_file(file):
        beside = [other.name for other in file.parent.glob("*.toml")] if is_folder(file.parent) else []
        what = "there is no such file" if file.suffix == ".toml" else "the design of a search is a .toml file"
        raise DesignError(f"{which}: {what}{did_you_mean(file.name, beside)}")
    try:
        return _search(Reader(read_source(file)))
    except ScenarioError as error:
        raise DesignError(str(error)) from None


def _search(reader: Reader) -> SearchDesign:
    lists = ("start", "parameters", "roadmap", "levers", "objective", "constraint", "search")
    reader.only_known((), reader.data, (*HEADS, *lists))
    head = reader.values((), reader.data, HEADS)
    start = _start(reader)
    search = reader.table("search")
    reader.only_known(("search",), search, SEARCH)
    how = reader.values(("search",), search, SEARCH)
    parameters = read_parameters(reader, PLAUSIBLE_NAME)
    levers = read_levers(reader)
    roadmap = _roadmap(reader, start) if start and "roadmap" in reader.data else {}
    horizon = start.quarters if start else LONGEST_HORIZON
    objectives = [_goal(reader, path, row, horizon) for path, row in reader.rows("objective")]
    constraints = [_constraint(reader, path, row, horizon) for path, row in reader.rows("constraint")]
    if len(set(objectives)) < 2 and None not in objectives:
        reader.fault(("objective",), f"objective: a trade-off needs two or more; given: {len(set(objectives))}")
    if not levers and not roadmap:
        reader.fault((), "nothing is varied: write [levers] or [roadmap]")
    reader.stop_at_problems()
    assert start is not None
    return SearchDesign(
        name=head.get("name", reader.source.name),
        question=head.get("question", ""),
        start=start,
        space=DecisionSpace(start, tuple(levers), **roadmap),
        objectives=tuple(dict.fromkeys(goal for goal in objectives if goal)),
        constraints=tuple(constraint for constraint in constraints if constraint),
        parameters=parameters,
        replications=head.get("replications", 32),
        seed=head.get("seed", 0),
        population=how.get("population", 32),
        generations=how.get("generations", 20),
        fresh=how.get("fresh", 256),
        keep=how.get("keep", 12),
    )


def _start(reader: Reader) -> Scenario | None:
    given = reader.data.get("start")
    try:
        if isinstance(given, Scenario) or (isinstance(given, Mapping) and reader.source.file is None):
            return load_scenario(given)
        if not isinstance(given, str):
            raise ScenarioError('start is the name of the scenario to begin with, such as start = "staged"')
        return scenario_beside(reader.source, given, "start")
    except ScenarioError as error:
        reader.fault(("start",), str(error))
        return None


def _roadmap(reader: Reader, start: Scenario) -> dict[str, Any]:
    """Which items move, between which quarters, and between which shares of their cost."""
    table = reader.table("roadmap")
    reader.only_known(("roadmap",), table, (*ITEMS, "cost"))
    names = tuple(item.name for item in start.roadmap)
    every = {"items": list(names)} if table.get("items", "all") == "all" else {}
    found = reader.values(("roadmap",), {**table, **every}, ITEMS)
    for name in found.get("items", ()):
        if name not in names:
            meant = did_you_mean(name, names)
            reader.fault(("roadmap", "items"), f"roadmap.items names {shown(name)}, no item of {start.name}{meant}")
    cost = table.get("cost", {"low": 1.0, "high": 1.0})
    if not isinstance(cost, Mapping):
        reader.fault(("roadmap", "cost"), "roadmap.cost is not a range such as { low = 0.5, high = 1.5 }")
        cost = {}
    reader.only_known(("roadmap", "cost"), cost, COSTS)
    share = {"low": 1.0, "high": 1.0} | reader.values(("roadmap", "cost"), cost, COSTS)
    first, last = found.get("earliest", 0), found.get("latest", start.plan_quarters - 1)
    if first > last or last >= start.plan_quarters:
        span = f"{quarter_text(first)} to {quarter_text(last)}"
        end = quarter_text(start.plan_quarters - 1)
        reader.fault(("roadmap",), f"roadmap: {span} is no span of the plan of {start.name}, which ends in {end}")
    if share["low"] > share["high"]:
        reader.fault(("roadmap", "cost"), f"roadmap.cost is a range from {share['low']:g} to {share['high']:g}")
    return {
        "items": found.get("items", ()),
        "earliest": first,
        "latest": last,
        "cost": (share["low"], share["high"]),
    }


def _goal(
    reader: Reader, path: KeyPath, row: Mapping[str, Any], horizon: int, more: tuple[str, ...] = ()
) -> Objective | None:
    reader.only_known(path, row, (*GOAL, *more))
    found = reader.values(path, row, GOAL)
    outcome = found.get("outcome")
    if outcome not in MEASURABLE:
        meant = did_you_mean(outcome, MEASURABLE)
        text = f"{path[0]}.outcome = {shown(outcome)} is neither an outcome nor {TOTAL_MONEY}{meant}"
        reader.fault((*path, "outcome"), text)
        return None
    quarter = found.get("quarter", horizon - 1)
    if quarter >= horizon:
        end = quarter_text(horizon - 1)
        text = f"{path[0]}.quarter = {quarter_text(quarter)} is beyond the horizon, which ends in {end}"
        reader.fault((*path, "quarter"), text)
        return None
    return Objective(outcome, quarter, found.get("statistic", "mean"))


def _constraint(
    reader: Reader, path: KeyPath, row: Mapping[str, Any], horizon: int
) -> Constraint | ChanceConstraint | None:
    if "target" in row:
        return _chance_constraint(reader, path, row, horizon)
    objective = _goal(reader, path, row, horizon, ("at_most", "at_least"))
    given = [key for key in ("at_most", "at_least") if key in row]
    if len(given) != 1:
        reader.fault(path, "constraint: say either at_most or at_least")
        return None
    if objective is None:
        return None
    try:
        bound = amount(row[given[0]], objective.unit, f"constraint.{given[0]}")
    except StudyError as error:
        reader.fault((*path, given[0]), str(error))
        return None
    return Constraint(objective, bound, given[0] == "at_most")


def _chance_constraint(reader: Reader, path: KeyPath, row: Mapping[str, Any], horizon: int) -> ChanceConstraint | None:
    """The targets of a file, or one of them, that must be met at a chance."""
    reader.only_known(path, row, (*TARGETS, "chance"))
    given = row["target"] if reader.source.file is None and isinstance(row["target"], Mapping) else None
    found = reader.values(path, {key: value for key, value in row.items() if value is not given}, TARGETS)
    if given is None and "target" not in found:
        return None
    try:
        if "chance" not in row:
            raise StudyError("constraint.chance is missing: say in which share of the runs, such as chance = 0.8")
        chance = amount(row["chance"], "share of runs", "constraint.chance")
        (kept,) = sets_with(found.get("name"), given or _beside(reader, found["target"]))
        for target in kept.targets:
            _check_searched(target, horizon)
    except StudyError as error:
        reader.fault((*path, "target"), str(error))
        return None
    name = f"{kept.name}: {found['name']}" if "name" in found else kept.name
    return ChanceConstraint(name, kept.targets, chance)


def _beside(reader: Reader, which: str) -> str | Path:
    """A file of targets as the design names it: a file beside it, or as it is."""
    file = reader.source.file
    return file.parent / which if file is not None and is_file(file.parent / which) else which


def _check_searched(target: Target, horizon: int) -> None:
    """Raise StudyError where a search does not measure what a target is held against."""
    if not target.figure.is_outcome:
        raise StudyError(
            f"constraint.target: {target.name} is held against stocks of provinces, which a search does not keep; "
            "name a target of an outcome, as it is reported or true"
        )
    if target.by >= horizon:
        due, end = quarter_text(target.by), quarter_text(horizon - 1)
        raise StudyError(f"constraint.target: {target.name} is due in {due}, beyond the horizon, which ends in {end}")
