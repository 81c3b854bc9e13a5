"""Projects, by hand: what they cost and take, how they slip, and how they end."""

from __future__ import annotations

import pytest

from dgsim.world import projects
from dgsim.world.luck import DELIVERY, FUNDS_LATE, uniform
from dgsim.world.money import (
    CONTRACTOR_PREMIUM,
    FOUNDATION_CONNECTION,
    PROCUREMENT_LEAKAGE,
    SERVICE_BUILDING,
    SERVICE_MIGRATION,
    SERVICE_REDESIGN,
)
from dgsim.world.state import (
    CONNECT,
    FAILED,
    FULL,
    MIGRATE,
    N_SERVICES,
    OFFLINE,
    OPTIONS,
    OWN,
    OWN_AS_IS,
    OWN_REDESIGNED,
    PARTIAL,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED,
    SHARED_AS_IS,
    SHARED_REDESIGNED,
    STANDARDS,
    WAIT,
)
from world_of_zeros import DIGITAL_ID, approx, province_and_world

SLOT = 2  # a service
FOUNDATION = N_SERVICES + DIGITAL_ID


def test_what_each_option_does():
    p, _ = province_and_world()
    p.platform[SLOT] = OWN
    assert [projects.redesigns(o) for o in range(WAIT)] == [False, True, False, True, True, True, False, False]
    assert [projects.puts_online(o) for o in range(WAIT)] == [True] * 4 + [False] * 4
    after = {option: projects.platform_after(p, option, SLOT) for option in range(CONNECT)}
    assert [after[option] for option in (OWN_AS_IS, OWN_REDESIGNED, REDESIGN)] == [OWN] * 3
    assert [after[option] for option in (SHARED_AS_IS, SHARED_REDESIGNED, REDESIGN_ON_SHARED, MIGRATE)] == [SHARED] * 4
    p.platform[SLOT] = SHARED
    assert projects.platform_after(p, REDESIGN, SLOT) == SHARED, "a redesign stays where it is"
    assert len(OPTIONS) == 9, "a new option wants its place in this file"


def project(option, *, platform=OFFLINE, slot=SLOT, quarter=0, **values):
    """Building costs 100,000 million VND; complexity 0.6; a project in hand of 3 people, 1 of them contracted."""
    defaults = {
        "build_fixed_bvnd": 100.0,
        "build_cost_factor": 1.0,
        "connect_fixed_bvnd": 3.0,
        "connect_per_million_bvnd": 1.5,
        "shared_cost": 0.45,
        "as_is_cost": 0.05,
        "migration_cost": 0.15,
        "standards_saving": 0.5,
        "complexity": 0.6,
        "contractor_markup": 0.5,
        "leakage": 0.1,
        "slip_cost": 0.04,
        "most_slips": 6.0,
        "redesign_base": 0.5,
        "partial_connection": 0.5,
        "ease_by_skill": 1.0,
        "ease_by_foundations": 1.0,
        "ease_by_reform": 1.0,
        "quarter": quarter,
    }
    p, world = province_and_world(**{**defaults, **values})
    p.scale = 1.0
    p.population, p.cash_mvnd, p.platform[slot if slot < N_SERVICES else 0] = 2.0, 10**7, platform
    p.project[slot] = option + 1
    p.project_left[slot], p.project_owed[slot] = 4, 12_000.0
    p.project_effort[slot], p.project_contracted[slot] = 2.0, 1.0
    return p, world


@pytest.mark.parametrize(
    ("option", "cost"),
    [
        (OWN_AS_IS, 5_000),
        (OWN_REDESIGNED, 100_000),
        (SHARED_AS_IS, 5_000 * 0.45),
        (SHARED_REDESIGNED, 45_000),
        (REDESIGN, 100_000),
        (REDESIGN_ON_SHARED, 45_000),
        (MIGRATE, 15_000 * (1 - 0.5 * 0.4)),
    ],
)
def test_cost_of_each_option(option, cost):
    p, world = project(option, platform=OWN)
    world.nation.readiness[STANDARDS] = 0.4
    assert projects.project_cost(p, world, option, SLOT) == approx(cost)


