"""Every claim the model makes: the observed figure, the model's with its interval, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dgsim.country import Country, load_country
from dgsim.country.covariates import observed
from dgsim.engine.run import Progress, batches, run_count
from dgsim.engine.sets import PLAUSIBLE_NAME, Ensemble, ParametersLike, load_parameters
from dgsim.errors import StudyError, did_you_mean, whole_number
from dgsim.evidence import baselines, claims, contests, rivals
from dgsim.evidence.assimilation import DTI_SCORE
from dgsim.evidence.ensemble_runs import SetRuns
from dgsim.evidence.pattern_claims import PATTERNS, RUNS_NEEDED
from dgsim.evidence.predict import SCENARIO, yearly_index
from dgsim.evidence.targets import ACROSS_PROVINCES, SCORED_YEAR, TEST, figures, targets_of
from dgsim.numbers import TWO_SIDED
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import quarter_index
from dgsim.study.record import country_hash

KEPT = Path(__file__).parent / "tables" / "validation.csv"
OFTEN = 0.9  # of the sets, in which a direction has to come out
EACH = 12  # runs of each set for a direction: it is one of causes, not of luck
PATHS, AHEAD, ACROSS = "supply, use and index", "figures it was not fitted to", "cross-section"
DIRECTIONS = "patterns"
TRUTHS = f"63 scores of {SCORED_YEAR}"
HELD_OUT, NEXT_YEAR, USE = "regions held out", "2022 from 2021", "use in 2024 from 2019"
GROUPS = (PATHS, AHEAD, ACROSS, DIRECTIONS, HELD_OUT, NEXT_YEAR, USE)


@dataclass(frozen=True, repr=False)
class Validation:
    """What was claimed, observed and found.

    table       `group, claim, role, who, unit, observed, model, low, high, share, lead, lead_low, lead_high, holds,
                note`; observed is missing where a claim is a direction, share is that of the sets in which it comes
                out; role says whether a direction is an input, emerges, or is open; lead is by how much the whole model
                is better than this row of a contest, with its 90% interval; holds is yes, no or empty (rivals claim
                nothing, nor does what is open)
    ensemble    the sets of parameters; replications: runs of history
    """

    table: pd.DataFrame
    ensemble: Ensemble
    replications: int
    seed: int

    def __repr__(self) -> str:
        return f"<Validation: {len(self.table)} claims, {(self.table['holds'] == 'yes').sum()} hold>"


def validate(
    *,
    replications: int = 512,
    seed: int = 0,
    parameters: ParametersLike = PLAUSIBLE_NAME,
    country: str | Path | Country | None = None,
    groups: tuple[str, ...] = GROUPS,
    progress: Progress | None = None,
) -> Validation:
    """Hold every claim of the model to what was observed: scores up to 2022, national figures as dated.

    A figure holds if what was observed lies within the 5th to 95th percentile of the runs, over parameters and luck; a
    direction if it comes out in nine sets of ten. `replications` are the runs of `history`; the patterns run every
    scenario twelve times a set. Raises StudyError in a country without observed figures.

    >>> from dgsim.evidence.validate import validate
    >>> table = validate(replications=4, parameters="central", groups=("cross-section",)).table
    >>> set(table["holds"]) <= {"yes", "no"}
    True
    """
    land, sets = load_country(country), load_parameters(parameters)
    if not targets_of(land) or np.isnan(observed(land, DTI_SCORE, (SCORED_YEAR,))).any():
        raise StudyError(
            f"{land.name}: has no observed scores of {SCORED_YEAR}, so there is nothing to validate against"
        )
    count, luck = run_count(replications, lowest=2), whole_number(seed, "seed", 0)
    told = _counter(progress, runs_of(groups, count, len(sets)))
    rows: list[dict[str, Any]] = []
    if not {PATHS, AHEAD, ACROSS}.isdisjoint(groups):
        rows += [row for row in _history_rows(land, sets, count, luck, told) if row["group"] in groups]
    if DIRECTIONS in groups:
        rows += _pattern_rows(SetRuns(land, sets, EACH, luck, told))
    if USE in groups:
        rows += _use_rows(land, sets, count, luck, told)
    if not {HELD_OUT, NEXT_YEAR}.isdisjoint(groups):
        rows += [row for row in _rival_rows(land, sets, count, luck, told) if row["group"] in groups]
    return Validation(pd.DataFrame(rows, columns=list(claims.COLUMNS)), sets, count, luck)


def runs_of(groups: tuple[str, ...], replications: int, sets: int) -> int:
    """How many runs claims of these groups take, with so many of history and so many sets of parameters.

    Raises StudyError where there is no such group.

    >>> runs_of(("patterns",), 512, 128) + runs_of(("cross-section",), 512, 128)
    61952
    """
    unknown = [name for name in groups if name not in GROUPS]
    if unknown:
        raise StudyError(f"group = {unknown[0]} is none of {'; '.join(GROUPS)}{did_you_mean(unknown[0], GROUPS)}")
    history = 0 if {PATHS, AHEAD, ACROSS}.isdisjoint(groups) else replications
    patterns = RUNS_NEEDED * EACH * sets if DIRECTIONS in groups else 0
    contests = (not {HELD_OUT, NEXT_YEAR}.isdisjoint(groups)) + (USE in groups)
    return history + patterns + contests * len(baselines.VARIANTS) * replications


def kept_validation(country: Country) -> pd.DataFrame | None:
    """The table of a validation that was made with the plausible sets and is packaged; None in another country.

    >>> from dgsim.country import load_country
    >>> bool((kept_validation(load_country())["holds"] == "yes").any())
    True
    """
    if country_hash(country) != country_hash(load_country()):
        return None
    return pd.read_csv(KEPT, keep_default_na=False, na_values={name: [""] for name in claims.NUMBERS})


def _counter(progress: Progress | None, everything: int) -> Callable[[int], None]:
    """What is told how many more runs are done."""
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(min(done, everything), everything)

    return told


def _history_rows(
    country: Country, sets: Ensemble, count: int, seed: int, told: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    """Paths of supply, use and index, figures of later years, and the cross-section of 2022."""
    targets = targets_of(country) | targets_of(country, TEST)
    last = max(quarter_index(target.quarter) for target in targets.values())
    history = load_scenario(SCENARIO).with_changes(quarters=last + 1)
    found, extra = [], []
    for numbers, runs in batches(history, country, count, seed=seed, keep={"provinces"}, parameters=sets):
        assert runs.provinces is not None
        found.append(figures(runs.provinces, country, targets))
        index = [runs.provinces["published_index"][:, quarter_index(f"{year}Q4")] for year in (2020, 2021, 2022)]
        extra.append(claims.mobility(np.stack(index), runs.provinces["use"][:, quarter_index("2022Q4")], country))
        told(len(numbers))
    values = np.concatenate(found)
    for column, target in enumerate(targets.values()):
        group = AHEAD if target.role == TEST else ACROSS if target.figure in ACROSS_PROVINCES else PATHS
        claim = f"{target.label} ({target.kind}, {target.quarter})"
        yield claims.figure_row(group, claim, target.unit, target.observed, values[:, column], target.why)
    seen = claims.observed_mobility(country)
    for name, all_values in claims.joined(extra).items():
        about = claims.MOBILITY[name]
        yield claims.figure_row(ACROSS, about.claim, about.unit, seen[name], all_values, about.note)


def _pattern_rows(runs: SetRuns) -> Iterator[dict[str, Any]]:
    """P1 to P17: in how many sets each direction comes out; P12 is the cross-section."""
    for pattern in PATTERNS:
        yield claims.direction_row(DIRECTIONS, pattern, pattern.measure(runs), OFTEN)


def _use_rows(
    country: Country, sets: Ensemble, count: int, seed: int, told: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    """How far use in 2024 is missed by the model, the model without each mechanism, no change and Bass's curve."""
    tests, start = targets_of(country, TEST), targets_of(country)[baselines.USE_START].observed
    targets = {name: tests[name] for name in baselines.USE_FIGURES}
    found = {}
    for name, changes in baselines.VARIANTS.items():
        found[name] = baselines.use_of_runs(country, sets, count, seed, targets, changes)
        told(count)
    for name, target in targets.items():
        entered = {who: values[name] for who, values in found.items()}
        entered[baselines.NO_CHANGE] = np.array([start])
        entered[baselines.BASS] = np.array([baselines.bass(start, baselines.years_from_start(target))])
        claim = f"{target.label} ({target.kind}, {target.quarter})"
        yield from contests.miss_rows(USE, claim, entered, target.observed, target.error, seed)


