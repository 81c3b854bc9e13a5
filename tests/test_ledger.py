"""The books: every flow stands once with its source and use, and they close to the last million, always."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgsim import simulate
from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.driver import ledger_of, nothing_of_accounts, run_to
from dgsim.engine.run import run_replications
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import Scenario, load_scenario, shipped_scenarios
from dgsim.scenario.calendar import quarter_text
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import N_LINES, PANEL
from dgsim.world.tables import FLOWS, FOUNDATIONS, ITEMS, OUTCOME_NAMES, PROVINCIAL
from strategies import scenarios

COUNTRY = load_country()
SMALL = synthetic_country(6, seed=2)
CENTRE = -1
CATEGORY = np.array([flow.category for flow in FLOWS])
PAYER = np.array([flow.payer for flow in FLOWS])
FLOW = {name: number for number, name in enumerate(FLOWS.names)}


class Kept:
    """A run, stepped quarter by quarter, with the money in hand read off the records at each of them.

    cash      int64 [quarter + 1, province and last the centre]: before the first quarter and after each
    books     int64 [quarter, province and last the centre, line]
    entries   the ledger
    """

    def __init__(self, scenario: Scenario, country: Country, seed: int = 0) -> None:
        state = fresh_world(make_setup(scenario, country), seed, 0)
        quarters, n = scenario.quarters, len(country)
        self.outcomes = np.zeros((quarters, N_OUTCOMES))
        self.panel = np.zeros((quarters, n), PANEL)
        self.books = np.zeros((quarters, n + 1, N_LINES), np.int64)
        self.cash = np.zeros((quarters + 1, n + 1), np.int64)
        for quarter in range(quarters + 1):
            if quarter:
                run_to(state, quarter, self.outcomes, self.panel, self.books, *nothing_of_accounts(n))
            self.cash[quarter] = [*state.provinces["cash_mvnd"], state.world.nation.cash_mvnd]
        self.entries = ledger_of(self.books)

    def sums(self, *categories: str, payer: str | None = None) -> np.ndarray:
        """Money of some categories, int64 [quarter, province and last the centre], as it stands in the entries."""
        flow = self.entries["flow"]
        chosen = np.isin(CATEGORY[flow], categories)
        if payer is not None:
            chosen &= PAYER[flow] == payer
        sums = np.zeros(self.cash[1:].shape, np.int64)
        np.add.at(
            sums, (self.entries["quarter"][chosen], self.entries["province"][chosen]), self.entries["amount"][chosen]
        )
        return sums


def assert_books_close(kept: Kept) -> None:
    """Opening + received = spent + lapsed + leaked + given + granted + closing: for all, every quarter, in millions."""
    arrived = kept.sums("transfer")
    assert not arrived[:, CENTRE].any()
    balance = kept.cash[:-1] + kept.sums("received") - kept.sums("spent", "lapsed", "leaked", "given")
    balance[:, :CENTRE] += arrived[:, :CENTRE]
    balance[:, CENTRE] -= arrived.sum(axis=1)
    assert np.array_equal(balance, kept.cash[1:])
    assert (kept.cash >= 0).all()
    assert (kept.entries["amount"] > 0).all()


@pytest.fixture(scope="module")
def kept():
    """A run of a scenario in which money flows every way there is, over part of the horizon."""
    return Kept(busy(), COUNTRY)


def busy() -> Scenario:
    return load_scenario("staged").with_changes(
        lump_sum=200.0,
        equalisation=300.0,
        matching_rate=0.4,
        matching_budget=500.0,
        awards=100.0,
        retention_supplement=5.0,
        retention_budget=200.0,
        service_centre=50.0,
        fee_cut=0.5,
        audit_share=0.3,
        quarters=30,
    )


@pytest.mark.parametrize("name", shipped_scenarios())
def test_the_books_of_every_shipped_scenario_close(name):
    assert_books_close(Kept(load_scenario(name), COUNTRY))


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(max_quarters=12), st.integers(0, 1000))
def test_the_books_of_any_scenario_close(scenario, seed):
    assert_books_close(Kept(scenario, SMALL, seed))


def test_the_books_close_when_money_flows_every_way(kept):
    assert_books_close(kept)
    waves = load_scenario("services-first")
    flows = set(kept.entries["flow"]) | set(Kept(waves, COUNTRY).entries["flow"])
    assert flows == set(range(len(FLOWS)))


def test_what_the_centre_grants_is_what_the_provinces_receive(kept):
    """A grant stands in two books, of the centre and of the province, line by line the same."""
    transfers = CATEGORY[line_flows()] == "transfer"
    granted = kept.books[:, CENTRE, transfers]
    assert np.array_equal(granted, kept.books[:, :CENTRE, transfers].sum(axis=1))
    assert (granted[-1] > 0).sum() >= 4


def line_flows() -> np.ndarray:
    """The flow of each line of the books, told by entries made of a book that holds 1 million in every line."""
    books = np.ones((1, 2, N_LINES), np.int64)
    return ledger_of(books)["flow"][:N_LINES]


def test_nobody_uses_the_lines_of_another(kept):
    """The centre pays under the centre's flows only, a province under a province's."""
    entries = kept.entries
    by_centre = entries["province"] == CENTRE
    transfer = CATEGORY[entries["flow"]] == "transfer"
    assert set(PAYER[entries["flow"][by_centre]]) == {"centre"}
    assert set(PAYER[entries["flow"][~by_centre & ~transfer]]) == {"province"}


def test_books_only_grow(kept):
    assert (np.diff(kept.books, axis=0, prepend=0) >= 0).all()


def test_an_entry_stands_once(kept):
    keys = kept.entries[["quarter", "flow", "province", "item"]]
    assert len(np.unique(keys)) == len(keys)


def test_items_are_what_the_table_of_flows_says(kept):
    """Services of provinces, or after them foundations and items of the roadmap: as each flow's lines are kept."""
    n = len(PROVINCIAL)
    allowed = {
        "none": {-1},
        "services": set(range(n)),
        "foundations": set(range(n, n + len(FOUNDATIONS))),
        "projects": set(range(n + len(FOUNDATIONS))),
        "items": set(range(n, n + len(ITEMS))),
    }
    for number, flow in enumerate(FLOWS):
        items = set(kept.entries["item"][kept.entries["flow"] == number].tolist())
        assert items <= allowed[flow.items], flow.flow