def test_connecting_costs_a_fixed_part_and_a_part_by_people():
    p, world = project(CONNECT, slot=FOUNDATION, build_cost_factor=9.0, connection_cost_factor=1.5)
    assert projects.project_cost(p, world, CONNECT, FOUNDATION) == approx(9_000)  # (3 + 1.5 x 2) bvnd x 1.5


def test_time_and_people_each_option_takes():
    p, world = project(
        WAIT,
        redesign_quarters=5.0,
        connection_quarters=2.0,
        redesign_effort=16.0,
        as_is_effort=3.0,
        connection_effort=4.0,
    )
    quarters = [projects.project_quarters(world, option, SLOT) for option in range(CONNECT)]
    effort = [projects.project_effort(p, world, option, SLOT) for option in range(CONNECT)]
    assert quarters == [1, 6, 1, 6, 6, 6, 2]  # 5 x (0.5 + 0.6) is five and a half, and a quarter begun is one
    assert effort == approx([3.0, 17.6, 3.0, 17.6, 17.6, 17.6, 4.0])  # 16 x (0.5 + 0.6)
    assert projects.project_quarters(world, CONNECT, FOUNDATION) == 2
    assert projects.project_effort(p, world, CONNECT, FOUNDATION) == 4.0


def test_a_redesign_takes_more_people_in_a_larger_province_and_is_harder_there():
    p, world = project(
        WAIT, platform=OWN, redesign_effort=16.0, effort_by_size=0.5, difficulty_by_size=0.5, base_skill=0.0
    )
    p.scale = 4.0
    projects.weigh_size(p, world)
    assert projects.project_effort(p, world, REDESIGN, SLOT) == approx(2 * 17.6)  # 4 ** 0.5
    assert projects.project_effort(p, world, MIGRATE, SLOT) == world.assumptions.connection_effort
    assert projects.ease(p, world, REDESIGN, SLOT, 1.0) == approx(0.0)  # 0.6 x 2 is more than all there is
    p.scale = 0.25
    projects.weigh_size(p, world)
    assert projects.ease(p, world, REDESIGN, SLOT, 1.0) == approx(1 - 0.3)  # 0.6 / 2, and nothing that helps
    assert projects.ease(p, world, OWN_AS_IS, SLOT, 1.0) == approx(1 - 0.6 * world.assumptions.as_is_difficulty)


@pytest.mark.parametrize(("complexity", "quarters"), [(0.2, 5), (0.49, 7), (0.5, 7), (0.51, 8), (0.9, 10)])
def test_a_redesign_of_middling_complexity_takes_the_quarters_its_parameter_says(complexity, quarters):
    """7 x (0.5 + complexity), rounded up: 4.9, 6.93, 7, 7.07 and 9.8."""
    _, world = project(WAIT, redesign_quarters=7.0, redesign_base=0.5, complexity=complexity)
    assert projects.project_quarters(world, REDESIGN, SLOT) == quarters


def test_ease_is_complexity_against_skill_foundations_and_reform():
    p, world = project(WAIT, platform=OWN, base_skill=0.2, as_is_difficulty=0.5, connection_difficulty=0.4)
    p.reform, p.ready_own[SLOT], p.ready_shared[SLOT], world.nation.readiness[DIGITAL_ID] = 0.3, 0.5, 0.9, 0.8
    hard = (0.2 * 0.5 + 0.5 + 0.3) / 3
    assert projects.ease(p, world, OWN_REDESIGNED, SLOT, 0.5) == approx(1 - 0.6 * (1 - hard))
    assert projects.ease(p, world, OWN_AS_IS, SLOT, 0.5) == approx(1 - 0.3 * (1 - hard))
    shared = (0.2 * 0.5 + 0.9 + 0.3) / 3
    assert projects.ease(p, world, MIGRATE, SLOT, 0.5) == approx(1 - 0.3 * (1 - shared))
    connecting = (0.2 * 0.5 + 0.8 + 0.3) / 3
    assert projects.ease(p, world, CONNECT, FOUNDATION, 0.5) == approx(1 - 0.4 * (1 - connecting))
    k = world.assumptions
    k.ease_by_skill, k.ease_by_foundations, k.ease_by_reform = 2.0, 1.5, 0.5
    weighted = (2 * 0.2 * 0.5 + 1.5 * 0.5 + 0.5 * 0.3) / 4
    assert projects.ease(p, world, OWN_REDESIGNED, SLOT, 0.5) == approx(1 - 0.6 * (1 - weighted))


