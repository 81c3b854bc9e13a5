"""The centre, by hand: roadmap, running costs, programmes, grants, promises, the mandate and the end of the year."""

from __future__ import annotations

import math

import pytest

from dgsim.world import centre
from dgsim.world.luck import BLOWOUT, HOLD_UP, OVERRUN, normal, uniform
from dgsim.world.money import (
    APPROPRIATION,
    AUDITS,
    CENTRAL_LAPSE,
    COMMUNITY_GROUPS_PAY,
    FEEDBACK_RUNNING,
    FOUNDATION_BUILDING,
    FOUNDATION_RUNNING,
    PROGRAMME_DELIVERY,
    RECURRENT_APPROPRIATION,
    RETENTION_PAY,
    SERVICE_CENTRE_PAY,
    TRAINING_COURSES,
)
from dgsim.world.state import (
    CONNECTIVITY,
    N_FOUNDATIONS,
    N_ITEMS,
    N_SERVICES,
    NATIONAL_SERVICES,
    NO_QUARTER,
    PROCESS_REFORM,
    SERVICE_WAVE,
    SHARED_PLATFORM,
    STANDARDS,
    TRAINING,
)
from world_of_zeros import DIGITAL_ID, PAYMENTS, approx, world_of_zeros

KINDS = [DIGITAL_ID, SHARED_PLATFORM, PROCESS_REFORM, STANDARDS, NATIONAL_SERVICES]


def roadmap(kind, *, quarter=0, items=1, **values):
    """Items of 40,000 million VND in 4 quarters; each costs 100 bvnd, a fifth more than thought, in 8 at best."""
    values = {"full_cost_bvnd": 100.0, "shortest_quarters": 8.0, "hold_up_risk": 0.0, **values}
    state = world_of_zeros(provinces=2, roadmap=items, quarter=quarter, **values)
    for item in state.roadmap:
        item.kind, item.quarters, item.cost_mvnd, item.overrun, item.begun = kind, 4, 40_000.0, 1.2, NO_QUARTER
    state.world.nation.due[:], state.provinces.population = NO_QUARTER, 1.0
    return state, state.world, state.roadmap[0]


def test_before_the_first_quarter_everything_is_announced():
    state = world_of_zeros(roadmap=3, overrun_median=1.2, overrun_spread=0.0, blowout_risk=0.0, initial_readiness=0.1)
    nation = state.world.nation
    nation.dossiers = nation.central_dossiers = 0.0
    state.world.services.dossiers[:] = 0.5
    state.world.services.dossiers[N_SERVICES - 1] = 0.25
    state.world.items.initial_readiness[DIGITAL_ID] = 0.3
    for item, (kind, start, quarters) in zip(
        state.roadmap, ((DIGITAL_ID, 2, 5), (DIGITAL_ID, 3, 3), (PAYMENTS, 0, 9)), strict=True
    ):
        item.kind, item.start, item.quarters = kind, start, quarters
    centre.plan(state.world, state.roadmap)
    assert nation.due[DIGITAL_ID] == 7, "the later of two items counts"
    assert nation.due[PAYMENTS] == 9
    assert nation.due[CONNECTIVITY] == NO_QUARTER
    assert nation.readiness[DIGITAL_ID] == 0.3
    assert nation.readiness[N_ITEMS - 1] == 0.1
    assert state.roadmap.overrun.tolist() == approx([1.2] * 3)
    assert state.roadmap.begun.tolist() == [NO_QUARTER] * 3
    assert (nation.growth, nation.more_people) == (1.0, 1.0)
    assert nation.dossiers == approx(3.25)  # six provincial services with 0.5, one with 0.25
    assert nation.central_dossiers == approx(2.0)  # four of ministries


def thought(risk):
    state = world_of_zeros(roadmap=2, overrun_median=1.1, overrun_spread=0.3, blowout_size=3.0, blowout_risk=risk)
    state.roadmap.luck_id = 5, 6
    centre.plan(state.world, state.roadmap)
    return state.world, state.roadmap


def test_costs_are_lognormal_around_their_median_by_the_items_own_luck():
    world, items = thought(0.0)
    for item in items:
        assert item.overrun == approx(1.1 * math.exp(0.3 * normal(world, item.luck_id, OVERRUN, 0)))


