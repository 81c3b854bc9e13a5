"""What the reported index of every province will be, with 90% intervals, given all that was observed up to a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from dgsim.country import Country, load_country
from dgsim.engine.run import Progress, batches, run_count
from dgsim.engine.sets import PLAUSIBLE_NAME, ParametersLike, load_parameters
from dgsim.errors import StudyError, whole_number
from dgsim.evidence import assimilation
from dgsim.evidence.mixture import Forecast, Mixture
from dgsim.evidence.regression import Traits
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import FIRST_YEAR, LAST_YEAR, quarter_index

SCENARIO = "history"
KNOWN_UNTIL = 2022
REPLICATIONS = 1_280


@dataclass(frozen=True, repr=False)
class Prediction:
    """The reported index of every province in years to come.

    Attributes
    ----------
    table : DataFrame
        A row a year and province: `province_code, province, year, score, rank, low, high`: the reported index, 0..1,
        its rank (1 first) among the predicted, and its 90% interval; `deviation, deviation_low, deviation_high`: how
        far it lies from the mean of all provinces in that year, which does not hang on the common level.
    country : Country
        Where.
    known_until : int
        The last year whose scores were used.
    level_error : float
        Standard deviation of the common level one year ahead, in points of the index.
    spreads : Spreads
        Standard deviations of the discrepancy that lasts and of the error of a year.
    forecasts : mapping
        The whole distributions, by year.
    """

    table: pd.DataFrame
    country: Country
    known_until: int
    level_error: float
    spreads: assimilation.Spreads
    forecasts: Mapping[int, Forecast]

    def __repr__(self) -> str:
        years = ", ".join(str(year) for year in self.table["year"].unique())
        return f"<Prediction of {years}, {len(self.country)} provinces, known until {self.known_until}>"


def predict(
    years: int | Sequence[int] = (2023, 2024),
    *,
    known_until: int = KNOWN_UNTIL,
    replications: int = REPLICATIONS,
    seed: int = 0,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    country: str | Path | Country | None = None,
    progress: Progress | None = None,
) -> Prediction:
    """Predict the reported index of every province in some years.

    Runs of `history` over the plausible sets are weighed, province by province, by all scores published up to
    `known_until`; see :mod:`dgsim.evidence.assimilation`.

    Parameters
    ----------
    years : int or sequence of int, default (2023, 2024)
        Which years, all of them after `known_until` and up to 2030.
    known_until : int, default 2022
        The last year whose scores are used.
    replications : int, default 1280
        Runs that are weighed.
    seed, country, progress : optional
        As in `simulate`.
    parameters : str, Path or sequence of Mapping, default "plausible"
        As in `simulate`.

    Returns
    -------
    Prediction
        Scores and ranks with 90% intervals.

    Raises
    ------
    CountryError
        If the country cannot be used.
    StudyError
        If an argument cannot, or no score of a province is known.

    Examples
    --------
    >>> from dgsim import predict
    >>> table = predict(2023, replications=8).table
    >>> len(table), bool((table["low"] < table["score"]).all())
    (63, True)
    """
    wanted = _years(years, known_until)
    land = load_country(country)
    known = assimilation.known_scores(land, known_until)
    if not np.isfinite(known.deviations).any():
        raise StudyError(
            f"{land.name}: no score of a province is known up to {known_until}, so nothing can be predicted"
        )
    count = run_count(replications, lowest=2)
    luck = whole_number(seed, "seed", 0)
    index = yearly_index(land, max(wanted), count, seed=luck, parameters=parameters, progress=progress)
    seen = condition(index, known, assimilation.traits_of(land, known_until))
    forecasts = {year: Forecast(seen.scores(year), seen.deviations(year)) for year in wanted}
    table = pd.concat([_table(land, year, told) for year, told in forecasts.items()], ignore_index=True)
    return Prediction(table, land, known_until, seen.level.error(1), seen.spreads, forecasts)


@dataclass(frozen=True)
class Conditioned:
    """Runs weighed by what is known.

    means     mean index of a run [run, year]; runs: deviations from it [run, year, province]
    weights   of the runs, by province [run, province]
    seen      what is known of the discrepancy, by run and province; level: of the common level, by run
    """

    known: assimilation.Known
    means: np.ndarray
    runs: np.ndarray
    weights: np.ndarray
    seen: assimilation.Weighed
    level: assimilation.Level
    spreads: assimilation.Spreads

    def deviations(self, year: int) -> Mixture:
        """How far the reported index lies from the mean of its year, after the last known one."""
        centre = self.runs[:, year - FIRST_YEAR] + self.seen.discrepancy
        return Mixture(centre, np.sqrt(self.seen.variance + self.spreads.error**2), self.weights)

    def levels(self, year: int) -> Mixture:
        """The mean of all provinces in a year after the last known one: one unit."""
        centre = (self.means[:, year - FIRST_YEAR] + self.level.carried)[:, np.newaxis]
        spread = np.full(centre.shape, self.level.error(year - self.known.years[-1]))
        return Mixture(centre, spread, np.full(centre.shape, 1.0 / len(centre)))

    def scores(self, year: int) -> Mixture:
        """The reported index of a year after the last known one: level and deviation of the same run."""
        level, apart = self.levels(year), self.deviations(year)
        return Mixture(level.centre + apart.centre, np.hypot(level.spread, apart.spread), self.weights)


def condition(index: np.ndarray, known: assimilation.Known, traits: Traits) -> Conditioned:
    """Weigh runs [run, year from 2020, province] by the known scores; see :mod:`dgsim.evidence.assimilation`."""
    means = index.mean(axis=2)
    runs = index - means[:, :, np.newaxis]
    columns = [year - FIRST_YEAR for year in known.years]
    past = runs[:, columns]
    expected = assimilation.expected_discrepancy(known, past.mean(axis=0), traits)
    spreads = assimilation.fitted_spreads(known, past, expected)
    seen = assimilation.weighed(known, past, expected, spreads)
    level = assimilation.level_of(known, means[:, columns])
    return Conditioned(known, means, runs, assimilation.normalised(seen.logs), seen, level, spreads)


def _years(years: int | Sequence[int], known_until: int) -> tuple[int, ...]:
    given = (years,) if isinstance(years, int) else tuple(years)
    if not FIRST_YEAR <= known_until < LAST_YEAR:
        raise StudyError(f"known until = {known_until} is outside {FIRST_YEAR}..{LAST_YEAR - 1} (years)")
    for year in given:
        if not known_until < whole_number(year, "year", 0) <= LAST_YEAR:
            raise StudyError(f"year = {year} is outside {known_until + 1}..{LAST_YEAR} (years after what is known)")
    if not given:
        raise StudyError("no year to predict was given, such as 2023")
    return tuple(sorted(set(given)))


def yearly_index(
    country: Country,
    last: int,
    count: int,
    *,
    seed: int,
    parameters: ParametersLike,
    progress: Progress | None = None,
    changes: Mapping[str, Any] | None = None,
) -> np.ndarray:
    """The published index of `history` at the end of every year, float64 [run, year from 2020, province].

    `changes` are levers or assumptions that are set another way.
    """
    sets = load_parameters(parameters)
    quarters = [quarter_index(f"{year}Q4") for year in range(FIRST_YEAR, last + 1)]
    scenario = load_scenario(SCENARIO).with_changes(quarters=quarters[-1] + 1, **(changes or {}))
    found = []
    arguments: dict[str, Any] = {"seed": seed, "keep": {"provinces"}, "parameters": sets}
    for _, runs in batches(scenario, country, count, progress=progress, **arguments):
        assert runs.provinces is not None
        found.append(runs.provinces["published_index"][:, quarters])
    return np.concatenate(found)


def _table(country: Country, year: int, forecast: Forecast) -> pd.DataFrame:
    """The rows of one year."""
    score, deviation = forecast.scores.mean(), forecast.deviations.mean()
    ends = zip(("low", "high"), forecast.scores.interval(), strict=True)
    apart = zip(("deviation_low", "deviation_high"), forecast.deviations.interval(), strict=True)
    return pd.DataFrame(
        {
            "province_code": list(country.codes),
            "province": list(country.names),
            "year": year,
            "score": np.clip(score, 0.0, 1.0),
            "rank": rankdata(-score, method="ordinal"),
            **{name: np.clip(end, 0.0, 1.0) for name, end in ends},
            "deviation": deviation,
            **dict(apart),
        }
    )
