"""A validation by hand: which runs are made for which claims, and what is taken from them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, spearmanr

from country_by_hand import COUNTRY, GRADIENT, approx, with_figures
from dgsim.country.covariates import MINISTRY_SCORE
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.evidence import baselines, claims, rivals
from dgsim.evidence import validate as module
from dgsim.evidence.mixture import Forecast, Mixture
from dgsim.evidence.pattern_claims import Pattern
from dgsim.evidence.targets import Target
from dgsim.evidence.validate import ACROSS, AHEAD, DIRECTIONS, GROUPS, HELD_OUT, NEXT_YEAR, PATHS, USE, validate

SETS = load_parameters([{"hours_factor": 0.8}, {"hours_factor": 1.0}, {"hours_factor": 1.2}])


def target(name, figure, observed, role="fit", quarter="2020Q4"):
    return Target(name, figure, "real", name, "unit", "", quarter, observed, 0.1, "why", role)


TARGETS = [
    target("full_2019", "full_process_national", 0.06),
    target("rho", "rank_correlation", 0.5),
    target("wide", "spread", 9.0),
    target("full_2024", "full_process", 0.2, "test", "2024Q2"),
]


def targets_of(country, role="fit"):
    return {target.name: target for target in TARGETS if target.role == role}


@pytest.fixture
def made_up(monkeypatch):
    """No runs: five in two batches; figures are 0, 1, 2 ... by run, index and use their quarter's number."""
    asked = {}

    def batches(scenario, country, count, **given):
        asked.update(given, scenario=scenario, count=count)
        for numbers in (range(3), range(3, 5)):
            panel = np.zeros((len(numbers), 18, 63), [("published_index", "f8"), ("use", "f8")])
            panel["published_index"] = np.arange(18.0)[:, np.newaxis]
            panel["use"] = -np.arange(18.0)[:, np.newaxis]
            yield numbers, SimpleNamespace(provinces=panel)

    monkeypatch.setattr(module, "batches", batches)
    monkeypatch.setattr(module, "targets_of", targets_of)
    runs = itertools.count()
    figures = lambda panel, *_: np.array([[next(runs)] * 4 for _ in panel], float) * [1.0, 10.0, 1.0, 0.1]  # noqa: E731
    monkeypatch.setattr(module, "figures", figures)
    return asked


def found(*groups, country=COUNTRY, **given):
    told = []
    made = validate(
        groups=groups,
        country=country,
        parameters=SETS,
        progress=lambda done, of: told.append((done, of)),
        **{"replications": 5, "seed": 2} | given,
    )
    return made, told


def test_paths_and_the_cross_section_are_figures_of_the_same_runs_of_history(made_up, monkeypatch):
    seen = []

    def mobility(index, use, country):
        seen.append((index.shape, index[:, 0, 0].tolist(), use[0, 0]))
        return dict.fromkeys(claims.MOBILITY, np.arange(float(index.shape[1])))

    monkeypatch.setattr(claims, "mobility", mobility)
    monkeypatch.setattr(claims, "observed_mobility", lambda country: dict.fromkeys(claims.MOBILITY, 2.0))
    made, told = found(PATHS, AHEAD, ACROSS)
    assert seen == [((3, 3, 63), [3.0, 7.0, 11.0], -11.0), ((3, 2, 63), [3.0, 7.0, 11.0], -11.0)], "of fourth quarters"
    assert told == [(3, 5), (5, 5)]
    assert (made_up["count"], made_up["seed"], made_up["keep"], made_up["scenario"].quarters) == (
        5,
        2,
        {"provinces"},
        18,
    ), "to the last quarter of any figure, mid-2024"
    table = made.table.set_index("claim")
    assert table["group"].value_counts().to_dict() == {
        PATHS: 1,
        AHEAD: 1,
        ACROSS: 2 + len(claims.MOBILITY),
    }
    assert table.loc["full_2019 (real, 2020Q4)", ["group", "model"]].tolist() == [PATHS, approx(2.0)]
    row = table.loc["full_2024 (real, 2024Q2)"]
    assert (row["group"], row["unit"], row["observed"], row["note"]) == (AHEAD, "unit", 0.2, "why")
    assert (row["model"], row["low"], row["high"], row["holds"]) == (approx(0.2), approx(0.02), approx(0.38), "yes")
    assert table.loc["rho (real, 2020Q4)", "model"] == approx(20.0)
    leader = table.loc[claims.MOBILITY["leader"].claim]
    assert (leader["model"], leader["observed"]) == (approx((0 + 1 + 2 + 0 + 1) / 5), 2.0)
    assert leader["note"] == claims.MOBILITY["leader"].note


def test_only_the_groups_that_are_asked_for_are_told(made_up):
    assert set(found(PATHS)[0].table["group"]) == {PATHS}
    assert set(found(AHEAD)[0].table["group"]) == {AHEAD}, "figures that the parameters were not fitted to"