def test_the_cost_of_some_items_blows_out_by_a_luck_apart():
    assert thought(1.0)[1].overrun.tolist() == [3.0, 3.0]
    world, items = thought(0.0)
    low, high = sorted(items, key=lambda item: uniform(world, item.luck_id, BLOWOUT, 0))
    between = uniform(world, high.luck_id, BLOWOUT, 0)
    blown = {item.luck_id: item.overrun for item in thought(between)[1]}
    assert blown[low.luck_id] == 3.0
    assert blown[high.luck_id] == high.overrun, "luck just at the risk is not below it"


def test_of_a_thousand_items_one_in_six_costs_three_times_its_plan_and_the_median_costs_its_plan():
    """Of 2,000, 340 blow out, within four standard deviations of 16.8; half of the others lie below the plan."""
    state = world_of_zeros(roadmap=2_000, overrun_median=1.0, overrun_spread=0.25, blowout_risk=0.17, blowout_size=3.0)
    overruns = []
    for number, item in enumerate(state.roadmap):
        item.luck_id = number
        overruns.append(centre.overrun(state.world, item))
    usual = [overrun for overrun in overruns if overrun != 3.0]
    assert abs(len(overruns) - len(usual) - 340) < 67
    assert abs(sum(overrun < 1.0 for overrun in usual) / len(usual) - 0.5) < 0.05
    assert abs(sum(overrun < math.exp(-0.25) for overrun in usual) / len(usual) - 0.159) < 0.036, "a spread of 0.25"


def test_an_item_waits_for_all_that_stand_before_it():
    state, _, item = roadmap(DIGITAL_ID, items=3)
    assert centre.prerequisites_met(state.roadmap, item)
    item.after[1], item.after[2] = 1, 1
    assert not centre.prerequisites_met(state.roadmap, item)
    state.roadmap[1].done = 1
    assert not centre.prerequisites_met(state.roadmap, item)
    state.roadmap[2].done = 1
    assert centre.prerequisites_met(state.roadmap, item)


def test_an_item_takes_no_more_than_it_can_build_or_needs():
    _, world, item = roadmap(DIGITAL_ID)
    assert centre.absorbed(world, item) == approx(15_000)  # 100 bvnd x 1.2 / 8 quarters
    world.nation.readiness[DIGITAL_ID] = 0.95
    assert centre.missing(world, item) == centre.absorbed(world, item) == approx(6_000)  # 120,000 x 0.05
    for kind in (TRAINING, SERVICE_WAVE):
        item.kind, world.nation.readiness[kind] = kind, 0.95
        assert centre.absorbed(world, item) == approx(15_000), "courses and waves are never whole"


@pytest.mark.parametrize("kind", KINDS)
def test_money_arrives_by_plan_and_becomes_readiness(kind):
    _, world, item = roadmap(kind, quarter=5)
    centre.spend_on(world, item)
    line = FOUNDATION_BUILDING + kind if kind < N_FOUNDATIONS else PROGRAMME_DELIVERY + kind
    assert item.begun == 5
    assert item.received_mvnd == item.spent_mvnd == 10_000
    assert world.nation.books[line] == world.nation.books[APPROPRIATION] == 10_000
    assert world.nation.readiness[kind] == approx(10 / 120)
    assert world.nation.cash_mvnd == 0


@pytest.mark.parametrize(
    ("kind", "overrun", "quarters"),
    [
        (DIGITAL_ID, 0.5, 4),  # what costs less than thought is planned as it was
        (DIGITAL_ID, 1.0, 4),
        (DIGITAL_ID, 1.2, 5),  # 4.8, begun quarters count
        (DIGITAL_ID, 3.0, 12),
        (PROCESS_REFORM, 3.0, 12),
        (TRAINING, 3.0, 4),
        (SERVICE_WAVE, 3.0, 4),
    ],
)
def test_an_item_gets_its_money_at_the_planned_pace_for_as_long_as_it_takes(kind, overrun, quarters):
    _, world, item = roadmap(kind, shortest_quarters=30.0, hold_up_risk=1.0)
    item.overrun = overrun
    assert centre.funded_quarters(item) == quarters
    received = []
    for quarter in range(2, 16):
        world.nation.quarter = quarter
        centre.spend_on(world, item)
        received.append(item.received_mvnd)
    assert received == [10_000 * min(number, quarters) for number in range(1, 15)]
    assert item.begun == 2


