"""The first quarter: what each province starts with, from its traits and keyed luck."""

from __future__ import annotations

from dgsim.world.citizens import ceiling
from dgsim.world.compiled import rule
from dgsim.world.luck import (
    LEADERS,
    START_ACCESS,
    START_BELIEF,
    START_CAPABILITY,
    START_CONNECTION,
    START_ONLINE,
    START_SCORE,
    START_STAFF,
    START_TRUST,
    either_way,
    normal,
    uniform,
)
from dgsim.world.money import base_money, build_cost, whole
from dgsim.world.projects import share_online, weigh_size
from dgsim.world.records import Province
from dgsim.world.reporting import density
from dgsim.world.services import appeal, look_at_foundations, look_at_ministries, quality
from dgsim.world.staff import labour_market, posts
from dgsim.world.state import CONNECTIVITY, N_ALL_SERVICES, N_FOUNDATIONS, N_SERVICES, OWN, World
from dgsim.world.units import QUARTERS


@rule
def between(low: float, value: float, high: float) -> float:
    """A value held between two bounds."""
    return max(low, min(high, value))


@rule
def initialise_province(p: Province, world: World) -> None:
    """A province at the start: staff, connections, beliefs, trust and the few services that are online."""
    k = world.assumptions
    weigh_size(p, world)
    initialise_capability(p, world)
    p.budgeted = k.start_budgeted
    p.yearly_money = QUARTERS * base_money(p, world)
    initialise_staff(p, world)
    initialise_access(p, world)
    for f in range(1, N_FOUNDATIONS):
        luck = 1.0 + k.connection_luck * either_way(world, p.luck_id, START_CONNECTION, f)
        able = 1.0 + k.connection_gradient * p.capability
        p.connection[f] = between(0.0, k.start_connection * luck * able, 1.0)
    p.trust = between(0.0, k.trust_base + k.trust_spread * normal(world, p.luck_id, START_TRUST, 0), 1.0)
    p.reform = between(0.0, k.start_reform * (1.0 + k.reform_gradient * p.capability), 1.0)
    p.protection = k.start_protection
    p.credence = world.policy.credibility
    p.leadership = normal(world, p.luck_id, LEADERS, 0)
    p.rank_slope = density(0.0) / k.least_spread
    p.award_slope = p.rank_slope
    p.padding = k.usual_padding * (1.0 - k.automatic_share)
    initialise_services(p, world)


@rule
def initialise_capability(p: Province, world: World) -> None:
    """Administrative capability, from what was observed of it before the start and what was not."""
    k = world.assumptions
    score = p.score_standing + p.score_spread * normal(world, p.luck_id, START_SCORE, 0)
    observed = (
        k.income_weight * p.income_standing + k.score_weight * score + k.governance_weight * p.governance_standing
    )
    p.capability = observed + k.capability_spread * normal(world, p.luck_id, START_CAPABILITY, 0)


@rule
def initialise_access(p: Province, world: World) -> None:
    """Access follows the internet access that citizens reported, as far as a survey can tell."""
    k = world.assumptions
    error = k.access_spread * normal(world, p.luck_id, START_ACCESS, 0)
    p.connection[CONNECTIVITY] = between(0.0, k.start_access * p.internet**k.access_gradient + error, 1.0)


@rule
def initialise_staff(p: Province, world: World) -> None:
    """Posts are filled as far as the local labour market allowed; some of the staff hold a certificate."""
    k = world.assumptions
    p.posts = posts(p, world)
    p.labour_market = labour_market(p, world)
    luck = k.staffing_luck * either_way(world, p.luck_id, START_STAFF, 0)
    filled = k.start_staffing * p.labour_market + luck
    p.specialists = between(k.least_staffing, filled, k.most_staffing) * p.posts
    p.trained = k.start_trained * p.specialists


@rule
def start_filed(p: Province, world: World, s: int) -> float:
    """Share of a service's transactions that citizens file online at the start, when no fee has been cut."""
    return world.assumptions.start_take_up * ceiling(p, world, p.quality[s], 0.0)


@rule
def initialise_services(p: Province, world: World) -> None:
    """Here and there a service is online already, as it is and on an own platform, with a little use.

    Ministries' services are online as they are, all of them; what citizens file goes by how good each channel is.
    """
    k = world.assumptions
    look_at_foundations(p, world)
    for s in range(N_SERVICES):
        belief = k.start_belief + k.belief_spread * normal(world, p.luck_id, START_BELIEF, s)
        p.belief[s] = between(k.least_belief, belief, k.most_belief)
        online = k.start_supply * (1.0 + k.supply_gradient * p.capability)
        p.completeness[s] = 1.0
        p.upkeep[s] = 1.0
        if uniform(world, p.luck_id, START_ONLINE, s) < online:
            p.platform[s] = OWN
            p.own_cost[s] = whole(world, build_cost(p, world, s) * k.as_is_cost)
            p.counted[s] = 1.0
            p.quality[s] = quality(p, world, s)
            p.spread[s] = k.start_take_up * appeal(world, p.quality[s])
            p.filed[s] = start_filed(p, world, s)
    look_at_ministries(p, world)
    for s in range(N_SERVICES, N_ALL_SERVICES):
        p.filed[s] = start_filed(p, world, s)
    p.missing = 1.0 - share_online(p)
