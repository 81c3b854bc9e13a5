"""What is said of a difference, by hand: what is clear, what is not, and in which direction."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from dgsim.decide.explanation import Explanation, is_clear, sized
from dgsim.study.hybrids import Group
from dgsim.texts import words

NAMES = ("incentives", "measurement", "skills", "budget", "citizens")
UP, DOWN, OPEN = (0.04, 0.01, 0.07), (-0.04, -0.07, -0.01), (0.04, -0.01, 0.09)


def told(*parts, total=UP, exact=True, pairs=()):
    """The keys and the sentences of an explanation in which groups have these contributions and ends of intervals."""
    rows = [
        {"outcome": "use", "group": name, "contribution": part[0], "low": part[1], "high": part[2], "sampling": error}
        for name, part, error in zip(
            (*NAMES[: len(parts)], "total"), (*parts, total), (0.001, 0.03, *[0.0] * 4), strict=False
        )
    ]
    columns = ["outcome", "first", "second", "interaction", "low", "high"]
    made = Explanation(
        scenario="other",
        baseline="base",
        quarter="2021Q4",
        levels={"use": 0.2},
        exact=exact,
        coalitions=77,
        groups=tuple(Group(name, ()) for name in NAMES),
        basis=None,
        contributions=pd.DataFrame(rows),
        interactions=pd.DataFrame([("use", *pair) for pair in pairs], columns=columns),
    )
    return [one.key for one in made.clauses], [one.text(words()) for one in made.clauses]


def test_an_interval_that_has_zero_in_it_or_at_its_end_is_not_clear():
    table = pd.DataFrame({"low": [0.1, 0.0, -1.0, -2.0, -2.0], "high": [1.0, 1.0, 1.0, 0.0, -0.1]})
    assert is_clear(table).tolist() == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("total", "key"),
    [
        (UP, "reason.above"),
        (DOWN, "reason.below"),
        (OPEN, "reason.not_apart"),
        ((0.04, 0.0, 0.08), "reason.not_apart"),
        ((-0.04, -0.08, 0.0), "reason.not_apart"),
    ],
)
def test_a_scenario_ends_above_or_below_or_not_clearly_apart(total, key):
    assert told(UP, total=total)[0][0] == key


def test_the_size_is_told_without_a_sign_where_the_words_tell_it():
    assert told(UP, total=DOWN)[1][0] == "other ends 4.0 points of use below base in 2021Q4 (1.0 to 7.0)."
    assert "in use in 2021Q4: +4.0 points (-1.0 to 9.0)" in told(UP, total=OPEN)[1][0]


def test_three_clear_parts_are_named_and_more_are_counted():
    assert told(UP, DOWN, UP)[0] == ["reason.above", "reason.clear"]
    keys, said = told(UP, DOWN, UP, UP, DOWN)
    assert keys == ["reason.above", "reason.clear_more"]
    assert [name in said[1].lower() for name in NAMES] == [True, True, True, False, False]
    assert said[1].endswith("smaller parts that are clear too: 2.")


def test_parts_that_are_not_clear_are_counted_where_some_are():
    keys, said = told(UP, OPEN, OPEN)
    assert keys == ["reason.above", "reason.clear", "reason.unclear"]
    assert said[2] == "Groups whose part is not clear: 2."
    assert told(OPEN, OPEN)[0] == ["reason.above", "reason.none_clear"]


def test_the_strongest_of_the_clear_pairs_is_told():
    keys, said = told(
        UP, pairs=[("incentives", "skills", *OPEN), ("skills", "budget", *UP), ("incentives", "budget", *DOWN)]
    )
    assert keys == ["reason.above", "reason.clear", "reason.together"]
    assert said[2] == "Together skills and budget do +4.0 points (1.0 to 7.0) beyond the sum of both."


def test_sampled_orders_tell_the_most_they_leave_open():
    keys, said = told(UP, UP, UP, exact=False)
    assert keys[-1] == "reason.sampled"
    assert said[-1].startswith("3 groups are too many to try every mixture of: 77 mixtures")
    assert "±3.0 points" in said[-1]


def test_groups_say_what_differs_in_them_and_tables_keep_the_rows_of_one_outcome():
    table = pd.DataFrame({"outcome": ["use", "trust"], "group": ["skills", "total"], "contribution": [0.1, 0.2]})
    change = SimpleNamespace(said=SimpleNamespace(text=lambda words: "80 people in place of 40"))
    made = Explanation(
        scenario="other",
        baseline="base",
        quarter="2021Q4",
        levels={"use": 0.2, "trust": 0.5},
        exact=True,
        coalitions=2,
        groups=(Group("skills", (change,)),),
        basis=None,
        contributions=table,
        interactions=table,
        provinces=table,
    )
    assert made.says("skills", words()) == ("80 people in place of 40",)
    assert made.says("total", words()) == ()
    assert [made.label(name).text(words()) for name in ("skills", "total")] == ["Skills", "Total"]
    only = made.only("trust")
    assert (only.levels, only.channels, len(only.provinces), len(only.interactions)) == ({"trust": 0.5}, None, 1, 1)


def test_a_number_of_a_row_keeps_its_sign_unless_it_is_told():
    row = {"effect": -0.04, "low": -0.07, "high": -0.01}
    said = {signed: {name: fact.text(words()) for name, fact in sized(row, "effect", "share", signed=signed).items()}
            for signed in (True, False)}  # fmt: skip
    assert said[True] == {"size": "-4.0 points", "range": "-7.0 to -1.0"}
    assert said[False] == {"size": "4.0 points", "range": "1.0 to 7.0"}
    assert sized(row, "effect", "share")["size"].signed