@pytest.mark.parametrize(("easy", "full", "failed"), [(0.0, 0.15, 0.35), (0.4, 0.45, 0.218), (1.0, 0.9, 0.02)])
def test_chances_lie_between_those_of_hard_and_easy(easy, full, failed):
    _, world = project(WAIT, full_hard=0.15, full_easy=0.9, failed_hard=0.35, failed_easy=0.02)
    assert projects.chance_full(world, easy) == approx(full)
    assert projects.chance_failed(world, easy) == approx(failed)


@pytest.mark.parametrize(
    ("chance", "ratio", "then"),
    [
        (0.2, 2.0, 1 / 3),  # odds of 1 to 4 become 1 to 2
        (0.2, 1.0, 0.2),
        (0.5, 6.0, 6 / 7),
        (0.0, 6.0, 0.0),
        (1.0, 6.0, 1.0),
    ],
)
def test_odds_are_multiplied(chance, ratio, then):
    assert projects.with_odds(chance, ratio) == approx(then)


@pytest.mark.parametrize("quarter", range(8))
def test_what_is_started_as_an_annual_budget_closes_is_rushed(quarter):
    for budget_rule, rushed in ((0.0, quarter in (3, 7)), (1.0, False)):
        p, world = project(WAIT, quarter=quarter, budget_rule=budget_rule)
        p.project_rushed[SLOT] = 1 - rushed
        projects.start_project(p, world, OWN_AS_IS, SLOT, 5.0, 2.0, 700.0)
        assert p.project_rushed[SLOT] == rushed
        p.shadow_price = 1.0  # nothing would lapse
        projects.start_project(p, world, OWN_AS_IS, SLOT, 5.0, 2.0, 700.0)
        assert p.project_rushed[SLOT] == 0


def test_a_rushed_project_fails_with_other_odds():
    """Nothing helps: a fifth fail, odds of 1 to 4; at twice the odds a third."""
    p, world = project(
        OWN_AS_IS, complexity=1.0, as_is_difficulty=1.0, base_skill=0.0, failed_hard=0.2, rush_failure=2.0
    )
    for rushed, chance in ((0, 0.2), (1, 1 / 3)):
        fails = 0
        for luck_id in range(2_000):
            p.luck_id, p.project_rushed[SLOT] = luck_id, rushed
            luck = uniform(world, luck_id, DELIVERY, SLOT)
            assert (projects.outcome(p, world, SLOT) == FAILED) == (luck < chance)
            fails += luck < chance
        assert abs(fails / 2_000 - chance) < 0.043, "four standard deviations"


def test_a_project_is_taken_in_hand():
    p, world = project(WAIT, redesign_quarters=5.0)
    p.project_slips[SLOT], p.project_multi_year[SLOT] = 3, 1
    projects.start_project(p, world, REDESIGN, SLOT, 5.0, 2.0, 700.0)
    assert p.project[SLOT] == REDESIGN + 1
    assert p.project_left[SLOT] == 6
    assert (p.project_owed[SLOT], p.project_effort[SLOT], p.project_contracted[SLOT]) == (700.0, 5.0, 2.0)
    assert (p.project_slips[SLOT], p.project_multi_year[SLOT]) == (0, 0)


def test_matching_pays_for_all_or_for_redesign_only():
    everything, redesign = (project(WAIT, matching_scope=scope)[1] for scope in (0.0, 1.0))
    assert all(projects.counts_for_matching(everything, option) for option in range(WAIT))
    assert [option for option in range(WAIT) if projects.counts_for_matching(redesign, option)] == [1, 3, 4, 5]