def test_a_pattern_is_told_with_the_share_of_sets_in_which_it_comes_out(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "SetRuns", lambda *given: asked.append(given) or "runs")
    values = np.r_[np.ones(9), -1.0]
    monkeypatch.setattr(
        module,
        "PATTERNS",
        (
            Pattern("P1", "often", "points", lambda runs: values if runs == "runs" else None),
            Pattern("P2", "rarely", "points", lambda runs: values, 1.0),
        ),
    )
    table = found(DIRECTIONS)[0].table.set_index("claim")
    assert table.loc["P1: often", ["share", "holds", "model"]].tolist() == [0.9, "yes", approx(0.8)], "nine of ten"
    assert table.loc["P2: rarely", ["share", "holds"]].tolist() == [0.0, "no"]
    assert asked[0][:4] == (COUNTRY, SETS, 12, 2)


STARTS = {name: target(name, "figure", value) for name, value in (("full_2019", 0.06), ("index_2022", 0.5))}
USES = {
    name: target(name, "figure", value, "test", quarter)
    for name, quarter, value in (("any_2024", "2024Q3", 0.5), ("full_2024", "2024Q2", 0.2), ("other", "2025Q1", 9.0))
}


def uses_of(country, role="fit"):
    return USES if role == "test" else STARTS


def test_use_in_2024_is_told_of_the_model_its_variants_and_two_naive_rivals(monkeypatch):
    monkeypatch.setattr(module, "targets_of", uses_of)
    asked = []

    def use_of_runs(country, sets, count, seed, targets, changes):
        asked.append((count, seed, tuple(targets)))
        full = 0.19 if not changes else 0.1 + 0.01 * len(changes)
        return {"any_2024": np.full(count, 0.45), "full_2024": np.full(count, full)}

    monkeypatch.setattr(baselines, "use_of_runs", use_of_runs)
    made, told = found(USE)
    table = made.table.set_index("who").groupby("claim")
    full, any_step = (table.get_group(f"{name} (real, {USES[name].quarter})") for name in ("full_2024", "any_2024"))
    assert full["model"].to_dict() == approx(
        {
            "dgsim": 0.19,
            "dgsim without incentives": 0.13,
            "dgsim without peers": 0.12,
            "dgsim without skills": 0.13,
            "no change": 0.06,
            "Bass curve": baselines.bass(0.06, 4.5),
        }
    )
    assert any_step["model"]["Bass curve"] == approx(baselines.bass(0.06, 4.75))
    assert any_step["model"]["no change"] == 0.06
    assert (set(full["observed"]), set(any_step["observed"])) == ({0.2}, {0.5})
    assert full.loc["dgsim", "holds"] == "yes"
    assert full.loc["dgsim without peers", "lead"] == approx(0.07), "0.08 off against 0.01"
    assert asked == [(5, 2, ("any_2024", "full_2024"))] * 4
    assert told == [(5, 20), (10, 20), (15, 20), (20, 20)]


SCORES = {2020: 0.40 + 0.10 * GRADIENT, 2021: 0.46 - 0.15 * GRADIENT, 2022: 0.50 + 0.15 * GRADIENT**3}
LAND = with_figures(SCORES, {2020: 0.40, 2021: 0.46, 2022: 0.50})
OF_2017 = tuple(row for row in COUNTRY.observations if row[1] == MINISTRY_SCORE)
LAND = replace(LAND, observations=(*LAND.observations, *OF_2017))


def forecast(centre):
    apart = centre - centre.mean()
    return Forecast(*(Mixture.of_normals(part, np.full(63, 0.05)) for part in (centre, apart)))


