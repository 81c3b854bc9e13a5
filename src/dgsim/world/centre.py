"""The centre: it builds what its roadmap says, pays for what its incentives promise, and returns what is left."""

from __future__ import annotations

import math

from dgsim.world.compiled import rule
from dgsim.world.luck import BLOWOUT, HOLD_UP, OVERRUN, normal, uniform
from dgsim.world.money import (
    APPROPRIATION,
    AUDITS,
    CENTRAL_LAPSE,
    COMMUNITY_GROUPS_PAY,
    FEEDBACK_RUNNING,
    FOUNDATION_BUILDING,
    FOUNDATION_RUNNING,
    PROGRAMME_DELIVERY,
    RECURRENT_APPROPRIATION,
    RETENTION_PAY,
    SERVICE_CENTRE_PAY,
    TRAINING_COURSES,
    books_close,
    matching_rate,
    pay,
    receive,
)
from dgsim.world.records import PlanItem, Province, Rows
from dgsim.world.services import stands
from dgsim.world.state import (
    DIGITAL_ID,
    N_ALL_SERVICES,
    N_FOUNDATIONS,
    N_ITEMS,
    N_SERVICES,
    NATIONAL_SERVICES,
    NO_QUARTER,
    SERVICE_WAVE,
    SHARED_PLATFORM,
    STANDARDS,
    TRAINING,
    World,
)
from dgsim.world.units import BVND, MONTHS, QUARTERS


@rule
def plan(world: World, roadmap: Rows[PlanItem]) -> None:
    """Before the first quarter: what stands, what is announced for when, and how much more each item will take."""
    nation = world.nation
    for i in range(N_ITEMS):
        nation.readiness[i] = world.items.initial_readiness[i]
        nation.due[i] = NO_QUARTER
    for r in range(len(roadmap)):
        item = roadmap[r]
        item.overrun = overrun(world, item)
        item.begun = NO_QUARTER
        nation.due[item.kind] = max(nation.due[item.kind], item.start + item.quarters)
    nation.growth = 1.0
    nation.more_people = 1.0
    for s in range(N_SERVICES):
        nation.dossiers += world.services.dossiers[s]
    for s in range(N_SERVICES, N_ALL_SERVICES):
        nation.central_dossiers += world.services.dossiers[s]


@rule
def overrun(world: World, item: PlanItem) -> float:
    """What an item takes against what was thought: near it as a rule, a multiple where its cost blows out."""
    k = world.assumptions
    if uniform(world, item.luck_id, BLOWOUT, 0) < k.blowout_risk:
        return k.blowout_size
    taken: float = k.overrun_median * math.exp(k.overrun_spread * normal(world, item.luck_id, OVERRUN, 0))
    return taken


@rule
def prerequisites_met(roadmap: Rows[PlanItem], item: PlanItem) -> bool:
    """Whether all that an item of the roadmap waits for is done."""
    waiting = 0
    for r in range(len(roadmap)):
        waiting += item.after[r] * (1 - roadmap[r].done)
    return waiting == 0


@rule
def is_built(item: PlanItem) -> bool:
    """Whether an item comes to stand, as all do but courses and waves of services: these are never whole."""
    return item.kind != TRAINING and item.kind != SERVICE_WAVE


@rule
def full_cost(world: World, item: PlanItem) -> float:
    """What it takes to build an item from nothing (million VND)."""
    cost: float = world.items.full_cost_bvnd[item.kind] * BVND * item.overrun
    return cost


@rule
def missing(world: World, item: PlanItem) -> float:
    """What it still takes to build an item whole (million VND)."""
    return full_cost(world, item) * (1.0 - world.nation.readiness[item.kind])


@rule
def absorbed(world: World, item: PlanItem) -> float:
    """What an item can take in this quarter (million VND): no faster than it can be built, no more than it needs."""
    limit = full_cost(world, item) / world.items.shortest_quarters[item.kind]
    return min(limit, missing(world, item)) if is_built(item) else limit


@rule
def funded_quarters(item: PlanItem) -> int:
    """For how many quarters money is appropriated: as planned, and at the same pace for what an overrun takes more.

    Courses and waves of services are as large as their money.
    """
    return math.ceil(item.quarters * max(1.0, item.overrun)) if is_built(item) else item.quarters


