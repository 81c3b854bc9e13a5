"""Learning from peers, by hand: what is seen, what is believed, and trust in promises."""

from __future__ import annotations

import numpy as np

from dgsim.world import citizens, peers
from dgsim.world.state import CONNECTIVITY
from world_of_zeros import approx, province_and_world, world_of_zeros


def test_a_promise_that_is_overdue_costs_trust_and_one_that_is_kept_wins_it():
    p, world = province_and_world(disappointment=0.1, reassurance=0.2, overdue=0.5)
    p.credence = 0.8
    peers.judge_promises(p, world)
    assert p.credence == approx(0.8 * 0.95)
    world.nation.overdue = 3.0
    peers.judge_promises(p, world)
    assert p.credence == approx(0.76 * 0.9), "three broken promises are no worse than one"
    world.nation.overdue, world.nation.arrived = 0.0, 0.5
    peers.judge_promises(p, world)
    assert p.credence == approx(0.684 + 0.1 * 0.316)
    world.nation.arrived = 4.0
    p.credence = 0.5
    peers.judge_promises(p, world)
    assert p.credence == approx(0.6)


def test_a_province_sees_the_mean_of_its_peers_weighted_by_what_they_show():
    state = world_of_zeros(provinces=4)
    start, index, weight = np.array([0, 2, 3, 4, 4]), np.array([1, 2, 2, 3]), np.array([0.25, 0.75, 1.0, 1.0])
    state.provinces.lesson[1, 0], state.provinces.lesson_weight[1, 0] = 0.3, 0.5
    state.provinces.lesson[2, 0], state.provinces.lesson_weight[2, 0] = 0.1, 0.2
    state.provinces.seen[:, :], state.provinces.seen_weight[:, :] = 9.0, 9.0
    peers.look_around(state.provinces, start, index, weight)
    first, second, third, last = state.provinces
    assert first.seen_weight[0] == approx(0.25 * 0.5 + 0.75 * 0.2)
    assert first.seen[0] == approx((0.25 * 0.3 + 0.75 * 0.1) / 0.275)
    assert first.seen[1] == first.seen_weight[1] == 0.0, "nobody shows the other service"
    assert (second.seen[0], second.seen_weight[0]) == (approx(0.5), 0.2), "each looks at its own peers"
    assert third.seen[0] == third.seen_weight[0] == 0.0, "its peer has nothing to show"
    assert last.seen[0] == last.seen_weight[0] == 0.0, "it has no peers"


def test_what_is_seen_at_full_weight_is_the_plain_mean_of_the_lessons():
    state = world_of_zeros(provinces=3)
    state.provinces.lesson[1:, 0], state.provinces.lesson_weight[:, :] = (0.2, 0.6), 1.0
    start, index, weight = np.array([0, 2, 2, 2]), np.array([1, 2]), np.array([0.5, 0.5])
    peers.look_around(state.provinces, start, index, weight)
    assert state.provinces[0].seen[0] == approx(0.4)


def learning(**values):
    p, world = province_and_world(peer_learning=0.1, programme_learning=2.0, own_learning=0.0, **values)
    p.belief[:], p.seen[:], p.seen_weight[:] = 0.5, 0.9, 0.5
    peers.learn(p, world)
    return p.belief[0]


def test_belief_moves_towards_what_peers_made_of_it_and_faster_under_a_programme():
    assert learning() == approx(0.5 + 0.1 * 0.5 * 0.4)
    assert learning(peer_programme=0.5) == approx(0.5 + 0.1 * 2 * 0.5 * 0.4)
    assert learning(peer_programme=99.0) == approx(0.9), "belief does not overshoot"


def test_belief_settles_at_the_peers_mean():
    p, world = province_and_world(peer_learning=0.1)
    p.belief[:], p.seen[:], p.seen_weight[:] = 0.2, 0.7, 0.5
    world.assumptions.own_learning = 0.0
    world.assumptions.peer_learning = 0.4
    for _ in range(100):
        peers.learn(p, world)
    assert p.belief.tolist() == approx([0.7] * len(p.belief))


def test_own_citizens_teach_as_far_as_there_is_something_to_see():
    p, world = province_and_world(peer_learning=0.0, own_learning=0.1)
    p.belief[:], p.lesson[:], p.lesson_weight[:] = 0.5, 0.3, 0.4
    peers.learn(p, world)
    assert p.belief[0] == approx(0.5 + 0.1 * (0.3 - 0.4 * 0.5))
    world.assumptions.own_learning = 0.5
    for _ in range(100):
        peers.learn(p, world)
    assert p.belief[0] == approx(0.75), "belief settles at what was taken up where it could be seen: 0.3 / 0.4"


def believing(attribution, good, quarters=12):
    """What becomes of a belief that is true (.4 have access and trust) in a service's first three years."""
    values = {"innovation": 0.02, "imitation": 0.2, "lesson_speed": 0.3, "own_learning": 0.2, "peer_learning": 0.0}
    p, world = province_and_world(attribution=attribution, **values)
    p.connection[CONNECTIVITY], p.trust, p.quality[0], p.belief[0] = 0.8, 0.5, good, 0.4
    for _ in range(quarters):
        peers.learn(p, world)
        citizens.take_up(p, world, 0)
        citizens.signal_to_peers(p, world, 0)
    return p.belief[0]


def test_a_belief_that_is_true_is_not_shaken_by_the_youth_of_a_service():
    for attribution in (0.0, 1.0):
        assert believing(attribution, good=1.0) == approx(0.4)


def test_a_bad_example_shakes_a_true_belief_as_far_as_its_quality_is_not_allowed_for():
    assert believing(1.0, good=0.3) == approx(0.4)
    assert believing(1.0, good=0.3) > believing(0.5, good=0.3) > believing(0.0, good=0.3)


def test_promises_are_judged_in_the_act_of_learning():
    p, world = province_and_world(disappointment=0.1, overdue=1.0)
    p.credence = 0.8
    peers.learn(p, world)
    assert p.credence == approx(0.72)
