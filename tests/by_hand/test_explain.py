"""A difference shared out by hand, where what every mixture of two scenarios is worth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from country_by_hand import COUNTRY, approx
from dgsim.decide import explain as module
from dgsim.decide.evaluator import Evaluator, RunProgress
from dgsim.decide.explain import explain
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.shapley import Attribution, check_sum, widened

BASE = load_scenario("staged").with_changes(name="base", matching_rate=0.0, audit_share=0.1, headcount=40.0, quarters=8)
OTHER = BASE.with_changes(name="other", matching_rate=0.5, audit_share=0.5, headcount=80.0)
LUCK = np.array([-1.0, 0.0, 1.0])
HALF = student.ppf(0.975, 2) / np.sqrt(3.0)  # half the interval of three numbers that differ by one


@pytest.fixture
def game(monkeypatch):
    """Matching is worth 3 and luck, audits -2, people -0.5; matching and people 4 more, all three what is said."""
    worth = {"all": 0.0}

    def values(self, plan, replications=None):
        money, audits, people = (
            float(plan.lever(name) == OTHER.lever(name)) for name in ("matching_rate", "audit_share", "headcount")
        )
        level = 10.0 + 3.0 * money - 2.0 * audits - 0.5 * people + 4.0 * money * people
        level += worth["all"] * money * audits * people
        sign = 1.0 if self.outcome == "use" else -0.5
        return sign * (level + money * LUCK)

    monkeypatch.setattr(Evaluator, "values", values)
    return worth


def found(**given):
    given = {"replications": 3, "parameters": "central", "country": COUNTRY} | given
    return explain(OTHER, BASE, **given)


def test_what_two_do_together_is_shared_out_equally(game):
    table = found().contributions.set_index("group")
    assert table.index.tolist() == ["incentives", "measurement", "skills", "total"], "the largest first, the whole last"
    assert table["contribution"].tolist() == approx([5.0, -2.0, 1.5, 4.5])
    assert table.loc["incentives", ["low", "high"]].tolist() == approx([5.0 - HALF, 5.0 + HALF])
    assert table.loc["total", ["low", "high"]].tolist() == approx([4.5 - HALF, 4.5 + HALF])
    assert table.loc["measurement", ["low", "high"]].tolist() == approx([-2.0, -2.0])
    assert table["sampling"].tolist() == [0.0] * 4
    assert table.loc["total", "says"] == ""
    assert table.loc["incentives", "says"] == "Matching rate: 0 -> 0.5 share of cost"


def test_each_alone_and_added_last(game):
    table = found().contributions.set_index("group")
    assert table["alone"].tolist() == approx([3.0, -2.0, -0.5, 4.5])
    assert table["last"].tolist() == approx([7.0, -2.0, 3.5, 4.5])
    for column, middle in (("alone", 3.0), ("last", 7.0)):
        ends = table.loc["incentives", [f"{column}_low", f"{column}_high"]].tolist()
        assert ends == approx([middle - HALF, middle + HALF])
        ends = table.loc["total", [f"{column}_low", f"{column}_high"]].tolist()
        assert ends == approx([4.5 - HALF, 4.5 + HALF])


def test_the_pair_that_does_most_together_comes_first_whatever_its_sign(game):
    game["all"] = 2.0  # half of which the index gives to each pair of three
    table = found().interactions
    assert table[["first", "second"]].to_numpy().tolist() == [
        ["incentives", "skills"],
        ["incentives", "measurement"],
        ["measurement", "skills"],
    ]
    assert table["interaction"].tolist() == approx([5.0, 1.0, 1.0])
    game["all"] = -3.0
    assert found().interactions["interaction"].tolist() == approx([2.5, -1.5, -1.5])
    game["all"] = -12.0
    assert found().interactions["interaction"].tolist() == approx([-6.0, -6.0, -2.0])


def test_an_interaction_has_its_interval(game, monkeypatch):
    pairs = np.zeros((3, 3, 3))
    pairs[0, 2] = 4.0 + LUCK
    exact = module.shapley
    monkeypatch.setattr(
        module, "shapley", lambda *game, **how: Attribution(**vars(exact(*game, **how)) | {"pairs": pairs})
    )
    row = found().interactions.iloc[0]
    assert (row["first"], row["second"], row["outcome"]) == ("incentives", "skills", "use")
    assert (row["interaction"], row["low"], row["high"]) == approx((4.0, 4.0 - HALF, 4.0 + HALF))


def test_sampled_orders_widen_every_interval_by_what_they_leave_open(game):
    game["all"] = 6.0
    made = found(exact=2, orders=4)
    table = made.contributions.set_index("group")
    assert not made.exact
    assert made.interactions.empty
    row = table.loc["incentives"]
    assert row["sampling"] > 0.0
    wide = np.hypot(HALF, row["sampling"])
    assert (row["low"], row["high"]) == approx((row["contribution"] - wide, row["contribution"] + wide))
    assert table["contribution"].drop("total").sum() == approx(table.loc["total", "contribution"])
    assert made.coalitions <= 8


def test_an_interval_and_the_error_of_sampling_add_up_as_the_sides_of_a_right_angle():
    low, high = widened(np.array([1.0, -2.0]), np.array([7.0, 2.0]), np.array([4.0, 0.0]))
    assert low.tolist() == approx([-1.0, -2.0])
    assert high.tolist() == approx([9.0, 2.0])


def test_three_groups_are_exact_up_to_three(game):
    assert found(exact=3).exact
    assert not found(exact=2).exact
    assert found().coalitions == 8


def test_a_finding_says_what_it_is(game):
    made = found(quarter="2020Q4", seed=4)
    assert (made.scenario, made.baseline, made.quarter, made.levels) == ("other", "base", "2020Q4", {"use": 10.0})
    assert [plan.name for plan in made.basis.scenarios] == ["base", "other"]
    assert (made.basis.seed, made.basis.replications) == (4, 3)
    assert (made.outcome, made.level, made.unit) == ("use", 10.0, "share of dossiers")
    assert repr(made) == "Explanation(other against base: use in 2020Q4)"
    assert found().quarter == "2021Q4"
    assert (made.provinces, made.channels) == (None, None)


def test_the_roadmap_is_one_group_unless_its_items_are_told_apart(game):
    early = [item.model_copy(update={"start": max(item.start - 1, 0)}) for item in BASE.roadmap]
    other = BASE.model_copy(update={"name": "early", "roadmap": tuple(early)})
    given = {"replications": 3, "parameters": "central", "country": COUNTRY, "exact": 20}
    assert explain(other, BASE, **given).contributions["group"].tolist() == ["roadmap", "total"]
    assert len(explain(other, BASE, items=True, **given).contributions) > 2


def test_several_outcomes_are_read_from_the_same_runs(game):
    made = found(outcome=["use", "trust"])
    assert made.levels == {"use": 10.0, "trust": -5.0}
    assert made.only("trust").contributions["contribution"].tolist() == approx([-2.5, 1.0, -0.75, -2.25])
    assert made.only("trust").interactions["interaction"].abs().max() == approx(2.0)
    assert len(made.contributions) == 8
    assert (made.contributions.index.is_unique, made.interactions.index.is_unique) == (True, True)
    assert found().contributions.index.tolist() == list(range(4))
    assert found().interactions.index.tolist() == list(range(3))


def test_progress_expects_every_mixture(game, monkeypatch):
    """Of three groups 8; along 6 orders each alone and last, none and all, and of each order what lies between."""
    expected = []
    monkeypatch.setattr(RunProgress, "expect", lambda self, runs: expected.append(runs))
    monkeypatch.setattr(module, "gains_by_channel", lambda *_: ("provinces", "channels"))
    found(exact=3)
    found(exact=2, orders=6)
    assert expected == [8 * 3, (2 * 3 + 2 + 6 * 2) * 3]
    expected.clear()
    made = found(provinces=True)
    assert expected == [(8 + 128) * 3]
    assert (made.provinces, made.channels) == ("provinces", "channels")


def test_defaults(game, monkeypatch):
    asked = {}
    make = module.make_evaluator
    monkeypatch.setattr(module, "make_evaluator", lambda *plan, **given: asked.update(given) or make(*plan, **given))
    monkeypatch.setattr(module, "shapley", lambda *_, **how: asked.update(how) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        explain(OTHER, BASE, country=COUNTRY, parameters="central")
    assert [asked[name] for name in ("replications", "seed", "outcome", "exact", "orders")] == [100, 0, "use", 8, 32]


def test_at_least_four_orders_are_sampled(game):
    assert not found(exact=2, orders=4).exact
    with pytest.raises(StudyError, match="orders"):
        found(orders=3)


def shares(parts, total):
    parts, zero = np.array(parts), np.zeros(1)
    return Attribution(parts, parts, parts, None, np.array(total), zero, 4)


def test_parts_that_miss_the_whole_are_a_mistake_of_ours():
    check_sum(shares([[1.0, 5.0], [2.0, -3.0]], [3.0, 2.0]))
    check_sum(shares([[1.0], [2.0]], [3.0 + 0.9e-9]))
    check_sum(shares([[0.0]], [1e-9]))
    check_sum(shares([[1.0e3], [2.0e3]], [3.0e3 + 1.5e-6]))
    check_sum(shares([[1.0e-3], [2.0e-3]], [3.0e-3 + 0.9e-9]))
    for parts, total in (
        ([[1.0, 5.0], [2.0, -3.0]], [3.0, 2.1]),
        ([[1.0, 5.0], [2.0, -3.0]], [2.9, 2.0]),
        ([[1.0], [2.0]], [3.0 + 2.1e-9]),
        ([[0.3], [0.2]], [0.5 + 1.1e-9]),
    ):
        with pytest.raises(StudyError, match="the parts miss the whole by"):
            check_sum(shares(parts, total))
