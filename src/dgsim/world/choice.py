"""Choosing: which projects a province starts, by random utility, and why.

A province weighs every option it has, adds what the model does not see (a Gumbel number, so that it is the
multinomial logit of McFadden 1974), ranks them, and starts from the top what its money and people allow,
until waiting looks better. Taking options in the order of utility plus Gumbel noise is drawing them one by one
without replacement with logit odds (Yellott 1977).

At most four options are open on one place at a time, so that one call of the cipher serves them all.
"""

from __future__ import annotations

import numpy as np

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import CHOOSING, four, gumbel, uniform
from dgsim.world.money import BVND, matching_rate, running_cost
from dgsim.world.projects import (
    chance_failed,
    counts_for_matching,
    ease,
    platform_after,
    project_cost,
    project_effort,
    puts_online,
    redesigns,
    start_project,
)
from dgsim.world.services import (
    depth_of_redesign,
    look_at_foundations,
    outlook,
    platform_usable,
    reach,
    redesign_factor,
)
from dgsim.world.staff import capacity
from dgsim.world.state import (
    CONNECT,
    METRIC_INDEX,
    METRIC_SUPPLY,
    METRIC_USE,
    MIGRATE,
    N_FOUNDATIONS,
    N_PROJECTS,
    N_SERVICES,
    OFFLINE,
    OWN,
    OWN_AS_IS,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED_AS_IS,
    SHARED_PLATFORM,
    WAIT,
)

NO_PLACE = -1
NOTHING = (WAIT, WAIT)  # no option is open


@rule
def believed_quality(p, world, s, platform, depth, completeness):
    """The quality a province believes a service will have, counting on the foundations it trusts to arrive."""
    if platform == OFFLINE:
        return 0.0
    return outlook(p, s, platform) * redesign_factor(world, depth) * completeness


@rule
def believed_gain(p, world, option, s):
    """What an option on a service adds to its believed quality."""
    now = believed_quality(p, world, s, p.platform[s], p.depth[s], p.completeness[s])
    depth = max(p.depth[s], depth_of_redesign(p, world)) if redesigns(option) else p.depth[s]
    completeness = p.completeness[s] if option == MIGRATE else 1.0
    return believed_quality(p, world, s, platform_after(p, option, s), depth, completeness) - now


@rule
def connection_gain(p, world, f):
    """What connecting to a foundation adds to the believed worth of all services, mean of the services."""
    services = world.services
    level = reach(p, world, f, world.nation.readiness[f], 1.0) - p.available[f]
    gain = 0.0
    for s in range(N_SERVICES):
        if f == SHARED_PLATFORM:
            gain += world.assumptions.platform_appeal * services.worth[s] * p.belief[s]
        elif p.platform[s] != OFFLINE:
            good = believed_quality(p, world, s, p.platform[s], p.depth[s], p.completeness[s])
            gain += services.worth[s] * p.belief[s] * good * services.needs[s, f] * level
    return gain


@rule
def metric_gain(p, world, metric, option, place, gain):
    """What an option adds to a published metric, in points (0..1), as the province believes it."""
    k = world.assumptions
    if option == CONNECT:
        added = (1.0 - p.connection[place - N_SERVICES]) / N_FOUNDATIONS
        return k.index_foundations * added if metric == METRIC_INDEX else 0.0
    supply = 1.0 / N_SERVICES if puts_online(option) else 0.0
    use = world.services.transactions_per_head[place] / world.nation.all_transactions * p.belief[place] * gain
    if metric == METRIC_SUPPLY:
        return supply
    if metric == METRIC_USE:
        return use
    reform = k.reform_learning * (1.0 - p.reform) if redesigns(option) else 0.0
    return k.index_supply * supply + k.index_use * use + k.index_reform * reform


@rule
def award_stake(p, world):
    """What winning an award is worth to a province against its yearly money, at most 1."""
    policy = world.policy
    winners = max(1.0, policy.award_winners * world.nation.provinces)
    return min(1.0, policy.awards * BVND / winners / max(1.0, p.yearly_money))


@inner_rule
def reward(p, world, option, place, gain):
    """The pull of a published rank and of awards, each as its metric counts the option."""
    k = world.assumptions
    policy = world.policy
    total = 0.0
    if world.nation.pull > 0.0:
        metric = np.int64(policy.league_metric)
        total += k.rank_pull * world.nation.pull * metric_gain(p, world, metric, option, place, gain)
    if policy.awards > 0.0:
        metric = np.int64(policy.awards_metric)
        total += k.award_pull * award_stake(p, world) * metric_gain(p, world, metric, option, place, gain)
    return total


@rule
def price(p, world, option, cost):
    """What a project costs the province itself, after matching, against its yearly money."""
    borne = 1.0
    if counts_for_matching(world, option):
        borne -= matching_rate(p, world) * world.nation.matching_factor
    return cost * borne / max(1.0, p.yearly_money)


