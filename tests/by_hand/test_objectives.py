"""Objectives and constraints of a search, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from country_by_hand import approx
from dgsim.appraisals.targets.file import Target
from dgsim.decide.objectives import MEASURABLE, TOTAL_MONEY, ChanceConstraint, Constraint, Objective, planned
from dgsim.scenario import load_scenario

RUNS = np.arange(101.0)[::-1]


def test_an_unlucky_run_is_the_one_in_ten_that_is_worst_for_whom_it_is_measured():
    assert Objective("use", 3).of(RUNS) == approx(50.0)
    assert Objective("use", 3, "unlucky").of(RUNS) == approx(10.0)
    assert Objective("gap_p90_p10", 3, "unlucky").of(RUNS) == approx(90.0), "less of it is better"
    assert Objective(TOTAL_MONEY, 3, "unlucky").of(RUNS) == approx(90.0)


@pytest.mark.parametrize(
    ("outcome", "sign", "unit"),
    [("use", 1, "share of dossiers"), ("incidents", -1, None), ("net_benefit", 1, None), (TOTAL_MONEY, -1, "bvnd")],
)
def test_more_money_is_worse_and_outcomes_have_their_own_sign(outcome, sign, unit):
    assert Objective(outcome, 3).sign == sign
    assert unit in (None, Objective(outcome, 3).unit)


def test_an_objective_has_a_name_and_a_label():
    assert Objective("use", 3).name == "use 2020Q4"
    assert Objective("use", 3, "unlucky").name == "use 2020Q4, unlucky"
    assert Objective(TOTAL_MONEY, 3).name == TOTAL_MONEY
    assert Objective(TOTAL_MONEY, 3).label == "Money the plan commits"
    assert Objective("use", 3).label != Objective("trust", 3).label
    assert TOTAL_MONEY in MEASURABLE


def test_a_constraint_is_broken_by_a_share_of_its_size():
    most, least = Constraint(Objective(TOTAL_MONEY, 0), 200.0, True), Constraint(Objective("use", 3), 0.4, False)
    assert [most.excess(value) for value in (300.0, 200.0, 100.0)] == approx([0.5, 0.0, -0.5])
    assert [least.excess(value) for value in (0.2, 0.4, 0.5)] == approx([0.5, 0.0, -0.25])
    below = Constraint(Objective("net_benefit", 3), -50.0, False)
    assert [below.excess(value) for value in (-100.0, 0.0)] == approx([1.0, -1.0]), "the size has no sign"
    none = Constraint(Objective("use", 3), 0.0, True)
    assert none.excess(1e-9) == approx(1.0)
    assert none.excess(0.0) == 0.0
    assert most.text == "total_money at most 200 bvnd"
    assert least.text == "use 2020Q4 at least 0.4 share of dossiers"


def test_the_money_of_a_plan_is_the_same_in_every_run():
    staged = load_scenario("staged")
    assert planned(staged, 3).tolist() == [staged.planned_money()] * 3


def test_targets_are_a_constraint_that_falls_short_by_a_share_of_the_runs():
    use = Target("use", "use", "reported", wanted=0.5, at_most=False, by=3)
    index = Target("index", "reported_index", "true", wanted=0.4, at_most=False, by=7)
    both = ChanceConstraint("mine", (use, index), 0.8)
    reported, gap = Objective("reported_index", 7), Objective("reporting_gap", 7)
    assert both.measured == (Objective("use_full_process", 3), reported, gap)
    samples = {
        Objective("use_full_process", 3): np.array([0.6, 0.6, 0.4, 0.5]),
        reported: np.array([0.6, 0.6, 0.6, 0.6]),
        gap: np.array([0.1, 0.3, 0.1, 0.1]),
    }
    assert both.broken(samples) == approx(0.8 - 0.5), "the first and the last run meet both"
    assert ChanceConstraint("mine", (use,), 0.75).broken(samples) == 0.0
    assert ChanceConstraint("mine", (replace(use, at_most=True),), 0.5).broken(samples) == 0.0
    assert both.text == (
        "mine with a chance of at least 0.8: use_full_process 2020Q4 at least 0.5, "
        "reported_index less reporting_gap 2021Q4 at least 0.4"
    )
