"""Worth and targets on the pages: the numbers of the commands, horizon and baseline beside them, an editor."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara", reason="the extra app is not installed")

import dgsim
from dgsim.app.content import targets, worth
from dgsim.app.content.tables import curve_twin
from dgsim.app.runs import hooks
from dgsim.app.runs import worth as asked
from dgsim.app.runs.cache import FIRST, Stopped, pair_of
from dgsim.app.runs.jobs import Studies
from dgsim.app.runs.worth import accounts_question, items_question, risk_question, targets_question
from dgsim.app.state.address import address_of, view_of
from dgsim.app.state.targets import MOST_TARGETS, content_of, set_of, targets_in, toml_of, with_target
from dgsim.app.state.view import NO_TARGETS, OWN_TARGETS, View, first_view
from dgsim.errors import DgsimError
from dgsim.show.terminal.targets import LIGHTS
from dgsim.texts import LANGUAGES, Quarter, words
from dgsim.texts.labels import outcome_label
from dgsim.world.tables import OUTCOME_NAMES
from rendered import Made, pages_made, sent, short_view
from test_app_command import in_a_shell

PATIENCE = 120.0  # seconds
TO = "2023Q4"
SETS = 20  # that assumptions can be told apart with
OWN = "use:reported:least:0.01:2021Q4,duplication_spend:true:most:2000.0:2022Q4"


@pytest.fixture(scope="module")
def view() -> View:
    """Few items, a near horizon: an appraisal of a moment."""
    start = short_view()
    policy = start.policy.model_copy(update={"name": "half", "roadmap": start.policy.roadmap[:2], "changes": ()})
    policy = policy.model_copy(update={"levers": start.baseline.levers, "changes": start.baseline.changes})
    return replace(start.started_from(policy), to=TO, seed=3, targets=OWN_TARGETS, own_targets=targets_in(OWN))


@pytest.fixture(autouse=True)
def _looks_of_their_own(monkeypatch):
    for name in ("STUDIES", "LOOKS", "REFINED_LOOKS"):
        monkeypatch.setattr(hooks, name, Studies())
    monkeypatch.setattr(asked, "FULL", FIRST + 1)
    monkeypatch.setattr(asked, "MOST_ITEM_RUNS", 2)
    monkeypatch.setattr(asked, "FEWEST_ITEM_RUNS", 2)
    for function in (accounts_question, targets_question):
        monkeypatch.setattr(function, "__defaults__", (FIRST + 1,))


@pytest.fixture
def make():
    with pages_made() as made:
        yield made


def answer(question: Any) -> Any:
    return question.answer(lambda *_: None)


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def texts(made: Made) -> str:
    blocks = [block for prose in made.all("prose.vue") for block in sent(prose, "blocks")]
    return "\n".join(str(block.get("text") or block.get("items")) for block in blocks)


def same(printed: list[dict[str, str]], shown: pd.DataFrame) -> None:
    """Rows that a command printed are those of a table."""
    assert len(printed) == len(shown)
    table = pd.DataFrame(printed)[list(shown.columns)]
    for name in shown.columns:
        if pd.api.types.is_numeric_dtype(shown[name]) and not pd.api.types.is_bool_dtype(shown[name]):
            numbers = table[name].replace("", np.nan).astype(float)
            np.testing.assert_allclose(numbers, shown[name].astype(float), rtol=1e-12, atol=1e-12)
        else:
            assert table[name].tolist() == ["" if pd.isna(cell) else str(cell) for cell in shown[name]]


def test_the_accounts_are_those_of_the_library_and_of_the_command(view, tmp_path):
    question = accounts_question(view)
    found = answer(question)
    other = dgsim.appraise(view.policy, view.baseline, TO, replications=FIRST + 1, seed=3)
    for by in asked.DIVISIONS:
        pd.testing.assert_frame_equal(found.accounts[by], other.accounts(by))
    pd.testing.assert_frame_equal(found.summary, other.summary)
    pd.testing.assert_frame_equal(found.curve, other.curve)
    assert f"--to {TO}" in question.line()
    same(in_a_shell(question.line(), tmp_path), found.accounts["who"])


def test_items_and_risk_are_those_of_the_command_and_of_the_library(view, tmp_path, monkeypatch):
    monkeypatch.setattr(asked, "FIRST", 2)
    question = items_question(view)
    found = answer(question)
    items = found.accounts["item"]
    same(in_a_shell(question.line(), tmp_path), items)
    total = items["net_benefit"].iloc[-1]
    assert items["net_benefit"].iloc[:-1].sum() == pytest.approx(total)
    monkeypatch.setattr(asked, "FULL", SETS)
    risk = answer(risk_question(view))
    other = dgsim.appraise(view.policy, view.baseline, TO, replications=SETS, seed=3, risk=True)
    for name in ("switching", "tornado", "knowing"):
        pd.testing.assert_frame_equal(getattr(risk, name), getattr(other, name))
    assert risk_question(view).line().endswith(f"--risk --replications {SETS} --seed 3 --parameters plausible")


def test_central_values_have_no_assumption_to_measure_first(view):
    risk = answer(risk_question(replace(view, parameters="central")))
    assert risk.switching is not None
    assert risk.tornado is None
    assert risk.knowing is None


@pytest.mark.parametrize("name", [OWN_TARGETS, "decision-942", "plan-2024"])
def test_the_chances_are_those_of_the_library_and_of_the_command(view, name, tmp_path):
    question = targets_question(replace(view, targets=name))
    found = answer(question)
    file = content_of(view.own_targets) if name == OWN_TARGETS else name
    plans = [view.policy, view.baseline]
    other = dgsim.targets(plans, file, to=TO, replications=FIRST + 1, seed=3)
    pd.testing.assert_frame_equal(found.records, other)
    same(in_a_shell(question.line(), tmp_path), found.records)


def test_the_figure_of_a_target_is_the_outcome_itself(view):
    found = answer(targets_question(view))
    use, _ = view.own_targets
    pair = pair_of(view, FIRST + 1)
    reported = pair.policy.outcomes[:, :, OUTCOME_NAMES.index("use_full_process")]
    mean = found.figures[view.policy.name, use.name][0]
    np.testing.assert_allclose(mean[: reported.shape[1]], reported.mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_horizon_baseline_and_what_is_extrapolated_stand_beside_every_sum(view, language):
    w, found = words(language), answer(risk_question(replace(view, to="2026Q4")))
    twins = [worth.accounts_twin(found, by, w) for by in asked.DIVISIONS]
    twins += [worth.sides_twin(found, w), worth.switching_twin(found, w)]
    for twin in twins:
        assert w.quarter(Quarter("2026Q4")).lower() in twin.caption.lower()
        assert found.baseline in twin.caption
        assert w("note.later", year="2025") in twin.caption


def test_a_card_tells_its_light_by_a_sign_and_a_word(view):
    found = answer(targets_question(view))
    w = words("en")
    cards = targets.cards(found, w)
    assert [card["name"] for card in cards] == [*(one.name for one in view.own_targets), "all"]
    records = found.records[found.records["plan"] == view.policy.name]
    for card, light, chance in zip(cards, records["light"], records["chance"], strict=True):
        assert card["mark"] == LIGHTS[light]
        assert card["word"] == w(f"light.{light}")
        assert card["value"] == f"{chance:.0%}"
        assert any(text.startswith("Chance of the baseline plan: ") for text in card["more"])
    assert len(set(LIGHTS.values())) == len(LIGHTS)


def test_a_line_stands_on_the_curve_of_its_own_figure_up_to_when_it_is_due(view):
    w = words("en")
    (label, level), *more = targets.lines_on(view, "use_full_process", 16, w)
    assert not more
    assert label == "Target: at least 1% by 2021Q4" or label == "Target: at least 1% by Q4 2021"
    assert level[:8].tolist() == [1.0] * 8
    assert np.isnan(level[8:]).all()
    assert targets.lines_on(view, "use", 16, w) == []  # true use is another figure than the reported one
    assert targets.lines_on(replace(view, targets=NO_TARGETS), "use_full_process", 16, w) == []
    twice = replace(view, own_targets=targets_in("use:true:least:0.2:2021Q4,use:true:least:0.5:2022Q4"))
    ((_, steps),) = targets.lines_on(twice, "use", 16, w)
    assert steps[[0, 7, 8, 11]].tolist() == [20.0, 20.0, 50.0, 50.0]
    twin = curve_twin("", [("use", np.zeros(16), np.zeros((2, 16)))], w, [("wanted", steps)])
    assert [row[-1] for row in twin.rows[7:9]] == [20.0, 50.0]
    assert twin.rows[-1][-1] is None


def test_the_address_carries_horizon_targets_and_ones_own(view):
    start = replace(first_view(), to="2035Q4", targets="plan-2022", own_targets=targets_in(OWN), page="targets")
    path, _, query = address_of(start).partition("?")
    again, problem = view_of(path, query)
    assert problem == ""
    assert (again.to, again.targets, again.own_targets) == (start.to, start.targets, start.own_targets)
    assert "own_targets" not in address_of(first_view())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("to=2140Q4", "2140Q4"),
        ("targets=decision-94", "did you mean"),
        ("own_targets=use:true:least:0.5", "own_targets"),
        ("own_targets=usage:true:least:0.5:2030Q4", "usage"),
        ("own_targets=use:true:least:much:2030Q4", "much"),
        ("own_targets=" + ",".join(f"use:true:least:0.5:20{year}Q4" for year in range(20, 40)), str(MOST_TARGETS)),
    ],
)
def test_a_broken_address_is_answered_in_a_sentence(query, told):
    found, problem = view_of("/targets", query)
    assert told in problem
    assert (found.to, found.targets, found.own_targets) == ("2040Q4", "decision-942", ())


def test_the_file_of_ones_own_targets_is_read_as_it_was_made(view, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(toml_of(view.own_targets), encoding="utf-8")
    assert tomllib.loads(file.read_text(encoding="utf-8")) == content_of(view.own_targets)
    rows = in_a_shell("dgsim targets mine.toml history --replications 2 --to 2022Q4", tmp_path)
    assert [row["target"] for row in rows] == [*(one.name for one in view.own_targets), "all"]
    assert set_of(view).targets == view.own_targets


def test_the_same_target_again_takes_the_place_of_the_first(view):
    more = with_target(view, "use", "reported", "least", 0.02, "2021Q4")
    assert [one.wanted for one in more.own_targets] == [2000.0, 0.02]
    with pytest.raises(DgsimError):
        with_target(view, "use", "reported", "least", 2.0, "2021Q4")


@pytest.mark.parametrize("language", LANGUAGES)
def test_worth_comes_by_itself_and_its_questions_once_they_are_asked(make, view, language):
    made = make("worth", replace(view, language=language))
    until(lambda: bool(made.all("cards.vue")), "no accounts came")
    cards = sent(made.one("cards.vue"), "cards")
    assert [card["name"] for card in cards] == ["centre", "provinces", "citizens", "firms", "total"]
    until(lambda: made.one("cards.vue").stamp.endswith(f"-{FIRST + 1}"), "the accounts were not refined")
    made.picks("by").vue_changed({"name": "by", "value": "year"})
    until(
        lambda: len(sent(made.all("choices.vue")[0], "table")["rows"]) == 4 + 2, "the accounts were not split by year"
    )
    made.picks("to").vue_changed({"name": "to", "value": "2030Q4"})
    assert made.session.view.to == "2030Q4"
    made.picks("to").vue_changed({"name": "to", "value": "2199Q4"})
    assert made.session.view.to == "2030Q4"
    studies = [p for p in made.all("picks.vue") if sent(p, "picks")[0]["name"] == "study"]
    assert [sent(p, "picks")[0]["label"] for p in studies] == [
        words(language)("worth.items_button"),
        words(language)("worth.risk_button"),
    ]
    assert "{" not in texts(made)


def test_a_policy_against_itself_has_nothing_to_appraise(make, view):
    made = make("worth", replace(view, baseline=view.policy))
    assert words("en")("compare.same_policy") in texts(made)
    assert not made.all("cards.vue")


def test_an_appraisal_that_is_no_longer_wanted_ends(view):
    left = threading.Event()

    def progress(done: int, expected: int) -> None:
        left.set()

    question = replace(accounts_question(view), replications=40)
    with pytest.raises(Stopped):
        Studies().answer(question, progress, left.is_set)
    assert left.is_set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_are_chosen_made_removed_and_saved(make, view, language):
    made = make("targets", replace(view, language=language, own_targets=(), targets=NO_TARGETS))
    assert not made.all("cards.vue")
    editor = made.picks("indicator")
    for name, value in (("indicator", "supply"), ("way", "least"), ("amount", "30%"), ("by", "2021Q4")):
        made.picks("indicator").vue_changed({"name": name, "value": value})
    editor.vue_changed({"name": "add", "value": True})
    (target,) = made.session.view.own_targets
    assert (target.indicator, target.wanted, target.at_most) == ("supply", 0.3, False)
    assert made.session.view.targets == OWN_TARGETS
    until(lambda: bool(made.all("cards.vue")), "no chances came")
    assert outcome_label("supply", words(language)) in sent(made.one("cards.vue"), "cards")[0]["label"]
    made.picks("save").vue_changed({"name": "save", "value": True})
    assert made.session.file.value["text"] == toml_of([target])
    made.picks("indicator").vue_changed({"name": "amount", "value": "lots"})
    made.picks("indicator").vue_changed({"name": "add", "value": True})
    assert "lots" in made.session.problem.value
    assert made.session.view.own_targets == (target,)
    made.picks(target.name).vue_changed({"name": target.name, "value": True})
    assert made.session.view.own_targets == ()
    made.picks("targets").vue_changed({"name": "targets", "value": "plan-2024"})
    until(lambda: bool(made.all("cards.vue")), "no chances came of the shipped targets")
    made.picks("targets").vue_changed({"name": "targets", "value": "../etc"})
    assert made.session.view.targets == "plan-2024"
    assert "{" not in texts(made)
