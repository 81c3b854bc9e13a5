"""Staff, by hand: posts, leavers, movers, hiring, courses and what is free for projects."""

from __future__ import annotations

import pytest

from dgsim.world import staff
from dgsim.world.luck import LEAVING, uniform
from dgsim.world.state import OWN, SHARED
from world_of_zeros import approx, province_and_world, world_of_zeros


def test_posts_follow_people_on_top_of_a_base():
    p, world = province_and_world(least_posts=25.0, headcount=40.0)
    p.population = 1.5
    assert staff.posts(p, world) == 85.0
    p.population = 0.0
    assert staff.posts(p, world) == 25.0


def leaving(income=1.0, supplement=0.0, elasticity=2.0):
    """Private pay 40 of which 0.6 does not follow income, public 10; leaving is usual at a gap of 4."""
    p, world = province_and_world(
        private_pay=40.0,
        private_floor=0.6,
        public_pay=10.0,
        usual_pay_gap=4.0,
        leaving_rate=0.08,
        pay_elasticity=elasticity,
        leaving_luck=0.5,
        supplement=supplement,
    )
    p.income = income
    return staff.leaving_rate(p, world) / (0.5 + uniform(world, p.luck_id, LEAVING, 0))


def test_specialists_leave_at_the_usual_rate_at_the_usual_gap():
    assert leaving() == approx(0.08 / 4)  # a year's rate, in a quarter


def test_leaving_rises_with_the_pay_gap():
    assert leaving(income=2.0) == approx(0.02 * 1.4**2)  # 40 x (0.6 + 0.4 x 2) = 56 against 10
    assert leaving(income=0.0) == approx(0.02 * 0.6**2)
    assert leaving(supplement=10.0) == approx(0.02 * 0.5**2), "public pay doubles, the gap halves"
    assert leaving(income=2.0, elasticity=0.0) == approx(0.02), "without elasticity pay does not matter"


def test_luck_takes_leaving_as_far_down_as_up():
    p, world = province_and_world(leaving_rate=0.08, private_pay=20.0, public_pay=10.0, usual_pay_gap=2.0)
    p.income = 1.0
    rates = []
    for luck_id in range(500):
        p.luck_id, world.assumptions.leaving_luck = luck_id, 0.5
        rates.append(staff.leaving_rate(p, world))
        world.assumptions.leaving_luck = 0.0
        assert staff.leaving_rate(p, world) == approx(0.02)
    assert 0.01 < min(rates) < 0.0105
    assert 0.0295 < max(rates) < 0.03
    assert sum(rates) / 500 == approx(0.02, abs=0.001)


def test_a_supplement_of_five_keeps_seven_in_ten_of_those_who_would_leave():
    """20 million against 9 is a gap of 2.22, against 14 of 1.43: (9 / 14) ** 2.5 = 0.331 of them still leave."""
    p, world = province_and_world(private_pay=20.0, public_pay=9.0, usual_pay_gap=2.2, pay_elasticity=2.5)
    p.income = 1.0
    usual = staff.leaving_rate(p, world)
    world.nation.supplement = 5.0
    assert staff.leaving_rate(p, world) / usual == approx(0.331, abs=0.001)


@pytest.mark.parametrize(
    ("income", "supplement", "rate"),
    [(0.4, 0.0, 0.01125), (1.6, 0.0, 0.0), (2.0, 0.0, 0.0), (0.4, 5.0, 0.0075)],
)
def test_the_poorer_a_province_the_more_move_away(income, supplement, rate):
    """0.06 a year / 4 x (1.6 - income) / 1.6, and by 10 / (10 + 5) less under a supplement."""
    p, world = province_and_world(moving_rate=0.06, rich_income=1.6, public_pay=10.0, supplement=supplement)
    p.income = income
    assert staff.moving_rate(p, world) == approx(rate)


def losing(specialists=100.0, trained=40.0, premium=1.5, **values):
    p, world = province_and_world(certificate_premium=premium, least_posts=7.0, **values)
    p.income = 0.8
    p.specialists, p.trained = specialists, trained
    private, moving = staff.leaving_rate(p, world), staff.moving_rate(p, world)
    p.trained_to_private, p.trained_to_provinces = 1.0, 2.0
    staff.lose_staff(p, world)
    return p, private, moving


