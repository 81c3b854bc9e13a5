"""Staff: specialists are hired, trained and lost; contractors stand in for them at a price.

Leavers go to the private sector or to richer provinces, so every trained specialist can be followed.
"""

from __future__ import annotations

from dgsim.world.compiled import rule
from dgsim.world.luck import LEAVING, either_way
from dgsim.world.records import Province, Rows
from dgsim.world.state import N_SERVICES, OWN, SHARED, World
from dgsim.world.units import QUARTERS


@rule
def posts(p: Province, world: World) -> float:
    """Posts for specialists under the headcount rule."""
    k = world.assumptions
    return k.least_posts + world.policy.headcount * p.population


@rule
def leaving_rate(p: Province, world: World) -> float:
    """Share of those without a certificate who leave for the private sector in a quarter: it rises with the pay gap."""
    k = world.assumptions
    local_pay = k.private_pay * (k.private_floor + (1.0 - k.private_floor) * p.income)
    gap = local_pay / (k.public_pay + world.nation.supplement)
    luck = 1.0 + k.leaving_luck * either_way(world, p.luck_id, LEAVING, 0)
    rate: float = k.leaving_rate / QUARTERS * (gap / k.usual_pay_gap) ** k.pay_elasticity * luck
    return rate


@rule
def moving_rate(p: Province, world: World) -> float:
    """Share of specialists who leave for a richer province in a quarter: the poorer the province, the more."""
    k = world.assumptions
    relief = k.public_pay / (k.public_pay + world.nation.supplement)
    return k.moving_rate / QUARTERS * max(0.0, k.rich_income - p.income) / k.rich_income * relief


@rule
def lose_staff(p: Province, world: World) -> None:
    """Act 4, first half. Specialists leave; those with a certificate sooner."""
    k = world.assumptions
    private = leaving_rate(p, world)
    moving = moving_rate(p, world)
    premium = k.certificate_premium
    untrained = p.specialists - p.trained
    both = min(1.0, premium * (private + moving))
    trained_to_private = p.trained * both * private / (private + moving)
    p.trained_movers = p.trained * both - trained_to_private
    p.movers = untrained * min(1.0, moving) + p.trained_movers
    p.left = untrained * min(1.0, private + moving) + p.trained * both
    p.trained_to_private += trained_to_private
    p.trained_to_provinces += p.trained_movers
    p.trained -= p.trained * both
    p.specialists -= p.left
    p.posts = posts(p, world)


@rule
def pull_of_posts(p: Province, world: World) -> float:
    """How strongly the vacancies of a richer province draw specialists from the others."""
    vacancies = max(0.0, p.posts - p.specialists)
    return (vacancies + world.assumptions.open_door * p.posts) * max(0.0, p.income - 1.0)


@rule
def pull_of_pay(world: World) -> float:
    """How much faster posts are filled for the supplement."""
    k = world.assumptions
    pull: float = ((k.public_pay + world.nation.supplement) / k.public_pay) ** k.hiring_elasticity
    return pull


@rule
def meet_movers(world: World, provinces: Rows[Province]) -> None:
    """Those who move between provinces meet the vacancies of the richer ones; pay is what it is for all."""
    nation = world.nation
    nation.movers = 0.0
    nation.trained_movers = 0.0
    nation.pull_of_posts = 0.0
    nation.pull_of_pay = pull_of_pay(world)
    for i in range(world.nation.provinces):
        p = provinces[i]
        nation.movers += p.movers
        nation.trained_movers += p.trained_movers
        nation.pull_of_posts += pull_of_posts(p, world)


@rule
def gain_staff(p: Province, world: World) -> None:
    """Act 4, second half. Movers arrive, vacancies are filled as the local labour market allows, courses are held."""
    k = world.assumptions
    nation = world.nation
    if nation.pull_of_posts > 0.0:
        share = pull_of_posts(p, world) / nation.pull_of_posts
        p.specialists += nation.movers * share
        p.trained += nation.trained_movers * share
        p.trained_arrived += nation.trained_movers * share
    vacancies = max(0.0, p.posts - p.specialists)
    p.specialists += vacancies * min(1.0, k.hiring_rate * p.labour_market * nation.pull_of_pay)
    train(p, world)
    lacking = max(0.0, nation.mean_specialists - p.specialists)
    p.pooled = nation.pooled * min(1.0, lacking / nation.shortage) if nation.shortage > 0.0 else 0.0


@rule
def labour_market(p: Province, world: World) -> float:
    """How easily posts are filled, against a province of the usual share of trained labour."""
    k = world.assumptions
    ease: float = (p.trained_labour / k.usual_trained_labour) ** k.labour_market_gradient
    return ease


@rule
def train(p: Province, world: World) -> None:
    """Courses certify specialists, and turn other officials into specialists where posts are vacant."""
    k = world.assumptions
    trainees = world.nation.courses / k.training_cost * p.posts / world.nation.posts
    new_posts = max(0.0, p.posts - p.specialists)
    converted = min(new_posts, trainees * k.converted_share)
    certified = min(p.specialists - p.trained, trainees - converted)
    p.specialists += converted
    p.trained += converted + certified
    p.trained_made += converted + certified


@rule
def skill(p: Province, world: World) -> float:
    """How skilled its specialists are, 0..1: the share of them with a certificate, on top of a base."""
    base = world.assumptions.base_skill
    if p.specialists <= 0.0:
        return base
    return base + (1.0 - base) * p.trained / p.specialists


@rule
def capacity(p: Province, world: World) -> float:
    """Full-time equivalents free for new projects: own and pooled staff, less upkeep and projects in hand."""
    k = world.assumptions
    staff = p.specialists + (k.trained_productivity - 1.0) * p.trained + p.pooled
    keeping = 0.0
    for s in range(N_SERVICES):
        keeping += k.keeping_own * (p.platform[s] == OWN) + k.keeping_shared * (p.platform[s] == SHARED)
    return max(0.0, k.project_share * staff - keeping - p.project_effort.sum())
