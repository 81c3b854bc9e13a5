"""Choosing, by hand: what is open, what money and people allow, and who starts what in which order."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dgsim.world import choice, choice_fast
from dgsim.world.luck import CHOOSING, draw_fours, gumbel, uniform
from dgsim.world.state import (
    CONNECT,
    CONNECTIVITY,
    MIGRATE,
    N_PROJECTS,
    N_SERVICES,
    OFFLINE,
    OPTIONS,
    OWN,
    OWN_AS_IS,
    OWN_REDESIGNED,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED,
    SHARED_AS_IS,
    SHARED_PLATFORM,
    SHARED_REDESIGNED,
    WAIT,
)
from dgsim.world.utility import reluctance, running_gain
from world_of_zeros import DIGITAL_ID, approx, province_and_world, slow_when_plain, world_of_zeros

SLOT = 3  # a service
FOUNDATION = N_SERVICES + DIGITAL_ID


def open_on(slot=SLOT, *, platform=OFFLINE, usable=False, redesigned=0, completeness=1.0, **values):
    p, world = province_and_world(good_enough=0.9, connectable=0.25, standing=0.6, **values)
    world.nation.platform_stands = 1
    p.connection[SHARED_PLATFORM] = 0.6 if usable else 0.5
    if slot < N_SERVICES:
        p.platform[slot], p.redesigned[slot], p.completeness[slot] = platform, redesigned, completeness
    first, behind = choice.open_options(p, world, slot)
    return list(range(first, behind))


def test_a_service_can_go_online_on_an_own_platform_or_on_the_shared_one_where_it_is_usable():
    assert open_on() == [OWN_AS_IS, OWN_REDESIGNED]
    assert open_on(usable=True) == [OWN_AS_IS, OWN_REDESIGNED, SHARED_AS_IS, SHARED_REDESIGNED]


def test_a_service_online_can_be_redesigned_and_an_own_one_moved():
    assert open_on(platform=OWN) == [REDESIGN]
    assert open_on(platform=OWN, usable=True) == [REDESIGN, REDESIGN_ON_SHARED, MIGRATE]
    assert open_on(platform=SHARED, usable=True) == [REDESIGN]


def test_a_service_that_was_redesigned_well_enough_can_only_be_moved():
    assert open_on(platform=OWN, redesigned=1) == []
    assert open_on(platform=OWN, redesigned=1, usable=True) == [MIGRATE]
    assert open_on(platform=SHARED, redesigned=1, usable=True) == []
    assert open_on(platform=SHARED, redesigned=1, completeness=0.9) == []
    assert open_on(platform=SHARED, redesigned=1, completeness=0.89) == [REDESIGN], (
        "what is incomplete is taken up again"
    )


def test_nothing_is_open_where_a_project_is_in_hand():
    p, world = province_and_world()
    assert choice.open_options(p, world, SLOT) != choice.NOTHING
    p.project[SLOT] = 1
    assert choice.open_options(p, world, SLOT) == choice.NOTHING


def test_a_province_connects_to_what_is_far_enough_and_not_connected_yet():
    p, world = province_and_world(connectable=0.25)
    world.nation.readiness[:] = 0.25
    assert choice.connectable(p, world, DIGITAL_ID)
    assert not choice.connectable(p, world, CONNECTIVITY), "access is not a project"
    assert choice.open_options(p, world, FOUNDATION) == (CONNECT, WAIT)
    assert choice.open_options(p, world, N_SERVICES + CONNECTIVITY) == choice.NOTHING
    p.connection[DIGITAL_ID] = world.assumptions.connected
    assert not choice.connectable(p, world, DIGITAL_ID), "what just counts as connected is"
    p.connection[DIGITAL_ID], world.nation.readiness[DIGITAL_ID] = 0.9, 0.24
    assert not choice.connectable(p, world, DIGITAL_ID)


def test_money_is_counted_on_to_the_years_end_or_as_far_as_a_plan_goes():
    def ahead(rule, quarters):
        seen = []
        for quarter in quarters:
            _, world = province_and_world(budget_rule=rule, plan_years=5.0, longest_view=8.0, quarter=quarter)
            seen.append(choice.quarters_of_money(world))
        return seen

    assert ahead(0.0, range(6)) == [3, 2, 1, 0, 3, 2]
    assert ahead(1.0, (0, 3, 4, 14, 15, 16, 22, 23, 24)) == [3, 0, 8, 8, 8, 7, 1, 0, 8]


def test_spare_money_is_cash_and_what_is_in_sight_less_what_is_owed():
    p, world = province_and_world(quarter=1)
    p.cash_mvnd, p.undrawn, p.yearly_money, p.running_cost = 1_000, 300.0, 4_000.0, 600.0
    p.project_owed[:2] = 50.0, 70.0
    assert choice.spare_money(p, world) == approx(1_000 + 300 + (1_000 - 600) * 2 - 120)
    p.running_cost = 5_000.0
    assert choice.spare_money(p, world) == approx(1_000 + 300 - 120), "steady money is never negative"


def test_contractors_do_what_own_people_cannot_as_far_as_allowed():
    p, world = province_and_world(contractors_allowed=0.7)
    assert choice.contracted_part(p, world, 10.0, 12.0) == 0.0
    assert choice.contracted_part(p, world, 10.0, 4.0) == 6.0
    assert choice.contracted_part(p, world, 10.0, 3.0) == 7.0
    assert choice.contracted_part(p, world, 10.0, 2.9) < 0.0, "more than seven in ten would be needed"


def test_what_noise_cannot_lift_above_waiting_is_not_looked_at_further():
    """Passing over an option must never lose one that its noise would lift."""
    _, world = province_and_world(noise=1.3)
    kept = 0
    for luck in (1e-9, 0.01, 0.3, 0.5, 0.9, 0.99, 0.999999):
        for known in np.linspace(-20.0, 20.0, 161):
            above = known + 1.3 * gumbel(luck) > 2.0
            reached = choice_fast.in_reach(world, known, luck, 2.0)
            assert reached or not above, f"an option of utility {known} with luck {luck} is lost"
            kept += reached and not above
    assert 0 < kept < 161 * 7 / 5, "the bound is not so wide that it saves nothing"


def choosing(quarter=1, choices=0, usable=False, **values):
    """A province with money and people for all it wants; every service is worth something, nothing else counts."""
    defaults = {
        "care": 9.0,
        "worth": 1.0,
        "as_is_effort": 1.0,
        "redesign_effort": 1.0,
        "connection_effort": 1.0,
        "contractors_allowed": 1.0,
        "build_fixed_bvnd": 0.001,
        "connectable": 0.25,
        "most_starts": 3.0,
        "noise": 1.0,
        "inertia": 0.0,
    }
    state = world_of_zeros(choices=choices, quarter=quarter, **{**defaults, **values})
    p, world = state.provinces[0], state.world
    p.belief[:], p.connection[CONNECTIVITY], p.specialists, p.cash_mvnd = 0.5, 1.0, 1_000.0, 10**9
    p.yearly_money, world.nation.readiness[:] = 1e9, 1.0
    if usable:
        world.nation.platform_stands, p.connection[SHARED_PLATFORM] = 1, 1.0
    return state, p, world


def weighing(choices=0):
    """A province for which every part of a utility counts: rank, mandate, cost, effort, risk, a promised platform."""
    state, p, world = choosing(choices=choices, pull=0.5, rank_pull=10.0, mandate_pressure=0.3, complexity=0.4)
    p.yearly_money, p.credence, p.platform[0], p.completeness[0] = 0.5, 0.6, OWN, 1.0
    p.shadow_price, p.missing, p.rank_slope, world.services.dossiers[:N_SERVICES] = 0.8, 0.5, 2.0, 0.1
    world.nation.closeness[SHARED_PLATFORM] = 0.4
    choice.look_at_foundations(p, world)
    return state, p, world


@pytest.mark.parametrize(("option", "slot"), [(OWN_AS_IS, 1), (OWN_REDESIGNED, 1), (REDESIGN, 0), (MIGRATE, 0)])
def test_what_is_known_of_an_option_is_the_sum_of_its_parts(option, slot):
    _, p, world = weighing()
    attractions, burdens = choice.attractions(p, world, option, slot), choice.burdens(p, world, option, slot, 3.0)
    assert choice.known_utility(p, world, option, slot, 3.0) == approx(sum(attractions) + sum(burdens))
    if option == OWN_REDESIGNED:
        assert all(attractions)
        assert all(burdens), "each part counts"


@pytest.mark.parametrize(("option", "slot"), [(OWN_AS_IS, 1), (OWN_REDESIGNED, 1), (REDESIGN, 0), (MIGRATE, 0)])
def test_what_can_be_hoped_for_leaves_out_price_risk_and_patience(option, slot):
    _, p, world = weighing()
    attractions = choice.attractions(p, world, option, slot)
    saved = world.assumptions.thrift * running_gain(p, world, option, slot)
    hoped = choice_fast.hoped_for(p, world, option, slot, 3.0)
    assert hoped == approx(sum(attractions) + saved + reluctance(p, world, option, slot))
    assert hoped >= choice.known_utility(p, world, option, slot, 3.0)
    assert (saved > 0.0) == (option == MIGRATE)


@pytest.mark.parametrize(("t", "least"), [(1.0, 1 + 1 + 1 / 2 + 0.16666), (2.0, 1 + 2 + 2 + 8 * 0.16666), (0.0, 1.0)])
def test_an_option_is_in_reach_by_the_exponential_series(t, least):
    _, world = province_and_world(noise=1.0)
    luck = 1 - 1 / least
    assert choice_fast.in_reach(world, 5.0 - t, luck + 1e-9, 5.0)
    if luck > 0.0:
        assert not choice_fast.in_reach(world, 5.0 - t, luck - 1e-9, 5.0)


@pytest.mark.parametrize("lucky", range(4))
def test_any_of_four_options_is_in_reach_by_its_own_luck(lucky):
    _, world = province_and_world(noise=1.0)
    known = tuple(0.0 if option == lucky else -99.0 for option in range(4))
    for luck, reached in ((0.99, True), (0.01, False)):
        world.open.luck[:, SLOT] = np.where(np.arange(4) == lucky, luck, 1.0 - luck)
        assert choice_fast.any_in_reach(world, known, SLOT, 3.0) == reached


def pressed_for_time(choose, quarter, carry_over):
    """Services started by a province with money for all, each worth a little and priced at a whole year's money."""
    values = {"care": 9.0, "as_is_cost": 1.0, "build_fixed_bvnd": 1.0, "build_cost_factor": 1.0}
    plain = {"noise": 1e-6, "risk_aversion": 0.0, "thrift": 8.0, "most_starts": 30.0}
    state, p, world = choosing(quarter=quarter, carry_over=carry_over, **values, **plain)
    p.yearly_money = 1_000.0
    choose(p, world, state.choices)
    return (p.project[:N_SERVICES] > 0).sum()