@rule
def spend_on(world: World, item: PlanItem) -> None:
    """One item of the roadmap in one quarter: money arrives by plan; work goes on unless it is held up."""
    nation = world.nation
    if item.begun == NO_QUARTER:
        item.begun = nation.quarter
    if nation.quarter < item.begun + funded_quarters(item):
        item.received_mvnd += receive(nation, world, APPROPRIATION, item.cost_mvnd / item.quarters)
    if uniform(world, item.luck_id, HOLD_UP, 0) < world.assumptions.hold_up_risk:
        return
    amount = min(item.received_mvnd - item.spent_mvnd - item.gone_mvnd, absorbed(world, item))
    if item.kind == SERVICE_WAVE:
        nation.wave += amount
        item.spent_mvnd += amount
        return
    line = FOUNDATION_BUILDING + item.kind
    if item.kind == TRAINING:
        line = TRAINING_COURSES
    elif item.kind >= N_FOUNDATIONS:
        line = PROGRAMME_DELIVERY + item.kind
    paid = pay(nation, world, line, amount)
    item.spent_mvnd += paid
    if item.kind == TRAINING:
        nation.courses += paid
        return
    nation.readiness[item.kind] = min(1.0, nation.readiness[item.kind] + paid / full_cost(world, item))


@rule
def finished(world: World, item: PlanItem) -> bool:
    """Whether nothing more will come of an item: its money is spent or gone, or what it builds stands whole.

    It is whole when less is missing than the least that can be paid.
    """
    if item.begun == NO_QUARTER:
        return False
    if is_built(item) and missing(world, item) < world.assumptions.money_unit:
        return True
    all_received = world.nation.quarter >= item.begun + funded_quarters(item) - 1
    return all_received and item.received_mvnd - item.spent_mvnd - item.gone_mvnd < item.quarters


@rule
def spend(world: World, provinces: Rows[Province], roadmap: Rows[PlanItem]) -> None:
    """Act 1. The items of the roadmap whose prerequisites are met progress; foundations run; programmes are paid."""
    nation = world.nation
    nation.wave = 0.0
    nation.courses = 0.0
    years = nation.quarter / QUARTERS
    nation.growth = (1.0 + world.assumptions.expenditure_growth) ** years
    nation.more_people = (1.0 + world.assumptions.population_growth) ** years
    for r in range(len(roadmap)):
        item = roadmap[r]
        if item.done == 0 and nation.quarter >= item.start and prerequisites_met(roadmap, item):
            spend_on(world, item)
    for r in range(len(roadmap)):
        item = roadmap[r]
        if item.done == 0 and finished(world, item):
            item.done = 1
    spread_accounts(world)
    run_foundations(world)
    count_heads(world, provinces)
    pay_programmes(world)
    allot_grants(world, provinces)
    look_at_promises(world)
    apply_mandate(world)


@rule
def spread_accounts(world: World) -> None:
    """Once digital identity stands, adults activate accounts: by themselves, and as others do and campaigns ask."""
    k = world.assumptions
    nation = world.nation
    if stands(world, DIGITAL_ID):
        pace = k.account_innovation + k.account_imitation * nation.accounts
        nation.accounts = min(1.0, nation.accounts + pace * (1.0 - nation.accounts))


@rule
def run_item(world: World, item: int) -> None:
    """A quarter of running one item of the centre's, as far as it stands."""
    nation = world.nation
    whole_year = world.assumptions.foundation_running_share * world.items.full_cost_bvnd[item] * BVND
    due = nation.readiness[item] * whole_year / QUARTERS
    receive(nation, world, RECURRENT_APPROPRIATION, due)
    pay(nation, world, FOUNDATION_RUNNING + item, due)


@rule
def run_foundations(world: World) -> None:
    """Running foundations and ministries' systems and auditing are paid from recurrent money, outside the programme."""
    k = world.assumptions
    nation = world.nation
    for f in range(N_FOUNDATIONS):
        run_item(world, f)
    run_item(world, NATIONAL_SERVICES)
    audits = world.policy.audit_share * world.nation.provinces * k.audit_cost * BVND / QUARTERS
    receive(nation, world, RECURRENT_APPROPRIATION, audits)
    pay(nation, world, AUDITS, audits)


@rule
def programme_money(world: World, line: int, budget: float) -> int:
    """A yearly budget of the centre (bvnd) in one quarter: appropriated and spent; returns what was spent."""
    receive(world.nation, world, APPROPRIATION, budget * BVND / QUARTERS)
    return pay(world.nation, world, line, budget * BVND / QUARTERS)


