"""Where a finished sweep is read from: a folder of this machine, or a URL such as `s3://...`, through fsspec."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

from dgsim.errors import StoreError, StudyError, asked
from dgsim.files import checksum

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+")  # two letters at least: one is a drive


def url_of(where: str | Path) -> str | None:
    """The URL of what is none of this machine's folders, or None.

    >>> url_of(Path("s3://bucket/results")), url_of("results"), url_of("C:/results")
    ('s3://bucket/results', None, None)
    """
    scheme, found, rest = str(where).partition(":/")
    if not found or not SCHEME.fullmatch(scheme):
        return None
    return f"{scheme}://{rest.removeprefix('/')}"  # a Path has made one slash of two


def local_folder(where: str | Path, what: str) -> Path:
    """The folder of this machine; raises StudyError, which says `what` to do, where it is a URL."""
    if url := url_of(where):
        raise StudyError(f"{url} is no folder of this machine: {what}")
    return Path(where)


class Location:
    """A folder or URL with files to read; raises StudyError where a URL cannot be opened."""

    def __init__(self, where: str | Path) -> None:
        url = url_of(where)
        self.name, self.local = url or str(where), url is None
        self._files, self._root = _remote(url) if url else (fs.LocalFileSystem(), str(where))

    def __str__(self) -> str:
        return self.name

    def text(self, name: str) -> str:
        """The content of a text file; raises OSError, FileNotFoundError where there is none."""
        with self._files.open_input_stream(f"{self._root}/{name}") as file:
            return str(file.read(), "utf-8")

    def check(self, name: str, known: str) -> None:
        """Raise StoreError where a file of this machine has another SHA-256 than the one known."""
        if self.local and checksum(Path(self._root) / name) != known:
            raise StoreError(
                f"{self}/{name} is not as it was written: the same sweep with {asked('resume')} mends it; "
                "verify looks at all files"
            )

    def table(self, *names: str, columns: list[str] | None = None, rows: ds.Expression | None = None) -> pa.Table:
        """The rows of Parquet files one after the other, or those that are chosen."""
        paths = [f"{self._root}/{name}" for name in names]
        try:
            return ds.dataset(paths, filesystem=self._files, format="parquet").to_table(columns=columns, filter=rows)
        except (pa.ArrowException, OSError) as error:
            raise StoreError(f"{self}: {', '.join(names)} cannot be read: {str(error).splitlines()[0]}") from None


def _remote(url: str) -> tuple[fs.FileSystem, str]:
    """The file system of a URL and the path within it."""
    try:
        core: Any = import_module("fsspec.core")
    except ModuleNotFoundError:
        raise StudyError(f'{url}: fsspec is not installed: pip install "dgsim[remote]"') from None
    try:
        files, path = core.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise StudyError(f"{url} cannot be opened: {error}") from None
    return fs.PyFileSystem(fs.FSSpecHandler(files)), path.rstrip("/")
