"""Each pattern measures what its sentence says, on outcomes and stocks that a test makes up."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import norm

from country_by_hand import COUNTRY, approx
from dgsim.engine.sets import load_parameters
from dgsim.engine.setup import make_setup
from dgsim.evidence.ensemble_runs import SetMeans, SetRuns
from dgsim.evidence.pattern_claims import EMERGES, INPUT, OPEN, PATTERNS, RUNS_NEEDED, Gap, Pattern, claims_about
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import quarter_index
from dgsim.world.tables import FOUNDATIONS, OUTCOME_NAMES

TEXTS = {pattern.text: pattern for pattern in PATTERNS}
SETS, QUARTERS = 2, 84  # the longest runs end in 2040


class MadeUp(SetRuns):
    """Runs whose figures are set by name: outcomes by (scenario, changes), else zero."""

    def __init__(self) -> None:
        super().__init__(COUNTRY, load_parameters([{"hours_factor": 1.0}] * SETS), 1, 0)
        self.figures: dict = defaultdict(lambda: SetMeans(np.zeros((SETS, QUARTERS, len(OUTCOME_NAMES))), Stocks()))
        self.asked: set = set()

    def of(self, name, items=None, **changes):
        key = (name, items, *sorted(changes.items()))
        self.asked.add(key)
        return self.figures[key]

    def put(self, name, outcome, value, quarter="2030Q4", items=None, **changes):
        """A value a set; the second set has twice the first's."""
        found = self.figures[(name, items, *sorted(changes.items()))]
        found.outcomes[:, quarter_index(quarter), OUTCOME_NAMES.index(outcome)] = value, 2 * value

    def stock(self, name, stock, values, quarter="2030Q4", **changes):
        found = self.figures[(name, None, *sorted(changes.items()))]
        found.stocks[stock][:, quarter_index(quarter)] = values, 2 * np.asarray(values)


class Stocks(defaultdict):
    """Zero for every province, unless set."""

    def __missing__(self, name):
        self[name] = np.zeros((SETS, QUARTERS, 63), np.float32)
        return self[name]


def measured(runs, text):
    return TEXTS[text].measure(runs).tolist()


def test_a_pattern_holds_strictly_between_its_bounds():
    pattern = Pattern("P0", "", "", lambda _: np.zeros(1), 0.1, 0.3)
    assert pattern.holds(np.array([0.1, 0.2, 0.3])).tolist() == [False, True, False]
    assert Pattern("P0", "", "", lambda _: np.zeros(1)).holds(np.array([0.0, 1e-9, 1e9])).tolist() == [
        False,
        True,
        True,
    ]


def test_the_leap_is_from_the_third_quarter_of_2020_to_the_end_of_2021():
    runs = MadeUp()
    runs.put("history", "supply", 0.1, "2020Q3")
    runs.put("history", "supply", 0.6, "2021Q4")
    assert measured(runs, "supply leaps from 2020Q3 to 2021Q4 by more than 40 points") == approx([0.5, 1.0])
    assert TEXTS["supply leaps from 2020Q3 to 2021Q4 by more than 40 points"].least == 0.4
    runs.put("history", "use_full_process", 0.15, "2024Q2")
    use = TEXTS["dossiers that end online in mid-2024 are between 5% and 30%"]
    assert use.measure(runs).tolist() == approx([0.15, 0.3])
    assert (use.least, use.most) == (0.05, 0.3)


