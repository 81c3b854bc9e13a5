"""Sampled worlds, by hand: who is ahead, how often, and which assumption turns it round."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from country_by_hand import approx
from dgsim.errors import StudyError
from dgsim.sweeps import worlds
from dgsim.world.tables import PARAMETERS

QUARTERS = ("2020Q1", "2020Q2", "2020Q3")


def swept(uncertain=("hours_factor",)):
    """Two scenarios in two worlds, two replications, three quarters; the value is 100 point + 10 replication + last."""
    points = pd.DataFrame(
        {"scenario": ["b", "a", "b", "a"], "hours_factor": [1.2, 1.2, 0.8, 0.8], "inertia": [1.0] * 4}
    )
    rows = [
        {"point": point, "replication": r, "quarter": quarter, "use": 100.0 * point + 10 * r + last}
        for point in range(4)
        for r in range(2)
        for last, quarter in enumerate(QUARTERS)
    ]
    return SimpleNamespace(
        points=points,
        wide=pd.DataFrame(rows),
        when=QUARTERS,
        names=("use",),
        manifest={"design": {"uncertain": list(uncertain)}},
    )


def test_a_row_is_a_world_and_a_column_a_policy():
    table = worlds.by_world(swept(), "use")
    assert table["b"].tolist() == [7.0, 207.0]
    assert table["a"].tolist() == [107.0, 307.0]
    assert worlds.by_world(swept(), "use", "2020Q1")["b"].tolist() == [5.0, 205.0]
    assert worlds.by_world(swept(()), "use")["b"].tolist() == [107.0], "one world where nothing is uncertain"
    assert (list(table.columns), list(table.index)) == (["b", "a"], [0, 1]), "in the order of the sweep"


def test_a_world_in_which_a_policy_has_no_run_is_left_out():
    result = swept()
    result.wide = result.wide[result.wide["point"] != 3]
    assert worlds.by_world(result, "use")["b"].tolist() == [7.0]


def test_the_worlds_have_their_values():
    assert worlds.worlds(swept())["hours_factor"].tolist() == [1.2, 0.8]
    assert list(worlds.worlds(swept(("hours_factor", "inertia"))).columns) == ["hours_factor", "inertia"]


@pytest.mark.parametrize(
    ("outcome", "quarter", "policy"),
    [("nonsense", None, ("scenario",)), ("trust", None, ("scenario",)), ("use", "2030Q4", ("scenario",)),
     ("use", None, ("headcount",))],
)  # fmt: skip
def test_what_is_not_in_the_sweep_is_told(outcome, quarter, policy):
    with pytest.raises(StudyError):
        worlds.by_world(swept(), outcome, quarter, policy)


def test_less_is_better_of_some_outcomes():
    table = pd.DataFrame({"a": [2.0]})
    assert worlds.better_by(table, "use")["a"].tolist() == [2.0]
    assert worlds.better_by(table, "incidents")["a"].tolist() == [-2.0]


BETTER = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [0.0, 3.0, 3.0, 1.0], "c": [-1.0] * 4})


def test_who_beats_whom_in_which_share_of_worlds():
    table = worlds.beats(BETTER)
    assert table.loc["a", "b"] == 0.5, "equal is not ahead"
    assert table.loc["b", "a"] == 0.25
    assert table.loc["a", "c"] == 1.0
    assert np.isnan(table.loc["b", "b"])


def test_who_is_best_how_often_with_wilsons_interval():
    table = worlds.best_shares(BETTER)
    assert table["share"].tolist() == [0.75, 0.25, 0.0]
    assert table.index.tolist() == ["a", "b", "c"]
    z, p, n = norm.ppf(0.975), 0.75, 4
    centre, half = (p + z**2 / 2 / n), z * np.sqrt(p * (1 - p) / n + z**2 / 4 / n**2)
    ends = [(centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)]
    assert table.loc["a", ["low", "high"]].tolist() == approx(ends)


def test_an_assumption_that_decides_is_found_by_the_ends_of_its_range():
    values = pd.DataFrame(
        {
            "inertia": [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0],
            "hours_factor": np.arange(10.0),
            "leakage": 0.05,
        },
        index=range(100, 110),
    )
    won = pd.Series([False] * 5 + [True] * 5, index=values.index)
    table = worlds.flips(values, won)
    assert table.index.tolist() == [0, 1]
    table = table.set_index("parameter")
    assert table.index.tolist() == ["hours_factor", "inertia"], (
        "the largest difference first; what does not vary is left out"
    )
    assert table.loc["inertia", ["low", "high", "difference"]].tolist() == approx([1 / 3, 1.0, 2 / 3])
    assert worlds.flips(-values, won)["difference"].tolist() == approx([-1.0, -1 / 3]), "either way"
    factor = table.loc["hours_factor"]
    assert (factor["low"], factor["high"], factor["difference"]) == (0.0, 1.0, 1.0), "thirds of three worlds each"
    assert (factor["label"], factor["theme"]) == (PARAMETERS["hours_factor"].label, "citizens")
    assert (factor["low_least"], factor["low_most"]) == approx(worlds.share_of(0, 3)[1:])
    assert (factor["high_least"], factor["high_most"]) == approx(worlds.share_of(3, 3)[1:])


def clear(worlds_in_a_third, won_low, won_high, parameters=1):
    size = worlds_in_a_third
    names = [p.name for p in PARAMETERS.uncertain][:parameters]
    values = pd.DataFrame({name: np.arange(3.0 * size) for name in names})
    won = np.zeros(3 * size, bool)
    won[:won_low], won[3 * size - won_high :] = True, True
    return worlds.flips(values, pd.Series(won))["clear"].tolist()[0]


def test_a_difference_is_clear_if_luck_would_rarely_make_it():
    """Two shares of 40: 20 less 10 are 2.31 pooled standard errors, 19 less 10 are 2.09; 1.96 would be clear."""
    z = 0.25 / np.sqrt(0.375 * 0.625 * 2 / 40)
    assert norm.isf(0.025) < z < norm.isf(0.025 / 3)
    assert clear(40, 10, 20)
    assert clear(40, 10, 19)
    assert not clear(40, 10, 19, parameters=2)
    assert clear(40, 20, 10), "either way"
    assert not clear(40, 10, 20, parameters=3), "the largest of three is more often large by chance"
    assert not clear(40, 10, 18)
    assert not clear(1, 0, 1), "1 less 0 of one world each is 1.41 standard errors"
    assert not clear(40, 40, 40), "all are won"


def test_few_worlds_have_thirds_of_one():
    values = pd.DataFrame({"hours_factor": [1.0, 2.0]})
    row = worlds.flips(values, pd.Series([False, True])).iloc[0]
    assert (row["low"], row["high"]) == (0.0, 1.0)
