"""Reporting, by hand: the index, padding, audits, ranks and awards."""

from __future__ import annotations

import math

import numpy as np
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
)
from world_of_zeros import approx, province_and_world, slow_when_plain, world_of_zeros


def indexed():
    p, world = province_and_world(
        index_supply=0.31,
        index_use=0.21,
        index_foundations=0.19,
        index_staff=0.16,
        index_reform=0.13,
    )
    p.counted[:2], p.connection[:3] = (1.0, 0.5), 0.8
    p.posts, p.specialists, p.reform = 50.0, 40.0, 0.6
    return p, world


def test_the_index_is_the_weighted_sum_of_its_pillars():
    p, world = indexed()
    pillars = 0.31 * 1.5 / N_SERVICES + 0.21 * 0.3 + 0.19 * 2.4 / N_FOUNDATIONS + 0.16 * 0.8 + 0.13 * 0.6
    assert reporting.index(p, world, 0.3) == approx(pillars)
    assert reporting.index(p, world, 0.5) == approx(pillars + 0.21 * 0.2), "whose use it is, is for who asks"
    p.specialists = 99.0
    assert reporting.index(p, world, 0.3) == approx(pillars + 0.16 * 0.2), "staff beyond the posts does not count"
    p.posts, p.specialists = 0.5, 0.25
    assert reporting.index(p, world, 0.3) == approx(pillars - 0.16 * 0.3)
    p.posts = 0.0
    assert reporting.index(p, world, 0.3) == approx(pillars - 0.16 * 0.8), "without posts nothing is staffed"


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
    p.use, p.full_process, p.any_step = 0.1, 0.4, 0.9
    p.platform[0], p.padding, p.reported_index = OWN, 0.2, 0.77
    assert reporting.metric_value(p, world, METRIC_SUPPLY) == approx(1 / N_SERVICES + 0.2)
    assert reporting.metric_value(p, world, METRIC_USE) == approx(0.4 + 0.3 * 0.2), "whoever filed what ended online"
    assert reporting.metric_value(p, world, METRIC_INDEX) == 0.77
    p.full_process, p.platform[:], p.padding = 1.0, OWN, 0.5
    assert reporting.metric_value(p, world, METRIC_SUPPLY) == 1.0
    assert reporting.metric_value(p, world, METRIC_USE) == 1.0


def test_stakes_are_rank_and_awards_and_at_most_all():
    p, world = province_and_world(rank_stake=0.5, award_stake=2.0, pull=0.6, awards=0.2, award_winners=1.0)
    p.yearly_money = 1_000.0  # an award of 200 million VND: 0.2 of a year's money
    assert reporting.stakes(p, world) == approx(0.5 * 0.6 + 2.0 * 0.2)
    world.assumptions.award_stake = 9.0
    assert reporting.stakes(p, world) == 1.0


def test_use_weighs_in_a_metric_of_use_fully_in_the_index_by_its_weight_and_in_supply_not_at_all():
    _, world = province_and_world(index_use=0.21)
    weights = [reporting.weight_of_use(world, metric) for metric in (METRIC_SUPPLY, METRIC_USE, METRIC_INDEX)]
    assert weights == [0.0, 1.0, 0.21]


def hanging_on_dossiers(league_metric=METRIC_USE, awards_metric=METRIC_USE, campaign=0.0, award_stake=0.5):
    """A rank that pulls by .6, and an award of 200 million VND against 1,000 a year."""
    p, world = province_and_world(
        rank_stake=0.5, award_stake=award_stake, pull=0.6, awards=0.2, award_winners=1.0, index_use=0.2
    )
    p.yearly_money, world.policy.filing_campaign = 1_000.0, campaign
    world.policy.league_metric, world.policy.awards_metric = league_metric, awards_metric
    return reporting.use_stakes(p, world)


def test_on_dossiers_hangs_a_campaign_and_what_ranks_and_awards_count_of_them():
    assert hanging_on_dossiers() == approx(0.5 * 0.6 + 0.5 * 0.2)
    assert hanging_on_dossiers(league_metric=METRIC_INDEX) == approx(0.5 * 0.6 * 0.2 + 0.5 * 0.2)
    assert hanging_on_dossiers(awards_metric=METRIC_INDEX) == approx(0.5 * 0.6 + 0.5 * 0.2 * 0.2)
    assert hanging_on_dossiers(METRIC_SUPPLY, METRIC_SUPPLY) == 0.0, "who ranks supply asks for no dossier"
    assert hanging_on_dossiers(METRIC_SUPPLY, METRIC_SUPPLY, campaign=0.25) == approx(0.25)
    assert hanging_on_dossiers(campaign=0.25) == approx(0.25 + 0.3 + 0.1)
    assert hanging_on_dossiers(award_stake=99.0) == 1.0