def test_each_option_is_booked_on_its_line():
    lines = [projects.line_of(option, SLOT) for option in range(CONNECT)]
    assert lines == [SERVICE_BUILDING + SLOT] * 4 + [SERVICE_REDESIGN + SLOT] * 2 + [SERVICE_MIGRATION + SLOT]
    assert projects.line_of(CONNECT, FOUNDATION) == FOUNDATION_CONNECTION + DIGITAL_ID


def test_an_instalment_is_paid_and_the_time_runs():
    p, world = project(OWN_AS_IS, quarter=1)
    projects.work_on(p, world, SLOT)
    assert p.project_owed[SLOT] == approx(9_000)
    assert p.project_left[SLOT] == 3
    assert p.cash_mvnd == approx(10**7 - 3_000, abs=3)  # three amounts, each in whole millions
    assert p.project_slips[SLOT] == 0


def test_an_instalment_is_split_into_leakage_premium_and_work():
    """A third is contracted at a markup of 0.5: the premium is 1/6 in 7/6; a tenth of the rest leaks."""
    p, world = project(OWN_AS_IS)
    projects.pay_instalment(p, world, SLOT, 7_000.0)
    premium, work = p.books[CONTRACTOR_PREMIUM + SLOT], p.books[SERVICE_BUILDING + SLOT]
    assert premium == approx(1_000, abs=1)
    assert p.books[PROCUREMENT_LEAKAGE + SLOT] == approx(600, abs=1)
    assert work == approx(5_400, abs=1)
    paid = 10**7 - p.cash_mvnd
    assert p.claim == p.own_cost[SLOT] == p.year_used == paid
    assert paid == approx(7_000, abs=3)


def test_what_is_built_on_the_shared_platform_is_no_own_cost_and_may_not_be_matched():
    p, world = project(SHARED_AS_IS, matching_scope=1.0)
    projects.pay_instalment(p, world, SLOT, 7_000.0)
    assert p.own_cost[SLOT] == 0
    assert p.claim == 0.0
    p, world = project(CONNECT, slot=FOUNDATION)
    projects.pay_instalment(p, world, FOUNDATION, 7_000.0)
    assert p.own_cost.sum() == 0
    assert p.claim > 0.0


@pytest.mark.parametrize(
    ("option", "platform", "stands", "excess"),
    [
        (OWN_AS_IS, OFFLINE, 1, 3_850),  # 0.55 of 7,000
        (OWN_AS_IS, OFFLINE, 0, 0),
        (OWN_REDESIGNED, OFFLINE, 1, 3_850),
        (REDESIGN, OWN, 1, 3_850),
        (REDESIGN, SHARED, 1, 0),
        (SHARED_AS_IS, OFFLINE, 1, 0),
        (REDESIGN_ON_SHARED, OWN, 1, 0),
        (MIGRATE, OWN, 1, 0),
    ],
)
def test_what_an_own_platform_costs_beyond_the_shared_one_is_excess_once_that_stands(option, platform, stands, excess):
    p, world = project(option, platform=platform)
    world.nation.platform_stands = stands
    projects.pay_instalment(p, world, SLOT, 7_000.0)
    assert p.excess_mvnd == approx(excess, abs=2)


def test_connecting_is_no_excess():
    p, world = project(CONNECT, slot=FOUNDATION)
    world.nation.platform_stands = 1
    projects.pay_instalment(p, world, FOUNDATION, 7_000.0)
    assert p.excess_mvnd == 0.0


def test_a_project_without_people_pays_no_premium():
    p, world = project(OWN_AS_IS)
    p.project_effort[SLOT] = p.project_contracted[SLOT] = 0.0
    projects.pay_instalment(p, world, SLOT, 1_000.0)
    assert p.books[CONTRACTOR_PREMIUM + SLOT] == 0
    assert p.books[SERVICE_BUILDING + SLOT] == 900


