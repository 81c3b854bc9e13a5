"""What an option is worth, part by part, by hand."""

from __future__ import annotations

import pytest

from dgsim.world import utility
from dgsim.world.state import (
    CONNECT,
    METRIC_INDEX,
    METRIC_SUPPLY,
    METRIC_USE,
    MIGRATE,
    N_FOUNDATIONS,
    N_SERVICES,
    OFFLINE,
    OWN,
    OWN_AS_IS,
    OWN_REDESIGNED,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED,
    SHARED_AS_IS,
    SHARED_PLATFORM,
)
from world_of_zeros import DIGITAL_ID, PAYMENTS, approx, province_and_world

SLOT = 3  # a service
FOUNDATION = N_SERVICES + DIGITAL_ID


def weighing(platform=OFFLINE, **values):
    """A service worth 1.5, believed to be taken up by 0.4; 0.8 of it works on an own platform, 0.6 on the shared.

    It has 2 of the 8 dossiers a head and year.
    """
    defaults = {
        "as_is_quality": 0.44,
        "least_depth": 0.25,
        "care": 20.0,
        "reform_learning": 0.05,
        "index_supply": 0.31,
        "index_use": 0.21,
        "index_foundations": 0.19,
        "index_reform": 0.13,
        "worth": 1.5,
        "complexity": 0.6,
        "first_step": 1.0,  # who files does not look at quality
    }
    p, world = province_and_world(**{**defaults, **values})
    world.services.dossiers[SLOT], world.nation.dossiers = 2.0, 8.0
    p.belief[:], p.outlook_own[:], p.outlook_shared[:] = 0.4, 0.8, 0.6
    p.platform[SLOT], p.reform, p.yearly_money, p.shadow_price = platform, 0.2, 50_000.0, 1.0
    p.rank_slope, p.award_slope = 1.0, 1.0
    return p, world


def test_believed_value_is_outlook_times_redesign_times_completeness():
    p, world = weighing()
    assert utility.believed_value(p, world, SLOT, OWN, 0.5, 0.9) == approx(0.8 * 0.72 * 0.9)
    assert utility.believed_value(p, world, SLOT, SHARED, 0.5, 0.9) == approx(0.6 * 0.72 * 0.9)
    assert utility.believed_value(p, world, SLOT, OFFLINE, 0.5, 0.9) == 0.0
    world.assumptions.first_step = 0.2
    good = 0.8 * 0.72 * 0.9
    assert utility.believed_value(p, world, SLOT, OWN, 0.5, 0.9) == approx(good * (0.2 + 0.8 * good)), (
        "quality brings citizens too"
    )


def test_an_option_gains_what_it_adds_to_quality():
    p, world = weighing()
    depth = 0.25 + 0.75 * 0.2  # of a redesign
    assert utility.believed_gain(p, world, OWN_AS_IS, SLOT) == approx(0.8 * 0.44)
    assert utility.believed_gain(p, world, SHARED_AS_IS, SLOT) == approx(0.6 * 0.44)
    assert utility.believed_gain(p, world, OWN_REDESIGNED, SLOT) == approx(0.8 * (0.44 + 0.56 * depth))
    p, world = weighing(OWN)
    p.completeness[SLOT], p.depth[SLOT] = 0.5, 0.1
    utility.look_at_services(p, world)
    now = 0.8 * (0.44 + 0.56 * 0.1) * 0.5
    assert utility.believed_gain(p, world, REDESIGN, SLOT) == approx(0.8 * (0.44 + 0.56 * depth) - now)
    assert utility.believed_gain(p, world, REDESIGN_ON_SHARED, SLOT) == approx(0.6 * (0.44 + 0.56 * depth) - now)
    moved = 0.6 * (0.44 + 0.56 * 0.1) * 0.5
    assert utility.believed_gain(p, world, MIGRATE, SLOT) == approx(moved - now), "a move completes nothing"
    p.depth[SLOT] = 0.9
    utility.look_at_services(p, world)
    assert utility.believed_gain(p, world, REDESIGN, SLOT) == approx(0.8 * (0.44 + 0.56 * 0.9) * 0.5), "never shallower"


