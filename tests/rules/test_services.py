"""Services, by hand: what foundations give, what they allow, and the quality that comes of it."""

from __future__ import annotations

import pytest

from dgsim.world import services
from dgsim.world.state import (
    CONNECTIVITY,
    DATA_EXCHANGE,
    N_FOUNDATIONS,
    N_SERVICES,
    NATIONAL_SERVICES,
    OWN,
    SHARED,
    SHARED_PLATFORM,
)
from world_of_zeros import DIGITAL_ID, PAYMENTS, approx, province_and_world

OF_MINISTRY = N_SERVICES  # the first service after those of provinces


@pytest.mark.parametrize(("readiness", "stands"), [(0.0, False), (0.59, False), (0.6, True), (1.0, True)])
def test_a_foundation_stands_once_it_is_far_enough(readiness, stands):
    _, world = province_and_world(standing=0.6)
    world.nation.readiness[PAYMENTS] = readiness
    assert services.stands(world, PAYMENTS) == stands
    assert not services.stands(world, DIGITAL_ID), "each for itself"


def benefit(f, accounts=1.0, **values):
    """Of a foundation that is half ready, to those who are connected by .4."""
    _, world = province_and_world(sharing_weight=0.5, **values)
    return services.foundation_benefit(world, f, 0.5, 0.4, accounts)


def test_a_foundation_gives_what_is_ready_as_far_as_a_province_is_connected():
    assert benefit(PAYMENTS) == approx(0.2)
    assert benefit(CONNECTIVITY) == 0.4, "access is counted by province"


def test_digital_identity_is_worth_the_accounts_that_people_activated():
    assert benefit(DIGITAL_ID) == approx(0.2)
    assert benefit(DIGITAL_ID, accounts=0.25) == approx(0.05)
    assert benefit(DIGITAL_ID, accounts=0.0) == 0.0
    assert benefit(PAYMENTS, accounts=0.0) == approx(0.2), "no other foundation asks for an account"


def test_data_exchange_is_worth_what_others_share():
    assert benefit(DATA_EXCHANGE, shared_data=0.2) == approx(0.2 * (1 - 0.5 * 0.8))
    assert benefit(DATA_EXCHANGE, shared_data=1.0) == approx(0.2)


def looking():
    """Payments half ready, connected 0.8, promised; service 0 needs 0.4 of it and 0.2 of access (0.6)."""
    p, world = province_and_world(own_floor=0.35)
    world.nation.readiness[PAYMENTS], world.nation.closeness[PAYMENTS] = 0.5, 0.5
    p.connection[CONNECTIVITY], p.connection[PAYMENTS], p.credence = 0.6, 0.8, 0.6
    world.services.needs[PAYMENTS, 0], world.services.needs[CONNECTIVITY, 0] = 0.4, 0.2
    services.look_at_foundations(p, world)
    return p, world


def test_what_a_province_has_and_what_it_trusts_to_get():
    p, _ = looking()
    assert p.available[PAYMENTS] == approx(0.4)
    assert p.expected[PAYMENTS] == approx(0.4 + 0.6 * 0.5 * (0.8 - 0.4))
    assert p.available[CONNECTIVITY] == p.expected[CONNECTIVITY] == 0.6
    assert p.ready_shared[0] == approx((1 - 0.2 * 0.4) * (1 - 0.4 * 0.6))
    assert p.outlook_shared[0] == approx((1 - 0.2 * 0.4) * (1 - 0.4 * 0.48))
    assert p.ready_shared[1] == p.ready_own[1] == 1.0, "what needs nothing misses nothing"


def test_of_promised_identity_all_people_are_trusted_to_activate_it():
    p, world = province_and_world(accounts=0.1)
    world.nation.readiness[DIGITAL_ID], world.nation.closeness[DIGITAL_ID] = 0.5, 0.5
    p.connection[DIGITAL_ID], p.credence = 0.8, 0.6
    services.look_at_foundations(p, world)
    assert p.available[DIGITAL_ID] == approx(0.04)  # .5 x .8 x .1
    assert p.expected[DIGITAL_ID] == approx(0.04 + 0.6 * 0.5 * (0.8 - 0.04))


def test_a_promise_never_takes_away_what_is_there():
    p, world = province_and_world(accounts=1.0)
    world.nation.readiness[:], world.nation.closeness[:] = 1.0, 1.0
    p.connection[:], p.credence = 0.5, 1.0
    services.look_at_foundations(p, world)
    assert p.expected.tolist() == p.available.tolist()


def test_an_own_platform_has_a_floor_where_a_foundation_is_missing_but_not_for_access():
    p, world = province_and_world(own_floor=0.35)
    world.services.needs[PAYMENTS, 0], world.services.needs[CONNECTIVITY, 1] = 1.0, 1.0
    p.connection[CONNECTIVITY] = 0.25
    services.look_at_foundations(p, world)
    assert (p.ready_own[0], p.ready_shared[0]) == (approx(0.35), 0.0)
    assert p.ready_own[1] == p.ready_shared[1] == 0.25, "nothing replaces connectivity"
    world.nation.readiness[PAYMENTS], p.connection[PAYMENTS] = 0.8, 1.0
    services.look_at_foundations(p, world)
    assert p.ready_own[0] == p.ready_shared[0] == approx(0.8), "a foundation better than the floor is used"


