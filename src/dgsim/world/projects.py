"""Projects: what they need, what they cost, how long they take, and how they end."""

from __future__ import annotations

import math

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.luck import DELIVERY, FUNDS_LATE, uniform
from dgsim.world.money import (
    CONTRACTOR_PREMIUM,
    FOUNDATION_CONNECTION,
    PROCUREMENT_LEAKAGE,
    SERVICE_BUILDING,
    SERVICE_MIGRATION,
    SERVICE_REDESIGN,
    build_cost,
    draw,
    note_excess,
    spend_own,
)
from dgsim.world.records import Province
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
    World,
)
from dgsim.world.units import BVND, closes_year, opens_year


@inner_rule
def redesigns(option: int) -> bool:
    """Whether an option redesigns the process."""
    return option in (OWN_REDESIGNED, SHARED_REDESIGNED, REDESIGN, REDESIGN_ON_SHARED)


@inner_rule
def puts_online(option: int) -> bool:
    """Whether an option puts a service online that was not."""
    return option <= SHARED_REDESIGNED


@inner_rule
def platform_after(p: Province, option: int, s: int) -> int:
    """On whose platform a service runs once an option is done."""
    if option in (OWN_AS_IS, OWN_REDESIGNED):
        return OWN
    if option == REDESIGN:
        return p.platform[s]
    return SHARED


@rule
def project_cost(p: Province, world: World, option: int, slot: int) -> float:
    """Cost of a project without contractors (million VND)."""
    k = world.assumptions
    if option == CONNECT:
        f = slot - N_SERVICES
        cost = world.items.connect_fixed_bvnd[f] + world.items.connect_per_million_bvnd[f] * p.population
        return cost * BVND * k.connection_cost_factor
    full = build_cost(p, world, slot)
    if option == MIGRATE:
        return full * k.migration_cost * (1.0 - k.standards_saving * world.nation.readiness[STANDARDS])
    cost = full * (1.0 if redesigns(option) else k.as_is_cost)
    return cost * k.shared_cost if platform_after(p, option, slot) == SHARED else cost


@rule
def project_quarters(world: World, option: int, slot: int) -> int:
    """Time a project takes if nothing slips (quarters); a quarter begun counts as one."""
    k = world.assumptions
    if redesigns(option):
        return math.ceil(k.redesign_quarters * (k.redesign_base + world.services.complexity[slot]))
    if option in (MIGRATE, CONNECT):
        return int(k.connection_quarters)
    return 1


@rule
def weigh_size(p: Province, world: World) -> None:
    """At the start: what a redesign asks of a province of its size, in staff and in difficulty."""
    k = world.assumptions
    p.effort_by_size = p.scale**k.effort_by_size
    p.difficulty_by_size = p.scale**k.difficulty_by_size


@rule
def project_effort(p: Province, world: World, option: int, slot: int) -> float:
    """Specialists a project ties up while it runs (full-time equivalents): a redesign more, the larger a province."""
    k = world.assumptions
    if redesigns(option):
        effort: float = k.redesign_effort * (k.redesign_base + world.services.complexity[slot])
        return effort * p.effort_by_size
    if option in (MIGRATE, CONNECT):
        return k.connection_effort
    return k.as_is_effort


@rule
def ease(p: Province, world: World, option: int, slot: int, own_share: float) -> float:
    """How easily a project succeeds, 0..1: by skill, foundations and reform against complexity and redesign."""
    k = world.assumptions
    if option == CONNECT:
        difficulty = k.connection_difficulty
        based_on = world.nation.readiness[slot - N_SERVICES]
    else:
        difficulty = world.services.complexity[slot]
        if redesigns(option):
            difficulty = min(1.0, difficulty * p.difficulty_by_size)
        else:
            difficulty *= k.as_is_difficulty
        based_on = ready(p, slot, platform_after(p, option, slot))
    weights = k.ease_by_skill + k.ease_by_foundations + k.ease_by_reform
    people = k.ease_by_skill * skill(p, world) * own_share
    strength = people + k.ease_by_foundations * based_on + k.ease_by_reform * p.reform
    return 1.0 - difficulty * (1.0 - strength / weights)