def connecting(**values):
    """Payments, .9 ready, of which the province has .3 today; every service needs them by .7."""
    p, world = weighing(OWN, **values)
    world.services.needs[PAYMENTS, :] = 0.7
    world.nation.readiness[PAYMENTS], p.available[PAYMENTS], p.completeness[SLOT] = 0.9, 0.3, 0.5
    utility.look_at_services(p, world)
    return p, world


def test_a_connection_is_worth_what_it_adds_to_services_each_by_its_weight():
    p, world = connecting(foresight=0.0)
    good = 0.8 * 0.44 * 0.5
    assert utility.connection_gain(p, world, PAYMENTS, world.services.worth) == approx(1.5 * 0.4 * good * 0.7 * 0.6)
    assert utility.connection_gain(p, world, PAYMENTS, world.services.dossiers) == approx(2 * 0.4 * good * 0.7 * 0.6)
    p.platform[SLOT] = OFFLINE
    utility.look_at_services(p, world)
    assert utility.connection_gain(p, world, PAYMENTS, world.services.worth) == 0.0


def test_a_connection_counts_in_part_for_services_that_are_yet_to_come():
    p, world = connecting(foresight=0.3)
    p.platform[SLOT] = OFFLINE
    p.depth[:], p.completeness[:] = 0.9, 0.1  # of no account: they would be on an own platform, as they are, complete
    utility.look_at_services(p, world)
    to_come = 0.3 * 0.8 * 0.44
    gain = utility.connection_gain(p, world, PAYMENTS, world.services.dossiers)
    assert gain == approx(2 * 0.4 * to_come * 0.7 * 0.6)


def test_a_connection_to_identity_adds_what_its_accounts_let_it():
    p, world = connecting(accounts=0.5, foresight=0.0)
    world.services.needs[DIGITAL_ID, :] = 0.7
    world.nation.readiness[DIGITAL_ID], p.available[DIGITAL_ID] = 0.9, 0.05
    gain = utility.connection_gain(p, world, DIGITAL_ID, world.services.dossiers)
    assert gain == approx(2 * 0.4 * 0.8 * 0.44 * 0.5 * 0.7 * (0.9 * 0.5 - 0.05))


def test_access_to_the_shared_platform_has_an_appeal_of_its_own_for_every_service():
    p, world = weighing(platform_appeal=0.3)
    gain = utility.connection_gain(p, world, SHARED_PLATFORM, world.services.worth)
    assert gain == approx(N_SERVICES * 0.3 * 1.5 * 0.4)


def test_what_an_option_adds_to_each_metric():
    p, world = weighing()
    use = 2 / 8 * 0.4 * 0.3
    assert utility.metric_gain(p, world, METRIC_SUPPLY, OWN_AS_IS, SLOT, 0.3) == approx(1 / N_SERVICES)
    assert utility.metric_gain(p, world, METRIC_SUPPLY, REDESIGN, SLOT, 0.3) == 0.0
    assert utility.metric_gain(p, world, METRIC_USE, REDESIGN, SLOT, 0.3) == approx(use)
    index = 0.31 / N_SERVICES + 0.21 * use
    assert utility.metric_gain(p, world, METRIC_INDEX, OWN_AS_IS, SLOT, 0.3) == approx(index)
    learning = 0.13 * 0.05 * 0.8
    assert utility.metric_gain(p, world, METRIC_INDEX, OWN_REDESIGNED, SLOT, 0.3) == approx(index + learning)


def test_a_connection_counts_as_such_and_by_the_use_it_makes_possible():
    p, world = connecting(foresight=0.0)
    p.connection[PAYMENTS] = 0.4
    slot = N_SERVICES + PAYMENTS
    # 2 of 8 dossiers, believed by .4, of quality .8 x .44 x .5, that need payments by .7 and lack .6 of them
    use = 2 / 8 * 0.4 * 0.176 * 0.7 * 0.6
    assert utility.metric_gain(p, world, METRIC_USE, CONNECT, slot, 0.0) == approx(use)
    points = 0.19 * 0.6 / N_FOUNDATIONS + 0.21 * use
    assert utility.metric_gain(p, world, METRIC_INDEX, CONNECT, slot, 0.0) == approx(points)
    assert utility.metric_gain(p, world, METRIC_SUPPLY, CONNECT, slot, 0.0) == 0.0


