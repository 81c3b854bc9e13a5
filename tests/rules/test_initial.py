"""What a province starts with, by hand: from its traits, and from luck that is its own."""

from __future__ import annotations

import pytest

from dgsim.world import initial, luck
from dgsim.world.state import CONNECTIVITY, N_ALL_SERVICES, N_FOUNDATIONS, N_SERVICES, OWN
from world_of_zeros import approx, province_and_world

LUCK = 77
OF_MINISTRIES = N_ALL_SERVICES - N_SERVICES


def starting(**values):
    p, world = province_and_world(**values)
    p.luck_id = LUCK
    return p, world


def normal(world, purpose, option=0):
    return luck.normal(world, LUCK, purpose, option)


def uniform(world, purpose, option=0):
    return luck.uniform(world, LUCK, purpose, option)


@pytest.mark.parametrize(("value", "held"), [(0.5, 0.5), (0.1, 0.2), (0.9, 0.8)])
def test_a_value_is_held_between_its_bounds(value, held):
    assert initial.between(0.2, value, 0.8) == held


def test_capability_is_what_was_observed_and_what_was_not():
    p, world = starting(income_weight=0.45, score_weight=0.1, governance_weight=0.3, capability_spread=0.75)
    p.income_standing, p.score_standing, p.governance_standing, p.score_spread = 1.0, 2.0, -1.0, 0.5
    initial.initialise_capability(p, world)
    score = 2.0 + 0.5 * normal(world, luck.START_SCORE)
    spread = 0.75 * normal(world, luck.START_CAPABILITY)
    assert p.capability == approx(0.45 + 0.1 * score - 0.3 + spread)


def test_access_follows_reported_internet_and_stays_a_share():
    p, world = starting(start_access=0.5, access_gradient=2.0, access_spread=0.04)
    p.internet = 1.1
    initial.initialise_access(p, world)
    error = 0.04 * normal(world, luck.START_ACCESS)
    assert p.connection[CONNECTIVITY] == approx(0.5 * 1.21 + error)
    p.internet = 9.0
    initial.initialise_access(p, world)
    assert p.connection[CONNECTIVITY] == 1.0
    p.internet, world.assumptions.access_spread = 0.0, 1e6 if error < 0 else -1e6
    initial.initialise_access(p, world)
    assert p.connection[CONNECTIVITY] == 0.0


def staffed(trained_labour=0.2, start_staffing=0.5, **values):
    p, world = starting(
        least_posts=100.0,
        usual_trained_labour=0.2,
        labour_market_gradient=0.5,
        start_trained=0.3,
        start_staffing=start_staffing,
        least_staffing=0.1,
        most_staffing=0.95,
        **{"staffing_luck": 0.08, **values},
    )
    p.trained_labour = trained_labour
    initial.initialise_staff(p, world)
    return p, luck.either_way(world, LUCK, luck.START_STAFF, 0)


def test_posts_are_filled_as_the_labour_market_allowed():
    p, chance = staffed()
    assert p.posts == 100.0
    assert p.labour_market == 1.0
    assert p.specialists == approx(100 * (0.5 + 0.08 * chance))
    assert p.trained == approx(0.3 * p.specialists)
    p, chance = staffed(trained_labour=0.05)
    assert p.labour_market == approx(0.5), "the root of a quarter"
    assert p.specialists == approx(100 * (0.25 + 0.08 * chance)), "a quarter of the labour force, half the staff"
    assert staffed(start_staffing=0.0, staffing_luck=0.0)[0].specialists == approx(10), "a tenth at least"
    assert staffed(start_staffing=9.0)[0].specialists == approx(95), "never all"


def test_services_online_at_the_start_are_few_own_and_as_they_are():
    p, world = starting(
        start_supply=0.5,
        as_is_cost=0.05,
        build_fixed_bvnd=100.0,
        build_cost_factor=1.0,
        start_take_up=0.5,
        as_is_quality=0.4,
        start_belief=0.3,
        belief_spread=0.1,
        supply_gradient=0.5,
        first_step=0.2,
    )
    p.trust, p.connection[CONNECTIVITY], p.capability = 0.7, 0.6, 0.4
    initial.initialise_services(p, world)
    online = [uniform(world, luck.START_ONLINE, s) < 0.5 * 1.2 for s in range(N_SERVICES)]
    assert 0 < sum(online) < N_SERVICES
    assert p.platform.tolist() == [OWN if on else 0 for on in online]
    assert p.own_cost.tolist() == [5_000 if on else 0 for on in online]
    assert p.counted.tolist() == [1.0 if on else 0.0 for on in online]
    assert p.quality[:N_SERVICES].tolist() == approx([0.4 if on else 0.0 for on in online]), "as they are"
    # the ceiling: (.2 + .8 x .4) x access .6 x trust .7, and half the way there
    assert p.filed[:N_SERVICES].tolist() == approx([0.5 * 0.52 * 0.6 * 0.7 if on else 0.0 for on in online])
    # .5 x (.2 + .8 x .4): as many as would file with access and trust
    assert p.spread.tolist() == approx([0.26 if on else 0.0 for on in online]), "peers know what to expect"
    assert p.missing == approx(1 - sum(online) / N_SERVICES)
    assert p.assisted.sum() == 0.0
    assert p.upkeep.tolist() == p.completeness.tolist() == [1.0] * N_SERVICES
    assert p.redesigned.sum() == p.depth.sum() == 0
    for s in range(N_SERVICES):
        assert p.belief[s] == approx(0.3 + 0.1 * normal(world, luck.START_BELIEF, s))


