"""Who is left behind: ranks and chances by hand, moves of levers, and what the command says."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

import dgsim
from dgsim.cli.main import main
from dgsim.country import synthetic_country
from dgsim.decide.behind import ratio, standings
from dgsim.decide.binding import binding
from dgsim.decide.moves import moved, moves, steps
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario
from dgsim.study.chance import chance
from dgsim.texts import LANGUAGES, words
from dgsim.world.tables import PARAMETERS

FEW = {"worst": 4, "replications": 6, "quarters": 16}


@pytest.fixture(scope="module")
def found():
    return dgsim.behind("staged", **FEW)


def test_chances_and_ranks_are_those_worked_by_hand():
    """Three provinces, four runs: the first is last in three of them, the second in one, the third never."""
    land = synthetic_country(3, 1)
    values = np.array([[0.1, 0.2, 0.9], [0.1, 0.3, 0.9], [0.1, 0.2, 0.8], [0.3, 0.2, 0.9]])
    table = standings(land, values, 1, 1).set_index("province_code").loc[list(land.codes)]
    assert table["chance"].tolist() == [0.75, 0.25, 0.0]
    assert table["rank"].tolist() == [1.25, 1.75, 3.0]
    assert table["behind"].tolist() == [True, False, False]
    low, high = chance(np.array([True, True, True, False]))[1:]
    assert table.iloc[0][["chance_low", "chance_high"]].tolist() == [low, high]
    turned = standings(land, values, -1, 1).set_index("province_code").loc[list(land.codes)]
    assert turned["behind"].tolist() == [False, False, True], "where less is better, the one with most is last"


def test_chances_to_be_among_the_last_sum_to_how_many_are_last():
    table = standings(synthetic_country(12, 1), np.random.default_rng(0).random((50, 12)), 1, 4)
    assert table["chance"].sum() == pytest.approx(4)
    assert table["rank"].mean() == pytest.approx(6.5)
    assert (table["chance_low"] < table["chance"]).all()
    assert table["chance"].is_monotonic_decreasing


def test_provinces_that_are_alike_share_a_rank_and_none_is_last_alone():
    table = standings(synthetic_country(3, 1), np.full((2, 3), 0.5), 1, 1)
    assert table["rank"].tolist() == [2.0, 2.0, 2.0]
    assert table["chance"].tolist() == [0.0, 0.0, 0.0]


def test_means_are_those_of_simulate(found):
    runs = dgsim.simulate("staged", 6, parameters="plausible", quarters=16, provinces=True).provinces
    last = runs[runs["quarter"] == "2023Q4"].groupby("province_code", observed=True)["use"].mean()
    known = found.standings.set_index("province_code")["mean"]
    assert known.to_numpy() == pytest.approx(last.loc[known.index].to_numpy(), rel=1e-12)


def test_reasons_are_those_of_binding(found):
    """The five constraints that both try gain the same; habits, peers and leaders are tried besides."""
    other = binding("staged", replications=6, quarters=16).gains
    both = found.gains.merge(other, on=["province_code", "constraint"], suffixes=("", "_there"))
    assert len(both) == 4 * 5
    assert both["gain"].to_numpy() == pytest.approx(both["gain_there"].to_numpy(), abs=1e-15)
    assert {"habits", "peers", "leaders"} < set(found.gains["constraint"])


def test_gain_and_cost_of_a_lever_are_those_of_compare(found):
    """By runs of the plan with this lever moved, on the same luck."""
    plan = load_scenario("staged").with_changes(quarters=16)
    other = moved(plan, "community_groups", 200.0)
    assert other.lever("community_groups") == plan.lever("community_groups") + 200.0
    table = dgsim.compare([plan, other], replications=6).differences
    last = table[table["quarter"] == "2023Q4"].set_index("outcome")["difference"]
    row = found.levers.set_index("lever").loc["community_groups"]
    assert row["cost"] == pytest.approx(last["central_spend"] + last["provincial_spend"], rel=1e-9)
    assert row["planned"] == pytest.approx(200.0 * 4)


def test_the_gain_of_those_left_behind_is_the_mean_of_theirs(found):
    means = found.by_province.groupby("lever")["gain"].mean()
    levers = found.levers.set_index("lever")
    assert levers["gain"].to_numpy() == pytest.approx(means.loc[levers.index].to_numpy(), abs=1e-15)
    assert (levers["cost_per_point"].notna() == levers["clear"]).all()
    clear = levers[levers["clear"]]
    assert len(clear)
    expected = clear["cost"] / (100 * clear["gain"])
    assert clear["cost_per_point"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def test_an_interval_of_a_ratio_widens_with_its_parts():
    draws = np.random.default_rng(0)
    below = 2.0 + 0.1 * draws.normal(size=400)
    whole, low, high = ratio(3.0 * below + draws.normal(size=400), below)
    assert low < 3.0 < high
    assert whole == pytest.approx(3.0, abs=0.1)
    narrow = ratio(3.0 * below + 0.1 * draws.normal(size=400), below)
    assert narrow[2] - narrow[1] < 0.2 * (high - low)
    assert high - low == pytest.approx(2 * 1.966 / (2.0 * math.sqrt(400)), rel=0.15), "by the delta method"


@pytest.mark.parametrize("move", moves())
def test_every_move_changes_every_shipped_plan_or_stands_at_the_end_of_its_range(move):
    for name in ("base", "staged", "services-first"):
        plan = load_scenario(name)
        other = moved(plan, move, 100.0)
        same = other.digest() == plan.digest()
        assert not same or (move == "earlier" and name == "base"), "base builds no foundations"


def test_a_move_that_would_leave_the_range_of_a_lever_stops_at_its_end():
    plan = moved(load_scenario("staged"), "equalisation", 1e6)
    assert plan.lever("equalisation") == PARAMETERS["equalisation"].high


def test_a_moved_plan_is_a_plan_that_can_be_written_and_read_again(tmp_path):
    for move in moves():
        plan = moved(load_scenario("staged"), move, 100.0)
        file = tmp_path / f"{move}.toml"
        file.write_text(plan.to_toml(), encoding="utf-8")
        assert load_scenario(file).digest() == plan.digest()


def test_levers_of_the_table_are_levers():
    assert all(step.name in PARAMETERS.levers.names for step in steps() if step.part == "lever")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_tells_who_why_and_what_helps_with_the_quarter_of_its_money(language, capsys, tmp_path):
    how = ["--worst", "3", "--replications", "2", "--quarters", "6", "--language", language]
    assert main(["behind", "staged", *how, "--out", str(tmp_path / "out")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    w = words(language)
    assert w("behind.note", policy="staged", quarter="2021Q2", count="2", seed="0", sets="", money="200")[-40:] in told
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"levers.csv", "standings.csv", "figure-behind.png", "figure-levers.svg", "run.json"} <= files


def test_json_has_provinces_levers_and_gains(capsys):
    how = ["--worst", "3", "--replications", "2", "--quarters", "6", "--format", "json", "--quiet"]
    assert main(["behind", "staged", *how]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"results", "levers", "gains", "by_province"}
    assert len(told["results"]) == 3
    assert {"chance", "chance_low", "chance_high", "rank_low", "rank_high", "binds"} <= set(told["results"][0])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"worst": 0}, "worst = 0 is below 1"),
        ({"worst": 63}, "worst = 63 is above 62"),
        ({"money": 0.0}, "money = 0.0 is no amount above 0"),
        ({"money": math.inf}, "money = inf is no amount above 0"),
        ({"by": "0%"}, "by = 0% relaxes nothing"),
        ({"stock": "usee"}, "did you mean use?"),
        ({"quarter": "2050Q1"}, "beyond the horizon"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(options, sentence):
    with pytest.raises(StudyError) as error:
        dgsim.behind("staged", **{"replications": 2, "quarters": 4, **options})
    assert sentence in str(error.value)


def test_the_same_runs_make_the_same_tables(found):
    again = dgsim.behind("staged", **FEW)
    pd.testing.assert_frame_equal(again.levers, found.levers)
    pd.testing.assert_frame_equal(again.standings, found.standings)
