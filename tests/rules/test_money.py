"""Money, by hand: whole units, grants, own money, running costs, and what happens when books close."""

from __future__ import annotations

import pytest

from dgsim.world import money
from dgsim.world.state import N_PROJECTS, N_SERVICES, OFFLINE, OWN, SHARED
from world_of_zeros import approx, province_and_world

ANNUAL, MEDIUM_TERM = 0.0, 1.0


@pytest.mark.parametrize(("unit", "amount", "kept"), [(1.0, 7.9, 7), (1.0, 3.0, 3), (10.0, 79.0, 70), (1.0, -3.0, 0)])
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
    """A province of a tenth of the people and a fifth of the gap, whose base is 0.02 x 1,000,000 x 1.25 = 25,000."""
    p, world = province_and_world(
        digital_share=0.02,
        growth=1.25,
        grant_displacement=0.6,
        matching_displacement=0.1,
        price_response=0.6,
        least_own_effort=0.3,
        **values,
    )
    world.nation.cash_mvnd = 10_000_000
    p.expenditure, p.head_weight, p.poor_weight, p.award_share, p.budgeted = 1_000_000.0, 0.1, 0.2, 0.5, 0.7
    return p, world


def test_grants_and_own_money_of_a_quarter_by_hand():
    p, world = receiving(
        lump_sum=400.0, equalisation=80.0, awards=40.0, wave=3000.0, matching_rate=0.5, matching_factor=0.8
    )
    p.claim, p.undrawn, p.year_entitled, p.yearly_money = 1000.0, 100.0, 20.0, 4000.0
    money.receive_money(p, world)
    assert p.books[money.LUMP_SUM_GRANTS] == 10_000  # 400 bvnd / 4 quarters x 0.1
    assert p.books[money.EQUALISING_GRANTS] == 4_000  # 80 / 4 x 0.2
    assert p.books[money.AWARDS_PAID] == 5_000  # 40 / 4 x 0.5
    assert p.books[money.WAVE_GRANTS] == 300  # 3,000 million x 0.1
    assert p.books[money.MATCHING_GRANTS] == 400  # 1,000 claimed x 0.5 x 0.8 covered
    assert p.grants == 19_300
    assert p.matched == 400
    assert p.claim == 0.0, "a claim is met once"
    # 25,000 + drawn in 25,000 x 0.6 x 0.5 x 0.8 - displaced (0.6 x 19,300 + 0.1 x 400)
    assert p.own_money == approx(25_000 + 6_000 - 11_620)
    assert p.books[money.OWN_MONEY] == 13_566  # 0.7 of 19,380 are set aside in the budget
    assert p.undrawn == approx(100 + 19_380 - 13_566)
    assert p.year_entitled == approx(20 + 19_380 + 19_300 + 400)
    assert p.yearly_money == approx(4_000 - 1_000 + 19_380 + 19_300 + 400), "a quarter of the year falls out"
    assert p.cash_mvnd == 19_300 + 400 + 13_566


def test_grants_never_displace_the_last_of_own_effort():
    p, world = receiving(lump_sum=4000.0)
    money.receive_money(p, world)
    assert p.own_money == approx(0.3 * 25_000)


def test_maintenance_of_effort_lets_nothing_be_displaced():
    p, world = receiving(lump_sum=400.0, maintenance_of_effort=1.0)
    money.receive_money(p, world)
    assert p.own_money == approx(25_000)
    p, world = receiving(matching_rate=0.5, matching_factor=1.0, maintenance_of_effort=1.0)
    money.receive_money(p, world)
    assert p.own_money == approx(25_000 * 1.3), "it is a floor, not a ceiling"


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
    world.policy.security_share = 0.1
    world.assumptions.public_pay, world.assumptions.upkeep_speed, world.assumptions.security_base = 12.0, 0.2, 1.0
    p.specialists, p.own_money, p.cash_mvnd, p.upkeep[0] = 10.0, 500.0, cash, 0.9
    for name, value in values.items():
        setattr(p, name, value)
    money.pay_running_costs(p, world)
    return p


def test_running_costs_are_paid_in_full_if_there_is_cash():
    p = paying(5_000)
    assert p.running_cost == approx(2_600 + 360)
    assert p.books[money.WAGES] == 360
    assert p.books[money.SECURITY_SPENDING] == 50
    assert p.books[money.SERVICE_RUNNING] == 2_600
    assert p.cash_mvnd == 5_000 - 360 - 50 - 2_600
    assert p.running_paid == 1.0
    assert p.upkeep[0] == approx(0.9 + 0.2 * (1.0 - 0.9))