def test_every_foundation_that_is_needed_counts():
    p, world = province_and_world()
    world.services.needs[:, 0] = 0.5
    services.look_at_foundations(p, world)
    assert p.ready_shared[0] == approx(0.5**N_FOUNDATIONS)


@pytest.mark.parametrize(("reform", "depth"), [(0.0, 0.25), (0.4, 0.55), (1.0, 1.0)])
def test_a_redesign_is_as_deep_as_the_skill_to_reform(reform, depth):
    p, world = province_and_world(least_depth=0.25)
    p.reform = reform
    assert services.depth_of_redesign(p, world) == approx(depth)


@pytest.mark.parametrize(("depth", "factor"), [(0.0, 0.44), (0.5, 0.72), (1.0, 1.0)])
def test_a_process_lets_through_part_of_a_services_worth(depth, factor):
    _, world = province_and_world(as_is_quality=0.44)
    assert services.redesign_factor(world, depth) == approx(factor)


def test_quality_is_foundations_times_redesign_times_upkeep_times_completeness():
    p, world = province_and_world(as_is_quality=0.4)
    p.ready_own[0], p.ready_shared[0], p.outlook_own[0], p.outlook_shared[0] = 0.9, 0.6, 0.8, 0.7
    p.depth[0], p.upkeep[0], p.completeness[0], p.platform[0] = 0.5, 0.8, 0.75, OWN
    assert services.quality(p, world, 0) == approx(0.9 * 0.7 * 0.8 * 0.75)
    p.platform[0] = SHARED
    assert services.quality(p, world, 0) == approx(0.6 * 0.7 * 0.8 * 0.75)
    assert (services.ready(p, 0, OWN), services.ready(p, 0, SHARED)) == (0.9, 0.6)
    assert (services.outlook(p, 0, OWN), services.outlook(p, 0, SHARED)) == (0.8, 0.7)


def ministry(**values):
    """A service of a ministry that needs .2 of access, .4 of identity and .5 of payments; access is .75."""
    p, world = province_and_world(**{"as_is_quality": 0.4, "ministry_floor": 0.0, **values})
    needs = world.services.needs
    needs[CONNECTIVITY, OF_MINISTRY], needs[DIGITAL_ID, OF_MINISTRY], needs[PAYMENTS, OF_MINISTRY] = 0.2, 0.4, 0.5
    p.connection[CONNECTIVITY] = 0.75
    return p, world


def of_ministry(p, world):
    """The quality of its service, once the services of ministries were looked at."""
    services.look_at_ministries(p, world)
    return p.quality[OF_MINISTRY]


def test_quality_of_a_ministrys_service_is_the_nations_foundations_times_its_redesign():
    p, world = ministry(accounts=0.5)
    world.nation.readiness[DIGITAL_ID], world.nation.readiness[PAYMENTS] = 0.8, 0.6
    # access 1 - .2 x .25; identity .8 x .5 of accounts: 1 - .4 x .6; payments 1 - .5 x .4; as it is .4
    assert of_ministry(p, world) == approx(0.95 * 0.76 * 0.8 * 0.4)
    world.nation.readiness[NATIONAL_SERVICES] = 0.5
    assert of_ministry(p, world) == approx(0.95 * 0.76 * 0.8 * 0.7)
    p.connection[1:] = 1.0
    p.available[:], p.ready_own[:] = 1.0, 1.0
    assert of_ministry(p, world) == approx(0.95 * 0.76 * 0.8 * 0.7), (
        "what the province is connected to is nothing to a ministry"
    )


def test_a_ministrys_own_system_gives_a_floor_but_not_for_access():
    p, world = ministry(ministry_floor=0.3, own_floor=0.9)
    assert of_ministry(p, world) == approx(0.95 * 0.72 * 0.65 * 0.4)
    world.nation.readiness[PAYMENTS], p.connection[CONNECTIVITY] = 0.9, 0.0
    assert of_ministry(p, world) == approx(0.8 * 0.72 * 0.95 * 0.4)


def test_a_perfect_ministry_serves_perfectly():
    p, world = ministry(accounts=1.0, shared_data=1.0)
    world.nation.readiness[:], p.connection[CONNECTIVITY] = 1.0, 1.0
    assert of_ministry(p, world) == 1.0


def test_routine_acts_are_more_or_fewer_than_in_the_catalogue_and_dossiers_are_not():
    _, world = province_and_world(routine_factor=0.5)
    world.services.transactions_per_head[:2], world.services.dossiers[0] = (3.0, 1.2), 3.0
    assert services.transactions(world, 0) == 3.0
    assert services.transactions(world, 1) == approx(0.6)


def test_a_process_is_redesigned_by_the_province_or_by_the_ministry_that_runs_it():
    p, world = province_and_world()
    p.depth[N_SERVICES - 1], world.nation.readiness[NATIONAL_SERVICES] = 0.3, 0.8
    assert services.depth_of_process(p, world, N_SERVICES - 1) == 0.3
    assert services.depth_of_process(p, world, OF_MINISTRY) == 0.8


def test_the_shared_platform_is_usable_once_it_stands_and_the_province_is_connected():
    p, world = province_and_world(standing=0.6, platform_stands=1)
    p.connection[SHARED_PLATFORM] = 0.6
    assert services.platform_usable(p, world)
    p.connection[SHARED_PLATFORM] = 0.59
    assert not services.platform_usable(p, world)
    p.connection[SHARED_PLATFORM], world.nation.platform_stands = 1.0, 0
    assert not services.platform_usable(p, world)
