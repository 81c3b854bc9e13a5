"""Reporting, by hand: the index, padding, audits, ranks and awards."""

from __future__ import annotations

import math

import pytest

from dgsim.world import reporting
from dgsim.world.luck import AUDIT, REPORT, normal, uniform
from dgsim.world.state import (
    METRIC_INDEX,
    METRIC_SUPPLY,
    METRIC_USE,
    N_FOUNDATIONS,
    N_SERVICES,
    OWN,
    SHARED,
)
from world_of_zeros import approx, province_and_world, slow_when_plain, world_of_zeros


def test_supply_is_the_share_of_the_catalogue_that_is_online():
    p, _ = province_and_world()
    assert reporting.supply(p) == 0.0
    p.platform[:3] = OWN, SHARED, OWN
    assert reporting.supply(p) == approx(3 / N_SERVICES)


def indexed():
    p, world = province_and_world(
        index_supply=0.31,
        index_use=0.21,
        index_foundations=0.19,
        index_staff=0.16,
        index_reform=0.13,
    )
    p.counted[:2], p.digital, p.connection[:3] = (1.0, 0.5), 0.3, 0.8
    p.posts, p.specialists, p.reform = 50.0, 40.0, 0.6
    return p, world


def test_the_index_is_the_weighted_sum_of_its_pillars():
    p, world = indexed()
    pillars = 0.31 * 1.5 / N_SERVICES + 0.21 * 0.3 + 0.19 * 2.4 / N_FOUNDATIONS + 0.16 * 0.8 + 0.13 * 0.6
    assert reporting.index(p, world) == approx(pillars)
    p.specialists = 99.0
    assert reporting.index(p, world) == approx(pillars + 0.16 * 0.2), "staff beyond the posts does not count"
    p.posts, p.specialists = 0.5, 0.25
    assert reporting.index(p, world) == approx(pillars - 0.16 * 0.3)
    p.posts = 0.0
    assert reporting.index(p, world) == approx(pillars - 0.16 * 0.8), "without posts nothing is staffed"


def test_a_service_counts_fully_only_after_a_time_online():
    p, world = province_and_world(index_speed=0.25)
    p.platform[0], p.counted[1] = OWN, 0.8
    reporting.count_services(p, world)
    assert p.counted[0] == 0.25
    assert p.counted[1] == approx(0.6), "what went offline is forgotten as slowly"
    reporting.count_services(p, world)
    assert p.counted[0] == approx(0.4375)


def test_a_metric_is_reported_with_its_padding_and_never_above_all():
    p, world = province_and_world(use_padding=0.3)
    p.digital, p.platform[0], p.padding, p.reported_index = 0.4, OWN, 0.2, 0.77
    assert reporting.metric_value(p, world, METRIC_SUPPLY) == approx(1 / N_SERVICES + 0.2)
    assert reporting.metric_value(p, world, METRIC_USE) == approx(0.4 + 0.3 * 0.2)
    assert reporting.metric_value(p, world, METRIC_INDEX) == 0.77
    p.digital, p.platform[:], p.padding = 1.0, OWN, 0.5
    assert reporting.metric_value(p, world, METRIC_SUPPLY) == 1.0
    assert reporting.metric_value(p, world, METRIC_USE) == 1.0


def test_stakes_are_rank_and_awards_and_at_most_all():
    p, world = province_and_world(rank_stake=0.5, award_stake=2.0, pull=0.6, awards=0.2, award_winners=1.0)
    p.yearly_money = 1_000.0  # an award of 200 million VND: 0.2 of a year's money
    assert reporting.stakes(p, world) == approx(0.5 * 0.6 + 2.0 * 0.2)
    world.assumptions.award_stake = 9.0
    assert reporting.stakes(p, world) == 1.0


def padding(p0=0.0, caution=0.0, noise=0.0, **values):
    p, world = province_and_world(
        usual_padding=0.1,
        padding=0.3,
        automatic_share=0.2,
        audit_fear=1.5,
        padding_speed=0.25,
        forgetting=0.1,
        report_noise=noise,
        rank_stake=1.0,
        **values,
    )
    p.padding, p.caution = p0, caution
    return p, world


def test_padding_settles_at_what_is_wanted():
    """(0.1 + 0.3 x stakes) x 0.8 of the index that is not automatic."""
    p, world = padding(pull=0.5)
    reporting.report(p, world)
    assert p.padding == approx(0.25 * 0.25 * 0.8)
    for _ in range(200):
        reporting.report(p, world)
    assert p.padding == approx(0.25 * 0.8)


def test_fear_of_audits_holds_padding_back_and_is_forgotten():
    p, world = padding(caution=0.5)
    reporting.report(p, world)
    assert p.padding == approx(0.25 * 0.1 * 0.8 * math.exp(-1.5 * 0.5))
    assert p.caution == approx(0.45)
    assert p.padding < 0.25 * 0.1 * 0.8, "fear makes modest"


