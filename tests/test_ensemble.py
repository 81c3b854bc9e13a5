"""Sets of uncertain parameters: which replication uses which, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import dgsim
from dgsim.cli.main import main
from dgsim.country import load_country, synthetic_country
from dgsim.engine.run import run_replications
from dgsim.engine.sets import load_parameters
from dgsim.errors import StudyError
from dgsim.mesa_model import DigitalGovernment
from dgsim.scenario import load_scenario, quarter_text
from dgsim.world.tables import OUTCOME_NAMES

COUNTRY, LAND = load_country(), synthetic_country(6, seed=1)
SHORT = load_scenario("history").with_changes(quarters=8)
SETS = load_parameters([{"inertia": 1.0, "trust_base": 0.7}, {"inertia": 3.0, "trust_base": 0.8}])


def outcomes(parameters, replications=range(3), scenario=SHORT):
    return run_replications(scenario, COUNTRY, seed=5, replications=replications, parameters=parameters).outcomes


def test_central_is_every_parameter_at_its_default():
    assert outcomes(load_parameters("central")).tobytes() == outcomes(None).tobytes()


def test_the_packaged_table_names_uncertain_parameters_within_their_ranges():
    plausible = load_parameters("plausible")
    assert len(plausible) >= 30
    assert len(plausible.names) >= 10
    spreads = {name: np.std([values[name] for values in plausible]) for name in plausible.names}
    assert min(spreads.values()) > 0.0, spreads


def test_replications_go_through_the_sets_and_begin_again():
    both = outcomes(SETS, range(3))
    for replication in range(3):
        alone = SHORT.with_changes(**SETS.values(replication))
        expected = outcomes(None, [replication], alone)[0]
        assert both[replication].tobytes() == expected.tobytes(), replication


def test_a_sweep_over_two_sets_equals_simulate(tmp_path):
    """To the byte, at every point: a lever, an assumption that the sets have too, and one a scenario makes itself."""
    design = {
        "name": "two-sets",
        "scenarios": ["history", "staged"],
        "uncertain": ["trust_base"],
        "ranges": {"trust_base": [0.72, 0.84]},
        "levers": {"matching_rate": [0.0, 0.5]},
        "sample": {"method": "factorial"},
        "replications": 5,
        "seed": 3,
        "horizon": {"stop_after": 6},
        "quarters": [quarter_text(quarter) for quarter in range(6)],
    }
    file = tmp_path / "sets.csv"
    file.write_text("inertia,trust_base,leakage\n1.0,0.7,0.05\n3.0,0.8,0.1\n", encoding="utf-8")
    result = dgsim.sweep({**design, "parameters": str(file)}, tmp_path / "sweep", country=LAND)
    stored = result.wide.sort_values(["point", "replication", "quarter"])
    for number, point in result.points.iterrows():
        values = point.drop(["point", "scenario"]).to_dict()
        plan = load_scenario(str(point["scenario"])).with_changes(**values)
        alone = dgsim.simulate(plan, 5, seed=3, quarters=6, country=LAND, parameters=str(file))
        swept = stored.loc[stored["point"] == number, list(OUTCOME_NAMES)].to_numpy()
        assert swept.tobytes() == alone.array.reshape(30, -1).tobytes(), f"point {number}: {values}"


def test_what_a_scenario_assumes_itself_wins():
    own = SHORT.with_changes(inertia=2.0)
    got = outcomes(SETS, [1], own)
    assert got.tobytes() == outcomes(None, [1], SHORT.with_changes(inertia=2.0, trust_base=0.8)).tobytes()


@pytest.mark.parametrize("replication", [0, 1])
def test_the_mesa_driver_gives_the_same_bytes(replication):
    model = DigitalGovernment(SHORT, rng=5, country=COUNTRY, replication=replication, parameters=SETS)
    model.run_model()
    table = model.datacollector.get_model_vars_dataframe()
    assert table.to_numpy().tobytes() == outcomes(SETS, [replication])[0].tobytes()


def test_a_comparison_pairs_the_same_sets():
    result = dgsim.compare(["history", "staged"], replications=3, quarters=6, parameters=SETS)
    alone = dgsim.compare(
        ["history", "staged"], replications=1, quarters=6, parameters="central", assumptions=SETS.values(0)
    )
    for mine, theirs in zip(result.simulations, alone.simulations, strict=True):
        assert mine.array[0].tobytes() == theirs.array[0].tobytes()
    table = result.differences
    assert (table["band_low"] <= table["band_high"]).all()
    assert table["above"].between(0, 1).all()


def test_a_file_of_sets_is_read_and_recorded(tmp_path, capsys):
    file = tmp_path / "sets.csv"
    file.write_text("inertia,trust_base\n1.0,0.7\n3.0,0.8\n", encoding="utf-8")
    assert load_parameters(file).sets == SETS.sets
    out = tmp_path / "results"
    given = ["run", "history", "--quarters", "4", "--replications", "2", "--parameters", str(file), "--out", str(out)]
    assert main([*given, "--quiet"]) == 0
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))["parameters"]
    assert record == load_parameters(file).record()
    assert record["sets"] == 2
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("inertio\n1\n", "'inertio' is no uncertain parameter; did you mean inertia?"),
        ("digital_share\n0.01\n", "'digital_share' is no uncertain parameter"),
        ("inertia,inertia\n1,2\n", "inertia is named twice"),
        ("inertia\n99\n", "inertia = 99 is outside 0..6 (utility) [line 2]"),
        ("inertia\nmuch\n", "inertia = much is not a number [line 2]"),
        ("inertia\nnan\n", "inertia = nan is not a finite number; allowed is 0..6 (utility) [line 2]"),
        ("inertia,thrift\n1\n", "line 2 has 1 values and 2 are named"),
        ("inertia\n", "holds no set of parameters"),
        ("", "holds no set of parameters"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(tmp_path, capsys, text, sentence):
    file = tmp_path / "sets.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["compare", "history", "staged", "--quarters", "1", "--parameters", str(file)]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert str(file) in told
    assert len(told.strip().splitlines()) == 1


def test_a_name_that_is_neither_is_told_with_the_nearest():
    with pytest.raises(StudyError, match="did you mean plausible"):
        load_parameters("plausable")
