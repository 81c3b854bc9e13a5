"""Every page made without a browser, in every language, and used."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the extra app is not installed")

import solara

import dgsim.app
from dgsim.app.content import agents
from dgsim.app.content.lessons import forbidden
from dgsim.app.main import PAGE_COMPONENTS
from dgsim.app.runs.cache import cached_pair, parameter_sets, start_early
from dgsim.app.runs.hooks import use_background
from dgsim.app.state.pages import PAGE_KEYS
from dgsim.app.state.session import TOOLS, Session
from dgsim.app.state.view import View, first_view
from dgsim.country import load_country
from dgsim.engine.run import run_replications
from dgsim.learn import load_lessons
from dgsim.texts import LANGUAGES, words
from dgsim.texts.labels import stock_label
from dgsim.world.tables import OUTCOME_NAMES
from rendered import SHORT, Made, pages_made, sent, short_view


@pytest.fixture(scope="module")
def view() -> View:
    return short_view()


@pytest.fixture
def make():
    with pages_made() as made:
        yield made


def test_a_page_is_a_module_a_row_and_its_texts():
    modules = {file.stem for file in (Path(dgsim.app.__file__).parent / "pages").glob("[!_]*.py")}
    assert modules == set(PAGE_KEYS), "a module of app/pages for each row of app/state/pages.py"
    texts = [key for page in PAGE_KEYS for key in (f"page.{page}", f"page.{page}.heading")]
    assert [key for key in texts if key not in words("en").by_key] == [], (
        "src/dgsim/texts/strings.csv: add the rows page.KEY and page.KEY.heading, in every language"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGE_COMPONENTS)
def test_every_page_is_made_in_every_language(make, view, page, language):
    made = make(page, replace(view, language=language, province="02"))
    assert made.all("prose.vue") or made.all("cards.vue") or made.all("picks.vue"), (
        f"src/dgsim/app/pages/{page}.py draws nothing below its heading: give it text (Prose), cards (Cards) or "
        "a choice (Picks) of dgsim.app.components"
    )


def test_a_slider_let_go_changes_the_policy_and_nothing_else(make, view):
    made = make("explore", view)
    controls = made.one("levers.vue")
    controls.vue_changed({"name": "fee_cut", "value": 0.45})
    assert made.one("levers.vue") is controls, "made anew, it would fold up what was unfolded"
    assert made.session.view.policy.lever("fee_cut") == 0.45
    assert made.session.view.baseline == view.baseline
    moved = sent(made.one("levers.vue"), "moved")
    assert list(moved) == ["fee_cut"]
    assert (moved["fee_cut"]["value"], moved["fee_cut"]["changed"]) == (0.45, True)
    made.one("levers.vue").vue_reset({"name": "fee_cut", "to": "origin"})
    assert made.session.view.policy == view.policy
    assert sent(made.one("levers.vue"), "moved") == {}


def test_where_a_slider_rests_its_runs_are_made_before_it_is_let_go(view):
    begun = []
    session = Session(view, start_early=lambda *of: (begun.append(of), start_early(*of)))
    session.try_lever({"name": "fee_cut", "value": 0.31})
    assert session.view is view, "nothing is changed yet"
    deadline = time.monotonic() + 60
    while cached_pair(view.with_levers(fee_cut=0.31)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    session.set_lever({"name": "fee_cut", "value": 0.31})
    assert [of[0].key for of in begun] == [session.view.key] * 2
    assert not begun[0][2](), "what was let go there is still wanted"


def test_what_was_begun_where_a_slider_rested_is_dropped_once_it_is_elsewhere(view):
    begun = []
    session = Session(view, start_early=lambda *of: begun.append(of))
    for value in (0.41, 0.42):
        session.try_lever({"name": "fee_cut", "value": value})
    assert [stop() for _, _, stop in begun] == [True, False]
    session.set_lever({"name": "fee_cut", "value": 0.43})
    assert begun[1][2]()
    session.try_lever({"name": "fee_cut", "value": 7.0})
    session.try_lever({"name": "no lever", "value": 0.1})
    assert len(begun) == 3, "what may not be is not begun"
    assert session.problem.value == "", "and is told only when it is let go"


def test_assumptions_say_that_they_differ_among_the_sets_where_they_do(make, view):
    made = make("explore", view)
    assert sent(made.one("levers.vue"), "w")["sets"] == words("en")("levers.sets")
    made.picks("parameters").vue_changed({"name": "parameters", "value": "central"})
    assert made.session.view.parameters == "central"
    assert sent(made.one("levers.vue"), "w")["sets"] == ""
    made.session.undo()
    assert made.session.view.parameters == "plausible"


def test_a_refused_value_is_told_and_changes_nothing(make, view):
    made = make("explore", view)
    made.one("levers.vue").vue_changed({"name": "fee_cut", "value": 7})
    told_of = "Fee cut for online transactions: 7 is outside 0 to 1 share of the fee. Nothing was changed."
    assert made.session.problem.value == told_of
    assert made.session.view.policy == view.policy
    assert made.one("levers.vue").refused == 1, "the control goes back to where it stands"
    told = make("explore", replace(view, language="vi"))
    told.one("levers.vue").vue_changed({"name": "fee_cut", "value": 7})
    assert "nằm ngoài khoảng 0 đến 1" in told.session.problem.value
    told.session.set_lever({"name": "no lever", "value": 1})
    assert told.session.problem.value.startswith("Không nhận, và không có gì thay đổi."), "the rest is the validator's"


NOT_TAKEN = {  # what was entered in a box, and how the refusal of it begins and ends, by language
    "": ("nothing was entered", "chưa nhập gì"),
    "abc": ("“abc” is not a number as this page writes them, such as 2,450.5", "“abc” không phải là số"),
    "1e3": ("“1e3” is not a number", "“1e3” không phải là số"),
    "9" * 5000: (f"“{'9' * 40}” is not a number", f"“{'9' * 40}” không phải là số"),
}
OF_THE_OTHER = {"en": ("0,3", "2450,5", "1.000.000"), "vi": ("0.3", "2.45", "2,450.5")}  # numbers written otherwise
RANGE = "Payments: it can start at any quarter of the plan, run 1 to"
NOT_ALLOWED = {
    "seed": {
        "-5": "Seed (luck): -5 is outside 0 to 9,007,199,254,740,991. Nothing was changed.",
        "1.5": "Seed (luck): 1.5 is not a whole number. Nothing was changed.",
        "1" + "0" * 23: "Seed (luck): 100,000,000,000,000,000,000,000 is outside 0 to",
    },
    "quarters": {"2.5": "Quarters: 2.5 is not a whole number. Nothing was changed.", "0": RANGE},
    "cost": {"-1": RANGE},
}
BOXES = {  # page, template, event, and what the event is told besides what was entered
    "lever": ("explore", "levers.vue", "vue_changed", lambda text: {"name": "matching_budget", "value": text}),
    "seed": ("explore", "picks.vue", "vue_changed", lambda text: {"name": "seed", "value": text}),
    "cost": ("sequence", "timeline.vue", "vue_moved", lambda text: {"name": "payments", "cost": text}),
    "quarters": ("sequence", "timeline.vue", "vue_moved", lambda text: {"name": "payments", "quarters": text}),
}


def _enter(made: Made, box: str, text: str) -> None:
    """Enter a text in a box and leave it."""
    _, template, event, of = BOXES[box]
    getattr(made.one(template), event)(of(text))


def _bar(made: Made, name: str) -> dict[str, Any]:
    return next(bar for bar in sent(made.one("timeline.vue"), "items") if bar["name"] == name)


@pytest.mark.parametrize(("language", "text"), [("en", "2,450.5"), ("vi", "2.450,5")])
def test_a_box_shows_a_number_as_the_page_writes_it_and_reads_what_it_shows(make, view, language, text):
    told = replace(view, language=language)
    explore = make("explore", told)
    _enter(explore, "lever", text)
    assert explore.session.view.policy.lever("matching_budget") == 2450.5
    assert sent(explore.one("levers.vue"), "moved")["matching_budget"]["written"] == text
    sequence = make("sequence", told)
    _enter(sequence, "cost", text)
    assert next(i for i in sequence.session.view.policy.roadmap if i.name == "payments").cost_bvnd == 2450.5
    assert _bar(sequence, "payments")["entered"]["cost"] == text
    _enter(sequence, "quarters", "7")
    assert _bar(sequence, "payments")["quarters"] == 7
    _enter(explore, "seed", "1" + text[1:5].replace("2", "1"))
    assert explore.session.view.seed == 1450
    assert explore.pick("seed")["value"] == "1450"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("box", BOXES)
def test_what_is_no_number_of_the_page_is_undone_with_a_sentence_about_it_in_place_of_an_older_one(
    make, view, box, language
):
    made = make(BOXES[box][0], replace(view, language=language))
    before, drawn = made.session.view, made.one(BOXES[box][1])
    others = {text: (f"“{text}”", f"“{text}”") for text in OF_THE_OTHER[language]}
    for count, (text, said) in enumerate((NOT_TAKEN | others).items(), 1):
        made.session.problem.value = "older"
        _enter(made, box, text)
        assert made.session.view == before, "never another number"
        assert said[list(LANGUAGES).index(language)] in made.session.problem.value
        assert "older" not in made.session.problem.value
        assert drawn.refused == count, "the box goes back to what holds"


@pytest.mark.parametrize("box", ["seed", "quarters", "cost"])
def test_a_number_that_may_not_be_is_refused_in_a_sentence_about_it(make, view, box):
    made = make(BOXES[box][0], view)
    before = made.session.view
    for count, (text, said) in enumerate(NOT_ALLOWED[box].items(), 1):
        _enter(made, box, text)
        assert said in made.session.problem.value
        assert made.session.view == before
        assert made.one(BOXES[box][1]).refused == count


def test_a_number_of_another_spelling_changes_nothing_and_is_written_anew(make, view):
    made = make("explore", view)
    made.session.problem.value = "older"
    _enter(made, "seed", "00")
    assert (made.session.view, made.session.problem.value) == (view, "")
    assert made.picks("seed").refused == 1


def test_a_share_is_read_in_per_cent_where_it_says_so(make, view):
    made = make("explore", replace(view, language="vi"))
    made.one("levers.vue").vue_changed({"name": "fee_cut", "value": "37,5%"})
    assert made.session.view.policy.lever("fee_cut") == 0.375
    made.one("levers.vue").vue_changed({"name": "matching_budget", "value": "40%"})
    assert "“40%” không phải là số" in made.session.problem.value


def test_no_control_is_a_number_box_of_the_browsers_own():
    """It would read and show numbers in the browser's language, whatever that of the page."""
    for file in Path(dgsim.app.__file__).with_name("vue").glob("*.vue"):
        assert 'type="number"' not in file.read_text(encoding="utf-8"), file.name


