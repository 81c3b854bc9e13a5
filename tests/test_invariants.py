"""What must hold of any run: bounds, relabelling, units, restarts, interventions that do nothing, and no dead knob."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.driver import nothing_of_accounts, run_to
from dgsim.engine.run import run_replications
from dgsim.engine.setup import Setup, fresh_world, lever_number, make_setup
from dgsim.scenario import Scenario, load_scenario
from dgsim.scenario.plan import LeverChange
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import (
    N_LINES,
    NATION,
    NATION_FIELDS,
    PANEL,
    PANEL_FIELDS,
    PROVINCE,
    PROVINCE_FIELDS,
    ROADMAP,
    ROADMAP_FIELDS,
    UTILITY_PARTS,
    WAIT,
)
from dgsim.world.tables import FLOWS, ITEMS, OUTCOME_NAMES, OUTCOMES, PARAMETERS, SERVICES, Parameter
from strategies import scenarios

COUNTRY = load_country()
SMALL = synthetic_country(6, seed=2)
ONCE_WRONG = Path(__file__).parent / "relabelled"
SLACK = 1e-12  # rounding at a bound
RELABELLED = int(os.environ.get("DGSIM_CASES", "60"))  # random scenarios


CUMULATIVE = (
    *("central_spend", "provincial_spend", "duplication_spend", "own_platform_excess", "lapsed_money"),
    *("unspent_money", "incidents"),
)
PLANNED = {"shared_platform": ("2022Q1", 1.5), "security": ("2021Q1", 0.3)}  # the others from the start, at 0.8


def rich(quarters: int = 32) -> Scenario:
    """Every mechanism is on: also a promise that is broken, few posts, and provinces that run out of money."""
    roadmap = [
        {"item": item.item, "start": start, "quarters": 10, "cost_bvnd": item.full_cost_bvnd * share}
        for item in ITEMS
        for start, share in (PLANNED.get(item.item, ("2020Q1", 0.8)),)
    ]
    levers = {
        "incentives": {
            "lump_sum": 200.0,
            "equalisation": 300.0,
            "matching_rate": 0.4,
            "matching_budget": 400.0,
            "matching_tilt": 0.5,
            "awards": 300.0,
            "awards_metric": "use",
        },
        "measurement": {"league_table": True, "sustained_priority": 0.3, "audit_share": 0.2, "filing_campaign": 0.3},
        "mandate": {"mandate_strength": 0.4, "mandate_deadline": "2022Q4"},
        "skills": {"headcount": 20.0, "retention_supplement": 5.0, "retention_budget": 150.0, "service_centre": 60.0},
        "citizens": {"fee_cut": 0.3, "community_groups": 80.0, "feedback": 60.0},
        "peers": dict.fromkeys(("border", "similarity", "region", "twinning", "random", "small_world"), 0.5),
    }
    levers["peers"]["peer_programme"] = 0.5
    crisis = [{"from": "2025Q1", "budget": {"digital_share": 0.0}}]
    return load_scenario({"name": "rich", "roadmap": roadmap, "change": crisis, **levers}).with_changes(
        quarters=quarters
    )


def outcomes(scenario: Scenario, country: Country = COUNTRY, replications: int = 1, seed: int = 0) -> np.ndarray:
    """Outcomes [replication, quarter, outcome]."""
    return run_replications(scenario, country, seed=seed, replications=range(replications)).outcomes


def panel(scenario: Scenario, replications: int = 3, seed: int = 0) -> np.ndarray:
    """Stocks [replication, quarter, province]."""
    return run_replications(
        scenario, COUNTRY, seed=seed, replications=range(replications), keep={"provinces"}
    ).provinces


def advance(state, last: int, quarters: int):
    """Run a world up to a quarter; outcomes and panel have their rows from the quarter it stood at."""
    n = len(state.provinces)
    values, stocks = np.zeros((quarters, N_OUTCOMES)), np.zeros((quarters, n), PANEL)
    run_to(state, last, values, stocks, np.zeros((0, n + 1, N_LINES), np.int64), *nothing_of_accounts(n))
    return values, stocks


def same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays hold the same bytes, field by field where they are records."""
    if one.dtype.names:
        return all(same_bytes(one[name], other[name]) for name in one.dtype.names)
    return np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()