def test_audits_are_feared_that_are_to_be_expected_and_that_are_remembered():
    p, world = province_and_world(audit_fear=0.4, audit_share=0.3)
    assert reporting.fear(p, world) == approx(0.12)
    p.caution = 0.5
    assert reporting.fear(p, world) == approx(0.32)


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
def test_what_officials_filed_is_struck_off_by_an_audit_until_the_year_is_over():
    state = world_of_zeros(audit_share=4.0, league_metric=METRIC_USE, awards_metric=METRIC_USE, report_noise=0.0)
    p, world = state.provinces[0], state.world
    p.use, p.full_process = 0.1, 0.4
    assert reporting.claimed_use(p) == 0.4
    reporting.report(p, world)  # an audit in every quarter
    assert (p.struck, reporting.claimed_use(p)) == (1, 0.1)
    assert p.league_score == p.award_score == approx(0.1)
    world.policy.audit_share = 0.0
    for quarter, struck in ((3, 1), (4, 0)):
        world.nation.quarter = quarter
        reporting.report(p, world)
        reporting.publish(world, state.provinces)
        assert p.struck == struck, "the year's figures are out, and counted anew in the first quarter"


def test_a_share_of_provinces_is_audited_in_a_year():
    """One in two a year is one in eight a quarter."""
    state = world_of_zeros(provinces=1, audit_share=0.5)
    p, audited = state.provinces[0], 0
    for province in range(4000):
        p.luck_id, p.caution = province, 0.0
        reporting.report(p, state.world)
        audited += p.caution == 1.0
    assert abs(audited / 4000 - 1 / 8) < 4 * math.sqrt(1 / 8 * 7 / 8 / 4000)


def test_what_is_reported_is_the_truth_the_dossiers_officials_filed_padding_and_noise():
    p, world = indexed()
    world.assumptions.report_noise, world.assumptions.padding_speed, world.assumptions.index_speed = 0.02, 0.0, 0.0
    p.padding, p.use, p.full_process, p.platform[0] = 0.05, 0.3, 0.5, OWN
    reporting.report(p, world)
    truth = reporting.index(p, world, 0.0) + 0.21 * 0.3
    assert p.real_index == approx(truth), "only what citizens file themselves is truly used"
    z = normal(world, 0, REPORT, 0)
    assert p.reported_index == approx(truth + 0.21 * 0.2 + 0.05 + 0.02 * z)
    assert p.award_score == p.league_score == approx(1 / N_SERVICES + 0.05), "metric 0 is supply"
    world.policy.awards_metric, world.policy.league_metric = METRIC_USE, METRIC_INDEX
    reporting.report(p, world)
    assert p.award_score == reporting.metric_value(p, world, METRIC_USE)
    assert p.league_score == p.reported_index


def test_services_are_counted_before_the_index_is_told():
    p, world = padding(index_speed=0.25, index_supply=0.4)
    p.platform[:] = OWN
    reporting.report(p, world)
    assert p.real_index == approx(0.4 * 0.25)


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


@pytest.mark.parametrize(("z", "density"), [(0.0, 0.398942), (1.0, 0.241971), (-1.0, 0.241971), (2.0, 0.053991)])
def test_the_density_of_the_normal_distribution_is_that_of_its_tables(z, density):
    assert reporting.density(z) == approx(density, abs=1e-6)


def test_a_point_passes_the_more_rivals_the_closer_they_lie_and_the_nearer_one_is_to_most():
    _, world = province_and_world(least_spread=0.04)
    spread = reporting.spread_of(world, np.array([0.2, 0.6]))
    assert spread == approx(0.2)
    assert reporting.slope(spread, 0.0) == approx(0.398942 / 0.2, rel=1e-5)
    assert reporting.slope(spread, 0.2) == approx(0.241971 / 0.2, rel=1e-5)
    assert reporting.slope(spread, -0.4) == approx(0.053991 / 0.2, rel=1e-5)
    assert reporting.spread_of(world, np.array([0.5, 0.5])) == 0.04, "no spread is less than the least"


@slow_when_plain
def test_a_point_passes_as_many_rivals_as_the_slope_says():
    """2,000 normal scores of mean .5 and spread .1: a hundredth more passes about the slope times a hundredth."""
    _, world = province_and_world(least_spread=0.01)
    scores = np.array([0.5 + 0.1 * normal(world, province, REPORT, 0) for province in range(2_000)])
    scores.sort()
    spread = reporting.spread_of(world, scores)
    for score in (0.4, 0.5, 0.65):
        above = reporting.standing_among(scores, score + 0.01)
        below = reporting.standing_among(scores, score - 0.01)
        told = 0.02 * reporting.slope(spread, score - scores.mean())
        assert above - below == approx(told, abs=0.012), score


