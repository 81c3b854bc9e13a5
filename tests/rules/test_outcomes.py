"""Every outcome of the table, recomputed by hand from a panel of a few provinces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dgsim.world import outcomes
from dgsim.world.money import (
    AUDITS,
    CENTRAL_LAPSE,
    LUMP_SUM_GRANTS,
    OWN_MONEY,
    PROCUREMENT_LEAKAGE,
    PROVINCIAL_LAPSE,
    SERVICE_BUILDING,
    WAGES,
)
from dgsim.world.state import CONNECTIVITY, N_FOUNDATIONS, N_LINES, N_SERVICES, OWN, PANEL, SHARED
from dgsim.world.tables import OUTCOME_NAMES
from world_of_zeros import approx, province_and_world, world_of_zeros


def three_provinces(**values):
    """1, 2 and 5 million people in two regions; two services of 3 and 1 transactions a head, 2 and 6 hours each."""
    state = world_of_zeros(provinces=3, value_of_hour=40.0, discount_rate=0.05, **values)
    state.world.services.transactions_per_head[:2] = 3.0, 1.0
    state.world.services.hours_saved[:2] = 2.0, 6.0
    provinces = state.provinces
    provinces.population, provinces.region = (1.0, 2.0, 5.0), (0, 0, 1)
    provinces.use[:, :2] = (0.8, 0.4), (0.4, 0.0), (0.1, 0.5)
    provinces.digital = 0.7, 0.3, 0.2
    provinces.completeness[:, :2] = (1.0, 0.5), (0.5, 1.0), (1.0, 1.0)
    return state


def measured(state) -> dict[str, float]:
    row = np.full(outcomes.N_OUTCOMES, 99.0)
    outcomes.measure(state.world, state.provinces, row)
    return dict(zip(OUTCOME_NAMES, row.tolist(), strict=True))


# hours a head and year: 3x2x.8x1 + 1x6x.4x.5 = 6; 3x2x.4x.5 = 1.2; 3x2x.1 + 1x6x.5 = 3.6
HOURS = (6.0 * 1 + 1.2 * 2 + 3.6 * 5) / 4  # million hours in a quarter: 6.6


def test_the_outcomes_are_those_of_the_table():
    assert set(measured(three_provinces())) == set(OUTCOME_NAMES)


def test_every_outcome_is_recomputed_by_hand():
    text = Path(__file__).read_text(encoding="utf-8")
    missing = [name for name in OUTCOME_NAMES if f'["{name}"]' not in text]
    assert missing == [], f"tests/rules/test_outcomes.py: recompute {', '.join(missing)} by hand from a few provinces"


def test_supply_is_the_mean_share_of_services_online():
    state = three_provinces()
    state.provinces.platform[0, :3], state.provinces.platform[1, 0] = OWN, SHARED
    assert measured(state)["supply"] == approx((3 + 1 + 0) / 3 / N_SERVICES)


def test_use_is_weighted_by_people():
    assert measured(three_provinces())["use"] == approx((0.7 * 1 + 0.3 * 2 + 0.2 * 5) / 8)


def test_reported_index_and_reporting_gap_are_means_of_provinces():
    state = three_provinces()
    state.provinces.reported_index, state.provinces.real_index = (0.6, 0.5, 0.1), (0.3, 0.5, 0.25)
    assert measured(state)["reported_index"] == approx(1.2 / 3)
    assert measured(state)["reporting_gap"] == approx((0.3 + 0.0 - 0.15) / 3)


def test_hours_saved_are_millions_in_a_quarter():
    assert measured(three_provinces())["hours_saved"] == approx(HOURS)
    assert measured(three_provinces(hours_factor=0.5))["hours_saved"] == approx(HOURS / 2)
    state = three_provinces()
    assert outcomes.hours_saved(state.provinces[1], state.world) == approx(1.2 * 2 / 4)


def test_net_benefit_is_hours_at_their_value_less_what_centre_and_provinces_spent():
    state = three_provinces()
    state.world.nation.books[AUDITS] = 14_000
    state.provinces.books[:, WAGES] = 20_000, 30_000, 50_000
    row = measured(state)
    # 6.6 million hours x 40,000 VND = 264 bvnd; 14 bvnd of the centre and 100 of the provinces
    assert row["net_benefit"] == approx(264 - 114)
    assert row["benefit_cost_ratio"] == approx(264 / 114)


def test_discounting_makes_later_benefits_and_costs_smaller():
    """A year on at 5%: 1 / 1.05 of both; what was spent before is not counted again."""
    state = three_provinces(
        quarter=4, discounted_benefit_mvnd=1_000.0, discounted_cost_mvnd=3_000.0, spent_before_mvnd=90_000
    )
    state.provinces.books[0, WAGES] = 111_000
    row = measured(state)
    assert row["net_benefit"] == approx(1 + 264 / 1.05 - (3 + 21 / 1.05)), "sign of the discount exponent"
    assert row["benefit_cost_ratio"] == approx((1 + 264 / 1.05) / (3 + 21 / 1.05))
    assert state.world.nation.spent_before_mvnd == 111_000
    again = measured(state)
    assert again["net_benefit"] == approx(1 + 2 * 264 / 1.05 - (3 + 21 / 1.05)), "nothing more was spent since"


def test_the_ratio_is_zero_before_anything_is_spent():
    assert measured(three_provinces())["benefit_cost_ratio"] == 0.0


def test_a_ratio_of_little_spending():
    state = three_provinces(discounted_cost_mvnd=0.5)
    assert measured(state)["benefit_cost_ratio"] == approx(264_000 / 0.5)


def test_spending_is_that_of_the_payer_in_bvnd_and_leaks_count():
    state = three_provinces()
    state.world.nation.books[AUDITS], state.world.nation.books[LUMP_SUM_GRANTS] = 7_000, 60_000
    state.provinces.books[0, SERVICE_BUILDING], state.provinces.books[2, PROCUREMENT_LEAKAGE] = 2_500, 500
    state.provinces.books[1, OWN_MONEY] = 9_000
    row = measured(state)
    assert row["central_spend"] == 7.0, "grants are transfers, not spending"
    assert row["provincial_spend"] == 3.0


def test_duplication_and_lapsed_money_are_in_bvnd():
    state = three_provinces()
    state.provinces.duplication_mvnd = 1_500, 0, 2_500
    state.provinces.books[:, PROVINCIAL_LAPSE], state.world.nation.books[CENTRAL_LAPSE] = 4_000, 5_000
    assert measured(state)["duplication_spend"] == 4.0
    assert measured(state)["lapsed_money"] == 3 * 4.0 + 5.0


def test_specialists_and_incidents_are_sums():
    state = three_provinces()
    state.provinces.specialists, state.provinces.incidents = (10.0, 20.5, 30.0), (1, 0, 4)
    assert measured(state)["specialists"] == 60.5
    assert measured(state)["incidents"] == 5.0


def test_attrition_is_the_share_that_left_made_yearly():
    state = three_provinces(staff_before=200.0)
    state.provinces.left = 1.0, 2.5, 1.5
    assert measured(state)["attrition"] == approx(5 / 200 * 4)
    assert measured(three_provinces(staff_before=0.0))["attrition"] == 0.0
    state = three_provinces(staff_before=0.5)
    state.provinces.left = 0.1, 0.0, 0.0
    assert measured(state)["attrition"] == approx(0.8), "half a specialist is a specialist"


def test_trust_is_that_of_citizens_not_of_provinces():
    state = three_provinces()
    state.provinces.trust = 0.8, 0.6, 0.4
    assert measured(state)["trust"] == approx((0.8 + 1.2 + 2.0) / 8)


def test_gap_between_the_ninetieth_and_tenth_percentile():
    # of .2, .3, .7: the 90th lies 1.8 steps up: .3 + .8 x .4 = .62; the 10th .2 steps: .22
    assert measured(three_provinces())["gap_p90_p10"] == approx(0.62 - 0.22)


def test_gini_of_use():
    # mean absolute difference over twice the mean: (.1 + .5 + .4) x 2 / 9 / (2 x .4)
    assert measured(three_provinces())["gini_use"] == approx(2 * 1.0 / 9 / 0.8)


def test_gap_between_regions_is_weighted_by_people():
    # (.7 x 1 + .3 x 2) / 3 against .2
    assert measured(three_provinces())["between_region_gap"] == approx(1.3 / 3 - 0.2)
    state = three_provinces()
    state.provinces.region = 0, 4, 4
    assert measured(state)["between_region_gap"] == approx(0.7 - (0.3 * 2 + 0.2 * 5) / 7), "empty regions do not count"
    state.provinces.region = 0
    assert measured(state)["between_region_gap"] == 0.0
    state.provinces.region, state.provinces.population = (0, 1, 1), (0.25, 0.5, 0.25)
    assert measured(state)["between_region_gap"] == approx(0.7 - 0.2 / 0.75), "small regions are regions"
    state.provinces.digital = 0.0
    assert measured(state)["between_region_gap"] == 0.0


@pytest.mark.parametrize(
    ("values", "gini"), [([5.0] * 4, 0.0), ([0.0] * 4, 0.0), ([0.0, 0.0, 0.0, 8.0], 0.75), ([0.0, 0.0, 0.0, 0.5], 0.75)]
)
def test_gini_at_its_ends(values, gini):
    assert outcomes.gini(np.array(values)) == approx(gini)


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1.0), (0.25, 2.0), (0.5, 4.0), (0.75, 8.0), (0.875, 12.0), (1.0, 16.0)]
)
def test_percentiles_are_linear_between_values(share, value):
    assert outcomes.percentile(np.array([1.0, 2.0, 4.0, 8.0, 16.0]), share) == approx(value)
    assert outcomes.percentile(np.array([3.0]), share) == 3.0


def test_money_is_summed_over_the_chosen_lines_only():
    p, _ = province_and_world()
    p.books[:] = np.arange(N_LINES)
    chosen = np.zeros(N_LINES, np.int64)
    chosen[3], chosen[7] = 1, 1
    assert outcomes.sum_of_lines(p, chosen) == 10


def test_each_flow_is_of_one_category():
    lapses = np.isin(np.arange(N_LINES), (PROVINCIAL_LAPSE, CENTRAL_LAPSE))
    assert (outcomes.USES_UP + lapses + outcomes.COMES_IN).tolist() == [1] * N_LINES
    assert (outcomes.COMES_IN >= outcomes.GRANTED).all()
    assert outcomes.GRANTED[LUMP_SUM_GRANTS] == 1
    assert outcomes.GRANTED[OWN_MONEY] == 0


def test_stocks_of_a_province_by_hand():
    state = three_provinces()
    p, line = state.provinces[0], np.full(1, 99, PANEL).view(np.recarray)[0]
    same = ("real_index", "reported_index", "published_index", "published_rank", "credence", "reform", "protection")
    same += ("trust", "incidents", "specialists", "trained", "trained_made", "trained_to_private", "contractors")
    same += ("trained_to_provinces", "trained_arrived", "dependence", "finished", "finished_multi_year", "failed")
    for number, name in enumerate(same, start=3):
        setattr(p, name, number)
    p.cash_mvnd, p.duplication_mvnd = 1_500, 2_500
    p.books[OWN_MONEY], p.books[LUMP_SUM_GRANTS] = 4_000, 6_000
    p.books[WAGES], p.books[PROCUREMENT_LEAKAGE], p.books[PROVINCIAL_LAPSE] = 700, 50, 250
    p.platform[:4], p.redesigned[:2] = (OWN, OWN, OWN, SHARED), 1
    p.connection[CONNECTIVITY], p.connection[1], p.belief[0] = 0.9, 0.3, 0.5
    outcomes.record_stocks(p, state.world, line)
    for number, name in enumerate(same, start=3):
        assert line[name] == number, name
    assert line.supply == approx(4 / N_SERVICES)
    assert line.use == approx(0.7)
    assert line.hours_saved == approx(6 / 4)
    assert (line.cash, line.duplication) == (1.5, 2.5), "in bvnd"
    assert (line.received, line.granted, line.spent, line.lapsed) == (10.0, 6.0, 0.75, 0.25)
    assert (line.own_platforms, line.shared_platforms, line.redesigned) == (3.0, 1.0, 2.0)
    assert line.access == 0.9
    assert line.connection == approx(1.2 / N_FOUNDATIONS)
    assert line.belief == approx(0.5 / N_SERVICES)