def test_a_project_slips_without_cash_and_gets_dearer():
    p, world = project(OWN_AS_IS)
    p.cash_mvnd = 2_999
    projects.work_on(p, world, SLOT)
    assert p.project_slips[SLOT] == 1
    assert p.project_left[SLOT] == 4
    assert p.project_owed[SLOT] == approx(12_000 * 1.04)
    assert p.cash_mvnd == 2_999
    p, world = project(OWN_AS_IS)
    p.cash_mvnd, p.undrawn = 0, 50_000.0
    projects.work_on(p, world, SLOT)
    assert p.project_left[SLOT] == 3, "own money is drawn for an instalment"
    p, world = project(OWN_AS_IS)
    p.cash_mvnd = 3_000
    projects.work_on(p, world, SLOT)
    assert p.project_left[SLOT] == 3, "cash that just covers it is enough"


@pytest.mark.parametrize("quarter", range(8))
def test_a_project_is_multi_year_iff_it_goes_on_after_the_fourth_quarter(quarter):
    p, world = project(OWN_AS_IS, quarter=quarter)
    projects.work_on(p, world, SLOT)
    assert p.project_multi_year[SLOT] == (quarter in (3, 7)), f"begun in quarter {quarter % 4 + 1}"
    p, world = project(OWN_AS_IS, quarter=quarter)
    p.project_left[SLOT] = 1
    projects.work_on(p, world, SLOT)
    assert p.project_multi_year[SLOT] == 0, "what ends with the year does not go over it"
    p, world = project(OWN_AS_IS, quarter=quarter)
    p.project_left[SLOT] = 2
    projects.work_on(p, world, SLOT)
    assert p.project_multi_year[SLOT] == (quarter in (3, 7)), "a single quarter in the next year is enough"


@pytest.mark.parametrize("quarter", range(8))
def test_only_when_the_year_turns_may_money_of_a_multi_year_project_be_late(quarter):
    p, world = project(OWN_AS_IS, quarter=quarter, funds_late=1.0)
    p.project_multi_year[SLOT] = 1
    projects.work_on(p, world, SLOT)
    assert p.project_slips[SLOT] == (quarter in (0, 4))
    assert p.project_left[SLOT] == (4 if quarter in (0, 4) else 3)
    p, world = project(OWN_AS_IS, quarter=quarter, funds_late=1.0)
    projects.work_on(p, world, SLOT)
    assert p.project_slips[SLOT] == 0, "a project of this year has its money"


def test_money_is_late_by_chance_and_never_under_a_medium_term_budget():
    p, world = project(OWN_AS_IS)
    luck = uniform(world, p.luck_id, FUNDS_LATE, SLOT)
    world.assumptions.funds_late = luck * 1.001
    assert projects.funds_late(p, world, SLOT)
    world.assumptions.funds_late = luck
    assert not projects.funds_late(p, world, SLOT)
    world.assumptions.funds_late, world.policy.budget_rule = 1.0, 1.0
    assert not projects.funds_late(p, world, SLOT)


def test_a_project_that_slips_too_often_is_given_up():
    p, world = project(OWN_AS_IS, most_slips=2.0)
    for slips in (1, 2):
        projects.slip(p, world, SLOT)
        assert p.project_slips[SLOT] == slips
        assert p.failed == 0
    projects.slip(p, world, SLOT)
    assert p.failed == 1
    assert p.project[SLOT] == 0


def ended(luck_to_fail, luck_to_succeed):
    p, world = project(OWN_AS_IS, complexity=0.0)
    luck = uniform(world, p.luck_id, DELIVERY, SLOT)
    world.assumptions.failed_easy, world.assumptions.full_easy = luck * luck_to_fail, 1 - luck * luck_to_succeed
    return projects.outcome(p, world, SLOT)


def test_a_project_fails_succeeds_in_part_or_in_full_by_its_luck():
    assert ended(1.001, 0.999) == FAILED, "failure is looked at first"
    assert ended(0.999, 0.999) == FULL
    assert ended(0.999, 1.001) == PARTIAL
    assert ended(1.0, 1.001) == PARTIAL, "luck just at the chance is not below it"