@pytest.mark.parametrize("choose", [choice.choose, choice_fast.choose], ids=["plain", "fast"])
def test_what_money_is_worth_is_looked_at_before_every_choice(choose):
    """Where a year closes and all would lapse, a price is none; three quarters before, it is three quarters."""
    assert pressed_for_time(choose, 3, 0.0) == N_SERVICES
    assert pressed_for_time(choose, 0, 0.0) == 0, "there is time to spend it better"
    assert pressed_for_time(choose, 3, 1.0) == 0, "nothing lapses"


@pytest.mark.parametrize("shadow_price", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("option", "slot"), [(OWN_AS_IS, 1), (OWN_REDESIGNED, 1), (REDESIGN, 0), (MIGRATE, 0)])
def test_what_can_be_hoped_for_is_never_less_than_what_is_known(option, slot, shadow_price):
    """Else the fast twin would pass over an option that the plain one takes."""
    _, p, world = weighing()
    p.shadow_price = shadow_price
    world.policy.matching_rate, world.nation.matching_factor = 1.0, 1.0
    assert choice_fast.hoped_for(p, world, option, slot, 3.0) >= choice.known_utility(p, world, option, slot, 3.0)


def weighed_by_hand(p, world):
    """Every open option, as (utility, option, slot): what is known of it and its own Gumbel number."""
    free = choice.capacity(p, world)
    luck = np.empty((4, N_PROJECTS))
    draw_fours(world, p.luck_id, CHOOSING, luck)
    options = []
    for slot in range(N_PROJECTS):
        for option in range(*choice.open_options(p, world, slot)):
            parts = (*choice.attractions(p, world, option, slot), *choice.burdens(p, world, option, slot, free))
            noise = world.assumptions.noise * gumbel(luck[option % 4, slot])
            options.append((sum(parts) + noise, option, slot))
    return sorted(options, reverse=True)


