"""The view is one frozen record; address, file, undo and command are made from it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import FrozenInstanceError, replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgsim.app.content.changes import change_lines, world_lines
from dgsim.app.content.presets import policy_picks
from dgsim.app.state.address import LONGEST_ADDRESS, address_of, left_out, view_of
from dgsim.app.state.files import LARGEST_FILE, file_name, read_upload
from dgsim.app.state.levers import with_reset, with_value
from dgsim.app.state.pages import PAGE_KEYS
from dgsim.app.state.targets import MOST_TARGETS, choices, targets_in
from dgsim.app.state.view import LONGEST_HISTORY, PARAMETER_SETS, History, View, first_view, shipped
from dgsim.country import load_country
from dgsim.errors import ScenarioError
from dgsim.learn import load_lessons
from dgsim.scenario import difference, load_scenario, shipped_scenarios
from dgsim.texts import LANGUAGES, words
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS

FLOATS = [p for p in PARAMETERS.settable if p.type == "float"]


def again(view: View) -> tuple[View, str]:
    path, _, query = address_of(view).partition("?")
    return view_of(path, query)


@st.composite
def views(draw: st.DrawFn) -> View:
    """A view as somebody may have made it: any preset, some levers and assumptions moved."""
    names = st.sampled_from(shipped_scenarios())
    view = first_view().started_from(shipped(draw(names)))
    for parameter in draw(st.lists(st.sampled_from(FLOATS), max_size=4, unique_by=lambda p: p.name)):
        value = draw(st.floats(parameter.low, parameter.high, allow_nan=False))
        view = view.with_levers(**{parameter.name: value})
    other = first_view().started_from(shipped(draw(names)))
    if draw(st.booleans()):
        other = other.with_levers(care=draw(st.floats(5, 25)))
    if draw(st.booleans()):
        other = other.with_levers(fee_cut=draw(st.floats(0, 1)))
    return replace(
        view,
        baseline=other.policy,
        seed=draw(st.integers(0, 10**9)),
        page=draw(st.sampled_from(PAGE_KEYS)),
        language=draw(st.sampled_from(list(LANGUAGES))),
        outcome=draw(st.sampled_from(OUTCOME_NAMES)),
        quarter=draw(st.integers(-1, 43)),
        run=draw(st.integers(0, 44)),
        province=draw(st.sampled_from(["", *load_country().codes])),
        parameters=draw(st.sampled_from(PARAMETER_SETS)),
        lesson=draw(st.sampled_from(["", *(lesson.key for lesson in load_lessons())])),
        to=draw(st.sampled_from(["2025Q2", "2030Q4", "2040Q4", "2060Q4"])),
        targets=draw(st.sampled_from(choices())),
        own_targets=targets_in(",".join(draw(st.lists(own_targets(), max_size=MOST_TARGETS, unique_by=named)))),
    )


def named(target: str) -> tuple[str, ...]:
    """What names a target: all but how much."""
    return tuple(part for number, part in enumerate(target.split(":")) if number != 3)


@st.composite
def own_targets(draw: st.DrawFn) -> str:
    """A target of one's own, as an address has it."""
    indicator = draw(st.sampled_from(["use", "use_any_step", "reported_index"]))
    amount = draw(st.floats(0.001, 1.0, allow_nan=False))
    way, year = draw(st.sampled_from(["least", "most"])), draw(st.integers(2020, 2040))
    return (
        f"{indicator}:{draw(st.sampled_from(['true', 'reported']))}:{way}:{amount!r}:{year}Q{draw(st.integers(1, 4))}"
    )


@given(views())
def test_an_address_carries_the_whole_view(view):
    back, problem = again(view)
    assert problem == ""
    assert back == view
    assert back.policy.digest() == view.policy.digest()
    assert len(address_of(view)) <= LONGEST_ADDRESS


@pytest.mark.parametrize("name", shipped_scenarios())
def test_any_policy_can_be_told_against_any_other(name):
    """What came from a file has no preset of its own: its address tells it as changes to a shipped scenario."""
    view = first_view().started_from(load_scenario({"name": "mine", "extends": [name], "citizens": {"fee_cut": 0.25}}))
    back, problem = again(view)
    assert problem == ""
    assert back.policy.digest() == view.policy.digest()
    assert back.policy.name == "mine"
    assert left_out(view) == ("address.file",)


def test_a_roadmap_travels_too():
    view = first_view()
    items = tuple(item.model_copy(update={"start": 4}) for item in view.policy.roadmap[:3])
    moved = view.with_policy(view.policy.model_copy(update={"roadmap": items}))
    assert again(moved)[0].policy.roadmap == items
    empty = view.with_policy(view.policy.model_copy(update={"roadmap": ()}))
    assert again(empty)[0].policy.roadmap == ()


