"""One writer to a folder: a lock of the operating system, which no killed process leaves behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

NAME = ".lock"


@contextmanager
def only_writer(folder: Path) -> Iterator[bool]:
    """Hold the folder's lock; gives False where another process (or another sweep of this one) holds it.

    Raises OSError where the folder cannot be written to.
    """
    with (folder / NAME).open("ab") as file:
        try:
            _take(file)
        except OSError:
            yield False
        else:
            yield True


def _take(file: IO[bytes]) -> None:
    """Lock an open file until it is closed; raises OSError where another holds it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
