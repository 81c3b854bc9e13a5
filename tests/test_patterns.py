"""The patterns that must emerge, each on paired replications with an interval: direction first, size second.

Nothing in the rules names a pattern. Each test runs scenarios on common random numbers and looks at the 95% interval of
the mean paired difference (Student t).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.engine.setup import make_setup
from dgsim.scenario import load_scenario
from dgsim.scenario.calendar import quarter_index
from dgsim.world.tables import FLOWS, ITEMS, OUTCOME_NAMES, SERVICES

REPLICATIONS = 60
COUNTRY = load_country()


@cache
def runs(name, changes=(), roadmap=None):
    """The runs of a shipped scenario, with levers or assumptions changed and a roadmap of other items if given."""
    scenario = load_scenario(name)
    if roadmap is not None:
        kept = tuple(item for item in scenario.roadmap if item.item in roadmap)
        scenario = scenario.model_copy(update={"roadmap": tuple(i.model_copy(update={"after": ()}) for i in kept)})
    if changes:
        scenario = scenario.with_changes(**dict(changes))
    return run_replications(scenario, COUNTRY, seed=2, replications=range(REPLICATIONS), keep={"provinces"})


def values(result, outcome, quarter="2030Q4"):
    """One value a replication."""
    return result.outcomes[:, quarter_index(quarter), OUTCOME_NAMES.index(outcome)]


def stock(result, name, quarter="2030Q4"):
    """A stock of every province: [replication, province]."""
    return result.provinces[name][:, quarter_index(quarter)]


def interval(differences):
    """Mean and 95% interval of the mean of paired differences."""
    mean = differences.mean()
    half = stats.t.ppf(0.975, len(differences) - 1) * stats.sem(differences)
    return mean, mean - half, mean + half


def assert_above(differences, least=0.0, message=""):
    """The whole interval of the mean difference lies above a bound."""
    mean, low, high = interval(np.asarray(differences, dtype=float))
    assert low > least, f"{message}: {mean:.4f} ({low:.4f} to {high:.4f}) is not above {least}"


def difference(one, other, outcome, quarter="2030Q4"):
    """Paired difference of an outcome, one value a replication."""
    return values(one, outcome, quarter) - values(other, outcome, quarter)


def group(result, name, quarter, provinces):
    """Mean of a stock over a group of provinces, one value a replication."""
    return stock(result, name, quarter)[:, provinces].mean(axis=1)


FOUNDATIONS = tuple(item.item for item in ITEMS if item.kind == "foundation")
TRAITS = make_setup(load_scenario("staged"), COUNTRY).provinces
RICH, POOR = TRAITS["fiscal_rank"] > 0.8, TRAITS["fiscal_rank"] < 0.2


def test_p01_supply_leaps_while_use_crawls():
    """History: supply leaps within 16 months under the mandate; years later use is still a fraction of it."""
    history = runs("history")
    assert_above(values(history, "supply", "2021Q4") - values(history, "supply", "2020Q3"), 0.4, "leap of supply")
    assert_above(values(history, "supply", "2021Q4"), 0.85, "supply at the deadline")
    assert_above(0.25 - values(history, "use", "2024Q2"), 0.0, "use in mid-2024 stays under a quarter")
    assert_above(values(history, "use", "2024Q2"), 0.05, "use in mid-2024 is not nothing")


def test_p02_technology_without_redesign_disappoints():
    """The same money on technology and reform saves clearly more hours than on technology alone."""
    gain = difference(runs("technology-and-reform"), runs("technology-only"), "hours_saved")
    assert_above(gain / values(runs("technology-only"), "hours_saved"), 0.2, "gain of reform at equal money")


def test_p02_technology_and_reform_are_complements():
    """The joint gain exceeds the sum of the single gains."""
    neither, reform = runs("staged", (), ()), runs("staged", (), ("process_reform",))
    technology, both = runs("staged", (), FOUNDATIONS), runs("staged", (), (*FOUNDATIONS, "process_reform"))
    for outcome in ("hours_saved", "use"):
        joint = difference(both, neither, outcome)
        singles = difference(technology, neither, outcome) + difference(reform, neither, outcome)
        assert_above(joint - singles, 0.0, f"interaction in {outcome}")


def test_p03_order_matters_at_equal_money():
    """Services first leads early supply and ends with less use, more own platforms and more duplication."""
    services, foundations = runs("services-first"), runs("foundations-first")
    assert_above(difference(services, foundations, "supply", "2020Q4"), 0.2, "early supply")
    assert_above(difference(foundations, services, "use"), 0.03, "use in the end")
    assert_above(difference(services, foundations, "duplication_spend"), 0.0, "duplication")
    own = [stock(run, "own_platforms", "2025Q4").mean(axis=1) for run in (services, foundations)]
    assert_above(own[0] - own[1], 1.0, "own platforms")


def test_p03_an_overlapping_order_is_on_the_frontier():
    """Neither pure order is as good as the staged one in early supply, final net benefit and duplication together."""
    staged = runs("staged")
    for name in ("services-first", "foundations-first"):
        other = runs(name)
        better = [
            difference(staged, other, "supply", "2021Q4"),
            difference(staged, other, "net_benefit"),
            difference(other, staged, "duplication_spend"),
        ]
        assert max(interval(gain)[1] for gain in better) > 0, f"staged is dominated by {name}"


def test_p04_what_is_rewarded_is_what_rises():
    """Rewarding supply raises supply and the index more than use; rewarding audited use raises use in the end."""
    plain = runs("staged", (("lump_sum", 600.0),))
    for_supply, for_use = runs("reward-supply"), runs("reward-use")
    for outcome in ("supply", "reported_index"):
        gain = difference(for_supply, plain, outcome, "2021Q4")
        assert_above(gain - difference(for_supply, plain, "use", "2021Q4"), 0.0, f"{outcome} over use")
    assert_above(difference(for_use, plain, "use"), 0.0, "reward for use: use")
    assert_above(difference(for_use, for_supply, "use"), 0.0, "use under the two rewards")


def test_p04_less_audit_more_padding():
    """With less audit the gap between what is reported and what is real grows."""
    rare, often = (runs("reward-supply", (("audit_share", share),)) for share in (0.0, 0.5))
    assert_above(difference(rare, often, "reporting_gap"), 0.02, "gap without audit over gap with it")


@pytest.mark.parametrize("quarter", ["2026Q4", "2028Q4"])
def test_p05_matching_widens_and_equalisation_narrows_the_gap(quarter):
    """Matching widens the gap until the rich have all; equalisation narrows it, at some cost to the early mean."""
    plain, matched, equalised = runs("staged"), runs("matching"), runs("matching-equalised")
    assert_above(difference(matched, plain, "gap_p90_p10", quarter), 0.0, "matching widens")
    assert_above(difference(matched, equalised, "gap_p90_p10", quarter), 0.0, "equalisation narrows")
    assert_above(difference(matched, equalised, "use", "2024Q4"), 0.0, "cost to the early mean")
    gap = [group(run, "use", quarter, RICH) - group(run, "use", quarter, POOR) for run in (matched, equalised)]
    assert_above(gap[0] - gap[1], 0.0, "rich less poor")


def test_p06_a_lump_sum_is_displaced_and_matching_is_not():
    """A lump sum raises spending by clearly less than its size, matching by more than its own."""
    plain = runs("staged")

    def stickiness(run):
        granted = stock(run, "granted").sum(axis=1) - stock(plain, "granted").sum(axis=1)
        return difference(run, plain, "provincial_spend") / granted

    lump, matching = stickiness(runs("staged", (("lump_sum", 1000.0),))), stickiness(runs("matching"))
    assert_above(lump, 0.0, "a lump sum raises spending")
    assert_above(0.7 - lump, 0.0, "and by clearly less than its size")
    assert_above(matching, 1.0, "matching raises spending by more than its size")


def trained_flows(run, provinces=slice(None)):
    """Trained in courses, and net loss of trained to the private sector and to other provinces [replication]."""
    total = {
        name: stock(run, name)[:, provinces].sum(axis=1)
        for name in ("trained", "trained_made", "trained_to_private", "trained_to_provinces", "trained_arrived")
    }
    lost = total["trained_to_private"] + total["trained_to_provinces"] - total["trained_arrived"]
    return total, lost


def test_p07_training_alone_leaks():
    """Part of the trained end in the private sector or in richer provinces; with retention a larger share stays."""
    alone, kept = trained_flows(runs("training-only"))[0], trained_flows(runs("training-and-retention"))[0]
    assert_above(alone["trained_to_private"] / alone["trained_made"], 0.1, "to the private sector")
    assert_above(alone["trained_to_provinces"] / alone["trained_made"], 0.01, "to other provinces")
    stay = [flows["trained"] / flows["trained_made"] for flows in (kept, alone)]
    assert_above(stay[0] - stay[1], 0.0, "share that stays")


def test_p07_every_trained_specialist_can_be_followed():
    """Trained at the start + made = still there + gone to the private sector; moves between provinces cancel."""
    run = runs("training-only")
    total, _ = trained_flows(run)
    first = stock(run, "trained", "2020Q1").sum(axis=1)
    made_before, gone_before = (
        stock(run, name, "2020Q1").sum(axis=1) for name in ("trained_made", "trained_to_private")
    )
    left = total["trained_to_private"] - gone_before
    np.testing.assert_allclose(first + total["trained_made"] - made_before - left, total["trained"], rtol=1e-9)
    np.testing.assert_allclose(total["trained_to_provinces"], total["trained_arrived"], rtol=1e-9)


def test_p07_poor_provinces_lose_most():
    """Net of those who arrive, provinces of low income lose the larger share of those they trained."""
    income = TRAITS["income"]
    poor, rich = income <= np.quantile(income, 0.2), income >= np.quantile(income, 0.8)
    shares = []
    for provinces in (poor, rich):
        total, lost = trained_flows(runs("training-only"), provinces)
        shares.append(lost / total["trained_made"])
    assert_above(shares[0] - shares[1], 0.0, "net loss of the poor over the rich")


@pytest.mark.parametrize("quarter", ["2027Q4", "2030Q4"])
def test_p08_late_adopters_gain_most_from_peers(quarter):
    """The third of provinces that are last without peers gains more from peers than the third that is first."""
    peers, alone = runs("staged"), runs("no-peers")
    order = np.argsort(stock(alone, "use", "2027Q4"), axis=1, kind="stable")
    gain = np.take_along_axis(stock(peers, "use", quarter) - stock(alone, "use", quarter), order, axis=1)
    third = gain.shape[1] // 3
    assert_above(gain[:, :third].mean(axis=1) - gain[:, -third:].mean(axis=1), 0.0, "late over early")


@pytest.mark.parametrize("quarter", ["2024Q4", "2027Q4"])
def test_p08_bad_examples_slow_adoption(quarter):
    """Where many projects fail, learning from peers does less for use the more visible failures are."""
    effects = []
    for visible in (0.2, 1.0):
        failing = (("failed_hard", 0.5), ("failed_easy", 0.08), ("failure_visible", visible))
        effects.append(difference(runs("staged", failing), runs("no-peers", failing), "use", quarter))
    assert_above(effects[0] - effects[1], 0.0, "learning with hidden over learning with visible failures")


def test_p09_ranking_alone_fades():
    """Ranked once, provinces answer and then forget; ranked with sustained priority, they keep answering."""
    never = runs("staged", (("league_table", False),))
    once, sustained = runs("league-table-once"), runs("league-table-sustained")
    early = difference(once, never, "reported_index", "2021Q4")
    late = difference(once, never, "reported_index")
    assert_above(early, 0.0, "ranking works at first")
    assert_above(0.5 * early - late, 0.0, "and its effect fades to under half")
    assert_above(difference(sustained, never, "reported_index") - late, 0.0, "priority keeps it up")
    assert_above(difference(sustained, once, "use"), 0.0, "also in use")


def test_p10_security_neglected_costs_trust_and_use():
    """More incidents; trust and use fall behind."""
    neglected, staged = runs("security-neglected"), runs("staged")
    assert_above(difference(neglected, staged, "incidents"), 0.0, "incidents")
    assert_above(difference(staged, neglected, "trust"), 0.02, "trust")
    assert_above(difference(staged, neglected, "use"), 0.02, "use")


def test_p10_trust_recovers_slowly():
    """Two years after security is taken up, less than all of the lost trust is back, and some of it is."""
    neglected = (("security_share", 0.01),)
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
    ).with_changes(**dict(neglected))
    mended = run_replications(late, COUNTRY, seed=2, replications=range(REPLICATIONS))
    staged = runs("staged")
    behind = {q: difference(staged, mended, "trust", q) for q in ("2028Q4", "2030Q4")}
    assert_above(behind["2030Q4"], 0.0, "trust is still behind after three years")
    rest = difference(staged, runs("security-neglected"), "trust")
    assert_above(rest - behind["2030Q4"], 0.0, "and less so than if security stays neglected")


def test_p11_medium_term_budgets_lapse_less_and_finish_more():
    """At equal money, money that may be kept lapses less and more projects that span years are finished."""
    annual, medium = runs("annual-budgets"), runs("medium-term-budgets")
    assert_above(difference(annual, medium, "lapsed_money"), 0.0, "money lapsed")
    done = [stock(run, "finished_multi_year").mean(axis=1) for run in (medium, annual)]
    assert_above(done[0] - done[1], 0.0, "multi-year projects finished")


def test_p13_credible_promises_make_provinces_wait():
    """Who believes in the shared platform waits for it; who does not builds an own one, and duplicates."""
    believed, doubted = runs("promises-believed"), runs("promises-not-believed")
    assert_above(difference(doubted, believed, "supply", "2021Q4"), 0.0, "early supply of those who doubt")
    own = [stock(run, "own_platforms", "2022Q4").mean(axis=1) for run in (doubted, believed)]
    assert_above(own[0] - own[1], 0.0, "own platforms of those who doubt")
    assert_above(difference(doubted, believed, "duplication_spend"), 0.0, "duplication of those who doubt")


def test_p14_feedback_and_fee_cuts_need_supply():
    """Fee cuts and feedback raise use where supply is there, and do little before."""
    plain = runs("staged")
    supported = runs("fee-cut-and-feedback")
    before, after = (difference(supported, plain, "use", quarter) for quarter in ("2020Q4", "2026Q4"))
    assert values(plain, "supply", "2020Q4").mean() < 0.3
    assert_above(after, 0.02, "effect with supply")
    assert_above(0.01 - before, 0.0, "effect before")
    for lever, value in (("fee_cut", 0.6), ("feedback", 300.0)):
        alone = runs("services-first", ((lever, value),))
        assert_above(difference(alone, runs("services-first", ((lever, 0.0),)), "use", "2022Q4"), 0.0, lever)


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


def test_the_books_name_every_flow():
    """The catalogue and the ledger are as large as the tables say, and no flow lacks a source or a use."""
    assert len({flow.flow for flow in FLOWS}) == len(FLOWS)
    assert all(flow.source and flow.use and flow.source != flow.use for flow in FLOWS)
    assert len({service.service for service in SERVICES}) == len(SERVICES)