@rule
def chance_full(world: World, easy: float) -> float:
    """Chance of full success; 15% where nothing helps (Heeks 2003)."""
    k = world.assumptions
    return k.full_hard + (k.full_easy - k.full_hard) * easy


@rule
def chance_failed(world: World, easy: float) -> float:
    """Chance of failure; 35% where nothing helps (Heeks 2003)."""
    k = world.assumptions
    return k.failed_hard + (k.failed_easy - k.failed_hard) * easy


@rule
def rushed(p: Province, world: World) -> bool:
    """Whether what is started now spends money that would lapse: as an annual budget closes, and some is idle."""
    return world.policy.budget_rule == 0.0 and closes_year(world.nation.quarter) and p.shadow_price < 1.0


@rule
def with_odds(chance: float, ratio: float) -> float:
    """A chance whose odds are multiplied by a ratio."""
    return chance * ratio / (1.0 - chance + chance * ratio)


@rule
def start_project(
    p: Province, world: World, option: int, slot: int, own: float, contracted: float, cost: float
) -> None:
    """A project is taken in hand: its time, its money and its people."""
    p.project[slot] = option + 1
    p.project_left[slot] = project_quarters(world, option, slot)
    p.project_owed[slot] = cost
    p.project_effort[slot] = own
    p.project_contracted[slot] = contracted
    p.project_slips[slot] = 0
    p.project_multi_year[slot] = 0
    p.project_rushed[slot] = 1 if rushed(p, world) else 0


@rule
def counts_for_matching(world: World, option: int) -> bool:
    """Whether the centre matches what is paid for this option."""
    return world.policy.matching_scope == 0.0 or redesigns(option)


@rule
def line_of(option: int, slot: int) -> int:
    """The line of the books under which an option is paid."""
    if option == CONNECT:
        return FOUNDATION_CONNECTION + slot - N_SERVICES
    if option == MIGRATE:
        return SERVICE_MIGRATION + slot
    if option in (REDESIGN, REDESIGN_ON_SHARED):
        return SERVICE_REDESIGN + slot
    return SERVICE_BUILDING + slot


@rule
def deliver(p: Province, world: World) -> None:
    """Act 7. Projects in hand are paid and worked on; those whose time is over end in full, in part or in failure."""
    tied = 0.0
    people = 0.0
    for slot in range(N_PROJECTS):
        if p.project[slot] == 0:
            continue
        work_on(p, world, slot)
        if p.project[slot] != 0 and p.project_left[slot] == 0:
            conclude(p, world, slot, outcome(p, world, slot))
        if p.project[slot] != 0:
            tied += p.project_contracted[slot]
            people += p.project_contracted[slot] + p.project_effort[slot]
    p.missing = 1.0 - share_online(p)
    p.contractors = tied
    share = tied / people if people > 0.0 else 0.0
    p.dependence += world.assumptions.dependence_speed * (share - p.dependence)


@rule
def share_online(p: Province) -> float:
    """Share of its own services that is online."""
    online = 0.0
    for s in range(N_SERVICES):
        online += 1.0 if p.platform[s] != OFFLINE else 0.0
    return online / N_SERVICES


@rule
def work_on(p: Province, world: World, slot: int) -> None:
    """One quarter of a project: an instalment if there is money and it came in time, else the project slips."""
    year_turns = opens_year(world.nation.quarter)
    instalment = p.project_owed[slot] / p.project_left[slot]
    if year_turns and p.project_multi_year[slot] == 1 and funds_late(p, world, slot):
        slip(p, world, slot)
        return
    draw(p, world, instalment)
    if p.cash_mvnd < instalment:
        slip(p, world, slot)
        return
    pay_instalment(p, world, slot, instalment)
    p.project_owed[slot] -= instalment
    p.project_left[slot] -= 1
    if closes_year(world.nation.quarter) and p.project_left[slot] > 0:
        p.project_multi_year[slot] = 1


