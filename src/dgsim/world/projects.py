"""Projects: what they need, what they cost, how long they take, and how they end."""

from __future__ import annotations

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import DELIVERY, FUNDS_LATE, uniform
from dgsim.world.money import (
    BVND,
    CONTRACTOR_PREMIUM,
    FOUNDATION_CONNECTION,
    PROCUREMENT_LEAKAGE,
    SERVICE_BUILDING,
    SERVICE_MIGRATION,
    SERVICE_REDESIGN,
    build_cost,
    draw,
    spend_own,
)
from dgsim.world.services import depth_of_redesign, ready
from dgsim.world.staff import skill
from dgsim.world.state import (
    CONNECT,
    FAILED,
    FULL,
    MIGRATE,
    N_PROJECTS,
    N_SERVICES,
    OFFLINE,
    OWN,
    OWN_AS_IS,
    OWN_REDESIGNED,
    PARTIAL,
    REDESIGN,
    REDESIGN_ON_SHARED,
    SHARED,
    SHARED_REDESIGNED,
    STANDARDS,
)


@inner_rule
def redesigns(option):
    """Whether an option redesigns the process."""
    return option in (OWN_REDESIGNED, SHARED_REDESIGNED, REDESIGN, REDESIGN_ON_SHARED)


@inner_rule
def puts_online(option):
    """Whether an option puts a service online that was not."""
    return option <= SHARED_REDESIGNED


@inner_rule
def platform_after(p, option, s):
    """On whose platform a service runs once an option is done."""
    if option in (OWN_AS_IS, OWN_REDESIGNED):
        return OWN
    if option == REDESIGN:
        return p.platform[s]
    return SHARED


@rule
def project_cost(p, world, option, place):
    """Cost of a project without contractors (million VND)."""
    k = world.assumptions
    if option == CONNECT:
        f = place - N_SERVICES
        cost = world.items.connect_fixed_bvnd[f] + world.items.connect_per_million_bvnd[f] * p.population
        return cost * BVND * k.build_cost_factor
    full = build_cost(p, world, place)
    if option == MIGRATE:
        return full * k.migration_cost * (1.0 - k.standards_saving * world.nation.readiness[STANDARDS])
    cost = full * (1.0 if redesigns(option) else k.as_is_cost)
    return cost * k.shared_cost if platform_after(p, option, place) == SHARED else cost


@rule
def project_quarters(world, option, place):
    """Time a project takes if nothing slips (quarters)."""
    k = world.assumptions
    if redesigns(option):
        return 1 + int(k.redesign_quarters * (0.5 + world.services.complexity[place]))
    if option in (MIGRATE, CONNECT):
        return int(k.connection_quarters)
    return 1


@rule
def project_effort(world, option, place):
    """Specialists a project ties up while it runs (full-time equivalents)."""
    k = world.assumptions
    if redesigns(option):
        return k.redesign_effort * (0.5 + world.services.complexity[place])
    if option in (MIGRATE, CONNECT):
        return k.connection_effort
    return k.as_is_effort


@rule
def ease(p, world, option, place, own_share):
    """How easily a project succeeds, 0..1: by skill, foundations and reform against complexity and redesign."""
    k = world.assumptions
    if option == CONNECT:
        difficulty = k.connection_difficulty
        based_on = world.nation.readiness[place - N_SERVICES]
    else:
        difficulty = world.services.complexity[place]
        if not redesigns(option):
            difficulty *= k.as_is_difficulty
        based_on = ready(p, place, platform_after(p, option, place))
    strength = (skill(p, world) * own_share + based_on + p.reform) / 3.0
    return 1.0 - difficulty * (1.0 - strength)


@rule
def chance_full(world, easy):
    """Chance of full success; 15% where nothing helps (Heeks 2003)."""
    k = world.assumptions
    return k.full_hard + (k.full_easy - k.full_hard) * easy


@rule
def chance_failed(world, easy):
    """Chance of failure; 35% where nothing helps (Heeks 2003)."""
    k = world.assumptions
    return k.failed_hard + (k.failed_easy - k.failed_hard) * easy


@rule
def start_project(p, world, option, place, own, contracted, cost):
    """A project is taken in hand: its time, its money and its people."""
    p.project[place] = option + 1
    p.project_left[place] = project_quarters(world, option, place)
    p.project_owed[place] = cost
    p.project_effort[place] = own
    p.project_contracted[place] = contracted
    p.project_slips[place] = 0
    p.project_multi_year[place] = 0


@rule
def counts_for_matching(world, option):
    """Whether the centre matches what is paid for this option."""
    return world.policy.matching_scope == 0.0 or redesigns(option)


@rule
def line_of(option, place):
    """The line of the books under which an option is paid."""
    if option == CONNECT:
        return FOUNDATION_CONNECTION + place - N_SERVICES
    if option == MIGRATE:
        return SERVICE_MIGRATION + place
    if option in (REDESIGN, REDESIGN_ON_SHARED):
        return SERVICE_REDESIGN + place
    return SERVICE_BUILDING + place


