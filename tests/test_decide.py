"""Studies for decisions: their known answers, that parts add up, and what they refuse."""

from __future__ import annotations

import json
import re
from itertools import permutations
from math import factorial

import numpy as np
import pytest

import dgsim
from dgsim.cli.main import main
from dgsim.decide.binding import labels_of
from dgsim.decide.constraints import CONSTRAINT_NAMES, CONSTRAINTS
from dgsim.decide.evaluator import make_evaluator
from dgsim.decide.order import luck_share
from dgsim.decide.orders import Orders
from dgsim.errors import ScenarioError, StudyError
from dgsim.scenario import load_scenario
from dgsim.study.hybrids import Hybrids
from dgsim.texts import LANGUAGES, words
from told_numbers import amounts_in

FEW = {"replications": 3, "quarters": 10, "parameters": "central"}


def plan(items, quarters=10, **more):
    """A scenario with a roadmap of (name, item, start, after)."""
    roadmap = [
        {"name": name, "item": item, "start": start, "quarters": 2, "cost_bvnd": cost, "after": list(after)}
        for name, item, start, cost, after in items
    ]
    return load_scenario({"name": "plan", "horizon": {"quarters": quarters}, "roadmap": roadmap, **more})


# explain


def test_mixtures_of_none_and_of_all_groups_are_the_scenarios_themselves():
    first, second = load_scenario("services-first"), load_scenario("staged")
    mixture = Hybrids(first, second)
    everyone = (1 << len(mixture.groups)) - 1
    assert mixture.of(0).digest() == first.digest()
    assert mixture.of(everyone).digest() == second.digest()


