"""Money, by hand: whole units, grants, own money, running costs, and what happens when books close."""

from __future__ import annotations

import numpy as np
import pytest

from dgsim.world import money
from dgsim.world.state import N_LINES, N_PROJECTS, N_SERVICES, OFFLINE, OWN, SHARED
from world_of_zeros import approx, province_and_world

ANNUAL, MEDIUM_TERM = 0.0, 1.0


@pytest.mark.parametrize(
    ("unit", "amount", "kept"), [(1.0, 7.9, 7), (1.0, 3.0, 3), (10.0, 79.0, 70), (1.0, -3.0, 0), (10.0, -3.0, 0)]
)
def test_amounts_are_rounded_down_to_whole_units_and_never_negative(unit, amount, kept):
    _, world = province_and_world(money_unit=unit)
    assert money.whole(world, amount) == kept


def test_what_is_received_is_in_cash_and_in_the_books():
    p, world = province_and_world()
    p.cash_mvnd = 5
    assert money.receive(p, world, money.OWN_MONEY, 7.9) == 7
    assert p.cash_mvnd == 12
    assert p.books[money.OWN_MONEY] == 7
    assert p.books.sum() == 7, "one entry, on one line"


def test_nobody_pays_more_than_there_is():
    p, world = province_and_world()
    p.cash_mvnd = 5
    assert money.pay(p, world, money.WAGES, 3.9) == 3
    assert money.pay(p, world, money.WAGES, 3.0) == 2, "only 2 of 5 million are left"
    assert p.cash_mvnd == 0
    assert p.books[money.WAGES] == 5


def test_what_is_spent_or_leaks_is_added_up_line_by_line():
    p, world = province_and_world()
    amounts = np.arange(1, N_LINES + 1)
    p.cash_mvnd = amounts.sum()
    for line, amount in enumerate(amounts):
        money.pay(p, world, line, float(amount))
    assert p.spent_mvnd == (p.books * money.USES_UP).sum() == (amounts * money.USES_UP).sum()
    assert p.spent_mvnd < amounts.sum(), "a transfer, a lapse and a fee forgone are no spending"


def test_what_a_province_spends_counts_as_used():
    p, world = province_and_world()
    p.cash_mvnd, p.year_used = 10, 2.0
    assert money.spend_own(p, world, money.WAGES, 3.0) == 3
    assert p.year_used == 5.0
    assert p.cash_mvnd == 7


def test_a_grant_leaves_the_centre_and_arrives_at_the_province():
    p, world = province_and_world()
    world.nation.cash_mvnd, p.cash_mvnd = 10, 1
    assert money.grant(p, world, money.LUMP_SUM_GRANTS, 4.5) == 4
    assert (world.nation.cash_mvnd, p.cash_mvnd) == (6, 5)
    assert world.nation.books[money.LUMP_SUM_GRANTS] == p.books[money.LUMP_SUM_GRANTS] == 4
    assert money.grant(p, world, money.LUMP_SUM_GRANTS, 100.0) == 6, "the centre has no more than 6"


@pytest.mark.parametrize(
    ("rate", "tilt", "rank", "borne"),
    [
        (0.4, 0.0, 0.2, 0.4),
        (0.4, 0.5, 0.2, 0.52),  # 0.4 x (1 + 0.5 x (1 - 2 x 0.2))
        (0.4, 1.0, 1.0, 0.0),
        (0.4, 1.0, 0.5, 0.4),
        (0.9, 1.0, 0.0, 1.0),  # 1.8, but the centre bears no more than all
    ],
)
def test_the_matching_rate_is_tilted_to_poorer_provinces(rate, tilt, rank, borne):
    p, world = province_and_world(matching_rate=rate, matching_tilt=tilt)
    p.fiscal_rank = rank
    assert money.matching_rate(p, world) == approx(borne)


def receiving(**values):
    """A province of a tenth of the people and a fifth of the need; its digital money is 0.02 x 1,000,000 x 1.25.

    Of these 25,000, a tenth goes to security and of the rest four tenths to services: 9,000 million VND.
    """
    p, world = province_and_world(
        digital_share=0.02, growth=1.25, security_share=0.1, service_money_share=0.4, **values
    )
    world.nation.cash_mvnd = 10_000_000
    p.expenditure, p.head_weight, p.poor_weight, p.award_share, p.budgeted = 1_000_000.0, 0.1, 0.2, 0.5, 0.7
    return p, world


