"""The machine code of one rule in files, each sealed by a hash: a broken one is thrown away and made again."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dgsim.world import cache

SEAL = hashlib.sha256().digest_size


def sealed(name: str, content: bytes) -> bytes:
    """Content behind a hash of it and of the name it goes by."""
    return hashlib.sha256(name.encode() + b"\0" + content).digest() + content


def unsealed(name: str, content: bytes) -> bytes | None:
    """What was sealed under this name; None where it is not whole, or was sealed under another.

    >>> unsealed("rule", sealed("rule", b"code")), unsealed("rule", sealed("rule", b"code")[:-1])
    (b'code', None)
    >>> unsealed("rule", sealed("other", b"code"))
    """
    content = content[SEAL:] if sealed(name, content[SEAL:]) == content else b""
    return content or None


def may_be_kept(function: Callable[..., Any]) -> bool:
    """Whether the machine code of a rule may be kept: it stands in a file, by itself."""
    return function.__closure__ is None and Path(function.__code__.co_filename).is_file()


class Kept:
    """The files of one rule, one for each kind of arguments it was compiled for.

    Attributes
    ----------
    name : str
        Module and name of the rule.
    files : set of Path
        Those that this process has read or written.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.stamp = _stamp(Path(function.__code__.co_filename))
        self.files: set[Path] = set()

    def file(self, kind: str) -> Path:
        """Where the machine code for one kind of arguments is kept."""
        seal = hashlib.sha256(f"{self.stamp}{kind}".encode()).hexdigest()
        return cache.folder() / f"{self.name}.{seal[:16]}"

    def load(self, kind: str) -> bytes | None:
        """What was saved; None where there is nothing, or nothing whole."""
        file = self.file(kind)
        try:
            content = unsealed(file.name, file.read_bytes())
        except OSError:
            return None
        if content is None:
            self.discard(kind)
        else:
            self.files.add(file)
        return content

    def save(self, kind: str, content: bytes) -> None:
        """Keep the machine code for one kind of arguments; where it cannot be written, it is made again next time."""
        file = self.file(kind)
        if cache.write_whole(file, sealed(file.name, content)):
            self.files.add(file)

    def discard(self, kind: str) -> None:
        """Throw away what was saved and cannot be read."""
        file = self.file(kind)
        logging.getLogger("dgsim").warning("%s is broken: the rule is compiled again.", file)
        self.files.discard(file)
        with contextlib.suppress(OSError):
            file.unlink()

    def flush(self) -> None:
        """Forget all."""
        self.files.clear()
        for file in cache.folder().glob(f"{self.name}.*"):
            file.unlink(missing_ok=True)


def _stamp(source: Path) -> str:
    """What else the machine code of a rule depends on: nothing for those of the package, which name the folder."""
    if cache.HOME.parent in source.parents:
        return ""
    state = source.stat()
    return f"{source} {state.st_mtime_ns} {state.st_size}"
