"""Reporting: provinces report, the centre audits a share, a score and a rank are published."""

from __future__ import annotations

import math

import numpy as np

from dgsim.world.compiled import rule
from dgsim.world.luck import AUDIT, REPORT, normal, uniform
from dgsim.world.projects import share_online
from dgsim.world.records import Floats, Province, Rows
from dgsim.world.state import METRIC_INDEX, METRIC_SUPPLY, METRIC_USE, N_FOUNDATIONS, N_SERVICES, OFFLINE, World
from dgsim.world.units import QUARTERS, closes_year, opens_year
from dgsim.world.utility import award_stake


@rule
def index(p: Province, world: World, use: float) -> float:
    """The index with this use: supply, use, connection to the foundations, staff and reform."""
    k = world.assumptions
    staffed = min(1.0, p.specialists / p.posts) if p.posts > 0.0 else 0.0
    return (
        k.index_supply * p.counted.sum() / N_SERVICES
        + k.index_use * use
        + k.index_foundations * p.connection.sum() / N_FOUNDATIONS
        + k.index_staff * staffed
        + k.index_reform * p.reform
    )


@rule
def count_services(p: Province, world: World) -> None:
    """The index counts a service fully only after it has been online for some time."""
    for s in range(N_SERVICES):
        online = 1.0 if p.platform[s] != OFFLINE else 0.0
        p.counted[s] += world.assumptions.index_speed * (online - p.counted[s])


@rule
def metric_value(p: Province, world: World, metric: int) -> float:
    """One metric as the province reports it; dossiers that officials filed online count like any other."""
    if metric == METRIC_SUPPLY:
        return min(1.0, share_online(p) + p.padding)
    if metric == METRIC_USE:
        return min(1.0, claimed_use(p) + p.padding * world.assumptions.use_padding)
    return p.reported_index


@rule
def claimed_use(p: Province) -> float:
    """The dossiers a province counts as ended online: those of its officials too, unless an audit struck them off."""
    return p.use if p.struck == 1 else p.full_process


@rule
def stakes(p: Province, world: World) -> float:
    """What hangs on the published figures for a province, 0..1: its rank and its awards."""
    k = world.assumptions
    return min(1.0, k.rank_stake * world.nation.pull + k.award_stake * award_stake(p, world))


@rule
def weight_of_use(world: World, metric: int) -> float:
    """How much of a metric is use."""
    if metric == METRIC_USE:
        return 1.0
    return world.assumptions.index_use if metric == METRIC_INDEX else 0.0


@rule
def use_stakes(p: Province, world: World) -> float:
    """What hangs on the dossiers a province counts as online, 0..1: a campaign for them, its rank, its awards."""
    k = world.assumptions
    policy = world.policy
    ranked = k.rank_stake * world.nation.pull * weight_of_use(world, int(policy.league_metric))
    awarded = k.award_stake * award_stake(p, world) * weight_of_use(world, int(policy.awards_metric))
    return min(1.0, policy.filing_campaign + ranked + awarded)


@rule
def fear(p: Province, world: World) -> float:
    """How much audits, those to be expected and one that is remembered, hold a province back from gaming a figure."""
    return world.assumptions.audit_fear * (world.policy.audit_share + p.caution)


@rule
def report(p: Province, world: World) -> None:
    """Act 9, first half. Where figures are self-reported and much hangs on them, more is reported than is true."""
    k = world.assumptions
    policy = world.policy
    count_services(p, world)
    p.real_index = index(p, world, p.use)
    wanted = (k.usual_padding + k.padding * stakes(p, world)) * (1.0 - k.automatic_share) * math.exp(-fear(p, world))
    p.padding += k.padding_speed * (wanted - p.padding)
    p.caution *= 1.0 - k.forgetting
    if opens_year(world.nation.quarter):
        p.struck = 0
    if uniform(world, p.luck_id, AUDIT, 0) < policy.audit_share / QUARTERS:
        p.caution = 1.0
        p.padding = 0.0
        p.struck = 1
    noise = k.report_noise * normal(world, p.luck_id, REPORT, 0)
    p.reported_index = min(1.0, max(0.0, index(p, world, claimed_use(p)) + p.padding + noise))
    p.award_score = metric_value(p, world, int(policy.awards_metric))
    p.league_score = metric_value(p, world, int(policy.league_metric))