def _rival_rows(
    country: Country, sets: Ensemble, count: int, seed: int, told: Callable[[int], None]
) -> Iterator[dict[str, Any]]:
    """The model, the model without each mechanism, and naive rivals, on two splits."""
    held_out, ahead = {}, {}
    for name, changes in baselines.VARIANTS.items():
        index = yearly_index(country, SCORED_YEAR, count, seed=seed, parameters=sets, changes=changes)
        told(count)
        held_out[name] = baselines.held_out_regions(country, index)
        ahead[name] = baselines.next_year(country, index)
    held_out |= {
        baselines.NO_CHANGE: baselines.last_standing(country),
        baselines.REGRESSION: baselines.regression_of_regions(country),
    }
    ahead |= {
        baselines.NO_CHANGE: rivals.no_change(country, SCORED_YEAR - 1, SCORED_YEAR),
        baselines.REGRESSION: rivals.covariate_regression(country, SCORED_YEAR - 1, SCORED_YEAR),
    }
    truth = observed(country, DTI_SCORE, (SCORED_YEAR,))
    regions = contests.Contest(HELD_OUT, f"rank correlation, {TRUTHS}", TWO_SIDED, contests.rank_agreement, True)
    yield from regions.rows(held_out, truth, seed)
    level = baselines.bass(dict(claims.national_means(country))[SCORED_YEAR - 1], 1.0)
    curve = {baselines.BASS: np.full(len(country), level)}
    error = targets_of(country)[baselines.LEVEL].error
    yield from contests.forecast_rows(NEXT_YEAR, TRUTHS, ahead, curve, truth, error, seed)