# Bounds ---------------------------------------------------------------------------------------------------------------


def bounded(fields) -> list[str]:
    return [field.name for field in fields if field.unit == "0..1" or field.unit.startswith("share")]


def assert_in_bounds(records, fields) -> None:
    """Shares lie in 0..1, nothing is NaN or infinite (a utility may be: of what is not open), no count is negative."""
    for field in fields:
        values = np.asarray(records[field.name])
        assert not np.isnan(values).any(), field.name
        assert np.isfinite(values).all() or field.unit == "utility", field.name
        if field.name in bounded(fields):
            assert values.min() >= -SLACK, field.name
            assert values.max() <= 1.0 + SLACK, field.name
        elif field.unit in ("million VND", "bvnd", "full-time equivalents", "projects", "number", "services"):
            assert values.min() >= -1e-9, field.name


def assert_run_in_bounds(scenario: Scenario, country: Country, seed: int) -> None:
    """Every field of every record, after every quarter, and every outcome."""
    state = fresh_world(make_setup(scenario, country), seed, 0)
    n = len(country)
    values, stocks = np.zeros((scenario.quarters, N_OUTCOMES)), np.zeros((scenario.quarters, n), PANEL)
    for quarter in range(1, scenario.quarters + 1):
        run_to(state, quarter, values, stocks, np.zeros((0, n + 1, N_LINES), np.int64), *nothing_of_accounts(n))
        assert_in_bounds(state.provinces, PROVINCE_FIELDS)
        assert_in_bounds(state.world.nation, NATION_FIELDS)
        assert (state.provinces["trained"] <= state.provinces["specialists"] + 1e-9).all()
        if len(state.roadmap):
            assert_in_bounds(state.roadmap, ROADMAP_FIELDS)
    assert_in_bounds(stocks, PANEL_FIELDS)
    assert np.isfinite(values).all()
    for index, outcome in enumerate(OUTCOMES):
        if outcome.unit.startswith(("0..1", "share of")) and outcome.outcome != "reporting_gap":
            assert values[:, index].min() >= -SLACK, outcome.outcome
            assert values[:, index].max() <= 1.0 + SLACK, outcome.outcome
    assert (np.diff(values[:, [OUTCOME_NAMES.index(name) for name in CUMULATIVE]], axis=0) >= 0.0).all()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(max_quarters=16), st.integers(0, 1000))
def test_everything_stays_in_bounds_under_any_scenario(scenario, seed):
    assert_run_in_bounds(scenario, SMALL, seed)


def ends(parameter: Parameter) -> list:
    """The extreme values of a parameter, as a scenario takes them."""
    by_type = {
        "float": [parameter.low, parameter.high],
        "int": [parameter.low, parameter.high],
        "flag": [False, True],
        "choice": list(parameter.choices),
        "quarter": ["2021Q2", "2023Q4", "never"],
    }
    return by_type[parameter.type]


@pytest.mark.parametrize("seed", range(30))
def test_everything_stays_in_bounds_at_the_ends_of_all_ranges(seed):
    """Every lever and every uncertain parameter at one end of its range, each by a coin."""
    coin = np.random.default_rng(seed)
    values = {p.name: ends(p)[coin.integers(len(ends(p)))] for p in PARAMETERS.settable}
    assert_run_in_bounds(rich(44).with_changes(**values), SMALL, seed)


def test_everything_stays_in_bounds_in_the_real_country():
    assert_run_in_bounds(rich(44), COUNTRY, 1)


def test_every_trained_specialist_can_be_followed():
    """Trained at the end = at the start + made + arrived - gone; those who left for other provinces arrived there."""
    state = fresh_world(make_setup(rich(), COUNTRY), 0, 0)
    start = state.provinces["trained"].copy()
    _, stocks = advance(state, 32, 32)
    last = stocks[-1]
    flows = last["trained_made"] + last["trained_arrived"] - last["trained_to_private"] - last["trained_to_provinces"]
    assert np.allclose(last["trained"], start + flows, rtol=1e-9)
    assert last["trained_to_provinces"].sum() == pytest.approx(last["trained_arrived"].sum(), rel=1e-9)
    assert last["trained_to_private"].min() > 0.0


