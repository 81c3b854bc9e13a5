"""Files that are whole or not there: written under a temporary name beside their place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

PARTIAL = ".partial-"  # what temporary names begin with
PACKAGE = "datapackage.json"  # beside the tables of a folder: what their columns are


@contextmanager
def replaced(file: Path, *, synced: bool = True) -> Iterator[Path]:
    """A temporary path to write to, which takes the file's name at the end of the block; raises OSError.

    Where the block fails, what stood there before still stands, and nothing else is left. With `synced` the content has
    reached the disk before the name is taken.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replaced(Path(folder) / "note.txt") as partial:
    ...         _ = partial.write_text("whole")
    ...     [path.name for path in Path(folder).iterdir()]
    ['note.txt']
    """
    partial = file.with_name(f"{PARTIAL}{file.name}")
    try:
        yield partial
        if synced:
            with partial.open("rb+") as content:
                os.fsync(content.fileno())
        os.replace(partial, file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def checksum(path: Path) -> str:
    """The SHA-256 of a file; empty where there is none."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def is_file(path: Path) -> bool:
    r"""Whether there is a file; no also where the name is one that no file can have, too long or with a zero byte.

    >>> is_file(Path("a" * 5000)), is_file(Path("a\\0"))
    (False, False)
    """
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Whether there is a folder; no also where the name is one that no folder can have."""
    return os.path.isdir(path)