def test_rivals_meet_on_regions_held_out_and_on_the_year_to_come(monkeypatch):
    asked = []

    def yearly_index(country, last, count, *, seed, parameters, changes):
        asked.append((last, count, seed, parameters))
        return np.full((count, 3, 63), float(len(changes)))

    monkeypatch.setattr(module, "targets_of", uses_of)
    monkeypatch.setattr(module, "yearly_index", yearly_index)
    monkeypatch.setattr(
        baselines, "held_out_regions", lambda country, index: GRADIENT if index[0, 0, 0] == 0 else -GRADIENT
    )
    monkeypatch.setattr(baselines, "next_year", lambda country, index: forecast(0.6 + 0.15 * GRADIENT**3))
    made, told = found(HELD_OUT, NEXT_YEAR, country=LAND)
    assert asked == [(2022, 5, 2, SETS)] * 4
    assert told == [(5, 20), (10, 20), (15, 20), (20, 20)]
    rows = made.table.set_index("who").groupby(["group", "claim"])
    scored = "continuous ranked probability score"
    ranks, ahead, missed, score, inside = (
        rows.get_group((group, f"{claim}, 63 scores of 2022"))
        for group, claim in (
            (HELD_OUT, "rank correlation"),
            (NEXT_YEAR, "rank correlation"),
            (NEXT_YEAR, "mean absolute error"),
            (NEXT_YEAR, scored),
            (NEXT_YEAR, "inside the 90% interval"),
        )
    )
    assert (ranks["model"]["dgsim"], ranks["model"]["dgsim without peers"]) == (approx(1.0), approx(-1.0))
    assert ranks["lead"]["dgsim without peers"] == approx(2.0)
    assert set(ranks.index) == {*baselines.VARIANTS, "no change", "covariate regression"}
    standing = spearmanr(baselines.last_standing(LAND), SCORES[2022]).statistic
    assert ranks["model"]["no change"] == approx(standing)
    assert ahead["model"]["dgsim"] == approx(1.0)
    assert missed["model"]["dgsim"] == approx(0.1)
    curve = np.full(63, baselines.bass(0.46, 1.0))
    assert missed["model"]["Bass curve"] == approx(np.abs(curve - SCORES[2022]).mean()), "the mean of 2021, a year on"
    assert np.isnan(ahead["model"]["Bass curve"]), "the same for all"
    assert missed["model"]["no change"] == approx(np.abs(SCORES[2021] - SCORES[2022]).mean())
    unchanged, regressed = (rival(LAND, 2021, 2022) for rival in (rivals.no_change, rivals.covariate_regression))
    assert score["model"]["no change"] == approx(100.0 * unchanged.scores.crps(SCORES[2022]).mean())
    assert score["model"]["covariate regression"] == approx(100.0 * regressed.scores.crps(SCORES[2022]).mean())
    z = 2.0
    of_a_normal_number = 0.05 * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
    assert score["model"]["dgsim"] == approx(100.0 * of_a_normal_number), "ten points off, with a spread of five"
    assert inside["model"]["dgsim"] == 0.0
    assert set(found(NEXT_YEAR, country=LAND)[0].table["group"]) == {NEXT_YEAR}
    assert set(found(HELD_OUT, country=LAND)[0].table["group"]) == {HELD_OUT}


def test_the_runs_that_are_needed_are_counted_once():
    """Ten runs of history, 40 scenarios twelve times a set, and ten of each of four variants for either contest."""
    count = lambda *groups: module.runs_of(groups, 10, 3)  # noqa: E731
    assert [count(PATHS), count(AHEAD), count(ACROSS), count(PATHS, AHEAD, ACROSS)] == [10] * 4
    assert count(DIRECTIONS) == 40 * 3 * 12
    assert [count(USE), count(HELD_OUT), count(NEXT_YEAR), count(HELD_OUT, NEXT_YEAR)] == [40] * 4
    assert count(*GROUPS) == 10 + 1_440 + 80
    told = []
    tell = module._counter(lambda done, of: told.append((done, of)), 5)
    tell(3)
    tell(4)
    assert told == [(3, 5), (5, 5)], "never more than all"
    module._counter(None, 5)(3)


def test_what_it_is_and_what_it_refuses(made_up):
    made, _ = found(PATHS)
    assert (made.ensemble, made.replications, made.seed) == (SETS, 5, 2)
    assert (
        repr(replace(made, table=pd.DataFrame({"holds": ["yes", "", "yes", "no", "no"]})))
        == "<Validation: 5 claims, 2 hold>"
    )
    assert list(made.table.columns) == list(claims.COLUMNS)
    assert found(PATHS, replications=2)[0].replications == 2
    for wrong, said in (({"replications": 1}, "replications = 1 is below 2"), ({"seed": -1}, "seed = -1 is below 0")):
        with pytest.raises(StudyError, match=said):
            found(PATHS, **wrong)
    with pytest.raises(StudyError, match=r"group = pattern is none of .*; did you mean patterns"):
        found("pattern", "nothing")
    some = with_figures({2022: np.where(GRADIENT > -0.99, SCORES[2022], np.nan)}, {2022: 0.5})
    with pytest.raises(StudyError, match="has no observed scores of 2022"):
        found(PATHS, country=some)


def test_without_targets_there_is_nothing_to_validate_against(monkeypatch):
    monkeypatch.setattr(module, "targets_of", lambda country, role="fit": {})
    with pytest.raises(StudyError, match="nothing to validate against"):
        found(PATHS)


def test_defaults(monkeypatch):
    asked = {}
    monkeypatch.setattr(module, "SetRuns", lambda land, sets, runs, seed, told: asked.update(sets=sets.name, seed=seed))
    monkeypatch.setattr(module, "PATTERNS", ())
    made = validate(groups=(DIRECTIONS,))
    assert (made.replications, made.seed, asked) == (512, 0, {"sets": "plausible", "seed": 0})


def test_the_validation_that_is_kept_is_that_of_the_packaged_country():
    kept = module.kept_validation(COUNTRY)
    assert set(kept["group"]) == set(GROUPS)
    assert kept["model"].dtype == kept["share"].dtype == float
    assert "" in set(kept["holds"])
    assert module.kept_validation(LAND) is None