def test_a_click_on_a_province_opens_its_story(make, view):
    made = make("explore", replace(view, quarter=2))
    before = len(made.all("choices.vue"))
    made.one("map.vue").vue_picked("02")
    assert made.session.view.province == "02"
    assert len(made.all("choices.vue")) == before + 4


@pytest.mark.parametrize("page", ["explore", "compare", "sequence"])
def test_every_map_opens_the_story_it_promises_and_brings_the_hand_there(make, view, page):
    made = make(page, replace(view, quarter=2))
    assert made.all("arrival.vue") == []
    for clicks, made_map in enumerate(made.all("map.vue")[:2], start=1):
        made_map.vue_picked("02")
        arrival = made.one("arrival.vue")
        assert (arrival.asked, arrival.title.startswith("Ha Giang")) == (clicks, True)
    made.session.look(outcome="trust")
    assert made.one("arrival.vue").asked == clicks, "nothing else calls for attention"


def test_a_click_on_nothing_known_opens_no_story(make, view):
    made = make("explore", view)
    made.one("map.vue").vue_picked("<script>")
    assert made.session.view.province == ""


def test_a_card_chooses_the_outcome_that_is_drawn(make, view):
    made = make("explore", view)
    made.one("cards.vue").vue_picked("trust")
    assert made.one("chart.vue").title.startswith("Trust")