# Relabelling ----------------------------------------------------------------------------------------------------------


def permuted(country: Country, order: np.ndarray) -> Country:
    """The same country with its provinces in another order."""
    index = {int(old): new for new, old in enumerate(order)}
    columns = ("codes", "iso_codes", "names", "names_vi", "types", "regions")
    return dataclasses.replace(
        country,
        **{name: tuple(getattr(country, name)[old] for old in order) for name in columns},
        numbers=country.numbers[:, order],
        borders=tuple((*sorted((index[i], index[j])), km) for i, j, km in country.borders),
        outlines=None,
    )


@pytest.mark.parametrize("name", ["history", "staged", "league-table-sustained"])
def test_relabelling_provinces_relabels_results(name):
    assert_relabelled(load_scenario(name), COUNTRY, 3, np.random.default_rng(5).permutation(len(COUNTRY)))


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_provinces_that_are_alike_have_the_same_rank(share):
    """Without money of their own all are as poor as each other, in whatever order they stand."""
    scenario = load_scenario("history").with_changes(digital_share=share)
    rank = make_setup(scenario, COUNTRY).provinces["fiscal_rank"]
    assert rank.mean() == pytest.approx(0.5)
    assert len(set(rank)) == (1 if share == 0.0 else len(COUNTRY))


@settings(max_examples=RELABELLED, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(max_quarters=8), st.integers(0, 1000), st.permutations(range(len(SMALL))))
def test_relabelling_holds_under_any_scenario(scenario, seed, order):
    assert_relabelled(scenario, SMALL, seed, np.array(order))


@pytest.mark.parametrize("file", sorted(ONCE_WRONG.glob("*.json")), ids=lambda file: file.stem)
def test_relabelling_holds_where_it_once_did_not(file):
    """Scenarios of chance under which the fiscal ranks of provinces without money of their own followed their order."""
    scenario = load_scenario(json.loads(file.read_text(encoding="utf-8")))
    assert_relabelled(scenario, COUNTRY, 3, np.random.default_rng(5).permutation(len(COUNTRY)))


def assert_relabelled(scenario: Scenario, land: Country, seed: int, order: np.ndarray) -> None:
    """The provinces of a country in another order have the same results, and so has the nation."""
    usual, other = (
        run_replications(scenario, country, seed=seed, replications=[0], keep={"provinces"})
        for country in (land, permuted(land, order))
    )
    for field in PANEL.names:
        mine, theirs = usual.provinces[field][..., order], other.provinces[field]
        assert np.allclose(theirs, mine, rtol=1e-9, atol=1e-9), field
    assert np.allclose(other.outcomes, usual.outcomes, rtol=1e-9, atol=1e-9)


# Units ----------------------------------------------------------------------------------------------------------------


def is_money(unit: str) -> bool:
    return "vnd" in unit.lower() and unit != "bvnd per bvnd"


def doubled(setup: Setup) -> Setup:
    """The same world counted in a money of half the worth: every amount, price and unit of the books twice as large."""
    provinces, roadmap, policies = setup.provinces.copy(), setup.roadmap.copy(), setup.policies.copy()
    assumptions, services, items = (table.copy() for table in setup.tables)
    for name in (field.name for field in PROVINCE_FIELDS if is_money(field.unit)):
        provinces[name] *= 2
    roadmap["cost_mvnd"] *= 2
    for parameter in PARAMETERS:
        if is_money(parameter.unit):
            (policies if parameter.role == "lever" else assumptions)[parameter.name] *= 2
    for table, row in ((services, SERVICES[0]), (items, ITEMS[0])):
        for name in (name for name in vars(row) if name.endswith("_bvnd") or "_bvnd" in name or "per_million" in name):
            table[name] *= 2
    return dataclasses.replace(
        setup, provinces=provinces, roadmap=roadmap, policies=policies, tables=(assumptions, services, items)
    )


def assert_doubled(twice, once, fields) -> None:
    for field in fields:
        factor = 2 if is_money(field.unit) else 1
        assert same_bytes(np.asarray(twice[field.name]), np.asarray(once[field.name] * factor)), field.name


