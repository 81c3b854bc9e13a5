"""Tables of a folder of results, read with the types they were written in: codes stay text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from dgsim.errors import StudyError, did_you_mean
from dgsim.files import PACKAGE

KINDS = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}


def read_table(path: str | Path) -> pd.DataFrame:
    """A table of a folder of results, with the types it was written in: province "01" stays text.

    Parameters
    ----------
    path : str or Path
        A CSV or Parquet file of a folder that `--out` made. The types of a CSV file are those of `datapackage.json`
        beside it; what is empty is missing.

    Returns
    -------
    DataFrame
        Text, whole numbers, numbers and truths, a column each; no text is taken for a number.

    Raises
    ------
    StudyError
        If there is no such table, or nothing beside it that tells its types: one sentence.

    Examples
    --------
    >>> from dgsim import read_table
    >>> read_table("no-such-folder/provinces.csv")
    Traceback (most recent call last):
        ...
    dgsim.errors.StudyError: no-such-folder/provinces.csv: there is no such file
    """
    file = Path(path)
    if not file.is_file():
        near = did_you_mean(file.name, sorted(one.name for one in file.parent.glob("*.csv")))
        raise StudyError(f"{file}: there is no such file{near}")
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(file)
        fields = _fields(file)
        kinds = {name: kind for name, kind in fields.items() if kind in ("str", "float64")}
        table = pd.read_csv(file, dtype=kinds, keep_default_na=False, na_values={name: [""] for name in fields})
        return table.astype({name: kind for name, kind in fields.items() if name not in kinds})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{file}: cannot be read as a table: {' '.join(str(error).split())}") from None


def _fields(file: Path) -> dict[str, str]:
    """The columns of a CSV file, and how each is held."""
    beside = file.with_name(PACKAGE)
    try:
        package: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(f"{file}: {beside.name} beside it, which tells its types, cannot be read ({error})") from None
    for resource in package["resources"]:
        if resource["path"] == file.name:
            return {field["name"]: KINDS[field["type"]] for field in resource["schema"]["fields"]}
    raise StudyError(f"{file}: {beside.name} beside it says nothing of its types")
