"""Why two policies differ, what order is worth, what binds whom: asked on the pages, told as the commands print it."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the extra app is not installed")

from dgsim.app.content import explanations
from dgsim.app.content.charts import intervals_option
from dgsim.app.runs import hooks, jobs
from dgsim.app.runs.cache import FIRST, FULL, Stopped, pair_of
from dgsim.app.runs.jobs import Question, Studies, binding_question, order_question, why_question
from dgsim.app.state.view import View
from dgsim.decide.constraints import CONSTRAINT_NAMES
from dgsim.texts import LANGUAGES, words
from dgsim.world.tables import OUTCOME_NAMES
from rendered import SHORT, Made, pages_made, sent, short_view
from test_app_command import in_a_shell

PATIENCE = 60.0  # seconds
W = words("en")
COUNTS = {
    "STUDY_RUNS": 6,
    "FEWEST_REPLICATIONS": 3,
    "ATTRIBUTION_RUNS": 384,
    "ORDERS": 4,
    "EXCHANGED": 2,
    "ORDER_RUNS": 3,
    "FRESH_RUNS": 4,
}
PAGES = {"compare": "explain", "sequence": "order", "explore": "binding"}
ASKED: dict[str, tuple[Callable[[View], Question], str, list[str]]] = {
    "explain": (why_question, "contributions", ["group", "contribution", "low", "high"]),
    "items": (lambda view: why_question(view, True), "contributions", ["group", "contribution", "low", "high"]),
    "order": (order_question, "precedences", ["precedence", "effect", "low", "high"]),
    "binding": (
        lambda view: binding_question(view, "use"),
        "labels",
        ["province_code", "binds", "gain", "low", "high"],
    ),
}


@pytest.fixture(autouse=True)
def _few_runs(monkeypatch):
    """Studies small enough for tests, and none answered before."""
    monkeypatch.setattr(hooks, "STUDIES", Studies())
    for name, count in COUNTS.items():
        monkeypatch.setattr(jobs, name, count)


@pytest.fixture(scope="module")
def view() -> View:
    """Half of a roadmap has far fewer orders; its runs are there already."""
    start = short_view()
    policy = start.policy.model_copy(update={"roadmap": start.policy.roadmap[::2]})
    half = replace(start.started_from(policy), baseline=start.baseline)
    for count in (FIRST, FULL):
        pair_of(half, count)
    return half


@pytest.fixture
def make():
    with pages_made() as made:
        yield made


def press(made: Made, name: str = "study") -> None:
    made.picks(name).vue_changed({"name": name, "value": True})


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def answered(made: Made) -> str:
    """Ask, wait for the answer, and return the command that is copied."""
    press(made)
    until(lambda: made.pick("study")["kind"] == "copy", "the answer did not come")
    command = str(made.pick("study")["text"])
    until(lambda: command.splitlines()[-1] in texts(made), "the answer is not drawn")
    return command


def texts(made: Made) -> str:
    blocks = [block for prose in made.all("prose.vue") for block in sent(prose, "blocks")]
    return "\n".join(str(block.get("text") or block.get("items")) for block in blocks)


ANSWERED = Studies()  # each question is worked on once: nobody changes an answer


def answer(question: Question) -> Any:
    return ANSWERED.answer(question, lambda *_: None, lambda: False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_once_asked_and_tells_the_command(make, view, page, language):
    made = make(page, replace(view, language=language))
    before = len(made.all("chart.vue"))
    assert made.pick("study")["kind"] == "button"
    command = answered(made)
    assert command.splitlines()[-1].startswith(f"dgsim {PAGES[page]} ./staged-")
    assert len(made.all("chart.vue")) > before
    assert "{" not in texts(made)


@pytest.mark.parametrize("name", ASKED)
def test_the_command_prints_the_numbers_on_the_screen(view, name, tmp_path):
    ask, table, columns = ASKED[name]
    fewer = view.policy.model_copy(update={"name": "fewer", "roadmap": view.policy.roadmap[:-2]})
    question = ask(replace(view.with_levers(fee_cut=0.4), baseline=fewer, seed=3, quarter=SHORT - 2))
    found = answer(question)
    shown = getattr(found.only(view.outcome) if name in ("explain", "items") else found, table)[columns]
    printed = pd.DataFrame(in_a_shell(question.line(), tmp_path))[columns]
    numbers = [column for column in columns if shown[column].dtype == float]
    printed[numbers] = printed[numbers].replace("", np.nan).astype(float)  # of one order there is no interval
    assert shown["low"].lt(shown["high"]).any()
    pd.testing.assert_frame_equal(printed, shown.astype(printed.dtypes), rtol=1e-12, atol=1e-15)


def test_the_shares_add_up_to_the_difference_on_the_cards(view):
    found = answer(why_question(view)).only(view.outcome)
    pair = pair_of(view, COUNTS["STUDY_RUNS"])
    difference = pair.difference[:, view.at, OUTCOME_NAMES.index(view.outcome)].mean()
    bars = explanations.attribution(found, W)
    ends = bars.starts + bars.sizes
    assert bars.names[-1] == "Total"
    assert bars.sizes[-1] == pytest.approx(difference * 100)
    assert ends[-2] == pytest.approx(ends[-1])
    assert np.allclose(bars.starts[1:-1], ends[:-2])
    assert (bars.starts[0], bars.starts[-1]) == (0.0, 0.0)


def test_why_is_answered_once_for_all_outcomes(make, view):
    made = make("compare", view)
    answered(made)
    made.one("cards.vue").vue_picked("trust")
    until(lambda: "--outcome trust" in made.pick("study")["text"], "no answer about another outcome")
    assert re.search("trust .*in 2021Q4", texts(made))


def test_a_horizon_of_the_shorter_of_two_policies_is_explained(view):
    longer = replace(view, baseline=view.baseline.with_changes(quarters=SHORT + 4))
    assert answer(why_question(longer)).quarter == "2021Q4"


def test_more_causes_are_given_fewer_runs(view):
    """Roadmap, mandate, budget, incentives, measurement and communication differ."""
    counts = [dict(why_question(view, items).options)["replications"] for items in (False, True)]
    assert counts == [384 // 2**6, COUNTS["FEWEST_REPLICATIONS"]]


def test_two_equal_policies_have_nothing_to_explain(make, view):
    made = make("compare", replace(view, baseline=view.policy))
    assert W("compare.same_policy") in texts(made)
    with pytest.raises(StopIteration):
        made.pick("study")


def test_what_cannot_be_answered_is_told_in_a_sentence(make, view):
    bare = view.policy.model_copy(update={"roadmap": view.policy.roadmap[:1]})
    made = make("sequence", replace(view, policy=bare))
    until(lambda: bool(made.all("cards.vue")), "the page did not come")
    press(made)
    until(lambda: "an order needs two or more" in texts(made), "no sentence came")
    assert made.pick("study")["label"] == W("sequence.order_button")


@pytest.fixture
def endless(monkeypatch) -> list[str]:
    """Studies that end only when they are given up; the list tells what became of them."""
    told: list[str] = []

    def answer(_: Question, progress: Callable[[int, int], None]) -> None:
        told.append("begun")
        try:
            for done in range(10_000):
                progress(done, 10_000)
                time.sleep(0.01)
        except Stopped:
            told.append("stopped")
            raise

    monkeypatch.setattr(Question, "answer", answer)
    return told


def test_a_study_tells_how_far_it_is_and_can_be_given_up(make, view, endless):
    made = make("compare", view)
    press(made)
    until(lambda: "of 10,000 runs" in made.one("waiting.vue").text, "no progress is told")
    assert 0 < made.one("waiting.vue").share < 1
    assert made.pick("study")["label"] == W("reason.stop")
    time.sleep(hooks.DOUBLE_CLICK)
    press(made)
    until(lambda: endless == ["begun", "stopped"], "it is not given up")
    assert made.pick("study")["label"] == W("compare.explain_button")
    assert made.all("waiting.vue") == []


def test_a_second_click_at_once_gives_nothing_up(make, view, endless, monkeypatch):
    monkeypatch.setattr(hooks, "DOUBLE_CLICK", PATIENCE)
    made = make("compare", view)
    press(made)
    press(made)
    until(lambda: "of 10,000 runs" in made.one("waiting.vue").text, "no progress is told")
    assert endless == ["begun"]


def test_policies_of_other_names_do_not_share_an_answer(view):
    """What somebody else called a policy is told to nobody."""
    renamed = replace(view, policy=view.policy.with_changes(name="secret"))
    assert renamed.policy.digest() == view.policy.digest()
    for ask in (why_question, order_question, lambda view: binding_question(view, "use")):
        assert ask(renamed).key != ask(view).key


def test_a_change_of_policy_gives_up_what_is_asked_of_the_old_one(make, view, endless):
    made = make("compare", view)
    press(made)
    until(lambda: endless == ["begun"], "it does not begin")
    made.session.show(made.session.view.with_levers(fee_cut=0.4))
    until(lambda: endless == ["begun", "stopped"], "it is not given up")
    assert made.pick("study")["label"] == W("compare.explain_button")


def test_who_asks_the_same_waits_and_who_gives_up_waiting_stops(view, monkeypatch):
    asked: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: Question, progress: Callable[[int, int], None]) -> str:
        asked.append(1)
        begun.set()
        go_on.wait(PATIENCE)
        return "answer"

    monkeypatch.setattr(Question, "answer", slow)
    kept, question, got = Studies(kept=1), order_question(view), []
    ask = lambda: got.append(kept.answer(question, lambda *_: None, lambda: False))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    begun.wait(PATIENCE)
    with pytest.raises(Stopped):
        kept.answer(question, lambda *_: None, lambda: True)
    go_on.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert (got, asked) == (["answer", "answer"], [1])
    kept.answer(binding_question(view, "use"), lambda *_: None, lambda: False)
    assert kept.cached(question) is None, "the oldest is dropped"


def test_the_best_order_is_put_on_the_timeline_and_undone(make, view):
    made = make("sequence", view)
    answered(made)
    press(made, "best")
    best, own = made.session.view.policy.roadmap, view.policy.roadmap
    assert best != own
    assert sorted(item.start for item in best) == sorted(item.start for item in own)
    assert {(i.name, i.quarters, i.cost_bvnd) for i in best} == {(i.name, i.quarters, i.cost_bvnd) for i in own}
    made.session.use_tool({"what": "undo", "value": None})
    assert made.session.view.policy == view.policy
    until(lambda: made.pick("study")["kind"] == "copy", "what was answered is no longer there")


def test_the_clicked_province_is_told_what_binds_it(make, view):
    made = make("explore", view)
    answered(made)
    assert W("bind.pick") in texts(made)
    found = answer(binding_question(view, "use"))
    row = found.labels[found.labels["province_code"] == "02"].iloc[0]
    made.all("map.vue")[-1].vue_picked("02")
    sentence = found.clauses_of("02", "Ha Giang")[0].text(W)
    until(lambda: sentence in texts(made), "the province is not told of")
    assert "Ha Giang: " in made.all("chart.vue")[-1].title
    bars = explanations.gains(found, "02", W)
    assert bars.sizes[0] == bars.sizes.max() == pytest.approx(row["gain"] * 100)


def test_the_map_of_what_binds_has_a_large_letter_only_where_it_is_clear(view):
    found = answer(binding_question(view, "use"))
    signs = explanations.binding_paint(found, W)["signs"]
    for sign, row in zip(signs, found.labels.itertuples(), strict=True):
        assert sign == ("" if row.binds == "nothing" else row.binds[0].upper() if row.clear else row.binds[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_constraint_has_a_letter_of_its_own(language):
    letters = [explanations.constraint_label(name, words(language))[0] for name in CONSTRAINT_NAMES]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ask", [why_question, order_question, lambda view: binding_question(view, "use")])
def test_the_screen_tells_a_finding_as_the_command_does(view, ask, language):
    found = answer(ask(view))
    assert " ".join(explanations.sentences(found.clauses, words(language))) == found.text(language)


@pytest.mark.parametrize("page", PAGES)
def test_bars_and_maps_have_a_table_and_are_downloaded(make, view, page):
    made = make(page, view)
    known = len(made.all("twin.vue"))
    answered(made)
    fresh = [twin.name for twin in made.all("twin.vue")][known - 3 if page == "compare" else known :]
    for index, twin in enumerate(made.all("twin.vue")):
        if twin.name not in fresh or "CSV" not in str(twin.kinds).upper():
            continue
        twin.vue_opened(True)
        table = sent(made.all("twin.vue")[index], "table")
        assert table["rows"]
        for kind in twin.kinds:
            twin.vue_wanted(kind)
            content = base64.b64decode(sent(made.all("twin.vue")[index], "file")["content"])
            assert b"policy: staged" in content


def test_a_bar_that_is_not_clear_is_hollow_and_begins_at_its_start():
    values, ends = np.array([2.0, -1.0]), (np.array([1.0, -3.0]), np.array([3.0, 1.0]))
    floor, bars, whiskers = intervals_option(["a", "b"], values, ends, np.array([0.0, 2.0]), [True, False], "points")[
        "series"
    ]
    assert floor["data"] == [0.0, 2.0]
    assert ["borderType" in bar["itemStyle"] for bar in bars["data"]] == [False, True]
    assert whiskers["data"] == [[1.0, 0], [3.0, 0], [None, 0], [-1.0, 1], [3.0, 1], [None, 1]]