@pytest.mark.parametrize("scenario", [rich(44), load_scenario("services-first"), load_scenario("foundations-first")])
def test_doubling_all_money_units_doubles_money_and_changes_nothing_else(scenario):
    setup = make_setup(scenario, COUNTRY)
    once, twice = fresh_world(setup, 1, 0), fresh_world(doubled(setup), 1, 0)
    values = [advance(state, scenario.quarters, scenario.quarters) for state in (once, twice)]
    for index, outcome in enumerate(OUTCOMES):
        factor = 2.0 if is_money(outcome.unit) else 1.0
        assert same_bytes(values[1][0][:, index], values[0][0][:, index] * factor), outcome.outcome
    assert_doubled(values[1][1], values[0][1], PANEL_FIELDS)
    assert_doubled(twice.provinces, once.provinces, PROVINCE_FIELDS)
    assert_doubled(twice.world.nation, once.world.nation, NATION_FIELDS)
    assert sum(is_money(field.unit) for field in PANEL_FIELDS) >= 5


# Restarts, workers, what is kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarter", [0, 1, 15, 31])
def test_a_run_restarted_at_a_quarter_equals_the_run_that_was_not_interrupted(quarter):
    setup = make_setup(rich(), COUNTRY)
    whole, first = fresh_world(setup, 3, 1), fresh_world(setup, 3, 1)
    values, stocks = advance(whole, 32, 32)
    advance(first, quarter, 32)
    second = fresh_world(setup, 99, 99)
    second.provinces[:], second.roadmap[:] = first.provinces, first.roadmap
    for name in NATION.names:
        second.world.nation[name] = first.world.nation[name]
    resumed, resumed_stocks = advance(second, 32, 32)
    assert same_bytes(resumed[quarter:], values[quarter:])
    assert same_bytes(resumed_stocks[quarter:], stocks[quarter:])
    for dtype, one, other in (
        (PROVINCE, second.provinces, whole.provinces),
        (ROADMAP, second.roadmap, whole.roadmap),
        (NATION, second.world.nation, whole.world.nation),
    ):
        for name in dtype.names:
            assert same_bytes(np.asarray(one[name]), np.asarray(other[name])), name


def test_results_do_not_depend_on_workers_order_or_chunks():
    everything = {"provinces", "ledger", "choices"}
    scenario = rich(6)
    one = run_replications(scenario, COUNTRY, seed=5, replications=range(6), keep=everything, workers=1)
    two = run_replications(scenario, COUNTRY, seed=5, replications=range(6), keep=everything, workers=3)
    back = run_replications(scenario, COUNTRY, seed=5, replications=range(5, -1, -1), keep=everything, workers=2)
    parts = [
        run_replications(scenario, COUNTRY, seed=5, replications=part, keep=everything)
        for part in (range(4), range(4, 6))
    ]
    for index in range(6):
        part, within = (parts[0], index) if index < 4 else (parts[1], index - 4)
        for other, at in ((two, index), (back, 5 - index), (part, within)):
            for name in ("outcomes", "provinces", "ledger", "choices"):
                assert same_bytes(getattr(other, name)[at], getattr(one, name)[index]), name
    assert not same_bytes(one.outcomes[0], one.outcomes[1])


def test_what_is_kept_changes_nothing():
    """A choice that is recorded is the choice that is made without a record."""
    scenario = rich()
    bare = run_replications(scenario, COUNTRY, seed=5, replications=range(2))
    full = run_replications(
        scenario, COUNTRY, seed=5, replications=range(2), keep={"provinces", "means", "ledger", "choices"}
    )
    watched = run_replications(
        scenario, COUNTRY, seed=5, replications=range(2), keep={"choices"}, watch=(COUNTRY.index("Da Nang"), 7)
    )
    assert same_bytes(bare.outcomes, full.outcomes)
    assert same_bytes(bare.outcomes, watched.outcomes)
    stocks = full.provinces.view(np.float64).reshape(*full.provinces.shape, -1)
    assert np.allclose(full.means, stocks.mean(axis=0), rtol=1e-12, atol=1e-12)
    assert 0 < len(watched.choices[0]) < 100 < len(full.choices[0])