GAPS = [
    ("reform with technology saves more hours than technology", "technology-and-reform", "technology-only",
     "hours_saved", "2030Q4"),
    ("reform with technology is worth more by 2030 than technology: net benefit", "technology-and-reform",
     "technology-only", "net_benefit", "2030Q4"),
    ("services first leads early supply", "services-first", "foundations-first", "supply", "2020Q4"),
    ("services first ends with less use", "foundations-first", "services-first", "use", "2030Q4"),
    ("services first pays more for own platforms beside the shared one", "services-first", "foundations-first",
     "own_platform_excess", "2030Q4"),
    ("matching widens the gap of use by 2026", "matching", "staged", "gap_p90_p10", "2026Q4"),
    ("matching still widens it in 2030", "matching", "staged", "gap_p90_p10", "2030Q4"),
    ("equalisation narrows it", "matching", "matching-equalised", "gap_p90_p10", "2026Q4"),
    ("at some cost to early use", "matching", "matching-equalised", "use", "2024Q4"),
    ("learning from peers raises mean use", "staged", "no-peers", "use", "2030Q4"),
    ("and does so by 2027", "staged", "no-peers", "use", "2027Q4"),
    ("sustained priority keeps it up", "league-table-sustained", "league-table-once", "reported_index", "2030Q4"),
    ("security neglected: more incidents", "security-neglected", "staged", "incidents", "2030Q4"),
    ("and less use", "staged", "security-neglected", "use", "2030Q4"),
    ("medium-term budgets lapse less", "annual-budgets", "medium-term-budgets", "lapsed_money", "2030Q4"),
    ("promises believed: less early supply", "promises-not-believed", "promises-believed", "supply", "2021Q4"),
    ("and less is paid for own platforms beside the shared one", "promises-not-believed", "promises-believed",
     "own_platform_excess", "2030Q4"),
    ("fee cuts and feedback raise use where supply is there", "fee-cut-and-feedback", "staged", "use", "2026Q4"),
    ("and do little before", "fee-cut-and-feedback", "staged", "use", "2020Q4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "more", "less", "outcome", "quarter"), GAPS)
def test_a_gap_is_one_scenario_less_the_other(text, more, less, outcome, quarter):
    runs = MadeUp()
    runs.put(more, outcome, 5.0, quarter)
    runs.put(less, outcome, 2.0, quarter)
    assert measured(runs, text) == approx([3.0, 6.0])


def test_bounds_that_are_not_zero():
    """What comes in online in 2024 and what ends there are .30 apart; a rank correlation of 63 that is clear is .25."""
    bounds = {text: (p.least, p.most) for text, p in TEXTS.items() if (p.least, p.most) != (0.0, np.inf)}
    assert bounds == {
        "supply leaps from 2020Q3 to 2021Q4 by more than 40 points": (0.4, np.inf),
        "dossiers that end online in mid-2024 are between 5% and 30%": (0.05, 0.3),
        "a lump sum raises spending by clearly less than its size": (0.0, 0.7),
        "and by more than its size": (1.0, np.inf),
        "training alone leaks over a tenth to the private sector": (0.1, np.inf),
        "and do little before": (-0.01, 0.01),
        "dossiers that end online do not follow income in 2024": (-1.0, 0.25),
        "what comes in online is 30 points more than what ends there by 2024": (0.3, np.inf),
    }
    assert norm.isf(0.025) / np.sqrt(62) == approx(0.25, abs=0.002)


def test_what_is_claimed_at_the_central_values_is_no_less_than_over_all_sets():
    for text, pattern in TEXTS.items():
        if pattern.central is not None:
            assert pattern.least <= pattern.central < pattern.most, text
            assert pattern.least in (0.0, pattern.central), text
            assert pattern.central < 1.0 or pattern.unit == "bvnd per bvnd", text
    unclaimed = {text for text, pattern in TEXTS.items() if pattern.central is None}
    assert unclaimed == {
        "reform with technology is worth more by 2030 than technology: net benefit",
        "and by 2040",
        "the staged order is dominated by neither",
        "matching still widens it in 2030",
        "matching by more than a lump sum",
        "poor provinces lose most",
        "with peers the late adopters gain most",
        "and by more than its size",
        "services first ends with less use",
        "learning from peers raises mean use",
        "and does so by 2027",
        "dossiers that end online do not follow income in 2024",
        "and are fewer in the two largest cities",
        "by 2040 services that rest on foundations are worth more than services first",
    }


def of_role(role):
    """The texts of the patterns of one role."""
    return {text for text, pattern in TEXTS.items() if pattern.role == role}


def test_claims_that_a_lever_or_a_parameter_states_are_told_as_inputs():
    assert of_role(INPUT) == {
        "training alone leaks over a tenth to the private sector",
        "ranking once fades to under half",
        "sustained priority keeps it up",
        "security neglected: more incidents",
        "fee cuts and feedback raise use where supply is there",
    }


def test_what_the_theory_asks_and_does_not_claim_is_open():
    assert of_role(OPEN) == {
        "reform with technology is worth more by 2030 than technology: net benefit",
        "matching still widens it in 2030",
        "and by more than its size",
        "and does so by 2027",
    }
    assert all(TEXTS[text].central is None for text in of_role(OPEN)), "and is not held at the central values"
    assert len(of_role(EMERGES)) == len(TEXTS) - 9


def test_the_joint_gain_is_what_both_bring_beyond_the_sum():
    runs = MadeUp()
    runs.put("staged", "use", 0.6, items=(*FOUNDATIONS, "process_reform"))
    runs.put("staged", "use", 0.1, items=())
    runs.put("staged", "use", 0.25, items=FOUNDATIONS)
    runs.put("staged", "use", 0.2, items=("process_reform",))
    # 0.5 together, 0.15 and 0.1 alone
    assert measured(runs, "the joint gain in use exceeds the sum of the single gains") == approx([0.25, 0.5])


def test_the_frontier_is_the_worse_of_the_best_respects_in_spreads():
    """Services first: supply -1 and -2, benefit 3 and 6, money 2 and 4; spreads 0.5, 1.5 and 1."""
    runs = MadeUp()
    runs.put("services-first", "supply", 1.0, "2021Q4")
    runs.put("staged", "net_benefit", 3.0)
    runs.put("services-first", "own_platform_excess", 2.0)
    runs.put("foundations-first", "net_benefit", 2.0)
    # against services first the best is money or benefit: 2 and 4; against foundations first benefit: 1 / .5, 2 / .5
    assert measured(runs, "the staged order is dominated by neither") == approx([2.0, 4.0])
    runs.put("foundations-first", "net_benefit", 4.0)
    runs.put("foundations-first", "supply", 3.0, "2021Q4")
    runs.put("foundations-first", "own_platform_excess", -1.0)
    assert measured(runs, "the staged order is dominated by neither") == approx([-2.0, -4.0])


def test_no_spread_is_a_very_clear_one():
    runs = MadeUp()
    runs.figures["staged", None].outcomes[:, quarter_index("2030Q4"), OUTCOME_NAMES.index("net_benefit")] = 1.0
    assert measured(runs, "the staged order is dominated by neither") == approx([1e12, 1e12])


@pytest.mark.parametrize(
    ("text", "more", "less", "quarter"),
    [
        ("services first builds more own platforms", "services-first", "foundations-first", "2025Q4"),
        ("and fewer own platforms", "promises-not-believed", "promises-believed", "2021Q4"),
    ],
)
def test_own_platforms_are_those_of_the_mean_province(text, more, less, quarter):
    runs = MadeUp()
    runs.stock(more, "own_platforms", np.where(np.arange(63) < 21, 6.0, 3.0), quarter)  # 4 on average
    runs.stock(less, "own_platforms", np.full(63, 1.0), quarter)
    assert measured(runs, text) == approx([3.0, 6.0])


def test_rewarding_supply_raises_supply_more_than_use():
    runs = MadeUp()
    for name, supply, use, changes in (("staged", 0.2, 0.1, {"lump_sum": 150.0}), ("reward-supply", 0.6, 0.15, {})):
        runs.put(name, "supply", supply, "2021Q4", **changes)
        runs.put(name, "use", use, "2021Q4", **changes)
    assert measured(runs, "rewarding supply raises supply more than use") == approx([0.35, 0.7])
    runs.put("reward-use", "use_full_process", 0.5, audit_share=0.5)
    runs.put("staged", "use_full_process", 0.3, lump_sum=150.0, audit_share=0.5)
    assert measured(runs, "rewarding use raises dossiers that end online where audits look") == approx([0.2, 0.4])
    runs.put("reward-use", "assisted_share", 0.3, audit_share=0.0)
    runs.put("reward-use", "assisted_share", 0.25, audit_share=0.5)
    assert measured(runs, "and dossiers that officials file where they do not") == approx([0.05, 0.1])
    runs.put("reward-supply", "reporting_gap", 0.2, audit_share=0.0)
    runs.put("reward-supply", "reporting_gap", 0.1, audit_share=0.5)
    assert measured(runs, "with less audit the reporting gap grows") == approx([0.1, 0.2])


@pytest.mark.parametrize(
    ("text", "name", "changes"),
    [
        ("a lump sum raises spending by clearly less than its size", "staged", {"lump_sum": 250.0}),
        ("and by more than its size", "matching", {}),
    ],
)
def test_stickiness_is_spending_added_a_grant_added(text, name, changes):
    runs = MadeUp()
    runs.put("staged", "provincial_spend", 100.0)
    runs.put(name, "provincial_spend", 400.0, **changes)
    runs.stock("staged", "granted", np.full(63, 1.0))
    runs.stock(name, "granted", np.full(63, 11.0), **changes)
    assert measured(runs, text) == approx([300 / 630] * 2)


def test_matching_sticks_more_than_a_lump_sum_by_the_difference_of_the_two():
    """Of 630 granted 441 are spent where they are matched, 252 where not: 0.7 less 0.4 a bvnd."""
    runs = MadeUp()
    for name, spent, changes in (("matching", 441.0, {}), ("staged", 252.0, {"lump_sum": 250.0})):
        runs.put(name, "provincial_spend", spent, **changes)
        runs.stock(name, "granted", np.full(63, 10.0), **changes)
    assert measured(runs, "matching by more than a lump sum") == approx([0.3] * 2)


def test_by_2040_runs_are_longer():
    runs = MadeUp()
    for more, less in (("technology-and-reform", "technology-only"), ("staged", "services-first")):
        runs.put(more, "net_benefit", 5.0, "2040Q4", quarters=84)
        runs.put(less, "net_benefit", 2.0, "2040Q4", quarters=84)
    assert measured(runs, "and by 2040") == approx([3.0, 6.0])
    text = "by 2040 services that rest on foundations are worth more than services first"
    assert measured(runs, text) == approx([3.0, 6.0])


def test_what_comes_in_online_is_held_against_what_ends_there():
    runs = MadeUp()
    runs.put("history", "use_any_step", 0.56, "2024Q4")
    runs.put("history", "use_full_process", 0.2, "2024Q4")
    text = "what comes in online is 30 points more than what ends there by 2024"
    assert measured(runs, text) == approx([0.36, 0.72])


def test_who_serves_online_in_2024_by_income_and_in_the_two_largest_cities():
    runs = MadeUp()
    product = COUNTRY.column("grdp_per_capita_2019_mvnd")
    runs.stock("history", "use_full_process", product / 1e3, "2024Q2")
    assert measured(runs, "dossiers that end online do not follow income in 2024") == approx([1.0, 1.0])
    cities = np.isin(COUNTRY.codes, ["01", "79"])  # Ha Noi and Ho Chi Minh City
    runs.stock("history", "use_full_process", np.where(cities, 0.1, 0.415), "2024Q2")
    # the mean province has .415 - 2/63 of .315, which is .405
    assert measured(runs, "and are fewer in the two largest cities") == approx([0.305, 0.61])


def test_training_leaks_stays_and_poor_provinces_lose_most():
    runs = MadeUp()
    income = make_setup(load_scenario("staged"), COUNTRY).provinces["income"]
    poor, rich = income <= np.quantile(income, 0.2), income >= np.quantile(income, 0.8)
    made = np.full(63, 10.0)
    runs.stock("training-only", "trained_made", made)
    runs.stock("training-only", "trained_to_private", np.where(poor, 4.0, 1.0))
    runs.stock("training-only", "trained_to_provinces", np.where(poor, 3.0, 0.0))
    runs.stock("training-only", "trained_arrived", np.where(rich, 2.0, np.where(poor, 1.0, 0.0)))
    runs.stock("training-only", "trained", made / 2)
    runs.stock("training-and-retention", "trained_made", made)
    runs.stock("training-and-retention", "trained", 0.8 * made)
    leaked = (4.0 * poor.sum() + (~poor).sum()) / 630
    assert measured(runs, "training alone leaks over a tenth to the private sector") == approx([leaked] * 2)
    assert measured(runs, "with retention a larger share stays") == approx([0.3] * 2)
    assert measured(runs, "poor provinces lose most") == approx([(4 + 3 - 1) / 10 - (1 - 2) / 10] * 2)
    assert poor.sum() == rich.sum() == 13


def test_late_adopters_are_the_third_that_used_least_without_peers():
    runs = MadeUp()
    late = np.arange(63) % 3 == 0
    early = np.arange(63) % 3 == 1
    within = 0.001 * np.arange(63)
    runs.stock("no-peers", "use", np.where(late, 0.1, np.where(early, 0.3, 0.2)) + within, "2027Q4")
    runs.stock("no-peers", "use", np.where(late, 0.3, np.where(early, 0.1, 0.2)))
    runs.stock("staged", "use", np.where(late, 0.5 + within, np.where(early, 0.15, 0.9)))
    # the last third gains 0.2 and 0.001 times 0, 3 ... 60, the first 0.05
    assert measured(runs, "with peers the late adopters gain most") == approx([0.18, 0.36])


def test_bad_examples_cost_more_the_more_they_are_seen():
    runs = MadeUp()
    failing = {"failed_hard": 0.5, "failed_easy": 0.08}
    for visible, gain in ((0.2, 0.3), (1.0, 0.1)):
        runs.put("staged", "use", 0.4 + gain, "2027Q4", failure_visible=visible, **failing)
        runs.put("no-peers", "use", 0.4, "2027Q4", failure_visible=visible, **failing)
    assert measured(runs, "bad examples slow adoption") == approx([0.2, 0.4])


def test_a_table_published_once_fades_to_under_half():
    runs = MadeUp()
    runs.put("league-table-once", "reported_index", 0.6, "2021Q4")
    runs.put("staged", "reported_index", 0.2, "2021Q4", league_table=False)
    runs.put("league-table-once", "reported_index", 0.55)
    runs.put("staged", "reported_index", 0.5, league_table=False)
    assert measured(runs, "ranking once fades to under half") == approx([0.3, 0.6])


def test_more_projects_that_span_years_are_finished_a_province():
    runs = MadeUp()
    runs.stock("medium-term-budgets", "finished_multi_year", np.full(63, 5.0))
    runs.stock("annual-budgets", "finished_multi_year", np.full(63, 2.0))
    assert measured(runs, "and finish more projects that span years") == approx([3.0, 6.0])


def test_as_many_scenarios_are_compared_as_announced():
    runs = MadeUp()
    with np.errstate(all="ignore"):
        for pattern in PATTERNS:
            pattern.measure(runs)
    assert len(runs.asked) == RUNS_NEEDED
    assert len(TEXTS) == len(PATTERNS)


def test_a_claim_speaks_of_one_of_its_two_scenarios_and_is_found_by_it():
    for pattern in PATTERNS:
        if isinstance(gap := pattern.measure, Gap):
            assert gap.subject in (gap.one, gap.other), pattern.text
            assert {gap.subject[0], gap.rival[0]} == {gap.one[0], gap.other[0]}, pattern.text
    found = dict(claims_about({"services-first"}, "supply"))
    assert list(found) == ["P3: services first leads early supply"]
    assert found["P3: services first leads early supply"].rival == ("foundations-first", {})
    assert claims_about({"reward-supply"}, "reporting_gap") == [], (
        "that claim changes the audit of the shipped scenario"
    )
    assert [gap.quarter for _, gap in claims_about({"technology-and-reform"}, "net_benefit")] == ["2030Q4"], (
        "the claim about 2040 is of longer runs than are shipped"
    )
    assert claims_about({"staged"}, "use") == [], "it is what others are held against"
