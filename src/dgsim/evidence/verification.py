"""A prediction against what came, beside no change and a covariate regression."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from dgsim.country import Country
from dgsim.errors import CountryError, StudyError, other_separator
from dgsim.evidence.contests import POINTS, rank_agreement
from dgsim.evidence.mixture import Forecast, Mixture
from dgsim.evidence.predict import Prediction
from dgsim.evidence.rivals import covariate_regression, no_change

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
    their 90% interval, `mean_error` (predicted less observed) and `crps`, the mean continuous ranked probability score
    in points of the index; `deviation_inside` and `deviation_crps`, the same of how far a province lies from the mean
    of all, where all are known; and the same of two rivals, no change (`persistence_...`) and a covariate regression
    (`regression_...`). Raises StudyError where nothing can be scored.
    """
    country, until = prediction.country, prediction.known_until
    rows = []
    for year, forecast in prediction.forecasts.items():
        known = came[came["year"] == year].set_index("province_code")["score"]
        truth = known.reindex(list(country.codes)).to_numpy(dtype=float)
        if np.isfinite(truth).sum() < FEWEST_PROVINCES:
            continue
        row: dict[str, float] = {"year": year, "provinces": int(np.isfinite(truth).sum())}
        for prefix, told in (
            ("", forecast),
            ("persistence_", no_change(country, until, year)),
            ("regression_", covariate_regression(country, until, year)),
        ):
            row |= {f"{prefix}{name}": value for name, value in _scored(told, truth).items()}
        rows.append(row)
    if not rows:
        years = ", ".join(str(year) for year in sorted(came["year"].unique()))
        raise StudyError(
            f"nothing to score: the file has the years {years}, for fewer than {FEWEST_PROVINCES} provinces each"
        )
    return pd.DataFrame(rows)


def _scored(forecast: Forecast, truth: np.ndarray) -> dict[str, float]:
    """What is told of one forecast of a year."""
    there = np.isfinite(truth)
    scores, seen = forecast.scores.of(there), truth[there]
    apart = truth - truth.mean()  # not known unless all are
    return {
        "rank_correlation": float(rank_agreement(scores.mean(), seen)),
        "inside": _share(scores, seen),
        "mean_error": float((scores.mean() - seen).mean()),
        "crps": POINTS * float(scores.crps(seen).mean()),
        "deviation_inside": _share(forecast.deviations, apart),
        "deviation_crps": POINTS * float(forecast.deviations.crps(apart).mean()),
    }


def _share(forecast: Mixture, truth: np.ndarray) -> float:
    """The share within their 90% interval; NaN where forecast or truth is not known."""
    known = np.isfinite(truth).all() and np.isfinite(forecast.spread).all()
    return float(forecast.inside(truth).mean()) if known else float("nan")
