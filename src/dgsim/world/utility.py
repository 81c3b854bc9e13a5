"""What an option is worth to a province: the parts of its utility, each as the province believes it.

Benefit, reward and mandate may speak for an option; cost, effort, risk and patience against it; waiting has inertia.
"""

from __future__ import annotations

import math

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.money import matching_rate, running_cost
from dgsim.world.projects import (
    chance_failed,
    counts_for_matching,
    ease,
    platform_after,
    project_cost,
    project_effort,
    puts_online,
    redesigns,
)
from dgsim.world.records import Numbers, Province
from dgsim.world.services import appeal, depth_of_redesign, foundation_benefit, outlook, redesign_factor
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
    SHARED_PLATFORM,
    World,
)
from dgsim.world.units import BVND, QUARTERS


@inner_rule
def believed_value(p: Province, world: World, s: int, platform: int, depth: float, completeness: float) -> float:
    """What a service is thought to be used and to end online, 1 at full quality, with the foundations that are trusted.

    Quality counts twice: it brings citizens to file online, and lets what they file end there.
    """
    if platform == OFFLINE:
        return 0.0
    good = outlook(p, s, platform) * redesign_factor(world, depth) * completeness
    return good * appeal(world, good)


@rule
def look_at_services(p: Province, world: World) -> None:
    """Once a quarter: the believed value of each service, which is what a better foundation could add to.

    A service that is not online yet counts in part, as it would be on an own platform without redesign.
    """
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            p.promise[s] = believed_value(p, world, s, p.platform[s], p.depth[s], p.completeness[s])
        else:
            p.promise[s] = world.assumptions.foresight * believed_value(p, world, s, OWN, 0.0, 1.0)


@inner_rule
def believed_gain(p: Province, world: World, option: int, s: int) -> float:
    """What an option on a service adds to its believed value."""
    now = p.promise[s] if p.platform[s] != OFFLINE else 0.0
    depth = max(p.depth[s], depth_of_redesign(p, world)) if redesigns(option) else p.depth[s]
    completeness = p.completeness[s] if option == MIGRATE else 1.0
    return believed_value(p, world, s, platform_after(p, option, s), depth, completeness) - now


@inner_rule
def connection_gain(p: Province, world: World, f: int, weight: Numbers) -> float:
    """What connecting to a foundation adds to the believed worth of its services, each with its weight."""
    needs = world.services.needs
    readiness, accounts = world.nation.readiness[f], world.nation.accounts
    level = foundation_benefit(world, f, readiness, 1.0, accounts) - p.available[f]
    gain = 0.0
    for s in range(N_SERVICES):
        if f == SHARED_PLATFORM:
            gain += world.assumptions.platform_appeal * weight[s] * p.belief[s]
        else:
            gain += weight[s] * p.belief[s] * p.promise[s] * needs[f, s] * level
    return gain


@inner_rule
def metric_gain(p: Province, world: World, metric: int, option: int, slot: int, gain: float) -> float:
    """What an option adds to a published metric, in points (0..1), as the province believes it."""
    k = world.assumptions
    if option == CONNECT:
        f = slot - N_SERVICES
        added = (1.0 - p.connection[f]) / N_FOUNDATIONS
        use = connection_gain(p, world, f, world.services.dossiers) / world.nation.dossiers
        if metric == METRIC_INDEX:
            return k.index_foundations * added + k.index_use * use
        return use if metric == METRIC_USE else 0.0
    supply = 1.0 / N_SERVICES if puts_online(option) else 0.0
    use = world.services.dossiers[slot] / world.nation.dossiers * p.belief[slot] * gain
    if metric == METRIC_SUPPLY:
        return supply
    if metric == METRIC_USE:
        return use
    reform = k.reform_learning * (1.0 - p.reform) if redesigns(option) else 0.0
    return k.index_supply * supply + k.index_use * use + k.index_reform * reform


@inner_rule
def award_stake(p: Province, world: World) -> float:
    """What winning an award is worth to a province against its yearly money, at most 1."""
    policy = world.policy
    winners = max(1.0, policy.award_winners * world.nation.provinces)
    return min(1.0, policy.awards * BVND / winners / max(1.0, p.yearly_money))


