"""The sequential rule keeps its error rate, on made-up draws and on the model; its verdicts are right."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import dgsim
from dgsim.cli.main import main
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.sequential import ERROR, LOSE, OPEN, SAME, WIN, half_width, look
from dgsim.study.stopping import smallest_effect

TRIALS = 600


def verdicts(draw, smallest, most=800, step=10):
    """The first verdict other than open of each trial, looking every few draws."""
    luck = np.random.default_rng(7)
    found = []
    for _ in range(TRIALS):
        values = draw(luck, most)
        looks = (look(values[:count], smallest) for count in range(20, most + 1, step))
        found.append(next((one.verdict for one in looks if one.verdict != OPEN), OPEN))
    return np.array(found)


def at_most(wrong, rate):
    """Whether so many wrong verdicts are plausible at this rate of error (one-sided, 1 in 1000)."""
    return stats.binom.sf(wrong - 1, TRIALS, rate) > 1e-3


@pytest.mark.parametrize(
    "draw",
    [
        lambda luck, count: luck.normal(0, 1, count),
        lambda luck, count: luck.uniform(-1, 1, count),
        lambda luck, count: luck.standard_t(4, count),
    ],
    ids=["normal", "uniform", "heavy tails"],
)
def test_no_difference_is_rarely_called_one_however_often_one_looks(draw):
    found = verdicts(draw, smallest=1e-9)
    assert at_most((found != OPEN).sum(), ERROR)


def test_looking_as_often_with_a_fixed_interval_would_err_far_more():
    """The test above can fail: Student's interval, looked at as often, is wrong in far more than 5%."""
    values = np.random.default_rng(7).normal(0, 1, (TRIALS, 800))
    looks = np.arange(20, 801, 40)
    means = values.cumsum(axis=1)[:, looks - 1] / looks
    spreads = np.sqrt(((values**2).cumsum(axis=1)[:, looks - 1] - looks * means**2) / (looks - 1) / looks)
    wrong = (np.abs(means / spreads) > stats.t.ppf(0.975, looks - 1)).any(axis=1).sum()
    assert not at_most(wrong, ERROR)


def test_a_difference_of_the_smallest_size_is_rarely_called_immaterial():
    found = verdicts(lambda luck, count: luck.normal(0.25, 1, count), smallest=0.25)
    assert at_most((found == SAME).sum() + (found == LOSE).sum(), ERROR)
    assert (found == WIN).mean() > 0.9


def test_a_clear_difference_is_found_and_its_sign_follows_the_direction():
    luck = np.random.default_rng(1)
    values = luck.normal(1.0, 0.5, 100)
    assert [look(values, 0.1, direction).verdict for direction in (1, -1)] == [WIN, LOSE]


def test_a_difference_that_does_not_vary_is_settled_at_once():
    assert look(np.zeros(20), 0.005).verdict == SAME
    assert half_width(20, 0.0) == 0.0


def test_the_interval_narrows_as_runs_are_added_and_is_wider_than_students():
    widths = [half_width(count, 1.0) for count in (20, 50, 200, 1000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] > stats.t.ppf(0.975, 199) / np.sqrt(200)


def test_two_identical_scenarios_are_not_materially_different():
    twin = load_scenario("staged").with_changes(name="twin")
    found = dgsim.compare(["staged", twin], quarters=6, until_clear="0.5pp", parameters="central", max_runs=60)
    assert list(found.verdicts["verdict"]) == [SAME]
    assert found.replications == 20


def test_the_model_itself_with_unpaired_luck_is_rarely_called_different():
    """The same scenario against itself on other luck: no difference in truth, though every run differs."""
    runs = dgsim.simulate("staged", 800, seed=5, quarters=6, parameters="central").array[:, -1, 1]
    luck = np.random.default_rng(2)
    wrong = 0
    for _ in range(200):
        order = luck.permutation(800)
        paired = runs[order[:400]] - runs[order[400:]]
        wrong += any(look(paired[:count], 1e-9).verdict != OPEN for count in range(20, 401, 20))
    assert stats.binom.sf(wrong - 1, 200, ERROR) > 1e-3


def test_what_differs_clearly_is_settled_before_the_most_runs():
    found = dgsim.compare(
        ["staged", "no-peers", "services-first"],
        quarters=12,
        until_clear=1.0,
        outcome="central_spend",
        max_runs=200,
        parameters="central",
    )
    verdict = found.verdicts.set_index("scenario")
    assert verdict.loc["services-first", "verdict"] in (WIN, LOSE)
    assert verdict.loc["services-first", "runs"] < 200


def test_verdicts_are_printed_and_kept_in_the_folder(tmp_path, capsys):
    words = ["compare", "no-peers", "--baseline", "staged", "--quarters", "4", "--parameters", "central"]
    words += ["--until-clear", "5pp", "--max-runs", "40", "--format", "json", "--out", str(tmp_path / "made")]
    assert main(words) == 0
    record = json.loads(capsys.readouterr().out)[0]
    keys = ["scenario", "baseline", "outcome", "verdict", "difference", "low", "high", "runs", "smallest", "unit"]
    assert list(record) == keys
    assert [record["verdict"], record["runs"]] == [SAME, 20]
    kept = pd.read_csv(tmp_path / "made" / "verdicts.csv")
    near = {key: value if isinstance(value, str) else pytest.approx(value, rel=1e-9) for key, value in record.items()}
    assert kept.to_dict("records") == [near]


@pytest.mark.parametrize(
    ("given", "outcome", "sentence"),
    [
        ("0.5pp", "net_benefit", "is a share, and this is in bvnd"),
        ("x", "use", "is no amount"),
        (-1, "use", "outside 0% to 100%"),
        (0.0, "use", "no size above 0"),
        (1, "usee", "did you mean use"),
    ],
)
def test_a_wrong_smallest_effect_is_answered_in_a_sentence(given, outcome, sentence):
    with pytest.raises(StudyError, match=sentence):
        smallest_effect(given, outcome)