def test_a_choice_is_what_its_parts_add_up_to():
    """Utility is parts and noise; what is started beats waiting, and the best is started first."""
    choices = run_replications(rich(12), COUNTRY, seed=5, replications=[0], keep={"choices"}).choices[0]
    known = np.zeros(len(choices))
    for part in UTILITY_PARTS:
        known += choices[part]
    assert same_bytes(known + choices["noise"], choices["utility"])
    waiting = np.zeros((12, len(COUNTRY)))
    is_wait = choices["option"] == WAIT
    waiting[choices["quarter"][is_wait], choices["province"][is_wait]] = choices["utility"][is_wait]
    assert is_wait.sum() == waiting.size
    started = choices[choices["rank"] > 0]
    assert (started["utility"] > waiting[started["quarter"], started["province"]]).all()
    started = started[np.lexsort((started["rank"], started["province"], started["quarter"]))]
    same = (np.diff(started["quarter"]) == 0) & (np.diff(started["province"]) == 0)
    assert same.sum() > 100
    assert (np.diff(started["utility"])[same] < 0.0).all()
    assert (np.diff(started["rank"])[same] == 1).all()


def test_where_money_and_people_are_no_matter_the_best_options_are_started():
    """The choice, replayed from its record: by utility, one of a place, above waiting, as many as can be started."""
    plenty = {"digital_share": 0.05, "lump_sum": 10_000.0, "contractors_allowed": 1.0, "budget_rule": "medium_term"}
    scenario = load_scenario("base").with_changes(quarters=8, **plenty)
    choices = run_replications(scenario, COUNTRY, seed=5, replications=[0], keep={"choices"}).choices[0]
    most = int(PARAMETERS["most_starts"].default)
    cases = 0
    for quarter, province in itertools.product(range(8), range(len(COUNTRY))):
        mine = choices[(choices["quarter"] == quarter) & (choices["province"] == province)]
        waiting = mine["utility"][mine["option"] == WAIT].item()
        better = np.sort(mine[mine["utility"] > waiting], order="utility")[::-1]
        _, first = np.unique(better["slot"], return_index=True)
        expected = better[np.sort(first)][:most]
        started = np.sort(mine[mine["rank"] > 0], order="rank")
        assert started[["option", "slot"]].tolist() == expected[["option", "slot"]].tolist()
        cases += len(started)
    assert cases > 200


# Interventions that do nothing ----------------------------------------------------------------------------------------

NULL = (
    ({}, [{"awards_metric": metric} for metric in ("supply", "use", "reported_index")]),
    ({}, [{"award_winners": share} for share in (0.1, 0.5, 1.0)]),
    ({"league_table": False}, [{"league_metric": metric} for metric in ("supply", "use", "reported_index")]),
    ({"league_table": False}, [{"sustained_priority": level} for level in (0.0, 1.0)]),
    ({}, [{"matching_rate": rate} for rate in (0.0, 0.5, 1.0)]),
    ({}, [{"matching_tilt": tilt, "matching_scope": scope} for tilt, scope in ((0.0, "all"), (1.0, "redesign"))]),
    ({"digital_share": 0.0}, [{"maintenance_of_effort": required} for required in (False, True)]),
    ({}, [{"mandate_strength": strength} for strength in (0.0, 1.0)]),
    ({"mandate_strength": 0.0}, [{"mandate_deadline": date} for date in ("never", "2021Q1")]),
    ({}, [{"retention_supplement": level} for level in (0.0, 10.0)]),
    ({"retention_supplement": 0.0}, [{"retention_budget": 0.0}]),
    ({"border": 0.0, "similarity": 0.0}, [{"peer_programme": level} for level in (0.0, 1.0)]),
    ({"border": 0.5, "similarity": 0.25}, [{"border": 1.0, "similarity": 0.5}]),
)


@pytest.mark.parametrize(("given", "variants"), NULL)
def test_an_intervention_that_does_nothing_changes_nothing(given, variants):
    base = load_scenario("base").with_changes(quarters=20, **given)
    usual = run_replications(base, COUNTRY, replications=range(2), keep={"provinces", "ledger"})
    for variant in variants:
        other = run_replications(
            base.with_changes(**variant), COUNTRY, replications=range(2), keep={"provinces", "ledger"}
        )
        assert same_bytes(other.outcomes, usual.outcomes), variant
        assert same_bytes(other.provinces, usual.provinces), variant
        assert all(same_bytes(mine, theirs) for mine, theirs in zip(other.ledger, usual.ledger, strict=True)), variant


