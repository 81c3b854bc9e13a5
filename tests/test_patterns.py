"""The patterns that must emerge, each on paired replications with an interval: direction first, size second.

Nothing in the rules names a pattern. Scenarios are run on common random numbers, at the central values of all
parameters; a test looks at the 95% interval of the mean paired difference (Student t). The patterns, what they compare
and their bounds stand in `dgsim.evidence.pattern_claims`, where validation asks every set of parameters; what is tested
besides stands here.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dgsim.country import load_country
from dgsim.country.groups import POOR, RICH, fifth, revenue_a_head
from dgsim.engine.run import run_replications
from dgsim.engine.sets import Ensemble
from dgsim.evidence.ensemble_runs import SetRuns
from dgsim.evidence.pattern_claims import PATTERNS, bad_examples, gains_of_staged, joint_gain
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import quarter_index
from dgsim.world.tables import FLOWS, OUTCOME_NAMES, SERVICES

REPLICATIONS, SEED = 60, 2
COUNTRY = load_country()
# Every replication is a set of its own, in which nothing is changed: a value a set is a value a replication.
CENTRAL = SetRuns(COUNTRY, Ensemble("central", ({},) * REPLICATIONS), 1, SEED)
runs, difference = CENTRAL.of, CENTRAL.difference


def interval(differences):
    """Mean and 95% interval of the mean of paired differences."""
    mean = differences.mean()
    half = stats.t.ppf(0.975, len(differences) - 1) * stats.sem(differences)
    return mean, mean - half, mean + half


def assert_above(differences, least=0.0, message=""):
    """The whole interval of the mean difference lies above a bound."""
    mean, low, high = interval(np.asarray(differences, dtype=float))
    assert low > least, f"{message}: {mean:.4f} ({low:.4f} to {high:.4f}) is not above {least}"


def group(result, name, quarter, provinces):
    """Mean of a stock over a group of provinces, one value a replication."""
    return result.stock(name, quarter)[:, provinces].mean(axis=1)


REVENUE = revenue_a_head(COUNTRY)
RICHEST, POOREST = fifth(REVENUE, RICH), fifth(REVENUE, POOR)


@pytest.mark.parametrize(
    "pattern",
    [pattern for pattern in PATTERNS if pattern.central is not None],
    ids=lambda pattern: f"{pattern.pattern} {pattern.text}",
)
def test_the_pattern_emerges_at_the_central_values(pattern):
    values = pattern.measure(CENTRAL)
    assert pattern.central >= pattern.least
    assert_above(values, pattern.central, pattern.text)
    if np.isfinite(pattern.most):
        assert_above(pattern.most - values, 0.0, f"below {pattern.most}: {pattern.text}")


def test_p01_supply_is_there_at_the_deadline():
    assert_above(runs("history").outcome("supply", "2021Q4"), 0.85, "supply at the deadline")


def test_p02_technology_without_redesign_disappoints():
    """The same money on technology and reform lets clearly more dossiers end online than on technology alone.

    Hours follow less: most are those of ministries' services, which provinces' reform does not touch.
    """
    both, technology = runs("technology-and-reform"), runs("technology-only")
    gain = difference(both, technology, "use")
    assert_above(gain / technology.outcome("use"), 0.2, "gain of reform at equal money")
    assert_above(difference(both, technology, "hours_saved"), 0.0, "and in hours")


def test_p02_technology_and_reform_are_complements_in_hours_too():
    assert_above(joint_gain("hours_saved")(CENTRAL), 0.0, "interaction in hours_saved")


def test_p03_services_first_builds_more_own_platforms():
    own = [runs(name).stock("own_platforms", "2025Q4").mean(axis=1) for name in ("services-first", "foundations-first")]
    assert_above(own[0] - own[1], 1.0, "own platforms")


def test_p03_an_overlapping_order_is_on_the_frontier():
    """Neither pure order is as good as the staged one in early supply, final net benefit and duplication together."""
    for name in ("services-first", "foundations-first"):
        gains = gains_of_staged(CENTRAL, name)
        assert max(interval(gain)[1] for gain in gains) > 0, f"staged is dominated by {name}"


def test_p04_what_is_rewarded_is_what_rises():
    """Rewarding supply raises the reported index more than use; rewarding audited use ends with more use."""
    plain = runs("staged", lump_sum=150.0)
    for_supply, for_use = runs("reward-supply"), runs("reward-use")
    gain = difference(for_supply, plain, "reported_index", "2021Q4")
    assert_above(gain - difference(for_supply, plain, "use", "2021Q4"), 0.0, "reported_index over use")
    assert_above(difference(for_use, for_supply, "use"), 0.0, "use under the two rewards")


@pytest.mark.parametrize("quarter", ["2026Q4", "2028Q4"])
def test_p05_matching_widens_and_equalisation_narrows_the_gap(quarter):
    """Matching widens the gap until the rich have all; equalisation narrows it."""
    plain, matched, equalised = runs("staged"), runs("matching"), runs("matching-equalised")
    assert_above(difference(matched, plain, "gap_p90_p10", quarter), 0.0, "matching widens")
    assert_above(difference(matched, equalised, "gap_p90_p10", quarter), 0.0, "equalisation narrows")
    gap = [group(run, "use", quarter, RICHEST) - group(run, "use", quarter, POOREST) for run in (matched, equalised)]
    assert_above(gap[0] - gap[1], 0.0, "rich less poor")


def test_p07_training_alone_leaks_to_other_provinces_too():
    alone = runs("training-only")
    share = alone.stock("trained_to_provinces").sum(axis=1) / alone.stock("trained_made").sum(axis=1)
    assert_above(share, 0.01, "to other provinces")


def test_p07_every_trained_specialist_can_be_followed():
    """Trained at the start + made = still there + gone to the private sector; moves between provinces cancel."""
    run = run_replications(load_scenario("training-only"), COUNTRY, replications=range(6), keep={"provinces"})
    now, first = run.provinces[:, -1], run.provinces[:, 0]

    def since(name):
        return now[name].sum(axis=1) - first[name].sum(axis=1)

    np.testing.assert_allclose(since("trained"), since("trained_made") - since("trained_to_private"), rtol=1e-9)
    gone, come = (now[name].sum(axis=1) for name in ("trained_to_provinces", "trained_arrived"))
    np.testing.assert_allclose(gone, come, rtol=1e-9)


def test_p08_bad_examples_slow_adoption_by_2024():
    """Where many projects fail, learning from peers does less for use the more visible failures are."""
    assert_above(bad_examples("2024Q4")(CENTRAL), 0.0, "learning with hidden over learning with visible failures")


def test_p09_ranking_works_at_first_and_priority_keeps_it_up():
    """Ranked once, provinces answer; ranked with sustained priority, they keep answering."""
    never = runs("staged", league_table=False)
    once, sustained = runs("league-table-once"), runs("league-table-sustained")
    assert_above(difference(once, never, "reported_index", "2021Q4"), 0.0, "ranking works at first")
    assert_above(difference(sustained, once, "use"), 0.0, "priority raises use too")


def test_p10_security_neglected_costs_trust():
    assert_above(difference(runs("staged"), runs("security-neglected"), "trust"), 0.02, "trust")


def test_p10_trust_recovers_slowly():
    """Two years after security is taken up, less than all of the lost trust is back, and some of it is."""
    base = load_scenario("staged")
    late = base.model_copy(
        update={
            "roadmap": tuple(
                item.model_copy(update={"start": quarter_index("2027Q1"), "quarters": 4})
                if item.item == "security"
                else item
                for item in base.roadmap
            )
        }
    ).with_changes(security_share=0.01)
    mended = run_replications(late, COUNTRY, seed=SEED, replications=range(REPLICATIONS)).outcomes
    staged = runs("staged")
    behind = staged.outcome("trust") - mended[:, -1, OUTCOME_NAMES.index("trust")]
    assert_above(behind, 0.0, "trust is still behind after three years")
    rest = difference(staged, runs("security-neglected"), "trust")
    assert_above(rest - behind, 0.0, "and less so than if security stays neglected")


def test_p13_who_doubts_the_shared_platform_builds_an_own_one():
    own = [
        runs(name).stock("own_platforms", "2022Q4").mean(axis=1)
        for name in ("promises-not-believed", "promises-believed")
    ]
    assert_above(own[0] - own[1], 0.0, "own platforms of those who doubt")


@pytest.mark.parametrize(("lever", "value"), [("fee_cut", 0.6), ("feedback", 300.0)])
def test_p14_fee_cuts_and_feedback_each_raise_use(lever, value):
    with_it, without = (runs("services-first", **{lever: size}) for size in (value, 0.0))
    assert_above(difference(with_it, without, "use", "2022Q4"), 0.0, lever)


def test_p14_supply_is_not_there_before():
    assert runs("staged").outcome("supply", "2020Q4").mean() < 0.3


EQUAL_MONEY = [
    ("history", "services-first", "foundations-first", "staged"),
    ("technology-only", "technology-and-reform"),
    ("reward-supply", "reward-use"),
    ("matching", "matching-equalised"),
    ("training-only", "retention-only", "training-and-retention", "no-skills-programme"),
    ("staged", "security-neglected", "no-peers"),
    ("annual-budgets", "medium-term-budgets"),
    ("promises-believed", "promises-not-believed"),
    ("league-table-once", "league-table-sustained"),
]


@pytest.mark.parametrize("names", EQUAL_MONEY, ids=" ".join)
def test_scenarios_that_are_compared_plan_the_same_money(names):
    """Where a comparison is about order or design, the money is the same."""
    money = {name: load_scenario(name).planned_money() for name in names}
    assert max(money.values()) - min(money.values()) < 1.0, money
    own = {name: load_scenario(name).lever_path("digital_share") for name in names}
    assert len(set(own.values())) == 1, f"provinces' own money differs: {own}"


def test_the_books_name_every_flow():
    """The catalogue and the ledger are as large as the tables say, and no flow lacks a source or a use."""
    assert len({flow.flow for flow in FLOWS}) == len(FLOWS)
    assert all(flow.source and flow.use and flow.source != flow.use for flow in FLOWS)
    assert len({service.service for service in SERVICES}) == len(SERVICES)
