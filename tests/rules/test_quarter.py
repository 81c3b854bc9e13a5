"""A quarter: every act is done, in order, by everybody; and rules run the same compiled and as plain Python."""

from __future__ import annotations

import numpy as np

from dgsim.country import synthetic_country
from dgsim.engine.driver import nothing_of_accounts, run_to
from dgsim.engine.setup import fresh_world, make_setup
from dgsim.scenario import load_scenario
from dgsim.world import quarter
from dgsim.world.outcomes import N_OUTCOMES
from dgsim.world.state import N_LINES, PANEL
from dgsim.world.tables import OUTCOME_NAMES

PLAN = {
    "name": "quarter",
    "roadmap": [{"item": "shared_platform", "start": "2020Q1", "quarters": 2, "cost_bvnd": 9000.0}],
    "skills": {"headcount": 40.0, "service_centre": 60.0, "retention_supplement": 5.0, "retention_budget": 150.0},
    "incentives": {"lump_sum": 200.0},
    "measurement": {"league_table": True},
    "mandate": {"mandate_strength": 1.0, "mandate_deadline": "2020Q2"},
    "assumptions": {"least_posts": 25.0, "congress_turnover": 0.9},
}
# No rows are kept; the kinds are those of a run, whose machine code is used.
NOTHING_KEPT = np.zeros((0, 3), PANEL), np.zeros((0, 4, N_LINES), np.int64), *nothing_of_accounts(3)


def test_a_year_in_which_every_act_leaves_its_trace():
    state = fresh_world(make_setup(load_scenario(PLAN).with_changes(quarters=4), synthetic_country(3)), 7, 0)
    nation, provinces = state.world.nation, state.provinces
    start = provinces.copy()
    outcomes = np.zeros((4, N_OUTCOMES))
    for number in range(1, 5):
        run_to(state, number, outcomes, *NOTHING_KEPT)
        assert nation.quarter == number
    assert nation.readiness.max() > 0.0, "1 the centre spent"
    assert (provinces.grants > 0.0).all(), "2 money arrived"
    assert (provinces.running_cost > 0.0).all(), "3 running costs were due"
    assert (provinces.left > 0.0).all(), "4 specialists left"
    assert nation.movers > 0.0, "4 and moved"
    assert nation.mean_specialists > 0.0, "4 and were counted"
    assert (provinces.pooled > 0.0).any(), "4 and pooled"
    assert (provinces.seen_weight > 0.0).any(), "5 provinces looked around"
    assert (provinces.belief != start.belief).any(), "5 and learnt"
    assert (provinces.leadership != start.leadership).any(), "6 leaders changed at the congress of 2020Q4"
    assert (provinces.shadow_price > 0.0).all(), "6 purses were looked at"
    assert (provinces.missing < 1.0).any(), "7 and what is missing was counted"
    assert (provinces.platform > 0).sum() > (start.platform > 0).sum(), "6 and 7 projects were chosen and delivered"
    assert (provinces.trust != start.trust).all(), "8 citizens were served"
    assert (provinces.filed > start.filed).any(), "8 and filed online"
    assert nation.shared_data > 0.0, "8 and data shared"
    assert (provinces.reported_index > 0.0).all(), "9 figures were reported"
    assert set(provinces.published_rank) == {1 / 6, 3 / 6, 5 / 6}, "9 and published"
    assert (provinces.rank_slope != start.rank_slope).all(), "9 and ranked"
    assert (provinces.year_used == 0.0).all(), "10 books were closed"
    assert (provinces.undrawn == 0.0).all(), "10 with what was not drawn"
    assert nation.cash_mvnd == 0, "10 those of the centre too"
    assert (outcomes[:, OUTCOME_NAMES.index("specialists")] > 0.0).all(), "10 and outcomes measured"


def test_the_acts_are_numbered_as_they_are_told():
    assert [act.number for act in quarter.ACTS] == [1, 2, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 8, 9, 9, 10, 10, 10]


def test_the_start_is_under_the_levers_of_the_first_quarter():
    change = [{"from": "2020Q2", "skills": {"headcount": 100.0}}]
    scenario = load_scenario({**PLAN, "change": change}).with_changes(quarters=4)
    provinces = fresh_world(make_setup(scenario, synthetic_country(3)), 7, 0).provinces
    assert provinces.posts.tolist() == (25.0 + 40.0 * provinces.population).tolist()


def test_the_levers_of_a_quarter_are_in_force_in_it():
    change = [{"from": "2020Q3", "budget": {"digital_share": 0.0}}]
    scenario = load_scenario({**PLAN, "change": change}).with_changes(quarters=4)
    state = fresh_world(make_setup(scenario, synthetic_country(3)), 7, 0)
    own = []
    for number in range(1, 5):
        run_to(state, number, np.zeros((4, N_OUTCOMES)), *NOTHING_KEPT)
        own.append(bool((state.provinces.own_money > 0.0).any()))
    assert own == [True, True, False, False]
