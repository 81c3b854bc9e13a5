"""Which files a finished sweep has."""

from __future__ import annotations

from dgsim.sweeps.manifest import Manifest

POINTS, FAILED_FILE = "points.parquet", "failed.parquet"
RUNS_A_FILE = {"outcomes": 65_536, "provinces": 1_024, "ledger": 1_024}


def groups_of(manifest: Manifest) -> dict[str, tuple[str, range]]:
    """The files of runs that a finished sweep has: of each its table and its runs."""
    runs = manifest["runs"]
    return {
        file_name(table, group): (table, range(group * each, min((group + 1) * each, runs)))
        for table in ("outcomes", *manifest["design"]["keep"])
        for each in (RUNS_A_FILE[table],)
        for group in range(-(-runs // each))
    }


def fault_of_names(manifest: Manifest) -> str:
    """Which files a finished sweep should have and its manifest does not name, or the reverse; empty where none."""
    other = {*groups_of(manifest), POINTS, FAILED_FILE} ^ set(manifest["files"])
    return f"{', '.join(sorted(other))} should be there and is not, or the reverse" if other else ""


def file_name(table: str, group: int) -> str:
    """The file of the finished sweep that holds a group of runs."""
    return f"{table}/{table}-{group:05d}.parquet"