def test_what_cannot_be_built_in_a_quarter_is_built_later():
    _, world, item = roadmap(DIGITAL_ID, shortest_quarters=16.0)
    for quarter in range(6):
        world.nation.quarter = quarter
        centre.spend_on(world, item)
        assert item.spent_mvnd == 7_500 * (quarter + 1)
    assert item.received_mvnd == 50_000  # 40,000 in four quarters, and a fifth more
    item.gone_mvnd = 4_000.0
    centre.spend_on(world, item)
    assert item.spent_mvnd == 45_000 + 1_000, "what lapsed cannot be spent"


def test_readiness_is_never_more_than_whole():
    _, world, item = roadmap(DIGITAL_ID)
    world.nation.readiness[DIGITAL_ID] = 0.99999
    world.nation.cash_mvnd, item.received_mvnd, item.overrun = 10, 10.0, 1.2
    centre.spend_on(world, item)
    assert world.nation.readiness[DIGITAL_ID] <= 1.0
    assert item.spent_mvnd == 1


def test_an_item_that_is_held_up_gets_money_and_does_no_work():
    _, world, item = roadmap(DIGITAL_ID)
    luck = uniform(world, item.luck_id, HOLD_UP, 0)
    world.assumptions.hold_up_risk = luck * 1.001
    centre.spend_on(world, item)
    assert (item.received_mvnd, item.spent_mvnd) == (10_000, 0.0)
    world.assumptions.hold_up_risk = luck
    centre.spend_on(world, item)
    assert item.spent_mvnd > 0.0


def test_training_pays_for_courses_and_a_wave_is_handed_on():
    _, world, item = roadmap(TRAINING)
    world.nation.courses = 5.0
    centre.spend_on(world, item)
    assert world.nation.books[TRAINING_COURSES] == 10_000
    assert world.nation.courses == 10_005
    assert world.nation.readiness[TRAINING] == 0.0
    _, world, item = roadmap(SERVICE_WAVE)
    world.nation.wave = 5.0
    centre.spend_on(world, item)
    assert world.nation.wave == 10_005
    assert item.spent_mvnd == 10_000
    assert world.nation.cash_mvnd == 10_000, "a wave is paid to the provinces in the next act"
    assert world.nation.readiness[SERVICE_WAVE] == 0.0


def test_an_item_is_finished_when_its_money_is_spent_or_it_stands():
    _, world, item = roadmap(DIGITAL_ID, quarter=8)
    item.received_mvnd, item.spent_mvnd = 50_000.0, 50_000.0
    assert not centre.finished(world, item), "it has not begun"
    item.begun = 4
    assert centre.finished(world, item)
    item.begun = 5
    assert not centre.finished(world, item), "more money is to come: of five quarters this is the fourth"
    world.nation.readiness[DIGITAL_ID] = 1.0
    assert centre.finished(world, item)
    for kind in (TRAINING, SERVICE_WAVE):
        item.kind, item.begun, world.nation.readiness[kind] = kind, 6, 1.0
        assert not centre.finished(world, item), "courses and waves are never whole"
    item.begun, item.spent_mvnd = 5, 49_996.0
    assert not centre.finished(world, item)
    item.gone_mvnd = 0.5
    assert centre.finished(world, item), "less than a million a quarter is rounding"


def test_an_item_is_whole_when_less_is_missing_than_can_be_paid():
    """Of 120,000 million VND, 0.9 million are missing: no payment in whole millions would change it."""
    _, world, item = roadmap(DIGITAL_ID)
    item.begun, item.received_mvnd = 0, 30_000.0
    for left, whole in ((0.9, True), (1.1, False)):
        world.nation.readiness[DIGITAL_ID] = 1.0 - left / 120_000
        assert centre.finished(world, item) == whole
    world.assumptions.money_unit = 10.0
    assert centre.finished(world, item)


def test_what_is_built_for_less_than_planned_makes_way_at_once():
    """Of 40,000 in four quarters it takes 28,501.5: the third pays 8,501, and what waits begins in the fourth."""
    state, world, first = roadmap(DIGITAL_ID, items=2, shortest_quarters=1.0, full_cost_bvnd=28.5015)
    second = state.roadmap[1]
    first.overrun, second.kind, second.after[0] = 1.0, PAYMENTS, 1
    done = []
    for quarter in range(4):
        world.nation.quarter = quarter
        centre.spend(world, state.provinces, state.roadmap)
        done.append(first.done)
    assert done == [0, 0, 1, 1]
    assert (first.received_mvnd, first.spent_mvnd, second.begun) == (30_000, 28_501, 3)