def test_security_and_other_systems_come_before_services():
    p, world = receiving()
    assert money.digital_money(p, world) == approx(25_000)
    assert money.base_money(p, world) == approx(9_000)
    world.policy.security_share = 0.0
    assert money.base_money(p, world) == approx(10_000)
    world.assumptions.service_money_share = 1.0
    assert money.base_money(p, world) == approx(25_000)
    world.policy.digital_share = 0.0
    assert money.base_money(p, world) == 0.0


def test_grants_and_own_money_of_a_quarter_by_hand():
    p, world = receiving(
        lump_sum=400.0, equalisation=80.0, awards=40.0, wave=3000.0, matching_rate=0.5, matching_factor=0.8
    )
    p.claim, p.undrawn, p.year_entitled, p.yearly_money = 1000.0, 100.0, 20.0, 4000.0
    p.grants, p.matched = 7.0, 7.0
    money.receive_money(p, world)
    assert p.books[money.LUMP_SUM_GRANTS] == 10_000  # 400 bvnd / 4 quarters x 0.1
    assert p.books[money.EQUALISING_GRANTS] == 4_000  # 80 / 4 x 0.2
    assert p.books[money.AWARDS_PAID] == 5_000  # 40 / 4 x 0.5
    assert p.books[money.WAVE_GRANTS] == 300  # 3,000 million x 0.1
    assert p.books[money.MATCHING_GRANTS] == 400  # 1,000 claimed x 0.5 x 0.8 covered
    assert p.grants == 19_300
    assert p.matched == 400
    assert p.claim == 0.0, "a claim is met once"
    assert p.own_money == approx(9_000), "grants take nothing from what the rule gives"
    assert p.books[money.OWN_MONEY] == 6_300  # 0.7 of 9,000 are set aside in the budget
    assert p.undrawn == approx(100 + 2_700)
    assert p.year_entitled == approx(20 + 9_000 + 19_300 + 400)
    assert p.yearly_money == approx(4_000 - 1_000 + 28_700), "a quarter of the year falls out"
    assert p.cash_mvnd == 19_300 + 400 + 6_300
    assert world.nation.cash_mvnd == 10_000_000 - 19_700


def test_yearly_money_settles_at_four_quarters_of_it():
    p, world = receiving(lump_sum=40.0)
    for _ in range(120):
        money.receive_money(p, world)
    assert p.yearly_money == approx(40_000)  # 4 x (9,000 + 1,000)


def in_need(needed, *, granted):
    """Of 9,000 a quarter nothing is set aside; work asks for so much after a grant has come."""
    p, world = receiving(lump_sum=granted * 4 / 1000 / 0.1)
    p.budgeted = 0.0
    money.receive_money(p, world)
    money.draw(p, world, needed)
    return money.spend_own(p, world, money.SERVICE_BUILDING, needed), p


@pytest.mark.parametrize(("needed", "more"), [(5_000, 0), (8_000, 0), (9_500, 500), (12_000, 3_000), (20_000, 3_000)])
def test_a_lump_sum_adds_to_spending_only_what_own_money_would_not_have_paid(needed, more):
    """Flypaper emerges: 3,000 granted stand in for own money up to 9,000, and add only to what is begun beyond."""
    without, own = in_need(needed, granted=0)
    spent, helped = in_need(needed, granted=3_000)
    assert spent - without == more
    drawn = (own.books[money.OWN_MONEY], helped.books[money.OWN_MONEY])
    assert drawn[0] - drawn[1] == approx(3_000 - more, abs=1)


def test_own_money_is_drawn_as_far_as_cash_falls_short():
    p, world = province_and_world()
    p.cash_mvnd, p.undrawn = 5, 100.0
    money.draw(p, world, 20.0)
    assert p.cash_mvnd == 21, "15 million short, and one unit for rounding"
    assert p.undrawn == 84.0
    assert p.books[money.OWN_MONEY] == 16
    money.draw(p, world, 21.0)
    assert p.cash_mvnd == 21, "nothing is drawn if there is enough"
    money.draw(p, world, 21.5)
    assert p.cash_mvnd == 22, "half a million short is short"
    money.draw(p, world, 1000.0)
    assert p.undrawn == 0.0
    assert p.cash_mvnd == 105, "no more is drawn than there is to draw"
    money.draw(p, world, 1000.0)
    assert p.cash_mvnd == 105