def test_a_policy_too_long_for_an_address_is_left_out_and_that_is_said():
    item = first_view().policy.roadmap[0]
    names = [f"item_{number}_{'with_a_long_name' * 6}" for number in range(64)]
    many = tuple(item.model_copy(update={"name": name, "after": (), "start": 0}) for name in sorted(names))
    view = first_view().with_policy(first_view().policy.model_copy(update={"roadmap": many}))
    assert left_out(view) == ("address.too_long",)
    assert len(address_of(view)) <= LONGEST_ADDRESS
    assert again(view)[1] == ""


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/", "fee_cut=2", "outside 0..1"),
        ("/", "fee_cut=nan", "not a finite number"),
        ("/", "fee_cuts=1", "neither a lever nor an assumption"),
        ("/", "policy=nothing", "no shipped scenario"),
        ("/", "policy=../../etc/passwd", "shipped scenarios only"),
        ("/", "policy=/tmp/x.toml", "shipped scenarios only"),
        ("/", "baseline=stagedd", "did you mean staged?"),
        ("/", "parameters=centrall", "did you mean central?"),
        ("/", "seed=-1", "seed"),
        ("/agents", "run=-1", "run = -1 is not a whole number"),
        ("/agents", "run=1000", "run = 1000 is not"),
        ("/", "seed=" + "9" * 400, "seed"),
        ("/", "outcome=money", "not measured"),
        ("/", "province=Atlantis", "no province"),
        ("/", "quarter=2020Q9", "not a quarter"),
        ("/learn", "lesson=trust-is-slo", "did you mean trust-is-slow?"),
        ("/", "roadmap=a:b", "roadmap"),
        ("/", "fee_cut@1999Q1=0.5", "before the start"),
        ("/", "quarters=0", "outside"),
        ("/nowhere", "", "no page"),
        ("/", "name=" + "x" * LONGEST_ADDRESS, "characters"),
        ("/", "name=" + quote("a/b"), "not a name"),
    ],
)
def test_a_broken_address_opens_the_default_with_a_sentence(path, query, told):
    view, problem = view_of(path, query)
    assert told in problem
    assert "\n" not in problem
    assert view.policy == first_view().policy


def test_a_broken_address_keeps_language_and_page():
    view, problem = view_of("/compare", "lang=vi&fee_cut=9")
    assert problem
    assert (view.language, view.page) == ("vi", "compare")


def test_the_server_says_in_which_language_the_browser_opens_and_an_address_in_which_it_was_copied(monkeypatch):
    monkeypatch.setenv("DGSIM_LANGUAGE", "vi")
    first_view.cache_clear()
    try:
        view, _ = view_of("/", "")
        assert view.language == "vi"
        assert "lang=vi" in address_of(view)
        english = replace(view, language="en")
        assert again(english)[0] == english
    finally:
        first_view.cache_clear()


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_address_breaks_the_reader(query, path):
    view, _ = view_of(path, query)
    assert isinstance(view, View)


def test_a_view_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        first_view().seed = 3


def test_undo_and_redo_walk_through_policies_and_stay_on_the_page():
    history = History(first_view())
    history = history.moved(history.now.with_levers(fee_cut=0.5))
    history = history.moved(replace(history.now, page="compare"))
    assert len(history.past) == 1, "opening a page is no step"
    back = history.undone()
    assert back.now.policy == first_view().policy
    assert back.now.page == "compare"
    assert back.redone().now.policy.lever("fee_cut") == 0.5
    assert back.moved(back.now.with_levers(fee_cut=0.1)).ahead == ()
    assert History(first_view()).undone() == History(first_view()) == History(first_view()).redone()


def test_the_way_back_is_bounded():
    history = History(first_view())
    for step in range(LONGEST_HISTORY + 20):
        history = history.moved(replace(history.now, seed=step + 1))
    assert len(history.past) == LONGEST_HISTORY


def test_a_touched_policy_says_so_and_one_set_back_does_not():
    view = with_value(first_view(), "fee_cut", 0.4)
    assert view.policy.name == "staged (changed)"
    assert change_lines(view.changes, words("en")) == [
        "Fee cut for online transactions: 0 -> 0.4 share of the fee",
        "from 2023Q1: Fee cut for online transactions: 0.3 -> 0.4 share of the fee",
    ]
    assert with_reset(view, "fee_cut", "origin").policy == first_view().policy
    assert with_reset(view, "fee_cut", "origin").policy.name == "staged"


