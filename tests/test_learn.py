"""Lessons: every claim is run against the model, every challenge can be met and is not met at its start."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dgsim.cli.main import main
from dgsim.country import load_country
from dgsim.errors import LessonError
from dgsim.learn import find_lesson, load_lesson, load_lessons
from dgsim.learn.answers import answered, read_guess
from dgsim.learn.loading import FOLDER
from dgsim.learn.running import (
    check_challenge,
    check_choice,
    check_claim,
    forbidden_changes,
    members,
    run_cases,
    score_guess,
)
from dgsim.scenario import difference, load_scenario
from dgsim.study.simulate import simulate
from dgsim.world.tables import OUTCOME_NAMES

LESSONS = load_lessons("en")
KEYS = [lesson.key for lesson in LESSONS]
SOLUTIONS = Path(__file__).parent / "lessons"
RUNS = 24
SETS = 64  # plausible sets of parameters, a run each


@pytest.fixture(scope="module")
def results():
    return {lesson.key: run_cases(lesson, RUNS) for lesson in LESSONS}


def by_key(key):
    return LESSONS[KEYS.index(key)]


def texts(lesson):
    yield from (lesson.title, lesson.question, lesson.reveal, lesson.explain)
    yield from (case.label for case in lesson.cases)
    yield from (choice.text for choice in lesson.guess.choices)
    yield from (claim.text for claim in lesson.claims)
    yield from (lesson.challenge.title, lesson.challenge.text)
    yield from (condition.text for condition in lesson.challenge.conditions)


def test_a_lesson_stands_in_a_file_of_its_order_and_key_and_has_a_solution():
    files = {file.stem for file in FOLDER.glob("*.toml")}
    assert {f"{lesson.order}-{lesson.key}" for lesson in LESSONS} == files, f"call a file of {FOLDER} ORDER-KEY.toml"
    assert [lesson.order for lesson in LESSONS] == list(range(1, len(LESSONS) + 1)), "give each lesson its own order"
    unsolved = [key for key in KEYS if not (SOLUTIONS / f"{key}.toml").is_file()]
    assert unsolved == [], f"tests/lessons: add KEY.toml, a scenario that meets the challenge, for {unsolved}"


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_in_both_languages(key):
    english, vietnamese = list(texts(by_key(key))), list(texts(find_lesson(key, "vi")))
    assert len(english) == len(vietnamese)
    for here, there in zip(english, vietnamese, strict=True):
        assert here.isascii(), here
        assert not there.isascii(), there
        assert "{" not in here + there


@pytest.mark.parametrize("key", KEYS)
def test_what_a_lesson_claims_the_model_shows(key, results):
    for claim in by_key(key).claims:
        found = check_claim(claim, results[key])
        assert found.holds, f"{claim.text}: {found.difference} ({found.low} to {found.high}), margin {claim.margin}"


@pytest.mark.parametrize("key", KEYS)
def test_a_claim_does_not_hang_on_the_central_parameters(key):
    lesson = by_key(key)
    found = run_cases(lesson, SETS, seed=1, parameters="plausible")
    for claim in [check_claim(claim, found) for claim in lesson.claims]:
        assert claim.holds, f"{claim.claim.text}: {claim.difference} ({claim.low} to {claim.high})"


def test_a_claim_that_is_turned_around_does_not_hold(results):
    for lesson in LESSONS:
        for claim in (claim for claim in lesson.claims if claim.less is not None and claim.margin >= 0):
            turned = replace(claim, more=claim.less, less=claim.more)
            assert not check_claim(turned, results[lesson.key]).holds


def test_awards_are_compared_at_the_same_audits():
    cases = {case.name: case.scenario for case in by_key("what-you-measure").cases}
    changed = [change.name for change in difference(cases["supply"], cases["use"])]
    assert changed == ["awards_metric", "league_metric"]
    for less, more in (("supply", "audited"), ("use", "use-audited")):
        assert [change.name for change in difference(cases[less], cases[more])] == ["audit_share"]


@pytest.mark.parametrize("key", [lesson.key for lesson in LESSONS if lesson.guess.kind == "choice"])
def test_one_answer_is_right(key, results):
    choices = range(len(by_key(key).guess.choices))
    assert [check_choice(by_key(key), index, results[key]) for index in choices].count(True) == 1


@pytest.mark.parametrize("key", KEYS)
def test_a_challenge_is_met_by_its_solution_and_not_at_its_start(key):
    challenge = by_key(key).challenge
    solved = simulate(SOLUTIONS / f"{key}.toml", RUNS)
    begun = simulate(challenge.start, RUNS)
    assert all(met for _, met, _ in check_challenge(challenge, solved.scenario, solved.array))
    assert not all(met for _, met, _ in check_challenge(challenge, begun.scenario, begun.array))
    assert forbidden_changes(challenge, solved.scenario) == []


def test_what_a_challenge_leaves_alone_may_not_be_changed():
    challenge = by_key("trust-is-slow").challenge
    tried = {"name": "tried", "extends": ["security-neglected"]}
    allowed = load_scenario({**tried, "data": {"security_share": 0.05}})
    assert forbidden_changes(challenge, allowed) == []
    levers = load_scenario({**tried, "measurement": {"audit_share": 0.5}})
    assert [change.name for change in forbidden_changes(challenge, levers)] == ["audit_share"]
    shorter = load_scenario({**tried, "horizon": {"quarters": 40}})
    assert [change.theme for change in forbidden_changes(challenge, shorter)] == ["horizon"]
    other = load_scenario({**tried, "roadmap": [{"item": "training", "remove": True}]})
    assert [change.name for change in forbidden_changes(challenge, other)] == ["training"]


def test_a_curve_is_scored_by_its_distance(results):
    lesson = by_key("order-at-equal-money")
    index = OUTCOME_NAMES.index(lesson.outcome)
    curve = results[lesson.key]["services"].outcomes[:, list(lesson.guess.quarters), index].mean(axis=0)
    assert score_guess(lesson, curve, results[lesson.key]) == (0.0, "close")
    distance, word = score_guess(lesson, curve + 0.5, results[lesson.key])
    assert distance == pytest.approx(0.5)
    assert word == "far"
    text = answered(lesson, [50 + 100 * float(value) for value in curve], results[lesson.key]).text
    assert text == "Far off: 50.0 points away on average."


def test_the_rich_and_the_poor_fifth_are_other_provinces():
    country = load_country()
    rich, poor = members("rich", country), members("poor", country)
    assert rich.sum() == poor.sum() == 13
    assert not (rich & poor).any()
    assert members("everyone", country).all()
    income = np.asarray(country.column("revenue_retained_2020_bvnd") / country.column("population_2019"))
    assert income[rich].min() > income[poor].max()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('scenario = "staged"', 'scenario = "stagd"', "did you mean staged"),
        ('kind = "curve"', 'kind = "curv"', "guess.kind"),
        ('more = "staged"', 'more = "stage"', "is not a case of the lesson"),
        ('outcome = "trust"', 'outcome = "trst"', "outcome = "),
        ('quarter = "2030Q4"', 'quarter = "2099Q4"', "2099Q4"),
        ('outcome = "trust"', 'outcome = "specialists"', "curve needs an outcome from 0 to 1"),
        ("at_least = 0.91", "at_leest = 0.91", "at_least"),
        ('vi = "Niềm tin đến chậm"', "", "title.vi is missing"),
    ],
)
def test_a_mistake_in_a_lesson_is_one_sentence(tmp_path, old, new, sentence):
    text = (FOLDER / "6-trust-is-slow.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "lesson.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LessonError, match=sentence) as caught:
        load_lesson(file)
    assert "lesson.toml" in str(caught.value)


def test_a_guess_that_is_none_is_refused():
    with pytest.raises(LessonError, match="1 to 3"):
        read_guess(find_lesson("skills-leak"), "4")
    with pytest.raises(LessonError, match="asks for 6"):
        read_guess(find_lesson("trust-is-slow"), "1,2")
    with pytest.raises(LessonError, match="guess = nan is not a number from 0 to 1"):
        read_guess(find_lesson("trust-is-slow"), "0,0,0,nan,0,0")
    with pytest.raises(LessonError, match="guess = 101 is not a number from 0 to 100"):
        read_guess(find_lesson("order-at-equal-money"), "0,0,0,0,0,101")
    with pytest.raises(LessonError, match="replications = 1 is not"):
        run_cases(by_key("skills-leak"), 1)
    with pytest.raises(LessonError, match="did you mean skills-leak"):
        find_lesson("skill-leak")


def test_the_command_lists_reveals_and_checks(capsys):
    assert main(["learn"]) == 0
    listed = capsys.readouterr().out
    assert all(key in listed for key in KEYS)
    assert main(["learn", "skills-leak", "--guess", "3", "--replications", "4", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["right"] is True
    assert all(claim["holds"] for claim in told["claims"])
    solution = str(SOLUTIONS / "skills-leak.toml")
    assert main(["learn", "skills-leak", "--check", solution, "--replications", "4"]) == 0
    assert main(["learn", "skills-leak", "--check", "no-skills-programme", "--replications", "4"]) == 1
    assert "✗" in capsys.readouterr().out
    assert main(["learn", "skills-leak", "--guess", "9"]) == 2
    assert main(["learn", "skills-leak", "--check", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err


def test_a_challenge_is_not_won_with_what_it_leaves_alone(capsys):
    how = ["--replications", "4", "--format", "json"]
    assert main(["learn", "technology-without-reform", "--check", "training-and-retention", *how]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["not_allowed"]
    assert not told["won"]


def test_a_guess_is_asked_for_until_it_can_be_read():
    from click.testing import CliRunner

    from dgsim.cli.main import app

    asked = CliRunner().invoke(app, ["learn", "skills-leak", "--replications", "4"], input="many\n9\n3\n")
    assert asked.exit_code == 0
    assert "guess = 'many' is not a number" in asked.output
    assert "1 to 3" in asked.output
    assert "Right." in asked.output


@pytest.mark.parametrize(
    ("key", "guess", "told"),
    [
        ("order-at-equal-money", "5,10,20,30,40,50", ["points away on average.", " points)", " bvnd)"]),
        ("skills-leak", "2", [" points)", " full-time equivalents)"]),
    ],
)
def test_what_is_told_of_a_lesson_has_units_and_no_powers_of_ten(capsys, key, guess, told):
    assert main(["learn", key, "--guess", guess, "--replications", "2"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert [sentence for sentence in told if sentence not in out] == []
    assert not re.search(r"\de[+-]\d", out)


def test_the_prompt_says_in_which_unit_and_the_end_of_input_is_no_interruption(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["learn", "order-at-equal-money"]) == 2
    out, err = capsys.readouterr()
    assert out.endswith("A value for each of these quarters, with commas between them, in % of dossiers: \n")
    assert err == "The input ended before there was a guess: type one, or give it with --guess.\n"
