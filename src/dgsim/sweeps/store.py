"""The folder of a sweep: parts by block, each whole or not there, compacted at the end into a few files.

A part's name holds the checksum of its content, so that one rename makes it known and a damaged one is recognised; what
it holds says to which sweep and block it belongs. Before parts are compacted, their runs are proved to be those of the
block, each once. A compacted file's checksum stands in the manifest, which is sealed; its parts are deleted after that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dgsim.errors import StoreError, asked
from dgsim.files import PARTIAL, checksum, is_folder, replaced
from dgsim.sweeps.arrow import provenance_of
from dgsim.sweeps.blocks import Block, Parts, block_of, block_provenance
from dgsim.sweeps.compaction import (
    compact,
    failures_in,
    fault_of,
    rows_of_a_run,
    write_failed,
    write_points,
)
from dgsim.sweeps.files import FAILED_FILE, POINTS, RUNS_A_FILE, file_name
from dgsim.sweeps.folder_lock import only_writer
from dgsim.sweeps.manifest import Manifest, check_same, read_manifest, sweep_hash, write_manifest
from dgsim.sweeps.points import Points

PARTS = "parts"
PART_NAME = re.compile(r"(\d+)-([0-9a-f]{16})\.parquet")
SHORT = 16  # hexadecimal digits of the checksum in a part's name


@contextmanager
def opened_store(folder: Path, manifest: Manifest, points: Points, resume: bool) -> Iterator[Store]:
    """The store of a sweep in a folder that is new, empty or, with `resume`, holds the same sweep.

    Raises StoreError where the folder cannot or should not be written to.
    """
    with ExitStack() as held:
        with _system_refusals(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if not held.enter_context(only_writer(folder)):
                raise StoreError(f"{folder} is being written by another sweep: wait for it, or name another folder")
            store = Store(folder, _begun(folder, manifest, resume), points)
        yield store


@contextmanager
def _system_refusals(folder: Path) -> Iterator[None]:
    """What the system refuses, as a sentence."""
    try:
        yield
    except FileExistsError:
        raise StoreError(f"{folder} is a file: name a folder for the sweep") from None
    except (OSError, ValueError) as error:
        if isinstance(error, StoreError):
            raise
        kept = (
            f"; what is finished is kept, and {asked('resume')} goes on from there" if is_folder(folder / PARTS) else ""
        )
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{folder} cannot be written to: {reason}{kept}") from error


def _begun(folder: Path, manifest: Manifest, resume: bool) -> Manifest:
    """The manifest a folder was begun with, or the new one."""
    existing = read_manifest(folder)
    if existing is None:
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            raise StoreError(f"{folder} is not empty and holds no sweep: name another folder")
        write_manifest(folder, manifest)
        return manifest
    if not resume:
        state = "a finished sweep" if existing["complete"] else "a sweep that is not finished"
        raise StoreError(f"{folder} holds {state}: continue it with {asked('resume')}, or name another folder")
    check_same(folder, existing, manifest)
    return existing


class Store:
    """A folder that is being written; what it holds already has been checked.

    damaged     names of files that did not have the content they should have, and were thrown away
    """

    def __init__(self, folder: Path, manifest: Manifest, points: Points) -> None:
        self.folder = folder
        self.manifest = manifest
        self.points = points
        self.tables = ("outcomes", *manifest["design"]["keep"])
        self.blocks = -(-manifest["runs"] // manifest["block"])
        self.damaged: list[str] = []
        self._hash = sweep_hash(manifest)
        self._remove_partial()
        self._parts = {table: dict(self._sound_parts(table)) for table in self.tables}
        self._check_files()
        self._write(POINTS, lambda path: write_points(points, path))

    def runs_of(self, number: int) -> range:
        """The runs of a block."""
        size = self.manifest["block"]
        return range(number * size, min((number + 1) * size, self.manifest["runs"]))

    def _block(self, number: int) -> Block:
        return block_of(self.points, number, self.runs_of(number))

    def missing(self) -> list[int]:
        """The blocks of which any table is not there."""
        return [number for number in range(self.blocks) if not all(self._has(table, number) for table in self.tables)]

    def put(self, number: int, parts: Parts) -> None:
        """Keep a block; it is there when this returns. Raises StoreError where that cannot be."""
        with _system_refusals(self.folder):
            for table, content in parts.items():
                if not self._has(table, number):
                    self._put(table, number, content)

    def finish(self) -> None:
        """Compact the parts of every table into its files. Raises StoreError where that cannot be."""
        with _system_refusals(self.folder):
            failed = self._failed()
            for table in self.tables:
                (self.folder / table).mkdir(exist_ok=True)
                for group in range(-(-self.manifest["runs"] // RUNS_A_FILE[table])):
                    self._compact(table, group, failed)
            outcomes = [self.folder / name for name in self.manifest["files"] if name.startswith("outcomes/")]
            self._write(FAILED_FILE, lambda path: write_failed(sorted(outcomes), path))
            self.manifest["complete"] = True
            write_manifest(self.folder, self.manifest)
            for table in self.tables:
                self._part_folder(table).rmdir()
            (self.folder / PARTS).rmdir()

    def _put(self, table: str, number: int, content: bytes) -> None:
        folder = self._part_folder(table)
        target = folder / f"{number:06d}-{sha256(content).hexdigest()[:SHORT]}.parquet"
        with replaced(target, synced=False) as partial:
            partial.write_bytes(content)
        self._parts[table][number] = target

    def _has(self, table: str, number: int) -> bool:
        group = number * self.manifest["block"] // RUNS_A_FILE[table]
        return number in self._parts[table] or file_name(table, group) in self.manifest["files"]

    def _compact(self, table: str, group: int, failed: set[tuple[int, int]]) -> None:
        """Make a file of a group of parts, unless it is there, and delete the parts."""
        each = RUNS_A_FILE[table] // self.manifest["block"]
        blocks = range(group * each, min((group + 1) * each, self.blocks))
        if file_name(table, group) not in self.manifest["files"]:
            self._prove(table, blocks, failed)
        self._write(file_name(table, group), lambda path: compact([self._parts[table][b] for b in blocks], path))
        for number in blocks:
            part = self._parts[table].pop(number, None)
            if part is not None:
                part.unlink()

    def _prove(self, table: str, blocks: range, failed: set[tuple[int, int]]) -> None:
        """Raise StoreError, and throw away the part, unless every part holds the runs of its block, each once."""
        rows = rows_of_a_run(self.manifest["design"], self.manifest["country"]["provinces"], table)
        for number in blocks:
            part = self._parts[table][number]
            wanted = [run for run in self._block(number).numbers if run not in failed]
            fault = fault_of(part, wanted, rows)
            if fault:
                part.unlink()
                raise StoreError(
                    f"{part} {fault}; it was thrown away: {asked('again')} with {asked('resume')} makes it again"
                )

    def _failed(self) -> set[tuple[int, int]]:
        """Point and replication of the runs that have no rows, by what the outcomes say."""
        files = [self.folder / name for name in self.manifest["files"] if name.startswith("outcomes/")]
        runs = (run for path in (*files, *self._parts["outcomes"].values()) for run in failures_in(path))
        return {(run["point"], run["replication"]) for run in runs}

    def _write(self, name: str, write: Callable[[Path], None]) -> None:
        """Make a file of the finished sweep, unless it is there, and note its checksum."""
        if name in self.manifest["files"]:
            return
        target = self.folder / name
        with replaced(target) as partial:
            write(partial)
        self.manifest["files"][name] = checksum(target)
        write_manifest(self.folder, self.manifest)

    def _part_folder(self, table: str) -> Path:
        folder = self.folder / PARTS / table
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _remove_partial(self) -> None:
        for path in self.folder.rglob(f"{PARTIAL}*"):
            path.unlink()

    def _sound_parts(self, table: str) -> Iterator[tuple[int, Path]]:
        """The parts of a table by block; those that are not what they say, or of another sweep, are deleted."""
        for path in sorted(self._part_folder(table).iterdir()):
            name = PART_NAME.fullmatch(path.name)
            if name is None or int(name[1]) >= self.blocks:
                raise StoreError(
                    f"{path} is no part of this sweep: move it elsewhere, then go on with {asked('resume')}"
                )
            if checksum(path)[:SHORT] == name[2] and self._belongs(path, int(name[1])):
                yield int(name[1]), path
            else:
                self.damaged.append(f"{PARTS}/{table}/{path.name}")
                path.unlink()

    def _belongs(self, path: Path, number: int) -> bool:
        try:
            return bool(provenance_of(pq.read_schema(path)) == block_provenance(self._hash, self._block(number)))
        except (pa.ArrowException, OSError, ValueError, RecursionError):
            return False

    def _check_files(self) -> None:
        """Strike out of the manifest the files that are not as they were written."""
        files = self.manifest["files"]
        damaged = [name for name, known in files.items() if checksum(self.folder / name) != known]
        if damaged:
            self.damaged += damaged
            self.manifest["files"] = {name: known for name, known in files.items() if name not in damaged}
            self.manifest["complete"] = False
            write_manifest(self.folder, self.manifest)
