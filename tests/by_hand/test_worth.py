"""The accounts of a toy plan, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dgsim.appraisals.gathering import Gathered, beyond, discounting, reduced
from dgsim.appraisals.lines import LINES, LOCAL, QUANTITIES, QUANTITY_OF, WHAT_OF, WHO
from dgsim.appraisals.prices import MEAN_OVERRUN, PRICED, PROVINCIAL_BUILDING, Prices
from dgsim.appraisals.risk import by_set, rate_of_return, switching
from dgsim.appraisals.worth import Worth, break_even, ratio_interval, record
from dgsim.engine.driver import AccountedRun
from dgsim.scenario import load_scenario
from dgsim.world.tables import ACCOUNTS, FLOWS

PLAN = load_scenario({"name": "toy"})
RATE = 0.21  # a year: 1.1 a half
LIFE = 4  # quarters
HALF = 1 / 1.1
TOY = {"centre building": 3000.0, "provinces building": 1000.0, "provinces fees": 200.0}  # million VND, first quarter
LATER = {"centre running": 100.0, "citizens_hours": 0.05, "processed": 0.01}  # third quarter
GRANT = {"centre grants": 500.0, "provinces grants": 500.0}


def prices(**changes: float) -> Prices:
    """One replication in which an hour is worth 30 thousand VND and processing 20."""
    values = dict.fromkeys(PRICED, 0.0) | {"value_of_hour": 30.0, "processing_saving": 20.0, PROVINCIAL_BUILDING: 1.0}
    return Prices({name: np.array([value]) for name, value in (values | changes).items()}, np.array([RATE]))


def gathered(*quarters: dict[str, float], priced: Prices | None = None) -> Gathered:
    """Runs of so many quarters with these quantities."""
    quantities = np.array([[[quarter.get(name, 0.0) for name in QUANTITIES] for quarter in quarters]])
    nowhere, shape = np.zeros((1, 1, 1, len(LOCAL))), (1, len(quarters))
    paths = np.zeros((len(quarters), 1))
    return Gathered(PLAN, priced or prices(), quantities, nowhere, nowhere[0], np.zeros(shape), paths)


def toy(priced: Prices | None = None) -> Worth:
    """A plan that builds, passes a grant on and forgoes fees in its first quarter, and saves in its third."""
    nothing = gathered({}, {}, {}, priced=priced)
    return Worth(gathered({**TOY, **GRANT}, {}, LATER, priced=priced), nothing, LIFE)


def of(lines: np.ndarray, who: str, line: str) -> float:
    """The one line of these names."""
    return float(sum(lines[0, at] for at, one in enumerate(LINES) if (one.who, one.line) == (who, line)))


def test_the_lines_of_a_toy_plan_are_those_worked_by_hand():
    lines = toy().lines(remaining=False)
    assert of(lines, "centre", "building") == pytest.approx(-3.0)
    assert of(lines, "provinces", "building") == pytest.approx(-1.0)
    assert of(lines, "centre", "grants") == pytest.approx(-0.5)
    assert of(lines, "provinces", "grants") == pytest.approx(0.5)
    assert of(lines, "provinces", "fees") == pytest.approx(-0.2)
    assert of(lines, "citizens", "fees") == pytest.approx(0.2)
    assert of(lines, "centre", "running") == pytest.approx(-0.1 * HALF)
    assert of(lines, "citizens", "time") == pytest.approx(30 * 0.05 * HALF)
    assert of(lines, "provinces", "processing") == pytest.approx(20 * 0.01 * HALF)
    assert lines.sum() == pytest.approx(-4.0 + (1.5 + 0.2 - 0.1) * HALF)


def test_what_remains_is_the_last_years_flow_while_what_was_built_lasts():
    """All was built in the first quarter: of a life of four quarters one is left after the third."""
    worth = toy()
    more = worth.lines() - worth.lines(remaining=False)
    mean = 1 / 3  # a year has not gone by: the mean of three quarters
    worth_at_start = 1.21 ** (-3 / 4)
    assert of(more, "citizens", "time") == pytest.approx(30 * 0.05 * mean * worth_at_start)
    assert of(more, "centre", "running") == pytest.approx(-0.1 * mean * worth_at_start)
    assert of(more, "citizens", "fees") == pytest.approx(0.2 * mean * worth_at_start)
    assert of(more, "centre", "building") == of(more, "provinces", "building") == of(more, "centre", "grants") == 0.0


SAVES = {"citizens_hours": 0.05}
OLD, NEW = {"centre building": 600.0}, {"provinces building": 200.0}


def remaining(plan: Gathered, base: Gathered) -> float:
    """What the remaining life adds, bvnd."""
    worth = Worth(plan, base, LIFE)
    return float((worth.lines() - worth.lines(remaining=False)).sum())


def test_what_remains_falls_with_the_vintages_that_the_plan_has_beyond_its_baseline():
    """Two years, and a life of four quarters: 600 of the second quarter are past it, 200 of the sixth have one more."""
    plan = gathered({}, {**OLD}, {}, {}, SAVES, {**SAVES, **NEW}, SAVES, SAVES)
    base = gathered({}, {}, {}, {}, {}, {}, {}, {})
    worth = Worth(plan, base, LIFE)
    assert worth.surviving[0].tolist() == [0.25, 0.0, 0.0, 0.0]
    assert remaining(plan, base) == pytest.approx(0.25 * 30 * 0.05 / 1.21**2)


def test_what_the_baseline_has_too_is_not_beyond_it():
    """The same building some quarters sooner, in the same year, and the same flows at the end: nothing remains."""
    plan = gathered(OLD, {}, {}, SAVES)
    base = gathered({}, {}, OLD, SAVES)
    assert remaining(plan, base) == 0.0
    assert not beyond(plan.built, base.built).any()


def test_idle_building_has_a_remaining_life_of_minus_what_it_costs_to_run():
    """The baseline's building and savings are in both; on top the plan builds what only costs.

    By their money two thirds of that year's building stand for two quarters after it, a ninth for a third.
    """
    runs = {"centre running": 8.0}
    base = gathered({**SAVES, **OLD}, SAVES, SAVES, {**SAVES, **NEW})
    idle = gathered({**SAVES, **OLD}, SAVES, {**SAVES, "centre building": 1000.0}, {**SAVES, **NEW})
    assert remaining(idle, base) == 0.0
    costly = gathered({**SAVES, **OLD}, SAVES, {**SAVES, **runs, "centre building": 1000.0}, {**SAVES, **NEW, **runs})
    assert Worth(costly, base, LIFE).surviving[0] == pytest.approx([2 / 3, 2 / 3, 1 / 9, 0.0])
    a_quarter = 2 * 0.008 / 4  # the mean of the last year
    standing = 2 / 3 / 1.21 + 2 / 3 / 1.21 ** (5 / 4) + 1 / 9 / 1.21 ** (6 / 4)
    assert remaining(costly, base) == pytest.approx(-a_quarter * standing)


def test_building_that_both_have_shortens_no_life():
    """A baseline that builds late takes nothing from what a plan has beyond it."""
    plan = gathered({}, {}, {}, {**SAVES, **NEW})
    late = gathered({}, {}, {}, NEW)
    both = gathered({}, {}, {}, {**SAVES, "provinces building": 400.0})
    assert remaining(both, late) == pytest.approx(remaining(plan, gathered({}, {}, {}, {})))


def test_transfers_sum_to_nought_to_the_last_bit():
    lines = toy().lines()
    assert lines[:, WHAT_OF["transfers"]].sum() == 0.0
    moved = {line.line for line in LINES if line.what == "transfers"}
    assert all(
        sum(line.sign for line in LINES if line.line == name and line.what == "transfers") == 0 for name in moved
    )


def test_undiscounted_lines_are_sums_of_what_was_paid():
    lines = toy().lines(0.0, remaining=False)
    costs = -lines[0, WHAT_OF["costs"]].sum()
    assert costs == pytest.approx((3000 + 1000 + 100) / 1000)


def test_who_and_what_sum_to_the_whole():
    lines = toy().lines()
    whole = lines.sum()
    assert sum(lines[:, chosen].sum() for chosen in WHAT_OF.values()) == pytest.approx(whole)
    assert sum(lines[0, at] for who in WHO for at, line in enumerate(LINES) if line.who == who) == pytest.approx(whole)
    row = record("who", "total", lines, WHAT_OF)
    assert (
        row["benefits"] - row["costs"] + row["transfers"] == pytest.approx(row["net_benefit"]) == pytest.approx(whole)
    )


def test_a_plan_against_itself_is_worth_nothing():
    worth = toy()
    alone = Worth(worth.plan, worth.plan, LIFE)
    assert not alone.lines().any()
    assert not alone.cumulative().any()
    assert not alone.points_of_use.any()
    row = record("who", "total", alone.lines(), WHAT_OF, alone.cumulative().mean(axis=0).sum(axis=1))
    assert (row["net_benefit"], row["chance_to_pay"], row["break_even"]) == (0.0, 0.0, None)


def test_optimism_bias_is_on_what_provinces_build_alone():
    biased = toy(prices(**{PROVINCIAL_BUILDING: 1 + MEAN_OVERRUN}))
    assert (biased.lines() - toy().lines()).sum() == pytest.approx(-MEAN_OVERRUN * 1.0)


def test_other_prices_are_other_sums():
    there = toy().lines(prices={"value_of_hour": 60.0})
    assert of(there, "citizens", "time") == pytest.approx(2 * of(toy().lines(), "citizens", "time"))
    assert of(there, "provinces", "processing") == of(toy().lines(), "provinces", "processing")


def test_a_switching_value_is_where_net_benefit_is_nought():
    found = {str(row["price"]): row for row in switching("toy", toy())}
    at = float(str(found["value_of_hour"]["switching_value"]))
    assert toy().lines(prices={"value_of_hour": at}).sum() == pytest.approx(0.0, abs=1e-12)
    assert at > 30.0
    costs, net = -toy().lines()[0, WHAT_OF["costs"]].sum(), toy().lines().sum()
    assert found["all_costs"]["switching_value"] == pytest.approx((net + costs) / costs)
    assert np.isnan(float(str(found["firm_hour"]["switching_value"]))), "it moves nothing"


def test_a_rate_of_return_is_where_net_benefit_is_nought():
    assert rate_of_return(lambda rate: 110 / (1 + rate) - 100) == pytest.approx(0.1)
    assert np.isnan(rate_of_return(lambda _: 1.0))


@pytest.mark.parametrize(
    ("path", "quarter"),
    [
        ([-1, -1, 0.5], "2020Q3"),
        ([1, 2, 3], "2020Q1"),
        ([-1, 1, -1], None),
        ([0, 0, 0], None),
        ([-1, 1, -1, 2], "2020Q4"),
    ],
)
def test_break_even_is_where_it_stays(path, quarter):
    assert break_even(np.array(path, float)) == quarter


def test_the_interval_of_a_ratio_is_that_of_the_residuals():
    rng = np.random.default_rng(0)
    costs = 10 + rng.normal(0, 1, 400)
    benefits = 3 * costs + rng.normal(0, 2, 400)
    low, high = ratio_interval(benefits, costs)
    assert low < 3 < high
    assert high - low == pytest.approx(2 * 1.966 * 2 / 10 / 20, rel=0.1)


def test_a_run_is_reduced_to_sums_by_place_and_quarter():
    """Two provinces, two quarters: what the country has is what the centre and both provinces have."""
    rng = np.random.default_rng(5)
    money = rng.integers(0, 100, (2, 3, len(ACCOUNTS)))
    savings = rng.uniform(size=(2, 2, len(LOCAL) - len(ACCOUNTS)))
    run = AccountedRun(np.zeros((2, 40)), money, savings, np.zeros(2))
    found = reduced(run, [0.0, 0.1], prices().weights[0])
    assert_allclose(found.quantities[:, : len(ACCOUNTS)], money[:, -1])
    assert_allclose(found.quantities[:, len(ACCOUNTS) : 2 * len(ACCOUNTS)], money[:, :-1].sum(axis=1))
    assert_allclose(found.places[0].sum(axis=0), found.quantities[:, len(ACCOUNTS) :].sum(axis=0))
    by_quarter = money[:, 1, 0] * discounting(0.1, 2)
    assert found.places[1, 1, 0] == pytest.approx(by_quarter.sum())


def test_every_flow_that_is_paid_has_an_account_and_every_account_a_line():
    for flow in FLOWS:
        paid = flow.category in ("spent", "leaked", "transfer", "given")
        assert (flow.account in ACCOUNTS) == paid, flow.flow
        assert paid or flow.account == "none", flow.flow
    assert {name for name in QUANTITIES if name != "centre fees"} == {QUANTITIES[at] for at in QUANTITY_OF}


def test_sets_are_told_apart_by_the_replication():
    assert by_set(np.array([1.0, 2.0, 3.0, 6.0]), 2).tolist() == [2.0, 4.0]
    assert by_set(np.array([1.0, 2.0]), 5).tolist() == [1.0, 2.0]
