"""Citizens: they take a digital channel up as far as it is good, within reach and trusted."""

from __future__ import annotations

import math

from dgsim.world.centre import standards
from dgsim.world.compiled import rule
from dgsim.world.luck import INCIDENT, uniform
from dgsim.world.money import (
    FEE_REVENUE_FORGONE,
    GENERAL_BUDGET,
    INCIDENT_LOSSES,
    pay,
    receive,
    spend_own,
)
from dgsim.world.records import Province, Rows
from dgsim.world.reporting import fear, use_stakes
from dgsim.world.services import appeal, look_at_ministries, quality, transactions
from dgsim.world.state import (
    CONNECTIVITY,
    N_ALL_SERVICES,
    N_SERVICES,
    OFFLINE,
    OWN,
    PROCESS_REFORM,
    SECURITY,
    World,
)
from dgsim.world.units import BVND, MILLION, QUARTERS


@rule
def serve_citizens(p: Province, world: World) -> None:
    """Act 8. Access grows, citizens file online or officials for them, feedback mends, trust answers."""
    gain_access(p, world)
    helped = helped_share(p, world)
    for s in range(N_SERVICES):
        p.quality[s] = 0.0
        if p.platform[s] != OFFLINE:
            p.quality[s] = quality(p, world, s)
            repair(p, world, s)
            take_up(p, world, s)
            assist(p, world, s, helped)
            signal_to_peers(p, world, s)
    look_at_ministries(p, world)
    k = world.assumptions
    for s in range(N_SERVICES, N_ALL_SERVICES):
        take_up(p, world, s)
        assist(p, world, s, k.assisting * k.ministry_stakes * world.policy.filing_campaign)
    count_dossiers(p, world)
    forgo_fees(p, world)
    share_and_reform(p, world)
    keep_trust(p, world)


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
def ceiling(p: Province, world: World, good: float, fee_cut: float) -> float:
    """Share of transactions that citizens would file online in the long run at this quality, access, trust and fee."""
    cheaper = 1.0 + world.assumptions.fee_effect * fee_cut
    return min(1.0, appeal(world, good) * access(p, world) * p.trust * cheaper)


@rule
def bass(world: World, share: float, top: float) -> float:
    """What a quarter adds to a share that spreads by itself and by word of mouth towards a top (Bass 1969)."""
    k = world.assumptions
    return (k.innovation + k.imitation * share / top) * (top - share)


@rule
def change(world: World, share: float, top: float) -> float:
    """What a quarter changes a share that spreads towards a top, or falls back where the channel got worse."""
    if share > top:
        return world.assumptions.falling_back * (top - share)
    return bass(world, share, top) if top > 0.0 else 0.0


@rule
def take_up(p: Province, world: World, s: int) -> None:
    """Filing online spreads as far as quality, access and trust allow, and a lower fee: of the province's own services.

    Fees of ministries' services are not the province's to cut.
    """
    fee_cut = world.policy.fee_cut if s < N_SERVICES else 0.0
    p.filed[s] += change(world, p.filed[s], ceiling(p, world, p.quality[s], fee_cut))


@rule
def people_served(p: Province, world: World) -> float:
    """People by whom transactions a head and year become those of a quarter (million)."""
    return p.population * world.nation.more_people / QUARTERS


@rule
def helped_share(p: Province, world: World) -> float:
    """Share of dossiers that officials would file online for citizens, if these file none themselves.

    They do it for what hangs on the figure, held back by the chance that an audit strikes it off, and as far as the
    communes have hands for so many dossiers.
    """
    k = world.assumptions
    wanted = k.assisting * use_stakes(p, world) * (1.0 - world.policy.audit_share) * math.exp(-fear(p, world))
    dossiers = world.nation.dossiers * people_served(p, world) * MILLION
    return min(wanted, k.assisting_capacity * p.communes / dossiers)


@rule
def assist(p: Province, world: World, s: int, helped: float) -> None:
    """Officials file online for citizens where dossiers are counted; what citizens file themselves they leave alone."""
    if world.services.dossiers[s] > 0.0:
        open_to_it = 1.0 - p.filed[s]
        p.assisted[s] += world.assumptions.padding_speed * (helped * open_to_it - p.assisted[s])
        p.assisted[s] = min(p.assisted[s], open_to_it)


@rule
def repair(p: Province, world: World, s: int) -> None:
    """Feedback that is acted upon mends what was left incomplete or fell into disrepair."""
    pace = world.assumptions.feedback_mending * world.nation.feedback_coverage
    p.completeness[s] += pace * (1.0 - p.completeness[s])
    p.upkeep[s] += pace * (1.0 - p.upkeep[s])