def test_a_plan_that_nobody_makes_cannot_be_believed():
    """Without a roadmap the credibility of announcements moves no outcome."""
    base = load_scenario("base").with_changes(quarters=20)
    assert not base.roadmap
    assert same_bytes(outcomes(base.with_changes(credibility=0.0)), outcomes(base.with_changes(credibility=1.0)))


def with_item(scenario: Scenario, item: str, start: str, cost: float) -> Scenario:
    """A scenario with one more item in its roadmap."""
    plan = {
        "name": "more",
        "roadmap": [{"item": item, "name": "more", "start": start, "quarters": 4, "cost_bvnd": cost}],
    }
    plan["horizon"] = {"quarters": scenario.plan_quarters}
    return scenario.model_copy(update={"roadmap": (*scenario.roadmap, *load_scenario(plan).roadmap)})


@pytest.mark.parametrize("item", ["training", "process_reform", "standards", "service_wave"])
def test_a_programme_of_the_last_quarter_changes_nothing_before(item):
    base = load_scenario("staged")
    usual, more = outcomes(base), outcomes(with_item(base, item, "2030Q4", 2000.0))
    assert same_bytes(more[:, :-1], usual[:, :-1])
    assert not same_bytes(more[:, -1], usual[:, -1])


def test_a_foundation_of_the_last_quarter_changes_the_past_only_through_belief():
    """Provinces look ahead: an announced foundation counts before it starts if, and only if, it is believed."""
    base = load_scenario("base")
    for credibility, nothing in ((0.0, True), (1.0, False)):
        believed = base.with_changes(credibility=credibility)
        usual, more = outcomes(believed), outcomes(with_item(believed, "shared_platform", "2030Q4", 2000.0))
        assert same_bytes(more[:, :-1], usual[:, :-1]) is nothing


@pytest.mark.parametrize("item", ["training", "process_reform", "standards", "service_wave"])
def test_a_programme_without_money_changes_nothing(item):
    base = load_scenario("staged")
    assert same_bytes(outcomes(with_item(base, item, "2021Q1", 0.0)), outcomes(base))


def changed_later(base: Scenario, lever: Parameter, value) -> Scenario:
    """A scenario in which a lever changes to a value from 2021Q3 on, and nothing else ever changes."""
    checked = dict(load_scenario({"name": "value", lever.theme: {lever.name: value}}).levers)[lever.name]
    fields = {field: getattr(base, field) for field in type(base).model_fields}
    later = Scenario(**fields | {"changes": (LeverChange(quarter=6, name=lever.name, value=checked),)})
    held = make_setup(later, SMALL).policies[lever.name]
    assert (held[:6] == lever_number(lever, base.lever(lever.name))).all()
    return later


@pytest.mark.parametrize("lever", [lever for lever in PARAMETERS.levers if lever.dated], ids=lambda lever: lever.name)
def test_a_lever_changed_at_a_date_changes_nothing_before(lever):
    """Nor does a change to the value that is in force already change anything at all."""
    base = rich(10)
    usual = run_replications(base, COUNTRY, replications=[0], keep={"provinces"})
    moved = 0
    for value in ends(lever):
        scenario = changed_later(base, lever, value)
        later = run_replications(scenario, COUNTRY, replications=[0], keep={"provinces"})
        assert same_bytes(later.outcomes[:, :6], usual.outcomes[:, :6])
        assert same_bytes(later.provinces[:, :6], usual.provinces[:, :6])
        moved += len({*make_setup(scenario, SMALL).policies[lever.name]}) > 1
    assert moved > 0
    as_it_is = base.with_changes(**{lever.name: base.lever(lever.name)})
    assert same_bytes(outcomes(as_it_is), usual.outcomes)


def test_levers_at_zero_add_nothing():
    """A scenario that says nothing of a lever is the scenario that sets it to its default."""
    named = {lever.name: lever.default for lever in PARAMETERS.levers}
    silent = load_scenario({"name": "silent", "horizon": {"quarters": 12}})
    assert same_bytes(outcomes(silent.with_changes(**named)), outcomes(silent))