@rule
def count_heads(world: World, provinces: Rows[Province]) -> None:
    """People, specialists and posts of all provinces, and what small ones lack of specialists against the mean."""
    nation = world.nation
    nation.people = 0.0
    nation.staff_before = 0.0
    nation.posts = 0.0
    for i in range(nation.provinces):
        p = provinces[i]
        nation.people += p.population
        nation.staff_before += p.specialists
        nation.posts += p.posts
    nation.mean_specialists = nation.staff_before / nation.provinces
    nation.shortage = 0.0
    for i in range(nation.provinces):
        nation.shortage += max(0.0, nation.mean_specialists - provinces[i].specialists)


@rule
def pay_programmes(world: World) -> None:
    """Retention supplements, the shared service centre, community groups and feedback, each within its budget."""
    k = world.assumptions
    policy = world.policy
    nation = world.nation
    people, staff = nation.people, nation.staff_before
    groups = programme_money(world, COMMUNITY_GROUPS_PAY, policy.community_groups)
    nation.groups_coverage = min(1.0, groups / (k.groups_cost * BVND / QUARTERS * people))
    feedback = programme_money(world, FEEDBACK_RUNNING, policy.feedback)
    nation.feedback_coverage = min(1.0, feedback / (k.feedback_cost * BVND / QUARTERS * people))
    pooled = programme_money(world, SERVICE_CENTRE_PAY, policy.service_centre)
    nation.pooled = pooled / (k.pooled_pay * MONTHS)
    receive(nation, world, APPROPRIATION, policy.retention_budget * BVND / QUARTERS)
    wanted = policy.retention_supplement * MONTHS * staff
    paid = pay(nation, world, RETENTION_PAY, min(wanted, policy.retention_budget * BVND / QUARTERS))
    nation.supplement = paid / (MONTHS * staff) if staff > 0.0 else 0.0


@rule
def allot_grants(world: World, provinces: Rows[Province]) -> None:
    """Grants are appropriated; matching covers last quarter's claims as far as its money goes."""
    policy = world.policy
    nation = world.nation
    budgets = policy.lump_sum + policy.equalisation + policy.awards + policy.matching_budget
    receive(nation, world, APPROPRIATION, budgets * BVND / QUARTERS)
    nation.matching_left += policy.matching_budget * BVND / QUARTERS
    claims = 0.0
    for i in range(world.nation.provinces):
        p = provinces[i]
        claims += p.claim * matching_rate(p, world)
    nation.matching_factor = min(1.0, nation.matching_left / claims) if claims > 0.0 else 1.0
    if nation.matching_left <= 0.0:
        nation.matching_factor = 0.0
    nation.matching_left -= claims * nation.matching_factor


@rule
def look_at_promises(world: World) -> None:
    """Which announced foundations have come to stand, which should and do not, and how near the others are."""
    nation = world.nation
    nation.overdue = 0.0
    nation.arrived = 0.0
    for f in range(N_FOUNDATIONS):
        if nation.due[f] == NO_QUARTER:
            continue
        if stands(world, f):
            nation.arrived += 1.0
            nation.due[f] = NO_QUARTER
        elif nation.quarter >= nation.due[f]:
            nation.overdue += 1.0
    nation.platform_stands = 1 if stands(world, SHARED_PLATFORM) else 0
    for f in range(N_FOUNDATIONS):
        nation.closeness[f] = 0.0
        if nation.due[f] != NO_QUARTER:
            ahead = max(0.0, float(nation.due[f] - nation.quarter))
            nation.closeness[f] = math.exp(-ahead / world.assumptions.patience_quarters)


@rule
def apply_mandate(world: World) -> None:
    """The mandate presses more as its deadline nears, fully when it has come, and less and less after it."""
    k = world.assumptions
    policy = world.policy
    world.nation.mandate_pressure = 0.0
    if policy.mandate_deadline != NO_QUARTER:
        ahead = policy.mandate_deadline - world.nation.quarter
        felt = math.exp(-ahead / k.mandate_quarters) if ahead > 0.0 else (1.0 - k.mandate_fading) ** -ahead
        world.nation.mandate_pressure = policy.mandate_strength * felt


@rule
def standards(world: World) -> float:
    """How far common standards make moving and sharing easier, 0..1."""
    return world.nation.readiness[STANDARDS]


@rule
def close_programmes(world: World, roadmap: Rows[PlanItem]) -> None:
    """Act 10 for the centre. When books close, unspent programme money lapses."""
    nation = world.nation
    if not books_close(world):
        return
    for r in range(len(roadmap)):
        item = roadmap[r]
        item.gone_mvnd = item.received_mvnd - item.spent_mvnd
        if item.done == 0 and finished(world, item):
            item.done = 1
    nation.matching_left = 0.0
    pay(nation, world, CENTRAL_LAPSE, 1.0 * nation.cash_mvnd)
