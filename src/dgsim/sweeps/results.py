"""A finished sweep as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from dgsim.errors import StoreError, StudyError, did_you_mean
from dgsim.sweeps.files import FAILED_FILE, POINTS, fault_of_names
from dgsim.sweeps.location import Location
from dgsim.sweeps.manifest import MANIFEST, Manifest, finished_manifest

KEYS = ["point", "replication", "quarter"]


@dataclass(frozen=True, repr=False)
class Sweep:
    """The results of a sweep, read from its folder when they are asked for.

    Attributes
    ----------
    location : Location
        Where it is.
    manifest : dict
        What it was made of: design, model, country, files, units.
    names, when : tuple of str
        The outcomes and quarters that are read; all by default, see `load_sweep`.
    """

    location: Location
    manifest: Manifest
    names: tuple[str, ...]
    when: tuple[str, ...]

    def __repr__(self) -> str:
        about = self.manifest
        return f"Sweep({about['design']['name']!r}, {about['points']:,} points, {about['runs']:,} runs)"

    @cached_property
    def points(self) -> pd.DataFrame:
        """`point, scenario` and a column for each lever and uncertainty that is varied; one row a point."""
        points: pd.DataFrame = self._table(POINTS).to_pandas()
        if "scenario" not in points or not set(points["scenario"]) <= set(self._scenarios.categories):
            raise StoreError(f"{self.location}/{POINTS} has other scenarios than {MANIFEST} names")
        return points.astype({"scenario": self._scenarios})

    @cached_property
    def wide(self) -> pd.DataFrame:
        """Outcomes as they are stored: a row a run and quarter; `point, replication, quarter`, a column an outcome."""
        return self._read("outcomes", [*KEYS, *self.names])

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Tidy outcomes: `point, scenario, replication, quarter, outcome, value`; units stand in the manifest."""
        tidy = self.wide.melt(KEYS, list(self.names), var_name="outcome")
        codes = self.points["scenario"].cat.codes.to_numpy()[tidy["point"]]
        tidy.insert(1, "scenario", pd.Series(pd.Categorical.from_codes(codes, dtype=self._scenarios)))
        return tidy.astype({"outcome": pd.CategoricalDtype(list(self.names))})

    @cached_property
    def failed(self) -> pd.DataFrame:
        """The runs that have no rows, for something in them was no number: `point, replication, seed, reason`."""
        failed: pd.DataFrame = self._table(FAILED_FILE).to_pandas()
        return failed

    @property
    def provinces(self) -> pd.DataFrame:
        """Every province's stocks at the end of the kept quarters; needs keep = ["provinces"]."""
        return self._kept("provinces")

    @property
    def ledger(self) -> pd.DataFrame:
        """Every flow of money, `amount` in whole million VND; needs keep = ["ledger"]."""
        return self._kept("ledger")

    @property
    def _scenarios(self) -> pd.CategoricalDtype:
        return pd.CategoricalDtype(self.manifest["design"]["scenarios"])

    def _kept(self, table: str) -> pd.DataFrame:
        if table not in self.manifest["design"]["keep"]:
            raise StudyError(f'{table} were not kept in {self.location}: write keep = ["{table}"] into the design')
        return self._read(table)

    def _table(self, *names: str, columns: list[str] | None = None, rows: ds.Expression | None = None) -> pa.Table:
        """The rows of files; raises StoreError where one is not as it was written."""
        for name in names:
            if name not in self._sound:
                self.location.check(name, self.manifest["files"].get(name, ""))
                self._sound.add(name)
        return self.location.table(*names, columns=columns, rows=rows)

    @cached_property
    def _sound(self) -> set[str]:
        """The files whose checksum has been found right."""
        return set()

    def _read(self, table: str, columns: list[str] | None = None) -> pd.DataFrame:
        names = sorted(name for name in self.manifest["files"] if name.startswith(f"{table}/"))
        chosen = None if table == "ledger" else ds.field("quarter").isin(self.when)
        frame: pd.DataFrame = self._table(*names, columns=columns, rows=chosen).to_pandas()
        quarters = self.manifest["design"]["quarters"] if table != "ledger" else sorted(set(frame["quarter"]))
        return frame.astype({"quarter": pd.CategoricalDtype(quarters, ordered=True)})


def load_sweep(
    folder: str | Path, *, outcomes: Iterable[str] | None = None, quarters: Iterable[str] | None = None
) -> Sweep:
    """The results of a finished sweep.

    Parameters
    ----------
    folder : str or Path
        Where it is, or the URL of a copy, such as `s3://bucket/results`: it is read through fsspec (extra `remote`, and
        the package of that kind of storage).
    outcomes : iterable of str, optional
        Read these only.
    quarters : iterable of str, optional
        Read these only.

    Returns
    -------
    Sweep
        Points, outcomes, and what the design kept besides.

    Raises
    ------
    StudyError
        If there is no finished sweep, or not what is named; later, where a file that is read is not as it was written
        (of a URL only where it cannot be read: its files are not read twice).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from dgsim import load_sweep, sweep
    >>> design = {"name": "two", "scenarios": ["history", "staged"], "replications": 2, "quarters": ["2020Q4"]}
    >>> with TemporaryDirectory() as folder:
    ...     made = sweep(design, folder)
    ...     load_sweep(folder, outcomes=["use"]).outcomes.shape
    (4, 6)
    """
    location = Location(folder)
    manifest = finished_manifest(location)
    if fault := fault_of_names(manifest):
        raise StoreError(f"{location}/{MANIFEST}: {fault}; put a copy back, or make the sweep again in another folder")
    chosen = {"outcomes": outcomes, "quarters": quarters}
    names, when = (_chosen(manifest["design"], key, given, location) for key, given in chosen.items())
    return Sweep(location, manifest, names, when)


def _chosen(design: dict[str, Any], key: str, given: Iterable[str] | None, location: Location) -> tuple[str, ...]:
    kept = design[key]
    wanted = list(kept if given is None else given)
    for name in wanted:
        if name not in kept:
            raise StudyError(f"{name} is not among the {key} kept in {location}{did_you_mean(name, kept)}")
    return tuple(name for name in kept if name in wanted)