@rule
def platform_patience(p, world, option, place):
    """What speaks against an own platform while the shared one is promised, believed and near."""
    k = world.assumptions
    if world.nation.platform_stands == 1 or option == CONNECT or platform_after(p, option, place) != OWN:
        return 0.0
    return k.patience * p.credence * world.nation.closeness[SHARED_PLATFORM]


@rule
def running_gain(p, world, option, place):
    """What moving to the shared platform saves of the yearly money, in running costs over the years planned for."""
    if option != MIGRATE:
        return 0.0
    k = world.assumptions
    saved = running_cost(p, world, place) * (1.0 - k.shared_cost) * 4.0 * k.plan_years
    return saved / max(1.0, p.yearly_money)


@inner_rule
def attractions(p, world, option, place):
    """The parts of an option's utility that may speak for it whatever it costs: benefit, reward, mandate."""
    k = world.assumptions
    if option == CONNECT:
        benefit = k.care * connection_gain(p, world, place - N_SERVICES)
        return benefit, reward(p, world, option, place, 0.0), 0.0
    gain = believed_gain(p, world, option, place)
    benefit = k.care * world.services.worth[place] * p.belief[place] * gain
    mandate = k.mandate_pull * world.nation.mandate_pressure if puts_online(option) else 0.0
    return benefit, reward(p, world, option, place, gain), mandate


@rule
def reluctance(p, world, option, place):
    """What speaks against the effort of a redesign: the more complex the service, and the less skill to reform."""
    if not redesigns(option):
        return 0.0
    return -world.assumptions.redesign_aversion * world.services.complexity[place] * (1.0 - p.reform)


@rule
def burdens(p, world, option, place, free):
    """The other parts: cost (less what it saves), effort, risk, patience."""
    k = world.assumptions
    cost, own_share = terms(p, world, option, place, free)
    failed = chance_failed(world, ease(p, world, option, place, own_share))
    return (
        k.thrift * (running_gain(p, world, option, place) - price(p, world, option, cost)),
        reluctance(p, world, option, place),
        -k.risk_aversion * failed,
        -platform_patience(p, world, option, place),
    )


@rule
def inertia(p, world):
    """The utility of waiting: the less capable a province, the greater."""
    k = world.assumptions
    return k.inertia - k.drive * p.capability


@rule
def open_options(p, world, place):
    """The options a province could start on a service or foundation: the first, and the one behind the last.

    What is open at one time stands together in the order of options: ways to go online; ways to better what is
    online or to move it; connecting.
    """
    if p.project[place] != 0:
        return NOTHING
    if place >= N_SERVICES:
        return (CONNECT, WAIT) if connectable(p, world, place - N_SERVICES) else NOTHING
    if p.platform[place] == OFFLINE:
        return OWN_AS_IS, REDESIGN if platform_usable(p, world) else SHARED_AS_IS
    unfinished = p.redesigned[place] == 0 or p.completeness[place] < world.assumptions.good_enough
    if p.platform[place] == OWN and platform_usable(p, world):
        return REDESIGN if unfinished else MIGRATE, CONNECT
    return (REDESIGN, REDESIGN_ON_SHARED) if unfinished else NOTHING


@rule
def connectable(p, world, f):
    """Whether a province could connect to a foundation: it stands far enough, and the province is not connected yet."""
    unfinished = f > 0 and p.connection[f] < 0.999
    return unfinished and world.nation.readiness[f] >= world.assumptions.connectable


@rule
def quarters_of_money(world):
    """For how many quarters ahead a province may count on its money: to the year's end, or to the plan's."""
    quarter = world.nation.quarter
    if world.policy.budget_rule == 0.0:
        return 3 - quarter % 4
    length = 4 * np.int64(world.assumptions.plan_years)
    return min(np.int64(world.assumptions.longest_view), (3 - quarter) % length)


@rule
def spare_money(p, world):
    """Money a province can bind in new projects: in hand and in sight, less running costs and what it owes."""
    steady = max(0.0, p.yearly_money / 4.0 - p.running_cost)
    return p.cash + p.undrawn + steady * quarters_of_money(world) - p.project_owed.sum()


@rule
def contracted_part(p, world, effort, free):
    """Effort that must be bought from contractors; negative if more would be needed than is allowed."""
    contracted = max(0.0, effort - free)
    return contracted if contracted <= world.policy.contractors_allowed * effort else -1.0


@rule
def cost_with_contractors(p, world, option, place, contracted, effort):
    """Cost of a project with the markup on its contracted part (million VND)."""
    return project_cost(p, world, option, place) * (1.0 + world.assumptions.contractor_markup * contracted / effort)


@rule
def terms(p, world, option, place, free):
    """What a project would cost (million VND) with so many people free, and the share of its work they would do."""
    effort = project_effort(world, option, place)
    contracted = max(0.0, effort - free)
    return cost_with_contractors(p, world, option, place, contracted, effort), 1.0 - contracted / effort