@rule
def deliver(p, world):
    """Act 7. Projects in hand are paid and worked on; those whose time is over end in full, in part or in failure."""
    tied = 0.0
    people = 0.0
    for place in range(N_PROJECTS):
        if p.project[place] == 0:
            continue
        work_on(p, world, place)
        if p.project[place] != 0 and p.project_left[place] == 0:
            conclude(p, world, place, outcome(p, world, place))
        if p.project[place] != 0:
            tied += p.project_contracted[place]
            people += p.project_contracted[place] + p.project_effort[place]
    p.contractors = tied
    share = tied / people if people > 0.0 else 0.0
    p.dependence += world.assumptions.dependence_speed * (share - p.dependence)


@rule
def work_on(p, world, place):
    """One quarter of a project: an instalment if there is money and it came in time, else the project slips."""
    year_turns = world.nation.quarter % 4 == 0
    instalment = p.project_owed[place] / p.project_left[place]
    if year_turns and p.project_multi_year[place] == 1 and funds_late(p, world, place):
        slip(p, world, place)
        return
    draw(p, world, instalment)
    if p.cash < instalment:
        slip(p, world, place)
        return
    pay_instalment(p, world, place, instalment)
    p.project_owed[place] -= instalment
    p.project_left[place] -= 1
    if world.nation.quarter % 4 == 3 and p.project_left[place] > 0:
        p.project_multi_year[place] = 1


@rule
def funds_late(p, world, place):
    """Under annual budgets a project that goes on over the year's end may find its money not yet approved."""
    if world.policy.budget_rule != 0.0:
        return False
    return uniform(world, p.luck_id, FUNDS_LATE, place) < world.assumptions.funds_late


@rule
def slip(p, world, place):
    """A project loses a quarter and gets dearer; after too many it is given up."""
    k = world.assumptions
    p.project_slips[place] += 1
    p.project_owed[place] *= 1.0 + k.slip_cost
    if p.project_slips[place] > k.most_slips:
        conclude(p, world, place, FAILED)


@rule
def pay_instalment(p, world, place, instalment):
    """The instalment is split: what leaks in procurement, what contractors add, and the work itself."""
    k = world.assumptions
    option = p.project[place] - 1
    effort = p.project_effort[place] + p.project_contracted[place]
    contracted = p.project_contracted[place] / effort if effort > 0.0 else 0.0
    markup = k.contractor_markup * contracted
    premium = instalment * markup / (1.0 + markup)
    paid = spend_own(p, world, PROCUREMENT_LEAKAGE + place, (instalment - premium) * k.leakage)
    paid += spend_own(p, world, CONTRACTOR_PREMIUM + place, premium)
    paid += spend_own(p, world, line_of(option, place), (instalment - premium) * (1.0 - k.leakage))
    if counts_for_matching(world, option):
        p.claim += paid
    if option != CONNECT and platform_after(p, option, place) == OWN:
        p.own_cost[place] += paid


@rule
def outcome(p, world, place):
    """How a project ends: full, partial or failed, by luck and by how easy it was."""
    option = p.project[place] - 1
    effort = p.project_effort[place] + p.project_contracted[place]
    easy = ease(p, world, option, place, p.project_effort[place] / effort if effort > 0.0 else 0.0)
    luck = uniform(world, p.luck_id, DELIVERY, place)
    failed = chance_failed(world, easy)
    if luck < failed:
        return FAILED
    return FULL if luck > 1.0 - chance_full(world, easy) else PARTIAL


@rule
def conclude(p, world, place, result):
    """A project ends: its people are free again, and what it brought is there for all to see."""
    option = p.project[place] - 1
    if result == FAILED:
        p.failed += 1
    else:
        p.finished += 1
        p.finished_multi_year += p.project_multi_year[place]
    if option == CONNECT:
        connect(p, place - N_SERVICES, result)
    elif result == FAILED:
        show_failure(p, world, place)
    else:
        go_live(p, world, option, place, result)
    p.project[place] = 0
    p.project_left[place] = 0
    p.project_owed[place] = 0.0
    p.project_effort[place] = 0.0
    p.project_contracted[place] = 0.0


@rule
def connect(p, f, result):
    """A connection to a foundation is made, or half made."""
    if result == FULL:
        p.connection[f] = 1.0
    elif result == PARTIAL:
        p.connection[f] += 0.5 * (1.0 - p.connection[f])


@rule
def show_failure(p, world, s):
    """A failure is a lesson of its own: nothing was taken up, and peers see it."""
    blow = world.assumptions.failure_visible
    p.lesson[s] *= 1.0 - blow
    p.lesson_weight[s] += blow * (1.0 - p.lesson_weight[s])


@rule
def go_live(p, world, option, s, result):
    """A service goes online, is redesigned, or moves; those who redesign learn to."""
    k = world.assumptions
    after = platform_after(p, option, s)
    if p.platform[s] == OWN and after == SHARED:
        p.duplication += p.own_cost[s]
        p.own_cost[s] = 0
    if p.platform[s] == OFFLINE or redesigns(option):
        p.completeness[s] = 1.0 if result == FULL else k.partial_completeness
    if p.platform[s] == OFFLINE:
        p.upkeep[s] = 1.0
    p.platform[s] = after
    if redesigns(option):
        p.redesigned[s] = 1
        p.depth[s] = max(p.depth[s], depth_of_redesign(p, world))
        p.reform += k.reform_learning * (1.0 - p.reform)