def test_scrubbing_moves_the_map_and_not_the_history(make, view):
    made = make("explore", view)
    picks = next(p for p in made.all("picks.vue") if any(x["kind"] == "scrub" for x in sent(p, "picks")))
    picks.vue_changed({"name": "quarter", "value": 3})
    assert made.session.view.at_text == "2020Q4"
    assert "2020Q4" in made.one("map.vue").title
    assert made.session.history.value.past == ()


def test_a_table_is_sent_only_when_it_is_opened_and_files_only_when_asked_for(make, view):
    made = make("explore", view)
    twin = made.one("twin.vue")
    assert twin.table is None
    twin.vue_opened(True)
    assert len(sent(made.one("twin.vue"), "table")["rows"]) == SHORT
    for kind, start in {"csv": b"# dgsim", "svg": b"<?xml", "png": b"\x89PNG"}.items():
        made.one("twin.vue").vue_wanted(kind)
        file = sent(made.one("twin.vue"), "file")
        assert file["name"].endswith(f".{kind}")
        assert base64.b64decode(file["content"]).startswith(start)


def test_compare_swaps(make, view):
    made = make("compare", view)
    made.all("picks.vue")[0].vue_changed({"name": "swap", "value": True})
    assert made.session.view.policy == view.baseline
    assert made.session.view.baseline == view.policy
    assert len(made.all("map.vue")) == 3