def test_items_are_called_by_their_names():
    """A table names what each entry was for, and on what each option was."""
    told = simulate(busy().with_changes(quarters=12), seed=0, ledger=True, choices=True)
    items = told.ledger.groupby("flow", observed=True)["item"].unique().map(set)
    assert items["foundation_building"] <= set(FOUNDATIONS)
    assert items["programme_delivery"] == {"process_reform", "standards", "national_services"}
    assert items["foundation_connection"] <= set(FOUNDATIONS) - {"connectivity"}
    assert items["service_building"] <= set(PROVINCIAL.names)
    weighed = told.choices.groupby("option", observed=True)["item"].unique().map(set)
    assert weighed["connect"] <= set(FOUNDATIONS) - {"connectivity"}
    assert weighed["own_as_is"] == set(PROVINCIAL.names)


def test_running_a_service_costs_only_where_it_is_online(kept):
    """Item and province of an entry are the right ones: nobody pays for a service that is not there."""
    state = fresh_world(make_setup(busy(), COUNTRY), 0, 0)
    for quarter in range(1, 12):
        online = state.provinces["platform"] != 0
        run_to(state, quarter, kept.outcomes.copy(), kept.panel[:0], kept.books[:0], *nothing_of_accounts(len(COUNTRY)))
        flow, when = kept.entries["flow"], kept.entries["quarter"]
        paid = kept.entries[(flow == FLOW["service_running"]) & (when == quarter - 1)]
        assert len(paid) > 0
        assert online[paid["province"], paid["item"]].all()


def test_the_panel_tells_the_same_as_the_ledger(kept):
    so_far = {
        name: kept.sums(*kinds).cumsum(axis=0)[:, :CENTRE]
        for name, kinds in (
            ("granted", ["transfer"]),
            ("received", ["received", "transfer"]),
            ("spent", ["spent", "leaked"]),
            ("lapsed", ["lapsed"]),
        )
    }
    for name, amounts in (*so_far.items(), ("cash", kept.cash[1:, :CENTRE])):
        assert np.array_equal(kept.panel[name], amounts / 1000), name


