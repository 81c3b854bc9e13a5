"""Money: every flow is entered once, with its source and its use, in whole million VND.

The amounts are integers, so the books close to the unit and sums do not depend on their order. A payment is
never more than the cash in hand.
"""

from __future__ import annotations

import math

from dgsim.world.compiled import rule
from dgsim.world.records import Nation, Province
from dgsim.world.state import FIRST_LINE, N_SERVICES, OFFLINE, OWN, World
from dgsim.world.units import BVND, MONTHS, QUARTERS, closes_year, quarters_to_plan_end

# The first line of each flow in the books; a service, foundation or item is added to it.
APPROPRIATION = FIRST_LINE["appropriation"]
RECURRENT_APPROPRIATION = FIRST_LINE["recurrent_appropriation"]
FOUNDATION_BUILDING = FIRST_LINE["foundation_building"]
FOUNDATION_RUNNING = FIRST_LINE["foundation_running"]
PROGRAMME_DELIVERY = FIRST_LINE["programme_delivery"]
TRAINING_COURSES = FIRST_LINE["training_courses"]
SERVICE_CENTRE_PAY = FIRST_LINE["service_centre_pay"]
RETENTION_PAY = FIRST_LINE["retention_pay"]
COMMUNITY_GROUPS_PAY = FIRST_LINE["community_groups_pay"]
FEEDBACK_RUNNING = FIRST_LINE["feedback_running"]
AUDITS = FIRST_LINE["audits"]
LUMP_SUM_GRANTS = FIRST_LINE["lump_sum_grants"]
EQUALISING_GRANTS = FIRST_LINE["equalising_grants"]
MATCHING_GRANTS = FIRST_LINE["matching_grants"]
AWARDS_PAID = FIRST_LINE["awards_paid"]
WAVE_GRANTS = FIRST_LINE["wave_grants"]
CENTRAL_LAPSE = FIRST_LINE["central_lapse"]
OWN_MONEY = FIRST_LINE["own_money"]
WAGES = FIRST_LINE["wages"]
SERVICE_RUNNING = FIRST_LINE["service_running"]
SERVICE_BUILDING = FIRST_LINE["service_building"]
SERVICE_REDESIGN = FIRST_LINE["service_redesign"]
SERVICE_MIGRATION = FIRST_LINE["service_migration"]
FOUNDATION_CONNECTION = FIRST_LINE["foundation_connection"]
CONTRACTOR_PREMIUM = FIRST_LINE["contractor_premium"]
SECURITY_SPENDING = FIRST_LINE["security_spending"]
FEE_REVENUE_FORGONE = FIRST_LINE["fee_revenue_forgone"]
INCIDENT_LOSSES = FIRST_LINE["incident_losses"]
PROCUREMENT_LEAKAGE = FIRST_LINE["procurement_leakage"]
PROVINCIAL_LAPSE = FIRST_LINE["provincial_lapse"]


@rule
def whole(world: World, amount: float) -> int:
    """An amount in whole units of the books, rounded down; nothing if it is negative."""
    unit = world.assumptions.money_unit
    if unit == 1.0:  # as it is by default: nothing to divide by
        return math.floor(max(0.0, amount))
    return math.floor(max(0.0, amount) / unit) * int(unit)


@rule
def receive(who: Province | Nation, world: World, line: int, amount: float) -> int:
    """Money comes in from outside the world: the state budget or the province's own."""
    amount = whole(world, amount)
    who.cash_mvnd += amount
    who.books[line] += amount
    return amount


@rule
def pay(who: Province | Nation, world: World, line: int, amount: float) -> int:
    """Money goes out, as far as there is any; returns what was paid."""
    amount = min(whole(world, amount), who.cash_mvnd)
    who.cash_mvnd -= amount
    who.books[line] += amount
    return amount


@rule
def spend_own(p: Province, world: World, line: int, amount: float) -> int:
    """A province's money goes out for good, and counts as used; returns what was paid."""
    paid = pay(p, world, line, amount)
    p.year_used += paid
    return paid


@rule
def grant(p: Province, world: World, line: int, amount: float) -> int:
    """Money goes from the centre to a province; returns what was given."""
    amount = pay(world.nation, world, line, amount)
    p.cash_mvnd += amount
    p.books[line] += amount
    return amount


@rule
def matching_rate(p: Province, world: World) -> float:
    """Share of a project's cost that the centre bears; tilted to poorer provinces if the lever says so."""
    policy = world.policy
    tilt = 1.0 + policy.matching_tilt * (1.0 - 2.0 * p.fiscal_rank)
    return min(1.0, policy.matching_rate * tilt)


@rule
def base_money(p: Province, world: World) -> float:
    """A province's own digital money in a quarter before it answers to grants (million VND)."""
    return world.policy.digital_share * p.expenditure * world.nation.growth