def service_of(platform, *, redesigned=1, dependence=0.0, population=2.0):
    """A service whose own platform costs (50 + 40 x population) x 1,000 x 0.5 million VND to build."""
    p, world = province_and_world(
        build_fixed_bvnd=50.0,
        build_per_million_bvnd=40.0,
        build_cost_factor=0.5,
        running_share=0.16,
        shared_cost=0.45,
        as_is_cost=0.05,
        dependence_premium=0.3,
    )
    p.population, p.dependence, p.platform[0], p.redesigned[0] = population, dependence, platform, redesigned
    return p, world


def test_building_costs_a_fixed_part_and_a_part_by_people():
    p, world = service_of(OWN)
    assert money.build_cost(p, world, 0) == approx(65_000)
    p, world = service_of(OWN, population=0.0)
    assert money.build_cost(p, world, 0) == approx(25_000)


def test_a_shared_service_costs_less_to_run_than_an_own_one_of_the_same_size():
    own, shared = (money.running_cost(*service_of(platform), 0) for platform in (OWN, SHARED))
    assert own == approx(65_000 * 0.16 / 4)  # 2,600 million VND a quarter
    assert shared == approx(0.45 * own), "own and shared platforms are swapped"


def test_running_costs_rise_with_redesign_and_dependence():
    assert money.running_cost(*service_of(OWN, redesigned=0), 0) == approx(2_600 * 0.05)
    assert money.running_cost(*service_of(OWN, dependence=0.5), 0) == approx(2_600 * 1.15)


def paying(cash, **values):
    """Ten specialists at 12 million a month (360), security of a tenth of 500 (50), one service (2,600)."""
    p, world = service_of(OWN)
    world.policy.security_share, world.policy.digital_share, world.nation.growth = 0.1, 0.01, 1.25
    world.assumptions.public_pay, world.assumptions.upkeep_speed, world.assumptions.security_base = 12.0, 0.2, 1.0
    p.expenditure = 40_000.0  # x 0.01 x 1.25 = 500 million VND of digital money
    p.specialists, p.cash_mvnd, p.upkeep[0] = 10.0, cash, 0.9
    for name, value in values.items():
        setattr(p, name, value)
    money.pay_running_costs(p, world)
    return p


def test_specialists_and_security_have_money_of_their_own():
    p = paying(0)
    assert p.books[money.GENERAL_BUDGET] == p.books[money.WAGES] == 360  # 12 million x 3 months x 10
    assert p.books[money.OWN_MONEY] == p.books[money.SECURITY_SPENDING] == 50
    assert p.cash_mvnd == 0
    assert p.year_used == 0.0, "it is no part of the money for services"


def test_running_costs_are_paid_in_full_if_there_is_cash():
    p = paying(5_000)
    assert p.running_cost == approx(2_600)
    assert p.books[money.SERVICE_RUNNING] == p.year_used == 2_600
    assert p.cash_mvnd == 5_000 - 2_600
    assert p.running_paid == 1.0
    assert p.upkeep[0] == approx(0.9 + 0.2 * (1.0 - 0.9))


def test_what_is_not_paid_decays():
    p = paying(650)
    assert p.running_paid == approx(0.25)
    assert p.books[money.SERVICE_RUNNING] == 650
    assert p.upkeep[0] == approx(0.9 + 0.2 * (0.25 - 0.9))


def test_cash_that_just_covers_what_is_due_pays_all_of_it():
    p = paying(2_600)
    assert p.running_paid == 1.0
    assert p.cash_mvnd == 0


def test_own_money_is_drawn_for_upkeep():
    p = paying(0, undrawn=100_000.0)
    assert p.books[money.OWN_MONEY] == 50 + 2_600 + 1
    assert p.undrawn == approx(100_000 - 2_601)
    assert p.running_paid == 1.0


def test_each_service_is_paid_on_its_own_line():
    p, world = service_of(OFFLINE)
    p.cash_mvnd, p.platform[3], p.platform[5], p.redesigned[3] = 5_000, OWN, OWN, 1
    money.pay_running_costs(p, world)
    assert p.books[money.SERVICE_RUNNING + 3] == 2_600
    assert p.books[money.SERVICE_RUNNING + 5] == 130
    assert p.books[money.SERVICE_RUNNING : money.SERVICE_RUNNING + N_SERVICES].sum() == 2_730


def test_what_is_offline_costs_nothing_to_run():
    p, world = service_of(OFFLINE)
    p.cash_mvnd, p.upkeep[0] = 5_000, 0.9
    money.pay_running_costs(p, world)
    assert p.running_cost == 0.0
    assert p.running_paid == 1.0
    assert p.upkeep[0] == 0.9, "what is not online neither decays nor mends"