def test_the_centre_spends_in_the_order_of_its_roadmap():
    state, world, first = roadmap(DIGITAL_ID, items=3, quarter=2)
    second, third = state.roadmap[1], state.roadmap[2]
    first.quarters, first.cost_mvnd, first.overrun = 1, 10_000.0, 1.0
    second.after[0] = 1
    third.start = 3
    world.nation.wave, world.nation.courses = 9.0, 9.0
    centre.spend(world, state.provinces, state.roadmap)
    assert (first.done, first.spent_mvnd) == (1, 10_000)
    assert second.received_mvnd == 0.0, "what waits begins in the quarter after"
    assert third.received_mvnd == 0.0, "its time has not come"
    assert world.nation.wave == world.nation.courses == 0.0
    world.nation.quarter = 3
    centre.spend(world, state.provinces, state.roadmap)
    assert second.received_mvnd == third.received_mvnd == 10_000
    assert first.received_mvnd == 10_000, "what is done gets nothing more"


def test_expenditure_and_people_grow_by_the_year():
    state, world, _ = roadmap(DIGITAL_ID, quarter=6, expenditure_growth=0.03, population_growth=0.01)
    centre.spend(world, state.provinces, state.roadmap)
    assert world.nation.growth == approx(1.03**1.5)
    assert world.nation.more_people == approx(1.01**1.5)


def activated(readiness, before, innovation=0.01):
    _, world, _ = roadmap(
        DIGITAL_ID, account_innovation=innovation, account_imitation=0.6, standing=0.6, accounts=before
    )
    world.nation.readiness[DIGITAL_ID] = readiness
    centre.spread_accounts(world)
    return world.nation.accounts


def test_accounts_spread_by_themselves_and_as_others_have_one_once_digital_identity_stands():
    assert activated(0.6, 0.0) == approx(0.01)
    assert activated(0.6, 0.5) == approx(0.5 + (0.01 + 0.6 * 0.5) * 0.5)
    assert activated(0.6, 1.0) == activated(0.6, 0.5, innovation=2.0) == 1.0, "no more than all have one"
    assert activated(0.59, 0.5) == 0.5, "nobody activates what does not stand, and nobody loses it"


def test_nine_adults_in_ten_have_an_account_within_twelve_quarters():
    """1.4 million in November 2022, 62 of 69 million in April 2025: ten quarters after the first."""
    _, world, _ = roadmap(DIGITAL_ID, account_innovation=0.01, account_imitation=0.6, standing=0.6)
    world.nation.readiness[DIGITAL_ID] = 1.0
    for _ in range(12):
        centre.spread_accounts(world)
        assert 0.0 < world.nation.accounts < 1.0
    assert world.nation.accounts > 0.9


def test_accounts_spread_every_quarter_with_what_was_built_in_it():
    state, world, _ = roadmap(DIGITAL_ID, account_innovation=0.02, account_imitation=0.0, standing=0.6)
    world.nation.readiness[DIGITAL_ID] = 0.55  # and 10 of 120 bvnd more
    centre.spend(world, state.provinces, state.roadmap)
    assert world.nation.accounts == approx(0.02)


def test_foundations_and_audits_run_on_recurrent_money():
    _, world, _ = roadmap(DIGITAL_ID, foundation_running_share=0.06, audit_share=0.1, audit_cost=2.0)
    world.nation.readiness[PAYMENTS], world.nation.readiness[TRAINING] = 0.5, 0.7
    centre.run_foundations(world)
    assert world.nation.books[FOUNDATION_RUNNING + PAYMENTS] == 750  # 0.06 x 0.5 x 100 bvnd / 4
    assert world.nation.books[AUDITS] == 100  # 0.1 of 2 provinces x 2 bvnd / 4
    assert world.nation.books[RECURRENT_APPROPRIATION] == 850
    assert world.nation.cash_mvnd == 0


def test_systems_of_ministries_cost_something_to_run_too():
    _, world, _ = roadmap(DIGITAL_ID, foundation_running_share=0.06)
    world.nation.readiness[NATIONAL_SERVICES] = 0.5
    centre.run_foundations(world)
    assert world.nation.books[FOUNDATION_RUNNING + NATIONAL_SERVICES] == 750  # 0.06 x 0.5 x 100 bvnd / 4
    assert world.nation.books[RECURRENT_APPROPRIATION] == 750