@rule
def signal_to_peers(p: Province, world: World, s: int) -> None:
    """What others see: what ends online, of what is to be expected of a service of its quality and age.

    What is to be expected is told by how citizens with access and trust would have come to file by now (Foster and
    Rosenzweig 1995: one learns from others by their exposure). For its quality they allow in part: what they do not
    allow for, they take for a lack of interest.
    """
    k = world.assumptions
    p.spread[s] += change(world, p.spread[s], appeal(world, p.quality[s]))
    expected = p.quality[s] ** k.attribution * p.spread[s]
    shown = min(1.0, p.filed[s] * p.quality[s] / expected) if expected > 0.0 else 0.0
    p.lesson[s] += k.lesson_speed * (shown - p.lesson[s])
    p.lesson_weight[s] += k.lesson_speed * (1.0 - p.lesson_weight[s])


@rule
def brought_to_an_end(p: Province, world: World, s: int) -> float:
    """Part of what officials file that ends online, 0..1: as a citizen's does, and no less than they see to.

    Who files for others all day needs no good channel; whether a dossier ends online is theirs to see to.
    """
    return max(p.quality[s], world.assumptions.assisted_ends)


@rule
def count_dossiers(p: Province, world: World) -> None:
    """How many dossiers come in online and how many end online, by whom they are filed; and those of ministries."""
    dossiers = world.services.dossiers
    use, any_step, full_process, assisted = 0.0, 0.0, 0.0, 0.0
    for s in range(N_SERVICES):
        weight = dossiers[s] / world.nation.dossiers
        whole_way = p.filed[s] * p.quality[s]
        use += weight * whole_way
        any_step += weight * (p.filed[s] + p.assisted[s])
        full_process += weight * (whole_way + p.assisted[s] * brought_to_an_end(p, world, s))
        assisted += weight * p.assisted[s]
    p.use, p.any_step, p.full_process, p.assisted_share = use, any_step, full_process, assisted
    use, any_step, full_process = 0.0, 0.0, 0.0
    for s in range(N_SERVICES, N_ALL_SERVICES):
        weight = dossiers[s] / world.nation.central_dossiers
        whole_way = p.filed[s] * p.quality[s]
        use += weight * whole_way
        any_step += weight * (p.filed[s] + p.assisted[s])
        full_process += weight * (whole_way + p.assisted[s] * brought_to_an_end(p, world, s))
    p.central_use, p.central_any_step, p.central_full_process = use, any_step, full_process


@rule
def forgo_fees(p: Province, world: World) -> None:
    """A fee cut for what is filed online is income the general budget does without, and citizens keep."""
    k = world.assumptions
    a_head = 0.0
    for s in range(N_SERVICES):
        a_head += transactions(world, s) * (p.filed[s] + p.assisted[s])
    online = a_head * people_served(p, world) * MILLION
    forgone = receive(p, world, GENERAL_BUDGET, k.fee * world.policy.fee_cut * online)
    pay(p, world, FEE_REVENUE_FORGONE, forgone)


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
def satisfaction(p: Province, world: World) -> float:
    """Part of what citizens begin online, of services of provinces and ministries, that ends there; 0 without any."""
    begun, ended = 0.0, 0.0
    for s in range(N_ALL_SERVICES):
        filed = transactions(world, s) * p.filed[s]
        begun += filed
        ended += filed * p.quality[s]
    return ended / begun if begun > 0.0 else 0.0


@rule
def keep_trust(p: Province, world: World) -> None:
    """Trust follows experience slowly; an incident breaks part of it at once and costs money."""
    k = world.assumptions
    held = p.any_step * (1.0 + k.sharing_exposure * p.shared_data)
    danger = k.incident_rate / QUARTERS * held * (1.0 - security_level(p, world))
    if uniform(world, p.luck_id, INCIDENT, 0) < 1.0 - math.exp(-danger):
        p.incidents += 1
        p.trust -= k.incident_trust * p.trust
        spend_own(p, world, INCIDENT_LOSSES, k.incident_cost * BVND * (k.incident_base + p.population))
    target = min(1.0, k.trust_base + k.trust_experience * satisfaction(p, world))
    p.trust += k.trust_speed * (target - p.trust)


@rule
def share_data(world: World, provinces: Rows[Province]) -> None:
    """Data exchange is worth what the provinces share on average."""
    total = 0.0
    for i in range(len(provinces)):
        total += provinces[i].shared_data
    world.nation.shared_data = total / len(provinces)