@pytest.mark.parametrize("usable", [False, True])
@pytest.mark.parametrize("platform", [OFFLINE, OWN, SHARED])
@pytest.mark.parametrize("province", range(4))
@pytest.mark.parametrize("choose", [choice.choose, choice_fast.choose], ids=["plain", "fast"])
def test_a_province_starts_the_best_options_one_on_a_slot_until_waiting_is_better(choose, province, platform, usable):
    state, p, world = choosing(usable=usable, inertia=2.0)
    p.luck_id, p.platform[:], p.completeness[:], p.redesigned[::2] = province, platform, 0.7 + 0.3 * (province % 2), 1
    choice.look_at_foundations(p, world)
    choice.look_at_services(p, world)
    choice.look_at_purse(p, world)
    options = weighed_by_hand(p, world)
    waiting = 2.0 + gumbel(uniform(world, p.luck_id, CHOOSING, N_PROJECTS))
    expected = {}
    for utility, option, slot in options:
        if utility > waiting and slot not in expected and len(expected) < 3:
            expected[slot] = option
    choose(p, world, state.choices)
    started = {slot: p.project[slot] - 1 for slot in range(N_PROJECTS) if p.project[slot]}
    assert started == expected
    if platform == OFFLINE:
        assert started, "there is something to start"