@pytest.mark.parametrize(
    ("outcome", "drawn"), [("trust", "trust"), ("net_benefit", "use"), ("specialists", "specialists")]
)
def test_bars_and_maps_of_compare_follow_the_outcome_or_say_what_they_show(make, view, outcome, drawn):
    w = words("en")
    made = make("compare", replace(view, outcome=outcome))
    titles = [made_map.title for made_map in made.all("map.vue")]
    assert len(titles) == 3
    assert all(stock_label(drawn, w) in title for title in titles)
    bars = [chart.title for chart in made.all("chart.vue") if chart.title.startswith("Difference by province")]
    assert bars == [w("compare.who_title", outcome=stock_label(drawn, w), quarter=view.at_text)]
    said = " ".join(block.get("text", "") for p in made.all("prose.vue") for block in sent(p, "blocks"))
    assert ("is a number of the whole country" in said) == (drawn != outcome)


def test_sequence_moves_an_item_and_undo_brings_it_back(make, view):
    made = make("sequence", view)
    made.one("timeline.vue").vue_moved({"name": "payments", "start": 3, "quarters": 5})
    bars = {bar["name"]: bar for bar in sent(made.one("timeline.vue"), "items")}
    assert bars["payments"]["ghost"] == {"start": 0, "quarters": 5}
    made.session.use_tool({"what": "undo", "value": None})
    assert made.session.view.policy == view.policy
    made.one("timeline.vue").vue_added("training")
    made.one("timeline.vue").vue_removed("payments")
    assert {item.name for item in made.session.view.policy.roadmap} >= {"training_2"}
    assert "payments" not in {item.name for item in made.session.view.policy.roadmap}


def test_a_circle_in_the_roadmap_is_refused_in_words(make, view):
    made = make("sequence", view)
    made.one("timeline.vue").vue_moved({"name": "shared_platform", "after": ["service_wave"]})
    assert made.session.problem.value == (
        "That would go in a circle, so nothing was changed: "
        "Shared service platform waits for Wave of services waits for Shared service platform."
    )
    assert made.one("timeline.vue").refused == 1
    assert made.session.view.policy == view.policy
    told = make("sequence", replace(view, language="vi"))
    told.one("timeline.vue").vue_moved({"name": "payments", "start": 4000})
    assert "sẽ bắt đầu sau khi kế hoạch kết thúc" in told.session.problem.value


