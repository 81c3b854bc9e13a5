"""Luck, by hand: the published answers, how words become numbers, and what keys a draw."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dgsim.world import luck
from world_of_zeros import approx, province_and_world

# Random123 (Salmon et al. 2011), kat_vectors, philox 4x32 10: counter, key, answer.
KNOWN_ANSWERS = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)


def answer(counter, key):
    return tuple(int(word) for word in luck.philox(*(np.uint64(word) for word in (*counter, *key))))


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, words):
    assert answer(counter, key) == words


def test_a_draw_is_keyed_by_seed_replication_quarter_who_purpose_and_option():
    _, world = province_and_world(seed=0x299F31D0A4093822, replication=3, quarter=5)
    words = tuple(int(word) for word in luck.draw_words(world, 7, 2, 9))
    assert words == answer((3, 5, 7, 2 * 65536 + 9), (0xA4093822, 0x299F31D0))


@pytest.mark.parametrize(
    ("high", "low", "number"),
    [
        (0, 0, 0.5 / 2**52),
        (0xFFFFFFFF, 0xFFFFFFFF, 1 - 0.5 / 2**52),
        (0x80000000, 0, 0.5 + 0.5 / 2**52),
        (0, 0x80000000, 2.0**-27 + 0.5 / 2**52),
        (64, 64, 2.0**-26 + 1.5 / 2**52),
    ],
)
def test_two_words_are_a_number_of_52_bits(high, low, number):
    assert luck.to_unit_interval(np.uint64(high), np.uint64(low)) == number


@pytest.mark.parametrize(("word", "number"), [(0, 2.0**-33), (0xFFFFFFFF, 1 - 2.0**-33), (2**31, 0.5 + 2.0**-33)])
def test_one_word_is_a_number_of_32_bits(word, number):
    assert luck.coarse(np.uint64(word)) == number


def test_uniform_and_normal_numbers_are_made_of_the_words():
    _, world = province_and_world(seed=5, quarter=2)
    a, b, c, d = luck.draw_words(world, 7, 2, 9)
    assert luck.uniform(world, 7, 2, 9) == luck.to_unit_interval(a, b)
    radius, angle = luck.to_unit_interval(a, b), luck.to_unit_interval(c, d)
    assert luck.normal(world, 7, 2, 9) == approx(math.sqrt(-2 * math.log(radius)) * math.cos(2 * math.pi * angle))


@pytest.mark.parametrize(
    ("number", "value"), [(math.exp(-1), 0.0), (math.exp(-math.e), -1.0), (math.exp(-1 / math.e), 1.0)]
)
def test_gumbel_is_the_double_logarithm(number, value):
    assert luck.gumbel(number) == approx(value)


def test_four_numbers_an_option_are_its_four_words():
    _, world = province_and_world(seed=5 + 2**40, quarter=2, replication=8)
    numbers = np.empty((4, 3))
    luck.draw_fours(world, 7, luck.CHOOSING, numbers)
    for option in range(3):
        words = luck.draw_words(world, 7, luck.CHOOSING, option)
        assert numbers[:, option].tolist() == [luck.coarse(word) for word in words]


def test_one_of_the_four_is_taken_by_the_option_modulo_four():
    _, world = province_and_world(seed=5, quarter=2)
    words = luck.draw_words(world, 7, luck.CHOOSING, 3)
    expected = [luck.coarse(word) for word in words]
    assert [luck.one_of_four(world, 7, luck.CHOOSING, 3, option) for option in range(8)] == expected * 2


def test_a_number_either_way_lies_as_far_from_minus_one_as_its_uniform_number_from_nothing():
    _, world = province_and_world(seed=5, quarter=2)
    found = [luck.either_way(world, who, luck.CHOOSING, 3) for who in range(40)]
    assert found == approx([2.0 * luck.uniform(world, who, luck.CHOOSING, 3) - 1.0 for who in range(40)])
    assert min(found) < -0.5
    assert max(found) > 0.5


def test_purposes_keep_their_numbers():
    """The numbers are part of every published result: add at the end, never renumber."""
    purposes = (luck.START_CAPABILITY, luck.OVERRUN, luck.CHOOSING, luck.AUDIT, luck.START_SCORE, luck.START_ACCESS)
    assert purposes == (0, 6, 9, 14, 15, 16)
    assert (luck.BLOWOUT, luck.TURNOVER, luck.LEADERS) == (17, 18, 19)
