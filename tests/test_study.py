"""Runs, comparisons and explained choices: shapes, keys, statistics by hand, and one luck for all."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from dgsim.country import load_country, synthetic_country
from dgsim.errors import CountryError, ScenarioError, StudyError
from dgsim.scenario import load_scenario
from dgsim.study.compare import HEADLINE, Comparison, chosen, compare, paired_interval
from dgsim.study.record import country_text, run_record
from dgsim.study.simulate import RECORDED_AT_ONCE, Simulation, simulate
from dgsim.study.why import why
from dgsim.world.state import UTILITY_PARTS
from dgsim.world.tables import FLOWS, OUTCOME_NAMES, OUTCOMES

SUMMARY = ["scenario", "outcome", "unit", "quarter", "mean", "low", "high", "replications"]
DIFFERENCE = [
    *("scenario", "baseline", "outcome", "unit", "quarter", "difference", "low", "high"),
    *("band_low", "band_high", "above", "replications", "materiality", "verdict"),
]
QUARTERS, RUNS = 6, RECORDED_AT_ONCE + 2


@pytest.fixture(scope="module")
def kept() -> Simulation:
    """A short run that keeps everything, in more replications than one batch holds."""
    return simulate("history", RUNS, quarters=QUARTERS, provinces=True, ledger=True, choices=True, aggregates=True)


@pytest.fixture(scope="module")
def pair() -> Comparison:
    return compare(["staged", "history"], baseline="history", replications=5, quarters=QUARTERS, seed=3)


def made(values: np.ndarray, name: str = "made") -> Simulation:
    """A simulation whose every outcome takes the values given, one a replication."""
    array = np.repeat(values.astype(float), len(OUTCOME_NAMES)).reshape(len(values), 1, -1)
    policy = load_scenario({"name": name, "horizon": {"quarters": 1}})
    return Simulation(policy, load_country(), 0, len(values), array)


def test_outcomes_are_tidy(kept):
    outcomes = kept.outcomes
    assert list(outcomes.columns) == ["scenario", "replication", "quarter", "outcome", "value"]
    assert len(outcomes) == RUNS * QUARTERS * len(OUTCOME_NAMES)
    assert set(outcomes["outcome"]) == set(OUTCOME_NAMES)
    assert sorted(set(outcomes["quarter"])) == ["2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2"]
    assert sorted(set(outcomes["replication"])) == list(range(RUNS))
    row = outcomes[(outcomes["replication"] == 1) & (outcomes["quarter"] == "2020Q3") & (outcomes["outcome"] == "use")]
    assert row["value"].item() == kept.array[1, 2, OUTCOME_NAMES.index("use")]


def test_a_summary_has_the_mean_and_the_percentiles_of_the_replications():
    summary = made(np.arange(1, 22)).summary()
    assert list(summary.columns) == SUMMARY
    row = summary[summary["outcome"] == "use"].iloc[0]
    assert (row["mean"], row["low"], row["high"], row["replications"]) == (11, 2, 20, 21)
    assert (row["scenario"], row["quarter"]) == ("made", "2020Q1")
    assert dict(zip(summary["outcome"], summary["unit"], strict=True)) == {o.outcome: o.unit for o in OUTCOMES}


def test_a_paired_interval_is_that_of_a_hand_computation():
    # Differences 1, 2, 3, 4: mean 2.5, deviation 1.290994, and Student's t at 97.5% with 3 degrees is 3.182446.
    interval = paired_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    half = 3.182446 * 1.290994 / math.sqrt(4)
    assert interval["difference"] == 2.5
    assert interval["low"] == pytest.approx(2.5 - half, abs=1e-5)
    assert interval["high"] == pytest.approx(2.5 + half, abs=1e-5)


def test_differences_are_paired_by_replication():
    # Unpaired, the spread of 100, 200, 300 would drown a difference that is always 1.
    base, other = np.array([100, 200, 300]), np.array([101, 201, 301])
    differences = Comparison((made(base, "base"), made(other, "other"))).differences
    assert list(differences.columns) == DIFFERENCE
    first = differences.iloc[0]
    assert (first["scenario"], first["baseline"], first["replications"]) == ("other", "base", 3)
    assert (first["difference"], first["low"], first["high"]) == (1, 1, 1)


def test_a_comparison_has_every_scenario_and_quarter(pair):
    assert pair.baseline == "history"
    assert pair.scenarios == ("history", "staged")
    assert len(pair.differences) == len(OUTCOME_NAMES) * QUARTERS
    assert set(pair.differences["scenario"]) == {"staged"}
    assert list(pair.levels.columns) == SUMMARY
    assert len(pair.levels) == 2 * len(OUTCOME_NAMES) * QUARTERS
    assert len(pair.outcomes) == 2 * 5 * QUARTERS * len(OUTCOME_NAMES)
    assert repr(pair) == "Comparison(staged against history, 5 replications, seed 3)"


def test_a_difference_is_that_of_the_levels(pair):
    levels = pair.levels.set_index(["scenario", "outcome", "quarter"])["mean"]
    row = pair.differences[(pair.differences["outcome"] == "supply")].iloc[-1]
    difference = levels["staged", "supply", row["quarter"]] - levels["history", "supply", row["quarter"]]
    assert row["difference"] == pytest.approx(difference, abs=1e-12)


def test_the_baseline_is_the_first_or_the_one_named_and_none_comes_twice():
    assert [policy.name for policy in chosen(None, None)] == list(HEADLINE)
    assert [policy.name for policy in chosen(["staged", "history"], None)] == ["staged", "history"]
    assert [policy.name for policy in chosen("staged", "matching")] == ["matching", "staged"]
    assert [policy.name for policy in chosen(["staged", "history", "staged"], "history")] == ["history", "staged"]


def test_with_one_replication_there_is_no_interval():
    differences = compare(["history", "staged"], replications=1, quarters=2).differences
    assert differences["difference"].notna().all()
    assert differences["low"].isna().all()
    assert differences["high"].isna().all()


def test_a_policy_that_changes_nothing_changes_nothing():
    twin = load_scenario("history").with_changes(name="twin")
    differences = compare(["history", twin], replications=3, quarters=4).differences
    assert (differences[["difference", "low", "high"]] == 0).all(axis=None)


@pytest.mark.parametrize(
    ("scenarios", "baseline", "sentence"),
    [
        (["history"], None, "needs two scenarios and was given history"),
        ([], None, "needs two scenarios and was given none"),
        (["history", {"name": "history"}], None, "two scenarios are called history"),
        (["history", {"name": "short", "horizon": {"quarters": 8}}], None, "run them over quarters = 8"),
    ],
)
def test_a_comparison_that_cannot_be_made_says_why(scenarios, baseline, sentence):
    with pytest.raises(StudyError, match=sentence):
        compare(scenarios, baseline=baseline, replications=1)


def test_scenarios_may_be_names_paths_mappings_or_objects(tmp_path):
    policy = load_scenario("history")
    path = tmp_path / "copy.toml"
    path.write_text(policy.to_toml(), encoding="utf-8")
    expected = simulate(policy, quarters=3).array
    for which in ("history", path, str(path)):
        np.testing.assert_array_equal(simulate(which, quarters=3).array, expected)
    assert simulate({"name": "mine", "horizon": {"quarters": 2}}).array.shape == (1, 2, len(OUTCOME_NAMES))


def test_a_shorter_run_is_the_beginning_of_the_longer():
    np.testing.assert_array_equal(
        simulate("history", 2, quarters=5).array, simulate("history", 2, quarters=9).array[:, :5]
    )


def test_a_replication_is_the_same_however_many_there_are_and_whatever_is_kept(kept):
    np.testing.assert_array_equal(simulate("history", RUNS, quarters=QUARTERS).array, kept.array)
    np.testing.assert_array_equal(simulate("history", 3, quarters=QUARTERS).array, kept.array[:3])


def test_results_are_read_only(kept):
    with pytest.raises(ValueError, match="read-only"):
        kept.array[0, 0, 0] = 1.0


@pytest.mark.parametrize("name", ["provinces", "ledger", "choices"])
def test_what_was_not_kept_says_how_to_ask(name):
    result = simulate("history", quarters=1)
    with pytest.raises(StudyError, match=rf"{name} of history were not kept: .*simulate\(\.\.\., {name}=True\)"):
        getattr(result, name)


def test_provinces_have_a_row_a_quarter_and_a_column_a_stock(kept):
    provinces = kept.provinces
    assert list(provinces.columns[:5]) == ["scenario", "replication", "quarter", "province_code", "province"]
    assert len(provinces) == RUNS * QUARTERS * len(kept.country)
    assert {"use", "supply", "cash", "specialists", "trust"} <= set(provinces.columns)
    assert set(provinces["province"]) == set(kept.country.names)
    assert provinces["use"].between(0, 1).all()
    assert sorted(set(provinces["replication"])) == list(range(RUNS))


def test_the_ledger_names_every_flow_and_agrees_with_the_outcomes(kept):
    ledger = kept.ledger
    assert list(ledger.columns) == [
        *("scenario", "replication", "quarter", "flow", "source", "use"),
        *("province_code", "item", "amount", "bvnd"),
    ]
    assert ledger["amount"].dtype == np.int64
    assert (ledger["bvnd"] == ledger["amount"] / 1000).all()
    used = [flow.flow for flow in FLOWS if flow.payer == "centre" and flow.category in ("spent", "leaked")]
    centre = ledger[ledger["flow"].isin(used)].groupby("replication")["bvnd"].sum()
    np.testing.assert_allclose(centre, kept.array[:, -1, OUTCOME_NAMES.index("central_spend")], rtol=1e-9)
    row = ledger.iloc[0]
    flow = FLOWS[row["flow"]]
    assert (row["source"], row["use"]) == (flow.source, flow.use)


def test_aggregates_are_those_of_what_was_kept(kept):
    means = kept.provinces.groupby(["quarter", "province_code"], observed=True)["use"].mean()
    told = kept.province_means.set_index(["quarter", "province_code"])["use"]
    np.testing.assert_allclose(told, means.loc[told.index], rtol=1e-12)
    money = kept.ledger.groupby(["flow", "quarter"], observed=False)["bvnd"].sum() / RUNS
    accounts = kept.accounts.set_index(["flow", "quarter"])["mean"]
    np.testing.assert_allclose(accounts, money.loc[accounts.index], rtol=1e-9, atol=1e-9)
    assert set(kept.accounts["replications"]) == {RUNS}
    assert list(kept.tables()) == ["outcomes", "summary", "provinces", "accounts", "money"]


def test_choices_add_up_and_agree_with_why(kept):
    choices = kept.choices
    parts = choices[[*UTILITY_PARTS, "noise"]].sum(axis=1)
    np.testing.assert_allclose(choices["utility"], parts, rtol=1e-9, atol=1e-9)
    told = why("history", "Ha Giang", "2020Q2", replication=1)
    here = choices[
        (choices["replication"] == 1) & (choices["quarter"] == "2020Q2") & (choices["province"] == "Ha Giang")
    ].sort_values("utility", ascending=False)
    assert list(told.options["total"]) == list(here["utility"])
    assert list(told.options["started"]) == list(here["rank"])


def test_why_tells_the_options_best_first_and_what_won():
    told = why("history", "hà giang", "2021Q1", seed=1)
    assert (told.province, told.quarter, told.scenario, told.seed) == ("Ha Giang", "2021Q1", "history", 1)
    assert list(told.options.columns) == ["option", "item", "started", *UTILITY_PARTS, "noise", "total"]
    assert told.options["total"].is_monotonic_decreasing
    assert list(told.started()["started"]) == list(range(1, len(told.started()) + 1))
    assert told.started()["total"].is_monotonic_decreasing
    assert "wait" in set(told.options["option"])
    assert repr(told).startswith("Why(Ha Giang, 2021Q1, history: started ")


@pytest.mark.parametrize(
    ("province", "quarter", "error", "sentence"),
    [
        ("Hanoy", "2021Q1", CountryError, "Ha Noi"),
        ("01", "2021-1", ScenarioError, "2021Q4"),
        ("01", "2041Q1", StudyError, "beyond the horizon of history: 2020Q1 to 2030Q4"),
    ],
)
def test_why_refuses_what_is_not_there(province, quarter, error, sentence):
    with pytest.raises(error, match=sentence):
        why("history", province, quarter)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"replications": 0}, "replications = 0 is below 1"),
        ({"replications": 2.5}, "replications = 2.5 is not a whole number"),
        ({"replications": True}, "replications = True is not a whole number"),
        ({"seed": -1}, "seed = -1 is below 0"),
        ({"seed": 2**64}, "is above"),
        ({"quarters": 0}, "quarters = 0 is below 1"),
        ({"quarters": 45}, "quarters = 45 is beyond the horizon of history, which has 44 quarters and ends in 2030Q4"),
    ],
)
def test_numbers_that_cannot_be_run_are_refused(options, sentence):
    with pytest.raises(StudyError, match=sentence):
        simulate("history", **options)


def test_seeds_and_replications_are_different_luck_and_the_same_seed_the_same():
    one, two = simulate("history", 2, seed=1, quarters=4), simulate("history", 2, seed=2, quarters=4)
    assert not np.array_equal(one.array, two.array)
    assert not np.array_equal(one.array[0], one.array[1])
    np.testing.assert_array_equal(one.array, simulate("history", 2, seed=np.int64(1), quarters=4).array)


def test_assumptions_override_and_are_part_of_the_scenario():
    from dgsim.world.tables import PARAMETERS

    uncertain = next(p for p in PARAMETERS.uncertain if p.high is not None and p.default != p.high)
    result = simulate("history", quarters=1, assumptions={uncertain.name: uncertain.high})
    assert result.scenario.assumptions[uncertain.name] == uncertain.high
    with pytest.raises(ScenarioError):
        simulate("history", quarters=1, assumptions={"no_such_thing": 1})


def test_another_country_can_be_given():
    land = synthetic_country(12, seed=1)
    result = simulate("history", quarters=2, country=land, provinces=True)
    assert set(result.provinces["province_code"]) == set(land.codes)
    assert "synthetic" in country_text(land).lower()


def test_progress_counts_every_run_once():
    seen: list[tuple[int, int]] = []
    compare(
        ["history", "staged"],
        replications=3,
        quarters=1,
        progress=lambda done, all_runs: seen.append((done, all_runs)),
    )
    assert seen == [(done, 6) for done in range(1, 7)]


def test_a_mesa_model_is_run_in_place_of_the_engine():
    from dgsim.mesa_model import DigitalGovernment

    class Mine(DigitalGovernment):
        pass

    seen: list[tuple[int, int]] = []
    result = simulate("history", 2, 5, quarters=3, model=Mine, progress=lambda *at: seen.append(at))
    np.testing.assert_array_equal(result.array, simulate("history", 2, 5, quarters=3).array)
    assert seen == [(1, 2), (2, 2)]


def test_a_model_class_that_cannot_be_run_is_refused():
    from dgsim.mesa_model import DigitalGovernment

    with pytest.raises(StudyError, match=r"is not a subclass of dgsim\.DigitalGovernment"):
        simulate("history", model=dict)
    with pytest.raises(StudyError, match="ledger cannot be kept with model=DigitalGovernment"):
        simulate("history", model=DigitalGovernment, ledger=True)


def test_the_record_of_a_run_says_how_to_make_it_again(pair):
    record = run_record(pair, "dgsim compare staged --baseline history")
    assert record["made_by"] == "dgsim"
    assert (record["seed"], record["replications"]) == (3, 5)
    assert {"dgsim", "python", "numpy", "numba", "mesa"} <= set(record["versions"])
    assert len(record["rules_and_data"]) == 64
    assert record["units"]["outcomes"]["use"] == "share of dossiers"
    for told, run in zip(record["scenarios"], pair.simulations, strict=True):
        assert told["digest"] == run.scenario.digest()
    assert record == run_record(pair, "dgsim compare staged --baseline history")


def test_tables_survive_pandas_as_a_user_would_use_them(pair):
    wide = pair.levels.pivot_table(index="quarter", columns=["scenario", "outcome"], values="mean", observed=True)
    assert list(wide.columns.get_level_values("outcome").unique()) == list(OUTCOME_NAMES)
    assert isinstance(pair.outcomes.query('outcome == "use" and quarter >= "2020Q2"'), pd.DataFrame)


def test_results_are_the_same_only_as_themselves():
    """They hold arrays, which cannot be told apart in one word; a list can be asked whether it holds one."""
    one, other = made(np.ones(2)), made(np.ones(2))
    assert one == one
    assert one != other
    assert one in [one]
    assert len({one, other}) == 2