def test_every_leaver_is_accounted_for():
    p, private, moving = losing(leaving_rate=0.4, moving_rate=0.4)
    assert 0.0 < 1.5 * (private + moving) < 1.0
    assert p.trained_movers == approx(40 * 1.5 * moving)
    assert p.trained_to_private == approx(1 + 40 * 1.5 * private)
    assert p.trained_to_provinces == approx(2 + p.trained_movers)
    assert p.movers == approx(60 * moving + 40 * 1.5 * moving)
    assert p.left == approx(60 * (private + moving) + 40 * 1.5 * (private + moving))
    assert p.trained == approx(40 - 40 * 1.5 * (private + moving))
    assert p.specialists == approx(100 - p.left)
    assert p.posts == 7.0, "posts follow the rule in force"


def test_no_more_leave_than_there_are():
    p, private, moving = losing(leaving_rate=40.0, moving_rate=40.0)
    assert min(private, moving) > 1.0
    assert p.left == 100.0
    assert p.specialists == p.trained == 0.0
    assert p.movers == approx(60 + p.trained_movers)
    assert p.trained_movers == approx(40 * moving / (private + moving))


def test_vacancies_of_richer_provinces_draw_movers():
    p, world = province_and_world(open_door=0.05)
    p.posts, p.specialists, p.income = 100.0, 80.0, 1.4
    assert staff.pull_of_posts(p, world) == approx((20 + 5) * 0.4)
    p.specialists = 120.0
    assert staff.pull_of_posts(p, world) == approx(5 * 0.4), "a door is open even where all posts are filled"
    p.income = 0.9
    assert staff.pull_of_posts(p, world) == 0.0, "nobody moves to a poorer province"


def test_movers_and_pulls_are_added_up():
    state = world_of_zeros(provinces=2, open_door=0.1, movers=99.0, trained_movers=99.0, pull_of_posts=99.0)
    state.world.assumptions.public_pay, state.world.nation.supplement = 10.0, 5.0
    state.world.assumptions.hiring_elasticity = 2.0
    for p, movers, trained, income in zip(state.provinces, (3.0, 4.0), (1.0, 2.0), (1.5, 2.0), strict=True):
        p.movers, p.trained_movers, p.posts, p.specialists, p.income = movers, trained, 100.0, 90.0, income
    staff.meet_movers(state.world, state.provinces)
    assert state.world.nation.movers == 7.0
    assert state.world.nation.trained_movers == 3.0
    assert state.world.nation.pull_of_posts == approx(20 * 0.5 + 20 * 1.0)
    assert state.world.nation.pull_of_pay == approx(1.5**2)


def gaining(posts=100.0, specialists=60.0, trained=20.0, **values):
    values = {"posts": 1_000.0, "hiring_rate": 0.1, "hiring_elasticity": 2.0, **values}
    p, world = province_and_world(public_pay=10.0, open_door=0.05, **values)
    p.posts, p.specialists, p.trained, p.labour_market, p.income = posts, specialists, trained, 1.0, 1.4
    world.nation.pull_of_pay = staff.pull_of_pay(world)
    staff.gain_staff(p, world)
    return p


def test_vacancies_are_filled_as_the_labour_market_and_pay_allow():
    assert gaining().specialists == approx(60 + 40 * 0.1)
    assert gaining(supplement=5.0).specialists == approx(60 + 40 * 0.1 * 1.5**2)
    assert gaining(specialists=120.0).specialists == 120.0, "nobody is hired where no post is vacant"
    assert gaining(hiring_rate=7.0).specialists == approx(100), "no more are hired than there are vacancies"
    p, world = province_and_world(
        usual_trained_labour=0.2, labour_market_gradient=0.5, hiring_rate=0.1, posts=1_000.0, pull_of_pay=1.0
    )
    p.posts, p.trained_labour = 100.0, 0.05
    p.labour_market = staff.labour_market(p, world)
    staff.gain_staff(p, world)
    assert p.specialists == approx(100 * 0.1 * 0.5), "a quarter of the usual labour force halves hiring"


