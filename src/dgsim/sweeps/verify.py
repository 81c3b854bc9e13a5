"""Whether a finished sweep still comes out as it is stored: its files, and a sample of its runs made again."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress
from dgsim.errors import DgsimError, StoreError, whole_number
from dgsim.files import checksum
from dgsim.scenario import load_scenario
from dgsim.study.record import country_hash
from dgsim.sweeps.arrow import KEYS, failures
from dgsim.sweeps.blocks import Recipe, block_of, block_tables, recipe_of
from dgsim.sweeps.compaction import failures_in, fault_of, rows_of_a_run, write_points
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.designs import Design
from dgsim.sweeps.files import FAILED_FILE, POINTS, RUNS_A_FILE, fault_of_names, file_name, groups_of
from dgsim.sweeps.identity import changed_model, new_manifest
from dgsim.sweeps.location import local_folder
from dgsim.sweeps.manifest import MANIFEST, Manifest, differences, finished_manifest
from dgsim.sweeps.points import Points
from dgsim.texts import words
from dgsim.texts.clauses import Clause, clause


@dataclass(frozen=True)
class Verdict:
    """What a sample of runs made again has shown.

    Attributes
    ----------
    runs : int
        Runs made again.
    all_runs : int
        Runs of the sweep.
    difference : str
        The first difference in a sentence; empty where all is identical.
    model : str
        What has changed since in the model or its versions; empty where nothing has.
    """

    runs: int
    all_runs: int
    difference: str
    model: str

    def __str__(self) -> str:
        return self.said.text(words())

    @property
    def said(self) -> Clause:
        """The verdict in any language; where something differs, where and how in English, as it can be searched for."""
        same = clause("verdict.identical", runs=self.runs, all=self.all_runs)
        verdict = clause("verdict.differs", why=self.difference) if self.difference else same
        return clause("verdict.changed", verdict=verdict, model=self.model) if self.model else verdict


def verify(
    folder: str | Path,
    *,
    sample: int = 20,
    country: str | Path | Country | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Prove the structure of a sweep, run a sample of its runs again, and compare every value.

    Structure: what the manifest says of design, scenarios and country, every file by its checksum, the points of the
    design, and every run there once in every table.

    Parameters
    ----------
    folder : str or Path
        Where the finished sweep is.
    sample : int, default 20
        Runs to make again, spread by luck over all runs, the same each time.
    country : str, Path or Country, optional
        Needed where the sweep was made in a country that was given as an object.
    progress : callable, optional
        Called with the runs made again and all that will be.

    Returns
    -------
    Verdict
        Whether all is identical, and the first difference.

    Raises
    ------
    StudyError
        If there is no finished sweep, or it was made in another country.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from dgsim import sweep, verify
    >>> design = {"name": "two", "scenarios": ["history", "staged"], "replications": 2, "quarters": ["2020Q4"]}
    >>> with TemporaryDirectory() as folder:
    ...     made = sweep(design, folder)
    ...     print(verify(folder))
    identical: 4 of 4 runs gave the same bytes again
    """
    location = local_folder(folder, "copy the sweep to one first")
    manifest = finished_manifest(location)
    design = stored_design(manifest)
    land = _country(manifest, country)
    runs = _sampled(design, whole_number(sample, "sample", 1))
    changed = changed_model(manifest["model"])
    recipe, points = recipe_of(design, land), Points(design)
    fault = ("" if changed else _untrue(manifest, design, land)) or _structure(location, manifest, points)
    if fault:
        return Verdict(0, design.runs, fault, changed)
    for done, run in enumerate(runs, start=1):
        difference = _difference(location, recipe, points, run)
        if difference:
            return Verdict(done, design.runs, difference, changed)
        if progress is not None:
            progress(done, len(runs))
    return Verdict(len(runs), design.runs, "", changed)


