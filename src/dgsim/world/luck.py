"""All luck of the model: draws keyed by who, when and what for.

A draw is the Philox 4x32-10 cipher (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") of a
counter made of (replication, quarter, who, purpose and option) under a key made of the seed. Nothing is stored and
no draw depends on another, so two policies, any number of workers and an added province share the same luck.
"""

from __future__ import annotations

import math

import numpy as np

from dgsim.world.compiled import inner_rule, rule
from dgsim.world.records import Grid
from dgsim.world.state import World

# What a draw is for. The numbers are part of the luck: add at the end, never renumber.
(
    START_CAPABILITY,
    START_ONLINE,
    START_STAFF,
    START_BELIEF,
    START_TRUST,
    START_CONNECTION,
    OVERRUN,
    HOLD_UP,
    LEAVING,
    CHOOSING,
    FUNDS_LATE,
    DELIVERY,
    INCIDENT,
    REPORT,
    AUDIT,
    START_SCORE,
    START_ACCESS,
    BLOWOUT,
    TURNOVER,
    LEADERS,
) = range(20)

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIER_A = np.uint64(0xD2511F53)
MULTIPLIER_B = np.uint64(0xCD9E8D57)
WEYL_A = np.uint64(0x9E3779B9)
WEYL_B = np.uint64(0xBB67AE85)
ROUNDS = 10
WORDS = 4  # that one call of the cipher gives
OPTIONS_OF_A_PURPOSE = 65536
# A number of 52 bits: the upper 26 of one word, and of the next.
DROPPED = np.uint64(6)
STEPS_OF_A_HALF = 67108864.0  # 2**26
STEPS = 4503599627370496.0  # 2**52
COARSE_STEPS = 4294967296.0  # 2**32
MIDDLE = 1.0 / 2.0


@inner_rule
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, key0: np.uint64, key1: np.uint64) -> Words:
    """Philox 4x32-10: four words of counter and two of key to four words of luck (all uint64 below 2**32)."""
    for _ in range(ROUNDS):
        product_a = MULTIPLIER_A * c0
        product_b = MULTIPLIER_B * c2
        c0 = (product_b >> HALF) ^ c1 ^ key0
        c1 = product_b & LOW
        c2 = (product_a >> HALF) ^ c3 ^ key1
        c3 = product_a & LOW
        key0 = (key0 + WEYL_A) & LOW
        key1 = (key1 + WEYL_B) & LOW
    return c0, c1, c2, c3


@rule
def draw_words(world: World, who: int, purpose: int, option: int) -> Words:
    """Four words of luck for one purpose of one province (or roadmap item) in the quarter that is running."""
    return philox(
        np.uint64(world.nation.replication),
        np.uint64(world.nation.quarter),
        np.uint64(who),
        np.uint64(purpose * OPTIONS_OF_A_PURPOSE + option),
        np.uint64(world.nation.seed) & LOW,
        np.uint64(world.nation.seed) >> HALF,
    )


@rule
def to_unit_interval(high: np.uint64, low: np.uint64) -> float:
    """Two words to a number strictly between 0 and 1: the middle of one of 2**52 steps (with 2**53, 1 could come)."""
    return (float(high >> DROPPED) * STEPS_OF_A_HALF + float(low >> DROPPED) + MIDDLE) / STEPS


@rule
def uniform(world: World, who: int, purpose: int, option: int) -> float:
    """A number strictly between 0 and 1."""
    a, b, _, _ = draw_words(world, who, purpose, option)
    return to_unit_interval(a, b)


@rule
def either_way(world: World, who: int, purpose: int, option: int) -> float:
    """A number strictly between -1 and 1."""
    return 2.0 * uniform(world, who, purpose, option) - 1.0


@rule
def draw_fours(world: World, who: int, purpose: int, numbers: Grid) -> None:
    """Four numbers strictly between 0 and 1, with 32 bits each, for each of many options: numbers [4, option].

    One loop without a choice in it, so that the compiler makes several ciphers at a time.
    """
    nation = world.nation
    replication, quarter, whose = np.uint64(nation.replication), np.uint64(nation.quarter), np.uint64(who)
    key0, key1 = np.uint64(nation.seed) & LOW, np.uint64(nation.seed) >> HALF
    for option in range(numbers.shape[1]):
        a, b, c, d = philox(replication, quarter, whose, np.uint64(purpose * OPTIONS_OF_A_PURPOSE + option), key0, key1)
        numbers[0, option], numbers[1, option] = coarse(a), coarse(b)
        numbers[2, option], numbers[WORDS - 1, option] = coarse(c), coarse(d)


@rule
def one_of_four(world: World, who: int, purpose: int, number: int, option: int) -> float:
    """The one of the four numbers above that is an option's: those with the same number modulo four share it."""
    return coarse(draw_words(world, who, purpose, number)[option % WORDS])


@inner_rule
def coarse(word: np.uint64) -> float:
    """One word to a number strictly between 0 and 1."""
    return (float(word) + MIDDLE) / COARSE_STEPS


@rule
def normal(world: World, who: int, purpose: int, option: int) -> float:
    """A standard normal number (Box and Muller 1958)."""
    a, b, c, d = draw_words(world, who, purpose, option)
    return math.sqrt(-2.0 * math.log(to_unit_interval(a, b))) * math.cos(2.0 * math.pi * to_unit_interval(c, d))


@rule
def gumbel(luck: float) -> float:
    """A uniform number to a standard Gumbel number: added to utilities it makes the logit (McFadden 1974)."""
    return -math.log(-math.log(luck))
