"""Designs: what a file may say, what it is answered, and the points it makes."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgsim.cli.main import main
from dgsim.engine.setup import make_setup, varied_setup
from dgsim.errors import DesignError
from dgsim.scenario import load_scenario
from dgsim.sweeps.design_file import load_design
from dgsim.sweeps.points import Points
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS
from small_sweep import DESIGN, land
from strategies import DATED, parameter_values

EXPERIMENTS = Path(__file__).parents[1] / "experiments"
SHIPPED = [file for file in sorted(EXPERIMENTS.glob("*.toml")) if "\nscenarios = " in file.read_text(encoding="utf-8")]
RANGES = {parameter.name: (parameter.low, parameter.high) for parameter in PARAMETERS}


def design(**keys: Any) -> Any:
    return load_design({"scenarios": ["history", "staged"], **keys})


def points_of(**keys: Any) -> list[dict[str, Any]]:
    made = design(**keys)
    return [Points(made).at(number).values for number in range(made.points)]


# What a file may say


def test_a_design_that_says_little_keeps_all_outcomes_of_the_last_quarter_of_one_run():
    little = design()
    assert (little.points, little.runs, little.seed) == (2, 2, 0)
    assert little.outcomes == OUTCOME_NAMES
    assert little.quarters == (43,)
    assert little.keep == ()


def test_quarters_and_outcomes_are_kept_in_the_order_of_time_and_of_the_table():
    some = design(quarters=["2030Q4", "2021Q1"], outcomes=["trust", "supply"])
    assert some.quarters == (4, 43)
    assert some.outcomes == ("supply", "trust")
    assert design(quarters="all", horizon={"stop_after": 8}).quarters == tuple(range(8))


def test_uncertainties_have_the_ranges_of_the_table_unless_the_design_narrows_them():
    made = design(uncertain=["hours_factor", "care"], ranges={"care": {"high": 10}}, sample={"points": 2})
    ranges = {axis.name: (axis.low, axis.high) for axis in made.sampled}
    assert ranges == {"care": (RANGES["care"][0], 10.0), "hours_factor": RANGES["hours_factor"]}


def test_a_theme_stands_for_all_its_uncertainties():
    made = design(uncertain=["peers", "care"], sample={"points": 2})
    expected = {p.name for p in PARAMETERS.uncertain if p.theme == "peers"} | {"care"}
    assert {axis.name for axis in made.sampled} == expected


def test_all_stands_for_every_uncertainty():
    made = design(uncertain="all", sample={"points": 2})
    assert [axis.parameter for axis in made.sampled] == [*PARAMETERS.uncertain]


def test_a_scenario_beside_the_design_is_found_before_a_shipped_one(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "staged"\n[citizens]\nfee_cut = 0.5\n', encoding="utf-8")
    (tmp_path / "x.toml").write_text('scenarios = ["mine", "history"]\n', encoding="utf-8")
    made = load_design(tmp_path / "x.toml")
    assert [scenario.name for scenario in made.scenarios] == ["mine", "history"]
    assert made.scenarios[0].lever("fee_cut") == 0.5
    assert made.name == "x"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_designs_that_are_shipped_are_sound(file):
    made = load_design(file)
    assert made.question.endswith("?")
    assert 1_000 <= made.runs <= 100_000


# ruff: noqa: E501
WRONG = {
    "replicatons = 3": "x.toml: replicatons is not a known key; did you mean replications? [line 2]",
    "replications = 0": "x.toml: replications = 0 is outside 1..100000000 (runs a point) [line 2]",
    "replications = 2.5": "replications = 2.5 is not a whole number",
    "seed = -1": "seed = -1 is outside 0..",
    'outcomes = ["supplies"]': 'outcomes names "supplies", which is none; did you mean supply? [line 2]',
    'keep = ["choices"]': 'keep names "choices", which is none; there are provinces, ledger',
    'quarters = ["2031Q1"]': "quarters names 2031Q1, and the runs end in 2030Q4",
    'quarters = "last"': 'quarters = "last" is neither a list of quarters nor "all"',
    'quarters = ["2025-4"]': 'did you mean "2025Q4"?',
    'uncertain = ["hours_facter"]': 'uncertain names "hours_facter", which is none; did you mean hours_factor?',
    'uncertain = ["fee_cut"]': 'uncertain names "fee_cut", which is none: it is a lever, which stands in the table [levers]',
    'uncertain = ["open_door"]': "it is a constant of the model, which no design varies",
    'uncertain = ["care"]': "sample.points is missing: say how many points to sample, such as points = 256",
    "levers = 3": "levers = 3 is not a table",
    "[levers]\nmaching_rate = [0, 1]": "levers.maching_rate is not a lever; did you mean matching_rate? [line 3]",
    "[levers]\ncare = [10, 12]": "levers.care is not a lever: it is an assumption, which is named in the list uncertain",
    "[levers]\nmatching_rate = [0, 3]": "levers.matching_rate = 3 is outside 0..1 (share of cost) [line 3]",
    "[levers]\nmatching_rate = 0.5": "levers.matching_rate = 0.5 is neither a list of values nor a range",
    "[levers]\nmatching_rate = []": "levers.matching_rate = [] is neither a list of values nor a range",
    "[levers]\nmatching_rate = [0.5, 0.5]": "levers.matching_rate = [0.5, 0.5] has a value twice",
    "[levers]\nmatching_rate = { low = 0, high = 1 }": "levers.matching_rate is a range, of which a grid needs steps",
    "[levers]\nmatching_rate = { low = 0, hihg = 1 }": "levers.matching_rate.hihg is not a known key; did you mean high?",
    "[levers]\nmatching_rate = { low = 1, high = 0.5, steps = 2 }": "is a range from 1 to 0.5, which holds nothing",
    "[levers]\nmatching_rate = { steps = 1 }": "levers.matching_rate.steps = 1 is outside 2..",
    "[levers]\nawards_metric = { steps = 2 }": "levers.awards_metric has no range of numbers: write a list of values",
    '[levers]\nawards_metric = ["used"]': "levers.awards_metric = \"used\" is not one of supply, use, reported_index",
    '[levers]\nmandate_deadline = ["nevr"]': 'is not a quarter such as "2021Q4", nor "never"',
    "[ranges]\ncare = [10, 12]": "ranges.care is not among what this design varies: name it in uncertain too",
    "[sample]\npoints = 8": "sample.points = 8, but nothing is sampled",
    'uncertain = ["care"]\n[sample]\npoints = 100': "sample.points = 100 is not a power of two, as sobol needs: write 64 or 128",
    'uncertain = ["care"]\n[sample]\npoints = 8\nmethod = "sobel"': 'is not one of sobol, latin_hypercube, factorial; did you mean sobol?',
    'uncertain = ["care"]\n[sample]\nmethod = "factorial"': "ranges.care is a range, of which a grid needs steps",
    'uncertain = ["care"]\n[sample]\npoints = 8\nsteps = 3': "sample.steps is for the method factorial, and this one is sobol",
    "[horizon]\nstop_after = 50": "quarters = 50 is beyond the horizon of history",
    "[horizon]\nquarters = 8": "horizon.quarters is not a known key",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text.replace("\n", " ")[:40])
def test_a_mistake_is_one_sentence_and_exit_code_2(text, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text(f'scenarios = ["history"]\n{text}\n', encoding="utf-8")
    code = main(["sweep", "x.toml", "--out", "out"])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert WRONG[text] in err
    assert err.startswith("x.toml: ")
    assert err.count("\n") == 1
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("scenarios", "sentence"),
    [
        ('["histroy"]', 'scenarios = "histroy" names no scenario; did you mean history? [line 1]'),
        ("[]", "scenarios is not a list of names"),
        ("3", "scenarios is not a list of names"),
        ('["../history"]', "leads outside the folder"),
        ('["history", "history"]', "two scenarios are called history: give one another name"),
        ('["history", "short"]', "history has 44 quarters and short has 8: run them over horizon.stop_after = 8"),
    ],
)
def test_scenarios_are_checked(scenarios, sentence, tmp_path):
    (tmp_path / "short.toml").write_text("[horizon]\nquarters = 8\n", encoding="utf-8")
    (tmp_path / "x.toml").write_text(f"scenarios = {scenarios}\n", encoding="utf-8")
    with pytest.raises(DesignError) as told:
        load_design(tmp_path / "x.toml")
    assert sentence in str(told.value)


def test_a_file_that_is_none_is_told(tmp_path):
    (tmp_path / "right.toml").write_text("scenarios = [", encoding="utf-8")
    for name, sentence in [
        ("rihgt.toml", "there is no such file; did you mean right.toml?"),
        ("right.txt", "a design is a .toml file"),
        ("right.toml", "is not valid TOML"),
    ]:
        with pytest.raises(DesignError, match=sentence):
            load_design(tmp_path / name)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text('scenarios = ["history"]\nseed = -1\n[levers]\nfee_cut = [2]\nx = [1]\n', encoding="utf-8")
    with pytest.raises(DesignError) as told:
        load_design(file)
    assert [line[-8:] for line in str(told.value).splitlines()] == ["[line 2]", "[line 4]", "[line 5]"]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"levers": {"mandate_deadline": ["2021Q4", "never"], "league_table": [True, False]}},
        {"uncertain": ["peers"], "sample": {"points": 8}, "quarters": ["2020Q3", "2030Q4"], "keep": ["ledger"]},
        {"uncertain": ["care"], "levers": {"fee_cut": {}}, "sample": {"points": 5, "method": "latin_hypercube", "levers": "joint"}},
        {"uncertain": ["care", "hours_factor"], "levers": {"fee_cut": [0.1]}, "sample": {"method": "factorial", "steps": 3}},
        {"uncertain": ["care"], "ranges": {"care": [10, 12]}, "sample": {"points": 2}},
    ],
    ids=["bare", "levers", "sobol", "joint", "factorial", "list"],
)  # fmt: skip
def test_the_record_of_a_design_loads_back_equal(keys):
    made = design(**keys)
    assert load_design({**made.record(), "scenarios": list(made.scenarios)}) == made


# The points it makes


def test_a_grid_crosses_everything():
    found = points_of(levers={"fee_cut": [0.0, 0.6], "credibility": {"low": 0.2, "high": 0.8, "steps": 3}})
    expected = [{"fee_cut": cut, "credibility": c} for cut, c in product([0.0, 0.6], [0.2, 0.5, 0.8])]
    assert found == expected * 2


def test_crossed_levers_meet_the_same_sample():
    keys = {"uncertain": ["care", "hours_factor"], "sample": {"points": 8}}
    found = points_of(levers={"fee_cut": [0.0, 0.6]}, **keys)
    sample = points_of(**keys)[:8]
    assert found == [{"fee_cut": cut, **point} for cut in (0.0, 0.6) for point in sample] * 2


def test_joint_levers_are_sampled_with_the_uncertainties():
    sample = {"points": 64, "levers": "joint"}
    found = points_of(levers={"fee_cut": {}, "awards_metric": ["supply", "use"]}, uncertain=["care"], sample=sample)
    assert len(found) == 128
    assert len({point["fee_cut"] for point in found}) == 64
    assert [point["awards_metric"] for point in found].count("use") == 64


@pytest.mark.parametrize("method", ["sobol", "latin_hypercube"])
def test_a_sample_is_spread_evenly_over_every_range(method):
    count, names = 64, ["care", "hours_factor", "leakage"]
    found = points_of(uncertain=names, sample={"points": count, "method": method})[:count]
    for name in names:
        low, high = RANGES[name]
        strata = sorted(int((point[name] - low) / (high - low) * count) for point in found)
        assert strata == list(range(count)), name


def test_a_factorial_sample_has_the_ends_of_every_range():
    found = points_of(uncertain=["hours_factor", "care"], sample={"method": "factorial", "steps": 2})
    assert found[:4] == [{"care": c, "hours_factor": h} for c, h in product(RANGES["care"], RANGES["hours_factor"])]


def test_the_sample_is_the_same_every_time_and_another_with_another_seed():
    keys: dict[str, Any] = {"uncertain": ["care"], "sample": {"points": 8}}
    assert points_of(seed=1, **keys) == points_of(seed=1, **keys) != points_of(seed=2, **keys)


def test_the_table_of_points_says_what_the_points_say():
    made = load_design({**DESIGN, "levers": {"mandate_deadline": ["2020Q4", "never"], "league_table": [True, False]}})
    points = Points(made)
    table = points.table(0, made.points).to_pylist()
    assert len(table) == made.points
    for number in (0, 3, made.points - 1):
        _, scenario, values = points.at(number)
        written = values | {"mandate_deadline": {3: "2020Q4", -1: "never"}[values["mandate_deadline"]]}
        assert table[number] == {"point": number, "scenario": made.scenarios[scenario].name, **written}
    assert points.table(3, 5).to_pylist() == table[3:5]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_varied_setup_is_the_setup_of_the_changed_scenario(data):
    chosen = data.draw(st.lists(st.sampled_from([*PARAMETERS.settable]), min_size=1, max_size=6, unique=True))
    is_varied_as_changed(**{p.name: data.draw(parameter_values(p)) for p in chosen})


@pytest.mark.parametrize(
    "values",
    [
        {"digital_share": 0.03},
        {"running_share": 0.11},
        {"digital_share": 0.0, "running_share": 0.2},
        {"border": 0.0, "twinning": 0.7},
        {"budget_rule": "medium_term", "mandate_deadline": "never", "league_table": False, "care": 7.5},
    ],
    ids=lambda values: " ".join(values),
)
def test_a_varied_setup_follows_what_provinces_and_peers_are_made_of(values):
    is_varied_as_changed(**values)


def is_varied_as_changed(**given_values):
    plan = load_scenario("staged").with_changes(quarters=6)
    changed = plan.with_changes(**given_values)
    levers = set(PARAMETERS.levers.names)
    values = {name: changed.lever(name) if name in levers else changed.assumptions[name] for name in given_values}
    varied = varied_setup(make_setup(plan, land()), land(), values)
    anew = make_setup(changed, land())
    for one, other in zip(arrays(varied), arrays(anew), strict=True):
        assert one.flags.writeable == other.flags.writeable
        for name in one.dtype.names or [...]:
            assert one[name].tobytes() == other[name].tobytes()


def arrays(setup) -> list[np.ndarray]:
    return [setup.provinces, setup.roadmap, setup.policies, *setup.tables, *setup.peers]


def test_a_lever_that_changes_at_a_date_is_varied_for_the_whole_run():
    dated = {"name": "dated", "change": [{"from": "2020Q3", "citizens": {"fee_cut": 0.5}}], "horizon": {"quarters": 6}}
    plan = load_scenario(dated)
    assert "fee_cut" in {parameter.name for parameter in DATED}
    varied = varied_setup(make_setup(plan, land()), land(), {"fee_cut": 0.1})
    assert set(varied.policies["fee_cut"]) == {0.1}