def test_the_outcomes_tell_the_same_as_the_ledger(kept):
    spent, lapsed = (kept.sums(*kinds).cumsum(axis=0) for kinds in (("spent", "leaked"), ("lapsed",)))
    for name, amounts in (
        ("central_spend", spent[:, CENTRE]),
        ("provincial_spend", spent[:, :CENTRE].sum(axis=1)),
        ("lapsed_money", lapsed.sum(axis=1)),
    ):
        assert np.allclose(kept.outcomes[:, OUTCOME_NAMES.index(name)], amounts / 1000, rtol=1e-12, atol=0.0), name


def test_no_more_is_spent_on_a_plan_than_it_holds_but_for_overruns():
    """What the centre appropriates, running costs and audits aside: the money planned, and what overruns take more."""
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        entries = run_replications(scenario, COUNTRY, seed=0, replications=[0], keep={"ledger"}).ledger[0]
        appropriated = entries["amount"][entries["flow"] == FLOW["appropriation"]].sum() / 1000
        beyond = 0.0
        for item in fresh_world(make_setup(scenario, COUNTRY), 0, 0).roadmap:
            if ITEMS[item.kind].item not in ("training", "service_wave"):
                quarters = math.ceil(item.quarters * max(1.0, item.overrun))
                beyond += item.cost_mvnd / 1000 * (quarters / item.quarters - 1.0)
        assert appropriated <= scenario.planned_money() + beyond + 1e-6
        assert appropriated > 0.5 * scenario.planned_money()


def test_every_entry_of_the_table_has_flow_source_use_province_item_and_quarter():
    scenario = load_scenario("staged").with_changes(quarters=6)
    ledger = simulate(scenario, seed=0, ledger=True).ledger
    whole = run_replications(scenario, COUNTRY, seed=0, replications=[0], keep={"ledger"}).ledger[0]
    assert len(ledger) == len(whole)
    assert ledger["amount"].tolist() == whole["amount"].tolist()
    assert ledger[["flow", "source", "use", "quarter", "amount"]].notna().all().all()
    assert ledger["quarter"].astype(str).tolist() == [quarter_text(quarter) for quarter in whole["quarter"]]
    assert ledger["flow"].astype(str).tolist() == [FLOWS[flow].flow for flow in whole["flow"]]
    by_province = ledger["province_code"].notna()
    assert (by_province.to_numpy() == (whole["province"] >= 0)).all()
    both_ends = ledger["source"].isin(["province"]) | ledger["use"].isin(["province"])
    assert (both_ends == by_province).all()
    for flow in FLOWS:
        if flow.items != "none":
            assert ledger.loc[ledger["flow"] == flow.flow, "item"].notna().all(), flow.flow


@pytest.mark.parametrize("name", ["staged", "matching"])
def test_the_table_from_plan_to_outturn_sums_to_the_ledger(name):
    """Spending is that of the outcomes, which the rules count apart; what provinces keep is the cash they have."""
    runs = simulate(name, 2, quarters=14, aggregates=True, provinces=True, ledger=True)
    spent = runs.outcomes.query("quarter == '2023Q2'").groupby("outcome", observed=True)["value"].mean()
    money = runs.money.groupby(["payer", "step"])["bvnd"].sum()
    for payer, outcome in (("centre", "central_spend"), ("province", "provincial_spend")):
        lines = money[payer]
        before = lines.drop(["spend", "of_it"]).sum()
        assert before == pytest.approx(lines["spend"], abs=1e-6)
        assert lines["of_it"] == pytest.approx(lines["spend"], abs=1e-6)
        assert lines["spend"] == pytest.approx(spent[outcome], abs=1e-6)
    assert money["centre"]["lapsed"] + money["province"]["lapsed"] == pytest.approx(-spent["lapsed_money"], abs=1e-6)
    kept = runs.provinces.query("quarter == '2023Q2'").groupby("replication")["cash"].sum().mean()
    assert money["province"]["in_hand"] == pytest.approx(-kept, abs=1e-6)
    assert money["centre"]["granted"] == -money["province"]["granted"]
    entries = runs.ledger.groupby("flow", observed=True)["bvnd"].sum() / 2
    lines = runs.money[runs.money["flow"] != ""].groupby("flow")["bvnd"].sum().abs()
    for flow in entries.index.difference(["appropriation"]):
        shared = 0.0 if FLOWS[flow].category == "transfer" else entries[flow]
        assert lines[flow] == pytest.approx(shared, abs=1e-6), f"{flow} leaves the centre and reaches the provinces"