@pytest.mark.parametrize(
    ("platform", "stands", "excess"),
    [(OWN, 1, 1_430), (OWN, 0, 0), (SHARED, 1, 0)],  # 2,600 paid where the shared one would cost 0.45 of it
)
def test_an_own_platform_costs_more_than_needed_once_the_shared_one_stands(platform, stands, excess):
    p, world = service_of(platform)
    p.cash_mvnd, p.excess_mvnd, world.nation.platform_stands = 5_000, 70.0, stands
    money.pay_running_costs(p, world)
    assert p.excess_mvnd == 70 + excess


def test_own_platforms_count_with_what_they_cost_on_the_day_the_shared_one_stands():
    """Platforms of 300 and 500 million VND, a shared one at .25: 800 x .75 = 600 too much, once."""
    p, world = province_and_world(shared_cost=0.25)
    p.own_cost[:2] = 300, 500
    money.note_what_is_there_twice(p, world)
    assert p.excess_mvnd == 0.0, "nothing is there twice yet"
    world.nation.platform_stands = 1
    money.pay_running_costs(p, world)
    assert p.excess_mvnd == approx(600, abs=1)
    money.pay_running_costs(p, world)
    assert p.excess_mvnd == approx(600, abs=1)


def test_excess_is_counted_of_what_was_paid_and_never_negative():
    p, world = service_of(OWN)
    p.cash_mvnd, world.nation.platform_stands = 1_000, 1
    money.pay_running_costs(p, world)
    assert p.excess_mvnd == approx(550, abs=1), "2,600 were due"
    world.assumptions.shared_cost = 1.5
    money.note_excess(p, world, 1_000)
    assert p.excess_mvnd == approx(550, abs=1)


@pytest.mark.parametrize(("digital", "population", "level"), [(5_000.0, 1.0, 0.25), (5_000.0, 3.0, 0.125)])
def test_protection_settles_at_what_is_spent_against_what_size_asks_for(digital, population, level):
    """4 bvnd a year and million people: 1,000 million a quarter x (1 + people); a tenth of digital money is spent."""
    p, world = province_and_world(
        security_need=4.0, security_base=1.0, security_share=0.1, protection_speed=0.15, digital_share=0.01, growth=1.0
    )
    p.expenditure, p.population, p.protection = digital * 100, population, 0.8
    money.secure(p, world)
    assert p.protection == approx(0.8 + 0.15 * (level - 0.8))
    assert p.cash_mvnd == 0, "it has money of its own"
    for _ in range(200):
        money.secure(p, world)
    assert p.protection == approx(level)


def test_no_spending_protects_more_than_fully():
    p, world = province_and_world(
        security_need=4.0, security_base=1.0, security_share=1.0, protection_speed=0.15, digital_share=1.0, growth=1.0
    )
    p.expenditure = 1e7
    money.secure(p, world)
    assert p.protection == approx(0.15)


@pytest.mark.parametrize(
    ("rule", "quarter", "left"),
    [
        (ANNUAL, 0, 3),
        (ANNUAL, 3, 0),
        (ANNUAL, 4, 3),
        (MEDIUM_TERM, 0, 3),  # the first plan ends with 2020
        (MEDIUM_TERM, 4, 8),  # 19 quarters, of which 8 are counted on
        (MEDIUM_TERM, 16, 7),
        (MEDIUM_TERM, 23, 0),
    ],
)
def test_money_is_counted_on_to_the_end_of_the_year_or_of_the_plan(rule, quarter, left):
    _, world = province_and_world(budget_rule=rule, quarter=quarter, plan_years=5.0, longest_view=8.0)
    assert money.quarters_of_money(world) == left


def purse(cash, *, owed=0.0, quarter=3, rule=ANNUAL, yearly=1_000.0):
    p, world = province_and_world(carry_over=0.6, quarter=quarter, budget_rule=rule, plan_years=5.0, longest_view=8.0)
    p.cash_mvnd, p.yearly_money, p.project_owed[0], p.project_owed[N_PROJECTS - 1] = cash, yearly, owed, owed
    money.look_at_purse(p, world)
    return p.shadow_price


def test_money_that_would_lapse_is_cheap_and_the_cheaper_the_sooner_it_would():
    """Half a year's money is idle and 0.4 of it would lapse: a fifth, spread over the quarters left, this one too."""
    assert [purse(500, quarter=quarter) for quarter in range(4)] == approx([0.95, 1 - 0.2 / 3, 0.9, 0.8])
    assert purse(500, quarter=4, rule=MEDIUM_TERM) == approx(1 - 0.2 / 9)
    assert purse(500, quarter=23, rule=MEDIUM_TERM) == approx(0.8)
    assert purse(0) == 1.0, "nothing would lapse"
    assert purse(500, owed=100.0) == approx(1 - 0.4 * 0.3), "what projects are owed is not idle"
    assert purse(500, owed=300.0) == 1.0
    assert purse(9_000) == approx(0.6), "no more than all would lapse"
    assert purse(1, yearly=0.0) == approx(0.6)
    assert purse(0, yearly=0.0) == 1.0


