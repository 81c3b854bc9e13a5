"""A scenario holds what its file and layers say, and nothing else."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dgsim.errors import ScenarioError
from dgsim.scenario import (
    DEFAULT_HORIZON,
    RoadmapItem,
    Scenario,
    load_scenario,
    quarter_index,
    quarter_text,
    shipped_scenarios,
)
from dgsim.world.tables import PARAMETERS
from strategies import scenario_files, scenarios

ASSUMPTION = PARAMETERS.uncertain[0]
ITEM = {"item": "payments", "start": "2020Q3", "quarters": 4, "cost_bvnd": 800}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in; called with name=text it writes scenario files."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> None:
        for name, text in files.items():
            Path(f"{name}.toml").write_text(text, encoding="utf-8")

    return write


@given(st.integers(0, 4 * (9999 - 2020)))
def test_a_quarter_and_its_index_are_one(index):
    assert quarter_index(quarter_text(index)) == index


def test_the_default_horizon_is_2020_to_2030():
    assert (quarter_text(0), quarter_text(DEFAULT_HORIZON - 1)) == ("2020Q1", "2030Q4")


def test_a_file_that_says_only_its_name_is_every_default(folder):
    folder(plain='name = "plain"')
    scenario = load_scenario("plain.toml")
    assert (scenario.name, scenario.question, scenario.quarters) == ("plain", "", DEFAULT_HORIZON)
    assert tuple(scenario.levers_at(0)) == PARAMETERS.levers.names
    for lever in PARAMETERS.levers:
        default = -1 if lever.default == "never" else lever.default
        assert scenario.lever(lever.name) == default, lever.name
        assert type(scenario.lever(lever.name)) is type(default), lever.name


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_default_of_the_table_lies_in_its_range(parameter):
    if parameter.type in ("float", "int"):
        assert parameter.low <= parameter.default <= parameter.high
    if parameter.type == "choice":
        assert parameter.default in parameter.choices


def test_values_come_back_in_the_type_of_the_table():
    scenario = load_scenario(
        {
            "name": "a",
            "incentives": {"matching_rate": 1, "matching_scope": "redesign"},
            "mandate": {"mandate_deadline": "2021Q4"},
            "measurement": {"league_table": True},
        }
    )
    values = [scenario.lever(n) for n in ("matching_rate", "matching_scope", "mandate_deadline", "league_table")]
    assert values == [1.0, "redesign", 7, True]
    assert [type(value) for value in values] == [float, str, int, bool]


def test_a_change_holds_from_its_quarter_on():
    dated = [
        {"from": "2023Q1", "citizens": {"fee_cut": 0.6}},
        {"from": "2021Q2", "citizens": {"fee_cut": 0.2}, "incentives": {"awards": 50}},
    ]
    scenario = load_scenario({"name": "a", "change": dated})
    assert scenario.lever_path("fee_cut") == ((0, 0.0), (5, 0.2), (12, 0.6))
    assert [scenario.lever("fee_cut", quarter) for quarter in (0, 4, 5, 11, 12, 99)] == [
        0,
        0,
        0.2,
        0.2,
        0.6,
        0.6,
    ]
    assert scenario.levers_at(5)["awards"] == 50


def test_a_change_that_changes_nothing_leaves_no_trace():
    plain = {"name": "a", "citizens": {"fee_cut": 0.6}}
    first = {"name": "a", "change": [{"from": "2020Q1", "citizens": {"fee_cut": 0.6}}]}
    again = plain | {"change": [{"from": "2023Q1", "citizens": {"fee_cut": 0.6}}]}
    assert load_scenario(plain) == load_scenario(first) == load_scenario(again)


def test_assumptions_hold_only_what_is_set():
    scenario = load_scenario({"name": "a", "assumptions": {ASSUMPTION.name: ASSUMPTION.high}})
    assert dict(scenario.assumptions) == {ASSUMPTION.name: ASSUMPTION.high}
    assert not load_scenario({"name": "a"}).assumptions


def test_the_roadmap_is_sorted_by_start_and_table():
    late = {"item": "digital_id", "start": "2021Q1", "quarters": 4, "cost_bvnd": 1, "after": ["payments"]}
    early = {"item": "training", "start": "2020Q1", "quarters": 1, "cost_bvnd": 0}
    scenario = load_scenario({"name": "a", "roadmap": [late, ITEM, early]})
    assert [item.name for item in scenario.roadmap] == ["training", "payments", "digital_id"]
    assert scenario.roadmap[1] == RoadmapItem(name="payments", item="payments", start=2, quarters=4, cost_bvnd=800.0)


def test_planned_money_is_the_roadmap_and_the_yearly_money():
    data = {"name": "a", "incentives": {"awards": 100}, "roadmap": [ITEM]}
    data["change"] = [{"from": "2021Q1", "incentives": {"awards": 300}}]
    assert load_scenario(data | {"horizon": {"quarters": 8}}).planned_money() == 800 + 100 + 300
    assert load_scenario(data | {"horizon": {"quarters": 5}}).planned_money() == 600 + 100 + 75


class TestCopies:
    def test_a_lever_is_changed_for_the_whole_run(self):
        data = {"name": "a", "change": [{"from": "2023Q1", "citizens": {"fee_cut": 0.6}}]}
        scenario = load_scenario(data)
        changed = scenario.with_changes(fee_cut=0.3, **{ASSUMPTION.name: ASSUMPTION.low})
        assert changed.lever_path("fee_cut") == ((0, 0.3),)
        assert changed.assumptions[ASSUMPTION.name] == ASSUMPTION.low
        assert scenario.lever("fee_cut", 12) == 0.6, "the original is untouched"

    @given(scenarios(max_quarters=12))
    def test_its_own_values_change_nothing_but_the_dates(self, scenario):
        same = scenario.with_changes(**scenario.levers_at(0), **scenario.assumptions)
        assert same.levers == scenario.levers
        assert (same == scenario) == (not scenario.changes)

    def test_numbers_of_numpy_are_numbers(self):
        import numpy as np

        scenario = load_scenario({"name": "a"}).with_changes(awards=np.int64(3), league_table=np.bool_(True))
        assert scenario.lever("awards") == 3.0
        assert scenario.lever("league_table") is True

    def test_a_shorter_look_leaves_the_plan_as_it_is(self):
        scenario = load_scenario({"name": "a", "roadmap": [ITEM]})
        short = scenario.with_changes(quarters=1)
        assert (short.quarters, short.plan_quarters) == (1, DEFAULT_HORIZON)
        assert short.roadmap == scenario.roadmap
        assert short.planned_money() == scenario.planned_money()
        assert tomllib.loads(short.to_toml())["horizon"] == {"quarters": DEFAULT_HORIZON, "stop_after": 1}
        assert load_scenario(tomllib.loads(short.to_toml())) == short
        assert scenario.with_changes(quarters=60).plan_quarters == 60

    def test_mistakes_are_sentences(self):
        scenario = load_scenario({"name": "a"})
        with pytest.raises(ScenarioError) as error:
            scenario.with_changes(matching_rate=3, maching_rate=1, quarters=0, mandate_deadline=-2)
        assert str(error.value).splitlines() == [
            "a: quarters = 0 is outside 1..400 (quarters)",
            "a: incentives.matching_rate = 3 is outside 0..1 (share of cost)",
            "a: maching_rate is neither a lever nor an assumption; did you mean matching_rate?",
            'a: mandate.mandate_deadline = -2 is not a quarter such as "2021Q4", nor "never"',
        ]


class TestIdentity:
    @given(scenarios())
    def test_a_file_written_loads_back_equal(self, scenario):
        back = load_scenario(tomllib.loads(scenario.to_toml()))
        assert back == scenario
        assert hash(back) == hash(scenario)
        assert back.digest() == scenario.digest()
        assert back.to_toml() == scenario.to_toml()

    @given(scenario_files(max_quarters=12))
    def test_the_order_of_a_file_does_not_matter(self, data):
        turned = {key: value[::-1] if isinstance(value, list) else value for key, value in reversed(data.items())}
        assert load_scenario(turned) == load_scenario(data)

    @given(scenarios(max_quarters=12))
    def test_it_travels_between_processes(self, scenario):
        assert pickle.loads(pickle.dumps(scenario)) == scenario

    @given(scenarios(max_quarters=12), scenarios(max_quarters=12))
    def test_equal_policies_have_equal_digests(self, one, other):
        same = one.with_changes(name="x", question="") == other.with_changes(name="x", question="")
        assert same == (one.digest() == other.digest())

    def test_a_copy_forgets_what_was_worked_out_from_the_old_fields(self):
        scenario = load_scenario("staged")
        before, level = scenario.digest(), scenario.lever("fee_cut", 20)
        copied = scenario.model_copy(update={"changes": (), "roadmap": ()})
        assert copied.digest() != before
        assert copied != scenario
        assert copied.lever("fee_cut", 20) != level

    def test_how_long_is_simulated_moves_the_digest(self):
        scenario = load_scenario({"name": "a"})
        assert scenario.with_changes(quarters=8).digest() != scenario.digest()

    def test_what_is_equal_is_written_equally(self):
        data = {"name": "a", "peers": {"random": -0.0, "border": 0.5}, "roadmap": [ITEM]}
        data["roadmap"] = [ITEM, ITEM | {"item": "security"}, ITEM | {"item": "training", "start": "2021Q1"}]
        one = data["roadmap"][2] | {"after": ["security", "payments"]}
        other = data["roadmap"][2] | {"after": ["payments", "security"]}
        first = load_scenario(data | {"roadmap": [*data["roadmap"][:2], one]})
        second = load_scenario(data | {"peers": {}, "roadmap": [*data["roadmap"][:2], other]})
        assert first.digest() == second.digest()
        assert first.to_toml() == second.to_toml()

    def test_a_file_holds_what_is_not_a_default(self):
        scenario = load_scenario(
            {
                "name": "a",
                "question": "Why?",
                "incentives": {"awards": 0, "matching_rate": 0.5},
                "change": [{"from": "2023Q1", "mandate": {"mandate_deadline": "2024Q1"}}],
                "roadmap": [ITEM | {"name": "pay"}, ITEM | {"after": ["pay"]}],
            }
        )
        assert scenario.to_toml() == (
            'name = "a"\nquestion = "Why?"\n\n'
            "[horizon]\nquarters = 44\n\n"
            "[incentives]\nmatching_rate = 0.5\n\n"
            '[[change]]\nfrom = "2023Q1"\nmandate.mandate_deadline = "2024Q1"\n\n'
            '[[roadmap]]\nitem = "payments"\nname = "pay"\nstart = "2020Q3"\nquarters = 4\ncost_bvnd = 800.0\n\n'
            '[[roadmap]]\nitem = "payments"\nstart = "2020Q3"\nquarters = 4\ncost_bvnd = 800.0\nafter = ["pay"]\n'
        )

    def test_a_name_is_part_of_equality_but_not_of_the_digest(self):
        one, other = load_scenario({"name": "a"}), load_scenario({"name": "b"})
        assert one != other
        assert one.digest() == other.digest()

    @pytest.mark.parametrize("name", PARAMETERS.levers.names)
    def test_every_lever_moves_the_digest(self, name):
        plain, lever = load_scenario({"name": "a"}), PARAMETERS[name]
        other = {
            "flag": not lever.default,
            "choice": next((choice for choice in lever.choices if choice != lever.default), None),
            "quarter": "2022Q1",
        }.get(lever.type, lever.high if lever.default != lever.high else lever.low)
        assert plain.with_changes(**{name: other}).digest() != plain.digest()

    def test_it_is_frozen(self):
        scenario = load_scenario({"name": "a"})
        with pytest.raises(ValidationError):
            scenario.name = "b"
        with pytest.raises(TypeError):
            scenario.assumptions["x"] = 1

    def test_a_scenario_made_by_hand_is_checked_too(self):
        with pytest.raises(ValidationError, match="every lever"):
            Scenario(name="a", quarters=4, plan_quarters=4, levers=())
        fields = dict(load_scenario({"name": "a"}))
        assert Scenario(**fields).name == "a"
        with pytest.raises(ValidationError, match=r"incentives\.matching_rate = 3.0 is outside 0\.\.1"):
            Scenario(**fields | {"levers": tuple(({**dict(fields["levers"]), "matching_rate": 3.0}).items())})


class TestLayers:
    def test_the_own_file_has_the_last_word(self, folder):
        folder(
            base='question = "base?"\n[incentives]\nmatching_rate = 0.5\nawards = 10',
            own='extends = "base"\n[incentives]\nmatching_rate = 0.7',
        )
        scenario = load_scenario("own.toml")
        assert (scenario.lever("matching_rate"), scenario.lever("awards")) == (0.7, 10)
        assert (scenario.name, scenario.question, scenario.extends) == ("own", "", ("base",))

    @pytest.mark.parametrize("order", ['["left", "right"]', '["right", "left"]', '["base", "right", "left"]'])
    def test_a_common_ancestor_is_no_conflict(self, folder, order):
        folder(
            base="[incentives]\nmatching_rate = 0.5\nawards = 10\nlump_sum = 1",
            left='extends = "base"\n[incentives]\nmatching_rate = 0.7',
            right='extends = "base"\n[incentives]\nawards = 20',
            own=f"extends = {order}",
        )
        levers = load_scenario("own.toml").levers_at(0)
        assert (levers["matching_rate"], levers["awards"], levers["lump_sum"]) == (0.7, 20, 1)

    def test_a_layer_of_a_layer_is_no_stranger(self, folder):
        folder(
            far="[incentives]\nmatching_rate = 0.5",
            near='extends = "far"',
            own='extends = "near"\n[incentives]\nmatching_rate = 0.6',
        )
        assert load_scenario("own.toml").lever("matching_rate") == 0.6

    def test_the_own_file_settles_what_layers_disagree_on(self, folder):
        folder(
            a="[incentives]\nmatching_rate = 0.5",
            b="[incentives]\nmatching_rate = 0.7",
            own='extends = ["a", "b"]\n[incentives]\nmatching_rate = 0.6',
            top='extends = ["own", "a"]',
        )
        assert load_scenario("own.toml").lever("matching_rate") == 0.6
        assert load_scenario("top.toml").lever("matching_rate") == 0.6

    def test_a_lever_set_anew_ends_the_changes_of_its_layers(self, folder):
        folder(
            base='[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 0.6\nincentives.awards = 5',
            flat='extends = "base"\n[citizens]\nfee_cut = 0.3',
            more='extends = "base"\n[[change]]\nfrom = "2025Q1"\ncitizens.fee_cut = 0.9',
            moved='extends = "base"\n[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 0.9',
        )
        assert load_scenario("flat.toml").lever_path("fee_cut") == ((0, 0.3),)
        assert load_scenario("flat.toml").lever("awards", 12) == 5
        assert load_scenario("more.toml").lever_path("fee_cut") == ((0, 0.0), (12, 0.6), (20, 0.9))
        assert load_scenario("moved.toml").lever_path("fee_cut") == ((0, 0.0), (12, 0.9))

    def test_a_roadmap_is_changed_item_by_item(self, folder):
        item = '[[roadmap]]\nitem = "{}"\nstart = "{}"\nquarters = 4\ncost_bvnd = 1\n'
        folder(
            base=item.format("payments", "2020Q1") + item.format("security", "2020Q1"),
            own='extends = "base"\n'
            + item.format("payments", "2021Q1")
            + item.format("training", "2022Q1")
            + '[[roadmap]]\nname = "security"\nremove = true\n',
        )
        roadmap = load_scenario("own.toml").roadmap
        assert [(item.name, item.start) for item in roadmap] == [("payments", 4), ("training", 8)]

    def test_every_key_knows_its_line(self, folder):
        folder(
            base="[incentives]\nmatching_rate = 0.5 # half",
            own='extends = "base"\n\n[[change]]\nfrom = "2023Q1"\ncitizens.fee_cut = 0.6\n'
            "[horizon]\nquarters = 20\n"
            '[[roadmap]]\nitem = "payments"\nstart = "2020Q1"\nquarters = 4\ncost_bvnd = 1',
        )
        origins = {key: str(origin) for key, origin in load_scenario("own.toml").provenance.items()}
        assert origins == {
            "incentives.matching_rate": "base.toml:2: matching_rate = 0.5 # half",
            "horizon.quarters": "own.toml:7: quarters = 20",
            "citizens.fee_cut from 2023Q1": "own.toml:5: citizens.fee_cut = 0.6",
            "roadmap.payments": "own.toml:8: [[roadmap]]",
        }

    def test_text_of_several_lines_does_not_move_a_line(self, folder):
        folder(own='incentives = { awards = -1 }\nquestion = """\n[peers]\nborder = 3"""\n[peers]\nborder = 2')
        with pytest.raises(ScenarioError) as error:
            load_scenario("own.toml")
        assert [sentence[-8:] for sentence in str(error.value).splitlines()] == [
            "[line 1]",
            "[line 2]",
            "[line 6]",
        ]


class TestFinding:
    @pytest.fixture
    def shipped(self, tmp_path, monkeypatch):
        """A package that ships two scenarios."""
        folder = tmp_path / "package" / "scenarios"
        folder.mkdir(parents=True)
        (folder / "base.toml").write_text("[incentives]\nawards = 10")
        (folder / "other.toml").write_text('extends = "base"\n[incentives]\nmatching_rate = 0.5')
        monkeypatch.setattr("dgsim.scenario.library.PACKAGE", tmp_path / "package")
        return folder

    def test_names_paths_mappings_and_scenarios_are_all_accepted(self, shipped):
        by_name = load_scenario("other")
        assert shipped_scenarios() == ("base", "other")
        assert by_name.lever("awards") == 10
        by_path = load_scenario(shipped / "other.toml")
        by_mapping = load_scenario({"name": "other", "extends": ("base",), "incentives": {"matching_rate": 0.5}})
        assert by_name == by_path == load_scenario(str(shipped / "other.toml")) == by_mapping
        assert load_scenario(by_name) is by_name

    def test_a_file_extends_its_own_folder_before_the_shipped(self, shipped, folder):
        folder(mine='extends = "base"')
        assert load_scenario("mine.toml").lever("awards") == 10
        folder(base="[incentives]\nawards = 20")
        assert load_scenario("mine.toml").lever("awards") == 20

    def test_a_shipped_file_is_named_shortly(self, shipped):
        (shipped / "other.toml").write_text("[incentives]\nmatching_rate = 3")
        with pytest.raises(ScenarioError, match=r"^scenarios/other\.toml: incentives\.matching_rate = 3 is"):
            load_scenario("other")

    def test_at_the_root_of_the_source_tree(self, tmp_path, monkeypatch):
        monkeypatch.setattr("dgsim.scenario.library.PACKAGE", tmp_path / "src" / "dgsim")
        (tmp_path / "scenarios").mkdir()
        (tmp_path / "scenarios" / "base.toml").write_text("")
        assert shipped_scenarios() == ("base",)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_loads_with_a_question(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.question.endswith("?")
    assert load_scenario(tomllib.loads(scenario.to_toml())) == scenario


def test_importing_loads_nothing_heavy():
    heavy = ("pandas", "mesa", "numba", "networkx", "matplotlib")
    code = f"import sys, dgsim.scenario; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestThePage:
    PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "scenario-files.md").read_text(encoding="utf-8")

    def blocks(self, language: str) -> list[str]:
        return [part.partition("```")[0] for part in self.PAGE.split(f"```{language}\n")[1:]]

    def test_its_files_load(self, folder):
        files = {text.split(".toml")[0].removeprefix("# "): text for text in self.blocks("toml")}
        folder(**files)
        loaded = {name: load_scenario(f"{name}.toml") for name in files}
        assert loaded["exchange-first"].lever("fee_cut", 12) == 0.6
        assert [item.name for item in loaded["exchange-first-and-fair"].roadmap] == ["digital_id"]

    def test_its_python_runs(self, capsys):
        for code in self.blocks("python"):
            exec(code, {})
        assert capsys.readouterr().out.startswith("Fee cut for online transactions: 0 -> 0.6 share of the fee\n")

    def test_its_sentences_are_true(self, folder):
        items = "\n".join(f'[[roadmap]]\nitem = "{name}"\nstart = "2020Q1"\n' for name in ("payments", "security"))
        whole = items.replace('"2020Q1"\n', '"2020Q1"\nquarters = 1\ncost_bvnd = 1\n')
        folder(
            x="[incentives]\nmatching_rate = 3\nmaching_budget = 4",
            y=whole.replace("cost_bvnd = 1\n", 'cost_bvnd = 1\nafter = ["securty"]\n', 1),
        )
        said = []
        for name in ("x", "y"):
            with pytest.raises(ScenarioError) as error:
                load_scenario(f"{name}.toml")
            said += [line.partition(" [line")[0].replace("y.toml", "x.toml") for line in str(error.value).splitlines()]
        assert said == [line.partition(" [line")[0] for line in self.blocks("text")[0].splitlines()]