@pytest.mark.parametrize("items", [False, True])
def test_every_mixture_of_dated_levers_and_items_is_a_legal_scenario(items):
    first, second = load_scenario("retention-only"), load_scenario("foundations-first")
    mixture = Hybrids(first, second, items=items)
    everyone = (1 << len(mixture.groups)) - 1
    assert mixture.of(0).digest() == first.digest()
    assert mixture.of(everyone).digest() == second.digest()
    for coalition in range(0, everyone, max(1, everyone // 40)):
        mixture.of(coalition)


def test_items_that_would_wait_for_each_other_are_one_group():
    first = plan([("a", "payments", "2020Q1", 10, []), ("b", "security", "2020Q3", 10, ["a"])])
    second = plan([("b", "security", "2020Q1", 10, []), ("a", "payments", "2020Q3", 10, ["b"])])
    assert [group.items for group in Hybrids(first, second, items=True).groups] == [("a", "b")]


def test_the_parts_of_a_difference_add_up_to_it_in_the_mean():
    found = dgsim.explain("reward-use", "security-neglected", **FEW)
    parts = found.contributions.set_index("group")["contribution"]
    assert parts.drop("total").sum() == pytest.approx(parts["total"], abs=1e-12)
    assert found.exact
    assert {"outcome", "group", "contribution", "low", "high"} <= set(found.contributions)


def test_the_total_is_the_paired_difference_of_a_comparison():
    found = dgsim.explain("reward-use", "staged", outcome="trust", **FEW)
    compared = dgsim.compare(["staged", "reward-use"], **FEW).differences
    last = compared.query("outcome == 'trust' and quarter == '2022Q2'").iloc[0]
    total = found.contributions.iloc[-1]
    assert [total["contribution"], total["low"], total["high"]] == pytest.approx(
        [last["difference"], last["low"], last["high"]], abs=1e-12
    )


def test_several_outcomes_are_explained_by_the_same_runs_as_each_alone():
    names = ["use", "net_benefit"]
    both = dgsim.explain("reward-use", "security-neglected", outcome=names, **FEW)
    assert list(both.contributions["outcome"].unique()) == names
    for name in names:
        alone = dgsim.explain("reward-use", "security-neglected", outcome=name, **FEW)
        assert alone.contributions.equals(both.only(name).contributions)
        assert alone.interactions.equals(both.only(name).interactions)
        assert alone.level == both.only(name).level


def test_sampled_orders_add_up_too_and_state_their_error():
    found = dgsim.explain("staged", "services-first", items=True, exact=2, orders=4, **FEW)
    parts = found.contributions.set_index("group")
    assert not found.exact
    assert parts["contribution"].drop("total").sum() == pytest.approx(parts.loc["total", "contribution"], abs=1e-12)
    assert (parts["sampling"] >= 0).all()
    assert parts["sampling"].sum() > 0


def test_a_lever_that_does_nothing_contributes_nothing():
    """No award is paid in either, so what it would reward cannot matter."""
    base = load_scenario("decrees")
    other = base.with_changes(name="other", awards_metric="supply", digital_share=0.02)
    found = dgsim.explain(other, base, **FEW)
    parts = found.contributions.set_index("group")["contribution"]
    assert parts["incentives"] == 0.0
    assert parts["budget"] == parts["total"] != 0.0


@pytest.mark.parametrize("cut", [{"quarters": 8}, {"quarter": "2021Q4"}])
def test_levers_that_differ_only_after_the_quarter_that_is_looked_at_are_no_group(cut):
    """What they would add is nothing, and each doubled the mixtures that were run."""
    base = load_scenario("decrees")
    fees = {"from": "2023Q1", "citizens": {"fee_cut": 0.9}}
    now = {"extends": ["decrees"], "name": "now", "budget": {"digital_share": 0.02}}
    found, plain = (dgsim.explain({**now, **later}, base, replications=4, **cut) for later in ({"change": [fees]}, {}))
    assert list(found.contributions["group"]) == ["budget", "total"]
    assert found.coalitions == 2
    assert found.contributions["contribution"].tolist() == plain.contributions["contribution"].tolist()
    whole = dgsim.explain({**now, "change": [fees]}, base, replications=2, quarters=16)
    assert sorted(whole.contributions["group"]) == ["budget", "citizens", "total"]
    later = {"extends": ["decrees"], "name": "later", "change": [fees]}
    with pytest.raises(StudyError, match="later are the same policy up to 2021Q4: there is nothing to explain"):
        dgsim.explain(later, base, replications=2, **cut)


def test_an_item_that_starts_later_is_a_group_for_it_is_announced():
    found = dgsim.explain("staged", "history", replications=2, quarters=4)
    assert "roadmap" in set(found.contributions["group"])


def test_two_identical_scenarios_cannot_be_explained():
    with pytest.raises(StudyError, match="the same policy"):
        dgsim.explain(load_scenario("staged").with_changes(name="twin"), "staged", **FEW)


def test_scenarios_of_different_length_are_refused():
    with pytest.raises(StudyError, match="quarters = 8"):
        dgsim.explain("staged", load_scenario("staged").with_changes(quarters=8))


# order

THREE = [
    ("a", "payments", "2020Q1", 10, []),
    ("b", "security", "2020Q2", 20, ["a"]),
    ("c", "training", "2020Q3", 5, []),
]


def test_all_legal_orders_are_those_that_keep_what_waits():
    ways = Orders(plan(THREE))
    by_hand = [starts for starts in permutations(range(3)) if starts[0] < starts[1]]
    assert sorted(ways.every(10)) == sorted(by_hand)
    assert ways.every(2) is None


def test_items_of_one_date_are_not_told_apart():
    items = [(name, kind, "2020Q1" if at < 3 else "2021Q1", 10, []) for at, (name, kind) in enumerate(KINDS)]
    every = Orders(plan(items)).every(100)
    assert len(every) == len(set(every)) == factorial(5) // factorial(3) // factorial(2)


KINDS = list(zip("abcde", ["payments", "security", "training", "standards", "digital_id"], strict=True))


def test_every_order_commits_the_same_money_and_keeps_items_and_prerequisites():
    staged = load_scenario("staged")
    ways = Orders(staged)
    for starts in ways.sampled(30, seed=1):
        moved = ways.plan(starts)
        assert moved.planned_money() == pytest.approx(staged.planned_money())
        when = {item.name: item.start for item in moved.roadmap}
        assert sorted(when.values()) == sorted(item.start for item in staged.roadmap)
        assert all(when[other] <= when[item.name] for item in moved.roadmap for other in item.after)


def test_an_order_of_free_items_is_worth_nothing():
    """What costs nothing builds nothing, so its order cannot matter."""
    free = plan([(name, kind, f"2020Q{at + 1}", 0.0, []) for at, (name, kind) in enumerate(KINDS[:3])])
    found = dgsim.order(free, fresh=4, outcome="net_benefit", **FEW)
    assert found.complete
    assert found.value[["value", "low", "high"]].to_numpy() == pytest.approx(0.0)
    assert found.precedences["effect"].to_numpy() == pytest.approx(0.0)
    assert found.luck_share == 0.0


def test_platforms_built_before_training_end_readier():
    """Two items: the value of order is the paired difference of the two plans."""
    two = plan([("a", "digital_id", "2020Q1", 3000, []), ("b", "training", "2021Q3", 1500, [])])
    swapped = plan([("a", "digital_id", "2021Q3", 3000, []), ("b", "training", "2020Q1", 1500, [])])
    found = dgsim.order(two, fresh=5, outcome="specialists", **FEW)
    evaluator = make_evaluator(two, outcome="specialists", replications=3, parameters="central")
    later = range(3, 8)
    known = evaluator.values(swapped, later) - evaluator.values(two, later)
    assert len(found.orders) == 2
    assert abs(found.value["value"][0]) == pytest.approx(abs(known.mean()))
    assert found.precedences["effect"][0] == pytest.approx(
        abs((evaluator.values(swapped) - evaluator.values(two)).mean())
    )


def test_the_share_of_luck_is_known_for_made_up_orders():
    luck = np.random.default_rng(3)
    noise = luck.normal(0, 1, (400, 25)) + luck.normal(0, 5, 25)
    assert luck_share(noise) == pytest.approx(1.0, abs=0.15)
    assert luck_share(noise + luck.normal(0, 1, (400, 1))) == pytest.approx(1 / 26, abs=0.01)


def test_an_order_of_one_item_is_refused():
    with pytest.raises(StudyError, match="two or more"):
        dgsim.order(plan(THREE[:1]), **FEW)


# binding


def test_every_relaxation_changes_what_it_names_and_leaves_the_scenario_as_it_was():
    """With the fewest posts there are: where there are many, what can be paid for is staffed."""
    bench_plan = load_scenario("staged").with_changes(quarters=12, headcount=0.0)
    evaluator = make_evaluator(bench_plan, replications=2, parameters="central")
    before = evaluator.stock(bench_plan, "use")
    for constraint in CONSTRAINTS:
        relaxed = evaluator.stock(bench_plan, "use", lambda setup, relax=constraint.relax: relax(setup, 0.5))
        assert not np.array_equal(relaxed, before), constraint.name
    assert np.array_equal(evaluator.stock(bench_plan, "use"), before)


def test_a_label_is_the_relaxation_with_the_largest_gain_of_its_province():
    found = dgsim.binding("staged", **FEW)
    best = found.gains.loc[found.gains.groupby("province_code")["gain"].idxmax()].set_index("province_code")
    labels = found.labels.set_index("province_code")
    sure = labels[labels["binds"] != "nothing"]
    assert len(sure) > 0
    assert (sure["binds"] == best.loc[sure.index, "constraint"]).all()
    assert labels["gain"].to_numpy() == pytest.approx(best.loc[labels.index, "gain"].to_numpy())
    assert (sure["low"] > 0).all()
    assert found.national["provinces"].sum() == len(sure)


def test_planted_constraints_are_found_and_only_a_lead_beyond_luck_is_clear():
    """Province i gains most from constraint i modulo 5; every eighth gains nothing; of every seventh two are level."""
    evaluator = make_evaluator(load_scenario("staged"), replications=2)
    count = len(evaluator.country)
    gained = np.random.default_rng(5).normal(0.0, 0.2, (len(CONSTRAINT_NAMES), 40, count))
    rows = np.arange(count)
    gained[rows % 5, :, rows] += 1.0
    gained[(rows[::7] + 1) % 5, :, rows[::7]] += 1.0
    gained[:, :, ::8] = 0.0
    found = labels_of(evaluator, list(CONSTRAINT_NAMES), gained)
    single = (rows % 8 > 0) & (rows % 7 > 0)
    assert list(found["binds"][::8]) == ["nothing"] * len(rows[::8])
    assert list(found["binds"][single]) == [CONSTRAINT_NAMES[row % 5] for row in rows[single]]
    assert found["clear"][single].all()
    assert found["clear"][(rows % 8 > 0) & (rows % 7 == 0)].mean() < 0.5


def test_more_of_no_money_at_all_binds_nobody():
    broke = load_scenario("staged").with_changes(name="broke", digital_share=0.0)
    found = dgsim.binding(broke, by=1.0, **FEW)
    money = found.gains[found.gains["constraint"] == "money"]
    assert (money[["gain", "low", "high"]] == 0.0).all(axis=None)
    assert "money" not in set(found.labels["binds"])


def test_a_gain_is_fewer_of_what_fewer_are_better():
    found = dgsim.binding("staged", stock="incidents", by=1.0, **FEW | {"quarters": 28})
    plan = load_scenario("staged").with_changes(quarters=28)
    evaluator = make_evaluator(plan, replications=3, parameters="central")
    more_money = next(one for one in CONSTRAINTS if one.name == "money").by(1.0)
    fewer = evaluator.stock(plan, "incidents") - evaluator.stock(plan, "incidents", more_money)
    gains = found.gains[found.gains["constraint"] == "money"]["gain"].to_numpy()
    assert gains == pytest.approx(fewer.mean(axis=0))
    assert np.abs(gains).max() > 0.0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"by": 0.0}, "relaxes nothing: write such as 50%"),
        ({"stock": "usee"}, "did you mean use"),
        ({"stock": "net_benefit"}, "not known by province"),
        ({"constraints": ["mony"]}, "money"),
    ],
)
def test_wrong_wishes_of_binding_are_answered_in_a_sentence(wrong, sentence):
    with pytest.raises(StudyError, match=sentence):
        dgsim.binding("staged", **FEW, **wrong)