def programmes(specialists=(30.0, 10.0), cash=0, **values):
    """Two provinces, of 2 million people, with 50 and 30 posts."""
    state = world_of_zeros(
        provinces=2, groups_cost=4.0, feedback_cost=2.0, pooled_pay=18.0, shortage=99.0, supplement=99.0, **values
    )
    state.provinces.population, state.provinces.posts, state.provinces.specialists = (
        (1.5, 0.5),
        (50.0, 30.0),
        specialists,
    )
    state.world.nation.cash_mvnd = cash
    centre.count_heads(state.world, state.provinces)
    centre.pay_programmes(state.world)
    return state.world.nation


def test_staff_posts_and_shortage_are_added_up():
    nation = programmes()
    assert (nation.posts, nation.staff_before, nation.mean_specialists) == (80.0, 40.0, 20.0)
    assert nation.shortage == 10.0, "only what is below the mean is lacking"


def test_groups_and_feedback_cover_as_many_as_they_are_paid_for():
    nation = programmes(community_groups=4.0, feedback=1.0)
    assert nation.groups_coverage == approx(0.5)  # 4 bvnd a year for 2 million people at 4 a million
    assert nation.feedback_coverage == approx(0.25)  # 1 bvnd a year for 2 million people at 2 a million
    assert nation.books[COMMUNITY_GROUPS_PAY] == 1_000
    assert nation.books[FEEDBACK_RUNNING] == 250
    assert nation.books[APPROPRIATION] == 1_250
    nation = programmes(community_groups=40.0, feedback=40.0)
    assert nation.groups_coverage == nation.feedback_coverage == 1.0


def test_the_service_centre_employs_what_it_can_pay():
    nation = programmes(service_centre=5.4)
    assert nation.pooled == approx(25)  # 1,350 million a quarter / (18 x 3 months)
    assert nation.books[SERVICE_CENTRE_PAY] == 1_350
    nation = programmes(cash=9_000, service_centre=5.4)
    assert nation.books[SERVICE_CENTRE_PAY] == 1_350, "a quarter of its budget, whatever else is in hand"


def test_the_retention_supplement_is_paid_within_its_budget():
    nation = programmes(retention_supplement=5.0, retention_budget=10.0)
    assert nation.books[RETENTION_PAY] == 600  # 5 million x 3 months x 40 specialists
    assert nation.supplement == approx(5.0)
    nation = programmes(retention_supplement=5.0, retention_budget=1.2)
    assert nation.books[RETENTION_PAY] == 300
    assert nation.supplement == approx(2.5)
    assert nation.books[APPROPRIATION] == 300
    assert programmes(cash=9_000, retention_supplement=5.0, retention_budget=1.2).books[RETENTION_PAY] == 300
    assert programmes((0.0, 0.0), retention_supplement=5.0, retention_budget=1.2).supplement == 0.0
    assert programmes((0.5, 0.0), retention_supplement=8.0, retention_budget=1.2).supplement == approx(8.0)


def allotting(claims=(1_000.0, 3_000.0), **values):
    state = world_of_zeros(provinces=2, matching_rate=0.5, matching_factor=9.0, **values)
    state.provinces.claim = claims
    centre.allot_grants(state.world, state.provinces)
    return state.world.nation


def test_grants_are_appropriated_quarter_by_quarter():
    nation = allotting(lump_sum=1.0, equalisation=2.0, awards=3.0, matching_budget=4.0)
    assert nation.books[APPROPRIATION] == nation.cash_mvnd == 2_500


def test_matching_covers_claims_as_far_as_its_money_goes():
    nation = allotting(matching_budget=4.0)
    assert nation.matching_factor == approx(0.5)  # 1,000 million for claims of 2,000
    assert nation.matching_left == approx(0.0)
    nation = allotting(matching_budget=4.0, matching_left=3_000.0)
    assert nation.matching_factor == 1.0
    assert nation.matching_left == approx(2_000)
    assert allotting((0.0, 0.0), matching_budget=4.0).matching_factor == 1.0, "who claims next is covered"
    assert allotting((0.0, 0.0)).matching_factor == 0.0, "without money nothing is matched"
    assert allotting((0.4, 0.0), matching_left=0.5).matching_factor == 1.0
    assert allotting((1.0, 0.0), matching_left=0.25).matching_factor == approx(0.5), "however little is claimed"