def test_an_award_is_at_stake_against_a_years_money():
    p, world = weighing(awards=20.0, award_winners=0.2, provinces=10)
    assert utility.award_stake(p, world) == approx(20_000 / 2 / 50_000)
    world.policy.award_winners = 0.05
    assert utility.award_stake(p, world) == approx(20_000 / 50_000), "there is at least one winner"
    p.yearly_money = 0.0
    assert utility.award_stake(p, world) == 1.0, "no award is worth more than a year's money"
    p.yearly_money, world.policy.awards = 0.5, 0.0005
    assert utility.award_stake(p, world) == approx(0.5), "a year's money is at least a million"


def test_rank_and_awards_reward_what_their_metric_counts():
    p, world = weighing(rank_pull=10.0, award_pull=40.0)
    assert utility.reward(p, world, OWN_AS_IS, SLOT, 0.3) == 0.0, "nothing is published, nothing awarded"
    world.nation.pull, world.policy.league_metric = 0.5, METRIC_SUPPLY
    rank = 10 * 0.5 / N_SERVICES
    assert utility.reward(p, world, OWN_AS_IS, SLOT, 0.3) == approx(rank)
    world.policy.awards, world.policy.award_winners, world.policy.awards_metric = 20.0, 1.0, METRIC_USE
    assert utility.reward(p, world, OWN_AS_IS, SLOT, 0.3) == approx(rank + 40 * 0.4 * 2 / 8 * 0.4 * 0.3)
    world.nation.pull = 0.0
    assert utility.reward(p, world, OWN_AS_IS, SLOT, 0.3) == approx(40 * 0.4 * 2 / 8 * 0.4 * 0.3)
    world.policy.awards = 0.5
    assert utility.reward(p, world, OWN_AS_IS, SLOT, 0.3) == approx(40 * 0.01 * 2 / 8 * 0.4 * 0.3), "a small award"


def test_a_point_is_worth_the_rivals_it_passes():
    """An option adds 2 / 8 x .4 x .3 = .03 of use: with 5 rivals (as a part of all) a point, .15 of them are passed."""
    p, world = weighing(rank_pull=10.0, award_pull=40.0, pull=0.5, league_metric=METRIC_USE)
    p.rank_slope, p.award_slope = 5.0, 4.0
    rank = 10 * 0.5 * 0.15
    assert utility.reward(p, world, REDESIGN, SLOT, 0.3) == approx(rank)
    world.policy.awards, world.policy.award_winners, world.policy.awards_metric = 20.0, 1.0, METRIC_USE
    assert utility.reward(p, world, REDESIGN, SLOT, 0.3) == approx(rank + 40 * 0.4 * 0.12)
    p.rank_slope, p.award_slope = 99.0, 0.0
    assert utility.reward(p, world, REDESIGN, SLOT, 0.3) == approx(10 * 0.5), "nobody passes more than all"
    p.rank_slope, p.award_slope = 0.0, 99.0
    assert utility.reward(p, world, REDESIGN, SLOT, 0.3) == approx(40 * 0.4), "nor wins more than surely"


def test_a_connection_is_rewarded_where_use_is():
    p, world = connecting(rank_pull=10.0, pull=0.5, league_metric=METRIC_USE, foresight=0.0)
    use = 2 / 8 * 0.4 * 0.176 * 0.7 * 0.6
    assert utility.reward(p, world, CONNECT, N_SERVICES + PAYMENTS, 0.0) == approx(10 * 0.5 * use)