def test_every_open_option_is_written_down_with_its_parts_and_its_rank():
    state, p, world = choosing(choices=200, quarter=5, usable=True, inertia=-50.0, platform_appeal=0.3)
    p.row, p.platform[:2] = 7, OWN
    choice.look_at_foundations(p, world)
    choice.look_at_services(p, world)
    options = {(option, slot): utility for utility, option, slot in weighed_by_hand(p, world)}
    choice.choose(p, world, state.choices)
    lines = state.choices[: world.nation.choices_length]
    assert len(lines) == len(options) + 1
    assert set(lines.quarter) == {5}
    assert set(lines.province) == {7}
    waiting = lines[0]
    assert (waiting.option, waiting.slot, waiting.rank) == (WAIT, -1, 0)
    assert waiting.inertia == -50.0
    assert waiting.noise == approx(gumbel(uniform(world, p.luck_id, CHOOSING, N_PROJECTS)))
    assert waiting.utility == approx(-50.0 + waiting.noise)
    for line in lines[1:]:
        assert line.utility == approx(options[line.option, line.slot]), OPTIONS[line.option]
        known = line.benefit + line.reward + line.mandate + line.cost + line.effort + line.risk + line.patience
        assert line.utility == approx(known + line.noise)
        assert line.inertia == 0.0
    started = sorted(lines[lines["rank"] > 0], key=lambda line: line["rank"])
    best = sorted({line["slot"]: line["utility"] for line in started}.values(), reverse=True)
    assert [line["rank"] for line in started] == [1, 2, 3]
    assert [line["utility"] for line in started] == best
    assert len({line["slot"] for line in started}) == 3


def test_a_line_adds_up_all_its_parts():
    state, p, world = weighing(choices=200)
    choice.write_down_all(p, world, state.choices, 3.0)
    lines = state.choices[1 : world.nation.choices_length]
    parts = [lines[name] for name in ("benefit", "reward", "mandate", "cost", "effort", "risk", "patience", "noise")]
    assert all(np.count_nonzero(part) for part in parts), "each part counts in some line"
    assert lines.utility.tolist() == approx(np.sum(parts, axis=0).tolist())


@pytest.mark.parametrize(
    ("province", "quarter", "recorded"), [(-1, -1, True), (0, 1, True), (1, 1, False), (0, 2, False)]
)
def test_choices_are_recorded_of_whom_and_when_they_are_watched(province, quarter, recorded):
    state, p, world = choosing(choices=100, watch_province=province, watch_quarter=quarter)
    assert choice.recording(p, world, state.choices) == recorded
    assert not choice.recording(p, world, state.choices[:0])
    choice_fast.choose(p, world, state.choices)
    assert (world.nation.choices_length > 0) == recorded


def test_the_first_province_and_quarter_can_be_watched_alone():
    state, p, world = choosing(choices=100, watch_province=0, watch_quarter=0, quarter=0)
    assert choice.recording(p, world, state.choices)
    p.row = 1
    assert not choice.recording(p, world, state.choices)
    p.row, world.nation.quarter = 0, 1
    assert not choice.recording(p, world, state.choices)


def test_a_full_record_of_choices_is_not_written_over():
    state, p, world = choosing(choices=3)
    choice.choose(p, world, state.choices)
    assert world.nation.choices_length == 3


def test_ranks_are_marked_in_the_lines_of_this_choice_only():
    state, _, world = choosing(choices=3)
    state.choices.option, state.choices.slot = OWN_AS_IS, (SLOT, SLOT, SLOT + 1)
    world.nation.choices_length = 3
    choice.mark_started(world, state.choices, 1, OWN_AS_IS, SLOT, 2)
    assert state.choices["rank"].tolist() == [0, 2, 0]
    choice.mark_started(world, state.choices, 1, OWN_REDESIGNED, SLOT + 1, 1)
    assert state.choices["rank"].tolist() == [0, 2, 0]