def test_reset_to_the_default_and_of_an_assumption():
    view = with_reset(first_view(), "credibility", "default")
    assert view.policy.lever("credibility") == PARAMETERS["credibility"].default
    changed = with_value(first_view(), "care", 12.0)
    assert with_reset(changed, "care", "origin").policy.digest() == first_view().policy.digest()


@pytest.mark.parametrize(("name", "value"), [("fee_cut", 7), ("fee_cut", "x"), ("nothing", 1), ("awards_metric", "x")])
def test_a_value_that_cannot_be_is_refused_in_words(name, value):
    with pytest.raises(ScenarioError):
        with_value(first_view(), name, value)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_difference_has_a_line_in_both_languages(name):
    for language in LANGUAGES:
        lines = change_lines(difference(shipped("history"), shipped(name)), words(language))
        assert len(lines) == len(difference(shipped("history"), shipped(name)))
        assert all("{" not in line for line in lines)


def test_policy_and_baseline_run_in_one_world_and_the_page_says_which():
    view = with_value(first_view(), "care", 12.0)
    assert view.baseline.assumptions == view.policy.assumptions == {"care": 12.0}
    same = replace(view.started_from(shipped("history")).with_levers(care=12.0), baseline=shipped("history"))
    assert same.key[0] == same.key[1], "the same policy is the same, whatever is assumed"
    for language, label in (("en", "Assumption"), ("vi", "Giả định")):
        (line,) = world_lines(view, words(language))
        assert line.startswith(label)
        assert "12" in line
    back = with_reset(view, "care", "origin")
    assert (back.key, world_lines(back, words("en"))) == (first_view().key, [])
    central = with_value(view, "care", PARAMETERS["care"].default)
    assert central.policy.assumptions == {}, "it differs among the sets again"
    other = replace(view, baseline=shipped("decrees"))
    assert other.baseline.assumptions == {"care": 12.0}, "another baseline lives in the same world"
    assert policy_picks(other, words("en"))[1]["value"] == "decrees"
    assert replace(other, policy=shipped("staged")).baseline == shipped("decrees")


def test_an_address_with_two_worlds_is_read_as_one_and_that_is_said():
    view, problem = view_of("/", "policy=history&baseline=history&expenditure_growth=0.01")
    assert (problem, view.key[0]) == ("", view.key[1])
    for query in ("policy=staged&care=12&baseline=history&baseline.care=20", "baseline=history&baseline.care=20"):
        view, problem = view_of("/", query)
        assert view.baseline.assumptions == view.policy.assumptions
        assert problem == words("en")("address.one_world")
    pinned, problem = view_of("/", "policy=staged&care=12&baseline=staged&baseline.care=12")
    assert (problem, pinned.key[0]) == ("", pinned.key[1])


def test_a_change_of_places_keeps_the_world_and_its_address():
    view = with_value(with_value(first_view(), "care", 12.0), "awards", 100.0)
    swapped = view.swapped()
    assert (swapped.key[0], swapped.key[1]) == (view.key[1], view.key[0])
    assert (swapped.policy.name, swapped.baseline.name) == ("history (changed)", "staged (changed)")
    assert again(swapped) == (swapped, "")
    assert again(swapped.swapped())[0].key == view.key


def test_swapping_twice_is_nothing():
    view = first_view()
    assert view.swapped().policy == view.baseline
    assert view.swapped().swapped() == view


def test_a_saved_policy_loads_back_to_the_same():
    view = first_view().with_levers(fee_cut=0.5, care=12.0)
    loaded = read_upload("mine.toml", view.policy.to_toml().encode())
    assert loaded == view.policy


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bad.toml", b"[citizens]\nfee_cut = 2", "bad.toml: citizens.fee_cut = 2 is outside 0..1"),
        ("bad.toml", b"not toml at all", "bad.toml"),
        ("bad.toml", b"\xff\xfe\x00", "not UTF-8"),
        ("../../etc/passwd", b"[citizens]\nfee_cut = 2", "passwd.toml: citizens"),
        ("x.toml", b'extends = ["../secret"]', "leads outside the folder"),
        ("x.toml", b"#" * (LARGEST_FILE + 1), "at most"),
    ],
)
def test_a_bad_file_is_answered_with_the_validators_sentence(name, content, told):
    with pytest.raises(ScenarioError, match=re.escape(told)) as refusal:
        read_upload(name, content)
    assert tempfile.gettempdir() not in str(refusal.value)


def test_file_names_are_plain():
    assert file_name("<script>alert(1)</script>") == "script-alert-1-script.toml"
    assert file_name("...") == "scenario.toml"