def test_own_people_make_a_project_easier_than_contracted_ones():
    p, world = project(OWN_AS_IS, base_skill=1.0, complexity=1.0, as_is_difficulty=1.0)
    luck = uniform(world, p.luck_id, DELIVERY, SLOT)
    ease = 2 / 3 / 3  # two of three are own people, skill 1, nothing else helps
    world.assumptions.failed_easy, world.assumptions.full_hard, world.assumptions.full_easy = 0.0, 0.0, 0.0
    for chance, result in ((luck * 1.001, FAILED), (luck * 0.999, PARTIAL)):
        world.assumptions.failed_hard = chance / (1 - ease)
        assert projects.outcome(p, world, SLOT) == result
    p.project_effort[SLOT], p.project_contracted[SLOT] = 0.2, 0.1
    world.assumptions.failed_hard = luck * 0.999 / (1 - ease)
    assert projects.outcome(p, world, SLOT) == PARTIAL, "few people are people"
    p.project_effort[SLOT] = p.project_contracted[SLOT] = 0.0
    world.assumptions.failed_hard = luck * 1.001
    assert projects.outcome(p, world, SLOT) == FAILED, "without people nothing is easy"
    world.assumptions.failed_hard = luck * 0.999
    assert projects.outcome(p, world, SLOT) == PARTIAL, "and no harder than hard"


@pytest.mark.parametrize("option", range(CONNECT))
def test_a_project_ends_by_how_easy_what_it_does_is(option):
    """What is put online or moved as it is cannot go wrong here, a redesign cannot but fail."""
    p, world = project(option, complexity=1.0, as_is_difficulty=0.0, failed_hard=1.0, full_easy=1.0)
    harder = option in (OWN_REDESIGNED, SHARED_REDESIGNED, REDESIGN, REDESIGN_ON_SHARED)
    assert projects.outcome(p, world, SLOT) == (FAILED if harder else FULL)


def test_a_project_that_ends_frees_its_people_and_is_counted():
    for result, counts in ((FULL, (1, 1, 0)), (PARTIAL, (1, 1, 0)), (FAILED, (0, 0, 1))):
        p, world = project(OWN_AS_IS)
        p.project_multi_year[SLOT] = 1
        projects.conclude(p, world, SLOT, result)
        assert (p.finished, p.finished_multi_year, p.failed) == counts
        assert (p.project[SLOT], p.project_left[SLOT], p.project_owed[SLOT]) == (0, 0, 0.0)
        assert (p.project_effort[SLOT], p.project_contracted[SLOT]) == (0.0, 0.0)
        assert p.platform[SLOT] == (OFFLINE if result == FAILED else OWN)


@pytest.mark.parametrize(("result", "connection"), [(FULL, 1.0), (PARTIAL, 0.7), (FAILED, 0.4)])
def test_a_connection_is_made_half_made_or_not(result, connection):
    p, world = project(CONNECT, slot=FOUNDATION)
    p.connection[DIGITAL_ID], p.lesson[:] = 0.4, 0.5
    projects.conclude(p, world, FOUNDATION, result)
    assert p.connection[DIGITAL_ID] == approx(connection)
    assert p.connection.sum() == approx(connection), "no other foundation is touched"
    assert p.lesson.tolist() == [0.5] * N_SERVICES, "a failed connection is nobody's lesson"


def test_a_failure_is_seen_by_peers():
    p, world = project(OWN_AS_IS, failure_visible=0.6)
    p.lesson[SLOT], p.lesson_weight[SLOT] = 0.5, 0.3
    projects.conclude(p, world, SLOT, FAILED)
    assert p.lesson[SLOT] == approx(0.2)
    assert p.lesson_weight[SLOT] == approx(0.3 + 0.6 * 0.7)


def live(option, result, platform=OFFLINE, **fields):
    p, world = project(option, platform=platform, partial_completeness=0.6, reform_learning=0.05, least_depth=0.25)
    p.reform, p.own_cost[SLOT], p.upkeep[SLOT], p.completeness[SLOT] = 0.4, 900, 0.5, 0.3
    for name, value in fields.items():
        getattr(p, name)[SLOT] = value
    projects.go_live(p, world, option, SLOT, result)
    return p


