"""Citizens: they take a digital channel up as far as it is good, within reach and trusted."""

from __future__ import annotations

import math

from dgsim.world.centre import standards
from dgsim.world.compiled import rule
from dgsim.world.luck import INCIDENT, uniform
from dgsim.world.money import (
    FEE_REVENUE_FORGONE,
    INCIDENT_LOSSES,
    spend_own,
)
from dgsim.world.records import Province, Rows
from dgsim.world.services import quality
from dgsim.world.state import CONNECTIVITY, N_SERVICES, OFFLINE, OWN, PROCESS_REFORM, SECURITY, World
from dgsim.world.units import BVND, QUARTERS


@rule
def serve_citizens(p: Province, world: World) -> None:
    """Act 8. Access grows, use spreads, feedback mends, data are shared, incidents happen, trust answers."""
    gain_access(p, world)
    satisfaction = 0.0
    transactions = 0.0
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            good = quality(p, world, s)
            repair(p, world, s)
            take_up(p, world, s, good)
            signal_to_peers(p, world, s, good)
            satisfaction += world.services.transactions_per_head[s] * p.use[s] * good
            transactions += world.services.transactions_per_head[s] * p.use[s]
    p.digital = transactions / world.nation.all_transactions
    forgo_fees(p, world, transactions)
    share_and_reform(p, world)
    keep_trust(p, world, satisfaction / transactions if transactions > 0.0 else 0.0)


@rule
def gain_access(p: Province, world: World) -> None:
    """Connectivity grows by private investment, faster where urban, and by what the centre has built."""
    k = world.assumptions
    private = k.private_connectivity * (k.rural_connectivity + p.urban)
    public = k.public_connectivity * world.nation.readiness[CONNECTIVITY]
    p.connection[CONNECTIVITY] += (private + public) * (1.0 - p.connection[CONNECTIVITY])


@rule
def access(p: Province, world: World) -> float:
    """Share of people who can use a digital channel, alone or helped by a community group."""
    alone = p.connection[CONNECTIVITY]
    return alone + world.assumptions.groups_reach * world.nation.groups_coverage * (1.0 - alone)


@rule
def ceiling(p: Province, world: World, good: float) -> float:
    """Share of transactions that would go digital in the long run at this quality, access and trust."""
    k = world.assumptions
    return min(1.0, good * access(p, world) * p.trust * (1.0 + k.fee_effect * world.policy.fee_cut))


@rule
def take_up(p: Province, world: World, s: int, good: float) -> None:
    """Use spreads by itself and by word of mouth (Bass 1969), and falls back where the channel got worse."""
    k = world.assumptions
    top = ceiling(p, world, good)
    if p.use[s] > top:
        p.use[s] += k.falling_back * (top - p.use[s])
    elif top > 0.0:
        p.use[s] += (k.innovation + k.imitation * p.use[s] / top) * (top - p.use[s])


@rule
def repair(p: Province, world: World, s: int) -> None:
    """Feedback that is acted upon mends what was left incomplete or fell into disrepair."""
    pace = world.assumptions.feedback_mending * world.nation.feedback_coverage
    p.completeness[s] += pace * (1.0 - p.completeness[s])
    p.upkeep[s] += pace * (1.0 - p.upkeep[s])


@rule
def signal_to_peers(p: Province, world: World, s: int, good: float) -> None:
    """What others see: the take-up, for which they allow only in part for the quality of what was offered."""
    k = world.assumptions
    allowed_for = 1.0 - k.attribution * (1.0 - good)
    p.lesson[s] += k.lesson_speed * (min(1.0, p.use[s] / allowed_for) - p.lesson[s])
    p.lesson_weight[s] += k.lesson_speed * (1.0 - p.lesson_weight[s])


@rule
def forgo_fees(p: Province, world: World, transactions: float) -> None:
    """A fee cut for the digital channel is income the province does without."""
    k = world.assumptions
    forgone = k.fee * world.policy.fee_cut * transactions * p.population / QUARTERS * BVND
    spend_own(p, world, FEE_REVENUE_FORGONE, forgone)


@rule
def share_and_reform(p: Province, world: World) -> None:
    """Data sharing moves to what is asked, faster under standards; the reform programme spreads redesign skills."""
    k = world.assumptions
    pace = k.sharing_speed * (1.0 + standards(world))
    p.shared_data += pace * (world.policy.data_sharing - p.shared_data)
    p.reform += k.reform_spread * max(0.0, world.nation.readiness[PROCESS_REFORM] - p.reform)


@rule
def security_level(p: Province, world: World) -> float:
    """How well data are protected, 0..1: own effort and the shared foundation; own platforms lock less well."""
    k = world.assumptions
    shared = p.available[SECURITY]
    own = 0.0
    online = 0.0
    for s in range(N_SERVICES):
        online += 1.0 if p.platform[s] != OFFLINE else 0.0
        own += 1.0 if p.platform[s] == OWN else 0.0
    weaker = 1.0 - k.own_lock_loss * (own / online if online > 0.0 else 0.0)
    return (1.0 - (1.0 - p.protection) * (1.0 - shared)) * weaker


@rule
def keep_trust(p: Province, world: World, satisfaction: float) -> None:
    """Trust follows experience slowly; an incident breaks part of it at once and costs money."""
    k = world.assumptions
    held = p.digital * (1.0 + k.sharing_exposure * p.shared_data)
    danger = k.incident_rate / QUARTERS * held * (1.0 - security_level(p, world))
    if uniform(world, p.luck_id, INCIDENT, 0) < 1.0 - math.exp(-danger):
        p.incidents += 1
        p.trust -= k.incident_trust * p.trust
        spend_own(p, world, INCIDENT_LOSSES, k.incident_cost * BVND * (k.incident_base + p.population))
    target = min(1.0, k.trust_base + k.trust_experience * satisfaction)
    p.trust += k.trust_speed * (target - p.trust)


@rule
def share_data(world: World, provinces: Rows[Province]) -> None:
    """Data exchange is worth what the provinces share on average."""
    total = 0.0
    for i in range(len(provinces)):
        total += provinces[i].shared_data
    world.nation.shared_data = total / len(provinces)