@rule
def publish(world: World, provinces: Rows[Province]) -> None:
    """Act 9, second half. Once a year scores and ranks are published; their pull fades unless priority is kept up."""
    k = world.assumptions
    policy = world.policy
    nation = world.nation
    nation.pull = max(nation.pull * (1.0 - k.rank_fading), policy.sustained_priority * nation.league_started)
    if not closes_year(nation.quarter):
        return
    for i in range(len(provinces)):
        p = provinces[i]
        p.published_index = p.reported_index
    if policy.league_table > 0.0:
        if nation.league_started == 0:
            nation.pull = 1.0
        nation.league_started = 1
        publish_ranks(world, provinces)
    share_awards(world, provinces)


@rule
def passed(ordered: Floats, score: float, ties: bool) -> int:
    """How many of an ordered list a score passes, those that it equals among them or not: by halves.

    numba's own `searchsorted`, for arrays of anything, takes ten times as long to compile.
    """
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < score or (ties and ordered[middle] == score):
            low = middle + 1
        else:
            high = middle
    return low


@rule
def standing_among(ordered: Floats, score: float) -> float:
    """Share of provinces that score lower, ties counted half."""
    below = passed(ordered, score, False)
    return (below + (passed(ordered, score, True) - below) / 2.0) / len(ordered)


@rule
def density(z: float) -> float:
    """The density of the normal distribution at z standard deviations from its mean."""
    return math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi)


@rule
def mean_of(scores: Floats) -> float:
    """The mean of the scores of all."""
    total = 0.0
    for i in range(len(scores)):
        total += scores[i]
    return total / len(scores)


@rule
def spread_of(world: World, scores: Floats) -> float:
    """How far the scores of all lie apart: their standard deviation, and a least one where they hardly differ."""
    mean, squares = mean_of(scores), 0.0
    for i in range(len(scores)):
        squares += (scores[i] - mean) * (scores[i] - mean)
    return max(world.assumptions.least_spread, math.sqrt(squares / len(scores)))


@rule
def slope(spread: float, gap: float) -> float:
    """Rivals, as a part of all, whom a point more passes: by their spread, and how far they are off (the gap)."""
    return density(gap / spread) / spread


@rule
def publish_ranks(world: World, provinces: Rows[Province]) -> None:
    """Ranks in the league table, 0 last and 1 first; one pulls more at the bottom (Burgess and others 2013)."""
    k = world.assumptions
    scores = np.empty(len(provinces))
    for i in range(len(provinces)):
        scores[i] = provinces[i].league_score
    scores.sort()
    mean, spread = mean_of(scores), spread_of(world, scores)
    for i in range(len(provinces)):
        p = provinces[i]
        p.published_rank = standing_among(scores, p.league_score)
        pull = 1.0 + k.rank_bottom * (1.0 - 2.0 * p.published_rank)
        p.rank_slope = pull * slope(spread, p.league_score - mean)


@rule
def share_awards(world: World, provinces: Rows[Province]) -> None:
    """Awards go in equal parts to the provinces that came out on top, one at least; ties on the edge share."""
    policy = world.policy
    if policy.awards <= 0.0:
        return
    n = len(provinces)
    scores = np.empty(n)
    for i in range(n):
        scores[i] = provinces[i].award_score
    scores.sort()
    least = scores[n - max(1, round(policy.award_winners * n))]
    winners = n - passed(scores, least, False)
    spread = spread_of(world, scores)
    for i in range(n):
        p = provinces[i]
        p.award_share = 1.0 / winners if p.award_score >= least else 0.0
        p.award_slope = slope(spread, p.award_score - least)
