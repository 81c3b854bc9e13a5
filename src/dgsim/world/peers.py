"""Learning from peers: beliefs move to what others achieved, failures included."""

from __future__ import annotations

from dgsim.world.compiled import rule
from dgsim.world.records import Floats, Ints, Province, Rows
from dgsim.world.state import N_SERVICES, World


@rule
def judge_promises(p: Province, world: World) -> None:
    """Trust in announcements falls with every foundation overdue, and rises with every one that came to stand."""
    k = world.assumptions
    nation = world.nation
    p.credence -= k.disappointment * min(1.0, nation.overdue) * p.credence
    p.credence += k.reassurance * min(1.0, nation.arrived) * (1.0 - p.credence)


@rule
def look_around(provinces: Rows[Province], start: Ints, index: Ints, weight: Floats) -> None:
    """What each province sees among its peers, weighted; those with nothing to show count for nothing."""
    for i in range(len(provinces)):
        p = provinces[i]
        for s in range(N_SERVICES):
            p.seen[s] = 0.0
            p.seen_weight[s] = 0.0
        for n in range(start[i], start[i + 1]):
            peer = provinces[index[n]]
            for s in range(N_SERVICES):
                shown = weight[n] * peer.lesson_weight[s]
                p.seen_weight[s] += shown
                p.seen[s] += weight[n] * peer.lesson[s]
        for s in range(N_SERVICES):
            if p.seen_weight[s] > 0.0:
                p.seen[s] /= p.seen_weight[s]


@rule
def learn(p: Province, world: World) -> None:
    """Act 5. Belief in each service moves towards what peers, and its own citizens, made of it."""
    k = world.assumptions
    judge_promises(p, world)
    speed = k.peer_learning * (1.0 + k.programme_learning * world.policy.peer_programme)
    for s in range(N_SERVICES):
        p.belief[s] += min(1.0, speed * p.seen_weight[s]) * (p.seen[s] - p.belief[s])
        p.belief[s] += k.own_learning * (p.lesson[s] - p.lesson_weight[s] * p.belief[s])