def test_matching_lowers_the_price():
    p, world = weighing()
    assert utility.price(p, world, OWN_AS_IS, 10_000.0) == approx(0.2)
    world.policy.matching_rate, world.nation.matching_factor = 0.5, 0.8
    assert utility.price(p, world, OWN_AS_IS, 10_000.0) == approx(0.2 * 0.6)
    world.policy.matching_scope = 1.0
    assert utility.price(p, world, OWN_AS_IS, 10_000.0) == approx(0.2), "only redesign is matched"
    assert utility.price(p, world, REDESIGN, 10_000.0) == approx(0.2 * 0.6)
    p.shadow_price = 0.25
    assert utility.price(p, world, REDESIGN, 10_000.0) == approx(0.2 * 0.6 * 0.25), "money that would lapse is cheap"
    p.yearly_money = 0.0
    assert utility.price(p, world, OWN_AS_IS, 5.0) == 1.25, "a year's money is at least a million"


def test_a_promised_platform_speaks_against_own_ones_while_it_is_not_there():
    p, world = weighing(patience=6.0)
    p.credence, world.nation.closeness[SHARED_PLATFORM] = 0.5, 0.4
    assert utility.platform_patience(p, world, OWN_AS_IS, SLOT) == approx(6 * 0.5 * 0.4)
    assert utility.platform_patience(p, world, SHARED_AS_IS, SLOT) == 0.0
    assert utility.platform_patience(p, world, CONNECT, FOUNDATION) == 0.0
    p.platform[SLOT] = OWN
    assert utility.platform_patience(p, world, REDESIGN, SLOT) == approx(1.2)
    world.nation.platform_stands = 1
    assert utility.platform_patience(p, world, OWN_AS_IS, SLOT) == 0.0


def moving():
    """Own running cost of a service as it is: 100 bvnd x 0.05 x 0.16 / 4 = 200 million VND a quarter."""
    return weighing(
        OWN,
        build_fixed_bvnd=100.0,
        build_cost_factor=1.0,
        as_is_cost=0.05,
        running_share=0.16,
        shared_cost=0.45,
        plan_years=5.0,
        migration_cost=0.15,
    )


def test_a_move_saves_running_costs_over_the_years_planned_for():
    p, world = moving()
    saved = 200 * 0.55 * 4 * 5 / 50_000
    assert utility.running_gain(p, world, MIGRATE, SLOT) == approx(saved)
    assert utility.running_gain(p, world, REDESIGN_ON_SHARED, SLOT) == 0.0
    p.yearly_money = 0.0
    assert utility.running_gain(p, world, MIGRATE, SLOT) == approx(2_200), "a year's money is at least a million"


def test_contracted_work_costs_its_markup():
    p, world = weighing(build_fixed_bvnd=100.0, build_cost_factor=1.0, as_is_cost=0.05, contractor_markup=0.8)
    assert utility.cost_with_contractors(p, world, OWN_AS_IS, SLOT, 1.0, 4.0) == approx(5_000 * 1.2)
    assert utility.cost_with_contractors(p, world, OWN_AS_IS, SLOT, 0.0, 4.0) == approx(5_000)


def test_terms_are_the_cost_and_the_share_of_own_work():
    p, world = weighing(
        build_fixed_bvnd=100.0, build_cost_factor=1.0, as_is_cost=0.05, contractor_markup=0.8, as_is_effort=4.0
    )
    assert utility.terms_of_project(p, world, OWN_AS_IS, SLOT, 3.0) == approx((5_000 * 1.2, 0.75))
    assert utility.terms_of_project(p, world, OWN_AS_IS, SLOT, 9.0) == approx((5_000, 1.0)), "nobody works twice"


def test_the_mandate_presses_the_less_the_fewer_services_are_missing():
    p, world = weighing(mandate_pressure=0.8)
    p.missing = 1.0
    assert utility.pressed(p, world) == approx(0.8)
    p.missing = 0.25
    assert utility.pressed(p, world) == approx(0.4), "by the root"
    p.missing = 0.0
    assert utility.pressed(p, world) == 0.0


