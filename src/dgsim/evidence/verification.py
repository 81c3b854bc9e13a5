"""A prediction against what came: rank correlation and coverage, beside those of no change."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from dgsim.country import Country
from dgsim.country.covariates import observed
from dgsim.errors import CountryError, StudyError, other_separator
from dgsim.evidence.assimilation import DTI_SCORE, known_scores
from dgsim.evidence.predict import COVERAGE, Prediction

COLUMNS = ("province_code", "year", "score")
FEWEST_PROVINCES = 3  # provinces a rank correlation needs


def read_scores(file: str | Path, country: Country) -> pd.DataFrame:
    """What came, from a CSV file with the columns `province_code, year, score` (0..1); raises StudyError."""
    path = Path(file)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StudyError(f"{path}: cannot be read as a CSV file: {error}") from None
    if wrong := other_separator(reader.fieldnames or ()):
        raise StudyError(f"{path}: {wrong}")
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise StudyError(f"{path}: has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
    found = [_row(path, line, row, country) for line, row in enumerate(rows, start=2)]
    table = pd.DataFrame(found, columns=list(COLUMNS))
    if table.duplicated(["province_code", "year"]).any():
        code = table.loc[table.duplicated(["province_code", "year"]), "province_code"].iloc[0]
        raise StudyError(f"{path}: province_code = {code} stands twice for one year")
    return table


def _row(path: Path, line: int, row: dict[str, str], country: Country) -> tuple[str, int, float]:
    try:
        code = country.codes[country.index(row["province_code"])]
    except CountryError as error:
        raise StudyError(f"{path}: {error} [line {line}]") from None
    try:
        year, score = int(row["year"]), float(row["score"])
    except (TypeError, ValueError):
        raise StudyError(f"{path}: year and score must be numbers [line {line}]") from None
    if not 0.0 <= score <= 1.0:
        raise StudyError(f"{path}: score = {score:g} is outside 0..1 (share of the maximum) [line {line}]")
    return code, year, score


def score_prediction(prediction: Prediction, came: pd.DataFrame) -> pd.DataFrame:
    """How good the prediction was, a row a year that is both predicted and known.

    Columns: `year, provinces`; `rank_correlation` of the predicted scores, `inside`, the share of provinces within
    their 90% interval, `mean_error` (predicted less observed); and the same three of no change since the last known
    year, whose interval is as wide as the changes published up to then. Raises StudyError where nothing can be scored.
    """
    last = observed(prediction.country, DTI_SCORE, (prediction.known_until,))
    before = dict(zip(prediction.country.codes, last.tolist(), strict=True))
    half = norm.ppf(0.5 + COVERAGE / 2) * usual_change(prediction.country, prediction.known_until)
    rows = []
    for year, predicted in prediction.table.groupby("year"):
        both = predicted.merge(came[came["year"] == year], on="province_code", suffixes=("", "_came"))
        if len(both) < FEWEST_PROVINCES:
            continue
        truth = both["score_came"].to_numpy()
        unchanged = both["province_code"].map(before).to_numpy(dtype=float)
        inside = (both["low"].to_numpy() <= truth) & (truth <= both["high"].to_numpy())
        rows.append(
            {
                "year": int(str(year)),
                "provinces": len(both),
                "rank_correlation": _spearman(both["score"].to_numpy(), truth),
                "persistence_rank_correlation": _spearman(unchanged, truth),
                "inside": inside.mean(),
                "persistence_inside": _share(np.abs(truth - unchanged) <= half, unchanged),
                "mean_error": (both["score"] - truth).mean(),
                "persistence_mean_error": np.nanmean(unchanged - truth) if np.isfinite(unchanged).any() else np.nan,
            }
        )
    if not rows:
        years = ", ".join(str(year) for year in sorted(came["year"].unique()))
        raise StudyError(
            f"nothing to score: the file has the years {years}, for fewer than {FEWEST_PROVINCES} provinces each"
        )
    return pd.DataFrame(rows)


def usual_change(country: Country, until: int) -> float:
    """How much a province's score changed from one year to the next, root mean square of what was published."""
    years = known_scores(country, until).years
    scores = np.array([observed(country, DTI_SCORE, (year,)) for year in years])
    changes = np.diff(scores, axis=0)
    known = changes[np.isfinite(changes)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else np.nan


def _spearman(one: np.ndarray, other: np.ndarray) -> float:
    there = np.isfinite(one) & np.isfinite(other)
    if there.sum() < FEWEST_PROVINCES:
        return float("nan")
    return float(spearmanr(one[there], other[there]).statistic)


def _share(inside: np.ndarray, known: np.ndarray) -> float:
    there = np.isfinite(known)
    return float(inside[there].mean()) if there.any() else float("nan")