def test_agents_step_and_begin_anew_in_the_language_of_the_page(make, view):
    made = make("agents", replace(view, language="vi", run=2))
    _until(lambda: made.all("chart.vue"))
    at_two = made.one("chart.vue")
    assert sent(at_two, "option")["xAxis"]["data"][0] == "Quý I/2020"
    values = sent(at_two, "option")["series"][0]["data"]
    assert [value is not None for value in values] == [True] * 2 + [False] * (SHORT - 2)
    said = " ".join(block["text"] for p in made.all("prose.vue") for block in sent(p, "blocks"))
    assert "Đã chạy 2 trên 8 quý, gần nhất là quý II/2020." in said
    made.picks("step").vue_changed({"name": "step", "value": True})
    assert made.session.view.run == 3
    _until(lambda: made.one("chart.vue").stamp == "agents-3")
    assert sent(made.one("chart.vue"), "option")["series"][0]["data"][:2] == values[:2], "the same run goes on"
    made.picks("go").vue_changed({"name": "go", "value": True})
    _until(lambda: made.session.view.run == SHORT)
    assert made.pick("step")["disabled"]
    assert made.session.history.value.past == (), "stepping is no change to undo"
    made.picks("again").vue_changed({"name": "again", "value": True})
    assert made.session.view.run == 0


def test_a_run_of_agents_is_replication_0_of_the_policy_under_its_parameters(view):
    found = agents.Run(view).after(SHORT)
    sets = parameter_sets(view.parameters)
    runs = run_replications(view.policy, load_country(), seed=view.seed, replications=range(1), parameters=sets)
    assert found.outcomes["use"].tolist() == runs.outcomes[0, :, OUTCOME_NAMES.index("use")].tolist()


def test_incentives_show_the_levers_of_the_instrument(make, view):
    made = make("incentives", view)
    made.all("picks.vue")[0].vue_changed({"name": "instrument", "value": "awards"})
    names = [field["name"] for field in sent(made.one("levers.vue"), "groups")[0]["fields"]]
    assert names == ["awards", "awards_metric", "award_winners", "audit_share"]


def test_a_file_is_loaded_and_a_bad_one_changes_nothing(view):
    session = Session(view)
    good = base64.b64encode(b'name = "mine"\nextends = ["staged"]\n[citizens]\nfee_cut = 0.5').decode()
    session.use_tool({"what": "load", "value": {"name": "mine.toml", "content": good}})
    assert session.view.policy.name == "mine"
    held = session.view
    bad = base64.b64encode(b"[citizens]\nfee_cut = 5").decode()
    session.use_tool({"what": "load", "value": {"name": "bad.toml", "content": bad}})
    assert "bad.toml: citizens.fee_cut = 5 is outside" in session.problem.value
    assert session.view == held
    session.use_tool({"what": "load", "value": {"name": "bad.toml", "content": "%%%"}})
    assert session.problem.value
    assert session.view == held


def test_every_tool_of_the_header_is_one_of_the_session_and_what_it_does_not_know_is_ignored(view):
    header = Path(dgsim.app.__file__).with_name("vue") / "header.vue"
    assert set(re.findall(r"act\([\"'](\w+)", header.read_text(encoding="utf-8"))) == set(TOOLS)
    session = Session(view)
    for what, value in (("fly", None), ("page", "nowhere"), ("language", "xx")):
        session.use_tool({"what": what, "value": value})
    assert session.view == view


def test_work_beside_a_page_hears_when_it_is_no_longer_wanted():
    about, begun = solara.reactive("one"), []

    @solara.component
    def Alone() -> None:  # noqa: N802
        use_background(begun.append, [about.value])
        solara.Text(about.value)

    _, context = solara.render(Alone(), handle_error=False)
    _until(lambda: len(begun) == 1)
    about.value = "other"
    _until(lambda: len(begun) == 2)
    assert [stop() for stop in begun] == [True, False]
    context.close()
    assert begun[1](), "the page was left"


def test_going_back_in_the_browser_brings_the_state_back(view):
    session = Session(first_view())
    session.go("/compare?policy=staged&fee_cut=0.5&baseline=history&lang=vi")
    assert (session.view.page, session.view.language) == ("compare", "vi")
    assert session.view.policy.lever("fee_cut") == 0.5
    session.go("/compare?fee_cut=50")
    assert "broken" in session.problem.value


