"""Leaders: how driven they are changes when they do, at a party congress or by a transfer."""

from __future__ import annotations

from dgsim.world.compiled import rule
from dgsim.world.luck import LEADERS, TURNOVER, normal, uniform
from dgsim.world.records import Province
from dgsim.world.state import World
from dgsim.world.units import QUARTERS


@rule
def congress_meets(world: World) -> bool:
    """Whether provincial congresses are held in this quarter."""
    k = world.assumptions
    return (world.nation.quarter - k.congress_quarter) % (k.congress_years * QUARTERS) == 0.0


@rule
def change_leaders(p: Province, world: World) -> None:
    """Act 6, first half. New leaders come, more or less driven than those they follow."""
    k = world.assumptions
    chance = k.congress_turnover if congress_meets(world) else k.leader_turnover / QUARTERS
    if uniform(world, p.luck_id, TURNOVER, 0) < chance:
        p.leadership = normal(world, p.luck_id, LEADERS, 1)  # 0 made the first leaders, in quarter 0 too
