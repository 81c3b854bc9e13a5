"""Differences between scenarios are told in the policy's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from dgsim.scenario import describe_difference, describe_parent, difference, load_scenario, parent_of
from dgsim.world.tables import ITEMS, PARAMETERS
from strategies import scenarios

ASSUMPTION = PARAMETERS.uncertain[0]
THEME_ORDER = [*dict.fromkeys(lever.theme for lever in PARAMETERS.levers), "roadmap", "horizon", "assumptions", "money"]


def told(first: dict, second: dict, without_money: bool = True) -> list[str]:
    """The sentences between two scenarios given as mappings."""
    changes = difference(load_scenario({"name": "a"} | first), load_scenario({"name": "b"} | second))
    return [change.sentence for change in changes if not (without_money and change.theme == "money")]


def item(kind: str, start: str, quarters: int = 8, cost: float = 900, **more) -> dict:
    return {"item": kind, "start": start, "quarters": quarters, "cost_bvnd": cost, **more}


def test_a_lever_with_its_label_and_unit():
    assert told({}, {"incentives": {"matching_rate": 0.5}}) == ["Matching rate: 0 -> 0.5 share of cost"]


def test_levers_of_every_type():
    second = {
        "budget": {"budget_rule": "medium_term"},
        "incentives": {"lump_sum": 1200.5},
        "measurement": {"league_table": True},
        "mandate": {"mandate_deadline": "2021Q4", "mandate_strength": 0.5},
    }
    assert told({}, second) == [
        "Budget rule: annual -> medium term",
        "Lump-sum grants: 0 -> 1,200.5 bvnd per year",
        "League table published: no -> yes",
        "Strength of the mandate to be online: 0 -> 0.5",
        "Deadline of the mandate: never -> 2021Q4",
    ]


def test_dated_changes():
    label = "Fee cut for online transactions"
    cut = {"change": [{"from": "2023Q1", "citizens": {"fee_cut": 0.6}}]}
    deeper = {"change": [{"from": "2023Q1", "citizens": {"fee_cut": 0.8}}]}
    early = {"citizens": {"fee_cut": 0.6}}
    assert told({}, cut) == [f"from 2023Q1: {label}: 0 -> 0.6 share of the fee"]
    assert told(cut, deeper) == [f"from 2023Q1: {label}: 0.6 -> 0.8 share of the fee"]
    assert told(cut, early) == [
        f"{label}: 0 -> 0.6 share of the fee",
        f"from 2023Q1: {label}: 0.6 share of the fee in both",
    ]


def test_a_roadmap_item_that_changed():
    first = [item("digital_id", "2023Q1", 6, 900, after=["data_exchange"]), item("data_exchange", "2020Q1")]
    second = [item("digital_id", "2021Q1", 8, 1200), item("data_exchange", "2020Q1")]
    there = (
        "Digital ID starts 2021Q1 instead of 2023Q1, 2 years earlier; costs 1,200 instead of 900 bvnd; "
        "runs 8 quarters instead of 6; no longer waits for Data exchange"
    )
    back = (
        "Digital ID starts 2023Q1 instead of 2021Q1, 2 years later; costs 900 instead of 1,200 bvnd; "
        "runs 6 quarters instead of 8; waits for Data exchange"
    )
    assert told({"roadmap": first}, {"roadmap": second}) == [there]
    assert told({"roadmap": second}, {"roadmap": first}) == [back]


@pytest.mark.parametrize(
    ("start", "shift"),
    [("2021Q2", "1 quarter later"), ("2022Q1", "1 year later"), ("2022Q4", "7 quarters later")],
)
def test_how_much_later(start, shift):
    said = told({"roadmap": [item("payments", "2021Q1")]}, {"roadmap": [item("payments", start)]})
    assert said == [f"Payments starts {start} instead of 2021Q1, {shift}"]


def test_items_that_are_new_or_gone_in_the_order_of_the_table():
    first = [item("training", "2020Q1", 1), item("payments", "2020Q1")]
    second = [item("payments", "2020Q1"), item("digital_id", "2021Q1", after=["payments"])]
    assert told({"roadmap": first}, {"roadmap": second}) == [
        "new item: Digital ID starts 2021Q1, runs 8 quarters, costs 900 bvnd, waits for Payments",
        "dropped item: Training of specialists starts 2020Q1, runs 1 quarter, costs 900 bvnd",
    ]


def test_an_item_under_another_name():
    first = [item("service_wave", "2020Q1", name="wave-2")]
    second = [item("training", "2020Q1", name="wave-2")]
    assert told({}, {"roadmap": first}) == [
        "new item: Wave of services (wave-2) starts 2020Q1, runs 8 quarters, costs 900 bvnd"
    ]
    assert told({"roadmap": first}, {"roadmap": second}) == [
        "Wave of services (wave-2) pays for Training of specialists instead of Wave of services"
    ]


def test_the_horizon_and_how_long_is_simulated():
    short = {"horizon": {"quarters": 8}}
    assert told({}, short) == ["Horizon: 2020Q1..2030Q4 (44 quarters) -> 2020Q1..2021Q4 (8 quarters)"]
    stopped = {"horizon": {"quarters": 44, "stop_after": 8}}
    assert told({}, stopped) == ["Simulated: 2020Q1..2030Q4 (44 quarters) -> 2020Q1..2021Q4 (8 quarters)"]


def test_assumptions_against_their_defaults():
    second = {"assumptions": {ASSUMPTION.name: ASSUMPTION.high}}
    assert told({"assumptions": {ASSUMPTION.name: ASSUMPTION.default}}, second) == told({}, second)
    (sentence,) = told({}, second)
    values = f"{ASSUMPTION.default:,} -> {ASSUMPTION.high:,}"
    assert sentence.removesuffix(f" {ASSUMPTION.unit}") == f"Assumption: {ASSUMPTION.label}: {values}"


def test_the_money_comes_last():
    second = {"incentives": {"awards": 100}, "roadmap": [item("payments", "2020Q1")]}
    said = told({}, second, without_money=False)
    assert said[-1] == "Planned money: 0 -> 2,000 bvnd over the horizon"


@given(scenarios(max_quarters=12))
def test_nothing_differs_from_itself(scenario):
    assert difference(scenario, scenario.with_changes(name="other", question="why?")) == ()


@given(scenarios(max_quarters=12), scenarios(max_quarters=12))
def test_a_difference_is_told_exactly_where_there_is_one(one, other):
    changes = difference(one, other)
    assert bool(changes) == (one.digest() != other.digest())
    ranks = [THEME_ORDER.index(change.theme) for change in changes]
    assert ranks == sorted(ranks)
    assert len({change.sentence for change in changes}) == len(changes)


@given(scenarios(max_quarters=12), scenarios(max_quarters=12))
def test_there_and_back_differ_in_the_same_places(one, other):
    there = [
        (change.theme, change.name, change.quarter, change.before, change.after) for change in difference(one, other)
    ]
    back = [
        (change.theme, change.name, change.quarter, change.after, change.before) for change in difference(other, one)
    ]
    assert there == back


def test_every_lever_and_item_is_called_by_its_label():
    for lever in PARAMETERS.levers:
        value = {"flag": True, "choice": lever.choices[-1:] and lever.choices[0], "quarter": "2022Q1"}
        other = value.get(lever.type, lever.high if lever.default != lever.high else lever.low)
        if lever.type == "choice":
            other = next(choice for choice in lever.choices if choice != lever.default)
        (sentence,) = told({}, {lever.theme: {lever.name: other}})
        assert sentence.startswith(f"{lever.label}: "), lever.name
    for row in ITEMS:
        (sentence,) = told({}, {"roadmap": [item(row.item, "2020Q1")]})
        assert sentence.startswith(f"new item: {row.label} starts"), row.item


class TestParents:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

        def write(**files: str) -> None:
            for name, text in files.items():
                Path(f"{name}.toml").write_text(text, encoding="utf-8")

        return write

    def test_without_one(self):
        assert describe_parent(load_scenario({"name": "a"})) == "stands alone"
        assert parent_of(load_scenario({"name": "a"})) is None

    def test_what_the_file_itself_says(self, folder, monkeypatch, tmp_path):
        folder(
            base="[incentives]\nawards = 10",
            own='extends = "base"\nincentives.matching_rate = 0.5\n[citizens]\nfee_cut = 0.2\nfeedback = 4',
            same='extends = ["base"]',
        )
        own = load_scenario("own.toml")
        monkeypatch.chdir(tmp_path.parent)
        assert describe_parent(own, most=2) == (
            "base: Matching rate: 0 -> 0.5 share of cost; "
            "Fee cut for online transactions: 0 -> 0.2 share of the fee; and 2 more"
        )
        assert describe_parent(load_scenario(tmp_path / "same.toml")) == "base: the same policy"

    def test_several(self, folder):
        folder(
            a="[incentives]\nawards = 10",
            b="[incentives]\nmatching_rate = 0.5",
            c="[incentives]\nawards = 20",
            both='extends = ["a", "b"]',
            settled='extends = ["a", "c"]\n[incentives]\nawards = 15',
        )
        assert describe_parent(load_scenario("both.toml")) == "a + b: the same policy"
        assert describe_parent(load_scenario("settled.toml")) == "a + c: settles what they disagree on"

    def test_a_changed_copy_tells_its_change(self, folder):
        folder(base="[incentives]\nawards = 10", own='extends = "base"')
        copy = load_scenario("own.toml").with_changes(fee_cut=0.2)
        assert describe_parent(copy) == "base: Fee cut for online transactions: 0 -> 0.2 share of the fee"


def test_describe_difference_is_the_sentences():
    one, other = load_scenario({"name": "a"}), load_scenario({"name": "a", "citizens": {"fee_cut": 1}})
    assert describe_difference(one, other) == [change.sentence for change in difference(one, other)]