def test_books_close_each_year_or_at_the_end_of_a_plan():
    closing = {}
    for rule in (ANNUAL, MEDIUM_TERM):
        _, world = province_and_world(budget_rule=rule, plan_years=5.0)
        closing[rule] = []
        for quarter in range(48):
            world.nation.quarter = quarter
            if money.books_close(world):
                closing[rule].append(quarter)
    assert closing[ANNUAL] == [3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47]
    assert closing[MEDIUM_TERM] == [3, 23, 43], "2020, then five years each"


def closing(quarter, rule=ANNUAL):
    """A province with 500 in hand, 100.5 to draw and 1,000 owed on two projects; it used 600 of 1,000."""
    p, world = province_and_world(
        quarter=quarter, budget_rule=rule, plan_years=5.0, carry_over=0.6, planning_margin=0.2
    )
    p.cash_mvnd, p.undrawn, p.year_used, p.year_entitled, p.budgeted = 500, 100.5, 600.0, 1_000.0, 0.4
    p.project_owed[0], p.project_owed[N_PROJECTS - 1] = 700.0, 300.0
    p.unspent_mvnd = 30.0
    money.close_books(p, world)
    return p


def test_unspent_money_lapses_when_books_close_but_for_a_part_and_what_was_not_drawn_is_void():
    p = closing(3)
    assert p.books[money.PROVINCIAL_LAPSE] == 200  # 0.4 of 500
    assert p.cash_mvnd == 300
    assert p.undrawn == 0.0
    assert p.unspent_mvnd == 130, "in whole millions, on top of earlier years"
    assert p.books.sum() == 200, "what was never drawn was never in the books"


def test_execution_is_what_was_used_of_the_money_there_was_before_any_lapses():
    assert closing(3).executed == approx(600 / 1_100)
    p, world = province_and_world()
    money.budget(p, world)
    assert p.executed == 1.0, "who has nothing leaves nothing unused"
    p.cash_mvnd = 5
    money.budget(p, world)
    assert p.executed == 0.0


@pytest.mark.parametrize("quarter", [0, 1, 2, 4, 5, 6, 8])
def test_nothing_lapses_within_the_year(quarter):
    p = closing(quarter)
    assert (p.cash_mvnd, p.undrawn, p.budgeted, p.year_used) == (500, 100.5, 0.4, 600.0)
    assert p.unspent_mvnd == 30.0


def test_a_medium_term_budget_is_planned_each_year_and_lapses_with_the_plan():
    p = closing(7, MEDIUM_TERM)
    assert (p.cash_mvnd, p.undrawn, p.unspent_mvnd) == (500, 100.5, 30.0)
    assert p.budgeted == approx(0.72)
    assert (closing(23, MEDIUM_TERM).cash_mvnd, closing(23, MEDIUM_TERM).unspent_mvnd) == (300, 130.0)


@pytest.mark.parametrize(
    ("used", "entitled", "share"),
    [(600.0, 1_000.0, 0.72), (900.0, 1_000.0, 1.0), (0.25, 0.5, 0.6), (0.0, 0.0, 1.0), (5.0, 0.0, 1.0)],
)
def test_the_next_budget_is_what_was_used_and_a_fifth_more_but_never_more_than_all(used, entitled, share):
    p, world = province_and_world(planning_margin=0.2)
    p.year_used, p.year_entitled = used, entitled
    money.budget(p, world)
    assert p.budgeted == approx(share)
    assert (p.year_used, p.year_entitled) == (0.0, 0.0), "the year begins anew"


@pytest.mark.parametrize(("required", "before", "share"), [(1.0, 0.9, 0.9), (1.0, 0.5, 0.72), (0.0, 0.9, 0.72)])
def test_maintenance_of_effort_lets_no_smaller_part_be_set_aside_than_before(required, before, share):
    p, world = province_and_world(planning_margin=0.2, maintenance_of_effort=required)
    p.year_used, p.year_entitled, p.budgeted = 600.0, 1_000.0, before
    money.budget(p, world)
    assert p.budgeted == approx(share)
