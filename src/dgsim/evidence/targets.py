"""What was observed up to 2022 (national facts as dated), and the same figure in the model.

What is reported (the published index) and what is real (use) are never mixed: the kind of a target says which it is.

>>> from dgsim.country import load_country
>>> targets_of(load_country())["supply_below_10"].observed
25.0
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from dgsim.country import Country
from dgsim.country.covariates import GOVERNANCE, SCORE, observed
from dgsim.scenario.calendar import quarter_index

TABLE = Path(__file__).parent / "tables" / "targets.csv"
YEAR = 2022  # the last year whose scores of provinces are used
TRAITS = {
    "rho_income": "grdp_per_capita_2019_mvnd",
    "rho_revenue": "revenue_retained_2020_bvnd",
    "rho_poverty": "poverty_multidim_2019_pct",
    "rho_trained": "trained_labour_2019_pct",
}
OBSERVED_TRAITS = {
    "rho_governance": (GOVERNANCE, 2019),
    "rho_score_2017": (SCORE, 2017),
}
TENTH = 0.1


@dataclass(frozen=True)
class Target:
    """One observed figure.

    kind      "supply", "real" or "reported"
    quarter   when the model is looked at
    error     standard deviation of observation and of what the model cannot match (measured in other units, other
              definitions): assumed, with the reason in `why`
    """

    name: str
    kind: str
    label: str
    unit: str
    quarter: str
    observed: float
    error: float
    why: str


def targets_of(country: Country) -> dict[str, Target]:
    """The targets that a country has figures for, by name."""
    nation = {(row[0], row[1]): float(row[2]) for row in country.nation}
    score = observed(country, "dti_score", (YEAR,))
    found = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["target"]
            if name.startswith("rho_"):
                value = float(rank_correlation(score, trait_of(name, country)))
            elif name == "spread_2022":
                value = float(np.nanstd(score)) if np.isfinite(score).any() else np.nan
            else:
                value = nation.get((row["indicator"], row["when"]), np.nan)
            if np.isfinite(value):
                labels = (row["kind"], row["label"], row["unit"], row["quarter"])
                found[name] = Target(name, *labels, value, float(row["error"]), row["why"])
    return found


def trait_of(name: str, country: Country) -> np.ndarray:
    """The trait a rank correlation is with, float64 [province]; NaN where it is not known."""
    if name in TRAITS:
        return country.column(TRAITS[name])
    indicator, year = OBSERVED_TRAITS[name]
    return observed(country, indicator, (year,))


def rank_correlation(values: np.ndarray, trait: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation over the last axis with a trait [province]; provinces with a blank are left out."""
    known = np.isfinite(trait) & np.isfinite(values).all(axis=tuple(range(values.ndim - 1)))
    if known.sum() < 3:
        return np.full(values.shape[:-1], np.nan)
    ranks = rankdata(values[..., known], axis=-1)
    other = rankdata(trait[known])
    ranks = ranks - ranks.mean(axis=-1, keepdims=True)
    other = other - other.mean()
    scale = np.sqrt((ranks**2).sum(axis=-1) * (other**2).sum())
    return np.divide(ranks @ other, scale, out=np.zeros(ranks.shape[:-1]), where=scale > 0)


def figures(panel: np.ndarray, country: Country, targets: Mapping[str, Target]) -> np.ndarray:
    """The model's figure for every target, float64 [run, target], from a panel of records [run, quarter, province].

    The panel begins with the first quarter of the horizon and holds at least the last quarter of the targets.
    """
    people = country.column("population_2019")
    weight = people / people.sum()
    columns = [_figure(name, panel[:, quarter_index(t.quarter)], country, weight) for name, t in targets.items()]
    return np.column_stack(columns)


def _figure(name: str, panel: np.ndarray, country: Country, weight: np.ndarray) -> np.ndarray:
    if name.startswith("rho_"):
        return rank_correlation(panel["published_index"], trait_of(name, country))
    return FIGURES[name.rsplit("_20", 1)[0] if name[-4:-2] == "20" else name](panel, weight)


FIGURES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "supply_below_10": lambda panel, _: (panel["supply"] < TENTH).sum(axis=1).astype(float),
    "supply": lambda panel, _: panel["supply"].mean(axis=1),
    "use": lambda panel, weight: panel["use"] @ weight,
    "index": lambda panel, _: panel["reported_index"].mean(axis=1),
    "spread": lambda panel, _: panel["published_index"].std(axis=1),
}
