"""Targets: read strictly, held against figures that exist, and their chances known where the answer is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.appraisals.targets.chances import COLUMNS, find_chances, first_columns, light, rows_of_set, shortfall
from dgsim.appraisals.targets.figures import PUBLISHED_OF, SEEN, Figure, figure
from dgsim.appraisals.targets.file import Target, TargetSet, are_targets, load_targets, shipped_targets
from dgsim.appraisals.targets.search import least_met, started_later, with_money
from dgsim.appraisals.targets.series import last_of_share
from dgsim.errors import DesignError, StudyError
from dgsim.scenario.schema import LARGEST_COST
from dgsim.study.catalogue import STOCKS
from dgsim.study.chance import chance
from dgsim.world.state import N_SERVICES
from dgsim.world.tables import OUTCOME_NAMES

USE = Target("use", "use", "reported", wanted=0.5, at_most=False, by=1)
TRUST = Target("trust", "trust", "true", wanted=0.5, at_most=False, by=1)
FEW = {"replications": 4, "parameters": "central", "to": "2021Q4"}


def rows(*targets: Target, **series: list[list[float]]) -> pd.DataFrame:
    """The rows of targets, from figures [run, quarter] by the name of what they are made from."""
    values = {name: np.array(figures, dtype=float) for name, figures in series.items()}
    known = {(one, target.at_most): values[one.name] for target in targets for one in target.figures}
    quarters = next(iter(values.values())).shape[1]
    made = rows_of_set("plan", TargetSet("set", "", "", targets), known, quarters)
    return pd.DataFrame(made, columns=list(COLUMNS)).set_index("target")


# Known answers


def test_a_target_at_the_mean_of_a_symmetric_outcome_is_met_in_half_of_the_runs():
    steps = np.arange(1, 51) / 200
    trust = 0.5 + np.concatenate([-steps, steps])
    found = rows(TRUST, trust=np.stack([trust, trust], axis=1).tolist()).loc["trust"]
    assert (found["chance"], found["mean"]) == (0.5, pytest.approx(0.5))
    assert found["low"] + found["high"] == pytest.approx(1.0)
    assert found["shortfall"] == pytest.approx(steps.mean())
    assert found["light"] == "open"


def test_a_target_at_the_median_of_real_runs_is_met_in_half_of_them_on_other_luck():
    """Within the error of 60 and of 60 runs: three standard deviations of the difference of two shares of a half."""
    use = dgsim.simulate("staged", replications=60, quarters=16, parameters="central").array[:, -1]
    middle = float(np.median(use[:, OUTCOME_NAMES.index("specialists")]))
    wanted = {"name": "s", "target": [{"name": "s", "indicator": "specialists", "at_least": middle, "by": "2023Q4"}]}
    found = dgsim.targets("staged", wanted, to="2023Q4", replications=60, seed=1, parameters="central")
    assert found["chance"].iloc[0] == pytest.approx(0.5, abs=3 * math.sqrt(0.25 / 60 + 0.25 / 60))


def test_the_interval_is_wilsons():
    """Its closed form (Wilson 1927)."""
    met, runs, z = 17, 40, 1.959963984540054
    p = met / runs
    centre = (p + z**2 / (2 * runs)) / (1 + z**2 / runs)
    half = z / (1 + z**2 / runs) * math.sqrt(p * (1 - p) / runs + z**2 / (4 * runs**2))
    assert chance(np.arange(runs) < met) == pytest.approx((p, centre - half, centre + half))


@pytest.mark.parametrize(("wanted", "share", "coloured"), [(0.0, 1.0, "likely"), (1.0, 0.0, "unlikely")])
def test_what_is_always_met_and_what_never_is(wanted, share, coloured):
    values = np.full((100, 3), 0.5).tolist()
    found = rows(replace(TRUST, wanted=wanted), trust=values).loc["trust"]
    assert (found["chance"], found["reached"], found["light"]) == (share, share, coloured)
    assert found["first_quarter"] == ("2020Q1" if share else None)
    turned = rows(replace(TRUST, wanted=wanted, at_most=True), trust=values).loc["trust"]
    assert turned["chance"] == 1.0 - share


def test_what_is_at_the_target_but_for_what_adding_leaves_over_meets_it():
    assert rows(replace(TRUST, wanted=0.3), trust=[[0.0, 0.1 + 0.2], [0.0, 0.3 - 1e-12]]).loc["trust", "chance"] == 1.0


def test_the_first_quarter_by_hand():
    held = np.zeros((5, 8), bool)
    for run, first in enumerate((1, 2, 3, 6)):
        held[run, first] = True  # and not any more in the next
    found = first_columns(held, 8)
    assert (found["first_quarter"], found["first_low"], found["first_high"]) == ("2020Q4", "2020Q2", None)
    assert (found["reached"], found["until"]) == (0.8, "2021Q4")
    assert first_columns(held[2:], 8)["first_quarter"] == "2021Q3"
    assert first_columns(held[3:], 8)["first_quarter"] == "2021Q3", "the earlier of two in the middle"
    assert first_columns(held[4:], 8)["first_quarter"] is None


def test_reported_met_and_truly_not_by_hand():
    reported = [[0, 0.6], [0, 0.6], [0, 0.4], [0, 0.9], [0, 0.5]]
    true = [[0, 0.4], [0, 0.6], [0, 0.4], [0, 0.2], [0, 0.45]]
    found = rows(USE, use_full_process=reported, use=true).loc["use"]
    assert (found["chance"], found["truly"], found["reported_not_true"]) == (0.8, 0.2, pytest.approx(0.6))
    assert found["reported_not_true_low"] < 0.6 < found["reported_not_true_high"]
    seen_truly = rows(replace(USE, seen_as="true"), use_full_process=reported, use=true).loc["use"]
    assert (seen_truly["chance"], seen_truly["truly"], seen_truly["reported_not_true"]) == (
        0.2,
        0.2,
        pytest.approx(0.6),
    )
    assert np.isnan(rows(TRUST, trust=true).loc["trust", "reported_not_true"]), "no other figure of it is reported"


def test_all_targets_together_are_met_in_the_same_run():
    trust, use = [[0, 0.6], [0, 0.6], [0, 0.1], [0, 0.1]], [[0, 0.6], [0, 0.1], [0, 0.6], [0, 0.1]]
    truly = [[0, 0.1]] * 4
    found = rows(USE, TRUST, trust=trust, use_full_process=use, use=truly)
    assert found["chance"].tolist() == [0.5, 0.5, 0.25]
    assert found.loc["all", "reported_not_true"] == 0.25
    assert (found.loc["all", "first_high"], found.loc["all", "reached"]) == (None, 0.25)


def test_the_shortfall_is_of_the_runs_that_miss():
    assert shortfall(np.array([0.7, 0.9, 0.6]), 0.8, at_most=False) == pytest.approx(0.15)
    assert shortfall(np.array([7.0, 9.0]), 6.0, at_most=True) == pytest.approx(2.0)
    assert shortfall(np.array([0.9]), 0.8, at_most=False) == 0.0


def test_a_light_needs_its_whole_interval():
    assert [light(*ends) for ends in ((0.67, 0.9), (0.66, 0.9), (0.1, 0.33), (0.1, 0.34))] == [
        *("likely", "open", "unlikely", "open")
    ]


@pytest.mark.parametrize("share", [0.01, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("at_most", [True, False])
def test_a_share_of_provinces_holds_a_target_where_its_last_does(share, at_most):
    values = np.random.default_rng(0).random((30, 63))
    held = (values <= 0.5) if at_most else (values >= 0.5)
    last = last_of_share(values, share, at_most)
    enough = held.sum(axis=1) >= share * 63
    assert ((last <= 0.5) if at_most else (last >= 0.5)).tolist() == enough.tolist()


# Figures that exist


def test_every_figure_is_one_the_model_keeps():
    for views in SEEN.values():
        for national, provincial in views.values():
            assert set(national.names) <= {*OUTCOME_NAMES, *STOCKS}
            assert set(provincial.names) <= set(STOCKS)
    assert set(PUBLISHED_OF) <= {*OUTCOME_NAMES, *STOCKS} - set(SEEN)


def figures(plan: dict[str, object], *asked: Figure, quarters: int = 16) -> list[np.ndarray]:
    from dgsim.appraisals.targets.series import Bench, series_of
    from dgsim.country import load_country
    from dgsim.engine.sets import load_parameters

    bench = Bench(load_country(), 0, 12, load_parameters("central"))
    scenario = dgsim.load_scenario(plan).with_changes(quarters=quarters)
    found = series_of(scenario, [(one, False) for one in asked], bench)
    return [found[one, False] for one in asked]


NOBODY = {"filing_campaign": 1.0, "audit_share": 0.0}
CAMPAIGN = {"name": "campaign", "extends": "services-first", "measurement": NOBODY}


def test_audits_move_a_figure_from_what_is_reported_towards_what_is_true():
    reported, audited, true = (figure("use", seen) for seen in ("reported", "audited", "true"))
    told = figures(CAMPAIGN, reported, audited, true)
    assert told[1] == pytest.approx(told[0], abs=1e-12), "nobody audits"
    assert (told[0] - told[2]).max() > 0.01
    some = figures({**CAMPAIGN, "measurement": NOBODY | {"audit_share": 0.5}}, reported, audited, true)
    assert (some[1] <= some[0] + 1e-12).all()
    assert (some[1] >= some[2] - 1e-12).all()
    assert (some[0] - some[1])[:, -1].mean() > 0.001
    assert (some[1] - some[2])[:, -1].mean() > 0.001


def test_a_province_and_the_nation_are_seen_alike():
    everyone = figures(CAMPAIGN, figure("reported_index", "true", 1.0), figure("reported_index", "true"))
    assert (everyone[0] <= everyone[1] + 1e-12).all(), "the last province is not above the mean"
    low = figures(CAMPAIGN, Figure("supply", of=0.5), Figure("supply", of=1.0))
    assert (low[1] <= low[0]).all()


# Files


@pytest.mark.parametrize("name", shipped_targets())
def test_every_shipped_target_is_whole(name):
    found = load_targets(name)
    assert found.name == name
    assert found.title
    assert found.not_expressed
    for target in found.targets:
        assert all([target.responsible, target.verification, target.source, target.note]), target.name
    assert all(one.reason and one.source for one in found.not_expressed)
    assert are_targets(name)
    assert not are_targets("staged")


def test_all_services_of_the_shipped_target_are_those_of_the_model():
    redesigned = next(one for one in load_targets("decision-942").targets if one.indicator == "redesigned")
    assert (redesigned.wanted, redesigned.of) == (N_SERVICES, 1.0)


BASE = {"name": "a", "indicator": "use", "at_least": 0.8, "by": "2025Q4"}
WRONG = {
    "indicator_unknown": ({"indicator": "usee"}, 'target.a.indicator = "usee" is no outcome; did you mean use?'),
    "stock_without_of": (
        {"indicator": "redesigned"},
        'target.a.indicator = "redesigned" is a stock of provinces: say how many must hold it, such as '
        'of = "every province" or of = 0.8',
    ),
    "outcome_of_provinces": (
        {"indicator": "net_benefit", "of": 0.8},
        'target.a.indicator = "net_benefit" is an outcome of the nation, and provinces have no such stock: leave '
        "out of",
    ),
    "seen_as_unknown": (
        {"seen_as": "audit"},
        'target.a.seen_as = "audit" is not one of reported, audited, true; did you mean audited?',
    ),
    "counted": (
        {"indicator": "trust", "seen_as": "reported"},
        'target.a.indicator = "trust" seen as reported does not exist: provinces do not report trust, the model counts '
        "it; write seen_as = true",
    ),
    "audited_index": (
        {"indicator": "reported_index", "seen_as": "audited"},
        'target.a.indicator = "reported_index" seen as audited does not exist: what audits strike off is out of the '
        "reported index already; write seen_as = reported or true",
    ),
    "published": (
        {"indicator": "use_full_process", "seen_as": "reported"},
        'target.a.indicator = "use_full_process" seen as reported does not exist: use_full_process is itself one way '
        "to see use; write seen_as = true",
    ),
    "of_word": ({"of": "most"}, 'target.a.of = "most" is neither "every province" nor a share such as 0.8'),
    "of_nobody": ({"of": 0}, "target.a.of = 0 asks for no province: leave it out, or name a share above 0"),
    "both_bounds": ({"at_most": 0.9}, "target.a: say either at_least or at_most"),
    "amount": ({"at_least": 80}, "target.a.at_least = 80 is outside 0% to 100% (share of dossiers)"),
    "quarter": ({"by": "2025"}, 'target.a.by = "2025" is not a quarter such as "2021Q4"'),
    "late": ({"by": "2200Q1"}, 'target.a.by = "2200Q1" is after the last quarter that can be run, 2119Q4'),
    "key": ({"responsable": "me"}, "target.a.responsable is not a known key; did you mean responsible?"),
    "all": ({"name": "all"}, 'target.name = "all" stands for all targets together: give it another name'),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_mistake_is_a_sentence(wrong):
    change, sentence = WRONG[wrong]
    with pytest.raises(DesignError) as refused:
        load_targets({"name": "mine", "target": [BASE | change]})
    assert str(refused.value) == f"targets given in Python: {sentence}"


def test_mistakes_of_a_file_stand_with_their_lines(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('[[target]]\nname = "a"\nindicator = "use"\nat_least = 0.5\n\n[[target]]\nname = "a"\nby = 3\n')
    with pytest.raises(DesignError) as refused:
        load_targets(file)
    assert str(refused.value).splitlines() == [
        f"{file}: target.a lacks by [line 1]",
        f"{file}: target.a lacks indicator [line 6]",
        f"{file}: target.a: say either at_least or at_most [line 6]",
        f'{file}: target.name = "a" names two targets: give it another name [line 7]',
        f'{file}: target.a.by = 3 is not a quarter such as "2021Q4" [line 8]',
    ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ("decision749", "decision749: there are no shipped targets of this name; did you mean decision-749?"),
        ("none.toml", "none.toml: there is no such file"),
        (["decision-749", "decision-749"], "two files of targets are called decision-749"),
        ({"name": "mine"}, "targets given in Python: there is no target: write [[target]]"),
    ],
)
def test_files_that_cannot_be_used_are_refused(files, sentence):
    with pytest.raises(StudyError) as refused:
        dgsim.targets("staged", files, **FEW)
    assert str(refused.value) == sentence


# The whole


def test_plans_meet_the_same_luck_and_are_looked_at_until_the_last_target():
    both = dgsim.targets(["staged", "services-first"], "plan-2022", **FEW)
    assert both["plan"].unique().tolist() == ["staged", "services-first"]
    assert set(both["until"]) == {"2022Q4"}, "what is due after `to` is looked at all the same"
    alone = dgsim.targets("services-first", "plan-2022", **FEW)
    pd.testing.assert_frame_equal(both[both["plan"] == "services-first"].reset_index(drop=True), alone)


def test_the_mean_is_that_of_the_outcome():
    found = find_chances("services-first", "decision-749", **FEW | {"to": "2030Q4"})
    own = dgsim.simulate("services-first", replications=4, parameters="central").array
    supply = own[:, [23, 43], OUTCOME_NAMES.index("supply")].mean(axis=0)
    assert found.records["mean"][:2].tolist() == pytest.approx(supply.tolist())
    assert [plan.quarters for plan in found.basis.scenarios] == [44]


def test_the_framework_has_a_column_for_each_date():
    table = dgsim.results_framework(["decision-749", "decision-942"])
    supply = table[table["targets"] == "decision-749"].iloc[0]
    assert (supply["2025Q4"], supply["2030Q4"]) == (0.8, 1.0)
    assert supply["source"].count(";") == 1, "both are told"
    assert table[table["indicator"] == "use"][["baseline", "seen_as"]].to_numpy().tolist() == [[0.05, "reported"]]


# The search


@pytest.mark.parametrize("least", [0, 1, 37, 199, 400])
def test_the_search_finds_a_known_answer_and_tries_few(least):
    tried = []
    assert least_met(lambda number: tried.append(number) or number >= least, 0, 400) == least
    assert len(tried) <= 2 + math.ceil(math.log2(400))
    assert least_met(lambda number: number >= 401, 0, 400) is None


@pytest.fixture
def answers(monkeypatch):
    """Runs whose trust follows from the plan by hand: its money, or the first start of its roadmap."""

    def known(of_plan):
        def series(plan, wanted, bench, progress=None):
            runs = np.arange(bench.replications) / bench.replications
            return {one: np.repeat((of_plan(plan) + runs)[:, None], plan.quarters, axis=1) for one in wanted}

        monkeypatch.setattr("dgsim.appraisals.targets.search.series_of", series)

    return known


STAGED = dgsim.load_scenario("staged")
POOR = {"name": "poor", "citizens": {"community_groups": 0, "feedback": 0}}
WANTED = {"name": "mine", "target": [{"name": "trust", "indicator": "trust", "at_least": 1.0, "by": "2025Q4"}]}


def test_the_smallest_budget_is_the_known_one(answers):
    """Runs 2 to 9 of ten meet it where the cost of all items is .8 of what it was, eight in ten."""
    cost = sum(item.cost_bvnd for item in STAGED.roadmap)
    answers(lambda plan: sum(item.cost_bvnd for item in plan.roadmap) / cost)
    found = dgsim.target_search(STAGED, WANTED, chance=0.8, replications=10).iloc[0]
    assert (found["found"], found["share"], found["chance"], found["chance_of_own"]) == (True, 0.8, 0.8, 1.0)
    assert found["bvnd"] == pytest.approx(0.8 * STAGED.planned_money())
    assert dgsim.target_search(STAGED, WANTED, chance="100%", replications=10)["share"].iloc[0] == 1.0


def test_the_latest_start_is_the_known_one(answers):
    answers(lambda plan: (10 - plan.roadmap[0].start) / 10)
    found = dgsim.target_search(STAGED, WANTED, "start", chance=0.8, replications=10).iloc[0]
    assert (found["found"], found["quarters"], found["first_start"]) == (True, 2, "2020Q3")
    late = STAGED.model_copy(
        update={"roadmap": tuple(one.model_copy(update={"start": one.start + 5}) for one in STAGED.roadmap)}
    )
    found = dgsim.target_search(late, WANTED, "start", chance=0.8, replications=10).iloc[0]
    assert (found["quarters"], found["first_start"], found["chance_of_own"]) == (-3, "2020Q3", 0.5)


def test_what_nothing_meets_is_told(answers):
    answers(lambda plan: 0.0)
    found = dgsim.target_search(STAGED, WANTED, "start", replications=10).iloc[0]
    assert not found["found"]
    assert (found["first_start"], found["chance"]) == (None, 0.0)
    assert np.isnan(found["quarters"])


def test_a_real_search_ends_where_one_step_less_misses():
    """Accounts follow the digital ID: they are late where it is, and few where it has no money."""
    wanted = {"name": "m", "target": [{"name": "few", "indicator": "accounts", "at_least": 0.1, "by": "2024Q4"}]}
    few = {"replications": 6, "parameters": "central"}
    said = []
    start = dgsim.target_search("staged", wanted, "start", **few, progress=lambda *told: said.append(told)).iloc[0]
    assert [done for done, _ in said] == sorted(done for done, _ in said)
    assert said[-1][0] <= said[-1][1]
    later = [started_later(STAGED, int(start["quarters"]) + more).with_changes(name=f"l{more}") for more in (0, 1)]
    assert start["found"]
    assert 0 < start["quarters"] < 18
    at, after = dgsim.targets(later, wanted, to="2024Q4", **few).query("target == 'few'")["chance"]
    assert (at, start["chance_of_own"]) == (start["chance"], 1.0)
    assert after < 0.8 <= at
    budget = dgsim.target_search("staged", wanted, "budget", **few).iloc[0]
    assert budget["found"]
    assert 0.01 < budget["share"] < 1.0
    less = with_money(STAGED, budget["share"] - 0.01)
    assert dgsim.targets(less, wanted, to="2024Q4", **few)["chance"].iloc[0] < 0.8


def test_a_share_of_a_plans_money_is_of_all_of_it():
    plan = dgsim.load_scenario(
        {
            "name": "rich",
            "extends": "staged",
            "incentives": {"lump_sum": 300},
            "change": [{"from": "2022Q1", "incentives": {"lump_sum": 100}}],
        }
    )
    assert with_money(plan, 0.5).planned_money() == pytest.approx(0.5 * plan.planned_money())
    assert with_money(plan, 1.0) == plan
    assert with_money(plan, 0.5).roadmap[0].start == plan.roadmap[0].start
    assert with_money(plan, 1e9).roadmap[0].cost_bvnd == LARGEST_COST


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("staged", WANTED, "budgets"), "search = budgets is not one of budget, start; did you mean budget?"),
        (("base", WANTED, "start"), "base has no roadmap: there is no start to search for"),
        ((POOR, WANTED, "budget"), "poor commits no money: there is no budget to search for"),
    ],
)
def test_what_cannot_be_searched_is_refused(arguments, sentence):
    with pytest.raises(StudyError) as refused:
        dgsim.target_search(*arguments, replications=2)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"chance": 0.0}, "chance = 0 asks for nothing: name a chance above 0%"),
        ({"chance": "120%"}, "chance = 120% is outside 0% to 100% (share of runs)"),
        ({"target": "trus"}, "target = trus is no target of mine; did you mean trust?"),
    ],
)
def test_what_is_asked_of_a_search_has_bounds(more, sentence):
    with pytest.raises(StudyError) as refused:
        dgsim.target_search("staged", WANTED, replications=2, **more)
    assert str(refused.value) == sentence
