"""Mixed scenarios, by hand: what each takes from the one and the other."""

from __future__ import annotations

import pytest

from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.hybrids import Hybrids


def scenario(name, **content):
    return load_scenario({"name": name, "horizon": {"quarters": 12}, **content})


def item(name, start, **more):
    return {"item": name, "start": start, "quarters": 4, "cost_bvnd": 100, **more}


FIRST = scenario(
    "first",
    budget={"digital_share": 0.02},
    change=[{"from": "2020Q3", "budget": {"digital_share": 0.03}}],
    roadmap=[item("payments", "2020Q1"), item("digital_id", "2020Q2")],
)
SECOND = scenario(
    "second",
    budget={"digital_share": 0.04},
    mandate={"mandate_strength": 0.5},
    assumptions={"value_of_hour": 25.0},
    roadmap=[
        item("payments", "2020Q4", after=["digital_id"]),
        item("digital_id", "2020Q2"),
        item("security", "2021Q1"),
    ],
)


def starts(plan):
    return {item.name: item.start for item in plan.roadmap}


def mixed(*names, items=False):
    """FIRST with the groups of these names from SECOND."""
    both = Hybrids(FIRST, SECOND, items=items)
    at = {group.name: number for number, group in enumerate(both.groups)}
    return both.of(sum(1 << at[name] for name in names))


def test_groups_are_the_themes_that_differ():
    both = Hybrids(FIRST, SECOND)
    assert {group.name for group in both.groups} == {"mandate", "budget", "roadmap", "assumptions"}
    assert all(group.says for group in both.groups)


def test_nothing_and_everything_are_the_two_scenarios():
    for plan, names in ((FIRST, ()), (SECOND, ("mandate", "budget", "roadmap", "assumptions"))):
        mix = mixed(*names)
        assert (mix.levers, mix.changes, mix.roadmap, mix.overrides) == (
            plan.levers,
            plan.changes,
            plan.roadmap,
            plan.overrides,
        )


def test_a_theme_brings_its_values_and_its_dated_changes():
    theirs, ours = mixed("budget"), mixed("mandate")
    assert (theirs.lever("digital_share"), theirs.changes) == (0.04, ())
    assert theirs.lever("mandate_strength") == FIRST.lever("mandate_strength")
    assert (ours.lever("digital_share"), len(ours.changes)) == (0.02, 1)
    assert ours.lever("mandate_strength") == 0.5
    assert dict(mixed("assumptions").overrides) == dict(SECOND.overrides)
    assert dict(theirs.overrides) == dict(FIRST.overrides)


def test_the_roadmap_is_taken_whole_or_by_item():
    assert starts(mixed("roadmap")) == starts(SECOND)
    assert starts(mixed("mandate")) == starts(FIRST)
    security = mixed("roadmap: security", items=True)
    assert set(starts(security)) == {"payments", "digital_id", "security"}
    assert starts(security)["payments"] == starts(FIRST)["payments"]
    payments = mixed("roadmap: payments", items=True)
    assert set(starts(payments)) == {"payments", "digital_id"}
    assert starts(payments)["payments"] == starts(SECOND)["payments"]


def test_an_item_waits_only_for_items_of_the_mixture():
    first = scenario("without", roadmap=[])
    second = scenario("with", roadmap=[item("payments", "2020Q4", after=["digital_id"]), item("digital_id", "2020Q2")])
    both = Hybrids(first, second, items=True)
    at = {group.items: number for number, group in enumerate(both.groups)}
    (alone,) = both.of(1 << at[("payments",)]).roadmap
    assert (alone.name, alone.after) == ("payments", ())
    together = both.of(1 << at[("payments",)] | 1 << at[("digital_id",)]).roadmap
    assert {item.name: item.after for item in together} == {"payments": ("digital_id",), "digital_id": ()}


def test_items_that_wait_for_each_other_in_two_plans_go_together():
    one = scenario("one", roadmap=[item("payments", "2020Q4", after=["digital_id"]), item("digital_id", "2020Q1")])
    other = scenario("other", roadmap=[item("payments", "2020Q1"), item("digital_id", "2020Q4", after=["payments"])])
    (group,) = Hybrids(one, other, items=True).groups
    assert set(group.items) == {"payments", "digital_id"}


def test_two_copies_of_one_policy_leave_nothing_to_mix():
    with pytest.raises(StudyError, match="first and first are the same policy"):
        Hybrids(FIRST, FIRST)


def test_scenarios_of_two_lengths_are_refused():
    with pytest.raises(StudyError):
        Hybrids(FIRST, SECOND.with_changes(quarters=8))