@rule
def receive_money(p: Province, world: World) -> None:
    """Act 2. Grants arrive, and the province sets its own digital money in answer to them.

    What it budgets is set aside at once; the rest up to the rule's share can be drawn when work asks for it.

    A lump sum displaces own effort (GAO/AIMD-97-7: about 60 cents a dollar), matching displaces less and lowers the
    price of a project, which draws own money in; a required maintenance of effort lets nothing be displaced.
    """
    k = world.assumptions
    policy = world.policy
    nation = world.nation
    p.grants = grant(p, world, LUMP_SUM_GRANTS, policy.lump_sum * BVND / QUARTERS * p.head_weight)
    p.grants += grant(p, world, EQUALISING_GRANTS, policy.equalisation * BVND / QUARTERS * p.poor_weight)
    p.grants += grant(p, world, AWARDS_PAID, policy.awards * BVND / QUARTERS * p.award_share)
    p.grants += grant(p, world, WAVE_GRANTS, nation.wave * p.head_weight)
    rate = matching_rate(p, world)
    p.matched = grant(p, world, MATCHING_GRANTS, p.claim * rate * nation.matching_factor)
    p.claim = 0.0
    base = base_money(p, world)
    drawn_in = base * k.price_response * rate * nation.matching_factor
    displaced = k.grant_displacement * p.grants + k.matching_displacement * p.matched
    own = max(k.least_own_effort * base, base + drawn_in - displaced)
    if policy.maintenance_of_effort > 0.0:
        own = max(own, base)
    p.own_money = own
    p.undrawn += own - receive(p, world, OWN_MONEY, p.budgeted * own)
    p.year_entitled += own + p.grants + p.matched
    p.yearly_money += p.own_money + p.grants + p.matched - p.yearly_money / QUARTERS


@rule
def draw(p: Province, world: World, needed: float) -> None:
    """Own money that was not set aside is drawn as far as cash falls short of what is needed."""
    short = needed - p.cash_mvnd
    if short > 0.0 and p.undrawn > 0.0:
        p.undrawn -= receive(p, world, OWN_MONEY, min(p.undrawn, short + world.assumptions.money_unit))


@rule
def running_cost(p: Province, world: World, s: int) -> float:
    """Running cost of one online service in a quarter (million VND): own platforms and dependence are dearer."""
    k = world.assumptions
    share = k.running_share if p.platform[s] == OWN else k.running_share * k.shared_cost
    size = 1.0 if p.redesigned[s] == 1 else k.as_is_cost
    premium = 1.0 + k.dependence_premium * p.dependence
    return build_cost(p, world, s) * size * share * premium / QUARTERS


@rule
def build_cost(p: Province, world: World, s: int) -> float:
    """Cost of one redesigned service on an own platform (million VND)."""
    fixed_and_size = world.services.build_fixed_bvnd[s] + world.services.build_per_million_bvnd[s] * p.population
    return fixed_and_size * BVND * world.assumptions.build_cost_factor


@rule
def pay_running_costs(p: Province, world: World) -> None:
    """Act 3. Wages come first, then security, then the upkeep of what is online; what is not paid decays."""
    wages = world.assumptions.public_pay * MONTHS * p.specialists
    due = 0.0
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            due += running_cost(p, world, s)
    p.running_cost = due + wages
    draw(p, world, wages + due + world.policy.security_share * p.own_money)
    spend_own(p, world, WAGES, wages)
    secure(p, world)
    p.running_paid = 1.0 if due <= p.cash_mvnd else p.cash_mvnd / due
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            spend_own(p, world, SERVICE_RUNNING + s, running_cost(p, world, s) * p.running_paid)
            p.upkeep[s] += world.assumptions.upkeep_speed * (p.running_paid - p.upkeep[s])


@rule
def secure(p: Province, world: World) -> None:
    """Own security follows what is spent on it against what the people of the province ask for."""
    k = world.assumptions
    spent = spend_own(p, world, SECURITY_SPENDING, world.policy.security_share * p.own_money)
    needed = k.security_need * BVND / QUARTERS * (k.security_base + p.population)
    p.protection += k.protection_speed * (min(1.0, spent / needed) - p.protection)


@rule
def books_close(world: World) -> bool:
    """Whether unspent money lapses at the end of this quarter: each year, or at the end of a medium-term plan."""
    quarter = world.nation.quarter
    if world.policy.budget_rule == 0.0:
        return closes_year(quarter)
    return quarters_to_plan_end(quarter, world.assumptions.plan_years) == 0


@rule
def close_books(p: Province, world: World) -> None:
    """Act 10. When books close, what is not kept for projects in hand lapses, and what was not drawn is void."""
    if closes_year(world.nation.quarter):
        budget(p, world)
    if books_close(world):
        kept = world.assumptions.carry_over * p.project_owed.sum()
        pay(p, world, PROVINCIAL_LAPSE, p.cash_mvnd - kept)
        p.undrawn = 0.0


@rule
def budget(p: Province, world: World) -> None:
    """A province sets aside for the next year what it used in this one (Wildavsky 1964), plus a margin."""
    wanted = p.year_used * (1.0 + world.assumptions.planning_margin)
    p.budgeted = min(1.0, wanted / p.year_entitled) if p.year_entitled > 0.0 else 1.0
    p.year_used = 0.0
    p.year_entitled = 0.0