def test_half_of_the_vacancies_are_filled_in_three_quarters_at_a_fifth_a_quarter():
    """0.8 ** 3 = 0.512 are left: time to hire is quarters, not years."""
    p, world = province_and_world(hiring_rate=0.2, posts=1_000.0, pull_of_pay=1.0)
    p.posts, p.specialists, p.labour_market = 100.0, 0.0, 1.0
    for _ in range(3):
        staff.gain_staff(p, world)
    assert p.specialists == approx(48.8)


def test_movers_arrive_in_proportion_to_the_pull_of_a_province():
    p = gaining(posts=100.0, specialists=60.0, hiring_rate=0.0, movers=30.0, trained_movers=12.0, pull_of_posts=36.0)
    assert p.specialists == approx(60 + 30 / 2)  # (40 + 5) x 0.4 = 18 of 36
    assert p.trained == approx(20 + 12 / 2)
    assert p.trained_arrived == approx(6)
    p = gaining(posts=1.0, specialists=1.0, trained=0.0, hiring_rate=0.0, movers=3.0, pull_of_posts=0.04)
    assert p.specialists == approx(1 + 3 / 2), "a small pull is a pull: 0.05 x 0.4 of 0.04"


def test_pooled_staff_goes_where_staff_is_below_the_mean():
    p = gaining(hiring_rate=0.0, mean_specialists=80.0, shortage=50.0, pooled=10.0)
    assert p.pooled == approx(10 * 20 / 50)
    assert gaining(hiring_rate=0.0, mean_specialists=80.0, shortage=5.0, pooled=10.0).pooled == 10.0
    assert gaining(hiring_rate=0.0, mean_specialists=50.0, shortage=5.0, pooled=10.0).pooled == 0.0
    assert gaining(hiring_rate=0.0, mean_specialists=80.0, shortage=0.0, pooled=10.0).pooled == 0.0
    assert gaining(hiring_rate=0.0, mean_specialists=60.25, shortage=0.5, pooled=10.0).pooled == approx(5)


def training(courses, posts=100.0, specialists=60.0, trained=20.0):
    """250 million VND a certificate; a tenth of all posts; half of the trainees come from other posts."""
    p, world = province_and_world(training_cost=250.0, converted_share=0.5, posts=1_000.0, courses=courses)
    p.posts, p.specialists, p.trained, p.trained_made = posts, specialists, trained, 3.0
    staff.train(p, world)
    return p


def test_courses_certify_specialists_and_make_new_ones():
    p = training(25_000.0)  # 100 certificates, 10 of them here
    assert p.specialists == approx(65)
    assert p.trained == approx(30)
    assert p.trained_made == approx(13)


def test_courses_make_no_more_specialists_than_there_are_posts_nor_certify_anyone_twice():
    p = training(25_000.0, specialists=98.0)
    assert p.specialists == approx(100), "two posts were vacant"
    assert p.trained == approx(20 + 2 + 8)
    p = training(25_000.0, specialists=130.0, trained=127.0)
    assert p.specialists == 130.0
    assert p.trained == approx(130)
    assert p.trained_made == approx(6)


@pytest.mark.parametrize(
    ("specialists", "trained", "skill"), [(50.0, 25.0, 0.65), (50.0, 50.0, 1.0), (0.5, 0.25, 0.65), (0.0, 0.0, 0.3)]
)
def test_skill_is_the_trained_share_on_top_of_a_base(specialists, trained, skill):
    p, world = province_and_world(base_skill=0.3)
    p.specialists, p.trained = specialists, trained
    assert staff.skill(p, world) == approx(skill)


def test_capacity_is_staff_less_upkeep_and_projects_in_hand():
    p, world = province_and_world(project_share=0.4, trained_productivity=1.5, keeping_own=1.0, keeping_shared=0.3)
    p.specialists, p.trained, p.pooled = 80.0, 20.0, 10.0
    p.platform[:3] = OWN, SHARED, SHARED
    p.project_effort[:2] = 7.0, 4.0
    assert staff.capacity(p, world) == approx(0.4 * (80 + 0.5 * 20 + 10) - 1.0 - 2 * 0.3 - 11)
    p.project_effort[0] = 100.0
    assert staff.capacity(p, world) == 0.0, "capacity is never negative"
