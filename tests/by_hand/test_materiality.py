"""Verdicts on differences, by hand: what is too small to matter, not clear, better and worse."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from country_by_hand import approx
from dgsim.errors import StudyError
from dgsim.study.materiality import BETTER, NEITHER, TRIVIAL, UNCLEAR, WORSE, limits, rule_said, size, verdict
from dgsim.texts import words
from dgsim.world.tables import OUTCOMES

USE, LAPSED, GAP = OUTCOMES["use"], OUTCOMES["lapsed_money"], OUTCOMES["reporting_gap"]


@pytest.mark.parametrize(
    ("outcome", "low", "high", "expected"),
    [
        (LAPSED, -900.0, -300.0, BETTER),
        (LAPSED, 300.0, 900.0, WORSE),
        (USE, 0.01, 0.03, BETTER),
        (USE, -0.03, -0.01, WORSE),
        (USE, -0.01, 0.03, UNCLEAR),
        (USE, 0.0, 0.0, TRIVIAL),
        (USE, -0.0049, 0.0049, TRIVIAL),
        (USE, -0.0049, 0.005, UNCLEAR),
        (USE, 0.001, 0.0088, UNCLEAR),
        (USE, 0.0012, 0.0090, BETTER),
        (GAP, 0.00008, 0.00012, TRIVIAL),
        (LAPSED, 10.0, 180.0, UNCLEAR),
        (USE, math.nan, math.nan, UNCLEAR),
    ],
)
def test_a_verdict_needs_an_interval_clear_of_zero_and_a_difference_that_matters(outcome, low, high, expected):
    assert verdict(outcome, (low + high) / 2, low, high) == expected


def test_what_is_shown_as_large_as_its_interval_is_not_clear_though_the_limit_is_nothing():
    """+0.3 +-0.3 points: the interval ends just above zero, which nobody who reads the table can see."""
    assert verdict(USE, 0.00334, 0.00024, 0.00644, 0.0) == UNCLEAR
    assert verdict(USE, 0.0046, 0.0015, 0.0077, 0.0) == BETTER
    assert verdict(USE, 0.0, 0.0, 0.0, 0.0) == UNCLEAR


def test_an_outcome_without_a_direction_is_neither_better_nor_worse():
    assert verdict(replace(USE, direction="none"), 0.02, 0.01, 0.03) == NEITHER


def test_every_outcome_has_a_limit_above_nothing_and_a_reason():
    for outcome in OUTCOMES:
        assert outcome.materiality > 0.0
        assert outcome.materiality_reason
        assert limits()[outcome.outcome] == outcome.materiality


def test_a_limit_that_is_given_takes_the_place_of_that_of_the_table():
    found = limits({"use": "2pp", "lapsed_money": "250", "trust": 0})
    assert [found[name] for name in ("use", "lapsed_money", "trust")] == approx([0.02, 250.0, 0.0])
    assert found["supply"] == OUTCOMES["supply"].materiality


@pytest.mark.parametrize("given", ["-1", "much", "nan", "inf", None, ""])
def test_what_is_no_limit_is_refused_in_a_sentence_that_names_it(given):
    with pytest.raises(StudyError, match="materiality of use"):
        limits({"use": given})
    with pytest.raises(StudyError, match="did you mean use"):
        limits({"usee": 1})


def test_a_size_may_be_nothing_only_where_that_is_meant():
    assert size("0", "use", "x") == 0.0
    with pytest.raises(StudyError, match="no size above 0"):
        size("0", "use", "x", some=True)


def test_the_rule_is_told_with_every_limit_once_and_how_many_chance_alone_would_mark():
    chance, least = (said.text(words("en")) for said in rule_said(limits(), scenarios=2))
    judged = 2 * len(OUTCOMES)
    assert f"{judged} differences" in chance
    assert f"about {round(judged / 20)} would" in chance, "a twentieth of them"
    assert least.count("0.5 points") == least.count("100 bvnd") == 1
    for outcome in OUTCOMES:
        assert outcome.label in least
