"""Scenario files in and out of the browser: the same TOML as everywhere else, and a bad one is refused in words."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from dgsim.errors import ScenarioError
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.naming import file_name

__all__ = ["LARGEST_FILE", "file_name", "read_upload"]

LARGEST_FILE = 200_000  # bytes


def read_upload(name: str, content: bytes) -> Scenario:
    r"""The scenario in an uploaded file; raises ScenarioError with the validator's sentences.

    >>> read_upload("x.toml", b"[citizens]\nfee_cut = 2")
    Traceback (most recent call last):
    dgsim.errors.ScenarioError: x.toml: citizens.fee_cut = 2 is outside 0..1 (share of the fee) [line 2]
    """
    safe = file_name(PurePosixPath(name.replace("\\", "/")).name.removesuffix(".toml"))
    if len(content) > LARGEST_FILE:
        raise ScenarioError(f"{safe}: has {len(content):,} bytes; at most {LARGEST_FILE:,} are read")
    with TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        try:
            return load_scenario(path)
        except ScenarioError as error:
            raise ScenarioError(str(error).replace(f"{folder}/", "")) from None
