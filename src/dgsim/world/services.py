"""Services: what the foundations allow, and what a service is worth to those who use it."""

from __future__ import annotations

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.records import Numbers, Province
from dgsim.world.state import (
    CONNECTIVITY,
    DATA_EXCHANGE,
    DIGITAL_ID,
    N_ALL_SERVICES,
    N_FOUNDATIONS,
    N_SERVICES,
    NATIONAL_SERVICES,
    OWN,
    SHARED_PLATFORM,
    World,
)


@rule
def stands(world: World, f: int) -> bool:
    """Whether a foundation is far enough to be built upon."""
    return world.nation.readiness[f] >= world.assumptions.standing


@rule
def foundation_benefit(world: World, f: int, readiness: float, connection: float, accounts: float) -> float:
    """What a foundation gives those who are connected so far.

    Data exchange is worth what others share, digital identity what part of the people has activated an account.
    """
    if f == CONNECTIVITY:
        return connection
    if f == DIGITAL_ID:
        return readiness * connection * accounts
    if f == DATA_EXCHANGE:
        k = world.assumptions
        return readiness * connection * (1.0 - k.sharing_weight * (1.0 - world.nation.shared_data))
    return readiness * connection


@rule
def look_at_foundations(p: Province, world: World) -> None:
    """Once a quarter: what each foundation gives the province now, what it trusts the announced ones to give,
    and what both allow of each service.
    """
    for f in range(N_FOUNDATIONS):
        now = foundation_benefit(world, f, world.nation.readiness[f], p.connection[f], world.nation.accounts)
        promised = foundation_benefit(world, f, 1.0, p.connection[f], 1.0)
        p.available[f] = now
        p.expected[f] = now + p.credence * world.nation.closeness[f] * max(0.0, promised - now)
    foundation_limits(world, p.available, p.ready_own, p.ready_shared)
    foundation_limits(world, p.expected, p.outlook_own, p.outlook_shared)


@inner_rule
def foundation_limits(world: World, levels: Numbers, own: Numbers, shared: Numbers) -> None:
    """What the foundations together allow of each service, 0..1: on an own platform, and on the shared one.

    Of a service that needs a share of a foundation, the rest is there without it. An own platform gives a floor where
    a foundation is missing; nothing replaces connectivity.
    """
    needs = world.services.needs
    for s in range(N_SERVICES):
        own[s] = shared[s] = 1.0 - needs[CONNECTIVITY, s] * (1.0 - levels[CONNECTIVITY])
    for f in range(1, N_FOUNDATIONS):
        missing, replaced = 1.0 - levels[f], 1.0 - max(levels[f], world.assumptions.own_floor)
        for s in range(N_SERVICES):
            own[s] *= 1.0 - needs[f, s] * replaced
            shared[s] *= 1.0 - needs[f, s] * missing


@rule
def ready(p: Province, s: int, platform: int) -> float:
    """What the foundations allow of a service on a platform, 0..1."""
    return p.ready_own[s] if platform == OWN else p.ready_shared[s]


@inner_rule
def outlook(p: Province, s: int, platform: int) -> float:
    """What the province trusts the foundations to allow of a service on a platform, 0..1."""
    return p.outlook_own[s] if platform == OWN else p.outlook_shared[s]


@inner_rule
def depth_of_redesign(p: Province, world: World) -> float:
    """How deep a redesign goes, 0..1: without the skill to reform it does little more than tidy the form."""
    least = world.assumptions.least_depth
    return least + (1.0 - least) * p.reform


@inner_rule
def redesign_factor(world: World, depth: float) -> float:
    """Part of a service's worth that its process lets through: little if it is put online as it is."""
    as_is = world.assumptions.as_is_quality
    return as_is + (1.0 - as_is) * depth


@rule
def quality(p: Province, world: World, s: int) -> float:
    """Quality of one online service: foundations x redesign x upkeep x completeness, 0..1."""
    redesign = redesign_factor(world, p.depth[s])
    return ready(p, s, p.platform[s]) * redesign * p.upkeep[s] * p.completeness[s]


@inner_rule
def appeal(world: World, good: float) -> float:
    """Share of citizens with access and trust who would file online at this quality.

    Few file online what they must still bring to the counter.
    """
    first = world.assumptions.first_step
    return first + (1.0 - first) * good


@rule
def transactions(world: World, s: int) -> float:
    """Transactions of a service a head and year: dossiers as the catalogue has them, routine acts more or fewer."""
    services = world.services
    routine = world.assumptions.routine_factor if services.dossiers[s] == 0.0 else 1.0
    return services.transactions_per_head[s] * routine


@rule
def look_at_ministries(p: Province, world: World) -> None:
    """Quality of the services that ministries run for all, 0..1: what the nation's foundations allow x their redesign.

    They need no connection of the province's; citizens need access. Their own systems give a floor where a foundation
    is missing, as an own platform of a province does, and more of it.
    """
    nation = world.nation
    needs = world.services.needs
    for s in range(N_SERVICES, N_ALL_SERVICES):
        p.quality[s] = 1.0 - needs[CONNECTIVITY, s] * (1.0 - p.connection[CONNECTIVITY])
    for f in range(1, N_FOUNDATIONS):
        level = foundation_benefit(world, f, nation.readiness[f], 1.0, nation.accounts)
        missing = 1.0 - max(level, world.assumptions.ministry_floor)
        for s in range(N_SERVICES, N_ALL_SERVICES):
            p.quality[s] *= 1.0 - needs[f, s] * missing
    redesign = redesign_factor(world, nation.readiness[NATIONAL_SERVICES])
    for s in range(N_SERVICES, N_ALL_SERVICES):
        p.quality[s] *= redesign


@rule
def depth_of_process(p: Province, world: World, s: int) -> float:
    """How deeply the process of a service was redesigned, 0..1, by the province or by the ministry that runs it."""
    return p.depth[s] if s < N_SERVICES else world.nation.readiness[NATIONAL_SERVICES]


@rule
def platform_usable(p: Province, world: World) -> bool:
    """Whether the province can put a service on the shared platform."""
    return world.nation.platform_stands == 1 and p.connection[SHARED_PLATFORM] >= world.assumptions.standing
