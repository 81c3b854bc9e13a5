"""The results framework of a decision: indicator, baseline, target by year, who answers, how it is verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dgsim.appraisals.targets.file import Target, TargetSet, TargetsLike, sets_of
from dgsim.errors import StudyError
from dgsim.scenario import quarter_text

LEADING = ("targets", "indicator", "seen_as", "of", "at_most", "unit", "baseline")
CLOSING = ("responsible", "verification", "source", "note")


def results_framework(files: TargetsLike | Iterable[TargetsLike] | None = None) -> pd.DataFrame:
    """The results framework of files of targets, as a ministry keeps it.

    Parameters
    ----------
    files : str, Path, Mapping or iterable of them, optional
        As in `targets`.

    Returns
    -------
    DataFrame
        A row for each indicator, seen in a way, of a file: `targets, indicator, seen_as, of, at_most, unit, baseline`,
        a column for each year in which something is due, and `responsible, verification, source, note`.

    Raises
    ------
    StudyError
        If a file of targets cannot be used: one sentence a mistake.

    Examples
    --------
    >>> from dgsim import results_framework
    >>> table = results_framework("decision-749")
    >>> table[["indicator", "2025Q4", "2030Q4"]].to_dict("records")
    [{'indicator': 'supply', '2025Q4': 0.8, '2030Q4': 1.0}]
    """
    return framework_frame(sets_of(files))


def framework_frame(sets: Iterable[TargetSet]) -> pd.DataFrame:
    """The results framework of sets of targets."""
    sets = list(sets)
    due = sorted({target.by for one in sets for target in one.targets})
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in sets:
        for target in one.targets:
            key = (one.name, target.indicator, target.seen_as, target.of, target.at_most)
            row = rows.setdefault(key, _row(one.name, target))
            row[quarter_text(target.by)] = target.wanted
            for column in CLOSING:
                said = getattr(target, column)
                if said and said not in row[column]:
                    row[column] = f"{row[column]}; {said}" if row[column] else said
    columns = [*LEADING, *map(quarter_text, due), *CLOSING]
    return pd.DataFrame(rows.values(), columns=columns)


def _row(name: str, target: Target) -> dict[str, Any]:
    return {
        "targets": name,
        "indicator": target.indicator,
        "seen_as": target.seen_as,
        "of": np.nan if target.of is None else target.of,
        "at_most": target.at_most,
        "unit": target.unit,
        "baseline": np.nan if target.baseline is None else target.baseline,
        **dict.fromkeys(CLOSING, ""),
    }


def not_expressed_frame(sets: Iterable[TargetSet]) -> pd.DataFrame:
    """What of the decisions the model cannot express: `targets, target, reason, source`."""
    rows = [(one.name, told.target, told.reason, told.source) for one in sets for told in one.not_expressed]
    return pd.DataFrame(rows, columns=["targets", "target", "reason", "source"])


def marks_of(files: TargetsLike | Iterable[TargetsLike], drawn: Sequence[str] = ()) -> pd.DataFrame:
    """Targets as marks on curves of outcomes: `outcome, by, wanted, at_most, name`.

    Those that are held against an outcome as it is; raises StudyError where none of them is of what is drawn.
    """
    sets = sets_of(files)
    rows = [
        (target.figure.name, quarter_text(target.by), target.wanted, target.at_most, target.name)
        for one in sets
        for target in one.targets
        if target.figure.is_outcome and not target.figure.less
    ]
    marks = pd.DataFrame(rows, columns=["outcome", "by", "wanted", "at_most", "name"])
    if drawn:
        marks = marks[marks["outcome"].isin(drawn)]
    if marks.empty:
        names = ", ".join(one.name for one in sets)
        raise StudyError(f"{names}: no target is held against an outcome that is drawn, so that none can be marked")
    return marks