@rule
def choose(p, world, choices):
    """Act 6. Weigh every open option, rank them, and start from the top until waiting is better."""
    look_at_foundations(p, world)
    nation = world.nation
    first = nation.choices_length
    record = recording(p, world, choices)
    free = capacity(p, world)
    luck = uniform(world, p.luck_id, CHOOSING, N_PROJECTS)
    waiting = inertia(p, world) + world.assumptions.noise * gumbel(luck)
    if record:
        write_down(p, world, choices, WAIT, NO_PLACE, free, luck)
    n = 0
    for place in range(N_PROJECTS):
        first_option, behind = open_options(p, world, place)
        if first_option == behind:
            continue
        lucks = four(world, p.luck_id, CHOOSING, place)
        for option in range(first_option, behind):
            luck = lucks[option % 4]
            utility = weigh(p, world, option, place, free, luck, waiting)
            if record:
                write_down(p, world, choices, option, place, free, luck)
            if utility > waiting:
                nation.open_option[n] = option
                nation.open_place[n] = place
                nation.open_utility[n] = utility
                n += 1
    start_from_the_top(p, world, n, choices, first)


@inner_rule
def weigh(p, world, option, place, free, luck, waiting):
    """The utility of one option, or minus infinity if no noise could lift it above waiting.

    What speaks for an option is looked at first: most are out of reach before anyone has asked for their price.
    """
    k = world.assumptions
    benefit, awarded, mandate = attractions(p, world, option, place)
    saved = k.thrift * running_gain(p, world, option, place)
    if out_of_reach(world, benefit + awarded + mandate + saved + reluctance(p, world, option, place), luck, waiting):
        return -np.inf
    cost, effort, risk, patience = burdens(p, world, option, place, free)
    known = benefit + awarded + mandate + cost + effort + risk + patience
    if out_of_reach(world, known, luck, waiting):
        return -np.inf
    return known + k.noise * gumbel(luck)


@rule
def out_of_reach(world, known, luck, waiting):
    """Whether no noise could lift an option whose known utility is at most this above waiting, told without logarithms.

    A Gumbel number is above t only if 1 - luck < exp(-t). Where t > 0, exp(t) > 1 + t + t**2 / 2 + t**3 / 6; where not,
    that polynomial is at most 1, and nothing is given up.
    """
    t = (waiting - known) / world.assumptions.noise
    return (1.0 - luck) * (1.0 + t * (1.0 + t * (0.5 + t / 6.0))) > 1.0


@rule
def start_from_the_top(p, world, n, choices, first):
    """Start the best of the n open options one after the other, as far as people and money allow."""
    nation = world.nation
    started = 0
    while started < world.assumptions.most_starts:
        best = -1
        for i in range(n):
            if nation.open_utility[i] > -np.inf and (best < 0 or nation.open_utility[i] > nation.open_utility[best]):
                best = i
        if best < 0:
            return
        nation.open_utility[best] = -np.inf
        option, place = nation.open_option[best], nation.open_place[best]
        if try_to_start(p, world, option, place):
            started += 1
            mark_started(world, choices, first, option, place, started)
            for i in range(n):
                if nation.open_place[i] == place:
                    nation.open_utility[i] = -np.inf


@rule
def try_to_start(p, world, option, place):
    """Start a project if people and money allow."""
    effort = project_effort(world, option, place)
    contracted = contracted_part(p, world, effort, capacity(p, world))
    if contracted < 0.0:
        return False
    cost = cost_with_contractors(p, world, option, place, contracted, effort)
    if cost > spare_money(p, world):
        return False
    start_project(p, world, option, place, effort - contracted, contracted, cost)
    return True


@rule
def recording(p, world, choices):
    """Whether this province's choice in this quarter is to be recorded."""
    nation = world.nation
    if len(choices) == 0:
        return False
    return (nation.watch_province < 0 or nation.watch_province == p.place) and (
        nation.watch_quarter < 0 or nation.watch_quarter == nation.quarter
    )


@rule
def write_down(p, world, choices, option, place, free, luck):
    """One line in the record of choices."""
    nation = world.nation
    if nation.choices_length >= len(choices):
        return
    line = choices[nation.choices_length]
    line.quarter = nation.quarter
    line.province = p.place
    line.option = option
    line.item = place
    line.rank = 0
    if option == WAIT:
        line.inertia = inertia(p, world)
    else:
        line.benefit, line.reward, line.mandate = attractions(p, world, option, place)
        line.cost, line.effort, line.risk, line.patience = burdens(p, world, option, place, free)
    line.noise = world.assumptions.noise * gumbel(luck)
    known = line.benefit + line.reward + line.mandate + line.cost + line.effort + line.risk + line.patience
    line.utility = known + line.inertia + line.noise
    nation.choices_length += 1


@rule
def mark_started(world, choices, first, option, place, rank):
    """Mark in the record which options were started, and in which order."""
    for i in range(first, world.nation.choices_length):
        line = choices[i]
        if line.option == option and line.item == place:
            line.rank = rank