def test_a_service_goes_online_as_it_is():
    p = live(OWN_AS_IS, FULL)
    assert (p.platform[SLOT], p.completeness[SLOT], p.upkeep[SLOT]) == (OWN, 1.0, 1.0)
    assert (p.redesigned[SLOT], p.depth[SLOT], p.reform) == (0, 0.0, 0.4)
    assert live(SHARED_AS_IS, PARTIAL).completeness[SLOT] == 0.6
    assert live(SHARED_AS_IS, PARTIAL).platform[SLOT] == SHARED


def test_a_redesign_deepens_and_teaches():
    p = live(REDESIGN, PARTIAL, platform=OWN)
    assert p.redesigned[SLOT] == 1
    assert p.depth[SLOT] == approx(0.25 + 0.75 * 0.4)
    assert p.reform == approx(0.4 + 0.05 * 0.6)
    assert (p.completeness[SLOT], p.upkeep[SLOT]) == (0.6, 0.5), "repair is not part of a redesign"
    assert live(REDESIGN, FULL, platform=OWN, depth=0.9).depth[SLOT] == 0.9, "depth is never lost"


def test_moving_replaces_an_own_platform_and_changes_nothing_else():
    p = live(MIGRATE, PARTIAL, platform=OWN)
    assert p.platform[SLOT] == SHARED
    assert (p.duplication_mvnd, p.own_cost[SLOT]) == (900, 0)
    assert (p.completeness[SLOT], p.upkeep[SLOT], p.reform) == (0.3, 0.5, 0.4)
    p = live(REDESIGN, FULL, platform=SHARED)
    assert (p.duplication_mvnd, p.own_cost[SLOT]) == (0, 900), "nothing is replaced"
    p = live(OWN_AS_IS, FULL, platform=OWN)
    assert p.duplication_mvnd == 0


def test_what_is_not_online_is_missing_as_soon_as_projects_are_delivered():
    p, world = project(OWN_AS_IS, complexity=0.0, full_easy=1.0, failed_easy=0.0, quarter=1)
    p.project_left[SLOT], p.platform[4], p.missing = 1, SHARED, 9.0
    assert projects.share_online(p) == approx(1 / 7)
    projects.deliver(p, world)
    assert p.missing == approx(5 / 7)
    p.platform[:] = OWN
    projects.deliver(p, world)
    assert p.missing == 0.0


def test_projects_in_hand_are_worked_on_and_end_when_their_time_is_over():
    p, world = project(OWN_AS_IS, complexity=0.0, full_easy=1.0, failed_easy=0.0, dependence_speed=0.1, quarter=1)
    p.project[0], p.project_left[0], p.project_owed[0], p.project_effort[0] = OWN_AS_IS + 1, 1, 10.0, 5.0
    p.dependence = 0.5
    projects.deliver(p, world)
    assert (p.project_left[SLOT], p.platform[SLOT]) == (3, OFFLINE)
    assert (p.project[0], p.platform[0], p.finished) == (0, OWN, 1)
    assert p.contractors == 1.0
    assert p.dependence == approx(0.5 + 0.1 * (1 / 3 - 0.5)), "those of a project that ended are free"


def test_small_projects_make_dependent_too():
    p, world = project(OWN_AS_IS, dependence_speed=0.1, quarter=1)
    p.project_effort[SLOT], p.project_contracted[SLOT] = 0.3, 0.1
    projects.deliver(p, world)
    assert p.dependence == approx(0.1 * 0.25)
    projects.pay_instalment(p, world, SLOT, 7_000.0)
    assert p.books[CONTRACTOR_PREMIUM + SLOT] > 700, "a quarter is contracted"


def test_without_projects_dependence_fades():
    p, world = province_and_world(dependence_speed=0.1)
    p.dependence, p.contractors = 0.5, 9.0
    projects.deliver(p, world)
    assert p.contractors == 0.0
    assert p.dependence == approx(0.45)


def test_a_project_given_up_in_its_last_quarter_ends_once():
    p, world = project(OWN_AS_IS, most_slips=0.0)
    p.cash_mvnd = 0
    projects.deliver(p, world)
    assert (p.failed, p.finished, p.contractors) == (1, 0, 0.0)
