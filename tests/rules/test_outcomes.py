"""Every outcome of the table, recomputed by hand from a panel of a few provinces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dgsim.world import outcomes
from dgsim.world.citizens import count_dossiers
from dgsim.world.money import (
    AUDITS,
    CENTRAL_LAPSE,
    FEE_REVENUE_FORGONE,
    LUMP_SUM_GRANTS,
    OWN_MONEY,
    PROCUREMENT_LEAKAGE,
    PROVINCIAL_LAPSE,
    SERVICE_BUILDING,
    WAGES,
    pay,
    receive,
)
from dgsim.world.state import CONNECTIVITY, N_FOUNDATIONS, N_LINES, N_SERVICES, NATIONAL_SERVICES, OWN, PANEL, SHARED
from dgsim.world.tables import OUTCOME_NAMES
from world_of_zeros import approx, province_and_world, world_of_zeros


def three_provinces(**values):
    """1, 2 and 5 million people in two regions; two services of 3 and 1 dossiers a head, 2 and 6 hours each.

    An hour is worth 40,000 VND to citizens; nothing else is saved, and only by what is completed online.
    """
    defaults = {"value_of_hour": 40.0, "discount_rate": 0.05, "growth": 1.0, "more_people": 1.0}
    off = dict.fromkeys(
        ("partial_saving", "counter_saving", "out_of_pocket", "processing_saving", "assisting_cost"), 0.0
    )
    state = world_of_zeros(provinces=3, **{**defaults, **off, **values})
    state.world.services.transactions_per_head[:2] = state.world.services.dossiers[:2] = 3.0, 1.0
    state.world.services.hours_saved[:2] = 2.0, 6.0
    state.world.nation.dossiers = 4.0
    provinces = state.provinces
    provinces.population, provinces.region = (1.0, 2.0, 5.0), (0, 0, 1)
    provinces.filed[:, :2] = (0.8, 0.4), (0.4, 0.0), (0.1, 0.5)
    provinces.quality[:, :2] = (1.0, 0.5), (0.5, 1.0), (1.0, 1.0)
    provinces.use = 0.7, 0.3, 0.2
    return state


def measured(state) -> dict[str, float]:
    row = np.full(outcomes.N_OUTCOMES, 99.0)
    outcomes.measure(state.world, state.provinces, row)
    return dict(zip(OUTCOME_NAMES, row.tolist(), strict=True))


# hours a head and year: 3x2x.8x1 + 1x6x.4x.5 = 6; 3x2x.4x.5 = 1.2; 3x2x.1x1 + 1x6x.5x1 = 3.6
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


def test_all_measures_of_use_are_weighted_by_people():
    state = three_provinces()
    state.provinces.any_step, state.provinces.full_process = (0.9, 0.8, 0.4), (0.8, 0.5, 0.3)
    state.provinces.central_use = 0.4, 0.1, 0.2
    row = measured(state)
    assert row["use"] == approx((0.7 * 1 + 0.3 * 2 + 0.2 * 5) / 8)
    assert row["use_any_step"] == approx((0.9 * 1 + 0.8 * 2 + 0.4 * 5) / 8)
    assert row["use_full_process"] == approx((0.8 * 1 + 0.5 * 2 + 0.3 * 5) / 8)
    assert row["use_of_ministries"] == approx((0.4 * 1 + 0.1 * 2 + 0.2 * 5) / 8)


def paid(state, who, line, amount):
    """Let a province or the centre pay so many million VND."""
    who.cash_mvnd += amount
    assert pay(who, state.world, line, float(amount)) == amount


def test_what_officials_file_is_told_apart():
    state = three_provinces()
    state.provinces.assisted[:, :2] = (0.2, 0.6), (0.4, 0.0), (0.0, 0.1)
    state.provinces.assisted[:, 2] = 0.9  # of a service without dossiers
    for p in state.provinces:
        count_dossiers(p, state.world)
    # of 4 dossiers: (3 x .2 + 1 x .6) / 4 = .3; 3 x .4 / 4 = .3; 1 x .1 / 4 = .025
    assert measured(state)["assisted_share"] == approx((0.3 * 1 + 0.3 * 2 + 0.025 * 5) / 8)


def test_accounts_are_those_of_the_nation():
    assert measured(three_provinces(accounts=0.6))["accounts"] == 0.6


def test_reported_index_and_reporting_gap_are_means_of_provinces():
    state = three_provinces()
    state.provinces.reported_index, state.provinces.real_index = (0.6, 0.5, 0.1), (0.3, 0.5, 0.25)
    assert measured(state)["reported_index"] == approx(1.2 / 3)
    assert measured(state)["reporting_gap"] == approx((0.3 + 0.0 - 0.15) / 3)


def test_hours_saved_are_millions_in_a_quarter():
    assert measured(three_provinces())["hours_saved"] == approx(HOURS)
    assert measured(three_provinces(hours_factor=0.5))["hours_saved"] == approx(HOURS / 2)
    assert measured(three_provinces(more_people=1.1))["hours_saved"] == approx(HOURS * 1.1), "of people as they grow"
    assert measured(three_provinces(growth=1.1))["hours_saved"] == approx(HOURS), "an hour is an hour"
    state = three_provinces()
    measured(state)
    assert state.provinces[1].hours_saved == approx(1.2 * 2 / 4)


def one_service(s=0, **values):
    """2 million people; a service of 4 transactions a head and year, a quarter of them of firms, 2 hours each.

    Citizens file half of it online, and all of that ends there.
    """
    defaults = {
        "value_of_hour": 28.0,
        "firm_hour": 43.0,
        "out_of_pocket": 25.0,
        "processing_saving": 17.0,
        "assisting_cost": 19.0,
        "partial_saving": 0.15,
        "counter_saving": 0.0,
        "hours_factor": 1.0,
        "routine_factor": 1.0,
        "discount_rate": 0.05,
        "growth": 1.0,
        "more_people": 1.0,
    }
    state = world_of_zeros(**{**defaults, **values})
    p, services = state.provinces[0], state.world.services
    services.transactions_per_head[s], services.hours_saved[s], services.firm_share[s] = 4.0, 2.0, 0.25
    p.population, p.filed[s], p.quality[s] = 2.0, 0.5, 1.0
    return state, p


def time_saved(p, world):
    """Hours saved a transaction of the first service."""
    return outcomes.time_saved(p, world, 0, outcomes.simpler_at_counter(p, world, 0))


def test_time_is_saved_in_full_online_in_part_on_the_way_and_a_little_at_the_counter():
    state, p = one_service(counter_saving=0.2)
    p.filed[0], p.quality[0], p.assisted[0], p.depth[0] = 0.5, 0.6, 0.1, 0.5
    # .3 is completed; .2 ends at the counter and .1 is filed by officials: .3; .4 is filed at the counter
    assert outcomes.completed(p, 0) == approx(0.3)
    assert time_saved(p, state.world) == approx(2 * (0.3 + 0.15 * 0.3 + 0.2 * 0.5 * 0.4))
    state.world.assumptions.hours_factor = 0.5
    assert time_saved(p, state.world) == approx(0.385)
    measured(state)
    assert p.hours_saved == approx(4 * 0.385 * 2 / 4)


def test_a_form_that_was_put_online_as_it_is_saves_little():
    state, p = one_service()
    p.filed[0], p.quality[0] = 1.0, 0.0
    assert time_saved(p, state.world) == approx(0.15 * 2), "begun by all online, ended at the counter"
    p.quality[0] = 1.0
    assert time_saved(p, state.world) == 2.0


def test_ministries_save_hours_and_money_too_and_simplify_the_counter():
    state, _ = one_service(s=N_SERVICES, counter_saving=0.2)
    state.world.nation.readiness[NATIONAL_SERVICES] = 0.5
    # 2 hours x (.5 + .2 x .5 x .5 at the counter) x 4 transactions x 2 million / 4
    assert measured(state)["hours_saved"] == approx(2 * 0.55 * 2)


def test_gains_of_citizens_firms_and_offices_by_hand():
    """An hour saved in half of 4 transactions of 2 hours: 1 hour each, and half of 25,000 VND out of pocket.

    A head and year: citizens 3 x (28 + 12.5) = 121.5, firms 1 x (43 + 12.5) = 55.5, offices 4 x 17 / 2 = 34 thousand
    VND; of 2 million people in a quarter, by .5: bvnd.
    """
    row = measured(one_service()[0])
    assert row["hours_saved"] == approx(4 * 1 * 2 / 4)
    assert row["citizens_gain"] == approx(60.75)
    assert row["firms_gain"] == approx(27.75)
    assert row["officials_gain"] == approx(17.0)
    assert row["net_benefit"] == approx(60.75 + 27.75 + 17.0)


def test_what_officials_bring_to_its_end_is_processed_by_machine_whatever_the_channel_is_worth():
    state, p = one_service(assisted_ends=0.4, assisting_cost=0.0)
    p.filed[0], p.assisted[0], p.quality[0] = 0.0, 0.5, 0.1
    assert measured(state)["officials_gain"] == approx(4 * 17 * 0.5 * 0.4 * 2 / 4)
    p.quality[0] = 0.6
    assert measured(state)["officials_gain"] == approx((4 * 17 * 0.5 * 0.4 + 4 * 17 * 0.5 * 0.6) * 2 / 4), "or as good"


def test_to_file_for_citizens_saves_them_little_and_costs_officials():
    state, p = one_service()
    p.assisted[0] = 0.25
    row = measured(state)
    # hours 2 x (.5 + .15 x .25) = 1.075, out of pocket as before: citizens 3 x (28 x 1.075 + 12.5) = 127.8
    assert row["citizens_gain"] == approx(63.9)
    # firms 43 x 1.075 + 12.5 = 58.725
    assert row["firms_gain"] == approx(29.3625)
    # offices process .75 of all for 17 less and file .25 at 19 more: 4 x (12.75 - 4.75) = 32
    assert row["officials_gain"] == approx(16.0)
    state, p = one_service()
    p.filed[0], p.assisted[0] = 0.0, 0.5
    assert measured(state)["officials_gain"] == approx(-2.0), "19 are more than 17: 4 x .5 x -2 thousand VND x .5"


def test_what_ends_at_the_counter_saves_no_processing_and_no_journey():
    state, p = one_service(partial_saving=0.0)
    p.quality[0] = 0.0
    row = measured(state)
    assert row["officials_gain"] == row["citizens_gain"] == row["firms_gain"] == 0.0


def test_time_of_citizens_firms_and_officials_is_worth_more_as_incomes_grow_and_people_are_more():
    row = measured(one_service(growth=1.2)[0])
    assert row["citizens_gain"] == approx(3 * (28 * 1.2 + 12.5) / 2), "what is paid out of pocket stays"
    assert row["firms_gain"] == approx((43 * 1.2 + 12.5) / 2)
    assert row["officials_gain"] == approx(17 * 1.2)
    row = measured(one_service(more_people=1.2)[0])
    assert row["citizens_gain"] == approx(60.75 * 1.2)
    assert row["firms_gain"] == approx(27.75 * 1.2)
    assert row["officials_gain"] == approx(17 * 1.2)


def test_gains_are_added_up_each_discounted_to_the_start():
    # three years on at 5%: 1 / 1.157625
    state, _ = one_service(quarter=12, citizens_gain_mvnd=1_000.0, firms_gain_mvnd=2_000.0, officials_gain_mvnd=3_000.0)
    row = measured(state)
    assert row["citizens_gain"] == approx(1 + 60.75 / 1.157625)
    assert row["firms_gain"] == approx(2 + 27.75 / 1.157625)
    assert row["officials_gain"] == approx(3 + 17 / 1.157625)


def test_net_benefit_is_hours_at_their_value_less_what_centre_and_provinces_spent():
    state = three_provinces()
    paid(state, state.world.nation, AUDITS, 14_000)
    for p, wages in zip(state.provinces, (20_000, 30_000, 50_000), strict=True):
        paid(state, p, WAGES, wages)
    row = measured(state)
    # 6.6 million hours x 40,000 VND = 264 bvnd; 14 bvnd of the centre and 100 of the provinces
    assert row["net_benefit"] == approx(264 - 114)
    assert row["benefit_cost_ratio"] == approx(264 / 114)


def test_a_fee_that_is_forgone_is_a_transfer_and_no_cost():
    state = three_provinces()
    for p in state.provinces:
        paid(state, p, WAGES, 10_000)
        paid(state, p, FEE_REVENUE_FORGONE, 70_000)
    row = measured(state)
    assert row["provincial_spend"] == 30.0
    assert row["net_benefit"] == approx(264 - 30)


def test_discounting_makes_later_benefits_and_costs_smaller():
    """A year on at 5%: 1 / 1.05 of both; what was spent before is not counted again."""
    state = three_provinces(
        quarter=4, citizens_gain_mvnd=1_000.0, discounted_cost_mvnd=3_000.0, spent_before_mvnd=90_000
    )
    paid(state, state.provinces[0], WAGES, 111_000)
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
    paid(state, state.world.nation, AUDITS, 7_000)
    paid(state, state.world.nation, LUMP_SUM_GRANTS, 60_000)
    paid(state, state.provinces[0], SERVICE_BUILDING, 2_500)
    paid(state, state.provinces[2], PROCUREMENT_LEAKAGE, 500)
    receive(state.provinces[1], state.world, OWN_MONEY, 9_000.0)
    row = measured(state)
    assert row["central_spend"] == 7.0, "grants are transfers, not spending"
    assert row["provincial_spend"] == 3.0


def test_duplication_excess_lapsed_and_undrawn_money_are_in_bvnd():
    state = three_provinces()
    state.provinces.duplication_mvnd = 1_500, 0, 2_500
    state.provinces.excess_mvnd, state.provinces.unspent_mvnd = (500.0, 200.0, 0.0), (6_000.0, 0.0, 1_250.0)
    state.provinces.books[:, PROVINCIAL_LAPSE], state.world.nation.books[CENTRAL_LAPSE] = 4_000, 5_000
    assert measured(state)["duplication_spend"] == 4.0
    assert measured(state)["own_platform_excess"] == approx(0.7)
    assert measured(state)["unspent_money"] == approx(7.25)
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
    state.provinces.use = 0.0
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
    others = np.isin(np.arange(N_LINES), (PROVINCIAL_LAPSE, CENTRAL_LAPSE, FEE_REVENUE_FORGONE))
    assert (outcomes.USES_UP + others + outcomes.COMES_IN).tolist() == [1] * N_LINES
    assert (outcomes.COMES_IN >= outcomes.GRANTED).all()
    assert outcomes.GRANTED[LUMP_SUM_GRANTS] == 1
    assert outcomes.GRANTED[OWN_MONEY] == 0


def test_stocks_of_a_province_by_hand():
    state = three_provinces(accounts=0.6)
    p, line = state.provinces[0], np.full(1, 99, PANEL).view(np.recarray)[0]
    same = ("real_index", "reported_index", "published_index", "published_rank", "credence", "reform", "protection")
    same += ("trust", "incidents", "specialists", "trained", "trained_made", "trained_to_private", "contractors")
    same += ("trained_to_provinces", "trained_arrived", "dependence", "finished", "finished_multi_year", "failed")
    same += ("use", "executed", "hours_saved", "assisted_share")
    renamed = {"use_any_step": "any_step", "use_full_process": "full_process", "use_of_ministries": "central_use"}
    renamed |= {"any_step_of_ministries": "central_any_step", "full_process_of_ministries": "central_full_process"}
    names = dict(zip(same, same, strict=True)) | renamed
    for number, name in enumerate(names.values(), start=3):
        setattr(p, name, number)
    p.cash_mvnd, p.duplication_mvnd, p.excess_mvnd, p.unspent_mvnd = 1_500, 2_500, 700.0, 7_250.0
    p.books[OWN_MONEY], p.books[LUMP_SUM_GRANTS] = 4_000, 6_000
    p.books[WAGES], p.books[PROCUREMENT_LEAKAGE], p.books[PROVINCIAL_LAPSE] = 700, 50, 250
    p.platform[:4], p.redesigned[:2] = (OWN, OWN, OWN, SHARED), 1
    p.connection[CONNECTIVITY], p.connection[1], p.belief[0] = 0.9, 0.3, 0.5
    outcomes.record_stocks(p, state.world, line)
    for number, name in enumerate(names, start=3):
        assert line[name] == number, name
    told = {
        "supply": 4 / N_SERVICES,
        "accounts": 0.6,
        "claimed_use": p.full_process,
        "cash": 1.5,  # money in bvnd
        "duplication": 2.5,
        "excess": 0.7,
        "unspent": 7.25,
        "received": 10.0,
        "granted": 6.0,
        "spent": 0.75,
        "lapsed": 0.25,
        "own_platforms": 3.0,
        "shared_platforms": 1.0,
        "redesigned": 2.0,
        "access": 0.9,
        "connection": 1.2 / N_FOUNDATIONS,
        "belief": 0.5 / N_SERVICES,
    }
    for name, value in told.items():
        assert line[name] == approx(value), name
    assert set(names) | set(told) == set(PANEL.names), "every stock is told by hand"
