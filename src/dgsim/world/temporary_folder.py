"""A folder for this process and those it starts, where nothing can be kept for longer; none of them stays behind.

Who uses one holds a lock of the operating system on it, which no killed process leaves behind: a folder that nobody
holds is swept up by the next process that has a folder to make.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

PREFIX = "dgsim-rules-"
YOUNG = 60.0  # seconds in which whoever made a folder has taken hold of it
_held: list[int] = []  # the folders that this process holds, as open files


def is_temporary(path: Path) -> bool:
    """Whether a folder is one of these."""
    return path.name.startswith(PREFIX)


def make_folder() -> Path:
    """A new folder, removed when this process ends or is told to end.

    A handler for being told to (SIGTERM) is installed only where the process has none; one that it installs later
    replaces it.
    """
    sweep()
    here = Path(tempfile.mkdtemp(prefix=PREFIX))
    hold(here)
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # a fork is not the owner
            shutil.rmtree(here, ignore_errors=True)

    atexit.register(remove)
    _at_termination(remove)
    return here


def hold(folder: Path) -> None:
    """Let nobody sweep a folder up for as long as this process lives."""
    if sys.platform != "win32":
        import fcntl

        with contextlib.suppress(OSError):
            _held.append(os.open(folder, os.O_RDONLY))
            fcntl.flock(_held[-1], fcntl.LOCK_SH | fcntl.LOCK_NB)


def sweep() -> None:
    """Remove the folders of this user's that nobody holds any more; on Windows the system's own sweeping must do."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            state = folder.lstat()
            mine = stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid()
            if mine and time.time() - state.st_mtime > YOUNG:
                _remove_if_free(folder)


def _remove_if_free(folder: Path) -> None:
    """Remove a folder; raises OSError where somebody holds it."""
    if sys.platform != "win32":
        import fcntl

        file = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(file)


def _at_termination(remove: Callable[[], None]) -> None:
    """Remove before the process is ended, which goes on to end as it would have."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        return

    def end(number: int, _: object) -> None:
        remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, end)
