"""Sets of parameters, by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest

from country_by_hand import COUNTRY
from dgsim.engine.sets import Ensemble, ParameterSets, load_parameters, set_number
from dgsim.errors import StudyError
from dgsim.scenario import load_scenario

SETS = [{"hours_factor": 0.8, "inertia": 2.0}, {"hours_factor": 1.2, "inertia": 3.0}]


def test_replication_r_uses_set_r_modulo_their_number():
    assert [set_number(r, 3) for r in range(7)] == [0, 1, 2, 0, 1, 2, 0]
    sets = load_parameters(SETS)
    assert [sets.values(r)["hours_factor"] for r in range(4)] == [0.8, 1.2, 0.8, 1.2]
    assert len(sets) == 2
    assert sets[1]["inertia"] == 3.0
    assert sets.names == ("hours_factor", "inertia")
    assert repr(sets) == "<Ensemble 'given in Python': 2 sets of 2 parameters>"


def test_the_packaged_sets_are_read_once_and_whoever_changes_them_changes_a_copy(monkeypatch):
    first = load_parameters()
    value = first[0]["hours_factor"]
    monkeypatch.setattr("dgsim.engine.sets._read", lambda file: pytest.fail(f"{file} is read again"))
    first[0]["hours_factor"] = value + 1.0
    assert load_parameters()[0]["hours_factor"] == value


def test_a_record_holds_a_hash_of_all_values():
    text = repr([sorted(values.items()) for values in SETS])
    assert load_parameters(SETS).record() == {
        "name": "given in Python",
        "sets": 2,
        "sha256": sha256(text.encode()).hexdigest(),
    }


def assumption(setup, name):
    return float(setup.tables[0][name][0])


def test_a_setup_is_made_once_a_set_and_holds_its_values():
    made = ParameterSets(load_scenario("staged"), COUNTRY, load_parameters(SETS))
    assert [assumption(made.of(r), "hours_factor") for r in range(4)] == [0.8, 1.2, 0.8, 1.2]
    assert made.of(2) is made.of(0)
    assert sorted(made.made) == [0, 1]


def test_what_a_scenario_assumes_wins_over_sets_and_given_values_over_both():
    scenario = load_scenario("staged").with_changes(hours_factor=1.5)
    assert assumption(ParameterSets(scenario, COUNTRY, SETS).of(0), "hours_factor") == 1.5
    assert assumption(ParameterSets(scenario, COUNTRY, SETS).of(1), "inertia") == 3.0
    assert assumption(ParameterSets(scenario, COUNTRY, SETS, values={"hours_factor": 0.6}).of(0), "hours_factor") == 0.6


def test_without_sets_the_setup_is_that_of_the_scenario_and_a_change_has_the_last_word():
    scenario = load_scenario("staged")
    plain = ParameterSets(scenario, COUNTRY)
    assert plain.of(5) is plain.base
    assert ParameterSets(scenario, COUNTRY, base=plain.base).of(0) is plain.base
    assert ParameterSets(scenario, COUNTRY, change=lambda setup: (setup, "changed")).of(3)[1] == "changed"


def test_the_named_ensembles():
    assert load_parameters("central").sets == ({},)
    plausible = load_parameters("plausible")
    assert plausible.name == "plausible"
    assert load_parameters(plausible) is plausible
    assert isinstance(plausible, Ensemble)
    assert len(plausible) >= 20


def read(tmp_path, text):
    file = tmp_path / "sets.csv"
    file.write_text(text, encoding="utf-8")
    return load_parameters(str(file))


def test_a_file_has_a_row_a_set(tmp_path):
    sets = read(tmp_path, "hours_factor,inertia\n0.8,2\n\n1.2,3\n")
    assert sets.sets == tuple(SETS)
    assert sets.name == str(tmp_path / "sets.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no set"),
        ("hours_factor\n", "no set"),
        ("hours_factor,hours_factor\n1,1\n", "named twice"),
        ("hour_factor\n1\n", "did you mean hours_factor"),
        ("hours_factor,inertia\n1,2\n0.9\n", "line 3 has 1 values and 2 are named"),
        ("hours_factor\n1\n9\n", r"hours_factor = 9 is outside .* \[line 3\]"),
        ("hours_factor\nmuch\n", r"is not a number \[line 2\]"),
        ("headcount\n50\n", "no uncertain parameter"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path, text, said):
    with pytest.raises(StudyError, match=said):
        read(tmp_path, text)


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "sets.csv").write_bytes(b"hours_factor\n\xff\xfe")
    with pytest.raises(StudyError, match="cannot be read"):
        load_parameters(str(tmp_path / "sets.csv"))


def test_sets_given_in_python_are_checked_too():
    with pytest.raises(StudyError, match=r"\[line 2\]"):
        load_parameters([{"hours_factor": 1.0}, {"hours_factor": -1.0}])
    with pytest.raises(StudyError, match="same parameters"):
        load_parameters([{"hours_factor": 1.0}, {"inertia": 2.0}])
    with pytest.raises(StudyError, match="did you mean plausible"):
        load_parameters("plausibel")