@rule
def funds_late(p: Province, world: World, slot: int) -> bool:
    """Under annual budgets a project that goes on over the year's end may find its money not yet approved."""
    if world.policy.budget_rule != 0.0:
        return False
    return uniform(world, p.luck_id, FUNDS_LATE, slot) < world.assumptions.funds_late


@rule
def slip(p: Province, world: World, slot: int) -> None:
    """A project loses a quarter and gets dearer; after too many it is given up."""
    k = world.assumptions
    p.project_slips[slot] += 1
    p.project_owed[slot] *= 1.0 + k.slip_cost
    if p.project_slips[slot] > k.most_slips:
        conclude(p, world, slot, FAILED)


@rule
def pay_instalment(p: Province, world: World, slot: int, instalment: float) -> None:
    """The instalment is split: what leaks in procurement, what contractors add, and the work itself."""
    k = world.assumptions
    option = p.project[slot] - 1
    effort = p.project_effort[slot] + p.project_contracted[slot]
    contracted = p.project_contracted[slot] / effort if effort > 0.0 else 0.0
    markup = k.contractor_markup * contracted
    premium = instalment * markup / (1.0 + markup)
    paid = spend_own(p, world, PROCUREMENT_LEAKAGE + slot, (instalment - premium) * k.leakage)
    paid += spend_own(p, world, CONTRACTOR_PREMIUM + slot, premium)
    paid += spend_own(p, world, line_of(option, slot), (instalment - premium) * (1.0 - k.leakage))
    if counts_for_matching(world, option):
        p.claim += paid
    if option != CONNECT and platform_after(p, option, slot) == OWN:
        p.own_cost[slot] += paid
        note_excess(p, world, paid)


@rule
def outcome(p: Province, world: World, slot: int) -> int:
    """How a project ends: full, partial or failed, by luck and by how easy it was."""
    option = p.project[slot] - 1
    effort = p.project_effort[slot] + p.project_contracted[slot]
    easy = ease(p, world, option, slot, p.project_effort[slot] / effort if effort > 0.0 else 0.0)
    luck = uniform(world, p.luck_id, DELIVERY, slot)
    failed = chance_failed(world, easy)
    if p.project_rushed[slot] == 1:
        failed = with_odds(failed, world.assumptions.rush_failure)
    if luck < failed:
        return FAILED
    return FULL if luck > 1.0 - chance_full(world, easy) else PARTIAL


@rule
def conclude(p: Province, world: World, slot: int, result: int) -> None:
    """A project ends: its people are free again, and what it brought is there for all to see."""
    option = p.project[slot] - 1
    if result == FAILED:
        p.failed += 1
    else:
        p.finished += 1
        p.finished_multi_year += p.project_multi_year[slot]
    if option == CONNECT:
        connect(p, world, slot - N_SERVICES, result)
    elif result == FAILED:
        show_failure(p, world, slot)
    else:
        go_live(p, world, option, slot, result)
    p.project[slot] = 0
    p.project_left[slot] = 0
    p.project_owed[slot] = 0.0
    p.project_effort[slot] = 0.0
    p.project_contracted[slot] = 0.0


@rule
def connect(p: Province, world: World, f: int, result: int) -> None:
    """A connection to a foundation is made, or made in part."""
    if result == FULL:
        p.connection[f] = 1.0
    elif result == PARTIAL:
        p.connection[f] += world.assumptions.partial_connection * (1.0 - p.connection[f])


@rule
def show_failure(p: Province, world: World, s: int) -> None:
    """A failure is a lesson of its own: nothing was taken up, and peers see it."""
    blow = world.assumptions.failure_visible
    p.lesson[s] *= 1.0 - blow
    p.lesson_weight[s] += blow * (1.0 - p.lesson_weight[s])


@rule
def go_live(p: Province, world: World, option: int, s: int, result: int) -> None:
    """A service goes online, is redesigned, or moves; those who redesign learn to."""
    k = world.assumptions
    after = platform_after(p, option, s)
    if p.platform[s] == OWN and after == SHARED:
        p.duplication_mvnd += p.own_cost[s]
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
