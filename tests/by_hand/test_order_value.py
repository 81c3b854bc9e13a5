"""What is said of an order, by hand: what is clear, what is luck, and which precedences are told."""

from __future__ import annotations

import pandas as pd
import pytest

from country_by_hand import COUNTRY
from dgsim.decide.order_value import BEST, OWN_PLAN, WORST, OrderValue
from dgsim.engine.sets import load_parameters
from dgsim.scenario import load_scenario
from dgsim.study.record import Basis
from dgsim.texts import words

KINDS = ("payments", "security", "training", "standards", "digital_id")
PLAN = load_scenario(
    {
        "name": "toy",
        "horizon": {"quarters": 10},
        "roadmap": [
            {"name": name, "item": kind, "start": "2020Q1", "quarters": 2, "cost_bvnd": 10}
            for name, kind in zip("abcde", KINDS, strict=True)
        ],
    }
)
BEHIND = (0.02, 0.01, 0.03)


def value(own=BEHIND, pairs=(), complete=False):
    """An order worth 5 points, the plan's own so far behind the best, and pairs of (first, second, effect, clear)."""
    sizes = ((0.05, 0.04, 0.06), own, (0.03, 0.02, 0.04))
    measures = (f"{BEST} minus {WORST}", f"{BEST} minus {OWN_PLAN}", f"{OWN_PLAN} minus {WORST}")
    rows = [
        {"measure": measure, "outcome": "use", "value": size[0], "low": size[1], "high": size[2], "first_seen": seen}
        for measure, size, seen in zip(measures, sizes, (0.07, 0.03, 0.04), strict=True)
    ]
    other = [row | {"outcome": "trust", "value": 0.5} for row in rows]
    return OrderValue(
        scenario="toy",
        quarter="2022Q2",
        luck_shares={"use": 0.125, "trust": 0.5},
        drawn=40,
        fresh=200,
        complete=complete,
        basis=Basis((PLAN,), COUNTRY, 3, 50, load_parameters("central")),
        value=pd.DataFrame(rows + other),
        precedences=pd.DataFrame(
            [("use", *pair) for pair in pairs], columns=["outcome", "first", "second", "effect", "clear"]
        ),
        orders=pd.DataFrame({"outcome": ["use"] * 3 + ["trust"]}),
        plans={OWN_PLAN: PLAN},
        labels={},
    )


def said(**given):
    return [(one.key, one.text(words())) for one in value(**given).clauses]


def test_the_worth_of_order_is_from_the_worst_to_the_best_of_those_tried():
    key, text = said()[0]
    assert key == "order.worth"
    assert "order is worth 5.0 points of use in 2022Q2 (4.0 to 6.0) between the best and the worst of 3 " in text
    assert said(complete=True)[0][0] == "order.worth_all"


@pytest.mark.parametrize(
    ("own", "key"),
    [
        (BEHIND, "order.own_behind"),
        ((0.02, -0.01, 0.05), "order.own_unclear"),
        ((0.02, 0.0, 0.04), "order.own_unclear"),
        ((-0.02, -0.04, 0.0), "order.own_unclear"),
        ((-0.02, -0.03, -0.01), "order.own_unclear"),
    ],
)
def test_the_plans_own_order_is_behind_where_that_is_clear(own, key):
    assert said(own=own)[1][0] == key


def test_a_difference_that_is_not_clear_has_its_sign():
    assert "+2.0 points" in said(own=(0.02, -0.01, 0.05))[1][1]
    assert "+2.0 points" not in said()[1][1]


def test_what_was_seen_at_first_and_the_share_of_luck():
    (_, seen), (_, luck) = said()[2:4]
    assert "7.0 points" in seen
    assert "+7.0" not in seen
    assert "200" in seen
    assert [number in luck for number in ("50", "40", "12%")] == [True] * 3


def test_clear_precedences_are_told_by_the_earlier_item():
    pairs = [("a", "b", 0.04, True), ("c", "d", 0.03, False), ("a", "d", 0.02, True), ("b", "e", 0.01, True)]
    key, text = said(pairs=pairs)[4]
    assert key == "order.clear"
    assert text.count(";") == 1, "those of a, then those of b"
    assert [name in text for name in ("+4.0", "+3.0", "+2.0", "+1.0")] == [True, False, True, True]
    assert text.startswith("Clear among all 4 pairs of items: ")
    assert said(pairs=[("c", "d", 0.03, False)])[4][0] == "order.none_clear"
    later = said(pairs=[("b", "e", 0.05, True), ("a", "b", 0.04, True)])[4][1]
    assert later.index("+5.0") < later.index("+4.0"), "the largest first"


def test_of_many_precedences_the_first_three_of_three_items_are_told():
    one = [("a", later, 0.01 * (9 - at), True) for at, later in enumerate("bcde")]
    text = said(pairs=one)[4][1]
    assert [f"+{size}.0" in text for size in (9, 8, 7, 6)] == [True, True, True, False]
    assert text.endswith("and 1 more.")
    three = said(pairs=one[:3])[4][1]
    assert (three.count("points"), "more" in three) == (3, False)
    four = [(first, "e", 0.05, True) for first in "abcd"]
    assert said(pairs=four)[4][1].count("before") == 3


def test_what_it_is_and_only_one_outcome_of_it():
    made = value()
    assert (made.outcome, made.unit, made.luck_share) == ("use", "share of dossiers", 0.125)
    assert repr(made) == "OrderValue(toy: use, trust in 2022Q2, 40 orders)"
    only = made.only("trust")
    assert (only.outcome, only.luck_share, len(only.orders), set(only.value["value"])) == ("trust", 0.5, 1, {0.5})
    assert sorted(made.items) == list("abcde")
    assert made.label("best minus own").text(words()) == "best less this plan's own"
    assert made.precedence("a", "b").text(words()) == "Payments (a) before security (b)"
    assert made.text().startswith(said()[0][1])