def test_benefit_reward_and_mandate_speak_for_an_option():
    p, world = weighing(mandate_pull=14.0, mandate_pressure=0.5, pull=0.5, rank_pull=10.0, league_metric=METRIC_USE)
    gain, p.missing = 0.8 * 0.44, 0.25
    benefit, reward, mandate = utility.attractions(p, world, OWN_AS_IS, SLOT)
    assert benefit == approx(20 * 1.5 * 0.4 * gain)
    assert reward == approx(10 * 0.5 * 2 / 8 * 0.4 * gain)
    assert mandate == approx(14 * 0.5 * 0.5)
    p.platform[SLOT], p.completeness[SLOT] = OWN, 1.0
    assert utility.attractions(p, world, REDESIGN, SLOT)[2] == 0.0, "the mandate asks to be online, not to be good"


def test_a_connection_has_benefit_and_reward_but_no_mandate():
    p, world = weighing(mandate_pull=14.0, mandate_pressure=0.5, pull=0.5, rank_pull=10.0, league_metric=METRIC_INDEX)
    world.assumptions.platform_appeal, p.missing = 0.3, 1.0
    benefit, reward, mandate = utility.attractions(p, world, CONNECT, N_SERVICES + SHARED_PLATFORM)
    assert benefit == approx(20 * N_SERVICES * 0.3 * 1.5 * 0.4), "by the hours that services save"
    assert reward == approx(10 * 0.5 * (0.19 / N_FOUNDATIONS + 0.21 * 0.3 * 2 / 8 * 0.4)), "by their dossiers"
    assert mandate == 0.0


def test_redesign_is_shunned_the_more_complex_the_service_and_the_less_the_skill():
    p, world = weighing(redesign_aversion=5.0)
    assert utility.reluctance(p, world, REDESIGN, SLOT) == approx(-5 * 0.6 * 0.8)
    assert [utility.reluctance(p, world, o, SLOT) for o in (OWN_AS_IS, SHARED_AS_IS, MIGRATE, CONNECT)] == [0.0] * 4


def test_cost_effort_risk_and_patience_speak_against_an_option():
    p, world = moving()
    world.assumptions.thrift, world.assumptions.redesign_aversion, world.assumptions.risk_aversion = 8.0, 5.0, 3.0
    world.assumptions.patience, world.assumptions.redesign_effort, world.assumptions.contractor_markup = 6.0, 10.0, 0.5
    world.assumptions.base_skill, world.assumptions.failed_hard, world.assumptions.failed_easy = 0.3, 0.35, 0.02
    p.credence, world.nation.closeness[SHARED_PLATFORM], p.ready_own[SLOT] = 0.5, 0.4, 0.7
    cost, effort, risk, patience = utility.burdens(p, world, REDESIGN, SLOT, 5.5)
    # 11 people, half of them contracted: 100 bvnd x 1.25 against 50 bvnd a year
    assert cost == approx(-8 * 125_000 / 50_000)
    assert effort == approx(-5 * 0.6 * 0.8)
    easy = 1 - 0.6 * (1 - (0.3 * 0.5 + 0.7 + 0.2) / 3)
    assert risk == approx(-3 * (0.35 + (0.02 - 0.35) * easy))
    assert patience == approx(-1.2)
    cost, effort, _, patience = utility.burdens(p, world, MIGRATE, SLOT, 99.0)
    assert cost == approx(8 * (200 * 0.55 * 20 - 15_000) / 50_000), "what a move saves speaks for it"
    assert effort == 0.0
    assert patience == 0.0


@pytest.mark.parametrize(
    ("capability", "leadership", "waiting"),
    [(0.0, 0.0, 3.5), (2.0, 0.0, 2.3), (-1.0, 0.0, 4.1), (0.0, 1.0, 3.0), (0.0, -2.0, 4.5), (1.0, 1.0, 2.4)],
)
def test_the_less_capable_a_province_and_the_less_driven_its_leaders_the_greater_its_inertia(
    capability, leadership, waiting
):
    p, world = weighing(inertia=3.5, drive=0.6, leader_drive=0.5)
    p.capability, p.leadership = capability, leadership
    assert utility.inertia(p, world) == approx(waiting)
