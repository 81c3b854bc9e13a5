"""The first quarter: what each province starts with, from its traits and keyed luck."""

from __future__ import annotations

from dgsim.world.compiled import rule
from dgsim.world.luck import (
    START_ACCESS,
    START_BELIEF,
    START_CAPABILITY,
    START_CONNECTION,
    START_ONLINE,
    START_SCORE,
    START_STAFF,
    START_TRUST,
    normal,
    uniform,
)
from dgsim.world.money import base_money, build_cost, whole
from dgsim.world.services import look_at_foundations, quality
from dgsim.world.staff import posts
from dgsim.world.state import CONNECTIVITY, N_FOUNDATIONS, N_SERVICES, OWN


@rule
def between(low, value, high):
    """A value held between two bounds."""
    return max(low, min(high, value))


@rule
def begin(p, world):
    """A province at the start: staff, connections, beliefs, trust and the few services that are online."""
    k = world.assumptions
    begin_capability(p, world)
    p.budgeted = k.start_budgeted
    p.yearly_money = 4.0 * base_money(p, world)
    begin_staff(p, world)
    begin_access(p, world)
    for f in range(1, N_FOUNDATIONS):
        luck = uniform(world, p.luck_id, START_CONNECTION, f)
        p.connection[f] = between(0.0, k.start_connection * (0.5 + luck) * (1.0 + 0.2 * p.capability), 1.0)
    p.trust = between(0.0, k.trust_base + k.trust_spread * normal(world, p.luck_id, START_TRUST, 0), 1.0)
    p.reform = between(0.0, k.start_reform * (1.0 + 0.3 * p.capability), 1.0)
    p.protection = k.start_protection
    p.credence = world.policy.credibility
    p.padding = k.usual_padding * (1.0 - k.automatic_share)
    begin_services(p, world)


@rule
def begin_capability(p, world):
    """Administrative capability, from what was observed of it before the start and what was not."""
    k = world.assumptions
    score = p.score_standing + p.score_spread * normal(world, p.luck_id, START_SCORE, 0)
    observed = (
        k.income_weight * p.income_standing + k.score_weight * score + k.governance_weight * p.governance_standing
    )
    p.capability = observed + k.capability_spread * normal(world, p.luck_id, START_CAPABILITY, 0)


@rule
def begin_access(p, world):
    """Access follows the internet access that citizens reported, as far as a survey can tell."""
    k = world.assumptions
    error = k.access_spread * normal(world, p.luck_id, START_ACCESS, 0)
    p.connection[CONNECTIVITY] = between(0.0, k.start_access * p.internet**k.access_gradient + error, 1.0)


@rule
def begin_staff(p, world):
    """Posts are filled as far as the local labour market allowed; some of the staff hold a certificate."""
    k = world.assumptions
    p.posts = posts(p, world)
    luck = uniform(world, p.luck_id, START_STAFF, 0) - 0.5
    filled = between(0.1, k.start_staffing * (p.trained_labour / k.usual_trained_labour) ** 0.5 + 0.2 * luck, 0.95)
    p.specialists = filled * p.posts
    p.trained = k.start_trained * p.specialists


@rule
def begin_services(p, world):
    """Here and there a service is online already, as it is and on an own platform, with a little use."""
    k = world.assumptions
    look_at_foundations(p, world)
    for s in range(N_SERVICES):
        p.belief[s] = between(0.05, k.start_belief + k.belief_spread * normal(world, p.luck_id, START_BELIEF, s), 0.95)
        online = k.start_supply * (1.0 + 0.5 * p.capability)
        p.completeness[s] = 1.0
        p.upkeep[s] = 1.0
        if uniform(world, p.luck_id, START_ONLINE, s) < online:
            p.platform[s] = OWN
            p.own_cost[s] = whole(world, build_cost(p, world, s) * k.as_is_cost)
            p.counted[s] = 1.0
            p.use[s] = k.start_take_up * p.trust * p.connection[CONNECTIVITY] * quality(p, world, s)
