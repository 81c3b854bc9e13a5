"""Claims, targets, the fit and the list of sources, at small sizes."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from dgsim.cli.main import main
from dgsim.country import load_country, synthetic_country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.evidence import baselines, claims, contests, history_matching
from dgsim.evidence.ensemble_runs import SetRuns
from dgsim.evidence.pattern_claims import PATTERNS, RUNS_NEEDED
from dgsim.evidence.sources import informed_table, sources
from dgsim.evidence.targets import figures, rank_correlation, targets_of
from dgsim.evidence.validate import GROUPS, validate
from dgsim.scenario import load_scenario
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS

COUNTRY = load_country()
PLAUSIBLE = load_parameters("plausible")


@pytest.fixture(scope="module")
def history():
    groups = ("supply, use and index", "figures it was not fitted to", "cross-section")
    return validate(replications=len(PLAUSIBLE), groups=groups).table  # every shipped set once


def test_every_claim_has_a_figure_an_interval_and_a_verdict(history):
    assert set(history["holds"]) <= {"yes", "no"}
    assert history[["observed", "model", "low", "high"]].notna().all().all()
    inside = history["observed"].between(history["low"], history["high"])
    assert ((history["holds"] == "yes") == inside).all()


def test_the_plausible_sets_come_near_the_cross_section_of_2022(history):
    """P12: revenue about +.5, poverty about -.5, the score of 2017 weakly."""
    found = history.set_index("claim")
    for word, low, high in (
        ("retained revenue", 0.35, 0.75),
        ("poverty", -0.7, -0.25),
        ("ministry's score", 0.0, 0.45),
    ):
        row = found[found.index.str.contains(word)].iloc[0]
        assert low < row["model"] < high, row
        assert row["holds"] == "yes", row


def test_use_in_2024_and_the_index_are_within_reach(history):
    found = history.set_index("claim")
    for word in ("Online in any step in 2024", "Mean reported index 2022", "Supply at the deadline"):
        assert found[found.index.str.contains(word)].iloc[0]["holds"] == "yes", word


def test_the_figures_are_those_of_the_outcomes():
    scenario = load_scenario("history").with_changes(quarters=19)
    runs = run_replications(scenario, COUNTRY, seed=1, replications=range(2), keep={"provinces"})
    targets = targets_of(COUNTRY) | {name: targets_of(COUNTRY, "test")[name] for name in ("full_2024", "any_2024")}
    values = dict(zip(targets, figures(runs.provinces, COUNTRY, targets).T, strict=True))
    for target, quarter, outcome in (
        ("full_2024", 17, "use_full_process"),
        ("any_2024", 18, "use_any_step"),
        ("supply_2021", 7, "supply"),
        ("index_2022", 11, "reported_index"),
    ):
        assert np.allclose(values[target], runs.outcomes[:, quarter, OUTCOME_NAMES.index(outcome)]), target
    here = runs.provinces[:, 11]
    people = COUNTRY.column("population_2019")
    # .43 dossiers a head of provinces, .68 of ministries
    both = (0.43 * here["use_any_step"] + 0.68 * here["any_step_of_ministries"]) / 1.11
    assert np.allclose(values["any_2022"], both @ people / people.sum())


def test_rank_correlation_is_spearmans():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    values, trait = rng.integers(0, 5, (3, 20)).astype(float), rng.random(20)
    trait[3] = np.nan
    known = ~np.isnan(trait)
    expected = [spearmanr(row[known], trait[known]).statistic for row in values]
    assert np.allclose(rank_correlation(values, trait), expected)


def test_no_scores_no_validation():
    with pytest.raises(StudyError, match="nothing to validate against"):
        validate(country=synthetic_country(6, seed=2), replications=2)


def test_an_unknown_group_is_told(capsys):
    assert main(["validate", "--group", "pattern", "--quiet"]) == 2
    assert "did you mean patterns?" in capsys.readouterr().err


def test_the_command_prints_records(capsys):
    assert main(["validate", "--group", "cross-section", "--replications", "4", "--format", "json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"claim", "observed", "model", "low", "high", "holds"} <= set(rows[0])
    assert main(["validate", "--group", "cross-section", "--replications", "4"]) == 0
    assert "claims hold" in capsys.readouterr().out


def test_patterns_are_asked_of_every_set():
    """On a few sets only: values are one a set, finite, and the number of scenarios is as announced."""
    runs = SetRuns(COUNTRY, load_parameters(PLAUSIBLE[:2]), 1, 0)
    for pattern in PATTERNS:
        values = pattern.measure(runs)
        assert values.shape == (2,), pattern.text
        assert np.isfinite(values).all(), pattern.text
    assert len(runs.made) == RUNS_NEEDED
    assert {pattern.pattern for pattern in PATTERNS} == {f"P{n}" for n in range(1, 18)} - {"P12"}


def test_rivals_use_nothing_of_what_they_predict():
    """Predictions of a region do not move when its own scores do."""
    index = np.tile(np.linspace(0.2, 0.6, 63), (2, 3, 1))
    before = baselines.held_out_regions(COUNTRY, index)
    code = COUNTRY.codes[0]
    moved = tuple((*row[:3], 0.99, *row[4:]) if row[:2] == (code, "dti_score") else row for row in COUNTRY.observations)
    after = baselines.held_out_regions(dataclasses.replace(COUNTRY, observations=moved), index)
    inside = COUNTRY.region_index == COUNTRY.region_index[0]
    assert np.allclose(before[inside], after[inside])
    assert not np.allclose(before[~inside], after[~inside])


def test_the_model_starts_from_what_the_regression_knows():
    """Across held-out regions a model that is noise is not paid for, and one that knows the scores is followed."""
    truth, rng = claims.observed(COUNTRY, "dti_score", (2022,)), np.random.default_rng(3)
    regression = baselines.regression_of_regions(COUNTRY)
    scores = {}
    for name, said in (("noise", 0.1 * rng.standard_normal(63)), ("truth", truth)):
        scores[name] = baselines.held_out_regions(COUNTRY, np.tile(said, (2, 3, 1)))
    alone = contests.rank_agreement(regression, truth)
    assert contests.rank_agreement(scores["noise"], truth) > alone - 0.05
    assert contests.rank_agreement(scores["truth"], truth) > 0.95


def test_a_contest_tells_every_mechanism_its_lead_and_whether_data_can_see_it():
    table = validate(replications=16, groups=("regions held out", "2022 from 2021")).table
    for _, rows in table.groupby(["group", "claim"]):
        who = rows.set_index("who")
        assert set(baselines.VARIANTS) <= set(who.index)
        if rows["claim"].iloc[0].startswith("inside"):
            continue
        others = who.drop(index="dgsim").dropna(subset="model")
        assert (others["lead_low"] <= others["lead_high"]).all()
        told = {True: "not distinguishable from dgsim", False: "dgsim is"}
        for row in others.itertuples():
            assert row.note.startswith(told[bool(row.lead_low <= 0.0 <= row.lead_high)]), row


# The fit --------------------------------------------------------------------------------------------------------------


def test_the_prior_has_its_mode_at_the_central_value():
    chosen = [PARAMETERS[name] for name in ("inertia", "mandate_quarters", "as_is_quality")]
    sample = history_matching.prior_sample(chosen, 40_000, 1)
    for column, parameter in zip(sample.T, chosen, strict=True):
        counts, edges = np.histogram(column, 25, (parameter.low, parameter.high))
        peak = edges[counts.argmax()]
        assert abs(peak - parameter.prior) < 0.15 * (parameter.high - parameter.low), parameter.name
        assert parameter.low <= column.min()
        assert column.max() <= parameter.high


def test_the_emulator_finds_a_quadratic():
    rng = np.random.default_rng(0)
    x = rng.random((600, 5))
    y = np.column_stack([1 + x[:, 0] - 2 * x[:, 1] * x[:, 2] + 0.01 * rng.standard_normal(600)])
    emulator = history_matching.Emulator(x, y, np.array([np.zeros(5), np.ones(5)]))
    assert emulator.explained()[0] > 0.98
    assert abs(emulator.error[0] - 0.01) < 0.01


def test_reweighting_recovers_a_known_posterior():
    """A normal figure under a flat prior: the weighted mean is what was observed, the spread is the error."""
    target = targets_of(COUNTRY)["any_2022"]
    values = np.linspace(0.0, 2.0 * target.observed, 4001)[:, np.newaxis]
    weights = history_matching.weights_of(history_matching.log_likelihood(values, {"any_2022": target}))
    mean = weights @ values[:, 0]
    assert mean == pytest.approx(target.observed, abs=1e-3)
    assert np.sqrt(weights @ (values[:, 0] - mean) ** 2) == pytest.approx(target.error, rel=0.02)


def test_runs_of_sets_are_those_of_the_engine():
    targets = targets_of(COUNTRY)
    scenario = load_scenario("history").with_changes(quarters=18)
    sets = [dict(values) for values in PLAUSIBLE[:2]]
    found = history_matching.run_sets(scenario, COUNTRY, sets, targets, replications=2, seed=3)
    assert found.shape == (2, 2, len(targets))
    runs = run_replications(scenario, COUNTRY, seed=3, replications=[3], keep={"provinces"}, parameters=sets)
    assert np.allclose(found[1, 1], figures(runs.provinces, COUNTRY, targets)[0], rtol=1e-12)


def test_the_plausible_sets_name_every_uncertain_parameter():
    assert set(PLAUSIBLE.names) == set(PARAMETERS.uncertain.names)


# Sources --------------------------------------------------------------------------------------------------------------


def test_every_parameter_stands_among_the_sources_with_unit_and_source():
    table = sources()
    assert {p.key for p in PARAMETERS} <= set(table["number"])
    assert (table["source"].str.len() > 0).all()
    told = table[(table["kind"] == "parameter") & (table["role"] == "uncertain")]
    assert told["informed"].str.match("(yes|no): ").all()


def test_informed_says_what_the_table_of_the_fit_says():
    known = informed_table().set_index("parameter")
    assert set(known.index) == set(PARAMETERS.uncertain.names)
    for name in PARAMETERS.uncertain.names:
        shipped = np.array([PLAUSIBLE[number][name] for number in range(len(PLAUSIBLE))])
        error = known.loc[name, "posterior_sd"] / np.sqrt(len(PLAUSIBLE))
        assert abs(shipped.mean() - known.loc[name, "posterior_mean"]) < 4 * error, name  # one in 16,000 by chance


def test_the_command_lists_only_what_is_assumed(capsys):
    assert main(["sources", "--assumed", "--format", "json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert {row["basis"] for row in rows} == {"assumed"}
    assert len(rows) == len(sources()) - (sources()["basis"] != "assumed").sum()


def test_groups_are_told_in_the_help(capsys):
    main(["validate", "--help"])
    printed = " ".join(capsys.readouterr().out.split())
    assert all(group in printed for group in GROUPS)