def _structure(folder: Path, manifest: Manifest, points: Points) -> str:
    """What is wrong with the files before any run is made again; empty where nothing is.

    Their names, their checksums, the points, the runs of every table (each once, in the file it belongs to), and the
    list of those that failed.
    """
    design, known, groups = manifest["design"], manifest["files"], groups_of(manifest)
    if fault := fault_of_names(manifest):
        return f"{folder}: {fault}"
    for name in sorted(known):
        if checksum(folder / name) != known[name]:
            return f"{folder / name} is not as it was written"
    with TemporaryDirectory() as aside:
        write_points(points, Path(aside) / POINTS)
        if checksum(Path(aside) / POINTS) != known[POINTS]:
            return f"{folder / POINTS} holds other points than the design has"
    failed = {
        (run["point"], run["replication"])
        for name, (table, _) in groups.items()
        if table == "outcomes"
        for run in failures_in(folder / name)
    }
    try:
        listed = pq.read_table(folder / FAILED_FILE, columns=list(KEYS)).to_pylist()
    except (pa.ArrowException, OSError, ValueError):
        return f"{folder / FAILED_FILE} cannot be read"
    if {(run["point"], run["replication"]) for run in listed} != failed:
        return f"{folder / FAILED_FILE} lists other runs than those that are missing"
    for name, (table, inside) in groups.items():
        numbers = [run for run in block_of(points, 0, inside).numbers if run not in failed]
        fault = fault_of(folder / name, numbers, rows_of_a_run(design, manifest["country"]["provinces"], table))
        if fault:
            return f"{folder / name} {fault}"
    return ""


def stored_design(manifest: Manifest) -> Design:
    """The design of a sweep, with its scenarios as they were."""
    try:
        scenarios = [load_scenario(tomllib.loads(plan["toml"])) for plan in manifest["scenarios"]]
        design = load_design({**manifest["design"], "scenarios": scenarios})
    except (DgsimError, tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error).splitlines()[0]
        raise StoreError(f"{MANIFEST}: the design of the sweep cannot be read: {why}") from None
    if design.points != manifest["points"] or design.runs != manifest["runs"]:
        raise StoreError(
            f"{MANIFEST} says {manifest['points']} points and {manifest['runs']} runs, its design makes "
            f"{design.points} and {design.runs}"
        )
    return design


def _untrue(manifest: Manifest, design: Design, country: Country) -> str:
    """What a manifest says of its sweep that is not so; empty where all is. Holds for the model that made it."""
    true = new_manifest(design, country, manifest["country"]["folder"], manifest["block"])
    said = ((name, manifest.get(name), value) for name, value in true.items() if name not in ("complete", "files"))
    found = [difference for name, then, now in said for difference in differences(then, now, name)]
    return next((f"{MANIFEST} says that {key} is {then}, where it is {now}" for key, then, now in found), "")


def _country(manifest: Manifest, given: str | Path | Country | None) -> Country:
    land = load_country(manifest["country"]["folder"] if given is None else given)
    if country_hash(land) != manifest["country"]["sha256"]:
        raise StoreError(
            f"the sweep was made in another country than {land.name}: {manifest['country']['name']}, "
            f"{manifest['country']['provinces']} provinces"
        )
    return land


def _sampled(design: Design, sample: int) -> list[int]:
    luck = np.random.default_rng(design.seed)
    return sorted(luck.choice(design.runs, min(sample, design.runs), replace=False).tolist())


def _difference(folder: Path, recipe: Recipe, points: Points, run: int) -> str:
    """The first difference of a run made again from what is stored; nothing where there is none."""
    block = block_of(points, 0, range(run, run + 1))
    ((point, (replication,)),) = block.points
    for name, now in block_tables(recipe, block).items():
        path = folder / file_name(name, run // RUNS_A_FILE[name])
        wanted = [("point", "=", point.number), ("replication", "=", replication)]
        text = _first(pq.read_table(path, filters=wanted), now)
        if not text and name == "outcomes":
            text = _failure(path, now, point.number, replication)
        if text:
            return f"differs: point {point.number}, replication {replication}: {text}"
    return ""


def _failure(path: Path, now: pa.Table, point: int, replication: int) -> str:
    """How the record of a failed run differs."""
    then = [run for run in failures_in(path) if (run["point"], run["replication"]) == (point, replication)]
    return "" if then == failures(now.schema) else "failed then or fails now, and not in the same way"


def _first(then: pa.Table, now: pa.Table) -> str:
    """The first value, row by row, that two tables differ in; values must be the same to the last bit."""
    if len(then) != len(now):
        return f"{len(then)} rows were stored and {len(now)} come now"
    found = []
    for column, name in enumerate(now.column_names):
        pairs = zip(then[name].to_pylist(), now[name].to_pylist(), strict=True)
        row = next((row for row, (before, after) in enumerate(pairs) if before != after), None)
        if row is not None:
            found.append((row, column, name))
    if not found:
        return ""
    row, _, name = min(found)
    at = [then[key][row].as_py() for key in ("quarter", "province_code") if key in then.column_names]
    where = ", ".join(str(key) for key in at if key is not None)
    return f"{name} in {where} was {then[name][row].as_py()!r} and is {now[name][row].as_py()!r}"
