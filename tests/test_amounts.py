"""Sizes as people write them: in per cent where they are shown so, refused where they are out of range or unclear."""

from __future__ import annotations

import math

import pytest

import dgsim
from dgsim.decide.search_design import load_search
from dgsim.errors import DesignError, StudyError
from dgsim.study.amounts import amount
from dgsim.study.stopping import smallest_effect
from dgsim.world.tables import OUTCOMES

SHARE = OUTCOMES["use"].unit


@pytest.mark.parametrize("text", ["40%", "40 %", "40", "40pp", "40 PP", "0.4", ".4", "+40%", "4e1%"])
def test_forty_per_cent_may_be_written_in_many_ways(text):
    assert amount(text, SHARE, "threshold") == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("given", "unit", "value"),
    [
        (0.4, SHARE, 0.4),
        (1, SHARE, 1.0),
        (1.0, SHARE, 1.0),
        ("0.4%", SHARE, 0.004),
        ("0.99", SHARE, 0.99),
        ("1.5%", SHARE, 0.015),
        ("2", SHARE, 0.02),
        ("100", SHARE, 1.0),
        ("0", SHARE, 0.0),
        ("0.71", "0..1", 0.71),
        ("-250.5", "bvnd discounted", -250.5),
        (-250.5, "bvnd discounted", -250.5),
        ("40", "million hours a quarter", 40.0),
    ],
)
def test_a_number_is_in_the_unit_and_a_text_as_it_is_shown(given, unit, value):
    assert amount(given, unit, "threshold") == pytest.approx(value)


@pytest.mark.parametrize(
    ("given", "unit", "sentence"),
    [
        ("1", SHARE, "threshold = 1 may be 1% or 100%: write the one that is meant, with its sign"),
        ("1.5", SHARE, "threshold = 1.5 may be 1.5% or 150%: write the one that is meant, with its sign"),
        ("12.5", SHARE, "threshold = 12.5 may be 12.5% or 1250%: write the one that is meant, with its sign"),
        ("-1.0", SHARE, "threshold = -1.0 may be -1% or -100%: write the one that is meant, with its sign"),
        (40, SHARE, "threshold = 40 is outside 0% to 100% (share of dossiers)"),
        ("140%", SHARE, "threshold = 140% is outside 0% to 100% (share of dossiers)"),
        ("-3", SHARE, "threshold = -3 is outside 0% to 100% (share of dossiers)"),
        ("1.2", "0..1", "threshold = 1.2 is outside 0..1 (0..1)"),
        ("40%", "bvnd", "threshold = 40% is a share, and this is in bvnd: write a number in bvnd"),
        ("much", SHARE, "threshold = much is no amount: write such as 40% (share of dossiers)"),
        ("", "bvnd", "threshold =  is no amount: write a number in bvnd"),
        ("1e999", "bvnd", "threshold = 1e999 is no amount: write a number in bvnd"),
        (math.nan, SHARE, "threshold = nan is no amount: write such as 40% (share of dossiers)"),
        (True, SHARE, "threshold = True is no amount: write such as 40% (share of dossiers)"),
    ],
)
def test_what_is_unclear_or_out_of_range_is_one_sentence(given, unit, sentence):
    with pytest.raises(StudyError) as error:
        amount(given, unit, "threshold")
    assert str(error.value) == sentence


def test_every_size_that_a_study_takes_follows_the_rule():
    assert smallest_effect("2%", "use") == smallest_effect("2pp", "use") == smallest_effect("2", "use") == 0.02
    few = {"outcome": "use", "replications": 1, "quarters": 4}
    by_text, by_number = (
        dgsim.regret(["staged", "history"], threshold=given, **few).regrets for given in ("0.2%", 0.002)
    )
    assert by_text["satisfied"].mean() > 0.0
    assert by_text.equals(by_number)
    with pytest.raises(StudyError, match="threshold = 40 is outside 0% to 100%"):
        dgsim.regret(["staged", "history"], threshold=40, **few)
    relaxed = [dgsim.binding("staged", by=by, replications=2, quarters=2).by for by in ("25%", 0.25)]
    assert relaxed == [0.25, 0.25]


def test_the_limits_of_a_search_follow_the_rule():
    def limit(bound):
        goals = [{"outcome": "use"}, {"outcome": "trust"}]
        constraint = [{"outcome": "gap_p90_p10", "at_most": bound}]
        levers = {"audit_share": {"low": 0, "high": 1}}
        design = {"start": "staged", "levers": levers, "objective": goals, "constraint": constraint}
        return load_search(design).constraints[0]

    assert limit("30%") == limit(0.3)
    with pytest.raises(DesignError, match=r"constraint\.at_most = 30 is outside 0% to 100%"):
        limit(30)
