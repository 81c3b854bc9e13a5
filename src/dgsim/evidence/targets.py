"""What was observed (scores up to 2022, national figures as dated), and the same figure in the model.

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
from dgsim.country.covariates import BEFORE, GOVERNANCE, MINISTRY_SCORE, SCORE_YEAR, observed
from dgsim.evidence.assimilation import DTI_SCORE
from dgsim.scenario.calendar import quarter_index
from dgsim.world.tables import SERVICES

TABLE = Path(__file__).parent / "tables" / "targets.csv"
SCORED_YEAR = 2022  # the last year whose scores of provinces are used
TRAIT_YEARS = {GOVERNANCE: BEFORE, MINISTRY_SCORE: SCORE_YEAR}  # of the traits that were observed in several years
FIT, TEST = "fit", "test"
RANK_CORRELATION, SPREAD = "rank_correlation", "spread"
ACROSS_PROVINCES = (RANK_CORRELATION, SPREAD)
ACCOUNTS, ADULTS = "accounts", 69.0  # million adults, of whom the accounts are told
TENTH = 0.1


@dataclass(frozen=True)
class Target:
    """One observed figure.

    figure    what of the model it is: one of FIGURES, or the rank correlation of the index with a trait
    kind      "supply", "real" or "reported"
    indicator what was observed; of a rank correlation the trait
    quarter   when the model is looked at
    error     standard deviation of observation and of what the model cannot match (measured in other units, other
              definitions): assumed, with the reason in `why`
    role      "fit" where the parameters are fitted to it, "test" where the fitted model is judged by it
    """

    name: str
    figure: str
    kind: str
    label: str
    unit: str
    indicator: str
    quarter: str
    observed: float
    error: float
    why: str
    role: str


def targets_of(country: Country, role: str = FIT) -> dict[str, Target]:
    """The targets of a role that a country has figures for, by name."""
    nation = {(row[0], row[1]): float(row[2]) for row in country.nation}
    score = observed(country, DTI_SCORE, (SCORED_YEAR,))
    found = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["role"] != role:
                continue
            if row["figure"] == RANK_CORRELATION:
                value = float(rank_correlation(score, trait_of(row["indicator"], country)))
            elif row["figure"] == SPREAD:
                value = float(np.nanstd(score)) if np.isfinite(score).any() else np.nan
            else:
                value = nation.get((row["indicator"], row["when"]), np.nan)
                value /= ADULTS if row["figure"] == ACCOUNTS else 1.0
            if np.isfinite(value):
                found[row["target"]] = Target(
                    name=row["target"],
                    figure=row["figure"],
                    kind=row["kind"],
                    label=row["label"],
                    unit=row["unit"],
                    indicator=row["indicator"],
                    quarter=row["quarter"],
                    observed=value,
                    error=float(row["error"]),
                    why=row["why"],
                    role=row["role"],
                )
    return found


def trait_of(indicator: str, country: Country) -> np.ndarray:
    """The trait a rank correlation is with, float64 [province]; NaN where it is not known."""
    if indicator in TRAIT_YEARS:
        return observed(country, indicator, TRAIT_YEARS[indicator])
    return country.column(indicator)


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
    found: np.ndarray = np.divide(ranks @ other, scale, out=np.zeros(ranks.shape[:-1]), where=scale > 0)
    return found


def figures(panel: np.ndarray, country: Country, targets: Mapping[str, Target]) -> np.ndarray:
    """The model's figure for every target, float64 [run, target], from a panel of records [run, quarter, province].

    The panel begins with the first quarter of the horizon and holds at least the last quarter of the targets.
    """
    people = country.column("population_2019")
    weight = people / people.sum()
    columns = [_figure(t, panel[:, quarter_index(t.quarter)], country, weight) for t in targets.values()]
    return np.column_stack(columns)


def _figure(target: Target, panel: np.ndarray, country: Country, weight: np.ndarray) -> np.ndarray:
    if target.figure == RANK_CORRELATION:
        return rank_correlation(panel["published_index"], trait_of(target.indicator, country))
    return FIGURES[target.figure](panel, weight)


def _dossiers(owner: str) -> float:
    """Dossiers a head and year of provinces or of ministries."""
    return sum(s.transactions_per_head for s in SERVICES if s.owner == owner and s.counts_as == "dossier")


PROVINCES_PART = _dossiers("province") / (_dossiers("province") + _dossiers("centre"))


def national(provinces: np.ndarray, ministries: np.ndarray) -> np.ndarray:
    """A share of all dossiers from those of provinces and of ministries, float64 of their shape."""
    both: np.ndarray = PROVINCES_PART * provinces + (1.0 - PROVINCES_PART) * ministries
    return both


FIGURES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "provinces_below_a_tenth": lambda panel, _: (panel["supply"] < TENTH).sum(axis=1).astype(float),
    "supply": lambda panel, _: panel["supply"].mean(axis=1),
    "any_step": lambda panel, weight: panel["use_any_step"] @ weight,
    "filed": lambda panel, weight: (panel["use_any_step"] - panel["assisted_share"]) @ weight,
    "full_process": lambda panel, weight: panel["use_full_process"] @ weight,
    "any_step_ministries": lambda panel, weight: panel["any_step_of_ministries"] @ weight,
    "any_step_national": lambda panel, weight: (
        national(panel["use_any_step"], panel["any_step_of_ministries"]) @ weight
    ),
    "full_process_national": lambda panel, weight: (
        national(panel["use_full_process"], panel["full_process_of_ministries"]) @ weight
    ),
    "access": lambda panel, weight: panel["access"] @ weight,
    ACCOUNTS: lambda panel, _: panel["accounts"].mean(axis=1),
    "executed": lambda panel, _: panel["executed"].mean(axis=1),
    "index": lambda panel, _: panel["reported_index"].mean(axis=1),
    SPREAD: lambda panel, _: panel["published_index"].std(axis=1),
}
USED = (  # the stocks of provinces that these figures are made of
    "supply",
    "use_any_step",
    "assisted_share",
    "use_full_process",
    "any_step_of_ministries",
    "full_process_of_ministries",
    "access",
    "accounts",
    "executed",
    "reported_index",
    "published_index",
)