def test_what_is_not_paid_decays():
    p = paying(360 + 50 + 650)
    assert p.running_paid == approx(0.25)
    assert p.books[money.SERVICE_RUNNING] == 650
    assert p.upkeep[0] == approx(0.9 + 0.2 * (0.25 - 0.9))


def test_wages_come_first_then_security():
    p = paying(380)
    assert p.books[money.WAGES] == 360
    assert p.books[money.SECURITY_SPENDING] == 20
    assert p.running_paid == 0.0


def test_cash_that_just_covers_what_is_due_pays_all_of_it():
    p = paying(360 + 50 + 2_600)
    assert p.running_paid == 1.0
    assert p.cash_mvnd == 0


def test_own_money_is_drawn_for_wages_upkeep_and_security():
    p = paying(0, undrawn=100_000.0)
    assert p.books[money.OWN_MONEY] == 360 + 2_600 + 50 + 1
    assert p.running_paid == 1.0


def test_each_service_is_paid_on_its_own_line():
    p, world = service_of(OFFLINE)
    p.cash_mvnd, p.platform[3], p.platform[7], p.redesigned[3] = 5_000, OWN, OWN, 1
    money.pay_running_costs(p, world)
    assert p.books[money.SERVICE_RUNNING + 3] == 2_600
    assert p.books[money.SERVICE_RUNNING + 7] == 130
    assert p.books[money.SERVICE_RUNNING : money.SERVICE_RUNNING + N_SERVICES].sum() == 2_730


def test_what_is_offline_costs_nothing_to_run():
    p, world = service_of(OFFLINE)
    p.cash_mvnd, p.upkeep[0] = 5_000, 0.9
    money.pay_running_costs(p, world)
    assert p.running_cost == 0.0
    assert p.running_paid == 1.0
    assert p.upkeep[0] == 0.9, "what is not online neither decays nor mends"


@pytest.mark.parametrize(("own_money", "population", "level"), [(5_000.0, 1.0, 0.25), (5_000.0, 3.0, 0.125)])
def test_protection_settles_at_what_is_spent_against_what_size_asks_for(own_money, population, level):
    """4 bvnd a year and million people: 1,000 million a quarter x (1 + people); a tenth of own money is spent."""
    p, world = province_and_world(security_need=4.0, security_base=1.0, security_share=0.1, protection_speed=0.15)
    p.own_money, p.population, p.protection = own_money, population, 0.8
    p.cash_mvnd = 1_000_000
    money.secure(p, world)
    assert p.protection == approx(0.8 + 0.15 * (level - 0.8))
    for _ in range(200):
        money.secure(p, world)
    assert p.protection == approx(level)


def test_no_spending_protects_more_than_fully():
    p, world = province_and_world(security_need=4.0, security_base=1.0, security_share=1.0, protection_speed=0.15)
    p.own_money, p.cash_mvnd = 1e7, 10**8
    money.secure(p, world)
    assert p.protection == approx(0.15)


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
    """A province with 500 in hand, 100 to draw and 1,000 owed on two projects; it used 600 of 1,000."""
    p, world = province_and_world(quarter=quarter, budget_rule=rule, carry_over=0.2, planning_margin=0.2)
    p.cash_mvnd, p.undrawn, p.year_used, p.year_entitled, p.budgeted = 500, 100.0, 600.0, 1_000.0, 0.4
    p.project_owed[0], p.project_owed[N_PROJECTS - 1] = 700.0, 300.0
    money.close_books(p, world)
    return p


def test_unspent_money_lapses_when_books_close_but_for_what_projects_keep():
    p = closing(3)
    assert p.books[money.PROVINCIAL_LAPSE] == 300  # 500 - 0.2 x 1,000
    assert p.cash_mvnd == 200
    assert p.undrawn == 0.0


@pytest.mark.parametrize("quarter", [0, 1, 2, 4, 5, 6, 8])
def test_nothing_lapses_within_the_year(quarter):
    p = closing(quarter)
    assert (p.cash_mvnd, p.undrawn, p.budgeted, p.year_used) == (500, 100.0, 0.4, 600.0)


def test_a_medium_term_budget_is_planned_each_year_and_lapses_with_the_plan():
    p = closing(7, MEDIUM_TERM)
    assert (p.cash_mvnd, p.undrawn) == (500, 100.0)
    assert p.budgeted == approx(0.72)
    assert closing(23, MEDIUM_TERM).cash_mvnd == 200


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