def starting(cash=10**9, specialists=1_000.0, allowed=1.0):
    """Putting a service online as it is costs 5,000 million VND and takes 4 people; contracted, half as much again."""
    _, p, world = choosing(
        build_fixed_bvnd=100.0,
        build_cost_factor=1.0,
        as_is_cost=0.05,
        as_is_effort=4.0,
        project_share=1.0,
        contractor_markup=0.5,
        quarter=3,
    )
    world.policy.contractors_allowed = allowed
    p.cash_mvnd, p.yearly_money, p.specialists = cash, 0.0, specialists
    return choice.try_to_start(p, world, OWN_AS_IS, SLOT), p


def test_a_project_is_started_if_people_and_money_allow():
    started, p = starting(cash=5_000)
    assert started
    assert (p.project_owed[SLOT], p.project_effort[SLOT], p.project_contracted[SLOT]) == (5_000.0, 4.0, 0.0)
    assert not starting(cash=4_999)[0]
    started, p = starting(cash=6_250, specialists=2.0)
    assert started, "half of it contracted costs a quarter more"
    assert (p.project_owed[SLOT], p.project_effort[SLOT], p.project_contracted[SLOT]) == (6_250.0, 2.0, 2.0)
    assert not starting(cash=6_249, specialists=2.0)[0]
    assert not starting(specialists=2.0, allowed=0.49)[0]
    assert starting(specialists=0.0, allowed=1.0)[0], "all of it may be contracted"


def test_no_more_is_started_than_the_most_and_what_cannot_be_paid_is_passed_over():
    state, p, world = choosing(inertia=-50.0, most_starts=2.0)
    choice.choose(p, world, state.choices)
    assert (p.project > 0).sum() == 2
    state, p, world = choosing(inertia=-50.0, most_starts=30.0)
    choice.choose(p, world, state.choices)
    assert (p.project > 0).sum() == N_PROJECTS - 1, "one project on each service and foundation but connectivity"
    _, other, world = choosing(inertia=-50.0, most_starts=30.0)
    choice.look_at_foundations(other, world)
    best = {slot: option for _, option, slot in reversed(weighed_by_hand(other, world))}
    assert {slot: p.project[slot] - 1 for slot in best} == best, "and none is taken up again when all are started"
    state, p, world = choosing(inertia=-50.0, most_starts=30.0, build_fixed_bvnd=100.0, connect_fixed_bvnd=0.0)
    p.cash_mvnd, p.yearly_money = 0, 0.0
    choice.choose(p, world, state.choices)
    assert (p.project[:N_SERVICES] > 0).sum() == 0
    assert (p.project[N_SERVICES:] > 0).sum() == 5, "what costs nothing is started all the same"


@pytest.mark.parametrize("choose", [choice.choose, choice_fast.choose], ids=["plain", "fast"])
def test_what_is_wanted_most_and_cannot_be_paid_is_passed_over_once(choose):
    """A redesign costs too much; to put a service online as it is costs nothing."""
    for cash, wanted in ((0, {OWN_AS_IS + 1}), (10**9, {OWN_AS_IS + 1, OWN_REDESIGNED + 1})):
        state, p, world = choosing(
            inertia=-50.0, most_starts=30.0, build_fixed_bvnd=100.0, build_cost_factor=1.0, as_is_cost=0.0, thrift=0.0
        )
        p.cash_mvnd, p.yearly_money = cash, 0.0
        choose(p, world, state.choices)
        assert set(p.project[:N_SERVICES]) == wanted


@slow_when_plain
def test_gumbel_noise_makes_the_logit():
    """Two options that are each worth ln 3 more than waiting are taken three times in seven (McFadden 1974)."""
    taken, many = [], 3_000
    for province in range(many):
        state, p, world = choosing(inertia=-math.log(3.0), care=0.0, thrift=0.0, risk_aversion=0.0)
        p.luck_id, p.project[:], p.project[SLOT] = province, 1, 0
        choice_fast.choose(p, world, state.choices)
        taken.append(p.project[SLOT] - 1)
    for option, odds in ((OWN_AS_IS, 3 / 7), (OWN_REDESIGNED, 3 / 7), (-1, 1 / 7)):
        assert abs(taken.count(option) / many - odds) < 4 * math.sqrt(odds * (1 - odds) / many), option