def of_ministries(**values):
    """Every service needs .2 of access, of which half is missing, and is as it is: quality .9 x .5."""
    p, world = starting(as_is_quality=0.5, first_step=0.0, start_supply=0.0, **values)
    world.services.needs[CONNECTIVITY, N_SERVICES:] = 0.2
    p.trust, p.connection[CONNECTIVITY] = 0.8, 0.5
    initial.initialise_services(p, world)
    assert p.quality[N_SERVICES:].tolist() == approx([0.45] * OF_MINISTRIES)
    return p.filed[N_SERVICES:].tolist()


def test_of_ministries_services_citizens_file_what_the_channel_is_good_for_at_the_start():
    # the ceiling: quality .45 x access .5 x trust .8, and a part of the way there
    assert of_ministries(start_take_up=0.5) == approx([0.5 * 0.18] * OF_MINISTRIES)
    assert of_ministries(start_take_up=1.0, fee_effect=0.8, fee_cut=0.5) == approx([0.18] * OF_MINISTRIES), (
        "no fee has been cut yet"
    )


def test_the_capable_are_online_sooner():
    p, world = starting(start_supply=0.2, supply_gradient=0.5)
    threshold = sorted(uniform(world, luck.START_ONLINE, s) for s in range(N_SERVICES))[4]
    for slack, online in ((-1e-9, 4), (1e-9, 5)):
        p.platform[:], p.capability = 0, (threshold / 0.2 - 1) / 0.5 + slack
        initial.initialise_services(p, world)
        assert (p.platform == OWN).sum() == online


def test_beliefs_are_neither_none_nor_certain():
    p, world = starting(start_belief=0.5, belief_spread=100.0, least_belief=0.05, most_belief=0.95)
    initial.initialise_services(p, world)
    assert set(p.belief) == {0.05, 0.95}


def begun(**values):
    p, world = starting(
        start_budgeted=0.6,
        digital_share=0.01,
        growth=1.0,
        credibility=0.45,
        usual_padding=0.07,
        automatic_share=0.2,
        start_connection=0.38,
        connection_luck=0.5,
        connection_gradient=0.2,
        start_reform=0.08,
        reform_gradient=0.3,
        start_protection=0.3,
        trust_base=0.71,
        trust_spread=0.05,
        start_supply=0.0,
        capability_spread=0.0,
        income_weight=1.0,
        governance_weight=0.0,
        score_weight=0.0,
        least_posts=25.0,
        security_share=0.1,
        service_money_share=0.35,
        least_spread=0.04,
        **values,
    )
    return p, world


def test_a_province_at_the_start():
    p, world = begun()
    p.income_standing, p.expenditure, p.trained_labour, p.internet = 0.5, 1_000_000.0, 0.196, 1.0
    initial.initialise_province(p, world)
    assert p.capability == 0.5
    assert p.budgeted == 0.6
    # .01 x 1,000,000 a quarter x 4, less a tenth for security, and of that .35 for services
    assert p.yearly_money == approx(12_600)
    assert p.posts == 25.0
    access = p.connection[CONNECTIVITY]
    assert 0.4 < access < 0.8
    for f in range(1, N_FOUNDATIONS):
        chance = luck.either_way(world, LUCK, luck.START_CONNECTION, f)
        assert p.connection[f] == approx(0.38 * (1 + 0.5 * chance) * (1 + 0.2 * 0.5))
    assert p.trust == approx(0.71 + 0.05 * normal(world, luck.START_TRUST))
    assert p.reform == approx(0.08 * (1 + 0.3 * 0.5))
    assert p.protection == 0.3
    assert p.credence == 0.45
    assert p.padding == approx(0.07 * 0.8)
    assert p.belief.min() > 0.0
    assert p.leadership == normal(world, luck.LEADERS)
    assert p.rank_slope == p.award_slope == approx(0.398942 / 0.04, rel=1e-5), "as if it were in the middle of all"
    assert p.filed[N_SERVICES:].min() > 0.0, "trust and access come before services"
    initial.initialise_access(p, world)
    assert p.connection[CONNECTIVITY] == access, "access is no connection that has to be made"


def test_what_a_province_starts_with_are_shares():
    for capability, low in ((1e6, False), (-1e6, True)):
        p, world = begun()
        p.income_standing = capability
        initial.initialise_province(p, world)
        assert p.reform == (0.0 if low else 1.0)
        assert set(p.connection[1:]) == {0.0 if low else 1.0}
    for spread in (1e6, -1e6):
        p, world = begun()
        world.assumptions.trust_spread = spread
        initial.initialise_province(p, world)
        assert p.trust == (1.0 if spread * normal(world, luck.START_TRUST) > 0 else 0.0)
