"""Which roadmap and incentives are robust: a search for the best trade-offs over plausible worlds.

The search is NSGA-II (Deb and others 2002), with more than three objectives NSGA-III (Deb and Jain 2014), by pymoo.
Every scenario it asks for is run as a sweep into the folder, so that a search that was left goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.analysis.problem import library
from dgsim.country import Country, load_country
from dgsim.decide.evaluator import interval
from dgsim.decide.objectives import TOTAL_MONEY, Objective, Samples, planned
from dgsim.decide.search_design import SearchDesign, load_search
from dgsim.engine.run import Progress, rules_digest, shifted
from dgsim.errors import StudyError, asked
from dgsim.files import PARTIAL, replaced
from dgsim.scenario import Scenario, quarter_text
from dgsim.study.limits import check_limits, is_sure
from dgsim.study.record import Basis, country_hash
from dgsim.study.timing import timed
from dgsim.sweeps.sweep import SweepInterrupted, sweep

RECORD = "search.json"


@dataclass(frozen=True, repr=False)
class Front:
    """The trade-offs a search found.

    Attributes
    ----------
    design : SearchDesign
        What was asked.
    scenarios : tuple of Scenario
        Those that no other beats in all objectives on fresh runs and that keep the constraints there.
    dropped : tuple of str
        Names of those that looked as good on the runs that chose them, and were so by luck.
    table : DataFrame
        `scenario, objective, outcome, quarter, unit, fresh, low, high, start, difference, difference_low,
        difference_high, seen_difference`: on fresh runs with the 95% interval; the same of the scenario the search
        began with; the paired difference from it on fresh runs, and on the runs that chose.
    tried : DataFrame
        Every scenario the search tried: `scenario`, if it is the start or of the front; a column an objective, with the
        paired difference from the start on the runs that chose; `kept`: whether it kept the constraints.
    basis : Basis
        Scenarios, country, luck and parameters.
    """

    design: SearchDesign
    scenarios: tuple[Scenario, ...]
    dropped: tuple[str, ...]
    table: pd.DataFrame
    tried: pd.DataFrame
    basis: Basis

    def __repr__(self) -> str:
        return f"Front({self.design.name}: {len(self.scenarios)} of {len(self.tried)} scenarios)"


@dataclass
class _Archive:
    """Every scenario that was run, and what it came to."""

    design: SearchDesign
    folder: Path
    country: str | Path | Country | None
    progress: Progress | None
    samples: dict[str, Samples] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)

    def run(
        self,
        candidates: Sequence[Scenario],
        subfolder: str,
        seed: int,
        replications: int,
        progress: Progress | None = None,
    ) -> dict[str, Samples]:
        """The measures of scenarios [run], from a sweep in a folder of the search, by digest."""
        unknown = {plan.digest(): plan for plan in candidates}
        kept = [objective for objective in self.design.measured if objective.outcome != TOTAL_MONEY]
        named = {digest: plan.with_changes(name=f"plan-{digest[:12]}") for digest, plan in unknown.items()}
        result = sweep(
            {
                "name": subfolder.replace("/", "-"),
                "scenarios": list(named.values()),
                "parameters": self.design.parameters,
                "replications": replications,
                "seed": seed,
                "outcomes": list(dict.fromkeys(objective.outcome for objective in kept)) or ["use"],
                "quarters": [quarter_text(at) for at in dict.fromkeys(m.quarter for m in kept)] or [quarter_text(0)],
            },
            self.folder / subfolder,
            resume=True,
            country=self.country,
            any_size=True,  # looked at for the whole search, before it began
            progress=progress,
        )
        wide = result.wide
        wide = wide.assign(plan=result.points["scenario"].astype(str).to_numpy()[wide["point"]])
        if len(result.failed):
            raise StudyError(f"{len(result.failed)} runs in {self.folder / subfolder} yield what is no number")
        return {digest: self._samples(wide, plan, replications) for digest, plan in named.items()}

    def _samples(self, wide: pd.DataFrame, plan: Scenario, replications: int) -> Samples:
        mine = wide[wide["plan"] == plan.name]
        found: dict[Objective, np.ndarray] = {}
        for objective in self.design.measured:
            if objective.outcome == TOTAL_MONEY:
                found[objective] = planned(plan, replications)
            else:
                rows = mine[mine["quarter"] == quarter_text(objective.quarter)].sort_values("replication")
                found[objective] = rows[objective.outcome].to_numpy()
        return found

    def evaluate(self, candidates: Sequence[Scenario], generation: int) -> None:
        """Run what is not known yet; a generation counts in full, also where some of it is known."""
        design, before = self.design, generation * self.design.generation_runs
        fresh = {plan.digest(): plan for plan in candidates if plan.digest() not in self.samples}
        if fresh:
            subfolder = f"generations/{generation:04d}"
            told = shifted(self.progress, before, design.runs)
            self.samples |= self.run(list(fresh.values()), subfolder, design.seed, design.replications, told)
            self.scenarios |= fresh
        if self.progress is not None:
            self.progress(before + design.generation_runs, design.runs)

    def goals(self, digest: str) -> tuple[list[float], list[float]]:
        """Objectives, all to be made small, and by how much each constraint is broken."""
        return _goals(self.design, self.samples[digest])


def optimise(
    design: str | Path | Mapping[str, Any] | SearchDesign,
    out: str | Path,
    *,
    resume: bool = False,
    country: str | Path | Country | None = None,
    any_size: bool = False,
    progress: Progress | None = None,
) -> Front:
    """Search for scenarios that no other beats in all objectives of a design, over plausible worlds.

    The best are run again on other luck, and only those that are still unbeaten, and keep the constraints there, are
    the front. Needs the extra `analysis`.

    Parameters
    ----------
    design : str, Path, Mapping or SearchDesign
        A TOML file, its content, or what was read from it: levers and dates to choose, objectives, constraints.
    out : str or Path
        A folder in which everything that is run is kept.
    resume : bool, default False
        Go on with what the folder holds, also with more generations than it was begun with.
    country : str, Path or Country, optional
        As in `simulate`.
    any_size : bool, default False
        Begin however long it takes; otherwise what would take more than a day is refused with the estimate.
    progress : callable, optional
        Called with the generations done and all generations.

    Returns
    -------
    Front
        The scenarios that are left, and how they compare with the start on fresh runs.

    Raises
    ------
    ScenarioError, CountryError
        If a scenario or the country cannot be used: one sentence a mistake.
    StudyError
        If the design or the folder cannot.
    SweepInterrupted
        After Ctrl-C; says how to go on.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from dgsim import optimise
    >>> design = {
    ...     "name": "grants",
    ...     "start": "staged",
    ...     "parameters": "central",
    ...     "replications": 2,
    ...     "levers": {"lump_sum": {"low": 0, "high": 400}},
    ...     "objective": [{"outcome": "use", "quarter": "2021Q4"}, {"outcome": "total_money"}],
    ...     "search": {"population": 4, "generations": 1, "fresh": 2},
    ... }
    >>> with TemporaryDirectory() as folder:
    ...     front = optimise(design, folder)
    >>> len(front.tried) >= len(front.scenarios) > 0
    True
    """
    search, folder, land = load_search(design), Path(out), load_country(country)
    if not any_size and not is_sure(search.runs, len(land), search.start.quarters):
        one = timed(search.start, land, search.parameters)
        check_limits(search.name, search.runs, one.seconds * search.runs)
    _claim(folder, search, land, resume)
    archive = _Archive(search, folder, land, progress)
    try:
        _search(search, archive)
        return _front(search, archive, land)
    except KeyboardInterrupt:
        raise SweepInterrupted("interrupted.search", folder=str(folder)) from None


def _claim(folder: Path, search: SearchDesign, country: Country, resume: bool) -> None:
    """Make the folder, or check that it holds this search; raises StudyError."""
    record = {"made_by": "dgsim optimise", "design": search.record(), "country": country_hash(country)}
    record["rules_and_data"] = rules_digest()
    file = folder / RECORD
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.exists():
            if not resume:
                raise StudyError(f"{folder} holds a search: continue it with {asked('resume')}, or name another folder")
            if json.loads(file.read_text(encoding="utf-8")) != record:
                raise StudyError(f"{folder} holds another search, or one by another model: name another folder")
        elif any(not path.name.startswith(PARTIAL) for path in folder.iterdir()):
            raise StudyError(f"{folder} is not empty and holds no search: name another folder")
        else:
            with replaced(file) as partial:
                partial.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    except (OSError, json.JSONDecodeError) as error:
        raise StudyError(f"{folder} cannot be used: {error}") from None


def _search(search: SearchDesign, archive: _Archive) -> None:
    """Generation after generation; the luck of the search is that of the design, so that it is the same every time."""
    problem = library("pymoo.core.problem").Problem
    static = library("pymoo.problems.static").StaticProblem
    count, constraints = len(search.objectives), len(search.constraints)
    space = problem(n_var=search.space.variables, n_obj=count, n_ieq_constr=constraints, xl=0.0, xu=1.0)
    method = _algorithm(search)
    method.setup(space, termination=("n_gen", search.generations), seed=search.seed % 2**31, verbose=False)
    generation = 0
    while method.has_next():
        asked = method.ask()
        plans = [search.space.scenario(point, search.name) for point in asked.get("X")]
        archive.evaluate([search.start, *plans] if generation == 0 else plans, generation)
        goals, broken = zip(*(archive.goals(plan.digest()) for plan in plans), strict=True)
        known = {"F": np.array(goals)} | ({"G": np.array(broken)} if constraints else {})
        method.evaluator.eval(static(space, **known), asked)
        method.tell(infills=asked)
        generation += 1


def _algorithm(search: SearchDesign) -> Any:
    """The method, begun with the start itself and points at random."""
    first = np.random.default_rng(search.seed).random((search.population, search.space.variables))
    first[0] = search.space.own()
    if len(search.objectives) <= 3:
        return library("pymoo.algorithms.moo.nsga2").NSGA2(pop_size=search.population, sampling=first)
    directions = library("pymoo.util.ref_dirs").get_reference_directions(
        "energy", len(search.objectives), search.population, seed=1
    )
    tournament = library("pymoo.operators.selection.tournament").TournamentSelection(func_comp=_less_broken)
    return library("pymoo.algorithms.moo.nsga3").NSGA3(
        directions, pop_size=search.population, sampling=first, selection=tournament
    )


def _less_broken(population: Any, pairs: np.ndarray, random_state: np.random.Generator, **_: Any) -> np.ndarray:
    """The winner of every pair [pair, 1]: who breaks constraints less, else either, by the luck of the search.

    The method's own comparison takes fresh luck where both break them alike, so that no search would be repeated.
    """
    broken = np.array([one.CV[0] for one in population])[pairs]
    either = np.where(random_state.random(len(pairs)) < 0.5, pairs[:, 0], pairs[:, 1])
    least = pairs[np.arange(len(pairs)), broken.argmin(axis=1)]
    return np.where(broken[:, 0] == broken[:, 1], either, least)[:, None]


def _goals(search: SearchDesign, samples: Samples) -> tuple[list[float], list[float]]:
    objectives = [-objective.sign * objective.of(samples[objective]) for objective in search.objectives]
    return objectives, [one.broken(samples) for one in search.constraints]


def unbeaten(goals: np.ndarray) -> np.ndarray:
    """Which points no other is at least as small as in every goal and smaller in one [point].

    >>> unbeaten(np.array([[1.0, 2.0], [2.0, 1.0], [2.0, 2.0]])).tolist()
    [True, True, False]
    """
    as_good = (goals[:, None] <= goals[None]).all(axis=2)
    better = (goals[:, None] < goals[None]).any(axis=2)
    return np.logical_not((as_good & better).any(axis=0))


def _best(search: SearchDesign, archive: _Archive) -> list[str]:
    """The unbeaten scenarios that keep the constraints, at most so many: the ends first, then the widest apart."""
    allowed = [digest for digest in archive.samples if all(broken <= 0.0 for broken in archive.goals(digest)[1])]
    if not allowed:
        raise StudyError("no scenario that was tried keeps all constraints: loosen them, or search longer")
    goals = np.array([archive.goals(digest)[0] for digest in allowed])
    front = np.flatnonzero(unbeaten(goals))
    spans = np.ptp(goals[front], axis=0)
    scaled = goals[front] / np.where(spans > 0, spans, 1.0)
    chosen = list(dict.fromkeys(int(row) for row in scaled.argmin(axis=0)))[: search.keep]
    while len(chosen) < min(search.keep, len(front)):
        apart = np.linalg.norm(scaled[:, None] - scaled[chosen][None], axis=2).min(axis=1)
        apart[chosen] = -1.0
        chosen.append(int(apart.argmax()))
    return [allowed[front[row]] for row in sorted(chosen, key=lambda row: scaled[row].tolist())]


def _front(search: SearchDesign, archive: _Archive, country: Country) -> Front:
    best = _best(search, archive)
    own = search.start.digest()
    plans = [archive.scenarios[digest] for digest in dict.fromkeys([own, *best])]
    of = sha256("".join(plan.digest() for plan in plans).encode()).hexdigest()[:12]  # more generations, other plans
    told = shifted(archive.progress, search.generations * search.generation_runs, search.runs)
    again = archive.run(plans, f"fresh/{of}", search.seed + 1, search.fresh, told)
    kept = _still_best(search, best, again)
    names = {digest: f"{search.name}-{number:02d}" for number, digest in enumerate(best, start=1)}
    question = search.question or f"Found by {search.name}: {', '.join(m.name for m in search.objectives)}"
    found = tuple(archive.scenarios[digest].with_changes(name=names[digest], question=question) for digest in kept)
    rows = [
        _row(names[digest], objective, (again[digest], again[own]), (archive.samples[digest], archive.samples[own]))
        for digest in kept
        for objective in search.objectives
    ]
    if archive.progress is not None:
        archive.progress(search.runs, search.runs)
    return Front(
        design=search,
        scenarios=found,
        dropped=tuple(names[digest] for digest in best if digest not in kept),
        table=pd.DataFrame(rows, columns=COLUMNS),
        tried=_tried(search, archive, {digest: names[digest] for digest in kept}),
        basis=Basis((search.start, *found), country, search.seed + 1, search.fresh, search.parameters),
    )


def _still_best(search: SearchDesign, best: Sequence[str], again: Mapping[str, Samples]) -> list[str]:
    """Those of the best that keep the constraints on fresh runs, and that neither another nor the start beats there."""
    goals = {digest: _goals(search, samples) for digest, samples in again.items()}
    allowed = [digest for digest, (_, broken) in goals.items() if all(one <= 0.0 for one in broken)]
    if not set(allowed) & set(best):
        raise StudyError(
            "no scenario that was tried keeps all constraints on fresh runs: loosen them, or search longer"
        )
    stays = unbeaten(np.array([goals[digest][0] for digest in allowed]))
    still = {digest for digest, one in zip(allowed, stays, strict=True) if one}
    if not still & set(best):
        raise StudyError(f"on fresh runs {search.start.name} beats all that looked better: search longer")
    return [digest for digest in best if digest in still]


COLUMNS = [
    *("scenario", "objective", "outcome", "quarter", "unit", "fresh", "low", "high"),
    *("start", "difference", "difference_low", "difference_high", "seen_difference"),
]
Pair = tuple[Samples, Samples]  # of a scenario, and of the start


def _row(name: str, objective: Objective, fresh: Pair, seen: Pair) -> tuple[Any, ...]:
    value, base = objective.of(fresh[0][objective]), objective.of(fresh[1][objective])
    low, high = _around(objective, fresh[0][objective])
    below, above = _around(objective, fresh[0][objective] - fresh[1][objective])
    about = (name, objective.name, objective.outcome, quarter_text(objective.quarter), objective.unit)
    return (*about, value, low, high, base, value - base, below, above, _difference(objective, seen))


def _difference(objective: Objective, pair: Pair) -> float:
    return objective.of(pair[0][objective]) - objective.of(pair[1][objective])


def _around(objective: Objective, values: np.ndarray) -> tuple[float, float]:
    """The 95% interval of a mean; of other measures none is told."""
    if objective.statistic != "mean":
        return float("nan"), float("nan")
    _, low, high = interval(values)
    return float(low), float(high)


def _tried(search: SearchDesign, archive: _Archive, names: Mapping[str, str]) -> pd.DataFrame:
    rows, own = [], search.start.digest()
    for digest, samples in archive.samples.items():
        differences = {m.name: _difference(m, (samples, archive.samples[own])) for m in search.objectives}
        kept = all(one <= 0.0 for one in archive.goals(digest)[1])
        name = search.start.name if digest == own else names.get(digest, "")
        rows.append({"scenario": name, **differences, "kept": kept})
    return pd.DataFrame(rows)