def test_a_rank_pulls_as_a_tournament_and_more_at_the_bottom():
    # scores .5, .9, .5, .1: mean .5, spread (.32 / 4) ** .5 = .282843; .4 off is 1.414214 spreads: density .146763
    state = publishing(league_table=1.0, rank_bottom=0.6)
    middle, edge = 0.398942 / 0.282843, 0.146763 / 0.282843
    # ranks .5, .875, .5, .125: the pull 1 + .6 x (1 - 2 x rank)
    expected = [middle, edge * (1 - 0.6 * 0.75), middle, edge * (1 + 0.6 * 0.75)]
    assert state.provinces.rank_slope.tolist() == approx(expected, rel=1e-5)
    assert publishing(2, league_table=1.0).provinces.rank_slope.tolist() == [0.0] * 4, "as long as none is published"
    assert publishing(league_table=0.0).provinces.rank_slope.tolist() == [0.0] * 4


def test_the_pull_of_a_table_is_full_when_first_published_and_then_fades():
    assert publishing(league_table=1.0).world.nation.pull == 1.0
    assert publishing(league_table=1.0).world.nation.league_started == 1
    assert publishing(league_table=1.0, league_started=1, pull=0.8).world.nation.pull == approx(0.72)
    assert publishing(2, league_started=1, pull=0.5, sustained_priority=0.3).world.nation.pull == approx(0.45)
    assert publishing(2, league_started=1, pull=0.2, sustained_priority=0.3).world.nation.pull == approx(0.3)
    assert publishing(2, sustained_priority=0.3).world.nation.pull == 0.0, "no priority without a table"


def awarded(winners, scores=(0.3, 0.3, 0.2, 0.1), **values):
    state = world_of_zeros(provinces=len(scores), quarter=3, award_winners=winners, **{"awards": 5.0, **values})
    state.provinces.award_score = scores
    reporting.publish(state.world, state.provinces)
    return state.provinces


def test_awards_go_in_equal_parts_to_those_on_top_and_ties_on_the_edge_share():
    assert awarded(0.25).award_share.tolist() == [0.5, 0.5, 0.0, 0.0]
    assert awarded(0.75).award_share.tolist() == approx([1 / 3] * 3 + [0.0])
    assert awarded(1.0).award_share.tolist() == [0.25] * 4
    assert awarded(1.0, awards=0.0).award_share.tolist() == [0.0] * 4
    assert awarded(1.0, awards=0.5).award_share.tolist() == [0.25] * 4, "however little"
    assert awarded(0.01).award_share.tolist() == [0.5, 0.5, 0.0, 0.0], "who is on top wins, however few are to"


def test_awards_are_not_lost_where_most_tie_on_top():
    """Once nearly all is online everywhere, most provinces report full supply: they share, whatever is to win."""
    assert awarded(0.25, (1.0, 1.0, 1.0, 0.4)).award_share.tolist() == approx([1 / 3] * 3 + [0.0])
    assert awarded(0.25, (0.7,) * 5).award_share.tolist() == approx([0.2] * 5)
    assert awarded(0.25, (0.7,)).award_share.tolist() == [1.0]


@pytest.mark.parametrize(("winners", "many"), [(0.05, 3), (0.25, 16), (0.5, 32), (1.0, 63)])
def test_as_many_of_63_win_as_the_share_says_to_the_nearest(winners, many):
    # 3.15, 15.75, 31.5 and 63 of 63
    shares = awarded(winners, tuple(i / 100 for i in range(63))).award_share
    assert (shares > 0.0).sum() == many
    assert shares.sum() == approx(1.0)
    assert shares[-1] > 0.0, "the best win, not the last"


def test_a_point_is_worth_the_most_to_who_is_near_the_edge_of_an_award():
    # scores .9, .5, .5, .1, half win: the edge is .5; spread .282843; .4 off is 1.414214 spreads: density .146763
    slopes = awarded(0.5, (0.9, 0.5, 0.5, 0.1)).award_slope
    assert slopes.tolist() == approx([v / 0.282843 for v in (0.146763, 0.398942, 0.398942, 0.146763)], rel=1e-5)
    # a quarter wins: the edge is .9, and .8 off are 2.828427 spreads: density .007307
    slopes = awarded(0.25, (0.9, 0.5, 0.5, 0.1)).award_slope
    assert slopes.tolist() == approx([v / 0.282843 for v in (0.398942, 0.146763, 0.146763, 0.007307)], rel=1e-4)


def test_no_award_is_shared_out_before_the_years_end():
    state = world_of_zeros(provinces=2, quarter=2, award_winners=0.5, awards=5.0)
    state.provinces.award_score = 0.4, 0.6
    reporting.publish(state.world, state.provinces)
    assert state.provinces.award_share.tolist() == [0.0, 0.0]
