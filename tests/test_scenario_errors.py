"""Every mistake in a scenario is a sentence: file, key, value, unit, what is allowed, nearest name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgsim.errors import ScenarioError
from dgsim.scenario import load_scenario, quarter_index, quarter_text
from dgsim.world.tables import ITEMS, PARAMETERS
from strategies import scenario_files

ITEM = '[[roadmap]]\nitem = "{}"\nstart = "2020Q1"\nquarters = 4\ncost_bvnd = 1\n'
ASSUMPTION = PARAMETERS.uncertain[0]
CONSTANT = PARAMETERS.constants[0]
ONLY_ASSUMED_THEME = next(
    p.theme for p in PARAMETERS.uncertain if p.theme not in {lever.theme for lever in PARAMETERS.levers}
)
ITEMS_TEXT = ", ".join(ITEMS.names)


@pytest.fixture
def complaint(tmp_path, monkeypatch):
    """What is said about x.toml; other files go by their names."""
    monkeypatch.chdir(tmp_path)

    def complain(x: str, **others: str) -> str:
        for name, text in {"x": x, **others}.items():
            Path(f"{name}.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as error:
            load_scenario("x.toml")
        return str(error.value)

    return complain


VALUES = {
    "too high": (
        "[incentives]\nmatching_rate = 3",
        "incentives.matching_rate = 3 is outside 0..1 (share of cost) [line 2]",
    ),
    "too low": (
        "incentives.matching_rate = -0.1",
        "incentives.matching_rate = -0.1 is outside 0..1 (share of cost) [line 1]",
    ),
    "not a number (nan)": (
        "[incentives]\nmatching_rate = nan",
        "incentives.matching_rate = nan is not a finite number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "infinite": (
        "[incentives]\nmatching_rate = -inf",
        "incentives.matching_rate = -inf is not a finite number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "text for a number": (
        '[incentives]\nmatching_rate = "half"',
        'incentives.matching_rate = "half" is not a number; allowed is 0..1 (share of cost) [line 2]',
    ),
    "flag for a number": (
        "[incentives]\nmatching_rate = true",
        "incentives.matching_rate = true is not a number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "list for a number": (
        "[incentives]\nmatching_rate = [0.5]",
        "incentives.matching_rate = [0.5] is not a number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "date for a number": (
        "[incentives]\nmatching_rate = 2021-01-01",
        "incentives.matching_rate = 2021-01-01 is not a number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "table for a number": (
        "[incentives]\nmatching_rate.a = 1",
        "incentives.matching_rate is not a number; allowed is 0..1 (share of cost) [line 2]",
    ),
    "number for a flag": (
        "[measurement]\nleague_table = 1",
        "measurement.league_table = 1 is not true or false [line 2]",
    ),
    "unknown choice": (
        '[incentives]\nmatching_scope = "redesgin"',
        'incentives.matching_scope = "redesgin" is not one of all, redesign; did you mean redesign? [line 2]',
    ),
    "number for a choice": (
        "[incentives]\nmatching_scope = 1",
        "incentives.matching_scope = 1 is not one of all, redesign [line 2]",
    ),
    "bad quarter": (
        '[mandate]\nmandate_deadline = "2021-4"',
        'mandate.mandate_deadline = "2021-4" is not a quarter such as "2021Q4", nor "never"; '
        'did you mean "2021Q4"? [line 2]',
    ),
    "number for a quarter": (
        "[mandate]\nmandate_deadline = 7",
        'mandate.mandate_deadline = 7 is not a quarter such as "2021Q4", nor "never" [line 2]',
    ),
    "quarter before the start": (
        '[mandate]\nmandate_deadline = "2019Q4"',
        'mandate.mandate_deadline = "2019Q4" is before the start of every run, 2020Q1 [line 2]',
    ),
    "no quarters": ("[horizon]\nquarters = 0", "horizon.quarters = 0 is outside 1..400 (quarters) [line 2]"),
    "endless": (
        "[horizon]\nquarters = 9999",
        "horizon.quarters = 9999 is outside 1..400 (quarters) [line 2]",
    ),
    "float for a count": (
        "[horizon]\nquarters = 8.0",
        "horizon.quarters = 8.0 is not a whole number; allowed is 1..400 (quarters) [line 2]",
    ),
    "flag for a count": (
        "[horizon]\nquarters = true",
        "horizon.quarters = true is not a whole number; allowed is 1..400 (quarters) [line 2]",
    ),
    "stop beyond the horizon": (
        "[horizon]\nquarters = 8\nstop_after = 9",
        "horizon.stop_after = 9 is outside 1..8 (quarters) [line 3]",
    ),
    "name": ('name = "a/b"', 'name = "a/b" is not a name (one line of text without / or \\) [line 1]'),
    "question": ('question = "a\\nb"', 'question = "a\\nb" is not one line of text [line 1]'),
}


@pytest.mark.parametrize(("text", "sentence"), VALUES.values(), ids=VALUES)
def test_a_wrong_value(complaint, text, sentence):
    assert complaint(text) == f"x.toml: {sentence}"


@pytest.mark.parametrize("parameter", [*PARAMETERS.settable], ids=lambda parameter: parameter.name)
def test_every_range_of_the_table_is_held(parameter):
    theme = "assumptions" if parameter.role == "uncertain" else parameter.theme
    wrong = 2 * parameter.high + 1 if parameter.type in ("float", "int") else 0.5
    with pytest.raises(ScenarioError) as error:
        load_scenario({"name": "a", theme: {parameter.name: wrong}})
    sentence = str(error.value)
    assert sentence.startswith(f"scenario given in Python: {theme}.{parameter.name} = ")
    if parameter.type in ("float", "int"):
        unit = "" if parameter.unit == f"{parameter.low:.15g}..{parameter.high:.15g}" else parameter.unit
        assert f"{parameter.low:.15g}..{parameter.high:.15g}" in sentence
        assert unit in sentence


UNKNOWN = {
    "key of a theme": (
        "[incentives]\nmaching_rate = 1",
        "incentives.maching_rate is not a known key; did you mean matching_rate? [line 2]",
    ),
    "key of another theme": (
        "[mandate]\nfee_cut = 1",
        "mandate.fee_cut is not a known key; did you mean citizens.fee_cut? [line 2]",
    ),
    "nearly a key of another theme": (
        "[mandate]\nfeecut = 1",
        "mandate.feecut is not a known key; did you mean citizens.fee_cut? [line 2]",
    ),
    "lever without a theme": (
        "matching_rate = 1",
        "matching_rate is not a known key; did you mean incentives.matching_rate? [line 1]",
    ),
    "table": ("[incentivs]", "incentivs is not a known table; did you mean incentives? [line 1]"),
    "strange table": ("[zzz]", "zzz is not a known table [line 1]"),
    "nested table": (
        "[incentives.extra]\na = 1",
        "incentives.extra is not a known key [line 1]",
    ),
    "constant": (
        f"[assumptions]\n{CONSTANT.name} = 1",
        f"assumptions.{CONSTANT.name} is not a known key: it is a constant of the model, "
        "which no scenario sets [line 2]",
    ),
    "assumption in a theme": (
        f"[incentives]\n{ASSUMPTION.name} = 1",
        f"incentives.{ASSUMPTION.name} is not a known key; it is an assumption: "
        f"did you mean assumptions.{ASSUMPTION.name}? [line 2]",
    ),
    "theme of assumptions": (
        f"[{ONLY_ASSUMED_THEME}]",
        f"{ONLY_ASSUMED_THEME} is not a known table: what it names are assumptions, "
        "written under [assumptions] without a theme [line 1]",
    ),
    "lever among the assumptions": (
        "[assumptions]\nfee_cut = 1",
        "assumptions.fee_cut is not a known key; did you mean citizens.fee_cut? [line 2]",
    ),
    "key of the horizon": (
        "[horizon]\nquaters = 8",
        "horizon.quaters is not a known key; did you mean quarters? [line 2]",
    ),
    "value for a table": ("incentives = 3", "incentives = 3 is not a table [line 1]"),
    "table for a list": (
        "[roadmap]\nitem = 1",
        "roadmap = a table is not a list of tables; write [[roadmap]] [line 1]",
    ),
    "value for an item": ("roadmap = [3]", "roadmap[1] = 3 is not a table [line 1]"),
}


@pytest.mark.parametrize(("text", "sentence"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_key(complaint, text, sentence):
    assert complaint(text) == f"x.toml: {sentence}"


ROADMAP = {
    "unknown item": (
        ITEM.format("digitl_id"),
        f'roadmap.digitl_id.item = "digitl_id" is not one of {ITEMS_TEXT}; did you mean digital_id? [line 2]',
    ),
    "negative cost": (
        ITEM.format("payments").replace("cost_bvnd = 1", "cost_bvnd = -1"),
        "roadmap.payments.cost_bvnd = -1 is outside 0..1000000 (bvnd) [line 5]",
    ),
    "no time": (
        ITEM.format("payments").replace("quarters = 4", "quarters = 0"),
        "roadmap.payments.quarters = 0 is outside 1..400 (quarters) [line 4]",
    ),
    "never": (
        ITEM.format("payments").replace("2020Q1", "never"),
        'roadmap.payments.start = "never" is not a quarter such as "2021Q4" [line 3]',
    ),
    "beyond the horizon": (
        "horizon.quarters = 8\n" + ITEM.format("payments").replace("2020Q1", "2022Q1"),
        'roadmap.payments.start = "2022Q1" is outside the horizon 2020Q1..2021Q4 (8 quarters) [line 4]',
    ),
    "missing": (
        '[[roadmap]]\nitem = "payments"\nquarters = 4',
        "roadmap.payments lacks start, cost_bvnd [line 1]",
    ),
    "nothing at all": ("[[roadmap]]", "roadmap[1] lacks item, start, quarters, cost_bvnd [line 1]"),
    "unknown key": (
        ITEM.format("payments") + "cost = 3",
        "roadmap.payments.cost is not a known key; did you mean cost_bvnd? [line 6]",
    ),
    "same name twice": (
        ITEM.format("payments") + ITEM.format("payments"),
        "roadmap.payments is set twice [line 6]",
    ),
    "bad name": (
        ITEM.format("payments") + 'name = "a b"',
        'roadmap.a b.name = "a b" is not a name (letters, digits, _ and -) [line 6]',
    ),
    "after is text": (
        ITEM.format("payments") + 'after = "security"',
        'roadmap.payments.after = "security" is not a list of names [line 6]',
    ),
    "after twice": (
        ITEM.format("security") + ITEM.format("payments") + 'after = ["security", "security"]',
        'roadmap.payments.after = ["security", "security"] names security twice [line 11]',
    ),
    "after nothing": (
        ITEM.format("security") + ITEM.format("payments") + 'after = ["securty"]',
        'roadmap.payments.after = "securty" names no item of the roadmap; did you mean security? [line 11]',
    ),
    "after itself": (
        ITEM.format("payments") + 'after = ["payments"]',
        "roadmap.payments.after goes in a circle: payments waits for payments [line 6]",
    ),
    "a circle": (
        ITEM.format("payments") + 'after = ["security"]\n' + ITEM.format("security") + 'after = ["payments"]',
        "roadmap.payments.after goes in a circle: payments waits for security waits for payments [line 6]",
    ),
    "removed with more": (
        ITEM.format("payments") + "remove = true",
        "roadmap.payments removes an item, so it holds its name, remove = true and nothing else [line 1]",
    ),
    "removed from nothing": (
        '[[roadmap]]\nname = "payments"\nremove = true',
        "roadmap.payments is removed, but no layer has it [line 1]",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), ROADMAP.values(), ids=ROADMAP)
def test_a_wrong_roadmap(complaint, text, sentence):
    assert complaint(text) == f"x.toml: {sentence}"


CHANGES = {
    "out of range": (
        '[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 3',
        "change from 2023Q1, citizens.fee_cut = 3 is outside 0..1 (share of the fee) [line 3]",
    ),
    "unknown": (
        '[[change]]\nfrom = "2023Q1"\ncitizens.fee_cup = 1',
        "change from 2023Q1, citizens.fee_cup is not a known key; did you mean fee_cut? [line 3]",
    ),
    "unknown theme": (
        '[[change]]\nfrom = "2023Q1"\ncitzens.fee_cut = 1',
        "change from 2023Q1, citzens is not a known key; did you mean citizens? [line 3]",
    ),
    "not a dated lever": (
        '[[change]]\nfrom = "2023Q1"\npeers.border = 1',
        "change from 2023Q1, peers.border = 1 cannot change at a date: set it in its own table, "
        "for the whole run [line 3]",
    ),
    "no date": (
        "[[change]]\ncitizens.fee_cut = 1",
        'change[1] lacks its date, such as from = "2023Q1" [line 1]',
    ),
    "no lever": ('[[change]]\nfrom = "2023Q1"', "change from 2023Q1 changes no lever [line 1]"),
    "empty theme": (
        '[[change]]\nfrom = "2023Q1"\n[change.citizens]',
        "change from 2023Q1 changes no lever [line 1]",
    ),
    "bad date": (
        '[[change]]\nfrom = "2023"\ncitizens.fee_cut = 1',
        'change[1].from = "2023" is not a quarter such as "2021Q4" [line 2]',
    ),
    "before the horizon": (
        '[[change]]\nfrom = "2019Q4"\ncitizens.fee_cut = 1',
        'change[1].from = "2019Q4" is before the start of every run, 2020Q1 [line 2]',
    ),
    "beyond the horizon": (
        '[[change]]\nfrom = "2031Q1"\ncitizens.fee_cut = 1',
        'change[1].from = "2031Q1" is outside the horizon 2020Q1..2030Q4 (44 quarters) [line 2]',
    ),
    "same key at the same date": (
        '[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 1\n'
        '[[change]]\nfrom = "2023Q1"\ncitizens.feedback = 1\ncitizens.fee_cut = 1',
        "citizens.fee_cut from 2023Q1 is set twice [line 7]",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_wrong_change(complaint, text, sentence):
    assert complaint(text) == f"x.toml: {sentence}"


class TestLayers:
    def test_a_circle(self, complaint):
        said = complaint('\nextends = ["a"]', a='extends = "b"', b='extends = ["x"]')
        assert said == "b.toml: extends goes in a circle: x extends a extends b extends x [line 1]"

    def test_itself(self, complaint):
        assert complaint('extends = "x"') == "x.toml: extends goes in a circle: x extends x [line 1]"

    @pytest.mark.parametrize("path", ["../a", "folder/a", "a\\\\b", "..", ".hidden", "C:a", "/a"])
    def test_outside_the_folder(self, complaint, path):
        assert complaint(f'extends = "{path}"', a="") == (
            f'x.toml: extends = "{path}" leads outside the folder: write the name of a scenario, '
            "without a path [line 1]"
        )

    def test_not_there(self, complaint):
        assert complaint('extends = ["a", "bse"]', a='name = "a"', base="") == (
            'x.toml: extends = "bse" names no scenario; did you mean base? [line 1]'
        )

    def test_with_its_ending(self, complaint):
        assert complaint('extends = "base.toml"', base="") == (
            'x.toml: extends = "base.toml" names no scenario; did you mean base? [line 1]'
        )

    def test_twice(self, complaint):
        assert complaint('extends = ["a", "a"]', a="") == 'x.toml: extends = ["a", "a"] names a twice [line 1]'

    @pytest.mark.parametrize("value", ["3", "[3]", "true"])
    def test_not_a_name(self, complaint, value):
        said = complaint(f"extends = {value}")
        assert said == f"x.toml: extends = {value} is not the name of a scenario, nor a list of names [line 1]"

    @pytest.mark.parametrize("other", ["0.5", "0.7"])
    def test_unrelated_layers_set_one_key_even_to_one_value(self, complaint, other):
        said = complaint(
            '\nextends = ["a", "b"]',
            a="[incentives]\nmatching_rate = 0.5  # a's",
            b=f"incentives.matching_rate = {other}",
        )
        assert said == (
            "x.toml: layers a and b both set incentives.matching_rate and neither extends the other: "
            f"a.toml:2: matching_rate = 0.5  # a's and b.toml:1: incentives.matching_rate = {other}; "
            "set it in x.toml itself, or extend only one [line 2]"
        )

    def test_one_layer_sets_a_lever_and_another_its_change(self, complaint):
        said = complaint(
            'extends = ["a", "b"]',
            a="citizens.fee_cut = 0.5",
            b='[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 0.6',
        )
        assert "layers b and a both set citizens.fee_cut from 2023Q1" in said
        assert "b.toml:3: citizens.fee_cut = 0.6 and a.toml:1: citizens.fee_cut = 0.5" in said

    def test_unrelated_layers_plan_one_item(self, complaint):
        said = complaint('extends = ["a", "b"]', a=ITEM.format("payments"), b=ITEM.format("payments"))
        assert "layers a and b both set roadmap.payments" in said
        assert "a.toml:1: [[roadmap]] and b.toml:1: [[roadmap]]" in said

    def test_a_mistake_is_told_where_it_stands(self, complaint):
        said = complaint('extends = "a"\nincentives.awards = -1', a="\nincentives.matching_rate = 3")
        assert said.splitlines() == [
            "a.toml: incentives.matching_rate = 3 is outside 0..1 (share of cost) [line 2]",
            "x.toml: incentives.awards = -1 is outside 0..5000 (bvnd per year) [line 2]",
        ]

    def test_a_layer_that_is_not_toml(self, complaint):
        said = complaint('extends = ["a", "b"]', a="a = ", b='extends = "a"')
        assert said == "a.toml, line 1, column 5: is not valid TOML (invalid value)"

    def test_a_change_of_a_layer_beyond_a_shorter_horizon(self, complaint):
        said = complaint('extends = "a"\nhorizon.quarters = 8', a='[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 1')
        assert said == ('a.toml: change[1].from = "2023Q1" is outside the horizon 2020Q1..2021Q4 (8 quarters) [line 2]')


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ('a = 1\nb = "x', "x.toml, line 2, column 7: is not valid TOML (illegal character '\\n')"),
            (
                "a = 1\nb ! 2",
                "x.toml, line 2, column 3: is not valid TOML (expected '=' after a key in a key/value pair)",
            ),
            ("a = 1\na = 2", "x.toml, line 2, column 6: is not valid TOML (cannot overwrite a value)"),
        ],
    )
    def test_not_toml(self, complaint, text, sentence):
        assert complaint(text + "\n") == sentence

    def test_toml_that_ends_too_soon(self, complaint):
        assert complaint("a = [1,\n2").startswith("x.toml, line 2, column 2: is not valid TOML (")

    def test_nested_without_end(self, complaint):
        assert complaint("a = " + "[" * 100_000).startswith("x.toml")

    def test_a_number_without_end(self, complaint):
        said = complaint("incentives.awards = 0x" + "f" * 5000)
        assert said.startswith("x.toml: incentives.awards = <int> is not a finite number")

    def test_not_utf_8(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "y.toml").write_bytes(b'name = "\xff"')
        with pytest.raises(ScenarioError, match=r"^y\.toml: is not UTF-8 text \(byte 9\)$"):
            load_scenario("y.toml")

    def test_a_byte_order_mark_is_no_mistake(self, tmp_path):
        file = tmp_path / "y.toml"
        file.write_bytes(b'\xef\xbb\xbfname = "y"\r\nquestion = "a?"\r\n')
        assert load_scenario(file).question == "a?"

    def test_a_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder.toml").mkdir()
        for which in ("folder", Path("folder"), "folder.toml"):
            with pytest.raises(ScenarioError) as error:
                load_scenario(which)
            assert str(error.value) == f"{which}: is a folder; name one .toml file in it"

    def test_not_there(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "staged.toml").write_text("")
        said = {
            "stagd.toml": "stagd.toml: there is no such file; did you mean staged?",
            "zzz/zzz.toml": "zzz/zzz.toml: there is no such file",
            "staged.txt/": "staged.txt/: a scenario is a .toml file, or the name of a shipped one",
        }
        for which, sentence in said.items():
            with pytest.raises(ScenarioError) as error:
                load_scenario(which)
            assert str(error.value) == sentence

    def test_no_such_name(self, tmp_path, monkeypatch):
        (tmp_path / "scenarios").mkdir()
        (tmp_path / "scenarios" / "staged.toml").write_text("")
        monkeypatch.setattr("dgsim.scenario.library.PACKAGE", tmp_path)
        for which, end in {
            "stagd": "; did you mean staged?",
            "zzz": "; shipped_scenarios() lists them",
            "": "",
        }.items():
            with pytest.raises(ScenarioError) as error:
                load_scenario(which)
            assert str(error.value).startswith(f"{which}: there is no shipped scenario of this name{end}")

    @pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
    @pytest.mark.parametrize("which", ["a\0b.toml", "a" * 5000 + ".toml"])
    def test_an_impossible_path(self, which):
        with pytest.raises(ScenarioError):
            load_scenario(which)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(complaint):
    said = complaint(
        'extends = "nothing"\n[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 3\n[incentives]\nawards = -1\nawrds = 1'
    )
    assert [sentence.rpartition("[")[2] for sentence in said.splitlines()] == [
        "line 1]",
        "line 4]",
        "line 6]",
        "line 7]",
    ]


def test_mappings_are_held_to_the_same_rules():
    with pytest.raises(ScenarioError) as error:
        load_scenario({"incentives": {"matching_rate": 3}, 3: 4})
    assert str(error.value).splitlines() == [
        "scenario given in Python: incentives.matching_rate = 3 is outside 0..1 (share of cost)",
        "scenario given in Python: 3 is not a known key",
        "scenario given in Python: name is missing",
    ]


@pytest.mark.parametrize("which", [3, None, ["staged"], b"staged"])
def test_what_is_no_scenario_at_all(which):
    with pytest.raises(ScenarioError, match="a scenario is a name, a path, a mapping or a Scenario, not a "):
        load_scenario(which)


def test_an_unknown_lever_is_asked_for():
    with pytest.raises(ScenarioError, match=r"^maching_rate is not a lever; did you mean matching_rate\?$"):
        load_scenario({"name": "a"}).lever("maching_rate")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2021Q5", '"2021Q5" is not a quarter such as "2021Q4"'),
        ("2021q4", '"2021q4" is not a quarter such as "2021Q4"; did you mean "2021Q4"?'),
        ("Q4 2021", '"Q4 2021" is not a quarter such as "2021Q4"'),
        ("२१२१Q4", '"२१२१Q4" is not a quarter such as "2021Q4"'),
        (7, '7 is not a quarter such as "2021Q4"'),
        ("2019Q4", '"2019Q4" is before the start of every run, 2020Q1'),
    ],
)
def test_a_bad_quarter(text, sentence):
    with pytest.raises(ScenarioError) as error:
        quarter_index(text)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        (-1, "-1 is not the index of a quarter: 0 is 2020Q1"),
        (1.5, "1.5 is not the index of a quarter (a whole number)"),
    ],
)
def test_a_bad_index(index, sentence):
    with pytest.raises(ScenarioError) as error:
        quarter_text(index)
    assert str(error.value) == sentence


WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(data=scenario_files(max_quarters=12), value=WRONG, choose=st.data())
def test_whatever_is_put_in_a_file_is_taken_or_refused_in_sentences(data, value, choose):
    table = choose.draw(st.sampled_from(sorted(data)))
    inside = data[table]
    if isinstance(inside, dict) and choose.draw(st.booleans()):
        data[table] = {**inside, choose.draw(st.sampled_from(sorted(inside) or ["x"])): value}
    elif isinstance(inside, list) and inside and choose.draw(st.booleans()):
        key = choose.draw(st.sampled_from(sorted(inside[0])))
        data[table] = [{**inside[0], key: value}, *inside[1:]]
    else:
        data[table] = value
    said = ""
    try:
        load_scenario(data)
    except ScenarioError as error:
        said = str(error)
    assert all(line.startswith("scenario given in Python: ") for line in said.splitlines())