@inner_rule
def reward(p: Province, world: World, option: int, slot: int, gain: float) -> float:
    """The pull of a published rank and of awards: what an option moves in either, as its metric counts the option.

    Both are tournaments (Lazear and Rosen 1981): a point is worth the rivals it passes, and the chance it adds to win.
    """
    k = world.assumptions
    policy = world.policy
    total = 0.0
    if world.nation.pull > 0.0:
        points = metric_gain(p, world, int(policy.league_metric), option, slot, gain)
        total += k.rank_pull * world.nation.pull * min(1.0, p.rank_slope * points)
    if policy.awards > 0.0:
        points = metric_gain(p, world, int(policy.awards_metric), option, slot, gain)
        total += k.award_pull * award_stake(p, world) * min(1.0, p.award_slope * points)
    return total


@inner_rule
def price(p: Province, world: World, option: int, cost: float) -> float:
    """What a project costs the province itself, after matching, against its yearly money, at what money is worth."""
    borne = 1.0
    if counts_for_matching(world, option):
        borne -= matching_rate(p, world) * world.nation.matching_factor
    return p.shadow_price * cost * borne / max(1.0, p.yearly_money)


@inner_rule
def platform_patience(p: Province, world: World, option: int, slot: int) -> float:
    """What speaks against an own platform while the shared one is promised, believed and near."""
    k = world.assumptions
    if world.nation.platform_stands == 1 or option == CONNECT or platform_after(p, option, slot) != OWN:
        return 0.0
    return k.patience * p.credence * world.nation.closeness[SHARED_PLATFORM]


@inner_rule
def running_gain(p: Province, world: World, option: int, slot: int) -> float:
    """What moving to the shared platform saves of the yearly money, in running costs over the years planned for."""
    if option != MIGRATE:
        return 0.0
    k = world.assumptions
    saved = running_cost(p, world, slot) * (1.0 - k.shared_cost) * QUARTERS * k.plan_years
    return saved / max(1.0, p.yearly_money)


@inner_rule
def cost_with_contractors(p: Province, world: World, option: int, slot: int, contracted: float, effort: float) -> float:
    """Cost of a project with the markup on its contracted part (million VND)."""
    return project_cost(p, world, option, slot) * (1.0 + world.assumptions.contractor_markup * contracted / effort)


@inner_rule
def terms_of_project(p: Province, world: World, option: int, slot: int, free: float) -> tuple[float, float]:
    """What a project would cost (million VND) with so many people free, and the share of its work they would do."""
    effort = project_effort(p, world, option, slot)
    contracted = max(0.0, effort - free)
    return cost_with_contractors(p, world, option, slot, contracted, effort), 1.0 - contracted / effort


@inner_rule
def pressed(p: Province, world: World) -> float:
    """How hard the mandate presses a province, 0..1: the less, the fewer of its services are missing."""
    return world.nation.mandate_pressure * math.sqrt(p.missing)


@inner_rule
def attractions(p: Province, world: World, option: int, slot: int) -> tuple[float, float, float]:
    """The parts of an option's utility that may speak for it whatever it costs: benefit, reward, mandate."""
    k = world.assumptions
    if option == CONNECT:
        benefit = k.care * connection_gain(p, world, slot - N_SERVICES, world.services.worth)
        return benefit, reward(p, world, option, slot, 0.0), 0.0
    gain = believed_gain(p, world, option, slot)
    benefit = k.care * world.services.worth[slot] * p.belief[slot] * gain
    mandate = k.mandate_pull * pressed(p, world) if puts_online(option) else 0.0
    return benefit, reward(p, world, option, slot, gain), mandate


@inner_rule
def reluctance(p: Province, world: World, option: int, slot: int) -> float:
    """What speaks against the effort of a redesign: the more complex the service, and the less skill to reform."""
    if not redesigns(option):
        return 0.0
    return -world.assumptions.redesign_aversion * world.services.complexity[slot] * (1.0 - p.reform)


@inner_rule
def burdens(p: Province, world: World, option: int, slot: int, free: float) -> tuple[float, float, float, float]:
    """The other parts: cost (less what it saves), effort, risk, patience."""
    k = world.assumptions
    cost, own_share = terms_of_project(p, world, option, slot, free)
    failed = chance_failed(world, ease(p, world, option, slot, own_share))
    return (
        k.thrift * (running_gain(p, world, option, slot) - price(p, world, option, cost)),
        reluctance(p, world, option, slot),
        -k.risk_aversion * failed,
        -platform_patience(p, world, option, slot),
    )


@inner_rule
def inertia(p: Province, world: World) -> float:
    """The utility of waiting: the less capable a province and the less driven its leaders, the greater."""
    k = world.assumptions
    return k.inertia - k.drive * p.capability - k.leader_drive * p.leadership
