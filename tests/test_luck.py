"""Luck: the published known answers, the moments, and that nobody's luck hangs on anybody else's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from dgsim.country import Country, load_country, synthetic_country
from dgsim.engine.run import run_replications
from dgsim.engine.setup import fresh_world, luck_id, make_setup
from dgsim.scenario import load_scenario
from dgsim.world import luck
from dgsim.world.state import N_PROJECTS

MANY = 200_000
CIPHER = {"ROUNDS", "WORDS", "OPTIONS_OF_A_PURPOSE"}
WHOLE = {name: value for name, value in vars(luck).items() if name.isupper() and type(value) is int}
PURPOSES = {name: value for name, value in WHOLE.items() if name not in CIPHER}

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


@pytest.fixture
def state():
    """A small world of one item before its first quarter."""
    plan = {"name": "luck", "roadmap": [{"item": "training", "start": "2020Q1", "quarters": 2, "cost_bvnd": 1.0}]}
    return fresh_world(make_setup(load_scenario(plan), synthetic_country(4)), seed=11, replication=2)


@njit
def many(draw, world, count, purpose):
    """The draws of so many who are numbered from 0."""
    values = np.empty(count)
    for who in range(count):
        values[who] = draw(world, who, purpose, 0)
    return values


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):
    words = luck.philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == answer


def test_a_uniform_number_lies_strictly_between_0_and_1():
    lowest, highest = np.uint64(0), np.uint64(0xFFFFFFFF)
    assert 0.0 < luck.to_unit_interval(lowest, lowest) < 1e-15
    assert 1.0 - 1e-15 < luck.to_unit_interval(highest, highest) < 1.0
    assert 0.0 < luck.coarse(lowest) < 1e-9
    assert 1.0 - 1e-9 < luck.coarse(highest) < 1.0


def test_moments_of_a_uniform_number(state):
    values = many(luck.uniform, state.world, MANY, 0)
    assert values.min() > 0.0
    assert values.max() < 1.0
    assert_mean(values, 1 / 2)
    assert_mean((values - 1 / 2) ** 2, 1 / 12)
    assert np.abs(np.histogram(values, 100, (0.0, 1.0))[0] / MANY - 0.01).max() < 5 * np.sqrt(0.01 * 0.99 / MANY)


def test_moments_of_a_normal_number(state):
    values = many(luck.normal, state.world, MANY, 0)
    for power, moment in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert_mean(values**power, moment)


def test_moments_of_a_gumbel_number(state):
    values = np.array([luck.gumbel(u) for u in many(luck.uniform, state.world, MANY, 0)])
    assert_mean(values, np.euler_gamma)
    assert_mean((values - np.euler_gamma) ** 2, np.pi**2 / 6)
    assert_mean(values > 1.0, 1.0 - np.exp(-np.exp(-1.0)))


def test_the_four_numbers_of_one_call_are_uniform_and_independent(state):
    numbers = np.empty((4, 16))
    drawn = []
    for who in range(1250):
        luck.draw_fours(state.world, who, 0, numbers)
        drawn.append(numbers.T.copy())
    values = np.concatenate(drawn)
    assert ((values > 0.0) & (values < 1.0)).all()
    for column in values.T:
        assert_mean(column, 1 / 2)
        assert_mean((column - 1 / 2) ** 2, 1 / 12)
    assert np.abs(np.corrcoef(values.T) - np.eye(4)).max() < 5 / np.sqrt(len(values))


def test_numbers_made_together_are_those_of_each_option(state):
    numbers = np.empty((4, 16))
    luck.draw_fours(state.world, 3, luck.CHOOSING, numbers)
    for option in range(16):
        alone = [luck.coarse(word) for word in luck.draw_words(state.world, 3, luck.CHOOSING, option)]
        assert numbers[:, option].tolist() == alone


def test_options_that_are_weighed_together_have_luck_of_their_own():
    """Of one province in one quarter no two options share a draw, and no two quarters or provinces do."""
    scenario = load_scenario("staged").with_changes(quarters=24)
    choices = run_replications(scenario, load_country(), seed=4, replications=[0], keep={"choices"}).choices[0]
    assert len(choices) > 10_000
    keys = np.stack([choices[name].astype(np.int64) for name in ("quarter", "province", "slot")], axis=1)
    assert len(np.unique(np.column_stack([keys, choices["option"]]), axis=0)) == len(choices)
    assert len(np.unique(np.column_stack([keys, choices["noise"]]), axis=0)) == len(choices)
    assert len(np.unique(choices["noise"])) > 0.9999 * len(choices)  # 32 bits: a few meet by chance


def assert_mean(values, expected):
    """The mean is the expected one, within five standard errors."""
    error = np.std(values) / np.sqrt(len(values))
    assert abs(np.mean(values) - expected) < 5 * error


def test_neighbouring_keys_are_independent(state):
    values = many(luck.uniform, state.world, MANY, 0)
    other_purpose = many(luck.uniform, state.world, MANY, 1)
    state.world.nation.quarter += 1
    next_quarter = many(luck.uniform, state.world, MANY, 0)
    for one, other in ((values[1:], values[:-1]), (values, other_purpose), (values, next_quarter)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5 / np.sqrt(MANY)


def test_every_part_of_the_key_makes_another_draw(state):
    def draw(who=3, purpose=2, option=1, **nation):
        before = {name: state.world.nation[name] for name in nation}
        for name, value in nation.items():
            state.world.nation[name] = value
        value = luck.uniform(state.world, who, purpose, option)
        for name, old in before.items():
            state.world.nation[name] = old
        return value

    draws = [
        draw(),
        draw(who=4),
        draw(who=2**32 - 1),
        draw(purpose=3),
        draw(option=2),
        draw(seed=12),
        draw(seed=11 + 2**32),
        draw(replication=3),
        draw(quarter=1),
        draw(quarter=399),
    ]
    assert len(set(draws)) == len(draws)
    assert draw() == draws[0]


def test_purposes_are_unique_and_options_do_not_run_into_them():
    assert len(PURPOSES) > 10
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert N_PROJECTS + 1 < luck.OPTIONS_OF_A_PURPOSE
    assert max(PURPOSES.values()) < 2**32 / luck.OPTIONS_OF_A_PURPOSE, "purpose and option share a word"


def test_every_purpose_is_drawn_for():
    home = Path(luck.__file__).parent
    rules = "".join(file.read_text(encoding="utf-8") for file in home.glob("*.py") if file.name != "luck.py")
    assert [name for name in PURPOSES if name not in rules] == []


def without_last_province(country: Country) -> Country:
    """The same country, one province smaller."""
    last = len(country) - 1
    columns = ("codes", "iso_codes", "names", "names_vi", "types", "regions")
    return dataclasses.replace(
        country,
        **{name: getattr(country, name)[:last] for name in columns},
        numbers=country.numbers[:, :last],
        borders=tuple(border for border in country.borders if last not in border[:2]),
        outlines=None,
    )


def test_an_added_province_shifts_nobody_elses_luck():
    """What a province starts with by luck alone is the same in the larger country."""
    larger = synthetic_country(12, seed=3)
    scenario = load_scenario({"name": "luck"})
    small, large = (fresh_world(make_setup(scenario, who), 5, 1) for who in (without_last_province(larger), larger))
    assert len(large.provinces) == len(small.provinces) + 1
    for name in ("luck_id", "trust", "belief"):
        assert np.array_equal(small.provinces[name], large.provinces[name][:-1])
    assert len(np.unique(large.provinces["trust"])) == len(larger)


def test_an_added_item_shifts_no_other_items_luck():
    items = [
        {"item": item, "start": "2020Q1", "quarters": 4, "cost_bvnd": 100.0}
        for item in ("training", "security", "payments")
    ]
    overruns = []
    for roadmap in (items[:1], items[::-1]):
        setup = make_setup(load_scenario({"name": "luck", "roadmap": roadmap}), synthetic_country(4))
        world = fresh_world(setup, 5, 1)
        overruns.append(dict(zip(world.roadmap["luck_id"].tolist(), world.roadmap["overrun"].tolist(), strict=True)))
    assert len(set(overruns[1].values())) == len(items)
    assert overruns[0][luck_id("training")] == overruns[1][luck_id("training")]


def test_a_seed_and_a_replication_make_another_world():
    setup = make_setup(load_scenario({"name": "luck"}), synthetic_country(4))
    trusts = {fresh_world(setup, *key).provinces["trust"].tobytes() for key in ((0, 0), (1, 0), (0, 1), (1, 1))}
    assert len(trusts) == 4
    assert fresh_world(setup, 1, 1).provinces["trust"].tobytes() in trusts
