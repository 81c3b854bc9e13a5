"""Money: every flow is entered once, with its source and its use, in whole million VND.

The amounts are integers, so the books close to the unit and sums do not depend on their order. A payment is
never more than the cash in hand.
"""

from __future__ import annotations

import math

import numpy as np

from dgsim.world.compiled import rule
from dgsim.world.records import Nation, Province
from dgsim.world.state import FIRST_LINE, LINES_BY, N_SERVICES, OFFLINE, OWN, World
from dgsim.world.tables import FLOWS
from dgsim.world.units import BVND, MONTHS, QUARTERS, closes_year, quarters_to_plan_end, quarters_to_year_end

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
GENERAL_BUDGET = FIRST_LINE["general_budget"]
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


def lines_of(*categories: str) -> np.ndarray:
    """A 1 for each line of the books whose flow is of one of these categories."""
    return np.array([f.category in categories for f in FLOWS for _ in range(LINES_BY[f.items])], dtype=np.int64)


USES_UP = lines_of("spent", "leaked")


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
    who.spent_mvnd += amount * USES_UP[line]
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
def digital_money(p: Province, world: World) -> float:
    """What the rule gives a province for all of its information technology in a quarter (million VND)."""
    return world.policy.digital_share * p.expenditure * world.nation.growth


@rule
def base_money(p: Province, world: World) -> float:
    """What is left of it for services and connections (million VND): security and other systems come first."""
    left = 1.0 - world.policy.security_share
    return digital_money(p, world) * left * world.assumptions.service_money_share


@rule
def receive_money(p: Province, world: World) -> None:
    """Act 2. Grants arrive, and the province's own money for services.

    What it budgets is set aside at once; the rest up to the rule's share can be drawn when work asks for it. Money in
    hand is spent before more is drawn, so grants stand in for own money as far as they cover what is begun.
    """
    policy = world.policy
    nation = world.nation
    p.grants = grant(p, world, LUMP_SUM_GRANTS, policy.lump_sum * BVND / QUARTERS * p.head_weight)
    p.grants += grant(p, world, EQUALISING_GRANTS, policy.equalisation * BVND / QUARTERS * p.poor_weight)
    p.grants += grant(p, world, AWARDS_PAID, policy.awards * BVND / QUARTERS * p.award_share)
    p.grants += grant(p, world, WAVE_GRANTS, nation.wave * p.head_weight)
    p.matched = grant(p, world, MATCHING_GRANTS, p.claim * matching_rate(p, world) * nation.matching_factor)
    p.claim = 0.0
    p.own_money = base_money(p, world)
    p.undrawn += p.own_money - receive(p, world, OWN_MONEY, p.budgeted * p.own_money)
    p.year_entitled += p.own_money + p.grants + p.matched
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
    """Act 3. Specialists are paid from the general budget, security from its share; then comes upkeep.

    What is online and is not paid for decays.
    """
    wages = receive(p, world, GENERAL_BUDGET, world.assumptions.public_pay * MONTHS * p.specialists)
    pay(p, world, WAGES, wages)
    secure(p, world)
    note_what_is_there_twice(p, world)
    due = 0.0
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            due += running_cost(p, world, s)
    p.running_cost = due
    draw(p, world, due)
    p.running_paid = 1.0 if due <= p.cash_mvnd else p.cash_mvnd / due
    for s in range(N_SERVICES):
        if p.platform[s] != OFFLINE:
            paid = spend_own(p, world, SERVICE_RUNNING + s, running_cost(p, world, s) * p.running_paid)
            if p.platform[s] == OWN:
                note_excess(p, world, paid)
            p.upkeep[s] += world.assumptions.upkeep_speed * (p.running_paid - p.upkeep[s])


@rule
def note_excess(p: Province, world: World, paid: int) -> None:
    """What is paid for an own platform beyond what the shared one would cost is excess, once that one stands."""
    if world.nation.platform_stands == 1:
        p.excess_mvnd += whole(world, paid * max(0.0, 1.0 - world.assumptions.shared_cost))


@rule
def note_what_is_there_twice(p: Province, world: World) -> None:
    """The day the shared platform stands, own ones are there beside it: what they have cost so far counts, once."""
    if world.nation.platform_stands == 1 and p.doubled == 0:
        p.doubled = 1
        spent = 0
        for s in range(N_SERVICES):
            spent += p.own_cost[s]
        note_excess(p, world, spent)


@rule
def secure(p: Province, world: World) -> None:
    """Own security follows what is spent on it against what the people of the province ask for."""
    k = world.assumptions
    spent = receive(p, world, OWN_MONEY, world.policy.security_share * digital_money(p, world))
    pay(p, world, SECURITY_SPENDING, spent)
    needed = k.security_need * BVND / QUARTERS * (k.security_base + p.population)
    p.protection += k.protection_speed * (min(1.0, spent / needed) - p.protection)


@rule
def quarters_of_money(world: World) -> int:
    """For how many quarters ahead a province may count on its money: to the year's end, or to the plan's."""
    quarter = world.nation.quarter
    if world.policy.budget_rule == 0.0:
        return quarters_to_year_end(quarter)
    k = world.assumptions
    return min(int(k.longest_view), quarters_to_plan_end(quarter, k.plan_years))


@rule
def look_at_purse(p: Province, world: World) -> None:
    """What money is worth to a province now: the less, the more of it would lapse, and the sooner.

    A project paid with money that would lapse costs nothing else (Liebman and Mahoney 2017).
    """
    idle = max(0.0, p.cash_mvnd - p.project_owed.sum()) / max(1.0, p.yearly_money)
    lapsing = (1.0 - world.assumptions.carry_over) * min(1.0, idle)
    p.shadow_price = 1.0 - lapsing / (1.0 + quarters_of_money(world))


@rule
def books_close(world: World) -> bool:
    """Whether unspent money lapses at the end of this quarter: each year, or at the end of a medium-term plan."""
    quarter = world.nation.quarter
    if world.policy.budget_rule == 0.0:
        return closes_year(quarter)
    return quarters_to_plan_end(quarter, world.assumptions.plan_years) == 0


@rule
def close_books(p: Province, world: World) -> None:
    """Act 10. When books close, what is not carried over lapses, and what was not drawn is void."""
    if closes_year(world.nation.quarter):
        budget(p, world)
    if books_close(world):
        pay(p, world, PROVINCIAL_LAPSE, (1.0 - world.assumptions.carry_over) * p.cash_mvnd)
        p.unspent_mvnd += whole(world, p.undrawn)
        p.undrawn = 0.0


@rule
def budget(p: Province, world: World) -> None:
    """A province sets aside for the next year what it used in this one (Wildavsky 1964), plus a margin.

    A required maintenance of effort lets it set aside no smaller part than before.
    """
    in_hand = p.year_used + p.cash_mvnd
    p.executed = p.year_used / in_hand if in_hand > 0.0 else 1.0
    wanted = p.year_used * (1.0 + world.assumptions.planning_margin)
    least = p.budgeted if world.policy.maintenance_of_effort > 0.0 else 0.0
    p.budgeted = max(least, min(1.0, wanted / p.year_entitled)) if p.year_entitled > 0.0 else 1.0
    p.year_used = 0.0
    p.year_entitled = 0.0