def test_the_share_that_is_audited_is_feared_too():
    p, world = padding(audit_share=0.2)
    luck = uniform(world, p.luck_id, AUDIT, 0)
    assert luck > 0.2 / 4, "this province is not audited itself"
    reporting.report(p, world)
    assert p.padding == approx(0.25 * 0.1 * 0.8 * math.exp(-1.5 * 0.2))


def test_an_audit_ends_padding_and_is_remembered():
    """A share of provinces a year is audited, a quarter of it in a quarter."""
    p, world = padding(p0=0.2)
    luck = uniform(world, p.luck_id, AUDIT, 0)
    for share, audited in ((luck * 3.999, False), (luck * 4.001, True)):
        world.policy.audit_share = share
        reporting.report(p, world)
        assert (p.padding == 0.0) == audited
        assert p.caution == audited


@slow_when_plain
def test_a_share_of_provinces_is_audited_in_a_year():
    """One in two a year is one in eight a quarter."""
    state = world_of_zeros(provinces=1, audit_share=0.5)
    p, audited = state.provinces[0], 0
    for province in range(4000):
        p.luck_id, p.caution = province, 0.0
        reporting.report(p, state.world)
        audited += p.caution == 1.0
    assert abs(audited / 4000 - 1 / 8) < 4 * math.sqrt(1 / 8 * 7 / 8 / 4000)


def test_what_is_reported_is_the_truth_and_the_padding_and_noise():
    p, world = indexed()
    world.assumptions.report_noise, world.assumptions.padding_speed = 0.02, 0.0
    p.padding = 0.05
    reporting.report(p, world)
    assert p.real_index == approx(reporting.index(p, world))
    z = normal(world, 0, REPORT, 0)
    assert p.reported_index == approx(p.real_index + 0.05 + 0.02 * z)
    assert p.award_score == p.league_score == reporting.metric_value(p, world, METRIC_SUPPLY), "metric 0 is supply"
    world.policy.awards_metric, world.policy.league_metric = METRIC_USE, METRIC_INDEX
    reporting.report(p, world)
    assert p.award_score == reporting.metric_value(p, world, METRIC_USE)
    assert p.league_score == p.reported_index


@pytest.mark.parametrize(("padded", "reported"), [(9.0, 1.0), (-9.0, 0.0)])
def test_a_reported_index_lies_between_nothing_and_all(padded, reported):
    p, world = padding(p0=padded)
    reporting.report(p, world)
    assert p.reported_index == reported


def publishing(quarter=3, **values):
    state = world_of_zeros(provinces=4, quarter=quarter, rank_fading=0.1, awards_metric=0, **values)
    state.provinces.reported_index = 0.1, 0.2, 0.3, 0.4
    state.provinces.league_score = 0.5, 0.9, 0.5, 0.1
    state.provinces.award_score = 0.3, 0.3, 0.2, 0.1
    state.provinces.published_index = 0.7
    reporting.publish(state.world, state.provinces)
    return state


def test_scores_are_published_at_the_end_of_a_year_only():
    for quarter in range(12):
        published = publishing(quarter).provinces.published_index.tolist()
        assert published == ([0.1, 0.2, 0.3, 0.4] if quarter in (3, 7, 11) else [0.7] * 4), quarter


def test_a_rank_is_the_share_that_scores_lower_ties_counted_half():
    state = publishing(league_table=1.0)
    assert state.provinces.published_rank.tolist() == [0.5, 0.875, 0.5, 0.125]
    assert publishing(league_table=0.0).provinces.published_rank.tolist() == [0.0] * 4


def test_the_pull_of_a_table_is_full_when_first_published_and_then_fades():
    assert publishing(league_table=1.0).world.nation.pull == 1.0
    assert publishing(league_table=1.0).world.nation.league_started == 1
    assert publishing(league_table=1.0, league_started=1, pull=0.8).world.nation.pull == approx(0.72)
    assert publishing(2, league_started=1, pull=0.5, sustained_priority=0.3).world.nation.pull == approx(0.45)
    assert publishing(2, league_started=1, pull=0.2, sustained_priority=0.3).world.nation.pull == approx(0.3)
    assert publishing(2, sustained_priority=0.3).world.nation.pull == 0.0, "no priority without a table"


def test_awards_go_in_equal_parts_to_those_on_top_and_ties_on_the_edge_share():
    assert publishing(awards=5.0, award_winners=0.25).provinces.award_share.tolist() == [0.5, 0.5, 0.0, 0.0]
    assert publishing(awards=5.0, award_winners=0.75).provinces.award_share.tolist() == approx([1 / 3] * 3 + [0.0])
    assert publishing(awards=5.0, award_winners=1.0).provinces.award_share.tolist() == [0.25] * 4
    assert publishing(awards=0.0, award_winners=1.0).provinces.award_share.tolist() == [0.0] * 4
    assert publishing(awards=0.5, award_winners=1.0).provinces.award_share.tolist() == [0.25] * 4, "however little"
    assert publishing(awards=5.0, award_winners=0.01).provinces.award_share.tolist() == [0.0] * 4