def test_saving_hands_over_the_file(view):
    session = Session(view.with_levers(fee_cut=0.5))
    session.use_tool({"what": "save", "value": None})
    assert session.file.value["name"] == "staged-changed.toml"
    assert "fee_cut = 0.5" in session.file.value["text"]


def test_two_sessions_share_nothing(view):
    one, other = Session(view), Session(view)
    one.set_lever({"name": "fee_cut", "value": 0.5})
    one.problem.value = "mine"
    assert other.view == view
    assert other.problem.value == ""


def test_every_widget_of_ours_has_a_template_that_solara_can_read():
    """A template without this very line is read in an older way, with a warning."""
    templates = list(Path(dgsim.app.__file__).with_name("vue").glob("*.vue"))
    assert templates
    for file in templates:
        assert "module.exports = {" in file.read_text(encoding="utf-8"), file.name


def _answer(made: Made, guess: dict[str, Any] | list[float]) -> None:
    """Guess, reveal, and wait for the cases."""
    if isinstance(guess, list):
        made.one("guess.vue").vue_guessed(guess)
    else:
        made.picks(guess["name"]).vue_changed(guess)
    made.picks("reveal").vue_changed({"name": "reveal", "value": True})
    _until(lambda: made.all("chart.vue"))


def _until(true: Callable[[], Any]) -> None:
    """Wait for work that another thread does."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about in a minute")


def test_a_lesson_reveals_only_after_a_guess_and_its_challenge_checks_itself(make):
    made = make("learn", first_view())
    assert made.pick("reveal")["disabled"]
    assert not made.all("chart.vue")
    _answer(made, {"name": "0", "value": True})
    kinds = [block["kind"] for p in made.all("prose.vue") for block in sent(p, "blocks")]
    assert ("right" in kinds) != ("wrong" in kinds)
    made.picks("try").vue_changed({"name": "try", "value": True})
    challenge = load_lessons("en")[0].challenge
    assert made.session.view.policy == challenge.start
    assert made.session.view.page == "explore"


def test_a_guess_and_its_answer_are_still_there_after_a_visit_to_another_page(make):
    made = make("learn", first_view())
    _answer(made, {"name": "1", "value": True})
    made.picks("try").vue_changed({"name": "try", "value": True})
    assert made.session.view.page == "explore"
    made.session.look(page="learn")
    assert [choice["pressed"] for choice in sent(made.picks("1"), "picks")] == [False, True, False]
    assert sent(made.picks("reveal"), "picks")[0]["disabled"], "it was revealed already"


def test_a_challenge_is_checked_on_the_open_policy(make):
    made = make("learn", first_view())
    _answer(made, {"name": "0", "value": True})
    made.picks("check").vue_changed({"name": "check", "value": True})
    _until(lambda: made.all("choices.vue"))
    rows = sent(made.all("choices.vue")[-1], "table")["rows"]
    assert len(rows) == len(load_lessons("en")[0].challenge.conditions)


def test_a_policy_too_short_for_a_challenge_is_answered_in_words(make, view):
    made = make("learn", view)
    _answer(made, {"name": "0", "value": True})
    made.picks("check").vue_changed({"name": "check", "value": True})
    _until(lambda: made.session.problem.value)
    assert "ends before the quarter that is asked for" in made.session.problem.value
    _until(lambda: not made.all("waiting.vue"))


def test_what_a_challenge_does_not_allow_is_told():
    challenge = load_lessons("en")[0].challenge
    assert forbidden(challenge, challenge.start, words("en")) == []
    other = challenge.start.with_changes(credibility=0.123)
    assert len(forbidden(challenge, other, words("en"))) == 1


def test_a_curve_can_be_drawn(make):
    lesson = next(lesson for lesson in load_lessons("en") if lesson.guess.kind == "curve")
    made = make("learn", first_view())
    made.picks("lesson").vue_changed({"name": "lesson", "value": lesson.key})
    _answer(made, [0.5] * len(lesson.guess.quarters))
    assert words("en")("learn.guessed") in sent(made.one("chart.vue"), "option")["legend"]["data"]