def promised(due, quarter, readiness=0.0, f=SHARED_PLATFORM):
    _, world, _ = roadmap(DIGITAL_ID, quarter=quarter, standing=0.6, patience_quarters=10.0)
    world.nation.due[f], world.nation.readiness[f] = due, readiness
    world.nation.overdue = world.nation.arrived = 9.0
    world.nation.closeness[:] = 9.0
    centre.look_at_promises(world)
    return world.nation


def test_a_promise_is_overdue_from_the_quarter_it_was_due():
    assert [promised(6, quarter).overdue for quarter in (5, 6, 7)] == [0.0, 1.0, 1.0]
    assert promised(NO_QUARTER, 7).overdue == 0.0


def test_a_foundation_that_stands_arrives_once():
    nation = promised(6, 3, readiness=0.6)
    assert (nation.arrived, nation.overdue, nation.due[SHARED_PLATFORM]) == (1.0, 0.0, NO_QUARTER)
    assert nation.platform_stands == 1
    assert promised(6, 3, readiness=0.59).platform_stands == 0
    assert promised(6, 3, readiness=0.59).arrived == 0.0
    assert promised(6, 3, readiness=0.9, f=PAYMENTS).platform_stands == 0


def test_a_promise_is_the_closer_the_sooner_it_is_due():
    assert promised(6, 1).closeness[SHARED_PLATFORM] == approx(math.exp(-0.5))
    assert promised(6, 6).closeness[SHARED_PLATFORM] == promised(6, 9).closeness[SHARED_PLATFORM] == 1.0
    assert promised(6, 1).closeness[PAYMENTS] == 0.0, "nothing is announced of it"
    assert promised(6, 1, readiness=0.7).closeness[SHARED_PLATFORM] == 0.0, "what stands is no promise"
    assert promised(0, 0).closeness[SHARED_PLATFORM] == 1.0


def pressed(deadline, quarter):
    _, world, _ = roadmap(DIGITAL_ID, quarter=quarter, mandate_strength=0.8, mandate_quarters=1.5, mandate_fading=0.3)
    world.policy.mandate_deadline, world.nation.mandate_pressure = deadline, 9.0
    centre.apply_mandate(world)
    return world.nation.mandate_pressure


def test_a_mandate_presses_as_its_deadline_nears_fully_when_it_has_come_and_less_after_it():
    assert pressed(6, 3) == approx(0.8 * math.exp(-2))
    assert pressed(6, 6) == approx(0.8)
    assert pressed(6, 5) == approx(0.8 * math.exp(-2 / 3))
    assert [pressed(6, quarter) for quarter in (7, 8)] == approx([0.8 * 0.7, 0.8 * 0.49])
    assert pressed(NO_QUARTER, 3) == 0.0
    assert pressed(0, 0) == approx(0.8), "a deadline in the first quarter is a deadline"


def test_pressure_and_promises_are_looked_at_every_quarter():
    state, world, _ = roadmap(DIGITAL_ID, quarter=6, mandate_strength=0.8)
    world.policy.mandate_deadline, world.nation.due[PAYMENTS] = 6, 5
    centre.spend(world, state.provinces, state.roadmap)
    assert world.nation.mandate_pressure == approx(0.8)
    assert world.nation.overdue == 1.0


def test_standards_are_one_item_of_the_roadmap():
    _, world, _ = roadmap(DIGITAL_ID)
    world.nation.readiness[STANDARDS] = 0.3
    assert centre.standards(world) == 0.3


@pytest.mark.parametrize("quarter", range(8))
def test_programme_money_lapses_when_books_close(quarter):
    state, world, item = roadmap(DIGITAL_ID, items=2, quarter=quarter)
    world.nation.cash_mvnd, world.nation.matching_left = 500, 40.0
    item.begun, item.received_mvnd, item.spent_mvnd, item.overrun = 0, 40_000.0, 30_000.0, 1.0
    state.roadmap[1].received_mvnd = 50.0
    centre.close_programmes(world, state.roadmap)
    closes = quarter in (3, 7)
    assert world.nation.books[CENTRAL_LAPSE] == (500 if closes else 0)
    assert world.nation.cash_mvnd == (0 if closes else 500)
    assert world.nation.matching_left == (0.0 if closes else 40.0)
    assert item.gone_mvnd == (10_000 if closes else 0.0)
    assert item.done == closes, "with its money gone an item is done"
    assert state.roadmap[1].done == 0, "what has not begun is not done"