def test_findings_are_told_in_sentences():
    why = dgsim.explain("reward-use", "staged", **FEW)
    ordered = dgsim.order(plan(THREE), fresh=3, **FEW)
    binds = dgsim.binding("staged", **FEW)
    assert why.text().startswith("reward-use does not clearly differ from staged in use in 2022Q2: ")
    assert "order is worth" in ordered.text()
    assert "of 63 provinces" in binds.text()


@pytest.mark.parametrize("name", ["explain", "order", "binding"])
def test_a_quarter_beyond_the_horizon_is_refused(name):
    scenario = ("reward-use", "staged") if name == "explain" else ("staged",)
    with pytest.raises((StudyError, ScenarioError), match="horizon"):
        getattr(dgsim, name)(*scenario, quarter="2040Q1", replications=2)


# the command line

SHORT = ["--quarters", "6", "--replications", "2", "--parameters", "central"]
COMMANDS = {
    "explain": (["explain", "reward-use", "--baseline", "staged"], ["outcome", "group", "contribution", "low", "high"]),
    "order": (
        ["order", "staged", "--orders", "3", "--exchanged", "1", "--fresh", "2"],
        ["precedence", "outcome", "effect", "low", "high"],
    ),
    "binding": (["binding", "staged"], ["province_code", "province", "binds", "gain", "low", "high"]),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_print_records(name, capsys):
    words, keys = COMMANDS[name]
    assert main([*words, *SHORT, "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert records
    assert set(keys) <= set(records[0])


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_print_a_table_of_100_columns_and_write_a_folder(name, capsys, tmp_path):
    assert main([*COMMANDS[name][0], *SHORT, "--out", str(tmp_path / "made"), "--quiet", "--format", "table"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100
    names = {path.name for path in (tmp_path / "made").iterdir()}
    assert "run.json" in names
    assert any(one.startswith("figure-") and one.endswith(".png") for one in names)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_speak_vietnamese_with_the_same_numbers(name, capsys, monkeypatch):
    said = {}
    for language in LANGUAGES:
        assert main([*COMMANDS[name][0], *SHORT, "--quiet", "--format", "table", "--language", language]) == 0
        said[language] = capsys.readouterr().out
    assert amounts_in(said["en"], "en") == amounts_in(said["vi"], "vi")
    assert max(map(len, said["vi"].splitlines())) <= 100
    assert "Khoảng 95%" in said["vi"]
    assert not re.search("95% interval|What|Part|Gain|Order", said["vi"])
    monkeypatch.setenv("DGSIM_LANGUAGE", "vi")
    assert main([*COMMANDS[name][0], *SHORT, "--quiet", "--format", "table"]) == 0
    assert capsys.readouterr().out == said["vi"]


@pytest.mark.parametrize("name", COMMANDS)
def test_figures_are_told_in_vietnamese_and_tables_stay(name, tmp_path, capsys):
    made = {}
    for language in LANGUAGES:
        folder = tmp_path / language
        assert main([*COMMANDS[name][0], *SHORT, "--out", str(folder), "--language", language]) == 0
        made[language] = {path.name: path.read_bytes() for path in folder.iterdir()}
        told = f"{len(made[language])} tệp" if language == "vi" else f"{len(made[language])} files written into"
        assert told in capsys.readouterr().err
    assert made["en"].keys() == made["vi"].keys()
    for file, content in made["vi"].items():
        if file.endswith(".svg"):
            assert "số khởi tạo" in content.decode()
            assert not re.search("95% interval|Why |What |seed |Regret|The row", content.decode())
        elif file.endswith((".csv", ".toml")):
            assert content == made["en"][file]


def test_programs_get_the_same_in_every_language(capsys):
    printed = set()
    for language in LANGUAGES:
        assert main([*COMMANDS["explain"][0], *SHORT, "--format", "csv", "--language", language]) == 0
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1


def test_groups_and_items_are_facts_and_no_text_to_be_parsed():
    found = dgsim.explain("services-first", "staged", items=True, exact=2, orders=4, **FEW)
    items = [group for group in found.groups if group.theme == "roadmap"]
    assert items
    for group in items:
        assert group.name == f"roadmap: {' and '.join(group.items)}"
        assert {change.name for change in group.changes} == set(group.items)
        assert "Đ" in group.label.text(words("vi")) or group.label.text(words("vi")) != group.label.text(words("en"))
    assert {group.name for group in found.groups} == set(found.contributions["group"]) - {"total"}


def test_a_wrong_outcome_ends_with_a_sentence_and_code_2(capsys):
    assert main(["explain", "reward-use", "--baseline", "staged", "--outcome", "usee"]) == 2
    assert "did you mean use" in capsys.readouterr().err