# More of a free good --------------------------------------------------------------------------------------------------


def more_of_an_item(item: str, cost: float) -> np.ndarray:
    """Stocks of the staged plan with so much money for an item."""
    base = load_scenario("staged")
    roadmap = tuple(i.model_copy(update={"cost_bvnd": cost}) if i.item == item else i for i in base.roadmap)
    assert item in [planned.item for planned in roadmap]
    return panel(base.model_copy(update={"roadmap": roadmap}))


@pytest.mark.parametrize(
    ("item", "stock"), [("connectivity", "access"), ("process_reform", "reform"), ("training", "trained_made")]
)
def test_more_money_never_hurts_its_own_stock(item, stock):
    """In no province, no quarter and no replication, at rising amounts and the same luck."""
    runs = [more_of_an_item(item, cost)[stock] for cost in (0.5, 200.0, 900.0, 2500.0)]
    if stock == "reform":  # provinces learn by redesigning too, which other luck may bring: in the mean of provinces
        runs = [values.mean(axis=-1) for values in runs]
    for less, more in itertools.pairwise(runs):
        assert (more >= less - SLACK).all()
        assert more[:, -1].mean() > less[:, -1].mean()


def test_more_training_never_lowers_the_trained_of_the_country():
    runs = [more_of_an_item("training", cost)["trained"].sum(axis=-1) for cost in (0.5, 200.0, 900.0, 2500.0)]
    for less, more in itertools.pairwise(runs):
        assert (more >= less - SLACK).all()


@pytest.mark.parametrize("name", ["base", "staged", "security-neglected"])
def test_more_security_never_lowers_protection(name):
    runs = [
        panel(load_scenario(name).with_changes(security_share=share))["protection"] for share in (0, 0.02, 0.05, 0.1)
    ]
    for less, more in itertools.pairwise(runs):
        assert (more >= less - SLACK).all()
    assert runs[-1].mean() > runs[0].mean() + 0.05


def test_a_larger_supplement_never_lowers_the_specialists():
    base = load_scenario("base").with_changes(retention_budget=2000.0)
    runs = [
        panel(base.with_changes(retention_supplement=level))["specialists"].sum(axis=-1) for level in (0.0, 2.0, 8.0)
    ]
    for less, more in itertools.pairwise(runs):
        assert (more >= less - SLACK).all()


# No dead knob ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def rich_scenario() -> Scenario:
    return rich()


def test_what_fees_are_forgone_is_a_transfer_that_moves_the_books_alone():
    """A fee twice as high leaves twice as much with citizens: no cost, no gain of the nation, so no outcome moves."""
    once, twice = (
        run_replications(rich().with_changes(fee=fee), COUNTRY, replications=[0], keep={"ledger"})
        for fee in (0.01, 0.02)
    )
    flows = [FLOWS.names.index(name) for name in ("fee_revenue_forgone", "general_budget")]
    forgone, budget = (
        [entries["amount"][entries["flow"] == flow].sum() for entries in (once.ledger[0], twice.ledger[0])]
        for flow in flows
    )
    entries = 32 * len(COUNTRY)  # each rounded down to the whole million
    assert forgone[1] == pytest.approx(2 * forgone[0], abs=2 * entries)
    assert forgone[0] > 10 * entries
    assert budget[1] - budget[0] == forgone[1] - forgone[0], "the general budget makes up for it"
    assert same_bytes(once.outcomes, twice.outcomes)


@pytest.mark.parametrize(
    "parameter",
    [parameter for parameter in PARAMETERS.settable if parameter.name != "fee"],  # see above
    ids=lambda parameter: parameter.key,
)
def test_no_knob_is_dead(parameter):
    """Every value that tells two policies or beliefs about the world apart moves an outcome, at the same luck."""
    results = [
        outcomes(rich_scenario().with_changes(**{parameter.name: value}), replications=3, seed=2)
        for value in ends(parameter)
    ]
    for one, other in itertools.combinations(results, 2):
        assert np.abs(one - other).max() > 1e-9, (
            f"{parameter.name}: no outcome moves between its ends: let a rule of src/dgsim/world read it, "
            "or take its row out of world/tables/parameters.csv"
        )
